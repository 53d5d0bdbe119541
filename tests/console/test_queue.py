"""The queue in the browser: what waits, one card whole, decisions by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.console.conftest import Enter
from tests.decisions.samples import DAY, claim, finding

from argosy.decisions import load
from argosy.decisions.records import APPROVED, OPEN, REJECTED, SNOOZED
from argosy.decisions.watch import Noticed, record
from argosy.flow import now


@pytest.fixture
def card(console: Path) -> Iterator[int]:
    """The number of a card that waits."""
    from argosy.console.desk import state

    record(state(), [Noticed(finding(), (claim(),))], day=DAY, at=now(), seconds=1.0, rates={})
    with state().read() as connection:
        yield load.cards(connection, states=(OPEN,))[0].number
    record(state(), [], day=DAY, at=now(), seconds=1.0, rates={})


def held(number: int) -> str:
    from argosy.console.desk import state

    with state().read() as connection:
        return load.proposal(connection, number).state


def test_the_queue_lists_what_waits_in_both_languages(enter: Enter, card: int) -> None:
    assert f"/queue/P{card}/" in enter("viewer").get("/queue/").content.decode()
    assert "待审批" in enter("viewer", lang="zh").get("/queue/").content.decode()


def test_a_card_is_approved_once_and_says_so_to_who_comes_second(enter: Enter, card: int) -> None:
    first = enter("owner").post(f"/queue/P{card}/approve/", headers={"HX-Request": "true"})
    assert first.status_code == 200
    assert held(card) == APPROVED
    second = enter("operator").post(f"/queue/P{card}/approve/", headers={"HX-Request": "true"})
    assert second["HX-Retarget"] == "#told"
    assert held(card) == APPROVED


def test_viewers_decide_nothing(enter: Enter, card: int) -> None:
    for what in ("approve", "snooze", "reject", "edit", "undo"):
        assert enter("viewer").post(f"/queue/P{card}/{what}/", {"reason": "no"}).status_code == 403
    assert held(card) == OPEN


@pytest.mark.parametrize(("what", "given", "then"), [
    ("snooze", {"days": "7"}, SNOOZED), ("reject", {"reason": "too dear"}, REJECTED),
])  # fmt: skip
def test_a_card_is_put_off_or_rejected(enter: Enter, card: int, what: str, given: dict[str, str], then: str) -> None:
    assert enter("owner").post(f"/queue/P{card}/{what}/", given).status_code == 200
    assert held(card) == then


def test_strangers_are_sent_to_sign_in(enter: Enter, card: int) -> None:
    answer = enter().get(f"/queue/P{card}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
