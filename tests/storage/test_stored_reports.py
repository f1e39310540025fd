"""Reports in the archive: joined to their inspections, kept once, replaced when read anew."""

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from storage import changes, reports
from storage.inspections import save_claims
from storage.records import InspectionClaim, Report, Requirement, Section, Sentence
from storage.schema import inspections as schema
from storage.schema.registers import imports, providers, register_rows, settings, snapshots
from storage.settings import setting_id
from storage.store import Store

AT = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
D = dt.date


def a_claim(**said: Any) -> InspectionClaim:
    given = {
        "urn": "9900101",
        "kind": "full",
        "first_day": D(2024, 4, 30),
        "last_day": D(2024, 5, 2),
        "judgements": {"overall": "Good", "protection": "Inadequate"},
        "capacity": 4,
        "provider_name": "Larkmoor Care Limited",
        "setting_kind": "children's home",
    }
    return InspectionClaim(**given | said)


def a_report(claim: InspectionClaim | None = None, text: str = "Findings\n\nLeaders listen.") -> Report:
    claim = claim or a_claim()
    return Report(
        regulator="ofsted",
        urn=claim.urn,
        framework="sccif",
        claim=claim,
        facts={"urn": claim.urn, "needs": ["autism"]},
        text=text,
        pages=2,
        sections=(Section(heading="Findings", page=1, start=0, end=len(text)),),
        sentences=(Sentence(section=0, page=2, start=10, end=len(text), text=text[10:]),),
        requirements=(
            Requirement(
                regulation=12, title=None, text="Act.", due=D(2024, 7, 1), compliance_notice=True, page=2
            ),
        ),
    )


def save(store: Store, report: Report, digest: str = "d1", **came: str) -> str:
    with store.writing() as connection:
        return reports.save(connection, report, digest=digest, at=AT, **came)  # type: ignore[arg-type]


def rows(store: Store, table: sa.Table) -> list[dict[str, Any]]:
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def last_change(store: Store) -> int:
    with store.reading() as connection:
        return changes.last(connection)


def test_a_report_of_an_unknown_home_makes_setting_inspection_and_provider(store: Store) -> None:
    id_ = save(store, a_report(), file_name="r.pdf")
    (report,) = rows(store, schema.reports)
    (inspection,) = rows(store, schema.inspections)
    (setting,) = rows(store, settings)
    (provider,) = rows(store, providers)
    assert (report["id"], report["inspection_id"], report["setting_id"]) == (
        id_,
        inspection["id"],
        setting["id"],
    )
    assert (inspection["overall"], inspection["protection"], inspection["capacity"]) == (
        "Good",
        "Inadequate",
        4,
    )
    assert (setting["urn"], setting["kind"], setting["name"], setting["name_withheld"]) == (
        "9900101", "children's home", None, True,
    )  # fmt: skip
    assert setting["provider_id"] == inspection["provider_id"] == provider["id"]
    assert (setting["places"], provider["name"]) == (4, "Larkmoor Care Limited")


def test_its_parts_are_kept_in_order(store: Store) -> None:
    id_ = save(store, a_report())
    assert rows(store, schema.report_sections) == [
        {"report_id": id_, "number": 0, "heading": "Findings", "page": 1, "start": 0, "end": 25}
    ]
    (sentence,) = rows(store, schema.report_sentences)
    assert (sentence["text"], sentence["page"], sentence["section"]) == ("Leaders listen.", 2, 0)
    (requirement,) = rows(store, schema.requirements)
    assert (requirement["regulation"], requirement["due"], requirement["compliance_notice"]) == (
        12, D(2024, 7, 1), True,
    )  # fmt: skip


def test_the_same_document_again_changes_nothing(store: Store) -> None:
    id_ = save(store, a_report(), file_name="r.pdf")
    before, kept = last_change(store), rows(store, schema.reports)
    assert save(store, a_report(), file_name="copy.pdf") == id_
    assert (last_change(store), rows(store, schema.reports)) == (before, kept)


def test_where_a_document_came_from_is_learned_later(store: Store) -> None:
    save(store, a_report(), file_name="r.pdf")
    save(store, a_report(), url="https://files.regulator.example/1")
    (report,) = rows(store, schema.reports)
    assert (report["file_name"], report["url"]) == ("r.pdf", "https://files.regulator.example/1")


def test_a_document_read_anew_replaces_what_was_read(store: Store) -> None:
    save(store, a_report(), file_name="r.pdf")
    before = last_change(store)
    save(store, replace(a_report(text="Findings\n\nLeaders do not listen."), requirements=()))
    (report,), (sentence,) = rows(store, schema.reports), rows(store, schema.report_sentences)
    assert (report["text"], report["file_name"]) == ("Findings\n\nLeaders do not listen.", "r.pdf")
    assert sentence["text"] == "Leaders do not listen."
    assert rows(store, schema.requirements) == []
    with store.reading() as connection:
        assert ("report", report["id"]) in [
            (what, id_) for _, what, id_, _ in changes.since(connection, before)
        ]


def test_it_joins_the_inspection_known_from_a_table_and_tells_where_they_differ(store: Store) -> None:
    table = a_claim(
        first_day=D(2024, 5, 3), last_day=None, judgements={"overall": "Inadequate"}, event_number="77",
        published=D(2024, 6, 10), capacity=None, provider_name=None,
    )  # fmt: skip
    with store.writing() as connection:
        (known,) = save_claims(connection, "ofsted", [table], origin="table", origin_id="import-1", at=AT)
    id_ = save(store, a_report())
    (inspection,) = rows(store, schema.inspections)
    assert inspection["id"] == known
    assert (inspection["event_number"], inspection["published"]) == ("77", D(2024, 6, 10))
    assert (inspection["first_day"], inspection["overall"]) == (D(2024, 4, 30), "Good")
    with store.reading() as connection:
        told = {one["field"]: one["values"] for one in reports.disagreements(connection, id_)}
    assert told["overall"] == {"report": "Good", "table": "Inadequate"}
    assert told["first_day"] == {"report": "2024-04-30", "table": "2024-05-03"}


def test_another_kind_or_another_week_is_another_inspection(store: Store) -> None:
    save(store, a_report(), "d1")
    save(store, a_report(a_claim(kind="monitoring", judgements={})), "d2")
    save(store, a_report(a_claim(first_day=D(2024, 5, 9), last_day=D(2024, 5, 9))), "d3")
    assert len(rows(store, schema.inspections)) == 3
    assert len(rows(store, settings)) == 1


def test_registers_before_and_after_may_contradict_it(store: Store) -> None:
    setting = setting_id("ofsted", "9900101")
    id_ = save(store, a_report())
    with store.writing() as connection:
        for day, places, owner in (
            (D(2024, 3, 31), 4, "LARKMOOR CARE LTD"),
            (D(2025, 3, 31), 6, "Fernhollow Ltd"),
        ):
            put_register(connection, setting, day, places, owner)
        assert reports.disagreements(connection, id_) == []  # one of the two agrees
        connection.execute(
            sa.update(register_rows).where(register_rows.c.places == 4).values(places=5, owner="Heath Ltd")
        )
        assert reports.disagreements(connection, id_) == [
            {"field": "capacity", "values": {"report": 4, "register": 5}},
            {
                "field": "provider_name",
                "values": {"report": "Larkmoor Care Limited", "register": "Heath Ltd"},
            },
        ]


def put_register(connection: sa.Connection, setting: str, day: dt.date, places: int, owner: str) -> None:
    given = {"kind": "register", "file_name": "r.csv", "digest": str(day), "learned_at": AT}
    connection.execute(
        sa.insert(imports).values(id=f"i{day}", rows_read=1, rows_kept=1, findings={}, **given)
    )
    connection.execute(
        sa.insert(snapshots).values(id=f"s{day}", regulator="ofsted", as_of=day, import_id=f"i{day}")
    )
    connection.execute(
        sa.insert(register_rows).values(
            snapshot_id=f"s{day}", setting_id=setting, kind="children's home", places=places, owner=owner
        )
    )


def test_only_the_newest_report_describes_a_home_that_no_register_has(store: Store) -> None:
    save(store, a_report(), "d1")
    earlier = a_claim(
        first_day=D(2020, 1, 7), last_day=D(2020, 1, 8), capacity=2, provider_name="Fernhollow Ltd"
    )
    save(store, a_report(earlier), "d2")
    (setting,) = rows(store, settings)
    assert setting["places"] == 4
    names = {row["id"]: row["name"] for row in rows(store, providers)}
    assert names[setting["provider_id"]] == "Larkmoor Care Limited"


def test_its_history_may_contradict_what_tables_say(store: Store) -> None:
    earlier = [
        a_claim(first_day=D(2023, 2, 8), last_day=None, judgements={"overall": "Good"}),
        a_claim(first_day=D(2022, 1, 11), last_day=None, judgements={"overall": "Inadequate"}),
        a_claim(first_day=D(2021, 1, 12), last_day=None, judgements={"overall": "Good"}),
    ]
    with store.writing() as connection:
        save_claims(connection, "ofsted", earlier, origin="table", origin_id="import-1", at=AT)
    listed = [["2023-02-07", "Full", "Good"], ["2022-01-11", "Full", "Good"], ["2021-01-12", "Full", "Good"]]
    report = a_report()
    id_ = save(store, replace(report, facts={**report.facts, "history": listed}))
    with store.reading() as connection:
        assert reports.disagreements(connection, id_) == [
            {"field": "history", "values": {"report": "2023-02-07", "table": "2023-02-08"}},
            {"field": "history", "values": {"report": "2022-01-11 Good", "table": "Inadequate"}},
        ]
