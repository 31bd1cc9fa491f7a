"""A contact with customers, or a trait of them, that can change nothing is said before a run, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.experiments.after_sales_advice import let_sell
from simfunnel.experiments.after_sales_expectation import VISITS, visits
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.idle import Idle, doubting
from simfunnel.experiments.pursuit_expectation import most
from simfunnel.experiments.roles import FACE_TO_FACE, offers, selling
from simfunnel.reproduction import days_until
from simfunnel.scenario.after_sales import AfterSales, Dates
from simfunnel.scenario.after_sales_consistency import DATED, calendar_days
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario

A_WEEK: Final = 7
"""Days off may move a contact before, and a temptation behind, the days that a scenario states."""

Found = Iterator[tuple[tuple[str, ...], str, str]]
"""Keys of after_sales that do nothing, why, and what to do."""
ONE = fixed(1)
A_DEFECT = "give after_sales.defect.rate"
ASKED = "set after_sales.seller_initiated.asks = true"


def _idle(expected: Expectation) -> Iterator[Idle]:
    """Whatever does nothing after the sale."""
    plan = expected.scenario.after_sales
    if plan is None or not any(expected.by_segment.values()):
        return
    for find in (_beyond, _forgotten, _naming, _offering, _keeping, _defects, _calls, _satisfaction, _tempted, _face):
        for keys, why, do in find(plan, expected):
            paths = tuple(f"after_sales.{key}" for key in keys)
            yield Idle(paths, f"as {why}", f"{do} or remove {{them}}")


def given(block: Block | None, *keys: str) -> tuple[str, ...]:
    """Those of the keys that are set to something else than their default."""
    if block is None:
        return ()
    return tuple(key for key in keys if getattr(block, key) != type(block).model_fields[key].default)


def _under(name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}.{key}" for key in keys)


def _beyond(plan: AfterSales, expected: Expectation) -> Found:
    """Contacts of which the first would be after the end."""
    calendar, scenario = expected.calendar, expected.scenario
    within = (calendar.dates[-1] - calendar.start).days if calendar.days else 0
    for kind in DATED:
        dates: Dates | None = getattr(plan, kind)
        if dates is not None and first_day(dates, scenario) > within:
            first = dates.days[0] if dates.days else dates.every
            why = f"the first is due {first} after the sale, and the horizon has {calendar.days:,} working days"
            yield (kind,), why, "contact customers sooner, lengthen the horizon"


def first_day(dates: Dates, scenario: Scenario) -> float:
    """Calendar days from the sale to the first contact of a kind, about."""
    first = dates.days[0] if dates.days else dates.every
    return calendar_days(first, scenario) if first is not None else float("inf")


def _forgotten(plan: AfterSales, _: Expectation) -> Found:
    """Of contacts that all are forgotten, and of what is done at them."""
    if plan.consistency and all(share.support[1] == 0 for share in plan.consistency):
        asked = ("referral",) if plan.referral is not None and _asks(plan) else ()
        offered = ("cross_sale",) if plan.cross_sale is not None and plan.seller_initiated is not None else ()
        keys = (*(kind for kind in VISITS if getattr(plan, kind) is not None), *offered, *asked)
        if keys:
            yield keys, "every contact is forgotten", "give after_sales.consistency above 0"


def _asks(plan: AfterSales) -> bool:
    """Is any customer asked for names?"""
    contact = plan.seller_initiated
    return contact is not None and contact.asks and contact.reached.support[1] > 0


def _naming(plan: AfterSales, expected: Expectation) -> Found:
    """Of names that nobody asks for, and askings of which nothing comes."""
    referral, contact = plan.referral, plan.seller_initiated
    if contact is not None and contact.asks and referral is None:
        yield ("seller_initiated.asks",), "nothing is said of who is named", "add a table [after_sales.referral]"
    if referral is not None and not _asks(plan):
        add = "" if contact is not None else "add [after_sales.seller_initiated] and "
        yield ("referral",), "nobody is asked for names", f"{add}{ASKED}"
    elif referral is not None and not min(referral.given.support[1], referral.names.support[1]):
        yield ("referral",), "nobody gives a name", "give given and names above 0"
    elif referral is not None and contact is not None:
        yield from _too_late(contact, expected)
    friendly = plan.friendly
    if friendly is not None and friendly.odds_referral == ONE:
        yield ("friendly",), "odds_referral is 1", "give it"
    elif friendly is not None and (referral is None or not _asks(plan)):
        yield (
            ("friendly.odds_referral",),
            "nobody is asked for names",
            ASKED if referral else "add [after_sales.referral]",
        )


def _too_late(contact: Dates, expected: Expectation) -> Found:
    """Of names that are given after the intake, when nobody is dialled any more."""
    scenario, calendar = expected.scenario, expected.calendar
    if scenario.intake is None:
        return
    days = calendar.length(scenario.intake)
    if first_day(contact, scenario) > days_until(calendar, days) - 1:
        why = f"customers are first asked when the intake of {days:,} working days has ended"
        yield ("referral",), why, "ask sooner, lengthen the intake"


def _offering(plan: AfterSales, _: Expectation) -> Found:
    """Of what is offered by nobody."""
    if plan.cross_sale is not None and plan.seller_initiated is None:
        yield ("cross_sale",), "it is offered at seller-initiated contacts only", "add [after_sales.seller_initiated]"
    elif plan.cross_sale is not None and not plan.cross_sale.sold.support[1]:
        yield ("cross_sale",), "nobody takes it", "give sold above 0"
    if plan.resale is not None and not plan.resale.share.support[1]:
        yield ("resale",), "nobody resells", "give share above 0"
    if plan.marketing is not None and plan.marketing.lift == ONE:
        yield ("marketing",), "lift is 1", "give it"


def _keeping(plan: AfterSales, _: Expectation) -> Found:
    """Of keeping to a calendar that is empty, or that is kept to."""
    none = not any(visits(plan))
    if plan.consistency and none:
        yield ("consistency",), "no contacts are due", f"add one of {', '.join(f'[after_sales.{v}]' for v in VISITS)}"
    quality = plan.quality
    if quality is None:
        return
    if none:
        yield ("quality",), "no contacts are due", f"add one of {', '.join(f'[after_sales.{v}]' for v in VISITS)}"
    elif quality.odds_per_month == ONE:
        yield ("quality",), "odds_per_month is 1", "give it"
    elif all(share.support[0] == 1 for share in plan.consistency):
        yield ("quality",), "no contact is forgotten", "give after_sales.consistency below 1"
    elif all(share.support[1] == 0 or share.support[0] == 1 for share in plan.consistency):
        yield ("quality",), "odds of 0 stay 0", "give after_sales.consistency above 0"


def _defects(plan: AfterSales, _: Expectation) -> Found:
    """Of defects that there are none of."""
    if plan.defect.rate.support[1] > 0:
        if plan.survey is not None and not min(plan.survey.responds.support[1], plan.survey.finds.support[1]):
            yield ("survey",), "it finds no defect", "give responds and finds above 0"
        if plan.cooperative is not None and plan.cooperative.odds_defect == ONE:
            yield ("cooperative",), "odds_defect is 1", "give it"
        return
    keys = _under("defect", given(plan.defect, "shows_after", "drop", "complains", "satisfied", "cost"))
    keys += _under("seller_initiated", given(plan.seller_initiated, "finds"))
    keys += tuple(kind for kind in ("cooperative", "survey") if getattr(plan, kind) is not None)
    if keys:
        yield keys, "no delivery has a defect", A_DEFECT


def _complain(plan: AfterSales) -> bool:
    return plan.defect.rate.support[1] > 0 and plan.defect.complains.support[1] > 0


def _calls(plan: AfterSales, _: Expectation) -> Found:
    """Of answers to nobody; what a survey found is answered too."""
    calls = plan.customer_initiated
    found = plan.survey is not None and plan.defect.rate.support[1] > 0
    if calls.patience is not None and not _complain(plan):
        yield ("customer_initiated.patience",), "nobody complains", f"{A_DEFECT} and complains"
    keys = given(calls, "lift", "odds_per_day", "minutes")
    if keys and calls.suggestions_every is None and not _complain(plan) and not found:
        do = f"{A_DEFECT} or after_sales.customer_initiated.suggestions_every"
        yield _under("customer_initiated", keys), "no customer calls", do


def _satisfaction(plan: AfterSales, expected: Expectation) -> Found:
    """Of what takes satisfaction from nobody, and of ratios of the satisfied where all are alike."""
    scenario, start = expected.scenario, plan.satisfaction
    if start.pressure.support[1] > 0 and not _pressed(scenario):
        yield ("satisfaction.pressure",), "nobody is pressed", "give closing.pressure above 1"
    if start.bad_fit.support[1] > 0 and not _misfits(scenario):
        yield ("satisfaction.bad_fit",), "the product is right for all leads", "give a segment fit below 1"
    yield from _lateness(plan)
    blocks = ("defect", "remorse", "repeat", "cross_sale", "referral")
    keys = tuple(f"{name}.satisfied" for name in blocks if given(getattr(plan, name), "satisfied"))
    if keys and not moves(plan, scenario):
        yield keys, "every customer's satisfaction is one half", "give after_sales.satisfaction"


def _lateness(plan: AfterSales) -> Found:
    delivery = plan.delivery
    never = most(delivery.days) <= delivery.promised.support[0]
    if delivery.per_day_late.support[1] > 0 and never:
        yield ("delivery.per_day_late",), "no delivery is late", "give after_sales.delivery.days above promised"
    elif delivery.promised.support[1] > 0 and not delivery.per_day_late.support[1]:
        yield ("delivery.promised",), "lateness costs no satisfaction", "give after_sales.delivery.per_day_late"


def _pressed(scenario: Scenario) -> bool:
    """May a sale be conceded under pressure?"""
    face = bool(offers(scenario) & FACE_TO_FACE) and scenario.closing.pressure.support[1] > 1
    return face or (scenario.follow_up is not None and scenario.follow_up.pressure.support[1] > 1)


def _misfits(scenario: Scenario) -> bool:
    return any(segment.fit.support[0] < 1 for segment in scenario.segments.values())


def moves(plan: AfterSales, scenario: Scenario) -> bool:
    """May a customer's satisfaction be something else than one half?"""
    start, calls, contact = plan.satisfaction, plan.customer_initiated, plan.seller_initiated
    called = calls.suggestions_every is not None or plan.defect.rate.support[1] > 0
    return any(
        (
            not start.reality.is_fixed or start.reality.best != 0.5,
            start.promise.support[1] > 0,
            start.pressure.support[1] > 0 and _pressed(scenario),
            start.bad_fit.support[1] > 0 and _misfits(scenario),
            plan.delivery.per_day_late.support[1] > 0,
            plan.defect.rate.support[1] > 0 and plan.defect.drop.support[1] > 0,
            called and bool(given(calls, "lift", "odds_per_day")),
            contact is not None and contact.lift != ONE,
            plan.marketing is not None and plan.marketing.lift != ONE,
        )
    )


def _tempted(plan: AfterSales, expected: Expectation) -> Found:
    """Of who would cancel."""
    remorse, contact, scenario = plan.remorse, plan.seller_initiated, expected.scenario
    approves = given(contact, "approves")
    if remorse is None or not min(remorse.cancels.support[1], remorse.window.support[1]):
        keys = ("remorse",) * (remorse is not None) + _under("seller_initiated", approves)
        do = "add [after_sales.remorse]" if remorse is None else "give cancels and window above 0"
        if keys:
            yield keys, "nobody cancels", do
        return
    if given(remorse, "conceded") and not _pressed(scenario):
        yield ("remorse.conceded",), "nobody is pressed", "give closing.pressure above 1"
    if contact is not None and approves and first_day(contact, scenario) > remorse.window.support[1] + A_WEEK:
        first = contact.days[0] if contact.days else contact.every
        why = f"the first contact is due {first} after the sale, and by then nobody may cancel any more"
        yield ("seller_initiated.approves",), why, "contact customers within after_sales.remorse.window"


def _face(plan: AfterSales, expected: Expectation) -> Found:
    """Of the face that sold, where it is never that one."""
    if given(plan, "familiar") and plan.team not in selling(expected.scenario):
        yield ("familiar",), f"no member of teams.{plan.team} is the face that sells", let_sell(expected)


AFTER_SALES_IDLE_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (doubting(_idle),)
