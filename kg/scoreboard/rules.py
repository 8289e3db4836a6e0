"""On how many articles each trigger yields something: ``python -m kg.scoreboard.rules SOURCE...``.

A trigger is a word of a lexicon with the kind of what it yields: of the words in a statement's cue or a situation's
quote the one highest in the tree that its lexicon holds, or else the head. It is read off the rows that users get, so
that it needs no help from the rules. A trigger that lives on one article alone may be a rule made for that article.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from kg import articles
from kg.errors import KgError
from kg.scoreboard import extraction
from kg.scoreboard.scoring import Row, integer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc

    from kg.errors import InputError

_TRIGGERS: Final = {
    "statements": ("kind", "cue", "cues"),
    "casualties": ("harm", "quote", "casualties"),
    "alliances": ("kind", "quote", "alliances"),
    "mediations": ("role", "quote", "mediations"),
    "relations": ("type", "quote", "relations"),
    "events": ("type", "quote", "events"),
}
"""For each named query the column of the kind, the span that holds the trigger, and the lexicon."""


_CONTENT_WORDS: Final = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "ADV"})


class Trigger(NamedTuple):
    """What yields a row: the query, the kind of row, and the lemma of the word."""

    query: str
    kind: str
    word: str


def triggers(sources: Sequence[Path]) -> dict[Trigger, Counter[str]]:
    """For each trigger its number of rows by article, the most widespread trigger first.

    Raises:
        InputError: a source cannot be read.
    """
    from kg.nlp import lexicon, trained  # noqa: PLC0415 - heavy

    def refuse(error: InputError) -> None:
        raise error

    nlp = trained()
    rows = extraction.rows(sources, _TRIGGERS)
    found: dict[Trigger, Counter[str]] = defaultdict(Counter)
    for article in articles.read(sources, refuse):
        doc = nlp(article.text)
        for query, (kind, span, words) in _TRIGGERS.items():
            for row in rows[query][article.id]:
                word = _word(doc, row, span, lexicon.load(words).words())
                found[Trigger(query, row[kind], word)][article.id] += 1
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), -item[1].total(), item[0])))


def _word(doc: Doc, row: Row, span: str, known: frozenset[str]) -> str:
    """The lemma of the word in a row's span that triggered it."""
    begin, end = integer(row[f"{span}_begin"]), integer(row[f"{span}_end"])
    words = doc.char_span(begin or 0, end or 0, alignment_mode="expand")
    if words is None:
        return row[span].lower()
    listed = [t for t in words if not known.isdisjoint((t.lower_, t.lemma_.lower())) and t.pos_ in _CONTENT_WORDS]
    token = min(listed, key=lambda t: (sum(1 for _ in t.ancestors), t.i), default=words.root)
    return token.lemma_.lower()


def summary(found: Mapping[Trigger, Counter[str]]) -> str:
    """For each query: triggers, those of one article alone, and the share of rows that come from these."""
    lines = []
    for query in _TRIGGERS:
        own = [rows for trigger, rows in found.items() if trigger.query == query]
        single = [rows for rows in own if len(rows) == 1]
        total, alone = (sum(rows.total() for rows in group) for group in (own, single))
        share = alone / total if total else 0.0
        lines.append(f"{query}: {len(own)} triggers, {len(single)} on one article alone, {share:.0%} of {total} rows\n")
    return "".join(lines)


@click.command(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
@click.option("--single", is_flag=True, help="List only what lives on one article alone.")
def command(sources: tuple[Path, ...], *, single: bool) -> None:
    """List what triggers statements and situations, and on how many articles."""
    found = triggers(sources)
    click.echo("articles  rows  query       kind           word")
    for trigger, rows in found.items():
        if len(rows) == 1 or not single:
            where = f"  ({next(iter(rows))})" if len(rows) == 1 else ""
            click.echo(f"{len(rows):8}  {rows.total():4}  {trigger.query:10}  {trigger.kind:13}  {trigger.word}{where}")
    click.echo(f"\n{summary(found)}", nl=False)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; exit with 1 where a source is refused, with 2 if it was used wrongly."""
    try:
        command.main(arguments, prog_name="python -m kg.scoreboard.rules", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"rules: {error.format_message()}", err=True)
        sys.exit(2)
    except KgError as error:
        click.echo(f"rules: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
