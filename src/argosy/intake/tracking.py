"""Tracking events: the words of carriers and tracking services into one neutral set of statuses.

The neutral words are those of Karrio's ``TrackingStatus``, a delay counting as ``on_hold``. Known are those words
themselves and

- 17TRACK, main and sub statuses and milestones (https://api.17track.net/en/doc, v2.2),
- AfterShip's tags (https://www.aftership.com/docs/tracking/enum/delivery-statuses),
- the posts' event codes (UPU standard M40, EMSEVT v3): EM and ED events, EX at customs on the way out.

Any other word is ``unknown``; what was sent stays beside it in ``status_said``.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin, fact
from argosy.intake.formats import Format

UNKNOWN = "unknown"
# Compared without case, blanks, hyphens and underscores: InTransit, in_transit and In Transit are one word.
STATUSES = {
    "pending": "pending NotFound NotFound_Other InfoReceived",
    "picked_up": "picked_up InTransit_PickedUp EMA",
    "in_transit": """
        in_transit InTransit_Other InTransit_Departure InTransit_Arrival InTransit_CustomsProcessing
        InTransit_CustomsReleased Departure Arrival
        EMB EMC EXA EXC EMJ EMK EMD EDB EDC EMF EDD EDE EMG""",
    "on_hold": """
        on_hold delivery_delayed InTransit_CustomsRequiringInformation
        Exception Exception_Other Exception_Security Exception_Damage Exception_Delayed
        EXB EXD EDA EME EDF""",
    "out_for_delivery": "out_for_delivery OutForDelivery_Other EDG",
    "ready_for_pickup": "ready_for_pickup AvailableForPickup AvailableForPickup_Other EDH",
    "delivery_failed": """
        delivery_failed AttemptFail DeliveryFailure DeliveryFailure_Other DeliveryFailure_NoBody
        DeliveryFailure_Security DeliveryFailure_Rejected DeliveryFailure_InvalidAddress
        Exception_NoBody Exception_Rejected Exception_Lost Exception_Destroyed EMH""",
    "delivered": "delivered Delivered_Other EMI",
    "return_to_sender": "return_to_sender Returning Returned Exception_Returning Exception_Returned",
    "cancelled": "cancelled Exception_Cancel EXX EDX",
    # No news for a month, or a number nobody knows.
    UNKNOWN: "unknown Expired Expired_Other NotFound_InvalidCode",
}
BETWEEN = ("_", "-", " ")


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ``tracking_events``: the status as it was sent and in the neutral words."""
    words = [{"word": _plain(word), "neutral": neutral} for neutral, said in STATUSES.items() for word in said.split()]
    # A join and not a case for every word: sheets of tracking events have millions of rows.
    known = ibis.memtable(words, schema={"word": "string", "neutral": "string"})
    named = rows.mutate(word=_compared(rows.status_said)).left_join(known, "word", rname="known_{name}")
    return Facts(
        {
            "tracking_events": fact(
                named,
                tracking_no=named.tracking_no,
                carrier=named.carrier,
                at=named.at,
                status_said=named.status_said,
                status=named.neutral.fill_null(UNKNOWN),
                location=named.location,
                country=named.country,
            )
        }
    )


def _plain(word: str) -> str:
    return word.lower().translate({ord(sign): None for sign in BETWEEN})


def _compared(said: Value) -> Value:
    word = said.lower()
    for sign in BETWEEN:
        word = word.replace(sign, "")
    return word
