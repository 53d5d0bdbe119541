"""Money on its way from buyers to the bank: payouts, fees, approvals, currencies, disputes."""

from argosy.domains.check import Check, Remedy
from argosy.domains.payments import approvals, checks, currencies, disputes, fees, remedies

CHECKS = (
    Check("payments.payout_short", ("payouts", "bank_lines"), checks.payout_short),
    Check("payments.payout_late", ("payouts", "bank_lines"), checks.payout_late),
    Check("payments.fee_charged_twice", ("payout_lines",), fees.fee_charged_twice),
    Check("payments.fee_rate_up", ("payout_lines",), fees.fee_rate_up),
    Check("payments.fulfilment_up", ("payout_lines",), fees.fulfilment_up),
    Check("payments.approval_fallen", ("payments", "orders"), approvals.approval_fallen),
    Check("payments.margin_eaten_by_fx", ("fx_rates", "orders"), currencies.margin_eaten_by_fx),
    Check("payments.disputes_up", ("disputes", "orders"), disputes.disputes_up),
)
REMEDIES: dict[str, Remedy] = {
    "payments.payout_short": remedies.claim_missing,
    "payments.payout_late": remedies.claim_late,
    "payments.fee_charged_twice": remedies.claim_twice,
    "payments.fee_rate_up": remedies.ask_for_rate,
    "payments.fulfilment_up": remedies.ask_for_rate,
    "payments.approval_fallen": remedies.other_way_to_pay,
    "payments.margin_eaten_by_fx": remedies.reprice_for_currency,
    "payments.disputes_up": remedies.look_into_disputes,
}
