"""``onrecord restrict``, ``takedown``, ``lift``, ``orders``: what the law or a person asks to be hidden."""

import dataclasses
import datetime as dt
import getpass
from typing import Annotated

import typer

from onrecord.indexing import index_now
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import UsageMistake

Item = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="An article or a report: its id, address or external id.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is logged. Name no child here.")]


def restrict(
    article: Item,
    *,
    reason: Reason,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The order's last day; you are reminded.")
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Hide an article or a report from everybody but the operator, at once.

    Example: onrecord restrict https://paper.example/story --reason "section 39 order" --until 2027-03-31
    """
    from storage import orders

    day = _day(until)
    with open_store(archive, write=True) as store:
        with store.writing() as connection:
            what, about = orders.find(connection, article)
            order = orders.restrict(
                connection, what, about, reason=reason, who=getpass.getuser(), at=utc_now(), until=day
            )
        index_now(store)
    _told({"order": order, "what": what, "id": about}, f"{about} is restricted: {order}", as_json=as_json)


def takedown(
    article: Item,
    *,
    reason: Reason,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Erase an article or a report: its words, its index entries, its captured bytes. It cannot be undone.

    Example: onrecord takedown https://paper.example/story --reason "asked by the family, 3 March"
    """
    from storage import orders, sealing

    with open_store(archive, evidence, write=True) as store:
        with store.writing() as connection:
            what, about = orders.find(connection, article)
            order, taken = orders.take_down(
                connection, what, about, reason=reason, who=getpass.getuser(), at=utc_now()
            )
        whole = sealing.finish(store)
        index_now(store)
    told = {"order": order, "what": what, "id": about, "sealed_records": len(taken), "complete": whole}
    _told(told, f"{about} is erased: {order}; {len(taken)} records sealed", as_json=as_json)
    if not whole:
        warn(
            "onrecord: another process still reads it as it was, or the evidence store is away;"
            " end with `onrecord orders --finish`"
        )
        raise typer.Exit(1)


def lift(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Its id, from `onrecord orders`.")],
    *,
    reason: Reason,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """End an order: what was restricted comes back; what was erased may be fetched again.

    Example: onrecord lift order-6t2m4n --reason "the order ended"
    """
    from storage import orders

    with open_store(archive, write=True) as store:
        with store.writing() as connection:
            orders.lift(connection, order, reason=reason, who=getpass.getuser(), at=utc_now())
        index_now(store)
    _told({"lifted": order}, f"{order} is lifted.", as_json=as_json)


def listed(
    *,
    due: Annotated[
        bool, typer.Option("--due", help="Only those that end within two weeks, or have.")
    ] = False,
    finish: Annotated[
        bool, typer.Option("--finish", help="Seal again what an interrupted takedown left.")
    ] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """List orders, those that stand first.

    Example: onrecord orders --due
    """
    from storage import orders, sealing

    with open_store(archive, evidence, write=finish) as store:
        if finish and not sealing.finish(store):
            raise UsageMistake(
                "another process still reads the archive as it was, or the evidence store is away;"
                " repeat in a moment"
            )
        with store.reading() as connection:
            found = orders.listed(connection)
    if due:
        found = [one for one in found if one.is_due(utc_now().date())]
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
        return
    for one in found:
        ends = f"until {one.until}" if one.until else "no end given"
        state = f"lifted {one.lifted_at:%Y-%m-%d}" if one.lifted_at else ends
        say(f"{one.id}  {one.kind}  {one.about}  {state}  {one.reason}")
    if not found:
        say("No orders.")


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageMistake(f"{text!r} is no day; write it as 2026-11-30") from None


def _told(told: dict[str, object], line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        say(line)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(restrict)
    app.command()(takedown)
    app.command()(lift)
    app.command("orders")(listed)
