"""The money ledger as Beancount text, in the book currency, one transaction per transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "income": "Income",
    "contra": "Income:Contra",
    "cost": "Expenses:Cost",
    "fee": "Expenses:Fee",
    "marketing": "Expenses:Marketing",
    "loss": "Expenses:Loss",
    "fx": "Expenses:FX",
}


def write_beancount(entries: pa.Table, path: Path, *, book_currency: str) -> int:
    """Write entries, sorted by day and transaction, and return how many could not be written for lack of a rate.

    Amounts are the book amounts, so that every transaction balances for ``bean-check`` and every account has the
    total it has in Argosy; the amount and currency of the transaction itself stand as metadata. Columns needed:
    posted_at, transaction_id, entry_no, account, amount, currency, book_amount, state, source_row.
    """
    accounts = account_names(entries["account"].unique().to_pylist())
    first = min((m for m in entries["posted_at"].to_pylist() if m), default=None)
    with path.open("w", encoding="utf-8") as file:
        file.write(f'option "title" "Argosy"\noption "operating_currency" "{book_currency}"\n\n')
        if first is not None:
            for name in sorted(accounts.values()):
                file.write(f"{first.date()} open {name} {book_currency}\n")
        return sum(
            _transaction(file, list(group), accounts, book_currency)
            for _, group in groupby(_rows(entries), key=lambda row: (row["posted_at"], row["transaction_id"]))
        )


def account_names(accounts: Iterable[str]) -> dict[str, str]:
    """Return Argosy's account -> Beancount's; names that would become the same are told apart by a short hash."""
    names: dict[str, str] = {}
    for account in sorted(accounts):
        root, *rest = account.split(":")
        name = ":".join([ROOTS.get(root, "Expenses:Other"), *(_component(part) for part in rest)])
        if name in names.values():
            name += f"-{hashlib.sha256(account.encode()).hexdigest()[:6]}"
        names[account] = name
    return names


def _component(part: str) -> str:
    words = [word for word in re.split(r"[^A-Za-z0-9]+", part) if word]
    plain = "-".join(word[:1].upper() + word[1:] for word in words)
    return plain or f"X{hashlib.sha256(part.encode()).hexdigest()[:6]}"


def _rows(entries: pa.Table) -> Iterator[dict[str, Any]]:
    order = [("posted_at", "ascending"), ("transaction_id", "ascending"), ("entry_no", "ascending")]
    for batch in entries.sort_by(order).to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _transaction(file: TextIO, group: list[dict[str, Any]], accounts: dict[str, str], book_currency: str) -> int:
    if any(row["book_amount"] is None for row in group):
        return len(group)
    flag = "!" if any(row["state"] == "estimated" for row in group) else "*"
    narration = str(group[0]["transaction_id"]).replace("\\", "/").replace('"', "'").replace("\n", " ")
    file.write(f'\n{group[0]["posted_at"].date()} {flag} "{narration}"\n')
    file.write(f'  source: "{group[0]["source_row"]}"\n')
    for row in group:
        file.write(f"  {accounts[row['account']]}  {row['book_amount']} {book_currency}\n")
        if row["currency"] != book_currency:
            file.write(f'    was: "{row["amount"]} {row["currency"]}"\n')
    return 0
