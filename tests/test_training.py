"""The training of the pipeline: what it reads, what it learns from, what it measures and what it ships."""

from __future__ import annotations

from random import Random

import pytest
import spacy
from click.testing import CliRunner
from spacy.lookups import Lookups
from spacy.tokens import Doc, DocBin, Span

from kg.errors import ModelError, RecordError, UnreadableError
from kg.nlp.training import (
    articles,
    conllu,
    evaluate,
    lemmas,
    newswire,
    package,
    prepare,
    reader,
    tokenizer,
    treebanks,
    variants,
    vectors,
)
from kg.nlp.training.__main__ import cli
from kg.nlp.training.corpora import Corpora
from kg.nlp.training.train import train

FLED = """# newdoc id = GUM_news_border
# newpar
# sent_id = 1
# text = "They don't trust it," the mayor said.
1\t"\t"\tPUNCT\t``\t_\t5\tpunct\t_\tSpaceAfter=No
2\tThey\tthey\tPRON\tPRP\tCase=Nom|Number=Plur\t5\tnsubj\t_\t_
3-4\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
3\tdo\tdo\tAUX\tVBP\tMood=Ind\t5\taux\t_\t_
4\tn't\tnot\tPART\tRB\t_\t5\tadvmod\t_\t_
5\ttrust\ttrust\tVERB\tVB\tVerbForm=Inf\t11\tccomp\t_\t_
6\tit\tit\tPRON\tPRP\t_\t5\tobj\t_\tSpaceAfter=No
7\t,\t,\tPUNCT\t,\t_\t5\tpunct\t_\tSpaceAfter=No
8\t"\t"\tPUNCT\t''\t_\t5\tpunct\t_\t_
9\tthe\tthe\tDET\tDT\t_\t10\tdet\t_\t_
10\tmayor\tmayor\tNOUN\tNN\tNumber=Sing\t11\tnsubj\t_\t_
11\tsaid\tsay\tVERB\tVBD\tTense=Past\t0\troot\t_\tSpaceAfter=No
12\t.\t.\tPUNCT\t.\t_\t11\tpunct\t_\t_

# newpar
# sent_id = 2
1\tVillagers\tvillager\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\t_
2\tfled\tflee\tVERB\tVBD\tTense=Past\t0\troot\t_\t_
2.1\tfled\tflee\tVERB\tVBD\t_\t_\t_\t_\t_
3\tsouth\tsouth\tADV\tRB\t_\t2\tadvmod\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

"""
TEXT = "Shelling hit the port\n\nThe Red Cross said Amina Diallo left Bamako on 4 May. Mali denied it."
LABELS = """https://example.org/1\tO

Shelling\tO
hit\tO
the\tO
port\tO

The\tO
Red\tB-Organization
Cross\tI-Organization
said\tO
Amina\tB-Person
Diallo\tI-Person
left\tO
Bamako\tB-Location\tB-Organization
on\tO
4\tB-Date
May\tI-Date
.\tO

Mali\tB-Location
denied\tO
it O
.\tO
"""


@pytest.fixture
def corpora(tmp_path):
    """A folder of corpora with one tiny document of each kind."""
    folder = tmp_path / "corpora"
    for name in ("ud_ewt", "ud_gum"):
        (folder / name).mkdir(parents=True)
        for split in ("train", "dev", "test"):
            unfree = FLED.replace("GUM_news_border", "GUM_whow_border").replace("Villagers", "Bakers")
            (folder / name / f"{split}.conllu").write_text(FLED + unfree, encoding="utf-8")
    for split in ("train", "dev"):
        (folder / "worldwide_newswire" / split).mkdir(parents=True)
        (folder / "worldwide_newswire" / split / "one.txt").write_text(TEXT, encoding="utf-8")
        (folder / "worldwide_newswire" / split / "one.txt.tsv").write_text(LABELS, encoding="utf-8")
    return Corpora(folder)


@pytest.fixture
def border(tmp_path):
    """The treebank document above."""
    path = tmp_path / "border.conllu"
    path.write_text(FLED, encoding="utf-8")
    (document,) = conllu.read(path)
    return document


@pytest.fixture
def article(corpora):
    """The annotated article above."""
    (one,) = newswire.read(corpora.newswire / "dev")
    return one


def text(sentence):
    """A sentence as it stands in the text."""
    return "".join(word.form + " " * word.space for word in sentence.words)


def test_a_treebank_gives_back_its_text_and_its_paragraphs(border):
    """Multiword tokens are their words without a space between, empty nodes are none."""
    assert [text(sentence) for sentence in border.sentences] == [
        '"They don\'t trust it," the mayor said. ',
        "Villagers fled south. ",
    ]
    assert [sentence.paragraph for sentence in border.sentences] == [True, True]
    assert border.genre == "news"
    assert [word.head for word in border.sentences[1].words] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("line", "broken", "message"),
    [
        ("2\tfled\tflee\tVERB\tVBD\tTense=Past\t0\troot\t_\t_", "2 fled", "border.conllu:22: 1 columns instead of 10"),
        ("\t0\troot\t_\t_\n2.1", "\tup\troot\t_\t_\n2.1", "border.conllu:22: 'up' is no head"),
        ("\n2\tfled", "\n4\tfled", "border.conllu:22: word 4 follows word 1"),
        ("\n2\tfled", "\ntwo\tfled", "border.conllu:22: 'two' is no word number"),
        ("\t2\tadvmod", "\t9\tadvmod", "border.conllu:24: 'south' has head 9"),
        ("3-4\tdon't", "3-40\tdon't", "border.conllu:7: 'don't' reaches beyond its sentence"),
    ],
)
def test_a_broken_line_of_a_treebank_is_named(tmp_path, line, broken, message):
    """Who has to mend the file is told where and what."""
    path = tmp_path / "border.conllu"
    path.write_text(FLED.replace(line, broken), encoding="utf-8")
    with pytest.raises(RecordError) as raised:
        list(conllu.read(path))
    assert message in str(raised.value)


def test_what_is_no_treebank_is_refused(tmp_path):
    """A missing file and one that is no text are one error."""
    binary = tmp_path / "model.conllu"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path / "missing.conllu"):
        with pytest.raises(UnreadableError, match="cannot be read as a treebank"):
            list(conllu.read(path))


def test_newswire_gets_its_white_space_back(article):
    """The labels carry none; the article does. Its address is left out, the first of two labels counts."""
    doc = articles.whole(spacy.blank("en").vocab, article)
    assert doc.text == TEXT
    assert [(span.text, span.label_) for span in doc.ents] == [
        ("Red Cross", "ORG"),
        ("Amina Diallo", "PERSON"),
        ("Bamako", "LOC"),
        ("4 May", "DATE"),
        ("Mali", "LOC"),
    ]


@pytest.mark.parametrize(
    ("line", "broken", "message"),
    [
        ("Red\tB-Organization", "Red\tB-Charity", "one.txt.tsv:9: unknown label 'B-Charity'"),
        ("Red\tB-Organization", "Red", "one.txt.tsv:9: 'Red' has no label"),
    ],
)
def test_a_broken_line_of_newswire_is_named(corpora, line, broken, message):
    """As for treebanks."""
    path = corpora.newswire / "dev" / "one.txt.tsv"
    path.write_text(LABELS.replace(line, broken), encoding="utf-8")
    with pytest.raises(RecordError) as raised:
        list(newswire.read(corpora.newswire / "dev"))
    assert message in str(raised.value)


def test_bioes_and_bio_are_read_alike(corpora, article):
    """An S is a B alone, an E an I at the end."""
    path = corpora.newswire / "dev" / "one.txt.tsv"
    path.write_text(LABELS.replace("Mali\tB-", "Mali\tS-").replace("Cross\tI-", "Cross\tE-"), encoding="utf-8")
    assert list(newswire.read(corpora.newswire / "dev")) == [article]


def test_no_article_without_its_text(corpora, tmp_path):
    """A folder without articles and a table without its article are refused."""
    with pytest.raises(UnreadableError, match="holds no annotated article"):
        list(newswire.read(tmp_path))
    (corpora.newswire / "dev" / "one.txt").unlink()
    with pytest.raises(UnreadableError, match=r"one\.txt: cannot be read"):
        list(newswire.read(corpora.newswire / "dev"))


def test_tokens_are_those_of_the_treebanks():
    """Hyphens part words, but behind a prefix; contractions fall apart; titles keep their full stop."""
    tokens = tokenizer.blank().tokenizer
    for expected in (
        "Lt. Col. Diallo",
        "the U.N. - backed anti-war plan",
        "a 17 - year - old with an AK - 47",
        "they do n't co-operate and / or",
    ):
        joined = expected.replace(" - ", "-").replace("do n't", "don't").replace(" / ", "/")
        assert [token.text for token in tokens(joined)] == expected.split()


def test_a_document_of_sentences_keeps_trees_and_blank_lines(border):
    """A blank line is a token; where scores are taken it carries no label."""
    vocab = spacy.blank("en").vocab
    learned = treebanks.document(vocab, border.sentences, ["", "\n\n"])
    assert [token.tag_ for token in learned if token.is_space] == ["_SP"]
    assert [token.head.text for token in learned][-4:] == ["fled"] * 4
    measured = treebanks.whole(vocab, border)
    assert measured.text == learned.text
    assert [token.tag_ for token in measured if token.is_space] == [""]


def test_the_forms_of_a_sentence_keep_its_tree(border):
    """Whatever is changed, every word keeps its governor."""
    said = border.sentences[0]
    governors = {word.lemma: said.words[word.head].lemma for word in said.words if word.upos != "PUNCT"}
    for seed in range(200):
        for sentence in variants.vary([said, border.sentences[1]], Random(seed))[:1]:
            found = {word.lemma: sentence.words[word.head].lemma for word in sentence.words if word.upos != "PUNCT"}
            assert found == governors


def test_sentences_take_the_forms_of_news(border):
    """Curly quotation marks, no commas, title case."""
    said, fled = border.sentences
    assert text(variants.requoted([said], ("“", "”", "’"), "–")[0]) == "“They don’t trust it,” the mayor said. "
    assert text(variants.without_commas(said)) == '"They don\'t trust it" the mayor said. '
    assert text(variants.headline(fled)).strip() == "Villagers Fled South"


def test_documents_to_learn_from_are_the_same_each_time(border, article):
    """The draws depend on the seed alone."""
    vocab = spacy.blank("en").vocab
    for make, source in ((treebanks.training, [border]), (articles.training, [article])):
        first, second = ([doc.text for doc in make(vocab, source, 5, 1)] for _ in range(2))
        assert first == second
        assert first != [doc.text for doc in make(vocab, source, 5, 2)]


def test_nothing_is_learned_from_texts_without_a_licence(corpora):
    """The genres that GUM may not give away are measured on, and not learned from."""
    assert {document.genre for document in corpora.treebanks("train")} == {"news"}
    assert {document.genre for document in corpora.treebanks("dev")} == {"news", "whow"}


def test_missing_corpora_are_named(tmp_path):
    """Before anything is trained."""
    with pytest.raises(UnreadableError, match=r"train\.conllu: is missing"):
        list(Corpora(tmp_path).treebanks("train"))


def test_vectors_never_see_what_is_measured_on(corpora):
    """No development article, no unfree text, and raw text of every other corpus at hand."""
    dev = corpora.newswire / "dev" / "one.txt"
    dev.write_text("Nobody may learn this.", encoding="utf-8")
    speech = corpora.folder / "polnear" / "train" / "text" / "speech.txt"
    speech.parent.mkdir(parents=True)
    speech.write_text("We will vote.\n\nAll of us.", encoding="utf-8")
    seen = [line.strip() for line in vectors.lines(corpora)]
    assert {"Villagers fled south.", "We will vote.", "Shelling hit the port"} <= set(seen)
    assert not {"Nobody may learn this.", "Bakers fled south."} & set(seen)


def test_scores_on_treebanks_by_hand(border):
    """One wrong governor of three words, one wrong tag of four; the full stop has no say in attachment."""
    nlp = tokenizer.blank()

    @spacy.Language.component("one_sentence_by_hand")
    def parse(doc):
        return Doc(
            doc.vocab,
            words=[token.text for token in doc],
            spaces=[bool(token.whitespace_) for token in doc],
            tags=["NNS", "VBD", "NN", "."],
            lemmas=["villager", "flee", "south", "."],
            heads=[1, 1, 0, 1],
            deps=["nsubj", "ROOT", "advmod", "punct"],
        )

    nlp.add_pipe("one_sentence_by_hand")
    gold = treebanks.document(nlp.vocab, border.sentences[1:], [""])
    scores = evaluate.treebank_scores(nlp, [gold])
    assert scores["token"] == scores["lemma"] == scores["sentences"] == 1.0
    assert scores["tag"] == 0.75
    assert scores["las"] == scores["uas"] == pytest.approx(2 / 3)


def test_scores_on_newswire_by_hand(article):
    """Of five names one is found, one has a wrong class, and one is invented."""
    nlp = tokenizer.blank()
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "LOC", "pattern": "Bamako"},
            {"label": "ORG", "pattern": "Mali"},
            {"label": "LOC", "pattern": "Shelling"},
        ],
    )
    scores = evaluate.entity_scores(nlp, [articles.whole(nlp.vocab, article)])
    assert scores["all"].precision == pytest.approx(1 / 3)
    assert scores["all"].recall == pytest.approx(1 / 5)
    assert scores["all"].gold == 5
    assert scores["LOC"] == evaluate.PRF(0.5, 0.5, 0.5, 2)
    assert scores["PERSON"].recall == 0.0


def test_examples_are_made_once(tmp_path, border):
    """Every component asks for them, and so does training."""
    nlp = tokenizer.blank()
    path = tmp_path / "one.spacy"
    DocBin(docs=[treebanks.whole(nlp.vocab, border)]).to_disk(path)
    read = reader.corpus(path)
    assert next(iter(read(nlp))) is next(iter(read(nlp)))


def test_training_and_packaging_leave_a_pipeline_that_loads(corpora, tmp_path, monkeypatch):
    """A few steps on a tiny corpus give all components in their order, which read a text after loading."""
    work, out = tmp_path / "work", tmp_path / "model"
    prepare.syntax(corpora, work)
    prepare.entities(corpora, work)
    tokenizer.blank().to_disk(work / "vectors")
    few = {"training.max_steps": 2, "training.eval_frequency": 1}
    for kind, encoder in (("syntax", "tok2vec"), ("entities", "tok2vec_ner")):
        settings = few | {f"components.{encoder}.model.embed.include_static_vectors": False}
        if kind == "syntax":
            settings["components.parser.min_action_freq"] = 1
        train(kind, work, settings)
    wordnet = Lookups()
    for name in ("lemma_rules", "lemma_index", "lemma_exc"):
        wordnet.add_table(name, {"verb": [], "noun": []} if name != "lemma_exc" else {"verb": {}, "noun": {}})
    monkeypatch.setattr(lemmas, "load_lookups", lambda *_: wordnet)
    (out / "vocab").mkdir(parents=True)
    (out / "README.md").write_text("A card.", encoding="utf-8")
    made = package.assemble(work / "syntax" / "model-best", work / "entities" / "model-best", corpora)
    package.save(made, out)
    nlp = spacy.load(out)
    assert nlp.pipe_names == [
        "tok2vec_ner", "ner", "armed_groups", "tok2vec", "tagger", "morphologizer", "lemmatizer", "lemma_exceptions",
        "sent_rules", "parser",
    ]  # fmt: skip
    before, after = ([(t.text, t.tag_, str(t.morph), t.lemma_, t.dep_, t.head.i) for t in p(TEXT)] for p in (made, nlp))
    assert before == after
    assert (out / "README.md").read_text(encoding="utf-8") == "A card."
    assert "Diallo" not in (out / "vocab" / "strings.json").read_text(encoding="utf-8")


def test_a_quotation_mark_behind_a_full_stop_begins_no_sentence():
    """And a blank line does begin one; both before the parser, which keeps to it."""
    nlp = spacy.blank("en")
    nlp.add_pipe("parser")
    package.add_sentence_rules(nlp)
    doc = nlp.get_pipe("sent_rules")(nlp.make_doc('It "fled." Nobody\n\nknew'))
    starts = {token.text: token.is_sent_start for token in doc}
    assert starts["knew"] is True
    assert doc[4].is_sent_start is False


def test_names_that_the_newswire_contradicts_are_no_rules(corpora):
    """A gazetteer name that the newswire labels otherwise is left to the recognizer."""
    name = next(iter(package.armed_groups(corpora)))
    for suffix, line in ((".txt", name), (".txt.tsv", "\n".join(f"{word}\tO" for word in name.split()))):
        (corpora.newswire / "train" / f"two{suffix}").write_text(line, encoding="utf-8")
    assert name not in package.armed_groups(corpora)


def test_missing_steps_are_named(tmp_path):
    """Training before preparation, vectors before text, packaging before training."""
    with pytest.raises(UnreadableError, match=r"syntax_train\.spacy: is missing; run prepare"):
        train("syntax", tmp_path)
    with pytest.raises((UnreadableError, ModelError)):
        vectors.train(tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded"):
        package.assemble(tmp_path / "syntax", tmp_path / "entities", Corpora(tmp_path))


def test_every_command_has_help():
    """And the group names them all."""
    result = CliRunner().invoke(cli, ["--help"])
    assert {"prepare", "vectors", "train", "evaluate", "package"} <= set(result.output.split())
    for name in cli.commands:
        assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_a_setting_is_a_pair():
    """What is none is answered with what it should be."""
    result = CliRunner().invoke(cli, ["train", "syntax", "--set", "training.max_steps"])
    assert result.exit_code == 2
    assert "is no KEY=VALUE" in result.output


def test_spans_of_two_classes_side_by_side_stay_two():
    """An I of another class begins a span of its own."""
    tokens = [newswire.Token("Mali", " ", "B", "LOC"), newswire.Token("Army", " ", "I", "ORG")]
    doc = articles.document(spacy.blank("en").vocab, [tokens])
    assert [span.label_ for span in doc.ents] == ["LOC", "ORG"]
    assert isinstance(doc.ents[0], Span)
