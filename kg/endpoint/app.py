"""The endpoint as a web application: SPARQL, the named queries, health, and a page that tells of them."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, serialize
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

import kg
from kg import query as named
from kg.endpoint.pool import BusyError, DeadlineError, DiedError
from kg.endpoint.protocol import GRAPHS, ROWS, Question, RefusedError, negotiated, question
from kg.errors import StoreError
from kg.rdf.vocabulary import PREFIXES, RDF, Namespace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from kg.endpoint.pool import Limits, Pool

_PAGE: Final = Path(__file__).with_name("page.html")
_SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_HAD: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_HAD_GRAPHS: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}


def application(
    pool: Pool, limits: Limits, hosts: frozenset[str] | None, started: Callable[[], None] = lambda: None
) -> Starlette:
    """The application over a pool of workers.

    Args:
        pool: started and stopped with the application.
        limits: what it allows.
        hosts: the names by which it may be called; None for any. A web page elsewhere can bend a name of its own to
            loopback, but not the name that the browser then sends.
        started: called once it answers.
    """

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
        except DiedError as error:
            raise StoreError("", "the store cannot be opened", "load it anew: kg load GRAPH --to") from error
        started()
        yield
        await pool.stop()

    endpoint = _Endpoint(pool, limits, hosts)
    read, ask = ["GET"], ["GET", "POST"]
    routes = [
        Route("/", endpoint.page, methods=read),
        Route("/healthz", endpoint.health, methods=read),
        Route("/query", endpoint.sparql, methods=ask),
        Route("/sparql", endpoint.sparql, methods=ask),
        Route("/query/{name}", endpoint.named, methods=read),
    ]
    handlers: Any = {RefusedError: _refused, HTTPException: _not_found}
    return Starlette(routes=routes, lifespan=life, exception_handlers=handlers)


class _Endpoint:
    """What is answered at each address."""

    def __init__(self, pool: Pool, limits: Limits, hosts: frozenset[str] | None) -> None:
        self._pool = pool
        self._limits = limits
        self._hosts = hosts

    async def page(self, request: Request) -> Response:
        """What there is, for a person."""
        self._check(request)
        rows = "\n".join(
            f'<tr><td>{name}</td><td>{html.escape(line)}</td><td><a href="/query/{name}.csv">CSV</a> '
            f'<a href="/query/{name}.json">JSON</a></td></tr>'
            for name, line in named.names()
        )
        page = Template(_PAGE.read_text("utf-8")).substitute(queries=rows, version=html.escape(kg.__version__))
        return HTMLResponse(page, headers=_SAFE)

    async def health(self, request: Request) -> Response:
        """Whether queries can be answered."""
        self._check(request)
        alive = self._pool.alive
        state = {"status": "ok" if alive else "unavailable", "workers": alive, "waiting": self._pool.waiting}
        return JSONResponse(state, 200 if alive else 503)

    async def sparql(self, request: Request) -> Response:
        """A query's answer, or the description of the service."""
        self._check(request)
        body = await self._body(request) if request.method == "POST" else b""
        content_type = request.headers.get("content-type", "")
        asked = question(request.method, request.scope["query_string"], content_type, body)
        accept = ",".join(request.headers.getlist("accept"))
        if asked is None:
            kind = negotiated(accept, GRAPHS)
            return _had(_description(str(request.url.replace(query="")), kind), kind)
        return await self._answer(request, asked, negotiated(accept, asked.types))

    async def named(self, request: Request) -> Response:
        """A named query's rows."""
        self._check(request)
        name, _, suffix = request.path_params["name"].partition(".")
        types = {"": ROWS, "json": {"*/*": "rows/json"}, "csv": {"*/*": "rows/csv"}}.get(suffix)
        if types is None or name not in dict(named.names()):
            raise RefusedError(404, f"no such query; known: {', '.join(name for name, _ in named.names())}")
        accept = ",".join(request.headers.getlist("accept")) if not suffix else ""
        return await self._answer(request, Question(named.sparql(name)), negotiated(accept, types))

    async def _answer(self, request: Request, asked: Question, kind: str) -> Response:
        message = {"text": asked.text, "type": kind, "default": asked.default, "named": asked.named}
        working = asyncio.create_task(self._pool.ask(message))
        gone = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise ClientDisconnect
            status, body = working.result()
        except BusyError:
            raise RefusedError(503, "too many queries at once; ask again later", {"Retry-After": "5"}) from None
        except DeadlineError:
            raise RefusedError(504, f"the query was ended after {self._limits.seconds:g} seconds") from None
        except DiedError:
            raise RefusedError(400, "the query takes more memory, or is nested deeper, than is allowed") from None
        finally:
            for task in (working, gone):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
        if status != 200:
            raise RefusedError(status, body.decode())
        return _had(body, {"rows/json": "application/json", "rows/csv": "text/csv"}.get(kind, kind))

    def _check(self, request: Request) -> None:
        host = re.sub(r":\d*$", "", request.headers.get("host", "")).lower()
        if self._hosts is not None and host not in self._hosts:
            raise RefusedError(421, "this endpoint answers on this machine only")

    async def _body(self, request: Request) -> bytes:
        body = b""
        try:
            async with asyncio.timeout(self._limits.seconds):
                async for part in request.stream():
                    body += part
                    if len(body) > self._limits.question:
                        problem = f"a query has at most {self._limits.question:,} bytes"
                        raise RefusedError(413, problem, {"Connection": "close"})
        except TimeoutError:
            raise RefusedError(408, "the request did not come to its end", {"Connection": "close"}) from None
        return body


async def _gone(request: Request) -> None:
    """Returns when the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _had(body: bytes, kind: str) -> Response:
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    headers = {"Content-Type": kind + charset, "Vary": "Accept", **_SAFE}
    return Response(body, headers=headers)


async def _refused(_: Request, error: RefusedError) -> Response:
    return PlainTextResponse(" ".join(error.problem.split()) + "\n", error.status, headers={**error.headers, **_SAFE})


async def _not_found(_: Request, error: HTTPException) -> Response:
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers={**(error.headers or {}), **_SAFE})


def _description(address: str, kind: str) -> bytes:
    """The service, in the words of SPARQL 1.1 Service Description."""
    service, dataset, graph = NamedNode(address), BlankNode("dataset"), BlankNode("graph")
    facts: list[Any] = [
        (service, RDF["type"], _SD["Service"]),
        (service, _SD["endpoint"], service),
        (service, _SD["supportedLanguage"], _SD["SPARQL11Query"]),
        (service, _SD["feature"], _SD["UnionDefaultGraph"]),
        *((service, _SD["resultFormat"], _FORMATS[name]) for name in (*_HAD, *_HAD_GRAPHS)),
        (service, _SD["defaultDataset"], dataset),
        (dataset, RDF["type"], _SD["Dataset"]),
        (dataset, _SD["defaultGraph"], graph),
        (graph, RDF["type"], _SD["Graph"]),
    ]
    form = RdfFormat.from_media_type(kind)
    return serialize((Quad(*fact) for fact in facts), format=form, prefixes={**PREFIXES, "sd": _SD.iri}) or b""
