"""spaCy component: one class for each name of an article.

The entity recogniser sees a few words to each side and gives each mention a class of its own. Here all mentions of a
name are looked at together; the recogniser's classes are votes, and the best class goes to every mention. A name found
elsewhere in the article, or the surname of a person in it, is marked where the recogniser missed it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Span

from kg.nlp.name_classes.features import grouped, read
from kg.nlp.name_classes.gazetteer import Kinds
from kg.nlp.name_classes.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from kg.nlp.name_classes.features import Floats, Name, Names, Range

    Found = tuple[int, int, str]

FACTORY: Final = "name_classes"
FIXED: Final = frozenset({"DATE", "MONEY"})
"""Classes that a mention's own form settles: nothing becomes one of them here, and nothing ceases to be one."""
VOTES: Final = 2.0
"""Weight of the recogniser's votes, in nats for all of them: where F1 is best on articles that it had not read."""
_SPREAD: Final = frozenset({"PERSON", "ORG", "LOC"})
"""Classes whose names are marked where they were missed."""
_KEPT: Final = 20_000
"""Words whose vectors are remembered: 8 MB of 96 columns."""
_FILE: Final = "network.npz"


class NameClasses:
    """Gives each name of a Doc one class; a component without a network leaves Docs as they are."""

    def __init__(self, vocab: Vocab, network: Network | None = None) -> None:
        self._vocab, self.network = vocab, network
        self._kinds = Kinds()
        self._known: dict[str, Floats] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities anew."""
        if self.network is not None and doc.ents:
            words = [token.text for token in doc]
            found = self._classed(words, [(span.start, span.end, span.label_) for span in doc.ents])
            found = sorted([*found, *missed(words, found)])
            doc.set_ents([Span(doc, *one) for one in found], default="outside")
        return doc

    def names(self, words: Sequence[str], spans: Sequence[Range]) -> tuple[dict[Name, list[int]], Names]:
        """The names at some spans: the numbers of their mentions, and their features."""
        groups = grouped(words, spans)
        return groups, read(words, spans, groups, self._vectors, self._kinds)

    def _classed(self, words: Sequence[str], found: Sequence[Found]) -> list[Found]:
        network = self.network
        if network is None:
            return list(found)
        groups, names = self.names(words, [(begin, end) for begin, end, _ in found])
        classes = [label for *_, label in found]
        for scores, own in zip(network(names), groups.values(), strict=True):
            best = elected(scores, network.labels, [classes[i] for i in own])
            for i in own:
                if classes[i] not in FIXED:
                    classes[i] = best
        return [(begin, end, label) for (begin, end, _), label in zip(found, classes, strict=True)]

    def _vectors(self, words: Sequence[str]) -> Floats:
        new = [word for word in words if word not in self._known]
        if len(self._known) + len(new) > _KEPT:
            self._known, new = {}, list(words)
        if new:
            self._known.update(zip(new, self._looked_up(new), strict=True))
        return np.array([self._known[word] for word in words])

    def _looked_up(self, words: Sequence[str]) -> Floats:
        vectors: Any = self._vocab.vectors
        if vectors.mode == "floret":  # found from the parts of a word; no entry of the vocabulary is made
            return np.asarray(vectors.get_batch(list(words)), dtype=np.float32)
        return np.array([self._vocab[word].vector for word in words], dtype=np.float32)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the network into the component's folder of a saved pipeline."""
        path.mkdir(parents=True, exist_ok=True)
        if self.network is not None:
            self.network.save(path / _FILE)

    def from_disk(self, path: Path, **_: Any) -> NameClasses:
        """Read the network from the component's folder, if there is one."""
        if (path / _FILE).exists():
            self.network = Network.load(path / _FILE)
        return self


def elected(scores: Floats, labels: Sequence[str], votes: Sequence[str]) -> str:
    """The best class for a name: the network's `scores`, and the recogniser's classes of its mentions."""
    counts = Counter(votes)
    totals = {
        label: float(score) + VOTES * counts[label] / len(votes)
        for label, score in zip(labels, scores, strict=True)
        if label not in FIXED
    }
    return max(totals, key=lambda label: (totals[label], label))


def missed(words: Sequence[str], found: Sequence[Found]) -> Iterator[Found]:
    """Names found at least twice, and surnames of persons, where nothing was found."""
    names, surnames, taken = defaultdict[tuple[str, ...], Counter[str]](Counter), set[str](), set[int]()
    for begin, end, label in found:
        taken.update(range(begin, end))
        if label in _SPREAD and words[begin][:1].isupper():
            names[tuple(words[begin:end])][label] += 1
        if label == "PERSON" and end - begin > 1:
            surnames.add(words[end - 1])
    starts = defaultdict[str, list[tuple[str, ...]]](list)
    for name in sorted(names, key=len, reverse=True):
        if names[name].total() > 1:
            starts[name[0]].append(name)
    for place, word in enumerate(words):
        for name in starts.get(word, ()):
            covered = range(place, place + len(name))
            if tuple(words[place : place + len(name)]) == name and taken.isdisjoint(covered):
                taken.update(covered)
                yield place, place + len(name), names[name].most_common(1)[0][0]
                break
        if word in surnames and place not in taken and word[:1].isupper() and len(word) > 2:
            taken.add(place)
            yield place, place + 1, "PERSON"


@Language.factory(FACTORY, requires=["doc.ents"], assigns=["doc.ents"])
def make_name_classes(nlp: Language, name: str) -> NameClasses:
    """Component factory; the network comes with the saved pipeline."""
    return NameClasses(nlp.vocab)
