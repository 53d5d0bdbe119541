"""Which words of the pages are terms of the trade or of Argosy, and which term each of them is."""

from __future__ import annotations

from argosy.model.words import subject

# Words that are called otherwise than the term in ``locale/terms.toml`` they stand for: by the key of the word.
_OF = {
    "columns": {
        "book_amount": "book_currency", "currency": "settlement_currency", "net": "net_cash", "entries": "entry",
        "entry_no": "entry", "transaction_id": "transaction", "rule_id": "rule", "sales": "gross_sales",
        "change": "difference", "estimates": "estimated", "expected": "reconciliation", "found": "reconciliation",
        "was": "restated", "now": "restated", "needs": "gap", "channel_id": "channel", "n": "due", "due_at": "due",
        "kept_at": "kept", "share": "kept_rate", "low": "interval", "high": "interval", "promise_id": "promise",
        "late_hours": "lateness", "p50_hours": "late_half", "p90_hours": "late_tenth", "sold": "gross_sales",
    },
    "brief": {"share": "margin"},
    "promises": dict.fromkeys(("ship_by", "deliver_by"), "kept_rate"),
    "loop": {"sure": "confidence"},
    "console": {
        "does_not_add_up": "reconciliation", "tab_findings": "reconciliation", "cannot_tell": "gap",
        "what_is_missing": "gap", "partly_estimated": "estimated", "tab_bridge": "bridge", "tab_profit": "profit",
        "tab_balances": "balance", "tab_receivables": "receivable", "tab_cash": "cash", "cash_flow": "cash",
        "tab_variance": "variance", "tab_restatements": "restated", "tab_coverage": "coverage",
        "data_tab_coverage": "coverage", "data_share": "coverage", "tab_entries": "entry", "its_entries": "entry",
        "largest_entries": "entry", "waiting_for_you": "proposal", "what_to_do": "proposal", "what_we_saw": "finding",
        "noticed": "finding", "order_noticed": "finding", "should_bring": "expected", "holds_until": "expires",
        "taken_back_by": "undo", "how_kept": "kept_rate", "data_interval": "interval", "was_kept": "kept",
        "due_soonest": "open", "likely_late": "late_chance", "quote_delivery": "quote", "order_promises": "promise",
        "order_payouts": "payout", "order_payout": "payout", "order_payments": "attempt", "data_account": "shop",
        "set_currency": "book_currency", "set_freeze": "freeze", "set_costing": "costing", "set_rules": "level",
        "log_verify": "hash_chain", "by_rule": "rule",
    },
    "order": {"cannot_tell": "gap"},
}  # fmt: skip


def term_of(key: str) -> str | None:
    """Return the term that the word ``subject.key`` stands for; None: it explains itself."""
    name, _, word = key.partition(".")
    found = _OF.get(name, {}).get(word, word)
    return found if found in subject("terms") else None


def terms() -> list[str]:
    """Return all terms, in the order they are explained in."""
    return [key for key in subject("terms") if not key.endswith(".name")]
