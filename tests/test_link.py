"""The crosswalk: rows of UCDP, ACLED and GDELT are matched with what articles tell, the true pairs and no others."""

import csv
import gzip
import io
import zipfile

import pytest
from conftest import ROOT
from fixtures_link import Writer, graph
from tables_link import GED, acled_row, gdelt_row, gdelt_table, ged_row, table

from kg import link, pipeline, query, rdf
from kg.errors import DatasetError, FormatError, OutputError
from kg.link import acled, gdelt, ucdp
from kg.shacl import Severity

UCDP, ACLED, GDELT = link.Dataset.UCDP, link.Dataset.ACLED, link.Dataset.GDELT
ALL = {
    "crosswalk": "document, node, kind, dataset, record, score, reasons, identifier, date, quote",
    "figures_compared": "document, figure, harm, min, max, source, quote, record, low, best, high, dataset, against",
    "incidents": "incident, date, place, actors, document, node, kind, what, min, max, source, denied, quote",
}


def ganja(name="one"):
    """An article in which Armenia shells Ganja in Azerbaijan, and kills five there."""
    return (
        Writer(name)
        .event(agent="Armenia", target="Azerbaijan", where="Ganja")
        .figure(5, 5, where="Ganja", by="Armenia")
    )


def linked(tmp_path, articles, files, **how):
    """The rows of the crosswalk, after linking articles to files of datasets."""
    target = tmp_path / "linked.trig"
    link.link_file(graph(tmp_path / "graph.trig", *articles, **how), target, files)
    return query.rows(target, "crosswalk")


def identifiers(rows):
    """The identifiers of the matched rows, each once."""
    return sorted({row["identifier"] for row in rows})


LOOK_ALIKES = [
    ged_row(11, "2020-10-05"),
    ged_row(12, "2020-10-03", end="2020-10-03"),
    ged_row(13, place="Shusha town", adm_1="Shusha", latitude=39.76, longitude=46.75),
    ged_row(14, side_a="Government of Turkey", gwnoa=640, side_b="PKK", gwnob=""),
    ged_row(15, side_a="Government of Georgia", gwnoa=372),
    ged_row(16, side_b="Government of Turkey", gwnob=640),
    ged_row(17, where_prec=6, place="Azerbaijan"),
    ged_row(18, "2020-01-01", end="2020-12-31", date_prec=5),
    ged_row(19, "2019-10-04"),
]


def test_ged_rows_the_true_pairs_and_no_others(tmp_path):
    """Of look-alikes on another day, at another place or of other actors, none is linked to."""
    file = table(tmp_path / "ged.csv", [*LOOK_ALIKES[:4], ged_row(10), *LOOK_ALIKES[4:]])
    rows = linked(tmp_path, [ganja()], {UCDP: [file]})
    assert [(row["kind"], row["identifier"]) for row in rows] == [("event", "10"), ("figure", "10")]
    assert rows[0]["record"] == "https://w3id.org/ckg/data/ucdp/ged/10"
    assert rows[1]["reasons"].split("|") == [
        "actors=Armenia (Government of Armenia), Azerbaijan (Government of Azerbaijan)",
        "date=2020-10-04",
        "deaths=5..5 meets 5..5",
        "distance=0.0 km from Ganja to Ganja city",
    ]
    assert float(rows[0]["score"]) == 1


@pytest.mark.parametrize("row", LOOK_ALIKES, ids=lambda row: str(row["id"]))
def test_a_look_alike_is_not_linked_to_even_when_it_is_alone(tmp_path, row):
    """That nothing better is there makes no pair."""
    assert linked(tmp_path, [ganja()], {UCDP: [table(tmp_path / "ged.csv", [row])]}) == []


@pytest.mark.parametrize(
    ("writer", "kinds"),
    [
        (Writer("a").event(agent="Armenia", where="Ganja"), ["event"]),
        (Writer("a").event(agent="Armenia", where="Ganja", negated=True), []),
        (Writer("a").event("CONSULT", agent="Armenia", where="Ganja"), []),
        (Writer("a").event(agent="gunmen", where="Ganja"), []),
        (Writer("a").event(agent="gunmen", target="Azerbaijan", where="Ganja"), ["event"]),
        (Writer("a").event(agent="Boko Haram", target="Azerbaijan", where="Ganja"), []),
        (Writer("a").event(agent="Armenia", where="Azerbaijan").mention("Azerbaijan"), []),
        (Writer("a").event(agent="Armenia", where="Ganja", day=""), []),
        (Writer("a").figure(5, 5, where="Ganja"), ["figure"]),
        (Writer("a").figure(4, 6, where="Ganja"), ["figure"]),
        (Writer("a").figure(5, None, where="Ganja"), ["figure"]),
        (Writer("a").figure(7, 7, where="Ganja"), []),
        (Writer("a").figure(7, 7, where="Ganja", by="Armenia"), ["figure"]),
        (Writer("a").figure(50, 50, where="Ganja", by="Armenia"), []),
        (Writer("a").figure(1, None, where="Ganja", by="Armenia"), ["figure"]),
        (Writer("a").figure(5, 5, where="Ganja", by="Armenia", harm="WOUNDED"), []),
        (Writer("a").figure(5, 5, where="Ganja", side="Turkey"), []),
    ],
)
def test_what_is_enough(tmp_path, writer, kinds):
    """Day and place must agree, and actors or numbers besides; whoever is known must be in the row."""
    file = table(tmp_path / "ged.csv", [ged_row(10)])
    assert [row["kind"] for row in linked(tmp_path, [writer], {UCDP: [file]})] == kinds


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (ged_row(1, "2020-10-02", end="2020-10-06", date_prec=2), ["event", "figure"]),
        (ged_row(1, "2020-10-01", end="2020-10-31", date_prec=4), []),
        (ged_row(1, "2020-10-05", date_prec=3), ["event", "figure"]),
        (ged_row(1, date_prec=4), []),
        (ged_row(1, date_prec=5), []),
        (ged_row(1, latitude=40.75), ["event", "figure"]),
        (ged_row(1, latitude=41.2), []),
        (ged_row(1, where_prec=4, place="Ganja city"), ["event", "figure"]),
        (ged_row(1, where_prec=4, place="Dashkasan", adm_1="Dashkasan"), []),
        (ged_row(1, side_b="Civilians", gwnob=""), ["event", "figure"]),
        (ged_row(1, side_a="XXX9999 - unknown", gwnoa=""), []),
        (ged_row(1, gwnoa="", gwnob=""), ["event", "figure"]),
        (ged_row(1, side_a="Armenia", gwnoa="371", side_b="Azerbaijan"), ["event", "figure"]),
    ],
)
def test_precision_is_respected(tmp_path, row, found):
    """A week or a province must be made up for by actors and numbers, a month or a vague actor is not enough."""
    rows = linked(tmp_path, [ganja()], {UCDP: [table(tmp_path / "ged.csv", [row])]})
    assert [row["kind"] for row in rows] == found


def test_two_rows_that_fit_alike_are_a_doubt(tmp_path):
    """UCDP gives each event one row: where two fit an event alike none is chosen, and numbers may decide."""
    file = table(tmp_path / "ged.csv", [ged_row(1, best=5), ged_row(2, best=40)])
    assert [(row["kind"], row["identifier"]) for row in linked(tmp_path, [ganja()], {UCDP: [file]})] == [
        ("figure", "1")
    ]


def test_a_row_that_comes_twice_is_one(tmp_path):
    """A release and the candidate events may hold the same row."""
    files = [table(tmp_path / name, [ged_row(1)]) for name in ("a.csv", "b.csv")]
    assert identifiers(linked(tmp_path, [ganja()], {UCDP: files})) == ["1"]


def test_places_without_coordinates_match_by_name_and_country(tmp_path):
    """The article must name the country: another town of that name is not meant."""
    file = table(tmp_path / "ged.csv", [ged_row(1), ged_row(2, country="Iran", country_id=630, adm_1="Fars")])
    assert identifiers(linked(tmp_path, [ganja()], {UCDP: [file]}, located=False)) == ["1"]
    unsaid = Writer("a").event(agent="Armenia", where="Ganja")
    assert linked(tmp_path, [unsaid], {UCDP: [file]}, located=False) == []


def test_acled_rows_the_true_pairs_and_no_others(tmp_path):
    """Its actors carry years and countries, its days a week's or a month's precision."""
    rows = [
        acled_row("AZE1"),
        acled_row("AZE2", "05 October 2020"),
        acled_row("AZE3", location="Shusha", latitude=39.76, longitude=46.75),
        acled_row("AZE4", actor1="Military Forces of Turkey (2016-)"),
        acled_row("AZE5", event_type="Strategic developments", sub_event_type="Agreement", fatalities=0),
        acled_row("AZE6", time_precision=3, fatalities=1),
        acled_row("AZE7", geo_precision=3, location="Baku"),
    ]
    for name, delimiter in (("a.csv", ","), ("b.csv", ";")):
        file = table(tmp_path / name, rows, delimiter)
        assert identifiers(linked(tmp_path, [ganja()], {ACLED: [file]})) == ["AZE1"]


@pytest.mark.parametrize(("version", "columns"), [(1, 57), (1, 58), (2, 61)])
def test_gdelt_rows_the_true_pairs_and_no_others(tmp_path, version, columns):
    """Events of 1.0 with and without address, and of 2.0; it repeats itself, and counts nobody."""
    rows = [
        gdelt_row(version, 1),
        gdelt_row(version, 2, EventCode="190", EventBaseCode="190"),
        gdelt_row(version, 3, "20201005"),
        gdelt_row(version, 4, ActionGeo_Fullname="Shusha, Susa, Azerbaijan", ActionGeo_Lat=39.76, ActionGeo_Long=46.75),
        gdelt_row(version, 5, Actor1Code="TUR", Actor1Name="TURKEY", Actor1CountryCode="TUR"),
        gdelt_row(version, 6, EventCode="040", EventRootCode="04"),
        gdelt_row(version, 7, ActionGeo_Type=1, ActionGeo_Fullname="Azerbaijan"),
        gdelt_row(version, 8, Actor1Code="", Actor1Name="", Actor1CountryCode="", ActionGeo_Lat="", ActionGeo_Long=""),
    ]
    found = linked(tmp_path, [ganja()], {GDELT: [gdelt_table(tmp_path / "events.csv", rows, columns)]})
    assert [(row["kind"], row["identifier"]) for row in found] == [("event", "1"), ("event", "2")]


def test_groups_match_by_name_alias_and_acronym(tmp_path):
    """The gazetteer's aliases, and the initials of a name, tell that two names are of one group."""
    writer = Writer("a").event(agent="JNIM", target="Mali", where="Gao").mention("Mali")
    place = {"place": "Gao town", "country": "Mali", "country_id": 432, "adm_1": "Gao region"}
    sides = {"side_a": "Government of Mali", "gwnoa": 432, "gwnob": ""}
    rows = [
        ged_row(1, **place, **sides, side_b="IS"),
        ged_row(2, **place, **sides, side_b="Jama'at Nasr al-Islam wal-Muslimin"),
    ]
    found = linked(tmp_path, [writer], {UCDP: [table(tmp_path / "ged.csv", rows)]})
    assert identifiers(found) == ["2"]
    rows = [acled_row("M1", location="Gao", admin1="Gao", country="Mali", actor1="Military Forces of Mali (2020-2021)")]
    rows[0]["actor2"] = "JNIM: Group for Support of Islam and Muslims"
    assert identifiers(linked(tmp_path, [writer], {ACLED: [table(tmp_path / "a.csv", rows)]})) == ["M1"]


def test_packed_files_are_read(tmp_path):
    """A .gz and a .zip with one table give what the table gives."""
    file = table(tmp_path / "ged.csv", [ged_row(1)])
    packed = tmp_path / "ged.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    archive = tmp_path / "ged.zip"
    with zipfile.ZipFile(archive, "w") as members:
        members.write(file, "GEDEvent_v25_1.csv")
        members.writestr("README.pdf", b"no table")
    assert [*ucdp.read(file)] == [*ucdp.read(packed)] == [*ucdp.read(archive)] != []


def without(row, *columns):
    """A row without some of its columns."""
    return {column: value for column, value in row.items() if column not in columns}


@pytest.mark.parametrize(
    ("read", "content", "words"),
    [
        (
            ucdp.read,
            [without(ged_row(1), "best", "gwnoa")],
            r":1: these are not the columns of UCDP GED: no best; give",
        ),
        (ucdp.read, [acled_row("A1")], ":1: these are not the columns of UCDP GED: no id, type_of_violence"),
        (ucdp.read, "", ":1: these are not the columns of UCDP GED"),
        (ucdp.read, [ged_row(1), ged_row(2, "2020-13-04")], ":3: date_start '2020-13-04 00:00:00.000' is no day such"),
        (ucdp.read, [ged_row(1, "2020-10-04", end="2020-10-03")], ":2: date_end 2020-10-03 lies before date_start"),
        (ucdp.read, [ged_row(1, latitude=140)], ":2: latitude '140' is no number of degrees from -90 to 90"),
        (
            ucdp.read,
            [ged_row(1, best="many", low=1)],
            ":2: best 'many' is no whole number of 0 or more; repair or remove",
        ),
        (ucdp.read, [ged_row(1, low=9)], ":2: low 9, best 5 and high 5 are in no order"),
        (ucdp.read, [ged_row(1, where_prec=9)], ":2: where_prec '9' is none of 1, 2, 3, 4, 5, 6, 7"),
        (ucdp.read, [ged_row(1, date_prec=0)], ":2: date_prec '0' is none of 1, 2, 3, 4, 5"),
        (ucdp.read, [ged_row("")], ":2: id is empty"),
        (
            ucdp.read,
            [ged_row(1, source_article="one\ntwo"), ged_row(2, best=-1, low=1)],
            ":4: best '-1' is no whole number",
        ),
        (ucdp.read, ",".join(GED) + "\n1,2,3\n", ":2: 3 cells where the header has 49"),
        (ucdp.read, ",".join(GED).encode() + b"\n\xff,2,3\n", "no UTF-8 text; convert the file to UTF-8"),
        (acled.read, [acled_row("A1", "sometime")], ":2: event_date 'sometime' is no day such as 2020-10-04 or 04 Oct"),
        (acled.read, [acled_row("A1", time_precision=7)], ":2: time_precision '7' is none of 1, 2, 3"),
        (acled.read, [ged_row(1)], ":1: these are not the columns of ACLED: no event_id_cnty"),
        (gdelt.read, "1\t20201004\t3\n", ":1: 3 columns where a GDELT event has 57, 58 or 61"),
        (gdelt.read, "\n" + "\t" * 57 + "\n", ":2: SQLDATE '' is no day such as 20201004"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path, read, content, words):
    """Other columns, broken cells and broken rows are refused in one line that says where and what to do."""
    file = tmp_path / "rows.csv"
    if isinstance(content, list):
        table(file, content)
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DatasetError, match=words) as caught:
        list(read(file))
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rows.csv.gz", b"no gzip", "is no whole archive"),
        ("rows.csv.gz", gzip.compress(b"x" * 9)[:-4], "is no whole archive"),
        ("rows.zip", b"no zip", "is no whole archive"),
    ],
)
def test_a_broken_archive_is_told(tmp_path, name, content, words):
    """What was not fetched as a whole is refused."""
    (tmp_path / name).write_bytes(content)
    for read in (ucdp.read, gdelt.read):
        with pytest.raises(DatasetError, match=words):
            list(read(tmp_path / name))


def test_an_archive_of_several_tables_is_no_table(tmp_path):
    """Which one is meant is for the user to say."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "a")
        archive.writestr("b.csv", "b")
    (tmp_path / "two.zip").write_bytes(buffer.getvalue())
    with pytest.raises(DatasetError, match=r"holds 2 tables \(a.csv, b.csv\); unpack it"):
        list(ucdp.read(tmp_path / "two.zip"))


def test_nothing_is_half_written(tmp_path):
    """After a broken row, the graph is as it was, and no other file is there."""
    source = graph(tmp_path / "graph.ttl", ganja())
    before = source.read_bytes()
    file = table(tmp_path / "ged.csv", [ged_row(1), ged_row(2, best="x")])
    with pytest.raises(DatasetError):
        link.link_file(source, source, {UCDP: [file]})
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ged.csv", "graph.ttl"]


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nq.gz", ".jsonld"])
def test_linking_again_changes_nothing(tmp_path, suffix):
    """A linkset is replaced as a whole, others stay, and what is read back from any format is what was written."""
    source = graph(tmp_path / f"graph{suffix}", ganja(), ganja("two"))
    ged = table(tmp_path / "ged.csv", [ged_row(1)])
    events = table(tmp_path / "acled.csv", [acled_row("A1")])
    link.link_file(source, source, {UCDP: [ged]})
    link.link_file(source, source, {ACLED: [events]})
    once = source.read_bytes()
    link.link_file(source, source, {UCDP: [ged], ACLED: [events]})
    assert source.read_bytes() == once
    assert identifiers(query.rows(source, "crosswalk")) == ["1", "A1"]
    link.link_file(source, source, {UCDP: [table(tmp_path / "ged.csv", [ged_row(7)])]})
    assert identifiers(query.rows(source, "crosswalk")) == ["7", "A1"]


def test_the_order_of_rows_and_the_hash_seed_do_not_show(tmp_path, run_kg):
    """Two runs under different seeds, on shuffled rows, write the same bytes."""
    rows = [ged_row(1, best=5), ged_row(2, best=40), ged_row(3, "2020-10-05"), ged_row(4, best=5, latitude=40.69)]
    source = graph(tmp_path / "graph.ttl", ganja(), ganja("two"))
    for seed, order in (("1", rows), ("2", rows[::-1])):
        file = table(tmp_path / f"{seed}.csv", order)
        result = run_kg("link", source, "-o", tmp_path / f"{seed}.trig", "--ucdp", file, PYTHONHASHSEED=seed)
        assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "1.trig").read_bytes() == (tmp_path / "2.trig").read_bytes()


@pytest.mark.parametrize("suffix", [".ttl", ".nq"])
def test_a_linked_graph_conforms(tmp_path, suffix):
    """Records, links and incidents hold what the shapes require, in a file with and one without named graphs."""
    target = tmp_path / f"linked{suffix}"
    files = {
        UCDP: [table(tmp_path / "ged.csv", [ged_row(1)])],
        ACLED: [table(tmp_path / "acled.csv", [acled_row("A 1/2")])],
        GDELT: [gdelt_table(tmp_path / "gdelt.tsv", [gdelt_row(2, 7)])],
    }
    link.link_file(graph(tmp_path / "graph.nq", ganja(), ganja("two")), target, files)
    found = [violation for violation, _ in pipeline.validate(rdf.read(target), str(target))]
    assert [violation for violation in found if violation.severity is Severity.MUST] == []
    names = {name.value.rpartition("/data/")[2] for name in rdf.by_article(rdf.read(target))}
    assert names == {"article/one", "article/two", "links/ucdp", "links/acled", "links/gdelt", "links/incidents"}
    assert not any("_:" in str(quad.subject) for quad in rdf.read(target))


def test_all_rows_are_kept_when_asked_for(tmp_path):
    """Otherwise only those that match something."""
    source, file = (
        graph(tmp_path / "graph.ttl", ganja()),
        table(tmp_path / "ged.csv", [ged_row(1), ged_row(2, "2020-10-09")]),
    )
    count = "SELECT (COUNT(?r) AS ?n) { ?r a ckg:Record }"
    for all_rows, number in ((False, "1"), (True, "2")):
        link.link_file(source, tmp_path / "out.ttl", {UCDP: [file]}, all_rows=all_rows)
        assert query.run(tmp_path / "out.ttl", count).rows == [(number,)]


def test_a_record_says_what_its_row_says(tmp_path):
    """Days, point, country, actors with their numbers, and the dead, each in a property of its own."""
    target = tmp_path / "linked.ttl"
    file = table(tmp_path / "ged.csv", [ged_row(1, low=3, high=9)])
    link.link_file(graph(tmp_path / "graph.ttl", ganja()), target, {UCDP: [file]})
    triples = query.run(target, "SELECT ?p ?v { ?r a ckg:Record ; ?p ?v . FILTER(isLiteral(?v)) } ORDER BY ?p ?v").rows
    assert [(name.rpartition("#")[2].rpartition("/")[2], value) for name, value in triples] == [
        ("identifier", "1"),
        ("lat", "40.6828"),
        ("long", "46.3606"),
        *(("actorGleditschWard", number) for number in ("371", "373")),
        *(("actorName", f"Government of {name}") for name in ("Armenia", "Azerbaijan")),
        ("countryGleditschWard", "373"),
        ("countryIso3", "AZE"),
        ("countryName", "Azerbaijan"),
        ("dataset", "ucdp"),
        ("dateBegin", "2020-10-04"),
        ("dateEnd", "2020-10-04"),
        ("deathsBest", "5"),
        ("deathsHigh", "9"),
        ("deathsLow", "3"),
        ("placeName", "Ganja city"),
        ("recordKind", "state-based conflict"),
        ("sourceText", 'Agency, 2020-10-05, "Shells hit a town"'),
    ]
    wkt = "SELECT ?w { ?r a ckg:Record ; geosparql:hasGeometry/geosparql:asWKT ?w }"
    assert query.run(target, wkt).rows == [("POINT(46.3606 40.6828)",)]


def test_records_and_actors_join_by_gleditsch_and_ward_number(tmp_path):
    """The numbers of UCDP are those of our states."""
    target = tmp_path / "linked.ttl"
    file = table(tmp_path / "ged.csv", [ged_row(1), ged_row(2, "2020-11-01", gwnoa=640, side_a="Government of Turkey")])
    link.link_file(graph(tmp_path / "graph.ttl", ganja()), target, {UCDP: [file]}, all_rows=True)
    asked = """SELECT ?name ?id { ?actor ckg:gleditschWard ?number ; skos:prefLabel ?name .
        ?record ckg:actorGleditschWard ?number ; dcterms:identifier ?id } ORDER BY ?name ?id"""
    assert query.run(target, asked).rows == [("Armenia", "1"), ("Azerbaijan", "1"), ("Azerbaijan", "2")]


def test_figures_stand_beside_the_dataset_s(tmp_path):
    """A figure is told with the record's lowest, best and highest estimate, and how it stands to them."""
    target = tmp_path / "linked.ttl"
    writer = ganja().figure(12, 12, where="Ganja", by="Armenia").figure(2, 2, where="Ganja", by="Armenia")
    file = table(tmp_path / "ged.csv", [ged_row(1, best=6, low=4, high=9)])
    link.link_file(graph(tmp_path / "graph.ttl", writer), target, {UCDP: [file]})
    rows = query.rows(target, "figures_compared")
    told = [(row["min"], row["low"], row["best"], row["high"], row["against"]) for row in rows]
    assert told == [("5", "4", "6", "9", "within"), ("12", "4", "6", "9", "above"), ("2", "4", "6", "9", "below")]


@pytest.mark.parametrize("name", ALL)
def test_columns_are_the_contract_s(tmp_path, name):
    """The columns of the queries about links, in their order, each row once, from a file and from named graphs."""
    target = tmp_path / "linked.nq"
    file = table(tmp_path / "ged.csv", [ged_row(1)])
    link.link_file(graph(tmp_path / "graph.ttl", ganja(), ganja("two")), target, {UCDP: [file]})
    result = query.run(target, name)
    assert result.columns == tuple(ALL[name].split(", "))
    assert len(result.rows) == len(set(result.rows)) > 1
    named = rdf.in_memory(())
    named.bulk_extend(rdf.read(target))
    assert query.run(named, name) == result


def test_the_command_writes_over_its_graph_unless_told(tmp_path, run_kg):
    """Without -o the graph itself gets its links; what goes wrong is one line, and a missing file wrong usage."""
    source = graph(tmp_path / "graph.ttl", ganja())
    file = table(tmp_path / "ged.csv", [ged_row(1)])
    assert run_kg("link", source, "--ucdp", file).returncode == 0
    assert identifiers(query.rows(source, "crosswalk")) == ["1"]
    broken = table(tmp_path / "broken.csv", [ged_row("")])
    result = run_kg("link", source, "--ucdp", broken)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode() == (
        f"kg: {broken}:2: id is empty, and nothing else names the row; "
        "repair or remove this row, or fetch the file again\n"
    )
    assert run_kg("link", source, "--ucdp", tmp_path / "none.csv").returncode == 2
    assert run_kg("link", source, "-o", tmp_path / "out.xyz").returncode == 2


def test_no_spacy_is_needed_to_link():
    """Linking reads a graph: the language side stays out."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = "import sys, kg.link, kg.link.reconcile; print([m for m in sys.modules if m.split('.')[0] == 'spacy'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_target_that_cannot_be_written_is_told_first(tmp_path):
    """Before any row is read."""
    source = graph(tmp_path / "graph.ttl", ganja())
    with pytest.raises(OutputError, match="there is no folder"):
        link.link_file(source, tmp_path / "none" / "out.ttl", {UCDP: [tmp_path / "none.csv"]})
    with pytest.raises(FormatError):
        link.link_file(source, tmp_path / "out.xyz", {})


def test_columns_may_stand_in_any_order(tmp_path):
    """A header tells which is which; more columns do no harm."""
    row = dict(reversed(ged_row(1).items())) | {"extra": "x"}
    file = tmp_path / "ged.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, row)
        writer.writeheader()
        writer.writerow(row)
    (record,) = ucdp.read(file)
    assert (record.id, record.deaths.best) == ("1", 5)
