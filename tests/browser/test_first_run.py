"""From an empty folder to the first brief, by the real command and a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.browser.conftest import PASSWORD, free_port, running

GOLDEN = Path(__file__).parents[1] / "intake" / "golden"
EXPORTS = (
    "etsy_sold_orders/EtsySoldOrders2026.csv", "etsy_sold_order_items/EtsySoldOrderItems2026.csv",
    "etsy_statement/etsy_statement_2026_9.csv",
)  # fmt: skip


def test_an_empty_folder_becomes_a_business_with_its_first_brief(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "new", port) as said:
        assert "new business" in said
        link = re.search(r"/welcome/\S+", said)
        assert link, said
        address = f"http://127.0.0.1:{port}"
        page = browser.new_page(locale="de-DE")
        page.goto(address + link.group())
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Enter").click()
        page.wait_for_url(address + "/begin/")
        expect(page.get_by_label("Country")).to_have_value("DE")
        currency = page.get_by_label("Currency of the books")
        expect(currency).to_have_value("EUR")
        page.get_by_label("Country").select_option("CN")
        expect(currency).to_have_value("CNY")
        page.get_by_label("What it is called").fill("Harbour & Sons")
        page.get_by_role("button", name="On to the first files").click()
        page.wait_for_url(address + "/data/")
        page.locator("input[type=file]").first.set_input_files([GOLDEN / name for name in EXPORTS])
        page.wait_for_url(address + "/", timeout=180_000)
        expect(page.get_by_role("heading", level=1)).to_have_text("Morning brief")
        expect(page.get_by_text("CNY").first).to_be_visible()
        expect(page).to_have_title(re.compile("Harbour & Sons"))
        page.goto(address + "/begin/")
        page.wait_for_url(address + "/")
        page.close()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("sea", encoding="utf-8")
    command = [sys.executable, "-m", "argosy", "serve", "-C", str(tmp_path), "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=False)
    assert done.returncode == 1
    assert "other files" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]
