"""A Shopify shop: sets prices and stock levels and tags orders through its Admin GraphQL interface.

Of the three only stock levels know a key (``@idempotent``, asked for since 2026-04, with the quantity that must stand
there before). A price or a tag is the same set once or twice, so each is looked at first: what stands there already is
not sent again, what is not what the change replaces is left alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from argosy.connectors.calls import LOCAL, MOST_SHOWN, PATIENCE, Far
from argosy.connectors.tokens import DOTS, place_of, token_of
from argosy.model.actions import IDENTITY, Receipt, Request
from argosy.model.errors import ChangeMoved, ChangeRefused, OutsideBusy, TokenRefused
from argosy.model.proposals import Change

API = "2026-07"  # a version is served for a year; https://shopify.dev/docs/api/usage/versioning
HEADER = "X-Shopify-Access-Token"
VARIANT = """query variant($query: String!) {
  shop { currencyCode }
  productVariants(first: 3, query: $query) { nodes { id sku price product { id } inventoryItem { id } } }
}"""
SET_PRICE = """mutation setPrice($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) {
    productVariants { id price } userErrors { field message }
  }
}"""
LOCATIONS = "query locations { locations(first: 250) { nodes { id name } } }"
LEVEL = """query level($item: ID!, $location: ID!) {
  inventoryItem(id: $item) { inventoryLevel(locationId: $location) {
    quantities(names: ["available"]) { name quantity }
  } }
}"""
SET_LEVEL = """mutation setLevel($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id } userErrors { code field message }
  }
}"""
ORDER = "query order($query: String!) { orders(first: 3, query: $query) { nodes { id name tags } } }"
TAG = """mutation tag($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}"""
Found = Mapping[str, Any]


@dataclass(frozen=True)
class Shopify:
    """One shop. address: ``my-shop.myshopify.com``. account: the account of the books it is; changes of another
    channel are not its own."""

    address: str
    folder: Path
    account: str = "shopify:main"
    name: str = "shopify"

    def takes(self, change: Change) -> bool:
        """Return whether it is a price, a stock level or a tag of this shop."""
        return change.kind in ("price.set", "inventory.set", "order.tag") and change.channel in ("", self.account)

    def preview(self, change: Change, *, key: str) -> Request:
        """Return the mutation that would be sent; the shop is asked for its own numbers, nothing is changed."""
        query, variables = self._mutation(change, self._found(change), key)
        headers = {"User-Agent": IDENTITY, HEADER: DOTS}
        body = json.dumps({"query": query, "variables": variables}, ensure_ascii=False, indent=2)
        return Request(self.name, "POST", self._endpoint(), headers, body)

    def current(self, change: Change) -> Mapping[str, str]:
        """Return the price or the level that stands there, as ``was``; an order has its tag or not."""
        found = self._found(change)
        return {} if change.kind == "order.tag" else {"was": found["stands"]}

    def send(self, change: Change, *, key: str) -> Receipt:
        """Make the change, unless it stands there already."""
        found = self._found(change)
        if _same(found["stands"], found["wanted"]):
            return Receipt(self.name, found["number"], datetime.now(UTC), found["stands"], again=True)
        was = change.values.get("was")
        # A level is compared by the shop itself, which knows the key: one we set and sold from since is not moved.
        if was is not None and change.kind == "price.set" and not _same(found["stands"], was):
            raise ChangeMoved(connector=self.name, subject=change.subject, found=found["stands"], was=was)
        query, variables = self._mutation(change, found, key)
        self._ask(query, variables, change)
        return Receipt(self.name, found["number"], datetime.now(UTC), f"{found['stands']} → {found['wanted']}")

    def _found(self, change: Change) -> Found:
        """Return the shop's number of what is changed, what ``stands`` there and what is ``wanted``."""
        if change.kind == "price.set":
            return self._price(change)
        if change.kind == "inventory.set":
            return self._level(change)
        name = change.subject.removeprefix(f"{self.account}:")
        orders = self._ask(ORDER, {"query": f"name:{_quoted(name)}"}, change)["orders"]["nodes"]
        order = self._one([node for node in orders if node["name"] == name], name)
        tag = change.values["tag"]
        return {"number": order["id"], "stands": tag if tag in order["tags"] else "", "wanted": tag}

    def _price(self, change: Change) -> Found:
        variant, currency = self._variant(change.subject, change)
        if (wanted := change.values.get("currency", currency)) != currency:
            raise ChangeRefused(connector=self.name, words=f"{currency} ≠ {wanted}")
        told = {"product": variant["product"]["id"], "stands": variant["price"], "wanted": change.values["price"]}
        return {"number": variant["id"], **told}

    def _level(self, change: Change) -> Found:
        sku, _, warehouse = change.subject.partition("/")
        variant, _ = self._variant(sku, change)
        item = variant["inventoryItem"]["id"]
        places = self._ask(LOCATIONS, {}, change)["locations"]["nodes"]
        named = [node for node in places if warehouse in (node["name"], node["id"], node["id"].rpartition("/")[2])]
        place = self._one(named, warehouse)["id"]
        level = self._ask(LEVEL, {"item": item, "location": place}, change)["inventoryItem"]["inventoryLevel"]
        if level is None:
            raise ChangeRefused(connector=self.name, words=f"{sku}: 0 × {warehouse}")
        stands = str(level["quantities"][0]["quantity"])
        return {"number": item, "place": place, "stands": stands, "wanted": change.values["units"]}

    def _variant(self, sku: str, change: Change) -> tuple[Found, str]:
        told = self._ask(VARIANT, {"query": f"sku:{_quoted(sku)}"}, change)
        # The search knows no exact match.
        variants = [node for node in told["productVariants"]["nodes"] if node["sku"] == sku]
        return self._one(variants, sku), told["shop"]["currencyCode"]

    def _one(self, nodes: list[dict[str, Any]], name: str) -> dict[str, Any]:
        if len(nodes) != 1:
            raise ChangeRefused(connector=self.name, words=f"{len(nodes)} × {name}")
        return nodes[0]

    def _mutation(self, change: Change, found: Found, key: str) -> tuple[str, dict[str, Any]]:
        if change.kind == "price.set":
            variants = [{"id": found["number"], "price": found["wanted"]}]
            return SET_PRICE, {"productId": found["product"], "variants": variants}
        if change.kind == "order.tag":
            return TAG, {"id": found["number"], "tags": [found["wanted"]]}
        quantity = {
            "inventoryItemId": found["number"],
            "locationId": found["place"],
            "quantity": int(found["wanted"]),
            "changeFromQuantity": int(change.values.get("was", found["stands"])),
        }
        told = {"name": "available", "reason": "correction", "quantities": [quantity]}
        told["referenceDocumentUri"] = f"argosy://action/{key}"
        return SET_LEVEL, {"input": told, "key": str(uuid.uuid5(uuid.NAMESPACE_URL, key))}

    def _ask(self, query: str, variables: Mapping[str, Any], change: Change) -> dict[str, Any]:
        place = place_of(self.name, self.folder)
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = Far(self.name, place).post(self._endpoint(), body, {HEADER: token_of(self.name, self.folder)})
        try:
            told = answer.json()
            if errors := told.get("errors"):
                raise self._refusal(errors, told, place)
            data: dict[str, Any] = told["data"]
        except (ValueError, KeyError, AttributeError) as error:
            raise ChangeRefused(connector=self.name, words=answer.text[:MOST_SHOWN]) from error
        for part in data.values():
            if isinstance(part, dict) and (wrong := part.get("userErrors")):
                raise self._user_error(wrong, change)
        return data

    def _user_error(self, wrong: list[dict[str, Any]], change: Change) -> ChangeMoved | ChangeRefused:
        words = "; ".join(str(error.get("message")) for error in wrong)[:MOST_SHOWN]
        if any(error.get("code") == "CHANGE_FROM_QUANTITY_STALE" for error in wrong):
            was = change.values.get("was", "—")
            return ChangeMoved(connector=self.name, subject=change.subject, found=words, was=was)
        return ChangeRefused(connector=self.name, words=words)

    def _refusal(self, errors: Any, told: Mapping[str, Any], place: str) -> Exception:
        listed: list[dict[str, Any]] = errors if isinstance(errors, list) else [{"message": str(errors)}]
        codes = {error.get("extensions", {}).get("code") for error in listed}
        if "THROTTLED" in codes:
            return OutsideBusy(connector=self.name, seconds=_cost_seconds(told))
        if "UNAUTHENTICATED" in codes:
            return TokenRefused(connector=self.name, where=place)
        return ChangeRefused(connector=self.name, words="; ".join(str(e.get("message")) for e in listed)[:MOST_SHOWN])

    def _endpoint(self) -> str:
        plain = self.address.removeprefix("http://")
        if plain != self.address and urlsplit(self.address).hostname not in LOCAL:
            raise ChangeRefused(connector=self.name, words=f"{self.address}: https://")
        start = self.address if "://" in self.address else f"https://{self.address}"
        return f"{start.rstrip('/')}/admin/api/{API}/graphql.json"


def _cost_seconds(told: Mapping[str, Any]) -> float:
    """Return how long until the shop has the points the query costs, as it says itself."""
    cost = told.get("extensions", {}).get("cost", {})
    status = cost.get("throttleStatus", {})
    rate = status.get("restoreRate")
    if not rate:
        return PATIENCE
    return max(1.0, float((cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)) / rate))


def _same(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return one == other


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
