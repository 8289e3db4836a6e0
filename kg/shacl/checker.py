"""Whether a graph meets its shapes, told in a hundredth of the time that a report takes.

The shapes are compiled once: paths and constraints become functions over an index of the graph's triples. They hold as
pySHACL (https://github.com/RDFLib/pySHACL) evaluates them; of what it says, only the verdict is kept. What is not
compiled here, or cannot be told with certainty, is left to it.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, RDFS, SH, XSD, Graph, URIRef

from kg.rdf.convert import to_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad
    from rdflib.term import Node

Term: TypeAlias = NamedNode | BlankNode | Literal
Values: TypeAlias = AbstractSet[Any]
Path: TypeAlias = "Callable[[Triples, Any], Values]"
"""From a focus node to its value nodes."""
Constraint: TypeAlias = "Callable[[Triples, Any, Values], bool]"
"""Whether a focus node and its value nodes meet it."""

_TYPE: Final = NamedNode(str(RDF.type))
_DATE: Final = NamedNode(str(XSD.date))
_SUBCLASS: Final = NamedNode(str(RDFS.subClassOf))
_STRING: Final = NamedNode(str(XSD.string))
_NONE: Final[frozenset[Any]] = frozenset()
_NOTHING: Final[dict[Any, set[Any]]] = {}
_DEEPEST: Final = 4
"""How deep shapes and paths may stand in one another; pySHACL refuses what is much deeper."""


class UnsupportedError(Exception):
    """The shapes hold what is not compiled here."""


class _UnsureError(Exception):
    """A comparison whose outcome is pySHACL's to tell."""


class Triples:
    """The triples of some quads, by predicate; their graphs do not count."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._forward: dict[Any, dict[Any, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for quad in quads:
            self._forward[quad.predicate][quad.subject].add(quad.object)
        self._backward: dict[Any, dict[Any, set[Any]]] = {}

    def objects(self, subject: Any, predicate: NamedNode) -> Values:
        """All o of (subject, predicate, o)."""
        return self._forward.get(predicate, _NOTHING).get(subject, _NONE)

    def subjects(self, predicate: NamedNode, value: Any) -> Values:
        """All s of (s, predicate, value)."""
        return self.from_objects(predicate).get(value, _NONE)

    def from_subjects(self, predicate: NamedNode) -> dict[Any, set[Any]]:
        """The objects of each subject of a predicate."""
        return self._forward.get(predicate, _NOTHING)

    def from_objects(self, predicate: NamedNode) -> dict[Any, set[Any]]:
        """The subjects of each object of a predicate."""
        found = self._backward.get(predicate)
        if found is None:
            found = self._backward[predicate] = defaultdict(set)
            for subject, values in self.from_subjects(predicate).items():
                for value in values:
                    found[value].add(subject)
        return found


@dataclass(slots=True)
class Shape:
    """A node shape (its path leads to the focus node itself) or a property shape."""

    path: Path
    is_must: bool
    """Whether its results are of severity ``sh:Violation``."""
    constraints: list[Constraint] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)

    def conforms(self, data: Triples, focus: Any) -> bool:
        """Whether a node has no result of any severity, as a condition in another shape asks."""
        values = self.path(data, focus)
        return all(constraint(data, focus, values) for constraint in self.constraints) and all(
            shape.conforms(data, value) for shape in self.properties for value in values
        )

    def passes(self, data: Triples, focus: Any, must: bool) -> bool:
        """Whether a node has no result; with `must` none of severity ``sh:Violation``."""
        values = self.path(data, focus)
        if self.is_must or not must:
            for constraint in self.constraints:
                if not constraint(data, focus, values):
                    return False
        for shape in self.properties:
            for value in values:
                if not shape.passes(data, value, must):
                    return False
        return True


@dataclass(frozen=True, slots=True)
class Target:
    """A shape, and the nodes that it is for."""

    shape: Shape
    nodes: frozenset[Any]
    classes: frozenset[Any]
    subjects_of: frozenset[Any]
    objects_of: frozenset[Any]

    def focus_nodes(self, data: Triples) -> Values:
        """All focus nodes in a graph."""
        found = set(self.nodes)
        found.update(*(data.subjects(_TYPE, cls) for cls in self.classes))
        found.update(*(data.from_subjects(predicate) for predicate in self.subjects_of))
        found.update(*(data.from_objects(predicate) for predicate in self.objects_of))
        return found


class Checker:
    """Compiled shapes.

    Raises:
        UnsupportedError: they hold what is not compiled here.
    """

    def __init__(self, shapes: Graph) -> None:
        self._targets = list(_Compiler(shapes).targets())

    def passes(self, quads: Iterable[Quad], *, must: bool = False) -> bool:
        """Whether it is sure that pySHACL would find nothing in the quads; with `must` no ``sh:Violation``."""
        data = Triples(quads)
        if data.from_subjects(_SUBCLASS):
            return False
        try:
            return all(t.shape.passes(data, node, must) for t in self._targets for node in t.focus_nodes(data))
        except _UnsureError:
            return False


def _itself(_data: Triples, focus: Any) -> Values:
    return {focus}


class _Compiler:
    """Shapes of one graph, as it is read."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        if (None, RDF.type, SH.ConstraintComponent) in graph or (None, SH.parameter, None) in graph:
            raise UnsupportedError("constraint components of the user's own")
        classes = {RDFS.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}
        if any((None, RDF.type, cls) in graph for cls in classes):
            raise UnsupportedError("shapes that are classes")

    def targets(self) -> Iterator[Target]:
        for node in {node for kind in _TARGETS for node in self._graph.subjects(kind)}:
            named = (frozenset(_term(value) for value in self._graph.objects(node, kind)) for kind in _TARGETS)
            yield Target(self.shape(node, 0), *named)

    def shape(self, node: Node, depth: int) -> Shape:
        if depth > _DEEPEST:
            raise UnsupportedError("shapes deep in one another, or in themselves")
        severity = self._one(node, SH.severity, SH.Violation)
        path = self._one(node, SH.path)
        shape = Shape(_itself if path is None else self.path(path, 0), severity == SH.Violation)
        off = self._one(node, SH.deactivated)
        if off is not None:
            if off.value is not True:
                raise UnsupportedError("sh:deactivated that is not true")
            return shape
        for predicate in set(self._graph.predicates(node)) - _SILENT:
            if not str(predicate).startswith(str(SH)):
                continue
            if predicate == SH.property:
                shape.properties = [self._property(other, depth + 1) for other in self._graph.objects(node, predicate)]
            elif predicate in _COUNTED and path is not None:
                shape.constraints.append(_COUNTED[predicate](self._count(node, predicate)))
            elif predicate in _BOUND:
                bounds = [self._number(value) for value in self._graph.objects(node, predicate)]
                shape.constraints += [_bound(_BOUND[predicate], bound) for bound in bounds]
            elif predicate in _CONSTRAINTS:
                shape.constraints += _CONSTRAINTS[predicate](self, node, predicate, depth)
            else:
                raise UnsupportedError(f"{predicate} at {node}")
        return shape

    def _property(self, node: Node, depth: int) -> Shape:
        if (node, SH.path, None) not in self._graph:
            raise UnsupportedError(f"a property shape without a path: {node}")
        return self.shape(node, depth)

    def path(self, path: Node, depth: int) -> Path:
        if isinstance(path, URIRef):
            predicate = _iri(path)
            return lambda data, focus: data.objects(focus, predicate)
        if depth > _DEEPEST:
            raise UnsupportedError("a path deep in others")
        if (path, RDF.first, None) in self._graph:
            return _sequence([self.path(part, depth + 1) for part in self._list(path, least=2)])
        steps = list(self._graph.predicate_objects(path))
        if len(steps) != 1:
            raise UnsupportedError(f"the path {path}")
        kind, value = steps[0]
        if kind == SH.inversePath and isinstance(value, URIRef):
            inverse = _iri(value)
            return lambda data, focus: data.subjects(inverse, focus)
        if kind == SH.alternativePath:
            parts = [self.path(part, depth + 1) for part in self._list(value, least=2)]
            return lambda data, focus: {found for part in parts for found in part(data, focus)}
        if kind in {SH.zeroOrOnePath, SH.oneOrMorePath, SH.zeroOrMorePath}:
            return _repeated(self.path(value, depth + 1), zero=kind != SH.oneOrMorePath, more=kind != SH.zeroOrOnePath)
        raise UnsupportedError(f"the path {kind}")

    def _one(self, node: Node, predicate: Node, default: Any = None) -> Any:
        found = list(self._graph.objects(node, predicate))
        if len(found) > 1:
            raise UnsupportedError(f"{predicate} more than once at {node}")
        return found[0] if found else default

    def _list(self, node: Node, least: int = 1) -> list[Any]:
        found = list(self._graph.items(node))
        if len(found) < least:
            raise UnsupportedError("a list that is too short")
        return found

    def _count(self, node: Node, predicate: Node) -> int:
        value = self._one(node, predicate)
        if getattr(value, "datatype", None) != XSD.integer:
            raise UnsupportedError(f"a count that is no integer: {value}")
        return int(self._number(value))

    @staticmethod
    def _number(value: Any) -> int | Decimal:
        number = getattr(value, "value", None)
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            raise UnsupportedError(f"a bound that is no number: {value}")
        return number

    # The constraints, other than counts and bounds, that one predicate of a shape stands for.

    def iris(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        """One for each IRI that the predicate names."""
        if predicate in {SH.lessThan, SH.lessThanOrEquals} and (node, SH.path, None) not in self._graph:
            raise UnsupportedError(f"{predicate} at a node shape")
        return [_NAMING[predicate](_iri(value)) for value in self._graph.objects(node, predicate)]

    def datatype(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        datatype = self._one(node, predicate)
        if datatype in {RDFS.Literal, RDFS.Datatype, RDF.langString}:
            raise UnsupportedError(f"the datatype {datatype}")
        return [_each(partial(_is_of, datatype=_iri(datatype)))]

    def node_kind(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        kind = self._one(node, predicate)
        if kind not in _KINDS:
            raise UnsupportedError(f"the kind of node {kind}")
        kinds = _KINDS[kind]
        return [_each(lambda value: isinstance(value, kinds))]

    def in_(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        allowed = frozenset(_term(item) for item in self._list(self._one(node, predicate)))
        return [lambda _data, _focus, values: allowed.issuperset(values)]

    def has_value(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        wanted = frozenset(_term(item) for item in self._graph.objects(node, predicate))
        return [lambda _data, _focus, values: wanted.issubset(values)]

    def pattern(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        flags = str(self._one(node, SH.flags, "")).lower()
        marked = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
        try:
            patterns = [re.compile(str(text), marked) for text in self._graph.objects(node, predicate)]
        except re.error as error:
            raise UnsupportedError(f"a pattern at {node}: {error}") from error
        return [_each(partial(_matches, pattern=pattern)) for pattern in patterns]

    def shapes(self, node: Node, predicate: Node, depth: int) -> list[Constraint]:
        """``sh:node``, ``sh:not``."""
        wanted = predicate == SH.node
        return [_among([self.shape(other, depth + 1)], {int(wanted)}) for other in self._graph.objects(node, predicate)]

    def lists(self, node: Node, predicate: Node, depth: int) -> list[Constraint]:
        """``sh:and``, ``sh:or``, ``sh:xone``."""
        constraints = []
        for items in self._graph.objects(node, predicate):
            shapes = [self.shape(item, depth + 1) for item in self._list(items)]
            count = len(shapes)
            enough = {1} if predicate == SH.xone else {count} if predicate == SH["and"] else {*range(1, count + 1)}
            constraints.append(_among(shapes, enough))
        return constraints

    def qualified(self, node: Node, predicate: Node, depth: int) -> list[Constraint]:
        if (node, SH.path, None) not in self._graph or (node, SH.qualifiedValueShapesDisjoint, None) in self._graph:
            raise UnsupportedError(f"{predicate} at a node shape or with siblings")
        shape = self.shape(self._one(node, SH.qualifiedValueShape), depth + 1)
        compare = operator.ge if predicate == SH.qualifiedMinCount else operator.le
        bound = self._count(node, predicate)
        return [lambda data, _, values: compare(sum(shape.conforms(data, value) for value in values), bound)]


_CONSTRAINTS: Final[dict[Node, Callable[[_Compiler, Node, Node, int], list[Constraint]]]] = {
    SH.datatype: _Compiler.datatype,
    SH.nodeKind: _Compiler.node_kind,
    SH["in"]: _Compiler.in_,
    SH.hasValue: _Compiler.has_value,
    SH.pattern: _Compiler.pattern,
    SH.node: _Compiler.shapes,
    SH["not"]: _Compiler.shapes,
    SH["and"]: _Compiler.lists,
    SH["or"]: _Compiler.lists,
    SH.xone: _Compiler.lists,
    SH.qualifiedMinCount: _Compiler.qualified,
    SH.qualifiedMaxCount: _Compiler.qualified,
    **dict.fromkeys((SH["class"], SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals), _Compiler.iris),
}
_NAMING: Final[dict[Node, Callable[[NamedNode], Constraint]]] = {
    SH["class"]: lambda cls: lambda data, _, values: all(cls in data.objects(value, _TYPE) for value in values),
    SH.equals: lambda other: lambda data, focus, values: data.objects(focus, other) == values,
    SH.disjoint: lambda other: lambda data, focus, values: data.objects(focus, other).isdisjoint(values),
    SH.lessThan: lambda other: _compared(operator.lt, other),
    SH.lessThanOrEquals: lambda other: _compared(operator.le, other),
}
_COUNTED: Final[dict[Node, Callable[[int], Constraint]]] = {
    SH.minCount: lambda least: lambda _data, _focus, values: len(values) >= least,
    SH.maxCount: lambda most: lambda _data, _focus, values: len(values) <= most,
    SH.minLength: lambda least: _each(lambda value: _length(value) >= least),
    SH.maxLength: lambda most: _each(lambda value: _length(value) <= most),
}
_BOUND: Final[dict[Node, Callable[[Any, Any], bool]]] = {
    SH.minInclusive: operator.ge,
    SH.minExclusive: operator.gt,
    SH.maxInclusive: operator.le,
    SH.maxExclusive: operator.lt,
}
_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_SILENT: Final = frozenset(
    (SH.path, SH.severity, SH.message, SH.name, SH.description, SH.order, SH.group, SH.defaultValue, SH.deactivated)
) | {SH.flags, SH.qualifiedValueShape, *_TARGETS}
"""What a shape holds beside its constraints, or is read with one of them."""
_KINDS: Final = {
    SH.IRI: (NamedNode,),
    SH.BlankNode: (BlankNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BlankNode, NamedNode),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (NamedNode, Literal),
}
_PYTHON: Final = {
    XSD.integer: int,
    XSD.float: float,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: date,
    XSD.time: time,
    XSD.dateTime: datetime,
}
"""What a well-formed literal of a datatype is read as."""


def _sequence(parts: list[Path]) -> Path:
    def follow(data: Triples, focus: Any) -> Values:
        found: Values = {focus}
        for part in parts:
            found = {value for node in found for value in part(data, node)}
        return found

    return follow


def _repeated(step: Path, *, zero: bool, more: bool) -> Path:
    def follow(data: Triples, focus: Any) -> Values:
        found = set(step(data, focus))
        todo = set(found) if more else set()
        while todo:
            new = set(step(data, todo.pop())) - found
            found |= new
            todo |= new
        return found | {focus} if zero else found

    return follow


def _each(test: Callable[[Any], bool]) -> Constraint:
    """Met where each value meets a test."""
    return lambda _data, _focus, values: all(map(test, values))


def _bound(compare: Callable[[Any, Any], bool], bound: int | Decimal) -> Constraint:
    return _each(lambda value: compare(_number(value), bound))


def _compared(compare: Callable[[Any, Any], bool], other: NamedNode) -> Constraint:
    """Met where each value compares so with each value of another property."""
    return lambda data, focus, values: all(
        compare(*_comparable(a, b)) for b in data.objects(focus, other) for a in values
    )


def _among(shapes: list[Shape], enough: set[int]) -> Constraint:
    """Met where each value conforms to a number of the shapes that is enough."""
    return lambda data, _, values: all(
        sum(shape.conforms(data, value) for shape in shapes) in enough for value in values
    )


def _matches(value: Any, pattern: re.Pattern[str]) -> bool:
    return not isinstance(value, BlankNode) and pattern.search(value.value) is not None


def _iri(term: Node) -> NamedNode:
    if not isinstance(term, URIRef):
        raise UnsupportedError(f"no IRI: {term}")
    return NamedNode(str(term))


def _term(term: Node) -> Term:
    """A term of the shapes as one of a graph's that is equal where pySHACL holds the two for equal."""
    if not isinstance(term, rdflib.Literal):
        return _iri(term)
    if term.language:
        return Literal(str(term), language=term.language)
    if term.datatype == XSD.string:
        raise UnsupportedError("a string that names its datatype")
    return Literal(str(term)) if term.datatype is None else Literal(str(term), datatype=_iri(term.datatype))


def _length(value: Any) -> float:
    if isinstance(value, BlankNode):
        raise _UnsureError
    return len(value.value)


def _comparable(one: Any, two: Any) -> tuple[Any, Any]:
    """Two numbers, or two days without a time zone."""
    if all(isinstance(term, Literal) and term.datatype == _DATE and len(term.value) == 10 for term in (one, two)):
        days = tuple(to_term(term).value for term in (one, two))
        if all(isinstance(day, date) for day in days):
            return days[0], days[1]
    return _number(one), _number(two)


@lru_cache(maxsize=4096)
def _number(value: Any) -> int | Decimal:
    number = to_term(value).value if isinstance(value, Literal) else None
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise _UnsureError
    return number


def _is_of(value: Any, datatype: NamedNode) -> bool:
    """Whether a term is a well-formed literal of a datatype."""
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    return datatype == _STRING or _is_well_formed(value)


@lru_cache(maxsize=4096)
def _is_well_formed(literal: Literal) -> bool:
    term: Any = to_term(literal)
    return not term.ill_typed and isinstance(term.value, _PYTHON.get(term.datatype, object))
