"""The Shopify connector against the fake shop: what it changes, what it leaves alone, and how it says no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.connectors.conftest import TOKEN, Shop

from argosy.connectors.shopify import Shopify
from argosy.model.errors import (
    ChangeMoved,
    ChangeRefused,
    OutsideBusy,
    OutsideError,
    OutsideUnreachable,
    TokenMissing,
    TokenRefused,
)
from argosy.model.proposals import Change

PRICE = Change("price.set", "MUG", "shopify:main", {"price": "12.00", "was": "10.00", "currency": "USD"})
LEVEL = Change("inventory.set", "MUG/main", "shopify:main", {"units": "9", "was": "5"})
TAG = Change("order.tag", "shopify:main:#1001", "shopify:main", {"tag": "late parcel"})


@pytest.fixture
def shopify(shop: Shop, tmp_path: Path) -> Shopify:
    return Shopify(shop.address, tmp_path)


@pytest.mark.parametrize(
    ("change", "stands"), [(PRICE, {"was": "10.00"}), (LEVEL, {"was": "5"}), (TAG, {})], ids=["price", "level", "tag"]
)
def test_a_change_is_made_once(shop: Shop, shopify: Shopify, change: Change, stands: dict[str, str]) -> None:
    assert shopify.takes(change)
    assert shopify.current(change) == stands
    first = shopify.send(change, key="A1")
    second = shopify.send(change, key="A1")
    assert (first.again, second.again) == (False, True)
    assert first.number == second.number
    assert list(shop.effects().values()) == [1]
    assert shop.told()["agents"] == ["argosy/0.1.0"]


@pytest.mark.parametrize("change", [PRICE, LEVEL, TAG], ids=["price", "level", "tag"])
def test_a_lost_answer_leads_to_no_second_change(shop: Shop, shopify: Shopify, change: Change) -> None:
    shopify.preview(change, key="A1")
    asked = shop.told()["calls"]
    # The look-ups are answered, the change is made and its answer lost.
    shop.tell("faults", [{"fault": "lost", "share": 0.5}])
    for _ in range(20):
        try:
            shopify.send(change, key="A1")
        except OutsideUnreachable:
            continue
    assert shop.told()["calls"] > asked
    assert list(shop.effects().values()) == [1]


def test_a_level_that_was_set_and_sold_from_is_not_set_again(shop: Shop, shopify: Shopify) -> None:
    shopify.send(LEVEL, key="A1")
    shop.tell("stock", {"variants": {"MUG": ["10.00", 8]}})
    shopify.send(LEVEL, key="A1")
    assert shop.told()["variants"]["MUG"] == ["10.00", 8]


@pytest.mark.parametrize(
    "change",
    [replace(PRICE, values={**PRICE.values, "was": "11.00"}), replace(LEVEL, values={"units": "9", "was": "6"})],
    ids=["price", "level"],
)
def test_what_moved_is_left_alone(shop: Shop, shopify: Shopify, change: Change) -> None:
    with pytest.raises(ChangeMoved) as refused:
        shopify.send(change, key="A1")
    assert "argosy queue" in refused.value.sentence("en")
    assert shop.effects() == {}


@pytest.mark.parametrize(
    "change",
    [
        replace(PRICE, subject="NOTHING"),
        replace(PRICE, values={"price": "12.00", "currency": "EUR"}),
        replace(LEVEL, subject="MUG/elsewhere"),
        replace(TAG, subject="shopify:main:#9"),
    ],
)
def test_what_the_shop_does_not_have_is_refused(shop: Shop, shopify: Shopify, change: Change) -> None:
    with pytest.raises(ChangeRefused):
        shopify.send(change, key="A1")
    assert shop.effects() == {}


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"fault": "expired"}, TokenRefused, "ARGOSY_SHOPIFY_TOKEN"),
        ({"fault": "busy", "seconds": 7}, OutsideBusy, "7"),
        ({"fault": "throttled", "seconds": 4}, OutsideBusy, "4"),
        ({"fault": "broken"}, OutsideUnreachable, "HTTP 500"),
        ({"fault": "refused"}, ChangeRefused, "Price is not allowed here"),
    ],
)
def test_every_no_says_what_to_do(
    shop: Shop, shopify: Shopify, fault: dict[str, Any], error: type[OutsideError], words: str
) -> None:
    shop.tell("faults", [fault])
    with pytest.raises(error) as refused:
        shopify.send(PRICE, key="A1")
    for lang in ("en", "zh"):
        assert words in refused.value.sentence(lang)
        assert TOKEN not in refused.value.sentence(lang)
    assert shop.effects() == {}


def test_a_shop_that_is_not_there_may_be_asked_again(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(OutsideUnreachable):
        Shopify("http://127.0.0.1:1", tmp_path).send(PRICE, key="A1")


def test_the_token_stands_in_a_file_of_ones_own_and_is_never_shown(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARGOSY_SHOPIFY_TOKEN")
    far = Shopify(shop.address, tmp_path)
    file = tmp_path / "shopify.token"
    with pytest.raises(TokenMissing):
        far.current(PRICE)
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(TokenMissing) as refused:
        far.current(PRICE)
    assert "chmod 600" in str(refused.value)
    file.chmod(0o600)
    assert far.current(PRICE) == {"was": "10.00"}
    shown = far.preview(PRICE, key="A1")
    assert TOKEN not in repr(shown)
    assert "productVariantsBulkUpdate" in shown.body
    assert shop.effects() == {}


def test_no_token_leaves_this_machine_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOSY_SHOPIFY_TOKEN", TOKEN)
    with pytest.raises(ChangeRefused):
        Shopify("http://my-shop.example.com", tmp_path).current(PRICE)


def test_another_channel_is_not_its_own(shopify: Shopify) -> None:
    assert not shopify.takes(replace(PRICE, channel="amazon:main"))
    assert not shopify.takes(replace(PRICE, kind="campaign.pause"))
