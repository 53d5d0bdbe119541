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

# Late payouts. Payouts of a payer that must have reached the bank before one can be called late: assumed.
LEAST_PAYOUTS = 3
# A payout is late when it takes so many days longer than nine in ten of its payer's did: assumed.
LATE_DAYS = 2
# A payer is told of for as long after a payout that came late was sent: assumed, two rounds of a marketplace.
LATE_TOLD_DAYS = 30
# What money that is not there costs a year: low, middle, high; assumed, an overdraft or a marketplace's advance.
CAPITAL_A_YEAR = (Decimal("0.05"), Decimal("0.10"), Decimal("0.18"))

# Fees. Days looked back on for what is usual and for what can still be claimed back: assumed.
FEE_DAYS = 190
# From which rise on a fee per sale is told of: assumed, less is a change of what is sold.
LEAST_RISE = 0.05
# What single fees scatter by around their rate, as a part of them: rounding and coupons; assumed.
FEE_SCATTER = 0.05
# Sales a site must have had, before and since: assumed.
LEAST_SALES = 20

# How sure a change must be to be told: assumed.
SURE = 0.95

# Approvals. Attempts looked back on: assumed. Lost purchases there must be: assumed, fewer are chance.
APPROVAL_DAYS = 190
LEAST_LOST = 3

# Currencies. A fall told of: against the weeks before, within so many days, by so much: assumed; euro, pound, yen and
# dollar moved no further against the yuan in any four weeks of a quiet year.
FALL_WEEKS_DAYS, FALL_DAYS, LEAST_FALL = 28, 10, 0.035
CURRENCY_DAYS = 120  # how far back a fall can have begun; assumed

# Disputes. A chargeback comes weeks after the purchase: days looked back on, fewest to speak of; assumed.
DISPUTE_DAYS, LEAST_DISPUTES = 190, 3

# How long what is found lasts if nobody does anything, in days: assumed.
GOES_ON_DAYS = 28
# Minutes a person needs: to look into something and decide; to write to a provider; assumed.
TASK_MINUTES = 30
# How far what was paid beyond the usual may be off, as a part of it: by fees that come back with what buyers send back,
# and by sales whose fee is not told yet; assumed.
FEES_OFF = 0.08
# How much one order's margin differs from the next one's, as a part of the mean: assumed, spread of simulated orders.
ORDER_SCATTER = 0.8
# Days after a purchase in which disputes come, and how many of the seller's own that assumption weighs as: assumed.
DISPUTED_AFTER, DISPUTES_ASSUMED = (5, 75), 5

# Asking about a late payout brings such a part of it: what it costs for some days, and now and then all of it; assumed.
ASKED_EARNS = (Decimal("0.0005"), Decimal("0.002"), Decimal("0.01"))
# Part of what goes on being lost that asking a channel or provider saves; that new prices save in a currency that has
# fallen; part of open disputes that is won with papers: low, middle, high; assumed.
ASKED_WORKS = (Decimal("0.05"), Decimal("0.2"), Decimal("0.5"))
REPRICED_WORKS = (Decimal("0.1"), Decimal("0.3"), Decimal("0.5"))
DISPUTE_WON = (Decimal("0.1"), Decimal("0.3"), Decimal("0.5"))
# Ways to pay. Weeks they are judged by, in days; part of the purchases other ways must have for one to be switched off;
# part of the buyers who then pay in another way, and who take a new one: low, middle, high; assumed.
WAYS_DAYS, LEAST_BESIDE = 84, 0.15
SWITCH, TAKE_UP = (0.5, 0.75, 0.95), (0.15, 0.3, 0.5)
# Part of what money on its way to the bank won or lost that rates might have done without the fall too: assumed.
MOVED_ANYWAY = 0.4

# What a fee in another currency is worth when it is given back, of what it was on its day, low, middle, high: assumed,
# as far as rates move in a few weeks.
GIVEN_BACK_AT = ("0.98", "1", "1.02")
