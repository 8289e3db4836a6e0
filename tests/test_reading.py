"""The text that the parser reads: clean, and every character of it leads back to the article's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article, Span
from kg.nlp.reading import read

ALPHABET = st.one_of(
    st.sampled_from("aB.,!”’ \n\n\t\r\u00a0\u200b\ufeff\u00ad"), st.characters(exclude_categories=["Cs"])
)


@st.composite
def articles(draw):
    """An article of any characters, some of them boilerplate."""
    text = draw(st.text(ALPHABET, min_size=1, max_size=200))
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = tuple(Span(begin, end) for begin, end in list(pairwise(ends))[::2])
    return Article("a", text, boilerplate=spans)


@given(articles())
def test_every_character_leads_back_to_itself(article):
    """What is read stands at its offset in the article; only white space is the reader's own."""
    reading = read(article)
    assert len(reading.offsets) == len(reading.text)
    for character, offset in zip(reading.text, reading.offsets, strict=True):
        assert character in " \n" or article.text[offset] == character


@given(articles())
def test_offsets_never_turn_back(article):
    """The order of the text is kept."""
    assert all(a <= b for a, b in pairwise(read(article).offsets))


@given(articles())
def test_boilerplate_is_not_read(article):
    """No character but white space comes from a caption or a page header."""
    reading = read(article)
    outside = [not any(s.begin <= i < s.end for s in article.boilerplate) for i in range(len(article.text))]
    assert all(c in " \n" or outside[i] for c, i in zip(reading.text, reading.offsets, strict=True))


@given(articles())
def test_nothing_else_is_lost(article):
    """All characters outside boilerplate, white space aside, are read."""
    outside = "".join(
        c for i, c in enumerate(article.text) if not any(s.begin <= i < s.end for s in article.boilerplate)
    )
    ignored = str.maketrans("", "", "\u200b\u200e\u200f\ufeff\u00ad")
    kept = "".join(read(article).text.split())
    assert kept == "".join(outside.translate(ignored).split())


@given(articles())
def test_a_word_s_span_is_the_word(article):
    """Any run of characters without space, cut from what is read, maps to a span that begins and ends with them."""
    reading = read(article)
    at = 0
    for word in reading.text.split():
        begin = reading.text.index(word, at)
        at = begin + len(word)
        span = reading.span(begin, at)
        found = span.of(article.text)
        assert (found[0], found[-1]) == (word[0], word[-1])


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Rebels  attacked\tGoma.", "Rebels attacked Goma."),
        ("The army fled.\n\n\n\nIt rained.", "The army fled.\n\nIt rained."),
        ("  Rebels fled. ", "Rebels fled."),
        ("Kyiv\u00a0said no\u200b one\ufeff died.", "Kyiv said no one died."),
        (
            "Rebels attacked the northern town of Goma before dawn on Tuesday\nand the army withdrew.",
            "Rebels attacked the northern town of Goma before dawn on Tuesday and the army withdrew.",
        ),
        ("Rebels attack Goma\nThe army has withdrawn.", "Rebels attack Goma\n\nThe army has withdrawn."),
        ("Rebels attacked\nthe town of Goma.", "Rebels attacked the town of Goma."),
        ("GOMA, Congo (Reuters) - Rebels fled.", "GOMA, Congo (Reuters) -\n\nRebels fled."),
        ("SANAA, Sept 21 At least six died.", "SANAA, Sept 21\n\nAt least six died."),
        ("Srinagar, July 12 (KNO): Rebels fled.", "Srinagar, July 12 (KNO):\n\nRebels fled."),
        ("(New York) - Rebels fled.", "(New York) -\n\nRebels fled."),
        (f"Army flees\nGoma: Rebels {'really ' * 12}fled.", f"Army flees\n\nGoma:\n\nRebels {'really ' * 12}fled."),
        ("NATO troops fled.", "NATO troops fled."),
    ],
)
def test_white_space_is_made_even(text, read_as):
    """Single spaces, a blank line between paragraphs, and wrapped lines joined again, datelines set apart."""
    assert read(Article("a", text)).text == read_as


def test_a_caption_between_two_paragraphs_parts_them():
    """What stands before and after boilerplate never runs together."""
    text = "The army fled. Photo: AP Rebels advanced."
    begin = text.index("Photo")
    assert read(Article("a", text, boilerplate=(Span(begin, begin + 9),))).text == "The army fled.\n\nRebels advanced."


@pytest.mark.parametrize(
    "text",
    [
        "Rebels shelled the market, the police said Friday.",
        "“They burned the village,” the mayor said.",
        "Gunmen stormed a hotel, a school, and a clinic in Beni on Monday.",
        "Troops of the Economic Community of West African States (ECOWAS) entered Banjul.",
    ],
)
def test_a_sentence_goes_on_until_its_full_stop(extract, text):
    """No sentence begins with a comma or day, nor behind a bracket or a quotation that a comma ends."""
    assert [span.of(text) for span in extract(text).sentences] == [text]


def test_wrapped_lines_are_joined_by_the_width_of_their_text():
    """Where lines go on in lower case, a capital goes on a full line as well; a heading stays apart."""
    lines = ["Attack on Goma", "Rebels attacked the town of", "Goma and drove the army", "out, killing at least nine"]
    text = "\n".join([*lines, "people, and then moved on", "to Sake, the army said."])
    clean = "Rebels attacked the town of Goma and drove the army out, killing at least nine people, and then moved on"
    assert read(Article("a", text)).text == f"Attack on Goma\n\n{clean} to Sake, the army said."


def test_footnote_marks_are_no_words():
    """The marks of an encyclopaedia's notes part no name from its sentence; offsets stay the article's."""
    text = "Assad,[1] who fled,[2][3] was ousted.[4] Rebels rule."
    reading = read(Article("a", text))
    assert reading.text == "Assad, who fled, was ousted. Rebels rule."
    begin = reading.text.index("Rebels")
    assert reading.span(begin, begin + 6).of(text) == "Rebels"


def test_a_name_that_looks_like_a_word(extract):
    """ "IS" is read as a name where the article tells whose, and keeps its characters."""
    text = "Islamic State (IS) fled. Iraqi forces have driven IS from Mosul. WHAT IS LEFT"
    extraction = extract(text)
    assert "IS" in {span.of(text) for actor in extraction.actors for span in actor.mentions}
    assert extraction.sentences[1].of(text) == "Iraqi forces have driven IS from Mosul."


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Thu Dec 14 2017 Rebels attack Goma. The army fled.", "Thu Dec 14 2017\n\nRebels attack Goma. The army fled."),
        ("date 2018-02-27 Soldiers fled Goma.", "date 2018-02-27\n\nSoldiers fled Goma."),
        (
            "July 5 2016 - Rebels kill ten people in Goma - Rebels killed at least ten people in Goma on Monday.",
            "July 5 2016 -\n\nRebels kill ten people in Goma -\n\nRebels killed at least ten people in Goma on Monday.",
        ),
    ],
)
def test_a_day_or_heading_without_a_line_of_its_own_stands_apart(text, read_as):
    """At the beginning of an article, behind a date or before a dash."""
    assert read(Article("a", text)).text == read_as


def test_a_name_between_dashes_ends_no_heading():
    """Few words stand between them."""
    text = "The two leaders of the country - Jane Roe and John Doe - met in Goma on Monday."
    assert read(Article("a", text)).text == text
