"""What can go wrong, as one tree; the command line turns each into one line on standard error.

KgError
├── InputError            an article or file that cannot be used; the others still are
│   ├── UnreadableError   the file is missing, not readable, or no text
│   ├── EmptyArticleError nothing to read in it
│   ├── RecordError       a JSONL record that is broken, lacks its text, or repeats an id
│   ├── NoArticleError    an HTML page or a directory without an article
│   ├── LanguageError     a page in another language than English
│   ├── ArticleError      an article that the pipeline fails on
│   ├── GazetteerError    a gazetteer table with a broken row
│   └── DatasetError      a dataset's file with other columns or a broken row
├── FormatError           an unknown suffix or format name
├── OutputError           the output cannot be written
├── GraphError            a graph file that cannot be parsed, or a query that is not SPARQL
├── NotConformingError    a graph that its shapes refuse
├── StoreError            a triple store that does not answer, or refuses
├── ServiceError          a reconciliation service that does not answer, or not as its specification says
├── EngineError           Spark is missing, or one of its jobs fails
└── ModelError            a spaCy pipeline that cannot be loaded
"""

from __future__ import annotations


class KgError(Exception):
    """The base: `where` names the file or address, `problem` says what is wrong, `advice` what to do."""

    def __init__(self, where: str, problem: str, advice: str = "") -> None:
        self.where = where
        self.problem = problem
        self.advice = advice
        super().__init__(where, problem, advice)

    def record(self) -> dict[str, str]:
        """It for machines: its kind, and its three parts where they say anything."""
        parts = {"kind": type(self).__name__, "where": self.where, "problem": self.problem, "advice": self.advice}
        return {key: " ".join(value.split()) for key, value in parts.items() if value}

    def __str__(self) -> str:
        line = f"{self.where}: {self.problem}" if self.where else self.problem
        return " ".join(f"{line}; {self.advice}".split()) if self.advice else " ".join(line.split())


class InputError(KgError):
    """An article or file that cannot be used."""


class UnreadableError(InputError):
    """A file that is missing, cannot be read, or is no text."""


class EmptyArticleError(InputError):
    """A file or record without text."""


class RecordError(InputError):
    """A JSONL record that is broken, lacks its text, or repeats an id."""


class NoArticleError(InputError):
    """An HTML page, or a directory, in which no article was found."""


class LanguageError(InputError):
    """A page in another language than English."""


class ArticleError(InputError):
    """An article that the pipeline fails on."""


class GazetteerError(InputError):
    """A gazetteer table that cannot be read, or has a broken row."""


class DatasetError(InputError):
    """A dataset's file that cannot be read, has other columns, or has a broken row."""


class FormatError(KgError):
    """An unknown suffix or format name."""


class OutputError(KgError):
    """An output that cannot be written."""


class GraphError(KgError):
    """A graph file that cannot be parsed, or a query that is not SPARQL."""


class NotConformingError(KgError):
    """A graph that its shapes refuse."""


class StoreError(KgError):
    """A triple store that does not answer, or refuses."""


class ServiceError(KgError):
    """A reconciliation service that does not answer, or not as its specification says."""


class EngineError(KgError):
    """Spark is missing, or one of its jobs fails."""


class ModelError(KgError):
    """A spaCy pipeline that cannot be loaded."""
