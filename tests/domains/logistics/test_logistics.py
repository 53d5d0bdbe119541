"""What the logistics checks find in a shop where one thing changed, and what they leave alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.domains.logistics.small_lanes import A_DAY, DAYS, START, Shop

from argosy.domains.logistics import CHECKS, REMEDIES
from argosy.model.findings import CannotTell, Finding
from argosy.outlook.known import Known

KINDS = [check.kind for check in CHECKS]
FIRST = 95
SINCE = START + timedelta(days=FIRST)


def found(known: Known, kind: str) -> list[Finding]:
    """Return what one check finds."""
    check = next(check for check in CHECKS if check.kind == kind)
    return [one for one in check.run(known) if isinstance(one, Finding)]


def slow(day: int, market: str) -> float:
    """Return twice the days to France since a day."""
    return 16.0 if market == "FR" and day >= FIRST else 8.0


CASES = {
    "logistics.lane_slowed": (Shop(days=slow), "FR"),
    "logistics.customs_hold": (Shop(held=lambda day, to: 0.6 if to == "FR" and day >= FIRST else 0.02), "FR"),
    "logistics.handling_slow": (Shop(hours=lambda day, to: 72.0 if day >= FIRST + 10 else 24.0), "all"),
    "logistics.carrier_bill_above_contract": (Shop(price=lambda day, to: 1.25 if day >= FIRST else 1.0), "Swift"),
    "logistics.carrier_billed_twice": (Shop(twice=(1500, 1501, 1510)), "Swift"),
    "logistics.duty_up": (Shop(duty=lambda day, to: 0.2 if to == "FR" and day >= FIRST else 0.1), "FR"),
}


@pytest.fixture(scope="module")
def usual() -> Known:
    """Return what is known where nothing changed; customs hold a few, as they do."""
    return Shop(held=lambda day, to: 0.02).known()


@pytest.mark.parametrize("kind", list(CASES))
def test_what_changed_is_found_for_its_subject_and_from_about_its_day(kind: str) -> None:
    shop, subject = CASES[kind]
    told = found(shop.known(), kind)
    assert [one.subject for one in told] == [subject]
    assert abs(told[0].since - SINCE) <= timedelta(days=14)
    assert told[0].stake.low > 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "logistics.parcel_likely_late"])
def test_where_nothing_changed_nothing_is_told(kind: str, usual: Known) -> None:
    assert found(usual, kind) == []


def test_without_the_facts_nobody_can_tell(usual: Known) -> None:
    told = [one for check in CHECKS for one in check.run(_without(usual))]
    assert all(isinstance(one, CannotTell) for one in told)
    assert len(told) == len(CHECKS)


def _without(known: Known) -> Known:
    return Known(**{**vars(known), "filled": frozenset(), "_found": {}})


def test_bills_above_the_contract_are_told_to_the_cent_nearly() -> None:
    shop, _ = CASES["logistics.carrier_bill_above_contract"]
    known = shop.known()
    told = found(known, "logistics.carrier_bill_above_contract")[0]
    # Billed by the last day: a fifth of what was charged since then lies above the contract.
    charges = known.facts["carrier_charges"]
    rows = known.rows(charges.filter(charges.charged_on >= SINCE))
    over = sum(row["amount"] - Decimal(f"{4 + 6 * row['chargeable_weight_g'] / 1000:.2f}") for row in rows)
    assert told.stake.mid == pytest.approx(over, rel=Decimal("0.03"))
    assert told.told["contract"] == 1
    claim = next(iter(REMEDIES[told.kind](told, known)))
    assert claim.change.kind == "claim.send"
    assert claim.change.values["currency"] == "EUR"
    assert Decimal(claim.change.values["amount"]) == pytest.approx(over, rel=Decimal("0.03"))


def test_without_a_contract_the_usual_price_is_learnt() -> None:
    shop, _ = CASES["logistics.carrier_bill_above_contract"]
    told = found(shop.known(contracts=False), "logistics.carrier_bill_above_contract")
    assert [one.missing for one in told] == [("contracts",)]
    assert abs(int(str(told[0].told["percent"])) - 25) <= 2


def test_a_parcel_billed_twice_is_claimed_once_by_its_number() -> None:
    shop, _ = CASES["logistics.carrier_billed_twice"]
    known = shop.known()
    told = found(known, "logistics.carrier_billed_twice")[0]
    charges = known.facts["carrier_charges"]
    again = known.rows(charges.filter(charges.charge_id.endswith("/1")))
    assert told.stake.low == told.stake.high == sum(row["amount"] for row in again)
    claim = next(iter(REMEDIES[told.kind](told, known)))
    papers = claim.change.values["papers"].split()
    assert sorted(papers) == sorted(f"{row['tracking_no']}:{row['amount']:.2f}" for row in again)
    assert claim.expected.high == told.stake.mid


def test_a_bill_that_was_taken_back_is_no_bill_twice() -> None:
    known = Shop(twice=(1500,)).known()
    charges = known.facts["carrier_charges"]
    back = charges.filter(charges.charge_id == "1500/1").mutate(
        charge_id=charges.charge_id + "b", amount=-charges.amount
    )
    known = Known(**{**vars(known), "facts": {**known.facts, "carrier_charges": charges.union(back)}, "_found": {}})
    assert found(known, "logistics.carrier_billed_twice") == []


def test_parcels_that_will_be_late_are_told_together_and_their_buyers_warned() -> None:
    known = Shop(days=slow).known()
    told = found(known, "logistics.parcel_likely_late")
    assert [one.subject for one in told] == ["lane/FR"]
    # Some forty orders to France are under way, of which most are due after fifteen days and take sixteen.
    assert 5 <= int(str(told[0].told["orders"])) <= 20 * A_DAY
    act = next(iter(REMEDIES[told[0].kind](told[0], known)))
    assert act.change.kind == "task.do"
    assert len(act.change.values["text"].split()) >= int(str(told[0].told["orders"]))
    assert act.expected.high < told[0].stake.mid


def test_a_lane_is_seen_to_be_slow_before_its_parcels_have_come() -> None:
    told = found(
        Shop(days=lambda day, to: 25.0 if to == "FR" and day >= DAYS - 15 else 8.0).known(), "logistics.lane_slowed"
    )
    assert [one.subject for one in told] == ["FR"]
