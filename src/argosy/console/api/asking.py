"""What programs may ask: the brief, findings, the queue, outcomes, any table, the log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ibis.common.exceptions import IbisError
from ninja import Query

from argosy.brief.cards import plain_action, plain_card, plain_finding, plain_place
from argosy.brief.earned import plain_outcomes
from argosy.brief.top import top_of_queue
from argosy.business import Business
from argosy.console.api.door import API, REFUSALS, Token
from argosy.console.api.shapes import Action, Card, Event, Finding, Page, WholeCard, WholeFinding
from argosy.console.desk import MONEY, pool, state
from argosy.console.tokens import READ, SEE_MONEY
from argosy.decisions import load
from argosy.decisions.audit import entries
from argosy.decisions.outcomes import account, quarter, taken
from argosy.decisions.queue import waiting, weighed
from argosy.decisions.seal import head
from argosy.decisions.sentences import entry_says
from argosy.model.errors import ApiTokenLacks, AskedWrongly, NotFound
from argosy.views import VIEWS, Asked

MOST = 1000  # rows of one answer
# Tables that tell no money earned; the others need the scope money.
OPEN_TABLES = ("kept", "promises", "findings", "gaps", "imports")
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0)]
read, money = Token(READ), Token(SEE_MONEY)


@API.get("/brief", auth=money, response={200: dict[str, Any] | None, **REFUSALS}, tags=["money"])
def brief(
    request: HttpRequest, days: Annotated[int, Query(ge=1, le=366)] = 30, until: date | None = None
) -> dict[str, Any] | None:
    """What was earned and promised in the last days, as `argosy brief --json` tells; null while there are no facts."""
    told = pool().latest(("brief", days, until), lambda business: business.brief(days=days, until=until)).told
    return told and told | {"queue": top_of_queue(state().workspace, lang=request.lang)}


@API.get("/findings", auth=read, response={200: list[Finding], **REFUSALS}, tags=["queue"])
def findings(request: HttpRequest, kind: str = "", gone: bool = False) -> list[Any]:
    """What is so now, the most money at stake first; with `gone`, what no longer is."""
    with state().read() as connection:
        return [plain_finding(one, request.lang) for one in load.findings(connection, kind=kind, gone=gone)]


@API.get("/findings/F{int:number}", auth=read, response={200: WholeFinding, **REFUSALS}, tags=["queue"])
def finding(request: HttpRequest, number: int) -> dict[str, Any]:
    """One finding, with the queries it rests on and the cards it led to."""
    with state().read() as connection:
        kept, offered = load.finding(connection, number), load.proposals(connection, finding=number)
    evidence = [vars(one) for one in kept.finding.evidence]
    told = plain_finding(kept, request.lang)
    return {**told, "evidence": evidence, "proposals": [one.name for one in offered]}


@API.get("/queue", auth=read, response={200: list[Card], **REFUSALS}, tags=["queue"])
def queue(request: HttpRequest) -> list[Any]:
    """What waits for a decision, the best first."""
    with state().read() as connection:
        return [plain_place(one, request.lang) for one in waiting(connection, book_currency=_currency())]


@API.get("/queue/P{int:number}", auth=read, response={200: WholeCard, **REFUSALS}, tags=["queue"])
def card(request: HttpRequest, number: int) -> Any:
    """One card, with what was decided and done about it."""
    return whole_card(number, request.lang)


def whole_card(number: int, lang: str) -> Any:
    """Return a card as it is now."""
    with state().read() as connection:
        one = load.card(connection, number)
        places = waiting(connection, book_currency=_currency())
        place = next((place for place in places if place.card.number == number), weighed(one, _currency()))
        decided, actions = load.decisions(connection, proposal=number), load.actions(connection, proposal=number)
    return plain_card(place, decided, actions, lang)


@API.get("/actions/A{int:number}", auth=read, response={200: Action, **REFUSALS}, tags=["queue"])
def action(request: HttpRequest, number: int) -> Any:
    """How far an action is, and what became of it."""
    with state().read() as connection:
        return plain_action(load.action(connection, number))


@API.get("/outcomes", auth=money, response={200: dict[str, Any], **REFUSALS}, tags=["money"])
def outcomes(request: HttpRequest, start: date | None = None, until: date | None = None) -> dict[str, Any]:
    """What actions brought beside what was expected, and the account of all between two days, else of this quarter."""
    first, last = quarter(pool().remembered(("today",), lambda business: business.today))
    with state().read() as connection:
        every = taken(connection)
    return plain_outcomes(every, account(every, since=start or first, until=until or last, currency=_currency()))


@API.get("/tables", auth=read, response={200: list[str], **REFUSALS}, tags=["tables"])
def tables(request: HttpRequest) -> list[str]:
    """The names of all tables."""
    return list(VIEWS)


@API.get("/tables/{name}", auth=read, response={200: Page, **REFUSALS}, tags=["tables"])
def table(
    request: HttpRequest, name: str, by: Annotated[list[str], Query()] = [],  # noqa: B006 - only read
    as_known: datetime | None = None, since: datetime | None = None, limit: Limit = 100, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    """Rows of a table, as `argosy show` gives them: by market, sku, channel, week, month, order ..."""
    if name not in VIEWS:
        raise NotFound(what="table", name=name)
    if name not in OPEN_TABLES and not (SEE_MONEY in request.scopes and request.role in MONEY):
        raise ApiTokenLacks(scope=SEE_MONEY)
    asked = Asked(tuple(by), as_known=_utc(as_known), since=_utc(since))

    def rows(business: Business) -> dict[str, Any]:
        found = VIEWS[name].table(business, asked)
        total = business.lake.rows(found.aggregate(n=found.count()))[0]["n"]
        part = business.lake.arrow(found.limit(limit, offset=offset))
        return {"columns": part.column_names, "rows": part.to_pylist(), "total": total}

    try:
        told = pool().remembered(("table", name, asked, limit, offset), rows)
    except IbisError as error:
        if not by:
            raise
        raise AskedWrongly(where="by", reason=", ".join(by)) from error
    return {"table": name, "offset": offset, **told}


@API.get("/audit", auth=read, response={200: list[Event], **REFUSALS}, tags=["log"])
def audit(request: HttpRequest, after: Offset = 0, limit: Limit = 100) -> list[dict[str, Any]]:
    """The log after one of its entries, in order: ask again after the last number to go on."""
    if request.role not in MONEY:
        raise ApiTokenLacks(scope=SEE_MONEY)
    with state().read() as connection:
        told = list(entries(connection, after=after, limit=limit)) if after < head(connection).count else []
    return [{**vars(one), "says": entry_says(one, request.lang)} for one in told]


def _currency() -> str:
    return state().workspace.settings.book_currency


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment as facts keep it; one without a zone is UTC already."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)
