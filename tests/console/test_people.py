"""Sign-in, one's account, settings, the log and what actions brought, as people use them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import PASSWORD, Enter
from tests.decisions.ordered import order

from argosy.brief.proved import proved
from argosy.decisions import acting, load
from argosy.decisions.audit import found
from argosy.flow import now
from argosy.lake.settings import current_settings
from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.decisions import LIMITED
from argosy.model.findings import Range
from argosy.model.proposals import Change
from argosy.model.words import say


def log(what: str) -> list[Any]:
    from argosy.console.desk import state

    with state().read() as connection:
        return found(connection, what=what)


def link_in(answer: Any) -> str:
    told = re.search(r'value="(http://[^"]+/)" readonly', answer.content.decode())
    assert told is not None
    return told[1]


def numbers(answer: Any) -> list[int]:
    return [int(number) for number in re.findall(r'a-num">(\d+)</span><time', answer.content.decode())]


def roles() -> dict[str, str]:
    from argosy.console.desk import state

    with state().read() as connection:
        return {member.name: member.role for member in load.members(connection)}


@pytest.fixture
def measured(console: Path) -> Iterator[None]:
    """Two actions of the second quarter: one brought something, of one nobody can tell."""
    from argosy.console.desk import state

    sent, held = Request("outbox", "FILE", "x", {}, ""), state()
    brought = Range(Decimal(10), Decimal(25), Decimal(40))
    for sku, money, why in (("HOME-01", brought, ""), ("HOME-02", None, "too_noisy")):
        (action,) = order(
            held, Change("price.set", sku, "shopify:main", {"price": "11", "was": "10", "currency": "EUR"})
        )
        acting.begin(held, action.number, request=sent, so_now={}, at=now())
        acting.finish(held, action.number, receipt=Receipt("outbox", "1", now()), at=now())
        told = Outcome(date(2026, 5, 1), date(2026, 5, 30), money, "CNY", "matched" if money else "unmeasured", why)
        acting.post_outcome(held, action.number, told, at=now())
    yield


def test_an_invitation_lets_somebody_in_once_and_is_told(enter: Enter) -> None:
    link = link_in(enter("owner").post("/settings/invite/", {"role": "operator"}))
    assert link.startswith("http://127.0.0.1/welcome/")
    assert link not in enter("owner").get("/settings/").content.decode(), "shown once"
    browser = enter()
    assert browser.post(link, {"name": "newcomer", "password": PASSWORD}).status_code == 302
    assert browser.get("/queue/").status_code == 200
    assert roles()["newcomer"] == "operator"
    assert log("invited")[0].after == {"role": "operator"}
    enter("owner").post("/settings/role/", {"name": "newcomer", "role": "viewer"})
    assert roles()["newcomer"] == "viewer"
    enter("owner").post("/settings/out/", {"name": "newcomer"})
    assert "newcomer" not in roles()
    assert browser.get("/queue/").status_code == 302, "out at once"


def test_an_invitation_can_be_withdrawn(enter: Enter) -> None:
    owner = enter("owner")
    link = link_in(owner.post("/settings/invite/", {"role": "viewer"}))
    number = re.findall(r'name="invitation" value="(\d+)"', owner.get("/settings/").content.decode())[0]
    owner.post("/settings/withdraw/", {"invitation": number})
    assert enter().get(link).status_code == 410


def test_the_last_owner_stays(enter: Enter) -> None:
    others = [name for name, role in roles().items() if role == "owner" and name != "owner"]
    owner = enter("owner")
    for name in others:
        owner.post("/settings/role/", {"name": name, "role": "viewer"})
    assert owner.post("/settings/out/", {"name": "owner"}).status_code == 409
    assert owner.post("/settings/role/", {"name": "owner", "role": "viewer"}).status_code == 409
    assert roles()["owner"] == "owner"
    for name in others:
        owner.post("/settings/role/", {"name": name, "role": "owner"})


def test_who_lost_password_and_phone_gets_in_by_a_new_link(enter: Enter) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import get_user_model

    enter("viewer", name="lost")
    TOTP.activate(get_user_model().objects.get(username="lost"), generate_totp_secret())
    link = link_in(enter("owner").post("/settings/link/", {"name": "lost", "bare": "on"}))
    assert not Authenticator.objects.filter(user__username="lost").exists()
    assert enter().post(link, {"password": "a new sea shanty"}).status_code == 302
    answer = enter().post("/account/login/", {"login": "lost", "password": "a new sea shanty"})
    assert answer["Location"] == "/"
    assert log("new_link_bare")[0].subject == "lost"
    enter("owner").post("/settings/out/", {"name": "lost"})


def test_rules_settings_and_freezes_are_set_and_told(enter: Enter, console: Path) -> None:
    from argosy.console.desk import state

    owner = enter("owner")
    given = {"kind": "price.set", "level": LIMITED, "most_amount": "55.5", "most_percent": "", "most_a_day": "3"}
    assert owner.post("/settings/rule/", given)["Location"] == "/settings/#rules"
    with state().read() as connection:
        rule = load.policies(connection)["price.set"]
    assert (rule.level, rule.most_amount, rule.most_percent, rule.most_a_day) == (LIMITED, Decimal("55.5"), None, 3)
    wrong = owner.post("/settings/rule/", given | {"most_amount": "-1"})
    assert wrong.status_code == 409
    assert "no limit" in wrong.content.decode()
    assert owner.post("/settings/rule/", given | {"kind": "everything"}).status_code == 404
    owner.post("/settings/business/", {"language": "zh", "daily_at": "07:15", "book_currency": "EUR"})
    held = current_settings(console / "settings.toml")
    assert (held.language, held.daily_at, held.book_currency) == ("zh", "07:15", "CNY")
    owner.post("/settings/business/", {"language": "en", "daily_at": "06:00"})
    assert owner.post("/settings/business/", {"daily_at": "noon"}).status_code == 409
    owner.post("/settings/freeze/", {"channel": "ebay:main", "reason": "odd prices"})
    assert "ebay:main" in enter("viewer").get("/queue/").content.decode()
    assert "Why: odd prices" in enter("viewer").get("/audit/?what=frozen").content.decode()
    owner.post("/settings/unfreeze/", {"channel": "ebay:main"})
    assert log("unfrozen")[0].subject == "ebay:main"


def test_the_password_is_changed_and_ends_every_session(enter: Enter) -> None:
    browser = enter("viewer", name="changer")
    wrong = browser.post(
        "/account/password/change/", {"oldpassword": "no", "password1": "x y z a b c d", "password2": "x y z a b c d"}
    )
    assert "not your password" in wrong.content.decode()
    given = {"oldpassword": PASSWORD, "password1": "seven wide seas", "password2": "seven wide seas"}
    assert browser.post("/account/password/change/", given).status_code == 302
    assert browser.get("/").status_code == 302
    enter("owner").post("/settings/out/", {"name": "changer"})


def test_changing_how_one_signs_in_asks_for_the_password_again(enter: Enter) -> None:
    browser = enter("viewer")
    answer = browser.get("/account/2fa/totp/activate/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    answer = browser.post(answer["Location"], {"password": PASSWORD}, follow=True)
    assert "otpauth" not in answer.content.decode()
    assert 'src="data:image/svg+xml' in answer.content.decode()


def test_the_log_is_paged_filtered_checked_and_kept_as_a_file(enter: Enter) -> None:
    viewer = enter("viewer")
    shown = numbers(viewer.get("/audit/"))
    assert shown == sorted(shown, reverse=True)
    assert numbers(viewer.get(f"/audit/?before={shown[2]}"))[0] == shown[2] - 1
    assert numbers(viewer.get("/audit/?what=member")) == [one.number for one in log("member")]
    assert "log is sound" in viewer.post("/audit/verify/").content.decode()
    assert "日志完好" in enter("viewer", lang="zh").post("/audit/verify/").content.decode()
    rows = viewer.get("/audit/log.csv?what=member").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("number,at,who,what")
    assert len(rows) == 1 + len(log("member"))
    assert viewer.get("/audit/log.xlsx").content[:2] == b"PK"
    assert viewer.get("/audit/log.exe").status_code == 404


def test_what_actions_brought_stands_beside_what_was_expected(enter: Enter, measured: None) -> None:
    page = enter("finance").get("/earned/?quarter=2026-05-15").content.decode()
    assert "Earned by 1 measured actions" in page
    assert "CN¥25.00" in page
    assert "could not be measured: ups and downs by chance are larger" in page
    assert page.count('class="a-ranges"') >= 2
    assert "偶然波动" in enter("finance", lang="zh").get("/earned/?quarter=2026-05-15").content.decode()
    assert "CN¥25.00" not in enter("finance").get("/earned/?quarter=2025-01-01").content.decode()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_how_right_each_check_is_stands_there_with_where_it_falls_short_and_why(enter: Enter, lang: str) -> None:
    page = html.unescape(enter("finance", lang=lang).get("/earned/").content.decode())
    assert proved()
    for kind, one in proved().items():
        assert say(kind, lang) in page
        assert say("console.proved_times", lang, found=one.found, there=one.there) in page
        if one.short:
            assert say("console.proved_short", lang, why=say(f"shortfalls.{kind}", lang)) in page
        assert f'<td class="a-num a-wide">{one.alarms:.2f}</td>' in page
    begun = say("console.proved_short", lang, why="|").partition("|")[0]
    assert page.count(begun) == sum(bool(one.short) for one in proved().values())
