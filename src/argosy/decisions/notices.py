"""Who wants to be told of what, and the messages that tell them: each planned once, sent once, tried for a day."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from argosy.decisions import audit, load
from argosy.decisions.happened import KINDS, TEST, Event, happened
from argosy.decisions.state import State
from argosy.decisions.tables import NOTICES, SUBSCRIPTIONS, TOLD
from argosy.model.errors import NoSuchEntry, NoticeTooMany, NoticeTooSoon, NoticeWithout

EMAIL, WEBHOOK = "email", "webhook"
AT_ONCE, MORNING = "at_once", "morning"
MORNING_AT = time(8)  # on the worker's clock; the daily look for findings begins at six, unless set otherwise
# States of a notice. GIVEN_UP: it was refused, or not taken for a day; DROPPED: nobody wants it any more.
WAITING, SENT, GIVEN_UP, DROPPED = "waiting", "sent", "given_up", "dropped"
STATES = (WAITING, SENT, GIVEN_UP, DROPPED)
WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360))  # between attempts; the last again and again
PATIENCE = timedelta(days=1)  # after which a notice is given up
LEASE = timedelta(minutes=5)  # in which who took a notice must have sent it; longer than any call may last
REACH = timedelta(days=30)  # further back nothing is told of
TEST_REST = timedelta(minutes=1)
MOST = 20  # subscriptions of one person


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to be told: kinds of ``KINDS``; domains of findings, none: all; money from ``least`` of the
    book currency on, where there is any; in which language; at once or each morning."""

    kinds: tuple[str, ...]
    domains: tuple[str, ...] = ()
    least: Decimal | None = None
    lang: str = "en"
    pace: str = AT_ONCE

    def want(self, event: Event, role: str) -> bool:
        """Return whether somebody of a role is to be told of an event."""
        if event.kind not in self.kinds or role not in KINDS[event.kind]:
            return False
        if self.domains and event.domain and event.domain not in self.domains:
            return False
        return self.least is None or event.amount is None or abs(event.amount) >= self.least


@dataclass(frozen=True)
class Subscription:
    """Where somebody is told. home: address of the console, for links. salt and mark: of the secret posts are signed
    with, see ``connectors.notices``."""

    number: int
    who: str
    channel: str
    address: str
    wishes: Wishes
    home: str
    salt: str
    mark: str
    made_at: datetime
    looked_on: date | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"N{self.number}"

    @property
    def place(self) -> str:
        """Where it leads, without what of an address may be secret."""
        url = urlsplit(self.address)
        return f"{url.scheme}://{url.netloc}" if self.channel == WEBHOOK else self.address


@dataclass(frozen=True)
class Notice:
    """A message: what it tells, its key that never changes, how often it was tried and when it is tried next."""

    number: int
    subscription: Subscription
    key: str
    events: tuple[Event, ...]
    made_at: datetime
    state: str
    tries: int
    next_at: datetime
    ended_at: datetime | None = None
    words: str = ""


def subscribe(
    state: State, wishes: Wishes, *, channel: str, address: str, home: str, salt: str, mark: str, who: str, at: datetime
) -> Subscription:
    """Keep a new subscription; ``NoticeWithout`` where it wants nothing, ``NoticeTooMany``. The address is checked by
    who can, see ``connectors.notices``."""
    with state.write() as connection:
        _check(connection, wishes, who)
        if len(subscriptions(connection, who=who)) >= MOST:
            raise NoticeTooMany(most=MOST)
        told = {"channel": channel, "address": address, "home": home, "salt": salt, "mark": mark}
        row = told | asdict(wishes) | {"who": who, "made_at": at}
        added = sa.insert(SUBSCRIPTIONS).values(row).returning(SUBSCRIPTIONS.c.number)
        made = _one(connection, int(connection.execute(added).scalar_one()))
        audit.append(connection, "subscribed", made.name, who=who, at=at, after={"to": made.place})
        return made


def change(state: State, number: int, wishes: Wishes, *, who: str, at: datetime) -> None:
    """Let somebody want something else at an address of theirs; ``NoSuchEntry``, ``NoticeWithout``."""
    with state.write() as connection:
        mine = _one(connection, number, who=who)
        _check(connection, wishes, who)
        _put(connection, number, **asdict(wishes))
        audit.append(connection, "subscription", mine.name, who=who, at=at, after={"to": mine.place})


def end(state: State, number: int, *, who: str, at: datetime, every: bool = False) -> None:
    """End a subscription of somebody's own, with ``every`` anybody's; ``NoSuchEntry``."""
    with state.write() as connection:
        one = _one(connection, number, who="" if every else who)
        _end(connection, [number], at)
        audit.append(connection, "unsubscribed", one.name, who=who, at=at, after={"to": one.place})


def end_all(connection: sa.Connection, who: str, *, at: datetime) -> None:
    """End all subscriptions of somebody who is taken out."""
    _end(connection, [one.number for one in subscriptions(connection, who=who)], at)


def _end(connection: sa.Connection, numbers: Collection[int], at: datetime) -> None:
    for number in numbers:
        _put(connection, number, ended_at=at)
    left = NOTICES.c.subscription.in_(numbers) & (NOTICES.c.state == WAITING)
    connection.execute(sa.update(NOTICES).where(left).values(state=DROPPED, ended_at=at))


def test(state: State, number: int, *, who: str, at: datetime, every: bool = False) -> None:
    """Have a test sent, and what could not be sent before tried again now; ``NoticeTooSoon``, ``NoSuchEntry``."""
    with state.write() as connection:
        one = _one(connection, number, who="" if every else who)
        if any(was.made_at > at - TEST_REST for was in latest(connection, who=one.who) if _tests(was, number)):
            raise NoticeTooSoon(seconds=int(TEST_REST.total_seconds()))
        waits = NOTICES.c.subscription == number, NOTICES.c.state == WAITING
        connection.execute(sa.update(NOTICES).where(*waits).values(next_at=at))
        _add(connection, number, [Event(TEST, one.name, at)], at)


def _tests(notice: Notice, number: int) -> bool:
    return notice.subscription.number == number and notice.events[0].kind == TEST


def subscriptions(connection: sa.Connection, *, who: str = "") -> list[Subscription]:
    """Return the subscriptions that hold, of somebody or of all."""
    query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.ended_at.is_(None)).order_by(SUBSCRIPTIONS.c.number)
    query = query.where(SUBSCRIPTIONS.c.who == who) if who else query
    return [_subscription(dict(row)) for row in connection.execute(query).mappings()]


def latest(connection: sa.Connection, *, who: str = "", count: int = 20) -> list[Notice]:
    """Return the last notices, to somebody or to all, the newest first."""
    query = _notices().order_by(NOTICES.c.number.desc()).limit(count)
    query = query.where(SUBSCRIPTIONS.c.who == who) if who else query
    return [_notice(dict(row)) for row in connection.execute(query).mappings()]


def counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many notices are in each state that any is in."""
    query = sa.select(NOTICES.c.state, sa.func.count()).group_by(NOTICES.c.state)
    return {state: int(n) for state, n in connection.execute(query)}


def plan(state: State, *, at: datetime, here: datetime) -> None:
    """Make the notices of what happened and was not told yet, at ``at`` (UTC), when it is ``here`` on the wall."""
    with state.read() as connection:
        if not _to_tell(connection, at, here):
            return
    with state.write() as connection:
        # Another worker may have been first.
        for one, fresh in _to_tell(connection, at, here):
            if one.wishes.pace == MORNING:
                _put(connection, one.number, looked_on=here.date())
            if fresh:
                _add(connection, one.number, fresh, at)
                rows = [{"subscription": one.number, "event": event.key, "at": at} for event in fresh]
                connection.execute(sa.insert(TOLD), rows)


def _to_tell(connection: sa.Connection, at: datetime, here: datetime) -> list[tuple[Subscription, list[Event]]]:
    """Return the subscriptions whose turn it is with what they are to be told."""
    turn = [one for one in subscriptions(connection) if one.wishes.pace == AT_ONCE or _is_morning(one, here)]
    if not turn:
        return []
    roles = {member.name: member.role for member in load.members(connection)}
    events = happened(connection, since=max(min(one.made_at for one in turn), at - REACH))
    found = []
    for one in turn:
        mine = [
            event for event in events
            if event.at >= one.made_at and one.wishes.want(event, roles.get(one.who, ""))
        ]  # fmt: skip
        known = _told(connection, one.number) if mine else set()
        found.append((one, [event for event in mine if event.key not in known]))
    return [(one, fresh) for one, fresh in found if fresh or one.wishes.pace == MORNING]


def _is_morning(one: Subscription, here: datetime) -> bool:
    return here.time() >= MORNING_AT and (one.looked_on is None or one.looked_on < here.date())


def _told(connection: sa.Connection, number: int) -> set[str]:
    return set(connection.execute(sa.select(TOLD.c.event).where(TOLD.c.subscription == number)).scalars())


def due(connection: sa.Connection, *, at: datetime) -> Notice | None:
    """Return the notice to be sent next: of each subscription the oldest, so that one that does not answer is asked
    once for all it has to be told."""
    oldest = sa.select(sa.func.min(NOTICES.c.number)).where(NOTICES.c.state == WAITING).group_by(NOTICES.c.subscription)
    ready = NOTICES.c.number.in_(oldest) & (NOTICES.c.next_at <= at)
    row = connection.execute(_notices().where(ready).order_by(NOTICES.c.next_at).limit(1)).mappings().first()
    return _notice(dict(row)) if row else None


def claim(state: State, *, at: datetime) -> Notice | None:
    """Take the next notice to be sent: nobody else does until it is over, or who took it must be dead."""
    with state.read() as connection:
        if due(connection, at=at) is None:
            return None
    with state.write() as connection:
        taken = due(connection, at=at)
        if taken is not None:
            taken = replace(taken, tries=taken.tries + 1, next_at=at + LEASE)
            mine = sa.update(NOTICES).where(NOTICES.c.number == taken.number)
            connection.execute(mine.values(tries=taken.tries, next_at=taken.next_at))
        return taken


def sent(state: State, notice: Notice, *, at: datetime) -> None:
    """Write down that a notice was taken."""
    _came(state, notice, state_=SENT, ended_at=at, words="")


def again_at(notice: Notice, *, at: datetime) -> datetime | None:
    """Return when a notice that was not taken is tried again; None: it has been tried for a day."""
    then = at + WAITS[min(notice.tries, len(WAITS)) - 1]
    return then if then <= notice.made_at + PATIENCE else None


def missed(state: State, notice: Notice, *, words: str, again_at: datetime) -> None:
    """Write down why a notice was not taken, and when it is tried again."""
    _came(state, notice, next_at=again_at, words=words)


def give_up(state: State, notice: Notice, *, words: str, at: datetime) -> None:
    """Write down that a notice is not tried again, and why."""
    _came(state, notice, state_=GIVEN_UP, ended_at=at, words=words)


def _came(state: State, notice: Notice, *, state_: str = WAITING, **values: Any) -> None:
    # Who was away for longer than a lease no longer speaks for it.
    mine = NOTICES.c.number == notice.number, NOTICES.c.tries == notice.tries, NOTICES.c.state == WAITING
    with state.write() as connection:
        connection.execute(sa.update(NOTICES).where(*mine).values(state=state_, **values))


def _check(connection: sa.Connection, wishes: Wishes, who: str) -> None:
    role = load.role(connection, who)
    if not any(role in KINDS.get(kind, ()) for kind in wishes.kinds):
        raise NoticeWithout()


def _add(connection: sa.Connection, subscription: int, events: Iterable[Event], at: datetime) -> None:
    row = {"subscription": subscription, "key": uuid.uuid4().hex, "events": [asdict(event) for event in events]}
    connection.execute(sa.insert(NOTICES).values(**row, made_at=at, state=WAITING, tries=0, next_at=at, words=""))


def _put(connection: sa.Connection, number: int, **values: Any) -> None:
    connection.execute(sa.update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.number == number).values(values))


def _one(connection: sa.Connection, number: int, *, who: str = "") -> Subscription:
    """Return a subscription that holds, where ``who`` is given only one of theirs; ``NoSuchEntry``."""
    found = next((one for one in subscriptions(connection, who=who) if one.number == number), None)
    if found is None:
        raise NoSuchEntry(name=f"N{number}")
    return found


def _notices() -> sa.Select[Any]:
    # Both have a number: that of the notice is called so.
    of_it = [column for column in SUBSCRIPTIONS.c if column.name not in ("number", "made_at", "ended_at")]
    made = SUBSCRIPTIONS.c.made_at.label("subscribed_at")
    return sa.select(NOTICES, *of_it, made).join(SUBSCRIPTIONS)


def _notice(row: Mapping[str, Any]) -> Notice:
    of = _subscription({**row, "number": row["subscription"], "made_at": row["subscribed_at"]})
    events = tuple(Event(**event) for event in row["events"])
    kept = {name: row[name] for name in ("made_at", "state", "tries", "next_at", "ended_at", "words")}
    return Notice(row["number"], of, row["key"], events, **kept)


def _subscription(row: Mapping[str, Any]) -> Subscription:
    wishes = Wishes(tuple(row["kinds"]), tuple(row["domains"]), row["least"], row["lang"], row["pace"])
    names = ("number", "who", "channel", "address", "home", "salt", "mark", "made_at", "looked_on")
    told = {name: row[name] for name in names}
    return Subscription(wishes=wishes, **told)
