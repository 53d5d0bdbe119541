"""What is so now of the things a proposal rests on: its check and its remedy asked again."""

from __future__ import annotations

from collections.abc import Mapping

from argosy.decisions.records import KeptProposal
from argosy.domains.registry import CHECKS, REMEDIES
from argosy.model.findings import Finding
from argosy.outlook.known import Known


def so_now(known: Known, finding: Finding, kept: KeptProposal) -> Mapping[str, str]:
    """Return what the same remedy of the same finding would rest on now; empty where the finding is not seen, or no
    longer answered so."""
    check, remedy, change = CHECKS.get(finding.kind), REMEDIES.get(finding.kind), kept.proposal.change
    if check is None or remedy is None:
        return {}
    seen = (one for one in check.run(known) if isinstance(one, Finding) and one.subject == finding.subject)
    offered = (proposal for one in seen for proposal in remedy(one, known))
    same = (p for p in offered if (p.change.kind, p.change.subject) == (change.kind, change.subject))
    return next((proposal.rests_on for proposal in same), {})
