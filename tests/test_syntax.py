"""One view of a parse: the same answers from Universal Dependencies and from ClearNLP's labels, once rewritten."""

from types import SimpleNamespace

import pytest
import spacy
from spacy.tokens import Doc

from kg.nlp import syntax
from kg.nlp.predicates import PredicateGuard
from kg.nlp.universal import to_universal

VOCAB = spacy.blank("en").vocab
SCHEMES = ("ud", "clearnlp")
# A word a line: word, lemma, part of speech, tag, then head and label in either scheme.
PARSES = {
    "active": """
        Rebels rebel NOUN NNS 1 nsubj 1 nsubj
        killed kill VERB VBD 1 ROOT 1 ROOT
        soldiers soldier NOUN NNS 1 obj 1 dobj
        . . PUNCT . 1 punct 1 punct""",
    "passive": """
        Soldiers soldier NOUN NNS 2 nsubj:pass 2 nsubjpass
        were be AUX VBD 2 aux:pass 2 auxpass
        killed kill VERB VBN 2 ROOT 2 ROOT
        by by ADP IN 4 case 2 agent
        rebels rebel NOUN NNS 2 obl:agent 3 pobj
        near near ADP IN 6 case 2 prep
        Goma Goma PROPN NNP 2 obl 5 pobj""",
    "reduced": """
        forces force NOUN NNS 4 nsubj 4 nsubj
        backed back VERB VBN 0 acl 0 acl
        by by ADP IN 3 case 1 agent
        Armenia Armenia PROPN NNP 1 obl:agent 2 pobj
        advanced advance VERB VBD 4 ROOT 4 ROOT""",
    "relative": """
        troops troop NOUN NNS 3 nsubj 3 nsubj
        that that PRON WDT 2 nsubj 2 nsubj
        fired fire VERB VBD 0 acl:relcl 0 relcl
        fled flee VERB VBD 3 ROOT 3 ROOT""",
    "relative object": """
        villages village NOUN NNS 4 nsubj 4 nsubj
        which which PRON WDT 3 obj 3 dobj
        rebels rebel NOUN NNS 3 nsubj 3 nsubj
        burned burn VERB VBD 0 acl:relcl 0 relcl
        emptied empty VERB VBD 4 ROOT 4 ROOT""",
    "urged": """
        France France PROPN NNP 1 nsubj 1 nsubj
        urged urge VERB VBD 1 ROOT 1 ROOT
        Rwanda Rwanda PROPN NNP 1 obj 1 dobj
        to to PART TO 4 mark 4 aux
        withdraw withdraw VERB VB 1 xcomp 1 xcomp""",
    "vowed": """
        Turkey Turkey PROPN NNP 1 nsubj 1 nsubj
        vowed vow VERB VBD 1 ROOT 1 ROOT
        to to PART TO 3 mark 3 aux
        withdraw withdraw VERB VB 1 xcomp 1 xcomp""",
    "negated": """
        Israel Israel PROPN NNP 3 nsubj 3 nsubj
        did do AUX VBD 3 aux 3 aux
        not not PART RB 3 advmod 3 neg
        comment comment VERB VB 3 ROOT 3 ROOT""",
    "listed": """
        Ukraine Ukraine PROPN NNP 5 nsubj 5 nsubj
        , , PUNCT , 2 punct 0 punct
        Poland Poland PROPN NNP 0 conj 0 conj
        and and CCONJ CC 4 cc 2 cc
        Latvia Latvia PROPN NNP 0 conj 2 conj
        agreed agree VERB VBD 5 ROOT 5 ROOT""",
    "shared": """
        Rebels rebel NOUN NNS 1 nsubj 1 nsubj
        attacked attack VERB VBD 1 ROOT 1 ROOT
        and and CCONJ CC 3 cc 1 cc
        fled flee VERB VBD 1 conj 1 conj""",
    "said": """
        Mali Mali PROPN NNP 1 nsubj 1 nsubj
        said say VERB VBD 1 ROOT 1 ROOT
        that that SCONJ IN 4 mark 4 mark
        troops troop NOUN NNS 4 nsubj 4 nsubj
        left leave VERB VBD 1 ccomp 1 ccomp""",
    "noun phrase": """
        the the DET DT 1 det 1 det
        army army NOUN NN 5 nsubj 5 nsubj
        of of ADP IN 4 case 1 prep
        northern northern ADJ JJ 4 amod 4 amod
        Chad Chad PROPN NNP 1 nmod 2 pobj
        fled flee VERB VBD 5 ROOT 5 ROOT""",
}


@pytest.fixture(params=SCHEMES)
def parse(request):
    """Makes a Doc of one of the parses above; the words it holds are its attributes, in lower case."""

    def make(name):
        rows = [line.split() for line in PARSES[name].strip().splitlines()]
        at = 4 + 2 * SCHEMES.index(request.param)
        made = Doc(
            VOCAB,
            words=[row[0] for row in rows],
            lemmas=[row[1] for row in rows],
            pos=[row[2] for row in rows],
            tags=[row[3] for row in rows],
            heads=[int(row[at]) for row in rows],
            deps=[row[at + 1] for row in rows],
        )
        doc = to_universal(made)
        return SimpleNamespace(
            doc=doc, **{token.lower_: token for token in doc if token.is_alpha and token.text != "and"}
        )

    return make


def words(tokens):
    """The words of tokens."""
    return [token.text for token in tokens]


def test_an_active_verb_has_subject_and_object(parse):
    """Who acts and who suffers it; no agent, no passive."""
    p = parse("active")
    assert syntax.subject(p.killed).text == "Rebels"
    assert words(syntax.objects(p.killed)) == ["soldiers"]
    assert not syntax.is_passive(p.killed)
    assert syntax.agents(p.killed) == []


def test_a_passive_verb_has_agent_and_passive_subject(parse):
    """The subject suffers, the by-phrase acts."""
    p = parse("passive")
    assert syntax.is_passive(p.killed)
    assert words(syntax.passive_subjects(p.killed)) == ["Soldiers"]
    assert words(syntax.agents(p.killed)) == ["rebels"]


def test_obliques_come_with_their_prepositions(parse):
    """Where it was and by whom, whichever of noun and preposition hangs by the other."""
    p = parse("passive")
    assert [(prep, noun.text) for prep, noun in syntax.obliques(p.killed)] == [("by", "rebels"), ("near", "Goma")]
    assert syntax.preposition(p.goma) == "near"
    assert syntax.preposition(p.soldiers) == ""


def test_a_bare_participle_is_a_passive_of_its_noun(parse):
    """ "Forces backed by Armenia": Armenia backs the forces."""
    p = parse("reduced")
    assert syntax.is_passive(p.backed)
    assert words(syntax.passive_subjects(p.backed)) == ["forces"]
    assert words(syntax.agents(p.backed)) == ["Armenia"]


def test_a_relative_pronoun_is_its_antecedent(parse):
    """As the subject of its clause and as the object."""
    p = parse("relative")
    assert syntax.relative_antecedent(p.that).text == "troops"
    assert syntax.subject(p.fired).text == "troops"
    p = parse("relative object")
    assert words(syntax.objects(p.burned)) == ["villages"]
    assert syntax.subject(p.burned).text == "rebels"


def test_a_conjunction_is_no_relative_pronoun(parse):
    """The "that" of "said that" stands for nothing."""
    p = parse("said")
    assert syntax.relative_antecedent(p.that) is None


def test_an_infinitive_s_subject_depends_on_its_verb(parse):
    """Who is urged to withdraw withdraws, but who vows to withdraw does so himself."""
    assert syntax.subject(parse("urged").withdraw).text == "Rwanda"
    assert syntax.subject(parse("vowed").withdraw).text == "Turkey"


def test_negation_is_seen(parse):
    """ "Did not comment", but not "killed"."""
    assert syntax.is_negated(parse("negated").comment)
    assert not syntax.is_negated(parse("active").killed)


def test_a_list_is_flat_however_the_parser_chains_it(parse):
    """All of a list from its first member, and the first from its last."""
    p = parse("listed")
    assert words(syntax.conjuncts(p.ukraine)) == ["Ukraine", "Poland", "Latvia"]
    assert syntax.first_conjunct(p.latvia).text == "Ukraine"


def test_coordinated_verbs_share_their_subject(parse):
    """ "Rebels attacked and fled": the rebels fled."""
    assert syntax.subject(parse("shared").fled).text == "Rebels"


def test_the_clause_that_completes_a_verb_is_found(parse):
    """What is said, and what is vowed."""
    assert words(syntax.complements(parse("said").said)) == ["left"]
    assert words(syntax.complements(parse("vowed").vowed)) == ["withdraw"]


def test_the_clause_of_a_word_is_its_verb_s(parse):
    """A noun deep in a phrase stands in the clause of the nearest verb above."""
    assert syntax.clause_head(parse("noun phrase").chad).text == "fled"
    assert syntax.clause_head(parse("said").troops).text == "left"


def test_a_subtree_holds_all_that_hangs_by_a_word(parse):
    """Start and end of the whole noun phrase, its prepositional phrase included."""
    p = parse("noun phrase")
    assert syntax.subtree_range(p.army) == (0, 5)
    assert syntax.phrase_range(p.chad) == (3, 5)


def test_a_range_is_trimmed_of_loose_marks(parse):
    """Full stops and commas at its ends are left out."""
    assert syntax.trim(parse("active").doc, 0, 4) == (0, 3)
    assert syntax.trim(parse("listed").doc, 1, 3) == (2, 3)


@pytest.mark.parametrize(
    ("words", "tags", "labels", "heads", "verb"),
    [
        # the participle of a noun has a subject: the noun is its object
        ("Qatar hosted talks", "NNP VBN NNS", "nsubj amod ROOT", [1, 2, 2], 1),
        # a noun has a subject and an object
        ("gunmen shot farmers", "NNS NN NNS", "nsubj ROOT obj", [1, 1, 1], 1),
    ],
)
def test_a_word_with_a_subject_and_an_object_is_a_verb(words, tags, labels, heads, verb):
    """Whatever the parser made of it."""
    doc = Doc(VOCAB, words.split(), tags=tags.split(), deps=labels.split(), heads=heads)
    found = PredicateGuard(None)(doc)
    assert [(t.dep_, t.head.i) for t in found] == [("nsubj", verb), ("ROOT", verb), ("obj", verb)]
    assert (found[verb].tag_, found[verb].pos_) == ("VBD", "VERB")


def test_a_predicate_that_is_a_noun_stays_one():
    """ "Mali is a state with problems": no object, and the signs of a noun."""
    labels = ["nsubj", "cop", "det", "ROOT"]
    doc = Doc(VOCAB, ["Mali", "is", "a", "state"], tags=["NNP", "VBZ", "DT", "NN"], deps=labels, heads=[3, 3, 3, 3])
    assert PredicateGuard(None)(doc)[3].tag_ == "NN"


def mended(words, tags, labels, heads):
    """A Doc behind the guard, as words with their labels and the words that they hang by."""
    doc = Doc(VOCAB, words.split(), tags=tags.split(), deps=labels.split(), heads=heads, lemmas=words.split())
    return {t.text: f"{t.dep_} {t.head.text}" for t in PredicateGuard(None)(doc)}


def test_the_noun_between_a_verb_of_speech_and_what_is_said_is_its_subject():
    """ "Police say troops hit Goma", where the troops were taken for an object of "say"."""
    found = mended("Police say troops hit Goma", "NNS VBP NNS VBD NNP", "nsubj ROOT obj ccomp obj", [1, 1, 1, 1, 3])
    assert (found["troops"], found["hit"]) == ("nsubj hit", "ccomp say")


def test_whom_somebody_tells_is_no_subject():
    """ "Police tell reporters hit …": the object is who is told."""
    words = "Police tell reporters hit Goma"
    found = mended(words, "NNS VBP NNS VBD NNP", "nsubj ROOT obj ccomp obj", [1, 1, 1, 1, 3])
    assert found["reporters"] == "obj tell"


def test_the_noun_behind_after_is_the_subject_of_a_verb_that_has_none():
    """ "Nine died after rockets hit Goma", where "after rockets" was taken for a phrase."""
    words, tags = "Nine died after rockets hit Goma", "CD VBD IN NNS VBD NNP"
    found = mended(words, tags, "nsubj ROOT case obl conj obj", [1, 1, 3, 1, 1, 4])
    assert (found["rockets"], found["hit"], found["after"]) == ("nsubj hit", "advcl died", "mark hit")


def test_a_gerund_behind_an_accusation_is_a_verb():
    """ "Chad accuse rebels of attacking posts", where "attacking" was taken for an adjective."""
    words, tags = "Chad accuse rebels of attack posts", "NNP VBP NNS IN VBG NNS"
    found = mended(words, tags, "nsubj ROOT obj case amod nmod", [1, 1, 1, 5, 5, 2])
    assert (found["attack"], found["posts"], found["of"]) == ("acl rebels", "obj attack", "mark attack")


def test_a_plural_deed_behind_a_preposition_is_a_noun():
    """ "Ten died in overnight clashes", where "clashes" was taken for a verb."""
    doc = Doc(
        VOCAB,
        ["Ten", "died", "in", "overnight", "clashes"],
        tags=["CD", "VBD", "IN", "NN", "VBZ"],
        deps=["nsubj", "ROOT", "case", "obl", "advcl"],
        heads=[1, 1, 3, 1, 1],
        lemmas=["ten", "die", "in", "overnight", "clash"],
    )
    found = PredicateGuard(None)(doc)
    assert [(t.tag_, t.dep_, t.head.text) for t in found[2:]] == [
        ("IN", "case", "clashes"),
        ("NN", "compound", "clashes"),
        ("NNS", "obl", "died"),
    ]


def test_a_sentence_without_a_verb_has_taken_it_for_a_participle():
    """ "Men armed with rifles attacked posts.", where the rifles were the ones attacked."""
    words, tags = "Men armed with rifles attacked posts .", "NNS VBN IN NNS VBN NNS ."
    found = mended(words, tags, "ROOT acl case obl acl obj punct", [0, 0, 3, 1, 3, 4, 0])
    assert (found["attacked"], found["Men"]) == ("ROOT attacked", "nsubj attacked")


def test_a_participle_that_is_its_sentence_s_only_verb_is_one():
    """ "Councils imposed sanctions", where the councils had imposed them as an attribute."""
    found = mended("Councils imposed sanctions", "NNS VBN NNS", "compound amod ROOT", [1, 2, 2])
    assert found == {"Councils": "nsubj imposed", "imposed": "ROOT imposed", "sanctions": "obj imposed"}
