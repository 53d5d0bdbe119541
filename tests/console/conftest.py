"""A small business with its console, made once for each test process, and browsers signed in to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

FILES = (
    "orders_export.csv", "costs.csv", "payment_transactions_export.csv", "parcels.csv", "tracking_events.csv",
    "settlement-de-001.txt", "all-orders-de.txt", "bank.csv",
)  # fmt: skip
PASSWORD = "sea shanty eleven"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three months of a simulated seller's files in it."""
    from argosy import flow
    from argosy.business import Business
    from argosy.world.plan import Plan
    from argosy.world.simulate import simulate

    folder = tmp_path_factory.mktemp("console")
    simulate(Plan(7, 3, 300), folder / "world")
    (folder / "exports").mkdir()
    for name in FILES:
        shutil.copy(folder / "world" / "exports" / name, folder / "exports")
    flow.begin(folder / "shop", home="CN", book_currency="CNY")
    with closing(Business.at(folder / "shop")) as business:
        business.import_files(str(folder / "exports"))
    return folder / "shop"


@pytest.fixture(scope="session")
def console(shop: Path) -> Iterator[Path]:
    """The console over the shop, ready to answer in this process."""
    os.environ.pop("ARGOSY_DATABASE_URL", None)
    from argosy.console.serve import prepare

    prepare(shop)
    from argosy.console.desk import pool, state

    yield shop
    pool().close()
    state().close()


Enter = Callable[..., Any]


@pytest.fixture
def enter(console: Path) -> Enter:
    """Return a way to get a browser of somebody: by role, signed in; without one, a stranger's."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from argosy.console.desk import state
    from argosy.decisions.members import appoint
    from argosy.flow import now

    def entered(role: str = "", *, lang: str = "en", name: str = "") -> Client:
        browser = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": lang})
        if role:
            name = name or role
            user = get_user_model().objects.filter(username=name).first()
            if user is None:
                user = get_user_model().objects.create_user(name, password=PASSWORD)
                appoint(state(), name, role, by="test", at=now())
            browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return entered
