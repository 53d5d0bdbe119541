"""What authorities and marketplaces ask of a seller: account health, registration, papers."""

from argosy.domains.check import Check, Remedy
from argosy.domains.compliance import health, quiet, remedies, thresholds

CHECKS = (
    Check("compliance.place_gone_quiet", ("orders",), quiet.place_gone_quiet),
    Check("compliance.account_health_nearing", ("orders", "channels"), health.account_health_nearing),
    Check("compliance.sales_threshold_nearing", ("orders", "order_lines"), thresholds.sales_threshold_nearing),
)
REMEDIES: dict[str, Remedy] = {
    "compliance.place_gone_quiet": remedies.open_again,
    "compliance.account_health_nearing": remedies.mend_health,
    "compliance.sales_threshold_nearing": remedies.register,
}
