"""From when on the marketing checks speak, with where each number comes from."""

from __future__ import annotations

DAYS = 182  # of advertising that is looked at; assumed
LEAST_DAYS = 32  # of advertising until there is something usual; four weeks and what ``changes`` needs
SETTLE_DAYS = 30  # until an order is billed and most of what is sent back has come; assumed
# Part of the orders a platform claims that it really brought: assumed; it claims about a third too many.
REAL_SHARE = 0.75
PSEUDO_ORDERS = 30.0  # orders of what is usual that are mixed in where few are known; assumed
# Spending without end would bring so much more than the usual spending does: assumed; half saturated at the usual
# budget, the middle of what advertisers measure (Hill curve, Jin et al., "Bayesian Methods for Media Mix Modeling with
# Carryover and Shape Effects", Google, 2017).
ROOM = 1.0
# Clicks or orders for the money fallen by such a part, or spending risen by it, are told of: assumed.
FALLEN, RISEN = 0.2, 0.6
SURE = 0.97  # told of from this confidence on; assumed
WITHIN_DAYS = 84  # how far back what changed may have begun; assumed
BASE_DAYS = 84  # before it, in which it was as usual; assumed
OVER_DAYS = 10  # after its end it is told of no longer: nothing is left to be saved; assumed
PRIOR_ORDERS = 20.0  # orders the saturation curve weighs as much as; assumed
LEAST_OF_SALES = 0.0005  # of a month's sales: what costs less is left alone; assumed
MARGIN_ERROR = 0.4  # of what an order leaves over, one standard error; assumed
LEAST_SHARE = 0.15  # of the usual budget: less than this is none, and so is such a difference; assumed
DAYS_LEFT = 21  # that it goes on like this if nobody does anything: assumed, as long as creatives and slips last
READ_MINUTES = 5  # of a person, to read and decide; assumed
MOSTLY_OUT = 0.5  # such a part of an article's usual sales is out, or it can be had all the same; assumed
WASTED = (0.6, 1.2)  # what was spent on them, less what visitors bought instead, more what it had of others; assumed
WEEK_DAYS = 7  # that tell what it costs a day now
