"""An article through the whole chain: clues, mentions, candidates, weights, decision."""

import math
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from linker import candidates, mentions
from linker.clues import (
    councils,
    enforcement,
    holdings,
    judgements,
    needs,
    numbers,
    operators,
    places,
    posts,
    quotations,
    retelling,
    subject,
    visits,
)
from linker.clues.subject import Subject
from linker.decide import Decision, Odds, Scored, decide, is_none_of_its_homes, posteriors
from linker.mentions import Mention
from linker.model import Model
from linker.reading import Reading
from linker.register import Inspection, Register, Setting
from linker.retelling import LEAST_REPORTS
from linker.weighing import further, home, judgement
from linker.weighing.comparison import Candidate, Case, Comparison, Weighed
from linker.weighing.days import OnDays, Recency, Timeline
from linker.weighing.operator import Operator
from linker.weighing.place import Constituency, Where
from linker.weighing.quotation import Quotation
from linker.weighing.registration import Registration
from linker.weighing.retelling import SURE, with_retellings
from storage.records import Clue
from storage.vocabulary import Answer

_MISSING = 0.04
"""The share of inspections that even a full register lacks."""
_NAMED = 7.0
"""Bits against a home that no register has, where the article names a registered operator plainly."""
_NEW_HOME = 3.0
"""Bits by which a home said to be new is likelier one that no register here has yet."""

_SCHOOL = re.compile(r"\b(?:school|college|academy|nursery)\b", re.IGNORECASE)
"""In the name of an owner of which most stories are about lessons: those of its home say so."""

_Asked = tuple[
    Callable[[Setting, Inspection | None], Hashable],
    Callable[[Setting, Inspection | None], Weighed | None],
    dict[Hashable, Weighed | None],
]
"""What a comparison looks at, how it weighs, and what it said already."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A mention with its decision and everything weighed for it."""

    mention: Mention
    decision: Decision
    odds: Odds | None
    subject: Subject
    dropped: int = 0


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an article says, whatever the weights: whether it is about a home at all, and its mentions."""

    about: Subject
    mentions: Sequence[Mention]


class Linker:
    """Links readings against one register with one model; holds no state between articles."""

    def __init__(self, register: Register, model: Model | None = None) -> None:
        self.register, self.model = register, model or Model()

    def link(self, reading: Reading, heard: Heard | None = None) -> list[Linked]:
        """The article's mentions, decided; one with nothing to say where nothing was found.

        ``heard``: what ``hear`` gave for the reading, where another model was asked before.
        """
        heard = heard or self.hear(reading)
        linked: list[Linked] = []
        for mention in heard.mentions:
            taken = {one.decision.best.candidate.setting for one in linked if one.decision.best}
            linked.append(self._mention(mention, heard.about, taken))
        return linked

    def hear(self, reading: Reading) -> Heard:
        """Find the article's clues, half the work of linking it; they are the register's and no model's."""
        clues = self.clues(reading)
        return Heard(about=subject.about(reading, clues), mentions=mentions.of(reading, clues))

    def clues(self, reading: Reading) -> list[Clue]:
        """Every clue of the article, in the order of its kinds."""
        gazetteer, owners = self.register.gazetteer, self.register.owners
        named = operators.find(reading, owners, lambda name: gazetteer.named(name) is not None)
        taken = [(reading.position(one), reading.position(one) + len(one.text)) for one in named]
        year = reading.published.last.year if reading.published else None
        quoted = quotations.find(reading, self.register.quotations)
        told = [*posts.find(reading), *enforcement.find(reading)]
        compared = len(self.register.quotations) >= LEAST_REPORTS
        return [
            *named,
            *councils.find(reading, gazetteer, self.register.councils_of),
            *councils.sectors(reading),
            *places.find(reading, gazetteer, taken),
            *visits.find(reading),
            *judgements.find(reading, this_year=year),
            *numbers.find(reading),
            *subject.find(reading),
            *needs.find(reading),
            *told,
            *holdings.find(reading),
            *quoted,
            *(retelling.find(reading, quoted, told) if compared else ()),
        ]

    def _mention(self, mention: Mention, about: Subject, taken: set[int]) -> Linked:
        case = Case(mention=mention, register=self.register, model=self.model)
        line = Timeline(self.register, mention.reading.published, mention.reading.latest)
        strong = candidates.Strong(
            operator=Operator(case),
            where=Where(case),
            quotation=Quotation(case),
            visit=OnDays(case, line, "visit"),
            overall=judgement.Overall(case),
            urns=tuple(clue.value for clue in mention.of("urn")),
        )
        if about.probability < 0.5:
            return self._no_home(mention, about, strong)
        found = candidates.find(self.register, strong, line)
        left = [one for one in found.candidates if one.setting not in taken]
        scored = list(self._scored(left, self._comparisons(case, strong, line), line))
        odds = self._odds(scored, strong, mention)
        if odds.scored and odds.scored[0].probability < SURE:
            odds = self._odds(with_retellings(case, scored), strong, mention)
        decision = decide(
            odds,
            self.register,
            self.model,
            lambda odds: self._why_not(odds, mention, strong),
            strong.operator.brands(),
            new=bool(mention.of("registration")),
        )
        return Linked(mention=mention, decision=decision, odds=odds, subject=about, dropped=found.dropped)

    def _comparisons(self, case: Case, strong: candidates.Strong, line: Timeline) -> list[Comparison]:
        sector = [] if strong.operator.best else [home.Sector(case)]
        return [
            strong.operator,
            strong.where,
            Constituency(case, strong.where),
            Recency(case, line),
            strong.visit,
            OnDays(case, line, "published"),
            strong.overall,
            judgement.Area(case, "protection"),
            judgement.Area(case, "leadership"),
            judgement.Earlier(case),
            home.Capacity(case),
            home.Residents(case),
            *sector,
            home.SettingKind(case),
            home.InspectionKind(case),
            Registration(case),
            home.Number(case),
            strong.quotation,
            *further.comparisons(case, operator_named=bool(strong.operator.best)),
        ]

    def _scored(
        self, found: Sequence[Candidate], comparisons: Sequence[Comparison], line: Timeline
    ) -> Iterator[Scored]:
        """Each candidate's weights; what is equal in the records is weighed once."""
        speaking = [one for one in comparisons if not one.silent]
        recorded: list[_Asked] = [(one.key, one.weigh, {}) for one in speaking]
        unrecorded: list[_Asked] = [(one.key, one.weigh, {}) for one in speaking]
        total = math.log2(max(len(self.register.inspections), 1))
        coverage = self.register.coverage(line.published.last) if line.published else 1.0
        missing = max(_MISSING, 1 - coverage)
        homes = math.log2(max(len(self.register.settings), 1)) - math.log2(missing)
        for candidate in found:
            setting = self.register.settings[candidate.setting]
            inspection = (
                None if candidate.inspection is None else self.register.inspections[candidate.inspection]
            )
            weighed = tuple(_weighed(recorded if inspection else unrecorded, setting, inspection))
            prior = -total if inspection else -homes
            yield Scored(candidate, weighed, prior + sum([one.weight for one in weighed]))

    def _odds(self, scored: Sequence[Scored], strong: candidates.Strong, mention: Mention) -> Odds:
        """With the hypotheses that no record stands for: a home not registered, the operator's or another."""
        absent = self._not_registered(mention)
        other = {
            one: absent + strong.operator.likelihood(one) + self._elsewhere(one, strong)
            for one in strong.operator.best
        }
        leading = strong.operator.leading
        plain = leading is not None and leading.value.role == "operator" and strong.operator.best
        return posteriors(scored, other, absent - (_NAMED if plain else 0.0), self.model.scale)

    def _not_registered(self, mention: Mention) -> float:
        """log2 of the prior that the home is in no register: more for a new one and after the last day."""
        published = mention.reading.published
        years = max((published.last - self.register.newest).days, 0) / 365 if published else 0.0
        share = min(self.model.not_registered + self.model.opened_a_year * years, 0.5)
        return math.log2(share) + (_NEW_HOME if mention.of("registration") else 0.0)

    def _elsewhere(self, provider: str, strong: candidates.Strong) -> float:
        """How well the places named suit another home of the provider, most likely near those it has."""
        where = strong.where
        if not where.odds:
            return 0.0
        near = sum(
            share * (where.ratios.get(authority, 0.0) + where.unplaced)
            for authority, share in self.register.spread(provider).items()
        )
        return math.log2(0.7 * near + 0.3)

    def _why_not(self, odds: Odds, mention: Mention, strong: candidates.Strong) -> Answer:
        absent = strong.operator.absent
        if mention.of("registration") and is_none_of_its_homes(odds):
            return "not_in_register"
        if absent is not None and absent.value.role == "operator":
            return "not_in_register"
        told = strong.operator.best or strong.where.odds or strong.quotation.held or strong.urns
        if told and odds.scored and (1 - odds.none >= 0.5 or odds.scored[0].probability > 0.02):
            return "several_fit"
        return "too_little"

    def _no_home(self, mention: Mention, about: Subject, strong: candidates.Strong) -> Linked:
        """No single home is described: at most the provider that the article is about."""
        provider = None if about.of_another_remit else _company_of(mention, strong)
        odds = Odds(scored=(), other_homes={}, none=1 - about.probability)
        if provider:
            decision = Decision(
                level="provider",
                answer="asserted",
                probability=0.95,
                best=None,
                provider=provider,
                margin=None,
                shown=(),
            )
        else:
            decision = Decision(
                level="none",
                answer="not_about_a_setting",
                probability=1 - about.probability,
                best=None,
                provider=None,
                margin=None,
                shown=(),
            )
        return Linked(mention=mention, decision=decision, odds=odds, subject=about)


def _weighed(asked: Sequence[_Asked], setting: Setting, inspection: Inspection | None) -> Iterator[Weighed]:
    """What each comparison says; records with equal keys are asked about once."""
    for key_of, weigh, held in asked:
        key = key_of(setting, inspection)
        if key in held:
            one = held[key]
        else:
            one = held[key] = weigh(setting, inspection)
        if one is not None:
            yield one


def _company_of(mention: Mention, strong: candidates.Strong) -> str | None:
    """The registered company that an article about no single home is about: named early and again."""
    named = [clue for clue in mention.of("operator") if not clue.value.council and clue.value.owners]
    early = [
        clue for clue in named if mention.reading.sentence_at(mention.reading.position(clue)).number <= 3
    ]
    if any(_SCHOOL.search(clue.value.name) for clue in named):
        return None
    exact: set[str] = {one.provider for clue in named for one in clue.value.owners if one.level == "exact"}
    return exact.pop() if early and len(exact) == 1 and not exact & strong.operator.brands() else None
