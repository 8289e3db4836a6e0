"""The tables of spaCy's rule lemmatizer: WordNet's words, what the treebanks attest, and words of conflict.

A trained lemmatizer cuts unseen verbs wrongly ("shelled", *shelle*); rules that are checked against a list do not.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from spacy.lookups import Lookups, load_lookups

from kg.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.nlp.training.conllu import Treebank

_WORDS: Final[dict[str, Any]] = tomllib.loads(files(__package__).joinpath("lemmas.toml").read_text(encoding="utf-8"))
_CLOSED: Final = frozenset(("pron", "aux", "det", "adp", "part", "cconj", "sconj", "adv"))
_PARTS: Final = ("adj", "adp", "adv", "aux", "cconj", "det", "noun", "part", "pron", "propn", "punct", "sconj", "verb")
_OPEN: Final = frozenset(("verb", "noun", "adj", "adv"))
_UNRULED: Final = frozenset(("num", "x", "sym", "punct", "space", "intj"))
_AGREED: Final = 0.6
_AGREED_NAMES: Final = 0.8
"""Shares of a form's readings that must have the same lemma before it counts."""

Forms = dict[str, dict[str, list[str]]]


def tables(treebanks: Iterable[Treebank]) -> Lookups:
    """Rules, words and exceptions by part of speech.

    Raises:
        ModelError: spaCy's tables for English are not installed.
    """
    try:
        wordnet = load_lookups("en", ["lemma_rules", "lemma_index", "lemma_exc"])
    except ValueError as error:
        raise ModelError("spacy-lookups-data", "is not installed", "pip install 'conflict-kg[training]'") from error
    # spaCy's tables know their keys by hash alone, so that they are asked for by name.
    known, irregular, ruled = (wordnet.get_table(name) for name in ("lemma_index", "lemma_exc", "lemma_rules"))
    index = {upos: set(known[upos]) for upos in _PARTS if upos in known}
    exceptions: Forms = {upos: dict(irregular[upos]) for upos in _PARTS if upos in irregular}
    _attested(treebanks, index, exceptions)
    for upos, forms in _WORDS["exceptions"].items():
        exceptions.setdefault(upos, {}).update({form: [lemma] for form, lemma in forms.items()})
    for upos, words in _WORDS["words"].items():
        index.setdefault(upos, set()).update(words)
    rules = {upos: ruled[upos] for upos in _PARTS if upos in ruled} | _WORDS["rules"]
    lookups = Lookups()
    lookups.add_table("lemma_rules", rules)
    lookups.add_table("lemma_index", {upos: sorted(words) for upos, words in sorted(index.items())})
    lookups.add_table("lemma_exc", {upos: dict(sorted(forms.items())) for upos, forms in sorted(exceptions.items())})
    return lookups


def patterns() -> list[tuple[str, str, str]]:
    """Form, tag and lemma of the forms whose lemma their tag decides: "lay" as a past tense is of "lie"."""
    return [(form, tag, lemma) for tag, forms in _WORDS["tagged"].items() for form, lemma in forms.items()]


def _attested(treebanks: Iterable[Treebank], index: dict[str, set[str]], exceptions: Forms) -> None:
    """Add what the treebanks agree on."""
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for treebank in treebanks:
        for sentence in treebank.sentences:
            for word in sentence.words:
                seen[word.form.lower(), word.upos.lower()][word.lemma] += 1
    for (form, upos), lemmas in seen.items():
        lemma, count = lemmas.most_common(1)[0]
        share = count / lemmas.total()
        if upos == "propn":
            changed = lemma.lower() != form and form.startswith(lemma[:3].lower())
            if changed and count > 1 and share >= _AGREED_NAMES:
                exceptions.setdefault(upos, {})[form] = [lemma]
        elif upos not in _UNRULED:
            if count >= (1 if upos in _CLOSED else 2) and share >= _AGREED and (lemmas.total() > 1 or lemma != form):
                exceptions.setdefault(upos, {})[form] = [lemma]
            if upos in _OPEN and lemma.islower() and lemma.isalpha():
                index.setdefault(upos, set()).add(lemma)
