"""What visitors and buyers do and say: visits, reviews and messages, as plain sheets tell them."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact
from argosy.intake.formats import Format
from argosy.intake.sheets import account_named, meaning, order_named, sorted_out

# With the names Google Analytics 4 gives its events.
EVENTS = {
    "view": ("page_view", "view_item", "浏览"),
    "cart": ("add_to_cart", "加购"),
    "checkout": ("begin_checkout", "结账"),
    "purchase": ("购买",),
}
DIRECTIONS = {
    "in": ("inbound", "incoming", "received", "收到"),
    "out": ("outbound", "outgoing", "sent", "发出"),
}
AUTHORS = {
    "customer": ("buyer", "client", "买家", "客户"),
    "agent": ("seller", "staff", "human", "客服", "卖家"),
    "bot": ("auto", "automatic", "system", "机器人", "自动回复"),
}


def touchpoints_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return touchpoints; events that lead to no sale, such as scrolling, are no data."""
    good, refused = sorted_out(rows.mutate(meant=meaning(rows.event, EVENTS)))
    wanted = good.filter(good.meant.notnull())
    touchpoints = fact(
        wanted,
        visitor_key=wanted.customer_key,
        session_id=origin.key(wanted.session),
        at=wanted.at,
        traffic_source=wanted.source,
        medium=wanted.medium,
        campaign=wanted.campaign,
        country=wanted.country,
        event=wanted.meant,
        sku=wanted.sku,
        channel_id=account_named(wanted.channel),
        order_id=order_named(wanted.channel, wanted["order"]),
    )
    ignored = good.filter(good.meant.isnull()).select("row_no")
    return Facts({"touchpoints": touchpoints}, refused=refused, ignored=ignored)


def reviews_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return reviews."""
    good, refused = sorted_out(rows)
    reviews = fact(
        good,
        review_id=origin.key(good.review),
        channel_id=account_named(good.channel),
        order_id=order_named(good.channel, good["order"]),
        sku=good.sku,
        stars=good.stars,
        title=good.title,
        text=good.text,
        locale=good.language,
        written_at=good.written_at,
    )
    return Facts({"reviews": reviews}, refused=refused)


def messages_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return messages; who wrote one must be told, for an answer of a machine keeps no promise."""
    told = rows.mutate(by=meaning(rows.author, AUTHORS), way=meaning(rows.direction, DIRECTIONS))
    good, refused = sorted_out(
        told,
        (told.by.isnull(), "author|unknown_word"),
        (told.way.isnull(), "direction|unknown_word"),
    )
    messages = fact(
        good,
        message_id=origin.key(good.message),
        thread_id=origin.key(ibis.coalesce(good.thread, good.message)),
        channel_id=account_named(good.channel),
        order_id=order_named(good.channel, good["order"]),
        customer_key=good.customer_key,
        direction=good.way,
        author=good.by,
        locale=good.language,
        text=good.text,
        sent_at=good.sent_at,
    )
    return Facts({"messages": messages}, refused=refused)
