"""Words: every term of the console and what it means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.console.terms import terms


def page(request: HttpRequest) -> HttpResponse:
    """List every term with what it means."""
    return render(request, "words.html", {"terms": terms()})
