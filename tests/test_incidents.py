"""Across articles: what several of them tell of one happening becomes one incident, and their differences are told."""

import pytest
from fixtures_link import POINTS, Writer, graph
from tables_link import ged_row, table

from kg import link, query
from kg.link.parties import acronym


def told(tmp_path, *articles, **how):
    """The rows of the incidents that articles tell of, and those of their disagreements."""
    target = tmp_path / "linked.trig"
    link.link_file(graph(tmp_path / "graph.trig", *articles, **how), target, {})
    return query.rows(target, "incidents"), query.rows(target, "disagreements")


def shelling(name, **more):
    """An article in which Armenia shells Ganja."""
    return Writer(name).event(**{"agent": "Armenia", "target": "Azerbaijan", "where": "Ganja"} | more)


def test_two_articles_on_one_shelling_tell_of_one_incident(tmp_path):
    """It has its day, place and actors, and each event and figure with its source."""
    one, two = shelling("one"), shelling("two", target="")
    one.figure(5, 5, where="Ganja", asserted_by=one.says("CLAIM", "Azerbaijan"))
    two.figure(9, None, where="Ganja", by="Armenia")
    rows, disagreements = told(tmp_path, one, two)
    assert {row["incident"].rpartition("/data/")[2] for row in rows} == {
        "incident/2020-10-04-ganja-assault-armenia-azerbaijan"
    }
    assert {(row["date"], row["place"], row["actors"]) for row in rows} == {
        ("2020-10-04", "Ganja", "Armenia|Azerbaijan")
    }
    assert [(row["document"], row["kind"], row["what"], row["min"], row["max"], row["source"]) for row in rows] == [
        ("one", "figure", "killed", "5", "5", "Azerbaijan"),
        ("one", "event", "ASSAULT", "", "", ""),
        ("two", "figure", "killed", "9", "", ""),
        ("two", "event", "ASSAULT", "", "", ""),
    ]
    (row,) = disagreements
    assert (row["left_document"], row["left_source"], row["right_document"], row["right_source"]) == (
        *("two", "", "one", "Azerbaijan"),
    )


@pytest.mark.parametrize(
    ("one", "two", "together"),
    [
        (shelling("a"), shelling("b"), True),
        (shelling("a"), shelling("b", target=""), True),
        (shelling("a"), shelling("b", agent="gunmen", target=""), True),
        (shelling("a", agent="gunmen", target=""), shelling("b", agent="gunmen", target=""), False),
        (shelling("a"), shelling("b", day="2020-10-05"), False),
        (shelling("a"), shelling("b", where="Shusha"), False),
        (shelling("a"), shelling("b", agent="Turkey"), False),
        (shelling("a", target=""), shelling("b", agent="Turkey", target=""), False),
        (shelling("a"), shelling("b", type_="CONSULT"), False),
        (shelling("a"), shelling("b", negated=True), False),
        (shelling("a", where="Azerbaijan"), shelling("b", where="Azerbaijan"), False),
        (shelling("a"), Writer("b").figure(3, 3, where="Ganja", by="Armenia"), True),
        (shelling("a"), Writer("b").figure(3, 3, where="Ganja", side="Turkey"), False),
        (shelling("a"), Writer("b").figure(3, 3, where="Ganja", harm="DISPLACED"), False),
    ],
)
def test_day_place_type_and_actors_decide(tmp_path, one, two, together):
    """Two reports are of one incident where all four agree; who names nobody follows the only one there is."""
    rows, _ = told(tmp_path, one, two)
    assert bool(rows) is together


def test_one_article_alone_makes_no_incident(tmp_path):
    """However often it tells of it."""
    rows, _ = told(tmp_path, shelling("a").event(agent="Armenia", where="Ganja"))
    assert rows == []


def test_what_would_fit_two_incidents_is_left_out(tmp_path):
    """Armenia alone may be of either of two attacks on one town."""
    articles = [shelling("a"), shelling("b"), shelling("c", target="Turkey"), shelling("d", target="Turkey")]
    rows, _ = told(tmp_path, *articles, shelling("e", target=""), Writer("f").figure(3, 3, where="Ganja"))
    assert {row["incident"].rpartition("assault-")[2]: row["actors"] for row in rows} == {
        "armenia-azerbaijan": "Armenia|Azerbaijan",
        "armenia-turkey": "Armenia|Turkey",
    }
    assert sorted({row["document"] for row in rows}) == ["a", "b", "c", "d"]


def test_towns_of_one_name_are_not_made_one(tmp_path, monkeypatch):
    """Points decide where they are known; names only with a state in common."""
    rows, _ = told(tmp_path, shelling("a"), shelling("b"), located=False)
    assert {row["document"] for row in rows} == {"a", "b"}
    elsewhere = Writer("b").event(agent="JNIM", where="Ganja").mention("Mali")
    other = Writer("a").event(agent="JNIM", where="Ganja").mention("Turkey")
    assert told(tmp_path, other, elsewhere, located=False)[0] == []
    near = shelling("b", where="Gandzha")
    monkeypatch.setitem(POINTS, "Gandzha", (40.70, 46.40))
    rows, _ = told(tmp_path, shelling("a"), near)
    assert {row["place"] for row in rows} == {"Gandzha|Ganja"}
    monkeypatch.setitem(POINTS, "Gandzha", (41.70, 46.40))
    assert told(tmp_path, shelling("a"), near)[0] == []


def test_figures_of_one_incident_disagree_under_different_names_of_its_place(tmp_path, monkeypatch):
    """Even where both articles give the same source; figures that can both hold do not."""
    monkeypatch.setitem(POINTS, "Gandzha", (40.70, 46.40))
    one, two = shelling("a"), shelling("b", where="Gandzha")
    one.figure(5, 5, where="Ganja", asserted_by=one.says("CLAIM", "Azerbaijan"))
    two.figure(9, 12, where="Gandzha", asserted_by=two.says("CLAIM", "Azerbaijan"))
    two.figure(4, None, where="Gandzha")
    _, rows = told(tmp_path, one, two)
    found = {(row["left_document"], row["right_document"], row["matter"], row["left_source"]) for row in rows}
    assert found == {("b", "a", "killed", "Azerbaijan")}


@pytest.mark.parametrize(
    ("denier", "more", "count"),
    [
        ("Armenia", {}, 1),
        ("Azerbaijan", {}, 0),
        ("Armenia", {"day": "2020-10-05"}, 0),
        ("Armenia", {"where": "Shusha"}, 0),
        ("Armenia", {"agent": "Turkey"}, 0),
    ],
)
def test_a_denial_denies_what_another_article_s_source_says_of_the_incident(tmp_path, denier, more, count):
    """Who denies it there is set against who says it here; nobody denies himself, and no other incident is meant."""
    one, two, three = Writer("a"), Writer("b"), shelling("c")
    said, denied = one.says("ACCUSATION", "Azerbaijan"), two.says("DENIAL", denier)
    parts = {"agent": "Armenia", "target": "Azerbaijan", "where": "Ganja"}
    one.event(**parts, asserted_by=said)
    two.event(**parts | more, negated=True, asserted_by=denied)
    _, rows = told(tmp_path, one, two, three)
    assert [(row["left_document"], row["right_document"], row["matter"]) for row in rows] == [
        ("b", "a", "denial")
    ] * count
    if rows:
        assert (rows[0]["left_source"], rows[0]["right_source"]) == ("Armenia", "Azerbaijan")


def test_a_denial_of_what_its_own_article_reports_reaches_other_articles(tmp_path):
    """What it denies there is told of the incident, and so is what the other article's source says."""
    one, two = Writer("a"), Writer("b")
    parts = {"agent": "Armenia", "target": "Azerbaijan", "where": "Ganja"}
    one.event(**parts, asserted_by=one.says("ACCUSATION", "Azerbaijan"))
    accused = two.says("ACCUSATION", "Azerbaijan")
    two.event(**parts, asserted_by=accused)
    two.says("DENIAL", "Armenia", denies=accused)
    _, rows = told(tmp_path, one, two)
    assert [(row["left_document"], row["right_document"]) for row in rows] == [("b", "a"), ("b", "b")]


def test_incidents_are_made_anew_each_time(tmp_path):
    """An article that is gone leaves no trace, and datasets do not matter."""
    one, two = shelling("a"), shelling("b")
    target = tmp_path / "linked.ttl"
    file = table(tmp_path / "ged.csv", [ged_row(1)])
    link.link_file(graph(tmp_path / "graph.ttl", one, two), target, {link.Dataset.UCDP: [file]})
    assert link.link(target, {}).counts == {"incidents": 1}
    assert link.link(graph(tmp_path / "graph.ttl", one), {}).counts == {"incidents": 0}


def test_acronyms():
    """Initials of three words or more, or what is one already; not every word need count."""
    assert [
        acronym(name) for name in ("PKK", "M23", "Movement for the Liberation of Congo", "Islamic State", "Hamas")
    ] == [
        *("PKK", "M23", "MLC", "", ""),
    ]
