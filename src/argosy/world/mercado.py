"""What is sold on Mercado Libre: an order for each article of a cart, and what Mercado Libre keeps of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import Flags, Ints, text
from argosy.world.draws import Draws
from argosy.world.given import Given
from argosy.world.marketplace import priced
from argosy.world.orders import Lines, rounded


@dataclass(frozen=True)
class MercadoSales:
    """Orders of one site, each of one line, and the cart each was in; amounts in hundredths of the site's currency.

    paid: whether it was paid and not called off before; fee: what is kept of all its units.
    """

    site: assumed.MercadoSite
    came: Visits
    lines: Lines
    cart: Ints
    paid: Flags
    fee: Ints

    @property
    def at(self) -> Ints:
        """When each was placed, and paid in the same moment."""
        return self.came.at

    @property
    def names(self) -> pa.Array:
        """The numbers of the orders, all of one width and rising."""
        return text(pa.array(self.site.number * 10**12 + (np.arange(len(self.at)) + 1) * 7_919))


def called_off(came: Visits, draws: Draws) -> Flags:
    """Return which carts are called off before they are paid."""
    return draws.of("fates", came.id) < assumed.MERCADO_CANCELLED


def sell_freely(came: Visits, lines: Lines, site: assumed.MercadoSite, given: Given) -> MercadoSales:
    """Return what buyers bought on a site."""
    each = np.arange(len(lines.order))
    cart, came = lines.order, came.only(lines.order)
    day = given.when.day(came.at)
    alone = Lines(each, np.ones_like(each), lines.article, lines.units, lines.worth)
    alone = priced(alone, given.conditions.price[day, alone.article], site, given.articles)
    # What is kept is told for one unit.
    fee = rounded(alone.worth // alone.units * site.keeps, 1000) * alone.units
    return MercadoSales(site, came, alone, cart, ~called_off(came, given.draws), fee)
