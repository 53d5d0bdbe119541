"""The brief as a page a person enjoys reading in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from argosy.model.entries import FIGURES, MARGINS
from argosy.model.words import LOCALES, say

RULE = "bright_black"
GOOD, BAD, STRONG, QUIET = "green", "red", "bold", "bright_black"


def print_brief(brief: Mapping[str, Any], console: Console, *, lang: str) -> None:
    """Print the brief to ``console`` in the reader's language."""
    page = Page(lang, brief["currency"], width=console.width)
    sections: list[RenderableType] = [
        page.head(brief),
        page.money(brief),
        page.groups(brief["markets"], "market"),
        page.groups(brief["products"], "sku"),
        page.promises(brief["promises"]),
        page.findings(brief["findings"]),
        page.gaps(brief["gaps"]),
        page.queue(brief["queue"]),
    ]
    for section in sections:
        console.print(Padding(section, (1, 2, 0, 2)))
    console.print(Padding(Text(say("brief.why", lang, name="cm3"), style=QUIET), (1, 2, 1, 2)))


class Page:
    """One language, one currency, one width: how words, amounts, days and bars are written on this page."""

    def __init__(self, lang: str, currency: str, *, width: int) -> None:
        self.lang = lang
        self.locale = LOCALES[lang]
        self.currency = currency
        # Figures come first: a narrow page has no room for bars.
        self.bars = 16 if width >= 100 else 8 if width >= 90 else 0

    def word(self, key: str, **values: Any) -> str:
        return say(f"brief.{key}", self.lang, **values)

    def amount(self, value: str | None, currency: str | None = None) -> str:
        if value is None:
            return "·"
        return format_currency(Decimal(value), currency or self.currency, locale=self.locale)

    def percent(self, value: float | Decimal | None) -> str:
        return "·" if value is None else format_percent(value, format="#,##0.0%", locale=self.locale)

    def count(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def span(self, span: Mapping[str, str]) -> str:
        start, end = (format_date(date.fromisoformat(span[k]), "medium", locale=self.locale) for k in ("start", "end"))
        return f"{start} – {end}"

    def title(self, key: str) -> Text:
        return Text(self.word(key), style=STRONG)

    def head(self, brief: Mapping[str, Any]) -> RenderableType:
        line = Text.assemble(("◭ ", "cyan"), (self.word("title"), STRONG))
        spans = self.word(
            "compare",
            now=self.span(brief["period"]),
            before=self.span(brief["before"]),
            year=self.span(brief["year_before"]),
        )
        orders = self.word("orders", n=self.count(brief["orders"]["now"]))
        return Group(line, Text(f"{spans}\n{orders} · {brief['currency']}", style=QUIET))

    def money(self, brief: Mapping[str, Any]) -> RenderableType:
        table = _table(
            ("", "left"),
            (self.word("amount"), "right"),
            ("", "left"),
            (self.word("before"), "right"),
            (self.word("change"), "right"),
            (self.word("year_before"), "right"),
        )
        figures = {figure["name"]: figure for figure in brief["money"]}
        widest = max((abs(Decimal(f["amount"])) for f in figures.values()), default=Decimal(0))
        for name in FIGURES:
            figure = figures[name]
            if name in MARGINS or any(figure[c] and Decimal(figure[c]) for c in ("amount", "before", "year_before")):
                table.add_row(*self._figure(name, figure, widest), style=STRONG if name in MARGINS else "")
        notes = [self._estimated(figures["profit"]), *self._coverage(brief)]
        return Group(self.title("money"), table, Text("\n".join(notes), style=QUIET))

    def _figure(self, name: str, figure: Mapping[str, Any], widest: Decimal) -> list[RenderableType]:
        mark = ("≤ " if figure["at_most"] else "") + ("≈ " if Decimal(figure["estimated"]) else "")
        value = Decimal(figure["amount"])
        return [
            Text(("" if name in MARGINS else "  ") + self.word(name)),
            Text(f"{mark}{self.amount(figure['amount'])}", style=BAD if value < 0 and name in MARGINS else ""),
            _bar(value, widest, width=self.bars),
            Text(self.amount(figure["before"]), style=QUIET),
            self._change(value, figure["before"]),
            Text(self.amount(figure["year_before"]), style=QUIET),
        ]

    def _change(self, value: Decimal, before: str | None) -> Text:
        if before is None or not Decimal(before):
            return Text("·", style=QUIET)
        moved = (value - Decimal(before)) / abs(Decimal(before))
        size = self.percent(abs(moved)) if abs(moved) < 10 else f"×{self.count(int(abs(moved)))}"
        return Text(f"{'▲' if moved > 0 else '▼'} {size}", style=GOOD if moved > 0 else BAD)

    def _estimated(self, figure: Mapping[str, Any]) -> str:
        marks = [self.word("estimated" if Decimal(figure["estimated"]) else "settled")]
        return " · ".join([*marks, self.word("at_most")] if figure["at_most"] else marks)

    def _coverage(self, brief: Mapping[str, Any]) -> list[str]:
        sales = sum((Decimal(row["sales"]) for row in brief["coverage"]), start=Decimal(0))
        lines = []
        if sales:
            for key, column in (("cogs", "with_cost"), ("settlement", "settled")):
                part = sum((Decimal(row[column]) for row in brief["coverage"]), start=Decimal(0))
                lines.append(self.word(key, share=self.percent(part / sales)))
        if brief["unbooked"]:
            lines.append(self.word("unbooked", n=self.count(brief["unbooked"])))
        return [" · ".join(lines)] if lines else []

    def groups(self, groups: Mapping[str, Any], by: str) -> RenderableType:
        table = _table(
            (self.word(by), "left"),
            (self.word("net_sales"), "right"),
            ("", "left"),
            (self.word("cm3"), "right"),
            (self.word("share"), "right"),
        )
        widest = max((abs(Decimal(row["net_sales"])) for row in groups["top"]), default=Decimal(0))
        for row in groups["top"]:
            net, cm3 = Decimal(row["net_sales"]), Decimal(row["cm3"])
            mark = ("≤ " if row["at_most"] else "") + ("≈ " if Decimal(row["estimated"]) else "")
            share = self.percent(cm3 / net) if net > 0 and not row["at_most"] else "·"
            table.add_row(
                self._name(row[by], by, row.get("title")),
                self.amount(row["net_sales"]),
                _bar(net, widest, width=self.bars),
                f"{mark}{self.amount(row['cm3'])}",
                Text(share, style=BAD if cm3 < 0 else ""),
            )
        if groups["others"]:
            rest = self.word("others", n=self.count(groups["others"]))
            table.add_row(Text(rest, style=QUIET), Text(self.amount(groups["others_net_sales"]), style=QUIET))
        return Group(self.title("markets" if by == "market" else "products"), table)

    def _name(self, value: str | None, by: str, title: str | None) -> str:
        if value is None:
            return self.word("none_told")
        name = Locale.parse(self.locale).territories.get(value) if by == "market" else (title or "")[:40]
        return f"{value}  {name}" if name else value

    def promises(self, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
        if not rows:
            return Group(self.title("promises"), Text(self.word("no_promises"), style=QUIET))
        table = _table(
            ("", "left"),
            (self.word("due"), "right"),
            (self.word("kept"), "right"),
            (self.word("interval"), "right"),
            (self.word("late"), "right"),
        )
        for row in rows:
            table.add_row(
                say(f"promises.{row['kind']}", self.lang),
                self.count(row["n"]),
                self.percent(row["share"]),
                f"{self.percent(row['low'])} – {self.percent(row['high'])}",
                " / ".join(self._hours(row.get(name)) for name in ("p50_hours", "p90_hours")),
            )
        return Group(self.title("promises"), table)

    def _hours(self, value: float | int | None) -> str:
        if value is None:
            return "·"
        if value < 48:
            return self.word("hours", n=self.count(round(value)))
        return self.word("days", n=self.count(round(value / 24)))

    def findings(self, groups: Sequence[Mapping[str, Any]]) -> RenderableType:
        if not groups:
            return Group(self.title("findings"), Text(self.word("no_findings"), style=QUIET))
        table = _table(
            ("", "left"),
            (self.word("cases"), "right"),
            (self.word("amount"), "right"),
            (self.word("largest"), "left"),
        )
        for group in groups:
            first = group["largest"][0]
            table.add_row(
                say(f"findings.{group['kind']}", self.lang),
                self.count(group["count"]),
                Text(self.amount(group["amount"], group["currency"]), style=BAD),
                Text(f"{first['subject']}  {self.amount(first['amount'], first['currency'])}", style=QUIET),
            )
        return Group(self.title("findings"), table)

    def gaps(self, gaps: Sequence[Mapping[str, Any]]) -> RenderableType:
        if not gaps:
            return Group(self.title("gaps"), Text(self.word("no_gaps"), style=QUIET))
        table = _table(("", "left"), ("", "right"), ("", "left"), header=False)
        for gap in gaps:
            words = {"subject": gap["subject"], "count": self.count(gap["count"])}
            currency = gap["currency"] or self.currency
            table.add_row(
                Text.assemble(("? ", "yellow"), say(f"gaps.{gap['kind']}", self.lang, **words)),
                self.amount(gap["amount"], currency) if gap["amount"] else "",
                Text("→ " + say(f"gaps.needs_{gap['needs']}", self.lang), style=QUIET),
            )
        return Group(self.title("gaps"), table)

    def queue(self, cards: Sequence[Mapping[str, Any]]) -> RenderableType:
        if not cards:
            return Group(self.title("queue"), Text(self.word("no_queue"), style=QUIET))
        table = _table(("", "left"), ("", "left"), (self.word("brings"), "right"), (self.word("minutes"), "right"))
        for card in cards:
            expected = self.amount(card["expected"]["mid"], card["currency"])
            table.add_row(
                Text(card["name"], style=STRONG), card["says"], Text(expected, style=GOOD), self.count(card["minutes"])
            )
        return Group(self.title("queue"), table, Text(self.word("queue_more"), style=QUIET))


def _table(*columns: tuple[str, str], header: bool = True) -> Table:
    table = Table(box=None, pad_edge=False, header_style=QUIET, show_header=header, padding=(0, 2, 0, 0))
    for name, justify in columns:
        figures = justify == "right"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=figures)  # type: ignore[arg-type]
    return table


def _bar(value: Decimal, widest: Decimal, *, width: int) -> Text:
    eighths = int(abs(value) / widest * width * 8) if widest else 0
    blocks = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
    return Text(blocks, style="cyan" if value >= 0 else "red")
