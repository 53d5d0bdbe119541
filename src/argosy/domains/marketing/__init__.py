"""Advertising: what campaigns cost, what they really bring, and what they praise that cannot be had."""

from argosy.domains.check import Check, Remedy
from argosy.domains.marketing import checks, remedies

CHECKS = (
    Check("marketing.campaign_loses_money", ("ad_days", "orders"), checks.campaign_loses_money),
    Check("marketing.ad_on_sold_out", ("ad_days", "stock_levels", "orders", "order_lines"), checks.ad_on_sold_out),
)
REMEDIES: dict[str, Remedy] = {
    "marketing.campaign_loses_money": remedies.spend_less,
    "marketing.ad_on_sold_out": remedies.until_refilled,
}
