"""Every table a seller can ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ibis.expr.types import Table

from argosy.flow import Business

VIEWS: Mapping[str, Callable[[Business, tuple[str, ...]], Table]] = {
    "profit": lambda business, by: business.profit(by=by),
    "balances": lambda business, by: business.balances(),
    "cash": lambda business, by: business.cash(by=by[0] if by else "week"),
    "receivables": lambda business, by: business.receivables(),
    "coverage": lambda business, by: business.coverage(),
    "variance": lambda business, by: business.variance(),
    "kept": lambda business, by: business.kept(by=by or ("kind",)),
    "findings": lambda business, by: business.findings(),
    "gaps": lambda business, by: business.gaps(),
    "entries": lambda business, by: business.entries(),
    "promises": lambda business, by: business.promises(),
    "imports": lambda business, by: business.lake.table("imports"),
}
