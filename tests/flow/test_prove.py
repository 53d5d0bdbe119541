"""A simulated seller's files, read and posted, give the truth to the cent."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from argosy.business import Business
from argosy.model.scores import Score, judged
from argosy.prove.ledgers import agreements
from argosy.prove.worlds import prove, score
from argosy.world.plan import Event, Plan
from argosy.world.simulate import simulate

MONEY = ("payments.payout_short",)  # what of all that is noticed is looked for here: the rest is in the scorecard


def test_the_books_of_worlds_are_their_truth_to_the_cent_whatever_happens_in_them() -> None:
    seen: list[int] = []
    both = prove(
        [41, 44], months=4, orders=1_500, incidents=10, kinds=MONEY, progress=lambda _, done, __: seen.append(done)
    )
    assert [score.seed for score in both] == [41, 44]
    assert seen == [1, 2]
    for found in both:
        assert found.orders > 1_200
        assert [(a.by, a.off, a.largest) for a in found.agreements if a.off] == []
        assert {a.by: a.groups > 20 for a in found.agreements} == {
            "account": True,
            "account and month": True,
            "order and account": True,
            "payout": True,
            "promise": True,
        }
        assert found.quoted is not None
        assert found.quoted.n > 100
        assert found.quoted.kept == pytest.approx(found.quoted.asked, abs=0.06)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a world whose payouts come short for four weeks; its books will be in ``shop`` beside."""
    incident = Event("payout_short", "shopify_payments:main", date(2026, 7, 1), date(2026, 7, 28), 0.2)
    folder = tmp_path_factory.mktemp("short")
    simulate(Plan(43, months=4, orders=600, incidents=(incident,)), folder / "world")
    return folder


@pytest.fixture(scope="module")
def found(short: Path) -> Score:
    return score(short / "world", short / "shop", seed=43, kinds=MONEY)


def test_payouts_that_come_short_are_found_and_none_else(found: Score) -> None:
    assert found.exact
    (payouts,) = (one for one in judged([found]) if one.kind == "payments.payout_short")
    assert (payouts.there, payouts.found, payouts.false) == (4, 4, 0)
    assert (payouts.near, payouts.covered) == (1.0, 1.0)


def test_a_cent_that_is_wrong_is_seen(found: Score, short: Path) -> None:
    assert found.exact
    truth = {name: pq.read_table(short / "world" / "truth" / f"{name}.parquet") for name in ("entries", "promises")}
    rows = truth["entries"].to_pylist()
    rows[truth["entries"]["account"].to_pylist().index("fee:payment")]["book_amount"] += Decimal("0.01")
    truth["entries"] = pa.Table.from_pylist(rows, schema=truth["entries"].schema)
    with closing(Business.at(short / "shop")) as business:
        told = {name: business.lake.keep(f"true_{name}", ibis.memtable(table)) for name, table in truth.items()}
        agreed = agreements(business.lake, business.entries(), business.promises(), told)
    assert {a.by: (a.off, a.largest) for a in agreed if a.off} == {
        "account": (1, "0.0100"),
        "account and month": (1, "0.0100"),
        "order and account": (1, "0.0100"),
    }
