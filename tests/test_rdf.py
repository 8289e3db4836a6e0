"""The model as RDF: what stands in the graph, how it is written and read, and what is said when it cannot be."""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import rdflib
from fixtures_model import TEXT, at, extraction
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import FormatError, GraphError, OutputError, StoreError
from kg.model import (
    Actor,
    ActorType,
    Alliance,
    Article,
    EventType,
    Extraction,
    Form,
    Harm,
    MediationRole,
    Qualifier,
    RelationType,
    Span,
    Statement,
    StatementKind,
    SupportKind,
)
from kg.rdf import FORMATS, Minter, by_article, format_of, open_store, read, to_bytes, to_quads, write
from kg.rdf import literals as lit
from kg.rdf.iris import slug
from kg.rdf.vocabulary import CKG, DIRECT, LABEL, NAME_OF, RELATION_PROPERTY, SUPPORT_PROPERTY, XSD, concept, identifier

BASE = "https://w3id.org/ckg/data/"
ARTICLE = f"{BASE}article/karabakh"
ACTOR = f"{BASE}actor/"


@pytest.fixture(scope="module")
def quads():
    """The graph of the example article."""
    return to_quads(extraction())


def direct(quads):
    """The direct triples, as (subject, property, object) without namespaces."""
    return {
        (q.subject.value.removeprefix(BASE), q.predicate.value.partition("#")[2], q.object.value.removeprefix(BASE))
        for q in quads
        if q.predicate in DIRECT
    }


def test_direct_triples_are_what_the_article_itself_asserts(quads):
    """Turkey backs Azerbaijan by the article's own word; what Turkey vows or the complaint says is no direct triple."""
    assert direct(quads) == {
        ("actor/turkey", "backs", "actor/azerbaijan"),
        ("actor/turkey", "trains", f"article/karabakh#actor-its-military-{at('its military', 6).begin}"),
        ("actor/minsk-group", "mediates", "actor/armenia"),
        ("actor/minsk-group", "mediates", "actor/azerbaijan"),
        ("actor/minsk-group", "partOf", "actor/osce"),
        ("actor/person/vladimir-putin", "holdsOfficeOf", "actor/russia"),
    }


@pytest.mark.parametrize("kind", SupportKind)
def test_each_support_has_its_direct_property(kind):
    """Every kind of support that the article asserts gives its own direct triple, and none when a source says it."""
    base = extraction()
    (alliance, *_) = base.alliances
    own = replace(base, alliances=(replace(alliance, kind=kind),), mediations=(), relations=())
    said = replace(own, alliances=(replace(alliance, kind=kind, asserted_by="pledge"),))
    assert {name for _, name, _ in direct(to_quads(own))} == {SUPPORT_PROPERTY[kind].value.partition("#")[2]}
    assert not direct(to_quads(said))


@pytest.mark.parametrize("kind", RelationType)
def test_each_relation_has_its_direct_property(kind):
    """Every type of relation that the article asserts gives its own direct triple, and none with a span at an end."""
    base = extraction()
    relation = next(r for r in base.relations if r.key == "osce")
    own = replace(base, alliances=(), mediations=(), relations=(replace(relation, type=kind),))
    vague = replace(own, relations=(replace(relation, type=kind, b=at("OSCE", 8)),))
    assert {name for _, name, _ in direct(to_quads(own))} == {RELATION_PROPERTY[kind].value.partition("#")[2]}
    assert not direct(to_quads(vague))


def test_actors_of_the_gazetteer_are_shared_and_rebels_are_not():
    """Two articles about Azerbaijan share one Azerbaijan; "rebels" in two articles are two actors."""
    one, two = (
        {q.subject.value for q in to_quads(extraction(name)) if q.predicate == LABEL} for name in ("monday", "tuesday")
    )
    assert {iri.removeprefix(ACTOR) for iri in one & two} >= {"azerbaijan", "person/vladimir-putin"}
    assert not [iri for iri in one & two if "rebels" in iri]


def test_one_name_for_each_actor_in_an_article(quads):
    """An actor found twice is one, and the longest of its names is the one that the article calls it by."""
    base = extraction()
    twin = Actor("twin", "Putin", ActorType.PERSON, at("Putin", 4), named=True)
    longer = Actor("longer", "Azerbaijan has", ActorType.STATE, at("Azerbaijan has"), entry="azerbaijan")
    named = [q.object for q in quads if q.predicate == NAME_OF]
    assert len(named) == len(set(named)) == len(base.actors)
    again = to_quads(replace(base, actors=(*base.actors, twin, longer)))
    names = {q.object.value: q.subject.value for q in again if q.predicate == NAME_OF}
    assert names[f"{ACTOR}azerbaijan"] == f"{ARTICLE}#char={longer.name_span.begin},{longer.name_span.end}"
    assert f"{ACTOR}person/putin" in names


def test_statements_at_one_cue_are_numbered_by_content():
    """Two claims that share a cue get -2 in the order of their content, and twins are one."""
    words = [at("927", 1), at("troops", 1)]
    claims = [
        Statement(f"s{n}", StatementKind.CLAIM, Form.INDIRECT, at("said", 3), content=w) for n, w in enumerate(words)
    ]
    twin = replace(claims[0], key="twin")
    orders = ((*claims, twin), (twin, *reversed(claims)))
    graphs = [to_quads(Extraction(Article("x", TEXT), statements=order)) for order in orders]
    iris = [{q.subject.value: q.object.value for q in graph if q.predicate == CKG["content"]} for graph in graphs]
    begin, end = at("said", 3).begin, at("said", 3).end
    assert iris[0] == iris[1]
    assert [iri.partition("#")[2] for iri in sorted(iris[0])] == [f"claim-{begin}-{end}", f"claim-{begin}-{end}-2"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("000_d8a3", "000_d8a3"),
        ("2020/10/23 Karabakh", "2020/10/23%20Karabakh"),
        ("..", "%2E%2E"),
        ("a/./b#c?d", "a/%2E/b%23c%3Fd"),
        ("Гянджа", "%D0%93%D1%8F%D0%BD%D0%B4%D0%B6%D0%B0"),
    ],
)
def test_an_article_is_named_by_its_identifier(document, path):
    """Whatever an IRI cannot hold is percent-encoded, and dots that readers would resolve away are too."""
    assert Minter().article(document).value == f"{BASE}article/{path}"


def test_named_actors_carry_their_type_and_slug():
    """Erdoğan is found with and without the accent; an unnamed actor stays below its article, at its first word."""
    article = Minter().article("x")
    man = Actor("a", "Recep Tayyip Erdoğan", ActorType.PERSON, Span(0, 1), named=True)
    assert Minter().actor(man, article).value == f"{ACTOR}person/recep-tayyip-erdogan"
    group = replace(man, name="Ansar al-Islam", type=ActorType.ARMED_GROUP)
    assert Minter().actor(group, article).value == f"{ACTOR}armed-group/ansar-al-islam"
    assert (
        Minter().actor(replace(group, name="rebels", named=False), article).value == f"{article.value}#actor-rebels-0"
    )
    assert slug("U.S.-led  coalition") == "u-s-led-coalition"


def test_another_base_is_used_throughout(tmp_path):
    """With --base, every IRI of data lies below it, in each article and in the file."""
    minter = Minter("http://example.org/kg/")
    mine = to_quads(extraction(), minter)
    assert all(q.subject.value.startswith(minter.base) and q.graph_name.value.startswith(minter.base) for q in mine)
    for name in ("http://example.org/kg/", "urn:kg:"):
        again = to_quads(extraction(), Minter(name))
        write(again, tmp_path / "graph.trig", base=name)
        assert set(read(tmp_path / "graph.trig")) == set(again)


@pytest.mark.parametrize(
    "base", ["", "data/", "http://example.org/kg", "http://example.org/#", "http://exa mple.org/", "no one:"]
)
def test_a_base_must_be_an_absolute_iri(base):
    """A base that IRIs cannot be minted below is refused with its value."""
    with pytest.raises(ValueError, match=f"base '{base}' must be"):
        Minter(base)


def test_a_span_outside_its_article_is_refused():
    """Offsets beyond the text are a mistake of the extraction, and the graph is not made."""
    with pytest.raises(ValueError, match="span 0,9 lies outside its 4 characters"):
        to_quads(Extraction(Article("x", "Said"), sentences=(Span(0, 9),)))


def test_a_key_that_names_nothing_is_refused():
    """A link to what is not there is a mistake of the extraction, and the graph is not made."""
    lonely = Alliance("x", Span(0, 4), "a1", "a2", SupportKind.BACKS)
    with pytest.raises(ValueError, match="key 'a1' names nothing"):
        to_quads(Extraction(Article("x", "Said"), alliances=(lonely,)))


def test_literals_come_from_typed_values():
    """Each value is written in the form that stores give back."""
    assert lit.day(date(33, 4, 3)) == Literal("0033-04-03", datatype=XSD["date"])
    assert [lit.decimal(x).value for x in (1, 0, 0.5, 0.123456, 1e-9, 0.7)] == ["1", "0", "0.5", "0.1235", "0", "0.7"]
    assert [lit.since(x).datatype.value.partition("#")[2] for x in ("1994", "1994-05", "1994-05-12")] == [
        "gYear",
        "gYearMonth",
        "date",
    ]
    for wrong in ("94", "1994-13", "May of 1994", "1994-02-30"):
        with pytest.raises(ValueError, match=r"since|month|day|isoformat"):
            lit.since(wrong)


def test_concepts_end_in_the_contract_s_value():
    """Queries derive a concept's value from its IRI, so the IRI must end in it."""
    for kinds, scheme in (
        (Harm, "harm"),
        (Qualifier, "qualifier"),
        (SupportKind, "support"),
        (MediationRole, "role"),
        (Form, "form"),
        (EventType, "event"),
    ):
        assert {concept(kind).value for kind in kinds} == {f"{CKG.iri}{scheme}-{kind.value}" for kind in kinds}


def test_an_unknown_identifier_scheme_is_refused():
    """A scheme without a property would lose its identifiers silently."""
    with pytest.raises(ValueError, match="unknown identifier scheme 'isni'"):
        identifier("isni")


def test_turtle_is_grouped_and_readable(quads):
    """Turtle opens with the article, shortens what it can, and has each subject once, offsets in their order."""
    text = to_bytes(quads, format_of("graph.ttl")).decode()
    head, _, body = text.partition("\n\n")
    assert head.startswith(f"@base <{BASE}> .\n@prefix ckg: <{CKG.iri}> .")
    subjects = [block.split(" ", 1)[0] for block in body.split("\n\n")]
    assert subjects[0] == "<article/karabakh>"
    assert len(subjects) == len(set(subjects))
    begins = [int(s.partition("char=")[2].partition(",")[0]) for s in subjects if "#char=" in s]
    assert begins == sorted(begins)


def test_the_same_bytes_whatever_the_hash_seed():
    """Three processes with other hash seeds write the same bytes in every format."""
    code = (
        "import hashlib; from fixtures_model import extraction; from kg.rdf import FORMATS, to_bytes, to_quads;"
        "q = to_quads(extraction());"
        "print([hashlib.sha256(to_bytes(q, form)).hexdigest() for form in FORMATS.values()])"
    )
    folders = os.pathsep.join((str(Path(__file__).parent), str(Path(__file__).parent.parent)))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "012"
    }
    assert len(outputs) == 1


def test_built_together_is_built_apart():
    """Two articles in one file are the union of each by itself."""
    monday, tuesday = to_quads(extraction("monday")), to_quads(extraction("tuesday"))
    for form in (FORMATS[".ttl"], FORMATS[".nt"]):
        union = {Quad(*q.triple) for q in monday} | {Quad(*q.triple) for q in tuesday}
        assert to_bytes([*tuesday, *monday], form) == to_bytes(union, form)
    lines = [set(to_bytes(q, FORMATS[".nq"]).splitlines()) for q in (monday, tuesday, [*tuesday, *monday])]
    assert lines[0] | lines[1] == lines[2]


def test_json_ld_carries_its_context(quads):
    """JSON-LD is one object with its prefixes in it, so that nothing is fetched to read it."""
    text = to_bytes(quads, format_of("graph.jsonld")).decode()
    assert text.startswith('{\n"@context": {"ckg": "https://w3id.org/ckg/ontology#"')
    assert '"@type": ["ckg:Actor", "ckg:State"], "owl:sameAs"' in text
    assert '"skos:prefLabel": "Armenia", "ckg:wikidata": "Q399"}' in text


def test_foreign_quads_are_written_in_json_ld_too(tmp_path):
    """Languages, other vocabularies and triples without a graph survive JSON-LD."""
    s, p = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
    foreign = {Quad(s, p, Literal("Krieg", language="de")), Quad(s, p, s), Quad(s, p, Literal("x"), s)}
    write(foreign, tmp_path / "graph.jsonld")
    assert set(read(tmp_path / "graph.jsonld")) == foreign


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_appear_whole(quads, suffix, tmp_path):
    """A file is written under its name, replaces what was there, and nothing is left beside it."""
    path = tmp_path / f"graph{suffix}"
    path.write_text("an older graph")
    write(quads, path)
    assert len(list(read(path))) == len(quads)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_write_that_breaks_off_leaves_nothing(tmp_path):
    """When the quads end in an error, what stood there before still stands, and no part of the new."""
    target = tmp_path / "graph.ttl"
    target.write_text("an older graph")

    def breaking():
        yield from to_quads(extraction())
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\); name another place"):
        write(breaking(), target)
    assert target.read_text() == "an older graph"
    assert [p.name for p in tmp_path.iterdir()] == ["graph.ttl"]


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("nowhere/graph.ttl", OutputError, "there is no folder"),
        ("file/graph.ttl", OutputError, "there is no folder"),
        ("folder.ttl", OutputError, "is a folder; name a file in it"),
        ("graph.tutle", FormatError, "unknown format '.tutle'; known: .ttl .trig .nq .nt .jsonld .ttl.gz"),
        ("graph", FormatError, "no suffix that tells a format"),
        ("graph.gz", FormatError, "unknown format '.gz'"),
    ],
)
def test_what_cannot_be_written_is_told(name, error, words, tmp_path):
    """Missing folders, folders and unknown suffixes are refused in one line with advice, and nothing is left behind."""
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(error, match=words) as caught:
        write(to_quads(extraction()), tmp_path / name)
    assert "\n" not in str(caught.value)
    assert {p.name for p in tmp_path.iterdir()} == {"folder.ttl", "file"}


def test_a_folder_without_permission_is_told(tmp_path, monkeypatch):
    """A folder that may not be written to is named, with what to do."""

    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(OutputError, match="no permission to write there; name a folder that you may write to"):
        write([], tmp_path / "graph.ttl")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.ttl", b"<a:b> <a:c> 'x' .\n<a:b> <a:c> oops .\n", "line 2: oops is not a valid RDF object"),
        ("broken.nq", b"<a:b> <a:c>\n", "line 2: line jumps are not allowed"),
        ("broken.trig", b"<a:b> {", "line "),
        ("broken.nt", b"\xff\xfe\x00", "broken.nt: "),
        ("broken.jsonld", b"{", "broken.jsonld: "),
        ("broken.ttl.gz", b"not gzip at all", "no whole gzip file"),
        ("cut.nt.gz", gzip.compress(b"<a:b> <a:c> <a:d> .\n" * 999)[:-20], "no whole gzip file"),
        ("missing.ttl", None, "there is no such file"),
    ],
)
def test_a_broken_graph_is_told_with_its_line(name, content, words, tmp_path):
    """A graph that cannot be parsed gives one line that names file, line and problem."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    for reader in (lambda path: list(read(path)), open_store):
        with pytest.raises(GraphError, match=words) as caught:
            reader(tmp_path / name)
        assert name in str(caught.value)


def test_a_folder_that_is_no_store_is_told(tmp_path):
    """A folder without a store in it is not taken for one."""
    with pytest.raises(StoreError, match="is a folder, but no store"):
        open_store(tmp_path)


def test_triples_of_no_article_are_not_loaded_silently(quads):
    """A triple that no article accounts for is told instead of dropped."""
    stray = Quad(NamedNode(f"{ACTOR}turkey"), CKG["arms"], NamedNode(f"{ACTOR}armenia"))
    with pytest.raises(GraphError, match=r"graph.ttl: the triple .*turkey.* belongs to no article"):
        by_article([*(Quad(*q.triple) for q in quads), stray], "graph.ttl")


def test_each_quad_is_written_once(quads):
    """Repeated quads, as parallel runs give them, are merged."""
    for form in FORMATS.values():
        assert to_bytes([*quads, *quads], form) == to_bytes(quads, form)


def test_turtle_is_read_alike_by_three_libraries(quads, tmp_path):
    """rdflib, Raptor, where it is installed, and Oxigraph count as many triples as there are."""
    path = tmp_path / "graph.ttl"
    write(quads, path)
    count = len({Quad(*quad.triple) for quad in quads})
    assert len(rdflib.Graph().parse(path)) == len(list(read(path))) == count
    if shutil.which("rapper"):
        result = subprocess.run(["rapper", "-c", "-i", "turtle", path], capture_output=True, text=True, check=True)
        assert f"returned {count} triples" in result.stderr
