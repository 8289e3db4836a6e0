"""The dates of a Doc, resolved against its article's date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spacy.language import Language

from kg.dates import find_dates
from kg.nlp.mentions import register

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


class DateFinder:
    """spaCy component: writes date expressions to ``doc._.dates``: start and end in tokens, the day in ISO form."""

    def __call__(self, doc: Doc) -> Doc:
        """Find dates; ``doc._.published`` is the article's date in ISO form, or empty."""
        published = date.fromisoformat(doc._.published) if doc._.published else None
        found = []
        for mention in find_dates(doc.text, published):
            span = doc.char_span(mention.span.begin, mention.span.end, alignment_mode="expand")
            if span is not None:
                day = mention.date.isoformat() if mention.date and mention.granularity == "day" else ""
                found.append({"start": span.start, "end": span.end, "date": day})
        doc._.dates = found
        return doc


class Calendar:
    """Looks dates up by token."""

    def __init__(self, doc: Doc) -> None:
        self._said = {i for a in doc._.statements if a["date_range"] for i in range(*a["date_range"])}
        self._at = {i: d for d in doc._.dates for i in range(d["start"], d["end"])}

    def is_date(self, token: Token) -> bool:
        """Whether a token stands in a date expression."""
        return token.i in self._at

    def day(self, tokens: tuple[int, int] | None) -> date | None:
        """The first day named in a token range, or None."""
        for i in range(*tokens) if tokens else ():
            found = self._at.get(i)
            if found and found["date"]:
                return date.fromisoformat(found["date"])
        return None

    def near(self, token: Token, start: int, end: int) -> str:
        """The day nearest to a token within tokens [start, end), in ISO form, or an empty string.

        The day on which something was said is not the day on which it happened.
        """
        days = [
            (abs(i - token.i), d["date"])
            for i in range(start, end)
            if i not in self._said and (d := self._at.get(i)) and d["date"]
        ]
        return min(days)[1] if days else ""


@Language.factory("dates", assigns=["doc._.dates"])
def make_date_finder(nlp: Language, name: str) -> DateFinder:
    """Component factory."""
    return DateFinder()


register("dates", [])
register("published", "")
