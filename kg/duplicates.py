"""Near duplicates: articles with almost the same words, such as an agency's report on many sites.

Shingles of five words, MinHash signatures (Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900) and bands of them
that are equal where texts are alike (Leskovec et al., Mining of Massive Datasets, chapter 3). Nothing depends on the
order in which articles are read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias
from zlib import crc32

import numpy as np

from kg.articles.boilerplate import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.model import Article

Rank: TypeAlias = tuple[str, str]
"""What of two copies is the earlier: the day, undated ones last, then the identifier."""

SIMILAR: Final = 0.7
"""Share of shingles in common from which on two texts are near duplicates."""
_BANDS: Final = 24
_ROWS: Final = 5
_SHINGLE: Final = 5
_FEWEST: Final = 40
"""Shingles; a shorter text, such as a caption, is like another by chance."""
_BLOCK: Final = 4096
_WORD: Final = re.compile(r"\w+")


def _numbers(name: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """Fixed odd numbers without a pattern."""
    digests = (blake2b(f"{name} {i}".encode(), digest_size=8).digest() for i in range(count))
    return np.array([int.from_bytes(digest, "little") | 1 for digest in digests], dtype=np.uint64)


_MULTIPLIERS: Final = _numbers("multiplier", _BANDS * _ROWS)
_SUMMANDS: Final = _numbers("summand", _BANDS * _ROWS)
_PLACES: Final = _numbers("place", _SHINGLE)


def rank(article: Article) -> Rank:
    """Which of two copies is the earlier."""
    return article.date.isoformat() if article.date else "undated", article.id


def signature(article: Article) -> bytes:
    """The MinHash signature of a text without its boilerplate, 480 bytes; empty where it is too short to tell."""
    words = _WORD.findall(without(article.text, article.boilerplate).casefold())
    if len(words) < _FEWEST + _SHINGLE - 1:
        return b""
    hashes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    count = len(words) - _SHINGLE + 1
    shingles = np.unique(sum(hashes[i : i + count] * _PLACES[i] for i in range(_SHINGLE)))
    least = np.full(len(_MULTIPLIERS), np.iinfo(np.uint64).max, dtype=np.uint64)
    for begin in range(0, len(shingles), _BLOCK):
        hashed = np.outer(_MULTIPLIERS, shingles[begin : begin + _BLOCK]) + _SUMMANDS[:, None]
        least = np.minimum(least, hashed.min(axis=1))
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def bands(signed: bytes) -> Iterator[int]:
    """64-bit numbers, of which near duplicates most likely share at least one; none for an empty signature."""
    size = 4 * _ROWS
    for i in range(0, len(signed), size):
        yield int.from_bytes(
            blake2b(signed[i : i + size], digest_size=8, key=b"%d" % i).digest(), "little", signed=True
        )


def similarity(one: bytes, other: bytes) -> float:
    """The estimated share of shingles that two texts have in common, of all that either has; from their signatures."""
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def originals(alike: Iterable[tuple[Rank, bytes]]) -> Iterator[tuple[Rank, Rank]]:
    """Of articles that share a band, sorted and with their signatures, each near duplicate and the earliest."""
    members = iter(alike)
    earliest, signed = next(members)
    for other, its in members:
        if similarity(signed, its) >= SIMILAR:
            yield other, earliest


def linked(articles: Sequence[Article]) -> list[Article]:
    """The articles, each near duplicate with the identifier of the earliest that it shares a band with."""
    sharing = defaultdict(list)
    for article in articles:
        signed = signature(article)
        for band in bands(signed):
            sharing[band].append((rank(article), signed))
    found: dict[Rank, Rank] = {}
    for alike in sharing.values():
        for copy, earliest in originals(sorted(alike)):
            found[copy] = min(earliest, found.get(copy, earliest))
    return [copy_of(article, found.get(rank(article), ("", ""))[1]) for article in articles]


def copy_of(article: Article, original: str) -> Article:
    """The article as a near duplicate of the one that `original` identifies, if any does."""
    return replace(article, duplicate_of=original)
