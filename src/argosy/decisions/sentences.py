"""Findings, changes and log entries as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from argosy.decisions.audit import Entry
from argosy.decisions.records import KeptProposal
from argosy.model.findings import Finding
from argosy.model.proposals import Change
from argosy.model.words import LOCALES, say, subject


def finding_title(finding: Finding, lang: str) -> str:
    """Return what a finding is, in a few words."""
    return kind_name(finding.kind, lang)


def kind_name(kind: str, lang: str) -> str:
    """Return what a kind of finding is called."""
    return _say(kind, lang, {}) or kind


def finding_says(finding: Finding, lang: str) -> str:
    """Return a finding in its own words; without words of its own, what it is and about what."""
    return _say(f"{finding.kind}.says", lang, finding.told) or f"{finding_title(finding, lang)}: {finding.subject}"


def proposal_says(kept: KeptProposal, finding: Finding, lang: str) -> str:
    """Return what a proposal would do: in the words of its domain, or, where a person has set other values, in general
    ones."""
    own = f"{finding.domain}.{kept.proposal.words or kept.change.kind}"
    said = None if kept.edited else _say(own, lang, kept.proposal.told)
    return said or change_says(kept.change, lang)


def change_says(change: Change, lang: str) -> str:
    """Return what a change does."""
    values = {"subject": change.subject, "channel": change.channel, **change.values}
    return _say(f"acts.{change.kind}", lang, values) or f"{act_name(change.kind, lang)}: {change.subject}"


def act_name(kind: str, lang: str) -> str:
    """Return what a kind of change is called."""
    return _say(f"acts.{kind}.name", lang, {}) or kind


def value_name(key: str, lang: str) -> str:
    """Return what a value of a change, or a limit, is called."""
    return _say(f"acts.value.{key}", lang, {}) or key


def facts_named(names: Sequence[str], lang: str) -> str:
    """Return tables of facts as people call the files that hold them."""
    return ", ".join(say(f"facts.{name}", lang) for name in names)


def entry_says(entry: Entry, lang: str) -> str:
    """Return an event of the log: who did what."""
    told = {name: _plain(value) for name, value in {**entry.before, **entry.after}.items()}
    told |= {"who": entry.who, "subject": entry.subject, "what": entry.what, "change": _changed(entry, lang)}
    if "kind" in told:
        told["act"] = act_name(str(told["kind"]), lang)
    if entry.what == "policy":
        told["act"] = act_name(entry.subject, lang)
    if "role" in told:
        told["role"] = say(f"loop.role_{told['role']}", lang)
    key = "unmeasured" if entry.what == "measured" and entry.after.get("brought") is None else entry.what
    said = _say(f"audit.{key}", lang, told) or say("audit.other", lang, **told)
    return f"{said} {say('audit.reason', lang, reason=told['reason'])}" if told.get("reason") else said


def _changed(entry: Entry, lang: str) -> str:
    """Return the values an event changed: units 100 → 120."""
    return ", ".join(
        f"{value_name(name, lang)} {_worded(name, was, lang)} → {_worded(name, entry.after.get(name), lang)}"
        for name, was in entry.before.items()
        if was != entry.after.get(name)
    )


def _worded(name: str, value: Any, lang: str) -> Any:
    return say(f"loop.level_{value}", lang) if name == "level" else _plain(value)


def _plain(value: Any) -> Any:
    return "–" if value is None else value


def _say(key: str, lang: str, told: Mapping[str, Any]) -> str | None:
    """Return a sentence, None where there is none, or it speaks of what is not told."""
    name, _, entry = key.partition(".")
    try:
        return (
            say(key, lang, **{n: _shown(value, lang) for n, value in told.items()}) if entry in subject(name) else None
        )
    except (FileNotFoundError, KeyError):
        return None


def _shown(value: Any, lang: str) -> Any:
    """Return an amount or a day as people write it."""
    if isinstance(value, Decimal):
        # What a yen is worth in yuan needs its digits: 0.0433 instead of 0.0464, not 0.04 instead of 0.04.
        pattern = "0.####" if value and abs(value) < Decimal("0.1") else "#,##0.##"
        return format_decimal(value, pattern, locale=LOCALES[lang])
    return format_date(value, "medium", locale=LOCALES[lang]) if type(value) is date else value
