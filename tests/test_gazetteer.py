"""The gazetteer: its data are sound, names find their entries, and users can add rows."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kg.errors import GazetteerError, InputError
from kg.gazetteer import Gazetteer, Naming, roles
from kg.gazetteer import build as building
from kg.gazetteer import check as checking
from kg.gazetteer.lookup import DATA, FILES
from kg.gazetteer.names import fold, form_keys, slug
from kg.gazetteer.table import COLUMNS, PATTERNS, SCHEMES, problem, read_rows
from kg.model import ActorType

GAZETTEER = Gazetteer.load()
GROUP = "cameo,wikidata,qid_source,wikipedia_title,ambiguous_aliases"
ROWS = [(name, row) for name in FILES for row in read_rows(DATA / f"{name}.csv")]
TYPES = {
    "states": {"State"},
    "territories": {"Territory"},
    "organizations": {"InternationalOrganization", "Organization", "GovernmentBody"},
    "armed_groups": {"ArmedGroup"},
    "peoples": {"People"},
    "persons": {"Person"},
}


def found(name):
    """The entries that a name finds, with how."""
    return [(m.entry.entry, m.naming.value) for m in GAZETTEER.lookup(name)]


def table(tmp_path, *lines, name="mine.csv"):
    """A user's table on disk."""
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_row_is_sound():
    """No row of the package lacks what it must have, or holds a value that does not match its pattern."""
    assert [f"{row['entry']}: {fault}" for _, row in ROWS if (fault := problem(row))] == []


def test_types_go_with_files():
    """Each file holds the types of actor that its name promises."""
    assert {(name, row["type"]) for name, row in ROWS} == {(name, t) for name, types in TYPES.items() for t in types}


def test_entries_are_unique_and_sorted():
    """An entry stands once in all files, and each file is sorted by it."""
    assert [e for e, n in Counter(row["entry"] for _, row in ROWS).items() if n > 1] == []
    for name in FILES:
        entries = [row["entry"] for n, row in ROWS if n == name]
        assert entries == sorted(entries)


@pytest.mark.parametrize("column", SCHEMES)
def test_no_identifier_stands_on_two_entries(column):
    """An identifier of another dataset links to one actor only."""
    count = Counter(row[column] for _, row in ROWS if row[column])
    assert [value for value, n in count.items() if n > 1] == []


def test_wikidata_items_are_items():
    """Every Wikidata identifier is a Q-number without leading zero."""
    items = [e.identifier("wikidata") for e in GAZETTEER.entries if e.identifier("wikidata")]
    assert len(items) > 500
    assert all(PATTERNS["wikidata"][0].fullmatch(item) for item in items)


def test_shared_aliases_are_ambiguous_for_all():
    """A form that labels or aliases one entry without doubt does neither for another."""
    sure = Counter(
        key
        for form, naming, entry in GAZETTEER.forms()
        if naming in {Naming.LABEL, Naming.ALIAS}
        for key in {(k, entry.entry) for k in form_keys(form)}
    )
    holders = Counter(key for key, _ in sure)
    assert [key for key, n in holders.items() if n > 1] == []


def test_planted_fictional_entries_are_absent():
    """None of the fictional entries that one source is known to hold came through."""
    planted = {"ernst stavro blofeld", "ras al ghul", "torchwood institute", "kinakuta"}
    assert {fold(form).casefold() for form, _, _ in GAZETTEER.forms()}.isdisjoint(planted)


def test_data_is_written_as_it_is_read(tmp_path):
    """Reading a file and writing it again gives the same bytes: sorted, line feeds, no superfluous quotes."""
    for name in FILES:
        building.write_rows(tmp_path / "again.csv", COLUMNS, read_rows(DATA / f"{name}.csv"))
        assert (tmp_path / "again.csv").read_bytes() == (DATA / f"{name}.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Azerbaijan", ("azerbaijan", "label")),
        ("Azerbaijani", ("azerbaijan", "demonym")),
        ("Moscow", ("russia", "metonym")),
        ("the Kremlin", ("russia", "metonym")),
        ("U.S.", ("united-states", "alias")),
        ("US", ("united-states", "alias")),
        ("U.S", ("united-states", "alias")),
        ("Pentagon", ("united-states", "metonym")),
        ("Taipei", ("taiwan", "metonym")),
        ("BEIRUT", ("lebanon", "metonym")),
        ("Côte d’Ivoire", ("ivory-coast", "alias")),
        ("al Qaeda", ("al-qaeda", "label")),
        ("IS", ("islamic-state", "alias")),
        ("Daesh", ("islamic-state", "alias")),
        ("NATO", ("nato", "label")),
        ("Minsk Group", ("osce-minsk-group", "alias")),
        ("the Observatory", ("syrian-observatory-for-human-rights", "ambiguous")),
        ("Georgia", ("georgia", "ambiguous")),
        ("Kurdish", ("kurds", "demonym")),
        ("Vladimir Putin", ("vladimir-putin", "label")),
    ],
)
def test_names_find_their_entry(name, expected):
    """Labels, aliases, demonyms and metonyms find one entry, and say how they name it."""
    assert found(name) == [expected]


@pytest.mark.parametrize("name", ["us", "is", "Is", "Us", "who", "Atlantis", "", "the"])
def test_words_are_no_acronyms(name):
    """An acronym is found in capitals only, and unknown names find nothing."""
    assert found(name) == []


def test_names_of_several_come_with_all():
    """A name that several bear gives all of them, the surest way of naming first."""
    assert found("Congo") == [("democratic-republic-of-the-congo", "ambiguous"), ("republic-of-the-congo", "ambiguous")]
    assert found("Brussels") == [("belgium", "metonym"), ("european-union", "metonym")]


def test_entries_carry_identifiers():
    """A state comes with its codes in all schemes, sorted."""
    assert GAZETTEER["azerbaijan"].identifiers == (
        ("cameo", "AZE"),
        ("correlatesOfWar", "373"),
        ("geonames", "587116"),
        ("gleditschWard", "373"),
        ("iso2", "AZ"),
        ("iso3", "AZE"),
        ("wikidata", "Q227"),
        ("wikipedia", "Azerbaijan"),
    )
    assert "azerbaijan" in GAZETTEER
    assert "atlantis" not in GAZETTEER


@pytest.mark.parametrize(
    ("entry", "type_"),
    [
        ("taiwan", ActorType.TERRITORY),
        ("nagorno-karabakh", ActorType.TERRITORY),
        ("palestine", ActorType.STATE),
        ("united-nations", ActorType.INTERNATIONAL_ORGANIZATION),
        ("osce-minsk-group", ActorType.INTERNATIONAL_ORGANIZATION),
        ("democratic-union-party", ActorType.ORGANIZATION),
        ("syrian-observatory-for-human-rights", ActorType.ORGANIZATION),
        ("islamic-revolutionary-guard-corps", ActorType.GOVERNMENT_BODY),
        ("islamic-state", ActorType.ARMED_GROUP),
        ("rohingya", ActorType.PEOPLE),
    ],
)
def test_actors_have_their_type(entry, type_):
    """Disputed lands are territories, monitors and parties organizations, state forces bodies of government."""
    assert GAZETTEER[entry].type is type_


def test_every_form_is_found_again():
    """Each form that a matcher is built from finds its own entry."""
    lost = [
        form
        for form, _, entry in GAZETTEER.forms()
        if entry.entry not in {m.entry.entry for m in GAZETTEER.lookup(form)}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("term", "type_"),
    [
        ("prime minister", ActorType.PERSON),
        ("spokesman", ActorType.PERSON),
        ("official", ActorType.PERSON),
        ("officials", ActorType.GOVERNMENT_BODY),
        ("foreign ministry", ActorType.GOVERNMENT_BODY),
        ("troops", ActorType.GOVERNMENT_BODY),
        ("rebels", ActorType.ARMED_GROUP),
        ("anti-government armed group", ActorType.ARMED_GROUP),
        ("protesters", ActorType.PEOPLE),
        ("news agency", ActorType.ORGANIZATION),
        ("coalition", ActorType.INTERNATIONAL_ORGANIZATION),
    ],
)
def test_roles_name_types(term, type_):
    """Titles and role nouns tell the type of actor, in singular and plural."""
    assert roles()[term] is type_


def test_roles_are_few_and_lower_case():
    """The table of roles holds useful terms, not every combination, and no capitals."""
    assert 1000 < sum(1 for _ in read_rows(DATA / "roles.csv")) < 1700
    assert all(term == term.lower() and not any(c.isdigit() for c in term) for term in roles())


def test_user_rows_are_added_and_replace(tmp_path):
    """A user's table adds an actor, and replaces one of the package's; the package's own gazetteer stays as it was."""
    path = table(tmp_path, "entry,label,type,aliases", "nordland,Nordland,State,Norland", "turkey,Türkiye,State,Turkey")
    mine = Gazetteer.load((path,))
    assert [m.entry.entry for m in mine.lookup("Norland")] == ["nordland"]
    assert mine["turkey"].label == "Türkiye"
    assert GAZETTEER["turkey"].label == "Turkey"


@pytest.mark.parametrize(
    ("lines", "where", "words"),
    [
        (["entry,label", "x,X"], ":1", "column 'type' is missing"),
        (["entry,label,type,colour", "x,X,State,red"], ":1", "unknown column 'colour'"),
        (["entry,label,type", "x,X,Kingdom"], ":2", "unknown type 'Kingdom'"),
        (["entry,label,type", "x,,State"], ":2", "lacks its label"),
        (["entry,label,type", "X y,X,State"], ":2", "entry 'X y'"),
        (["entry,label,type,wikidata", "x,X,State,227"], ":2", "wikidata '227' is not"),
        (["entry,label,type,wikidata", "x,X,State,Q227"], ":2", "item of 'azerbaijan'"),
        (["entry,label,type,valid_from", "x,X,State,1994-02-30"], ":2", "no day of the calendar"),
        (["entry,label,type", "x,X,State", "x,Y,State"], ":3", "stands on line 2"),
        (["entry,label,type", "x,X,State,more"], ":2", "has not 3 fields"),
        (["entry,label,type", "x,X"], ":2", "has not 3 fields"),
        (["entry,label,type", '"x,X,State'], ":2", "broken CSV"),
    ],
)
def test_broken_user_rows_are_refused(tmp_path, lines, where, words):
    """A broken row is refused with file, line and what is wrong."""
    path = table(tmp_path, *lines)
    with pytest.raises(GazetteerError) as caught:
        Gazetteer.load((path,))
    assert str(caught.value).startswith(f"{path}{where}: ")
    assert words in str(caught.value)
    assert isinstance(caught.value, InputError)


def test_missing_and_binary_tables_are_refused(tmp_path):
    """A table that is not there or no UTF-8 is refused by name."""
    with pytest.raises(GazetteerError, match=r"absent\.csv"):
        Gazetteer.load((tmp_path / "absent.csv",))
    (tmp_path / "latin.csv").write_bytes("entry,label,type\nx,Zaïre,State\n".encode("latin-1"))
    with pytest.raises(GazetteerError, match="UTF-8"):
        Gazetteer.load((tmp_path / "latin.csv",))


PREFIXES = (
    "@prefix : <https://example.org/actor/> . @prefix ckg: <https://w3id.org/ckg/ontology#> .",
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .",
)


def test_user_actors_in_turtle_are_added_and_replace(tmp_path):
    """Turtle gives label, aliases, doubtful names, type and identifiers; the last part of an IRI is the entry."""
    path = table(
        tmp_path,
        *PREFIXES,
        ':nordland a ckg:Actor, ckg:State ; skos:prefLabel "Nordland"@en, "Norlande"@fr ; skos:altLabel "Norland" ;',
        '  skos:hiddenLabel "North" ; ckg:iso3 "NRL" ; owl:sameAs <http://www.wikidata.org/entity/Q99999999> .',
        ':turkey a ckg:State ; skos:prefLabel "Türkiye" .',
        name="mine.ttl",
    )
    mine = Gazetteer.load((path,))
    assert [(m.entry.entry, m.naming.value) for m in mine.lookup("Norland")] == [("nordland", "alias")]
    assert mine["nordland"].label == "Nordland"
    assert mine["nordland"].ambiguous == ("North",)
    assert mine["nordland"].identifiers == (("iso3", "NRL"), ("wikidata", "Q99999999"))
    assert mine["turkey"].label == "Türkiye"


@pytest.mark.parametrize(
    ("lines", "where", "words"),
    [
        ([':x a ckg:State ; skos:prefLabel "X" ; ckg:wikidata "227" .'], " <https://example.org/actor/x>", "'227'"),
        ([':x a ckg:State ; skos:prefLabel "X" ; ckg:wikidata "Q227" .'], " <https://", "item of 'azerbaijan'"),
        ([':x a ckg:State ; skos:prefLabel "X" ; ckg:iso3 "XXA", "XXB" .'], " <https://", "2 values of iso3"),
        ([':x a ckg:Kingdom ; skos:prefLabel "X" .'], " <https://", "Kingdom'; known: State"),
        ([":x a ckg:State ."], " <https://", "lacks its label"),
        ([':x a ckg:State ; skos:prefLabel "X" ; ckg:isoo "XX" .'], " <https://", "unknown property ckg:isoo"),
        ([':x a ckg:State ; skos:prefLabel "X .'], ":3", "no Turtle"),
        (['[] a ckg:State ; skos:prefLabel "X" .'], "", "blank node"),
        (
            [':x a ckg:State ; skos:prefLabel "X" . <urn:x> a ckg:State ; skos:prefLabel "Y" .'],
            " <urn:x>",
            "'x' stands",
        ),
    ],
)
def test_broken_user_turtle_is_refused(tmp_path, lines, where, words):
    """A broken actor is refused with file, line or IRI, and what is wrong."""
    path = table(tmp_path, *PREFIXES, *lines, name="mine.ttl")
    with pytest.raises(GazetteerError) as caught:
        Gazetteer.load((path,))
    assert str(caught.value).startswith(f"{path}{where}")
    assert words in str(caught.value)


def test_holders_of_offices():
    """Who held an office on a day; nobody on the day of a change, before the first and after the last known one."""
    holder = GAZETTEER.offices.holder
    assert holder("TUR", "president", date(2016, 8, 29)) == "recep-tayyip-erdogan"
    assert holder("TUR", "president", date(2013, 8, 29)) == "abdullah-gul"
    assert holder("TUR", "president", date(2014, 8, 28)) is None
    assert holder("TUR", "president", date(1950, 1, 1)) is None
    assert holder("TUR", "president", date(2050, 1, 1)) is None
    assert all(row["entry"] in GAZETTEER for row in read_rows(DATA / "offices.csv"))


def test_a_user_s_person_holds_the_office_of_the_row(tmp_path):
    """A row with an office, a country and a first day adds a term, and replaces what was known of its entry."""
    header = "entry,label,type,country,office,valid_from,valid_to"
    row = "recep-tayyip-erdogan,Recep Tayyip Erdogan,Person,TUR,sultan,2016-01-01,"
    mine = Gazetteer.load((table(tmp_path, header, row),))
    assert mine.offices.holder("TUR", "sultan", date(2040, 1, 1)) == "recep-tayyip-erdogan"
    assert mine.offices.holder("TUR", "president", date(2016, 8, 29)) is None


def test_codes_that_another_source_gives_otherwise_are_found():
    """A code, a capital and neighbours that differ are told; an absent value, and a dependency's capital, are not."""
    row = {
        "entry": "nordland",
        "label": "Nordland",
        "type": "State",
        "iso3": "NRD",
        "iso2": "NL",
        "metonyms": "Norburg",
    }
    mark = {"entry": "mark", "label": "Mark", "type": "Territory", "iso3": "MRK", "iso2": "MK", "metonyms": ""}
    other = {
        "NRD": {"iso2": "NO", "metonyms": "Sund", "neighbours": "MRK"},
        "MRK": {"iso2": "", "metonyms": "Markby", "neighbours": "NRD"},
    }
    found = list(checking.disagreements([row, mark], {"NRD": "MRK", "MRK": ""}, {"other": other}))
    assert found == [
        ("mark", "neighbours", "", "other", "NRD"),
        ("nordland", "iso2", "NL", "other", "NO"),
        ("nordland", "metonyms", "Norburg", "other", "Sund"),
    ]


def test_the_neighbours_of_a_country_are_known():
    """By their codes."""
    assert GAZETTEER.neighbours["GEO"] == {"RUS", "ARM", "AZE", "TUR"}


def facts(folder: Path) -> Path:
    """A small folder of facts, laid out as the build expects it."""
    tables = {
        "states": "name,iso2,iso3,gwcode,cow,cameo,geonames_id,wikidata,qid_source,wikipedia_title,demonyms,"
        "government_metonyms,aliases,status,valid_from,valid_to\n"
        'Nordland,NL,NRD,991,991,NRD,5,Q5,one,Nordland,Nordish,Norburg,"Nordland, Republic of|NRL",UN member,,\n'
        "Old Nordland,,,991,,,,Q6,one,,Nordish,Norburg,Kingdom of Nordland,former state,,\n",
        "territories": "name,aliases,demonyms,located_in_iso3,wikidata,qid_source,wikipedia_title\n"
        "Eastmark,NRL,,NRD,,,\n",
        "organizations": f"name,aliases,type,{GROUP}\nNordic Watch,,monitor,NGO,,,,\n",
        "armed_groups": f"name,aliases,countries_iso3,type,{GROUP}\n"
        "Free Front (Nordland),FF,NRD,rebel,NRDREB,Q7,one,,FF\nFree Front (Eastmark),,NRD,rebel,NRDREB,Q7,one,,\n",
        "leaders": "person,iso3,role_code,office_hint,from,to,archigos_leader,aliases,origin\n"
        "Ada Berg,NRD,GOV,effective head,2001-02-01,,Berg 2001-01-01..2015-12-31,Ada M. Berg|Berg,list\n"
        "Ola Lund,NRD,GOV,effective head,1999-01-01,,Lund 1999-01-01..2000-01-01,,list\n"
        "Eva Lund,NRD,GOV,effective head,1999-01-01,,Lund 1999-01-01..2000-01-01,,list\n",
        "roles": "term,plural\nchief rebel,\naircraft carrier,\nminister of oil,\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def curation(tmp_path, monkeypatch):
    """The package's curation of kinds and roles, without additions and corrections."""
    folder = tmp_path / "curation"
    folder.mkdir()
    for path in building.CURATION.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    for name in ("additions", "corrections", "offices", "items"):
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.csv").write_text(lines[0] + "\n", encoding="utf-8")
    monkeypatch.setattr(building, "CURATION", folder)
    return folder


@pytest.mark.usefixtures("curation")
def test_build_is_reproducible_and_resolves_conflicts(tmp_path):
    """Two builds give the same bytes; what two rows share goes to the living state, is ambiguous, or is dropped."""
    source = tmp_path / "facts"
    source.mkdir()
    results = []
    for name in ("first", "second"):
        out = tmp_path / name
        out.mkdir()
        building.build(facts(source), out)
        results.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert results[0] == results[1]
    rows = {row["entry"]: row for name in FILES for row in read_rows(tmp_path / "first" / f"{name}.csv")}
    assert rows["nordland"]["demonyms"] == "Nordish"
    assert rows["nordland"]["gleditsch_ward"] == "991"
    assert (
        rows["old-nordland"]["demonyms"]
        == rows["old-nordland"]["metonyms"]
        == rows["old-nordland"]["gleditsch_ward"]
        == ""
    )
    assert rows["nordland"]["ambiguous_aliases"] == rows["eastmark"]["ambiguous_aliases"] == "NRL"
    assert {rows[e]["wikidata"] + rows[e]["cameo"] for e in ("free-front-nordland", "free-front-eastmark")} == {""}
    assert rows["ada-berg"]["aliases"] == "Ada M. Berg"
    assert (rows["ada-berg"]["valid_from"], rows["ada-berg"]["valid_to"]) == ("2001-01-01", "")
    assert "ola-lund" not in rows
    assert "eva-lund" not in rows
    terms = {row["term"] for row in read_rows(tmp_path / "first" / "roles.csv")}
    assert {"chief rebel", "minister of oil"} <= terms
    assert "aircraft carrier" not in terms


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("atlantis,,,remove,", "no entry 'atlantis'"),
        ("nordland,aliases,Norge,drop,", "has no 'Norge'"),
        ("nordland,wikidata,5,set,", "wikidata '5' is not"),
    ],
)
def test_corrections_must_fit_the_facts(tmp_path, curation, line, words):
    """A correction of what is not there stops the build, so that curation does not outlive its reason."""
    with (curation / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(ValueError, match=words):
        building.build(facts(tmp_path), tmp_path)


def test_slugs_are_plain():
    """Slugs are lower-case ASCII words, whatever the name."""
    assert slug("São Tomé & Príncipe") == "sao-tome-principe"
    assert slug("Da'esh – U.S.") == "daesh-us"
