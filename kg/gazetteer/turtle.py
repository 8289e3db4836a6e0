"""A user's actors in Turtle: labels of SKOS or RDFS, and types and identifiers of the ontology."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.errors import GazetteerError
from kg.gazetteer.table import SCHEMES, problem
from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import NamedNode, Triple

_CKG: Final = "https://w3id.org/ckg/ontology#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ITEM: Final = "http://www.wikidata.org/entity/"
_SAME: Final = "http://www.w3.org/2002/07/owl#sameAs"
_NAMES: Final = {
    _SKOS + "prefLabel": "label",
    "http://www.w3.org/2000/01/rdf-schema#label": "label",
    _SKOS + "altLabel": "aliases",
    _SKOS + "hiddenLabel": "ambiguous_aliases",
}
_IDENTIFIERS: Final = {_CKG + scheme: column for column, scheme in SCHEMES.items()}
_TYPES: Final = {_CKG + kind.value: kind.value for kind in ActorType}
_IGNORED: Final = frozenset({_CKG + "Actor", _SKOS + "Concept"})
_PLACE: Final = re.compile(r"line (\d+)")


def read_turtle(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The actors of a Turtle file as rows of a table, each with where it stands, checked and in order.

    The last part of an actor's IRI is its entry. `skos:prefLabel` or `rdfs:label` is its label, `skos:altLabel` an
    alias, `skos:hiddenLabel` a name that needs support from the context; of several labels the English one counts.

    Raises:
        GazetteerError: the file cannot be read, is no Turtle, or an actor is broken; the message says which.
    """
    subjects: dict[str, list[Triple]] = defaultdict(list)
    for triple in _triples(path):
        subjects[str(getattr(triple.subject, "value", triple.subject))].append(triple)
    for subject in sorted(subjects):
        where = f"{path} <{subject}>"
        row = _row(subject, subjects[subject], where)
        if fault := problem(row):
            raise GazetteerError(where, fault)
        yield where, row


def _triples(path: Path) -> Iterator[Triple]:
    from pyoxigraph import NamedNode, RdfFormat, parse  # noqa: PLC0415 - only for who brings Turtle

    try:
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE):
            if not isinstance(quad.subject, NamedNode):
                raise GazetteerError(str(path), f"{quad.subject} is a blank node", "give each actor an IRI")
            yield quad.triple
    except OSError as error:
        raise GazetteerError(str(path), error.strerror or "cannot be read", "name a CSV or Turtle file") from error
    except SyntaxError as error:
        line = _PLACE.search(str(error))
        where = f"{path}:{line[1]}" if line else str(path)
        raise GazetteerError(where, f"is no Turtle: {error.msg}", "correct it there") from error


def _row(subject: str, triples: list[Triple], where: str) -> dict[str, str]:
    values: dict[str, list[str]] = defaultdict(list)
    labels: list[tuple[bool, str]] = []
    for triple in triples:
        predicate, value = _predicate(triple.predicate), str(getattr(triple.object, "value", triple.object))
        if predicate == _TYPE and value not in _IGNORED:
            values["type"].append(_TYPES.get(value, value))
        elif predicate == _SAME and value.startswith(_ITEM):
            values["wikidata"].append(value.removeprefix(_ITEM))
        elif (column := _NAMES.get(predicate)) == "label":
            labels.append(((getattr(triple.object, "language", None) or "en") != "en", value))
        elif column := column or _IDENTIFIERS.get(predicate):
            values[column].append(value)
        elif predicate.startswith(_CKG):
            known = ", ".join(f"ckg:{name}" for name in SCHEMES.values())
            raise GazetteerError(where, f"unknown property ckg:{predicate.removeprefix(_CKG)}", f"known: {known}")
    row = {"entry": re.split(r"[/#:]", subject)[-1], "label": min(labels)[1] if labels else ""}
    for column, found in values.items():
        several = sorted(set(found))
        if len(several) > 1 and column not in {"aliases", "ambiguous_aliases"}:
            raise GazetteerError(where, f"has {len(several)} values of {column}: {', '.join(several)}", "keep one")
        row[column] = "|".join(several)
    return row


def _predicate(node: NamedNode) -> str:
    return str(node.value)
