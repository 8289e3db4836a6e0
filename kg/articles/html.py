"""An article from a web page, by trafilatura: main text, title, date, publisher, address; nothing is fetched."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from kg.articles.text import article, is_unicode
from kg.errors import EmptyArticleError, NoArticleError

if TYPE_CHECKING:
    from kg.model import Article

_SENTENCE: Final = re.compile(r"\w[.!?…][\"”’')\]]*(?:\s|$)")
_SHORTEST: Final = 40


def page(data: bytes, *, id_: str, where: str) -> Article:
    """The article that the page `data` shows.

    Raises:
        EmptyArticleError: the page is empty.
        NoArticleError: the page shows no running text.
    """
    if not data.strip():
        raise EmptyArticleError(where, "the file is empty", "give a page with an article")
    found = _extract(data)
    text: str = (found.get("text") or "").replace("\r\n", "\n").strip()
    # Menus and forms leave words, but no sentence.
    if not _SENTENCE.search(text) or not is_unicode(text):
        raise NoArticleError(where, "no article in this page", "save the article itself, or its text as .txt")
    return article(
        text,
        id_=id_,
        origin=where,
        title=found.get("title") or "",
        day=_day(found.get("date")),
        url=found.get("source") or "",
        publisher=found.get("source-hostname") or "",
    )


def _extract(data: bytes) -> dict[str, Any]:
    from trafilatura import extract  # noqa: PLC0415  # half a second that other inputs need not pay

    result = extract(
        data,
        output_format="json",
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        # The latest date is fixed: by default it is today, and the same page would read differently next year.
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2100-01-01"},
        config=_settings(),
    )
    found: dict[str, Any] = json.loads(result) if result else {}
    return found


@cache
def _settings() -> Any:
    from trafilatura.settings import DEFAULT_CONFIG  # noqa: PLC0415

    settings = deepcopy(DEFAULT_CONFIG)
    # Below this length trafilatura falls back to a reading without paragraphs; short news is news.
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST)
    return settings


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
