"""What can be done about the business: each kind of action alters a condition from a day on."""

from __future__ import annotations

from typing import Any

from argosy.world.kinds import Kind, by, closed, less, never, to

FASTER_COSTS = 0.9  # a lane that takes a part less time costs this much of that part more; assumed


def _dearer(value: Any, strength: float) -> Any:
    return value * (1 + FASTER_COSTS * strength)


# strength: what the meaning says; days: of no matter, an action holds as long as it is asked to.
KINDS: dict[str, Kind] = {
    "price": Kind("pricing", "article", {"price": to}, (0.3, 3.0), (1, 365), "sell at so much of the list price"),
    "stop_coupon": Kind("pricing", "market", {"coupons": never}, (1.0, 1.0), (1, 365), "no more coupons"),
    "ad_budget": Kind(
        "marketing", "campaign", {"budget": to}, (0.01, 5.0), (1, 365), "spend so much of the usual budget"
    ),
    "pause_campaign": Kind("marketing", "campaign", {"budget": never}, (1.0, 1.0), (1, 365), "stop advertising"),
    "message_segment": Kind("customers", "market", {"mailed": to}, (1.0, 1.0), (1, 14), "write to old buyers"),
    "reorder": Kind("stock", "article/warehouse", {"reorder": by}, (1, 100_000), (1, 1), "order so many units more"),
    "transfer": Kind("stock", "article/warehouse", {"transfer": by}, (1, 100_000), (1, 1), "bring so many units there"),
    "hold_listing": Kind(
        "compliance", "article/place", {"blocked": closed}, (1.0, 1.0), (1, 365), "do not sell it there"
    ),
    "faster_lane": Kind(
        "logistics", "market", {"transit": less, "postage": _dearer}, (0.05, 0.6), (1, 365), "send so much faster"
    ),
    "method_on": Kind(
        "payments",
        "provider/market",
        {"opened": to},
        (0.01, 0.9),
        (1, 365),
        "offer it to such a part of the buyers there",
    ),
    "method_off": Kind(
        "payments", "provider/market", {"offered": never}, (1.0, 1.0), (1, 365), "do not offer it there"
    ),
    "claim": Kind("payments", "fault", {}, (1.0, 1.0), (1, 1), "ask back what others got wrong"),
    "refund": Kind("service", "order", {}, (1.0, 1.0), (1, 1), "give all back"),
}
