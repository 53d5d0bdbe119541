"""The guide, where it was built: plain files, under the same policy as every page."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.static import serve


def begin(request: HttpRequest) -> HttpResponseBase:
    """Lead to the part about a page (``?about=queue``), or to the beginning, in the reader's language."""
    about = request.GET.get("about", "")
    known = re.fullmatch(r"[\w-][\w.-]*", about) and (settings.GUIDE / request.lang / f"{about}.html").is_file()
    return redirect("guide-page", path=f"{request.lang}/{about if known else 'index'}.html")


def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Show a file of it; browsers ask each time whether it has changed."""
    response = serve(request, path, document_root=settings.GUIDE)
    response["Cache-Control"] = "private, no-cache"
    if path.endswith(".webp"):  # which Python knows by itself from 3.13 on only
        response["Content-Type"] = "image/webp"
    return response


def is_built() -> bool:
    """Return whether there is a guide: a checkout has one after ``make guide``."""
    return (settings.GUIDE / "en" / "index.html").is_file()
