"""All that happened in a world, as it is when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from argosy.world.advertising import AdDays
from argosy.world.bills import Bills
from argosy.world.columns import Ints
from argosy.world.demand import Wanted
from argosy.world.given import Given
from argosy.world.marketplace import Amount, Sales
from argosy.world.mercado import MercadoSales
from argosy.world.orders import Lines, Orders
from argosy.world.parcels import Parcels
from argosy.world.payments import Attempts
from argosy.world.provider import Moves, Payouts
from argosy.world.social import SocialSales
from argosy.world.stock import Lots, Shelves
from argosy.world.truth import Ledger


@dataclass(frozen=True)
class Paid:
    """A claim that was paid: by whom, the number of what it was about, on which day since 1970, and how much in minor
    units of its currency."""

    party: str
    number: str
    day: int
    amount: int
    currency: str


@dataclass(frozen=True)
class SiteSales:
    """What happened on one site of Amazon's: sales, what the statements say, what was paid out."""

    sales: Sales
    amounts: list[Amount]
    deposits: Payouts
    place: Ints

    @cached_property
    def names(self) -> pa.Array:
        """The numbers of the orders."""
        return pa.array(self.sales.names, pa.string())


@dataclass(frozen=True)
class World:
    """All that happened until the day the files tell of.

    attempts, amounts, attempted_in: attempts to pay at the shop, what each would have paid, and the buyer's market.
    paid_by: the provider of each order. payouts: of each provider. dropped: purchases somebody had in
    mind and did not make. claims: what others paid back of what they got wrong.
    """

    given: Given
    orders: Orders
    lines: Lines
    parcels: Parcels
    attempts: Attempts
    amounts: Ints
    attempted_in: Ints
    paid_by: Ints
    dropped: Wanted
    moves: Moves
    payouts: tuple[Payouts, ...]
    sites: tuple[SiteSales, ...]
    social: tuple[SocialSales, ...]
    mercado: tuple[MercadoSales, ...]
    shelves: Shelves
    lots: Lots
    bills: Bills
    ads: AdDays
    ledger: Ledger
    claims: tuple[Paid, ...] = ()

    @property
    def count(self) -> int:
        """How many orders there are."""
        elsewhere = [site.sales.at for site in self.sites]
        elsewhere += [sales.at for sales in self.social] + [sales.at for sales in self.mercado]
        return len(self.orders.total) + sum(len(at) for at in elsewhere)

    @cached_property
    def shop_names(self) -> pa.Array:
        """What the shop's orders are called."""
        return pa.array(self.orders.names, pa.string())
