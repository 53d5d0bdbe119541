"""From when on the payments checks speak, with where each number comes from."""

from __future__ import annotations

from decimal import Decimal

# A bank line is taken for a payout that came short when it is at least such a part of it: assumed, half.
LEAST_ARRIVED = Decimal("0.5")
# Minutes a person needs to read a claim that is ready and send it: assumed.
CLAIM_MINUTES = 5
# Days in which a payer can still be asked for what is missing: assumed, three months.
CLAIM_DAYS = 90
# Part of what is claimed with papers that comes back: low, middle, high; assumed.
CLAIM_PAID = (Decimal("0.50"), Decimal("0.85"), Decimal("1.00"))
