"""From the folder of facts to the table of titles and role nouns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.gazetteer.table import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, str]

ROLE_COLUMNS: Final = ("term", "plural", "actor_type", "plural_type", "source")
_PLAIN: Final = re.compile(r"[a-z][a-z' -]*[a-z]")


def roles(facts: Path, heads: Path, portfolios: Path, excluded: Path) -> Iterator[Row]:
    """The curated head nouns, and those terms of the source that end in one, or are one "of" or "for" a portfolio.

    The type follows from the head noun, so that a wrong type in the source has no effect.
    """
    known = {row["term"]: row for row in read_rows(heads)}
    plurals = {row["plural"]: row for row in known.values() if row["plural"]}
    fields = {row["portfolio"] for row in read_rows(portfolios)}
    out = {row["word"] for row in read_rows(excluded)}
    terms = dict(known)
    for row in read_rows(facts / "roles.csv"):
        term = row["term"]
        if term in terms or term in plurals or not _PLAIN.fullmatch(term) or out.intersection(term.split()):
            continue
        if made := _from_head(term, known, fields):
            terms[term] = made
    for noun, words in (("minister", ("of", "for")), ("ministry", ("of",)), ("department", ("of",))):
        for field in sorted(fields):
            for tail in (f" {word} {field}" for word in words):
                terms.setdefault(f"{noun}{tail}", _made(f"{noun}{tail}", known[noun], tail, "general knowledge"))
    yield from (terms[term] for term in sorted(terms))


def _from_head(term: str, known: dict[str, Row], fields: set[str]) -> Row | None:
    head, _, rest = re.sub(r" (of|for) ", "\0", term, count=1).partition("\0")
    if rest:
        last = head.split()[-1]
        tail = term[len(head) :]
        return _made(term, known[last], tail, "PETRARCH") if last in known and rest in fields else None
    words = term.split()
    ends = (" ".join(words[i:]) for i in range(1, len(words)))
    row = next((known[end] for end in ends if end in known), None)
    return _made(term, row, "", "PETRARCH") if row else None


def _made(term: str, head: Row, tail: str, source: str) -> Row:
    before = term[: len(term) - len(tail) - len(head["term"])]
    return {
        "term": term,
        "plural": f"{before}{head['plural']}{tail}" if head["plural"] else "",
        "actor_type": head["actor_type"],
        "plural_type": head["plural_type"],
        "source": source,
    }
