"""Queries over a graph: the named ones of ``kg/queries``, a file, or SPARQL text, and their results as text.

Importing this module imports no RDF library, so that listing the queries stays instant.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import FormatError, GraphError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store, Triple

    from kg.tables import Table

_FOLDER: Final = Path(__file__).parent / "queries"
_ORDER: Final = (
    *("articles", "actors", "statements", "denials", "casualties", "alliances"),
    *("mediations", "relations", "events", "disagreements", "timeline", "links"),
    *("crosswalk", "figures_compared", "incidents"),
)
_TOKEN: Final = re.compile(
    r"""
      <[^<>"{}|^`\\\s]*>                                                  # an IRI
    | \"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3}                 # strings
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    | \#[^\n]*                                                            # a comment
    | [?$]\w+ | [\w.-]*:[\w.:%\\-]*                                       # a variable, a prefixed name
    | (?P<word>[A-Za-z]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
_WIDEST: Final = 60

FORMATS: Final = ("table", "csv", "json", "ttl")
"""The formats that results can be had in."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: a table of strings, "" where a cell has no value.

    A CONSTRUCT or DESCRIBE also keeps its `triples`, an ASK its `answer`.
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    triples: tuple[Triple, ...] | None = None
    answer: bool | None = None

    def to(self, form: str) -> str:
        """The result as ``table``, ``csv`` (RFC 4180), ``json`` (a list of objects) or ``ttl`` (a graph only).

        Raises:
            FormatError: an unknown format, or ``ttl`` for what is no graph.
        """
        if form == "ttl":
            return self._turtle()
        if form == "json":
            rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
            return json.dumps(rows if self.answer is None else self.answer, ensure_ascii=False, indent=1) + "\n"
        if form == "csv":
            text = io.StringIO(newline="")
            csv.writer(text).writerows([self.columns, *self.rows])
            return text.getvalue()
        if form == "table":
            return _table(self.columns, self.rows)
        raise FormatError("", f"unknown format '{form}'", f"known: {', '.join(FORMATS)}")

    def _turtle(self) -> str:
        if self.triples is None:
            problem = "only CONSTRUCT and DESCRIBE give a graph that ttl can hold"
            raise FormatError("", problem, "choose --format table, csv or json")
        from pyoxigraph import Quad  # noqa: PLC0415 - heavy; see the module's docstring

        from kg.rdf import format_of, to_bytes  # noqa: PLC0415

        return to_bytes((Quad(*triple) for triple in self.triples), format_of("result.ttl")).decode()


def names() -> list[tuple[str, str]]:
    """The named queries, in the contract's order, each with its line of description."""
    found = {path.stem: path for path in _FOLDER.glob("*.rq")}
    order = [*(name for name in _ORDER if name in found), *sorted(found.keys() - set(_ORDER))]
    return [(name, found[name].read_text("utf-8").partition("\n")[0].lstrip("# ")) for name in order]


def sparql(query: str | Path) -> str:
    """The SPARQL text of a named query, of a file, or `query` itself where it is SPARQL.

    Raises:
        GraphError: it is none of the three, or the file cannot be read.
    """
    known = [name for name, _ in names()]
    if str(query) in known:
        return (_FOLDER / f"{query}.rq").read_text("utf-8")
    if isinstance(query, str) and _FORMS & words(query) and re.search(r"[\s{]", query):
        return query
    try:
        return Path(query).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GraphError(str(query), "is no UTF-8 text", "save the query as UTF-8") from error
    except (OSError, ValueError) as error:
        problem = f"'{query}' is no named query, no file that can be read, and no SPARQL"
        raise GraphError("", problem, f"known queries: {', '.join(known)}") from error


def run(graph: str | Path | Store, query: str | Path) -> Result:
    """Ask a graph file, an embedded store's folder, a SPARQL endpoint's address, or an open store.

    The default graph is the union of the articles' graphs, unless the query chooses with FROM; the usual prefixes
    (ckg, nif, dcterms, skos, rdf, rdfs, owl, xsd) need not be declared. A folder's named queries are answered from
    the tables that :func:`kg.store.load` keeps there, where it does.

    Raises:
        FormatError, GraphError, StoreError: the graph or the query cannot be read, or the query is not SPARQL.
    """
    from kg.rdf import open_store  # noqa: PLC0415

    text = sparql(query)
    refuse_service(text)
    if not isinstance(graph, str | Path):
        return ask(graph, text)
    if isinstance(graph, str) and re.match("https?://", graph, re.IGNORECASE):
        from kg.store import endpoint  # noqa: PLC0415

        return endpoint.ask(graph, text)
    return from_tables(graph, text) or ask(open_store(graph), text)


def rows(graph: str | Path | Store, query: str | Path) -> list[dict[str, str]]:
    """What :func:`run` gives, a mapping from column to value for each row."""
    result = run(graph, query)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def tables(store: Store) -> Iterator[Table]:
    """What each named query gives on an open store, one after the other."""
    from kg.tables import Table  # noqa: PLC0415

    for name, _ in names():
        text = sparql(name)
        found = _found(store, text)
        yield Table(name, text, _columns(found), map(as_row, found))


def from_tables(folder: str | Path, text: str) -> Result | None:
    """The result of a named query's text from the tables in an embedded store's folder; None where there is none."""
    from kg.tables import kept  # noqa: PLC0415

    table = kept(folder, text)
    return Result(table.columns, list(table.rows)) if table else None


def ask(store: Store, text: str) -> Result:
    """The result of SPARQL text over an open store; otherwise as :func:`run`."""
    from pyoxigraph import QueryBoolean, QueryTriples  # noqa: PLC0415

    refuse_service(text)
    try:
        found = _found(store, text)
        if isinstance(found, QueryBoolean):
            return Result(("answer",), [("true" if found else "false",)], answer=bool(found))
        if isinstance(found, QueryTriples):
            triples = tuple(found)
            return Result(("subject", "predicate", "object"), sorted(as_row(triple) for triple in triples), triples)
        return Result(_columns(found), [as_row(solution) for solution in found])
    except SyntaxError as error:
        raise GraphError("", f"the query is not SPARQL{_place(text, str(error.msg))}", "correct it there") from error
    except OSError as error:
        raise GraphError("", f"the query failed: {error}", "try a narrower one") from error


def _found(store: Store, text: str) -> Any:
    from pyoxigraph import DefaultGraph  # noqa: PLC0415

    from kg.rdf.vocabulary import OWL, PREFIXES, RDFS  # noqa: PLC0415

    # A graph file's union already stands in the default graph, where each triple counts once; a store's does not.
    only_named = next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is None
    prefixes = PREFIXES | {"rdfs": RDFS.iri, "owl": OWL.iri}
    union = only_named and "FROM" not in words(text)
    return store.query(text, prefixes=prefixes, use_default_graph_as_union=union)


def _columns(solutions: Any) -> tuple[str, ...]:
    return tuple(variable.value for variable in solutions.variables)


def refuse_service(text: str) -> None:
    """Refuse what would fetch from elsewhere: a query is answered from the graph alone.

    Raises:
        GraphError: the query holds a SERVICE clause.
    """
    if "SERVICE" in words(text):
        raise GraphError("", "a SERVICE clause would fetch from elsewhere", "ask the graph alone; leave SERVICE out")


def kind_of(text: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``, whichever SPARQL text is; "" for none."""
    return next((m["word"].upper() for m in _TOKEN.finditer(text) if m["word"] and m["word"].upper() in _FORMS), "")


def words(text: str) -> set[str]:
    """The keywords and other bare words of SPARQL text in upper case, without what strings, IRIs and comments hold."""
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", _character, text)
    return {m["word"].upper() for source in (text, plain) for m in _TOKEN.finditer(source) if m["word"]}


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]


def _place(text: str, message: str) -> str:
    """Where a parser stopped, and why where it says so in words: it mostly lists all characters that it would take."""
    said_in_words = re.search(r"[A-Z]\w*(?: \w+){2,}", message)
    why = f" ({said_in_words[0]})" if said_in_words else ""
    at = re.match(r"error at (\d+):(\d+)", message)
    if not at:
        return why
    line, column = int(at[1]), int(at[2])
    said = text.split("\n")[line - 1]
    before, after = said[: column - 1].strip(), said[column - 1 :].strip() or "its end"
    return f" at line {line}, column {column}: after '{before[-40:]}' comes {after[:20]}{why}"


def as_row(terms: Iterable[Any]) -> tuple[str, ...]:
    """Terms as strings, "" for None."""
    return tuple("" if term is None else getattr(term, "value", str(term)) for term in terms)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Columns aligned for a terminal; long cells are cut, and what is not printable becomes a space."""
    lines = [columns, *(tuple(_cell(value) for value in row) for row in rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(columns))]
    lines.insert(1, tuple("─" * width for width in widths))
    padded = ("  ".join(v + " " * (w - _width(v)) for v, w in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)


def _cell(value: str) -> str:
    # Judged before it is walked: a cell may hold an article's whole text.
    plain = " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * _WIDEST]).split())
    if _width(plain) <= _WIDEST and len(value) <= 4 * _WIDEST:
        return plain
    while _width(plain) >= _WIDEST:
        plain = plain[:-1]
    return plain + "…"


def _width(text: str) -> int:
    """Columns in a terminal: wide East Asian characters and most emoji take two, combining ones none."""
    return sum(
        0 if unicodedata.category(c) in {"Mn", "Me", "Cf"} else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
