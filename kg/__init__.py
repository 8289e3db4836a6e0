"""Conflict news into a knowledge graph: who says what, in which words, and what the article itself asserts."""

from __future__ import annotations

__version__ = "0.1.0"
