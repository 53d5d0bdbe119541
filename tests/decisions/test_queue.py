"""The order of the queue, and which card gives way to which and why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.samples import AT, card, change, claim, finding, price, proposal

from argosy.decisions.queue import Place, rank
from argosy.decisions.records import Card, KeptFinding
from argosy.decisions.settings import LOSES, RUNS_OUT
from argosy.model.findings import Finding
from argosy.model.proposals import Proposal


def order(*cards: Card, **more: object) -> list[Place]:
    return rank(cards, book_currency="EUR", **more)  # type: ignore[arg-type]


def names(places: list[Place]) -> list[str]:
    return [place.card.kept.name for place in places]


def so(number: int, about: Finding) -> KeptFinding:
    return KeptFinding(number, about, AT, AT)


def test_more_money_comes_first() -> None:
    assert names(order(card(1, claim("a", mid=100)), card(2, claim("b", mid=300)))) == ["P2", "P1"]


def test_less_attention_comes_first() -> None:
    assert names(order(card(1, claim("a", minutes=60)), card(2, claim("b", minutes=20)))) == ["P2", "P1"]


def test_minutes_below_five_count_as_five() -> None:
    places = order(card(1, claim("a", minutes=0)), card(2, claim("b", minutes=5)))
    assert places[0].cost == places[1].cost == Decimal("2.50")


def test_bound_cash_costs() -> None:
    places = order(card(1, claim("a", cash=10_000)), card(2, claim("b")))
    assert names(places) == ["P2", "P1"]
    assert places[1].cost == Decimal("5.00") + Decimal("147.95")  # 10,000 x 12 % x 45 / 365


def test_what_is_surer_comes_first() -> None:
    unsure, sure = finding(subject="a", confidence=0.5), finding(subject="b", confidence=0.9)
    assert names(order(card(1, claim("a"), unsure), card(2, claim("b"), sure))) == ["P2", "P1"]


def test_the_hour_is_a_round_sum_in_the_book_currency() -> None:
    assert rank([card(1, claim(minutes=60))], book_currency="CNY")[0].cost == Decimal("300.00")


def reorder(sku: str = "HOME-01") -> Proposal:
    return proposal(change("stock.reorder", f"{sku}/cn", units="100", supplier="s", unit_cost="2", currency="EUR"))


def budget(share: str, was: str = "1", **values: str) -> Proposal:
    return proposal(change("campaign.budget", "c1", "meta", share=share, was=was, **values))


# One card that gives way to another, the second, and why.
AGAINST = [
    (price("HOME-01", mid=10), price("HOME-01", to="9.00"), "one_price"),
    (proposal(change("campaign.pause", "c1"), mid=10), budget("2"), "one_thing"),
    (proposal(change("method.off", "stripe/BR"), mid=10), proposal(change("method.on", "stripe/BR")), "one_thing"),
    (proposal(change("lane.faster", "BR"), mid=10), proposal(change("lane.faster", "BR")), "one_thing"),
]


@pytest.mark.parametrize(("weaker", "stronger", "why"), AGAINST, ids=[why for *_, why in AGAINST])
def test_what_contradicts_a_better_card_gives_way_to_it(weaker: Proposal, stronger: Proposal, why: str) -> None:
    first, second = order(card(1, weaker), card(2, stronger))
    assert (first.card.number, first.gives_way_to, first.others) == (2, "", ("P1",))
    assert (second.card.number, second.gives_way_to, second.why) == (1, "P2", why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (price("HOME-01"), price("HOME-02")),
        (price("HOME-01"), reorder("HOME-01")),
        (proposal(change("campaign.pause", "c1")), proposal(change("campaign.pause", "c2"))),
        (proposal(change("lane.faster", "BR")), proposal(change("method.on", "BR"))),
    ],
)
def test_what_goes_together_is_left_alone(one: Proposal, other: Proposal) -> None:
    assert [place.gives_way_to for place in order(card(1, one), card(2, other))] == ["", ""]


def test_the_better_remedy_of_a_finding_leads_and_the_other_is_its_alternative() -> None:
    places = order(card(1, claim("a", mid=10), of=7), card(2, reorder(), of=7), card(3, claim("b", mid=1)))
    assert names(places) == ["P2", "P3", "P1"]
    assert (places[2].gives_way_to, places[2].why) == ("P2", "one_finding")


def test_what_is_approved_is_not_given_way_to_by_what_is_better() -> None:
    (place,) = order(card(1, price(mid=999)), approved=[card(2, price(mid=1))])
    assert (place.gives_way_to, place.why) == ("P2", "one_price")


OUT, LOSS = finding(RUNS_OUT[0], "HOME-01/cn"), finding(LOSES[0], "HOME-01/DE")
# A card, a finding, and why the card waits for it; empty: it need not.
UNTIL = [
    (budget("1.5", sku="HOME-01"), OUT, "runs_out"),
    (budget("1.5", sku="HOME-02,HOME-01"), OUT, "runs_out"),
    (budget("1.5", sku="HOME-02"), OUT, ""),
    (budget("0.5", sku="HOME-01"), OUT, ""),
    (proposal(change("campaign.pause", "c1", sku="HOME-01")), OUT, ""),
    (price("HOME-01", to="9.00"), OUT, "runs_out"),
    (price("HOME-01", to="11.00"), OUT, ""),
    (proposal(change("buyers.write", "DE", sku="HOME-01")), OUT, "runs_out"),
    (reorder("HOME-01"), LOSS, "loses_money"),
    (reorder("HOME-02"), LOSS, ""),
    (reorder("HOME-01"), OUT, ""),
    (price("HOME-01"), LOSS, ""),
]


@pytest.mark.parametrize(("proposed", "about", "why"), UNTIL)
def test_what_a_finding_stops_waits_for_it(proposed: Proposal, about: Finding, why: str) -> None:
    (place,) = order(card(1, proposed), findings=[so(9, about)])
    assert (place.gives_way_to, place.why) == (("F9", why) if why else ("", ""))


def test_the_articles_of_a_campaign_may_be_told_by_its_finding() -> None:
    loyal = finding("marketing.grows", "c1", told={"sku": "HOME-01"})
    (place,) = order(card(1, budget("1.5"), loyal), findings=[so(9, OUT)])
    assert place.why == "runs_out"


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 500), st.integers(0, 90), st.integers(0, 5000))))
def test_every_card_stands_once_and_what_leads_contradicts_nothing(drawn: list[tuple[str, int, int, int]]) -> None:
    cards = [card(n, price(s, mid=m, minutes=t, cash=c)) for n, (s, m, t, c) in enumerate(drawn, start=1)]
    places = order(*cards)
    assert sorted(place.card.number for place in places) == [one.number for one in cards]
    leading = [place for place in places if not place.gives_way_to]
    assert places[: len(leading)] == leading
    assert [p.worth for p in leading] == sorted((p.worth for p in leading), reverse=True)
    subjects = [place.card.kept.change.subject for place in leading]
    assert len(subjects) == len(set(subjects))
    assert names(order(*reversed(cards))) == names(places)
