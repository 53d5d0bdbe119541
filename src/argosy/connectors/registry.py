"""Which connector makes a change, as the workspace's settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from argosy.connectors.mail import Mail
from argosy.connectors.outbox import Outbox
from argosy.connectors.shopify import Shopify
from argosy.connectors.webhook import Webhook
from argosy.lake.settings import Outside
from argosy.lake.workspace import Workspace
from argosy.model.actions import Connector
from argosy.model.proposals import Change


def connectors_of(workspace: Workspace) -> tuple[Connector, ...]:
    """Return the connectors of a workspace in the order they are asked in; what none takes, the outbox does."""
    outside, folder = workspace.settings.outside, workspace.folder
    return tuple(MAKE[name](outside, folder) for name in (*outside.use, "outbox"))


def connector_for(change: Change, connectors: Sequence[Connector]) -> Connector:
    """Return the first connector that takes a change; the last takes all."""
    return next(one for one in connectors if one.takes(change))


def may_be_private(outside: Outside, address: str) -> bool:
    """Return whether the settings let the host of an address be in one's own network."""
    of_changes = outside.private and address == outside.webhook
    return of_changes or (urlsplit(address).hostname or "") in outside.private_hosts


def _world(outside: Outside, folder: Path) -> Connector:
    # A world is no light import, and few have one.
    from argosy.connectors.in_world import InWorld  # noqa: PLC0415

    return InWorld((folder / outside.world).resolve())


MAKE: Mapping[str, Callable[[Outside, Path], Connector]] = {
    "outbox": lambda outside, folder: Outbox(folder / "outbox"),
    "shopify": lambda outside, folder: Shopify(outside.shopify, folder, outside.shopify_account),
    "webhook": lambda outside, folder: Webhook(outside.webhook, folder, may_be_private(outside, outside.webhook)),
    "email": lambda outside, folder: Mail(outside.email, outside.email_from, outside.email_to, folder),
    "world": _world,
}
