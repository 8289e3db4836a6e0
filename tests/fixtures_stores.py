"""Triple stores on loopback, started and stopped by the tests: Oxigraph, Virtuoso, and one that does as it is told."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Server:
    """A running store: the addresses of its Graph Store and of its SPARQL endpoint, and its process."""

    graphs: str
    query: str
    process: subprocess.Popen | None = None


def free_port():
    """A port that nobody listens on."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextmanager
def _running(command, address, folder):
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, **quiet) as process:
        try:
            for _ in range(600):
                try:
                    httpx.get(address, timeout=5)
                    break
                except httpx.TransportError:
                    assert process.poll() is None, f"{command[0]} stopped"
                    time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def oxigraph(folder, port=None):
    """An Oxigraph server over the store in `folder`."""
    address = f"http://127.0.0.1:{port or free_port()}"
    command = [OXIGRAPH, "serve", "--location", folder, "--bind", address.removeprefix("http://")]
    with _running(command, address, folder.parent) as process:
        yield Server(f"{address}/store?graph=", f"{address}/query", process)


@contextmanager
def virtuoso(folder):
    """A Virtuoso server with a new database in `folder`; its user dba has the password dba."""
    assert shutil.which("virtuoso-t"), "the tests need Virtuoso: apt-get install virtuoso-opensource-7-bin"
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(http=port, sql=free_port()))
    address = f"http://127.0.0.1:{port}"
    with _running(["virtuoso-t", "-f", "-c", "virtuoso.ini"], f"{address}/sparql", folder) as process:
        yield Server(f"{address}/sparql-graph-crud-auth?graph=", f"{address}/sparql", process)


@contextmanager
def answering(*answers, delay=0.0):
    """A server that gives these answers, each a status, a text and headers, one after the other, the last for ever.

    Yields its address and the list of requests, each the method, the path and the headers.
    """
    awake = threading.Event()
    left, seen = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, self.headers))
            if delay:
                awake.wait(delay)
                return
            status, text, headers = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_PUT = do_POST = do_GET = do_DELETE = answer  # noqa: N815 - names that the library asks for

        def log_message(self, *_):
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/graphs", seen
        finally:
            awake.set()
            server.shutdown()
            thread.join()


def environment(**values):
    """The environment for a process of the tests' own."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **values}
