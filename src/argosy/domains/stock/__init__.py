"""Goods in warehouses: what runs out, what is out, what lies too long, what storing costs, what is wanted more."""

from argosy.domains.check import Check, Remedy
from argosy.domains.stock import checks, remedies

CHECKS = (
    Check("stock.running_out", ("stock_levels", "orders", "order_lines", "cost_lots"), checks.running_out),
    Check("stock.sold_out_now", ("stock_levels", "orders", "order_lines", "cost_lots"), checks.sold_out_now),
    Check("stock.storage_up", ("fees", "stock_levels"), checks.storage_up),
    Check("stock.dead_stock", ("stock_levels", "orders", "order_lines", "cost_lots"), checks.dead_stock),
    Check("stock.demand_rising", ("orders", "order_lines", "cost_lots"), checks.demand_rising),
)
REMEDIES: dict[str, Remedy] = {
    "stock.running_out": remedies.refill,
    "stock.sold_out_now": remedies.refill,
    "stock.storage_up": remedies.ask_storage,
    "stock.dead_stock": remedies.clear,
    "stock.demand_rising": remedies.order_more,
}
