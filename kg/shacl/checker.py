"""Whether a graph meets its shapes, told in a hundredth of the time that a report takes.

The shapes are compiled once: paths and constraints become functions over an index of the graph's triples, and take all
focus nodes of a shape at once. They hold as pySHACL (https://github.com/RDFLib/pySHACL) evaluates them; of what it
says, only the verdict is kept. What is not compiled here, or cannot be told with certainty, is left to it.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, RDFS, SH, XSD, Graph, URIRef

from kg.shacl.values import UnsureError, comparable, is_of, length, matches, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad
    from rdflib.term import Node

Term: TypeAlias = NamedNode | BlankNode | Literal
Values: TypeAlias = AbstractSet[Any]
Found: TypeAlias = dict[Any, Values]
"""The value nodes of each focus node."""
Path: TypeAlias = "Callable[[Triples, Iterable[Any]], Found]"
"""From focus nodes to their value nodes."""
Constraint: TypeAlias = "Callable[[Triples, Found, Values], bool]"
"""Whether focus nodes with their value nodes meet it; the value nodes are also given all together."""

_TYPE: Final = NamedNode(str(RDF.type))
_SUBCLASS: Final = NamedNode(str(RDFS.subClassOf))
_NONE: Final[frozenset[Any]] = frozenset()
_NOTHING: Final[dict[Any, set[Any]]] = {}
_DEEPEST: Final = 4
"""How deep shapes and paths may stand in one another; pySHACL refuses what is much deeper."""


class UnsupportedError(Exception):
    """The shapes hold what is not compiled here."""


class Triples:
    """The triples of some quads, by predicate; their graphs do not count."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._forward: dict[Any, dict[Any, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for quad in quads:
            self._forward[quad.predicate][quad.subject].add(quad.object)
        self._backward: dict[Any, dict[Any, set[Any]]] = {}

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
        return self.passes(data, (focus,), must=False)

    def passes(self, data: Triples, nodes: Iterable[Any], *, must: bool) -> bool:
        """Whether focus nodes have no result; with `must` none of severity ``sh:Violation``."""
        found = self.path(data, nodes)
        values = set().union(*found.values())
        asked = self.constraints if self.is_must or not must else ()
        return all(constraint(data, found, values) for constraint in asked) and all(
            shape.passes(data, values, must=must) for shape in self.properties
        )


@dataclass(frozen=True, slots=True)
class Target:
    """The nodes that shapes are for."""

    nodes: frozenset[Any]
    classes: frozenset[Any]
    subjects_of: frozenset[Any]
    objects_of: frozenset[Any]

    def focus_nodes(self, data: Triples) -> Values:
        """All focus nodes in a graph."""
        return self.nodes.union(
            *(data.from_objects(_TYPE).get(cls, _NONE) for cls in self.classes),
            *(data.from_subjects(predicate) for predicate in self.subjects_of),
            *(data.from_objects(predicate) for predicate in self.objects_of),
        )


class Checker:
    """Compiled shapes.

    Raises:
        UnsupportedError: they hold what is not compiled here.
    """

    def __init__(self, shapes: Graph) -> None:
        self._shapes: dict[Target, list[Shape]] = defaultdict(list)
        for target, shape in _Compiler(shapes).targets():
            self._shapes[target].append(shape)

    def passes(self, quads: Iterable[Quad], *, must: bool = False) -> bool:
        """Whether it is sure that pySHACL would find nothing in the quads; with `must` no ``sh:Violation``."""
        data = Triples(quads)
        if data.from_subjects(_SUBCLASS):
            return False
        try:
            for target, shapes in self._shapes.items():
                nodes = target.focus_nodes(data)
                if nodes and not all(shape.passes(data, nodes, must=must) for shape in shapes):
                    return False
        except UnsureError:
            return False
        return True


def _itself(_data: Triples, nodes: Iterable[Any]) -> Found:
    return {node: {node} for node in nodes}


def _looked_up(table: dict[Any, set[Any]], nodes: Iterable[Any]) -> Found:
    return {node: table.get(node, _NONE) for node in nodes}


class _Compiler:
    """Shapes of one graph, as it is read."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        if (None, RDF.type, SH.ConstraintComponent) in graph or (None, SH.parameter, None) in graph:
            raise UnsupportedError("constraint components of the user's own")
        classes = {RDFS.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}
        if any((None, RDF.type, cls) in graph for cls in classes):
            raise UnsupportedError("shapes that are classes")

    def targets(self) -> Iterator[tuple[Target, Shape]]:
        for node in {node for kind in _TARGETS for node in self._graph.subjects(kind)}:
            named = (frozenset(_term(value) for value in self._graph.objects(node, kind)) for kind in _TARGETS)
            yield Target(*named), self.shape(node, 0)

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
            return lambda data, nodes: _looked_up(data.from_subjects(predicate), nodes)
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
            return lambda data, nodes: _looked_up(data.from_objects(inverse), nodes)
        if kind == SH.alternativePath:
            return _either([self.path(part, depth + 1) for part in self._list(value, least=2)])
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
        return [_each(partial(is_of, datatype=_iri(datatype)))]

    def node_kind(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        kind = self._one(node, predicate)
        if kind not in _KINDS:
            raise UnsupportedError(f"the kind of node {kind}")
        kinds = _KINDS[kind]
        return [_each(lambda value: isinstance(value, kinds))]

    def in_(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        allowed = frozenset(_term(item) for item in self._list(self._one(node, predicate)))
        return [lambda _data, _found, values: allowed.issuperset(values)]

    def has_value(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        wanted = frozenset(_term(item) for item in self._graph.objects(node, predicate))
        return [_for_each_focus(wanted.issubset)]

    def pattern(self, node: Node, predicate: Node, _depth: int) -> list[Constraint]:
        flags = str(self._one(node, SH.flags, "")).lower()
        marked = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
        try:
            patterns = [re.compile(str(text), marked) for text in self._graph.objects(node, predicate)]
        except re.error as error:
            raise UnsupportedError(f"a pattern at {node}: {error}") from error
        return [_each(partial(matches, pattern=pattern)) for pattern in patterns]

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
        return [
            lambda data, found, _values: all(
                compare(sum(shape.conforms(data, value) for value in values), bound) for values in found.values()
            )
        ]


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
    SH["class"]: lambda cls: lambda data, _found, values: values <= data.from_objects(_TYPE).get(cls, _NONE),
    SH.equals: lambda other: _beside(operator.eq, other),
    SH.disjoint: lambda other: _beside(lambda values, others: values.isdisjoint(others), other),
    SH.lessThan: lambda other: _compared(operator.lt, other),
    SH.lessThanOrEquals: lambda other: _compared(operator.le, other),
}
_COUNTED: Final[dict[Node, Callable[[int], Constraint]]] = {
    SH.minCount: lambda least: _for_each_focus(lambda values: len(values) >= least),
    SH.maxCount: lambda most: _for_each_focus(lambda values: len(values) <= most),
    SH.minLength: lambda least: _each(lambda value: length(value) >= least),
    SH.maxLength: lambda most: _each(lambda value: length(value) <= most),
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


def _sequence(parts: list[Path]) -> Path:
    def follow(data: Triples, nodes: Iterable[Any]) -> Found:
        found = _itself(data, nodes)
        for part in parts:
            next_ = part(data, set().union(*found.values()))
            found = {focus: set().union(*(next_[node] for node in reached)) for focus, reached in found.items()}
        return found

    return follow


def _either(parts: list[Path]) -> Path:
    def follow(data: Triples, nodes: Iterable[Any]) -> Found:
        nodes = [*nodes]
        ways = [part(data, nodes) for part in parts]
        return {node: set().union(*(way[node] for way in ways)) for node in nodes}

    return follow


def _repeated(step: Path, *, zero: bool, more: bool) -> Path:
    def from_one(data: Triples, focus: Any) -> Values:
        found = set(step(data, (focus,))[focus])
        todo = set(found) if more else set()
        while todo:
            node = todo.pop()
            new = set(step(data, (node,))[node]) - found
            found |= new
            todo |= new
        return found | {focus} if zero else found

    return lambda data, nodes: {node: from_one(data, node) for node in nodes}


def _each(test: Callable[[Any], bool]) -> Constraint:
    """Met where each value meets a test."""
    return lambda _data, _found, values: all(map(test, values))


def _for_each_focus(test: Callable[[Values], bool]) -> Constraint:
    """Met where the values of each focus node meet a test."""
    return lambda _data, found, _values: all(map(test, found.values()))


def _beside(test: Callable[[Values, Values], bool], other: NamedNode) -> Constraint:
    """Met where the values of each focus node, and those that it has of another property, meet a test."""

    def meets(data: Triples, found: Found, _values: Values) -> bool:
        table = data.from_subjects(other)
        return all(test(values, table.get(focus, _NONE)) for focus, values in found.items())

    return meets


def _bound(compare: Callable[[Any, Any], bool], bound: int | Decimal) -> Constraint:
    return _each(lambda value: compare(number(value), bound))


def _compared(compare: Callable[[Any, Any], bool], other: NamedNode) -> Constraint:
    """Met where each value compares so with each value of another property."""
    return _beside(
        lambda values, others: all(compare(*comparable(a, b)) for b in others for a in values),
        other,
    )


def _among(shapes: list[Shape], enough: set[int]) -> Constraint:
    """Met where each value conforms to a number of the shapes that is enough."""
    return lambda data, _found, values: all(
        sum(shape.conforms(data, value) for shape in shapes) in enough for value in values
    )


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
