"""Words, amounts, days and icons as templates write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from argosy.console.terms import term_of
from argosy.decisions.sentences import (
    act_name,
    change_says,
    facts_named,
    finding_says,
    finding_title,
    proposal_says,
    value_name,
)
from argosy.lake.settings import current_settings
from argosy.model.words import LOCALES, say, subject

register = template.Library()
Context = dict[str, Any]


@register.simple_tag(takes_context=True, name="say")
def say_(context: Context, key: str, **values: Any) -> str:
    """Return a sentence in the reader's language; a key without a subject is the console's own."""
    return say(_whole(key), _lang(context), **values)


@register.simple_tag(takes_context=True)
def gap_says_(context: Context, gap: Any) -> str:
    """Return what cannot be told."""
    return say(f"gaps.{gap['kind']}", _lang(context), **{**gap, "count": number(context, gap["count"])})


@register.simple_tag(takes_context=True)
def needs_(context: Context, tables: Sequence[str]) -> str:
    """Return which files would tell more."""
    return facts_named(tables, _lang(context))


@register.simple_tag(takes_context=True)
def money(context: Context, amount: Any, currency: str = "", digits: int | None = None) -> str:
    """Return an amount with its currency; nothing where it is not known."""
    if amount is None or amount == "":
        return "–"
    code = currency or context["book_currency"]
    value = Decimal(str(amount))
    if digits == 0:
        return format_currency(value, code, "¤#,##0", locale=_locale(context), currency_digits=False)
    return format_currency(value, code, locale=_locale(context))


@register.simple_tag(takes_context=True)
def figure(context: Context, amount: Any, currency: str = "") -> str:
    """Return an amount without its currency, for columns beside which it stands; nothing where it is not known."""
    if amount is None or amount == "":
        return "–"
    digits = get_currency_precision(currency or current_settings(settings.SETTINGS).book_currency)
    return format_decimal(Decimal(str(amount)), "#,##0" + ("." + "0" * digits if digits else ""), _locale(context))


@register.simple_tag(takes_context=True)
def account(context: Context, name: str) -> str:
    """Return what people call an account."""
    return account_name(name, _lang(context))


def account_name(name: str, lang: str) -> str:
    """Return what people call an account: the words of its head, then what it is of."""
    heads = [head for head in subject("accounts") if name == head or name.startswith(f"{head}:")]
    if not heads:
        return name
    head = max(heads, key=len)
    return " · ".join([say(f"accounts.{head}", lang), *([name[len(head) + 1 :]] if name != head else [])])


@register.simple_tag(takes_context=True)
def number(context: Context, value: Any, digits: int = 0) -> str:
    """Return a number."""
    if value is None or value == "":
        return "–"
    return format_decimal(round(Decimal(str(value)), digits), locale=_locale(context))


@register.simple_tag(takes_context=True)
def compact(context: Context, value: Any) -> str:
    """Return a number in short: 48.2K, 4.8万."""
    return format_compact_decimal(Decimal(str(value)), locale=_locale(context), fraction_digits=1)


@register.simple_tag(takes_context=True)
def percent(context: Context, share: Any, digits: int = 0) -> str:
    """Return a share as a percentage."""
    if share is None or share == "":
        return "–"
    pattern = "#,##0%" if not digits else "#,##0." + "0" * digits + "%"
    return format_percent(Decimal(str(share)), pattern, locale=_locale(context))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | str | None, style: str = "medium") -> str:
    """Return a day."""
    if not value:
        return "–"
    given = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(given, style, locale=_locale(context))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | str | None) -> str:
    """Return a day with its time, UTC."""
    if not value:
        return "–"
    given = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_datetime(
        given, "d MMM y HH:mm" if _lang(context) == "en" else "y年M月d日 HH:mm", locale=_locale(context)
    )


@register.simple_tag(takes_context=True)
def column(context: Context, name: str) -> str:
    """Return the name of a table's column."""
    return say(f"columns.{name}", _lang(context))


@register.simple_tag(takes_context=True)
def finding_title_(context: Context, finding: Any) -> str:
    """Return what kind of thing was noticed."""
    return finding_title(finding, _lang(context))


@register.simple_tag(takes_context=True)
def finding_says_(context: Context, finding: Any) -> str:
    """Return what was noticed, as a sentence."""
    return finding_says(finding, _lang(context))


@register.simple_tag(takes_context=True)
def proposal_says_(context: Context, kept: Any, finding: Any) -> str:
    """Return what would be done, as a sentence."""
    return proposal_says(kept, finding, _lang(context))


@register.simple_tag(takes_context=True)
def change_says_(context: Context, change: Any) -> str:
    """Return an exact change, as a sentence."""
    return change_says(change, _lang(context))


@register.simple_tag(takes_context=True)
def act_name_(context: Context, kind: str) -> str:
    """Return the name of a kind of change."""
    return act_name(kind, _lang(context))


@register.simple_tag(takes_context=True)
def term(context: Context, key: str, **values: Any) -> SafeString | str:
    """Return a word as ``say`` does; of a term, as a button that tells what it means."""
    word, name = say_(context, key, **values), term_of(_whole(key))
    if name is None:
        return word
    return format_html(
        '<button type="button" class="a-term" popovertarget="term-{}">{}</button>{}', name, word, _means(context, name)
    )


@register.simple_tag(takes_context=True)
def explain(context: Context, key: str) -> SafeString | str:
    """Return a small button beside a word that is a link or a label of its own; nothing where it is no term."""
    name = term_of(_whole(key))
    if name is None:
        return ""
    asks = say("console.term_ask", _lang(context), term=say(f"terms.{name}.name", _lang(context)))
    return format_html(
        '<button type="button" class="a-ask" popovertarget="term-{}" aria-label="{}">?</button>{}', name, asks,
        _means(context, name),
    )  # fmt: skip


def _means(context: Context, name: str) -> SafeString | str:
    """Return the explanation of a term where it is first used in an answer; all others open the same one."""
    told = context["request"].__dict__.setdefault("terms_told", set())
    if name in told:
        return ""
    told.add(name)
    lang = _lang(context)
    return format_html(
        '<span class="a-means" id="term-{}" popover><strong>{}</strong> {}</span>', name,
        say(f"terms.{name}.name", lang), say(f"terms.{name}", lang),
    )  # fmt: skip


def _whole(key: str) -> str:
    return key if "." in key else f"console.{key}"


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Return an icon of the sprite; it says nothing to who cannot see it."""
    return format_html(
        '<svg class="a-icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return the value of a key that stands in a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else mapping[key]


@register.simple_tag(takes_context=True)
def address(context: Context, **values: Any) -> str:
    """Return this page's address with some of its filters changed; empty ones are left out."""
    asked = context["request"].GET.copy()
    for name, value in values.items():
        asked.pop(name, None)
        if value not in (None, ""):
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


def _lang(context: Context) -> str:
    return str(context.get("lang", "en"))


def _locale(context: Context) -> Locale:
    return _known_locale(LOCALES[_lang(context)])


@cache
def _known_locale(name: str) -> Locale:
    return Locale.parse(name)  # a page has hundreds of figures


@register.filter
def unlocalized(value: float) -> str:
    """Return a coordinate as SVG wants it, whatever the language."""
    return repr(value)


@register.simple_tag
def change(now: Any, before: Any) -> Decimal:
    """Return by which part something moved."""
    was = Decimal(str(before))
    return (Decimal(str(now)) - was) / abs(was)


@register.simple_tag
def share(part: Any, whole: Any) -> Decimal | None:
    """Return which part of a whole something is; None: not known, or of nothing."""
    if part is None or not whole or not Decimal(str(whole)):
        return None
    return Decimal(str(part)) / Decimal(str(whole))


@register.simple_tag(takes_context=True)
def value_name_(context: Context, key: str) -> str:
    """Return the name of a value of a change."""
    return value_name(key, _lang(context))


@register.simple_tag(takes_context=True)
def cell(context: Context, value: Any) -> str:
    """Return any value of a table as people write it."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return moment(context, value)
    if isinstance(value, date):
        return day(context, value)
    if isinstance(value, Decimal | float):
        whole = isinstance(value, Decimal) and value.as_tuple().exponent == 0  # a count, as the engine adds them up
        return format_decimal(value, "#,##0" if whole else "#,##0.00##", locale=_locale(context))
    return str(value)


@register.simple_tag(takes_context=True)
def lateness(context: Context, hours: int | None) -> str:
    """Return how late something came: in hours, from two days on in days."""
    if hours is None:
        return "–"
    key, n = ("hours", hours) if hours < 48 else ("days", round(hours / 24))
    return say(f"brief.{key}", _lang(context), n=number(context, n))


@register.filter
def unlocalized_number(value: Any) -> str:
    """Return a number as HTML wants it, whatever the language."""
    return f"{float(value):.4f}"


@register.filter
def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


@register.simple_tag(takes_context=True)
def passkeys_here(context: Context) -> bool:
    """Return whether browsers let passkeys be used at this address: under a name, and over HTTPS or on this machine."""
    request = context["request"]
    host = request.get_host().rpartition(":")[0] if ":" in request.get_host() else request.get_host()
    named = bool(host.strip("0123456789.")) and not host.startswith("[")
    return named and (request.is_secure() or host == "localhost" or host.endswith(".localhost"))


@register.simple_tag
def browser(agent: str) -> str:
    """Return a browser and its system by the names people know, in short."""
    known = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )  # fmt: skip
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (known, systems)]
    return " · ".join(filter(None, found)) or agent[:60] or "–"


@register.filter
def plain(value: Any) -> str:
    """Return a number as it is typed into a field: no grouping, no needless zeros; nothing where there is none."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


@register.simple_tag(takes_context=True)
def event_name(context: Context, what: str) -> str:
    """Return what a kind of event of the log is called."""
    key = f"event_{what}"
    return say(f"console.{key}", _lang(context)) if key in subject("console") else what
