"""What is asked for goods: prices below cost, coupons that leak, rivals that undercut."""

from argosy.domains.check import Check, Remedy
from argosy.domains.pricing import below_cost, coupons, remedies, rivals

CHECKS = (
    Check("pricing.order_below_cost", ("orders", "order_lines", "cost_lots"), below_cost.order_below_cost),
    Check("pricing.coupon_leaks", ("orders", "order_lines"), coupons.coupon_leaks),
    Check(
        "pricing.rival_undercuts", ("competitor_prices", "orders", "order_lines", "cost_lots"), rivals.rival_undercuts
    ),
)
REMEDIES: dict[str, Remedy] = {
    "pricing.order_below_cost": remedies.price_back,
    "pricing.coupon_leaks": remedies.stop_coupon,
    "pricing.rival_undercuts": remedies.answer_rival,
}
