"""Date expressions in English news, found by a small grammar and resolved against the article's own date.

The words are data (``dates.toml``); the library dateparser does the arithmetic of what was found. Nothing depends on
the system's clock, zone or locale: without a reference "Oct. 20" and "Thursday" have no date.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Literal

import dateparser

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

Granularity = Literal["day", "week", "month", "year"]

_WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(files("kg").joinpath("dates.toml").read_text(encoding="utf-8"))
_GAP: Final = r"[ \t\n\u00a0]{1,3}"
_HEADER: Final = 1000
"""Characters at an article's beginning in which its own date is looked for."""
_LEADING: Final = 7
"""Words that may stand before it, and one."""
_LEAP: Final = 2000
_MONTHS: Final = 12
_LINE: Final = re.compile(r"^[ \t]{0,20}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: its characters, its date and how fine that is.

    For a week, month or year `date` is a day that lies in it (the first of a month or year); None where the expression
    cannot be resolved.
    """

    span: Span
    date: date | None
    granularity: Granularity

    @property
    def iso(self) -> str:
        """The date as fine as it is known, ``1994``, ``1994-05`` or ``1994-05-12``; empty for a week, or unresolved."""
        length = {"day": 10, "month": 7, "year": 4, "week": 0}[self.granularity]
        return self.date.isoformat()[:length] if self.date else ""


def resolve(text: str, reference: date | None) -> date | None:
    """The day that an expression names in an article of the day `reference`; None for anything less exact.

    A weekday is the most recent one, the article's own day included, even where the article looks ahead or was written
    the day before; a day without a year is the most recent one, too. "Overnight" is the article's day.

    >>> resolve("Thursday", date(2020, 10, 23)), resolve("Sept. 27", date(2020, 10, 23))
    (datetime.date(2020, 10, 22), datetime.date(2020, 9, 27))
    >>> resolve("Thursday", None)
    """
    mentions = find_dates(text, reference)
    whole = text.strip()
    if len(mentions) != 1 or mentions[0].granularity != "day" or len(mentions[0].span.of(text)) < len(whole) // 2:
        return None
    return mentions[0].date


def find_dates(text: str, reference: date | None) -> tuple[DateMention, ...]:
    """Every date expression in `text`, from left to right; what is relative is resolved against `reference`."""
    return tuple(DateMention(_span(m), *_resolved(_parts(m), reference)) for m in _grammar().finditer(text))


def publication_date(text: str) -> date | None:
    r"""The day that an article's opening lines give as its own: at the beginning of a line, with its year.

    Before it may stand words such as "Published", and words in capitals: agencies and the places of datelines.

    >>> publication_date("Rebels retreat\n\nAFP  Saturday 20 Sep 2014\n\nAt least 18 rebels")
    datetime.date(2014, 9, 20)
    """
    for line in _LINE.finditer(text[:_HEADER]):
        at = line.end()
        for _ in range(_LEADING):
            found = _grammar().match(text, at)
            parts = _parts(found) if found else {}
            day = _resolved(parts, None)[0] if parts.keys() & {"numeric", "day"} else None
            if day:
                return day
            word = _header_word().match(text, at)
            if word is None:
                break
            at = word.end()
    return None


def _span(match: re.Match[str]) -> Span:
    """The characters of the expression itself, without the preposition that told it from other words."""
    inner = next((g for g in ("month_span", "year_span") if match[g] is not None), 0)
    return Span(match.start(inner), match.end(inner))


def _parts(match: re.Match[str]) -> dict[str, str]:
    """What a match holds by role; the groups of one role are numbered, so that each alternative has its own."""
    return {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}


def _resolved(parts: dict[str, str], reference: date | None) -> tuple[date | None, Granularity]:
    if "numeric" in parts:
        return _numeric(parts["numeric"]), "day"
    if "day" in parts:
        return _calendar_day(
            int(parts["day"].rstrip("stndrh")), _month(parts["month"]), parts.get("year"), reference
        ), "day"
    if "month" in parts:
        return _whole_month(_month(parts["month"]), parts.get("year"), reference), "month"
    if "year" in parts:
        return date(int(parts["year"]), 1, 1), "year"
    if "count" in parts:
        return _ago(parts["count"].lower(), parts["unit"].lower(), reference)
    if "period" in parts:
        return _period(parts["which"].lower(), parts["period"].lower(), reference)
    if reference is None:
        return None, "day"
    if "relative" in parts:
        return _shifted(reference, _WORDS["days"][" ".join(parts["relative"].lower().split())]), "day"
    if "which" in parts:
        # "Last Tuesday" is the past week's for some and the most recent one for others, "next Tuesday" likewise.
        return None, "day"
    back = (reference.weekday() - _number_of("weekdays")[parts["weekday"].lower()]) % 7
    return _shifted(reference, -back), "day"


def _numeric(text: str) -> date | None:
    a, b, c = (int(n) for n in re.split(r"[-/.]", text))
    if a > 31:  # no day of a month
        year, month, day = a, b, c
    elif b > _MONTHS:
        year, month, day = c, a, b
    elif "/" in text and a <= _MONTHS and a != b:
        return None
    else:
        year, month, day = c, b, a
    return _date(year, month, day)


def _calendar_day(day: int, month: int, year: str | None, reference: date | None) -> date | None:
    if year is not None:
        return _date(int(year), month, day)
    if reference is None or not _date(_LEAP, month, day):
        return None
    return _parsed(f"{day} {_WORDS['months'][str(month)][0]}", reference)


def _whole_month(month: int, year: str | None, reference: date | None) -> date | None:
    if year is not None:
        return date(int(year), month, 1)
    return reference and date(reference.year - (month > reference.month), month, 1)


def _ago(count: str, unit: str, reference: date | None) -> tuple[date | None, Granularity]:
    granularity: Granularity = unit.removesuffix("s")  # type: ignore[assignment] # the grammar knows no other unit
    found = _parsed(f"{count} {unit} ago", reference) if reference else None
    if found and granularity in {"month", "year"}:
        found = found.replace(day=1, month=1 if granularity == "year" else found.month)
    return found, granularity


def _period(which: str, unit: str, reference: date | None) -> tuple[date | None, Granularity]:
    step: int = _WORDS["periods"][which]
    if reference is None:
        return None, unit  # type: ignore[return-value] # the grammar knows no other unit
    if unit == "week":
        return _shifted(reference, 7 * step), "week"
    months = reference.year * 12 + reference.month - 1 + step * (12 if unit == "year" else 1)
    first = _date(months // 12, 1 if unit == "year" else months % 12 + 1, 1)
    return first, "year" if unit == "year" else "month"


@lru_cache(maxsize=4096)
def _parsed(expression: str, reference: date) -> date | None:
    base = datetime.combine(reference, time())
    found = dateparser.parse(
        expression,
        languages=["en"],
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "DMY",
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return found.date() if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _month(word: str) -> int:
    return _number_of("months")[word.rstrip(".").lower()]


@cache
def _number_of(table: str) -> dict[str, int]:
    return {word.lower(): int(number) for number, words in _WORDS[table].items() for word in words}


def _any(words: Iterable[str], *, case: bool = False) -> str:
    """One of `words`, longest first: as it stands or in capitals; without `case`, with a small or large initial."""
    forms = {w for word in words for w in ((word, word.upper()) if case else (word, word.capitalize()))}
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", _GAP) for w in sorted(forms, key=lambda w: (-len(w), w))) + ")"


def _dotted(words: Iterable[list[str]]) -> str:
    """One of the names in full, or of their abbreviations with or without a period."""
    lists = list(words)
    return rf"(?:{_any((w[0] for w in lists), case=True)}\b|{_any((a for w in lists for a in w[1:]), case=True)}\b\.?)"


@cache
def _grammar() -> re.Pattern[str]:
    """All expressions as one; every repetition in it is bounded, so that the search is linear."""
    month, weekday = _dotted(_WORDS["months"].values()), _any((w[0] for w in _WORDS["weekdays"].values()), case=True)
    number, year = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b", r"(?:19|20)\d\d(?![\d/]|[.,]\d|-\d)"
    around, ago, periods = _WORDS["around"], _WORDS["ago"], _any(_WORDS["periods"])
    part = rf"(?:{_any(around['parts'])}(?:-|{_GAP}))"
    counts, units = rf"[1-9]\d{{0,2}}|{_any(ago['numbers'])}", rf"{_any(ago['units'])}s?"
    before_month, before_year = _any(around["before_month"]), _any(around["before_year"])

    def some(role: str, expression: str) -> str:
        return rf"(?P<{role}{next(numbers)}>{expression})"

    numbers = count()
    any_day = rf"(?:{_dotted(_WORDS['weekdays'].values())},?{_GAP})?"

    def maybe_year() -> str:
        return rf"(?:,?{_GAP}{some('year', year)})?"

    alternatives = (
        some("numeric", r"\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d\d?(?P<sep>[-/.])\d\d?(?P=sep)(?:19|20)\d\d")
        + r"(?![\d/]|[-.]\d)",
        rf"{any_day}{some('day', number)}(?:{_GAP}of)?{_GAP}{some('month', month)}{maybe_year()}",
        rf"{any_day}{some('month', month)}{_GAP}{some('day', number)}(?!:|[.,]\d){maybe_year()}",
        rf"{part}?{some('month', month)},?{_GAP}(?:of{_GAP})?{some('year', year)}",
        rf"{some('count', counts)}{_GAP}{some('unit', units)}{_GAP}ago",
        rf"{some('which', periods)}{_GAP}{some('period', _any(u for u in ago['units'] if u != 'day'))}",
        rf"{some('which', periods)}{_GAP}{some('weekday', weekday)}",
        some("relative", _any(_WORDS["days"])),
        some("weekday", weekday),
        rf"(?:{before_month}|{periods}){_GAP}(?P<month_span>{part}?{some('month', month)})(?!\.?{_GAP}\d)",
        rf"{part}{some('month', month)}",
        rf"(?:{before_year}{_GAP})(?P<year_span>{part}?{some('year', year)})(?![%-])",
        rf"{part}{some('year', year)}(?![%-])",
    )
    return re.compile(rf"(?<![\w$€£.,/-])(?:{'|'.join(alternatives)})(?:(?=T\d)|(?!\w))")


@cache
def _header_word() -> re.Pattern[str]:
    words = _WORDS["headers"]["words"]
    return re.compile(
        rf"\(?(?:{_any((*words, *map(str.lower, words)))}|[A-Z]{{2,40}})\b\)?[ \t:,|\u2013\u2014-]{{0,6}}"
    )
