"""Links to other datasets, and between articles: what ``kg link`` adds to a graph.

Each kind of link stands in a named graph of its own (``BASE/links/ucdp``), which making them anew replaces.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg import shacl
from kg.errors import NotConformingError
from kg.gazetteer.lookup import Gazetteer
from kg.link import incidents
from kg.link.crosswalk import READERS, pairs
from kg.link.parties import Parties
from kg.link.quads import Linkset, title
from kg.link.records import Dataset
from kg.link.reports import Graph, reports
from kg.rdf import Minter, by_article, expect_writable, format_of, read, write
from kg.rdf.convert import to_graph
from kg.rdf.vocabulary import DCTERMS, DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode, Quad

    from kg.link.reconcile import Service
    from kg.link.records import Record

__all__ = ["Dataset", "Linked", "link", "link_file"]

_PART: Final = 2000
"""Triples that are validated at once."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A graph with its links."""

    quads: list[Quad]
    base: str
    linksets: dict[str, list[Quad]] = field(default_factory=dict)
    """The linksets that were made, by name; `quads` holds them too."""
    counts: dict[str, int] = field(default_factory=dict)
    """The links made, by the linkset's name."""


def link(
    graph: str | Path,
    datasets: Mapping[Dataset, Sequence[Path]],
    *,
    all_rows: bool = False,
    service: Service | None = None,
    gazetteer: tuple[Path, ...] = (),
) -> Linked:
    """Link the events, figures and actors of a graph; incidents across articles are always made.

    Args:
        graph: a graph file, or an embedded store's folder.
        datasets: files of each dataset; a dataset with files has its linkset replaced, the others keep theirs.
        all_rows: whether records that match nothing are kept too; memory then grows with the rows.
        service: a reconciliation service to ask for the actors that have no link.
        gazetteer: more actors to know the datasets' names by.

    Raises:
        FormatError, GraphError, StoreError: the graph cannot be read.
        DatasetError: a dataset's file cannot be read, has other columns, or has a broken row.
        GazetteerError: a broken gazetteer.
        ServiceError: the service does not answer, or not as its specification says.
    """
    graphs = by_article(read(graph), str(graph))
    base = _base(graphs)
    made = [dataset.value for dataset, files in datasets.items() if files] + [incidents.NAME]
    made += ["reconciliation"] if service is not None else []
    stale = {Linkset(base, name).iri for name in made}
    kept = [quad for name, quads in graphs.items() if name not in stale for quad in quads]
    parties = Parties(Gazetteer.load(gazetteer))
    ours = Graph(kept)
    found = reports(ours, parties)

    counts: dict[str, int] = {}
    linksets: dict[str, list[Quad]] = {}
    for dataset, files in datasets.items():
        if not files:
            continue
        linkset = Linkset(base, dataset.value)
        every: list[Record] = []
        records = _rows(dataset, files, every if all_rows else None)
        matched = pairs(found, records, parties)
        facts = [
            *(fact for report, record, match in matched for fact in linkset.match(report.node, record, match)),
            *(fact for _, record, _ in matched for fact in linkset.record_facts(record, parties)),
            *(fact for record in every for fact in linkset.record_facts(record, parties)),
        ]
        linksets[dataset.value], counts[dataset.value] = linkset.quads(facts, title(dataset)), len(matched)
    told = incidents.incidents(found)
    linksets[incidents.NAME], counts[incidents.NAME] = incidents.quads(told, base), len(told)
    if service is not None:
        from kg.link import reconcile  # noqa: PLC0415  # speaks HTTP, only when asked

        linksets["reconciliation"], counts["reconciliation"] = reconcile.reconcile(ours, service, base)
    return Linked(kept + [quad for quads in linksets.values() for quad in quads], base, linksets, counts)


def link_file(
    graph: str | Path,
    target: Path,
    datasets: Mapping[Dataset, Sequence[Path]],
    *,
    all_rows: bool = False,
    service: Service | None = None,
    gazetteer: tuple[Path, ...] = (),
) -> Linked:
    """Link the graph in a file as :func:`link` does, and write it with its links, whole or not at all.

    Raises:
        FormatError: the suffix of `target` is unknown.
        OutputError: `target` cannot be written.
        NotConformingError: a linkset hurts a requirement of the shapes.
    """
    format_of(target)
    expect_writable(target)
    linked = link(graph, datasets, all_rows=all_rows, service=service, gazetteer=gazetteer)
    for name, quads in linked.linksets.items():
        if shacl.passes(quads, must=True):
            continue
        for part in [quads] if name == incidents.NAME else _parts(quads):
            rows = to_graph(part)
            for violation in shacl.validate(rows):
                if violation.severity is shacl.Severity.MUST:
                    raise NotConformingError(str(target), shacl.describe(violation, rows), "not written")
    write(linked.quads, target, base=linked.base)
    return linked


def _parts(quads: Sequence[Quad]) -> Iterator[list[Quad]]:
    """A linkset in parts that are quick to validate; what is said of one node stays together."""
    nodes: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        node = str(quad.subject)
        nodes[node.partition("/link/")[0].partition("/geometry")[0]].append(quad)
    part: list[Quad] = []
    for about in nodes.values():
        part += about
        if len(part) > _PART:
            yield part
            part = []
    yield part


def _rows(dataset: Dataset, files: Iterable[Path], every: list[Record] | None) -> Iterator[Record]:
    for file in files:
        for record in READERS[dataset](file):
            if every is not None:
                every.append(record)
            yield record


def _base(graphs: Mapping[NamedNode, Sequence[Quad]]) -> str:
    """What the data IRIs of a graph begin with, as its articles show."""
    for name, quads in graphs.items():
        for quad in quads:
            value: Any = quad.object
            if quad.subject == name and quad.predicate == DCTERMS["identifier"]:
                below = Minter("base:/").article(value.value).value.removeprefix("base:/")
                if name.value.endswith(below):
                    return name.value.removesuffix(below)
    return DEFAULT_BASE
