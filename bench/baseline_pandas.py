"""Contribution margin by market and month from the invoices and the cost sheet, as a pandas script would do it."""

from __future__ import annotations

import sys
from decimal import Decimal

import pandas as pd

invoices, costs = sys.argv[1:3]
lines = pd.read_csv(invoices, dtype=str, keep_default_na=False)
cost = pd.read_csv(costs, dtype=str, keep_default_na=False).set_index("SKU")["Unit cost"].map(Decimal)
lines["Quantity"] = lines["Quantity"].astype(int)
lines["UnitPrice"] = lines["UnitPrice"].map(Decimal)
lines["amount"] = lines["UnitPrice"] * lines["Quantity"].map(Decimal)
lines["month"] = pd.to_datetime(lines["InvoiceDate"]).dt.to_period("M")
lines["sku"] = lines["StockCode"].str.upper()
KINDS = {"AMAZONFEE": "fee", "BANK CHARGES": "fee", "CRUK": "fee", "S": "marketing", "D": "discount", "B": "loss",
         "POST": "service", "DOT": "service", "C2": "service", "M": "service"}  # fmt: skip
lines["kind"] = lines["sku"].map(KINDS).fillna("goods")
lines = lines[~((lines["UnitPrice"] == 0) & (lines["CustomerID"] == ""))]
sold = lines["kind"].eq("goods") & ~lines["InvoiceNo"].str.upper().str.startswith("C")
lines["goods"] = Decimal(0)
lines.loc[sold, "goods"] = lines.loc[sold, "sku"].map(cost).fillna(Decimal(0)) * lines.loc[sold, "Quantity"].map(
    Decimal
)
net = lines[lines["kind"].isin(("goods", "service", "discount"))]
margin = pd.DataFrame(
    {
        "net_sales": net.groupby(["Country", "month"])["amount"].sum(),
        "goods": lines.groupby(["Country", "month"])["goods"].sum(),
        "fees": lines[lines["kind"] == "fee"].groupby(["Country", "month"])["amount"].sum(),
    }
)
print(len(margin))
