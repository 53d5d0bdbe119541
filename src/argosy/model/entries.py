"""The money ledger's one table and its accounts, named as accountants name them."""

from __future__ import annotations

ENTRIES = {
    "transaction_id": "string",  # what happened: sale:shopify:main:#1001/1
    "entry_no": "int64",  # position in its transaction, from 0
    "posted_at": "timestamp",  # when it happened, UTC
    "known_at": "timestamp",  # when Argosy learned it, UTC
    "account": "string",
    "amount": "decimal(18,4)",  # debit above zero, credit below, in ``currency``
    "currency": "string",
    "book_amount": "decimal(18,4)",  # the same in the book currency; NULL while the day's rate is missing
    "state": "string",  # estimated or settled
    "order_id": "string",
    "line_no": "string",
    "sku": "string",
    "market": "string",  # country the goods go to
    "channel_id": "string",
    "source_row": "string",
    "rule_id": "string",  # the dated rule an estimate rests on
}

# The heads of the account tree; what follows a head in an entry names the jurisdiction, channel or warehouse.
ACCOUNTS = (
    "income:sales",
    "income:shipping",
    "income:other",
    "contra:discount",
    "contra:refund",
    "cost:goods",
    "cost:inbound",
    "cost:freight",
    "cost:duty",
    "cost:import_tax_unrecovered",
    "cost:packaging",
    "fee:channel",
    "fee:fulfilment",
    "fee:payment",
    "fee:storage",
    "fee:other",
    "marketing:ads",
    "marketing:promotion",
    "loss:chargeback",
    "loss:write_off",
    "fx:realised",
    "liability:vat",
    "liability:customer",
    "liability:payable",
    "asset:receivable",
    "asset:bank",
    "asset:stock",
    "asset:suspense",  # bank lines nobody has explained yet
)
ESTIMATED, SETTLED = "estimated", "settled"

# Which accounts each step of the money bridge adds up, from gross sales down (see docs/ledgers.md).
BRIDGE = {
    "gross_sales": ("income:",),
    "discounts": ("contra:discount",),
    "refunds": ("contra:refund",),
    "goods": ("cost:goods",),
    "inbound": ("cost:inbound",),
    "freight": ("cost:freight", "cost:packaging"),
    "duty": ("cost:duty", "cost:import_tax_unrecovered"),
    "channel_fees": ("fee:channel", "fee:fulfilment", "fee:storage", "fee:other"),
    "payment_fees": ("fee:payment",),
    "marketing": ("marketing:",),
    "losses": ("loss:",),
    "fx": ("fx:",),
}
# Contribution margins: every step up to and including the named one.
MARGINS = {
    "net_sales": "refunds",
    "cm1": "inbound",
    "cm2": "payment_fees",
    "cm3": "marketing",
    "profit": "fx",
}
# The bridge as it is read: each margin after its last step.
FIGURES = tuple(name for step in BRIDGE for name in (step, *(m for m, last in MARGINS.items() if last == step)))
