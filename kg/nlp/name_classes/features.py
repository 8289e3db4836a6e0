"""What the network sees of an article's names: the words of each mention, those about it, and how names are linked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Range = tuple[int, int]
    Vectors = Callable[[Sequence[str]], Floats]
    """Words to their vectors, (n, width)."""
    Kinds = Callable[[Sequence[str]], Sequence[bool]]
    """What is known by a name, as flags."""

Name = tuple[str, ...]

_FAR: Final = 6
"""Words to each side of a mention that are looked at together."""
_SHORT: Final = 4
_ARTICLES: Final = frozenset({"the", "The"})
_POSSESSIVES: Final = ("'s", "’s", "'", "’")
_OPENING: Final = frozenset("(“\"‘'")
_CLOSING: Final = frozenset(")”\"’'")


@dataclass(frozen=True, slots=True)
class Means:
    """For each of `size` rows the mean of some others: `parts[i]` counts for `rows[i]`. A row without parts is zero."""

    rows: Ints
    parts: Ints
    size: int

    @classmethod
    def of(cls, parts: Sequence[Sequence[int]]) -> Means:
        """From the parts of each row."""
        rows = [row for row, own in enumerate(parts) for _ in own]
        flat = [part for own in parts for part in own]
        return cls(np.array(rows, dtype=np.int64), np.array(flat, dtype=np.int64), len(parts))

    def __call__(self, values: Floats) -> Floats:
        """(parts, w) → (size, w)."""
        summed = np.zeros((self.size, values.shape[1]), dtype=np.float32)
        np.add.at(summed, self.rows, values[self.parts] * self._weights())
        return summed

    def back(self, gradient: Floats, into: Floats) -> None:
        """Add the gradient of the means, (size, w), to that of the values, (parts, w)."""
        np.add.at(into, self.parts, gradient[self.rows] * self._weights())

    def _weights(self) -> Floats:
        counts = np.bincount(self.rows, minlength=self.size)
        return (1 / counts[self.rows]).astype(np.float32)[:, None]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an article, or of several, as numbers."""

    mentions: Floats
    """(m, f) features of the mentions."""
    facts: Floats
    """(n, g) features of the names themselves."""
    pools: tuple[Means, ...]
    """First from mentions to names; then from names to names: longer ones, shorter ones, and those it is short for."""

    @classmethod
    def join(cls, articles: Sequence[Names]) -> Names:
        """All names of some articles, counted on."""
        sizes = [(len(a.mentions), len(a.facts)) for a in articles]
        first_mention, first_name = (np.cumsum([0, *column[:-1]]) for column in zip(*sizes, strict=True))
        pools = []
        for number in range(len(articles[0].pools)):
            own = [a.pools[number] for a in articles]
            starts = first_name if number else first_mention
            rows = np.concatenate([pool.rows + start for pool, start in zip(own, first_name, strict=True)])
            parts = np.concatenate([pool.parts + start for pool, start in zip(own, starts, strict=True)])
            pools.append(Means(rows, parts, sum(pool.size for pool in own)))
        mentions, facts = np.concatenate([a.mentions for a in articles]), np.concatenate([a.facts for a in articles])
        return cls(mentions, facts, tuple(pools))


def name_of(words: Sequence[str]) -> Name:
    """The words without an article before them and a possessive behind, "’ s" in two words among these."""
    begin, end = 0, len(words)
    while end - begin > 1 and words[begin] in _ARTICLES:
        begin += 1
    if end - begin > 2 and words[end - 1] == "s" and words[end - 2] in _POSSESSIVES:
        end -= 2
    elif end - begin > 1 and words[end - 1] in _POSSESSIVES:
        end -= 1
    return tuple(words[begin:end])


def grouped(words: Sequence[str], spans: Sequence[Range]) -> dict[Name, list[int]]:
    """The numbers of the spans of each name, in the order of first mentions."""
    groups = defaultdict[Name, list[int]](list)
    for number, (begin, end) in enumerate(spans):
        groups[name_of(words[begin:end])].append(number)
    return dict(groups)


def read(
    words: Sequence[str],
    spans: Sequence[Range],
    groups: Mapping[Name, Sequence[int]],
    vectors: Vectors,
    kinds: Kinds,
) -> Names:
    """The names `groups` of an article, as :func:`grouped` gives them, with mentions at `spans`; at least one."""
    table, filled = _table(words, vectors)
    links = _links(words, spans, groups)
    names = list(groups)
    facts = [
        [np.log(len(own)), 1 / len(own), *map(bool, linked), *_ends(name, names, linked[0], groups), *kinds(name)]
        for (name, own), linked in zip(groups.items(), zip(*links, strict=True), strict=True)
    ]
    article = table.sum(axis=0) / max(int(filled[-1]), 1)
    return Names(
        _mentions(words, spans, table, filled),
        np.concatenate([np.array(facts), np.tile(article, (len(names), 1))], axis=1).astype(np.float32),
        (Means.of([*groups.values()]), *map(Means.of, links)),
    )


def _table(words: Sequence[str], vectors: Vectors) -> tuple[Floats, Ints]:
    """The vectors of all words with zeros before and behind the article, and how many words stand before each row.

    White space is no word, and its vector zero.
    """
    forms = {word: number for number, word in enumerate(dict.fromkeys(words))}
    found = vectors(list(forms))
    found[[word.isspace() for word in forms]] = 0
    table = np.zeros((len(words) + 2 * _FAR, found.shape[1]), dtype=np.float32)
    table[_FAR : len(words) + _FAR] = found[[forms[word] for word in words]]
    filled = np.zeros(len(table) + 1, dtype=np.int64)
    filled[_FAR + 1 : len(words) + _FAR + 1] = [not word.isspace() for word in words]
    return table, filled.cumsum()


def _mentions(words: Sequence[str], spans: Sequence[Range], table: Floats, filled: Ints) -> Floats:
    begin, end = np.array(spans).T + _FAR
    sums = np.concatenate([np.zeros((1, table.shape[1])), table.cumsum(axis=0, dtype=np.float64)])

    def mean(first: Ints, last: Ints) -> Any:
        return (sums[last] - sums[first]) / np.maximum(filled[last] - filled[first], 1)[:, None]

    columns = [table[begin], table[end - 1], mean(begin, end)]
    columns += [table[place] for place in (begin - 1, end)]
    columns += [mean(begin - _FAR, begin), mean(end, end + _FAR)]
    columns.append(np.array([_form(words, *span) for span in spans]))
    return np.concatenate(columns, axis=1).astype(np.float32)


def _form(words: Sequence[str], begin: int, end: int) -> list[bool]:
    """Length, letters and digits of a mention, and what it stands between."""
    size = end - begin
    around = [_word(words, place) for place in (begin - 2, begin - 1, end, end + 1)]
    _, before, behind, second = around
    owner = behind in _POSSESSIVES[:2] or (behind in _POSSESSIVES and second == "s")
    return [
        size == 1,
        size == 2,
        size > 2,
        *_letters(words[begin]),
        *_letters(words[end - 1]),
        *(not word for word in around),
        any(word.islower() for word in words[begin:end]),
        before in _OPENING,
        behind in _CLOSING,
        owner,
        before == ",",
        behind == ",",
        before[:1].isupper(),
        behind[:1].isupper(),
    ]


def _letters(word: str) -> list[bool]:
    digits = any(character.isdigit() for character in word)
    return [word[:1].isupper(), word.isupper(), digits, len(word) < _SHORT, "-" in word]


def _word(words: Sequence[str], place: int) -> str:
    """The word at a place; none outside the article and where there is white space."""
    return words[place] if 0 <= place < len(words) and not words[place].isspace() else ""


def _links(words: Sequence[str], spans: Sequence[Range], groups: Mapping[Name, Sequence[int]]) -> list[list[list[int]]]:
    """For each name the longer names that hold it, the shorter ones in it, and its acronyms or what it stands for."""
    number = {name: place for place, name in enumerate(groups)}
    longer, shorter, expanded = ([list[int]() for _ in groups] for _ in range(3))
    for name, place in number.items():
        inner = {name[i:j] for i in range(len(name)) for j in range(i + 1, len(name) + 1)} - {name}
        for short in sorted(number[part] for part in inner if part in number):
            longer[short].append(place)
            shorter[place].append(short)
    initials = [(_initials(name), place) for name, place in number.items()]
    pairs = {(number[short], place) for short, place in initials if short in number}
    of = {index: number[name] for name, own in groups.items() for index in own}
    starts = {begin: index for index, (begin, _) in enumerate(spans)}
    for index, (_, end) in enumerate(spans):
        inside = starts.get(end + 1)
        if inside is not None and _word(words, end) == "(" and _word(words, spans[inside][1]) in {")", ","}:
            pairs.add((of[inside], of[index]))
    for short, long in sorted(pairs):
        if short != long:
            expanded[short].append(long)
            expanded[long].append(short)
    return [longer, shorter, expanded]


def _initials(name: Name) -> Name:
    """The acronym that the capitals of several words make; none of a single word."""
    return ("".join(word[0] for word in name if word[:1].isupper()) if len(name) > 1 else "",)


def _ends(name: Name, names: Sequence[Name], longer: Sequence[int], groups: Mapping[Name, Sequence[int]]) -> list[bool]:
    """Whether a longer name ends, or begins, as this one does; whether its last, or first, word is a name itself."""
    several = len(name) > 1
    return [
        any(names[i][-1] == name[-1] for i in longer),
        any(names[i][0] == name[0] for i in longer),
        several and name[-1:] in groups,
        several and name[:1] in groups,
    ]
