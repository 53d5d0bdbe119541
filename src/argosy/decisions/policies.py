"""What Argosy may do with each kind of change as long as nobody says otherwise."""

from __future__ import annotations

from decimal import Decimal

from argosy.model.decisions import APPROVED, Policy

# Every kind is done after approval. Limits, assumed: about what the manager of a small shop decides without asking the
# owner. Most money or price moved by one change, in euros; most percent a value moves by; most changes a day.
LIMITS: dict[str, tuple[int | None, int | None, int | None]] = {
    "price.set": (100, 20, 20),
    "coupon.stop": (None, None, 10),
    "campaign.pause": (None, None, 10),
    "campaign.budget": (None, 50, 10),
    "stock.reorder": (5000, None, 10),
    "stock.transfer": (1000, None, 10),
    "inventory.set": (None, None, 50),
    "listing.hold": (None, None, 20),
    "lane.faster": (1000, None, 5),
    "method.on": (None, None, 5),
    "method.off": (None, None, 5),
    "order.refund": (200, None, 50),
    "order.tag": (None, None, 200),
    "buyers.write": (None, None, 5),
    "claim.send": (5000, None, 20),
    "task.do": (None, None, None),
}
# Other book currencies have the same round sums times a power of ten near what a euro is worth in them (European
# Central Bank, 2026); those not named here are worth about a euro.
TENS = {
    **dict.fromkeys(("CNY", "DKK", "HKD", "MXN", "NOK", "SEK", "ZAR"), 10),
    **dict.fromkeys(("CZK", "INR", "JPY", "PHP", "THB", "TRY"), 100),
    **dict.fromkeys(("HUF",), 1000),
    **dict.fromkeys(("KRW",), 1000),
    **dict.fromkeys(("IDR", "VND"), 10_000),
}  # fmt: skip


def round_sum(euros: int, book_currency: str) -> Decimal:
    """Return a round sum of about so many euros in the book currency."""
    return Decimal(euros * TENS.get(book_currency, 1))


def usual(kind: str, *, book_currency: str) -> Policy:
    """Return the policy of a kind of change that nobody set one for."""
    amount, percent, count = LIMITS.get(kind, (0, 0, 0))
    return Policy(
        kind,
        APPROVED,
        None if amount is None else round_sum(amount, book_currency),
        None if percent is None else Decimal(percent),
        count,
    )
