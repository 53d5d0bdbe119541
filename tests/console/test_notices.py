"""The page Notifications: everybody their own, an owner all, a secret once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import Enter

PUBLIC = "https://93.184.215.14/hook"


@pytest.fixture
def mail(console: Path) -> Iterator[None]:
    """A mail server that is set, where nobody answers."""
    path = console / "settings.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("[connectors]\n", '[connectors]\nemail = "smtp://127.0.0.1:1"\n'
                                   'email_from = "argosy@shop.example"\n'))  # fmt: skip
    yield
    path.write_text(before)


def wanted(enter: Enter, role: str, address: str, **more: Any) -> Any:
    given = {"channel": "email", "address": address, "kind": ["found", "stuck"], "lang": "en"} | more
    return enter(role).post("/notices/new/", given)


def number(told: str, address: str) -> int:
    found = re.search(rf"<strong>{re.escape(address)}</strong>.*?/notices/(\d+)/test/", told, re.DOTALL)
    assert found, f"{address} is not on the page"
    return int(found[1])


def test_everybody_sees_and_changes_their_own_and_an_owner_sees_all(enter: Enter, mail: None) -> None:
    assert wanted(enter, "viewer", "eve@shop.example").status_code == 302
    assert wanted(enter, "operator", "ole@shop.example", least="50", domain=["stock"]).status_code == 302
    viewer, operator, owner = enter("viewer"), enter("operator"), enter("owner")
    told = {browser: browser.get("/notices/").content.decode() for browser in (viewer, operator, owner)}
    assert ("eve@" in told[viewer], "ole@" in told[viewer]) == (True, False)
    assert ("eve@" in told[operator], "ole@" in told[operator]) == (False, True)
    assert ("eve@" in told[owner], "ole@" in told[owner]) == (True, True)
    assert "What an action brought is known" not in told[operator], "operators see no totals of money"
    mine = number(told[operator], "ole@shop.example")
    for what in ("save", "end", "test"):
        assert viewer.post(f"/notices/{mine}/{what}/", {"kind": "found"}).status_code == 409, what
    assert owner.post(f"/notices/{mine}/save/", {"kind": "found"}).status_code == 409, "an owner ends, and rewrites not"
    operator.post(f"/notices/{mine}/save/", {"kind": "gone", "least": "70", "lang": "zh", "pace": "morning"})
    assert "A finding is gone" in operator.get("/notices/").content.decode()
    assert owner.post(f"/notices/{mine}/end/").status_code == 302
    assert "<strong>ole@" not in operator.get("/notices/").content.decode()
    assert "ole@shop.example" in owner.get("/audit/?what=unsubscribed").content.decode()


def test_a_secret_is_shown_once_and_a_place_without_what_may_be_secret_in_it(enter: Enter) -> None:
    answer = wanted(enter, "owner", PUBLIC + "/T0PS3CRET", channel="webhook")
    [secret] = re.findall(r"whsec_[\w-]{40,}", answer.content.decode())
    for path in ("/notices/", "/settings/", "/audit/"):
        told = enter("owner").get(path).content.decode()
        assert "https://93.184.215.14" in told
        assert secret not in told
        assert "T0PS3CRET" not in told


@pytest.mark.parametrize(("lang", "says"), [("en", "in your own network"), ("zh", "位于内网")])
def test_what_leads_inside_is_refused_in_words(enter: Enter, lang: str, says: str) -> None:
    answer = enter("owner", lang=lang).post(
        "/notices/new/", {"channel": "webhook", "address": "https://169.254.169.254/latest", "kind": "found"}
    )
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert wanted(enter, "owner", "x", channel="webhook").status_code == 409
    assert wanted(enter, "owner", PUBLIC, channel="webhook", kind=[]).status_code == 409
    assert wanted(enter, "owner", PUBLIC, channel="webhook", least="lots").status_code == 409


def test_a_mail_needs_a_server(enter: Enter) -> None:
    answer = wanted(enter, "owner", "ana@shop.example")
    assert answer.status_code == 409
    assert "No mail server is set" in answer.content.decode()


def test_a_test_that_does_not_arrive_says_why_and_is_counted(enter: Enter, mail: None, console: Path) -> None:
    from argosy.connectors.notices import deliver
    from argosy.console.desk import state
    from argosy.flow import now

    wanted(enter, "finance", "fin@shop.example")
    finance = enter("finance")
    mine = number(finance.get("/notices/").content.decode(), "fin@shop.example")
    assert finance.post(f"/notices/{mine}/test/").status_code == 302
    assert finance.post(f"/notices/{mine}/test/").status_code == 409, "too soon"
    told = enter().get("/metrics").content.decode()
    assert 'argosy_notices{state="waiting"} 1' in told
    assert "argosy_uploads_waiting 0" in told
    deliver(state(), clock=now)
    page = finance.get("/notices/").content.decode()
    assert "did not take it (ConnectionRefusedError" in page
    assert "tried 1×, again at" in page
    finance.post(f"/notices/{mine}/end/")
    assert 'argosy_notices{state="waiting"} 0' in enter().get("/metrics").content.decode()


def test_pages_that_notices_lead_to_are_there(enter: Enter, console: Path) -> None:
    from datetime import datetime

    from argosy.console.desk import state
    from argosy.decisions import load
    from argosy.decisions.happened import FOUND, IMPORTS, TEST, WAITS, Event
    from argosy.decisions.records import OPEN
    from argosy.decisions.telling import link

    with state().read() as connection:
        cards = load.proposals(connection, states=(OPEN,))[:1]
    at = datetime(2026, 7, 1)
    events = [Event(TEST, "N1", at), Event(IMPORTS, "U1", at), Event(FOUND, "F1", at)]
    events += [Event(WAITS, one.name, at, card=one.number) for one in cards]
    for event in events:
        assert enter("viewer").get(link(event, "/")).status_code == 200
