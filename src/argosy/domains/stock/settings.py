"""From when on the stock checks speak, with where each number comes from."""

from __future__ import annotations

LEAST_OF_SALES = 0.0005  # of a month's sales: what costs less is left alone; assumed
LIKELY = 0.8  # it runs out with at least such a likelihood; assumed
MOST_DAYS = 120  # ahead that is looked at; assumed
UNSURE = (0.1, 0.5)  # of the units of an article wanted, the least and the most a forecast is unsure by; assumed
PART_DAYS, PART_UNITS = 112, 12.0  # by which a warehouse's part of an article's sales is told, and drawn; assumed
# Days from an order until the goods are there, and days they come later than promised, where no order tells: assumed.
LEAD_DAYS, LATE_DAYS = 45.0, 3.0
LEAD_SPREAD = (-4.0, 7.0)  # at least so many days sooner one time in ten, later one time in ten; assumed
OFF_DAYS = 60.0  # by which the days promised are taken to differ where a warehouse has no usual ones; assumed
WAYS = 200  # ways to share open orders out among warehouses that are followed; assumed
STILL_LATE = (1, 10, 20)  # days until what is overdue comes at the latest: early, likely, late; assumed
BILLED_UNTIL = 10  # day of the month until which a bill for storage is one for the month before; assumed
STORAGE_RISEN = 0.08  # storage dearer by such a part is told of: assumed, what weekly counts of stock blur
# What lies beyond the sales of so many days, taken high, is dead: assumed, half a year.
COVER_DAYS = 182
CAPITAL_A_YEAR = 0.12  # what money tied up in goods costs: assumed, a small firm's loan
# Part of their cost that is lost of goods that lie longer than the cover, and longer than a year: assumed, as firms
# provide for slow stock.
SLOW_LOSES, WRITTEN_OFF_DAYS, WRITTEN_OFF = 0.25, 365, 0.5
LATER_WORTH = 0.8  # of what a sale now leaves, what one after the cover does: money and shelf cost meanwhile; assumed
MARGIN_ERROR = 0.2  # of what a unit leaves over, one standard error; assumed
SURE = 0.97  # told of from this confidence on; assumed
WITHIN_DAYS = 63  # how far back a rise may have begun; assumed
RISEN, MARKET_RISEN, SEARCHED = 0.3, 0.45, 0.25  # by such a part sales, a market's sales, searches; assumed
SEARCH_Z = 1.8  # standard errors by which sales must have risen too where searches have: assumed, one in thirty
RISEN_Z, MARKET_Z = 5.0, 5.2  # and where nothing but sales tells: assumed, articles are more than markets
GOOD_WEEKS = 0.75  # of the weeks before were worse than good ones; assumed
OVER_DAYS = 12  # after its end a rise is told of no longer; assumed
RISE_DAYS = 3  # a rise must last; assumed
FALLEN, FALLEN_WITHIN, FALLEN_DAYS = 0.4, 120, 14  # by such a part, so many days back, for so many; assumed
MOST_BASKET = 3.0  # units in an order at most, beside an article; assumed
# Remedies. An order not proposed would be placed so many days later; one is for so many days of sales; a warehouse
# keeps its own sales for so many days beyond the way of its next goods, and so many times as much: assumed.
ORDER_LATER, ORDER_DAYS, SPARE_DAYS, SPARE_TIMES = 21, 45, 14, 1.3
# Goods from another warehouse: days on the way and what that costs of what the goods cost: assumed, by sea or train.
TRANSFER_DAYS, TRANSFER_COSTS, LEAST_UNITS = 36, 0.2, 5
SCARCE = 1.15  # so many times what is there is wanted, until a dearer price is proposed; assumed
MOST_DEARER, LOWEST_STEPS = (
    0.15,
    10,
)  # a price goes up by such a part at most, and down in so many steps of 5 %; assumed
PRICE_DAYS = 28  # of sales that tell the price now; assumed
TALK_SAVES = (0.0, 0.3, 0.8)  # of what was billed beyond the usual: comes back, or is not billed again; assumed
ORDER_MINUTES, PRICE_MINUTES, TALK_MINUTES = 15, 5, 30  # of a person; assumed
EXPIRES_DAYS, MEASURE_DAYS = 14, 42  # a proposal holds for, and what it brought is measured in; assumed
