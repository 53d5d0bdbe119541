"""The JSON API: what programs with a token may ask and decide, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import Enter
from tests.decisions.samples import DAY, claim, finding

from argosy.decisions import load
from argosy.decisions.audit import found
from argosy.decisions.records import APPROVED, OPEN, REJECTED, SNOOZED
from argosy.decisions.watch import Noticed, record
from argosy.flow import now

Ask = Callable[..., Any]
ALL = ("read", "money", "decide")


@pytest.fixture
def card(console: Path) -> Iterator[int]:
    """The number of a card that waits."""
    from argosy.console.desk import state

    rates = {"EUR": Decimal("7.8"), "USD": Decimal("7.1")}
    record(state(), [Noticed(finding(), (claim(),))], day=DAY, at=now(), seconds=1.0, rates=rates)
    with state().read() as connection:
        yield load.cards(connection, states=(OPEN,))[0].number
    record(state(), [], day=DAY, at=now(), seconds=1.0, rates={})


@pytest.fixture
def ask(enter: Enter) -> Ask:
    """Ask the API with a token of somebody: its role, its scopes, else all of them that it may have."""
    from argosy.console.tokens import SCOPES, make

    def asked(path: str, *, role: str = "owner", scopes: tuple[str, ...] = (), lang: str = "en", body: Any = None,
              token: str | None = None) -> Any:  # fmt: skip
        enter(role)  # makes the person
        browser = enter(lang=lang)
        chosen = scopes or [scope for scope in ALL if role in SCOPES[scope]]
        sent = make("test", chosen, days=1, who=role) if token is None else token
        headers = {"Authorization": f"Bearer {sent}"} if sent else {}
        if body is None:
            return browser.get(f"/api/v1{path}", headers=headers)
        return browser.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return asked


def held(number: int) -> str:
    from argosy.console.desk import state

    with state().read() as connection:
        return load.proposal(connection, number).state


def test_the_brief_is_the_one_the_command_prints(ask: Ask, console: Path) -> None:
    from click.testing import CliRunner

    from argosy.cli import main

    ran = CliRunner().invoke(main, ["brief", "--json", "-C", str(console)])
    assert ask("/brief").json() == json.loads(ran.stdout)


def test_cards_and_findings_are_told_whole_in_the_language_asked_for(ask: Ask, card: int) -> None:
    [waiting] = ask("/queue").json()
    assert waiting["name"] == f"P{card}"
    whole = ask(f"/queue/P{card}", lang="zh").json()
    assert whole["says"] != waiting["says"]
    assert whole["change"] == waiting["change"]
    told = {key: value for key, value in whole["finding"].items() if key != "says"}
    assert told.items() <= ask(f"/findings/{whole['finding']['name']}").json().items()
    assert [one["name"] for one in ask("/findings").json()] == [whole["finding"]["name"]]


def test_a_token_decides_as_the_person_who_made_it(ask: Ask, card: int) -> None:
    from argosy.console.desk import state

    ordered = ask(f"/queue/P{card}/approve", role="operator", body={})
    assert ordered.status_code == 200, ordered.content
    action = ordered.json()
    assert (action["state"], action["ordered_by"]) == ("waiting", "operator")
    assert held(card) == APPROVED
    again = ask(f"/queue/P{card}/approve", body={})
    assert (again.status_code, again.json()["code"]) == (409, "not_decidable")
    assert ask(f"/queue/P{card}", role="viewer", scopes=("read",)).json()["actions"] == [action]
    undone = ask(f"/actions/{action['name']}/undo", role="operator", body={}).json()
    assert (undone["name"], undone["state"]) == (action["name"], "undone")
    with state().read() as connection:
        assert {one.who for one in found(connection, limit=3) if one.what == "called_off"} == {"operator"}


@pytest.mark.parametrize(("what", "body", "then"), [
    ("snooze", {"until": "2099-01-01"}, SNOOZED), ("reject", {"reason": "too dear"}, REJECTED),
])  # fmt: skip
def test_a_card_is_put_off_or_rejected(ask: Ask, card: int, what: str, body: dict[str, str], then: str) -> None:
    assert ask(f"/queue/P{card}/{what}", body=body).json()["state"] == then
    assert held(card) == then


def test_a_value_a_change_does_not_have_is_refused(ask: Ask, card: int) -> None:
    told = ask(f"/queue/P{card}/edit", body={"values": {"colour": "red"}})
    assert (told.status_code, told.json()["code"]) == (409, "edit_invalid")


def test_no_program_decides_without_the_scope_or_for_a_viewer(ask: Ask, card: int, enter: Enter) -> None:
    from argosy.console.tokens import make
    from argosy.model.errors import ApiTokenLacks

    told = ask(f"/queue/P{card}/approve", scopes=("read", "money"), body={}, lang="zh")
    assert (told.status_code, told.json()["code"]) == (403, "api_token_lacks")
    assert "权限" in told.json()["says"]
    enter("viewer")
    with pytest.raises(ApiTokenLacks):
        make("greedy", ["decide"], days=1, who="viewer")
    assert held(card) == OPEN


def test_a_token_is_worth_what_its_owner_is_worth_now(ask: Ask, card: int, enter: Enter) -> None:
    from django.contrib.auth import get_user_model

    from argosy.console.desk import state
    from argosy.console.tokens import make
    from argosy.decisions.members import appoint

    enter("operator", name="mei")
    token = make("shop floor", ["read", "decide"], days=1, who="mei")
    assert ask("/queue", token=token).status_code == 200
    appoint(state(), "mei", "viewer", by="test", at=now())
    assert ask(f"/queue/P{card}/approve", token=token, body={}).status_code == 403
    get_user_model().objects.filter(username="mei").update(is_active=False)
    assert ask("/queue", token=token).status_code == 401
    get_user_model().objects.filter(username="mei").delete()
    assert ask("/queue", token=token).status_code == 401
    assert held(card) == OPEN


def test_revoked_old_and_unknown_tokens_are_worth_nothing(ask: Ask, enter: Enter) -> None:
    from django.utils import timezone

    from argosy.console.models import ApiToken
    from argosy.console.tokens import make, revoke, tokens_of

    enter("owner")
    token = make("one", ["read"], days=1, who="owner")
    assert token not in str(list(ApiToken.objects.values()))
    assert ask("/queue", token=token).status_code == 200
    revoke(tokens_of("owner")[0].pk, who="owner")
    old = make("two", ["read"], days=1, who="owner")
    ApiToken.objects.filter(name="two").update(expires_at=timezone.now() - timedelta(seconds=1))
    for worthless in (token, old, "argosy_guessed", ""):
        told = ask("/queue", token=worthless)
        assert (told.status_code, told.json()["code"]) == (401, "api_token_unknown")
        assert told["WWW-Authenticate"] == "Bearer"


def test_signing_in_is_no_token(enter: Enter, card: int) -> None:
    assert enter("owner").get("/api/v1/queue").status_code == 401
    assert enter("owner").post(f"/api/v1/queue/P{card}/approve").status_code == 401


def test_tables_come_in_pages(ask: Ask) -> None:
    first = ask("/tables/profit?by=month&limit=2").json()
    second = ask("/tables/profit?by=month&limit=2&offset=2").json()
    assert first["total"] == second["total"] > 2
    assert len(first["rows"]) == 2
    assert first["rows"] != second["rows"]
    assert "month" in first["columns"]


@pytest.mark.parametrize("asked", [
    "/tables/profit?by=colour", "/tables/kept?by=colour", "/tables/secrets", "/queue/P9999", "/findings/F9999",
    "/tables/profit?limit=0", "/brief?days=many", "/nowhere",
])  # fmt: skip
def test_what_cannot_be_asked_is_said(ask: Ask, asked: str) -> None:
    told = ask(asked)
    assert told.status_code in (404, 422), told.content
    assert {"code", "says"} == told.json().keys()


def test_a_body_that_cannot_be_read_is_said(ask: Ask, card: int) -> None:
    for body in ("{", "[]", {"until": "soon"}):
        told = ask(f"/queue/P{card}/snooze", body=body)
        assert (told.status_code, told.json()["code"]) == (422, "asked_wrongly")


def test_who_runs_the_shop_sees_no_money_earned(ask: Ask) -> None:
    scopes = ("read", "decide")
    for path in ("/brief", "/outcomes", "/tables/profit", "/audit"):
        assert ask(path, role="operator", scopes=scopes).status_code == 403
    assert ask("/tables/kept", role="operator", scopes=scopes).status_code == 200
    assert "account" in ask("/outcomes").json()


def test_the_log_goes_on_after_an_entry(ask: Ask) -> None:
    first = ask("/audit?limit=1").json()
    rest = ask(f"/audit?after={first[0]['number']}&limit=1").json()
    assert (first[0]["number"], rest[0]["number"]) == (1, 2)


def test_the_description_names_every_address(enter: Enter) -> None:
    told = enter().get("/api/v1/openapi.json").json()
    assert {"/api/v1/brief", "/api/v1/queue/P{number}/approve", "/api/v1/audit"} <= told["paths"].keys()
    assert enter().get("/api/v1/docs").status_code == 404
    assert all(one["security"] for path in told["paths"].values() for one in path.values())


def test_a_token_is_made_in_the_browser_and_shown_once(enter: Enter, ask: Ask) -> None:
    import re

    browser = enter("operator")
    made = browser.post("/account/tokens/", {"name": "till", "scope": ["read", "decide"], "days": "30"})
    [token] = re.findall(r"<code[^>]*>(argosy_[^<]+)<", made.content.decode())
    assert ask("/queue", token=token).status_code == 200
    listed = browser.get("/account/tokens/").content.decode()
    assert "till" in listed
    assert token not in listed
    end, *_ = re.findall(r'action="(/account/tokens/\d+/end/)"', listed)
    assert enter("viewer").post(end).status_code == 409, "of somebody else"
    assert browser.post(end).status_code == 302
    assert ask("/queue", token=token).status_code == 401
    assert browser.post("/account/tokens/", {"name": "", "scope": []}).status_code == 422
