"""One call over HTTP to the outside, with every way it can fail told apart."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from urllib.parse import urlsplit

import httpx

from argosy.model.actions import IDENTITY
from argosy.model.errors import ChangeRefused, OutsideBusy, OutsideUnreachable, TokenRefused

TIMEOUT = httpx.Timeout(20.0, connect=5.0)  # seconds; assumed: slower than this a shop is as good as away
MOST_SHOWN = 300  # characters of an answer that a sentence repeats
BUSY, PATIENCE = 429, 30.0  # seconds to wait when the far end names none
MOST_READ, LONGEST_READ = 8_000_000, 60.0  # bytes of an answer, seconds it may take to come
PACKING = ("content-encoding", "content-length", "transfer-encoding")
LOCAL = ("localhost", "127.0.0.1", "::1")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 networks whose last 32 bits are an IPv4 address: NAT64 (RFC 6052), IPv4-compatible (RFC 4291, section 2.5.5.1).
EMBEDDING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


@dataclass(frozen=True)
class Far:
    """Who is called: ``name`` in sentences, ``token_place`` where the secret is kept, ``private`` whether it may be in
    one's own network."""

    name: str
    token_place: str
    private: bool = True

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Post a body and return the answer, which is a good one; every other raises what it means.

        Nothing is redirected. Where private addresses are not allowed, the address that was checked is the one that is
        called, so that no second look-up of the name leads elsewhere.
        """
        host = urlsplit(address).hostname or ""
        target, more, extensions = (address, {}, {}) if self.private else _pinned(address, self._public(host))
        sent = {"User-Agent": IDENTITY, "Content-Type": "application/json", **headers, **more}
        try:
            # No proxy or netrc of the environment: what is signed goes where the settings say.
            with httpx.Client(verify=_trust(), timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
                request = client.build_request("POST", target, content=body, headers=sent, extensions=extensions)
                answer = _read(client.send(request, stream=True))
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise OutsideUnreachable(connector=self.name, reason=_reason(error)) from error
        self._judge(answer)
        return answer

    def _judge(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status < 300:
            return
        if status in (401, 403):
            raise TokenRefused(connector=self.name, where=self.token_place)
        if status == BUSY:
            raise OutsideBusy(connector=self.name, seconds=waiting(answer.headers.get("Retry-After")))
        if status in (408, 425) or status >= 500:
            raise OutsideUnreachable(connector=self.name, reason=f"HTTP {status}")
        told = answer.headers["Location"] if answer.has_redirect_location else answer.text.strip()
        raise ChangeRefused(connector=self.name, words=f"HTTP {status} {told[:MOST_SHOWN]}".strip())

    def _public(self, host: str) -> str:
        """Return an address of ``host`` in the public network; ``ChangeRefused`` when any of them is not."""
        try:
            found = addresses_of(host)
        except OSError as error:
            raise OutsideUnreachable(connector=self.name, reason=str(error)) from error
        if not found or not is_public(found):
            words = f"{host} → {', '.join(found)}: private = false"
            raise ChangeRefused(connector=self.name, words=words)
        return found[0]


def _read(answer: httpx.Response) -> httpx.Response:
    """Return an answer with its body, which neither comes for ever nor fills the memory."""
    end, whole = monotonic() + LONGEST_READ, bytearray()
    try:
        for piece in answer.iter_bytes():
            whole += piece
            if len(whole) > MOST_READ or monotonic() > end:
                raise httpx.ReadError(f"> {MOST_READ} B, {LONGEST_READ:.0f} s")
    finally:
        answer.close()
    # What came packed is unpacked now.
    kept = [(name, value) for name, value in answer.headers.multi_items() if name not in PACKING]
    return httpx.Response(answer.status_code, headers=kept, content=bytes(whole), request=answer.request)


def addresses_of(host: str) -> list[str]:
    """Return all addresses a name stands for, however it is written; ``OSError`` where it stands for none."""
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except UnicodeError as error:  # of a name that can be none: a part too long or empty
        raise OSError(str(error)) from error


def is_public(addresses: Iterable[str]) -> bool:
    """Return whether all addresses belong to the public network."""
    read = [_meant(ipaddress.ip_address(address.partition("%")[0])) for address in addresses]
    return all(address.is_global and not address.is_multicast for address in read)


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to, where it does: mapped, 6to4, through NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and any(address in network for network in EMBEDDING):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def waiting(text: str | None) -> float:
    """Return the seconds a far end asks to wait; a text that is no number counts as none."""
    try:
        return max(0.0, float(text or ""))
    except ValueError:
        return PATIENCE


@cache
def _trust() -> ssl.SSLContext:
    # Reading all the authorities anew takes longer than a call.
    return httpx.create_ssl_context(trust_env=False)


def _pinned(address: str, ip: str) -> tuple[str, dict[str, str], dict[str, str]]:
    url = httpx.URL(address)
    host = url.netloc.decode("ascii")
    return str(url.copy_with(host=ip)), {"Host": host}, {"sni_hostname": url.host}


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")[:MOST_SHOWN]
