"""Vectors that the package's pipeline reads words with: of whole words, and of their parts.

spaCy finds both by their names in its registry, where the package is installed or these modules are imported.
"""

from kg.nlp.vectors.subwords import HalfVectors
from kg.nlp.vectors.words import WordTable

__all__ = ["HalfVectors", "WordTable"]
