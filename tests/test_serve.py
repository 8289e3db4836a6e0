"""The endpoint: what it answers, what it refuses, and what it survives."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import rdflib
from fixtures_stores import environment
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from kg import query, store
from kg.endpoint.protocol import GRAPHS, TABLES, RefusedError, negotiated
from kg.errors import StoreError

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?l) }"
COMMAND = "from kg.cli import main; main()"


@contextmanager
def serving(graph, *options):
    """The endpoint in a process of its own: its address and its process."""
    command = [sys.executable, "-W", "error", "-c", COMMAND, "serve", graph, "--port", "0", *options]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stderr.readline().strip().rstrip("/")
            assert address.startswith("http://"), address + process.stderr.read()
            yield address, process
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def folder(seed_graph, tmp_path_factory):
    """The seed's graph in a store."""
    place = tmp_path_factory.mktemp("served") / "store"
    store.load(seed_graph, place)
    return place


@pytest.fixture(scope="module")
def address(folder):
    """A running endpoint with short deadlines."""
    with serving(folder, "--deadline", "3", "--workers", "2", "--waiting", "100") as (running, _):
        yield running


@pytest.fixture(scope="module")
def client(address):
    """A client of the endpoint."""
    with httpx.Client(base_url=address, timeout=30) as open_client:
        yield open_client


def test_the_protocol_s_three_ways_to_ask(client):
    """GET, a form and a body give the same answer."""
    text = "SELECT ?cue { ?s ckg:cue/nif:anchorOf ?cue } ORDER BY ?cue LIMIT 2"
    by_get = client.get("/query", params={"query": text})
    by_form = client.post("/query", data={"query": text})
    by_body = client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-query; charset=utf-8"})
    assert by_get.headers["Content-Type"] == "application/sparql-results+json"
    assert [row["cue"]["value"] for row in by_get.json()["results"]["bindings"]] == ["According to", "has accused"]
    assert by_get.content == by_form.content == by_body.content


@pytest.mark.parametrize(
    ("accept", "begin"),
    [
        ("application/sparql-results+json", '{"head":{"vars":["a"]}'),
        ("application/json", '{"head":{"vars":["a"]}'),
        ("application/sparql-results+xml", "<?xml"),
        ("text/csv", "a\r\nhttps://w3id.org/ckg/data/article/"),
        ("text/tab-separated-values", "?a\n<https://w3id.org/ckg/data/article/"),
        ("text/html, */*;q=0.1", '{"head"'),
    ],
)
def test_tables_are_had_in_each_format(client, accept, begin):
    """SELECT is answered in the type that the client prefers."""
    answer = client.get("/query", params={"query": "SELECT ?a { ?a a ckg:Article }"}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.text.startswith(begin)


@pytest.mark.parametrize("accept", GRAPHS)
def test_graphs_are_had_in_each_format(client, accept):
    """CONSTRUCT and the service description are answered in the type that the client prefers."""
    text = "CONSTRUCT { ?a a ckg:Article } WHERE { ?a a ckg:Article }"
    answer = client.get("/query", params={"query": text}, headers={"Accept": accept})
    assert len(list(parse(answer.content, format=RdfFormat.from_media_type(accept)))) == 1
    described = client.get("/query", headers={"Accept": accept})
    feature = NamedNode("http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph")
    assert feature in {quad.object for quad in parse(described.content, format=RdfFormat.from_media_type(accept))}


def test_the_named_queries_are_as_on_the_file(client, seed_graph):
    """Each named query's columns and rows as JSON and CSV, as the command prints them."""
    for name, _ in query.names():
        result = query.run(seed_graph, name)
        assert client.get(f"/query/{name}.csv").text == result.to("csv"), name
        assert client.get(f"/query/{name}").json() == json.loads(result.to("json")), name
        assert client.get(f"/query/{name}", headers={"Accept": "text/csv"}).text == result.to("csv"), name


def test_other_tools_can_ask(address, folder):
    """The SPARQL store of rdflib, and our own command, get their answers from it."""
    graph = rdflib.Graph("SPARQLStore")
    graph.open(f"{address}/query")
    assert len(list(graph.query("SELECT ?d { ?d a <https://w3id.org/ckg/ontology#Denial> }"))) == 1
    assert query.run(f"{address}/query", "denials") == query.run(folder, "denials")


def test_the_dataset_can_be_chosen(client):
    """The default graph is the union of the articles'; FROM and the protocol's parameters choose another."""
    graph = "https://w3id.org/ckg/data/article/000_d8a33e39f639525a"

    def number(text, **chosen):
        answer = client.get("/query", params={"query": text, **chosen})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    plain = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    whole = number(plain)
    assert whole > 1000
    assert number(plain.replace("{", f"FROM <{graph}> {{")) == whole
    assert number("SELECT (COUNT(*) AS ?n) FROM <file:///etc/passwd> { ?s ?p ?o }") == 0
    assert number(plain, **{"default-graph-uri": graph}) == whole
    assert number(plain, **{"named-graph-uri": graph}) == 0
    assert number("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": graph}) == whole


def test_a_person_finds_a_page(client):
    """The page names each query and runs nothing; health is told in a word."""
    page = client.get("/")
    assert all(f'href="/query/{name}.csv"' in page.text for name, _ in query.names())
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/healthz").json() == {"status": "ok", "workers": 2, "waiting": 0}
    assert client.head("/").status_code == 200


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODY = {"Content-Type": "application/sparql-query"}


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "words"),
    [
        ("POST", "/query", b"update=DROP ALL", FORM, 403, "read-only"),
        ("POST", "/query?update=x", b"ASK {}", BODY, 403, "read-only"),
        ("POST", "/query", b"DROP ALL", {"Content-Type": "application/sparql-update"}, 403, "read-only"),
        ("POST", "/query", b"INSERT DATA { <a:b> <a:b> <a:b> }", BODY, 400, "not SPARQL"),
        ("POST", "/query", b"LOAD <file:///etc/passwd>", BODY, 400, "not SPARQL"),
        ("POST", "/query", b"SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", BODY, 400, "SERVICE"),
        ("POST", "/query", rb"SELECT * { SERV\u0049CE <http://127.0.0.1/> { ?s ?p ?o } }", BODY, 400, "SERVICE|SPARQL"),
        ("POST", "/query", b"\xff\xfe", BODY, 400, "UTF-8"),
        ("POST", "/query", b"", BODY, 400, "not SPARQL"),
        ("POST", "/query", b"query=%ff", FORM, 400, "decoded"),
        ("POST", "/query", b"", FORM, 400, "one query"),
        ("POST", "/query", b"query=ASK{}&query=ASK{}", FORM, 400, "one query"),
        ("POST", "/query", b"ASK {}", {"Content-Type": "text/plain"}, 415, "application/sparql-query"),
        ("POST", "/query", b"ASK {}", {}, 415, "application/sparql-query"),
        ("POST", "/query", b"#" * (1 << 20) + b"\nASK {}", BODY, 413, "at most"),
        ("GET", "/query?query=ASK{}&default-graph-uri=x", b"", {}, 400, "no absolute IRI"),
        ("GET", "/query?query=ASK{}", b"", {"Accept": "image/png"}, 406, "this is had as"),
        ("GET", "/query?query=ASK{}", b"", {"Host": "evil.example"}, 421, "this machine only"),
        ("GET", "/query/nothing.csv", b"", {}, 404, "known: articles"),
        ("GET", "/query/articles.exe", b"", {}, 404, "known: articles"),
        ("GET", "/nowhere", b"", {}, 404, "Not Found"),
        ("PUT", "/query", b"", {}, 405, "Method Not Allowed"),
        ("DELETE", "/query/articles", b"", {}, 405, "Method Not Allowed"),
    ],
)
def test_what_is_wrong_is_refused(client, method, path, content, headers, status, words):  # noqa: PLR0917
    """Updates, fetches from elsewhere and malformed requests get a 4xx and one line that says why."""
    answer = client.request(method, path, content=content, headers=headers)
    assert answer.status_code == status
    assert re.search(words, answer.text)
    assert answer.text.count("\n") <= 1


def test_too_deep_a_query_costs_one_worker(client):
    """A query that brings its worker down is told so, and the next one is answered."""
    deep = "ASK { FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }"
    answer = client.post("/query", content=deep, headers=BODY)
    assert answer.status_code in {400, 504}
    assert client.get("/query", params={"query": "ASK {}"}).json()["boolean"] is True


TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [*"{}()<>?:.;,*|/^!=\"'\\#", "SELECT", "ASK", "?x", "a", "FILTER", "1", "GRAPH", "FROM", "%", "\0"]
        ),
        max_size=25,
    ).map(" ".join),
)
HEADS = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "Accept-Encoding", "Expect", "Range"]),
    st.one_of(
        st.sampled_from([*TABLES, *GRAPHS, *FORM.values(), *BODY.values(), "*/*;q=2", ";q=", ",,,", "text/*;q=x"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    ),
    max_size=3,
)
PATHS = st.one_of(
    st.sampled_from(["/query", "/sparql", "/query/articles", "/", "/healthz"]),
    st.text(max_size=20).map(lambda text: "/" + quote(text, safe="/?&=%")),
)


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "POST", "PUT", "HEAD", "OPTIONS", "PATCH", "DELETE", "BREW"]),
    PATHS,
    st.lists(
        st.tuples(st.sampled_from(["query", "update", "default-graph-uri", "named-graph-uri", "x"]), TEXTS), max_size=3
    ),
    st.one_of(TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=60)),
    HEADS,
)
def test_no_request_is_answered_with_5xx(client, method, path, fields, content, headers):  # noqa: PLR0917
    """Whatever is sent, the fault is found in the request."""
    fields = [(name, value.encode("utf-8", "replace").decode()) for name, value in fields]
    if "Expect" in headers:
        headers = {**headers, "Expect": "100-continue"}
    answer = client.request(method, path, params=fields or None, content=content, headers=headers)
    assert answer.status_code < 500, answer.text


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=60).map(lambda junk: b"GET /query HTTP/1.1\r\n" + junk + b"\r\n\r\n"),
    )
)
def test_what_is_no_http_is_answered_with_4xx_or_silence(address, junk):
    """Bytes that are no request do not disturb the endpoint."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(junk)
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(1 << 16)
    assert not re.match(rb"HTTP/1\.1 5", said)


def test_a_runaway_query_is_ended_while_others_are_answered(client, address):
    """At its deadline the query ends, its worker with it; meanwhile others get their answers."""
    with ThreadPoolExecutor(1) as other:
        begun = time.monotonic()
        runaway = other.submit(httpx.post, f"{address}/query", data={"query": RUNAWAY}, timeout=30)
        time.sleep(0.3)
        for _ in range(3):
            assert client.get("/query/denials.csv").status_code == 200
        assert not runaway.done()
        answer = runaway.result()
    assert answer.status_code == 504
    assert "ended after 3 seconds" in answer.text
    assert 3 <= time.monotonic() - begun < 15
    assert [client.get("/query/denials.csv").status_code for _ in range(4)] == [200] * 4


def test_more_than_can_wait_is_put_off(folder):
    """A client that leaves takes its query along; beyond what may wait, 503 says when to come back."""
    with serving(folder, "--deadline", "20", "--workers", "1", "--waiting", "1") as (address, _):
        denials = f"{address}/query/denials.csv"
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{address}/query", data={"query": RUNAWAY}, timeout=0.5)
        assert httpx.get(denials, timeout=10).status_code == 200
        with ThreadPoolExecutor(2) as others:
            running = [others.submit(httpx.post, f"{address}/query", data={"query": RUNAWAY}, timeout=5) for _ in "12"]
            _until(lambda: httpx.get(f"{address}/healthz").json()["waiting"] == 1)
            answer = httpx.get(denials, timeout=10)
            assert answer.headers["Retry-After"] == "5"
            assert "too many queries at once" in answer.text
            assert all(isinstance(future.exception(), httpx.ReadTimeout) for future in running)


def _until(true, seconds=15):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_many_clients_are_served(address):
    """Sixty-four clients for three seconds: no error."""
    command = [sys.executable, Path(__file__).parent / "benchmarks" / "serve.py", "--seconds", "3", address]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 errors" in done.stdout


def test_it_stops_gracefully(folder):
    """At SIGTERM what was asked is still answered, then all processes are gone, with exit code 0."""
    with serving(folder, "--workers", "2") as (address, process):
        workers = _children(process.pid)
        assert len(workers) == 2
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
        with ThreadPoolExecutor(1) as other:
            asked = other.submit(httpx.post, f"{address}/query", data={"query": slow}, timeout=30)
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            assert asked.result().status_code == 200
        assert process.wait(30) == 0
        assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def _children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.split()


def test_a_served_store_is_not_written_to(address, folder, seed_graph):  # noqa: ARG001 - the endpoint has to run
    """Loading into a store that is being served is refused, and nothing is changed."""
    with pytest.raises(StoreError, match="is in use by another process"):
        store.load(seed_graph, folder)


def test_a_graph_file_is_served(seed_graph):
    """A file is loaded first, and served like a store."""
    with serving(seed_graph) as (address, _):
        assert httpx.get(f"{address}/query/denials.csv").text == query.run(seed_graph, "denials").to("csv")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["missing.ttl"], "missing.ttl: there is no such file"),
        (["."], "is a folder, but no store"),
        (["graph.txt"], "unknown format '.txt'"),
    ],
)
def test_what_cannot_be_served_is_told(run_kg, options, words, tmp_path):
    """A graph that cannot be read is told in one line."""
    done = run_kg("serve", *(tmp_path / option for option in options))
    assert done.returncode in {1, 2}
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_taken_port_is_told(run_kg, address, folder):
    """A port that somebody listens on is told in one line."""
    done = run_kg("serve", folder, "--port", address.rpartition(":")[2])
    assert done.returncode == 1
    assert b"cannot be listened on (Address already in use); choose another --port" in done.stderr


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/xml;q=0.2", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0", "application/sparql-results+json"),
    ],
)
def test_the_client_s_choice_counts(accept, type_):
    """Weights, wildcards and case are read as HTTP has them."""
    assert negotiated(accept, TABLES) == type_


def test_what_suits_nobody_is_not_answered():
    """406 tells what is had."""
    with pytest.raises(RefusedError, match="406"):
        negotiated("text/turtle, */*;q=0", TABLES)


def test_no_worker_outlives_its_endpoint(folder):
    """Killed outright, the endpoint leaves no process behind."""
    with serving(folder, "--workers", "2") as (_, process):
        workers = _children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        _until(lambda: not [worker for worker in workers if Path(f"/proc/{worker}").exists()])
