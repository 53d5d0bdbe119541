"""What happened in words: a line for people, a letter, plain values for programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from argosy.decisions.happened import FOUND, GONE, IMPORTS, STUCK, TEST, Event
from argosy.decisions.notices import Notice, Subscription
from argosy.decisions.sentences import act_name, kind_name
from argosy.model.actions import IDENTITY
from argosy.model.words import LOCALES, say

SHOWN = 50  # events in one letter; the console shows all
LONGEST = 120  # signs of a subject
PAGE = "notices/"  # of the console, where one says what to be told


def letter(notice: Notice, business: str) -> tuple[str, str]:
    """Return the title and the text of a notice as a letter to people."""
    of, lang, n = notice.subscription, notice.subscription.wishes.lang, len(notice.events)
    lines = [f"- {says(event, lang)}\n  {link(event, of.home)}" for event in notice.events[:SHOWN]]
    if n > SHOWN:
        lines.append(f"- {say('notices.more', lang, n=n - SHOWN)}")
    end = say("notices.end", lang, who=plainly(of.who), page=of.home + PAGE)
    return f"Argosy · {plainly(business)}: {headline(notice, lang)}", "\n\n".join(["\n".join(lines), end]) + "\n"


def told(notice: Notice, business: str) -> dict[str, Any]:
    """Return a notice as programs are told of it; amounts and times (UTC) are texts."""
    of = notice.subscription
    return {
        "key": notice.key, "agent": IDENTITY, "business": business, "subscription": of.name,
        "events": [_told(event, of) for event in notice.events],
    }  # fmt: skip


def _told(event: Event, of: Subscription) -> Mapping[str, Any]:
    names = ("kind", "how", "name", "about", "subject", "domain", "currency", "files", "rows")
    return {name: getattr(event, name) for name in names} | {
        "amount": None if event.amount is None else format(event.amount, "f"), "at": f"{event.at.isoformat()}Z",
        "says": says(event, of.wishes.lang), "link": link(event, of.home),
    }  # fmt: skip


def says(event: Event, lang: str) -> str:
    """Return an event in one line: what, about what, with what money."""
    if event.kind == TEST:
        return say("notices.test", lang)
    if event.kind == IMPORTS:
        return say(f"notices.imports_{event.how}", lang, name=event.name, files=event.files, rows=event.rows)
    what = kind_name(event.about, lang) if event.kind in (FOUND, GONE) else act_name(event.about, lang)
    key = f"{STUCK}_{event.how}" if event.kind == STUCK else event.kind
    line = say(f"notices.{key}", lang, what=what, subject=plainly(event.subject))
    return line if event.amount is None else f"{line} · {_money(event, event.amount, lang)}"


def _money(event: Event, amount: Decimal, lang: str) -> str:
    shown = format_currency(amount, event.currency, "#,##0.00 ¤¤", locale=LOCALES[lang])
    key = f"{FOUND}_{event.how}" if event.kind == FOUND else event.kind
    return say(f"notices.money_{key}", lang, amount=shown)


def link(event: Event, home: str) -> str:
    """Return the page that shows an event."""
    if event.kind == TEST:
        return home + PAGE
    if event.kind == IMPORTS:
        return f"{home}data/"
    if event.name.startswith("A"):
        return f"{home}actions/{event.name}/"
    return f"{home}queue/P{event.card}/" if event.card else f"{home}queue/"


def plainly(text: str) -> str:
    """Return a text that somebody else wrote as part of one line: nothing in it breaks, hides or turns round what
    stands beside it."""
    kept = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]}…"


def subscription_row(one: Subscription, lang: str) -> dict[str, str]:
    """Return a subscription as a list shows it."""
    wishes = one.wishes
    return {
        "name": one.name, "who": one.who, "channel": say(f"notices.channel_{one.channel}", lang), "place": one.place,
        "pace": say(f"notices.pace_{wishes.pace}", lang),
        "kinds": "; ".join(say(f"notices.kind_{kind}", lang) for kind in wishes.kinds),
        "domains": ", ".join(wishes.domains), "least": "" if wishes.least is None else format(wishes.least, "f"),
    }  # fmt: skip


def notice_row(one: Notice, lang: str) -> dict[str, str]:
    """Return a message as a list shows it; at: UTC, when it was made."""
    return {
        "at": f"{one.made_at:%Y-%m-%d %H:%M}", "to": one.subscription.name,
        "state": say(f"notices.state_{one.state}", lang), "tries": f"{one.tries}×", "says": headline(one, lang),
        "words": one.words,
    }  # fmt: skip


def headline(notice: Notice, lang: str) -> str:
    """Return what a notice tells, in one line."""
    n = len(notice.events)
    return says(notice.events[0], lang) if n == 1 else say("notices.many", lang, n=n)
