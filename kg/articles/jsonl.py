"""Articles from JSON Lines: one a line, with ``text`` and maybe ``id``, ``title``, ``date``, ``url``, ``publisher``."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from kg.articles.register import Register
from kg.articles.text import article, is_unicode
from kg.errors import EmptyArticleError, InputError, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.model import Article

Row = TypeVar("Row")


def records(
    lines: Iterable[bytes], *, stem: str, where: str, refused: Callable[[InputError], None]
) -> Iterator[Article]:
    """The articles in `lines`; a record that cannot be used goes to `refused`, and the others are still read.

    A record's text is kept character by character. A record without ``id`` is called by `stem` and its line's number.
    """
    found = ((number, line) for number, line in enumerate(lines, 1) if line.strip(b" \t\r\n\xef\xbb\xbf"))
    yield from unique(
        found, lambda line, name, origin: record(parsed(line, origin), name, origin), stem, where, refused
    )


def unique(
    rows: Iterable[tuple[int, Row]],
    make: Callable[[Row, str, str], Article],
    stem: str,
    where: str,
    refused: Callable[[InputError], None],
) -> Iterator[Article]:
    """The articles that `make` gives of numbered rows, each with its own identifier; the rest goes to `refused`."""
    empty = True
    with closing(Register()) as first:
        for number, row in rows:
            empty = False
            origin = f"{where}:{number}"
            try:
                found = make(row, f"{stem}-{number}", origin)
                if other := first.claim(found.id, str(number)):
                    problem = f"the id '{found.id}' stands in line {other} already"
                    raise RecordError(origin, problem, "give each its own")
                yield found
            except InputError as error:
                refused(error)
    if empty:
        refused(EmptyArticleError(where, "the file is empty", "give at least one record"))


def parsed(line: bytes, origin: str) -> dict[str, Any]:
    """The record in a line.

    Raises:
        RecordError: it is no JSON object.
    """
    try:
        record = json.loads(line.decode("utf-8-sig").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise RecordError(origin, f"byte {error.start + 1} is no UTF-8", "JSON is written in UTF-8") from error
    except (ValueError, RecursionError) as error:
        what = f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"
        raise RecordError(origin, f"broken JSON ({what})", "one complete JSON record a line") from error
    if not isinstance(record, dict):
        raise RecordError(origin, f"a JSON {type(record).__name__}, not a record", 'expected {"text": "…"}')
    return record


def record(record: Mapping[str, Any], name: str, origin: str) -> Article:
    """The article in a record, called `name` where it has no ``id``.

    Raises:
        InputError: it has no text, or a field is not what it should be.
    """
    id_ = _string(record, "id", origin).strip() or name
    text = _string(record, "text", origin)
    if not text.strip():
        raise RecordError(origin, "the record has no text", 'put the article under "text"')
    return article(
        text,
        id_=id_,
        origin=origin,
        title=_string(record, "title", origin),
        day=_day(_string(record, "date", origin).strip(), origin),
        url=_string(record, "url", origin).strip(),
        publisher=_string(record, "publisher", origin).strip(),
    )


def _string(record: Mapping[str, Any], key: str, origin: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and key == "id":
        return str(value)
    if not isinstance(value, str):
        raise RecordError(origin, f"'{key}' is a JSON {type(value).__name__}", "expected a string")
    if not is_unicode(value):
        raise RecordError(origin, f"'{key}' holds characters that are no text", "remove NUL and single surrogates")
    return value


def _day(value: str, origin: str) -> date | None:
    """A date as ISO 8601, with or without a time, or as RFC 2822 writes it."""
    if not value:
        return None
    for parse in (
        date.fromisoformat,
        lambda v: datetime.fromisoformat(v).date(),
        lambda v: parsedate_to_datetime(v).date(),
    ):
        try:
            return parse(value)
        except (ValueError, TypeError, IndexError):
            continue
    raise RecordError(origin, f"'{value}' is no date", "write it as YYYY-MM-DD")
