"""Who buys again, and who has gone quiet."""

from argosy.domains.check import Check, Remedy
from argosy.domains.customers import quiet, remedies

CHECKS = (Check("customers.loyal_quiet", ("orders",), quiet.loyal_quiet),)
REMEDIES: dict[str, Remedy] = {"customers.loyal_quiet": remedies.write_to_loyal}
