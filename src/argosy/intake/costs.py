"""The cost sheet: a lot received when it says how many, else a cost that holds from a day on.

Freight and duty are of the whole lot where a quantity stands beside them, else of one unit.
"""

from __future__ import annotations

from pathlib import Path

from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact, occurrence
from argosy.intake.formats import Format

HEADERS = {
    "en": ("SKU", "Unit cost", "Currency", "Received on", "Quantity received", "Inbound freight",
           "Freight currency", "Import duty", "Duty currency", "Supplier"),
    "zh": ("商品编码", "采购单价", "币种", "到货日期", "到货数量", "头程运费", "运费币种", "关税",
           "关税币种", "供应商"),
}  # fmt: skip
NOTES = {
    "en": "One row per lot received. Leave the quantity empty for a cost that simply holds from a day on; freight and"
    " duty are then per unit. Amounts in the currency beside them.",
    "zh": "每批到货一行。数量留空表示自该日起的标准单位成本，此时运费与关税按单件填写。金额以旁边的币种计。",
}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ``cost_lots``; a row is known by its article, day and its turn among alike."""
    named = rows.mutate(turn=occurrence(rows, "sku", "received_on", "quantity"))
    day = named.received_on.cast("string").fill_null("always")
    kind = named.quantity.cast("string").fill_null("standard")
    return Facts(
        {
            "cost_lots": fact(
                named,
                lot_id=named.sku.concat("/", day, "/", kind, "/", named.turn.cast("string")),
                sku=named.sku,
                received_on=named.received_on,
                quantity=named.quantity.nullif(0),
                unit_cost=named.unit_cost,
                currency=named.currency,
                freight=named.freight,
                freight_currency=named.freight_currency,
                duty=named.duty,
                duty_currency=named.duty_currency,
                supplier=named.supplier,
            )
        }
    )


def write_template(path: Path, *, lang: str) -> None:
    """Write an empty cost sheet with the headers of ``lang`` and a page that explains them."""
    import openpyxl  # noqa: PLC0415 - a workbook library is only needed here

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "costs" if lang == "en" else "成本"
    sheet.append(HEADERS[lang])
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 18
    notes = book.create_sheet("notes" if lang == "en" else "说明")
    notes.append([NOTES[lang]])
    notes.column_dimensions["A"].width = 120
    book.save(path)
