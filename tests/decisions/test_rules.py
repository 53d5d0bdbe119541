"""Limits as people write them, people who leave, settings that are changed, and the log asked for a part of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from argosy.decisions import audit, load
from argosy.decisions.members import set_member, take_out
from argosy.decisions.rules import freeze, limit_of, set_settings
from argosy.decisions.sentences import entry_says
from argosy.decisions.state import State
from argosy.lake.settings import current_settings
from argosy.model.errors import LastOwner, LimitInvalid, MemberUnknown, OwnerOnly

AT = datetime(2026, 6, 1, 8)


@pytest.mark.parametrize(("text", "whole", "limit"), [
    ("", False, None), ("  ", True, None), ("12.50", False, Decimal("12.50")), (" 0 ", False, Decimal(0)),
    ("7", True, 7),
])  # fmt: skip
def test_limits(text: str, whole: bool, limit: Decimal | int | None) -> None:
    assert limit_of(text, whole=whole) == limit


@pytest.mark.parametrize(("text", "whole"), [("-1", False), ("NaN", False), ("Infinity", False), ("x", False),
                                             ("1.5", True), ("-1", True)])  # fmt: skip
def test_no_limits(text: str, whole: bool) -> None:
    with pytest.raises(LimitInvalid):
        limit_of(text, whole=whole)


def test_somebody_is_taken_out_but_never_the_last_owner(state: State) -> None:
    set_member(state, "bo", "operator", who="ana", at=AT)
    with pytest.raises(OwnerOnly):
        take_out(state, "ana", who="bo", at=AT)
    with pytest.raises(LastOwner):
        take_out(state, "ana", who="ana", at=AT)
    take_out(state, "bo", who="ana", at=AT)
    with pytest.raises(MemberUnknown):
        take_out(state, "bo", who="ana", at=AT)
    with state.read() as connection:
        assert [member.name for member in load.members(connection)] == ["ana"]
        last = audit.found(connection, limit=1)[0]
    assert entry_says(last, "en") == "ana took bo out of the business."


def test_settings_are_an_owners_and_told_in_the_log(state: State) -> None:
    set_member(state, "bo", "operator", who="ana", at=AT)
    with pytest.raises(OwnerOnly):
        set_settings(state, {"daily_at": "09:00"}, who="bo", at=AT)
    set_settings(state, {"daily_at": "09:00", "method": "fifo"}, who="ana", at=AT)
    set_settings(state, {"daily_at": "09:00"}, who="ana", at=AT)
    assert current_settings(state.workspace.folder / "settings.toml").daily_at == "09:00"
    with state.read() as connection:
        told = audit.found(connection, what="settings")
    assert [entry_says(one, "en") for one in told] == ["ana changed the settings: daily look 06:00 → 09:00."]


def test_the_log_is_asked_for_a_part(state: State) -> None:
    set_member(state, "bo", "operator", who="ana", at=AT)
    freeze(state, "ebay:main", reason="odd", who="bo", at=AT)
    freeze(state, who="ana", at=AT)
    with state.read() as connection:
        assert [one.what for one in audit.found(connection, who="bo")] == ["frozen"]
        assert [one.subject for one in audit.found(connection, what="frozen")] == ["ebay:main"]
        newest = audit.found(connection)
        assert [one.number for one in newest] == sorted((one.number for one in newest), reverse=True)
        assert audit.found(connection, before=newest[1].number, limit=1) == [newest[2]]
        assert audit.kinds(connection) == (["ana", "bo"], ["frozen", "frozen_all", "member"])
