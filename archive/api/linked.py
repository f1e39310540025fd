"""How links and their evidence are told, of an article and by themselves."""

import dataclasses
from typing import Any

from archive.api.shapes import Authority, Day, Grade, Id, Moment, Probability, Record, Urn
from archive.reading.articles import ArticlePage, Choice, EvidenceLine
from archive.reading.articles import Mention as MentionRead
from storage.masking import extract


class Proposal(Record):
    """A decision on a mention, or a candidate, with the records it names."""

    status: str
    """linked (asserted), candidate, none or withdrawn."""
    answer: str | None
    """Of a decision: asserted, several_fit, not_in_register, not_about_a_setting, too_little, restricted."""
    level: str
    """The finest level that is certain enough: inspection, setting, provider or none."""
    rank: int | None
    """Of a candidate, 1 is best; null on the decision."""
    probability: Probability
    """Calibrated; of a `none`, that nothing in the register is right."""
    regulator: str | None
    urn: Urn | None
    setting_kind: str | None
    local_authority: Authority | None
    provider: str | None
    inspection_date: Day | None
    overall: Grade | None
    setting_id: Id | None
    provider_id: Id | None
    inspection_id: Id | None
    report_id: Id | None


class LinkTold(Proposal):
    """The same as it is kept."""

    id: Id
    confirmed: bool
    """Whether a person confirmed it."""
    decided_by: str
    decided_at: Moment
    withdrawn_at: Moment | None


class Evidence(Record):
    """A clue that was held against the record."""

    clue: str
    field: str
    """title or text."""
    text: str
    """The characters of the article that carry it; at most an extract where the text may not be shown."""
    start: int | None
    """In Unicode code points of the field."""
    end: int | None
    value: str | None
    told: str
    """The comparison in words."""
    weight: float
    """In log2; negative counts against the record."""


class Mention(Record):
    """One setting that the article describes: what was decided, why, and what else was considered."""

    mention: int
    decision: LinkTold
    evidence: list[Evidence]
    candidates: list[LinkTold]
    in_words: str
    """The evidence as sentences."""


class Links(Record):
    """What an article is linked to, and what was withdrawn."""

    mentions: list[Mention]
    withdrawn: list[LinkTold]


def links_told(shown: ArticlePage) -> dict[str, Any]:
    """All links of an article."""
    return {
        "mentions": [mention_told(one, readable=shown.readable) for one in shown.mentions],
        "withdrawn": [link_told(one) for one in shown.withdrawn],
    }


def mention_told(mention: MentionRead, *, readable: bool) -> dict[str, Any]:
    """One mention; what quotes the press is an extract where its text may not be shown."""
    return {
        "mention": mention.decision.link.mention,
        "decision": link_told(mention.decision),
        "evidence": [evidence_told(line, readable=readable) for line in mention.evidence],
        "candidates": [link_told(candidate) for candidate in mention.candidates],
        "in_words": mention.in_words,
    }


def evidence_told(line: EvidenceLine, *, readable: bool) -> dict[str, Any]:
    """One clue."""
    known = dataclasses.asdict(line)
    if not readable:
        known |= {"text": extract(line.text), "value": extract(line.value or "") or None}
    return known


def link_told(choice: Choice) -> dict[str, Any]:
    """A decision or a candidate as it is kept."""
    kept = ("id", "confirmed", "decided_by", "decided_at", "withdrawn_at")
    return proposal_told(choice) | {name: getattr(choice.link, name) for name in kept}


def proposal_told(choice: Choice) -> dict[str, Any]:
    """What a decision or a candidate says."""
    link, seen, home, owner = choice.link, choice.inspection, choice.setting, choice.provider
    return {
        **{name: getattr(link, name) for name in ("status", "answer", "level", "rank", "probability")},
        "regulator": home.regulator if home else None,
        "urn": home.urn if home else None,
        "setting_kind": home.kind if home else None,
        "local_authority": home.local_authority if home else None,
        "provider": owner.name if owner else None,
        "inspection_date": seen.first_day if seen else None,
        "overall": seen.overall if seen else None,
        "setting_id": home.id if home else None,
        "provider_id": owner.id if owner else None,
        "inspection_id": seen.id if seen else None,
        "report_id": choice.report_id,
    }
