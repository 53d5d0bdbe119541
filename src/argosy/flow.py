"""The whole way on one screen: exports -> facts -> books -> findings -> proposals."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from time import perf_counter

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from argosy.books import gaps, reconcile
from argosy.books.costs import LOT, UNVALUED, UnvaluedLot, ValuedLot, value_lots, weighted_average
from argosy.books.gaps import GAP
from argosy.books.goods import issued_goods
from argosy.books.ledger import Sources, post_entries, sources_of
from argosy.books.promises import post_promises, promise_gaps
from argosy.books.reconcile import FINDING
from argosy.books.sales import sold_lines
from argosy.books.tax import tell_tax, untold_tax
from argosy.brief.orders import LISTED, listed_orders
from argosy.decisions.decide import approve_within_limits
from argosy.decisions.state import State
from argosy.decisions.watch import Changes, Noticed, record
from argosy.domains.registry import CHECKS, REMEDIES
from argosy.domains.stock.cover import COVER, KIND, NEEDS, cover
from argosy.intake.importer import FileReport, Progress, import_files
from argosy.lake.books import PostedBook, book_current, book_mark, book_marks, load_books, save_book, save_list
from argosy.lake.engine import Lake
from argosy.lake.publish import publish
from argosy.lake.spark import Spark, check_engine
from argosy.lake.store import facts
from argosy.lake.workspace import Workspace, create_workspace, discard_workspace
from argosy.model.countries import currency_of, home_of
from argosy.model.entries import ENTRIES
from argosy.model.errors import ArgosyError, FolderTaken, LakeBusy, WorkspaceMissing
from argosy.model.facts import FACTS
from argosy.model.findings import CannotTell, Finding
from argosy.model.promises import PROMISES
from argosy.model.version import VERSION
from argosy.outlook.known import Known
from argosy.rules.fees import fee_rate_table
from argosy.rules.vat import rate_share_table


def begin(folder: Path, *, home: str, book_currency: str, language: str = "en", guessed: bool = False) -> Workspace:
    """Make a workspace and give it the exchange rates that come with Argosy (European Central Bank)."""
    workspace = create_workspace(folder, home=home, book_currency=book_currency, language=language, guessed=guessed)
    shipped = files("argosy").joinpath("rules", "ecb", "eurofxref-hist.zip")
    try:
        with as_file(shipped) as path, Lake(workspace) as lake:
            import_files(lake, [str(path)], known_at=now())
    except ArgosyError:
        discard_workspace(workspace)
        raise
    return workspace


def begin_here(folder: Path, *, language: str) -> bool:
    """Make a workspace of a folder that is empty or not there, and return whether it did; False: it is one already.

    Home and currency are those the language points to, until the owner says. ``FolderTaken`` where something else lies,
    ``WorkspaceMissing`` where a team's database says that the business is elsewhere.
    """
    if (folder / "settings.toml").is_file():
        return False
    if os.environ.get("ARGOSY_DATABASE_URL"):
        raise WorkspaceMissing(folder=folder.resolve())
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(folder=folder.resolve())
    home = home_of(language) or "US"
    begin(folder, home=home, book_currency=currency_of(home), language=language, guessed=True)
    return True


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


def read_files(
    lake: Lake,
    paths: Sequence[str],
    *,
    known_at: datetime | None = None,
    account: str = "main",
    names: Mapping[str, str] | None = None,
    progress: Progress = lambda name, done, total: None,
) -> list[FileReport]:
    """Read export files into facts, post both ledgers, and return what became of each file; ``names``: what people
    call a file, by its path."""
    with lake.posting(patience=0):  # whoever asks meanwhile need not post what will be posted at the end
        reports = import_files(lake, paths, known_at=known_at or now(), account=account, names=names, progress=progress)
        post_books(lake)
    return reports


def post_books(lake: Lake) -> Books:
    """Return the books as they are stored, posted again where facts or settings changed, or the day did."""
    if _current(lake):
        return _stored(lake)
    if not lake.writable:
        return books_known(lake, now())
    with lake.posting():
        if not _current(lake):  # else who was waited for has posted them
            lake.write(lambda connection: _post(lake))
    return _stored(lake)


def last_books(lake: Lake) -> Books:
    """Return the books as they were last posted, from whatever facts there were; posted now where they never were."""
    return _stored(lake) if BOOKS.keys() <= book_marks(lake).keys() else post_books(lake)


def _current(lake: Lake) -> bool:
    return book_current(lake, "promises", day=now().date()) and book_current(lake, "entries")


def _post(lake: Lake) -> None:
    """Post all books from the facts of one moment, and let them be seen together."""
    day, sources = now().date(), sources_in(lake)
    if not book_current(lake, "entries"):
        save_book(lake, "entries", post_entries(sources), ENTRIES)
    # What is promised and what is late are judged anew every day.
    entries = lake.table("entries")
    save_book(lake, "gaps", gaps_of(sources, entries, as_of=now()), GAP, day=day)
    save_book(lake, "findings", findings_of(sources, as_of=day), FINDING, day=day)
    save_book(lake, "promises", [post_promises(sources.facts, as_of=now())], PROMISES, day=day)


def _stored(lake: Lake) -> Books:
    return Books(*(lake.table(name) for name in BOOKS))


def order_list(lake: Lake, books: Books) -> Table:
    """Return what lists say of every order, columns as in ``brief.orders.LISTED``; made once for each posting."""
    marks = book_marks(lake)
    if "order_list" not in marks or marks["order_list"] != marks.get("promises"):
        rows = listed_orders({name: facts(lake, name) for name in FACTS}, books.entries, books.promises)
        if not lake.writable:
            return rows
        try:
            newest_first = rows.order_by(ibis.desc("placed"), ibis.desc("order_id"))
            save_list(lake, "order_list", newest_first, LISTED, of="promises")
        except LakeBusy:
            return rows
    return lake.table("order_list")


def books_known(lake: Lake, moment: datetime) -> Books:
    """Return the books as they were known at the UTC ``moment``; nothing is stored."""
    sources = sources_in(lake, as_known=moment)
    entries = _kept(lake, "entries_then", post_entries(sources), ENTRIES)
    return Books(
        entries,
        _kept(lake, "promises_then", [post_promises(sources.facts, as_of=moment)], PROMISES),
        _kept(lake, "findings_then", findings_of(sources, as_of=moment.date()), FINDING),
        _kept(lake, "gaps_then", gaps_of(sources, entries, as_of=moment), GAP),
    )


def _kept(lake: Lake, name: str, parts: Iterable[Table], schema: Mapping[str, str]) -> Table:
    typed = [part.select(**{c: part[c].cast(t) for c, t in schema.items()}) for part in parts]
    return lake.keep(name, ibis.union(ibis.memtable([], schema=dict(schema)), *typed))


def publish_facts(lake: Lake, *, as_of: datetime) -> Path:
    """Write a snapshot of the facts, and of the lots and fee rates posting needs, for other engines; its folder."""
    with lake.reading():
        return publish(lake, tables_in(lake), as_of=as_of, version=VERSION)


def post_on_spark(lake: Lake, engine: str) -> Books:
    """Return the books, posted by the Spark cluster ``engine`` (spark://HOST:PORT) over a published snapshot."""
    check_engine(engine)
    moment = now()
    day = moment.date()
    with lake.reading():
        marks = {name: book_mark(lake, day=None if name == "entries" else day) for name in BOOKS}
        snapshot = publish(lake, tables_in(lake), as_of=moment, version=VERSION)
    with Spark(engine, snapshot) as spark:
        filled = frozenset(name for name in FACTS if spark.rows[name])
        sources = sources_of(spark.tables, filled=filled, book_currency=lake.workspace.settings.book_currency)
        entries = spark.save("entries", post_entries(sources), ENTRIES)
        spark.save("promises", [post_promises(sources.facts, as_of=moment)], PROMISES)
        spark.save("findings", findings_of(sources, as_of=day), FINDING)
        spark.save("gaps", gaps_of(sources, entries, as_of=moment), GAP)
        load_books(lake, [PostedBook(name, spark.folder(name), schema, marks[name]) for name, schema in BOOKS.items()])
    return _stored(lake)


def sources_in(lake: Lake, *, as_known: datetime | None = None) -> Sources:
    """Return what the ledgers are posted from, as it holds now or was known at ``as_known``."""
    tables = tables_in(lake, as_known=as_known)
    filled = _filled(lake, {name: tables[name] for name in FACTS})
    return sources_of(tables, filled=filled, book_currency=lake.workspace.settings.book_currency, keep=lake.keep)


def tables_in(lake: Lake, *, as_known: datetime | None = None) -> dict[str, Table]:
    """Return the facts with what they do not say and the rules and amounts tell: tax in prices, lots in the book
    currency; and the fee rates."""
    tables = {name: facts(lake, name, as_known=as_known) for name in FACTS}
    if lake.rows(tables["order_lines"].filter(untold_tax).limit(1)):
        told = tell_tax(tables["order_lines"], tables["orders"], ibis.memtable(rate_share_table()))
        tables["order_lines"] = lake.keep("order_lines_told", told)
    valued, unvalued = _valued_lots(lake, tables)
    received = [lot for lot in valued if lot.quantity is not None]
    if lake.workspace.settings.costing == "weighted_average":
        issues = issued_goods(sold_lines(tables["orders"], tables["order_lines"]))
        valued = weighted_average(valued, _issued_by_day(lake, issues, valued))
    tables |= _lots(lake, "lots_received", received, LOT)
    tables |= _lots(lake, "lots_unvalued", unvalued, UNVALUED)
    tables |= _lots(lake, "lots_stock", [lot for lot in valued if lot.quantity is not None], LOT)
    tables |= _lots(lake, "lots_standard", [lot for lot in valued if lot.quantity is None], LOT)
    return tables | {"fee_rates": ibis.memtable(fee_rate_table())}


def _valued_lots(lake: Lake, read: Mapping[str, Table]) -> tuple[list[ValuedLot], list[UnvaluedLot]]:
    lots = lake.rows(read["cost_lots"])
    today = now().date()
    days = {lot["received_on"] or today for lot in lots}
    rates = read["fx_rates"].filter(read["fx_rates"].day.isin(sorted(days))) if days else None
    found = lake.rows(rates.select("day", "currency", "per_unit")) if rates is not None else []
    return value_lots(
        lots,
        rates={(row["day"], row["currency"]): row["per_unit"] for row in found},
        book_currency=lake.workspace.settings.book_currency,
        today=today,
    )


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


def _filled(lake: Lake, read: Mapping[str, Table]) -> frozenset[str]:
    empty = lake.unwritten()
    counts = [t.aggregate(n=t.count()).mutate(name=ibis.literal(n)) for n, t in read.items() if n not in empty]
    return frozenset(row["name"] for row in lake.rows(ibis.union(*counts)) if row["n"]) if counts else frozenset()


def known_in(lake: Lake, books: Books) -> Known:
    """Return all that is known now: the day after the last one orders speak of, at most tomorrow."""
    read = {name: facts(lake, name) for name in FACTS}
    settings = lake.workspace.settings
    last = lake.rows(read["orders"].aggregate(day=read["orders"].placed_at.max().date()))[0]["day"]
    today = now().date()
    return Known(
        day=min(last or today, today) + timedelta(days=1),
        home=settings.home,
        book_currency=settings.book_currency,
        facts=read,
        entries=books.entries,
        promises=books.promises,
        filled=_filled(lake, read),
        run=lake.arrow,
        query=lake.sql,
    )


def notice(known: Known, *, progress: Progress = lambda name, done, total: None) -> list[Noticed | CannotTell]:
    """Return what every check of every domain finds with what is proposed about it, or that it cannot tell."""
    noticed: list[Noticed | CannotTell] = []
    for done, (kind, check) in enumerate(CHECKS.items()):
        progress(kind, done, len(CHECKS))
        noticed += [one if isinstance(one, CannotTell) else answered(one, known) for one in check.run(known)]
    progress("", len(CHECKS), len(CHECKS))
    return noticed


def answered(finding: Finding, known: Known) -> Noticed:
    """Return a finding with what its domain proposes about it."""
    remedy = REMEDIES.get(finding.kind)
    return Noticed(finding, tuple(remedy(finding, known)) if remedy else ())


def watch(lake: Lake, state: State, *, at: datetime, progress: Progress = lambda name, done, total: None) -> Changes:
    """Run every check once, keep what it found and what is proposed about it, order what policies let Argosy do by
    itself, and return what changed since the watch before; ``at``: when it is, UTC."""
    begun = perf_counter()
    known = known_in(lake, post_books(lake))
    noticed = notice(known, progress=progress)
    rates = {currency: rate for currency in _currencies(noticed) if (rate := known.rate(currency)) is not None}
    keep_cover(lake, known)
    changes = record(state, noticed, day=known.day, at=at, seconds=perf_counter() - begun, rates=rates)
    approve_within_limits(state, at=at)
    return changes


def keep_cover(lake: Lake, known: Known) -> None:
    """Store how long stock lasts as it is foreseen now; nothing where it cannot be told."""
    told = cover(known)
    rows = [] if isinstance(told, CannotTell) else [lake.keep("cover_now", ibis.memtable(told))]
    lake.write(lambda connection: save_book(lake, "cover", rows, COVER, day=known.day))


def cover_known(lake: Lake) -> Table | CannotTell:
    """Return how long stock lasts, as the last watch foresaw, columns as in ``COVER``; CannotTell: no count of stock or
    no sale was read; with nothing it needs: nobody has looked yet."""
    read = {name: facts(lake, name) for name in NEEDS}
    if missing := set(NEEDS) - _filled(lake, read):
        return CannotTell(KIND, tuple(name for name in NEEDS if name in missing))
    return lake.table("cover") if "cover" in book_marks(lake) else CannotTell(KIND, ())


def _currencies(noticed: Iterable[Noticed | CannotTell]) -> set[str]:
    changes = (one.change for found in noticed if isinstance(found, Noticed) for one in found.proposals)
    return {change.values["currency"] for change in changes if "currency" in change.values}


def findings_of(sources: Sources, *, as_of: date) -> list[Table]:
    """Return what does not add up at the end of the day ``as_of``, part by part, columns as in ``FINDING``."""
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


def gaps_of(sources: Sources, entries: Table, *, as_of: datetime) -> list[Table]:
    """Return what the books cannot tell, part by part, columns as in ``GAP``."""
    f = sources.facts
    told = gaps.gap_rows(
        entries, sources.costed, orders=f["orders"], lines=f["order_lines"], payout_lines=f["payout_lines"],
        bank=f["bank_lines"],
    )  # fmt: skip
    if sources.unvalued is not None:
        told.append(gaps.unvalued_lot_rows(sources.unvalued))
    return [*told, gaps.promise_gap_rows(promise_gaps(f))]
