"""An article in the terminal: sentence by sentence, with what was extracted under each and its characters marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from kg.errors import GraphError
from kg.query import ask, run

if TYPE_CHECKING:
    from pyoxigraph import Store

Row: TypeAlias = Mapping[str, str]
Text: TypeAlias = tuple[str, list[tuple[int, int]]]
"""An article's text, and begin and end of its sentences."""

_SENTENCES: Final = """
PREFIX ckg: <https://w3id.org/ckg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
SELECT DISTINCT ?document ?text ?begin ?end WHERE {
  ?article a ckg:Article ; dcterms:identifier ?document ; nif:isString ?text .
  OPTIONAL { ?span a nif:Sentence ; nif:referenceContext ?article ; nif:beginIndex ?begin ; nif:endIndex ?end }
} ORDER BY ?document ?begin"""


@dataclass(frozen=True, slots=True)
class Style:
    """How one role is marked: ANSI codes in a terminal, a sign under each character elsewhere."""

    ansi: str
    sign: str


STYLES: Final[dict[str, Style]] = {
    "content": Style("4", "-"),
    "fact": Style("36", "="),
    "source": Style("1;34", "S"),
    "cue": Style("1;33", "C"),
}
"""Role to style; where two roles share a character the later one shows."""


@dataclass(slots=True)
class _Found:
    """What was extracted from one article: lines by the offset they belong to, and marked characters by role."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    marks: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def mark(self, role: str, row: Row, prefix: str) -> None:
        """Mark the characters between ``PREFIX_begin`` and ``PREFIX_end``, where the row has them."""
        begin, end = row.get(f"{prefix}_begin"), row.get(f"{prefix}_end")
        if begin and end:
            self.marks[role].append((int(begin), int(end)))


def explain(store: Store, document: str | None = None, *, color: bool = False, width: int = 100) -> Iterator[str]:
    """The lines that explain one article of a graph, or all of them.

    Args:
        store: the graph, its default graph the union of the articles' graphs.
        document: identifier of the article; None for all.
        color: mark characters with ANSI styles; otherwise a line of signs stands under each marked one.
        width: columns of the terminal.

    Raises:
        GraphError: the graph holds no such article.
    """
    articles = _articles(store)
    if document is not None and document not in articles:
        known = ", ".join(list(articles)[:10]) or "none"
        raise GraphError("", f"no article '{document}' in this graph", f"it holds: {known}")
    found = _collect(store, articles)
    titles = {row["document"]: row for row in _rows(store, "articles")}
    yield _legend(color)
    for name, article in articles.items():
        if document in {None, name}:
            yield from _article(titles[name], article, found[name], color=color, width=width)


def _articles(store: Store) -> dict[str, Text]:
    """Text and sentences of each article, by identifier."""
    articles: dict[str, Text] = {}
    for name, text, begin, end in ask(store, _SENTENCES).rows:
        _, sentences = articles.setdefault(name, (text, []))
        sentences.append((int(begin), int(end)) if begin else (0, len(text)))
    for _, sentences in articles.values():
        sentences.sort()
    return articles


def _rows(store: Store, query: str) -> list[Row]:
    """What a named query gives, each row by its columns."""
    result = run(store, query)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def _collect(store: Store, articles: Mapping[str, Text]) -> dict[str, _Found]:
    found: dict[str, _Found] = defaultdict(_Found)
    names = {row["statement"]: row for row in _rows(store, "statements")}
    for row in names.values():
        here = found[row["document"]]
        for role, prefix in (("content", "content"), ("content", "content2"), ("source", "source"), ("cue", "cue")):
            here.mark(role, row, prefix)
        here.lines.append((int(row["cue_begin"]), _statement(row, names, articles[row["document"]][0])))
    for query, describe in _SITUATIONS.items():
        for row in _rows(store, query):
            here = found[row["document"]]
            here.mark("fact", row, "quote")
            here.lines.append((int(row["quote_begin"]), describe(row)))
    return found


def _statement(row: Row, names: Mapping[str, Row], text: str) -> str:
    source = row["source"] or row["source_text"] or "nobody named"
    ends = ((row[f"{part}_begin"], row[f"{part}_end"]) for part in ("content", "content2"))
    content = " … ".join(" ".join(text[int(begin) : int(end)].split()) for begin, end in ends if begin)
    parts = [f"{row['kind']} by {source}", f"“{row['cue']}”", row["form"]]
    if row["about"]:
        parts.append(f"about {row['about'].replace('|', ', ')}")
    if row["denies"]:
        parts.append(f"denies {_short(row['denies'], names)}")
    if row["nested_in"]:
        parts.append(f"within {_short(row['nested_in'], names)}")
    if row["date"]:
        parts.append(row["date"])
    return _joined(parts) + (f": {content}" if content else "")


def _short(iri: str, names: Mapping[str, Row]) -> str:
    other = names.get(iri)
    return f"the {other['kind']} by {other['source'] or 'nobody named'}" if other else iri


def _casualty(row: Row) -> str:
    bounds = row["min"] if row["min"] == row["max"] else f"{row['min'] or '…'} to {row['max'] or '…'}"
    parts = [f"{row['harm']} {bounds} ({row['qualifier']})", row["victims"]]
    parts += [f"{name} {row[name]}" for name in ("side", "perpetrator", "place", "date", "source") if row[name]]
    return _joined(parts)


def _alliance(row: Row) -> str:
    return _joined([f"{row['supporter']} {row['kind']} {row['supported']}", *_asserted(row)])


def _mediation(row: Row) -> str:
    parties = f"between {row['parties'].replace('|', ', ')}" if row["parties"] else ""
    conflict = f"in {row['conflict']}" if row["conflict"] else ""
    return _joined([f"{row['mediator']} {row['role']}", parties, conflict, *_asserted(row)])


def _relation(row: Row) -> str:
    since = f"since {row['since']}" if row["since"] else ""
    return _joined([f"{row['a']} {row['type']} {row['b']}", row["office"], since, *_asserted(row)])


def _event(row: Row) -> str:
    roles = [f"{name} {row[name]}" for name in ("agent", "target", "place", "date") if row[name]]
    return _joined([f"{'no ' if row['negated'] == 'true' else ''}{row['type']}", *roles, *_asserted(row)])


_SITUATIONS: Final = {
    "casualties": _casualty,
    "alliances": _alliance,
    "mediations": _mediation,
    "relations": _relation,
    "events": _event,
}
"""Named query to the line that describes one of its rows."""


def _asserted(row: Row) -> list[str]:
    return [f"so {row['asserted_by']}"] if row["asserted_by"] else []


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)


def _legend(color: bool) -> str:
    return "  ".join(_styled(role, role) if color else f"{style.sign} {role}" for role, style in STYLES.items())


def _styled(text: str, role: str) -> str:
    return f"\x1b[{STYLES[role].ansi}m{text}\x1b[0m"


def _article(row: Row, article: Text, found: _Found, *, color: bool, width: int) -> Iterator[str]:
    yield ""
    heading = _joined([row["document"], row["date"], row["publisher"], row["title"]])
    yield f"\x1b[1m{heading}\x1b[0m" if color else heading
    text, sentences = article
    roles = _roles(len(text), found.marks)
    lines = sorted(found.lines)
    at = 0
    for number, (begin, end) in enumerate(sentences, 1):
        yield ""
        yield from _sentence(number, text[begin:end], roles[begin:end], color, width)
        last = number == len(sentences)
        while at < len(lines) and (last or lines[at][0] < end):
            yield f"      > {lines[at][1]}"
            at += 1


def _roles(length: int, marks: Mapping[str, Sequence[tuple[int, int]]]) -> list[str]:
    roles = [""] * length
    for role in STYLES:
        for begin, end in marks.get(role, ()):
            roles[begin:end] = [role] * (end - begin)
    return roles


def _sentence(number: int, text: str, roles: Sequence[str], color: bool, width: int) -> Iterator[str]:
    """A sentence in lines of at most `width` columns, each followed by its signs where there is no color."""
    label = f"{number:4}  "
    for begin, end in _wrapped(text, max(20, width - len(label))):
        # Line feeds inside a sentence, and what else would move the cursor, show as spaces.
        line = "".join(c if c.isprintable() else " " for c in text[begin:end])
        if color:
            yield label + "".join(_styled(part, role) if role else part for part, role in _runs(line, roles[begin:end]))
        else:
            yield label + line
            signs = "".join(STYLES[role].sign if role else " " for role in roles[begin:end]).rstrip()
            if signs:
                yield " " * len(label) + signs
        label = " " * len(label)


def _wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each line: broken at white space, or inside a word that is longer than a line."""
    for match in re.finditer(rf"\S(?:.{{0,{width - 2}}}\S)?(?=\s|$)|\S{{{width}}}", text, re.DOTALL):
        yield match.span()


def _runs(text: str, roles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The text cut where the role changes."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or roles[at] != roles[begin]:
            yield text[begin:at], roles[begin]
            begin = at
