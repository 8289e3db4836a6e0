"""Kill a build at random moments and resume it, until it ends; the file must be that of a build left alone.

python tests/benchmarks/kill.py SOURCE [--moments 10]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = "from kg.cli import main; main()"


def start(source, target, workers):
    """A build with a journal that is taken over, in a process of its own."""
    command = [sys.executable, "-c", RUN, "build", source, "-o", target, "--resume", "-j", str(workers)]
    return subprocess.Popen([*map(str, command)], env={**os.environ, "PYTHONPATH": str(ROOT)})


def work_seconds(process, target):
    """How long a build works on articles: from the appearance of its journal to its end."""
    journal = target.with_name(f"{target.name}.journal")
    while not journal.exists() and process.poll() is None:
        time.sleep(0.01)
    begin = time.monotonic()
    process.wait()
    return time.monotonic() - begin


def kill(process, target, seconds):
    """End a build without warning, `seconds` after it began to work; whether it was still under way."""
    journal = target.with_name(f"{target.name}.journal")
    begun = time.monotonic()
    while not journal.exists() and process.poll() is None and time.monotonic() < begun + 120:
        time.sleep(0.01)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def same_bytes(source, folder, moments, seed=0):
    """Whether a build that is killed at random moments ends with the bytes of one that is not; and how many it met.

    A build that ends before its moment is compared, and another one begun from nothing.
    """
    draw = random.Random(seed)
    alone, killed = folder / "alone.nq", folder / "killed.nq"
    first = start(source, alone, 1)
    seconds = work_seconds(first, alone)
    same, met = first.returncode == 0, 0
    while same and met < moments:
        if kill(start(source, killed, 1 + met % 2), killed, draw.uniform(0, seconds)):
            met += 1
        else:
            same = killed.read_bytes() == alone.read_bytes()
            killed.unlink()
            shutil.rmtree(killed.with_name(f"{killed.name}.journal"))
    same = same and start(source, killed, 2).wait() == 0
    return same and alone.read_bytes() == killed.read_bytes(), met


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        same, met = same_bytes(arguments.source, Path(folder), arguments.moments, arguments.seed)
    print(f"killed {met} times of {arguments.moments}: {'the same bytes' if same else 'OTHER BYTES'}")
    sys.exit(not same)


if __name__ == "__main__":
    main()
