"""Queries to a SPARQL endpoint (SPARQL 1.1 Protocol)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat, parse

from kg.errors import GraphError, StoreError
from kg.query import Result, as_row, kind_of, words
from kg.rdf.vocabulary import OWL, PREFIXES, RDFS
from kg.store.client import Client

if TYPE_CHECKING:
    import httpx

_TABLE: Final = {"Accept": "application/sparql-results+json"}
_GRAPH: Final = {"Accept": "application/n-triples, text/turtle;q=0.9"}
_EXAMPLE: Final = "a SPARQL endpoint, such as http://127.0.0.1:7878/query"
_VIRTUOSO_ASK: Final = "__ASK_RETVAL"
_BAD_QUERY: Final = 400
_UNION: Final = "union-default-graph"


def ask(address: str, text: str, *, timeout: float | None = None, retries: int | None = 2) -> Result:
    """What the endpoint at `address` answers to SPARQL text, over the union of its graphs where it allows that.

    Raises:
        GraphError: the endpoint finds the query wrong.
        StoreError: it does not answer, refuses, answers something else than results, or cuts them off.
    """
    client = Client(address, _EXAMPLE, timeout=timeout, retries=retries)
    try:
        form = {"query": _prefixed(text)}
        if "FROM" not in words(text) and _empty(client, address):
            form[_UNION] = "true"  # Oxigraph's; others ignore it
        headers = _GRAPH if kind_of(text) in {"CONSTRUCT", "DESCRIBE"} else _TABLE
        answer = client.send("POST", address, form=form, headers=headers, allowed={_BAD_QUERY})
    finally:
        client.close()
    if answer.status_code == _BAD_QUERY:
        said = " ".join(answer.text.split())[:200]
        raise GraphError("", f"the endpoint refuses the query: {said}", "correct it")
    result = result_of(answer, client.address)
    if str(len(result.rows)) == answer.headers.get("X-SPARQL-MaxRows"):
        problem = f"gives {len(result.rows)} rows and no more"
        raise StoreError(client.address, problem, "raise its limit (Virtuoso: ResultSetMaxRows), or ask for less")
    return result


def _empty(client: Client, address: str) -> bool:
    """Whether the endpoint's default graph holds nothing, as where it is not the union of the others."""
    form = {"query": "ASK { ?s ?p ?o }"}
    answer = client.send("POST", address, form=form, headers=_TABLE, allowed={_BAD_QUERY})
    try:
        return answer.json()["boolean"] is False
    except (ValueError, KeyError, TypeError):
        return False


def _prefixed(text: str) -> str:
    """The query with the usual prefixes that it does not declare, all on its first line."""
    known = PREFIXES | {"rdfs": RDFS.iri, "owl": OWL.iri}
    declared = set(re.findall(r"\bPREFIX\s+([\w.-]*):", text, re.IGNORECASE))
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in known.items() if name not in declared) + text


def result_of(answer: httpx.Response, address: str) -> Result:
    """The result in an endpoint's answer.

    Raises:
        StoreError: it is none.
    """
    try:
        return _result(answer)
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise StoreError(address, "answers no SPARQL results", f"give the address of {_EXAMPLE}") from error


def _result(answer: httpx.Response) -> Result:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in {"application/n-triples", "text/plain", "text/turtle"}:
        found = parse(answer.content, format=RdfFormat.TURTLE)
        triples = tuple(quad.triple for quad in found)
        return Result(("subject", "predicate", "object"), sorted(as_row(triple) for triple in triples), triples)
    said: Any = json.loads(answer.content)
    columns = tuple(said["head"].get("vars", ()))
    rows = [tuple(row.get(name, {}).get("value", "") for name in columns) for row in _bindings(said)]
    if "boolean" in said or columns == (_VIRTUOSO_ASK,):
        true = said.get("boolean", rows == [("1",)])
        return Result(("answer",), [("true" if true else "false",)], answer=bool(true))
    return Result(columns, rows)


def _bindings(said: Any) -> Any:
    return () if "boolean" in said else said["results"]["bindings"]
