"""IRIs, minted from content alone: the same article gives the same IRIs wherever and whenever it is read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.rdf.vocabulary import DEFAULT_BASE, actor_slug

if TYPE_CHECKING:
    from kg.model import Actor, Place, Span

_BASE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`#?]*[/:]")


def slug(name: str) -> str:
    """`name` as a readable part of an IRI: lower case, diacritics of Latin letters dropped, the rest percent-encoded.

    >>> slug("Recep Tayyip Erdoğan"), slug("Хамас"), slug("***")
    ('recep-tayyip-erdogan', '%D1%85%D0%B0%D0%BC%D0%B0%D1%81', '%2A%2A%2A')
    """
    plain = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", unicodedata.normalize("NFKD", name.casefold()))
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in unicodedata.normalize("NFC", plain))
    return quote(re.sub("-+", "-", kept).strip("-") or name, safe="")


def _path(article_id: str) -> str:
    """`article_id` percent-encoded, its slashes kept; "." and ".." would be resolved away by readers of IRIs."""
    segments = quote(article_id).split("/")
    return "/".join(s.replace(".", "%2E") if s in {".", ".."} else s for s in segments)


@dataclass(frozen=True, slots=True)
class Minter:
    """Mints the IRIs of one graph below `base`.

    Raises:
        ValueError: `base` is no absolute IRI that ends in ``/`` or ``:``, without ``?`` and ``#``.
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        """Refuse a base that IRIs could not be minted below."""
        if not _BASE.fullmatch(self.base):
            raise ValueError(f"base '{self.base}' must be an absolute IRI that ends in '/' or ':'")

    def article(self, article_id: str) -> NamedNode:
        """The article, which is also the name of its graph.

        >>> Minter().article("2020/10/23 Gao").value
        'https://w3id.org/ckg/data/article/2020/10/23%20Gao'
        """
        return NamedNode(f"{self.base}article/{_path(article_id)}")

    def actor(self, actor: Actor, article: NamedNode) -> NamedNode:
        """An actor: shared where the gazetteer or a full proper name identifies it, else below its article."""
        if actor.entry:
            return NamedNode(f"{self.base}actor/{quote(actor.entry, safe='')}")
        if actor.named:
            return NamedNode(f"{self.base}actor/{actor_slug(actor.type)}/{slug(actor.name)}")
        return NamedNode(f"{article.value}#actor-{slug(actor.name)}-{actor.name_span.begin}")

    def link(self, article: NamedNode, subject: NamedNode, scheme: str, value: str) -> NamedNode:
        """How an article came to link something to another dataset: below the article, also where that is shared.

        >>> mint = Minter()
        >>> mint.link(mint.article("x"), NamedNode(f"{mint.base}actor/mali"), "wikidata", "Q912").value
        'https://w3id.org/ckg/data/article/x#actor/mali/link/wikidata-q912'
        """
        what = subject.value.removeprefix(f"{article.value}#").removeprefix(self.base)
        return NamedNode(f"{article.value}#{what}/link/{scheme}-{quote(value.replace(' ', '_').lower(), safe='')}")


def span(article: NamedNode, where: Span) -> NamedNode:
    """Characters of an article (RFC 5147).

    >>> from kg.model import Span
    >>> span(Minter().article("x"), Span(9, 12)).value
    'https://w3id.org/ckg/data/article/x#char=9,12'
    """
    return NamedNode(f"{article.value}#char={where.begin},{where.end}")


def place(article: NamedNode, where: Place) -> NamedNode:
    """A place that an article names."""
    return NamedNode(f"{article.value}#place-{slug(where.name)}")


def node(article: NamedNode, kind: str, where: Span, number: int = 1) -> NamedNode:
    """A statement or situation, by its kind and the words it rests on; `number` tells those at the same words apart.

    >>> from kg.model import Span
    >>> node(Minter().article("x"), "denial", Span(9, 12), 2).value
    'https://w3id.org/ckg/data/article/x#denial-9-12-2'
    """
    suffix = "" if number == 1 else f"-{number}"
    return NamedNode(f"{article.value}#{kind}-{where.begin}-{where.end}{suffix}")
