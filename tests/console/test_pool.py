"""Answers of the console: asked once however many want them, kept and shown until the books have changed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from tests.console.conftest import Enter

from argosy.business import Business
from argosy.console.behind import Behind
from argosy.console.pool import MOST, Pool
from argosy.flow import now
from argosy.intake.importer import import_files

COSTS = "SKU,Unit cost,Currency\nNOBODY-SELLS,1.00,CNY\n"


@pytest.fixture
def apart(shop: Path) -> Iterator[Pool]:
    """Businesses over the shop that nobody else uses."""
    pool = Pool(shop)
    yield pool
    pool.close()


def test_many_who_want_the_same_at_once_ask_once(apart: Pool) -> None:
    asked, go = list[int](), Event()

    def ask(business: Business) -> int:
        asked.append(1)
        assert go.wait(30)
        return len(asked)

    with ThreadPoolExecutor(2 * MOST) as people:
        answers = [people.submit(apart.remembered, ("slow",), ask) for _ in range(2 * MOST)]
        # Those who wait hold no business: somebody else is served meanwhile.
        assert apart.remembered(("quick",), lambda business: "at once") == "at once"
        go.set()
        assert [answer.result() for answer in answers] == [1] * len(answers)
    assert asked == [1]


def test_what_fails_is_told_to_all_who_wait_and_asked_anew_by_the_next(apart: Pool) -> None:
    def fail(business: Business) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apart.remembered(("answer",), fail)
    assert apart.remembered(("answer",), lambda business: "well") == "well"


def test_that_there_was_nothing_is_not_told_from_an_older_look(
    apart: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("argosy.console.pool.LOOK_SECONDS", 3600)
    told = list[str]()
    assert apart.latest(("brief",), lambda business: told[0] if told else None).told is None
    costs = tmp_path / "costs.csv"
    costs.write_text(COSTS.replace("NOBODY", "NOBODY-YET"), encoding="utf-8")
    with closing(Business.at(apart.folder)) as business:
        business.import_files(str(costs))
    told.append("the first brief")
    assert apart.latest(("brief",), lambda business: told[0] if told else None).told == "the first brief"


def test_the_last_answer_is_shown_while_books_are_posted_and_a_new_one_is_made(
    enter: Enter, console: Path, tmp_path: Path
) -> None:
    from argosy.console.desk import pool

    owner, says, asked = enter("owner"), "Newer facts have come in", list[str]()
    owner.get("/")
    pool().close()  # a brief that other facts left is made anew

    def ask(business: Business) -> int:
        asked.append(business.mark())
        return len(asked)

    first = pool().latest(("number",), ask)
    assert (first.told, first.current) == (1, True)
    assert says not in owner.get("/").content.decode()
    before = pool().marks()
    pool().close()  # what is being done behind is waited for
    costs = tmp_path / "costs.csv"
    costs.write_text(COSTS, encoding="utf-8")
    with closing(Business.at(console)) as business:
        import_files(business.lake, [str(costs)], known_at=now())
    with closing(Business.at(console, posts=False)) as looking:  # who looks posts nothing
        looking.books()
        assert looking.mark() == before.books
        assert looking.books_mark() != looking.facts_mark()
    assert pool().latest(("number",), ask) == first
    pool().close()  # by now the books were posted behind
    with closing(Business.at(console, posts=False)) as looking:
        assert looking.books_mark() == looking.facts_mark() != before.facts
    meanwhile = pool().latest(("number",), ask)
    assert (meanwhile.told, meanwhile.at, meanwhile.current) == (1, first.at, False)
    assert says in owner.get("/").content.decode()
    pool().close()
    after = pool().latest(("number",), ask)
    assert (after.told, after.current, len(asked)) == (2, True, 2)
    assert says not in owner.get("/").content.decode()


def test_what_can_wait_is_done_once_however_often_it_is_asked_for() -> None:
    behind, done, go = Behind(), list[str](), Event()
    behind.do("first", lambda: go.wait(30))
    for _ in range(3):
        behind.do("second", lambda: done.append("second"))
    behind.do("third", lambda: 1 / 0)
    behind.do("fourth", lambda: done.append("fourth"))
    go.set()
    behind.close()
    assert done == ["second", "fourth"]


def test_a_session_is_noted_once_a_minute_and_at_once_from_another_browser(enter: Enter) -> None:
    from allauth.usersessions.models import UserSession

    owner = enter("owner")
    owner.get("/queue/", headers={"user-agent": "one"})
    (seen,) = UserSession.objects.filter(session_key=owner.cookies["sessionid"].value)
    owner.get("/queue/", headers={"user-agent": "one"})
    again = UserSession.objects.get(pk=seen.pk)
    assert again.last_seen_at == seen.last_seen_at
    owner.get("/queue/", headers={"user-agent": "two"})
    assert UserSession.objects.get(pk=seen.pk).user_agent == "two"
