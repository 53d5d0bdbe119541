"""What a watch makes of what was found before: new, changed, gone, offered again, left as people decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.decisions.samples import AT, DAY, claim, finding, price

from argosy.decisions import decide, load
from argosy.decisions.records import EXPIRED, GONE, NOT_OFFERED, OPEN, REJECTED, SNOOZED, WITHDRAWN
from argosy.decisions.rules import set_policy
from argosy.decisions.state import State
from argosy.decisions.watch import Changes, Noticed, record
from argosy.model.decisions import OBSERVE, Policy
from argosy.model.findings import CHANCE, CannotTell, Finding, Range
from argosy.model.proposals import Proposal


def watch(state: State, *found: Noticed | CannotTell, days: int = 0) -> Changes:
    return record(state, found, day=DAY + timedelta(days=days), at=AT + timedelta(days=days))


def saw(*proposals: Proposal, about: Finding | None = None) -> Noticed:
    return Noticed(about or finding(), proposals)


def proposed(state: State, number: int = 1) -> tuple[str, str]:
    with state.read() as connection:
        kept = load.proposal(connection, number)
        return kept.state, kept.reason


def test_what_is_seen_first_is_new_and_offered(state: State) -> None:
    changes = watch(state, saw(claim()))
    assert [kept.name for kept in changes.new] == ["F1"]
    assert [kept.name for kept in changes.offered] == ["P1"]
    assert (changes.changed, changes.gone) == ((), ())


def test_what_is_seen_again_is_told_no_more(state: State) -> None:
    watch(state, saw(claim()))
    changes = watch(state, saw(claim()), days=1)
    assert (changes.new, changes.changed, changes.gone, changes.offered) == ((), (), (), ())
    with state.read() as connection:
        kept = load.finding(connection, 1)
    assert kept.seen_first_at == AT
    assert kept.seen_last_at == AT + timedelta(days=1)


def test_a_little_more_each_day_is_told_once_it_is_much(state: State) -> None:
    watch(state, saw(about=finding(stake=100)))
    told = [len(watch(state, saw(about=finding(stake=100 + 4 * n)), days=n).changed) for n in range(1, 6)]
    assert told == [0, 0, 1, 0, 0]


def test_a_risk_that_became_a_chance_has_changed(state: State) -> None:
    watch(state, saw())
    assert len(watch(state, saw(about=finding(sense=CHANCE))).changed) == 1


def test_the_newest_words_and_money_are_kept(state: State) -> None:
    watch(state, saw(claim()))
    newer = finding(stake=310, told={"missing": Decimal("310.00")})
    watch(state, saw(claim(amount="310.00", mid=250), about=newer))
    with state.read() as connection:
        card = load.card(connection, 1)
    assert card.finding.finding == newer
    assert card.kept.proposal == claim(amount="310.00", mid=250)


def test_what_is_not_seen_any_more_is_gone_with_its_proposals(state: State) -> None:
    watch(state, saw(claim()))
    changes = watch(state, days=1)
    assert [kept.name for kept in changes.gone] == ["F1"]
    assert [kept.name for kept in changes.withdrawn] == ["P1"]
    assert proposed(state) == (WITHDRAWN, GONE)


def test_what_comes_back_is_a_new_finding(state: State) -> None:
    watch(state, saw(claim()))
    watch(state, days=1)
    changes = watch(state, saw(claim()), days=2)
    assert [kept.name for kept in changes.new] == ["F2"]
    assert [kept.name for kept in changes.offered] == ["P2"]


def test_what_a_check_cannot_see_is_not_gone(state: State) -> None:
    blind = CannotTell("payments.payout_short", ("bank_lines",))
    watch(state, saw(claim()))
    changes = watch(state, blind, days=1)
    assert changes.gone == ()
    assert proposed(state) == (OPEN, "")
    with state.read() as connection:
        assert load.cannot_tell(connection, run=changes.run) == [blind]


def test_two_findings_of_one_subject_are_one(state: State) -> None:
    changes = watch(state, saw(about=finding(stake=5)), saw(about=finding(stake=50)))
    assert [kept.finding.stake.mid for kept in changes.new] == [Decimal(50)]


def test_two_proposals_alike_keep_apart(state: State) -> None:
    watch(state, saw(price(to="11.00"), price(to="12.00")))
    changes = watch(state, saw(price(to="11.50"), price(to="12.50")))
    assert changes.offered == changes.withdrawn == ()
    with state.read() as connection:
        values = [kept.change.values["price"] for kept in load.proposals(connection)]
    assert values == ["11.50", "12.50"]


def test_what_is_no_longer_offered_is_withdrawn_and_comes_back_as_it_was(state: State) -> None:
    watch(state, saw(claim()))
    assert [kept.name for kept in watch(state, saw()).withdrawn] == ["P1"]
    assert proposed(state) == (WITHDRAWN, NOT_OFFERED)
    assert [kept.name for kept in watch(state, saw(claim())).offered] == ["P1"]
    assert proposed(state) == (OPEN, "")


def test_a_proposal_expires_and_lives_again_with_more_time(state: State) -> None:
    watch(state, saw(claim()))
    watch(state, saw(claim()), days=31)
    assert proposed(state)[0] == EXPIRED
    watch(state, saw(claim(expires_on=date(2026, 9, 1))), days=32)
    assert proposed(state)[0] == OPEN


def test_what_was_rejected_stays_so(state: State) -> None:
    watch(state, saw(claim()))
    decide.reject(state, 1, reason="they paid", who="ann", at=AT)
    changes = watch(state, saw(claim(amount="310.00")))
    assert changes.offered == ()
    assert proposed(state) == (REJECTED, "they paid")


def test_what_is_snoozed_sleeps_until_its_day(state: State) -> None:
    watch(state, saw(claim()))
    decide.snooze(state, 1, until=DAY + timedelta(days=3), who="ann", at=AT)
    assert watch(state, saw(claim()), days=2).offered == ()
    assert proposed(state)[0] == SNOOZED
    assert [kept.name for kept in watch(state, saw(claim()), days=3).offered] == ["P1"]
    assert proposed(state)[0] == OPEN


def test_values_a_person_has_set_are_kept(state: State) -> None:
    watch(state, saw(price(to="11.00", was="10.00")))
    decide.edit(state, 1, {"price": "10.50"}, who="ann", at=AT)
    watch(state, saw(price(to="12.00", was="10.20")))
    with state.read() as connection:
        kept = load.proposal(connection, 1)
    assert kept.change.values == {"price": "10.50", "was": "10.20", "currency": "EUR"}
    assert kept.undo is not None
    assert kept.undo.values == {"price": "10.20", "was": "10.50", "currency": "EUR"}


def test_what_policy_only_observes_is_not_proposed(state: State) -> None:
    watch(state, saw(claim()))
    set_policy(state, Policy("claim.send", OBSERVE), who="ann", at=AT)
    assert [kept.name for kept in watch(state, saw(claim())).withdrawn] == ["P1"]


def test_runs_are_counted(state: State) -> None:
    watch(state, saw(claim()), saw(about=finding(subject="p2")))
    record(state, [saw(claim())], day=DAY, at=datetime(2026, 7, 2), seconds=1.5, rates={"USD": Decimal("0.91")})
    with state.read() as connection:
        run = load.last_run(connection)
    assert run is not None
    assert (run.number, run.found, run.new, run.gone, run.seconds) == (2, 1, 0, 1, 1.5)
    assert run.rates == {"USD": Decimal("0.91")}


def test_ranges_of_any_precision_are_kept(state: State) -> None:
    stake = Range(Decimal("0.0000000001"), Decimal("1E+20"), Decimal("100000000000000000000.01"))
    changes = watch(state, saw(about=replace(finding(), stake=stake)))
    assert changes.new[0].finding.stake == stake
