"""Every check and every remedy there is."""

from __future__ import annotations

from argosy.domains import compliance, customers, logistics, marketing, payments, pricing, service, stock, suppliers
from argosy.domains.check import Check, Remedy

DOMAINS = (payments, pricing, logistics, stock, suppliers, marketing, customers, service, compliance)
CHECKS: dict[str, Check] = {check.kind: check for domain in DOMAINS for check in domain.CHECKS}
REMEDIES: dict[str, Remedy] = {kind: remedy for domain in DOMAINS for kind, remedy in domain.REMEDIES.items()}
