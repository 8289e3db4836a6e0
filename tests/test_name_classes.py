"""One class for each name of an article: what is seen of a name, how votes count, what is marked, what is learned."""

import random

import numpy as np
import pytest
import spacy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.nlp import DEFAULT_MODEL, saved
from kg.nlp.name_classes import component, features
from kg.nlp.name_classes.features import Means, Names, grouped, name_of
from kg.nlp.training import name_classes as training
from kg.nlp.training.__main__ import cli
from kg.nlp.training.newswire import NewsArticle, Token

NLP = spacy.blank("en")
SMALL = training.Settings(epochs=30, batch=4, rate=0.01, mention_width=16, name_width=8, members=2)
BEFORE = {"PERSON": "president", "LOC": "near", "ORG": "spokesman"}
NAMES = ("Arvo", "Belka", "Corin", "Dusk", "Elmet", "Farro", "Gant")


def vectors(words):
    """A vector of 8 columns for each word, the same in every run."""
    rows = [np.random.default_rng(sum(ord(c) * 31**i for i, c in enumerate(word))).normal(size=8) for word in words]
    return np.array(rows, dtype=np.float32)


def nothing(_):
    """A gazetteer that knows nobody."""
    return [False]


def seen(text, *names):
    """The names of a text, each a run of its words, and their features."""
    words = text.split(" ")
    spans = []
    for name in names:
        parts = name.split(" ")
        spans += [(i, i + len(parts)) for i in range(len(words)) if words[i : i + len(parts)] == parts]
    groups = grouped(words, sorted(spans))
    return list(groups), features.read(words, sorted(spans), groups, vectors, nothing)


def linked(means, row):
    """The parts of a row."""
    return sorted(means.parts[means.rows == row].tolist())


def made(classifier, text, **labels):
    """A Doc whose words of a keyword argument's name are entities of that class."""
    doc = Doc(NLP.vocab, text.split(" "))
    doc.set_ents([Span(doc, t.i, t.i + 1, labels[t.text]) for t in doc if t.text in labels], default="outside")
    return [(span.text, span.label_) for span in classifier(doc).ents]


def classifier_of(network=None):
    """The component with hand-made vectors."""
    made = component.NameClasses(NLP.vocab, network)
    made._looked_up = vectors
    return made


@pytest.fixture(scope="module")
def network():
    """Learned in a second or two that the word before a name tells its class."""
    rng = random.Random(1)
    docs = []
    for _ in range(60):
        doc = Doc(
            NLP.vocab, [word for _ in range(3) for word in (BEFORE[rng.choice([*BEFORE])], rng.choice(NAMES), ".")]
        )
        of = {word: label for label, word in BEFORE.items()}
        doc.set_ents([Span(doc, i, i + 1, of[doc[i - 1].text]) for i in range(1, 9, 3)])
        docs.append(doc)
    return training.train(list(training.examples(classifier_of(), docs)), SMALL, print)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("The Hague", "Hague"),
        ("Mali ’s", "Mali"),
        ("Mali ’ s", "Mali"),
        ("the", "the"),
        ("Médecins Sans Frontières", "Médecins Sans Frontières"),
        ("’s", "’s"),
    ],
)
def test_articles_and_possessives_are_no_part_of_a_name(words, name):
    """Also where the possessive is two words; something always remains."""
    assert name_of(words.split(" ")) == tuple(name.split(" "))


def test_means_and_their_gradient_are_adjoint():
    """For any values and gradient, <means(x), g> = <x, back(g)>; a row without parts is zero."""
    means = Means.of([[0, 2], [], [1, 2, 3], [3]])
    rng = np.random.default_rng(0)
    values, gradient = rng.normal(size=(4, 3)).astype("f"), rng.normal(size=(4, 3)).astype("f")
    into = np.zeros_like(values)
    means.back(gradient, into)
    assert np.vdot(means(values), gradient) == pytest.approx(np.vdot(values, into), rel=1e-4)
    assert not means(values)[1].any()
    assert means(values)[0] == pytest.approx((values[0] + values[2]) / 2)


def test_names_are_linked_to_longer_ones_and_to_acronyms():
    """By a shared run of words, by capitals, and by brackets behind a name."""
    text = "Ivo Maran left . Maran met the Workers Union ( SIN ) and the World Health Assembly , the WHA ."
    names, found = seen(text, "Ivo Maran", "Maran", "Workers Union", "SIN", "World Health Assembly", "WHA")
    place = {" ".join(name): row for row, name in enumerate(names)}
    _, longer, shorter, expanded = found.pools
    assert linked(longer, place["Maran"]) == [place["Ivo Maran"]]
    assert linked(shorter, place["Ivo Maran"]) == [place["Maran"]]
    assert linked(expanded, place["SIN"]) == [place["Workers Union"]]
    assert linked(expanded, place["WHA"]) == [place["World Health Assembly"]]
    assert linked(expanded, place["World Health Assembly"]) == [place["WHA"]]
    assert linked(longer, place["WHA"]) == linked(expanded, place["Maran"]) == []


def test_white_space_is_no_word():
    """A name at the end of a paragraph has nothing behind it, as at the end of an article."""
    _, inside = seen("in Mali \n\n", "Mali")
    _, at_end = seen("in Mali", "Mali")
    assert inside.mentions.tolist() == at_end.mentions.tolist()
    assert inside.facts.tolist() == at_end.facts.tolist()


def test_several_articles_are_read_as_each_by_itself(network):
    """Joined names get the scores that they get alone."""
    classifier = classifier_of(network)
    spans = [[(1, 2), (3, 4)], [(1, 2)], [(0, 2), (1, 2)]]
    texts = ["near Arvo and Belka", "spokesman Corin", "Ivo Dusk"]
    alone = [classifier.names(text.split(" "), own)[1] for text, own in zip(texts, spans, strict=True)]
    together = network(Names.join(alone))
    assert together == pytest.approx(np.concatenate([network(names) for names in alone]), abs=1e-4)


def test_the_words_about_all_mentions_decide(network):
    """A name that the recogniser takes for different things is one thing, unless the votes outweigh the words."""
    classifier = classifier_of(network)
    text = "near Arvo . near Arvo . near Arvo ."
    assert made(classifier, text, Arvo="PERSON") == [("Arvo", "LOC")] * 3
    text = "president Gant . spokesman Belka . president Gant ."
    assert made(classifier, text, Gant="ORG", Belka="ORG") == [("Gant", "PERSON"), ("Belka", "ORG"), ("Gant", "PERSON")]


def test_dates_and_sums_stay_and_nothing_becomes_one(network):
    """Their form tells them; other classes are chosen among the rest."""
    assert made(classifier_of(network), "near Arvo", Arvo="DATE") == [("Arvo", "DATE")]
    scores = np.log(np.array([0.9, 0.06, 0.04]))
    assert component.elected(scores, ("MONEY", "LOC", "ORG"), ["ORG"]) == "ORG"


@given(
    st.lists(st.sampled_from(["LOC", "ORG", "PERSON"]), min_size=1), st.lists(st.floats(-9, 0), min_size=3, max_size=3)
)
def test_more_votes_never_take_a_class_away(votes, scores):
    """Who is elected stays so when one mention more votes for it; and votes win where nothing else is known."""
    labels = ("LOC", "ORG", "PERSON")
    best = component.elected(np.array(scores), labels, votes)
    assert component.elected(np.array(scores), labels, [*votes, best]) == best
    assert component.elected(np.zeros(3), labels, votes[:1] * 5) == votes[0]


def test_missed_mentions_are_marked():
    """A name found twice, and a person's surname; not what overlaps, is in lower case or was found but once."""
    text = "Ivo Maran of Delta Bank . Delta Bank ( Delta Bank ) said Maran and maran of Oruk . Oruk"
    found = [(0, 2, "PERSON"), (3, 5, "ORG"), (6, 8, "ORG"), (17, 18, "LOC")]
    assert list(component.missed(text.split(" "), found)) == [(9, 11, "ORG"), (13, 14, "PERSON")]


def test_a_doc_without_names_and_a_component_without_a_network_change_nothing(network):
    """Nothing to weigh, or nothing to weigh with."""
    assert made(classifier_of(network), "nobody came") == []
    assert made(classifier_of(), "near Arvo . Arvo", Arvo="PERSON") == [("Arvo", "PERSON")] * 2


def test_training_gives_the_same_weights_and_the_network_survives_the_disk(network, tmp_path):
    """Half precision changes no class here."""
    docs = [Doc(NLP.vocab, ["near", "Arvo"], ents=["O", "B-LOC"]), Doc(NLP.vocab, ["nothing"])]
    examples = list(training.examples(classifier_of(), docs))
    assert len(examples) == 1
    first, second = (training.train(examples, SMALL, print) for _ in range(2))
    assert all((a.name == b.name).all() for a, b in zip(first.members, second.members, strict=True))
    classifier_of(network).to_disk(tmp_path)
    again = classifier_of().from_disk(tmp_path)
    assert made(again, "near Arvo . near Arvo", Arvo="PERSON") == [("Arvo", "LOC")] * 2
    assert classifier_of().from_disk(tmp_path / "nowhere").network is None


def test_the_packaged_pipeline_holds_it_between_recogniser_and_ruler():
    """Loaded with a network for its vectors, which reads plain news as a reader would."""
    nlp = saved()
    place = nlp.pipe_names.index("name_classes")
    assert nlp.pipe_names[place - 1 : place + 2] == ["ner", "name_classes", "armed_groups"]
    own = nlp.get_pipe("name_classes")
    assert own.network.labels == training.CLASSES
    assert own.network.members[0].mention.shape[0] > 7 * nlp.vocab.vectors_length
    doc = nlp("Kenya said that its troops had left Somalia. Residents in Somalia told Reuters that Kenya was right.")
    assert {(span.text, span.label_) for span in doc.ents} == {("Kenya", "LOC"), ("Somalia", "LOC"), ("Reuters", "ORG")}


def test_the_command_puts_a_trained_component_into_a_pipeline(tmp_path):
    """In place of the one that it has; the pipeline named stays as it is when another folder is given."""
    folder = tmp_path / "corpora" / "worldwide_newswire" / "train"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Troops left Russia.", "utf-8")
    (folder / "a.txt.tsv").write_text("Troops\tO\nleft\tO\nRussia\tS-Location\n.\tO\n", "utf-8")
    out = tmp_path / "model"
    command = ["name-classes", "--corpora", str(tmp_path / "corpora"), "--epochs", "1", "--out", str(out)]
    result = CliRunner().invoke(cli, [*command, str(DEFAULT_MODEL)], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == str(out)
    nlp = saved(out)
    assert nlp.pipe_names == saved().pipe_names
    assert len(nlp.get_pipe("name_classes").network.members) == training.Settings().members
    assert (out / "parser" / "model").read_bytes() == (DEFAULT_MODEL / "parser" / "model").read_bytes()


def test_articles_are_learned_from_as_a_whole_and_in_parts():
    """Each annotated mention counts twice; what holds no name is left out."""
    word, name = Token("left", " ", "O", ""), Token("Arvo", " ", "B", "LOC")
    news = [NewsArticle("a", ((word, name),) * 9), NewsArticle("b", ((word,),))]
    (example,) = training.read(classifier_of(), NLP.vocab, news)
    assert example.counts.sum() == 18
    assert example.counts[0, training.CLASSES.index("LOC")] == 9
    assert len(example.counts) == len(example.names.facts) > 2
