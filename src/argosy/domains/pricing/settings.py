"""From when on the pricing checks speak, with where each number comes from."""

from __future__ import annotations

# How sure a change must be to be told: assumed.
SURE = 0.95

# Below cost. Orders there must be, and the part of them that loses money: assumed.
LEAST_ORDERS, LOSING = 2.0, 0.5
# How far the usual costs put in for what is not billed yet may be off, as a part of them: assumed.
COSTS_OFF = 0.08
# A price is usual when it is the median of so many days before: assumed.
PRICE_DAYS = 84

# Coupons. Days looked back on; orders with one there must be; how much more of the orders have one: assumed.
COUPON_DAYS, LEAST_COUPONS, LEAST_MORE = 190, 5, 0.10

# Rivals. Days looked back on; a rival undercuts when its price falls by so much below what it used to ask: assumed.
RIVAL_DAYS, LEAST_CUT = 190, 0.10
# What a rival used to ask: seven in ten of its prices lie no higher, so that a long cut is not taken for the usual.
USUAL_QUANTILE = 0.7
# How sales follow a rival's price, and how unsure that is. Mean 0.52 over 1,060 measured cross-price elasticities:
# Sethuraman, Srinivasan and Kim, "Asymmetric and Neighborhood Cross-Price Effects", Marketing Science 18 (1999); its
# spread assumed wide.
CROSS_ELASTICITY, CROSS_SPREAD = 0.52, 0.45
# Weeks of sales before the cut that tell what is usual, in days: assumed.
SALES_DAYS = 56
# By so much, logarithmic, fewer must be sold than all else lets expect: assumed.
LEAST_FALL = 0.05
# What sales of an article wander by from month to month, as a part: assumed, promotions and fashions.
SALES_WANDER = 0.15

# As much wider a range as the seller's own promotions and what else rivals do take, which nobody tells: assumed.
WIDER = 1.4

# How sales follow the seller's own price: -2.62 in the mean, Bijmolt, van Heerde and Pieters, "New Empirical
# Generalizations on the Determinants of Price Elasticity", Journal of Marketing Research 42 (2005); less for the side
# that hopes less. Low, middle, high.
OWN_ELASTICITY = (1.6, 2.2, 2.62)

# Prices between so many times the usual one are a promotion, or its end; what lies further off is something else.
PROMOTED = (0.5, 1.5)
NEAR_USUAL = 0.75  # part of the usual price from which on a sale shows what the article earns; assumed

# How long what is found lasts if nobody does anything, in days: assumed.
GOES_ON_DAYS = 14
RIVAL_GOES_ON_DAYS = 28
# What comes of it: low, middle, high part of the expected; assumed.
WORKS = ("0.4", "0.8", "1.0")
# Minutes a person needs to read and agree; to look into something: assumed.
READ_MINUTES, TASK_MINUTES = 3, 30
