"""Quantities in English news, in digits and words, with the qualifiers that bound them.

The words are data (``figures.toml``); the library text2num reads numerals in words. Bounds follow the project's
contract: "more than 30" is 31 at least, "approaching 5,000" has 5000 as its upper bound, "dozens" are 24 at least, and
nobody knows how many more.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from text_to_num import text2num

from kg.model import Qualifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORDS: Final[dict[str, Any]] = tomllib.loads(files("kg").joinpath("figures.toml").read_text(encoding="utf-8"))
_BEFORE: Final[dict[str, tuple[str, int]]] = {
    phrase: (kind, shift) for kind, phrases in _WORDS["before"].items() for phrase, shift in phrases.items()
}
_GAP: Final = r"[ \t\n\u00a0]{1,3}"
_BELOW: Final = "below"
_UPPER: Final = "upper_"


@dataclass(frozen=True, slots=True)
class Number:
    """How many: bounds, both included (None where unknown), and how exact they claim to be."""

    min: int | None
    max: int | None
    qualifier: Qualifier


@dataclass(frozen=True, slots=True)
class _Value:
    """A number before its qualifier; `open` if it is but the lower bound of an indefinite one."""

    least: int
    open: bool = False


def parse_number(text: str) -> Number | None:
    """The quantity that `text` opens with, an article or "the" before it aside; None where it opens with none.

    >>> parse_number("more than 30 civilians")
    Number(min=31, max=None, qualifier=<Qualifier.AT_LEAST: 'at_least'>)
    >>> parse_number("a woman")
    Number(min=1, max=1, qualifier=<Qualifier.EXACT: 'exact'>)
    """
    begin = len(text) - len(text.lstrip())
    found = _at(text, begin)
    if found is None and (definite := _definite().match(text, begin)):
        found = _at(text, definite.end())
    if found is not None:
        return found[1]
    return Number(1, 1, Qualifier.EXACT) if _article().match(text, begin) else None


def find_numbers(text: str) -> tuple[tuple[Span, Number], ...]:
    """Every quantity in `text` with its qualifier's words, from left to right, the longest at each place.

    Shares, sums of money, ages and hours are left out, and so are "a" and "an" alone. Years and days of the month are
    found like any number: what counts nothing is for the caller to tell.
    """
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[tuple[Span, Number]]:
    at = 0
    while match := _start().search(text, at):
        found = None if match["sum"] else _at(text, match.start())
        if found:
            at, number = found
            yield Span(match.start(), at), number
        else:
            at = match.end() if match["sum"] else match.start() + len(match[0].split()[0])


def _at(text: str, begin: int) -> tuple[int, Number] | None:
    """The quantity at `begin`: where it ends, and what it is."""
    match = _quantity().match(text, begin)
    number = _number(match) if match else None
    for _ in range(2):
        if match is None or number is not None:
            break
        # No range ("from 10 to 5"), or a numeral that the library refuses ("two three"): try what comes first alone.
        match = _quantity().match(text, begin, _first_part(match))
        number = _number(match) if match else None
    if match is None or number is None or _not_counted().match(text, match.end()):
        return None
    return match.end(), number


def _first_part(match: re.Match[str]) -> int:
    """Where the lower value of a range ends, or else the first word of a numeral."""
    ends = {name: match.end(name) for name, value in match.groupdict().items() if value is not None}
    if any(name.startswith(_UPPER) for name in ends):
        return max(end for name, end in ends.items() if not name.startswith((_UPPER, "before")))
    numeral = next((name for name in ends if name.startswith("numeral")), None)
    return match.start(numeral) + len(re.split(r"[\s-]", match[numeral])[0]) if numeral else match.start()


def _number(match: re.Match[str]) -> Number | None:
    part = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}
    if "nothing" in part or "no" in part:
        return Number(0, 0, Qualifier.EXACT)
    value = _value(part)
    if value is None:
        return None
    kind, shift = _BEFORE[_plain(part["before"])] if "before" in part else ("exact", 0)
    if "after" in part:
        kind = _WORDS["after"][_plain(part["after"])]
    if value.open:
        return Number(value.least, None, Qualifier.ABOUT)
    if any(name.startswith(_UPPER) for name in part):
        upper = _value({name.removeprefix(_UPPER): text for name, text in part.items() if name.startswith(_UPPER)})
        return _range(value, upper, part) if upper else None
    return _bounded(value.least, kind, shift)


def _bounded(value: int, kind: str, shift: int) -> Number:
    if kind == _BELOW:
        return Number(None, value, Qualifier.ABOUT)
    bound = max(0, value + shift)
    return Number(
        None if kind == Qualifier.AT_MOST else bound, None if kind == Qualifier.AT_LEAST else bound, Qualifier(kind)
    )


def _range(low: _Value, high: _Value, part: dict[str, str]) -> Number | None:
    least, last = low.least, _last_word(part, _UPPER)
    if last and not _last_word(part, "") and least < high.least // _multiple(last):
        least *= _multiple(last)  # "two to three million"
    return Number(least, high.least, Qualifier.RANGE) if least < high.least else None


def _last_word(part: dict[str, str], role: str) -> str:
    """The multiple that a value ends with, or the empty string."""
    word = part.get(f"{role}scale") or re.split(r"[\s-]", part.get(f"{role}numeral", ""))[-1]
    return word if word.lower() in _WORDS["multiples"] else ""


def _value(part: dict[str, str]) -> _Value | None:
    if "vague" in part:
        return _Value(_WORDS["vague"][_plain(part["vague"])] * _vague_multiple(part.get("times")), open=True)
    if "fraction" in part:
        return _Value(int(_WORDS["fractions"][_plain(part["fraction"])] * _multiple(part["scale"])))
    if "digits" in part:
        number = Decimal(part["digits"].replace(",", "")) * _multiple(part.get("scale"))
        return _Value(int(number)) if number == int(number) else None
    try:
        return _Value(text2num(_plain(part["numeral"]), "en") * _multiple(part.get("scale")))
    except ValueError:
        return None


def _multiple(word: str | None) -> int:
    return int(_WORDS["multiples"][word.lower()]) if word else 1


def _vague_multiple(word: str | None) -> int:
    return int(_WORDS["vague_multiples"][word.lower()]) if word else 1


def _plain(phrase: str) -> str:
    return " ".join(phrase.lower().split())


def _any(phrases: Iterable[str]) -> str:
    """One of `phrases`, the longest first, with any white space between their words."""
    longest_first = sorted(phrases, key=lambda p: (-len(p), p))
    return "(?:" + "|".join(re.escape(p).replace(r"\ ", _GAP) for p in longest_first) + ")"


def _value_pattern(number: int, role: str = "") -> str:
    """The expression of a value; the names of its groups have `role` before and `number` after, to be unique."""
    units, tens, scales = (_any(_WORDS["numerals"][name]) for name in ("units", "tens", "scales"))
    multiples, times = _any(_WORDS["multiples"]), _any(_WORDS["vague_multiples"])
    below_hundred = rf"\b(?:{tens}(?:(?:-|{_GAP}){units})?|{units})\b"
    group = rf"(?:{below_hundred}(?:-|{_GAP}))?\b{scales}\b"
    numeral = rf"(?:{group}(?:-|{_GAP})(?:and{_GAP})?){{0,6}}(?:{group}|{below_hundred})"
    digits = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12}(?:\.\d{1,6})?)(?!\d|,\d|\.\d)"

    def some(name: str, expression: str) -> str:
        return rf"(?P<{role}{name}{number}>{expression})"

    def scale(n: int) -> str:
        return rf"{_GAP}(?P<{role}scale{n}{number}>{multiples})\b"

    return (
        rf"(?:{some('fraction', _any(_WORDS['fractions']))}{scale(1)}"
        rf"|{some('vague', _any(_WORDS['vague']))}\b(?:(?:{_GAP}of)?{_GAP}{some('times', times)}\b)?"
        rf"|{some('digits', digits)}(?:{scale(2)})?"
        rf"|{some('numeral', numeral)}(?:{scale(3)})?)"
    )


@cache
def _quantity() -> re.Pattern[str]:
    """A quantity; every repetition in it is bounded, so that each place is tried in constant time."""
    nothing, ranges = _WORDS["nothing"], _WORDS["ranges"]
    before = [rf"(?:(?P<before{n}>{_any(_BEFORE)}){_GAP})?" for n in (1, 2)]
    unless = rf"(?!{_GAP}{_any(nothing['unless'])}\b)"
    enclosed = (
        rf"{_any(ranges['opening'])}{_GAP}{_value_pattern(1)}{_GAP}{_any(ranges['enclosing'])}{_GAP}"
        rf"{_value_pattern(1, _UPPER)}"
    )
    joined = rf"(?:{_GAP}{_any(ranges['joining'])}{_GAP}|[-\u2013\u2014]){_value_pattern(2, _UPPER)}"
    after = rf"(?:{_GAP})?(?P<after>{_any(_WORDS['after'])})"
    return re.compile(
        rf"(?:(?P<nothing>{_any(nothing['words'])})\b"
        rf"|(?P<no>{nothing['determiner']})\b{unless}(?={_GAP}[a-z])"
        rf"|{before[0]}{enclosed}"
        rf"|{before[1]}{_value_pattern(2)}(?:{joined}|{after})?)"
        r"(?!\w|[-\u2013\u2014]\w|[.,:]\d)",
        re.IGNORECASE,
    )


@cache
def _start() -> re.Pattern[str]:
    """Where a quantity may begin, not within a word or a number; or a whole sum of money, to be passed over."""
    nothing, numerals, multiples = _WORDS["nothing"], _WORDS["numerals"], _any(_WORDS["multiples"])
    words = {
        *_WORDS["vague"],
        *nothing["words"],
        nothing["determiner"],
        *numerals["units"],
        *numerals["tens"],
        *numerals["scales"],
    }
    opening = _any((*_WORDS["fractions"], *_WORDS["ranges"]["opening"]))
    value = rf"(?:(?:{opening}{_GAP})?(?:\d{{1,20}}|{_any((*words, *_WORDS['multiples']))}(?!\w)))"
    money = rf"(?P<sum>[$€£¥](?:{_GAP})?\d[\d.,]{{0,20}}(?:{_GAP}{multiples}\b)?)"
    free = r"(?<![\w.,:/$€£¥+])(?:(?<!-)|(?<=\) -))"  # no minus, but a dateline's dash: "(Reuters) -Three people"
    return re.compile(rf"{money}|{free}(?:{_any(_BEFORE)}{_GAP})?{value}", re.IGNORECASE)


@cache
def _not_counted() -> re.Pattern[str]:
    return re.compile(rf"(?:{_GAP})?{_any(_WORDS['not_counts']['words'])}(?!\w)", re.IGNORECASE)


@cache
def _definite() -> re.Pattern[str]:
    return re.compile(rf"{_WORDS['article']['definite']}{_GAP}", re.IGNORECASE)


@cache
def _article() -> re.Pattern[str]:
    return re.compile(rf"{_any(_WORDS['article']['words'])}(?:{_GAP}\w|$)", re.IGNORECASE)
