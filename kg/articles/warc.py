"""Articles from web archives (WARC, ISO 28500), such as Common Crawl's news: the pages in English; needs warcio."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Final

from kg.articles.html import page
from kg.articles.jsonl import unique
from kg.errors import LanguageError, RecordError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.errors import InputError
    from kg.model import Article

_PAGES: Final = ("text/html", "application/xhtml+xml")
_LARGEST: Final = 8 << 20
"""Bytes; no article's page is larger."""
_OPENING: Final = 3000
"""Characters that tell the language."""


def pages(stream: IO[bytes], *, stem: str, where: str, refused: Callable[[InputError], None]) -> Iterator[Article]:
    """The articles of the pages that were answered with 200; each is called by its record's identifier.

    Raises:
        UnreadableError: warcio or py3langid is not installed, or the file is no WARC.
    """
    yield from unique(responses(stream, where), article, stem, where, refused)


def article(response: tuple[str, str, bytes], name: str, origin: str) -> Article:
    """The article on a page: its record's identifier, its address, its bytes.

    Raises:
        InputError: it shows no article, or not one in English.
    """
    identifier, address, data = response
    where = f"{origin} {address}"
    if len(data) > _LARGEST:
        raise RecordError(where, f"a page of more than {_LARGEST >> 20} MiB", "leave it out")
    try:
        found = page(data, id_=identifier or name, where=where)
    except (ValueError, AssertionError, AttributeError, TypeError, RecursionError) as error:
        raise RecordError(where, f"cannot be parsed ({error})", "leave it out") from error
    language = _language(found.text)
    if language != "en":
        raise LanguageError(where, f"the language is '{language}'", "only English is read")
    return replace(found, url=found.url or address)


def _language(text: str) -> str:
    """The code (ISO 639-1) of the language of a text."""
    from py3langid import classify  # noqa: PLC0415  # an extra

    return str(classify(text[:_OPENING])[0])


def responses(stream: IO[bytes], where: str) -> Iterator[tuple[int, tuple[str, str, bytes]]]:
    """The number, identifier, address and body of each page."""
    try:
        import py3langid  # noqa: F401, PLC0415  # told before the work
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415
    except ImportError as error:
        problem = f"web archives need {error.name}"
        raise UnreadableError(where, problem, "pip install 'conflict-kg[warc]'") from error
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if record.rec_type == "response" and _is_page(record.http_headers):
                identifier = str(record.rec_headers.get_header("WARC-Record-ID") or "")
                address = str(record.rec_headers.get_header("WARC-Target-URI") or "")
                body = record.content_stream().read(_LARGEST + 1)
                yield number, (identifier.strip("<>").removeprefix("urn:uuid:"), address.strip("<>"), body)
    except ArchiveLoadFailed as error:
        raise UnreadableError(where, f"is no WARC ({error})", "fetch it again") from error


def _is_page(headers: Any) -> bool:
    if headers is None or headers.get_statuscode() != "200":
        return False
    kind = str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return kind in _PAGES
