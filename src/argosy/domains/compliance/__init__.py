"""What authorities and marketplaces ask of a seller: account health, registration, papers."""

from argosy.domains.check import Check, Remedy
from argosy.domains.compliance import quiet

CHECKS = (Check("compliance.place_gone_quiet", ("orders",), quiet.place_gone_quiet),)
REMEDIES: dict[str, Remedy] = {}
