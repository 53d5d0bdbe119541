"""Notices as e-mails and signed posts, to addresses that were looked at first."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from argosy.connectors.calls import Far, addresses_of, is_public
from argosy.connectors.mail import Postbox, written
from argosy.connectors.registry import may_be_private
from argosy.connectors.tokens import place_of, token_made, token_of
from argosy.connectors.webhook import post_signed
from argosy.decisions import notices
from argosy.decisions.notices import EMAIL, WEBHOOK, Notice, Subscription, Wishes
from argosy.decisions.state import State
from argosy.decisions.telling import letter, told
from argosy.lake.settings import Outside, current_settings
from argosy.model.errors import (
    ArgosyError,
    ChangeRefused,
    NoticeAddress,
    NoticeNoMail,
    NoticePrivate,
    NoticeSecret,
    NoticeUnknown,
    OutsideUnreachable,
    TokenMissing,
    TokenRefused,
)
from argosy.model.words import say

NAME = "notices"  # of the secret all others are made of: ARGOSY_NOTICES_TOKEN or notices.token
PREFIX = "whsec_"  # by which people and scanners know what they found
LONGEST = 500  # signs of an address
AT_A_TIME = 20  # notices one job sends
# One mailbox and nothing that a header could be made of; quoted and foreign names are left out on purpose.
MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)


def subscribe(
    state: State, wishes: Wishes, *, channel: str, address: str, home: str, who: str, at: datetime
) -> tuple[Subscription, str]:
    """Keep a new subscription and return it with the secret its posts are signed with, which is shown nowhere again;
    empty for e-mail. ``NoticeAddress`` and its kinds where nothing is sent to the address, ``NoticeNoMail``."""
    outside, folder, salt, secret = _outside(state), state.workspace.folder, "", ""
    if channel == WEBHOOK:
        check_webhook(outside, address)
        salt = secrets.token_urlsafe(16)
        secret = _secret(token_made(NAME, folder), salt)
    else:
        check_mail(outside, address)
    made = notices.subscribe(
        state, wishes, channel=channel, address=address, home=home, salt=salt, mark=_mark(secret), who=who, at=at
    )
    return made, secret


def check_mail(outside: Outside, address: str) -> None:
    """``NoticeNoMail`` while no mail server is set, ``NoticeAddress`` where it is not one plain mailbox."""
    if not outside.email or not outside.email_from:
        raise NoticeNoMail()
    if len(address) > LONGEST or not MAILBOX.fullmatch(address):
        raise NoticeAddress(address=address[:LONGEST])


def check_webhook(outside: Outside, address: str) -> None:
    """``NoticeAddress`` where it is no address of a page over HTTPS, ``NoticeUnknown`` where nobody knows its host,
    ``NoticePrivate`` where that is in one's own network and the settings do not name it."""
    try:
        url = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not re.search(r'[\s\\<>"]', address)
        whole = bool(url.hostname) and "@" not in url.netloc and url.port != 0
    except ValueError:
        raise NoticeAddress(address=address[:LONGEST]) from None
    private = may_be_private(outside, address)
    schemes = ("https", "http") if private else ("https",)
    if not plain or not whole or url.scheme not in schemes or len(address) > LONGEST:
        raise NoticeAddress(address=address[:LONGEST])
    host = url.hostname or ""
    try:
        found = addresses_of(host)
    except OSError as error:
        raise NoticeUnknown(host=host, reason=str(error)) from error
    if not private and not is_public(found):
        raise NoticePrivate(host=host)


def deliver(state: State, *, clock: Callable[[], datetime]) -> None:
    """Send the notices that are due, and write down what became of each."""
    for _ in range(AT_A_TIME):
        notice = notices.claim(state, at=clock())
        if notice is None:
            return
        of, lang = notice.subscription, notice.subscription.wishes.lang
        try:
            send(state, notice)
        except ChangeRefused as error:
            words = say("notices.refused", lang, place=of.place, words=error.values["words"])
            notices.give_up(state, notice, words=words, at=clock())
        except ArgosyError as error:
            _missed(state, notice, _why(error, of), clock())
        except Exception as error:  # a connector's door: whatever goes wrong, the others are sent, and it is told
            _missed(state, notice, f"{type(error).__name__}: {error}".split("\n")[0][:200], clock())
        else:
            notices.sent(state, notice, at=clock())


def send(state: State, notice: Notice) -> None:
    """Send a notice now; raises as a ``Connector`` does, and ``NoticeSecret``, ``NoticeNoMail``."""
    of, outside, folder = notice.subscription, _outside(state), state.workspace.folder
    if of.channel == EMAIL:
        check_mail(outside, of.address)
        title, text = letter(notice, folder.name)
        mail = written(title, text, sender=outside.email_from, receiver=of.address, key=notice.key)
        Postbox(outside.email, folder).post(mail, key=notice.key)
        return
    private = may_be_private(outside, of.address)
    if not private and not of.address.startswith("https://"):
        raise ChangeRefused(connector=NAME, words="https://")  # a host the settings named once and no longer do
    far = Far(NAME, place_of(NAME, folder), private=private)
    body = json.dumps(told(notice, folder.name), ensure_ascii=False).encode()
    post_signed(far, of.address, body, key=notice.key, secret=_secret_of(state, of))


def _missed(state: State, notice: Notice, reason: str, at: datetime) -> None:
    again = notices.again_at(notice, at=at)
    key, of = "later" if again else "given_up", notice.subscription
    words = say(f"notices.{key}", of.wishes.lang, place=of.place, reason=reason)
    if again:
        notices.missed(state, notice, words=words, again_at=again)
    else:
        notices.give_up(state, notice, words=words, at=at)


def _why(error: ArgosyError, of: Subscription) -> str:
    """Return why a notice was not taken; what errors of connectors say speaks of changes."""
    lang = of.wishes.lang
    if isinstance(error, OutsideUnreachable):
        return str(error.values.get("reason") or say("notices.busy", lang))
    if isinstance(error, TokenRefused) and not isinstance(error, TokenMissing):
        return say(f"notices.token_{of.channel}", lang)
    return error.sentence(lang)


def _outside(state: State) -> Outside:
    return current_settings(state.workspace.folder / "settings.toml").outside


def _secret_of(state: State, of: Subscription) -> str:
    """Return what posts of a subscription are signed with; ``NoticeSecret`` where it is no longer what it was."""
    folder = state.workspace.folder
    try:
        secret = _secret(token_of(NAME, folder), of.salt)
    except TokenMissing as error:
        raise NoticeSecret(where=place_of(NAME, folder)) from error
    if _mark(secret) != of.mark:
        raise NoticeSecret(where=place_of(NAME, folder))
    return secret


def _secret(root: str, salt: str) -> str:
    made = hmac.new(root.encode(), salt.encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:8] if secret else ""
