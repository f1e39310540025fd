"""The demo's content holds together: quotations, dates, labels and tables agree with one another."""

import csv
import datetime as dt
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from linker.gazetteer import Gazetteer
from onrecord.demo.frontmatter import WORLD
from onrecord.demo.labelled import write_labelled
from onrecord.demo.reports import reports
from onrecord.demo.settings import WITHHELD, featured
from onrecord.demo.stories import Story, outlets, stories
from onrecord.demo.web import published, register

LONGEST = dt.timedelta(days=45)


@lru_cache(maxsize=1)
def answers() -> dict[str, dict[str, Any]]:
    lines = (WORLD / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    return {label["id"]: label for label in map(json.loads, lines)}


def linked() -> list[tuple[Story, str, dt.date]]:
    """Each story with each inspection it is about."""
    return [
        (story, link["urn"], dt.date.fromisoformat(link["inspection_date"]))
        for story in stories()
        for link in answers().get(story.name, {}).get("links", [])
    ]


def test_it_is_as_large_as_promised() -> None:
    assert len(reports()) == 25
    assert 40 <= len([story for story in stories() if not story.disallowed]) <= 50
    assert len(register()) >= 300
    assert len({setting.urn for setting in register()}) == len(register())


def test_every_story_that_may_be_crawled_has_an_answer() -> None:
    assert {story.name for story in stories() if not story.disallowed} == set(answers())


def test_no_real_council_stands_beside_what_is_invented() -> None:
    real = Gazetteer()
    assert [one.authority for one in register() if real.named(one.authority)] == []
    told = [
        (story.name, text[start:end])
        for story in stories()
        for text in (f"{story.title}\n{story.caption}\n{story.section}\n{story.text_in(2)}",)
        for start, end, place in real.find(text.lower())
        if place.kind in ("authority", "district", "area") and text[start].isupper()
    ]
    assert told == []


def test_stories_belong_to_papers_and_have_paths_of_their_own() -> None:
    assert {story.outlet for story in stories()} == {outlet.key for outlet in outlets()}
    assert len({(story.outlet, story.path) for story in stories()}) == len(stories())


@pytest.mark.parametrize(
    "story", [story for story in stories() if story.quotes], ids=lambda story: story.name
)
def test_what_a_story_quotes_stands_in_it_and_in_its_report(story: Story) -> None:
    about = {(urn, day) for told, urn, day in linked() if told.name == story.name}
    said = " ".join(
        paragraph
        for report in reports()
        if (report.urn, report.first_day) in about
        for _, paragraphs in report.sections
        for paragraph in paragraphs
    )
    for quote in story.quotes:
        assert quote.rstrip(".") in story.text
        assert quote.rstrip(".") in said


def test_a_report_comes_three_to_six_weeks_after_the_visit() -> None:
    for report in reports():
        assert dt.timedelta(days=21) <= report.published - report.last_day <= dt.timedelta(days=42), (
            report.urn
        )


def test_a_story_comes_within_days_of_the_report() -> None:
    visits = {(setting.urn, visit.first): visit for setting in register() for visit in setting.visits}
    for story, urn, day in linked():
        after = story.published.date() - visits[urn, day].published
        assert dt.timedelta(days=1) <= after <= dt.timedelta(days=21), story.name


def test_nothing_else_of_the_owner_in_the_authority_fits_a_story() -> None:
    """One answer each: no other visit of that kind and grade there came out shortly before the story."""
    by_urn = {setting.urn: setting for setting in register()}
    for story, urn, day in linked():
        subject = by_urn[urn]
        visit = next(one for one in subject.visits if one.first == day)
        rivals = [
            (setting.urn, other.first)
            for setting in register()
            if setting.owner.names == subject.owner.names and setting.authority == subject.authority
            for other in setting.visits
            if (other.kind, other.grades[:1]) == (visit.kind, visit.grades[:1])
            and dt.timedelta(0) <= story.published.date() - other.published <= LONGEST
        ]
        assert rivals == [(urn, day)], story.name


def test_one_story_is_revised_and_some_are_copies() -> None:
    revised = [story for story in stories() if story.revised]
    assert [story.name for story in revised] == ["m06-rackendale-carpets"]
    assert revised[0].text_in(1) != revised[0].text_in(2)
    texts = {story.name: story.text for story in stories()}
    assert texts["m21-gransby-copy"].splitlines()[-1] == texts["g06-gransby-bullying"].splitlines()[-1]
    assert texts["m21-gransby-copy"] != texts["g06-gransby-bullying"]


def test_the_tables_withhold_what_the_regulator_withholds() -> None:
    for table in published():
        text = table.content.decode("cp1252" if "march_2024" in table.file_name else "utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))
        header = lines[2]
        rows = [dict(zip(header, line, strict=True)) for line in lines[3:]]
        assert len(rows) >= 250
        for row in rows:
            hidden = {row[name] for name in ("Name", "Address 1", "Town", "Postcode")}
            assert (hidden == {"REDACTED"}) is (row["Provision type"] in WITHHELD)


def test_it_can_be_written_as_a_labelled_folder(tmp_path: Path) -> None:
    write_labelled(tmp_path / "world")
    kinds = {name: len(list((tmp_path / "world" / name).iterdir())) for name in ("registers", "inspections")}
    assert kinds == {"registers": 2, "inspections": 2}
    assert len(list((tmp_path / "world" / "reports").glob("*.pdf"))) == 25
    lines = (tmp_path / "world" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == set(answers())


def test_the_registers_hold_every_setting_of_the_stories() -> None:
    newest = published()[1].content.decode("utf-8-sig")
    assert all(setting.urn in newest for setting in featured())
