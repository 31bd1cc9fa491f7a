"""Pairs of scenarios for the keys of after-sales: see `test_no_dead_keys`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Column `column` with the key at `second`, on average, stands `above` or below (-1) the one at `first`.

    `given` holds in both scenarios; `with_first` and `with_second` only where the key cannot stand alone. `path`
    is the key itself, where it is not the one of the plain funnel.
    """

    first: str
    second: str
    column: str
    direction: int
    given: tuple[str, ...] = ()
    with_first: tuple[str, ...] = ()
    with_second: tuple[str, ...] = ()
    path: str = ""


def more(first: str, second: str, column: str, *given: str, path: str = "") -> Pair:
    return Pair(first, second, column, 1, given, path=path)


def less(first: str, second: str, column: str, *given: str) -> Pair:
    return Pair(first, second, column, -1, given)


# All buy at the first event; the hosts look after them for three months.
CARED = ("horizon='60 working days'", "after_sales={ team = 'hosts' }")
HAPPY = ("after_sales.satisfaction.reality=0.9",)
CONTACTED = (*CARED, "after_sales.seller_initiated={ days = ['3 days'] }")
WEEKLY = (*CARED, "after_sales.seller_initiated={ every = '1 week' }")
CLOSED = ("closing.closers=1", "closing.minutes.peak=1")
CLOSED_BY_ONE_OF_TWO = (*CLOSED, "teams.hosts.size=2")
LATE = (*CARED, "after_sales.delivery.days=20")
DEFECTIVE = (*CARED, "after_sales.defect={ rate = 0.8, shows_after = 10 }")
REGRETTED = (*CARED, "after_sales.remorse={ window = 20, cancels = 0.5 }")
SUGGESTED = (*CARED, "after_sales.customer_initiated.suggestions_every=5")
TOGETHER = (*CARED, "after_sales.cooperative={ every = '1 week' }")
BEFORE_DELIVERY = (*LATE, "after_sales.cooperative={ days = ['1 day'] }", "after_sales.defect.rate=0.8")
FRIENDLY = (*CARED, "after_sales.friendly={ every = '1 week' }")
MAILED = (*CARED, "after_sales.marketing={ every = '1 week' }")
SURVEYED = (*CARED, "after_sales.survey={ days = ['1 week'] }")
AGAIN = (*CARED, "after_sales.repeat={ every = 5, bought = 0.5, revenue = 100 }")
POOL = (*CARED, "after_sales.repeat={ bg_nbd = { r = 1, alpha = 1, a = 1, b = 2 } }")
CROSS = (*WEEKLY, "after_sales.cross_sale={ sold = 0.2, revenue = 50 }")
NAMED = (
    *WEEKLY,
    "after_sales.seller_initiated.asks=true",
    "after_sales.referral={ segment = 'friends', given = 0.3 }",
    "segments.friends={ temperature = 'warm', leads = 0 }",
)
RESOLD = (*AGAIN, "after_sales.repeat.bought=1", "after_sales.resale={ share = 1, sells_in = 100 }")
SOLD_THROUGH = ("marketing={ spend = 1000, sell_through = { most = 2, half = 1000 } }",)
FORGETFUL = (*CARED, "after_sales.seller_initiated={ every = '1 day' }", "after_sales.consistency=[0.1]")
RAISED_BY = (*FORGETFUL, "after_sales.quality={ odds_per_month = 3 }")


def dates(kind: str, given: tuple[str, ...], column: str, costs: str) -> dict[str, Pair]:
    """The keys that say when contacts are due, and what they cost."""
    path = f"after_sales.{kind}"
    return {
        f"{path}.days": more("['1 day']", "['1 day', '3 days']", column, *given),
        f"{path}.every": less("'1 week'", "'3 weeks'", column, *given),
        f"{path}.cost": more("1", "5", costs, *given),
    }


def visits(kind: str, given: tuple[str, ...]) -> dict[str, Pair]:
    """The same of contacts that are work, and what work they are."""
    path = f"after_sales.{kind}"
    return dates(kind, given, "contacts", "costs.care") | {
        f"{path}.reached": more("0.3", "0.9", f"contacts.{kind}.done", *given),
        f"{path}.minutes.talk": more("5", "20", "teams.hosts.busy_minutes", *given),
        f"{path}.minutes.not_reached": more("1", "9", "teams.hosts.busy_minutes", *given, f"{path}.reached=0.3"),
    }


PAIRS = {
    "after_sales.team": more("'hosts'", "'callers'", "teams.callers.contacts", *CONTACTED),
    # The seat that sold achieves more than the next free one.
    "after_sales.by": less(
        "'closer'",
        "'anyone'",
        "satisfaction",
        *CLOSED_BY_ONE_OF_TWO,
        *WEEKLY,
        "after_sales.seller_initiated.lift=1.1",
        "after_sales.familiar=2",
    ),
    "after_sales.consistency": more("[0.2]", "[0.9]", "contacts", *WEEKLY),
    "after_sales.familiar": more("1", "5", "satisfaction", *CLOSED, *CONTACTED),
    "after_sales.satisfaction.reality": more("0.2", "0.9", "satisfaction", *CARED),
    "after_sales.satisfaction.promise": less("0.1", "0.4", "satisfaction", *CARED),
    "after_sales.satisfaction.pressure": less("0", "0.4", "satisfaction", *CARED, "closing.pressure=9"),
    "after_sales.satisfaction.bad_fit": less("0", "0.4", "satisfaction", *CARED, "segments.list.fit=0.3"),
    "after_sales.delivery.days": more("1", "20", "deliveries_late", *CARED, "after_sales.delivery.promised=2"),
    "after_sales.delivery.promised": less("1", "30", "deliveries_late", *LATE),
    "after_sales.delivery.per_day_late": less("0", "0.01", "satisfaction", *LATE),
    "after_sales.defect.rate": more("0.2", "0.9", "defects", *CARED),
    "after_sales.defect.shows_after": less("1", "200", "complaints", *DEFECTIVE),
    "after_sales.defect.drop": less("0", "0.4", "satisfaction", *DEFECTIVE, "after_sales.defect.complains=1"),
    "after_sales.defect.complains": more("0.1", "0.9", "complaints", *DEFECTIVE),
    "after_sales.defect.satisfied": more("1", "20", "complaints", *DEFECTIVE, *HAPPY),
    "after_sales.defect.cost": more("10", "50", "costs.defects", *DEFECTIVE),
    # Who is tempted on the first day had no contact before.
    "after_sales.remorse.window": less(
        "1", "30", "customers.cancelled", *CONTACTED, *REGRETTED[2:], "after_sales.seller_initiated.approves=0.001"
    ),
    "after_sales.remorse.cancels": more("0.1", "0.9", "customers.cancelled", *REGRETTED),
    "after_sales.remorse.conceded": more("1", "50", "customers.cancelled", *REGRETTED, "closing.pressure=9"),
    "after_sales.remorse.satisfied": less("1", "20", "customers.cancelled", *REGRETTED, *HAPPY),
    "after_sales.remorse.recovered": more("0", "1", "profit", *REGRETTED, "money.unit_cost=500"),
    "after_sales.customer_initiated.suggestions_every": less("3", "30", "suggestions", *CARED),
    "after_sales.customer_initiated.lift": more("1", "2", "satisfaction", *SUGGESTED),
    "after_sales.customer_initiated.odds_per_day": less("1", "0.5", "satisfaction", *SUGGESTED),
    # Two answers a day.
    "after_sales.customer_initiated.patience": less(
        "0",
        "30",
        "customers.gave_up",
        *DEFECTIVE,
        "after_sales.customer_initiated.minutes=240",
        "after_sales.defect.complains=1",
    ),
    "after_sales.customer_initiated.minutes": more("5", "20", "teams.hosts.busy_minutes", *SUGGESTED),
    **visits("seller_initiated", WEEKLY),
    "after_sales.seller_initiated.finds": more("0.1", "0.9", "defects_mended", *CONTACTED, *DEFECTIVE[2:]),
    "after_sales.seller_initiated.lift": more("1", "2", "satisfaction", *CONTACTED),
    "after_sales.seller_initiated.approves": less("1", "0.01", "customers.cancelled", *CONTACTED, *REGRETTED[2:]),
    "after_sales.seller_initiated.asks": more("false", "true", "asked", *NAMED),
    **visits("cooperative", TOGETHER),
    "after_sales.cooperative.odds_defect": less("1", "0.1", "defects", *BEFORE_DELIVERY),
    **visits("friendly", FRIENDLY),
    "after_sales.friendly.odds_referral": more("1", "20", "referrals", *NAMED, *FRIENDLY[2:]),
    **dates("marketing", MAILED, "mailings", "costs.messages"),
    "after_sales.marketing.lift": more(
        "1", "20", "repeat_purchases", *MAILED, *AGAIN[2:], "after_sales.repeat.satisfied=9"
    ),
    "after_sales.marketing.half_life": more(
        "0.1",
        "30",
        "repeat_purchases",
        *MAILED,
        *AGAIN[2:],
        "after_sales.repeat.satisfied=9",
        "after_sales.marketing.lift=20",
    ),
    **dates("survey", SURVEYED, "surveys_sent", "costs.messages"),
    "after_sales.survey.responds": more("0.2", "0.9", "surveys_answered", *SURVEYED),
    "after_sales.survey.finds": more("0.1", "0.9", "repairs", *SURVEYED, *DEFECTIVE[2:]),
    "after_sales.repeat.every": less("5", "20", "repeat_purchases", *AGAIN),
    "after_sales.repeat.bought": more("0.2", "0.8", "repeat_purchases", *AGAIN),
    "after_sales.repeat.bg_nbd.r": more("1", "3", "repeat_purchases", *POOL),
    "after_sales.repeat.bg_nbd.alpha": less("1", "5", "repeat_purchases", *POOL),
    "after_sales.repeat.bg_nbd.a": less("0.2", "4", "repeat_purchases", *POOL),
    "after_sales.repeat.bg_nbd.b": more("0.5", "9", "repeat_purchases", *POOL),
    "after_sales.repeat.bg_nbd.per": more("'week'", "'day'", "repeat_purchases", *POOL),
    "after_sales.repeat.satisfied": more("1", "9", "repeat_purchases", *AGAIN, *HAPPY),
    "after_sales.repeat.leaves": more("0", "0.5", "customers.left", *AGAIN),
    "after_sales.repeat.revenue": more("50", "100", "revenue", *AGAIN),
    "after_sales.repeat.unit_cost": more("10", "50", "costs.repeat_goods", *AGAIN),
    "after_sales.cross_sale.sold": more("0.1", "0.9", "cross_sales", *CROSS),
    "after_sales.cross_sale.satisfied": more("1", "20", "cross_sales", *CROSS, *HAPPY),
    "after_sales.cross_sale.most": more("1", "9", "cross_sales", *CROSS),
    "after_sales.cross_sale.revenue": more("50", "500", "revenue", *CROSS),
    "after_sales.cross_sale.unit_cost": more("10", "50", "costs.cross_goods", *CROSS),
    "after_sales.referral.segment": more(
        "'friends'",
        "'others'",
        "segments.others.arrived",
        *NAMED,
        "segments.others={ temperature = 'warm', leads = 0 }",
    ),
    "after_sales.referral.given": more("0.1", "0.9", "referrals", *NAMED),
    "after_sales.referral.satisfied": more("1", "20", "referrals", *NAMED, *HAPPY),
    "after_sales.referral.names": more("0.5", "3", "referrals", *NAMED),
    "after_sales.referral.circle": more("false", "true", "referred", *NAMED),
    "after_sales.referral.limit": more("1", "9", "referred", *NAMED),
    # Who resells needs little until the last order has sold through.
    "after_sales.resale.share": less("0", "1", "revenue", *RESOLD),
    "after_sales.resale.sells_in": less("5", "200", "revenue", *RESOLD),
    "marketing.sell_through.most": more("0", "5", "revenue", *RESOLD, *SOLD_THROUGH),
    "marketing.sell_through.half": less("100", "9000", "revenue", *RESOLD, *SOLD_THROUGH),
    "after_sales.quality.cost_per_month": more("10", "50", "costs.quality", *RAISED_BY),
    "after_sales.quality.odds_per_month": more("1", "5", "contacts", *RAISED_BY),
    "after_sales.quality.months": more("1", "9", "contacts", *RAISED_BY),
}
