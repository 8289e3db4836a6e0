"""Loading over HTTP, against a real Oxigraph server, and what is said where a server does not play along."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from fixtures_model import extraction

from kg import query
from kg.errors import StoreError
from kg.rdf import to_quads, write
from kg.store import load

OXIGRAPH = Path(sys.executable).with_name("oxigraph")


def free_port():
    """A port that nobody listens on."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextmanager
def serving(location):
    """An Oxigraph server over the store at `location`; its address."""
    port = free_port()
    command = [OXIGRAPH, "serve", "--location", location, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(200):
                try:
                    httpx.get(address, timeout=5)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield address
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a running server."""
    with serving(tmp_path_factory.mktemp("oxigraph")) as running:
        yield running


@pytest.fixture
def graph(tmp_path):
    """A Turtle file of two articles."""
    write([*to_quads(extraction("monday")), *to_quads(extraction("tuesday/é"))], tmp_path / "graph.ttl")
    return tmp_path / "graph.ttl"


def everything(address):
    """All that the server holds, as sorted lines."""
    answer = httpx.get(f"{address}/store", headers={"Accept": "application/n-quads"})
    return sorted(answer.raise_for_status().text.splitlines())


def answered(address, name):
    """The rows that the server gives for a named query."""
    text = query.sparql(name)
    answer = httpx.post(
        f"{address}/query",
        params={"union-default-graph": ""},
        content=text.encode(),
        headers={"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
        timeout=30,
    )
    found = answer.raise_for_status().json()
    columns = found["head"]["vars"]
    return [tuple(row[column]["value"] for column in columns) for row in found["results"]["bindings"]]


def test_a_server_answers_as_the_file_does(address, graph):
    """An Oxigraph server gives the rows that the file gives, for all named queries; loading again changes nothing."""
    assert load(graph, f"{address}/store?graph=") == 2
    before = everything(address)
    for name, _ in query.names():
        assert answered(address, name) == query.run(graph, name).rows, name
    assert load(graph, f"{address}/store") == 2
    assert everything(address) == before


def test_a_changed_article_replaces_its_graph(address, tmp_path):
    """A corrected article replaces its graph on the server as a whole."""
    for title in ("First", "Corrected"):
        write(to_quads(extraction("wednesday", title=title)), tmp_path / "graph.nq")
        load(tmp_path / "graph.nq", f"{address}/store?graph=")
    assert [row[2] for row in answered(address, "articles") if row[0] == "wednesday"] == ["Corrected"]


def test_a_wrong_path_is_told(address, graph):
    """An address that is no Graph Store is told with the answer, and with what one looks like."""
    with pytest.raises(StoreError, match=r"refused with 40\d .*give the address of its Graph Store, such as http"):
        load(graph, f"{address}/nowhere")


def test_a_stopped_server_is_told(graph, tmp_path):
    """A server that was stopped is told in one line."""
    with serving(tmp_path / "store") as address:
        load(graph, f"{address}/store")
    with pytest.raises(StoreError, match=r"does not answer .*; start the store, or check the address") as caught:
        load(graph, f"{address}/store")
    assert "\n" not in str(caught.value)


@contextmanager
def answering(status, body=b"", delay=0.0):
    """A server that answers each PUT with the same status; its address."""
    awake = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            if delay:
                awake.wait(delay)
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}/store"
        finally:
            awake.set()
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "refused with 401 Unauthorized: no; give user and password in the address"),
        (403, "refused with 403 Forbidden: no"),
        (404, "refused with 404 Not Found: no; give the address of its Graph Store"),
        (405, "refused with 405 Method Not Allowed: no"),
        (301, "refused with 301 Moved Permanently: no"),
        (500, "refused with 500 Internal Server Error: no; see the store's log, then load again"),
        (503, "refused with 503 Service Unavailable: no"),
    ],
)
def test_a_refusal_is_told(graph, status, words):
    """Whatever a store answers but success is told with its first words and advice."""
    with answering(status, b"no") as address, pytest.raises(StoreError, match=words):
        load(graph, f"http://{address}")


def test_a_password_is_not_told(graph):
    """User and password in an address are used, but not printed."""
    with answering(500) as address, pytest.raises(StoreError) as caught:
        load(graph, f"http://reader:secret@{address}")
    assert "secret" not in str(caught.value)


def test_a_silent_server_is_told(graph):
    """A store that does not answer in time is given up on."""
    with answering(200, delay=20) as address, pytest.raises(StoreError, match="no answer in time; try again later"):
        load(graph, f"http://{address}", timeout=0.3)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org/store", "cannot load to 'ftp://'; give an address such as http"),
        ("http://[::bad/store", "is no address"),
        ("http:///store", "is no address|does not answer"),
        ("http://127.0.0.1:99999/store", "is no address|does not answer"),
    ],
)
def test_what_is_no_address_is_told(graph, address, words):
    """Other schemes and malformed addresses are refused in one line."""
    with pytest.raises(StoreError, match=words):
        load(graph, address)
