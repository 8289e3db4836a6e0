"""Conflict news into a knowledge graph: who says what, in which words, and what the article itself asserts.

    graph = kg.build(["articles/"])          # an rdflib Dataset, a named graph an article

spaCy, rdflib and pyoxigraph are imported only when something here first needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.pipeline import build

__version__ = "0.1.0"
__all__ = ["KgError", "__version__", "build"]

_HOME: Final = {"build": "kg.pipeline"}


def __getattr__(name: str) -> Any:
    """What of the library is imported late."""
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute '{name}'; it has {', '.join(__all__)}")
    from importlib import import_module  # noqa: PLC0415  # not needed to import kg

    return getattr(import_module(_HOME[name]), name)
