"""What a person says an article is about: the labels of a labelled folder, and of judgements."""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from linker.errors import NoLabels
from storage.judgements import Judged
from storage.vocabulary import Level

SLACK = 3
"""Days by which the day of an inspection may differ: tables give its first day or its last."""
_ANSWERS = ("not_in_register", "several_fit", "not_about_a_setting")
_NUMBER = re.compile(r"\b\d{6,8}\b")
_FORM = re.compile(r"\b(?:limited|ltd|plc|llp|cic|company number)\b")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A setting, and the day of its inspection where the label gives one."""

    urn: str
    day: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Label:
    """What is right for one article; ``links`` are empty unless a setting can be told."""

    id: str
    level: str
    links: tuple[Target, ...] = ()
    owners: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    candidates: frozenset[str] = frozenset()
    target: Target | None = None
    also: frozenset[str] = frozenset()
    answer: str | None = None
    optional: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Label":
        """A label from its line; KeyError where ``id`` or ``level`` lack, ValueError for wrong ones."""
        level, target = said["level"], said.get("target") or {}
        if level not in get_args(Level):
            raise ValueError(f"level is none of {', '.join(get_args(Level))}")
        names = tuple(name for name in (said.get("provider"), *said.get("provider_names", ())) if name)
        links = said.get("links", ()) if level in ("inspection", "setting") else ()
        return cls(
            id=str(said["id"]),
            level=level,
            links=tuple(_target(one) for one in links),
            owners=frozenset(filter(None, map(owner_key, names))),
            names=names,
            candidates=frozenset(said.get("candidates", ())),
            target=_target(target) if target.get("urn") else None,
            also=frozenset(one["urn"] for one in said.get("also", ())),
            answer=said.get("answer"),
            optional=bool(said.get("optional")),
        )

    @property
    def wanted(self) -> frozenset[str]:
        """What must be asserted: the settings' numbers, or ``provider``."""
        if self.optional or self.level == "none":
            return frozenset()
        return (
            frozenset({"provider"}) if self.level == "provider" else frozenset(one.urn for one in self.links)
        )


def read(path: Path) -> list[Label]:
    """The labels of a file; NoLabels where there are none or a line is no label."""
    labels = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoLabels(f"{path}: {(error.strerror or str(error)).lower()}") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                labels.append(Label.of(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise NoLabels(f"{path}, line {number}: no label ({error})") from None
    if not labels:
        raise NoLabels(f"{path}: there are no labels in it")
    return labels


def labels_of(judgements: Iterable[Judged]) -> list[Label]:
    """People's decisions as labels, one an article; a rejected link alone tells of nothing that is right."""
    held: dict[str, list[Judged]] = defaultdict(list)
    for one in judgements:
        held[one.article_id].append(one)
    return [label for article, several in held.items() if (label := _label(article, several))]


def _label(article: str, several: Sequence[Judged]) -> Label | None:
    confirmed = [one for one in several if one.decision == "confirmed"]
    if not confirmed:
        answer = next((one.decision for one in several if one.decision in _ANSWERS), None)
        silent = answer or any(one.decision == "none" for one in several)
        return Label(id=article, level="none", answer=answer) if silent else None
    reached = [one for one in confirmed if one.urn]
    names = tuple(dict.fromkeys(one.provider for one in confirmed if one.provider))
    return Label(
        id=article,
        level="inspection" if any(one.day for one in reached) else "setting" if reached else "provider",
        links=tuple(Target(urn=str(one.urn), day=day_of(one.day)) for one in reached),
        owners=frozenset(map(owner_key, names)),
        names=names,
    )


def owner_key(name: str | None) -> str:
    """The name as compared with a label's: small letters, without legal form and company number."""
    plain = _NUMBER.sub("", (name or "").lower()).replace("&", " and ")
    return " ".join(_WORD.findall(_FORM.sub("", plain)))


def day_of(value: object) -> dt.date | None:
    """The day at the beginning of a text; None where there is none."""
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _target(said: Mapping[str, Any]) -> Target:
    told = said.get("inspection_date")
    day = day_of(told)
    if told and day is None:
        raise ValueError(f"inspection_date {told} is no day; write it as 2023-05-24")
    return Target(urn=said["urn"], day=day)
