"""Pages with their filters, kept under a name of one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from argosy.console.desk import only
from argosy.console.models import SavedView
from argosy.model.decisions import ROLES
from argosy.model.words import say

MOST = 50  # for each person


@require_POST
@only(*ROLES)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the address of a page under a name; the same name again means the new address."""
    name, address = request.POST.get("name", "").strip()[:80], request.POST.get("address", "")[:2000]
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    if not ours:
        return redirect("brief")
    mine = SavedView.objects.filter(owner=request.user)
    if name and (mine.filter(name=name).exists() or mine.count() < MOST):
        SavedView.objects.update_or_create(owner=request.user, name=name, defaults={"address": address})
        messages.success(request, say("console.view_kept", request.lang, name=name))
    return redirect(address)


@require_POST
@only(*ROLES)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Forget one of one's own."""
    SavedView.objects.filter(owner=request.user, pk=number).delete()
    return redirect("account")
