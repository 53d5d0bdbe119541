"""The books of a period beside the one before and the same days a year before, gathered into one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.books import kept
from argosy.books.gaps import coverage
from argosy.books.profit import earned, of_goods, profit
from argosy.brief.remembered import SCHEMA
from argosy.model.entries import BRIDGE, ESTIMATED, MARGINS

TOP = 8
NOTHING = Decimal("0.0000")
Fetch = Callable[[Table], list[dict[str, Any]]]


@dataclass(frozen=True)
class Period:
    """Days from ``start`` up to but without ``end``."""

    start: date
    end: date

    @property
    def before(self) -> Period:
        """The same number of days just before."""
        return Period(self.start - (self.end - self.start), self.start)

    @property
    def year_before(self) -> Period:
        """The same weekdays a year before: 364 days."""
        return Period(self.start - timedelta(days=364), self.end - timedelta(days=364))


def last_period(entries: Table, fetch: Fetch, *, days: int = 30) -> Period | None:
    """Return the last ``days`` days on which something was earned or spent; None when nothing ever was."""
    # Goods received ahead of the season are no business of the season's end.
    found = fetch(earned(entries).aggregate(last=lambda t: t.posted_at.max().date()))
    last = found[0]["last"] if found else None
    return Period(last - timedelta(days=days - 1), last + timedelta(days=1)) if last else None


def gather_brief(
    entries: Table,
    promises: Table,
    fetch: Fetch,
    *,
    period: Period,
    book_currency: str,
    findings: Sequence[Mapping[str, Any]],
    gaps: Sequence[Mapping[str, Any]],
    imports: Sequence[Mapping[str, Any]],
    titles: Callable[[Sequence[str]], Mapping[str, str]],
) -> dict[str, Any]:
    """Return the brief as plain values, as ``brief/schema.json`` describes them; amounts are decimals as text.

    A comparison with a period before the first entry is null, not zero: nothing is known of it.
    """
    spans = {"now": period, "before": period.before, "year_before": period.year_before}
    first = fetch(earned(entries).aggregate(first=lambda t: t.posted_at.min().date()))[0]["first"]
    known = {name: span for name, span in spans.items() if name == "now" or first <= span.start}
    within = _spanned(entries, known)
    money, orders = _money(within, fetch), _orders(within, fetch)
    covered = _coverage(entries, fetch, period)
    uncosted = [name for name in MARGINS if name != "net_sales"] if _uncosted(covered) else []
    return {
        "schema": SCHEMA,
        "currency": book_currency,
        **{("period" if name == "now" else name): _span(span) for name, span in spans.items()},
        "known_since": first.isoformat(),
        "money": [_figure(name, money, at_most=name in uncosted) for name in (*BRIDGE, *MARGINS)],
        "orders": {name: orders.get(name, 0) if name in known else None for name in spans},
        "unbooked": sum(int(row["unbooked"]) for row in money.get("now", {}).values()),
        "markets": _top(entries, fetch, period, by="market"),
        "products": _titled(_top(of_goods(entries), fetch, period, by="sku"), titles),
        "promises": _promises(promises, fetch, period),
        "coverage": [_plain(row) for row in covered],
        "findings": _grouped(findings),
        "gaps": [_plain(gap) for gap in gaps],
        "imports": [_plain(row) for row in imports],
    }


def _spanned(entries: Table, spans: Mapping[str, Period]) -> Table:
    """Return the entries of the periods with the name of theirs in ``span``; periods do not overlap."""
    at = entries.posted_at
    within = {name: (at >= _midnight(span.start)) & (at < _midnight(span.end)) for name, span in spans.items()}
    named = ibis.cases(*((inside, name) for name, inside in within.items()))
    return entries.mutate(span=named).filter(named.notnull())


def _midnight(day: date) -> Any:
    return ibis.timestamp(day.isoformat())


def _money(within: Table, fetch: Fetch) -> dict[str, dict[str, dict[str, Any]]]:
    """Return span -> state -> the bridge and margins."""
    money: dict[str, dict[str, dict[str, Any]]] = {}
    for row in fetch(profit(within, by=["span", "state"])):
        money.setdefault(row["span"], {})[row["state"]] = row
    return money


def _figure(name: str, money: Mapping[str, Mapping[str, Mapping[str, Any]]], *, at_most: bool) -> dict[str, Any]:
    """Return one figure; ``at_most`` says that costs are missing from it, so that it can only be lower."""

    def total(span: str) -> str | None:
        states = money.get(span)
        return str(sum((row[name] for row in states.values()), start=NOTHING)) if states else None

    return {
        "name": name,
        "amount": total("now") or str(NOTHING),
        "before": total("before"),
        "year_before": total("year_before"),
        "estimated": str(money.get("now", {}).get(ESTIMATED, {}).get(name, NOTHING)),
        "at_most": at_most,
        "steps": list(BRIDGE)[: list(BRIDGE).index(MARGINS[name]) + 1] if name in MARGINS else [name],
    }


def _orders(within: Table, fetch: Fetch) -> dict[str, int]:
    sales = within.filter(within.account == "income:sales", within.order_id.notnull(), within.amount < 0)
    counted = sales.group_by("span").aggregate(n=sales.order_id.nunique())
    return {row["span"]: int(row["n"]) for row in fetch(counted)}


def _uncosted(covered: Sequence[Mapping[str, Any]]) -> bool:
    return any(row["with_cost"] < row["sales"] for row in covered)


def _top(entries: Table, fetch: Fetch, period: Period, *, by: str) -> dict[str, Any]:
    """Return the groups with the highest net sales, and how many more there are with what they add up to."""
    table = profit(entries, by=[by], start=period.start, end=period.end)
    columns = (by, "gross_sales", "net_sales", "goods", "cm1", "cm2", "cm3", "estimated")
    rows = sorted(fetch(table.select(*columns)), key=lambda r: (-r["net_sales"], str(r[by])))
    rest = rows[TOP:]
    return {
        "top": [_plain(row) | {"at_most": not row["goods"] and row["gross_sales"] > 0} for row in rows[:TOP]],
        "others": len(rest),
        "others_net_sales": str(sum((row["net_sales"] for row in rest), start=Decimal(0))),
    }


def _titled(groups: dict[str, Any], titles: Callable[[Sequence[str]], Mapping[str, str]]) -> dict[str, Any]:
    known = titles([row["sku"] for row in groups["top"]])
    return groups | {"top": [row | {"title": known.get(row["sku"])} for row in groups["top"]]}


def _promises(promises: Table, fetch: Fetch, period: Period) -> list[dict[str, Any]]:
    due = promises.filter(
        promises.due_at >= _midnight(period.start),
        promises.due_at < _midnight(period.end),
    )
    rows = fetch(kept.kept_promises(due, by=["kind", "direction"]))
    # Where none was late there is no lateness to tell.
    told = [{k: v for k, v in row.items() if v is not None or not k.endswith("_hours")} for row in rows]
    return [_plain(row) for row in told]


def _coverage(entries: Table, fetch: Fetch, period: Period) -> list[dict[str, Any]]:
    within = _spanned(entries, {"now": period}).drop("span")
    return sorted(fetch(coverage(within)), key=lambda row: -row["sales"])


def _grouped(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for finding in findings:
        groups.setdefault((finding["kind"], finding["currency"]), []).append(finding)
    made = [
        {
            "kind": kind,
            "currency": currency,
            "count": len(rows),
            "amount": str(sum((abs(row["amount"]) for row in rows), start=Decimal(0))),
            "largest": [_plain(row) for row in rows[:3]],
        }
        for (kind, currency), rows in groups.items()
    ]
    return sorted(made, key=lambda group: -Decimal(str(group["amount"])))


def _span(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": (period.end - timedelta(days=1)).isoformat()}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
