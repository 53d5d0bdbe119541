"""Changes as e-mails to who makes them."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from argosy.connectors.calls import LOCAL
from argosy.connectors.outbox import letter
from argosy.connectors.tokens import place_of, token_of
from argosy.decisions.sentences import act_name
from argosy.lake.workspace import disk_errors
from argosy.model.actions import IDENTITY, Receipt, Request
from argosy.model.errors import ChangeRefused, OutsideUnreachable, TokenRefused
from argosy.model.proposals import Change
from argosy.model.words import LANGUAGES

SECONDS = 20.0  # of patience with a mail server; assumed


@dataclass(frozen=True)
class Postbox:
    """A mail server: ``smtp://user@host:587`` (turned to TLS before anything is said) or ``smtps://user@host:465``.

    SMTP has no way to say "once": when the answer to a message is lost, nobody knows whether it was taken. The
    Message-ID is made from the key, so that the second copy is the same message to mailboxes that look at it; and a
    file in ``sent`` tells that a message was taken, so that only a cut between the server's yes and that file, a few
    milliseconds, can lead to a second copy.
    """

    address: str
    folder: Path
    name: str = "email"

    def post(self, message: EmailMessage, *, key: str) -> bool:
        """Send a message, unless it is noted as taken; return whether it was. Raises as a ``Connector`` does."""
        noted = self.folder / "sent" / f"{quote(key, safe=' ')}.eml"
        again = noted.exists()
        if not again:
            with disk_errors(self.folder):
                # Made before, so that a disk that cannot take the note stops the message, not the note.
                noted.parent.mkdir(mode=0o700, exist_ok=True)
                beside = noted.with_suffix(".sending")
                beside.write_bytes(bytes(message))
            self._hand_over(message)
            with disk_errors(self.folder):
                beside.replace(noted)
        return again

    def _hand_over(self, message: EmailMessage) -> None:
        url = urlsplit(self.address)
        try:
            server = self._connected(url.scheme, url.hostname or "", url.port)
            try:
                if url.username:
                    server.login(unquote(url.username), token_of(self.name, self.folder))
                server.send_message(message)
            finally:
                # Not a good-bye: once the message is taken, how the talk ends is no matter.
                server.close()
        except smtplib.SMTPAuthenticationError as error:
            raise TokenRefused(connector=self.name, where=place_of(self.name, self.folder)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise self._refusal(code, words) from error
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutsideUnreachable(connector=self.name, reason=f"{type(error).__name__}: {error}") from error

    def _connected(self, scheme: str, host: str, port: int | None) -> smtplib.SMTP:
        safe = ssl.create_default_context()
        if scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=safe)
        server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
        try:
            if host not in LOCAL:
                server.starttls(context=safe)
        except BaseException:
            server.close()
            raise
        return server

    def _refusal(self, code: int, words: bytes | str) -> ChangeRefused | OutsideUnreachable:
        told = words.decode(errors="replace") if isinstance(words, bytes) else words
        if code >= 500:
            return ChangeRefused(connector=self.name, words=f"{code} {told}")
        return OutsideUnreachable(connector=self.name, reason=f"{code} {told}")


@dataclass(frozen=True)
class Mail:
    """Changes as messages to one receiver, through a ``Postbox``."""

    address: str
    sender: str
    receiver: str
    folder: Path
    name: str = "email"

    def takes(self, change: Change) -> bool:
        """Return True: who reads it makes the change."""
        return True

    def preview(self, change: Change, *, key: str) -> Request:
        """Return the message that would be sent."""
        message = self._message(change, key)
        headers = {name: value for name, value in message.items() if not name.startswith(("Content-", "MIME-"))}
        return Request(self.name, "SEND", self.address, headers, letter(change, key=key))

    def current(self, change: Change) -> Mapping[str, str]:
        """Return nothing: a message cannot be answered at once."""
        return {}

    def send(self, change: Change, *, key: str) -> Receipt:
        """Send the message, unless it is noted as taken."""
        message = self._message(change, key)
        again = Postbox(self.address, self.folder, self.name).post(message, key=key)
        return Receipt(self.name, message["Message-ID"], datetime.now(UTC), f"→ {self.receiver}", again)

    def _message(self, change: Change, key: str) -> EmailMessage:
        title = f"{act_name(change.kind, LANGUAGES[0])}: {change.subject}"
        return written(title, letter(change, key=key), sender=self.sender, receiver=self.receiver, key=key)


def written(title: str, text: str, *, sender: str, receiver: str, key: str) -> EmailMessage:
    """Return a message in plain text, known by its key; a title is one line, whatever stands in it."""
    message = EmailMessage()
    message["From"], message["To"] = sender, receiver
    message["Subject"] = " ".join(title.split())
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_domain(sender)}>"
    message["X-Mailer"] = IDENTITY
    message.set_content(text)
    return message


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("> ") or "localhost"
