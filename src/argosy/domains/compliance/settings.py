"""From when on the compliance checks speak, with where each number comes from."""

from __future__ import annotations

from decimal import Decimal

# place_gone_quiet. Days looked back, days what is usual is learnt from, the least of them, and days in which a silence
# that is over is still told: assumed.
HISTORY_DAYS, USUAL_DAYS, LEAST_USUAL_DAYS, TOLD_DAYS = 180, 56, 28, 21
# The last days alone tell what is usual where so many orders were made in them: assumed.
LATE_DAYS, LATE_ORDERS = 28, 60
# Natural logarithm of the odds against chance, all tries paid for: one silence in a hundred of those by chance alone is told.
SURE = 4.6
# What an order would have left over is known to so much of itself (standard deviation): assumed.
MARGIN_ERROR = 0.15
