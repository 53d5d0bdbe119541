"""The console as a server runs it: pages in threads, each with a business of its own."""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from argosy.console.limits import limited

THREADS = 12

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "argosy.console.settings")
application = limited(WSGIMiddleware(get_wsgi_application(), workers=THREADS))
