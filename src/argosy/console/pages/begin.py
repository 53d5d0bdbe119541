"""The first page of a new business: where it sits, in what it counts, what it is called."""

from __future__ import annotations

from babel import Locale
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from argosy.console.desk import held, only, state, who
from argosy.console.pages.preferences import remember
from argosy.decisions import rules
from argosy.flow import now
from argosy.lake.settings import ASKED
from argosy.model.countries import countries, currencies, currency_of, home_of
from argosy.model.decisions import OWNER
from argosy.model.words import LOCALES


@only(OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """Ask, with what browser and machine point to filled in; with POST, write it down and go on to the first files."""
    if not held().guessed:
        return redirect("brief")
    if request.method == "POST":
        return _answered(request)
    browser = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0]
    home = request.GET.get("home") or home_of(browser) or held().home
    names = Locale.parse(LOCALES[request.lang])
    called = [(code, names.territories.get(code, code)) for code in countries()]
    return render(request, "begin.html", {
        "home": home, "currency": currency_of(home), "name": held().name or settings.WORKSPACE.folder.name,
        "countries": sorted(called, key=lambda one: str(one[1])),
        "currencies": [(code, names.currencies.get(code, code)) for code in currencies()],
    })  # fmt: skip


def _answered(request: HttpRequest) -> HttpResponse:
    answers = {key: request.POST.get(key, "").strip()[:80] for key in ASKED}
    if answers["home"] not in countries() or answers["book_currency"] not in currencies():
        raise Http404
    rules.answer_settings(state(), answers, who=who(request), at=now())
    return remember(request, redirect("data"), {"lang": answers["language"]})
