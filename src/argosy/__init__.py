"""Argosy: every order is money and promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argosy.model.version import VERSION as __version__

if TYPE_CHECKING:
    from argosy.business import Business

__all__ = ["__version__", "open"]


def open(folder: str) -> Business:
    """Return the business kept in the workspace ``folder``, ready to be asked for its books.

    Raises ``WorkspaceMissing`` when the folder is no workspace, ``WorkspaceVersion`` when another
    version of Argosy made it.
    """
    from argosy.business import Business

    return Business.at(folder)
