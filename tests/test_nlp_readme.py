"""The README of the extractor: each example in its tables yields what stands beside it."""

import re
from pathlib import Path

import pytest

from kg import nlp
from kg.model import Span

README = Path(nlp.__file__).with_name("README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| “(.+)” \| `(.+)` \|$", README, re.MULTILINE)


def yields(extraction):
    """All that a sentence states, a line for each thing as the README writes it."""
    text = extraction.article.text
    names = {item.key: item.name for item in (*extraction.actors, *extraction.places)}

    def name(participant):
        if isinstance(participant, Span):
            return participant.of(text)
        return names[participant] if participant else "nobody"

    for s in extraction.statements:
        yield f"{s.kind.value}: {name(s.source)}, {s.cue.of(text)}, {s.content.of(text)}"
    for c in extraction.casualties:
        yield f"{c.harm.value}: {c.min} to {c.max}, {c.victims.of(text)}, side {name(c.side)}"
    for a in extraction.alliances:
        yield f"{a.kind.value}: {name(a.supporter)}, {name(a.supported)}"
    for m in extraction.mediations:
        yield f"{m.role.value}: {name(m.mediator)}, between {' and '.join(sorted(map(name, m.parties)))}"
    for r in extraction.relations:
        yield f"{r.type.value}: {name(r.a)}, {name(r.b)}"
    for e in extraction.events:
        yield f"{e.type.value}: {name(e.agent)}, {name(e.target)}"


def test_each_kind_has_its_example():
    """Six kinds of statement and five of situation."""
    kinds = {yielded.partition(":")[0] for _, yielded in EXAMPLES}
    assert {"Claim", "Accusation", "Denial", "NonDisclosure", "Pledge", "Appeal"} <= kinds
    assert {"killed", "arms", "hosts_talks", "controls", "ASSAULT"} <= kinds


@pytest.mark.parametrize(("sentence", "yielded"), EXAMPLES)
def test_an_example_yields_what_it_shows(extract, sentence, yielded):
    """What the README promises of a sentence is found in it."""
    assert yielded in list(yields(extract(sentence)))
