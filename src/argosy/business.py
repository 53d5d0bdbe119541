"""One seller's business as Python and the command line ask it: import files, then ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
from ibis.expr.types import Table

from argosy import flow
from argosy.books import gaps, groups, kept, profit
from argosy.brief.contents import Period, gather_brief, last_period
from argosy.brief.order import gather_order, named_order
from argosy.brief.orders import Wanted, listed_orders, order_choices, wanted_orders
from argosy.brief.remembered import load_brief, save_brief
from argosy.brief.search import search
from argosy.brief.top import top_of_queue
from argosy.brief.why import open_figure
from argosy.decisions import outcomes
from argosy.decisions.state import State
from argosy.decisions.watch import Changes
from argosy.domains.stock.cover import COVER
from argosy.flow import Books, now
from argosy.intake.importer import FileReport, Progress
from argosy.intake.mend import Mended, mend_file
from argosy.intake.rejects import list_rejects
from argosy.lake.books import book_mark, book_marks
from argosy.lake.engine import Lake
from argosy.lake.store import create_tables, facts
from argosy.lake.workspace import Workspace, open_workspace
from argosy.model.errors import NoDeliveries
from argosy.model.facts import FACTS
from argosy.model.findings import CannotTell
from argosy.model.promises import OPEN, OURS
from argosy.outlook import transit
from argosy.outlook.known import Known


class Business:
    """One seller's business: import files, then ask.

    Tables come back as Ibis expressions: ``.to_polars()``, ``.to_pandas()``, ``.to_pyarrow()`` give the rows.
    ``posts``: books older than the facts are posted when they are asked for; else they are told as they were last
    posted, and who looks is never kept waiting by an import.
    """

    def __init__(self, workspace: Workspace, *, posts: bool = True) -> None:
        self.workspace = workspace
        self.posts = posts
        # The books as they were last asked for at a moment: one page asks several times.
        self._then: tuple[tuple[datetime, str], Books] | None = None

    @classmethod
    def at(cls, folder: str | Path, *, posts: bool = True) -> Business:
        """Return the business kept in ``folder``; ``WorkspaceMissing`` when there is none."""
        return cls(open_workspace(Path(folder)), posts=posts)

    @cached_property
    def lake(self) -> Lake:
        """The connection to the workspace's lake."""
        lake = Lake(self.workspace)
        create_tables(lake)
        return lake

    @cached_property
    def state(self) -> State:
        """The state store: what was noticed, decided and done."""
        return State(self.workspace)

    def import_files(
        self,
        *paths: str,
        account: str = "main",
        known_at: datetime | None = None,
        names: Mapping[str, str] | None = None,
        progress: Progress = lambda name, done, total: None,
    ) -> list[FileReport]:
        """Read export files into facts, post both ledgers, and return what became of each file; ``names``: what
        people call a file, by its path."""
        return flow.read_files(self.lake, paths, account=account, known_at=known_at, names=names, progress=progress)

    def books(self, *, as_known: datetime | None = None) -> Books:
        """Return the books, posted again when facts or settings changed, or as they were known at ``as_known``."""
        if as_known is None:
            self._then = None  # where nothing can be written, these are posted into the same tables
            return flow.post_books(self.lake) if self.posts else flow.last_books(self.lake)
        asked = (as_known, self.mark())
        if self._then is None or self._then[0] != asked:
            self._then = (asked, flow.books_known(self.lake, as_known))
        return self._then[1]

    def publish(self) -> Path:
        """Write a snapshot of the facts, and of the lots and fee rates posting needs, for other engines; its folder."""
        return flow.publish_facts(self.lake, as_of=now())

    def compute(self, engine: str) -> Books:
        """Return the books, posted by the Spark cluster ``engine`` (spark://HOST:PORT) over a published snapshot."""
        return flow.post_on_spark(self.lake, engine)

    def entries(self, *, as_known: datetime | None = None) -> Table:
        """Return the money ledger, columns as in ``argosy.model.entries.ENTRIES``."""
        return self.books(as_known=as_known).entries

    def profit(
        self,
        by: Sequence[str] = (),
        *,
        start: date | None = None,
        end: date | None = None,
        where: Mapping[str, str] | None = None,
        marked: bool = False,
        as_known: datetime | None = None,
    ) -> Table:
        """Return the money bridge and contribution margins; see ``argosy.books.profit.profit``."""
        entries = profit.where(self.entries(as_known=as_known), where or {})
        return profit.profit(entries, by=by, start=start, end=end, marked=marked)

    def products(
        self, *, start: date | None = None, end: date | None = None, as_known: datetime | None = None
    ) -> Table:
        """Return what every article brought, with its name and units sold; see ``argosy.books.groups.products``."""
        orders, lines = (facts(self.lake, name, as_known=as_known) for name in ("orders", "order_lines"))
        told = None if as_known else self.cover()
        cover = told if isinstance(told, Table) else ibis.memtable([], schema=COVER)
        return groups.products(self.entries(as_known=as_known), orders, lines, cover, start=start, end=end)

    def cover(self) -> Table | CannotTell:
        """Return how long stock lasts as the last watch foresaw; see ``argosy.domains.stock.cover``."""
        return flow.cover_known(self.lake)

    def markets(self, *, start: date | None = None, end: date | None = None, as_known: datetime | None = None) -> Table:
        """Return what every market brought, with its refunds and promises kept; see ``books.groups.markets``."""
        books = self.books(as_known=as_known)
        return groups.markets(books.entries, books.promises, start=start, end=end)

    def balances(self, *, as_known: datetime | None = None) -> Table:
        """Return what stands on every account; see ``argosy.books.profit.balances``."""
        return profit.balances(self.entries(as_known=as_known))

    def cash(self, *, by: str = "week", as_known: datetime | None = None) -> Table:
        """Return money in, out and on its way; see ``argosy.books.profit.cash``."""
        return profit.cash(self.entries(as_known=as_known), by=by)

    def cash_flow(self, *, by: str = "week", as_known: datetime | None = None) -> Table:
        """Return what came to the bank and left it, in the book currency; see ``argosy.books.profit.cash_flow``."""
        return profit.cash_flow(self.entries(as_known=as_known), by=by)

    def receivables(self, *, as_of: date | None = None, as_known: datetime | None = None) -> Table:
        """Return what channels and providers owe by age, at the end of ``as_of``, else of the day asked about."""
        day = as_of or (as_known or now()).date()
        return profit.receivables(self.entries(as_known=as_known), as_of=day)

    def variance(self, *, as_known: datetime | None = None) -> Table:
        """Return estimates against what was settled; see ``argosy.books.profit.variance``."""
        return profit.variance(self.entries(as_known=as_known))

    def coverage(self, *, as_known: datetime | None = None) -> Table:
        """Return how much of the sales is costed and settled; see ``argosy.books.gaps.coverage``."""
        return gaps.coverage(self.entries(as_known=as_known))

    def restatements(self, *, before: datetime, after: datetime | None = None, by: Sequence[str] = ("month",)) -> Table:
        """Return the groups whose profit changed between two states of knowledge; see ``books.profit.restated``."""
        then = self.lake.keep("entries_before", self.entries(as_known=before))
        return profit.restated(then, self.entries(as_known=after), by=by)

    def promises(self, *, as_known: datetime | None = None) -> Table:
        """Return the promise ledger, columns as in ``argosy.model.promises.PROMISES``."""
        return self.books(as_known=as_known).promises

    def kept(
        self,
        by: Sequence[str] = ("kind",),
        *,
        start: date | None = None,
        end: date | None = None,
        as_known: datetime | None = None,
    ) -> Table:
        """Return the share of due promises that were kept and how late the others; see ``books.kept.kept_promises``."""
        promises = kept.due_within(self.promises(as_known=as_known), start=start, end=end)
        if "carrier" in by:
            promises = kept.with_carriers(promises, facts(self.lake, "shipments", as_known=as_known))
        return kept.kept_promises(promises, by=by)

    def due(self, *, as_known: datetime | None = None) -> Table:
        """Return the open promises of the business, the one due soonest first, columns as of ``promises``."""
        promises = self.promises(as_known=as_known)
        return promises.filter(promises.state == OPEN, promises.direction == OURS).order_by("due_at", "promise_id")

    def findings(self, *, as_known: datetime | None = None) -> Table:
        """Return what does not reconcile, columns as in ``argosy.books.reconcile.FINDING``."""
        return self.books(as_known=as_known).findings

    def known(self) -> Known:
        """Return all that is known now, as checks, remedies and measures are given it."""
        return flow.known_in(self.lake, self.books())

    def watch(self, *, progress: Progress = lambda name, done, total: None) -> Changes:
        """Run every check once, keep what it found and proposes, and return what changed since the watch before."""
        return flow.watch(self.lake, self.state, at=now(), progress=progress)

    @property
    def today(self) -> date:
        """The day it is in the business: facts may end long before the day of the clock."""
        return self.known().day

    def outcomes(self) -> list[outcomes.Taken]:
        """Measure the actions whose windows have closed, and return all there were with what they brought."""
        with self.state.read() as connection:
            taken = outcomes.taken(connection)
        if not outcomes.due(taken, self.today):
            return taken
        outcomes.settle(self.state, self.known(), at=now())
        with self.state.read() as connection:
            return outcomes.taken(connection)

    def gaps(self, *, as_known: datetime | None = None) -> Table:
        """Return what cannot be told and which file would tell it, columns as in ``argosy.books.gaps.GAP``."""
        return self.books(as_known=as_known).gaps

    def imports(self, *, as_known: datetime | None = None) -> Table:
        """Return the files that were read, columns as in ``argosy.lake.store.IMPORTS``."""
        read = self.lake.table("imports")
        return read if as_known is None else read.filter(read.imported_at <= ibis.literal(as_known))

    def rejects(self) -> list[dict[str, Any]]:
        """Return the rows that were refused; see ``argosy.intake.rejects.list_rejects``."""
        return list_rejects(self.lake)

    def mend(self, file_hash: str, rows: Mapping[int, str], target: Path) -> Mended:
        """Write a file with refused rows put right, to be imported; see ``argosy.intake.mend.mend_file``."""
        return mend_file(self.lake, file_hash, rows, target)

    def quote_delivery(
        self, *, to: str, origin: str | None = None, kept: float = 0.95, as_known: datetime | None = None
    ) -> transit.DeliveryQuote:
        """Return the shortest delivery time to ``to`` (BR, BR-SP) kept with the probability asked;
        ``NoDeliveries`` while none is known."""
        country, _, region = to.partition("-")
        quote = transit.quote(
            self._transit_history(as_known),
            to=transit.Place(country.upper(), region or None),
            origin=origin,
            on=(as_known or now()).date(),
            kept=kept,
        )
        if quote is None:
            raise NoDeliveries()
        return quote

    def backtest_quotes(
        self, *, kept: float | None = None, as_known: datetime | None = None
    ) -> transit.BacktestResult | None:
        """Return how quotes for the probability ``kept`` did on the last third of the orders, beside the shop's own
        promises; None: for the share of these that it kept itself."""
        return transit.backtest(self._transit_history(as_known), kept=kept)

    def _transit_history(self, as_known: datetime | None) -> Any:
        read = {name: facts(self.lake, name, as_known=as_known) for name in FACTS}
        zones = self.lake.rows(read["channels"].select("channel_id", "timezone"))
        today = datetime.now(UTC)
        east = {row["channel_id"]: _hours_east(row["timezone"], today) for row in zones}
        return self.lake.arrow(transit.transit_times(read, hours_east=east))

    def brief(
        self, *, days: int = 30, until: date | None = None, as_known: datetime | None = None
    ) -> dict[str, Any] | None:
        """Return the brief of the last ``days`` days up to ``until`` (else the last day with data) as plain values,
        as ``argosy/brief/schema.json`` describes them; None while there is nothing to tell."""
        mark = self.books_mark()
        told = None if as_known else load_brief(self.lake, days=days, until=until, mark=mark)
        if told is None:
            told = self._brief(days, until, as_known)
            if told is not None and as_known is None:
                save_brief(self.lake, told, days=days, until=until, mark=mark)
        if told is None:
            return None
        language = self.workspace.settings.language
        return told | {"queue": [] if as_known else top_of_queue(self.workspace, lang=language)}

    def last_period(self, *, days: int = 30, as_known: datetime | None = None) -> Period | None:
        """Return the last ``days`` days on which something was earned or spent; None when nothing ever was."""
        return last_period(self.entries(as_known=as_known), self.lake.rows, days=days)

    def _brief(self, days: int, until: date | None, as_known: datetime | None) -> dict[str, Any] | None:
        books = self.books(as_known=as_known)
        period = last_period(books.entries, self.lake.rows, days=days)
        if period is None:
            return None
        if until is not None:
            period = Period(until - timedelta(days=days - 1), until + timedelta(days=1))
        read = self.imports(as_known=as_known).select(
            "name", "format", "rows", "accepted", "rejected", "ignored", "imported_at", "notes"
        )
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
        as_known: datetime | None = None,
        **where: str,
    ) -> dict[str, Any]:
        """Return what a figure is made of; see ``argosy.brief.why.open_figure``."""
        entries = self.entries(as_known=as_known)
        return open_figure(entries, self.lake, figure, start=start, end=end, limit=limit, where=where)

    def orders(
        self, wanted: Wanted | None = None, *, limit: int | None = None, as_known: datetime | None = None
    ) -> Table:
        """Return the orders wanted, newest first, at most ``limit``; see ``argosy.brief.orders``: listed_orders."""
        read, books = _Facts(self.lake, as_known), self.books(as_known=as_known)
        if as_known is None:
            listed = flow.order_list(self.lake, books)
        else:
            listed = listed_orders(read, books.entries, books.promises)
        currency = self.workspace.settings.book_currency
        return wanted_orders(listed, read, books.entries, wanted or Wanted(), limit=limit, book_currency=currency)

    def order_choices(self) -> Table:
        """Return the channels and markets there are orders of; see ``argosy.brief.orders.order_choices``."""
        return order_choices(facts(self.lake, "orders"))

    def order(self, name: str, *, as_known: datetime | None = None) -> dict[str, Any]:
        """Return all about one order, by its order_id or the name people use; see ``brief.order.gather_order``;
        ``NoSuchOrder`` when there is none, ``SeveralOrders`` when several have the name."""
        read, books = _Facts(self.lake, as_known), self.books(as_known=as_known)
        order_id = named_order(read, name, self.lake.rows)
        # The largest tables are read once, and all about the order is asked of its own rows.
        parcels = self.lake.keep("order_parcels", read["shipments"].filter(read["shipments"].order_id == order_id))
        events = read["tracking_events"].semi_join(parcels, "tracking_no")
        read |= {"shipments": parcels, "tracking_events": self.lake.keep("order_events", events)}
        mine = self.lake.keep("order_entries", books.entries.filter(books.entries.order_id == order_id))
        currency = self.workspace.settings.book_currency
        return gather_order(
            order_id, read, mine, books.promises, books.findings, self.lake.rows, book_currency=currency
        )

    def search(self, text: str, *, limit: int = 8) -> dict[str, list[dict[str, Any]]]:
        """Return what a text may mean, group by group; see ``argosy.brief.search.search``."""
        return search(text, _Facts(self.lake, None), self.state, self.lake.rows, limit=limit)

    def mark(self) -> str:
        """Return what tells this state of books, stock foreseen, settings and day from any other: answers hold as long
        as it does."""
        return f"{self.books_mark()}|{book_marks(self.lake).get('cover')}"

    def books_mark(self) -> str:
        """Return what the books are posted from; where they are not posted when they are asked for, were posted."""
        posted = None if self.posts else book_marks(self.lake).get("promises")
        return posted or self.facts_mark()

    def facts_mark(self) -> str:
        """Return the mark of books posted now."""
        return book_mark(self.lake, day=now().date())

    def close(self) -> None:
        """Let go of the lake and the state store."""
        for name in ("lake", "state"):
            if name in self.__dict__:
                self.__dict__[name].close()


class _Facts(dict[str, Table]):
    """The fact tables by name, each opened when it is asked for: who asks about one order needs few."""

    def __init__(self, lake: Lake, as_known: datetime | None) -> None:
        self.lake, self.as_known = lake, as_known

    def __missing__(self, name: str) -> Table:
        self[name] = facts(self.lake, name, as_known=self.as_known)
        return self[name]


def _hours_east(zone: str | None, at: datetime) -> int:
    offset = at.astimezone(ZoneInfo(zone or "UTC")).utcoffset() or timedelta(0)
    return round(offset / timedelta(hours=1))
