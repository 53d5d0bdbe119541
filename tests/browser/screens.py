"""Every page of a running console as pictures: both languages, themes and widths; the guide shows their tops.

python -m tests.browser.screens http://127.0.0.1:8000 NAME FOLDER   # the password stands in ARGOSY_PASSWORD
"""

from __future__ import annotations

import base64
import os
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.browser.conftest import CHROMIUM, FLAGS, SIZES

PAGES = {
    "brief": "/", "queue": "/queue/", "card": "/queue/P1/", "money": "/money/", "profit": "/money/?view=profit",
    "why": "/money/why/?figure=net_sales", "promises": "/promises/", "orders": "/orders/", "products": "/products/",
    "markets": "/markets/", "data": "/data/", "imports": "/data/?tab=imports", "earned": "/earned/", "audit": "/audit/",
    "settings": "/settings/", "account": "/account/me/", "tokens": "/account/tokens/", "search": "/search/?q=a",
    "words": "/words/", "notices": "/notices/",
}  # fmt: skip


def main() -> None:
    """Sign in and take the pictures."""
    address, name, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for lang, theme, size in product(("en", "zh"), ("light", "dark"), SIZES):
            width, height = SIZES[size]
            page = chromium.new_page(viewport={"width": width, "height": height}, locale="en-GB")
            page.context.add_cookies([{"name": key, "value": value, "url": address}
                                      for key, value in (("lang", lang), ("theme", theme))])  # fmt: skip
            _enter(page, address, name)
            page.goto(address + "/orders/")
            order = str(page.locator("tbody a").first.get_attribute("href"))
            for called, path in {**PAGES, "order": order}.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{called}-{lang}-{theme}-{size}.png", full_page=True)
                if size == "wide":
                    (folder / f"{called}-{lang}-{theme}-top.webp").write_bytes(_top(page))
            page.close()
        chromium.close()


def _top(page: Page) -> bytes:
    """Return what is seen of a page at first, as WebP, a third of the size of PNG; Playwright itself writes none."""
    asked = {"format": "webp", "quality": 82}
    return base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)["data"])


def _enter(page: Page, address: str, name: str) -> None:
    page.goto(address + "/account/login/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(os.environ["ARGOSY_PASSWORD"])
    page.locator("form button.a-primary").first.click()
    page.wait_for_url(address + "/")


if __name__ == "__main__":
    main()
