"""The guide in the console: found from every page, in the reader's language, under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.console.conftest import Enter


@pytest.fixture
def built(console: Path, tmp_path: Path) -> Iterator[Path]:
    """A guide of two pages."""
    from django.test import override_settings

    for lang in ("en", "zh"):
        (tmp_path / lang).mkdir()
        for name in ("index", "queue", "finding-payments.payout_short"):
            (tmp_path / lang / f"{name}.html").write_text(f"<h1>{name} {lang}</h1>", encoding="utf-8")
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    with override_settings(GUIDE=tmp_path):
        yield tmp_path


def test_every_page_leads_to_its_part_of_the_guide(enter: Enter, built: Path) -> None:
    browser = enter("operator")
    assert 'href="/guide/?about=queue"' in browser.get("/queue/").content.decode()
    assert browser.get("/guide/?about=queue")["Location"] == "/guide/en/queue.html"
    assert enter("operator", lang="zh").get("/guide/?about=queue")["Location"] == "/guide/zh/queue.html"
    asked = browser.get("/guide/?about=finding-payments.payout_short")
    assert asked["Location"] == "/guide/en/finding-payments.payout_short.html"
    for odd in ("", "search", "../../secret", "..", "https://example.com"):
        assert browser.get("/guide/", {"about": odd})["Location"] == "/guide/en/index.html"


def test_it_is_shown_under_the_policy_of_every_page(enter: Enter, built: Path) -> None:
    answer = enter("viewer").get("/guide/en/queue.html")
    assert b"".join(answer.streaming_content) == b"<h1>queue en</h1>"
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    answer.close()
    (built / "picture.webp").write_bytes(b"webp")
    picture = enter("viewer").get("/guide/picture.webp")
    assert picture["Content-Type"] == "image/webp"
    picture.close()


def test_nothing_beside_it_is_shown(enter: Enter, built: Path) -> None:
    for path in ("../secret.txt", "..%2fsecret.txt", "en/../../secret.txt", "en/", "nothing.html"):
        assert enter("owner").get(f"/guide/{path}").status_code in (400, 404), path
    assert enter().get("/guide/en/index.html").status_code == 302


def test_without_it_no_link_is_shown(enter: Enter, console: Path, tmp_path: Path) -> None:
    from django.test import override_settings

    with override_settings(GUIDE=tmp_path / "none"):
        assert "/guide/" not in enter("owner").get("/queue/").content.decode()
