"""The ``argosy`` command."""

from __future__ import annotations

import gc
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from argosy import __version__
from argosy.commands.backup import backup, restore
from argosy.commands.door import AS_KNOWN, FOLDER, JSON, LANG, opened, refusals
from argosy.commands.door import bar as _bar
from argosy.commands.door import day as _day
from argosy.commands.door import lang_of as _lang
from argosy.commands.door import moment as _moment
from argosy.commands.loop import LOOP
from argosy.commands.orders import order, search
from argosy.commands.prove_acting import prove_acting
from argosy.commands.prove_outcomes import prove_outcomes
from argosy.commands.serve import serve
from argosy.commands.token import token

# Heavy modules are imported inside the commands: `argosy --help` must answer at once.

VIEW_NAMES = (
    "profit", "products", "markets", "balances", "cash", "cash_flow", "receivables", "coverage", "variance",
    "restatements", "kept", "findings", "gaps", "entries", "promises", "due", "orders", "imports",
)  # fmt: skip
SHOWN = 60  # rows of a table on the terminal; a file has all
# A query is built from a hundred thousand small objects that all live until it runs: to look for garbage among them
# after every 700 new ones, as Python does by itself, takes a fifth of the time of posting.
GARBAGE = (50_000, 20, 100)


def _pairs(where: tuple[str, ...]) -> dict[str, str]:
    for part in where:
        if "=" not in part:
            raise click.BadParameter(f"{part!r}: write it as market=DE", param_hint="--where")
    return dict(part.split("=", 1) for part in where)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show where an unforeseen error comes from.")
def main(debug: bool) -> None:
    """Argosy: every order is money and promises. 每一笔订单都是钱和承诺。

    \b
    argosy init my-shop --book-currency EUR --home DE
    cd my-shop
    argosy import ~/Downloads/exports
    argosy brief
    """
    gc.set_threshold(*GARBAGE)


for command in LOOP:
    main.add_command(command)
main.add_command(prove_outcomes)
main.add_command(prove_acting)
for command in (serve, order, search, token, backup, restore):
    main.add_command(command)


@main.command()
@click.argument("folder")
@click.option("--book-currency", required=True, metavar="CODE", help="Currency the books are kept in, e.g. EUR.")
@click.option("--home", required=True, metavar="COUNTRY", help="Country the business sits in, e.g. DE.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the reports.")
@refusals
def init(folder: str, book_currency: str, home: str, lang: str) -> None:
    """Make a workspace: the folder a business is kept in."""
    from argosy.flow import begin
    from argosy.model.words import say

    currency, country = book_currency.upper(), home.upper()
    if len(currency) != 3 or not currency.isalpha():
        raise click.BadParameter(f"{book_currency!r} is no currency code such as EUR", param_hint="--book-currency")
    if len(country) != 2 or not country.isalpha():
        raise click.BadParameter(f"{home!r} is no country code such as DE", param_hint="--home")
    begin(Path(folder), home=country, book_currency=currency, language=lang)
    click.echo(say("cli.init", lang, folder=folder, currency=currency))


@main.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--account", default="main", metavar="NAME", help="Which of your shops these files are of.")
@click.option("--known-at", metavar="DATE", help="When these files were known, to load history; now if not given.")
@FOLDER
@LANG
@refusals
def import_(paths: tuple[str, ...], account: str, known_at: str | None, folder: str, lang: str | None) -> None:
    """Read export files, folders, patterns, .gz, .zip and .xlsx into the books."""
    from rich.console import Console

    from argosy.brief.reports import print_reports
    from argosy.intake.formats import known_formats

    chosen = _lang({"lang": lang, "folder": folder})
    with opened(folder) as business, _bar() as progress:
        reports = business.import_files(*paths, account=account, known_at=_moment(known_at), progress=progress)
    print_reports(reports, known_formats(Path(folder)), Console(emoji=False, markup=False), lang=chosen)
    if any(report.outcome in ("unknown", "unreadable") for report in reports):
        sys.exit(2 if not any(report.outcome in ("imported", "known") for report in reports) else 0)


@main.command()
@click.option("--days", default=30, show_default=True, help="How many days the brief looks at.")
@click.option("--until", metavar="DATE", help="Last day of the brief; the last day with data if not given.")
@AS_KNOWN
@JSON
@FOLDER
@LANG
@refusals
def brief(days: int, until: str | None, as_known: str | None, as_json: bool, folder: str, lang: str | None) -> None:
    """Say what was really earned, which promises held, what does not add up, what cannot be told and what to do."""
    from argosy.brief.top import top_of_queue
    from argosy.lake.workspace import open_workspace
    from argosy.model.words import say

    chosen = _lang({"lang": lang, "folder": folder})
    told = None if as_known else _remembered(folder, days=days, until=_day(until))
    if told is None:
        with opened(folder) as business:
            told = business.brief(days=days, until=_day(until), as_known=_moment(as_known))
    if told is None:
        click.echo(say("brief.empty", chosen))
        return
    told = told | {"queue": [] if as_known else top_of_queue(open_workspace(Path(folder)), lang=chosen)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from argosy.brief.terminal import print_brief

    print_brief(told, Console(emoji=False, markup=False), lang=chosen)


def _remembered(folder: str, *, days: int, until: date | None) -> dict[str, Any] | None:
    """Return the brief as it is stored, without loading what only making one needs."""
    from argosy.brief.remembered import load_brief
    from argosy.lake.books import book_mark
    from argosy.lake.engine import Lake
    from argosy.lake.workspace import open_workspace

    with Lake(open_workspace(Path(folder))) as lake:
        return load_brief(lake, days=days, until=until, mark=book_mark(lake, day=datetime.now(UTC).date()))


@main.command()
@click.argument("view", type=click.Choice(VIEW_NAMES))
@click.option("--by", multiple=True, metavar="DIMENSION", help="Group by market, sku, channel, week, month, order ...")
@click.option("--from", "start", metavar="DATE", help="First day, for profit, products, markets, kept and entries.")
@click.option("--to", "until", metavar="DATE", help="Last day.")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only market=DE, sku=...; for profit and entries.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE: .csv, .xlsx, .parquet or .beancount.")
@click.option("--since", metavar="DATE", help="For restatements: what changed since it was known so; 30 days ago.")
@AS_KNOWN
@FOLDER
@LANG
@refusals
def show(
    view: str, by: tuple[str, ...], start: str | None, until: str | None, where: tuple[str, ...], output: str | None,
    since: str | None, as_known: str | None, folder: str, lang: str | None,
) -> None:  # fmt: skip
    """Show one table of the books, or write it to a file."""
    from argosy.brief.files import write_view
    from argosy.decisions.sentences import facts_named
    from argosy.model.words import say
    from argosy.views import VIEWS, Asked

    wanted, chosen = VIEWS[view], _lang({"lang": lang, "folder": folder})
    last = _day(until)
    asked = Asked(
        by, as_known=_moment(as_known), since=_moment(since), start=_day(start),
        end=last + timedelta(days=1) if last else None, where=tuple(_pairs(where).items()),
    )  # fmt: skip
    with opened(folder) as business:
        lake, table = business.lake, wanted.table(business, asked)
        rows = lake.arrow(table if output else table.limit(SHOWN))
        total = rows.num_rows if rows.num_rows < SHOWN else lake.rows(table.aggregate(n=table.count()))[0]["n"]
        currency, blind = business.workspace.settings.book_currency, wanted.blind(business)
    if output is None:
        from rich.console import Console

        from argosy.brief.reports import print_table

        console = Console(emoji=False, markup=False)
        print_table(rows, console, lang=chosen, aside=wanted.aside, kinds=wanted.kinds, more=total - rows.num_rows)
        if blind:
            click.echo(say(blind[0], chosen, tables=facts_named(blind[1], chosen)))
    elif Path(output).suffix == ".beancount":
        from argosy.brief.beancount import write_beancount

        left_out = write_beancount(rows, Path(output), book_currency=currency)
        click.echo(say("cli.beancount", chosen, file=output, n=left_out))
    else:
        write_view(rows, Path(output))
        click.echo(say("cli.written", chosen, file=output, n=rows.num_rows))


@main.command()
@click.argument("figure")
@click.option("--from", "start", metavar="DATE", help="First day.")
@click.option("--to", "until", metavar="DATE", help="Last day.")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only market=DE, sku=..., channel=..., order=...")
@click.option("--limit", default=10, show_default=True, help="How many entries to list.")
@AS_KNOWN
@JSON
@FOLDER
@LANG
@refusals
def why(
    figure: str, start: str | None, until: str | None, where: tuple[str, ...], limit: int, as_known: str | None,
    as_json: bool, folder: str, lang: str | None,
) -> None:  # fmt: skip
    """Open a figure of the brief down to the entries and the rows of your files it came from."""
    last = _day(until)
    with opened(folder) as business:
        chosen = _pairs(where)
        end = last + timedelta(days=1) if last else None
        then = _moment(as_known)
        found = business.why(figure, start=_day(start), end=end, limit=limit, as_known=then, **chosen)
        currency = business.workspace.settings.book_currency
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    from rich.console import Console

    from argosy.brief.reports import print_figure

    print_figure(
        found, Console(emoji=False, markup=False), currency=currency, lang=_lang({"lang": lang, "folder": folder})
    )


@main.command()
@click.option("-o", "--output", metavar="FILE", help="Write them to a CSV file to mend.")
@FOLDER
@LANG
@refusals
def rejects(output: str | None, folder: str, lang: str | None) -> None:
    """List the rows that were refused: file, row, column, reason and the row itself."""
    from rich.console import Console

    from argosy.brief.reports import print_rejects, write_rejects
    from argosy.intake.rejects import list_rejects
    from argosy.model.words import say

    chosen = _lang({"lang": lang, "folder": folder})
    with opened(folder) as business:
        rows = list_rejects(business.lake)
    if output is None:
        print_rejects(rows, Console(emoji=False, markup=False), lang=chosen)
    else:
        write_rejects(rows, Path(output), lang=chosen)
        click.echo(say("cli.written", chosen, file=output, n=len(rows)))


@main.command("quote-delivery")
@click.option("--to", required=True, metavar="PLACE", help="Country, or country and region: BR or BR-SP.")
@click.option("--from", "origin", metavar="ORIGIN", help="Warehouse, region or country it leaves from.")
@click.option("--kept", default=0.95, show_default=True, help="Share of such promises that must be kept.")
@click.option("--backtest", is_flag=True, help="Show how such quotes did on the last third of your orders.")
@AS_KNOWN
@JSON
@FOLDER
@LANG
@refusals
def quote_delivery(
    to: str, origin: str | None, kept: float, backtest: bool, as_known: str | None, as_json: bool, folder: str,
    lang: str | None,
) -> None:  # fmt: skip
    """Quote the shortest delivery time that is kept with the probability you ask for."""
    from dataclasses import asdict

    from rich.console import Console

    from argosy.brief.reports import print_quote

    if not 0 < kept < 1:
        raise click.BadParameter("a share between 0 and 1, such as 0.95", param_hint="--kept")
    with opened(folder) as business:
        then = _moment(as_known)
        quote = business.quote_delivery(to=to, origin=origin, kept=kept, as_known=then)
        tested = business.backtest_quotes(as_known=then) if backtest else None
    if as_json:
        told = {"quote": asdict(quote), "backtest": asdict(tested) if tested else None}
        click.echo(json.dumps(told, indent=2, default=str))
        return
    print_quote(quote, tested, Console(emoji=False, markup=False), lang=_lang({"lang": lang, "folder": folder}))


@main.command()
@click.argument("what", type=click.Choice(["costs"]))
@click.option("-o", "--output", metavar="FILE", help="Where to write it.")
@FOLDER
@LANG
@refusals
def template(what: str, output: str | None, folder: str, lang: str | None) -> None:
    """Write an empty cost sheet (.xlsx) to fill in and import."""
    from argosy.intake.costs import write_template
    from argosy.model.words import say

    chosen = _lang({"lang": lang, "folder": folder})
    path = Path(output or f"{what}.xlsx")
    write_template(path, lang=chosen)
    click.echo(say("cli.template", chosen, file=path))


@main.command("map")
@click.argument("file")
@FOLDER
@LANG
@refusals
def map_(file: str, folder: str, lang: str | None) -> None:
    """Draft the description of a CSV or XLSX file that Argosy does not know yet, for you to finish."""
    from argosy.intake.draft import draft_format
    from argosy.model.words import say

    with opened(folder) as business:
        path = draft_format(file, business.workspace.folder / "formats")
    click.echo(say("cli.mapped", _lang({"lang": lang, "folder": folder}), file=path))


@main.command()
@click.argument("customer")
@click.confirmation_option(prompt="Erase this person for good? 确定永久删除此人的资料？")
@FOLDER
@LANG
@refusals
def forget(customer: str, folder: str, lang: str | None) -> None:
    """Erase one buyer's contact data, by key, e-mail, name or phone."""
    from argosy.flow import now
    from argosy.intake.forget import find_customer, forget_customer
    from argosy.model.words import say

    with opened(folder) as business:
        key = find_customer(business.lake, customer)
        rows = forget_customer(business.lake, key, at=now().isoformat())
    click.echo(say("cli.forgotten", _lang({"lang": lang, "folder": folder}), key=key, n=rows))


@main.command()
@FOLDER
@LANG
@refusals
def publish(folder: str, lang: str | None) -> None:
    """Write a snapshot of the facts as Parquet, for Spark and other engines."""
    from argosy.model.words import say

    with opened(folder) as business:
        path = business.publish()
    click.echo(say("cli.published", _lang({"lang": lang, "folder": folder}), folder=path))


@main.command()
@click.option("--engine", required=True, metavar="URL", help="Master of a Spark cluster: spark://HOST:7077.")
@FOLDER
@LANG
@refusals
def compute(engine: str, folder: str, lang: str | None) -> None:
    """Post both ledgers on a Spark cluster that shares this folder, and store them."""
    from argosy.model.words import say

    with opened(folder) as business:
        entries = business.compute(engine).entries
        n = business.lake.rows(entries.aggregate(n=entries.count()))[0]["n"]
    click.echo(say("cli.computed", _lang({"lang": lang, "folder": folder}), engine=engine, n=f"{n:,}"))


@main.command()
@FOLDER
@LANG
@refusals
def doctor(folder: str, lang: str | None) -> None:
    """Say what is wrong with a workspace and how to mend it."""
    from rich.console import Console

    from argosy.brief.reports import print_checks
    from argosy.intake.doctor import examine

    checks = examine(Path(folder))
    print_checks(checks, Console(emoji=False, markup=False), lang=_lang({"lang": lang, "folder": folder}))
    sys.exit(0 if all(check.fine for check in checks) else 1)


@main.command()
@click.argument("out")
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same files.")
@click.option("--months", default=18, show_default=True, help="How many months, the last ending in September 2026.")
@click.option("--orders", default=200_000, show_default=True, help="About how many orders.")
@click.option("--incidents", default="none", show_default=True, metavar="PLAN.toml|none", help="What happens to it.")
@click.option("--until", metavar="DATE", help="The files tell of the days before this one only.")
@LANG
@refusals
def simulate(
    out: str, seed: int, months: int, orders: int, incidents: str, until: str | None, lang: str | None
) -> None:  # fmt: skip
    """Write the export files of a seller who does not exist into OUT, and beside them what is really so."""
    from argosy.model.words import say
    from argosy.world.incidents import planned
    from argosy.world.plan import END, Plan
    from argosy.world.simulate import simulate as simulated

    plan = Plan(seed, months, orders, until=_day(until) or END)
    plan = planned(plan, None if incidents == "none" else Path(incidents))
    with _bar() as progress:
        world = simulated(plan, Path(out), progress=progress)
    click.echo(say("cli.simulated", lang or "en", folder=out, orders=f"{world.count:,}"))


@main.command()
@click.argument("world")
@click.option("--kind", help="What to do, as listed in docs/proving-ground.md.")
@click.option("--subject", help="To what.")
@click.option("--on", metavar="DATE", help="From which day on.")
@click.option("--days", default=1, show_default=True, help="For how many days.")
@click.option("--strength", default=1.0, show_default=True, help="How much, in the measure of the kind.")
@click.option("--key", help="A name for this action: the same one acts once only.")
@click.option("--until", metavar="DATE", help="Let time go by until this day.")
@LANG
@refusals
def act(
    world: str, kind: str | None, subject: str | None, on: str | None, days: int, strength: float, key: str | None,
    until: str | None, lang: str | None,
) -> None:  # fmt: skip
    """Act on a simulated WORLD from a day on, or let time go by in it; its files then tell what came of it."""
    from argosy.model.words import say
    from argosy.world.connector import Connector
    from argosy.world.plan import Event

    far = Connector(Path(world))
    if kind is not None:
        first = _day(on) or far.plan.until
        event = Event(kind, subject or "", first, first + timedelta(days=days - 1), strength)
        new = far.act(event, key=key or event.name)
        click.echo(say("cli.acted" if new else "cli.acted_before", lang or "en", action=event.name))
    if until is not None:
        far.advance(_day(until) or far.plan.until)
        click.echo(say("cli.advanced", lang or "en", folder=world, day=until))


@main.command()
@click.option("--seeds", default=3, show_default=True, help="How many worlds.")
@click.option("--first-seed", default=1000, show_default=True, help="The seed of the first.")
@click.option("--months", default=6, show_default=True, help="How many months each.")
@click.option("--orders", default=20_000, show_default=True, help="About how many orders each.")
@click.option("--incidents", default=12, show_default=True, help="How many incidents by chance in each.")
@click.option("--kind", "kinds", multiple=True, help="Only findings of this kind; may be given again.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FILE",
    help="Write the scorecard to FILE (.md), or how each kind of finding did (.csv); may be given again.",
)  # fmt: skip
@LANG
@refusals
def prove(
    seeds: int, first_seed: int, months: int, orders: int, incidents: int, kinds: tuple[str, ...],
    outputs: tuple[str, ...], lang: str | None,
) -> None:  # fmt: skip
    """Read simulated worlds through import and books, and say how far they are from what is really so."""
    from rich.console import Console

    from argosy.brief.proved import write_proved
    from argosy.brief.scorecard import print_scores, write_scorecard
    from argosy.domains.registry import CHECKS
    from argosy.model.words import say
    from argosy.prove.worlds import prove as proved

    with _bar() as progress:
        seeds_ = range(first_seed, first_seed + seeds)
        scores = proved(
            seeds_, months=months, orders=orders, incidents=incidents, kinds=kinds or tuple(CHECKS), progress=progress
        )
    print_scores(scores, Console(emoji=False, markup=False), lang=lang or "en")
    for output in outputs:
        if output.endswith(".csv"):
            write_proved(scores, Path(output), months=months)
        else:
            write_scorecard(scores, Path(output), months=months, incidents=incidents)
        click.echo(say("cli.written", lang or "en", file=output, n=len(scores)))
    sys.exit(0 if all(found.exact for found in scores) else 1)


@main.command()
@click.argument("folder", default="demo-shop")
@LANG
@click.pass_context
@refusals
def demo(context: click.Context, folder: str, lang: str | None) -> None:
    """Make two example businesses, a real wholesaler in FOLDER and a brand that does not exist in FOLDER-brand, and
    print their briefs."""
    from importlib.resources import as_file, files

    from argosy.demo.brand import start_brand
    from argosy.flow import begin

    brand = f"{folder}-brand"
    other = start_brand(Path(brand), lang=lang or "en")
    if not (Path(folder) / "settings.toml").exists():
        begin(Path(folder), home="GB", book_currency="GBP", language=lang or "en")
    with as_file(files("argosy").joinpath("demo", "online_retail.csv.gz")) as path:
        context.invoke(import_, paths=(str(path),), account="main", known_at=None, folder=folder, lang=lang)
    other.join()
    for made in (folder, brand):
        context.invoke(brief, days=30, until=None, as_known=None, as_json=False, folder=made, lang=lang)
