"""The guide as people see it: accessible in both languages, themes and widths, and searchable."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from docs.guide.build import build
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES

SEEN = ("index", "queue", "findings", "finding-stock.running_out", "format-shopify_orders")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files under the strictest policy, as the console does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the guide answers."""
    to: Path = tmp_path_factory.mktemp("guide") / "built"
    build(to)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(to))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_are_accessible_and_fit(browser: Browser, guide: str, lang: str, size: str) -> None:
    width, height = SIZES[size]
    theme: Literal["light", "dark"] = "light" if lang == "en" else "dark"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    for name in SEEN:
        page.goto(f"{guide}/{lang}/{name}.html")
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.close()
    assert not wrong


def test_it_is_searched_in_both_languages(browser: Browser, guide: str) -> None:
    page = browser.new_page()
    for lang, words, best in (("en", "cost sheet", "Cost sheet"), ("zh", "成本表", "成本表")):
        page.goto(f"{guide}/{lang}/index.html")
        page.get_by_role("searchbox").fill(words)
        page.locator(".g-found a").first.wait_for()
        assert page.locator(".g-found a").first.inner_text().startswith(best)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{guide}/{lang}/format-costs.html*")
    page.close()
