"""What somebody who means harm would try; figures of what was tried stand in docs/security.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import PASSWORD, Enter

from argosy.model.decisions import FINANCE, OPERATOR, OWNER, ROLES, VIEWER

STRANGER = ""
SEES_MONEY, ACTS = (OWNER, FINANCE, VIEWER), (OWNER, OPERATOR, FINANCE)
EVERYBODY = (STRANGER, *ROLES)
# Who may ask for what: a page without a row here fails the test, so that nobody forgets to think of it.
WHO: Mapping[str, tuple[str, ...]] = {
    "brief": ROLES, "queue": ROLES, "queue-waiting": ROLES, "queue-card": ROLES, "queue-action": ROLES,
    "queue-decide": ACTS,
    "money": SEES_MONEY, "money-why": SEES_MONEY, "products": SEES_MONEY, "products-one": SEES_MONEY,
    "markets": SEES_MONEY, "markets-one": SEES_MONEY, "promises": ROLES, "orders": ROLES, "orders-one": ROLES,
    "search": ROLES, "saved-keep": ROLES, "saved-end": ROLES, "data": ROLES, "data-uploads": ROLES,
    **dict.fromkeys(("data-announce", "data-send", "data-read", "data-piece", "data-mend", "data-look"), ACTS),
    "account-tokens": ROLES, "account-token-end": ROLES, "metrics": EVERYBODY,
    "earned": SEES_MONEY, "audit": SEES_MONEY, "audit-verify": SEES_MONEY, "audit-export": SEES_MONEY,
    "words": ROLES, "begin": (OWNER,), "settings": (OWNER,), "settings-change": (OWNER,),
    **dict.fromkeys(("notices", "notices-new", "notices-change"), ROLES),
    "guide": ROLES, "guide-page": ROLES,
    "health": EVERYBODY, "preferences": EVERYBODY, "welcome": EVERYBODY, "again": EVERYBODY,
    "account": ROLES, "account-end": ROLES,
    "account_login": EVERYBODY, "account_logout": EVERYBODY, "mfa_authenticate": EVERYBODY,
    "mfa_login_webauthn": EVERYBODY,
    **dict.fromkeys((
        "account_change_password", "account_reauthenticate", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn",
        "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    ), ROLES),
}  # fmt: skip
SAMPLES = {"int": "1", "str": "csv", "path": "x", "slug": "x", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def addresses() -> dict[str, str]:
    """Return every address of the console by its name, with something in place of its parts."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns: Any, before: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            path = before + re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES[part[1] or "str"], str(one.pattern))
            if path.startswith(("/api/", "/^api/")):  # has keys of its own, and tests
                continue
            if isinstance(one, URLPattern):
                yield str(one.name or path), path
            else:
                yield from walk(one.url_patterns, path)

    return dict(walk(get_resolver().url_patterns, "/"))


def refused(answer: Any) -> bool:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/account/login/?next=")
    return answer.status_code in (401, 403) or to_sign_in


@pytest.fixture
def user(console: Path) -> Iterator[Any]:
    """Somebody of a known password, taken out again afterwards."""
    from django.contrib.auth import get_user_model
    from django.core.cache import cache

    from argosy.console.desk import state
    from argosy.decisions.members import appoint
    from argosy.flow import now

    made = get_user_model().objects.create_user("mallory", password=PASSWORD)
    appoint(state(), "mallory", VIEWER, by="test", at=now())
    yield made
    cache.clear()
    get_user_model().objects.filter(username="mallory").delete()


def sign_in(browser: Any, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/account/login/", {"login": "mallory", "password": password}, **more)


def test_every_address_is_for_whom_it_is_meant(enter: Enter) -> None:
    found = addresses()
    assert set(found) == set(WHO), "say in WHO who may ask for it"
    for role in EVERYBODY:
        for name, path in found.items():
            browser = enter(role)
            if role in WHO[name]:
                answer = browser.get(path)
                assert not refused(answer), (role, name, answer.status_code)
                assert answer.status_code < 500, (role, name)
            else:
                # Nothing may depend on how it is asked for. 405: by the method alone, whoever asks.
                assert refused(browser.post(path)), (role, name)
                got = browser.get(path)
                assert refused(got) or got.status_code == 405, (role, name, got.status_code)


def test_what_of_allauth_is_not_needed_is_not_there(enter: Enter) -> None:
    for path in ("signup/", "email/", "password/reset/", "password/set/", "3rdparty/", "login/code/", "inactive/"):
        assert enter("owner").get(f"/account/{path}").status_code == 404


def test_who_has_no_role_sees_nothing(enter: Enter, console: Path) -> None:
    from django.contrib.auth import get_user_model

    stranger, _ = get_user_model().objects.get_or_create(username="nobody")
    browser = enter()
    browser.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("brief", "queue", "audit", "settings", "earned"):
        assert browser.get(addresses()[name]).status_code == 403
    stranger.delete()


def test_a_form_of_another_site_is_not_believed(enter: Enter, console: Path) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    enter("owner")
    owner = get_user_model().objects.get(username="owner")
    browser = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    browser.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, path in addresses().items():
        assert browser.post(path, {"role": "owner"}).status_code == 403, name
    assert enter("owner").get("/audit/?what=invited").status_code == 200


@pytest.mark.parametrize("harm", [HARM, "{{ 7*7 }}{% load %}", "javascript:alert(1)"])
def test_names_and_reasons_are_only_text(enter: Enter, harm: str) -> None:
    owner = enter("owner")
    owner.post("/settings/freeze/", {"channel": harm[:100], "reason": harm})
    try:
        for path in ("/settings/", "/audit/", "/", f"/audit/?who={harm}&what={harm}", f"/earned/?quarter={harm}"):
            told = owner.get(path).content.decode()
            assert "<script>alert" not in told
            assert "<img src=x" not in told
            assert 'href="javascript:' not in told
    finally:
        owner.post("/settings/unfreeze/", {"channel": harm[:100]})


def test_nobody_is_led_to_another_site(enter: Enter, user: Any) -> None:
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil"):
        for answer in (
            sign_in(enter(), query_params={"next": away}),
            enter().post("/account/login/", {"login": "mallory", "password": PASSWORD, "next": away}),
            enter().post("/preferences/", {"lang": "en", "next": away}),
            enter("viewer").post("/account/logout/", {"next": away}),
        ):
            assert answer.status_code == 302
            assert answer["Location"] in ("/", "/account/login/"), away


def test_a_session_is_new_at_sign_in_and_ends_at_sign_out_and_with_the_password(enter: Enter, user: Any) -> None:
    browser, other = enter(), enter()
    browser.cookies["sessionid"] = "a" * 32  # chosen by somebody else
    assert sign_in(browser).status_code == 302
    assert browser.cookies["sessionid"].value != "a" * 32
    assert browser.cookies["sessionid"]["httponly"]
    assert browser.cookies["sessionid"]["samesite"] == "Lax"
    sign_in(other)
    before = browser.cookies["sessionid"].value
    browser.post("/account/logout/")
    browser.cookies["sessionid"] = before
    assert refused(browser.get("/"))
    assert other.get("/").status_code == 200
    user.set_password("another sea shanty")
    user.save()
    assert refused(other.get("/"))


def test_a_session_can_be_ended_by_its_owner_only(enter: Enter, user: Any) -> None:
    from allauth.usersessions.models import UserSession

    browser, other = enter(), enter()
    for one in (browser, other):
        sign_in(one)
        one.get("/account/me/")
    number = UserSession.objects.get(session_key=other.cookies["sessionid"].value).pk
    assert enter("owner").post(f"/account/me/sessions/{number}/end/").status_code == 404
    assert other.get("/account/me/").status_code == 200
    browser.post(f"/account/me/sessions/{number}/end/")
    assert refused(other.get("/account/me/"))


def test_guessing_a_password_locks_out_and_says_for_how_long(enter: Enter, user: Any) -> None:
    for number in range(5):
        assert "Try again in" not in sign_in(enter(), f"guess {number} guess").content.decode()
    # Even with the right one, whatever address is claimed to ask.
    for headers in ({}, {"x-forwarded-for": "203.0.113.7"}, {"x-real-ip": "203.0.113.8"}):
        answer = sign_in(enter(), headers=headers)
        assert answer.status_code == 200
        assert "Try again in 10 minutes" in answer.content.decode()
    assert "10 分钟后重试" in sign_in(enter(lang="zh")).content.decode()


def test_an_unknown_name_is_answered_like_a_wrong_password(enter: Enter, user: Any) -> None:
    def said(name: str) -> str:
        answer = enter().post("/account/login/", {"login": name, "password": "guess guess"}).content.decode()
        return re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer)

    assert said("mallory") == said("nobody-of-that-name")


def test_a_code_is_asked_for_before_anything_is_seen(enter: Enter, user: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    browser = enter()
    assert sign_in(browser)["Location"].startswith("/account/2fa/authenticate/")
    assert refused(browser.get("/"))
    for number in range(6):
        told = browser.post("/account/2fa/authenticate/", {"code": f"00000{number}"}).content.decode()
    assert "ten minutes" in told
    assert refused(browser.get("/"))


def test_a_host_that_is_not_ours_is_refused(enter: Enter) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example"):
        assert enter("owner").get("/", headers={"host": host}).status_code == 400
    answer = enter("owner").get("/settings/", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer.content.decode()


def test_links_hold_once_and_cannot_be_forged(enter: Enter, user: Any) -> None:
    from argosy.console.people import invite, new_link

    for path in ("/welcome/x/", "/again/MQ/x/", "/again/../x/", "/again/LTE/c0-ffee/"):
        assert enter().get(path).status_code in (404, 410)
    link = new_link("mallory", by="owner") or ""
    signed_in = enter()
    sign_in(signed_in)
    assert enter().get(link).status_code == 410, "signing in proves that the link is not needed"
    link = new_link("mallory", by="owner") or ""
    assert enter().post(link, {"password": "short"}).status_code == 422
    assert enter().post(link, {"password": "another sea shanty"})["Location"] == "/account/login/"
    assert enter().post(link, {"password": "a third sea shanty"}).status_code == 410
    assert refused(signed_in.get("/")), "every session ends"
    welcome = invite(VIEWER, by="owner")
    assert enter().post(welcome, {"name": "Mallory", "password": PASSWORD}).status_code == 422, "taken, in any case"
    assert enter().post(welcome, {"name": "owner", "password": PASSWORD}).status_code == 422


def test_every_page_says_what_a_browser_may_do_and_has_nothing_to_run_in_it(enter: Enter) -> None:
    for name, path in addresses().items():
        for role, lang in ((OWNER, "en"), (STRANGER, "zh")):
            answer = enter(role, lang=lang).get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy, name
            assert "unsafe" not in policy, name
            assert answer.headers["X-Content-Type-Options"] == "nosniff", name
            assert answer.headers["X-Frame-Options"] == "DENY", name
            assert answer.headers["Referrer-Policy"] == "same-origin", name
            assert answer.headers["Cache-Control"], name
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                nothing_inline(answer.content.decode(), name)


def nothing_inline(page: str, name: str) -> None:
    for tag in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag, (name, tag)  # what is JSON is never run
    assert not re.search(r"<style\b", page), name
    for tag in re.findall(r"<\w+\b[^>]*>", page):
        bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", tag)
        assert not re.search(r"\s(style|on\w+)\s*=", bare), (name, tag)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "today"])
def test_days_no_calendar_of_a_seller_has_harm_nothing(enter: Enter, day: str) -> None:
    owner = enter("owner")
    addresses = (
        f"/?until={day}", f"/earned/?quarter={day}", f"/orders/?from={day}&to={day}", f"/money/?start={day}&end={day}",
        f"/money/?as_known={day}",
    )  # fmt: skip
    assert {owner.get(address).status_code for address in addresses} == {200}


def test_a_file_of_the_log_runs_no_formula(enter: Enter) -> None:
    owner = enter("owner")
    owner.post("/settings/freeze/", {"channel": "=cmd|' /C calc'!A0", "reason": "@SUM(1)"})
    owner.post("/settings/unfreeze/", {"channel": "=cmd|' /C calc'!A0"})
    rows = owner.get("/audit/log.csv").content.decode("utf-8-sig").splitlines()
    assert any("'=cmd" in row for row in rows)
    assert not any(re.search(r"(^|,)\"?=cmd", row) for row in rows)


@pytest.mark.parametrize("address", [
    "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/", "https://192.168.1.1/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://2130706433/", "https://0x7f000001/", "https://user@127.0.0.1/", "https://127.1/",
    "http://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/",
])  # fmt: skip
def test_a_webhook_does_not_reach_into_ones_own_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    from argosy.connectors.webhook import Webhook
    from argosy.model.errors import ChangeRefused, OutsideUnreachable
    from argosy.model.proposals import Change

    monkeypatch.setenv("ARGOSY_WEBHOOK_TOKEN", "secret")
    with pytest.raises((ChangeRefused, OutsideUnreachable)) as told:
        Webhook(address, tmp_path).send(Change("task.do", "x", "", {}), key="A1")
    assert isinstance(told.value, ChangeRefused), "refused before anything was called"
