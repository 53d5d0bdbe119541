"""The daily money actions are measured on, by name, beside the same money of subjects like theirs.

All is in the book currency, by the UTC day it was posted: goods, freight and fees count when they are sent, billed and
charged, so the first days after an action still hold what came before it, as its donors' do. Ledgers settle late:
estimates are replaced by statements, refunds and bills follow. A window is measured once ``SETTLED_DAYS`` have passed
since it closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis
import numpy as np
from ibis.expr.types import Table
from numpy.typing import NDArray

from argosy.books.profit import earned, under
from argosy.model.promises import BROKEN
from argosy.outlook.known import Known
from argosy.outlook.series import series

Floats = NDArray[np.float64]
# Days after a window until bills and statements for it are there: settlements come every two weeks; assumed.
SETTLED_DAYS = 14
STORED_DAYS = 30  # a bill for storage is for; warehouses bill by the month


@dataclass(frozen=True)
class Daily:
    """Money by day from ``first`` on, up to the last day known: of a subject, and of each of its donors by name.

    volume: of the same subjects, the business behind costs that grow with it (their net sales): what is measured is
    then the money beside its usual part of the volume. Empty: the money itself.
    """

    first: date
    money: Floats
    donors: Mapping[str, Floats] = field(default_factory=dict)
    volume: Mapping[str, Floats] = field(default_factory=dict)


Panel = tuple[date, dict[str, Floats]]
Metric = Callable[[Known, str], Daily | None]


def margin_sku(known: Known, subject: str) -> Daily | None:
    """Return what an article earned after goods, freight, duty, fees and losses; donors: the other articles.

    What belongs to an order and to none of its articles is shared out by their sales.
    """
    return _of(known, subject, *known.once(_skus))


def basket_sku(known: Known, subject: str) -> Daily | None:
    """Return what orders with an article in them earned, whatever else was in them: who comes for one article takes
    others along. Donors: orders with other articles, and none of it."""
    return _of(known, subject, *known.once(_sku_baskets))


def margin_market(known: Known, subject: str) -> Daily | None:
    """Return what a market earned after all that is booked on it, advertising too; donors: the other markets."""
    return _of(known, subject, *known.once(_markets))


def margin_channel(known: Known, subject: str) -> Daily | None:
    """Return what a channel earned after all that is booked on it; donors: the other channels something is sold on."""
    return _of(known, subject, *known.once(_channels))


def margin_all(known: Known, subject: str) -> Daily | None:
    """Return what the whole business earned, currencies aside; it has no donors."""
    first, panel = known.once(_all)
    return Daily(first, panel["all"]) if "all" in panel else None


def margin_campaign(known: Known, subject: str) -> Daily | None:
    """Return what orders with goods a campaign is for earned in its countries, less advertising for them.

    A campaign is for the categories its name says, else for all goods; who comes for them takes others along. Donors:
    every other category and country less advertising for it. ``subject``: the campaign.
    """
    first, cells, spent = known.once(_cells)
    mine = _cells_of(subject, spent, cells)
    if not mine:
        return None
    net = dict(cells)
    for place, cost in spent.items():
        aimed = _cells_of(place.rpartition("/")[0], [place], cells)
        for cell in aimed:
            net[cell] = net[cell] + cost / len(aimed)
    return Daily(first, np.sum([net[c] for c in mine], axis=0), {c: days for c, days in net.items() if c not in mine})


def margin_listing(known: Known, subject: str) -> Daily | None:
    """Return what an article earned on one channel (``sku/channel_id``, or ``sku/channel_id/market``); donors: the
    other articles there."""
    sku, _, place = subject.partition("/")
    channel, _, market = place.partition("/")
    table = _shared_out(known).filter(lambda t: t.channel_id == channel)
    table = table.filter(table.market == market) if market else table
    first, panel = _panel(known, table, "sku")
    return _of(known, sku, first, {f"{name}/{place}": days for name, days in panel.items()}, named=subject)


def basket_listing(known: Known, subject: str) -> Daily | None:
    """Return what orders with an article in them earned on one channel (``sku/channel_id``, or ``/market`` behind it);
    donors: orders there with other articles."""
    sku, _, place = subject.partition("/")
    channel, _, market = place.partition("/")
    kept = _dated(_earned(known)).filter(lambda t: t.channel_id == channel)
    kept = kept.filter(kept.market == market) if market else kept
    first, panel = _panel(known, _baskets(kept), "holds")
    return _of(known, sku, first, {f"{name}/{place}": days for name, days in panel.items()}, named=subject)


def margin_provider(known: Known, subject: str) -> Daily | None:
    """Return what a market earned in the shops a payment provider serves (``provider/market``); donors: other markets
    there."""
    provider, _, market = subject.rpartition("/")
    payments = known.facts["payments"]
    shops = payments.filter(payments.provider == provider).select("channel_id").distinct()
    kept = _earned(known).filter(lambda t: t.order_id.notnull()).semi_join(shops, "channel_id")
    first, panel = _panel(known, _dated(kept), "market")
    return _of(known, market, first, {f"{provider}/{name}": days for name, days in panel.items()}, named=subject)


def storage_cost(known: Known, subject: str) -> Daily | None:
    """Return what storing an article cost, below zero; donors: the other articles.

    Warehouses bill by the month: a bill is spread over the ``STORED_DAYS`` up to its day.
    """
    first, panel = _panel(known, _dated(_heads(known, "fee:storage")), "sku")
    return _of(known, subject, first, {sku: _spread(days) for sku, days in panel.items()})


def _spread(days: Floats) -> Floats:
    part = np.full(STORED_DAYS, 1 / STORED_DAYS)
    return np.asarray(np.convolve(days[::-1], part)[: len(days)][::-1])


def refunds_sku(known: Known, subject: str) -> Daily | None:
    """Return what was given back for an article, below zero, beside its sales; donors: the other articles."""
    shared = _shared_out(known)
    return _beside_sales(known, subject, shared.filter(shared.account == "contra:refund"), shared, "sku")


def refunds_market(known: Known, subject: str) -> Daily | None:
    """Return what was given back in a market, below zero, beside its sales; donors: the other markets."""
    kept = _earned(known)
    return _beside_sales(known, subject, _dated(kept.filter(kept.account == "contra:refund")), _dated(kept), "market")


def delivery_cost(known: Known, subject: str) -> Daily | None:
    """Return what bringing goods to a market cost and what was given back there, below zero, beside its sales; donors:
    the other markets."""
    heads = _heads(known, "cost:freight", "cost:duty", "cost:import_tax_unrecovered", "contra:refund", "loss:")
    return _beside_sales(known, subject, _dated(heads), _dated(_earned(known)), "market")


def lateness_cost(known: Known, subject: str) -> Daily | None:
    """Return what was given back in a market for orders that came too late, below zero, beside its sales; donors: the
    other markets."""
    late = known.promises.filter(known.promises.kind == "deliver_by", known.promises.state == BROKEN)
    late = late.select(order_id=late.subject).distinct()
    heads = _heads(known, "contra:refund").semi_join(late, "order_id")
    return _beside_sales(known, subject, _dated(heads), _dated(_earned(known)), "market")


def refund_paid(known: Known, subject: str) -> Daily | None:
    """Return what was given back for one order, below zero; it has no donors: without the action it is nothing."""
    given = _heads(known, "contra:refund")
    mine = given.filter((given.order_id == subject) | given.order_id.endswith(f":{subject}"))
    first, panel = _panel(known, _dated(mine).mutate(one=ibis.literal(subject)), "one")
    return Daily(first, panel[subject]) if subject in panel else None


METRICS: Mapping[str, Metric] = {
    "margin_sku": margin_sku,
    "basket_sku": basket_sku,
    "basket_listing": basket_listing,
    "margin_market": margin_market,
    "margin_channel": margin_channel,
    "margin_campaign": margin_campaign,
    "margin_listing": margin_listing,
    "margin_provider": margin_provider,
    "margin_all": margin_all,
    "delivery_cost": delivery_cost,
    "lateness_cost": lateness_cost,
    "storage_cost": storage_cost,
    "refunds_sku": refunds_sku,
    "refunds_market": refunds_market,
    "refund_paid": refund_paid,
}
# Told exactly, by the money itself.
EXACT = ("refund_paid",)
# Told exactly too, by lines that answer a claim and not by a series: see ``claims.received``.
CLAIM_PAID = "claim_paid"


def _earned(known: Known) -> Table:
    """Return entries that are income or cost; what currencies moved is nobody's doing."""
    kept = earned(known.entries)
    return kept.filter(~kept.account.startswith("fx:"), kept.earned.notnull())


def _heads(known: Known, *heads: str) -> Table:
    kept = _earned(known)
    return kept.filter(under(kept.account, heads))


def _dated(kept: Table) -> Table:
    money = kept.earned.cast("float64")
    return kept.select("account", "order_id", "sku", "market", "channel_id", day=kept.posted_at.date(), money=money)


def _shared_out(known: Known) -> Table:
    """Return income and cost by article: account, order_id, sku, market, channel_id, day, money."""
    kept = _dated(_earned(known))
    sold = kept.filter(kept.account == "income:sales", kept.sku.notnull(), kept.order_id.notnull())
    sold = sold.group_by("order_id", "sku").aggregate(sales=sold.money.abs().sum())
    whole = sold.group_by("order_id").aggregate(all_sales=sold.sales.sum(), many=sold.count())
    both = sold.inner_join(whole, "order_id")
    even = 1 / both.many.cast("float64")
    parts = both.select(
        "order_id", part_of=both.sku, part=ibis.ifelse(both.all_sales > 0, both.sales / both.all_sales, even)
    )
    loose = kept.filter(kept.sku.isnull(), kept.order_id.notnull()).inner_join(parts, "order_id")
    shared = loose.mutate(sku=loose.part_of, money=loose.money * loose.part).select(*kept.columns)
    return kept.filter(kept.sku.notnull()).union(shared)


def _baskets(kept: Table, kinds: Table | None = None) -> Table:
    """Return income and cost of orders, once for every article in them, or every category: ``holds``."""
    inside = kept.filter(kept.account == "income:sales", kept.sku.notnull(), kept.order_id.notnull())
    inside = inside.select("order_id", "sku").distinct()
    inside = inside.inner_join(kinds, "sku") if kinds is not None else inside.mutate(category=inside.sku)
    inside = inside.select("order_id", holds=inside.category).distinct()
    return kept.filter(kept.order_id.notnull()).inner_join(inside, "order_id")


def _skus(known: Known) -> Panel:
    return _panel(known, _shared_out(known), "sku")


def _sku_baskets(known: Known) -> Panel:
    return _panel(known, _baskets(_dated(_earned(known))), "holds")


def _markets(known: Known) -> Panel:
    return _panel(known, _dated(_earned(known)), "market")


def _channels(known: Known) -> Panel:
    kept = _earned(known)
    sold = kept.filter(kept.account == "income:sales").select("channel_id").distinct()
    return _panel(known, _dated(kept.semi_join(sold, "channel_id")), "channel_id")


def _all(known: Known) -> Panel:
    return _panel(known, _dated(_earned(known)).mutate(one=ibis.literal("all")), "one")


def _cells(known: Known) -> tuple[date, dict[str, Floats], dict[str, Floats]]:
    """Return what each category earned in each country before advertising, and what each campaign cost in each."""
    products, ads = known.facts["products"].select("sku", "category"), known.facts["ad_days"]
    goods = _baskets(_dated(_earned(known)), products.filter(products.category.notnull()))
    kept = _heads(known, "marketing:ads").filter(lambda t: t.transaction_id.startswith("ad:"))
    kept = kept.mutate(ad_day_id=kept.transaction_id.substr(len("ad:")))
    spent = kept.inner_join(ads.select("ad_day_id", "campaign"), "ad_day_id")
    spent = spent.select("campaign", "market", day=spent.posted_at.date(), money=spent.earned.cast("float64"))
    first, cells = _panel(known, goods, "holds", "market")
    return first, cells, _panel(known, spent, "campaign", "market")[1]


def _cells_of(campaign: str, places: Iterable[str], cells: Iterable[str]) -> list[str]:
    """Return the categories and countries (``category/country``) a campaign is for, of all there are: those its name
    and its days say. places: campaigns and the countries they run in."""
    words = campaign.lower().split()
    countries = {place.rpartition("/")[2] for place in places if place.rpartition("/")[0] == campaign}
    there = [cell for cell in cells if cell.rpartition("/")[2] in countries]
    return [cell for cell in there if cell.rpartition("/")[0].lower() in words] or there


def _beside_sales(known: Known, subject: str, costs: Table, sales: Table, by: str) -> Daily | None:
    first, panel = _panel(known, costs, by)
    sold = sales.filter(sales.account.startswith("income:") | (sales.account == "contra:discount"))
    volume = _panel(known, sold, by)[1]
    found = _of(known, subject, first, {name: panel.get(name, np.zeros_like(days)) for name, days in volume.items()})
    return found and Daily(found.first, found.money, found.donors, volume)


def _of(known: Known, subject: str, first: date, panel: Mapping[str, Floats], named: str = "") -> Daily | None:
    mine = named or subject
    if mine not in panel:
        return None
    return Daily(first, panel[mine], {name: days for name, days in panel.items() if name != mine})


def _panel(known: Known, table: Table, *by: str) -> Panel:
    """Return the first day anything was earned, and the money of each subject on every day from then on; a subject of
    several columns is written with strokes between them."""
    subject = table[by[0]]
    for name in by[1:]:
        subject = subject.concat("/").concat(table[name])
    sums = table.mutate(subject=subject).group_by("subject", "day").aggregate(money=lambda t: t.money.sum())
    found = series(known, sums, days=(known.day - known.once(_first_day)).days, names=("money",))
    return found.first, dict(zip(found.subjects, found["money"].T, strict=True))


def _first_day(known: Known) -> date:
    """Return the day of the first sale: what was bought before it says nothing of the usual."""
    sold = known.entries.filter(known.entries.account.startswith("income:"))
    found = known.rows(sold.aggregate(day=sold.posted_at.min().date()))[0]["day"]
    return found or known.day
