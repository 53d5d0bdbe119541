"""The log: every event is in it, everybody can read it, and nothing can be altered without it being noticed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.decisions.samples import AT, DAY, claim, finding, price

from argosy.decisions import acting, audit, decide, members, notices, rules
from argosy.decisions.happened import FOUND
from argosy.decisions.seal import FILE, Head, head
from argosy.decisions.sentences import entry_says
from argosy.decisions.state import State
from argosy.decisions.watch import Noticed, record
from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.decisions import Policy
from argosy.model.findings import Range
from argosy.model.words import LANGUAGES, subject

ENTRIES = 8
COLUMNS = ("at", "who", "what", "subject", "before", "after", "previous", "hash")
QUIET = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(state: State, count: int = ENTRIES) -> None:
    """Write so many entries."""
    with state.write() as connection:
        for number in range(1, count + 1):
            audit.append(connection, "frozen", f"c{number}", who="ann", at=AT, after={"reason": f"r{number}"})


def alter(state: State, *statements: str) -> None:
    """Alter the file behind Argosy's back."""
    with closing(sqlite3.connect(state.file, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            file.execute(statement)


def entry(state: State, number: int) -> dict[str, object]:
    with closing(sqlite3.connect(state.file)) as file:
        row = file.execute(f"SELECT {', '.join(COLUMNS)} FROM audit WHERE number = {number}").fetchone()
    return dict(zip(COLUMNS, row, strict=True))


def put(state: State, number: int, row: dict[str, object]) -> None:
    with closing(sqlite3.connect(state.file, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        file.execute(f"INSERT OR REPLACE INTO audit (number, {', '.join(COLUMNS)}) VALUES ({marks})",
                     (number, *row.values()))  # fmt: skip


def forge(state: State, number: int, **changed: object) -> None:
    """Sign an altered entry, as somebody would who knows how."""
    row = {"number": number, **entry(state, number), **changed}
    row["hash"] = audit.signed(row)
    put(state, number, {name: row[name] for name in COLUMNS})


def test_a_log_nobody_touched_is_sound(state: State) -> None:
    assert audit.verify(state).sound
    fill(state)
    found = audit.verify(state)
    assert found.sound
    assert found.sealed
    assert found.head.count == ENTRIES


@QUIET
@given(number=st.integers(1, ENTRIES), column=st.sampled_from(COLUMNS), text=st.text(max_size=9))
def test_any_changed_value_is_found(state: State, number: int, column: str, text: str) -> None:
    with state.read() as connection:
        empty = head(connection).count == 0
    if empty:
        fill(state)
    before = entry(state, number)
    altered = {**before, column: text}
    put(state, number, altered)
    found = audit.verify(state)
    assert found.sound == (altered == before)
    assert found.sound or found.number == number
    put(state, number, before)
    assert audit.verify(state).sound


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_an_entry_signed_anew_is_found(state: State, number: int) -> None:
    fill(state)
    forge(state, number, who="eve")
    found = audit.verify(state)
    # The next entry no longer follows; of the last one the seal knows better.
    assert (found.wrong, found.number) == ((audit.UNLINKED, number + 1) if number < ENTRIES else (audit.ENDING, number))


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_deleted_entry_is_found(state: State, number: int) -> None:
    fill(state)
    alter(state, f"DELETE FROM audit WHERE number = {number}")
    found = audit.verify(state)
    assert (found.wrong, found.number) == (audit.MISSING if number < ENTRIES else audit.ENDING, number)


@pytest.mark.parametrize("number", range(1, ENTRIES))
def test_a_deleted_entry_is_found_though_the_others_close_ranks(state: State, number: int) -> None:
    fill(state)
    alter(state, f"DELETE FROM audit WHERE number = {number}")
    for later in range(number + 1, ENTRIES + 1):
        alter(state, f"UPDATE audit SET number = {later - 1} WHERE number = {later}")
    found = audit.verify(state)
    assert (found.wrong, found.number) == (audit.UNLINKED, number)


@pytest.mark.parametrize("number", [-1, 0, 3, ENTRIES + 1, ENTRIES + 2])
def test_an_inserted_entry_is_found(state: State, number: int) -> None:
    fill(state)
    copied = entry(state, 1)
    for later in range(ENTRIES, number - 1, -1) if number > 0 else ():
        alter(state, f"UPDATE audit SET number = {later + 1} WHERE number = {later}")
    put(state, number, copied)
    assert not audit.verify(state).sound


def test_an_entry_added_as_if_by_argosy_is_found(state: State) -> None:
    fill(state)
    with state.engine.connect().execution_options(argosy_writes=True) as connection:
        audit.append(connection, "approved", "P1", who="ann", at=AT)
        connection.commit()
    found = audit.verify(state)
    assert (found.wrong, found.number) == (audit.ENDING, ENTRIES + 1)


@pytest.mark.parametrize("kept", range(ENTRIES))
def test_a_log_cut_off_at_its_end_is_found_and_never_forgotten(state: State, kept: int) -> None:
    fill(state)
    alter(state, f"DELETE FROM audit WHERE number > {kept}")
    assert (audit.verify(state).wrong, audit.verify(state).number) == (audit.ENDING, kept + 1)
    fill(state, 1)
    assert (audit.verify(state).wrong, audit.verify(state).number) == (audit.ENDING, min(kept + 2, ENTRIES))
    fill(state, ENTRIES)
    assert not audit.verify(state).sound


def test_a_log_rewritten_from_the_beginning_is_found_by_the_seal_and_by_a_note(state: State) -> None:
    fill(state)
    noted = audit.verify(state).head
    alter(state, "DELETE FROM audit")
    with state.engine.connect().execution_options(argosy_writes=True) as connection:
        for number in range(ENTRIES):
            audit.append(connection, "frozen", f"other{number}", who="ann", at=AT)
        connection.commit()
    assert audit.verify(state).wrong == audit.ENDING
    # Whoever alters the seal too is found out by a head that was noted elsewhere.
    with state.read() as connection:
        (state.workspace.folder / FILE).write_text(f"sealed {head(connection)}\n", encoding="utf-8")
    assert audit.verify(state).sound
    assert audit.verify(state, noted=noted).wrong == audit.ENDING
    assert audit.verify(state, noted=Head.read(noted.short)).wrong == audit.ENDING


def test_a_noted_head_is_found_in_a_log_that_went_on(state: State) -> None:
    fill(state, 3)
    noted = Head.read(audit.verify(state).head.short)
    fill(state, 3)
    assert audit.verify(state, noted=noted).sound
    assert audit.verify(state, noted=Head(3, "")).wrong == audit.ENDING
    assert audit.verify(state, noted=Head.read("nonsense")).wrong == audit.ENDING


@pytest.mark.parametrize("text", ["", "sealed\n", "sealed 8:ffffffff\n", "\udcff", "sealed 8\nbroken 3:aa\n"])
def test_an_altered_seal_is_never_taken_for_sound(state: State, text: str) -> None:
    fill(state)
    (state.workspace.folder / FILE).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert not audit.verify(state).sound


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_process_killed_while_it_wrote_leaves_a_sound_log(state: State, done: bool) -> None:
    fill(state, 3)
    path = state.workspace.folder / FILE
    with state.read() as connection:
        before = head(connection)
    if done:
        fill(state, 1)
        after = audit.verify(state).head
    else:
        after = Head(4, "f" * 64)
    path.write_text(f"promised {before} {after}\n", encoding="utf-8")
    assert audit.verify(state).sound
    fill(state, 2)
    assert audit.verify(state).sound


def test_everything_people_do_is_in_the_log_in_words(state: State) -> None:
    def propose(*proposals: object, days: int = 0) -> None:
        record(state, [Noticed(finding(), tuple(proposals))], day=DAY, at=AT + timedelta(days=days))  # type: ignore[arg-type]

    propose(claim(), price())
    decide.edit(state, 2, {"price": "11.50"}, who="ann", at=AT)
    decide.snooze(state, 1, until=DAY + timedelta(days=1), who="ann", at=AT)
    decide.reject(state, 1, reason="they paid", who="ann", at=AT)
    rules.freeze(state, reason="holiday", who="ann", at=AT)
    rules.unfreeze(state, who="ann", at=AT)
    rules.freeze(state, "shopify:main", who="ann", at=AT)
    rules.unfreeze(state, "shopify:main", who="ann", at=AT)
    rules.set_policy(state, Policy("order.tag", most_a_day=3), who="ann", at=AT)
    members.set_member(state, "bob", "viewer", who="ann", at=AT)
    called_off = decide.approve(state, 2, who="ann", at=AT)
    decide.undo(state, called_off.number, who="ann", at=AT)
    done = decide.approve(state, 2, who="ann", at=AT)
    sent = Request("shopify", "PUT", "/price", {}, "{}")
    acting.begin(state, done.number, request=sent, so_now={"price": "10.00"}, at=AT)
    acting.finish(state, done.number, receipt=Receipt("shopify", "n1", AT), at=AT)
    outcome = Outcome(DAY, DAY + timedelta(days=44), Range.exactly(finding().stake.mid), "EUR", "before_after")
    acting.post_outcome(state, done.number, outcome, at=AT + timedelta(days=45))
    back = decide.undo(state, done.number, who="ann", at=AT)
    acting.begin(state, back.number, request=sent, so_now={}, at=AT)
    acting.fail(state, back.number, words="the shop is closed", at=AT)
    again = decide.undo(state, done.number, who="ann", at=AT)
    rules.set_policy(state, Policy("price.set", "observe"), who="ann", at=AT)
    members.set_member(state, "zoe", "owner", who="ann", at=AT)
    members.set_member(state, "ann", "viewer", who="zoe", at=AT)
    acting.hold(state, again.number, words="the shop does not answer", at=AT)
    acting.begin(state, again.number, request=sent, so_now={}, at=AT)
    members.take_out(state, "ann", who="zoe", at=AT)
    rules.set_settings(state, {"daily_at": "07:00"}, who="zoe", at=AT)
    wishes = notices.Wishes((FOUND,))
    to = {
        "channel": notices.EMAIL,
        "address": "zoe@example.com",
        "home": "http://127.0.0.1:8000",
        "salt": "",
        "mark": "",
    }
    told_of = notices.subscribe(state, wishes, **to, who="zoe", at=AT).number
    notices.change(state, told_of, wishes, who="zoe", at=AT)
    notices.end(state, told_of, who="zoe", at=AT)
    with state.read() as connection:
        told = list(audit.entries(connection))
    of_the_console = {"invited", "invitation_ended", "new_link", "new_link_bare", "token_made", "token_revoked"}
    known = set(subject("audit")) - of_the_console - {"other", "reason", "verified", "verified_unsealed", "unmeasured"}
    assert {one.what for one in told} == {key for key in known if not key.startswith("wrong_")}
    for lang in LANGUAGES:
        for one in told:
            said = entry_says(one, lang)
            assert said != entry_says(one, "en" if lang == "zh" else "zh")
            assert "{" not in said
            assert one.who in said or one.who == "argosy"
    assert entry_says(told[2], "en") == "ann changed P2: price 11.00 → 11.50."
    assert audit.verify(state).sound


def test_the_latest_events_come_in_order(state: State) -> None:
    fill(state, 5)
    with state.read() as connection:
        assert [one.number for one in audit.found(connection, limit=2)[::-1]] == [4, 5]
        assert [one.number for one in audit.found(connection, limit=9)[::-1]] == [1, 2, 3, 4, 5]
