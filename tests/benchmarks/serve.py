"""The endpoint under load: python tests/benchmarks/serve.py [--clients 64] [--seconds 60] ADDRESS|GRAPH|STORE.

Each client asks one query after the other over one connection. Prints the answers a second, their times, the errors,
and, where it started the endpoint itself, how the memory of its processes grew between the first and the last fifth
of the time. Exits with 1 where there were errors or the memory grew by more than a tenth.
"""

import argparse
import asyncio
import itertools
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx

ASKED = (
    "/query/articles.csv",
    "/query/denials.json",
    "/query?query=SELECT%20*%20%7B%20%3Fa%20ckg%3Abacks%20%3Fb%20%7D%20LIMIT%20100",
    "/query?query=ASK%20%7B%20%3Fa%20a%20ckg%3ADenial%20%7D",
    "/healthz",
)


async def client(address, end, turn, times, errors):
    """Ask until the end."""
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=1)) as http:
        for path in itertools.islice(itertools.cycle(ASKED), turn % len(ASKED), None):
            begun = time.monotonic()
            if begun >= end:
                return
            try:
                answer = await http.get(path)
                if answer.status_code != httpx.codes.OK:
                    errors.append(f"{path}: {answer.status_code} {answer.text[:80]}")
            except httpx.HTTPError as error:
                errors.append(f"{path}: {error!r}")
            times.append(time.monotonic() - begun)


def memory(pid):
    """The resident bytes of a process and its children; of those that are replaced meanwhile only what is left."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if status.parent.name == str(pid) or re.search(rf"^PPid:\s+{pid}$", text, re.MULTILINE):
            found = re.search(r"^VmRSS:\s+(\d+) kB", text, re.MULTILINE)
            total += int(found[1]) * 1024 if found else 0
    return total


async def watched(pid, seconds, samples):
    """Sample the memory four times a second."""
    for _ in range(int(seconds * 4)):
        samples.append(memory(pid))
        await asyncio.sleep(0.25)


async def load(address, clients, seconds, pid):
    """Run all clients; their times, their errors, and samples of the memory."""
    times, errors, samples = [], [], []
    end = time.monotonic() + seconds
    running = [client(address, end, turn, times, errors) for turn in range(clients)]
    if pid:
        running.append(watched(pid, seconds, samples))
    await asyncio.gather(*running)
    return times, errors, samples


def main():
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", help="a running endpoint's address, or what to serve")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    process, address = None, given.place
    if not address.startswith("http"):
        command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", given.place, "--port", "0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        address = process.stderr.readline().strip()
    try:
        times, errors, samples = asyncio.run(load(address, given.clients, given.seconds, process and process.pid))
    finally:
        if process:
            process.terminate()
            process.wait(60)
    print(
        f"{given.clients} clients, {given.seconds:g} seconds: {len(times) / given.seconds:,.0f} answers a second,",
        end=" ",
    )
    print(f"median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms, {len(errors)} errors")
    for line in sorted(set(errors))[:5]:
        print(f"  {line}")
    growth = 1.0
    if samples:
        fifth = max(1, len(samples) // 5)
        first, last = statistics.median(samples[fifth : 2 * fifth]), statistics.median(samples[-fifth:])
        growth = last / first
        print(f"memory: {first / 1e6:.0f} MB early, {last / 1e6:.0f} MB late, ratio {growth:.2f}")
    sys.exit(1 if errors or growth > 1.1 else 0)


if __name__ == "__main__":
    main()
