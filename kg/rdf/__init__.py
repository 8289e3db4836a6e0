"""The model as RDF: IRIs, vocabulary, mapping, sorted writers, readers. No spaCy here."""

from kg.rdf.formats import FORMATS, Format, format_of
from kg.rdf.iris import Minter
from kg.rdf.mapping import to_quads
from kg.rdf.parts import Layout, Part
from kg.rdf.readers import in_memory, open_store, read
from kg.rdf.split import by_article
from kg.rdf.writers import expect_writable, to_bytes, write, write_bytes

__all__ = [
    "FORMATS",
    "Format",
    "Layout",
    "Minter",
    "Part",
    "by_article",
    "expect_writable",
    "format_of",
    "in_memory",
    "open_store",
    "read",
    "to_bytes",
    "to_quads",
    "write",
    "write_bytes",
]
