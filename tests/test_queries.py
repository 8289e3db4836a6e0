"""The named queries give the contract's columns and rows, and any SPARQL is answered or refused in one line."""

import csv
import io
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date

import pytest
from fixtures_model import SENTENCES, at, extraction
from pyoxigraph import DefaultGraph, Quad, Store

from kg import query
from kg.errors import FormatError, GraphError
from kg.model import CasualtyFigure, Harm, Place, Qualifier
from kg.rdf import in_memory, to_quads, write

COLUMNS = {
    "articles": "document, article, title, date, url, publisher",
    "actors": "document, actor, name, type, aliases, wikidata, mentions",
    "statements": "document, statement, kind, form, source, source_text, source_begin, source_end, cue, cue_begin,"
    " cue_end, content, content_begin, content_end, content2_begin, content2_end, about, denies, nested_in, date,"
    " confidence",
    "denials": "document, denial, denier, denied, accuser, denied_content",
    "casualties": "document, figure, harm, min, max, qualifier, victims, side, source, place, date, perpetrator,"
    " quote, quote_begin, quote_end",
    "alliances": "document, alliance, supporter, supported, kind, asserted_by, quote, quote_begin, quote_end",
    "mediations": "document, mediation, mediator, parties, conflict, role, asserted_by, quote, quote_begin, quote_end",
    "relations": "document, relation, type, a, b, office, since, asserted_by, quote, quote_begin, quote_end",
    "events": "document, event, type, agent, target, place, date, negated, asserted_by, quote, quote_begin, quote_end",
    "disagreements": "left_document, left, left_source, right_document, right, right_source, matter, about",
    "timeline": "date, document, what, node, text",
}
LINKED = ("links", "crosswalk", "figures_compared", "incidents")
ARTICLE = "https://w3id.org/ckg/data/article/karabakh"


@pytest.fixture(scope="module")
def store():
    """The example article, twice, under two identifiers."""
    return in_memory([*to_quads(extraction()), *to_quads(extraction("again/é"))])


def picked(store, name, *columns, document="karabakh"):
    """Some columns of a named query's rows for one article."""
    found = [row for row in query.rows(store, name) if row.get("document", row.get("left_document")) == document]
    return [tuple(row[column].removeprefix(ARTICLE) for column in columns) for row in found]


def test_the_named_queries_are_listed_with_a_line_each():
    """Each named query of the contract is there, in its order, described in one line."""
    listed = query.names()
    assert [name for name, _ in listed] == [*COLUMNS, *LINKED]
    assert all(20 < len(line) < 110 for _, line in listed)


def test_listing_imports_no_rdf_library():
    """Listing the queries is instant: neither rdflib, pyoxigraph nor spaCy is imported."""
    code = "import sys; from kg import query; query.names(); print([m for m in sys.modules if m.split('.')[0] in "
    code += "('rdflib', 'pyoxigraph', 'spacy', 'pyshacl')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_the_contract_s(store, name):
    """The columns are exactly those of the contract, in their order, and every value is plain text."""
    result = query.run(store, name)
    assert result.columns == tuple(COLUMNS[name].split(", "))
    assert result.rows
    assert len(result.rows) == len(set(result.rows))
    assert all(isinstance(value, str) for row in result.rows for value in row)


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_are_the_same_from_every_kind_of_store(store, name, tmp_path):
    """Turtle, quads, an embedded store and the union of named graphs give the same rows in the same order."""
    quads = [*to_quads(extraction()), *to_quads(extraction("again/é"))]
    expected = query.run(store, name)
    for suffix in (".ttl", ".nq.gz", ".jsonld"):
        write(quads, tmp_path / f"graph{suffix}")
        assert query.run(tmp_path / f"graph{suffix}", name) == expected
    graphs = Store()
    graphs.bulk_extend(reversed(quads))
    assert query.run(graphs, name) == expected


def test_articles(store):
    """An article is told with its title, day, address and publisher."""
    assert query.run(store, "articles").rows[1] == (
        "karabakh",
        ARTICLE,
        "The war over Nagorno-Karabakh",
        "2020-10-23",
        "https://news.example/karabakh?day=23",
        "Example News",
    )


def test_an_article_without_metadata_has_empty_cells():
    """What an article lacks is an empty cell, not an absent row."""
    bare = extraction("bare", title="", date=None, url="", publisher="")
    ((*_, title, day, url, publisher),) = query.run(in_memory(to_quads(bare)), "articles").rows
    assert (title, day, url, publisher) == ("", "", "", "")


def test_actors(store):
    """An actor bears the name that the article uses, its other names sorted, and the number of its mentions there."""
    rows = picked(store, "actors", "name", "type", "aliases", "wikidata", "mentions")
    assert ("Azerbaijan", "State", "Azerbaijani|its ally", "Q227", "4") in rows
    assert ("Turkey", "State", "", "Q43", "1") in rows
    assert ("Vladimir Putin", "Person", "Putin", "", "2") in rows
    assert ("Armenian authorities", "GovernmentBody", "", "", "2") in rows
    assert len(rows) == len(extraction().actors)


def test_links(store):
    """A link is told with what it links, how, by what, how surely and why."""
    rows = picked(store, "links", "name", "predicate", "object", "by", "score", "reasons")
    item = "http://www.wikidata.org/entity/Q227"
    assert ("Azerbaijan", "sameAs", item, "gazetteer", "0.95", "alias=Azerbaijan|row=azerbaijan") in rows
    assert len(rows) == 3


def test_each_article_has_its_own_reasons_for_a_link():
    """Two articles link one actor, each with its score and reasons."""
    other = extraction("other")
    (actor,) = (a for a in other.actors if a.name == "Armenia")
    changed = replace(actor, links=(replace(actor.links[0], score=1.0, reasons=("label=Armenia",)),))
    other = replace(other, actors=tuple(changed if a is actor else a for a in other.actors))
    rows = query.rows(in_memory([*to_quads(extraction()), *to_quads(other)]), "links")
    found = {(r["document"], r["score"], r["reasons"]) for r in rows if r["name"] == "Armenia"}
    assert found == {("karabakh", "0.95", "alias=Armenia|row=armenia"), ("other", "1", "label=Armenia")}


def test_statements(store):
    """A statement is told with source, cue and content, whom it is about, what it denies and what it is nested in."""
    rows = {
        row["cue"] + row["cue_begin"]: row for row in query.rows(store, "statements") if row["document"] == "karabakh"
    }
    assert len(rows) == len(extraction().statements)
    denial = rows[f"have denied{at('have denied').begin}"]
    accusation = rows[f"has accused{at('has accused').begin}"]
    assert denial["denies"] == accusation["statement"]
    assert (denial["kind"], denial["source"], denial["about"]) == ("Denial", "Armenian authorities", "Azerbaijan")
    assert (accusation["confidence"], accusation["about"], accusation["form"]) == ("0.9", "Armenia", "indirect")
    peace = rows[f"said{at('said', 4).begin}"]
    more = at("and a truce", 4)
    assert (peace["form"], peace["source_text"], peace["content"]) == ("direct", "Putin", "We want peace")
    assert (peace["content2_begin"], peace["content2_end"]) == (str(more.begin), str(more.end))
    inner = rows[f"report{at('report', 3).begin}"]
    assert inner["nested_in"] == rows[f"said{at('said', 3).begin}"]["statement"]
    assert rows[f"said{at('said', 3).begin}"]["date"] == "2020-10-22"
    assert rows[f"urges{at('urges', 10).begin}"]["about"] == "Armenia|rebels"
    assert rows[f"says{at('says', 10).begin}"]["source"] == "The criminal complaint"
    assert rows[f"reportedly{at('reportedly', 5).begin}"]["source"] == ""


def test_every_offset_in_a_row_holds_its_text(store):
    """The characters between the offsets of a row are the text of that row."""
    text = " ".join(SENTENCES)
    for row in query.rows(store, "statements"):
        assert text[int(row["cue_begin"]) : int(row["cue_end"])] == row["cue"]
        if row["content"]:
            assert text[int(row["content_begin"]) : int(row["content_end"])] == row["content"]
    for name in ("casualties", "alliances", "mediations", "relations", "events"):
        for row in query.rows(store, name):
            assert text[int(row["quote_begin"]) : int(row["quote_end"])] == row["quote"]


def test_denials(store):
    """A denial names who denies, whose statement, and which words."""
    assert picked(store, "denials", "denier", "accuser", "denied_content") == [
        ("Armenian authorities", "Azerbaijan", "they targeted Azerbaijani towns"),
        ("", "Vladimir Putin", "The tally"),
    ]


def test_casualties(store):
    """A figure comes with bounds, side and source; the article's own figure has no source."""
    columns = ("min", "max", "qualifier", "victims", "side", "source", "place", "date", "perpetrator")
    assert picked(store, "casualties", *columns) == [
        ("927", "927", "exact", "troops", "Nagorno-Karabakh", "Nagorno-Karabakh officials", "", "", ""),
        ("31", "", "at_least", "civilians", "", "", "Ganja", "2020-09-27", "unidentified gunmen"),
        ("", "5000", "about", "", "", "Vladimir Putin", "", "", ""),
    ]


def test_alliances(store):
    """Support is told with its kind and who asserts it."""
    assert picked(store, "alliances", "supporter", "supported", "kind", "asserted_by") == [
        ("Turkey", "Azerbaijan", "backs", ""),
        ("Turkey", "its military", "trains", ""),
        ("Turkey", "Azerbaijan", "allied", "Turkey"),
    ]


def test_mediations(store):
    """A mediation is told with its parties sorted, and with a conflict that is no actor in the article's words."""
    assert picked(store, "mediations", "mediator", "parties", "conflict", "role", "asserted_by") == [
        ("Vladimir Putin", "", "Nagorno-Karabakh", "brokers", "Vladimir Putin"),
        ("Minsk Group", "Armenia|Azerbaijan", "the decades-old conflict", "mediates", ""),
    ]


def test_relations(store):
    """A relation is told with its type, office and since when; its ends may be words of the article."""
    assert sorted(picked(store, "relations", "type", "a", "b", "office", "since", "asserted_by")) == [
        ("controls", "rebels", "Nagorno-Karabakh", "", "1994", "The criminal complaint"),
        ("office_of", "Vladimir Putin", "Russian", "president", "", ""),
        ("opposes", "unidentified gunmen", "Armenia", "", "", ""),
        ("part_of", "Minsk Group", "OSCE", "", "", ""),
    ]


def test_events(store):
    """An event is told with agent, target, place and day, whether it is negated, and who asserts it."""
    assert picked(store, "events", "type", "agent", "target", "place", "date", "negated", "asserted_by") == [
        ("ASSAULT", "Armenia", "Azerbaijani towns", "", "", "false", "Azerbaijan"),
        ("ASSAULT", "unidentified gunmen", "Stepanakert", "Stepanakert", "2020-10-22", "false", ""),
        ("ASSAULT", "Turkey", "Armenia", "", "", "true", ""),
    ]


def test_timeline(store):
    """What is dated comes in the order of its days."""
    assert picked(store, "timeline", "date", "what", "text") == [
        ("2020-09-27", "casualties", "More than 30 civilians"),
        ("2020-10-22", "Claim", "the death toll was nearing 5,000, significantly more than officials report"),
        ("2020-10-22", "ASSAULT", "Shells from unidentified gunmen hit Stepanakert"),
    ]


def test_what_no_named_source_says_has_no_name_in_its_row():
    """What is "reportedly" so shows no source, yet its node is asserted by the statement and not by the article."""
    base = extraction()
    (alliance, *_) = base.alliances
    reported = replace(base, alliances=(replace(alliance, asserted_by="unattributed"),))
    graph = in_memory(to_quads(reported))
    assert picked(graph, "alliances", "asserted_by") == [("",)]
    assert query.ask(graph, "ASK { ?a a ckg:Alliance ; ckg:assertedBy ?s . ?s ckg:unattributed true }").answer is True


def test_disagreements_by_the_article_s_word(store):
    """Figures that the article contrasts, and denials with what they deny, are disagreements, each once."""
    assert picked(store, "disagreements", "left_source", "right_source", "matter", "about") == [
        ("Vladimir Putin", "Nagorno-Karabakh officials", "killed", "the death toll was nearing 5,000"),
        ("Vladimir Putin", "", "killed", "the death toll was nearing 5,000"),
        ("Armenian authorities", "Azerbaijan", "denial", "they targeted Azerbaijani towns"),
        ("", "Vladimir Putin", "denial", "The tally"),
    ]


def figure(key, least, most, **changes):
    """A figure of people killed."""
    quote = {"low": at("927 of their troops", 1), "high": at("More than 30 civilians", 2)}[key]
    made = CasualtyFigure(key, quote, Harm.KILLED, changes.pop("qualifier", Qualifier.EXACT), least, most)
    return replace(made, **changes)


def disagreeing(*figures, apart=False):
    """How many disagreements of figures there are, in one article or, `apart`, in one for each figure."""
    base = replace(extraction(), statements=tuple(replace(s, denies=None) for s in extraction().statements))
    base = replace(base, places=(*base.places, Place("ganja2", "Ganja", (at("Ganja", 2),))))
    groups = [(f,) for f in figures] if apart else [figures]
    parts = [replace(base, article=replace(base.article, id=f"a{n}"), casualties=g) for n, g in enumerate(groups)]
    return query.rows(in_memory(quad for part in parts for quad in to_quads(part)), "disagreements")


GANJA = {"place": "ganja", "date": date(2020, 9, 27)}


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        ({}, {"asserted_by": "losses"}, 1),
        ({"asserted_by": "toll"}, {"asserted_by": "losses"}, 1),
        ({}, {}, 0),
        ({"asserted_by": "toll"}, {"asserted_by": "peace"}, 0),
        ({"harm": Harm.WOUNDED}, {"asserted_by": "losses"}, 0),
        ({"side": "armenia"}, {"asserted_by": "losses"}, 0),
        ({"side": "armenia"}, {"asserted_by": "losses", "side": "armenia"}, 1),
        ({"place": "stepanakert"}, {"asserted_by": "losses", "place": "ganja"}, 0),
        ({"place": "stepanakert"}, {"asserted_by": "losses"}, 1),
        ({"date": date(2020, 9, 27)}, {"asserted_by": "losses", "date": date(2020, 9, 28)}, 0),
        ({"victims": at("civilians", 2)}, {"asserted_by": "losses"}, 0),
        ({"victims": at("civilians", 2)}, {"asserted_by": "losses", "victims": at("civilians", 2)}, 1),
        ({"max": None}, {"asserted_by": "losses"}, 0),
        ({"max": 9}, {"asserted_by": "losses", "min": 10}, 1),
        ({"max": 9}, {"asserted_by": "losses", "min": 10, "qualifier": Qualifier.ABOUT}, 0),
        ({"max": 10}, {"asserted_by": "losses", "min": 10}, 0),
    ],
)
def test_figures_of_one_article_disagree_only_where_they_are_comparable(low, high, count):
    """Two sources whose bounds cannot both hold disagree; other harm, side, place, day or victims do not count."""
    found = disagreeing(figure("low", 5, 5, **low), figure("high", 20, 20, **high))
    assert len(found) == count
    for row in found:
        assert "casualty-194-216" not in row["right"]
        assert row["left"] != row["right"]


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        (GANJA, GANJA, 1),
        (GANJA, {**GANJA, "place": "ganja2"}, 1),
        (GANJA, {**GANJA, "place": "stepanakert"}, 0),
        (GANJA, {**GANJA, "date": date(2020, 9, 28)}, 0),
        (GANJA, {"place": "ganja"}, 0),
        ({}, {}, 0),
    ],
)
def test_figures_of_two_articles_disagree_only_of_one_place_and_day(low, high, count):
    """Reports of two articles are held against each other only where both name the same place and day."""
    assert len(disagreeing(figure("low", 5, 5, **low), figure("high", 20, 20, **high), apart=True)) == count


def test_the_usual_prefixes_need_not_be_declared(store):
    """Users ask with the prefixes of the ontology at hand, and with others of the same name if they declare them."""
    assert query.run(store, "SELECT ?a { ?a a ckg:Article ; dcterms:identifier 'karabakh' }").rows == [(ARTICLE,)]
    mine = "PREFIX ckg: <http://www.w3.org/2004/02/skos/core#> SELECT DISTINCT ?n { ?a ckg:prefLabel ?n } ORDER BY ?n"
    assert ("Türkiye",) in query.run(store, mine).rows


def test_triples_of_shared_actors_count_once(store):
    """In a graph file, the union of two articles holds what both say of Azerbaijan once."""
    counted = query.run(store, "SELECT (COUNT(*) AS ?n) { ?a ckg:wikidata 'Q227' }")
    assert counted.rows == [("1",)]
    one = "SELECT (COUNT(*) AS ?n) FROM <ARTICLE> { ?a a ckg:Article }".replace("ARTICLE", ARTICLE)
    assert query.run(store, one).rows == [("1",)]


def test_a_query_file_is_run(store, tmp_path):
    """A .rq file is read as UTF-8, with or without a byte order mark."""
    path = tmp_path / "who.rq"
    path.write_text("SELECT DISTINCT ?n { ?a skos:prefLabel ?n . FILTER(?n = 'Türkiye') }", "utf-8-sig")
    assert query.run(store, str(path)).rows == query.run(store, path).rows == [("Türkiye",)]


def test_results_as_text(store):
    """A table is aligned, CSV follows RFC 4180, JSON is a list of objects."""
    asked = "SELECT ?n ?q { VALUES (?n ?q) { ('停戦 \"quoted\", with comma' UNDEF) ('e\u0301a' 'two\\nlines') } }"
    result = query.run(store, asked)
    assert result.to("csv") == 'n,q\r\n"停戦 ""quoted"", with comma",\r\ne\u0301a,"two\nlines"\r\n'
    assert list(csv.reader(io.StringIO(result.to("csv"), newline="")))[1:] == [list(row) for row in result.rows]
    assert json.loads(result.to("json"))[1] == {"n": "e\u0301a", "q": "two\nlines"}
    assert result.to("table").splitlines() == [
        "n                          q",
        "─────────────────────────  ─────────",
        '停戦 "quoted", with comma',
        "e\u0301a                         two lines",
    ]


def test_a_table_cuts_long_cells_and_control_characters(store):
    """A cell of a whole article does not flood the terminal, nor does it steer it."""
    result = query.run(store, "SELECT ?t { VALUES ?t { '\\u001b[31mred' } } ")
    assert result.to("table").splitlines()[2] == "[31mred"
    (line,) = query.Result(("text",), [("x" * 10**6,)]).to("table").splitlines()[2:]
    assert line == "x" * 59 + "…"


def test_graphs_as_results(store):
    """CONSTRUCT gives Turtle, or a table of subject, predicate and object."""
    result = query.run(store, "CONSTRUCT { ?a skos:prefLabel ?n } WHERE { ?a skos:prefLabel ?n ; ckg:iso2 'AZ' }")
    row = ("https://w3id.org/ckg/data/actor/azerbaijan", "http://www.w3.org/2004/02/skos/core#prefLabel", "Azerbaijan")
    assert result.columns == ("subject", "predicate", "object")
    assert result.rows == [row]
    assert result.to("ttl").endswith('\n<actor/azerbaijan> skos:prefLabel "Azerbaijan" .\n')
    assert "Azerbaijan" in query.run(store, f"DESCRIBE <{row[0]}>").to("ttl")


def test_a_yes_or_no_as_result(store):
    """ASK gives true or false."""
    asked = query.run(store, "ASK { ?x a ckg:Denial }")
    assert (asked.answer, asked.to("json"), asked.to("csv")) == (True, "true\n", "answer\r\ntrue\r\n")
    assert query.run(store, "ASK { ?x a ckg:Nothing }").to("table").split() == ["answer", "──────", "false"]


def test_a_table_is_no_turtle(store):
    """SELECT cannot be had as Turtle, and an unknown format is told with the known ones."""
    result = query.run(store, "articles")
    with pytest.raises(FormatError, match="only CONSTRUCT and DESCRIBE give a graph"):
        result.to("ttl")
    with pytest.raises(FormatError, match="unknown format 'xml'; known: table, csv, json, ttl"):
        result.to("xml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "statments",
            "'statments' is no named query, no file that can be read, and no SPARQL; known queries: articles",
        ),
        ("", "'' is no named query"),
        ("who\0.rq", "is no named query"),
        ("SELECT * {", r"the query is not SPARQL at line 1, column 11: after 'SELECT \* \{' comes its end; correct"),
        (
            "SELECT ?x\nWHERE { ?x a oops }",
            "not SPARQL at line 2, column 18: after 'WHERE { .x a oops' comes }; correct it",
        ),
        ("SELECT * { ?x a nope:Thing }", "after .*nope:Thing' comes } .Prefix not found"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE clause would fetch from elsewhere"),
        ("SELECT * { seRVice?x { ?s ?p ?o } }", "SERVICE clause would fetch from elsewhere"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> {} }", "SERVICE clause would fetch from elsewhere"),
    ],
)
def test_what_is_no_query_is_told(store, text, words):
    """A mistyped name, broken SPARQL and a fetch from elsewhere are refused in one line."""
    with pytest.raises(GraphError, match=words) as caught:
        query.run(store, text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_word_service_may_be_spoken_of(store):
    """Only the clause is refused: strings, IRIs, comments, variables and names may hold the word."""
    asked = 'SELECT ?service { VALUES ?service { \'SERVICE\' <http://e.org/SERVICE> """a \'SERVICE\' """ } } # SERVICE'
    assert len(query.run(store, asked).rows) == 3


def test_a_binary_file_is_no_query(store, tmp_path):
    """A file that is no text is told as such."""
    (tmp_path / "noise.rq").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(GraphError, match="is no UTF-8 text"):
        query.run(store, tmp_path / "noise.rq")


def test_queries_grow_with_the_graph():
    """Ten times the articles take about ten times as long and not a hundred times."""

    def seconds(count):
        many = [quad for n in range(count) for quad in to_quads(extraction(f"copy{n}"))]
        graphs = Store()
        graphs.bulk_extend(many)
        taken = {}
        for name in COLUMNS:
            start = time.perf_counter()
            assert query.run(graphs, name).rows
            taken[name] = time.perf_counter() - start
        return taken

    small, large = seconds(10), seconds(100)
    assert not {name: (small[name], large[name]) for name in COLUMNS if large[name] > max(1.5, 40 * small[name])}


def test_a_union_in_the_default_graph_is_used(store):
    """A store whose default graph holds something is asked there."""
    mine = Store()
    mine.add(Quad(*next(iter(store)).triple, DefaultGraph()))
    assert query.run(mine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows == [("1",)]
