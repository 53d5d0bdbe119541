"""Every word that is a term is explained where it stands, in both languages, and once on a page."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from tests.console.conftest import Enter

from argosy.console.terms import term_of, terms
from argosy.model.words import say, subject
from argosy.views import VIEWS, Asked

PAGES = (
    "/", "/queue/", "/money/", "/money/why/?figure=net_sales", "/promises/", "/promises/?by=carrier", "/orders/",
    "/products/", "/markets/", "/markets/DE/", "/data/", "/data/?tab=imports", "/data/?tab=gaps", "/data/?tab=coverage",
    "/earned/", "/audit/", "/settings/", "/account/me/", "/account/tokens/",
    *(f"/money/?view={view}" for view in ("profit", "balances", "receivables", "cash", "findings", "variance",
                                          "restatements", "coverage", "entries")),
)  # fmt: skip
# Words that explain themselves.
PLAIN = (
    "columns.amount", "columns.at", "columns.carrier", "columns.came", "columns.week", "columns.month", "columns.day",
    "columns.order", "columns.period", "columns.went", "columns.orders", "columns.kind", "columns.subject",
    "columns.count", "columns.name", "columns.rows", "columns.state", "columns.order_id", "columns.order_name",
    "columns.line_no", "columns.line", "columns.party", "columns.made_at", "columns.notes", "columns.imported_at",
    "columns.partner", "columns.placed_at", "columns.posted_at", "columns.title", "columns.sku", "console.orders",
    "console.title", "console.each", "console.way", "console.what_would_tell", "console.what_became_of_it",
    "console.set_folder", "console.begin_name",
    "console.set_home", "console.set_outside", "console.since", "console.surer_with",
    "console.tracking_no", "console.carrier", "console.asked_for", "console.order_why", "console.given_back_at",
    "console.sent_on", "console.order_bills", "console.token_name", "console.token_of", "console.token_may",
    "console.token_until", "console.token_revoke", "console.token_used",
    "loop.role_owner", "loop.role_operator", "loop.role_finance",
    "loop.role_viewer",
)  # fmt: skip


class Labels(HTMLParser):
    """The heads of columns and rows, the names of figures and of facts, each with whether it is explained."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._in, self._text, self._explained, self._means = "", "", False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if not self._in and (tag in ("th", "dt") or "a-label" in (told.get("class") or "").split()):
            self._in, self._text, self._explained = tag, "", False
        elif self._in:
            self._explained |= "popovertarget" in told
            self._means |= "popover" in told

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self.found.append((self._text.strip(" ▲▼?"), self._explained))
            self._in = ""
        self._means = self._means and tag != "span"

    def handle_data(self, data: str) -> None:
        if self._in and not self._means:
            self._text += data


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_every_head_and_label_is_a_term_or_explains_itself(enter: Enter, path: str, lang: str) -> None:
    browser = enter("owner", lang=lang)
    page = browser.get(path)
    if path == "/orders/":
        some = re.search(r'href="(/orders/[^"?]+/)"', page.content.decode())
        assert some
        page = browser.get(some.group(1))
    assert page.status_code == 200
    labels = Labels()
    labels.feed(page.content.decode())
    plain = {say(key, lang) for key in PLAIN}
    assert [text for text, explained in labels.found if text and not explained and text not in plain] == []


@pytest.mark.parametrize("path", PAGES)
def test_what_a_term_means_stands_once_on_a_page(enter: Enter, path: str) -> None:
    page = enter("owner").get(path).content.decode()
    means = Counter(re.findall(r'id="(term-\w+)" popover', page))
    assert set(re.findall(r'popovertarget="(term-\w+)"', page)) == set(means)
    assert set(means.values()) <= {1}


def test_every_column_of_every_view_is_a_term_or_explains_itself(enter: Enter, console: object) -> None:
    from argosy.console.desk import pool

    with pool().business() as business:
        columns = {f"columns.{name}" for view in VIEWS.values() for name in view.table(business, Asked()).columns}
    assert {key for key in columns if term_of(key) is None} - set(PLAIN) == set()


def test_plain_words_are_no_terms_and_every_term_has_a_name() -> None:
    assert [key for key in PLAIN if term_of(key)] == []
    assert {f"{name}.name" for name in terms()} == set(subject("terms")) - set(terms())


def test_the_page_of_words_lists_every_term(enter: Enter) -> None:
    for lang in ("en", "zh"):
        page = enter("viewer", lang=lang).get("/words/").content.decode()
        assert page.count("<dt>") == len(terms())
        assert say("terms.cm3", lang) in page
