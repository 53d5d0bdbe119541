"""Buyers who come again less than they did are told by market; those who come as ever are not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from tests.domains.conftest import known
from tests.domains.selling import DAY, sale

from argosy.domains.customers.quiet import loyal_quiet
from argosy.domains.customers.remedies import write_to_loyal
from argosy.outlook.known import Known


def _buyers(*, quiet: str = "") -> Known:
    """Return 150 days of buyers in four countries, of whom many come again every few weeks; those of one hardly in the
    last 30 days."""
    chance = np.random.default_rng(11)
    orders, lines, entries, number = [], [], [], 0
    for country in ("DE", "FR", "GB", "US"):
        for buyer in range(150):
            ago = float(chance.uniform(1, 150))
            first = True
            while ago >= 1:
                if first or country != quiet or ago > 30 or chance.random() < 0.1:
                    number += 1
                    key = f"{country}{buyer}"
                    order, line, booked = sale(number, int(ago), "x", country=country, customer_key=key)
                    orders.append(order)
                    lines.append(line)
                    entries += booked
                first = False
                ago -= float(chance.exponential(18)) + 1
                if chance.random() < 0.12:
                    break
    return known({"orders": orders, "order_lines": lines}, day=DAY, entries=entries)


def test_a_market_whose_buyers_stay_away_is_told_and_they_are_written_to() -> None:
    shop = _buyers(quiet="DE")
    (one,) = loyal_quiet(shop)
    assert one.subject == "DE"
    assert abs((one.since - (DAY - timedelta(days=30))).days) <= 5
    assert int(str(one.told["orders"])) < int(str(one.told["expected"])) / 2
    missed = int(str(one.told["expected"])) - int(str(one.told["orders"]))
    assert float(one.stake.low) < missed * 50 < float(one.stake.high)
    (letter,) = write_to_loyal(one, shop)
    assert (letter.change.kind, letter.change.subject, letter.change.values["language"]) == ("buyers.write", "DE", "de")
    assert 0 < letter.expected.low < letter.expected.mid < one.stake.mid


def test_markets_as_ever_are_left_alone() -> None:
    assert list(loyal_quiet(_buyers())) == []
