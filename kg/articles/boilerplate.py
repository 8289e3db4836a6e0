"""What an article's text holds beside the news: headers, credits, "Read more", captions or sentences that stand twice.

The words are data (``boilerplate.toml``); each pass takes time linear in the text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LINE: Final = re.compile(r"[^\n]*[^\s][^\n]*")
_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9)]{2}[.!?])[\"”’')]*\s+(?=[\"“‘'(]?[A-Z0-9])")
_BRACKET: Final = re.compile(r"\([^()\n]{2,120}\)")
_SLUG: Final = re.compile(r"\s{0,20}\w+(?:-\w+){3,40}\s*\Z")

_REPEATED_LINE: Final = 4
_REPEATED_SENTENCE: Final = 8
_SENTENCE: Final = 60
_LONGEST_STUTTER: Final = 200


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("boilerplate.toml").read_text("utf-8"))


def _any(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda word: (-len(word), word))
    )


def boilerplate(text: str) -> tuple[Span, ...]:
    r"""The spans of `text` that nothing is to be extracted from, sorted, without overlap (code points, end exclusive).

    >>> text = "Rebels shelled the old city. (Jane Doe/AP) Credit: Jane Doe\n\nRead more"
    >>> [span.of(text) for span in boilerplate(text)]
    ['(Jane Doe/AP) Credit: Jane Doe', 'Read more']
    """
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    marked = _merge(
        text,
        [
            *_headers(text, lines),
            *_datelines(text, lines),
            *_credits(text),
            *(s for line in lines for s in _phrases(text, line)),
        ],
    )
    return _merge(
        text, [*marked, *_repeated(text, lines, marked), *(s for line in lines for s in _stutters(text, line))]
    )


def without(text: str, spans: Sequence[Span]) -> str:
    """`text` with the characters of `spans` (sorted, apart) left out."""
    begins = [0, *(span.end for span in spans)]
    ends = [*(span.begin for span in spans), len(text)]
    return "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def _trimmed(text: str, begin: int, end: int) -> Span | None:
    part = text[begin:end]
    stripped = part.strip()
    begin += len(part) - len(part.lstrip())
    return Span(begin, begin + len(stripped)) if stripped else None


def _merge(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Joins spans that overlap or that only white space on one line parts."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and (
            span.begin <= merged[-1].end or (not (gap := text[merged[-1].end : span.begin]).strip() and "\n" not in gap)
        ):
            merged[-1] = Span(merged[-1].begin, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


@cache
def _header_pattern() -> re.Pattern[str]:
    words, months = _words()["header"], _any(_words()["header"]["months"])
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    a_date = (
        rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}"
        rf"|{day}\s+(?:{months})\.?,?\s+\d{{4}}|(?:{months})\.?\s+{day},?\s+\d{{4}})\b"
    )
    return re.compile(
        rf"\s{{0,20}}(?P<agency>(?-i:{_any(_words()['credits']['agencies'])})[\s,|-]+)?(?P<opening>(?:{_any(words['openings'])})\b:?\s*)?"
        rf"(?:(?:{_any(words['weekdays'])})\b\.?,?\s+)?{a_date}(?:,?\s+\d{{1,2}}:\d{{2}}(?:\s*[AaPp]\.?[Mm]\b\.?)?(?:\s+(?-i:[A-Z]{{2,4}})\b)?)?"
        r"(?P<dash>\s{0,20}(?:[-–—|]|:)(?=\s)|(?=\s{0,20}(?:\n|\Z))|(?=[ \t]{2,20}\S))?",
        re.IGNORECASE,
    )


def _headers(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Dates of publication that stand before the news, and names of files, on the first three lines."""
    for line in islice(lines, 3):
        if _SLUG.match(line.of(text)):
            yield line
            continue
        match = _header_pattern().match(text, line.begin, line.end)
        if match is None:
            continue
        # Without a dash or a gap after it, only a capital or a figure shows that the news begins anew behind the date.
        rest = text[match.end() : match.end() + 2]
        apart = match["dash"] is not None or match["opening"] is not None
        if (apart or (line.begin == 0 and rest[:1].isspace() and (rest[1:].isupper() or rest[1:].isdigit()))) and (
            span := _trimmed(text, *match.span())
        ):
            yield span


@cache
def _dateline_pattern() -> re.Pattern[str]:
    words = _words()
    city = r"[^\W\d_a-z][^\W\d_a-z.'’-]+(?:[\s/,-]{1,2}[^\W\d_a-z][\w.'’-]*){0,5}"
    day = rf"(?:,?\s+(?:{_any(words['header']['months'])})\.?\s+\d{{1,2}}(?:,?\s+\d{{4}})?)?"
    agency = rf"\((?:{_any(words['credits']['agencies'])}|(?-i:[\w.]{{2,20}}))\)"
    return re.compile(
        rf"\s{{0,5}}(?:(?-i:{city}){day},?\s{{0,3}}(?:{agency}\s{{0,3}})?|{agency}\s{{0,3}})(?:--|[—–:-])(?=\s)\s?",
        re.IGNORECASE,
    )


def _datelines(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Where and by which agency a report was filed, before it begins: "BEIRUT (Reuters) -", "TEHRAN —", "DELHI:"."""
    for line in islice(lines, 12):
        match = _dateline_pattern().match(text, line.begin, min(line.end, line.begin + 100))
        if match is None:
            continue
        filed = match[0].rstrip()
        # A colon also stands behind a speaker: only a city in capitals before a whole sentence files a report.
        city = filed.split(",", 1)[0].rstrip(" :-—–")
        whole = city.isupper() and line.end - match.end() > _SENTENCE
        telling = whole if filed.endswith(":") else filed.endswith(("—", "–", "--")) or "(" in filed or city.isupper()
        if telling and (span := _trimmed(text, *match.span())):
            yield span


@cache
def _credit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _words()["credits"]
    labels, agencies, marks = _any(words["labels"]), _any(words["agencies"]), _any(words["marks"])
    a_name = rf"(?!(?:{labels})\s*:)(?:[^\W\d_a-z][\w.'’-]*|(?:{_any(words['links'])})\b|[/|,&©])"
    labelled = rf"(?<![\w,])(?:{labels})\s*:\s*{a_name}(?:[ \t]*{a_name}){{0,7}}"
    in_bracket = (
        rf"\((?:(?:{labels})(?:\s*[:/]\s*|\s+)(?:[ \t]*{a_name}){{1,8}}"
        rf"|(?:(?:{agencies})[\s/]+)?(?:{marks})(?:\s*/[^()]*)?"
        rf"|[^()]{{0,100}}(?:/|\bvia\b|,|\|)[^()]{{0,30}}?(?<!\w)(?:{agencies})"
        rf"|(?:{agencies})\s*/[^()]*)\)"
    )
    return re.compile(labelled), re.compile(in_bracket)


def _credits(text: str) -> Iterator[Span]:
    labelled, in_bracket = _credit_patterns()
    for match in labelled.finditer(text):
        # In the middle of a sentence it is no credit: one follows an end, a bracket or another credit.
        if _after_an_end(text, match.start()) or labelled.search(text, max(0, match.start() - 100), match.start()):
            yield Span(*match.span())
    for bracket in _BRACKET.finditer(text):
        if in_bracket.fullmatch(bracket[0]):
            yield Span(*bracket.span())


def _after_an_end(text: str, at: int) -> bool:
    before = text[max(0, at - 20) : at].rstrip(" \t")
    return not before or before[-1] in '.!?)"”’\n'


@cache
def _phrase_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lines = _words()["lines"]
    return (
        re.compile(rf"\W*(?:{_any(lines['whole'])})\W*", re.IGNORECASE),
        re.compile(rf"[^\w©]*(?:{_any(lines['openings'])})(?!\w)", re.IGNORECASE),
        re.compile(_any(lines["anywhere"]), re.IGNORECASE),
    )


def _phrases(text: str, line: Span) -> Iterator[Span]:
    """Invitations to read, share and subscribe, and lines about rights."""
    whole, opening, anywhere = _phrase_patterns()
    longest: int = _words()["lines"]["longest"]
    # More characters than so many words ever have: no need to look further into a line of megabytes.
    tail = max(line.begin, line.end - 20 * longest)
    last = max((match.end() for match in _SENTENCE_END.finditer(text, tail, line.end)), default=line.begin)
    short = line.end - line.begin < 40 * longest
    if short and (whole.fullmatch(text, line.begin, line.end) or (anywhere.search(text, line.begin, line.end))):
        if len(line.of(text).split()) <= 2 * longest:
            yield line
    elif short and opening.match(text, line.begin, line.end) and len(line.of(text).split()) <= longest:
        yield line
    elif last > line.begin and opening.match(text, last, line.end) and len(text[last : line.end].split()) <= longest:
        yield Span(last, line.end)


def _repeated(text: str, lines: Sequence[Span], marked: Sequence[Span]) -> Iterator[Span]:
    """Lines, and sentences of lines, that stood before: their first occurrence is content, the others are not."""
    seen_lines: set[str] = set()
    seen_sentences: set[str] = set()
    position = 0
    for line in lines:
        while position < len(marked) and marked[position].end <= line.begin:
            position += 1
        inside = []
        for span in islice(marked, position, None):
            if span.begin >= line.end:
                break
            inside.append(Span(max(span.begin, line.begin) - line.begin, min(span.end, line.end) - line.begin))
        # Two prints of a caption may differ in nothing but the credit.
        words = without(line.of(text), inside).casefold().split()
        key = " ".join(words)
        if len(words) >= _REPEATED_LINE and key in seen_lines:
            yield line
            continue
        seen_lines.add(key)
        for sentence in _sentences(text, line):
            words = sentence.of(text).casefold().split()
            if len(words) < _REPEATED_SENTENCE:
                continue
            key = " ".join(words)
            if key in seen_sentences:
                yield sentence
            seen_sentences.add(key)


def _sentences(text: str, line: Span) -> Iterator[Span]:
    begin = line.begin
    for match in _SENTENCE_END.finditer(text, line.begin, line.end):
        if span := _trimmed(text, begin, match.end()):
            yield span
        begin = match.end()
    if span := _trimmed(text, begin, line.end):
        yield span


def _stutters(text: str, line: Span) -> Iterator[Span]:
    """The first print of words that follow on themselves ("A A said B"): after the second the sentence goes on."""
    words = line.of(text).split()
    last_seen: dict[tuple[str, ...], int] = {}
    found: list[tuple[int, int]] = []
    at = 0
    while at + _REPEATED_SENTENCE <= len(words):
        key = tuple(words[at : at + _REPEATED_SENTENCE])
        before = last_seen.get(key, at)
        last_seen[key] = at
        length = at - before
        if _REPEATED_SENTENCE <= length <= _LONGEST_STUTTER and words[before:at] == words[at : at + length]:
            if not words[at - 1].endswith((".", "!", "?")):
                found.append((before, at - 1))
            at += length
        else:
            at += 1
    if found:
        places = [match.span() for match in _WORD.finditer(text, line.begin, line.end)]
        yield from (Span(places[first][0], places[last][1]) for first, last in found)
