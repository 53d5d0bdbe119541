"""What happened to an order, step by step, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from argosy.model.promises import BROKEN, OPEN

Row = dict[str, Any]
DONE, HELD, MISSED, AHEAD = "done", "held", "missed", "ahead"
LATE = "late"
# What parcels say of themselves besides what carriers tell.
DOUBLED = ("picked_up", "delivered")
KEPT_BY = {"shipped": "ship_by", "delivered": "deliver_by"}


def timeline(told: Mapping[str, Any]) -> list[Row]:
    """Return the steps of an order as ``brief.order.gather_order`` has it, in their order.

    what: placed, paid, declined, shipped, a carrier's status, delivered, refunded, cancelled, disputed, ship_by,
    deliver_by (still due, or missed); at: when, UTC; state: done, late, held (a parcel stopped), missed or ahead;
    place; hours late.
    """
    steps = [*_order(told), *_ways(told["parcels"]), *_after(told)]
    promises = {row["kind"]: row for row in told["promises"] if row["subject"] == told["order"]["order_id"]}
    steps = [_judged(step, promises.get(KEPT_BY.get(step["what"], ""))) for step in steps if step["at"]]
    return _plain(sorted(steps, key=lambda step: step["at"])) + list(_to_come(promises))


def _order(told: Mapping[str, Any]) -> Iterator[Row]:
    order = told["order"]
    captured = [row["attempted_at"] for row in told["payments"] if row["outcome"] == "captured" and row["attempted_at"]]
    yield _step("placed", order["placed_at"])
    yield _step("paid", order["paid_at"] or min(captured, default=None))
    lines = [line["shipped_at"] for line in told["lines"] if line["shipped_at"]]
    yield _step("shipped", order["shipped_at"] or max(lines, default=None))
    yield _step("delivered", order["delivered_at"])
    yield _step("cancelled", order["cancelled_at"])


def _ways(parcels: list[Row]) -> Iterator[Row]:
    for parcel in parcels:
        for event in parcel["events"]:
            if event["status"] not in DOUBLED:
                place = event["location"] or event["country"] or ""
                held = HELD if event["status"] == "on_hold" else DONE
                yield _step(event["status"] or "unknown", event["at"], place=place, state=held)


def _after(told: Mapping[str, Any]) -> Iterator[Row]:
    for row in told["refunds"]:
        yield _step("refunded", row["at"])
    for row in told["disputes"]:
        yield _step("disputed", row["opened_at"], state=HELD)


def _to_come(promises: Mapping[str, Row]) -> Iterator[Row]:
    for kind in KEPT_BY.values():
        row = promises.get(kind)
        if row and row["kept_at"] is None and row["state"] in (OPEN, BROKEN):
            state = AHEAD if row["state"] == OPEN else MISSED
            yield _step(kind, row["due_at"], state=state) | {"hours": row["late_hours"]}


def _judged(step: Row, promise: Row | None) -> Row:
    if promise is None or promise["state"] != BROKEN or step["state"] != DONE:
        return step
    return step | {"state": LATE, "hours": promise["late_hours"]}


def _plain(steps: list[Row]) -> list[Row]:
    """Return the steps without those that only say again what the one before said."""
    kept: list[Row] = []
    for step in steps:
        before = kept[-1] if kept else None
        if before is None or (step["what"], step["place"]) != (before["what"], before["place"]):
            kept.append(step)
    return kept


def _step(what: str, at: datetime | None, *, place: str = "", state: str = DONE) -> Row:
    return {"what": what, "at": at, "state": state, "place": place, "hours": None}
