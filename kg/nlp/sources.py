"""Sources of attribution: whose words a cue introduces.

The subject (or the agent of a passive), unless an actor stands so close to the cue that the parse must be wrong: right
before it with nothing else to govern it, or right after a cue that closes its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, PRONOUN

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.mentions import Mention
    from kg.nlp.scene import Attribution, Range, Scene

_PREMODIFIERS: Final = frozenset({"DT", "JJ", "HYPH", "VBN", "RB", "NN", "NNP"})
_INSIDE_PHRASE: Final = frozenset({"DT", "JJ", "HYPH", "VBN", "PRP$", "CD"})
_NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS", "''"})
_POSSESSIVE: Final = frozenset({"nmod:poss", "compound", "amod"})
_REACH: Final = 6
"""How many tokens of a noun phrase may stand between an inverted cue and the head of its source."""
_COUNTING: Final = frozenset({"CD", "JJ"})
_FAR: Final = 12


class SourceFinder:
    """Fills the source of an attribution."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._documents = words["phrases.documents"]
        self._voices = words["phrases.voices"]
        self._addressing = words["verbs.addressing"]
        self._speech = words["verbs.speech"]
        self._agentless = words["verbs.agentless"]
        self._openers = words["context.subordinators"] | {"that", "because", "whether", "if"}

    def attach(self, scene: Scene, a: Attribution) -> bool:
        """Find the source; False where the verb has none that can speak, and is therefore no cue."""
        verb = scene.doc[a.verb]
        if a.passive:
            agent = next(iter(syntax.agents(verb)), None)
            if agent is None:
                return a.lemma in self._agentless and bool(syntax.passive_subjects(verb))
            return self.names(scene, a, agent)
        token = self._inverted(scene, a) or self._free_before(scene, a) or syntax.subject(verb)
        if token is None or not scene.can_speak(token) or token.i > verb.i + _FAR:
            token = self._beside(scene, a)
        if token is None:
            return self._shared(scene, a, verb) or self._anybody(scene, a, verb)
        return self.names(scene, a, token)

    def _shared(self, scene: Scene, a: Attribution, verb: Token) -> bool:
        """A coordinated cue without a subject of its own goes on with the source before it."""
        before = scene.last(before=a.cue[0])
        if verb.dep_ != "conj" or before is None or before.cue[0] < verb.sent.start:
            return False
        a.source, a.source_cluster = before.source, before.source_cluster
        return True

    def _anybody(self, scene: Scene, a: Attribution, verb: Token) -> bool:
        """Whoever is the subject of a plain verb of speech speaks, even where nothing tells what he is."""
        subject = next(iter(syntax.own_subjects(verb)), None)
        if subject is None or subject.pos_ not in {"NOUN", "PROPN"}:
            return False
        if a.lemma not in self._speech and not (subject.pos_ == "PROPN" and "accuse" in a.classes):
            return False
        if subject.ent_type_ == "DATE" or scene.mention(subject.i) is not None:
            return False
        a.source = _widened(subject)
        return True

    def names(self, scene: Scene, a: Attribution, token: Token) -> bool:
        """Take whoever a token stands for as the source; False where that is nobody who can speak."""
        mention = scene.mention(token.i)
        if mention is None:
            return self._document(scene, a, token)
        pronoun = mention.kind == PRONOUN
        if pronoun and (
            set(a.classes) == {"evidence"} or (mention.type == "speaker" and scene.quotes.at(a.verb) is None)
        ):
            return False
        a.source, a.source_cluster = (_counted_start(scene, mention), mention.end), mention.cluster
        if pronoun and mention.type == "person" and self._closes_sentence(scene, a):
            # "…, he said" goes on with who spoke last, whoever was spoken of in between.
            last = scene.last(before=a.cue[0], top=True)
            if last is not None and scene.is_person(last.source_cluster):
                a.source_cluster = last.source_cluster
        return not pronoun or a.source_cluster >= 0 or mention.type in {"person", "speaker"}

    def _document(self, scene: Scene, a: Attribution, token: Token) -> bool:
        """A document speaks for whose it is ("Moscow's information") or, as "the statement", for who spoke before."""
        document = token.lemma_.lower()
        if document not in self._documents:
            return False
        a.source = _widened(token)
        owners = [
            m
            for c in token.children
            if c.i < token.i and c.dep_ in _POSSESSIVE and (m := scene.mention(c.i)) is not None
        ]
        a.source_cluster = next((m.cluster for m in owners if m.cluster >= 0), -1)
        definite = token.i > 0 and token.nbor(-1).lower_ in {"the", "its", "his", "her", "their"}
        author = scene.last(before=a.cue[0])
        if document in self._voices and definite and author is not None:
            a.source_cluster = author.source_cluster
        return True

    def _closes_clause(self, scene: Scene, a: Attribution) -> bool:
        """Whether nothing but a day stands between the cue and the next comma: "…, officers said on Sunday, …"."""
        doc, i, end = scene.doc, a.cue[1], scene.doc[a.verb].sent.end
        while i < end and (doc[i].ent_type_ == "DATE" or doc[i].lower_ == "on"):
            i += 1
        return i >= end or doc[i].text in {",", "."}

    def _closes_sentence(self, scene: Scene, a: Attribution) -> bool:
        end = max(a.cue[1], a.source[1] if a.source is not None else 0)
        rest = scene.doc[end : scene.doc[a.verb].sent.end]
        return all(t.is_punct or t.is_space or t.ent_type_ == "DATE" for t in rest)

    # Actors beside the cue

    def _after(self, scene: Scene, a: Attribution) -> Mention | None:
        """The mention that the noun phrase right behind the cue ends in: "said the so-called monitor"."""
        doc, i, end = scene.doc, a.cue[1], scene.doc[a.verb].sent.end
        while i < min(end, a.cue[1] + _REACH):
            mention = scene.mention(i)
            if mention is None:
                if doc[i].tag_ not in _PREMODIFIERS:
                    return None
                i += 1
                continue
            follower = scene.mention(mention.end) if mention.end < end else None
            if mention.end < end and doc[mention.end].text == "-":
                i = mention.end + 1
            elif follower is not None and follower is not mention:
                i = mention.end
            else:
                return mention if mention.kind != ADJECTIVE else None
        return None

    def _inverted(self, scene: Scene, a: Attribution) -> Token | None:
        """The actor right after a cue that closes its sentence: "… were killed, says a monitoring group"."""
        doc, verb = scene.doc, scene.doc[a.verb]
        addressing = a.lemma in self._addressing
        if addressing or "report" not in a.classes or any(c.i > verb.i for c in syntax.complements(verb)):
            return None
        mention = self._after(scene, a)
        if (
            mention is None
            or not scene.can_speak(doc[mention.head])
            or not any(map(syntax.is_verb, doc[verb.sent.start : verb.i]))
        ):
            return None
        if mention.end >= verb.sent.end:
            return doc[mention.head]
        stop = doc[mention.end]
        closed = (
            stop.text in {".", ",", ":"}
            or stop.tag_ in {"WDT", "WP"}
            or stop.lower_ == "that"
            or stop.ent_type_ == "DATE"
        )
        return doc[mention.head] if closed else None

    def _free_before(self, scene: Scene, a: Attribution) -> Token | None:
        """The actor right before the cue where nothing else governs it: "… the end of the feast an official said"."""
        doc, floor = scene.doc, scene.doc[a.verb].sent.start
        mention = scene.mention(a.cue[0] - 1)
        if (
            mention is None
            or mention.end != a.cue[0]
            or mention.kind == ADJECTIVE
            or not scene.can_speak(doc[mention.head])
        ):
            return None
        start = mention.wide_start
        while start > floor and doc[start - 1].tag_ in _INSIDE_PHRASE and doc[start - 1].ent_type_ != "DATE":
            start -= 1
        if start > floor:
            before = doc[start - 1]
            opens = before.lower_ in self._openers
            if before.text == "," and self._closes_clause(scene, a):
                return doc[mention.head]
            if not opens and before.tag_ not in _NOUNS and before.ent_type_ != "DATE" and before.text not in {"”", '"'}:
                return None
        return doc[mention.head]

    def _beside(self, scene: Scene, a: Attribution) -> Token | None:
        """The nearest actor before or after the cue, where no subject can speak: the parse may have lost it."""
        doc, verb = scene.doc, scene.doc[a.verb]
        i = a.cue[0] - 1
        while i > verb.sent.start and (doc[i].pos_ == "ADV" or doc[i].text in {",", "(", ")", '"', "”"}):
            i -= 1
        if i >= 0 and scene.mention(i) is not None and scene.can_speak(doc[i]):
            return doc[i]
        after = self._after(scene, a)
        if (
            after is not None
            and scene.can_speak(doc[after.head])
            and not ("accuse" in a.classes and doc[after.head] in syntax.objects(verb))
            and not any(c.i > verb.i for c in syntax.complements(verb))
        ):
            return doc[after.head]
        subject = syntax.subject(verb)
        return subject if subject is not None and scene.can_speak(subject) else None


def _counted_start(scene: Scene, mention: Mention) -> int:
    """Where the words begin that count a source: "[two] officials", "[several] security sources"."""
    doc, start = scene.doc, mention.wide_start
    while start > 0 and doc[start - 1].tag_ in _COUNTING and doc[start - 1].head.i == mention.head:
        start -= 1
    return start


def _widened(token: Token) -> Range:
    """The noun phrase around a document, not more than a line of it."""
    start, end = syntax.phrase_range(token)
    return max(start, token.i - _REACH), min(end, token.i + _REACH + 2)
