"""Notices on their way: signed, once, not into one's own network, and plain whatever stands in them."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.connectors.conftest import Postman

from argosy.connectors.calls import is_public
from argosy.connectors.notices import check_webhook, deliver, send, subscribe
from argosy.connectors.webhook import signature
from argosy.decisions import happened, notices
from argosy.decisions.members import appoint
from argosy.decisions.notices import EMAIL, GIVEN_UP, SENT, WAITING, WEBHOOK, Notice, Subscription, Wishes
from argosy.decisions.state import State
from argosy.decisions.uploads import announce, fail
from argosy.decisions.watch import Noticed, record
from argosy.lake.settings import Outside
from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.errors import NoticeAddress, NoticeNoMail, NoticePrivate, NoticeUnknown
from argosy.model.findings import Finding, Range

AT = datetime(2026, 7, 1, 8, 30)
ALL = Wishes(tuple(happened.KINDS))


@dataclass
class Listener:
    """A program that takes posts, or answers otherwise."""

    address: str
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def far() -> Iterator[Listener]:
    class Mine(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.taken.append((self.path, dict(self.headers.items()), body))
            self.send_response(told.status if self.path != "/inside" else 200)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Mine) as server:
        told = Listener(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = create_workspace(tmp_path_factory.mktemp("made") / "shop", home="DE", book_currency="EUR")
    with State(workspace) as opened:
        appoint(opened, "ann", "owner", by="test", at=AT)
    return workspace.folder


@pytest.fixture
def state(made: Path, tmp_path: Path) -> Iterator[State]:
    shutil.copytree(made, tmp_path / "shop")
    with State(open_workspace(tmp_path / "shop")) as opened:
        yield opened


def setting(state: State, line: str) -> None:
    path = state.workspace.folder / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[connectors]\n", f"[connectors]\n{line}\n"))


def hooked(state: State, far: Listener, path: str = "/hook") -> tuple[Subscription, str]:
    setting(state, 'private_hosts = ["127.0.0.1"]')
    return subscribe(state, ALL, channel=WEBHOOK, address=far.address + path, home="https://s.example/", who="ann",
                     at=AT)  # fmt: skip


def mailed(state: State, address: str, to: str = "ann@shop.example", **wishes: Any) -> None:
    setting(state, f'email = "{address}"\nemail_from = "argosy@shop.example"')
    subscribe(state, Wishes(ALL.kinds, **wishes), channel=EMAIL, address=to, home="https://s.example/", who="ann",
              at=AT)  # fmt: skip


def failed_upload(state: State) -> None:
    upload = announce(state, [("a.csv", 1, 0)], who="ann", at=AT)
    fail(state, upload.number, words="no", at=AT)


def delivered(state: State, *, at: datetime = AT) -> Notice:
    """Let everything be told and return the last notice."""
    notices.plan(state, at=at, here=at)
    deliver(state, clock=lambda: at)
    with state.read() as connection:
        return notices.latest(connection)[0]


def test_a_post_is_signed_with_a_secret_of_its_own_and_told_once(state: State, far: Listener) -> None:
    one, secret = hooked(state, far)
    other, another = subscribe(
        state, ALL, channel=WEBHOOK, address=f"{far.address}/2", home="https://s.example/", who="ann", at=AT
    )
    failed_upload(state)
    for _ in range(2):
        assert delivered(state).state == SENT
    assert {path for path, _, _ in far.taken} == {"/hook", "/2"}
    assert len(far.taken) == 2
    assert secret != another
    for path, headers, body in far.taken:
        mine = secret if path == "/hook" else another
        assert headers["Argosy-Signature"] == signature(mine, headers["Argosy-Timestamp"], body)
        told = json.loads(body)
        assert told["key"] == headers["Idempotency-Key"]
        assert told["subscription"] == (one.name if path == "/hook" else other.name)
        [event] = told["events"]
        assert (event["kind"], event["name"], event["link"]) == ("imports", "U1", "https://s.example/data/")
    assert (state.workspace.folder / "notices.token").stat().st_mode & 0o077 == 0
    assert secret.encode() not in (state.workspace.folder / "state.sqlite").read_bytes()


def test_it_is_sent_again_with_its_key_until_it_is_taken(state: State, far: Listener) -> None:
    hooked(state, far)
    failed_upload(state)
    far.status = 503
    notice = delivered(state)
    assert (notice.state, notice.tries) == (WAITING, 1)
    assert "HTTP 503" in notice.words
    assert delivered(state, at=AT + timedelta(seconds=59)).tries == 1
    far.status = 200
    assert delivered(state, at=AT + timedelta(minutes=1)).state == SENT
    first, second = (headers["Idempotency-Key"] for _, headers, _ in far.taken)
    assert first == second


def test_it_is_given_up_after_a_day_in_the_readers_language(state: State, far: Listener) -> None:
    hooked(state, far)
    with state.write() as connection:
        connection.exec_driver_sql("UPDATE subscriptions SET lang = 'zh'")
    failed_upload(state)
    far.status = 500
    notice, at = delivered(state), AT
    while notice.state == WAITING:
        at = notice.next_at
        notice = delivered(state, at=at)
    assert timedelta(hours=12) < at - AT <= timedelta(days=1)
    assert (notice.state, "一整天未能接收" in notice.words) == (GIVEN_UP, True)


def test_who_is_killed_after_sending_sends_the_same_again(state: State, far: Listener) -> None:
    hooked(state, far)
    failed_upload(state)
    notices.plan(state, at=AT, here=AT)
    taken = notices.claim(state, at=AT)
    assert taken is not None
    send(state, taken)  # and is killed before it writes that down
    assert delivered(state).state == WAITING, "nobody else sends it meanwhile"
    assert delivered(state, at=AT + notices.LEASE).state == SENT
    first, second = (headers["Idempotency-Key"] for _, headers, _ in far.taken)
    assert first == second


def test_a_mail_is_sent_once_even_by_who_was_killed(state: State, postman: tuple[str, type[Postman]]) -> None:
    address, far = postman
    mailed(state, address, lang="zh")
    failed_upload(state)
    notices.plan(state, at=AT, here=AT)
    taken = notices.claim(state, at=AT)
    assert taken is not None
    send(state, taken)
    assert delivered(state, at=AT + notices.LEASE).state == SENT
    [text] = far.taken
    mail = message_from_string(text, policy=policy.default)
    assert mail["To"] == "ann@shop.example"
    assert mail["Subject"] == "Argosy · shop: 上传 U1 读取失败，可重试。"
    assert "https://s.example/notices/" in mail.get_content()
    assert mail.get_content_type() == "text/plain"


def test_a_mail_server_that_refuses_or_is_away(state: State, postman: tuple[str, type[Postman]]) -> None:
    address, far = postman
    mailed(state, address)
    failed_upload(state)
    far.refuses = {"RCPT": "450 later"}
    assert delivered(state).state == WAITING
    far.refuses = {"RCPT": "550 nobody here"}
    notice = delivered(state, at=AT + timedelta(minutes=1))
    assert (notice.state, "550 nobody here" in notice.words) == (GIVEN_UP, True)


def test_a_hostile_subject_makes_no_header(state: State, postman: tuple[str, type[Postman]]) -> None:
    address, far = postman
    mailed(state, address)
    harm = "x\r\nBcc: evil@evil.example\r\n\r\n<b>hi</b>\u2028.\r\nQUIT\u202e\x00"
    found = Finding("stock.running_out", harm, date(2026, 6, 1), Range.exactly(Decimal(7)), "EUR", 0.9)
    record(state, [Noticed(found)], day=AT.date(), at=AT)
    assert delivered(state).state == SENT
    [text] = far.taken
    mail = message_from_string(text, policy=policy.default)
    assert mail["Bcc"] is None
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Message-ID", "X-Mailer", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert not any(line.startswith(("Bcc", "<b>", ".", "QUIT")) for line in mail.get_content().splitlines())


@pytest.mark.parametrize("address", [
    "ann@shop.example\r\nBcc: evil@evil.example", "ann@shop.example, evil@evil.example", "Ann <ann@shop.example>",
    "ann@shop.example;x@y.example", "ann", "@shop.example", "ann@", "ann@localhost", '"a b"@shop.example',
    "ann@[127.0.0.1]", "änn@shop.example", "ann@shop.example\x00", "a" * 65 + "@shop.example", "",
])  # fmt: skip
def test_only_one_plain_mailbox_is_written_to(state: State, address: str) -> None:
    with pytest.raises(NoticeAddress):
        mailed(state, "smtp://127.0.0.1:1", address)


def test_without_a_mail_server_there_is_no_mail(state: State) -> None:
    with pytest.raises(NoticeNoMail):
        subscribe(state, ALL, channel=EMAIL, address="ann@shop.example", home="x", who="ann", at=AT)


INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0", "localhost",  # noqa: S104
    "localhost.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]", "[fe80::1]", "[fd00:ec2::254]", "169.254.169.254", "2852039166", "10.0.0.1", "172.16.0.1",
    "192.168.1.1", "100.64.0.1", "224.0.0.1", "[ff02::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_of_ones_own_network_is_refused_when_saved_and_when_sent(
    state: State, far: Listener, host: str
) -> None:
    port = far.address.rpartition(":")[2]
    address = f"https://{host}:{port}/hook"
    with pytest.raises((NoticePrivate, NoticeUnknown)):
        subscribe(state, ALL, channel=WEBHOOK, address=address, home="https://s.example/", who="ann", at=AT)
    # As if it had led elsewhere when it was saved.
    hooked(state, far)
    with state.write() as connection:
        connection.exec_driver_sql("UPDATE subscriptions SET address = ?", (address,))
    setting(state, "# ")
    path = state.workspace.folder / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('private_hosts = ["127.0.0.1"]', ""))
    failed_upload(state)
    assert delivered(state).state in (GIVEN_UP, WAITING)
    assert far.taken == []


def test_a_name_that_comes_to_lead_inside_is_not_followed(
    state: State, far: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def leads(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = ["93.184.215.14"] if len(asked) == 1 else ["93.184.215.14", "169.254.169.254"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", leads)
    subscribe(state, ALL, channel=WEBHOOK, address="https://hooks.example/x", home="https://s.example/", who="ann",
              at=AT)  # fmt: skip
    failed_upload(state)
    notice = delivered(state)
    assert asked == ["hooks.example", "hooks.example"], "looked up once each time, and never again to call it"
    assert notice.state == GIVEN_UP


def test_redirects_are_not_followed(state: State, far: Listener) -> None:
    hooked(state, far)
    failed_upload(state)
    far.status, far.headers = 307, {"Location": f"{far.address}/inside"}
    assert delivered(state).state == GIVEN_UP
    assert [path for path, _, _ in far.taken] == ["/hook"]


@pytest.mark.parametrize("address", [
    "http://93.184.215.14/", "ftp://93.184.215.14/", "file:///etc/passwd", "gopher://93.184.215.14/", "93.184.215.14",
    "https://user:pw@93.184.215.14/", "https://", "https:///x", "https://[::1", "https://93.184.215.14:99999/",
    "https://93.184.215.14\\@127.0.0.1/", "https://93.184.215.14/\r\nX: y", "https://93.184.215.14/ x",
    "https://例子.example/", "javascript:alert(1)", "https://93.184.215.14/" + "x" * 500,
])  # fmt: skip
def test_only_a_plain_address_over_https_is_posted_to(address: str) -> None:
    with pytest.raises(NoticeAddress):
        check_webhook(Outside(), address)


def test_a_public_address_is_fine_and_an_inner_one_that_is_named() -> None:
    check_webhook(Outside(), "https://93.184.215.14:8443/hook?x=1")
    check_webhook(Outside(private_hosts=("127.0.0.1",)), "http://127.0.0.1:8000/")
    with pytest.raises(NoticePrivate):
        check_webhook(Outside(private_hosts=("127.0.0.1",), private=True), "https://127.0.0.2/")
    assert is_public(["64:ff9b::5db8:d70e"])


def test_a_lost_secret_is_told_and_found_again(state: State, far: Listener) -> None:
    hooked(state, far)
    failed_upload(state)
    token = state.workspace.folder / "notices.token"
    kept = token.read_text()
    for lost in (None, "another"):
        token.unlink()
        if lost:
            token.touch(mode=0o600)
            token.write_text(lost)
        notices.test(state, 1, who="ann", at=AT + timedelta(hours=2 if lost else 0))
        notice = delivered(state, at=AT + timedelta(hours=2 if lost else 0))
        assert notice.state == WAITING
        with state.read() as connection:
            assert "notices.token" in notices.latest(connection)[-1].words
        token.touch(mode=0o600)
    token.write_text(kept)
    assert far.taken == []
    for hours in (6, 7, 8):
        delivered(state, at=AT + timedelta(hours=hours))
    assert len(far.taken) == 3
