"""Who may come in, and how the API says no: a sentence in the language asked for, and a stable code."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from argosy.console.tokens import held
from argosy.lake.workspace import disk_error
from argosy.model.errors import (
    ApiTokenLacks,
    ApiTokenUnknown,
    ArgosyError,
    AskedWrongly,
    CatalogUnreachable,
    DiskFull,
    LakeBusy,
    MemberUnknown,
    NotFound,
    OwnerOnly,
    RoleMayNot,
    StateBusy,
)
from argosy.model.version import VERSION
from argosy.model.words import say

log = logging.getLogger(__name__)
API = NinjaAPI(
    title="Argosy",
    version="1",
    description=(
        f"One seller's business, as Argosy {VERSION} knows it. Amounts are decimals written as texts, with their "
        "currency beside them; days are ISO 8601, times UTC. Accept-Language chooses English or Chinese sentences. A "
        "token has scopes: read (findings, queue, promises, files), money (what was earned), decide (approve and the "
        "rest, as the person who made the token), metrics (/metrics)."
    ),
    docs_url=None,
    urls_namespace="api",
)
# Which refusal is which status; whatever is not here is 409: it cannot be done as things stand.
STATUS: tuple[tuple[type[ArgosyError], int], ...] = (
    (ApiTokenUnknown, 401), (ApiTokenLacks, 403), (RoleMayNot, 403), (OwnerOnly, 403), (MemberUnknown, 403),
    (NotFound, 404), (AskedWrongly, 422),
    (LakeBusy, 503), (StateBusy, 503), (CatalogUnreachable, 503), (DiskFull, 503),
)  # fmt: skip


class Refused(Schema):
    """Why nothing was done: ``code`` stays the same for ever, ``says`` is for people."""

    code: str
    says: str


REFUSALS = {401: Refused, 403: Refused, 404: Refused, 409: Refused, 422: Refused, 503: Refused}


class Token(HttpBearer):
    """A token of a scope, sent as ``Authorization: Bearer argosy_...``."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the user the token stands for, and let the request be theirs; whoever is signed in does not count."""
        one = held(token, self.scope)
        request.user, request.role, request.scopes = one.user, one.role, one.scopes
        return one.user


@API.exception_handler(ArgosyError)
def refused(request: HttpRequest, error: ArgosyError) -> HttpResponse:
    """Say a refusal."""
    status = next((number for kind, number in STATUS if isinstance(error, kind)), 409)
    response = API.create_response(request, {"code": error.code, "says": error.sentence(request.lang)}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@API.exception_handler(AuthenticationError)
def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that there was no token."""
    return refused(request, ApiTokenUnknown())


@API.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which value is not as described."""
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("query", "path", "body"))
    return refused(request, AskedWrongly(where=where, reason=first["msg"]))


@API.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say that the body cannot be read."""
    return refused(request, AskedWrongly(where="body", reason=str(error)))


@API.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Say that there is no such address."""
    return no_such_address(request)


@API.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that something unforeseen went wrong; the log says what."""
    known = disk_error(error, settings.WORKSPACE.folder)
    if known is not None:
        return refused(request, known)
    log.error("%s", request.path, exc_info=error)
    return API.create_response(request, {"code": "broken", "says": say("console.broken", request.lang)}, status=500)


def no_such_address(request: HttpRequest, *_: object) -> HttpResponse:
    """Return that the API has no such address."""
    told = {"code": "no_such_address", "says": say("console.no_such_address", request.lang)}
    return API.create_response(request, told, status=404)
