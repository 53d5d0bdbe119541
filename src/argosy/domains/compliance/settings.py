"""From when on the compliance checks speak, with where each number comes from."""

from __future__ import annotations

# place_gone_quiet. Days looked back, days what is usual is learnt from, the least of them, and days in which a silence
# that is over is still told: assumed.
HISTORY_DAYS, USUAL_DAYS, LEAST_USUAL_DAYS, TOLD_DAYS = 180, 56, 28, 21
# The last days alone tell what is usual where so many orders were made in them: assumed.
LATE_DAYS, LATE_ORDERS = 28, 60
# Natural logarithm of the odds against chance, all tries paid for: one silence of chance alone in forty
# is told.
SURE = 3.6
# What an order would have left over is known to so much of itself (standard deviation): assumed.
MARGIN_ERROR = 0.25
# sales_threshold_nearing: days looked ahead, days the pace is learnt from, how likely it must be passed, days a
# limit that was passed is still told: assumed.
HORIZON_DAYS, PACE_DAYS, LIKELY, PASSED_DAYS = 45, 42, 0.5, 30
# Days past the limit until one is registered and charges tax, of which the tax is owed out of one's own pocket: low,
# middle, high; assumed.
UNREGISTERED_DAYS = (30, 60, 150)
# account_health_nearing: days of the longest window, orders counted at least, how likely beyond the limit: assumed; few
# stars: a review a channel counts as negative (Amazon: one or two).
LONGEST_WINDOW, LEAST_COUNTED, LIKELY_BEYOND, FEW_STARS = 90, 50, 0.5, 2
# Days a channel is closed, and how likely that is beyond a limit: low, middle, high; days its margin is measured on;
# assumed.
CLOSED, MARGIN_DAYS = ((7, 0.05), (14, 0.15), (30, 0.4)), 28
# Remedies: days by which a place is open sooner when it is asked with papers (low, middle, high); part of what a limit
# passed would cost that is saved; minutes a person needs; days the proposal is worth something: assumed.
SOONER_DAYS, SAVED, TASK_MINUTES, OPEN_DAYS = ("0.5", "3", "8"), ("0.3", "0.7", "0.95"), 60, 30
