"""What the queue weighs with. Amounts are of euros; other book currencies take a round sum near it."""

from decimal import Decimal

LEAST_MINUTES = 5  # minutes; reading a card and deciding takes so long, whatever is then done (assumed)
HOUR = 30  # euros an hour of a person's attention costs (assumed: a shop manager's wage with its on-costs)
CASH_A_YEAR = Decimal("0.12")  # a year, what bound cash costs (assumed: a small seller's credit line)

# Kinds of findings the conflicts speak of.
RUNS_OUT = ("stock.runs_out", "stock.out_soon", "stock.running_out", "marketing.ads_out_of_stock")
LOSES = ("pricing.below_cost", "pricing.order_below_cost", "pricing.margin_fx", "marketing.campaign_loses")
