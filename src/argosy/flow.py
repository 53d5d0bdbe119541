"""The whole way on one screen: exports -> facts -> books, and the questions a seller asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from argosy import __version__
from argosy.books import gaps, kept, profit, reconcile
from argosy.books.costs import LOT, UNVALUED, UnvaluedLot, ValuedLot, value_lots, weighted_average
from argosy.books.gaps import GAP
from argosy.books.goods import issued_goods
from argosy.books.ledger import Sources, post_entries, sources_of
from argosy.books.promises import post_promises, promise_gaps
from argosy.books.reconcile import FINDING
from argosy.books.sales import sold_lines
from argosy.books.tax import tell_tax, untold_tax
from argosy.brief.contents import Period, gather_brief, last_period
from argosy.brief.remembered import load_brief, save_brief
from argosy.brief.why import open_figure
from argosy.intake.importer import FileReport, Progress, import_files
from argosy.lake.books import PostedBook, book_current, book_mark, load_books, save_book
from argosy.lake.engine import Lake
from argosy.lake.publish import publish
from argosy.lake.spark import Spark, check_engine
from argosy.lake.store import create_tables, facts
from argosy.lake.workspace import Workspace, create_workspace, discard_workspace, open_workspace
from argosy.model.entries import ENTRIES
from argosy.model.errors import ArgosyError, NoDeliveries
from argosy.model.facts import FACTS
from argosy.model.promises import PROMISES
from argosy.outlook import transit
from argosy.rules.fees import fee_rate_table
from argosy.rules.vat import rate_share_table


def begin(folder: Path, *, home: str, book_currency: str, language: str = "en") -> Workspace:
    """Make a workspace and give it the exchange rates that come with Argosy (European Central Bank)."""
    workspace = create_workspace(folder, home=home, book_currency=book_currency, language=language)
    shipped = files("argosy").joinpath("rules", "ecb", "eurofxref-hist.zip")
    try:
        with as_file(shipped) as path, Lake(workspace) as lake:
            import_files(lake, [str(path)], known_at=now())
    except ArgosyError:
        discard_workspace(workspace)
        raise
    return workspace


def now() -> datetime:
    """Return this moment, UTC, as facts keep it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True)
class Books:
    """The two ledgers, what does not add up in them and what they cannot tell, as it holds now or was once known."""

    entries: Table
    promises: Table
    findings: Table
    gaps: Table


BOOKS = {"entries": ENTRIES, "promises": PROMISES, "findings": FINDING, "gaps": GAP}


class Business:
    """One seller's business: import files, then ask.

    Tables come back as Ibis expressions: ``.to_polars()``, ``.to_pandas()``, ``.to_pyarrow()`` give the rows.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def at(cls, folder: str | Path) -> Business:
        """Return the business kept in ``folder``; ``WorkspaceMissing`` when there is none."""
        return cls(open_workspace(Path(folder)))

    @cached_property
    def lake(self) -> Lake:
        """The connection to the workspace's lake."""
        lake = Lake(self.workspace)
        create_tables(lake)
        return lake

    def import_files(
        self,
        *paths: str,
        account: str = "main",
        known_at: datetime | None = None,
        progress: Progress = lambda name, done, total: None,
    ) -> list[FileReport]:
        """Read export files into facts, post both ledgers, and return what became of each file."""
        reports = import_files(self.lake, paths, known_at=known_at or now(), account=account, progress=progress)
        self.books()
        return reports

    def books(self, *, as_known: datetime | None = None) -> Books:
        """Return the books, posted again when facts or settings changed, or as they were known at ``as_known``."""
        lake = self.lake
        if as_known is not None:
            return self._books_then(as_known)
        day = now().date()
        if book_current(lake, "promises", day=day) and book_current(lake, "entries"):
            return self._stored()
        if not lake.writable:
            return self._books_then(now())
        sources = self._sources()
        if not book_current(lake, "entries"):
            save_book(lake, "entries", post_entries(sources), ENTRIES)
        # What is promised and what is late are judged anew every day.
        entries = lake.table("entries")
        save_book(lake, "gaps", _gaps(sources, entries, as_of=now()), GAP, day=day)
        save_book(lake, "findings", _findings(sources, as_of=day), FINDING, day=day)
        save_book(lake, "promises", [post_promises(sources.facts, as_of=now())], PROMISES, day=day)
        return self._stored()

    def _books_then(self, as_known: datetime) -> Books:
        sources, lake = self._sources(as_known=as_known), self.lake
        entries = _kept(lake, "entries_then", post_entries(sources), ENTRIES)
        return Books(
            entries,
            _kept(lake, "promises_then", [post_promises(sources.facts, as_of=as_known)], PROMISES),
            _kept(lake, "findings_then", _findings(sources, as_of=as_known.date()), FINDING),
            _kept(lake, "gaps_then", _gaps(sources, entries, as_of=as_known), GAP),
        )

    def publish(self) -> Path:
        """Write a snapshot of the facts, and of the lots and fee rates posting needs, for other engines; its folder."""
        with self.lake.reading():
            return publish(self.lake, self._tables(), as_of=now(), version=__version__)

    def compute(self, engine: str) -> Books:
        """Return the books, posted by the Spark cluster ``engine`` (spark://HOST:PORT) over a published snapshot."""
        check_engine(engine)
        moment = now()
        day = moment.date()
        with self.lake.reading():
            marks = {name: book_mark(self.lake, day=None if name == "entries" else day) for name in BOOKS}
            snapshot = publish(self.lake, self._tables(), as_of=moment, version=__version__)
        with Spark(engine, snapshot) as spark:
            filled = frozenset(name for name in FACTS if spark.rows[name])
            currency = self.workspace.settings.book_currency
            sources = sources_of(spark.tables, filled=filled, book_currency=currency)
            entries = spark.save("entries", post_entries(sources), ENTRIES)
            spark.save("promises", [post_promises(sources.facts, as_of=moment)], PROMISES)
            spark.save("findings", _findings(sources, as_of=day), FINDING)
            spark.save("gaps", _gaps(sources, entries, as_of=moment), GAP)
            load_books(
                self.lake,
                [PostedBook(name, spark.folder(name), schema, marks[name]) for name, schema in BOOKS.items()],
            )
        return self._stored()

    def _stored(self) -> Books:
        return Books(*(self.lake.table(name) for name in BOOKS))

    def _sources(self, *, as_known: datetime | None = None) -> Sources:
        tables = self._tables(as_known=as_known)
        filled = _filled(self.lake, {name: tables[name] for name in FACTS})
        currency = self.workspace.settings.book_currency
        return sources_of(tables, filled=filled, book_currency=currency, keep=self.lake.keep)

    def _tables(self, *, as_known: datetime | None = None) -> dict[str, Table]:
        tables = {name: facts(self.lake, name, as_known=as_known) for name in FACTS}
        if self.lake.rows(tables["order_lines"].filter(untold_tax).limit(1)):
            told = tell_tax(tables["order_lines"], tables["orders"], ibis.memtable(rate_share_table()))
            tables["order_lines"] = self.lake.keep("order_lines_told", told)
        valued, unvalued = self._valued_lots(tables)
        received = [lot for lot in valued if lot.quantity is not None]
        if self.workspace.settings.costing == "weighted_average":
            issues = issued_goods(sold_lines(tables["orders"], tables["order_lines"]))
            valued = weighted_average(valued, _issued_by_day(self.lake, issues, valued))
        tables |= _lots(self.lake, "lots_received", received, LOT)
        tables |= _lots(self.lake, "lots_unvalued", unvalued, UNVALUED)
        tables |= _lots(self.lake, "lots_stock", [lot for lot in valued if lot.quantity is not None], LOT)
        tables |= _lots(self.lake, "lots_standard", [lot for lot in valued if lot.quantity is None], LOT)
        return tables | {"fee_rates": ibis.memtable(fee_rate_table())}

    def _valued_lots(self, read: Mapping[str, Table]) -> tuple[list[ValuedLot], list[UnvaluedLot]]:
        lots = self.lake.rows(read["cost_lots"])
        today = now().date()
        days = {lot["received_on"] or today for lot in lots}
        rates = read["fx_rates"].filter(read["fx_rates"].day.isin(sorted(days))) if days else None
        found = self.lake.rows(rates.select("day", "currency", "per_unit")) if rates is not None else []
        return value_lots(
            lots,
            rates={(row["day"], row["currency"]): row["per_unit"] for row in found},
            book_currency=self.workspace.settings.book_currency,
            today=today,
        )

    def entries(self, *, as_known: datetime | None = None) -> Table:
        """Return the money ledger, columns as in ``argosy.model.entries.ENTRIES``."""
        return self.books(as_known=as_known).entries

    def profit(
        self,
        by: Sequence[str] = (),
        *,
        start: date | None = None,
        end: date | None = None,
        as_known: datetime | None = None,
    ) -> Table:
        """Return the money bridge and contribution margins; see ``argosy.books.profit.profit``."""
        return profit.profit(self.entries(as_known=as_known), by=by, start=start, end=end)

    def balances(self, *, as_known: datetime | None = None) -> Table:
        """Return what stands on every account; see ``argosy.books.profit.balances``."""
        return profit.balances(self.entries(as_known=as_known))

    def cash(self, *, by: str = "week") -> Table:
        """Return money in, out and on its way; see ``argosy.books.profit.cash``."""
        return profit.cash(self.entries(), by=by)

    def receivables(self, *, as_of: date | None = None) -> Table:
        """Return what channels and providers owe by age; see ``argosy.books.profit.receivables``."""
        return profit.receivables(self.entries(), as_of=as_of or now().date())

    def variance(self) -> Table:
        """Return estimates against what was settled; see ``argosy.books.profit.variance``."""
        return profit.variance(self.entries())

    def coverage(self) -> Table:
        """Return how much of the sales is costed and settled; see ``argosy.books.gaps.coverage``."""
        return gaps.coverage(self.entries())

    def restatements(self, *, before: datetime, after: datetime | None = None, by: Sequence[str] = ("month",)) -> Table:
        """Return the groups whose profit changed between two states of knowledge."""
        then = self.lake.keep("entries_before", self.entries(as_known=before))
        return profit.restated(then, self.entries(as_known=after), by=by)

    def promises(self, *, as_known: datetime | None = None) -> Table:
        """Return the promise ledger, columns as in ``argosy.model.promises.PROMISES``."""
        return self.books(as_known=as_known).promises

    def kept(self, by: Sequence[str] = ("kind",)) -> Table:
        """Return the share of due promises that were kept; see ``argosy.books.kept.kept_rate``."""
        return kept.kept_rate(self.promises(), by=by)

    def findings(self) -> Table:
        """Return what does not reconcile, columns as in ``argosy.books.reconcile.FINDING``."""
        return self.books().findings

    def gaps(self) -> Table:
        """Return what cannot be told and which file would tell it, columns as in ``argosy.books.gaps.GAP``."""
        return self.books().gaps

    def quote_delivery(self, *, to: str, origin: str | None = None, kept: float = 0.95) -> transit.DeliveryQuote:
        """Return the shortest delivery time to ``to`` (BR, BR-SP) kept with the probability asked;
        ``NoDeliveries`` while none is known."""
        country, _, region = to.partition("-")
        quote = transit.quote(
            self._transit_history(),
            to=transit.Place(country.upper(), region or None),
            origin=origin,
            on=now().date(),
            kept=kept,
        )
        if quote is None:
            raise NoDeliveries()
        return quote

    def backtest_quotes(self) -> transit.BacktestResult | None:
        """Return how quotes did on the last third of the orders, beside the shop's own promises."""
        return transit.backtest(self._transit_history())

    def _transit_history(self) -> Any:
        self.books()
        read = {name: facts(self.lake, name) for name in FACTS}
        zones = self.lake.rows(read["channels"].select("channel_id", "timezone"))
        today = datetime.now(UTC)
        east = {row["channel_id"]: _hours_east(row["timezone"], today) for row in zones}
        return self.lake.arrow(transit.transit_times(read, hours_east=east))

    def brief(
        self, *, days: int = 30, until: date | None = None, as_known: datetime | None = None
    ) -> dict[str, Any] | None:
        """Return the brief of the last ``days`` days up to ``until`` (else the last day with data) as plain values,
        as ``argosy/brief/schema.json`` describes them; None while there is nothing to tell."""
        day = now().date()
        known = None if as_known else load_brief(self.lake, days=days, until=until, day=day)
        if known is not None:
            return known
        made = self._brief(days, until, as_known)
        if made is not None and as_known is None:
            save_brief(self.lake, made, days=days, until=until, day=day)
        return made

    def _brief(self, days: int, until: date | None, as_known: datetime | None) -> dict[str, Any] | None:
        books = self.books(as_known=as_known)
        period = last_period(books.entries, self.lake.rows, days=days)
        if period is None:
            return None
        if until is not None:
            period = Period(until - timedelta(days=days - 1), until + timedelta(days=1))
        imports = self.lake.table("imports")
        read = imports.select("name", "format", "rows", "accepted", "rejected", "ignored", "imported_at", "notes")
        return gather_brief(
            books.entries,
            books.promises,
            self.lake.rows,
            period=period,
            book_currency=self.workspace.settings.book_currency,
            findings=self.lake.rows(books.findings.order_by(books.findings.amount.abs().desc(), "subject")),
            gaps=self.lake.rows(books.gaps),
            imports=self.lake.rows(read.order_by("imported_at", "name")),
            titles=self._titles,
        )

    def _titles(self, skus: Sequence[str]) -> dict[str, str]:
        lines = facts(self.lake, "order_lines")
        named = lines.filter(lines.sku.isin(list(skus)), lines.title.notnull())
        return {
            row["sku"]: row["title"] for row in self.lake.rows(named.group_by("sku").aggregate(title=named.title.max()))
        }

    def why(
        self,
        figure: str,
        *,
        start: date | None = None,
        end: date | None = None,
        limit: int = 20,
        **where: str,
    ) -> dict[str, Any]:
        """Return what a figure is made of; see ``argosy.brief.why.open_figure``."""
        return open_figure(self.entries(), self.lake, figure, start=start, end=end, limit=limit, where=where)

    def close(self) -> None:
        """Let go of the lake."""
        if "lake" in self.__dict__:
            self.lake.close()


def _findings(sources: Sources, *, as_of: date) -> list[Table]:
    f, has = sources.facts, sources.filled.issuperset
    found = []
    if has(("payouts", "payout_lines")):
        found.append(reconcile.header_against_lines(f["payouts"], f["payout_lines"]))
    if has(("payouts", "bank_lines")):
        found.append(reconcile.payout_against_bank(f["payouts"], f["bank_lines"]))
    if has(("orders", "payout_lines")):
        found.append(reconcile.orders_without_payout(sources.sold, sources.matched, as_of=as_of))
        found.append(reconcile.lines_without_order(sources.matched, f["orders"]))
    if has(("orders", "payments")):
        found.append(reconcile.payments_against_order(sources.sold, f["payments"]))
    if has(("orders", "order_lines")):
        found.append(reconcile.total_against_lines(sources.sold, f["order_lines"], f["orders"]))
    if has(("orders",)):
        found.append(reconcile.refunds_above_sale(sources.sold, f["refunds"], f["orders"], sources.matched))
    return found


def _gaps(sources: Sources, entries: Table, *, as_of: datetime) -> list[Table]:
    f = sources.facts
    told = gaps.gap_rows(entries, f["orders"], f["order_lines"], f["payout_lines"], f["bank_lines"])
    if sources.unvalued is not None:
        told.append(gaps.unvalued_lot_rows(sources.unvalued))
    return [*told, gaps.promise_gap_rows(promise_gaps(f))]


def _kept(lake: Lake, name: str, parts: Iterable[Table], schema: Mapping[str, str]) -> Table:
    typed = [part.select(**{c: part[c].cast(t) for c, t in schema.items()}) for part in parts]
    return lake.keep(name, ibis.union(ibis.memtable([], schema=dict(schema)), *typed))


def _hours_east(zone: str | None, at: datetime) -> int:
    offset = at.astimezone(ZoneInfo(zone or "UTC")).utcoffset() or timedelta(0)
    return round(offset / timedelta(hours=1))


def _filled(lake: Lake, read: Mapping[str, Table]) -> frozenset[str]:
    counts = [t.aggregate(n=t.count()).mutate(name=ibis.literal(name)) for name, t in read.items()]
    return frozenset(row["name"] for row in lake.rows(ibis.union(*counts)) if row["n"])


def _lots(
    lake: Lake, name: str, lots: Sequence[ValuedLot | UnvaluedLot], columns: Mapping[str, str]
) -> dict[str, Table]:
    if not lots:
        return {}
    rows = pa.Table.from_pylist([vars(lot) for lot in lots], schema=ibis.schema(dict(columns)).to_pyarrow())
    return {name: lake.keep(name, ibis.memtable(rows))}


def _issued_by_day(lake: Lake, issues: Table, lots: list[ValuedLot]) -> list[tuple[str, date, int]]:
    stocked = issues.filter(issues.sku.isin(sorted({lot.sku for lot in lots if lot.quantity is not None})))
    days = stocked.group_by("sku", day=stocked.issued_at.date()).aggregate(units=stocked.quantity.sum())
    return [(row["sku"], row["day"], int(row["units"])) for row in lake.rows(days)]
