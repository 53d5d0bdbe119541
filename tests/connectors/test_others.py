"""Outbox, webhook, e-mail and the simulated world: each change once, and every no told apart."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from datetime import date
from pathlib import Path

import pytest
from tests.connectors.conftest import TOKEN, Postman, Shop

from argosy.connectors.calls import Far, is_public
from argosy.connectors.in_world import LEVERS, InWorld
from argosy.connectors.mail import Mail
from argosy.connectors.outbox import Outbox
from argosy.connectors.registry import connector_for, connectors_of
from argosy.connectors.webhook import Webhook
from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.errors import ChangeRefused, OutsideUnreachable, SettingsInvalid, TokenRefused, WorkspaceReadOnly
from argosy.model.proposals import ACTS, Change
from argosy.world import levers
from argosy.world.plan import Plan
from argosy.world.simulate import simulate

TASK = Change("task.do", "stripe:main/#77", "stripe:main", {"text": "Ask them for the missing 12,40 €"})


def test_a_file_is_written_once_and_read_by_people_and_programs(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    first, second = (outbox.send(TASK, key="A1/../x") for _ in range(2))
    assert (first.again, second.again) == (False, True)
    (file,) = (tmp_path / "outbox").iterdir()
    text = file.read_text(encoding="utf-8")
    assert "To do: Ask them for the missing 12,40 €" in text
    assert "待办" in text
    told = json.loads(text.partition("```json")[2].partition("```")[0])
    assert told["key"] == "A1/../x"
    assert told["values"] == TASK.values
    assert outbox.preview(TASK, key="A1/../x").body == text


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").symlink_to("/proc/self")
    with pytest.raises((WorkspaceReadOnly, OSError)):
        Outbox(tmp_path / "outbox").send(TASK, key="A1")


def test_a_post_is_signed_and_done_once(shop: Shop, tmp_path: Path) -> None:
    hook = Webhook(f"{shop.address}/hook", tmp_path, private=True)
    first, second = (hook.send(TASK, key="A1") for _ in range(2))
    assert (first.again, second.again) == (False, True)
    assert first.number == second.number == "hook-A1"
    assert shop.effects() == {("task.do", "stripe:main/#77"): 1}
    assert TOKEN not in repr(hook.preview(TASK, key="A1"))


def test_a_wrong_secret_is_told(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOSY_WEBHOOK_TOKEN", "another")
    with pytest.raises(TokenRefused):
        Webhook(f"{shop.address}/hook", tmp_path, private=True).send(TASK, key="A1")
    assert shop.effects() == {}


def test_a_post_into_ones_own_network_must_be_allowed(shop: Shop, tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "0x7f.1"):
        with pytest.raises((ChangeRefused, OutsideUnreachable)):
            Webhook(f"https://{host}:{shop.server.server_port}/hook", tmp_path).send(TASK, key="A1")
    with pytest.raises(ChangeRefused, match="https"):
        Webhook("http://example.com/hook", tmp_path).send(TASK, key="A1")
    assert shop.told()["calls"] == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("10.0.0.1", False),
        ("169.254.169.254", False), ("::ffff:127.0.0.1", False), ("fe80::1%eth0", False), ("100.64.0.1", False),
        ("224.0.0.1", False), ("0.0.0.0", False), ("fd00::1", False),  # noqa: S104 - no binding
    ],
)  # fmt: skip
def test_private_addresses_are_known(address: str, public: bool) -> None:
    assert is_public([address]) is public


def test_a_message_is_sent_once_and_known_by_its_key(tmp_path: Path, postman: tuple[str, type[Postman]]) -> None:
    address, far = postman
    mail = Mail(address, "me@shop.example", "ops@shop.example", tmp_path)
    first, second = (mail.send(TASK, key="A1") for _ in range(2))
    assert (first.again, second.again) == (False, True)
    assert len(far.taken) == 1
    assert f"Message-ID: {first.number}" in far.taken[0]
    assert first.number == mail.preview(TASK, key="A1").headers["Message-ID"]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"RCPT": "550 no such person"}, ChangeRefused),
        ({"RCPT": "450 come back later"}, OutsideUnreachable),
        ({"DATA": "552 too much"}, ChangeRefused),
    ],
)
def test_a_refused_message_was_not_sent(
    tmp_path: Path, postman: tuple[str, type[Postman]], said: dict[str, str], error: type[Exception]
) -> None:
    address, far = postman
    far.refuses = said
    mail = Mail(address, "me@shop.example", "ops@shop.example", tmp_path)
    with pytest.raises(error):
        mail.send(TASK, key="A1")
    far.refuses = {}
    assert mail.send(TASK, key="A1").again is False
    assert len(far.taken) == 1


def test_no_mail_server_may_be_asked_again(tmp_path: Path) -> None:
    with pytest.raises(OutsideUnreachable):
        Mail("smtp://127.0.0.1:1", "me@shop.example", "ops@shop.example", tmp_path).send(TASK, key="A1")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "world"
    simulate(Plan(5, 2, 300, until=date(2026, 9, 1)), folder)
    return folder


def test_a_price_becomes_a_share_of_the_list_price(world: Path) -> None:
    far = InWorld(world)
    change = Change("price.set", "HOME-01C", "shopify:main", {"price": "24.21", "was": "26.90", "currency": "USD"})
    assert far.preview(change, key="A1").body == "price HOME-01C 2026-09-01 – 2026-09-30 0.9"
    first, second = (far.send(change, key="A1") for _ in range(2))
    assert (first.again, second.again) == (False, True)
    with pytest.raises(ChangeRefused):
        far.send(Change("price.set", "HOME-01C", "", {"price": "20"}), key="A2")


@pytest.mark.parametrize(
    "change",
    [
        Change("coupon.stop", "US", "", {}),
        Change("campaign.pause", "US home - prospecting", "meta_ads:main", {}),
        Change("campaign.budget", "US toys - video", "tiktok_ads:main", {"share": "1.4", "was": "1"}),
        Change("buyers.write", "DE", "", {"text": "…", "language": "de"}),
        Change("stock.reorder", "PET-01C/shenzhen", "", {"units": "40", "supplier": "Ningbo Paws"}),
        Change("stock.transfer", "PET-01C/amazon-us", "", {"units": "40", "origin": "shenzhen"}),
        Change("listing.hold", "HOME-02C/shopify:main", "shopify:main", {}),
        Change("lane.faster", "BR", "", {"share": "0.3", "days": "20"}),
        Change("method.on", "stripe:main/DE", "stripe:main", {"share": "0.2"}),
        Change("method.off", "paypal:main/JP", "paypal:main", {}),
        Change("claim.send", "stripe:main/po_0007", "stripe:main", {"amount": "12.40", "currency": "USD"}),
        Change("order.refund", "shopify:main:#100001", "shopify:main", {"amount": "1", "currency": "USD"}),
    ],
    ids=lambda change: change.kind,
)
def test_every_lever_can_be_pulled(world: Path, change: Change) -> None:
    far = InWorld(world)
    assert far.takes(change)
    assert far.send(change, key=change.kind).again is False
    assert far.send(change, key=change.kind).again is True


def test_a_claim_asks_for_each_of_its_papers_and_a_listing_is_held_wherever_its_channel_sells(world: Path) -> None:
    far = InWorld(world)
    papers = {"papers": "SP1:4.20 SP2:3.10/2.90 amazon:main:302-7"}
    claim = Change("claim.send", "Silk Parcel/2026-08-01", "Silk Parcel", papers)
    assert [line.split()[1] for line in far.preview(claim, key="C").body.splitlines()] == ["302-7", "SP1", "SP2"]
    assert [far.send(claim, key="C").again for _ in range(2)] == [False, True]
    held = far.preview(Change("listing.hold", "PET-02C/amazon:main", "amazon:main", {}), key="H").body
    assert held.count("PET-02C/Amazon.") == 3
    one = far.preview(Change("listing.hold", "PET-02C/tiktok_shop:main/GB", "tiktok_shop:main", {}), key="T").body
    assert one.startswith("hold_listing PET-02C/TikTok Shop GB ")


def test_levers_are_all_of_the_world() -> None:
    assert {kind for kind, _ in LEVERS.values()} == set(levers.KINDS)
    assert set(LEVERS) <= set(ACTS)


def test_the_settings_say_who_makes_a_change(tmp_path: Path) -> None:
    create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    price = Change("price.set", "MUG", "shopify:main", {"price": "12.00"})
    assert connector_for(price, connectors_of(open_workspace(tmp_path / "shop"))).name == "outbox"
    path = tmp_path / "shop" / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('use = ["outbox"]', 'use = ["shopify"]\nshopify = "mine.myshopify.com"'))
    connectors = connectors_of(open_workspace(tmp_path / "shop"))
    assert connector_for(price, connectors).name == "shopify"
    assert connector_for(TASK, connectors).name == "outbox"


@pytest.mark.parametrize("wrong", ['use = ["shopify"]', 'use = ["carrier pigeon"]', 'use = "outbox"', "token = 'x'"])
def test_wrong_connectors_are_named(tmp_path: Path, wrong: str) -> None:
    create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    path = tmp_path / "shop" / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('use = ["outbox"]', wrong))
    with pytest.raises(SettingsInvalid):
        open_workspace(tmp_path / "shop")


def test_an_answer_that_never_ends_is_cut_off() -> None:
    class Endless(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b"x" * 100_000)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Endless) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with pytest.raises(OutsideUnreachable):
            Far("webhook", "x").post(f"http://127.0.0.1:{server.server_address[1]}/", b"{}", {})
        server.shutdown()
        thread.join()
