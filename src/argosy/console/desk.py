"""Who asks, as whom, in which language: what every page of the console needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from argosy.console.pages.guide import is_built
from argosy.console.pool import Pool
from argosy.decisions import load
from argosy.decisions.records import OPEN
from argosy.decisions.state import State
from argosy.lake.settings import Settings, current_settings
from argosy.model.decisions import FINANCE, OPERATOR, OWNER, ROLES, VIEWER

View = Callable[..., HttpResponse]
MONEY = (OWNER, FINANCE, VIEWER)  # who sees what was earned; who runs the shop sees what to do
ACTORS = (OWNER, OPERATOR, FINANCE)


@cache
def pool() -> Pool:
    """Return the businesses of this process."""
    return Pool(settings.WORKSPACE.folder)


@cache
def state() -> State:
    """Return the state store of this process."""
    return State(settings.WORKSPACE)


def held() -> Settings:
    """Return the settings of the business as they stand now."""
    return current_settings(settings.SETTINGS)


def who(request: HttpRequest) -> str:
    """Return the name of who asks, or of who the token stands for."""
    return str(request.user.get_username())


def role_of(request: HttpRequest) -> str:
    """Return the role of who asks: owner, operator, finance or viewer; empty: none."""
    return role_named(who(request)) if request.user.is_authenticated else ""


def role_named(name: str) -> str:
    """Return the role of somebody; empty: none."""
    with state().read() as connection:
        return load.role(connection, name)


def only(*roles: str) -> Callable[[View], View]:
    """Let only people of these roles see a page or do what it does."""

    def guarded(view: View) -> View:
        @wraps(view)
        def told(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            if request.role not in roles:
                raise PermissionDenied
            return view(request, *args, **values)

        return told

    return guarded


# The pages in the order of the menu: name of the address, icon, who sees it.
PAGES = (
    ("brief", "sun", ROLES),
    ("queue", "checks", ROLES),
    ("money", "coins", MONEY),
    ("promises", "clock-check", ROLES),
    ("orders", "package", ROLES),
    ("products", "tags", MONEY),
    ("markets", "map-pin", MONEY),
    ("data", "database-import", ROLES),
    ("earned", "robot", MONEY),
    ("audit", "list-check", (OWNER, FINANCE, VIEWER)),
    ("settings", "settings", (OWNER,)),
)


def shown(request: HttpRequest) -> dict[str, Any]:
    """Return what every template knows: language, theme, role, menu, how many cards wait."""
    role = getattr(request, "role", "")
    if role and not request.user.is_authenticated:
        role = ""  # who has just set a new password is signed out: what is left of the answer is a stranger's
    match = request.resolver_match
    told = {
        "lang": getattr(request, "lang", "en"), "theme": getattr(request, "theme", "light"), "role": role,
        "book_currency": held().book_currency, "business": held().name or settings.WORKSPACE.folder.name,
        "here": match.view_name.partition("-")[0] if match else "",
    }  # fmt: skip
    if role:
        with state().read() as connection:
            waiting, freezes = load.count(connection, state=OPEN), load.freezes(connection)
        told |= {
            "menu": [(name, icon) for name, icon, seers in PAGES if role in seers], "waiting": waiting,
            "acts": role in ACTORS, "sees_money": role in MONEY, "freezes": freezes,
            "saved": request.user.savedview_set.order_by("name"), "guide": is_built(),
        }  # fmt: skip
    return told
