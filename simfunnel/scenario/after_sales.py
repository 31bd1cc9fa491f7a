"""Who bought is looked after: what keeps customers satisfied, what care costs, and what satisfied customers bring.

Satisfaction lies between 0 and 1. "Odds ratio of the satisfied" means that of a wholly satisfied customer against
one at one half; who is not satisfied at all has its inverse.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictBool

from simfunnel.scenario.keys import (
    MAX_REFERRED,
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
    Rate,
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
        constant(0.5), "what the product turns out to be worth; drawn for every customer", "share", "0 to 1"
    )
    promise: Share = key(fixed(0), "lost because more was promised", "share", "0 to 1")
    pressure: Share = key(fixed(0), "lost by who conceded the sale under pressure", "share", "0 to 1")
    bad_fit: Share = key(fixed(0), "lost by whom the product does not fit", "share", "0 to 1")


class Delivery(Block):
    """When the customer gets what it bought."""

    days: Lapse = key(constant(0), "from the sale to the delivery; drawn for every customer", "days", "0 to 36,500")
    promised: FixedLapse = key(fixed(0), "promised time; what is later disappoints", "days", "0 to 36,500")
    per_day_late: Share = key(fixed(0), "satisfaction lost for each calendar day late", "share a day", "0 to 1")


class Defect(Block):
    """A hidden fault of what is delivered: found and mended before it shows, or not."""

    rate: Share = key(fixed(0), "deliveries with a hidden defect", "share", "0 to 1")
    shows_after: Lapse = key(
        constant(30), "from the delivery until it shows, if nobody found it; drawn for each", "days", "0 to 36,500"
    )
    drop: Share = key(fixed(0), "satisfaction lost when it shows", "share", "0 to 1")
    complains: Share = key(
        fixed(0.5), "of those whose defect shows: complain; the others are lost in silence", "share", "0 to 1"
    )
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied (before the drop) on complaining", "odds ratio", "> 0")
    cost: Money = key(fixed(0), "of mending one, besides time", "currency", ">= 0")


class Remorse(Block):
    """The time in which a customer may cancel the purchase; it is tempted once, at a time drawn within it."""

    window: FixedLapse = key(..., "time from the sale in which it may cancel", "days", "0 to 36,500")
    cancels: Share = key(..., "of the customers: cancel, at satisfaction one half", "share", "0 to 1")
    conceded: Pressure = key(
        fixed(1), "odds ratio on cancelling of who conceded the sale under pressure", "odds ratio", ">= 1"
    )
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on keeping what they bought", "odds ratio", "> 0")
    recovered: Share = key(fixed(1), "part of the unit cost that comes back with the goods", "share", "0 to 1")


class CustomerInitiated(Block):
    """The customer calls: a complaint or a suggestion, which waits for an answer."""

    suggestions_every: Lapse | None = key(
        None, "from one suggestion of a customer to its next, drawn for each (default: none)", "days", "0 to 36,500"
    )
    lift: Odds = key(fixed(1), "odds ratio on satisfaction of an answer", "odds ratio", "> 0")
    odds_per_day: Odds = key(
        fixed(1),
        "odds ratio on satisfaction for each calendar day until the answer, of 60 at most",
        "odds ratio",
        "> 0",
    )
    patience: FixedLapse | None = key(
        None, "who waits longer for the answer to a complaint is lost (default: nobody)", "days", "0 to 36,500"
    )
    minutes: Minutes = key(constant(900_000), "answering, mending included", "minutes", "0 to 4 h")


class ContactMinutes(Block):
    """How long a contact keeps the member."""

    talk: Minutes = key(constant(600_000), "a contact that reaches the customer", "minutes", "0 to 4 h")
    not_reached: Minutes = key(constant(60_000), "one that does not", "minutes", "0 to 4 h")


class Dates(Block):
    """When contacts of one kind are due, counted from the sale."""

    days: tuple[Days, ...] = key((), "times after the sale, ascending", "days", ">= 1 day")
    every: Days | None = key(None, "after the last of them, again and again (default: no more)", "days", ">= 1 day")
    cost: Money = key(fixed(0), "of one, besides time", "currency", ">= 0")


class Visit(Dates):
    """Contacts that are work for a member."""

    reached: Share = key(fixed(1), "of the contacts: reach the customer", "share", "0 to 1")
    minutes: ContactMinutes = key(ContactMinutes(), "how long a contact takes")


class SellerInitiated(Visit):
    """The seller asks how it goes: finds defects, approves the choice, offers more, may ask for referrals."""

    finds: Share = key(fixed(1), "of the hidden defects: found, and mended at once", "share", "0 to 1")
    lift: Odds = key(fixed(1), "odds ratio on satisfaction", "odds ratio", "> 0")
    approves: Odds = key(
        fixed(1), "odds ratio on cancelling, if it is before the customer is tempted to (below 1 is good)",
        "odds ratio", "> 0",
    )  # fmt: skip
    asks: StrictBool = key(False, "ask for referrals")


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
    half_life: FixedLapse = key(fixed(14), "time in which half of the lift fades (of its logarithm)", "days", "> 0")


class Survey(Dates):
    """Questions by message: they only find; what is found is a task."""

    responds: Share = key(fixed(1), "of the asked: answer", "share", "0 to 1")
    finds: Share = key(fixed(1), "of the hidden defects of who answers: found", "share", "0 to 1")


class BgNbd(Block):
    """Buying in calendar time until a hidden dropout (Fader, Hardie, Lee: Counting your customers the easy way, 2005).

    The rate of purchases is gamma distributed over customers (shape r, rate alpha); after each repeat purchase a
    customer drops out with a probability that is beta distributed over customers (a, b).
    """

    r: Positive = key(..., "shape of the rate of purchases", "number", "> 0")
    alpha: Positive = key(..., "its inverse scale, in units of `per`", "number", "> 0")
    a: Positive = key(..., "first parameter of the share that drops out after a purchase", "number", "> 0")
    b: Positive = key(..., "second parameter", "number", "> 0")
    per: Literal["day", "week"] = key("week", "the unit of time of alpha")


class Repeat(Block):
    """Buying again: occasions come, and a satisfied customer takes more of them; or BG/NBD."""

    every: Lapse | None = key(
        None, "from one occasion to buy again to the next; drawn for each (instead of bg_nbd)", "days", "0 to 36,500"
    )
    bought: Share | None = key(
        None, "of the occasions: taken, at satisfaction one half (instead of bg_nbd)", "share", "0 to 1"
    )
    bg_nbd: BgNbd | None = key(None, "purchases by BG/NBD (instead of every and bought)")
    satisfied: Odds = key(
        fixed(1), "odds ratio of the satisfied on taking an occasion; with bg_nbd, on not dropping out", "odds ratio",
        "> 0",
    )  # fmt: skip
    leaves: Share = key(
        fixed(0), "of the occasions not taken: the customer is lost for good (with every)", "share", "0 to 1"
    )
    revenue: MoneyPerEvent = key(constant(0), "of one purchase; drawn for each", "currency", ">= 0")
    unit_cost: Money = key(fixed(0), "cost of what is bought", "currency per purchase", ">= 0")


class CrossSale(Block):
    """Something else is offered at each seller-initiated contact that reaches the customer."""

    sold: Share = key(..., "of the offers: taken, at satisfaction one half", "share", "0 to 1")
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on taking it", "odds ratio", "> 0")
    most: Annotated[int, whole(1, 1_000)] = key(1, "times that one customer buys it at most", "purchases", "1 to 1,000")
    revenue: MoneyPerEvent = key(constant(0), "of one; drawn for each", "currency", ">= 0")
    unit_cost: Money = key(fixed(0), "cost of what is bought", "currency per purchase", ">= 0")


class Referral(Block):
    """Who is asked may name others, who are new leads in a segment of their own; who conceded never does."""

    segment: str = key(..., "the warm segment in which they are leads: it has no others")
    given: Share = key(..., "of the askings: names are given, at satisfaction one half", "share", "0 to 1")
    satisfied: Odds = key(fixed(1), "odds ratio of the satisfied on giving names", "odds ratio", "> 0")
    names: Rate = key(fixed(1), "names then, on average (a Poisson number)", "names", "0 to 100,000")
    circle: StrictBool = key(True, "the named become leads; false cuts the circle, on the same chance")
    limit: Annotated[int, whole(1, MAX_REFERRED)] = key(
        LIMIT, "leads from referrals in one history at most", "leads", f"1 to {MAX_REFERRED:,}"
    )


class Resale(Block):
    """Some customers resell: they reorder only as far as the last order has sold through."""

    share: Share = key(..., "of the customers: resell", "share", "0 to 1")
    sells_in: Lapse = key(..., "time in which an order sells through; drawn for every customer", "days", "> 0")


class Quality(Block):
    """A programme that makes members keep to the calendar more and more."""

    cost_per_month: Money = key(fixed(0), "of the programme, every month of the horizon", "currency per month", ">= 0")
    odds_per_month: Odds = key(
        fixed(1), "odds ratio on `consistency` for each calendar month since the start", "odds ratio", "> 0"
    )
    months: Annotated[int, whole(1, 120)] = key(12, "months after which it rises no more", "months", "1 to 120")


class AfterSales(Block):
    """Looking after those who bought."""

    team: str = key(..., "the team that looks after customers")
    by: Literal["closer", "anyone"] = key(
        "closer", "closer: the member who sold, before all else on the list (if of the team; else one for good); "
        "anyone: who is free",
    )  # fmt: skip
    consistency: tuple[Share, ...] = key(
        (), "of the contacts that are due: each member keeps to, lowest seat first (default: all); the rest is forgotten",
        "share", "one a member",
    )  # fmt: skip
    familiar: Odds = key(
        fixed(1), "odds ratio of the face that sold on what a contact achieves: lift, cross-sale, names", "odds ratio",
        "> 0",
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
