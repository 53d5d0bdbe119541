"""What people are told of: each thing once, to whom it is for, and tried for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.decisions.samples import AT, DAY, claim, finding

from argosy.decisions import acting, decide, happened, load, notices, uploads
from argosy.decisions.happened import DONE, FOUND, GONE, IMPORTS, MEASURED, STUCK, WAITS, Event
from argosy.decisions.members import appoint, take_out
from argosy.decisions.notices import AT_ONCE, EMAIL, GIVEN_UP, MORNING, SENT, WAITING, Notice, Subscription, Wishes
from argosy.decisions.state import State
from argosy.decisions.telling import letter, says, told
from argosy.decisions.watch import Noticed, record
from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.errors import MemberUnknown, NoSuchEntry, NoticeTooMany, NoticeTooSoon, NoticeWithout
from argosy.model.findings import Range
from argosy.model.words import LANGUAGES

ALL = tuple(happened.KINDS)
LATER = AT + timedelta(minutes=1)
NOON, NEXT_NIGHT = datetime(2026, 7, 1, 12), datetime(2026, 7, 2, 3)


def subscribed(state: State, *kinds: str, who: str = "ann", role: str = "owner", **wishes: Any) -> Subscription:
    appoint(state, who, role, by="test", at=AT)
    place: Mapping[str, str] = {
        "channel": EMAIL, "address": f"{who}@shop.example", "home": "https://shop.example/", "salt": "", "mark": "",
    }  # fmt: skip
    return notices.subscribe(state, Wishes(kinds or ALL, **wishes), who=who, at=AT, **place)


def planned(state: State, *, at: datetime = LATER, here: datetime = NOON) -> list[Notice]:
    """Let what happened be told and return all notices there are, the oldest first."""
    notices.plan(state, at=at, here=here)
    with state.read() as connection:
        return notices.latest(connection, count=99)[::-1]


def keys(notice: Notice) -> list[str]:
    return [event.key for event in notice.events]


def watched(state: State, *found: Noticed, at: datetime = LATER) -> None:
    record(state, found, day=DAY, at=at)


def test_everything_is_told_once_in_one_message(state: State) -> None:
    subscribed(state)
    watched(state, Noticed(finding(), (claim(),)))
    for _ in range(2):
        [notice] = planned(state)
        assert keys(notice) == ["found/F1/risk", "waits/P1"]
        assert [(event.amount, event.currency) for event in notice.events] == [
            (Decimal(300), "EUR"),
            (Decimal(200), "EUR"),
        ]
    watched(state, at=LATER + timedelta(hours=1))
    assert keys(planned(state, at=LATER + timedelta(hours=1))[-1]) == ["gone/F1"]


def test_what_was_before_is_not_told(state: State) -> None:
    watched(state, Noticed(finding(), (claim(),)), at=AT - timedelta(seconds=1))
    subscribed(state)
    assert planned(state) == []


def test_an_action_is_told_when_it_is_held_done_and_measured(state: State) -> None:
    subscribed(state, DONE, STUCK, MEASURED)
    watched(state, Noticed(finding(), (claim(),)), at=AT)
    action = decide.approve(state, 1, who="ann", at=AT)
    request = Request("outbox", "FILE", "x", {}, "")
    acting.begin(state, action.number, request=request, so_now={"missing": "300.50"}, at=AT)
    acting.hold(state, action.number, words="jane@buyer.example does not answer", at=AT)
    acting.hold(state, action.number, words="still does not", at=AT)
    assert [keys(one) for one in planned(state)] == [["stuck/A1/held"]]
    acting.finish(state, action.number, receipt=Receipt("outbox", "7", AT), at=LATER)
    outcome = Outcome(DAY, DAY, Range.exactly(Decimal("12.34")), "EUR", "before_after")
    acting.post_outcome(state, action.number, outcome, at=LATER)
    later = planned(state)[1:]
    assert [keys(one) for one in later] == [["done/A1", "measured/A1"]]
    line = says(later[0].events[1], "en")
    assert "12.34" in line
    assert "EUR" in line


def test_a_failed_action_is_told(state: State) -> None:
    subscribed(state, STUCK)
    watched(state, Noticed(finding(), (claim(),)), at=AT)
    decide.approve(state, 1, who="ann", at=AT)
    acting.fail(state, 1, words="no such payout", at=LATER)
    [notice] = planned(state)
    assert keys(notice) == ["stuck/A1/failed"]
    assert "no such payout" not in "".join(letter(notice, "shop")), "words from outside may name a buyer"


def test_an_upload_with_refused_rows_is_told_and_a_good_one_is_not(state: State) -> None:
    subscribed(state, IMPORTS)
    for reports in ([{"outcome": "imported", "rejected": 0}], [{"outcome": "imported", "rejected": 3}], None):
        upload = uploads.announce(state, [("Jane Doe.csv", 1, 0)], who="ann", at=AT)
        if reports is None:
            uploads.fail(state, upload.number, words="no room", at=LATER)
        else:
            uploads.end(state, upload.number, reports=reports, at=LATER)
    [notice] = planned(state)
    assert keys(notice) == ["imports/U2/done", "imports/U3/failed"]
    assert "Rows refused: 3" in letter(notice, "shop")[1]
    assert "Jane" not in str(told(notice, "shop"))


def test_one_is_told_what_one_wants(state: State) -> None:
    subscribed(state, FOUND, who="ann", least=Decimal(400))
    subscribed(state, FOUND, who="ben", domains=("stock",))
    subscribed(state, FOUND, GONE, who="eve", domains=("payments",), least=Decimal(300))
    watched(state, Noticed(finding()), Noticed(finding(subject="p2", stake=500)))
    found = {notice.subscription.who: keys(notice) for notice in planned(state)}
    assert found == {"ann": ["found/F2/risk"], "eve": ["found/F1/risk", "found/F2/risk"]}


def test_what_was_earned_is_not_told_to_operators_and_nothing_to_who_is_out(state: State) -> None:
    measured = Event(MEASURED, "A1", AT, about="price.set", amount=Decimal(1), currency="EUR")
    assert [Wishes(ALL).want(measured, role) for role in ("owner", "finance", "viewer", "operator", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    with pytest.raises(NoticeWithout):
        subscribed(state, MEASURED, who="opa", role="operator")
    subscribed(state, who="ann")
    subscribed(state, who="ben", role="viewer")
    notices.test(state, 2, who="ben", at=LATER)
    take_out(state, "ben", who="ann", at=LATER)
    watched(state, Noticed(finding()))
    assert [(one.subscription.who, one.state) for one in planned(state)] == [("ben", "dropped"), ("ann", WAITING)]
    assert notices.claim(state, at=LATER).subscription.who == "ann"  # type: ignore[union-attr]


def test_mornings_gather_what_happened_since_the_last(state: State) -> None:
    subscribed(state, pace=MORNING)
    assert planned(state, here=NOON) == []
    watched(state, Noticed(finding()))
    watched(state, Noticed(finding()), Noticed(finding(subject="p2")), at=LATER + timedelta(minutes=1))
    assert planned(state, at=LATER + timedelta(hours=1), here=NOON + timedelta(hours=1)) == []
    assert planned(state, at=LATER + timedelta(hours=15), here=NEXT_NIGHT) == []
    [notice] = planned(state, at=LATER + timedelta(hours=20), here=NEXT_NIGHT + timedelta(hours=5))
    assert keys(notice) == ["found/F1/risk", "found/F2/risk"]


def test_a_notice_is_taken_by_one_and_by_another_when_that_one_is_dead(state: State) -> None:
    subscribed(state)
    watched(state, Noticed(finding()))
    planned(state)
    first = notices.claim(state, at=LATER)
    assert first is not None
    assert notices.claim(state, at=LATER) is None
    second = notices.claim(state, at=LATER + notices.LEASE)
    assert second is not None
    assert (second.key, second.tries) == (first.key, 2)
    notices.give_up(state, first, words="late", at=LATER)  # who was away too long no longer speaks for it
    notices.sent(state, second, at=LATER)
    [notice] = planned(state)
    assert (notice.state, notice.words) == (SENT, "")


def test_it_is_tried_again_with_growing_waits_for_a_day(state: State) -> None:
    subscribed(state)
    watched(state, Noticed(finding()))
    planned(state)
    at, waits = LATER, []
    while (notice := notices.claim(state, at=at)) is not None:
        again = notices.again_at(notice, at=at)
        if again is None:
            notices.give_up(state, notice, words="a day", at=at)
            break
        notices.missed(state, notice, words="away", again_at=again)
        assert notices.claim(state, at=again - timedelta(seconds=1)) is None
        waits.append(again - at)
        at = again
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert timedelta(hours=12) < at - LATER <= notices.PATIENCE
    [notice] = planned(state)
    assert (notice.state, notice.words) == (GIVEN_UP, "a day")


def test_who_does_not_answer_keeps_nobody_else_waiting(state: State) -> None:
    subscribed(state, who="ann")
    subscribed(state, who="ben", role="viewer")
    watched(state, Noticed(finding()))
    planned(state)
    watched(state, Noticed(finding()), Noticed(finding(subject="p2")))
    planned(state)
    taken = [notices.claim(state, at=LATER) for _ in range(3)]
    assert [one.subscription.who if one else "" for one in taken] == ["ann", "ben", ""], "one after the other each"


def test_a_test_is_sent_at_most_once_a_minute_and_wakes_what_waits(state: State) -> None:
    subscribed(state)
    watched(state, Noticed(finding()))
    planned(state)
    notice = notices.claim(state, at=LATER)
    assert notice is not None
    notices.missed(state, notice, words="away", again_at=LATER + timedelta(hours=1))
    notices.test(state, 1, who="ann", at=LATER)
    assert notices.claim(state, at=LATER) is not None
    with pytest.raises(NoticeTooSoon):
        notices.test(state, 1, who="ann", at=LATER + timedelta(seconds=59))
    notices.test(state, 1, who="ann", at=LATER + timedelta(seconds=60))


def test_only_ones_own_are_touched(state: State) -> None:
    subscribed(state)
    subscribed(state, who="ben", role="viewer")
    for touch in (notices.test, notices.end):
        with pytest.raises(NoSuchEntry):
            touch(state, 1, who="ben", at=LATER)
    with pytest.raises(NoSuchEntry):
        notices.change(state, 1, Wishes((FOUND,)), who="ben", at=LATER)
    notices.end(state, 2, who="ann", at=LATER, every=True)
    with state.read() as connection:
        assert [one.who for one in notices.subscriptions(connection)] == ["ann"]
        assert load.members(connection)


def test_there_is_a_most_of_them(state: State) -> None:
    for _ in range(notices.MOST):
        subscribed(state)
    with pytest.raises(NoticeTooMany):
        subscribed(state)
    with pytest.raises(MemberUnknown):
        take_out(state, "nobody", who="ann", at=LATER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_is_said_in_both_languages(lang: str) -> None:
    plain = Event(FOUND, "F1", AT, "risk", "payments.payout_short", "p1", "payments", Decimal(3), "EUR", 1)
    acts: Mapping[str, Any] = {"name": "A1", "about": "price.set", "amount": None}
    every = [
        plain, replace(plain, how="chance"), replace(plain, kind=GONE, how=""),
        replace(plain, kind=WAITS, how="", name="P1", about="price.set"), replace(plain, kind=DONE, how="", **acts),
        *(replace(plain, kind=STUCK, how=how, **acts) for how in ("failed", "refused", "held")),
        replace(plain, kind=MEASURED, how="", name="A1", about="price.set"),
        *(Event(IMPORTS, "U1", AT, how) for how in ("done", "failed")), Event(happened.TEST, "N1", AT),
    ]  # fmt: skip
    said = [says(event, lang) for event in every]
    assert len(set(said)) == len(every)
    assert not any("_" in line or "{" in line for line in said)


def test_a_subject_of_somebody_else_breaks_nothing(state: State) -> None:
    harm = "x\r\nBcc: evil@evil.example\n\n- Done: \u202eall\x00 {page} %s" + "y" * 500
    subscribed(state, pace=AT_ONCE)
    watched(state, Noticed(finding(subject=harm)))
    [notice] = planned(state)
    title, text = letter(notice, "sh\r\nop")
    assert title.isprintable()
    assert not any(line.startswith(("Bcc", "- Done")) for line in text.splitlines())
    assert "\u202e" not in text
    assert max(map(len, text.splitlines())) < 400
