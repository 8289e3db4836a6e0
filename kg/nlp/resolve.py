"""Who is who within one article: short forms and acronyms to names, descriptions and pronouns to whom they stand for.

Writes the cluster of every mention, and one dictionary per cluster to ``doc._.clusters``. In doubt a description stays
an actor of its own, and a pronoun stays unresolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, PRONOUN, ROLE, Mention, read, register, write
from kg.nlp.names import PLACE
from kg.nlp.referents import Cluster, Referents, fold

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_GROUPS: Final = frozenset({ActorType.ARMED_GROUP, ActorType.ORGANIZATION, ActorType.INTERNATIONAL_ORGANIZATION})
_COLLECTIVE: Final = _GROUPS | {ActorType.STATE, ActorType.GOVERNMENT_BODY, ActorType.TERRITORY}
_PLURAL: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY, ActorType.PEOPLE, ActorType.STATE})
_PARTIES: Final = frozenset({ActorType.STATE, ActorType.ARMED_GROUP, ActorType.TERRITORY})
_BODIES: Final = frozenset({ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP})
_ANOTHER: Final = frozenset({"another", "other", "second", "third"})
_PLACE_DEPS: Final = frozenset({"appos", "compound", "ROOT", "dep", "nmod:unmarked", "flat", "list"})
_ACTING_DEPS: Final = syntax.SUBJECT | syntax.OBJECT | {"nmod:poss", "obl:agent"}


class Resolver:
    """spaCy component: gives every mention its cluster."""

    def __init__(self) -> None:
        words = lexicon.load("mentions")
        self._monitor = words["monitor"]
        self._group = words["group"]
        self._armed = words["armed"]
        self._international = words["international"]
        self._allies = words["allies"]
        self._bands = words["bands"]
        self._armies = words["armies"]
        self._members = (self._armed | words["members"]) - self._bands
        self._unknown = words["unknown"]
        self._sides = words["sides"]
        self._speakers = words["speakers"]
        self._troops = words["troops"]
        self._collective = (
            self._armed | words["troops"] | self._group | words["organization"] | self._monitor | self._international
        )
        self._place_prepositions = words["descriptions.place_prepositions"]

    def __call__(self, doc: Doc) -> Doc:
        """Write clusters: names first, in the whole article, then descriptions and pronouns as the text has them."""
        mentions = read(doc)
        referents = Referents(doc, mentions)
        names = [m for m in mentions if m.kind in {NAME, ADJECTIVE, METONYM} and not self._is_place(doc, m)]
        for m in sorted(names, key=lambda m: (m.start - m.end, m.start)):
            referents.join(m, referents.known_as(m))
        for m in mentions:
            if m.kind == ROLE:
                kin = self._kin(referents, m)
                referents.join(m, self._described(referents, m) or (referents.by_owner.get(kin) if kin else None))
                if _may_fight(m, referents.clusters[m.cluster]):  # "Ansar X fighters": an armed group by what it has
                    referents.clusters[m.cluster].type = ActorType.ARMED_GROUP
                if kin is not None:
                    referents.by_owner.setdefault(kin, referents.clusters[m.cluster])
                    referents.belongs.setdefault(m.cluster, kin[0])
            elif m.kind == PRONOUN and m.type != "speaker":
                cluster = self._pronoun(referents, m)
                if cluster is not None:
                    referents.join(m, cluster)
            referents.advance(m)
        write(doc, mentions)
        doc._.clusters = [
            {"key": c.key, "type": c.type, "entry": c.entry, "plural": c.plural} for c in referents.clusters
        ]
        return doc

    def _is_place(self, doc: Doc, m: Mention) -> bool:
        """Whether a name stands for a place only: a capital is its government where it acts."""
        if m.type == PLACE or not m.type:
            return True
        if m.kind != METONYM:
            return False
        token = doc[m.head]
        placed = syntax.preposition(token) in self._place_prepositions or token.dep_ in _PLACE_DEPS
        return token.dep_ not in _ACTING_DEPS and placed

    # Descriptions

    def _described(self, referents: Referents, m: Mention) -> Cluster | None:
        """Whom a role stands for: its group, the name beside it, or who was called so before; None for somebody new."""
        owner = referents.owner(m)
        if m.role in self._sides:
            return owner
        if (
            owner is not None
            and owner.type in _GROUPS
            and m.office_of < m.head
            and {m.role, m.role.split()[-1]} & self._collective
            and m.type != ActorType.PERSON
        ):
            return owner
        if owner is not None and owner.type == ActorType.ARMED_GROUP and m.plural and m.role in self._members:
            return owner
        apposed = self._apposed(referents, m)
        if apposed is not None:
            return apposed
        if m.plural and m.role in self._armed and referents.doc[m.start].tag_ == "PRP$":
            possessor = referents.at(m.start)  # "the group said its fighters had …"
            if possessor is not None and possessor.type == ActorType.ARMED_GROUP:
                return possessor
        if m.role in self._allies:
            return self._ally(referents, m)
        form = fold(m.text(referents.doc))
        if m.plural and m.office_of < 0 and m.role.split()[-1] in self._troops and " " in form:
            called = [
                c for c in referents.by_role.get(m.role, ()) if 0 <= c.last < m.start and c.key in referents.belongs
            ]
            own = [c for c in called if any(f.endswith(f" {form}") for f in c.forms)]
            if len(own) == len(called) == 1:
                return own[0]  # "Libyan security forces … Security forces"
        if m.definite or m.plural or m.office_of >= 0:
            for c in referents.by_form.get(form, ()):
                if self._may_stand_for(m, c) and 0 <= c.last < m.start:
                    return c
        if not m.definite and m.role in self._speakers and not self._is_another(referents.doc, m):
            same = (c for c in referents.by_form.get(form, ()) if self._may_stand_for(m, c) and 0 <= c.last < m.start)
            return next(same, None)
        fighters = m.plural and m.role in self._armed - self._bands - self._unknown
        if (fighters or m.role in self._international) and form == fold(referents.doc[m.head].text):
            return self._called_before(referents, m, {form})
        if m.role in self._armies and m.definite and m.office_of < 0:
            armies = {key: c for key, c in referents.by_owner.items() if key[1:] == ("army", frozenset())}
            if len(armies) == 1:  # "the Malian army … the military"
                return next(iter(armies.values()))
        if not m.definite or (m.office_of >= 0 and m.type != ActorType.PERSON):
            return None
        return self._called_before(referents, m, set(form.split()))

    def _kin(self, referents: Referents, m: Mention) -> tuple[int, str, frozenset[str]] | None:
        """What "its army" and "the Malian army" share: whose it is, the role, and what else qualifies it; or None."""
        doc = referents.doc
        possessed = doc[m.start].tag_ == "PRP$"
        owner = referents.at(m.start) if possessed else referents.owner(m)
        if owner is None or owner.type in {ActorType.PERSON, ActorType.PEOPLE} or m.type not in _BODIES:
            return None
        seen = {owner.key}
        while possessed and (above := referents.belongs.get(owner.key, owner.key)) not in seen:
            seen.add(above)
            owner = referents.clusters[above]
        begin = m.start + 1 if possessed else m.office_of + 1 if m.office_of < m.head else m.start
        rest = frozenset(fold(t.text) for t in doc[begin : m.head] if t.is_alpha) - set(m.role.split())
        return owner.key, "troops" if m.role in self._troops else self._army(m.role), rest

    def _army(self, role: str) -> str:
        """One word for what is one body of a state: its army, its military, its armed forces."""
        return "army" if role in self._armies else role

    def _is_another(self, doc: Doc, m: Mention) -> bool:
        return any(t.lower_ in _ANOTHER for t in doc[max(0, m.start - 2) : m.head])

    def _called_before(self, referents: Referents, m: Mention, words: set[str]) -> Cluster | None:
        """ "the president", "the monitor", "the group": the latest referent of this role, or one that may have it."""
        head = referents.doc[m.head]
        own = {m.role, head.lower_, head.lemma_.lower(), *(m.role.split() if m.type == ActorType.ARMED_GROUP else ())}
        candidates = {c.key: c for role in own for c in referents.by_role.get(role, ())}
        same = sorted(
            (c for c in candidates.values() if 0 <= c.last < m.start and self._may_stand_for(m, c)),
            key=lambda c: -c.last,
        )
        if m.office_of >= 0:
            return next((c for c in same if words & c.roles), None)
        qualified = words - own
        for c in same:
            if not qualified or qualified & (c.roles | {w for f in c.forms for w in f.split()}):
                return c
        one = self._monitor | self._group | self._international
        loose = (bool({m.role, m.role.split()[-1]} & one) and not m.plural) or (
            m.role in self._armed and m.plural and not qualified
        )
        if not loose:
            return None
        near = [c for c in referents.nearby(m.start) if self._may_stand_for(m, c) and not c.roles <= self._bands]
        if not m.definite and m.role in self._armed:  # bare "militants" are a group that is named, if only one is
            near = [c for c in near if any(x.kind == NAME for x in c.mentions)]
            return near[0] if len(near) == 1 else None
        if m.role in self._international:  # "the alliance": a coalition, sooner than the UN
            near.sort(key=lambda c: not c.roles & self._international)
        return next(iter(near), None)

    def _ally(self, referents: Referents, m: Mention) -> Cluster | None:
        """ "its longtime ally": the one other state or group that the sentence named before it."""
        doc = referents.doc
        if m.plural or not any(t.tag_ == "PRP$" for t in doc[max(0, m.start - 1) : m.head]):
            return None
        sent, subject = doc[m.head].sent, syntax.subject(syntax.clause_head(doc[m.head]))
        named = {
            x.cluster
            for x in referents.recent
            if x.kind == NAME
            and sent.start <= x.start < m.start
            and not (subject is not None and x.start <= subject.i < x.end)
        }
        parties = [key for key in named if key >= 0 and referents.clusters[key].type in _PARTIES]
        return referents.clusters[parties[0]] if len(parties) == 1 else None

    def _apposed(self, referents: Referents, m: Mention) -> Cluster | None:
        """ "the spokesperson for the ministry, Jane Roe"; "State news agency SANA"; "Jane Roe, head of the agency"."""
        doc = referents.doc
        end = self._past_place(referents, m)
        following = end + (end < len(doc) and doc[end].text in {",", "("})
        x = referents.name_starting(following)
        if x is not None and x.cluster >= 0 and self._may_be(m, referents.clusters[x.cluster]):
            tied = doc[x.head].head.i == m.head or doc[m.head].head.i == x.head
            closed = x.end < len(doc) and doc[x.end].text in {",", ")"}
            if following == end or tied or closed:
                return referents.clusters[x.cluster]
        lead = syntax.first_conjunct(doc[m.head])
        if lead.i < m.start and not m.plural and doc[m.start - 1].lower_ == "and":
            # One article, one person: "a teacher and former union leader".
            c = referents.at(lead.i)
            return c if c is not None and m.type == ActorType.PERSON and self._may_stand_for(m, c) else None
        gap = m.start
        while (
            gap > 0 and m.start - gap < 2 and (doc[gap - 1].text in {"the", "a", "an"} or doc[gap - 1].tag_ == "PRP$")
        ):
            gap -= 1
        comma = gap > 0 and doc[gap - 1].text == ","
        # In a text without commas, "Jane Roe a spokeswoman for the army said".
        bare = referents.is_bare and not comma
        x = referents.name_ending(gap - 1 if comma else gap if bare else m.start)
        if x is None or x.cluster < 0 or doc[x.head].sent.start != doc[m.head].sent.start:
            return None
        if bare and gap < m.start and (doc[x.head].dep_ == "nmod" or syntax.preposition(doc[x.head])):
            return None  # "the end of Ramadan an official said"
        speaks = comma and m.end < len(doc) and syntax.is_verb(doc[m.end])
        fits = (m.type == ActorType.PERSON and not speaks) or (comma and doc[m.head].dep_ == "appos")
        return referents.clusters[x.cluster] if fits and self._may_stand_for(m, referents.clusters[x.cluster]) else None

    def _past_place(self, referents: Referents, m: Mention) -> int:
        """Where a role ends that is said to be "in" a place: "the leader of the group in Yemen, Jane Roe"."""
        doc, end = referents.doc, m.end
        if end + 1 < len(doc) and doc[end].lower_ == "in" and (place := referents.name_starting(end + 1)) is not None:
            return place.end
        return end

    def _may_be(self, m: Mention, c: Cluster) -> bool:
        """Whether a role beside a name may tell whose it is: as anywhere, or of what only it says that it fights."""
        return self._may_stand_for(m, c) or _may_fight(m, c)

    def _may_stand_for(self, m: Mention, c: Cluster) -> bool:
        if m.type == ActorType.PERSON:
            return c.type == ActorType.PERSON and not c.plural
        if m.role in self._monitor:
            return c.type == ActorType.ORGANIZATION and bool(c.roles & (self._monitor | {"watch", "monitoring"}))
        if m.role in self._armed:
            return c.type == ActorType.ARMED_GROUP
        if m.role in self._international:
            return c.type == ActorType.INTERNATIONAL_ORGANIZATION
        if m.role in self._group and not c.roles & self._international:
            return c.type in _GROUPS and (m.type != ActorType.ARMED_GROUP or c.type == ActorType.ARMED_GROUP)
        return c.type == m.type

    # Pronouns

    def _pronoun(self, referents: Referents, m: Mention) -> Cluster | None:
        """The antecedent: of a possessive the subject of its clause, else the most salient mention before."""
        token = referents.doc[m.head]
        if token.tag_ == "PRP$":
            for governor in syntax.governors(token):
                subject = syntax.subject(governor) if syntax.is_verb(governor) or governor.dep_ == "ROOT" else None
                if subject is not None and subject.i < token.i:
                    c = referents.at(subject.i)
                    if c is not None and _fits(m, c):
                        return c
        best: tuple[float, Cluster] | None = None
        for c, score in self._candidates(referents, m, token):
            if best is None or score > best[0]:
                best = (score, c)
        return best[1] if best is not None else None

    def _candidates(self, referents: Referents, m: Mention, token: Token) -> list[tuple[Cluster, float]]:
        """Mentions before a pronoun that fit it, with their salience: near, a subject, no place and no modifier."""
        doc, is_object = referents.doc, token.dep_ in syntax.OBJECT | syntax.INDIRECT_OBJECT
        own = syntax.subject(syntax.clause_head(token)) if is_object else None
        speaks = bool(syntax.complements(syntax.clause_head(token)))
        found = []
        for x in referents.recent:
            if x.cluster < 0 or x.kind == ADJECTIVE or not _fits(m, referents.clusters[x.cluster]):
                continue
            if own is not None and (same := referents.at(own.i)) is not None and same.key == x.cluster:
                continue
            head = doc[x.head].head if doc[x.head].dep_ == "flat" else doc[x.head]  # "commander Ali Khan said"
            distance = referents.sentence[m.head] - referents.sentence[x.head]
            score = -3.0 * distance - 0.01 * (m.start - x.start)
            if head.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT and not is_object:
                verb = syntax.clause_head(head)
                score += (2.5 if distance else 2.0) + (verb.dep_ == "ROOT")
                # Behind "Rebels fled, police said" the rebels are "they", unless "they said" more.
                score -= 2.0 * (not speaks and any(c.i < verb.i for c in syntax.complements(verb)))
            score += 1.5 * (m.type == "plural" and referents.clusters[x.cluster].plural)
            score -= head.dep_ in {"nmod:poss", "compound", "amod"}
            score -= 1.5 * (syntax.preposition(head) in self._place_prepositions)
            found.append((referents.clusters[x.cluster], score))
        return found


def _may_fight(m: Mention, c: Cluster) -> bool:
    """Whether a role of fighters goes with what the article's names do not tell more of than that it is organised."""
    return m.type == ActorType.ARMED_GROUP and c.type == ActorType.ORGANIZATION and not c.entry


def _fits(m: Mention, c: Cluster) -> bool:
    """Whether a pronoun may stand for a cluster, by person and number."""
    if m.type == "person":
        return c.type == ActorType.PERSON and not c.plural
    if m.type == "plural":
        return c.plural or c.type in _PLURAL
    return not c.plural and c.type in _COLLECTIVE


@Language.factory(
    "actor_resolver", requires=["doc._.mentions", "token.dep"], assigns=["doc._.mentions", "doc._.clusters"]
)
def make_resolver(nlp: Language, name: str) -> Resolver:
    """Component factory."""
    return Resolver()


register("clusters", [])
