"""A client of the W3C Reconciliation Service API, version 0.2: actors without a link are looked up where the user says.

Specification: https://reconciliation-api.github.io/specs/0.2/. Answers are kept on disk, so that nothing is asked twice
and a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import httpx
from pyoxigraph import NamedNode, Quad

from kg.errors import ServiceError
from kg.gazetteer.names import fold
from kg.link.quads import Linkset, Why
from kg.link.words import section
from kg.rdf.iris import slug
from kg.rdf.vocabulary import CKG, LABEL, OWL, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.link.reports import Graph

NAME: Final = "reconciliation"
TITLE: Final = "Links to what a reconciliation service knows"
WIKIDATA: Final = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/entity/")
_BATCH: Final = 10
_CANDIDATES: Final = 5
_TRIES: Final = 5
_TIMEOUT: Final = httpx.Timeout(60, connect=10)
_LONGEST_WAIT: Final = 120.0
_AGAIN: Final = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and how it is asked."""

    url: str
    cache: Path
    """The folder in which its answers are kept."""
    min_score: float | None = None
    """In the service's own measure; None to link only what it calls a match."""
    rate: float = 1.0
    """The most requests a second."""
    sleep: Callable[[float], None] = field(default=time.sleep, compare=False)
    clock: Callable[[], float] = field(default=time.monotonic, compare=False)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a service says of itself."""

    name: str
    space: str
    """What the IRIs of its entities begin with."""
    view: str
    """A template of the page of an entity, with ``{{id}}``; empty where there is none."""
    batch: int
    """The most queries in one request."""

    @property
    def is_wikidata(self) -> bool:
        """Whether its entities are Wikidata's."""
        return self.space in WIKIDATA

    def entity(self, id_: str) -> NamedNode:
        """The IRI of an entity."""
        if self.is_wikidata:
            return NamedNode(WIKIDATA[0] + quote(id_, safe=""))
        if not self.space.endswith(("/", "#", "=")) and self.view:
            return NamedNode(self.view.replace("{{id}}", quote(id_, safe="/")))
        return NamedNode(self.space + ("" if self.space.endswith(("/", "#", "=")) else "/") + quote(id_, safe="/"))

    def slug(self, id_: str) -> str:
        """An entity as part of a link's IRI."""
        host = "wikidata" if self.is_wikidata else slug(urlsplit(self.space).hostname or self.name)
        return f"{host}-{slug(id_)}"


def reconcile(graph: Graph, service: Service, base: str) -> tuple[list[Quad], int]:
    """The links of a graph's actors that have none yet, as a linkset, and their number.

    Linked is what the service calls a match, of a fitting type, and alone in that: owl:sameAs where the name is one of
    the actor's own too. With `min_score`, also the best candidate of that score: skos:closeMatch.

    Raises:
        ServiceError: the service does not answer, or not as its specification says.
    """
    linkset = Linkset(base, NAME)
    asked = list(_unlinked(graph))
    facts: list[Any] = []
    count = 0
    if asked:
        with closing(_Client(service)) as client:
            answers = client.ask([_query(name, type_, client.manifest) for _, name, type_ in asked])
            for (actor, name, type_), candidates in zip(asked, answers, strict=True):
                link = _choose(candidates, name, type_, service.min_score)
                if link is None:
                    continue
                candidate, predicate, reasons = link
                id_ = candidate["id"]
                reasons = (*reasons, f"service={client.manifest.name}", f"name={candidate['name']}")
                why = Why(NAME, 1.0 if predicate == OWL["sameAs"] else 0.8, tuple(sorted(reasons)))
                entity, part = client.manifest.entity(id_), client.manifest.slug(id_)
                facts += linkset.link(actor, predicate, entity, part, why=why)
                count += 1
    return linkset.quads(facts, TITLE), count


def _unlinked(graph: Graph) -> Iterator[tuple[NamedNode, str, str]]:
    """The named actors that nothing links to another dataset, with name and type, sorted."""
    linked = (OWL["sameAs"], SKOS["closeMatch"], CKG["wikidata"])
    for actor in graph.of_type("Actor"):
        if "#" in actor.value or any(graph.one(actor, predicate) for predicate in linked):
            continue
        type_ = next((name for name in section("reconcile") if graph.is_a(actor, name)), "")
        if type_:
            yield actor, graph.text(actor, LABEL), type_


def _query(name: str, type_: str, manifest: Manifest) -> dict[str, Any]:
    query: dict[str, Any] = {"query": name, "limit": _CANDIDATES}
    if manifest.is_wikidata:
        query |= {"type": section("reconcile")[type_]["ids"], "type_strict": "any"}
    return query


def _choose(
    candidates: list[dict[str, Any]], name: str, type_: str, min_score: float | None
) -> tuple[dict[str, Any], NamedNode, tuple[str, ...]] | None:
    """The one candidate to link to, by what, and why; None where there is none, or more than one might be."""
    fitting = [c for c in candidates if _fits(c, type_)]
    sure = [c for c in fitting if c.get("match") is True]
    if len(sure) == 1:
        same = fold(sure[0]["name"]).casefold() == fold(name).casefold()
        return sure[0], OWL["sameAs"] if same else SKOS["closeMatch"], ("match=true", f"type={type_}")
    if sure or min_score is None:
        return None
    best = sorted(fitting, key=lambda c: (-c["score"], c["id"]))[:2]
    if best and best[0]["score"] >= min_score and (len(best) == 1 or best[1]["score"] < best[0]["score"]):
        return best[0], SKOS["closeMatch"], (f"score={best[0]['score']:g} of {min_score:g}", f"type={type_}")
    return None


def _fits(candidate: dict[str, Any], type_: str) -> bool:
    known = section("reconcile")[type_]
    told = candidate.get("type")
    types = [t if isinstance(t, dict) else {"id": t} for t in told] if isinstance(told, list) else []
    return any(t.get("id") in known["ids"] or str(t.get("name", "")).casefold() in known["names"] for t in types)


class _Client:
    """Asks one service, slowly, and remembers what it said."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._last = -1.0
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers={"Accept": "application/json"})
        try:
            service.cache.mkdir(parents=True, exist_ok=True)
            self._store = sqlite3.connect(service.cache / "reconciliation.sqlite")
            self._store.execute(
                "CREATE TABLE IF NOT EXISTS answers (service, query, answer, PRIMARY KEY (service, query))"
            )
        except (OSError, sqlite3.Error) as error:
            self._http.close()
            raise ServiceError(
                str(service.cache), f"cannot keep answers there ({error})", "name another --cache"
            ) from error
        try:
            self.manifest = self._manifest()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of connection and file."""
        self._http.close()
        self._store.close()

    def ask(self, queries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """The candidates for each query; what was answered before is not asked again."""
        keys = [json.dumps(query, sort_keys=True, ensure_ascii=False) for query in queries]
        open_ = iter(
            [(key, query) for key, query in dict(zip(keys, queries, strict=True)).items() if self._kept(key) is None]
        )
        while batch := list(islice(open_, self.manifest.batch)):
            named = {f"q{number}": query for number, (_, query) in enumerate(batch)}
            body = {"queries": json.dumps(named, ensure_ascii=False, sort_keys=True)}
            answer = self._json("POST", data=body)
            for number, (key, _) in enumerate(batch):
                self._keep(key, _candidates(answer, f"q{number}", self._service.url))
            self._store.commit()
        return [self._kept(key) or [] for key in keys]

    def _manifest(self) -> Manifest:
        told = self._kept("manifest")
        if told is None:
            told = self._json("GET")
            for name in ("name", "identifierSpace", "schemaSpace"):
                if not isinstance(told.get(name), str):
                    raise _no_service(self._service.url, f"its manifest has no {name}")
            spoken = told.get("versions")
            if isinstance(spoken, list) and not {"0.1", "0.2"} & {str(version) for version in spoken}:
                raise _no_service(self._service.url, f"it speaks version {', '.join(map(str, spoken))} only")
            self._keep("manifest", told)
            self._store.commit()
        view = told["view"] if isinstance(told.get("view"), dict) else {}
        batch = told.get("batchSize")
        return Manifest(
            told["name"],
            told["identifierSpace"],
            str(view.get("url", "")),
            min(batch, 50) if isinstance(batch, int) and batch > 0 else _BATCH,
        )

    def _kept(self, key: str) -> Any:
        row = self._store.execute(
            "SELECT answer FROM answers WHERE service = ? AND query = ?", (self._service.url, key)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def _keep(self, key: str, answer: Any) -> None:
        text = json.dumps(answer, sort_keys=True, ensure_ascii=False)
        self._store.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (self._service.url, key, text))

    def _json(self, method: str, **arguments: Any) -> dict[str, Any]:
        """What the service answers to one request; asked again, later each time, where it is only busy."""
        problem = ""
        for attempt in range(_TRIES):
            wait = 2.0**attempt
            self._pace()
            try:
                answer = self._http.request(method, self._service.url, **arguments)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise ServiceError(self._service.url, f"is no address ({error})", "give an http address") from error
            except httpx.TransportError as error:
                problem = f"does not answer ({type(error).__name__})"
            else:
                if answer.is_success:
                    return self._object(answer)
                problem = f"refused with {answer.status_code} {answer.reason_phrase}"
                if answer.status_code not in _AGAIN:
                    raise _no_service(self._service.url, problem)
                wait = _retry_after(answer, wait)
            if attempt < _TRIES - 1:
                self._service.sleep(wait)
        advice = f"run it again later: what was answered is kept in {self._service.cache}"
        raise ServiceError(self._service.url, f"{problem}, {_TRIES} times", advice)

    def _pace(self) -> None:
        """Wait until the next request is due."""
        now = self._service.clock()
        due = self._last + 1 / self._service.rate if self._last >= 0 else now
        if due > now:
            self._service.sleep(due - now)
        self._last = self._service.clock()

    def _object(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise _no_service(self._service.url, "the answer is no JSON object")
        return told


def _candidates(answer: dict[str, Any], key: str, url: str) -> list[dict[str, Any]]:
    """The candidates of one query of a batch, those alone that are as the specification says."""
    part = answer.get(key)
    result = part.get("result") if isinstance(part, dict) else None
    if not isinstance(result, list):
        raise _no_service(url, f"the answer holds no result for {key}")
    return [
        candidate
        for candidate in result
        if isinstance(candidate, dict)
        and isinstance(candidate.get("id"), str)
        and isinstance(candidate.get("name"), str)
        and isinstance(candidate.get("score"), int | float)
    ]


def _retry_after(answer: httpx.Response, otherwise: float) -> float:
    """The seconds that a service asks to wait, within reason."""
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_WAIT) if told.isdigit() else otherwise


def _no_service(url: str, problem: str) -> ServiceError:
    return ServiceError(url, problem, "give the address of a service that speaks the Reconciliation API 0.2")
