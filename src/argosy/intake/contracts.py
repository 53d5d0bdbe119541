"""The contracts sheet: one row per milestone, or one for a contract without any."""

from __future__ import annotations

from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact, first_of
from argosy.intake.formats import Format


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return contracts, each said on any of its rows, and milestones."""
    named = rows.mutate(contract_id=origin.key(rows.contract))
    contracts = first_of(
        named,
        by="contract_id",
        partner=named.partner,
        kind=named.kind,
        starts_on=named.starts_by,
        ends_on=named.ends_by,
        terms=named.terms,
    )
    due = named.filter(named.milestone.notnull())
    milestones = fact(
        due,
        contract_id=due.contract_id,
        milestone_no=due.milestone,
        due_on=due.due_by,
        done_on=due.done_on,
        owner=due.owner,
    )
    return Facts({"contracts": contracts, "milestones": milestones})
