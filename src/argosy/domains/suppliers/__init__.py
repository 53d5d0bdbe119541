"""Whom the goods come from: when they come, and how sound they are."""

from argosy.domains.check import Check, Remedy
from argosy.domains.suppliers import lots, remedies, slipping

CHECKS = (
    Check("suppliers.supplier_slipping", ("po_lines",), slipping.supplier_slipping),
    Check("suppliers.lot_defective", ("orders", "order_lines"), lots.lot_defective),
)
REMEDIES: dict[str, Remedy] = {
    "suppliers.supplier_slipping": remedies.ask_supplier,
    "suppliers.lot_defective": remedies.look_at_lot,
}
