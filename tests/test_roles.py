"""The learned attributions: what the network sees, how it looks around, how labels are read, and that it learns."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from kg.errors import RecordError, UnreadableError
from kg.nlp.roles.network import ARGUMENT_LABELS, Graph, Network, Size
from kg.nlp.roles.prior import CuePrior
from kg.nlp.roles.tagger import AttributionTagger, _decode
from kg.nlp.roles.tokens import read_tokens
from kg.nlp.roles.windows import windows_of
from kg.nlp.training import attribution, examples, pieces, polnear

VOCAB = spacy.blank("en").vocab
ACTORS, DEEDS = ("rebels", "officials", "monitors", "villagers", "soldiers"), ("fled", "advanced", "fought", "waited")
EMPTY = CuePrior(np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))


def sentence(who, cue, others, deed):
    """One parsed sentence: "rebels said that soldiers fled ."."""
    words = [who, cue, "that", others, deed, "."]
    return words, [1, 1, 4, 4, 1, 1], ["nsubj", "ROOT", "mark", "nsubj", "ccomp", "punct"]


def document(sentences, breaks=()):
    """A Doc of such sentences, a blank line before those whose numbers are in `breaks`."""
    words, spaces, heads, deps, pos = [], [], [], [], []
    for number, (own, own_heads, own_deps) in enumerate(sentences):
        if number in breaks:
            words.append("\n\n")
            spaces.append(False)
            heads.append(len(words) - 1)
            deps.append("ROOT")
            pos.append("SPACE")
        start = len(words)
        words += own
        spaces += [True] * len(own)
        heads += [start + h for h in own_heads]
        deps += own_deps
        pos += ["NOUN", "VERB", "SCONJ", "NOUN", "VERB", "PUNCT"]
    doc = Doc(VOCAB, words, spaces=spaces, heads=heads, deps=deps, pos=pos, lemmas=words)
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)
    return doc


def told(rng, cue="said"):
    """A sentence with its attribution as tokens of that sentence."""
    return sentence(rng.choice(ACTORS), cue, rng.choice(ACTORS), rng.choice(DEEDS))


def corpus(size, seed=0):
    """Articles of three sentences; "said" is a cue and "thanked" is none."""
    rng = random.Random(seed)
    articles = []
    for _ in range(size):
        cues = [rng.choice(("said", "thanked")) for _ in range(3)]
        doc = document([told(rng, cue) for cue in cues])
        gold = tuple(
            {
                "source": frozenset({6 * n}),
                "cue": frozenset({6 * n + 1}),
                "content": frozenset({6 * n + 2, 6 * n + 3, 6 * n + 4}),
            }
            for n, cue in enumerate(cues)
            if cue == "said"
        )
        articles.append(examples.Annotated(doc, gold))
    return articles


SMALL = attribution.Settings(epochs=8, batch=60, rate=0.01, dropout=0.1, encoder=Size(16, 4, 1), arguer=Size(16, 4, 1))


@pytest.fixture(scope="module")
def network():
    """A small network, trained for a second or two."""
    return attribution.train(corpus(40), SMALL, log=print)


def test_looking_and_its_gradient_are_adjoint():
    """For any values and gradient, <look(x), g> = <x, unlook(g)>."""
    doc = document([told(random.Random(n)) for n in range(4)], breaks={2})
    graph = Graph.sentences([read_tokens(doc, EMPTY)] * 2)
    generator = np.random.default_rng(0)
    values = generator.normal(size=(len(graph.head), 3)).astype(np.float32)
    gradient = generator.normal(size=(len(graph.head), 15)).astype(np.float32)
    assert np.vdot(graph.look(values), gradient) == pytest.approx(np.vdot(values, graph.unlook(gradient)), rel=1e-4)


def test_white_space_is_no_row_and_ends_a_paragraph():
    """Rows are words only; nobody has a neighbour in another paragraph, and windows end with theirs."""
    doc = document([told(random.Random(n)) for n in range(3)], breaks={1})
    t = read_tokens(doc, EMPTY)
    assert len(t) == 18
    assert t.index[6] == 7
    assert t.next[5] == t.previous[6] == -1
    assert windows_of(t, [(1, 2)]).bounds.tolist() == [[0, 6]]
    assert windows_of(t, [(7, 8), (13, 14)]).bounds.tolist() == [[6, 18], [6, 18]]


def test_features_do_not_depend_on_what_else_is_read():
    """A paragraph's columns are the same in a longer article."""
    first, second = told(random.Random(1)), told(random.Random(2))
    alone = read_tokens(document([first]), EMPTY)
    longer = read_tokens(document([first, second], breaks={1}), EMPTY)
    unplaced = [c for c in range(alone.columns.shape[1]) if c != 8]  # one column looks at the next sentence's quotes
    assert (alone.columns[:, unplaced] == longer.columns[:6, unplaced]).all()


def test_prior_leaves_the_article_at_hand_out():
    """A word that only one article holds is unknown there while training."""
    keys = np.array([1, 1, 1, 2, 2, 2], dtype=np.uint64)
    prior = CuePrior.count([keys, keys[:3]], [keys[:3], keys[:3]])
    own = CuePrior.count([keys], [keys[:3]])
    often, never = prior.bucket(np.array([1, 2], dtype=np.uint64))
    assert often % 20 > never % 20
    assert prior.bucket(np.array([2], dtype=np.uint64), without=own).tolist() == [CuePrior.UNKNOWN]
    assert prior.bucket(np.array([9], dtype=np.uint64)).tolist() == [CuePrior.UNKNOWN]


def test_labels_are_well_formed():
    """No label continues what has not begun, in windows of any length."""
    doc = document([told(random.Random(n)) for n in range(5)], breaks={3})
    seen = windows_of(read_tokens(doc, EMPTY), [(1, 2), (7, 8), (25, 26)])
    scores = np.random.default_rng(1).normal(size=(len(seen), len(ARGUMENT_LABELS))).astype(np.float32)
    labels = _decode(scores, seen)
    for number in range(3):
        names = ["", *(ARGUMENT_LABELS[i] for i in labels[seen.cue == number])]
        assert all(before[2:] == name[2:] for before, name in pairwise(names) if name.startswith("I-"))


def test_learns_who_says_what(network):
    """Trained on a few sentences, the tagger finds sources, cues and contents of others, and no cue that is none."""
    rng = random.Random(99)
    doc = document([told(rng), told(rng, "thanked"), told(rng)])
    found = AttributionTagger(network)(doc)
    assert [(t.source, t.cue, t.contents) for t in found] == [
        ((0, 1), (1, 2), ((2, 5),)),
        ((12, 13), (13, 14), ((14, 17),)),
    ]
    assert [t.head for t in found] == [1, 13]


def test_training_gives_the_same_bytes(network, tmp_path):
    """The same articles and settings give the same weights, and loading gives the same findings."""
    network.save(tmp_path / "a")
    attribution.train(corpus(40), SMALL, log=print).save(tmp_path / "b")
    for name in ("config.json", "weights.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    doc = document([told(random.Random(5))])
    assert [t.contents for t in AttributionTagger(Network.load(tmp_path / "a"))(doc)] == [((2, 5),)]


def test_reads_only_docs_of_its_own_pipeline(network):
    """A Doc with another tensor, or none, is not tagged."""
    doc, other = document([told(random.Random(5))]), document([told(random.Random(5))])
    other.tensor = np.zeros((len(other), 5), dtype=np.float32)
    tagger = AttributionTagger(network)
    assert tagger.reads(doc)
    assert not tagger.reads(other)


def test_empty_doc_has_no_attributions(network):
    """A Doc without words is read without complaint."""
    doc = Doc(VOCAB, ["\n\n"], spaces=[False], heads=[0], deps=["ROOT"])
    doc.tensor = np.zeros((1, 4), dtype=np.float32)
    assert AttributionTagger(network)(doc) == []


def test_polnear_reads_standoff(tmp_path):
    """Roles come with all their parts; characters lead to tokens through the offsets of the reading."""
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_text("Rebels  said that soldiers fled .", "utf-8")
    (tmp_path / "attributions" / "a_x.ann").write_text(
        "T1\tSource 0 6\tRebels\nT2\tCue 8 12\tsaid\nT3\tContent 13 17;18 31\tthat soldiers fled\n"
        "T4\tAttribution 8 12\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n",
        "utf-8",
    )
    (article,) = polnear.articles(tmp_path)
    attributions = polnear.read(article.annotations[0])
    (only,) = attributions
    assert (min(only.source), max(only.source), len(only.content)) == (0, 5, 17)
    doc = Doc(VOCAB, ["Rebels", "said", "that", "soldiers", "fled", "."])
    offsets = [*range(6), *range(7, 33)]
    (gold,) = examples.annotated(doc, offsets, attributions).attributions
    assert gold == {"source": {0}, "cue": {1}, "content": {2, 3, 4}}


def test_polnear_names_a_broken_line(tmp_path):
    """An error says which line of which file."""
    path = tmp_path / "a_x.ann"
    path.write_text("T1\tSource 0 6\tRebels\nT2\tCue 8 twelve\tsaid\n", "utf-8")
    with pytest.raises(RecordError, match=r"a_x\.ann:2"):
        polnear.read(path)


def test_polnear_without_articles_is_an_error(tmp_path):
    """A folder of another layout is named."""
    with pytest.raises(UnreadableError, match="holds no articles"):
        list(polnear.articles(tmp_path))


def test_runs_for_an_encoder_are_whole_sentences():
    """Runs end with a sentence, every word is found where its pieces begin, and a mark stands between paragraphs."""
    t = read_tokens(document([told(random.Random(n)) for n in range(4)], breaks={1}), EMPTY)
    words = [[10 + row, 10 + row] if row % 2 else [10 + row] for row in range(len(t))]
    runs = pieces.runs_of(t, words, 1, 2, size=20)
    assert [len(run.first) for run in runs] == [12, 12]
    assert [run.ids[at] for run in runs for at in run.first] == [10 + row for row in range(24)]
    assert [run.ids.count(2) for run in runs] == [2, 1]
    assert all((run.ids[0], run.ids[-1]) == (1, 2) for run in runs)


def test_a_teacher_is_a_folder_with_an_encoder(tmp_path):
    """What is missing in the folder is named before anything is read."""
    with pytest.raises(UnreadableError, match=r"tokenizer\.json: is missing"):
        pieces.Pieces(tmp_path, VOCAB.strings)


def test_learns_from_chances():
    """Targets between the labels leave the network less sure of them."""
    prior, sure = examples.examples_of(corpus(40))
    doubt = [replace(e, targets=(e.targets + 1 / e.targets.shape[1]) / 2) for e in sure]
    networks = [attribution.fit(prior, taught, SMALL, log=print) for taught in (sure, doubt)]
    t = read_tokens(document([told(random.Random(5))]), prior)
    first, second = (network.cues(t)[1][1].sum() for network in networks)
    assert first > second + 0.1
    assert second > 0.3
