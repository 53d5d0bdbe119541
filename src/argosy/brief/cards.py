"""Findings, the queue and its cards, rules and the log as they are read in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from argosy.brief.terminal import BAD, GOOD, QUIET, STRONG
from argosy.decisions.audit import Entry
from argosy.decisions.gate import MOVES
from argosy.decisions.queue import Place
from argosy.decisions.records import Action, Card, Decision, Freeze, KeptFinding, KeptProposal, Member
from argosy.decisions.sentences import (
    act_name,
    change_says,
    entry_says,
    facts_named,
    finding_says,
    proposal_says,
    value_name,
)
from argosy.decisions.watch import Changes
from argosy.model.decisions import Policy
from argosy.model.findings import CHANCE, CannotTell, Range
from argosy.model.words import LOCALES, say

ROLE_STYLES = {"owner": "cyan", "viewer": QUIET}


class Writing:
    """One language: how words, amounts and days are written."""

    def __init__(self, lang: str) -> None:
        self.lang, self.locale = lang, LOCALES[lang]

    def word(self, key: str, **values: Any) -> str:
        return say(f"loop.{key}", self.lang, **values)

    def amount(self, value: Decimal, currency: str) -> str:
        return format_currency(value, currency, locale=self.locale)

    def day(self, value: date) -> str:
        return format_date(value, "medium", locale=self.locale)

    def span(self, money: Range, currency: str) -> str:
        """Return an amount with its range: €320.00, between €280.00 and €410.00."""
        if money.low == money.high:
            return f"{self.amount(money.mid, currency)} ({self.word('exactly')})"
        low, high = self.amount(money.low, currency), self.amount(money.high, currency)
        return f"{self.amount(money.mid, currency)}, {self.word('range', low=low, high=high)}"


class Sheet(Writing):
    """One language on one console."""

    def __init__(self, console: Console, *, lang: str) -> None:
        super().__init__(lang)
        self.console = console

    def print(self, *parts: RenderableType) -> None:
        for part in parts:
            self.console.print(Padding(part, (0, 2, 0, 2)))

    def quiet(self, text: str) -> Text:
        return Text(text, style=QUIET)


def print_findings(sheet: Sheet, found: Sequence[KeptFinding], blind: Sequence[CannotTell]) -> None:
    """Print one line per finding, the one with most at stake first, and what could not be seen."""
    if not found:
        sheet.print(sheet.quiet(sheet.word("findings_none")))
    table = _table(("", "left"), (sheet.word("stake"), "right"), (sheet.word("sure"), "right"), ("", "left"))
    for kept in found:
        one = kept.finding
        style = QUIET if kept.gone_at else GOOD if one.sense == CHANCE else BAD
        table.add_row(
            Text(kept.name, style=STRONG),
            Text(sheet.amount(one.stake.mid, one.currency), style=style),
            format_percent(one.confidence, locale=sheet.locale),
            Text(finding_says(one, sheet.lang), style=QUIET if kept.gone_at else ""),
        )
    if found:
        sheet.print(table)
    _print_blind(sheet, blind)


def _print_blind(sheet: Sheet, blind: Sequence[CannotTell]) -> None:
    for one in blind:
        told = {"kind": say(one.kind, sheet.lang), "tables": facts_named(one.needs, sheet.lang)}
        sheet.print(Text.assemble(("? ", "yellow"), (sheet.word("blind", **told), QUIET)))


def print_changes(sheet: Sheet, changes: Changes) -> None:
    """Print what a watch found new, changed and gone, and what could not be seen."""
    counts = {"new": len(changes.new), "changed": len(changes.changed), "gone": len(changes.gone)}
    sheet.print(Text(sheet.word("watched", **counts, offered=len(changes.offered)), style=STRONG))
    table = _table(("", "left"), ("", "right"), ("", "left"), header=False)
    moved = [(kept, f"{sheet.amount(was, kept.finding.currency)} → ") for kept, was in changes.changed]
    for mark, style, some in (("+", BAD, [(kept, "") for kept in changes.new]), ("~", "yellow", moved),
                              ("–", QUIET, [(kept, "") for kept in changes.gone])):  # fmt: skip
        for kept, was in sorted(some, key=lambda both: -both[0].finding.stake.mid):
            good = style == BAD and kept.finding.sense == CHANCE
            stake = f"{was}{sheet.amount(kept.finding.stake.mid, kept.finding.currency)}"
            table.add_row(
                Text(f"{mark} {kept.name}", style=STRONG),
                Text(stake, style=GOOD if good else style), finding_says(kept.finding, sheet.lang),
            )  # fmt: skip
    if table.row_count:
        sheet.print(table)
    _print_blind(sheet, changes.cannot_tell)
    sheet.print(sheet.quiet(sheet.word("watched_next")))


def plain_changes(changes: Changes, lang: str) -> Mapping[str, Any]:
    """Return what a watch changed as plain values for other programs."""
    return {
        "run": changes.run,
        "new": [plain_finding(kept, lang) for kept in changes.new],
        "changed": [{**plain_finding(kept, lang), "was": was} for kept, was in changes.changed],
        "gone": [plain_finding(kept, lang) for kept in changes.gone],
        "offered": [kept.name for kept in changes.offered],
        "withdrawn": [kept.name for kept in changes.withdrawn],
        "cannot_tell": [vars(one) for one in changes.cannot_tell],
    }


def print_finding(sheet: Sheet, kept: KeptFinding, proposals: Sequence[KeptProposal]) -> None:
    """Print a finding: its sentence, the money, how sure it is, what is missing, what can be done."""
    one = kept.finding
    facts = _pairs(
        (sheet.word("chance" if one.sense == CHANCE else "stake"), sheet.span(one.stake, one.currency)),
        (sheet.word("since"), sheet.day(one.since)),
        (sheet.word("sure"), format_percent(one.confidence, locale=sheet.locale)),
    )
    notes = [sheet.word("missing", tables=facts_named(one.missing, sheet.lang))] if one.missing else []
    notes += [sheet.word("gone", at=sheet.day(kept.gone_at.date()))] if kept.gone_at else []
    head = Text.assemble((f"{kept.name}  ", STRONG), finding_says(one, sheet.lang))
    sheet.print(head, facts, *(sheet.quiet(note) for note in notes))
    if proposals:
        sheet.print(Text(f"\n{sheet.word('proposals')}", style=STRONG))
    for each in proposals:
        state = sheet.word(f"state_{each.state}")
        sheet.print(Text.assemble((each.name, STRONG), f"  {proposal_says(each, one, sheet.lang)}  ", (state, QUIET)))


def print_queue(sheet: Sheet, places: Sequence[Place], freezes: Sequence[Freeze], *, more: int = 0) -> None:
    """Print one line per card in the order a person should look at them."""
    print_freezes(sheet, freezes)
    if not places:
        sheet.print(sheet.quiet(sheet.word("queue_none")))
        return
    expected, cash, minutes = (sheet.word(name) for name in ("expected", "cash", "minutes"))
    table = _table(("", "left"), (expected, "right"), (cash, "right"), (minutes, "right"), ("", "left"))
    for place in places:
        kept, proposal = place.card.kept, place.card.kept.proposal
        giving = bool(place.gives_way_to)
        said = Text(proposal_says(kept, place.card.finding.finding, sheet.lang), style=QUIET if giving else "")
        if giving:
            said.append(f"\n{_way(sheet, place)}", style="yellow")
        table.add_row(
            Text(kept.name, style=QUIET if giving else STRONG),
            Text(sheet.amount(proposal.expected.mid, kept.currency), style=QUIET if giving else GOOD),
            sheet.amount(proposal.cash, kept.currency) if proposal.cash else "",
            format_decimal(proposal.minutes, locale=sheet.locale),
            said,
        )
    sheet.print(table)
    if more:
        sheet.print(sheet.quiet(say("brief.others", sheet.lang, n=more)))


def print_freezes(sheet: Sheet, freezes: Sequence[Freeze]) -> None:
    """Print what is frozen."""
    for one in freezes:
        told = {"who": one.by, "since": sheet.day(one.since.date()), "what": one.channel or sheet.word("everything")}
        sheet.print(Text(sheet.word("freezes", **told), style=BAD))


def print_card(
    sheet: Sheet, card: Card, place: Place | None, decisions: Sequence[Decision], actions: Sequence[Action]
) -> None:
    """Print one card: why, the exact change, the money, what it takes, how it is taken back and measured, and what
    stands against it."""
    kept, proposal = card.kept, card.kept.proposal
    undo = change_says(kept.undo, sheet.lang) if kept.undo else sheet.word("no_undo")
    measure = proposal.measure
    comparison = sheet.word(f"comparison_{measure.comparison}")
    how = sheet.word(
        "measured_how", metric=measure.metric, subject=measure.subject, days=measure.days, comparison=comparison
    )
    facts = _pairs(
        (sheet.word("why"), f"{card.finding.name}  {finding_says(card.finding.finding, sheet.lang)}"),
        (sheet.word("change"), _exactly(sheet, kept)),
        (sheet.word("expected"), sheet.span(proposal.expected, kept.currency)),
        (sheet.word("cash"), sheet.amount(proposal.cash, kept.currency)),
        (sheet.word("minutes"), str(proposal.minutes)),
        (sheet.word("risk"), sheet.word(f"risk_{proposal.risk}")),
        (sheet.word("expires"), sheet.day(proposal.expires_on)),
        (sheet.word("undo"), undo),
        (sheet.word("measured_by"), sheet.word("comparison_unmeasured") if not measure.days else how),
    )
    state = sheet.word(f"state_{kept.state}")
    head = Text.assemble(
        (f"{kept.name}  ", STRONG), proposal_says(kept, card.finding.finding, sheet.lang), (f"  {state}", QUIET)
    )
    sheet.print(head, facts, *(Text(note, style="yellow") for note in _notes(sheet, kept, place)))
    _print_history(sheet, decisions, actions)


def _notes(sheet: Sheet, kept: KeptProposal, place: Place | None) -> list[str]:
    notes = [sheet.word("edited_note")] if kept.edited else []
    if place is not None and place.gives_way_to:
        notes.append(_way(sheet, place))
    if place is not None and place.others:
        notes.append(sheet.word("alternatives", names=", ".join(place.others)))
    return notes


def _way(sheet: Sheet, place: Place) -> str:
    return sheet.word("gives_way", other=place.gives_way_to, why=sheet.word(f"why_{place.why}"))


def _exactly(sheet: Sheet, kept: KeptProposal) -> str:
    """Return the change to the last value: Change a price, HOME-01 @ shopify:main: price 12.00 → 11.50."""
    change = kept.change
    values = {key: value for key, value in change.values.items() if key != "was"}
    moved, was = MOVES.get(change.kind, ""), change.values.get("was")
    if moved in values and was is not None:
        values = {moved: f"{was} → {values[moved]}", **{key: value for key, value in values.items() if key != moved}}
    parts = [f"{value_name(key, sheet.lang)} {value}" for key, value in values.items()]
    place = f" @ {change.channel}" if change.channel else ""
    return f"{act_name(change.kind, sheet.lang)}, {change.subject}{place}: {', '.join(parts)}"


def _print_history(sheet: Sheet, decisions: Sequence[Decision], actions: Sequence[Action]) -> None:
    if decisions:
        sheet.print(Text(f"\n{sheet.word('history')}", style=STRONG))
    for one in decisions:
        told = {"at": _moment(one.at), "who": one.who, "role": sheet.word(f"role_{one.role}")}
        said = sheet.word("decided", **told, what=sheet.word(f"what_{one.what}"))
        sheet.print(Text(f"{said}  {one.reason}".rstrip()))
    for action in actions:
        state = sheet.word(f"state_{action.state}")
        sheet.print(Text.assemble((action.name, STRONG), f"  {state}  ", (action.words, QUIET)))


def print_policies(
    sheet: Sheet, policies: Sequence[Policy], members: Sequence[Member], freezes: Sequence[Freeze], currency: str
) -> None:
    """Print what Argosy may do with each kind of change, who may decide, and what is frozen."""
    heads = [("kind", "left"), ("level", "left"), ("most_amount", "right"), ("most_percent", "right")]
    names = [(sheet.word(name, currency=currency), justify) for name, justify in (*heads, ("most_a_day", "right"))]
    table = _table(("", "left"), *names)
    for one in policies:
        limits = ["·" if limit is None else format_decimal(limit, locale=sheet.locale) for limit in _limits(one)]
        table.add_row(one.kind, act_name(one.kind, sheet.lang), sheet.word(f"level_{one.level}"), *limits)
    sheet.print(table, sheet.quiet(sheet.word("policy_note")))
    print_freezes(sheet, freezes)
    for member in members:
        role = Text(sheet.word(f"role_{member.role}"), style=ROLE_STYLES.get(member.role, ""))
        sheet.print(Text.assemble((f"{member.name}  ", STRONG), role))


def _limits(policy: Policy) -> tuple[Decimal | int | None, ...]:
    return policy.most_amount, policy.most_percent, policy.most_a_day


def print_log(sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Print one line per event of the log."""
    if not entries:
        sheet.print(sheet.quiet(sheet.word("audit_none")))
        return
    table = _table(("", "right"), ("", "left"), ("", "left"), header=False)
    for entry in entries:
        table.add_row(sheet.quiet(str(entry.number)), sheet.quiet(_moment(entry.at)), entry_says(entry, sheet.lang))
    sheet.print(table)


def _moment(at: datetime) -> str:
    return at.isoformat(" ", "minutes")


def _pairs(*rows: tuple[str, str]) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, text in rows:
        table.add_row(Text(name, style=QUIET), text)
    return Group(table)


def _table(*columns: tuple[str, str], header: bool = True) -> Table:
    table = Table(box=None, pad_edge=False, header_style=QUIET, show_header=header, padding=(0, 2, 0, 0))
    for name, justify in columns:
        table.add_column(name, justify=justify, overflow="fold", no_wrap=justify == "right")  # type: ignore[arg-type]
    return table


def plain_place(place: Place, lang: str) -> Mapping[str, Any]:
    """Return a card and its place as plain values for other programs."""
    kept, one = place.card.kept, place.card.finding
    return {
        "name": kept.name, "says": proposal_says(kept, one.finding, lang), "state": kept.state, "until": kept.until,
        "change": vars(kept.change), "undo": kept.undo and vars(kept.undo), "expected": vars(kept.proposal.expected),
        "currency": kept.currency, "cash": kept.proposal.cash, "minutes": kept.proposal.minutes,
        "risk": kept.proposal.risk, "expires_on": kept.proposal.expires_on, "rests_on": kept.proposal.rests_on,
        "measure": vars(kept.proposal.measure), "gain": place.gain, "cost": place.cost,
        "gives_way_to": place.gives_way_to, "why": place.why, "others": place.others,
        "finding": plain_finding(one, lang),
    }  # fmt: skip


def plain_card(place: Place, decisions: Sequence[Decision], actions: Sequence[Action], lang: str) -> Mapping[str, Any]:
    """Return a card whole, with what was decided and done about it, as plain values for other programs."""
    told = {"decisions": [asdict(one) for one in decisions], "actions": [plain_action(one) for one in actions]}
    return {**plain_place(place, lang), **told}


def plain_action(action: Action) -> Mapping[str, Any]:
    """Return an action as plain values for other programs."""
    return {"name": action.name, **asdict(action)}


def plain_finding(kept: KeptFinding, lang: str) -> Mapping[str, Any]:
    """Return a finding as plain values for other programs."""
    one = kept.finding
    return {
        "name": kept.name, "kind": one.kind, "subject": one.subject, "sense": one.sense, "since": one.since,
        "says": finding_says(one, lang), "stake": vars(one.stake), "currency": one.currency,
        "confidence": one.confidence, "told": one.told, "missing": one.missing,
        "seen_first_at": kept.seen_first_at, "seen_last_at": kept.seen_last_at, "gone_at": kept.gone_at,
    }  # fmt: skip
