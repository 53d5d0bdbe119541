"""What cannot be shown, said in the reader's language with what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from argosy.console.guard import refusal


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the page is for other roles."""
    return _said(request, "not_allowed", 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old to be believed."""
    return _said(request, "stale_form", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page."""
    return _said(request, "not_found", 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that somebody tried too often."""
    return _said(request, "too_many", 429)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something unforeseen went wrong."""
    return _said(request, "broken", 500)


def _said(request: HttpRequest, key: str, status: int) -> HttpResponse:
    return refusal(request, {"key": key}, status=status)
