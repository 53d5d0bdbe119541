"""Settings: the business, what is frozen, the rules for each kind of change, and who may do what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from argosy.business import Business
from argosy.console import people
from argosy.console.desk import only, pool, state, who
from argosy.console.pages import notices
from argosy.decisions import load, members, rules
from argosy.flow import now
from argosy.lake.settings import CHANGEABLE, current_settings
from argosy.lake.store import facts
from argosy.model.decisions import LEVELS, OWNER, ROLES, Policy
from argosy.model.proposals import ACTS
from argosy.model.words import say


@only(OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """Show all that can be set."""
    return _shown(request)


@require_POST
@only(OWNER)
def change(request: HttpRequest, what: str) -> HttpResponse:
    """Do one thing of those below and show the page again; a new link is shown once, on the answer itself."""
    if what not in CHANGES:
        raise Http404
    told = CHANGES[what](request)
    if isinstance(told, dict):
        return _shown(request, **told)
    messages.success(request, say("console.set_saved", request.lang))
    response = redirect("settings")
    response["Location"] += f"#{told}"
    return response


def _shown(request: HttpRequest, **more: Any) -> HttpResponse:
    held = current_settings(settings.WORKSPACE.folder / "settings.toml")
    with state().read() as connection:
        policies = [load.policy(connection, kind, book_currency=held.book_currency) for kind in ACTS]
        everybody, set_by_hand = load.members(connection), load.policies(connection)
        waiting = {card.kept.change.channel for card in load.cards(connection)}
    signing_in = {user.username: user for user in get_user_model().objects.all()}
    return render(request, "settings.html", {
        "held": held, "folder": settings.WORKSPACE.folder.name,
        "policies": policies, "by_hand": set_by_hand, "levels": LEVELS, "roles": ROLES,
        "people": [(one, signing_in.get(one.name)) for one in everybody], "invitations": people.invited(),
        "channels": sorted(filter(None, waiting | set(pool().remembered(("channels",), _channels)))),
        **notices.shown(request), **more,
    })  # fmt: skip


def _channels(business: Business) -> list[str]:
    named = facts(business.lake, "channels").select("channel_id").distinct()
    return [row["channel_id"] for row in business.lake.rows(named)]


def _business(request: HttpRequest) -> str:
    given = {key: request.POST[key].strip() for key in CHANGEABLE if key in request.POST}
    rules.set_settings(state(), given, who=who(request), at=now())
    return "business"


def _rule(request: HttpRequest) -> str:
    given = request.POST
    kind, level = given.get("kind", ""), given.get("level", "")
    if kind not in ACTS or level not in LEVELS:
        raise Http404
    limits: dict[str, Any] = {
        "most_amount": rules.limit_of(given.get("most_amount", "")),
        "most_percent": rules.limit_of(given.get("most_percent", "")),
        "most_a_day": rules.limit_of(given.get("most_a_day", ""), whole=True),
    }
    rules.set_policy(state(), Policy(kind, level, **limits), who=who(request), at=now())
    return "rules"


def _freeze(request: HttpRequest) -> str:
    channel, reason = (request.POST.get(name, "").strip()[:300] for name in ("channel", "reason"))
    rules.freeze(state(), channel, reason=reason, who=who(request), at=now())
    return "freeze"


def _unfreeze(request: HttpRequest) -> str:
    rules.unfreeze(state(), request.POST.get("channel", ""), who=who(request), at=now())
    return "freeze"


def _role(request: HttpRequest) -> str:
    with state().read() as connection:
        known = {one.name for one in load.members(connection)}
    name = request.POST.get("name", "")
    if name not in known:
        raise Http404
    members.set_member(state(), name, _asked_role(request), who=who(request), at=now())
    return "people"


def _out(request: HttpRequest) -> str:
    people.remove(request.POST.get("name", ""), by=who(request))
    return "people"


def _invite(request: HttpRequest) -> dict[str, str]:
    role = _asked_role(request)
    path = people.invite(role, by=who(request))
    return {"link": request.build_absolute_uri(path), "link_role": role}


def _withdraw(request: HttpRequest) -> str:
    number = request.POST.get("invitation", "")
    people.withdraw(int(number) if number.isdigit() else 0, by=who(request))
    return "people"


def _link(request: HttpRequest) -> dict[str, str]:
    name = request.POST.get("name", "")
    path = people.new_link(name, by=who(request), bare=request.POST.get("bare") == "on")
    if path is None:
        raise Http404
    return {"link": request.build_absolute_uri(path), "link_name": name}


def _asked_role(request: HttpRequest) -> str:
    role = request.POST.get("role", "")
    if role not in ROLES:
        raise Http404
    return str(role)


# Each returns the part of the page to show, or, for a link that is shown once, what the page is shown with.
CHANGES: Mapping[str, Callable[[HttpRequest], str | dict[str, str]]] = {
    "business": _business, "rule": _rule, "freeze": _freeze, "unfreeze": _unfreeze, "role": _role, "out": _out,
    "invite": _invite, "withdraw": _withdraw, "link": _link,
}  # fmt: skip
