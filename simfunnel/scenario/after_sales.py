"""Who bought is looked after: what keeps customers satisfied, what care costs, and what satisfied customers bring.

Satisfaction lies between 0 and 1. An "odds ratio of the satisfied" R is that of a wholly satisfied customer (1) against
one at one half; who is not satisfied at all (0) has 1/R, and who is between has R ** ((satisfaction - 0.5) / 0.5).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictBool

from simfunnel.scenario.keys import (
    MAX_REFERRED,
    Average,
    Block,
    Days,
    FixedLapse,
    Lapse,
    Minutes,
    Money,
    MoneyPerEvent,
    Odds,
    Positive,
    Pressure,
    Share,
    ShareEach,
    key,
    whole,
)
from simfunnel.scenario.quantities import constant, fixed

LIMIT = 20_000


class Satisfaction(Block):
    """What a customer's satisfaction starts with: reality less promise, pressure, bad fit, and lateness."""

    reality: ShareEach = key(
        constant(0.5), "how good the product turns out to be; drawn for every customer", "satisfaction", "0 to 1"
    )
    promise: Share = key(fixed(0), "lost by all, as more was promised than is kept", "satisfaction", "0 to 1")
    pressure: Share = key(fixed(0), "lost by who conceded the sale under pressure", "satisfaction", "0 to 1")
    bad_fit: Share = key(fixed(0), "lost by customers for whom the product is not right", "satisfaction", "0 to 1")


class Delivery(Block):
    """When the customer gets what it bought."""

    days: Lapse = key(constant(0), "from the sale to the delivery; drawn for every customer", "days", "0 to 36,500")
    promised: FixedLapse = key(fixed(0), "time that was promised; a later delivery disappoints", "days", "0 to 36,500")
    per_day_late: Share = key(fixed(0), "lost for each calendar day late", "satisfaction per day", "0 to 1")


class Defect(Block):
    """A hidden fault of what is delivered: found and mended before it shows, or not."""

    rate: Share = key(fixed(0), "of the deliveries: have a hidden defect", "share of deliveries", "0 to 1")
    shows_after: Lapse = key(
        constant(30),
        "from the delivery until it shows, if nobody found and mended it; drawn for each",
        "days",
        "0 to 36,500",
    )
    drop: Share = key(fixed(0), "lost when it shows", "satisfaction", "0 to 1")
    complains: Share = key(
        fixed(0.5),
        "of those whose defect shows: complain, at satisfaction one half, and all who told a survey of it; "
        "the others are lost in silence",
        "share",
        "0 to 1",
    )
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on complaining, before the drop", "odds ratio", "> 0")
    cost: Money = key(fixed(0), "of mending one, besides time", "currency per defect", ">= 0")


class Remorse(Block):
    """The time in which a customer may cancel the purchase; each is tempted once, at a time drawn within it."""

    window: FixedLapse = key(..., "time from the sale in which a customer may cancel", "days", "0 to 36,500")
    cancels: Share = key(..., "of the customers: cancel, at satisfaction one half", "share of customers", "0 to 1")
    conceded: Pressure = key(
        fixed(1), "odds ratio on cancelling, of who conceded the sale under pressure", "odds ratio", ">= 1"
    )
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on keeping what they bought", "odds ratio", "> 0")
    recovered: Share = key(fixed(1), "of the unit cost: comes back with the goods", "share of the cost", "0 to 1")


class CustomerInitiated(Block):
    """The customer calls: a complaint or a suggestion, which waits for an answer."""

    suggestions_every: Lapse | None = key(
        None,
        "from one suggestion of a customer to the next, and to the first; drawn for each (default: none)",
        "days",
        "> 0, <= 36,500",
    )
    lift: Odds = key(fixed(1), "odds ratio on satisfaction, by an answer", "odds ratio", "> 0")
    odds_per_day: Odds = key(
        fixed(1),
        "odds ratio on satisfaction for each calendar day from the call to the answer, of 60 at most",
        "odds ratio",
        "> 0",
    )
    patience: FixedLapse | None = key(
        None, "who waits longer for the answer to a complaint is lost (default: nobody)", "days", "0 to 36,500"
    )
    minutes: Minutes = key(constant(900_000), "an answer, mending included", "minutes", "0 to 4 h")


class ContactMinutes(Block):
    """How long a contact keeps the member."""

    talk: Minutes = key(constant(600_000), "a contact that reaches the customer", "minutes", "0 to 4 h")
    not_reached: Minutes = key(constant(60_000), "one that does not", "minutes", "0 to 4 h")


class Dates(Block):
    """When contacts of one kind are due, counted from the sale."""

    days: tuple[Days, ...] = key((), "times after the sale, ascending", "days", "each >= 1 day")
    every: Days | None = key(
        None, "from the last of these days (if there are none: from the sale) on, every so often (default: no more)",
        "days", ">= 1 day",
    )  # fmt: skip
    cost: Money = key(fixed(0), "of one, besides time", "currency per contact", ">= 0")


class Visit(Dates):
    """Contacts that are work for a member."""

    reached: Share = key(fixed(1), "of the contacts: reach the customer", "share of contacts", "0 to 1")
    minutes: ContactMinutes = key(ContactMinutes(), "how long a contact takes")


class SellerInitiated(Visit):
    """The seller asks how it goes: finds defects, approves the choice, offers more, may ask for referrals."""

    finds: Share = key(
        fixed(1), "of the hidden defects: found at a contact, and mended at once", "share of defects", "0 to 1"
    )
    lift: Odds = key(fixed(1), "odds ratio on satisfaction, by a contact", "odds ratio", "> 0")
    approves: Odds = key(
        fixed(1), "odds ratio on cancelling, if the customer is reached before it is tempted to (below 1 is good)",
        "odds ratio", "> 0",
    )  # fmt: skip
    asks: StrictBool = key(
        False, "ask those who are reached to name others (after_sales.referral); who conceded the sale names nobody"
    )


class Cooperative(Visit):
    """Working on the product together: later customers get fewer defects."""

    odds_defect: Odds = key(
        fixed(1), "odds ratio on a defect of later deliveries, for each contact that reached, of 1,000 at most",
        "odds ratio", "> 0",
    )  # fmt: skip


class Friendly(Visit):
    """A word without business: who is asked for referrals later gives more readily."""

    odds_referral: Odds = key(
        fixed(1), "odds ratio on giving names, for each contact that reached, of 60 at most", "odds ratio", "> 0"
    )


class Mailing(Dates):
    """Messages that lift satisfaction for a while; a new one takes the place of the last."""

    lift: Odds = key(fixed(1), "odds ratio on satisfaction on the day of the message", "odds ratio", "> 0")
    half_life: FixedLapse = key(
        fixed(14), "time in which half of the lift is gone (of its log-odds)", "days", "> 0, <= 36,500"
    )


class Survey(Dates):
    """Questions by message: they only find; what is found is a task."""

    responds: Share = key(fixed(1), "of those who are asked: answer", "share of messages", "0 to 1")
    finds: Share = key(
        fixed(1), "of the hidden defects of those who answer: found, and mended later", "share of defects", "0 to 1"
    )


class BgNbd(Block):
    """Buying in calendar time until a hidden dropout (Fader, Hardie, Lee: Counting your customers the easy way, 2005).

    The rate of purchases is gamma distributed over customers (shape r, rate alpha); after each repeat purchase a
    customer drops out with a probability that is beta distributed over customers (a, b).
    """

    r: Positive = key(..., "shape of the gamma distribution of purchase rates over customers", "number", "> 0")
    alpha: Positive = key(..., "its rate: r / alpha purchases per day or week (`per`) on average", "number", "> 0")
    a: Positive = key(
        ..., "first parameter of the beta distribution of dropping out after a purchase: a / (a + b) on average",
        "number", "> 0",
    )  # fmt: skip
    b: Positive = key(..., "second parameter of it", "number", "> 0")
    per: Literal["day", "week"] = key("week", "the unit of time in which alpha is given")


class Repeat(Block):
    """Buying again: occasions come, and a satisfied customer takes more of them; or BG/NBD.

    Time counts from the sale, be the goods delivered or not.
    """

    every: Lapse | None = key(
        None, "from the sale to the first occasion to buy again, and from each to the next; drawn for each (or give "
        "bg_nbd)", "days", "> 0, <= 36,500",
    )  # fmt: skip
    bought: Share | None = key(
        None, "of the occasions: taken, at satisfaction one half (or give bg_nbd)", "share of occasions", "0 to 1"
    )
    bg_nbd: BgNbd | None = key(None, "purchases by BG/NBD (instead of every and bought)")
    satisfied: Odds = key(
        fixed(1), "odds ratio of the satisfied on taking an occasion; with bg_nbd, on not dropping out", "odds ratio",
        "> 0",
    )  # fmt: skip
    leaves: Share = key(
        fixed(0), "of the occasions not taken: the customer is lost for good (not with bg_nbd)", "share", "0 to 1"
    )
    revenue: MoneyPerEvent = key(constant(0), "of one purchase; drawn for each", "currency per purchase", ">= 0")
    unit_cost: Money = key(
        fixed(0), "cost of what is bought; of a part of an order, that part", "currency per purchase", ">= 0"
    )


class CrossSale(Block):
    """Something else is offered at each seller-initiated contact that reaches the customer."""

    sold: Share = key(..., "of the offers: taken, at satisfaction one half", "share of offers", "0 to 1")
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on taking it", "odds ratio", "> 0")
    most: Annotated[int, whole(1, 1_000)] = key(
        1, "times that one customer buys it, at most", "purchases", "1 to 1,000"
    )
    revenue: MoneyPerEvent = key(constant(0), "of one purchase; drawn for each", "currency per purchase", ">= 0")
    unit_cost: Money = key(fixed(0), "cost of what is bought", "currency per purchase", ">= 0")


class Referral(Block):
    """Who is asked may name others, who are new leads in a segment of their own; who conceded never does."""

    segment: str = key(..., 'the segment in which they are leads: temperature = "warm", and no others in it', "segment")
    given: Share = key(
        ..., "of the times that a customer is asked: names are given, at satisfaction one half", "share", "0 to 1"
    )
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on giving names", "odds ratio", "> 0")
    names: Average = key(fixed(1), "names then, on average; a Poisson number, so it may be none", "names", "0 to 1,000")
    circle: StrictBool = key(
        True, "those who are named become leads; false: they are counted only, and the circle is cut"
    )
    limit: Annotated[int, whole(1, MAX_REFERRED)] = key(
        LIMIT, "leads from referrals in one history, at most", "leads", f"1 to {MAX_REFERRED:,}"
    )


class Resale(Block):
    """Some customers resell: they reorder only as far as the last order has sold through."""

    share: Share = key(..., "of the customers: resell", "share of customers", "0 to 1")
    sells_in: Lapse = key(
        ...,
        "time in which an order sells through, from the day it is made; drawn for every customer",
        "days",
        "> 0, <= 36,500",
    )


class Quality(Block):
    """A programme by which members keep to the calendar more and more."""

    cost_per_month: Money = key(
        fixed(0), "of the programme, in every month of the horizon", "currency per month", ">= 0"
    )
    odds_per_month: Odds = key(
        fixed(1), "odds ratio on `consistency` for each calendar month since the start", "odds ratio", "> 0"
    )
    months: Annotated[int, whole(1, 120)] = key(12, "months after which it rises no more", "months", "1 to 120")


class AfterSales(Block):
    """Looking after those who bought."""

    team: str = key(..., "the team that looks after customers")
    by: Literal["closer", "anyone"] = key(
        "closer", "closer: the member who sold, before all else on its list (one for good, if another team sold); "
        "anyone: whoever is free",
    )  # fmt: skip
    consistency: tuple[Share, ...] = key(
        (), "of the contacts that are due: are not forgotten, for each member, lowest seat first (default: all)",
        "share", "one a member",
    )  # fmt: skip
    familiar: Odds = key(
        fixed(1), "odds ratio of the face that sold, on what a contact achieves: satisfaction, cross-sales, names",
        "odds ratio", "> 0",
    )  # fmt: skip
    satisfaction: Satisfaction = key(Satisfaction(), "what satisfaction starts with")
    delivery: Delivery = key(Delivery(), "when the customer gets it")
    defect: Defect = key(Defect(), "hidden defects")
    remorse: Remorse | None = key(None, "cancelling (default: nobody does)")
    customer_initiated: CustomerInitiated = key(CustomerInitiated(), "complaints and suggestions")
    seller_initiated: SellerInitiated | None = key(None, "asking how it goes (default: not done)")
    cooperative: Cooperative | None = key(None, "working on the product together (default: not done)")
    friendly: Friendly | None = key(None, "a word without business (default: not done)")
    marketing: Mailing | None = key(None, "messages (default: none)")
    survey: Survey | None = key(None, "questions by message (default: none)")
    repeat: Repeat | None = key(None, "buying again (default: nobody does)")
    cross_sale: CrossSale | None = key(None, "buying something else (default: nothing is offered)")
    referral: Referral | None = key(None, "naming others (default: nobody is named)")
    resale: Resale | None = key(None, "customers who resell (default: none)")
    quality: Quality | None = key(None, "a programme for consistency (default: none)")
