"""From when on the logistics checks speak, with where each number comes from."""

from __future__ import annotations

from decimal import Decimal

# A change is told when it is so sure that it is none of chance (0 to 1): assumed.
SURE = 0.9
# Days of history looked at: what is usual is learnt of twelve weeks, changes lie in the ten after (outlook/change.py).
DAYS = 154
# Stretches of days that are about independent of each other, by which chance is multiplied: outlook/change.py.
TRIED = 400.0
# What is usual of a market is drawn towards that of all by so many cases: assumed.
DRAWN_CASES = 3.0
# A change that ended so many days ago is history: assumed.
FRESH_DAYS = 28
# A lane is slow when parcels arrive at most so much as fast as usual (ratio of arrivals to those due by their age):
# assumed; half as long again on the way is about 0.45.
SLOW = 0.75
# More parcels on hold than usual, as a share of those sent: assumed.
HELD_MORE = 0.10
# Handling is slow when parcels leave at most so much as fast as usual: assumed.
HANDLED = 0.75
# Lines of carriers' bills above the contract, or the usual price, by such a part at least: assumed, rounding is less.
OVERCHARGED = Decimal("0.03")
# Duty above the usual part of the declared value, by such a part at least: assumed.
DUTY_MORE = Decimal("0.10")
# Days in which a carrier takes claims about a bill: assumed, three months.
CLAIM_DAYS = 90
# Part of what is claimed with papers that comes back: low, middle, high; assumed.
CLAIM_PAID = (Decimal("0.50"), Decimal("0.85"), Decimal("1.00"))
# Bills hardly tell anything below so many parcels: assumed.
LEAST_PARCELS = 20

# A parcel is likely late from this probability on: assumed, two of three.
LIKELY = 0.65
# One by itself is told only when it is surer: assumed, four of five.
SURELY = 0.8
# So many orders likely late on a lane are told together: assumed.
GROUP_FROM = 5
# An order worth so many times the usual one is told by itself: assumed.
DEAR = 5.0
# Single orders told in a day, the dearest first, and orders of a lane shown as evidence: assumed.
MOST_ORDERS, SHOWN = 10, 200

# Minutes a person needs: to read and send a claim, to write to buyers, to change a service; assumed.
CLAIM_MINUTES, WRITE_MINUTES, LANE_MINUTES = 10, 5, 10
# Part of the cost of a late order that an early word to the buyer saves: low, middle, high; assumed.
WORD_SAVES = (Decimal("0.05"), Decimal("0.15"), Decimal("0.30"))
# A faster service: part of the days that fall away, and what it costs more, as a part of freight, for each part of the
# days: assumed, nine tenths of it.
FASTER, FASTER_COSTS = 0.3, 0.9
# Days a change of service is looked ahead, and until a proposal is void: assumed.
AHEAD_DAYS, VOID_DAYS = 14, 7
# Part of the cost that getting papers to customs, seeing to the packing, and looking at duty saves: low, middle, high;
# assumed.
PAPERS_SAVE = (Decimal("0.05"), Decimal("0.20"), Decimal("0.40"))
PACKING_SAVES = (Decimal("0.10"), Decimal("0.40"), Decimal("0.80"))
DUTY_SAVES = (Decimal("0.00"), Decimal("0.10"), Decimal("0.40"))
TASK_MINUTES = 30  # assumed
