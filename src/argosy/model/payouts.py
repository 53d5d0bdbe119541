"""The kinds of lines a channel's or provider's statement is made of, and the account each one moves."""

from __future__ import annotations

# Lines that say what was sold and charged: the statement is the truth and settles the estimate.
STATEMENT = {
    "sale": "income:sales",
    "sale_shipping": "income:shipping",
    "sale_other": "income:other",
    "discount": "contra:discount",
    "refund": "contra:refund",
    "referral": "fee:channel",
    "fulfilment": "fee:fulfilment",
    "storage": "fee:storage",
    "payment_fee": "fee:payment",
    "subscription": "fee:other",
    "other_fee": "fee:other",
    "ad": "marketing:ads",
    "promotion": "marketing:promotion",
    "freight": "cost:freight",
    "customs": "cost:duty",
    "reimbursement": "income:other",
    "dispute": "loss:chargeback",
    "write_off": "loss:write_off",
}
# Lines that only say that money of an order moved from the buyer to the provider or back.
MONEY_MOVES = ("charge", "charge_refund")
# Tax the seller owes on, tax the channel keeps, money held back, and the payout itself.
OTHER = ("sale_tax", "refund_tax", "tax_withheld", "reserve", "transfer", "conversion")

KINDS = (*STATEMENT, *MONEY_MOVES, *OTHER)
