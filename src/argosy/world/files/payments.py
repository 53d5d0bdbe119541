"""Attempts to pay and disputes, as the payment provider's dashboard exports them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.conditions import COUNTRIES
from argosy.world.happened import World
from argosy.world.payments import APPROVED
from argosy.world.provider import DISPUTE

ATTEMPTS = (
    "Attempt", "Channel", "Order", "Provider", "Method", "Country", "Amount", "Currency", "Attempted at", "Outcome",
    "Decline code", "3-D Secure",
)  # fmt: skip
DISPUTES = (
    "Dispute",
    "Channel",
    "Order",
    "Amount",
    "Currency",
    "Reason",
    "Opened at",
    "Respond by",
    "Outcome",
    "Closed at",
)
CLOCK = "%Y-%m-%d %H:%M:%S"
ANSWER_DAYS = 10


def write_attempts(path: Path, world: World) -> None:
    """Write every attempt to pay in the shop, those that were declined too."""
    tried = world.attempts
    good, known = tried.declined == APPROVED, tried.purchase >= 0
    order = np.maximum(tried.purchase, 0)
    rows = len(order)
    wallet = np.array([one.method != assumed.CARD for one in assumed.PROVIDERS])[tried.provider]
    code = picked([code for code, _ in assumed.DECLINES], np.maximum(tried.declined, 0))
    columns = {
        "Attempt": joined("py_", text(pa.array(np.arange(rows) + 10_000_001))),
        "Channel": where(known & good, same("shopify:main", rows)),
        "Order": where(known & good, world.shop_names.take(pa.array(order))),
        "Provider": picked([one.channel_id for one in assumed.PROVIDERS], tried.provider),
        "Method": picked([one.method for one in assumed.PROVIDERS], tried.provider),
        "Country": picked(COUNTRIES, world.attempted_in),
        "Amount": text(money(world.amounts)),
        "Currency": same(assumed.SHOP_CURRENCY, rows),
        "Attempted at": moment(tried.at, CLOCK),
        "Outcome": picked(("declined", "captured"), good.astype(np.int64)),
        "Decline code": where(~good, pc.if_else(pa.array(wallet), assumed.WALLET_DECLINE, code)),
    }
    write_rows(path, columns, header=ATTEMPTS)


def write_disputes(path: Path, world: World) -> None:
    """Write the disputes opened so far; all of them are lost."""
    moves = world.moves
    mine = np.flatnonzero(moves.kind == DISPUTE)
    opened = moves.at[mine]
    respond = opened + ANSWER_DAYS * DAY_SECONDS
    closed = respond < world.given.when.until
    columns = {
        "Dispute": joined("dp_", text(pa.array(np.arange(len(mine)) + 1))),
        "Channel": same("shopify:main", len(mine)),
        "Order": world.shop_names.take(pa.array(moves.order[mine])),
        "Amount": text(money(-moves.amount[mine])),
        "Currency": same(assumed.SHOP_CURRENCY, len(mine)),
        "Reason": same("fraudulent", len(mine)),
        "Opened at": moment(opened, CLOCK),
        "Respond by": moment(respond, CLOCK),
        "Outcome": picked(("open", "lost"), closed.astype(np.int64)),
        "Closed at": where(closed, moment(respond, CLOCK)),
    }
    write_rows(path, columns, header=DISPUTES)
