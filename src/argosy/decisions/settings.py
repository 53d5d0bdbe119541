"""What the queue weighs with. Amounts are of euros; other book currencies take a round sum near it."""

from decimal import Decimal

LEAST_MINUTES = 5  # minutes; reading a card and deciding takes so long, whatever is then done (assumed)
HOUR = 30  # euros an hour of a person's attention costs (assumed: a shop manager's wage with its on-costs)
CASH_A_YEAR = Decimal("0.12")  # a year, what bound cash costs (assumed: a small seller's credit line)

# Kinds of findings the conflicts speak of.
RUNS_OUT = ("stock.running_out", "stock.sold_out_now")
LOSES = ("pricing.order_below_cost",)
