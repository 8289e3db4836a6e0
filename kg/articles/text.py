"""Bytes to text, and text to an article: encoding, header, title, date, boilerplate."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from kg.articles.boilerplate import boilerplate, without
from kg.dates import publication_date
from kg.errors import EmptyArticleError, UnreadableError
from kg.model import Article, Span

if TYPE_CHECKING:
    from collections.abc import Iterable
_DAY: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WITHOUT_MARK: Final = ["utf_7", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]
_CONTROL_SHARE: Final = 0.005
_LONGEST_TITLE: Final = 160


def decode(data: bytes, where: str) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by its mark, else UTF-8, else what charset-normalizer detects.

    The byte order mark is dropped and each line end becomes a line feed, as in :meth:`pathlib.Path.read_text`.

    Raises:
        UnreadableError: the bytes are no text.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    noise = UnreadableError(where, "this is no text", "save the article as text, in UTF-8")
    try:
        text = data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        if encoding or b"\0" in data or (detected := _detect(data)) is None:
            raise noise from None
        text = detected
    if "\0" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise noise
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _detect(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # only what is no UTF-8 needs it

    matches = from_bytes(data, cp_exclusion=_WITHOUT_MARK)
    best = matches.best()
    if best is None:
        return None
    # Code pages that explain the bytes equally well: take the one that English news is written in.
    equal = [match for match in matches if match.chaos <= best.chaos]
    return str(next((match for match in equal if match.encoding == "cp1252"), best))


def is_unicode(text: str) -> bool:
    """Whether `text` can stand in a graph: neither NUL nor half of a surrogate pair."""
    return "\0" not in text and not _SURROGATE.search(text)


def article(
    text: str, *, id_: str, origin: str, title: str = "", day: date | None = None, url: str = "", publisher: str = ""
) -> Article:
    """The article with this `text`, which is kept as it is; what is not given is read off the text.

    Raises:
        EmptyArticleError: nothing but white space, headers and the like.
    """
    spans = boilerplate(text)
    if not without(text, spans).strip():
        raise EmptyArticleError(origin, "there is no text", "give an article with at least one sentence")
    return Article(
        id=id_,
        text=text,
        title=" ".join(title.split()) or _headline(without(text[: 4 * _LONGEST_TITLE], _clipped(spans))),
        date=day or publication_date(text) or _day_in_name(id_),
        url=url,
        publisher=publisher,
        boilerplate=spans,
        origin=origin,
    )


def _day_in_name(name: str) -> date | None:
    """The day that a name such as ``reuters_2016-08-29_aleppo`` holds, if it is the only one."""
    days = set(_DAY.findall(name))
    try:
        return date.fromisoformat(days.pop()) if len(days) == 1 else None
    except ValueError:
        return None


def _clipped(spans: Iterable[Span]) -> list[Span]:
    end = 4 * _LONGEST_TITLE
    return [Span(span.begin, min(span.end, end)) for span in spans if span.begin < end]


def _headline(opening: str) -> str:
    r"""The first line where it looks like a headline: short, a line of its own, no sentence.

    >>> _headline("Rebels shell Aleppo\n\nRebels shelled the city of Aleppo on Monday.")
    'Rebels shell Aleppo'
    """
    first, end, rest = opening.lstrip().partition("\n")
    first = " ".join(first.split())
    words = first.split()
    if not end or not rest.strip() or not 3 <= len(words) <= 25 or len(first) > _LONGEST_TITLE:
        return ""
    if first.endswith((".", "!", "”", '"')):
        # "Erdogan Is In Syria With A Green Light." is a headline by its capitals.
        long = [word for word in words if len(word) > 3]
        return first if long and all(word[0].isupper() or word[0].isdigit() for word in long) else ""
    return "" if first.endswith((",", ";", ":", "-")) else first
