"""What buyers write: reviews of what came, and messages with their answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Ints
from argosy.world.conditions import COUNTRIES
from argosy.world.happened import World
from argosy.world.orders import CANCELLED, DAMAGED, RETURNED, reply_hours
from argosy.world.phrases import ASKED, LANGUAGES, TOPICS

HOUR = 3600
# Who writes how: the language most buyers of a market write in. Assumed.
TONGUES = {"DE": "de", "FR": "fr", "ES": "es", "MX": "es", "BR": "pt", "JP": "ja"}
CHINESE_IN_SINGAPORE = 0.3
BUYER, AGENT = range(2)


@dataclass(frozen=True)
class Reviews:
    """Reviews written so far: place of the order, stars 1 to 5, topic and language (places in ``TOPICS["review"]`` and
    ``LANGUAGES``), days from order to delivery, moment."""

    order: Ints
    stars: Ints
    topic: Ints
    language: Ints
    days: Ints
    at: Ints


@dataclass(frozen=True)
class Messages:
    """Messages so far, in the order of their moments: thread (of one buyer about one order), place of the order, who
    wrote (``BUYER`` or ``AGENT``), topic and language (places in ``ASKED`` and ``LANGUAGES``), days waited, moment."""

    thread: Ints
    order: Ints
    author: Ints
    topic: Ints
    language: Ints
    days: Ints
    at: Ints


def languages(world: World, order: Ints) -> Ints:
    """Return the language each order's buyer writes in (place in ``LANGUAGES``)."""
    usual = np.array([LANGUAGES.index(TONGUES.get(country, "en")) for country in COUNTRIES])
    market, buyer = world.orders.market[order], world.orders.came.buyer[order]
    chinese = (market == COUNTRIES.index("SG")) & (world.given.draws.of("tongues", buyer) < CHINESE_IN_SINGAPORE)
    return np.where(chinese, LANGUAGES.index("zh"), usual[market])


def reviews(world: World) -> Reviews:
    """Return the reviews of orders that came: worse the later they came, worst where the goods were bad."""
    parcels, draws = world.parcels, world.given.draws
    order, late = parcels.order, parcels.late_days
    who, fate = world.orders.came.id[order], world.orders.fate[order]
    bad = _defective(world, order)
    harmed = bad | (fate == DAMAGED) & (late <= assumed.LATE_DAYS)
    share = assumed.REVIEWED * np.where(harmed, assumed.ANGRY, 1.0)
    written = (draws.of("reviews", who) < share) & (fate != CANCELLED)
    at = parcels.came_at + draws.whole(2 * DAY_SECONDS, 15 * DAY_SECONDS, "review days", who)
    mine = np.flatnonzero(written & (at < world.given.when.until))
    scales = np.cumsum(
        [assumed.STARS_IN_TIME, assumed.STARS_LATE, assumed.STARS_VERY_LATE, assumed.STARS_DEFECT], axis=1
    )
    mood = np.select([harmed, late >= assumed.VERY_LATE_DAYS, late > 0], [3, 2, 1], default=0)[mine]
    stars = (draws.of("stars", who[mine])[:, None] >= scales[mood]).sum(axis=1).clip(max=4) + 1
    about = TOPICS["review"]
    said = np.array([about.index(word) for word in ("quality", "fit", "value", "general", "packaging", "service")])
    topic = np.where(
        draws.of("review topics", who[mine]) < 0.3,
        about.index("delivery"),
        said[draws.whole(0, len(said), "review words", who[mine])],
    )
    broken = np.array([about.index(word) for word in ("quality", "contents", "packaging")])
    topic = np.where(mood == 3, broken[draws.whole(0, 3, "review words", who[mine])], topic)
    topic = np.where((mood == 1) | (mood == 2), about.index("delivery"), topic)
    days = np.maximum((parcels.came_at - world.orders.paid_at[order])[mine] // DAY_SECONDS, 2)
    return Reviews(order[mine], stars, topic, languages(world, order[mine]), days, at[mine])


def _defective(world: World, order: Ints) -> Flags:
    """Return which orders were sent back for a defect: as many of the returns as defects explain."""
    orders, lines = world.orders, world.lines
    day = world.given.when.day(orders.paid_at)
    defects = lines.most(world.given.conditions.defects[day[lines.order], lines.article], len(orders.total))[order]
    returns = world.given.conditions.returns[day[order], orders.market[order]]
    share = assumed.RETURNED_DEFECT * defects
    share = share / (share + assumed.RETURNED_OTHER * returns)
    return np.asarray(
        (orders.fate[order] == RETURNED) & (world.given.draws.of("causes", orders.came.id[order]) < share)
    )


def messages(world: World) -> Messages:
    """Return who wrote when about what, and when an agent answered; who waited more than a day asks once more."""
    orders, parcels, draws = world.orders, world.parcels, world.given.draws
    every, who = np.arange(len(orders.total)), orders.came.id
    came = np.full(len(every), -1, np.int64)
    came[parcels.order] = np.arange(len(parcels.order))
    sent = came >= 0
    due, door = (np.where(sent, column[came], 0) for column in (parcels.due_at, parcels.came_at))
    later = draws.whole(2 * HOUR, 40 * HOUR, "writes", who)
    causes = (
        (sent & (door > due) & (draws.of("writes late", who) < assumed.WRITES_LATE), "where", due + later),
        (_all(world, RETURNED) & (draws.of("writes back", who) < assumed.WRITES_DEFECT), "return", door + later),
        (_defects(world) & (draws.of("writes back", who) < assumed.WRITES_DEFECT), "broken", door + later),
        (
            _all(world, DAMAGED) & (door <= due) & (draws.of("writes damage", who) < assumed.WRITES_DEFECT),
            "broken",
            door + later,
        ),
        (_all(world, CANCELLED), "cancel", orders.paid_at + 300),
        (draws.of("asks first", who) < assumed.WRITES_FIRST, "ask_size", orders.paid_at - later),
    )
    topic, at = np.full(len(every), -1, np.int64), np.zeros(len(every), np.int64)
    for flags, word, moment in causes:
        topic[flags], at[flags] = ASKED.index(word), moment[flags]
    mine = np.flatnonzero((topic >= 0) & (at < world.given.when.until))
    waits = (reply_hours(orders.came, world.given)[mine] * HOUR).astype(np.int64)
    asked, answered = at[mine], at[mine] + waits
    again = mine[waits > 30 * HOUR]
    asked_again = at[again] + 26 * HOUR
    follow_up = np.full(len(again), ASKED.index("follow_up"))
    order = np.concatenate((mine, mine, again))
    moment = np.concatenate((asked, answered, asked_again))
    author = np.repeat((BUYER, AGENT, BUYER), (len(mine), len(mine), len(again)))
    about = np.concatenate((topic[mine], topic[mine], follow_up))
    known = np.flatnonzero(moment < world.given.when.until)
    known = known[np.lexsort((order[known], moment[known]))]
    order, moment, author, about = (column[known] for column in (order, moment, author, about))
    days = np.maximum((moment - orders.paid_at[order]) // DAY_SECONDS, 2)
    return Messages(order, order, author, about, languages(world, order), days, moment)


def _all(world: World, fate: int) -> Flags:
    return np.asarray(world.orders.fate == fate)


def _defects(world: World) -> Flags:
    return _defective(world, np.arange(len(world.orders.total)))
