"""Argosy: every order is money and promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argosy.flow import Business

__version__ = "0.1.0"


def open(folder: str) -> Business:
    """Return the business kept in the workspace ``folder``, ready to be asked for its books.

    Raises ``WorkspaceMissing`` when the folder is no workspace, ``WorkspaceVersion`` when another
    version of Argosy made it.
    """
    from argosy.flow import Business

    return Business.at(folder)
