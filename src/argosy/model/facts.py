"""The canonical fact tables: one declaration drives storage, intake checks, documentation and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Column:
    """A column: its type as Ibis writes it and what it means, with the unit where the type has none."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class FactTable:
    """A table of facts.

    ``key`` names one row. ``document`` names what a source exports again as a whole: a newer version of a
    document replaces all its rows, so a line taken off an order disappears with the version that had it.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    document: tuple[str, ...]
    columns: tuple[Column, ...]


# On every fact: where it was read, how new that reading is, and from when to when Argosy believed it.
PROVENANCE = (
    Column("source", "string", "format and account the row came from, shopify_orders@main"),
    Column("source_row", "string", "hash of the file and number of the row in it, counted with the header"),
    Column("version", "string", "sorts the versions of a document; empty when a document never changes"),
    Column("known_at", "timestamp", "when Argosy learned it, UTC"),
    Column("superseded_at", "timestamp", "when Argosy learned better, UTC; NULL while it holds"),
)

_TYPES = {
    "text": "string",
    "money": "decimal(18,4)",
    "rate": "decimal(18,10)",
    "number": "decimal(18,4)",
    "int": "int64",
    "time": "timestamp",
    "date": "date",
    "flag": "boolean",
}


def _table(name: str, meaning: str, columns: str, *, key: str, document: str = "") -> FactTable:
    """Read one declaration: a line per column, ``name type meaning``."""
    parsed = []
    for line in columns.strip().splitlines():
        column, kind, text = line.split(maxsplit=2)
        parsed.append(Column(column, _TYPES[kind], text))
    return FactTable(
        name=name,
        meaning=meaning,
        key=tuple(key.split()),
        document=tuple((document or key).split()),
        columns=tuple(parsed),
    )


_TABLES = (
    _table(
        "channels",
        "The shops, marketplaces and providers whose exports were read.",
        """
        channel_id text  kind and account, shopify:main
        kind       text  amazon, shopify, tiktok_shop, mercado_libre, ebay, etsy, woocommerce, stripe, ...
        country    text  ISO 3166 country it sells in, when all it sells goes there
        timezone   text  IANA zone of its local times
        currency   text  ISO 4217 currency of amounts without one
        """,
        key="channel_id",
    ),
    _table(
        "products",
        "What is sold.",
        """
        sku            text   the seller's own article number
        title          text   name
        brand          text   brand
        category       text   category in the source's words
        hs_code        text   HS 2022 code
        origin_country text   ISO 3166 country of origin
        weight_g       int    weight in grams
        length_mm      int    length in millimetres
        width_mm       int    width in millimetres
        height_mm      int    height in millimetres
        battery        flag   whether it holds a battery
        liquid         flag   whether it is or holds a liquid
        magnet         flag   whether it holds a magnet
        for_children   flag   whether it is made for children
        food_contact   flag   whether it touches food
        cosmetic       flag   whether it is a cosmetic
        electric       flag   whether it runs on electricity
        textile        flag   whether it is made of cloth
        lifecycle      text   stage in the seller's words: new, core, phase_out ...
        """,
        key="sku",
    ),
    _table(
        "categories",
        "What categories are called.",
        """
        category_id text  the channel and the source's word
        category    text  the source's word
        locale      text  language of the name, BCP 47
        name        text  name in that language
        """,
        key="category_id locale",
    ),
    _table(
        "customers",
        "Buyers whose orders only refer to them; no contact data.",
        """
        customer_ref    text  the buyer as orders refer to them
        customer_key    text  keyed hash of the person: one for all their orders
        channel_id      text  the channel
        country         text  ISO 3166
        region          text  state or province
        city            text  city
        postcode_prefix text  first three characters of the postal code
        """,
        key="customer_ref",
    ),
    _table(
        "sellers",
        "Who sells and sends on a marketplace that is read as a whole.",
        """
        seller_id       text  the channel and the channel's number
        channel_id      text  the channel
        country         text  ISO 3166
        region          text  state or province
        city            text  city
        postcode_prefix text  first three characters of the postal code
        """,
        key="seller_id",
    ),
    _table(
        "places",
        "Where a postal code area lies: the middle of the points a source gives for it.",
        """
        place_id        text  country, region and postcode prefix
        country         text  ISO 3166
        region          text  state or province
        postcode_prefix text  first three characters of the postal code
        latitude        rate  degrees north
        longitude       rate  degrees east
        points          int   points it is the middle of
        """,
        key="place_id",
    ),
    _table(
        "orders",
        "What buyers ordered.",
        """
        order_id        text  channel and the channel's order number, shopify:main:#1001
        channel_id      text  the channel
        order_name      text  the order number as people write it
        customer_key    text  keyed hash of the buyer
        customer_ref    text  the buyer in the table customers, where the order itself does not say who it is
        placed_at       time  when it was placed, UTC
        placed_on       date  the shop's local day it was placed on
        paid_at         time  when it was paid, UTC
        cancelled_at    time  when it was cancelled, UTC
        status          text  pending, open, shipped, delivered, cancelled, refunded, adjustment
        currency        text  ISO 4217
        ship_by         time  last moment to hand it to the carrier, UTC
        deliver_by      time  last moment of the delivery promised to the buyer, UTC
        country         text  ISO 3166 country it goes to, else the source's own words
        region          text  state or province
        city            text  city
        postcode_prefix text  first three characters of the postal code
        payment_method  text  how the buyer paid, as the source says
        refunded        money what the source says was given back in all, undated
        total           money what the source says the lines come to in all
        """,
        key="order_id",
    ),
    _table(
        "order_lines",
        "The lines of orders. Amounts are for the whole line except unit_price.",
        """
        order_id         text   the order
        line_no          text   number of the line inside its order
        kind             text   goods, shipping, discount, gift_card, sample, write_off, other
        sku              text   article number
        title            text   name on the line
        quantity         int    units, negative on a credit
        unit_price       money  price of one unit before discount
        discount         money  discount on the line, positive
        tax              money  VAT, GST or sales tax on the line and its shipping
        tax_included     flag   whether price and shipping contain the tax
        tax_collected_by text   who hands the tax on: seller or channel
        shipping         money  what the buyer pays for shipping, this line's part
        shipped_at       time   when the line was handed to the carrier, UTC
        ship_by          time   last moment to hand the line to the carrier, UTC
        seller_id        text   who sold and sent it, on a marketplace read as a whole
        currency         text   ISO 4217
        """,
        key="order_id line_no",
        document="order_id",
    ),
    _table(
        "payments",
        "What buyers paid, attempt by attempt.",
        """
        payment_id   text   the provider's number
        order_id     text   the order; a declined attempt may have none
        channel_id   text   the shop where it was tried
        provider     text   channel_id of the provider
        method       text   card, wallet, boleto, voucher ...
        installments int    number of instalments
        amount       money  amount
        currency     text   ISO 4217
        attempted_at time   when, UTC
        outcome      text   authorised, captured, declined, expired, voided
        country      text   ISO 3166 country of the buyer
        decline_code text   why it was declined, in the provider's words
        three_ds     flag   whether the buyer went through 3-D Secure
        """,
        key="payment_id",
    ),
    _table(
        "refunds",
        "What was given back to buyers, as the shop says.",
        """
        refund_id   text   the shop's number
        order_id    text   the order it belongs to, or the credit note when the source does not say
        sku         text   article given back
        quantity    int    units
        amount      money  given back for goods, before tax when the tax stands beside it, positive
        tax         money  tax given back, positive
        shipping    money  shipping given back, positive
        currency    text   ISO 4217
        requested_at time  when it was asked for, UTC
        refunded_at time   when it was given, UTC
        reason      text   reason in the source's words
        resellable  flag   whether the goods came back fit for sale
        """,
        key="refund_id",
    ),
    _table(
        "fees",
        "What channels and providers charge outside a statement of theirs.",
        """
        fee_id     text   number
        channel_id text   who charges, or the channel it is charged for
        payee      text   who is owed it by a bill of its own; NULL: the channel takes it from what it owes
        order_id   text   for which order, if for one
        sku        text   for which article, if for one
        kind       text   referral, fulfilment, storage, payment, subscription, ad, customs, other
        amount     money  positive when charged, negative when given back
        currency   text   ISO 4217
        charged_at time   when, UTC
        """,
        key="fee_id",
    ),
    _table(
        "payouts",
        "What channels and providers say they pay out.",
        """
        payout_id    text   the provider's number
        channel_id   text   who pays
        amount       money  the header's amount
        currency     text   ISO 4217
        period_start time   first moment covered, UTC
        period_end   time   last moment covered, UTC
        sent_on      date   day it was sent
        due_on       date   day it is due
        status       text   pending, paid, failed
        """,
        key="payout_id",
    ),
    _table(
        "payout_lines",
        "The lines behind payouts: what a channel or provider added to and took from the seller's money.",
        """
        line_id     text   the provider's number of the line
        payout_id   text   the payout it is in; NULL while none
        channel_id  text   who holds the money
        kind        text   one of argosy.model.payouts.KINDS
        order_id    text   the order, when the line names one
        order_ref   text   the order in the provider's own words
        sku         text   article
        quantity    int    units, on the line that carries them
        description text   the provider's words
        amount      money  signed: positive adds to the seller's money
        currency    text   ISO 4217
        posted_at   time   when, UTC
        country     text   ISO 3166 country of the sale
        """,
        key="line_id",
    ),
    _table(
        "reviews",
        "What buyers said about their orders.",
        """
        review_id   text  the channel's number of the review, with the order
        channel_id  text  where it was written
        order_id    text  the order
        sku         text  article it is about
        stars       int   1 to 5
        title       text  title
        text        text  words
        locale      text  language of the words, BCP 47
        written_at  time  when it was asked for or written, UTC
        answered_at time  when the buyer answered, UTC
        """,
        key="review_id",
    ),
    _table(
        "bank_lines",
        "Movements on the seller's bank accounts.",
        """
        bank_line_id text   number
        account      text   the account
        amount       money  signed: positive is money in
        currency     text   ISO 4217
        booked_on    date   booking day
        reference    text   text of the bank
        """,
        key="bank_line_id",
    ),
    _table(
        "shipments",
        "Parcels.",
        """
        shipment_id  text   number
        order_id     text   the order
        carrier      text   carrier
        service      text   service
        tracking_no  text   tracking number
        shipped_at   time   handed to the carrier, UTC
        delivered_at time   delivered, UTC
        ship_by      time   last moment agreed for handing over, UTC
        deliver_by   time   last moment of the delivery promised, UTC
        cost         money  what the seller pays
        currency     text   ISO 4217 of cost and declared value
        origin       text   where it leaves: warehouse, region or country
        country      text   ISO 3166 country it goes to
        weight_g     int    weight in grams
        declared_value money  value told to customs
        incoterm     text   Incoterms 2020 code, DDP or DAP
        """,
        key="shipment_id",
    ),
    _table(
        "tracking_events",
        "What carriers tell of parcels on their way.",
        """
        tracking_no text  tracking number
        carrier     text  carrier
        at          time  when it happened, UTC
        status_said text  status in the carrier's or tracking service's words
        status      text  pending, picked_up, in_transit, on_hold, out_for_delivery, delivered ... (intake/tracking.py)
        location    text  where
        country     text  ISO 3166
        """,
        key="tracking_no at status_said",
    ),
    _table(
        "carrier_charges",
        "The lines of carriers' bills.",
        """
        charge_id           text   number made of the line's content
        invoice             text   the bill
        carrier             text   who charges
        tracking_no         text   the parcel, when the line names one
        kind                text   freight, fuel, remote_area, return, other
        charged_on          date   day
        chargeable_weight_g int    weight the carrier charges, grams
        amount              money  positive when charged, negative when given back
        currency            text   ISO 4217
        """,
        key="charge_id",
    ),
    _table(
        "customs_charges",
        "What importing parcels cost at customs.",
        """
        charge_id   text   number
        tracking_no text   the parcel, when the charge names one
        kind        text   duty, vat, handling, brokerage
        charged_on  date   day
        amount      money  positive when charged, negative when given back
        currency    text   ISO 4217
        """,
        key="charge_id",
    ),
    _table(
        "stock_levels",
        "What lay in warehouses, day by day.",
        """
        warehouse_id text  warehouse as the seller names it
        sku          text  article
        on_date      date  day
        on_hand      int   units in the warehouse
        reserved     int   units reserved for orders
        inbound      int   units on their way to it
        unsellable   int   units unfit for sale
        """,
        key="warehouse_id sku on_date",
    ),
    _table(
        "stock_moves",
        "What came into stock or left it other than by a sale.",
        """
        move_id      text  number
        warehouse_id text  warehouse as the seller names it
        sku          text  article
        quantity     int   signed
        kind         text  adjustment, damage, found, sample, other
        at           time  when, UTC
        note         text  words of the source
        """,
        key="move_id",
    ),
    _table(
        "cost_lots",
        "What goods cost: a lot received, or a standard cost from a day on.",
        """
        lot_id            text   number
        sku               text   article
        received_on       date   day received, or first day the cost holds; NULL: always
        quantity          int    units received; NULL: a standard cost, any number of units
        unit_cost         money  purchase price of one unit
        currency          text   ISO 4217 of the purchase price
        freight           money  inbound freight: of the whole lot, of one unit for a standard cost
        freight_currency  text   ISO 4217
        duty              money  import duty: of the whole lot, of one unit for a standard cost
        duty_currency     text   ISO 4217
        supplier          text   who sold it
        """,
        key="lot_id",
    ),
    _table(
        "suppliers",
        "Who the seller buys from.",
        """
        supplier_id        text  supplier as the seller names it
        name               text  name of the company
        country            text  ISO 3166
        currency           text  ISO 4217 it is paid in
        payment_days       int   days from delivery to payment
        min_order_quantity int   units it takes an order for at least
        lead_days_quoted   int   days it says it needs from order to delivery
        """,
        key="supplier_id",
    ),
    _table(
        "po_lines",
        "The lines of purchase orders.",
        """
        po_id              text   number of the purchase order
        line_no            text   number of the line inside it
        supplier_id        text   supplier as the seller names it
        sku                text   article
        quantity           int    units ordered
        unit_cost          money  price of one unit
        currency           text   ISO 4217
        ordered_on         date   day it was ordered
        promised_on        date   day the supplier promised the goods for
        received_on        date   day they came in; NULL: not yet
        received_quantity  int    units that came in
        defective_quantity int    units of them that are not sound
        incoterm           text   Incoterms 2020 code
        """,
        key="po_id line_no",
        document="po_id",
    ),
    _table(
        "contracts",
        "What was agreed with partners.",
        """
        contract_id text  number
        partner     text  the other side
        kind        text  kind in the seller's words
        starts_on   date  first day it holds
        ends_on     date  last day it holds
        terms       text  terms in the seller's words
        """,
        key="contract_id",
    ),
    _table(
        "milestones",
        "What a contract says is to be done, and by when.",
        """
        contract_id  text  the contract
        milestone_no text  number or name of the milestone inside it
        due_on       date  day it is due
        done_on      date  day it was done; NULL: not yet
        owner        text  who looks after it
        """,
        key="contract_id milestone_no",
        document="contract_id",
    ),
    _table(
        "ad_days",
        "What advertising cost and brought, day by day.",
        """
        ad_day_id   text   platform, campaign, group, ad, country and day
        platform    text   channel_id of the ad account
        campaign    text   campaign
        ad_group    text   ad set or group
        ad          text   ad
        country     text   ISO 3166
        day         date   day in the account's zone
        sku         text   article advertised, if one
        impressions int    times shown
        clicks      int    clicks
        spend       money  cost
        currency    text   ISO 4217
        orders      int    orders the platform claims
        revenue     money  revenue the platform claims
        """,
        key="ad_day_id",
    ),
    _table(
        "disputes",
        "Payments that buyers or their banks dispute; what they cost stands in the providers' statements.",
        """
        dispute_id text   the provider's number
        channel_id text   the shop
        order_id   text   the order
        amount     money  disputed amount
        currency   text   ISO 4217
        reason     text   reason in the provider's words
        opened_at  time   when it was opened, UTC
        respond_by time   last moment to answer with evidence, UTC
        outcome    text   won, lost, withdrawn, else the source's word; NULL: not decided
        closed_at  time   when it was decided, UTC
        """,
        key="dispute_id",
    ),
    _table(
        "touchpoints",
        "What visitors of a shop did, and where they came from.",
        """
        visitor_key    text  keyed hash of the visitor
        session_id     text  visit
        at             time  when, UTC
        traffic_source text  where the visitor came from: google, newsletter ...
        medium         text  by which kind of way: cpc, email, organic ...
        campaign       text  campaign
        country        text  ISO 3166
        event          text  view, cart, checkout, purchase
        sku            text  article it was about
        channel_id     text  the shop
        order_id       text  the order it became
        """,
        key="visitor_key at event",
    ),
    _table(
        "search_days",
        "What buyers looked for on a market, day by day.",
        """
        market   text   ISO 3166 country, else the source's own words
        keyword  text   words searched for
        day      date   day
        searches int    times searched for
        clicks   int    clicks on the seller's articles
        rank     number place of the seller's best article, 1 is first, a mean where it has decimals
        """,
        key="market keyword day",
    ),
    _table(
        "messages",
        "What buyers and the seller wrote to each other; no contact data in their words.",
        """
        message_id   text  number
        thread_id    text  conversation; a message without one is its own
        channel_id   text  where it was written
        order_id     text  the order it is about
        customer_key text  keyed hash of the buyer
        direction    text  in: from the buyer; out: to the buyer
        author       text  customer, agent, bot
        locale       text  language of the words, BCP 47
        text         text  words
        sent_at      time  when, UTC
        """,
        key="message_id",
    ),
    _table(
        "competitor_prices",
        "What others ask for an article like the seller's.",
        """
        market        text   ISO 3166 country, else the source's own words
        sku           text   the seller's article
        competitor    text   who asks it
        at            time   when it was seen, UTC
        price         money  price a buyer pays for one unit
        currency      text   ISO 4217
        in_stock      flag   whether it could be bought
        delivery_days number days the competitor says delivery takes
        """,
        key="market sku competitor at",
    ),
    _table(
        "fx_rates",
        "What one unit of a currency was worth in the book currency, every day of the calendar.",
        """
        day       date   day
        currency  text   ISO 4217
        per_unit  rate   book currency for one unit
        quoted_on date   the day the rate was published; before ``day`` on weekends and holidays
        """,
        key="day currency",
    ),
)

FACTS: Mapping[str, FactTable] = MappingProxyType({table.name: table for table in _TABLES})


def schema(table: FactTable) -> dict[str, str]:
    """Return column name -> Ibis type of a fact table as it is stored, provenance last."""
    return {column.name: column.type for column in (*table.columns, *PROVENANCE)}
