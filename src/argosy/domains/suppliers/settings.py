"""From when on the suppliers checks speak, with where each number comes from."""

from __future__ import annotations

from decimal import Decimal

# A change is told when it is so sure that it is none of chance (0 to 1): assumed.
SURE = 0.9
# Stretches of days that are about independent of each other, by which chance is multiplied: outlook/change.py.
TRIED = 400.0
# Days of history looked at, and in how many of the last ones a change may have begun, for goods by sea take months:
# assumed.
DAYS, WITHIN = 240, 130
# A supplier slips when so many more of its lines are late than usual, as a share, and at least so many: assumed.
LATER, LEAST_LINES = 0.3, 3
# Late means so many days after the promise at least: assumed.
LATE_DAYS = 5
# Of late goods of which none has come yet nobody knows when they will: a fifth as many days again as they are late,
# and half of so many; assumed.
LEAST_MORE = 10
# A change that ended so many days ago is history; what is wrong with an article is known weeks after it was ordered:
# assumed.
FRESH_DAYS, LOT_FRESH_DAYS = 28, 56
# Days of sales that tell what is wanted of an article: assumed, eight weeks.
SALES_DAYS = 56
# What is lost in the end of the sales that late goods should cost, low, middle, high: some lines come sooner than
# feared, and sales in the last days before a shelf is out are few. Found on five slips of simulated worlds, a quarter.
LOST = (0.06, 0.25, 0.6)

# Trouble with an article has risen when it is at least so many times the usual, and so many cases: assumed.
WORSE, LEAST_TROUBLE = 2.0, 4
# Of eighty articles with few orders some always seem worse: how sure it must be that it is none of chance; assumed.
SURE_OF_LOT = 0.9
# Orders in ten weeks below which nothing can be told of an article: assumed.
LEAST_ORDERS = 20
# Bad stars lose sales too: half as much as is given back meanwhile, up to twice as much at the high end; found on
# simulated worlds.
STARS_COST, STARS_COST_HIGH = 0.5, 1.5
# Stars up to which a review tells of trouble: assumed.
BAD_STARS = 2
# Days of orders looked at for trouble: what is usual is learnt of twelve weeks, changes lie in the ten after.
LOT_HISTORY = 154

# Minutes a person needs to ask a supplier, and to look at a lot: assumed.
ASK_MINUTES, LOOK_MINUTES = 15, 45
# Part of the loss to come that asking the supplier, or sending by air, saves: low, middle, high; assumed.
ASKING_SAVES = (Decimal("0.05"), Decimal("0.20"), Decimal("0.45"))
# Part of the further cost that looking at the lot and holding what is bad back saves: assumed.
LOOKING_SAVES = (Decimal("0.20"), Decimal("0.50"), Decimal("0.80"))
# Part of what a bad lot cost that the supplier makes good: assumed.
CLAIM_PAID = (Decimal("0.10"), Decimal("0.40"), Decimal("0.80"))
VOID_DAYS = 14
