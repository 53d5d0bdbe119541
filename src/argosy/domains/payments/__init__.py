"""Money on its way from buyers to the bank: payouts, fees, approvals, currencies."""

from argosy.domains.check import Check, Remedy
from argosy.domains.payments import checks, remedies

CHECKS = (Check("payments.payout_short", ("payouts", "bank_lines"), checks.payout_short),)
REMEDIES: dict[str, Remedy] = {"payments.payout_short": remedies.claim_missing}
