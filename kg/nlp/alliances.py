"""Alliances: who backs, arms, trains, funds or fights alongside whom, or is allied with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, SupportKind
from kg.nlp import lexicon, syntax
from kg.nlp.pairs import hyphenated, is_hypothetical, quote
from kg.nlp.parties import actors_at, doers, identified, performers, possessors, renamed, undertakers, unique
from kg.nlp.situations import Record, Voices
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

Found = tuple[int, int, str, Range]
_FORCES: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})


class AllianceFinder:
    """spaCy component: writes alliances to ``doc._.alliances``."""

    def __init__(self) -> None:
        words = lexicon.load("alliances")
        self._verbs = words.sections("verbs")
        self._participles = words.sections("participles")
        self._nominal = words["nominal"]
        self._nouns = words.sections("nouns")
        self._support = words["support.nouns"]
        self._support_prepositions = words["support.prepositions"]
        self._given_support = words["support.given"]
        self._having = words["support.having"]
        self._undertakings = words["undertakings.words"]
        self._giving = words["weapons.verbs"]
        self._receiving = words["weapons.receiving"]
        self._given = {
            SupportKind.ARMS: words["weapons.nouns"],
            SupportKind.FUNDS: words["money.nouns"],
            SupportKind.TRAINS: words["training.nouns"],
        }
        self._phrases = words.records("phrases")
        self._blocs = words["blocs.nouns"]
        self._joining = words["blocs.verbs"]
        self._comprising = words["blocs.comprising"]
        self._helping = words["help.verbs"]
        self._help = words["help.nouns"]
        self._relief = words["help.relief"]
        self._of_force = words["help.of_force"]
        self._loyal = words["loyal"]
        self._acts = lexicon.load("relations")["acts"]
        self._telling = self._giving.union(
            *(self._receiving, self._joining, self._support, self._given_support, self._helping, self._help),
            *(*self._verbs.values(), *self._nouns.values()),
            (phrase["verb"] for phrase in self._phrases),
        )
        self._forms = self._nominal.union(self._loyal, *self._participles.values())

    def __call__(self, doc: Doc) -> Doc:
        """Write the alliances in text order, each pair and kind once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[int, int, str, int]] = set()
        for token in doc:
            if token.lemma_.lower() not in self._telling and token.lower_ not in self._forms:
                continue
            compound = _compound(token, who)
            for supporter, supported, kind, words in self._at(token, compound, who):
                eventive = syntax.is_verb(token) and compound is None and token.lower_ not in self._nominal
                by = voices.at(token) if eventive else -1  # "its ally" is taken for granted by whoever writes it
                key = (supporter, supported, str(kind), by)
                if supporter == supported or key in seen or not voices.is_told(by, token):
                    continue
                if not self._is_party(supporter, who) or not self._is_party(supported, who):
                    continue
                seen.add(key)
                records.append(
                    {
                        "supporter": supporter,
                        "supported": supported,
                        "kind": str(kind),
                        "quote": words,
                        "asserted_by": by,
                        "eventive": eventive,
                    }
                )
        doc._.alliances = list(_unrepeated(records, who))
        return doc

    def _nominal_lemma(self, token: Token) -> str:
        lower = token.lower_
        return lower.removesuffix("s") if lower in self._nominal else str(token.lemma_.lower())

    def _is_party(self, cluster: int, who: Who) -> bool:
        """Whether an actor may take a side: an operation, "a student" or "local families" without a name are none."""
        if any(m.cluster == cluster and who.doc[m.start].lower_ in self._undertakings for m in who.mentions):
            return False
        return cluster >= 0 and (who.is_named(cluster) or who.type(cluster) not in {"", ActorType.PEOPLE})

    def _at(self, token: Token, compound: tuple[int, Token, Range] | None, who: Who) -> Iterator[Found]:
        lemma = token.lemma_.lower()
        if compound is not None:
            supporter, head, words = compound
            for kind, participles in self._participles.items():
                bloc = kind != SupportKind.COALITION_MEMBER or head.lemma_.lower() in self._blocs
                if token.lower_ in participles and bloc:
                    yield from ((supporter, c, kind, words) for c in renamed(head, who))
        elif token.lower_ in self._loyal:
            yield from self._loyalty(token, who)
        elif syntax.is_verb(token) and token.dep_ != "amod" and token.lower_ not in self._nominal:
            found = list(self._verb(token, lemma, who))
            if found and not syntax.is_negated(token) and not is_hypothetical(token):
                yield from found
        elif token.pos_ in {"NOUN", "PROPN"} or who.mention(token) is not None or token.lower_ in self._nominal:
            yield from self._noun(token, self._nominal_lemma(token), who)

    # Verbs

    def _verb(self, verb: Token, lemma: str, who: Who) -> Iterator[Found]:
        for kind, verbs in self._verbs.items():
            if lemma in verbs:
                yield from self._supporting(verb, kind, who)
        if lemma in self._giving:
            yield from self._gift(verb, who)
        if lemma in self._helping:
            yield from self._aid(verb, who)
        if lemma in self._receiving:
            yield from self._receipt(verb, who)
        if lemma in self._joining:
            yield from self._joined(verb, who)
        for phrase in self._phrases:
            if lemma == phrase["verb"]:
                yield from self._phrase(verb, phrase["noun"], phrase["preposition"], phrase["kind"], who)

    def _supporting(self, verb: Token, kind: str, who: Who) -> Iterator[Found]:
        """ "X backs Y", "Y backed by X"; with what is given, "X supports Y with arms and money", also that kind."""
        if syntax.is_passive(verb):
            subjects, objects = syntax.agents(verb), syntax.passive_subjects(verb)
        else:
            subject = syntax.subject(verb)
            subjects, objects = [subject] if subject is not None else [], _shared_objects(verb)
        objects = [o for o in objects if not o.lower_.endswith(("self", "selves"))]  # "helping themselves"
        means = [n for head in (verb, *objects) for p, n in syntax.obliques(head) if p in {"with", "through"}]
        kinds = dict.fromkeys([kind, *(k for k, _ in self._things(means))])
        for s in subjects:
            for o in objects:
                for a in doers(who, s):
                    yield from ((a, b, k, quote(verb, s, o)) for b in self._supported(o, who) for k in kinds)

    def _supported(self, token: Token, who: Who) -> list[int]:
        """Who is supported: an actor, or whose offensive, policy or operations they are."""
        found = actors_at(who, token)
        if found:
            return found
        nouns = [token, *(n for _, n in syntax.obliques(token))]
        act = any(n.lemma_.lower() in self._acts for n in nouns)
        return performers(who, token) if act else []

    def _things(self, given: list[Token]) -> Iterator[tuple[str, Token]]:
        """The kinds of support that what is given speaks for, each with its noun."""
        for kind, nouns in self._given.items():
            things = (t for x in given for t in syntax.conjuncts(x) if not _is_fire(t))
            thing = next((t for t in things if t.lemma_.lower() in nouns), None)
            if thing is not None:
                yield kind, thing

    def _gift(self, verb: Token, who: Who) -> Iterator[Found]:
        """ "provided it with drones", "sent weapons to the rebels", "gave them cash"."""
        giver = syntax.subject(verb)
        if giver is None or syntax.is_passive(verb):
            return
        objects = syntax.objects(verb)
        things = [n for head in (verb, *objects) for p, n in syntax.obliques(head) if p == "with"] + objects
        takers = [n for head in (verb, *objects) for p, n in syntax.obliques(head) if p == "to"]
        takers += [c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT] + objects
        for kind, thing in self._things(things):
            gifts = {t.i for t in syntax.conjuncts(syntax.first_conjunct(thing))}
            for taker in takers:
                if taker.i not in gifts:
                    pairs = ((a, b) for b in actors_at(who, taker) for a in doers(who, giver))
                    yield from ((a, b, kind, quote(verb, taker, thing)) for a, b in pairs)

    def _aid(self, verb: Token, who: Who) -> Iterator[Found]:
        """ "provides military aid to X", "gave X support", "provides X with air support"."""
        giver, objects = syntax.subject(verb), syntax.objects(verb)
        if giver is None or syntax.is_passive(verb):
            return
        phrases = [pair for head in (verb, *objects) for pair in syntax.obliques(head)]
        takers = [c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT]
        takers += [n for p, n in phrases if p in self._support_prepositions]
        takers += [o for o in objects if any(p == "with" and self._is_help(n) for p, n in phrases)]
        if any(self._is_help(n) for n in (*objects, *(n for p, n in phrases if p == "with"))):
            pairs = ((a, b, t) for t in takers for b in self._supported(t, who) for a in doers(who, giver))
            yield from ((a, b, SupportKind.BACKS, quote(verb, giver, t)) for a, b, t in pairs)

    def _is_help(self, noun: Token) -> bool:
        """Whether what is given helps one side against another: support, or aid that is no relief."""
        if noun.lemma_.lower() not in self._help:
            return False
        modifiers = {c.lower_ for c in noun.children if c.i < noun.i}
        plain = noun.lemma_.lower() in self._support and noun.lemma_.lower() not in self._relief
        return modifiers.isdisjoint(self._relief) and (plain or bool(modifiers & self._of_force))

    def _loyalty(self, loyal: Token, who: Who) -> Iterator[Found]:
        """ "fighters loyal to X"."""
        subject = loyal.head if loyal.dep_ in {"amod", "acl"} else syntax.subject(loyal)
        for preposition, inner in syntax.obliques(loyal):
            if preposition == "to" and subject is not None and syntax.is_nominal(subject):
                pairs = ((a, b) for a in actors_at(who, subject) for b in actors_at(who, inner))
                yield from ((a, b, SupportKind.BACKS, quote(loyal, subject, inner)) for a, b in pairs)

    def _receipt(self, verb: Token, who: Who) -> Iterator[Found]:
        """ "received weapons from X", "bought drones from X"."""
        taker, objects = syntax.subject(verb), syntax.objects(verb)
        givers = [n for head in (verb, *objects) for p, n in syntax.obliques(head) if p == "from"]
        if taker is None or syntax.is_passive(verb):
            return
        for kind, thing in self._things(objects):
            pairs = ((a, b) for n in givers for a in actors_at(who, n) for b in actors_at(who, taker))
            yield from ((a, b, kind, quote(verb, taker, thing, *givers)) for a, b in pairs)

    def _joined(self, verb: Token, who: Who) -> Iterator[Found]:
        """ "X has joined an axis that comprises Y and Z", "X formed an alliance with Y"."""
        subject = syntax.subject(verb)
        if subject is None or syntax.is_passive(verb):
            return
        allies = actors_at(who, subject)
        for bloc in syntax.objects(verb):
            if bloc.lemma_.lower() not in self._blocs:
                continue
            for b in self._members(bloc, who):
                yield from ((a, b, SupportKind.ALLIED, quote(verb, subject, bloc)) for a in allies)

    def _members(self, bloc: Token, who: Who) -> list[int]:
        found = [
            c for p, n in syntax.obliques(bloc) if p in {"with", "of", "between", "among"} for c in actors_at(who, n)
        ]
        for clause in bloc.children:
            if clause.lemma_.lower() in self._comprising:
                found += [c for o in syntax.objects(clause) for c in actors_at(who, o)]
                found += [c for _, n in syntax.obliques(clause) for c in actors_at(who, n)]
        return unique(found)

    def _phrase(self, verb: Token, noun: str, preposition: str, kind: str, who: Who) -> Iterator[Found]:
        subject = syntax.subject(verb)
        things = [*syntax.objects(verb), *(n for _, n in syntax.obliques(verb))]
        if subject is None or (noun and not any(t.lemma_.lower() == noun for t in things)):
            return
        for p, inner in [pair for head in (verb, *things) for pair in syntax.obliques(head)]:
            if p == preposition:
                for b in self._supported(inner, who):
                    yield from ((a, b, kind, quote(verb, subject, inner)) for a in doers(who, subject))

    # Nouns

    def _noun(self, noun: Token, lemma: str, who: Who) -> Iterator[Found]:
        for kind, nouns in self._nouns.items():
            if lemma in nouns:
                yield from self._ally(noun, kind, who)
        if lemma in self._support and noun.pos_ == "NOUN":
            yield from self._backing(noun, who)
        if lemma in self._given_support and noun.pos_ == "NOUN":
            yield from self._backed(noun, who)

    def _ally(self, noun: Token, kind: str, who: Who) -> Iterator[Found]:
        """ "rebel backer X", "its ally, X", "X is an ally of Y and Z"."""
        owners = unique(possessors(noun, who))
        others = (who.at(noun), *identified(noun, who))
        named = [c for c in others if c >= 0 and c not in owners and (who.is_named(c) or who.type(c) in _FORCES)]
        # "X is an ally of Y", "X, an ally of Y": the noun is said of X; in "Y's ally X" Y is at least as active.
        said_of = any(c.lower_ in {"a", "an"} for c in noun.children)
        predicate = said_of or any(c.dep_ == "cop" for c in noun.children)
        words = quote(noun, noun.doc[noun.left_edge.i])
        if (m := who.mention(noun)) is not None:
            words = min(words[0], m.start), max(words[1], m.end)
        for owner in owners if predicate else owners[:1]:
            for other in unique(named):
                mutual = kind == SupportKind.ALLIED and not predicate
                yield (owner, other, kind, words) if mutual else (other, owner, kind, words)

    def _backing(self, noun: Token, who: Who) -> Iterator[Found]:
        """ "its support for X", "acting in support of X"."""
        if any(c.dep_ == "case" and c.lower_ == "in" for c in noun.children) or syntax.preposition(noun) == "in":
            # "forces in support of Y" are the ones who support, else whoever acts.
            beside = who.at(noun.head) >= 0 and syntax.is_nominal(noun.head)
            subject = noun.head if beside else syntax.subject(syntax.clause_head(noun))
            owners, prepositions = undertakers(who, subject) if subject is not None else [], frozenset({"of"})
        else:
            owners, prepositions = unique(possessors(noun, who))[:1], self._support_prepositions
        for preposition, inner in syntax.obliques(noun):
            if preposition in prepositions:
                holders = [c for p, n in syntax.obliques(inner) if p == "of" for c in actors_at(who, n)]
                targets = self._supported(inner, who) or holders
                pairs = ((a, b) for a in owners for b in targets)
                yield from ((a, b, SupportKind.BACKS, (noun.left_edge.i, inner.right_edge.i + 1)) for a, b in pairs)

    def _backed(self, noun: Token, who: Who) -> Iterator[Found]:
        """ "aided by support from X", "with the help of X", "has the backing of X"."""
        verb = next((g for g in syntax.governors(noun) if syntax.is_verb(g)), None)
        if verb is None or syntax.is_negated(verb) or is_hypothetical(verb):
            return
        if noun in syntax.agents(verb):
            prepositions, supported = {"from"}, _helped(verb, who)
        elif syntax.preposition(noun) == "with" or (noun in syntax.objects(verb) and verb.lemma_ in self._having):
            subject = syntax.subject(verb)
            prepositions, supported = {"from", "of"}, syntax.agents(verb) or ([subject] if subject is not None else [])
        else:
            return
        phrases = [*syntax.obliques(noun), *(pair for pair in syntax.obliques(verb) if pair[1].i > noun.i)]
        givers = [n for p, n in phrases if p in prepositions and (p == "from" or n.head == noun)]
        backers = unique(c for n in givers for c in doers(who, n)) or unique(_modifying(noun, who))
        pairs = ((a, b) for a in backers for s in supported for b in actors_at(who, s))
        yield from ((a, b, SupportKind.BACKS, quote(noun, *givers)) for a, b in pairs)


def _shared_objects(verb: Token) -> list[Token]:
    """Whom a verb is done to, also in "trained and equipped X", where the parse gives X to one verb alone."""
    own = syntax.objects(verb)
    if own or syntax.passive_subjects(verb)[:1] == [verb.head]:
        return own
    joined = [verb.head] if verb.dep_ == "conj" else [c for c in verb.children if c.dep_ == "conj"]
    return [o for v in joined if abs(v.i - verb.i) == 2 and v.tag_ == verb.tag_ for o in syntax.objects(v)]


def _modifying(noun: Token, who: Who) -> Iterator[int]:
    """Whose something is by an adjective: "with Iranian backing"."""
    yield from (who.at(c) for c in noun.children if c.dep_ in {"amod", "compound"} and c.i < noun.i)


def _helped(verb: Token, who: Who) -> list[Token]:
    """Who is "aided by support": the noun that a participle modifies or, where that is nobody, whoever acts."""
    helped = syntax.passive_subjects(verb)
    if verb.dep_ in syntax.PARTICIPIAL and not any(actors_at(who, t) for t in helped):
        acting = syntax.subject(syntax.clause_head(verb.head))
        return [acting] if acting is not None else []
    return helped


def _is_fire(weapon: Token) -> bool:
    """Whether a weapon is only named for its fire: "machine gun and mortar fire"."""
    doc, i = weapon.doc, weapon.i + 1
    while i < weapon.sent.end and doc[i].tag_ in {"NN", "JJ", "CC", "VBN", "HYPH"}:
        if doc[i].lower_ == "fire":
            return True
        i += 1
    return False


def _unrepeated(records: list[Record], who: Who) -> Iterator[Record]:
    """The records without those of "X-backed rebels" that only repeat that X backs a group which the article names."""
    kin = [(r["supporter"], r["kind"], who.type(r["supported"])) for r in records]
    named = {k for k, r in zip(kin, records, strict=True) if who.is_named(r["supported"])}
    for k, r in zip(kin, records, strict=True):
        if r["eventive"] or who.is_named(r["supported"]) or k not in named:
            yield r


def _compound(token: Token, who: Who) -> tuple[int, Token, Range] | None:
    """The parts of "X-backed Y" where the token is its participle."""
    return hyphenated(token, who) if token.tag_ in {"VBN", "JJ", "VBD"} else None


@Language.factory("alliances", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.alliances"])
def make_alliance_finder(nlp: Language, name: str) -> AllianceFinder:
    """Component factory."""
    return AllianceFinder()
