"""What the page compares, and why the two sides differ where they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ibis.expr.types import Table
from tests.world.calibration import measures
from tests.world.calibration.real_side import PUBLISHED_STARS
from tests.world.calibration.side import Figures


@dataclass(frozen=True)
class Section:
    """One table of the page: which table of a side is measured how, and why differences are meant.

    unfit: real sides that have the table and yet say nothing about this. published: figures that others measured.
    """

    title: str
    table: str
    measure: Callable[[Table], Table]
    why: str
    unfit: tuple[str, ...] = ()
    published: Mapping[str, Figures] = field(default_factory=dict)


SECTIONS = (
    Section(
        "What is in an order", "lines", measures.order_sizes,
        "The brand sells to people, one or two things at a time: Olist and CDNOW are its measure. Online Retail is a "
        "wholesaler whose buyers fill the shelves of shops. Olist writes every piece on a line of its own, added up "
        "here by article; CDNOW tells discs, not titles. Worth is that of the goods before coupons. One brand's shop "
        "sells several articles at once more often than Olist, where most orders go to a single seller for a single "
        "thing, and has fewer very large orders than a marketplace that sells everything.",
    ),
    Section(
        "Who comes back", "purchases", measures.repeats,
        "CDNOW's customers all came within twelve weeks and were followed to the end of week 78; the world's are "
        "those of its shop who first bought in the twelve weeks after a year without them. The world's law is the "
        "BG/NBD as Fader, Hardie and Lee (2005) fitted it to a tenth of CDNOW (r 0.243, alpha 4.414, a 0.793, b "
        "2.426); it is not fitted anew here. It is the law of what people have in mind: declined cards, what is sold "
        "out and buyers whom only a festival brings make fewer come back. Several purchases on a day count once. "
        "Olist is a sample of orders, not of people, and says nothing about it.",
    ),
    Section(
        "Days of the week", "lines", measures.weekdays,
        "CDNOW and Olist are shops for people and are the measure. The wholesaler is shut on Saturdays and busiest "
        "on Thursdays, which the world is not.",
    ),
    Section(
        "Hours of the day", "lines", measures.hours,
        "By the buyer's clock. The wholesaler's buyers order while their shops are open, people in the evening too. "
        "CDNOW tells days only.",
        unfit=("CDNOW",),
    ),
    Section(
        "Months of the year", "lines", measures.months,
        "The last twelve whole months of each, their growth within them. The world's festivals stand out "
        "beside its growth and seasons. A wholesaler's buyers stock up in "
        "October and November, people buy until Christmas. Olist's year is August 2017 to July 2018, with Black Friday "
        "in November. CDNOW's customers all came in one winter and tell no seasons.",
        unfit=("CDNOW",),
    ),
    Section(
        "Delivery", "parcels", measures.delivery,
        "Olist's parcels stay in Brazil, the world's mostly cross a border: the days differ, and what must agree is "
        "the shape about the median of the destination (a state there, a country here). Olist promises days far off "
        "and so keeps most of its promises; its post hardly delivers at weekends.",
    ),
    Section(
        "Stars and lateness", "reviews", measures.stars,
        "The sample of Olist beside the project has no reviews. These figures are not measured here: they are those "
        "which several public analyses of the whole set agree on, of about 95,000 delivered orders with a review, "
        "days late by the calendar (the distribution of stars is that of all 99,224 reviews).",
        published=PUBLISHED_STARS,
    ),
    Section(
        "Paying by card", "attempts", measures.approval,
        "The real attempts succeed far more rarely than any shop could live with, and nobody says why. Their level "
        "is not taken over, only how 3-D Secure, hours and further attempts compare. On either side a buyer's "
        "attempts are those at the same amount from the same country, none more than a minute after the one before.",
    ),
    Section(
        "Suppliers' lateness", "supplies", measures.lateness,
        "Medical goods of a public programme, planned long ahead: many come before the day, and the late ones come "
        "very late.",
    ),
)  # fmt: skip
