"""The main ways through the console, in a real browser against a real server with its worker."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from tests.browser.conftest import PASSWORD, Opened, Served

PAGES = (
    "/", "/queue/", "/queue/P1/", "/money/", "/money/?view=profit", "/money/why/?figure=net_sales", "/promises/",
    "/orders/", "/products/", "/markets/", "/data/", "/data/?tab=imports", "/earned/", "/audit/", "/settings/",
    "/account/me/", "/account/tokens/", "/search/?q=a", "/words/", "/notices/",
)  # fmt: skip
ONE_ORDER = "one order"


def test_the_link_lets_in_once_and_a_wrong_password_never(browser: Browser, served: Served, signed: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.goto(served.link)
    expect(page.get_by_text("This link was used")).to_be_visible()
    page.goto(served.address)
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD + "!")
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    assert "/account/login/" in page.url
    page.close()


def test_a_figure_of_the_brief_opens_down_to_its_source_row(opened: Opened) -> None:
    page = opened("/?days=90")
    page.get_by_role("link", name="Net sales").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Net sales")
    expect(page.locator("details[open] pre").first).to_be_visible()


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_money_shows_its_bridge_on_every_width(opened: Opened, size: str) -> None:
    page = opened("/money/?days=90", size=size)
    expect(page.get_by_role("heading", name="From sales to profit")).to_be_visible()
    expect(page.get_by_role("row", name="Gross sales")).to_be_visible()


def test_an_approved_card_is_carried_out_while_one_looks_on(opened: Opened, served: Served) -> None:
    page = opened("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/queue/P\d+/"))
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".a-state-done")).to_be_visible(timeout=60_000)
    assert any((served.folder / "outbox").iterdir())


def test_files_are_dropped_in_and_read_while_one_looks_on(opened: Opened, served: Served) -> None:
    page = opened("/data/")
    page.locator("input[type=file]").first.set_input_files(sorted(served.exports.iterdir())[:2])
    expect(page.get_by_text("read before").first).to_be_visible(timeout=90_000)


def test_language_and_theme_are_switched_and_remembered(opened: Opened) -> None:
    page = opened("/queue/", size="narrow")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待审批")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("待审批")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_term_is_explained_by_mouse_key_and_click(opened: Opened) -> None:
    page = opened("/")
    cm3, means = page.get_by_role("button", name="CM3", exact=False).first, page.locator("#term-cm3")
    expect(means).to_be_hidden()
    cm3.hover()
    expect(means).to_be_visible()
    cm3.click()  # and it stays
    page.mouse.move(5, 5)
    page.wait_for_timeout(600)
    expect(means).to_be_visible()
    page.keyboard.press("Escape")
    expect(means).to_be_hidden()
    cm3.focus()
    page.keyboard.press("Enter")
    expect(means).to_contain_text("what remains")
    at, there = cm3.bounding_box(), means.bounding_box()
    assert at and there and abs(there["y"] - at["y"]) < 250
    assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize("path", [*PAGES, ONE_ORDER])
@pytest.mark.parametrize(("size", "theme", "lang"), [("wide", "light", "en"), ("narrow", "dark", "zh")])
def test_every_page_can_be_used_by_everybody(opened: Opened, path: str, size: str, theme: str, lang: str) -> None:
    page = opened(path.removesuffix(ONE_ORDER) or "/orders/", size=size, theme=theme, lang=lang)
    if path == ONE_ORDER:
        page.locator("tbody a").first.click()
        page.wait_for_url(re.compile(r"/orders/.+/"))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
