"""The console as a server runs it: pages in threads, each with a business of its own; streams beside them."""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from argosy.console.limits import limited
from argosy.console.live import live

THREADS = 12

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "argosy.console.settings")
application = limited(live(WSGIMiddleware(get_wsgi_application(), workers=THREADS)))
