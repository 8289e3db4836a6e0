"""Mediations: who mediates, brokers, hosts, co-chairs or observes, and between whom."""

import pytest


def mediations(extraction):
    """The mediations as (mediator, role, parties), by the names that the article uses."""
    names = {a.key: a.name for a in extraction.actors}
    return {(names[m.mediator], m.role.value, frozenset(names[p] for p in m.parties)) for m in extraction.mediations}


def test_mediating_between(extract):
    """Each of two mediators mediates between both parties."""
    found = mediations(extract("Qatar and Egypt are mediating between Israel and Hamas."))
    parties = frozenset({"Israel", "Hamas"})
    assert found == {("Qatar", "mediates", parties), ("Egypt", "mediates", parties)}


def test_rounds_of_talks(extract):
    """Between whom talks are stands behind the talks, however many rounds they have."""
    found = mediations(
        extract("Norway has hosted several rounds of talks between the Colombian government and the ELN.")
    )
    assert found == {("Norway", "hosts_talks", frozenset({"Colombian government", "ELN"}))}


def test_talks_brokered_by(extract):
    """Brokered talks are brokered by the agent, between those whose talks they are."""
    text = "Peace talks between the Sudanese army and the Rapid Support Forces, brokered by Saudi Arabia, collapsed."
    parties = frozenset({"Sudanese army", "Rapid Support Forces"})
    assert mediations(extract(text)) == {("Saudi Arabia", "brokers", parties)}


def test_parties_sign_a_mediated_truce(extract):
    """Those who sign a truce are the parties of who mediated it."""
    text = "Ethiopia and the Tigray People's Liberation Front signed a truce mediated by the African Union."
    parties = frozenset({"Ethiopia", "Tigray People's Liberation Front"})
    assert mediations(extract(text)) == {("African Union", "mediates", parties)}


def test_hosting_talks(extract):
    """Who hosts talks between two sides is their host."""
    found = mediations(extract("Norway hosted talks between the Colombian government and the ELN guerrillas."))
    assert {(m, role) for m, role, _ in found} == {("Norway", "hosts_talks")}


def test_sponsors_behind_descriptions(extract):
    """Of "rebel backer X and government supporters Y and Z" the names sponsor, and nobody else."""
    text = "The peace talks were sponsored by rebel backer Turkey and by government supporters Russia and Iran."
    assert {m for m, _, _ in mediations(extract(text))} == {"Turkey", "Russia", "Iran"}


def test_acting_as_a_mediator(extract):
    """Who acts as a mediator mediates."""
    found = mediations(extract("Oman has acted as a mediator between the United States and Iran."))
    assert found == {("Oman", "mediates", frozenset({"United States", "Iran"}))}


def test_a_compound(extract):
    """ "X-brokered" makes X the broker."""
    found = mediations(extract("The Egypt-brokered truce between Israel and Islamic Jihad held overnight."))
    assert found == {("Egypt", "brokers", frozenset({"Israel", "Islamic Jihad"}))}


def test_mediation_as_a_noun(extract):
    """Whose mediation it is mediates."""
    found = mediations(extract("Kenya's mediation between Somalia and Somaliland has stalled."))
    assert ("Kenya", "mediates", frozenset({"Somalia", "Somaliland"})) in found


def test_trying_counts(extract):
    """Who has been trying to mediate a truce mediates."""
    found = mediations(extract("Qatar has been trying to mediate a truce between Israel and Hamas."))
    assert {(m, role) for m, role, _ in found} == {("Qatar", "mediates")}


def test_co_chairs(extract):
    """Each of those who co-chair talks along with another does."""
    found = mediations(extract("France, along with the United States, has co-chaired the Minsk Group."))
    assert {(m, role) for m, role, _ in found} == {("France", "co_chairs"), ("United States", "co_chairs")}


@pytest.mark.parametrize(
    "text",
    [
        "Brazil offered to mediate between Russia and Ukraine.",
        "China is not mediating between Russia and Ukraine.",
        "Turkey denied brokering the deal between Russia and Ukraine.",
    ],
)
def test_what_is_not_so(extract, text):
    """Mediation that is only offered, negated or denied is none."""
    assert not extract(text).mediations
