"""A first description of a file Argosy does not know, written for the seller to finish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from argosy.intake.formats import normal
from argosy.intake.receive import find_files, open_archives, receive
from argosy.intake.recognise import recognise
from argosy.lake.rows import Layout, records
from argosy.model.facts import FACTS

SAMPLE = 200
# What a header's words hint at: fact column, type.
HINTS = (
    (r"sku|货号|商品编码", "sku", "text"),
    (r"^orderid|ordernumber|orderno|订单", "order_id", "text"),
    (r"currency|币种", "currency", "currency"),
    (r"amount|betrag|金额|debit|credit", "amount", "money"),
    (r"reference|description|memo|摘要|备注", "reference", "text"),
    (r"date|datum|日期", "booked_on", "date"),
)
HEAD = """\
# Draft made from {name}. Lines that begin with # are notes. Check three things:
#  1. every column has the right type: text, money, int, number, time, date, flag, country, currency;
#     mark what holds a buyer with person = "name", "email", "phone" or "street": it then never enters the books
#  2. need = "header" for the columns that tell this file from others, need = "value" where no row may be empty
#  3. [[facts]] says which table the rows go to, and which column fills which; "=EUR" is a constant text
# 这是根据 {name} 生成的草稿，请核对：1. 每列的类型；含买家信息的列加 person；2. need 标出识别此文件所需的列；
#  3. [[facts]] 指明数据去向，"=EUR" 表示固定值。
# The tables and their columns / 可用的表与列:
{tables}
"""


def draft_format(file: str, folder: Path) -> Path:
    """Write a draft declaration for ``file`` into ``folder`` and return where; an older draft is kept as it is."""
    found = open_archives(find_files([file])[0])[0]
    with TemporaryDirectory(prefix="argosy-") as scratch:
        received = receive(found, Path(scratch), Path(scratch))
        # Against no format at all: what is left is the widest line, which is the header.
        unknown = recognise(received.text, ())
        header, layout = unknown.header, unknown.layout or Layout(",", 0, len(unknown.header))
        rows = [record.cells for record in records(received.text, layout)][:SAMPLE]
    name = re.sub(r"\W+", "_", Path(file).stem.lower()).strip("_") or "own"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    if not path.exists():
        path.write_text(_draft(Path(file).name, name, header, rows), encoding="utf-8")
    return path


def _draft(file: str, name: str, header: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    tables = "\n".join(f"#   {table.name}: {', '.join(c.name for c in table.columns)}" for table in FACTS.values())
    lines = [
        HEAD.format(name=file, tables=tables),
        f'title = {{ en = "{name}", zh = "{name}" }}',
        f'channel = "{name}"',
    ]
    lines += [
        'decimal = "auto"',
        'date_order = "auto"',
        'forms = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%Y/%m/%d"]',
        'version = "file"',
        "",
        "[columns]",
    ]
    chosen: dict[str, str] = {}
    for number, text in enumerate(header):
        key = re.sub(r"\W+", "_", text.strip().lower()).strip("_") or f"column_{number + 1}"
        key = key if key not in chosen else f"{key}_{number + 1}"
        type_ = _type(text, [row[number] for row in rows if number < len(row)])
        chosen[key] = type_
        quoted = text.strip().replace("\\", "\\\\").replace('"', '\\"')
        need = ', need = "header"' if number < 4 else ""
        lines.append(f'"{key}" = {{ header = "{quoted}", type = "{type_}"{need} }}')
    return "\n".join([*lines, "", *_facts(chosen, header)]) + "\n"


def _type(header: str, cells: list[str]) -> str:
    for pattern, _, type_ in HINTS:
        if re.search(pattern, normal(header)):
            return type_
    filled = [cell.strip() for cell in cells if cell.strip()]
    if filled and all(re.fullmatch(r"[-+(]?[^\w\s]?\s?\d[\d.,' ]*\)?", cell) for cell in filled):
        return "money" if any("." in cell or "," in cell for cell in filled) else "int"
    if filled and all(re.match(r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}", cell) for cell in filled):
        return "date"
    return "text"


def _facts(chosen: dict[str, str], header: tuple[str, ...]) -> list[str]:
    lines = [
        "# A bank statement, for example; change the table to what this file is.",
        "[[facts]]",
        'table = "bank_lines"',
    ]
    fills = {"bank_line_id": "$row", "account": "=main"}
    for key, text in zip(chosen, header, strict=True):
        for pattern, column, _ in HINTS:
            if re.search(pattern, normal(text)) and column in {c.name for c in FACTS["bank_lines"].columns}:
                fills.setdefault(column, key)
                break
    inner = ", ".join(f'{column} = "{source}"' for column, source in fills.items())
    return [*lines, f"columns = {{ {inner} }}"]
