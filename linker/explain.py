"""Why a mention was linked as it was: for each likely record a waterfall from the prior to the total."""

from collections.abc import Sequence
from typing import Any

from linker.decide import Scored
from linker.linking import Linked
from linker.register import Register

_BAR = 1.2  # characters a bit


def waterfalls(register: Register, one: Linked) -> dict[str, Any]:
    """The decision, what the article is about, and the steps of its likeliest records, as plain data."""
    said = one.decision
    retold = {
        weighed.clue for scored in said.shown for weighed in scored.weighed if weighed.kind == "paraphrase"
    }
    return {
        "mention": one.mention.number,
        "answer": said.answer,
        "level": said.level,
        "probability": round(said.probability, 4),
        "margin": said.margin and round(said.margin, 2),
        "about_a_setting": round(one.subject.probability, 4),
        "signs": [{"sign": name, "weight": round(bits, 2)} for name, bits in one.subject.signs],
        "clues": [
            {
                "clue": clue.kind,
                "field": clue.field,
                "start": clue.start,
                "end": clue.end,
                "text": clue.text,
                "value": str(clue.value),
                "confidence": round(clue.confidence, 2),
            }
            for clue in one.mention.clues
            if clue.kind != "paraphrase" or clue in retold
        ],
        "not_in_register": one.odds and round(one.odds.none, 6),
        "candidates": [_record(register, scored) for scored in said.shown],
        "dropped": one.dropped,
    }


def _record(register: Register, scored: Scored) -> dict[str, Any]:
    setting = register.settings[scored.candidate.setting]
    number = scored.candidate.inspection
    inspection = register.inspections[number] if number is not None else None
    owner = (inspection.provider if inspection else None) or setting.provider
    weights = sum(one.weight for one in scored.weighed)
    return {
        "regulator": setting.regulator,
        "urn": setting.urn,
        "setting_id": setting.id,
        "inspection_id": inspection and inspection.id,
        "provider_id": owner,
        "kind": setting.kind,
        "local_authority": setting.authorities[-1] if setting.authorities else None,
        "provider": register.providers[owner].name if owner in register.providers else None,
        "inspection": inspection and str(inspection.first or inspection.last or ""),
        "probability": round(scored.probability, 4),
        "prior": round(scored.total - weights, 2),
        "total": round(scored.total, 2),
        "steps": [
            {
                "clue": one.kind,
                "level": one.level,
                "weight": round(one.weight, 2),
                "told": one.told,
                "field": one.clue and one.clue.field,
                "start": one.clue and one.clue.start,
                "end": one.clue and one.clue.end,
                "text": one.clue and one.clue.text,
            }
            for one in sorted(scored.weighed, key=lambda one: -abs(one.weight))
        ],
    }


def as_text(told: Sequence[dict[str, Any]]) -> str:
    """The same for a terminal."""
    return "\n\n".join("\n".join(_lines(one)) for one in told)


def _lines(one: dict[str, Any]) -> list[str]:
    lines = [
        f"Mention {one['mention'] + 1}: {one['answer'].replace('_', ' ')}"
        f" ({one['level']}, {one['probability']:.3f}); about a setting: {one['about_a_setting']:.3f}"
    ]
    lines += _copies(one)
    for candidate in one["candidates"]:
        lines.append("")
        day = (
            f", inspected {candidate['inspection']}"
            if candidate["inspection"]
            else ", inspection not recorded"
        )
        lines.append(
            f"  {candidate['urn']}  {candidate['kind']} in {candidate['local_authority']}, "
            f"{candidate['provider']}{day}"
            f"  —  {candidate['probability']:.3f}"
        )
        lines.append(f"    {'before the article':22} {candidate['prior']:+7.1f}")
        lines += [_step(step) for step in candidate["steps"]]
        lines.append(f"    {'together':22} {candidate['total']:+7.1f}")
    if one["not_in_register"] is not None:
        lines.append(f"\n  not in the register: {one['not_in_register']:.4f}")
    return lines


def _copies(one: dict[str, Any]) -> list[str]:
    """Which copy of the story decided, and where the copies differ; nothing for an article without copies."""
    if not one.get("copies"):
        return []
    told = [f"  decided on its copy {one['copy_of']}"] if one["copy_of"] else []
    urls = {copy["article_id"]: copy["url"] for copy in one["copies"]}
    for fact, values in one["differ"].items():
        said = "; ".join(
            f"{value} ({', '.join(urls[speaker['article_id']] for speaker in speakers)})"
            for value, speakers in values.items()
        )
        told.append(f"  copies differ in {fact.replace('_', ' ')}: {said}")
    return [f"  one of {len(urls)} copies of a story", *told]


def _step(step: dict[str, Any]) -> str:
    bar = ("+" if step["weight"] > 0 else "-") * min(round(abs(step["weight"]) * _BAR), 24)
    quoted = f"  “{_short(step['text'])}”" if step["text"] else ""
    return f"    {step['clue'].replace('_', ' '):22} {step['weight']:+7.1f}  {bar:24} {step['told']}{quoted}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 50 else line[:47] + "…"
