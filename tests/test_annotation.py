"""Whatever the text, annotation answers, and what it answers holds together."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import pipeline
from kg.model import Article
from kg.nlp.kinds import _only
from kg.nlp.reading import chunks
from kg.nlp.scene import Attribution
from kg.rdf import to_quads

SENTENCES = (
    "The rebels said they had shelled the airport, killing at least 12 soldiers.",
    "The army denied the report, which the ministry had called “baseless”.",
    "According to the governor, dozens of families fled to the US-backed enclave on Friday.",
    '"We will not talk," he said. They have accused their neighbour\'s forces of arming the militia.',
    "Qatar, along with Egypt, brokered a truce between the two sides; it vowed to monitor it.",
)
CUES = (" said ", " according to ", ", which he denied, ", " reportedly ", " and that ", " “", "” ", " told ", "")
NOISE = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


@st.composite
def mangled(draw):
    """News with anything in it: sentences cut, glued and interspersed with random characters."""
    parts = draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
    cuts = []
    for sentence in parts:
        at = draw(st.integers(0, len(sentence)))
        cuts.append(sentence[draw(st.integers(0, 9)) : at] + draw(st.sampled_from(CUES)) + sentence[at:])
    glue = st.sampled_from((" ", "\n", "\n\n", "", "  "))
    return "".join(draw(NOISE) + cut + draw(glue) for cut in cuts) + draw(NOISE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mangled())
def test_every_graph_of_mangled_news_conforms(annotator, text):
    """No text breaks the flow, no span points outside it or to other words, and every graph meets its shapes."""
    (extraction,) = annotator.annotate([Article("a", text)])
    assert all(span.end <= len(text) and span.of(text).strip() for span in extraction.spans())
    assert pipeline.faults(to_quads(extraction)) == ()


def test_a_word_of_a_million_letters_is_read(annotator):
    """Data that found its way into the text costs no time and hides no statement."""
    text = f"The army said rebels killed ten soldiers. {'x' * 1_000_000} The rebels denied it."
    (extraction,) = annotator.annotate([Article("a", text)])
    first = extraction.statements[0]
    assert (first.kind.value, first.cue.of(text)) == ("Accusation", "said")


def test_a_long_article_reads_as_its_parts_do(annotator):
    """Reading in parts moves no offset: each part's statements come back at their place."""
    sentence = "The ministry said on Monday that rebels had killed ten soldiers near the border.\n\n"
    text = sentence * 1200
    assert len(chunks(text)) > 1
    (extraction,) = annotator.annotate([Article("a", text)])
    assert len(extraction.statements) == 1200
    assert {s.cue.of(text) for s in extraction.statements} == {"said"}
    assert {b.cue.begin - a.cue.begin for a, b in pairwise(extraction.statements)} == {len(sentence)}


def test_an_article_reads_the_same_among_others(annotator):
    """Articles are parsed side by side, and none leaves a trace in another."""
    texts = (*SENTENCES, "\n\n".join(SENTENCES), "Ten soldiers died. " * 300)
    read = [Article(str(number), text) for number, text in enumerate(texts)]
    assert [*annotator.annotate(read)] == [own for article in read for own in annotator.annotate([article])]


def test_chunks_join_to_the_text():
    """Nothing is lost where a text is cut: at paragraphs, else at sentences, else between words, else anywhere."""
    for unit in ("A short paragraph.\n\n", "A sentence. ", "word ", "x"):
        text = unit * (100_000 // len(unit))
        assert "".join(chunks(text)) == text
        assert all(part.endswith(unit) for part in chunks(text))


def test_a_dropped_statement_leaves_no_reference_to_it():
    """What stood in it stands in its outer statement, and what comes after it keeps its references."""
    outer, dropped, inner = (Attribution(i, (i, i + 1), ["report"], nested_in=i - 1) for i in range(3))
    answer = Attribution(3, (3, 4), ["deny"], denies=2)
    kept = _only([outer, dropped, inner, answer], [True, False, True, True])
    assert [(a.verb, a.nested_in, a.denies) for a in kept] == [(0, -1, -1), (2, 0, -1), (3, -1, 1)]
