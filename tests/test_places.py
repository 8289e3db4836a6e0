"""Names of places: each to the right one in GeoNames by what the article says, or to none."""

import gzip

import pytest

from kg.gazetteer import Gazetteer
from kg.places import Context, Kind, Named, Resolver, Table
from kg.places.context import kinds
from kg.places.table import DATA, Naming


@pytest.fixture(scope="module")
def resolver():
    """The resolver on the package's tables."""
    return Resolver(Gazetteer.load())


def said(sentence):
    """A place as a sentence names it between asterisks."""
    before, name, after = sentence.split("*")
    return Named(name, (Context(name, before, after),))


def where(resolver, sentence, *others, **mentioned):
    """The country (or entry) and kind that the name in a sentence is resolved to, with other places and countries."""
    found, *_ = resolver([said(sentence), *map(Named, others)], mentioned)
    if found is None:
        return None
    return (found.place.country, found.place.kind.value) if found.place else (found.entry.entry, "country")


@pytest.mark.parametrize(
    ("name", "mentioned", "country"),
    [
        ("Tripoli", {"LBN": 4, "SYR": 1}, "LBN"),
        ("Tripoli", {"LBY": 4, "EGY": 1}, "LBY"),
        ("Granada", {"NIC": 3}, "NIC"),
        ("Granada", {"ESP": 3}, "ESP"),
        ("San Jose", {"CRI": 3, "NIC": 1}, "CRI"),
        ("San Jose", {"USA": 3}, "USA"),
        ("Cordoba", {"ESP": 2}, "ESP"),
        ("Cordoba", {"ARG": 2}, "ARG"),
        ("Alexandria", {"EGY": 2, "USA": 1}, "EGY"),
        ("Hyderabad", {"PAK": 5}, "PAK"),
        ("Hyderabad", {"IND": 2, "PAK": 1}, "IND"),
        ("Valencia", {"VEN": 2}, "VEN"),
        ("Paris", {"FRA": 1, "USA": 3}, "FRA"),
        ("Moscow", {"USA": 3, "UKR": 2}, "RUS"),
    ],
)
def test_the_countries_of_the_article_tell_namesakes_apart(resolver, name, mentioned, country):
    """What the article speaks of decides, weighed against how well known each place is."""
    assert where(resolver, f"A bomb went off in *{name}* on Monday.", **mentioned) == (country, "settlement")


@pytest.mark.parametrize(
    ("sentence", "country"),
    [
        ("Shells fell on *Tripoli*, Lebanon, at dawn.", "LBN"),
        ("The Libyan capital *Tripoli* was calm.", "LBY"),
        ("Police in *Alexandria*, Virginia, arrested a man.", "USA"),
        ("She was shot in *Salem*, Oregon.", "USA"),
        ("Rebels entered *Goma*, Congo.", "COD"),
        ("Greece's *Tripoli* saw protests.", "GRC"),
        ("the Spanish city of *Granada* in the south", "ESP"),
        ("a market in *Moscow*, Idaho", "USA"),
        ("in *Merida* in western Venezuela", "VEN"),
    ],
)
def test_a_country_or_region_beside_the_name_decides(resolver, sentence, country):
    """Behind a comma or "in", as an adjective or possessive before it."""
    assert where(resolver, sentence, USA=1, GBR=1) == (country, "settlement")


@pytest.mark.parametrize(
    ("sentence", "country"),
    [("Talks with Syria, in *Vienna*, failed.", "AUT"), ("They flew from Mali to *Manila* at night.", "PHL")],
)
def test_a_country_that_only_stands_near_puts_nothing_into_it(resolver, sentence, country):
    """A comma, or another preposition, parts the two."""
    assert where(resolver, sentence, SYR=2, MLI=2) == (country, "settlement")


@pytest.mark.parametrize(
    ("name", "country", "latitude", "longitude"),
    [
        ("Kiev", "UKR", 50.45, 30.52),
        ("Kyiv", "UKR", 50.45, 30.52),
        ("Halab", "SYR", 36.20, 37.16),
        ("Aleppo", "SYR", 36.20, 37.16),
        ("Hamah", "SYR", 35.13, 36.75),
        ("Hama", "SYR", 35.13, 36.75),
        ("Deir Ezzor", "SYR", 35.34, 40.14),
        ("Deir al-Zour", "SYR", 35.34, 40.14),
        ("Dayr az-Zawr", "SYR", 35.34, 40.14),
        ("Stepanakert", "AZE", 39.82, 46.75),
        ("Khankendi", "AZE", 39.82, 46.75),
        ("Al-Fallujah", "IRQ", 33.35, 43.79),
        ("Falluja", "IRQ", 33.35, 43.79),
        ("Hodeidah", "YEM", 14.80, 42.95),
        ("Qamishly", "SYR", 37.05, 41.23),
        ("Mazar-i-Sharif", "AFG", 36.71, 67.11),
    ],
)
def test_exonyms_and_spellings_are_known(resolver, name, country, latitude, longitude):
    """Former and foreign names, and what sounds the same, have the town's own point."""
    (found,) = resolver([said(f"Fighting reached *{name}* on Monday.")], {country: 3})
    assert found.place.country == country
    assert (found.place.latitude, found.place.longitude) == pytest.approx((latitude, longitude), abs=0.1)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Two villages in *Hama* province were hit.", Kind.REGION),
        ("Two villages in the province of *Hama* were hit.", Kind.REGION),
        ("The city of *Hama* was hit.", Kind.SETTLEMENT),
        ("Shells fell on *Hama*.", Kind.SETTLEMENT),
        ("Floods in the *Hama* district.", Kind.REGION),
    ],
)
def test_a_region_gets_no_town_s_point(resolver, sentence, kind):
    """The word beside the name tells which of the two is meant; the bare name is the town."""
    (found,) = resolver([said(sentence)], {"SYR": 3})
    assert found.place.kind in {kind, Kind.DISTRICT if kind is Kind.REGION else kind}
    assert (found.place.latitude is None) == (kind is Kind.REGION)


@pytest.mark.parametrize(
    "sentence",
    [
        "Boats sank on the *Congo* River.",
        "A patrol in the *Jordan* Valley was fired on.",
        "They blocked *Baghdad* Street.",
        "He died on *Aleppo* Square.",
        "Troops massed at the *Hama* front.",
        "The war in the *Middle East* goes on.",
        "Shops on the *West Side* closed.",
        "A village called *Qwertabad* burned.",
    ],
)
def test_what_is_no_settlement_stays_unlinked(resolver, sentence):
    """Rivers, streets, fronts, parts of the world and unknown names."""
    assert where(resolver, sentence, SYR=3, USA=3, COD=1, JOR=1) is None


def test_states_and_territories_are_linked_without_a_point(resolver):
    """A capital is not the state's point."""
    assert where(resolver, "Fighting went on in *Georgia* on Monday.", GEO=2, RUS=1) == ("georgia", "country")
    assert where(resolver, "Voters in *Georgia* chose a senator.", USA=5) == ("USA", "region")
    assert where(resolver, "Floods hit *Lebanon* on Monday.", USA=2) == ("lebanon", "country")
    assert where(resolver, "Villages in *Anbar* were retaken.", IRQ=2) == ("IRQ", "region")


def test_what_only_sounds_alike_needs_its_country(resolver):
    """A far-away city is no reading of a name that no table holds."""
    assert where(resolver, "A movement in *Kabylie* wants more rights.", DZA=3) is None
    assert where(resolver, "A shop in *Qandaharr* burned.", AFG=3) == ("AFG", "settlement")


def test_a_small_namesake_far_from_all_other_places_is_not_believed(resolver):
    """Nor is one in a country that the article does not speak of."""
    assert where(resolver, "Four died at *Shirur* toll gate.", IND=3) == ("IND", "settlement")
    assert where(resolver, "Four died at *Shirur* toll gate.", "Honnavar", "Bengaluru", IND=3) is None
    assert where(resolver, "Roads in *Ojo de Agua* were closed.", PAN=3) is None


def test_two_equal_namesakes_leave_a_place_unlinked(resolver):
    """Unlinked rather than wrong."""
    assert where(resolver, "Police searched a house in *Springfield*.", USA=5) is None
    assert where(resolver, "A blast shook *Granada* on Monday.") is None


def test_near_places_raise_a_village_above_the_bound(resolver):
    """A small place is believed where the article's other places are near."""
    sentence = "The rebels took *Sake* on Monday."
    alone, near = (
        resolver([said(sentence), *map(Named, others)], {"COD": 1, "RWA": 2})[0] for others in ((), ("Goma",))
    )
    assert near.place.country == "COD"
    assert any(reason.startswith("near=Goma 2") for reason in near.reasons)
    assert alone is None or alone.score < near.score


def test_scores_and_reasons_are_plain(resolver):
    """A share, and key=value strings in their order."""
    (found,) = resolver([said("The Syrian town of *Kobane* was shelled.")], {"SYR": 3, "TUR": 1})
    assert 0.65 <= found.score <= 1
    assert found.reasons == ("alternate=Kobane", "beside=SYR", "country=SYR 75%")


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("near the town of ", " fell", {Kind.SETTLEMENT}),
        ("in ", " province", {Kind.REGION, Kind.STATE}),
        ("in the district of ", ".", {Kind.DISTRICT, Kind.REGION}),
        ("on Lake ", ".", set()),
        ("in ", ", a town", None),
    ],
)
def test_words_beside_a_name_tell_its_kind(before, after, allowed):
    """Directly behind it, or before it with or without "of"."""
    assert kinds(Context("Chad", before, after)) == (None if allowed is None else frozenset(allowed))


def test_the_tables_are_sorted_and_name_each_other():
    """Each line is found by bisection, and each name leads to places that are there."""
    table = Table.load()
    for name in ("places", "names"):
        lines = gzip.decompress((DATA / f"{name}.tsv.gz").read_bytes()).splitlines()
        keys = [line.split(b"\t", 1)[0] + b"\t" for line in lines]
        assert keys == sorted(set(keys))
    for line in lines[:: len(lines) // 200]:
        form, numbers = line.decode().split("\t")
        assert form[0] in "=+~"
        assert all(table[number].id == number for number in numbers.split())
    with pytest.raises(KeyError):
        table["0"]
    assert table.named("", Naming.MAIN) == table.named("戦", Naming.MAIN) == ()


def test_distances_follow_the_earth():
    """Kyiv and Kharkiv lie 410 km apart; a region has no distance."""
    table = Table.load()
    kyiv, kharkiv = table["703448"], table["706483"]
    assert kyiv.distance(kharkiv) == pytest.approx(410, abs=5)
    region = next(place for place in table.named("Anbar", Naming.OTHER) if place.kind is Kind.REGION)
    assert region.distance(kyiv) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ships were hit in the *Red Sea* again.", None),
        ("Police in *Red Sea* state closed the port.", ("SDN", "region")),
        ("Three died in *Cleveland* on Sunday.", ("USA", "settlement")),
        ("a bus stand in *Mandi* in Poonch district of Jammu and Kashmir", None),
        ("They met in the *El Carmen* bunker.", None),
    ],
)
def test_waters_and_what_lies_elsewhere_are_not_linked(resolver, sentence, expected):
    """A region called after a sea is not the sea, and a town in one region not its namesake in another."""
    assert where(resolver, sentence, USA=3, IND=3, SDN=3, COL=3) == expected


def test_a_large_city_is_meant_however_far_it_lies(resolver):
    """Small towns are told by what lies near; of cities that everybody knows none has to."""
    found, *_ = resolver([said("A man was shot in *Cleveland*."), Named("Houston"), Named("Dallas")], {"USA": 5})
    assert found.place.population > 300_000
