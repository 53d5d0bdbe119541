"""Returns, complaints and slow answers are told where they have risen, with what they cost, and else are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, entry, sale

from argosy.domains.service.complaints import complaint_cluster
from argosy.domains.service.remedies import answer_sooner, find_cause, stop_bad_article
from argosy.domains.service.replies import replies_slow
from argosy.domains.service.returns import returns_up
from argosy.outlook.known import Known

Rows = list[dict[str, Any]]
SINCE = 35


def _shop(*, back: bool = False, sku: str = "", worth: float = 100.0) -> Known:
    """Return 120 days of eight orders a day in DE and FR, half of each article; of each article one is given back
    ``worth`` after four days every fourth day; in DE, or of an article, three a day more from so many days ago on when
    ``back``."""
    orders, lines, entries, number = [], [], [], 0
    for ago in range(120, 0, -1):
        for country in ("DE", "FR"):
            for n in range(8):
                number += 1
                article = "good" if n < 4 else "other"
                order, line, booked = sale(number, ago, article, country=country)
                orders.append(order)
                lines.append(line)
                entries += booked
                risen = back and ago <= SINCE and (article == sku if sku else country == "DE")
                if ago > 4 and ((n in (0, 5) and ago % 4 == 0) or (risen and n in (1, 2, 3))):
                    entries.append(entry("contra:refund", worth, ago - 4, order_id=order["order_id"]))
    return known({"orders": orders, "order_lines": lines}, day=DAY, entries=entries)


def test_more_returns_from_a_market_are_told_with_what_was_given_back_beyond_the_usual() -> None:
    shop = _shop(back=True)
    (one,) = returns_up(shop)
    assert one.subject == "DE"
    assert abs((one.since - (DAY - timedelta(days=35))).days) <= 4
    extra = 3 * (SINCE - 4) * 100
    assert float(one.stake.low) < extra < float(one.stake.high)
    assert float(one.stake.mid) == pytest.approx(extra, rel=0.35)
    assert [proposal.words for proposal in find_cause(one, shop)] == ["task.returns"]


def test_usual_returns_are_left_alone() -> None:
    assert list(returns_up(_shop())) == []


def test_an_article_more_of_which_is_paid_back_in_part_is_told() -> None:
    shop = _shop(back=True, sku="good", worth=30)
    (one,) = complaint_cluster(shop)
    assert one.subject == "good"
    extra = 2 * 3 * (SINCE - 4) * 30
    assert float(one.stake.mid) == pytest.approx(extra, rel=0.35)
    assert [proposal.words for proposal in stop_bad_article(one, shop)] == ["task.lot"]  # it still earns more
    assert list(complaint_cluster(_shop(worth=30))) == []


def _asked(*, slow: bool) -> Known:
    promises: Rows = []
    for ago in range(90, 0, -1):
        for n in range(6):
            hours = (40 if slow and ago <= 12 else 6) + n
            promises.append({
                "promise_id": f"reply_by/{ago}-{n}", "kind": "reply_by", "direction": "ours", "subject": f"{ago}-{n}",
                "channel_id": "shop:main", "made_at": at(ago), "due_at": at(ago - 1),
                "kept_at": at(ago) + timedelta(hours=hours), "state": "broken" if hours > 24 else "kept",
            })  # fmt: skip
    messages = [{"message_id": "1", "channel_id": "shop:main", "direction": "in", "sent_at": at(5), "text": "?"}]
    return known({"messages": messages}, day=DAY, promises=promises)


def test_slow_answers_are_told_with_their_hours_and_what_is_missing_to_tell_their_price() -> None:
    shop = _asked(slow=True)
    (one,) = replies_slow(shop)
    assert (one.subject, one.since, one.told["before"]) == ("all", DAY - timedelta(days=12), 8)
    assert one.told["hours"] in range(40, 46)
    assert one.missing == ("reviews",)
    assert list(answer_sooner(one, shop)) == []  # nothing is seen of what it costs: nothing is asked for
    assert list(replies_slow(_asked(slow=False))) == []
