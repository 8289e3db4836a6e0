"""The client of the Reconciliation Service API, against a service that speaks it: asked once, and believed rarely."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from fixtures_link import Writer, graph
from pyoxigraph import NamedNode

from kg import link, query, rdf
from kg.errors import ServiceError
from kg.link.reconcile import Manifest, Service
from kg.model import Actor, ActorType

WIKIDATA = {
    "versions": ["0.1", "0.2"],
    "name": "Items",
    "identifierSpace": "http://www.wikidata.org/entity/",
    "schemaSpace": "http://www.wikidata.org/prop/direct/",
    "defaultTypes": [{"id": "Q35120", "name": "entity"}],
    "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
    "batchSize": 2,
}
MILITIA = [{"id": "Q1752939", "name": "militia"}]


class Reconciler(BaseHTTPRequestHandler):
    """A service after version 0.2: GET gives the manifest, POST answers a batch of queries in a form."""

    def do_GET(self):
        """Tell the manifest."""
        self.server.asked.append(None)
        self.answer(self.server.manifest)

    def do_POST(self):
        """Answer a batch."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        queries = json.loads(form["queries"][0])
        assert all(
            query["query"] and set(query) <= {"query", "type", "limit", "type_strict"} for query in queries.values()
        )
        self.server.asked.append([query["query"] for query in queries.values()])
        self.answer({key: {"result": self.server.known.get(query["query"], [])} for key, query in queries.items()})

    def answer(self, told):
        """Send JSON, or bytes as they are, with the next trouble's status where there is one."""
        status, headers = self.server.troubles.pop(0) if self.server.troubles else (200, {})
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    """A service on loopback; `known` holds its candidates by name, `troubles` the statuses that it begins with."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Reconciler) as running:
        running.manifest, running.known, running.troubles, running.asked = WIKIDATA, {}, [], []
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


class Clock:
    """A time that passes only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        """Let it pass."""
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def service(server, tmp_path):
    """The service as it is asked in most tests, with a clock that costs no time."""
    clock = Clock()
    url = f"http://127.0.0.1:{server.server_port}/reconcile"
    return Service(url, tmp_path / "cache", sleep=clock.sleep, clock=lambda: clock.now), clock


def candidate(id_, name, **more):
    """A candidate as the specification has it."""
    return {"id": id_, "name": name, "score": 90, "match": False, "type": MILITIA} | more


def article(*names):
    """An article with named groups that the gazetteer does not know."""
    writer = Writer("one")
    for name in names:
        writer.actors[name] = Actor(name, name, ActorType.ARMED_GROUP, writer.words(name), named=True)
    return writer


def linked(tmp_path, service, *names):
    """What the actors of these names are linked to: predicate and object, by name."""
    source, target = graph(tmp_path / "graph.ttl", article(*names)), tmp_path / "linked.ttl"
    link.link_file(source, target, {}, service=service)
    asked = "SELECT ?name ?p ?o { ?a ?p ?o ; skos:prefLabel ?name . VALUES ?p { owl:sameAs skos:closeMatch } }"
    return {row["name"]: (row["p"].rpartition("#")[2], row["o"]) for row in query.rows(target, asked)}


ITEM = "http://www.wikidata.org/entity/"


def test_a_certain_match_of_a_fitting_type_becomes_a_link(tmp_path, server, service):
    """Identity where the name is the same, a close match under another name; the link says by which service."""
    server.known = {
        "Desert Hawks": [candidate("Q101", "Desert Hawks", match=True), candidate("Q7", "Desert Hawks", type=[])],
        "River Guard": [candidate("Q102", "Guard of the River", match=True)],
    }
    assert linked(tmp_path, service[0], "Desert Hawks", "River Guard") == {
        "Desert Hawks": ("sameAs", f"{ITEM}Q101"),
        "River Guard": ("closeMatch", f"{ITEM}Q102"),
    }
    rows = [row for row in query.rows(tmp_path / "linked.ttl", "links") if row["by"] == "reconciliation"]
    assert [(row["name"], row["score"], row["reasons"]) for row in rows] == [
        ("Desert Hawks", "1", "match=true|name=Desert Hawks|service=Items|type=ArmedGroup"),
        ("River Guard", "0.8", "match=true|name=Guard of the River|service=Items|type=ArmedGroup"),
    ]
    graphs = rdf.by_article(rdf.read(tmp_path / "linked.ttl"))
    assert NamedNode("https://w3id.org/ckg/data/links/reconciliation") in graphs


@pytest.mark.parametrize(
    ("found", "min_score", "predicate"),
    [
        ([], None, None),
        ([candidate("Q1", "Hawks")], None, None),
        ([candidate("Q1", "Hawks", match=True, type=[{"id": "Q5", "name": "human"}])], None, None),
        ([candidate("Q1", "Hawks", match=True, type=[])], None, None),
        ([candidate("Q1", "Hawks", match=True, type=["Q1752939"])], None, "sameAs"),
        ([candidate("Q1", "Hawks", match=True, type=[{"id": "X", "name": "Militia"}])], None, "sameAs"),
        ([candidate("Q1", "Hawks", match=True), candidate("Q2", "Hawks", match=True)], None, None),
        ([candidate("Q1", "Hawks", score=95)], 95, "closeMatch"),
        ([candidate("Q1", "Hawks", score=94.9)], 95, None),
        ([candidate("Q1", "Hawks", score=97), candidate("Q2", "Hawks", score=97)], 95, None),
        ([candidate("Q1", "Hawks", score=97), candidate("Q2", "Hawks", score=96)], 95, "closeMatch"),
        ([{"id": "Q1", "name": "Hawks", "match": True, "type": MILITIA}], None, None),
    ],
)
def test_what_is_uncertain_is_not_linked(tmp_path, server, service, *, found, min_score, predicate):
    """No match, a misfit, two matches, a low score, or a candidate that is none: no link."""
    server.known = {"Hawks": found}
    asked = Service(service[0].url, service[0].cache, min_score, sleep=service[0].sleep, clock=service[0].clock)
    expected = {"Hawks": (predicate, f"{ITEM}Q1")} if predicate else {}
    assert linked(tmp_path, asked, "Hawks") == expected


def test_only_actors_without_a_link_are_asked_for(tmp_path, server, service):
    """Who has an identifier or a link, and who is unnamed, is not."""
    writer = article("Hawks", "Doves").mention("gunmen")
    known = writer.actors["Doves"]
    writer.actors["Doves"] = Actor(
        "Doves", known.name, known.type, known.name_span, named=True, identifiers=(("wikidata", "Q3"),)
    )
    link.link(graph(tmp_path / "graph.ttl", writer), {}, service=service[0])
    assert server.asked == [None, ["Hawks"]]


def test_nothing_is_asked_by_default(tmp_path, server):
    """Nor where all actors are linked."""
    link.link(graph(tmp_path / "graph.ttl", article("Hawks")), {})
    assert server.asked == []


def test_answers_are_kept_and_batches_are_as_large_as_the_service_says(tmp_path, server, service):
    """A second run asks nothing, and writes the same."""
    names = ("Hawks", "Doves", "Owls", "Larks", "Kites")
    server.known = {name: [candidate(f"Q{n}1", name, match=True)] for n, name in enumerate(names, 1)}
    first = linked(tmp_path, service[0], *names)
    assert [len(batch) for batch in server.asked[1:]] == [2, 2, 1]
    written = (tmp_path / "linked.ttl").read_bytes()
    server.asked.clear()
    assert linked(tmp_path, service[0], *names) == first
    assert server.asked == []
    assert (tmp_path / "linked.ttl").read_bytes() == written
    link.link_file(tmp_path / "linked.ttl", tmp_path / "linked.ttl", {}, service=service[0])
    assert (tmp_path / "linked.ttl").read_bytes() == written


def test_requests_keep_their_distance(tmp_path, service):
    """One a second unless told: the manifest, then a batch each."""
    linked(tmp_path, service[0], "Hawks", "Doves", "Owls")
    assert service[1].slept == [1.0, 1.0]


def test_a_busy_service_is_asked_again_later_each_time(tmp_path, server, service):
    """After the seconds that it names, else after twice as many as before."""
    server.known = {"Hawks": [candidate("Q1", "Hawks", match=True)]}
    server.troubles = [(503, {}), (429, {"Retry-After": "30"}), (502, {})]
    assert linked(tmp_path, service[0], "Hawks") == {"Hawks": ("sameAs", f"{ITEM}Q1")}
    assert [seconds for seconds in service[1].slept if seconds > 1] == [30.0, 4.0]


def test_a_run_that_breaks_off_goes_on_where_it_stopped(tmp_path, server, service):
    """Nothing is written, but what was answered is kept and not asked again."""
    names = ("Hawks", "Doves", "Owls")
    server.known = {name: [candidate(f"Q{n}1", name, match=True)] for n, name in enumerate(names, 1)}
    server.troubles = [(200, {}), (200, {}), *[(503, {})] * 5]
    with pytest.raises(ServiceError, match=r"refused with 503 Service Unavailable, 5 times; run it again later"):
        linked(tmp_path, service[0], *names)
    assert not (tmp_path / "linked.ttl").exists()
    server.asked.clear()
    assert len(linked(tmp_path, service[0], *names)) == 3
    assert server.asked == [["Owls"]]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"name": "x"}, "its manifest has no identifierSpace; give the address of a service that speaks"),
        (WIKIDATA | {"versions": ["3.0"]}, "it speaks version 3.0 only"),
        (b"<html>", "the answer is no JSON object"),
        ([], "the answer is no JSON object"),
    ],
)
def test_what_is_no_service_is_told(tmp_path, server, service, manifest, words):
    """One line says what is wrong with the answer."""
    server.manifest = manifest
    with pytest.raises(ServiceError, match=words):
        linked(tmp_path, service[0], "Hawks")


def test_an_answer_without_results_is_told(tmp_path, server, service):
    """A batch must be answered query by query."""
    server.known = {"Hawks": "none"}
    with pytest.raises(ServiceError, match="the answer holds no result for q0"):
        linked(tmp_path, service[0], "Hawks")
    server.troubles = [(404, {})]
    with pytest.raises(ServiceError, match="refused with 404 Not Found; give the address"):
        linked(tmp_path, service[0], "Hawks")


@pytest.mark.parametrize(
    ("space", "view", "iri", "slug"),
    [
        ("https://www.wikidata.org/entity/", "", f"{ITEM}Q5", "wikidata-q5"),
        ("https://id.example/things#", "", "https://id.example/things#Q5", "id-example-q5"),
        ("https://id.example/", "https://id.example/page/{{id}}", "https://id.example/Q5", "id-example-q5"),
        ("https://id.example/ns", "https://id.example/page/{{id}}", "https://id.example/page/Q5", "id-example-q5"),
        ("https://id.example/ns", "", "https://id.example/ns/Q5", "id-example-q5"),
    ],
)
def test_entities_are_named_after_the_service_s_identifiers(space, view, iri, slug):
    """By its identifier space, or by its pages where that is no prefix."""
    manifest = Manifest("Things", space, view, 10)
    assert (manifest.entity("Q5").value, manifest.slug("Q5")) == (iri, slug)


def test_the_command_asks_when_told(tmp_path, server, run_kg):
    """With the folder of answers that it is given; a service that is not there is one line."""
    server.known = {"Hawks": [candidate("Q1", "Hawks", match=True)]}
    source = graph(tmp_path / "graph.ttl", article("Hawks"))
    url = f"http://127.0.0.1:{server.server_port}/"
    arguments = ("link", source, "--reconcile", url, "--cache", tmp_path / "answers", "--rate", "100")
    result = run_kg(*arguments)
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "answers" / "reconciliation.sqlite").is_file()
    assert query.run(source, "ASK { ?a owl:sameAs ?b }").answer
    result = run_kg("link", source, "--reconcile", "ftp://none/", "--cache", tmp_path / "other")
    assert (result.returncode, result.stderr.decode().partition(" (")[0]) == (1, "kg: ftp://none/: is no address")
