"""Data: files sent and read, rows that were refused, what cannot be told, how much is costed and settled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.business import Business
from argosy.console.desk import pool
from argosy.console.pages.uploads import told
from argosy.console.sheets import TYPES, sheet
from argosy.intake.formats import known_formats

MOST = 200  # rows of a table on the page; the file has all
ROWS = 25  # refused rows of one file on the page
Rows = list[dict[str, Any]]


def page(request: HttpRequest) -> HttpResponse:
    """Show one of the tabs, or its table as a file."""
    tab = request.GET.get("tab", "upload")
    if tab not in TABLES:
        return render(request, "data.html", {"tab": "upload", "tabs": TABS} | told(request))
    ask, columns = TABLES[tab]
    rows = pool().remembered(("data", tab), ask)
    if wanted := request.GET.get("name", "").strip():
        rows = [row for row in rows if wanted.casefold() in str(row[columns[0]]).casefold()]
    if (ending := request.GET.get("format", "")) in TYPES:
        return sheet(rows, columns, name=tab, ending=ending)
    words: dict[str, Any] = {"rows": rows[:MOST], "more": len(rows) - MOST}
    if tab == "imports":
        words["titles"] = _titles(request.lang)
    if tab == "rejects":
        words["files"] = _by_file(rows)
    return render(request, "data.html", {"tab": tab, "tabs": TABS, "total": len(rows), "q": wanted} | words)


def _imports(business: Business) -> Rows:
    read = business.imports()
    return business.lake.rows(read.order_by(read.imported_at.desc(), "name"))


def _gaps(business: Business) -> Rows:
    return business.lake.rows(business.gaps().order_by("needs", "kind", "subject"))


def _coverage(business: Business) -> Rows:
    covered = business.coverage()
    return business.lake.rows(covered.order_by(covered.sales.desc()))


# The tables behind the tabs: how to ask for one, and its columns; a filter looks in the first.
TABLES: dict[str, tuple[Callable[[Business], Rows], tuple[str, ...]]] = {
    "imports": (_imports, ("name", "format", "account", "rows", "accepted", "rejected", "ignored", "modified_at",
                           "imported_at")),
    "rejects": (lambda business: business.rejects(), ("file", "row", "column", "reason", "raw")),
    "gaps": (_gaps, ("kind", "subject", "count", "amount", "currency", "needs")),
    "coverage": (_coverage, ("channel_id", "sales", "with_cost", "settled")),
}  # fmt: skip
TABS = ("upload", *TABLES)


def _titles(lang: str) -> dict[str, str]:
    return {one.name: one.title.get(lang, one.title["en"]) for one in known_formats(settings.WORKSPACE.folder)}


def _by_file(rows: Rows) -> list[dict[str, Any]]:
    """Return the refused rows file by file, each row once with all that is wrong with it."""
    files = []
    for (file_hash, name), mine in groupby(rows, key=lambda row: (row["file_hash"], row["file"])):
        found = [
            {"row": number, "raw": same[0]["raw"], "wrong": [(one["column"], one["reason"]) for one in same]}
            for number, same in ((number, list(same)) for number, same in groupby(mine, key=lambda row: row["row"]))
        ]
        files.append({"file_hash": file_hash, "name": name, "rows": found[:ROWS], "n": len(found),
                      "more": len(found) - ROWS})  # fmt: skip
    return files
