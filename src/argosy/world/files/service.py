"""Reviews and messages, as the shop's tools export them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world.columns import Ints, joined, moment, picked, same, text, write_rows
from argosy.world.happened import World
from argosy.world.phrases import LANGUAGES, titles, written
from argosy.world.service import AGENT, BUYER, messages, reviews

REVIEWS = ("Review", "Channel", "Order", "SKU", "Stars", "Title", "Text", "Language", "Written at")
MESSAGES = (
    "Message", "Thread", "Channel", "Order", "Customer", "Direction", "Author", "Language", "Text", "Sent at",
)  # fmt: skip
CLOCK = "%Y-%m-%d %H:%M:%S"


def write_reviews(path: Path, world: World) -> None:
    """Write what buyers said about what came."""
    said, chance = reviews(world), world.given.draws.stream("review texts")
    article = world.lines.article[world.lines.number == 1][said.order]
    words = {"topic": said.topic, "stars": said.stars, "language": said.language}
    rows = len(said.order)
    columns = {
        "Review": joined("r", text(pa.array(np.arange(rows) + 1))),
        "Channel": same("shopify:main", rows),
        "Order": world.shop_names.take(pa.array(said.order)),
        "SKU": picked([a.sku for a in world.given.articles], article),
        "Stars": text(pa.array(said.stars)),
        "Title": titles(**words, chance=chance),
        "Text": written("review", **words, chance=chance, slots=_slots(world, article, said.order, said.days)),
        "Language": picked(LANGUAGES, said.language),
        "Written at": moment(said.at, CLOCK),
    }
    write_rows(path, columns, header=REVIEWS)


def write_messages(path: Path, world: World) -> None:
    """Write what buyers asked and agents answered."""
    sent, chance = messages(world), world.given.draws.stream("message texts")
    article = world.lines.article[world.lines.number == 1][sent.order]
    slots = _slots(world, article, sent.order, sent.days)
    asked, answered = (
        written(kind, topic=sent.topic, stars=None, language=sent.language, chance=chance, slots=slots)
        for kind in ("message", "agent")
    )
    rows, agent = len(sent.order), pa.array(sent.author == AGENT)
    columns = {
        "Message": joined("m", text(pa.array(np.arange(rows) + 1))),
        "Thread": joined("t", text(pa.array(sent.thread + 1))),
        "Channel": same("shopify:main", rows),
        "Order": world.shop_names.take(pa.array(sent.order)),
        "Customer": joined("buyer", text(pa.array(world.orders.came.buyer[sent.order])), "@example.com"),
        "Direction": picked(("in", "out"), (sent.author != BUYER).astype(np.int64)),
        "Author": picked(("customer", "agent"), sent.author),
        "Language": picked(LANGUAGES, sent.language),
        "Text": pc.if_else(agent, answered, asked),
        "Sent at": moment(sent.at, CLOCK),
    }
    write_rows(path, columns, header=MESSAGES)


def _slots(world: World, article: Ints, order: Ints, days: Ints) -> dict[str, pa.Array]:
    return {
        "article": picked([a.title.split(",")[0] for a in world.given.articles], article),
        "order": world.shop_names.take(pa.array(order)),
        "days": text(pa.array(days)),
    }
