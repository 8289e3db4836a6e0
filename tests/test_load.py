"""Loading over HTTP, against real servers, and what is said where a server does not play along."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixtures_model import extraction
from fixtures_stores import answering, environment, oxigraph, virtuoso

from kg import query, store
from kg.errors import GraphError, StoreError
from kg.rdf import read, to_quads, write
from kg.store import delete, load
from kg.store.remote import Remote

KILLS = int(os.environ.get("KG_TEST_KILLS", "3"))
QUIET = {"timeout": 30, "retries": 0}
EVERYTHING = "SELECT ?g ?s ?p (STR(?o) AS ?text) WHERE { GRAPH ?g { ?s ?p ?o } ?g a ckg:Article }"


@pytest.fixture(autouse=True)
def no_login(monkeypatch, tmp_path):
    """No user and password but those that a test sets."""
    monkeypatch.delenv("KG_STORE_USER", raising=False)
    monkeypatch.delenv("KG_STORE_PASSWORD", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """The running servers by name."""
    with (
        oxigraph(tmp_path_factory.mktemp("oxigraph") / "store") as first,
        virtuoso(tmp_path_factory.mktemp("virtuoso")) as second,
    ):
        yield {"oxigraph": first, "virtuoso": second}


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request, servers, monkeypatch, tmp_path):
    """An empty store on each server."""
    running = servers[request.param]
    if request.param == "virtuoso":
        monkeypatch.setenv("KG_STORE_USER", "dba")
        monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    write([], tmp_path / "empty.nq")
    load(tmp_path / "empty.nq", running.graphs, replace=True)
    return running


@pytest.fixture
def graph(tmp_path):
    """A Turtle file of two articles."""
    write([*to_quads(extraction("monday")), *to_quads(extraction("tuesday/é"))], tmp_path / "graph.ttl")
    return tmp_path / "graph.ttl"


def everything(server):
    """The quads of all articles on a server."""
    return sorted(query.run(server.query, EVERYTHING).rows)


def many(folder, number):
    """N-Quads of that many articles."""
    quads = (quad for i in range(number) for quad in to_quads(extraction(f"day-{i}")))
    write(quads, folder / "many.nq")
    return folder / "many.nq"


def test_a_server_answers_as_the_file_does(server, graph):
    """Oxigraph and Virtuoso give the rows that the file gives, for all named queries; loading again changes nothing."""
    assert load(graph, server.graphs) == 2
    before = everything(server)
    assert len(before) == sum(1 for name in ("monday", "tuesday/é") for _ in to_quads(extraction(name)))
    for name, _ in query.names():
        assert query.run(server.query, name) == query.run(graph, name), name
    assert load(graph, server.graphs.removesuffix("?graph=")) == 2
    assert everything(server) == before


def test_the_seed_s_rows_are_the_same_everywhere(server, seed_graph):
    """A built article, with its long text, its quotation marks and its dates, survives each server."""
    load(seed_graph, server.graphs)
    for name, _ in query.names():
        assert query.run(server.query, name) == query.run(seed_graph, name), name


def test_a_changed_article_replaces_its_graph(server, tmp_path):
    """A corrected article replaces its graph on the server as a whole."""
    for title in ("First", "Corrected"):
        write(to_quads(extraction("wednesday", title=title)), tmp_path / "graph.nq")
        load(tmp_path / "graph.nq", server.graphs)
    assert [row[2] for row in query.run(server.query, "articles").rows] == ["Corrected"]


def test_the_store_is_replaced_and_articles_are_removed(server, graph, tmp_path):
    """What the graph does not hold can be removed, and articles by identifier or IRI; an unknown one is told."""
    load(graph, server.graphs)
    assert delete(["tuesday/é"], server.graphs) == 1
    assert [row[0] for row in query.run(server.query, "articles").rows] == ["monday"]
    write(to_quads(extraction("friday")), tmp_path / "friday.nq")
    load(tmp_path / "friday.nq", server.graphs)
    load(graph, server.graphs, replace=True)
    assert [row[0] for row in query.run(server.query, "articles").rows] == ["monday", "tuesday/é"]
    with pytest.raises(StoreError, match="has no article 'sunday'"):
        delete(["monday", "sunday"], server.graphs)
    assert delete(["monday", "https://w3id.org/ckg/data/article/tuesday/%C3%A9"], server.graphs) == 2
    assert not everything(server)


def test_other_queries_are_answered_by_an_endpoint(server, graph):
    """An endpoint answers ASK and CONSTRUCT, knows the usual prefixes, and tells what is no SPARQL."""
    load(graph, server.graphs)
    assert query.run(server.query, "ASK { ?a a ckg:Article }").answer is True
    kinds = query.run(server.query, "CONSTRUCT { ?a a ckg:Article } WHERE { ?a a ckg:Article }")
    assert len(kinds.rows) == 2
    assert "a ckg:Article" in kinds.to("ttl")
    with pytest.raises(GraphError, match="the endpoint refuses the query"):
        query.run(server.query, "SELECT * WHERE { ?s ?p }")


def test_a_password_comes_from_the_environment_or_netrc(servers, graph, monkeypatch, tmp_path):
    """Without a password, or with a wrong one, Virtuoso refuses; it is never printed."""
    address = servers["virtuoso"].graphs
    with pytest.raises(StoreError, match=r"refused with 401 .*set KG_STORE_USER and KG_STORE_PASSWORD"):
        load(graph, address)
    monkeypatch.setenv("KG_STORE_USER", "dba")
    with pytest.raises(StoreError, match="only one of KG_STORE_USER and KG_STORE_PASSWORD is set"):
        load(graph, address)
    monkeypatch.setenv("KG_STORE_PASSWORD", "opensesame")
    with pytest.raises(StoreError, match=r"refused with 401 .*check the password of 'dba'") as caught:
        load(graph, address)
    assert "opensesame" not in str(caught.value)
    monkeypatch.delenv("KG_STORE_USER")
    monkeypatch.delenv("KG_STORE_PASSWORD")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login dba password dba\n")
    (tmp_path / "netrc").chmod(0o600)
    assert load(graph, address) == 2


def test_basic_authentication(graph, monkeypatch):
    """A server that asks for basic authentication gets it, from then on without being asked again."""
    monkeypatch.setenv("KG_STORE_USER", "reader")
    monkeypatch.setenv("KG_STORE_PASSWORD", "secret")
    asking = (401, "", {"WWW-Authenticate": 'Basic realm="store"'})
    with answering(asking, (200, "", {})) as (address, seen), pytest.raises(StoreError, match="holds 0 triples"):
        load(graph, address, **QUIET)
    assert [headers["Authorization"] for _, _, headers in seen][:3] == [None, *["Basic cmVhZGVyOnNlY3JldA=="] * 2]


def test_a_password_in_an_address_is_refused(graph):
    """Others can read command lines; the password is not repeated."""
    with pytest.raises(StoreError, match="a password in an address can be seen by others; set KG_STORE_USER") as caught:
        load(graph, "http://reader:secret@127.0.0.1/store")
    assert "secret" not in str(caught.value)


def test_a_wrong_path_is_told(servers, graph):
    """An address that is no Graph Store is told with the answer, and with what one looks like."""
    with pytest.raises(StoreError, match=r"refused with 40\d .*give the address of its Graph Store, such as http"):
        load(graph, servers["oxigraph"].query.replace("query", "nowhere"))


def test_a_server_that_stops_is_told_and_the_load_goes_on(tmp_path, monkeypatch):
    """A server that is killed in mid-load is told in one line; restarted, it gets the rest, and what it lost."""
    source = many(tmp_path, 40)
    monkeypatch.setattr(Remote, "batch", 1 << 16)
    with oxigraph(tmp_path / "store") as server:
        port = int(server.query.split(":")[2].split("/")[0])

        def stop(share, _):
            if share > 0.5:
                server.process.kill()

        with pytest.raises(StoreError, match=r"does not answer .*; start the store, or check the address; .*goes on"):
            load(source, server.graphs, told=stop, **QUIET)
    with pytest.raises(StoreError, match="does not answer") as caught:
        load(source, server.graphs, **QUIET)
    assert "\n" not in str(caught.value)
    told = []
    with oxigraph(tmp_path / "store", port) as server:
        assert load(source, server.graphs, told=lambda *seen: told.append(seen)) == 40
        assert len(everything(server)) == sum(1 for _ in read(source))
    assert told[0][0] > 0.5
    assert not list(tmp_path.glob(".many*"))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "refused with 401 Unauthorized: no; set KG_STORE_USER and KG_STORE_PASSWORD"),
        (403, "refused with 403 Forbidden: no"),
        (404, "refused with 404 Not Found: no; give the address of its Graph Store"),
        (405, "refused with 405 Method Not Allowed: no"),
        (301, "refused with 301 Moved Permanently: no"),
        (500, "refused with 500 Internal Server Error: no; see the store's log, then load again"),
        (503, "refused with 503 Service Unavailable: no; load again later: it goes on from here"),
    ],
)
def test_a_refusal_is_told(graph, status, words):
    """Whatever a store answers but success is told with its first words and advice."""
    with answering((status, "no", {})) as (address, _), pytest.raises(StoreError, match=words):
        load(graph, address, **QUIET)


def test_a_busy_server_is_asked_again(graph, monkeypatch):
    """After 503 the request is repeated, first when the server says, then with growing pauses."""
    pauses = []
    monkeypatch.setattr("kg.store.client.time.sleep", pauses.append)
    busy, later = (503, "", {}), (503, "", {"Retry-After": "7"})
    with answering(later, busy, busy, (201, "", {})) as (address, seen), pytest.raises(StoreError, match="holds 0"):
        load(graph, address)
    assert pauses == [7, 1, 2]
    assert [method for method, _, _ in seen][:5] == ["PUT"] * 5


def test_a_silent_server_is_told(graph):
    """A store that does not answer in time is given up on."""
    advice = "no answer in time; allow more with --timeout"
    with answering((200, "", {}), delay=20) as (address, _), pytest.raises(StoreError, match=advice):
        load(graph, address, timeout=0.3, retries=0)


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
        load(graph, address, **QUIET)


SMALL_STEPS = """
import sys
from kg.cli import main
from kg.store.embedded import Embedded
from kg.store.remote import Remote
Embedded.batch = Remote.batch = 1 << 15
main(["load", *sys.argv[1:]])
"""


def killed_and_resumed(source, to, delays):
    """Load in a process that is killed after each delay, counted from its first journal entry; then to the end."""
    command = [sys.executable, "-c", SMALL_STEPS, source, "--to", to]
    for delay in delays:
        with subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL) as process:
            while not list(source.parent.glob(f".{source.name}.*")) and process.poll() is None:
                time.sleep(0.01)
            time.sleep(delay)
            process.kill()
    subprocess.run(command, env=environment(), check=True, timeout=120)
    assert not list(source.parent.glob(f".{source.name}.*"))


@pytest.mark.parametrize("target", ["embedded", "oxigraph"])
def test_a_killed_load_goes_on(target, tmp_path):
    """Killed (kill -9) at any moments, then run again: nothing is lost, nothing stands twice."""
    source = many(tmp_path, 60)
    rng = random.Random(KILLS)
    delays = [rng.uniform(0, 0.4) for _ in range(KILLS)]
    if target == "embedded":
        killed_and_resumed(source, tmp_path / "store", delays)
    else:
        with oxigraph(tmp_path / "store") as server:
            killed_and_resumed(source, server.graphs, delays)
    assert set(read(tmp_path / "store")) == set(read(source))


def test_a_store_that_lost_a_graph_gets_it_again(tmp_path, graph, monkeypatch):
    """The count at the end finds what is missing, and it is loaded once more; what stays away is told."""
    lost = []

    class Forgetful(store.Embedded):
        def put(self, graphs, merged):
            super().put(graphs, merged)
            if len(lost) < forgets:
                lost.append(min(graphs))
                self.drop(lost[-1])

    monkeypatch.setattr(store, "Embedded", Forgetful)
    forgets = 1
    assert load(graph, tmp_path / "store") == 2
    assert set(read(tmp_path / "store")) == set(read_by_article(graph))
    forgets = 3
    with pytest.raises(StoreError, match=r"holds 0 triples of <https://w3id.org/ckg/data/article/monday>"):
        load(graph, tmp_path / "other")


def read_by_article(path: Path):
    """The quads of a Turtle file, in their articles' graphs."""
    return [quad for segment in store.segments(path) for quad in read_lines(path.parent, segment.quads)]


def read_lines(folder, lines):
    """N-Quads read."""
    (folder / "lines.nq").write_bytes(lines)
    return read(folder / "lines.nq")
