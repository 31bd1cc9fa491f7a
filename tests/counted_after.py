"""What comes after the sale, fact by fact: each customer's life makes sense, and every number is that of the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
from counted import Fact, History
from counted_money import MINOR, Prices

from simfunnel import facts
from simfunnel.funnel import closing, customers
from simfunnel.metrics import Columns

KINDS = ("seller_initiated", "cooperative", "friendly", "answer")
RESULTS = ("forgotten", "not_reached", "done", "mended", "found_lost")
ENDS = ("cancelled", "lost_in_silence", "left", "gave_up", "kept")
RAISED = ("complaints", "suggestions", "repairs")
NAMES = ("referred", "referrals_cut", "referrals_too_late", "referrals_beyond_limit")
AFTER = (
    facts.DELIVERY, facts.CARE, facts.RAISED, facts.ANSWERED, facts.MESSAGE, facts.PURCHASE, facts.ASKED,
    facts.REFERRAL, facts.CUSTOMER,
)  # fmt: skip


def sales_of(history: History) -> dict[int, Fact]:
    """The first purchase of each customer."""
    return {talk.lead: talk for talk in history.of(facts.TALK) if talk.outcome in closing.WON}


def check_after(history: History, columns: Columns, row: int, prices: Prices) -> None:
    """All of it; where nobody looks after customers nothing is told."""
    if history.scenario.after_sales is None:
        assert not history.of(*AFTER)
        assert not any(name.startswith(("customers", "cohorts", "contacts")) for name in columns)
        return
    check_lives(history)
    check_answers(history)
    check_names(history)
    for name, value in {**counts(history), **by_place(history)}.items():
        np.testing.assert_allclose(columns[name][row], value, rtol=1e-12, err_msg=name)
    check_revenue(history, columns, row)
    check_value(history, columns, row, prices)


# ---------------------------------------------------------------- lives


def check_lives(history: History) -> None:
    """Who buys is a customer from the next day on, until it is lost; what becomes of each is told once.

    Nature does nothing more then; the firm goes on until it knows.
    """
    sales, ends = sales_of(history), {fact.lead: fact for fact in history.of(facts.CUSTOMER)}
    assert set(ends) == set(sales)
    assert len(history.of(facts.CUSTOMER)) == len(ends)
    last = history.terms.days - 1
    for lead, end in ends.items():
        sale = sales[lead]
        assert (end.team, end.occurrence) == (sale.team, sale.occurrence)
        assert end.outcome != 0 or end.amount == sale.amount
        assert end.outcome == 0 or 0 <= end.amount <= 1000
        assert end.outcome != 4 or end.day == last
    for fact in history.of(*(kind for kind in AFTER if kind not in (facts.REFERRAL, facts.CUSTOMER))):
        end = ends[fact.lead]
        assert sales[fact.lead].day < fact.day
        unseen = end.outcome in customers.UNSEEN and fact.kind in (facts.CARE, facts.MESSAGE)
        assert unseen or fact.day <= end.day
    check_unseen(history, ends)
    for kind in (facts.PURCHASE, facts.RAISED, facts.MESSAGE, facts.ASKED):
        numbered: dict[tuple[int, int], list[int]] = defaultdict(list)
        for fact in history.of(kind):
            apart = fact.outcome == 1 if kind == facts.PURCHASE else kind == facts.MESSAGE and fact.outcome == 0
            numbered[fact.lead, apart].append(fact.occurrence)
        if kind != facts.MESSAGE:  # dates that lie on one day are one
            assert all(sorted(mine) == list(range(len(mine))) for mine in numbered.values())
        assert all(len(set(mine)) == len(mine) for mine in numbered.values())
    made: Counter[tuple[int, int]] = Counter((f.lead, f.day) for f in care(history) if f.seat != facts.NOBODY)
    assert set(made.values()) <= {1}, "one contact a day"


def check_unseen(history: History, ends: dict[int, Fact]) -> None:
    """Who left without a word is called and written to, in vain, until one contact reaches it: the last."""
    found = {fact.lead: fact.day for fact in care(history) if fact.outcome % 5 == 4}
    assert len(found) == sum(fact.outcome % 5 == 4 for fact in care(history))
    assert all(ends[lead].outcome in customers.UNSEEN and ends[lead].day < day for lead, day in found.items())
    for fact in care(history):
        assert fact.day <= found.get(fact.lead, fact.day)
        if fact.day > ends[fact.lead].day:
            assert fact.outcome % 5 in (0, 1, 4)
            assert fact.outcome // 5 < 3, "who has left waits for no answer"
    for fact in history.of(facts.MESSAGE):
        assert fact.day < found.get(fact.lead, history.terms.days)
        assert fact.day <= ends[fact.lead].day or fact.outcome < 2


def care(history: History) -> list[Fact]:
    """All contacts, those that are forgotten too."""
    team = history.terms.number(history.scenario.after_sales.team) if history.scenario.after_sales else -1
    found = history.of(facts.CARE)
    assert all(fact.team == team for fact in found)
    assert all((fact.seat == facts.NOBODY) == (fact.outcome % 5 == 0) for fact in found)
    assert all((fact.duration > 0) == (fact.outcome % 5 > 0) for fact in found)
    return found


def check_answers(history: History) -> None:
    """Each is answered once at most, on a later day, when a contact of that kind ends."""
    raised = {(fact.lead, fact.occurrence): fact for fact in history.of(facts.RAISED)}
    ends = {(fact.lead, fact.day): fact for fact in care(history) if fact.outcome // 5 == 3}
    answered = history.of(facts.ANSWERED)
    assert len({(fact.lead, fact.occurrence) for fact in answered}) == len(answered) == len(ends)
    for fact in answered:
        cause, contact = raised[fact.lead, fact.occurrence], ends[fact.lead, fact.day]
        assert fact.outcome == cause.outcome
        assert cause.day < fact.day
        assert fact.amount == history.terms.dates[fact.day] - history.terms.dates[cause.day]
        assert (fact.clock, fact.seat) == (contact.end, contact.seat)


def check_names(history: History) -> None:
    """As many names as were given when asked, numbered for each customer, until the limit or the end of the intake."""
    given: Counter[int] = Counter()
    for fact in history.of(facts.ASKED):
        assert (fact.outcome == 1) == (fact.amount > 0)
        given[fact.lead] += fact.amount
    told: dict[int, list[int]] = defaultdict(list)
    for fact in history.of(facts.REFERRAL):
        told[fact.amount].append(fact.occurrence)
        assert (fact.team == facts.NOBODY) == (fact.outcome != 0)
    assert {lead: number for lead, number in given.items() if number} == {p: len(mine) for p, mine in told.items()}
    assert all(sorted(mine) == list(range(len(mine))) for mine in told.values())


# ---------------------------------------------------------------- numbers


def counts(history: History) -> dict[str, float]:
    """The columns of a whole history."""
    sales, ends, contacts = sales_of(history), history.of(facts.CUSTOMER), care(history)
    raised, answered, messages = (history.of(kind) for kind in (facts.RAISED, facts.ANSWERED, facts.MESSAGE))
    deliveries, bought, named = (history.of(kind) for kind in (facts.DELIVERY, facts.PURCHASE, facts.REFERRAL))
    stay = [fact.amount / 1000 for fact in ends if fact.outcome == 4]
    surveys = [fact for fact in messages if fact.outcome > 0]
    defects = [fact for fact in deliveries if fact.outcome == 1]
    to_named = [lead for lead in sales if lead in history.named]
    found: dict[str, float] = {f"customers.{n}": sum(f.outcome == c for f in ends) for c, n in enumerate(ENDS)}
    for code in range(20):
        name = f"contacts.{KINDS[code // 5]}.{RESULTS[code % 5]}"
        found[name] = sum(fact.outcome == code for fact in contacts)
    found.update({name: sum(fact.outcome == code for fact in raised) for code, name in enumerate(RAISED)})
    found.update({name: sum(fact.outcome == code for fact in named) for code, name in enumerate(NAMES)})
    return found | {
        "customers": len(sales),
        "satisfaction": mean(stay),
        "contacts": sum(fact.outcome % 5 > 0 for fact in contacts),
        "contacts_forgotten": sum(fact.outcome % 5 == 0 for fact in contacts),
        "answers": len(answered),
        "answer_days": mean([fact.amount for fact in answered]),
        "unanswered": len(raised) - len(answered),
        "complaints_unanswered": sum(f.outcome == 0 for f in raised) - sum(f.outcome == 0 for f in answered),
        "mailings": len(messages) - len(surveys),
        "surveys_sent": len(surveys),
        "surveys_answered": sum(fact.outcome > 1 for fact in surveys),
        "survey_response_rate": mean([fact.outcome > 1 for fact in surveys]),
        "deliveries": len(deliveries),
        "deliveries_late": sum(fact.occurrence > 0 for fact in deliveries),
        "defects": len(defects),
        "defect_rate": mean([fact.outcome == 1 for fact in deliveries]),
        "defects_mended": sum(fact.outcome % 5 == 3 for fact in contacts),
        "repeat_purchases": sum(fact.outcome == 0 for fact in bought),
        "repeat_per_customer": sum(fact.outcome == 0 for fact in bought) / len(sales) if sales else np.nan,
        "cross_sales": sum(fact.outcome == 1 for fact in bought),
        "occasions_passed": sum(fact.outcome == 2 for fact in bought),
        "asked": len(history.of(facts.ASKED)),
        "gave_names": sum(fact.outcome == 1 for fact in history.of(facts.ASKED)),
        "referrals": len(named),
        "sold_referred": len(to_named),
        "referred_share": mean([lead in history.named for lead in sales]),
    }


def mean(values: list[float] | list[int] | list[bool]) -> float:
    return float(np.mean(values)) if values else np.nan


def by_place(history: History) -> dict[str, float]:
    """The columns of segments and teams."""
    terms, found = history.terms, dict[str, float]()
    for number, name in enumerate(history.scenario.segments):
        mine = [fact for fact in history.of(facts.CUSTOMER) if terms.segment_of(fact.lead) == number]
        for code, end in enumerate(ENDS):
            found[f"segments.{name}.customers.{end}"] = sum(fact.outcome == code for fact in mine)
    for number, name in enumerate(terms.names):
        contacts = [fact for fact in care(history) if fact.team == number]
        found[f"teams.{name}.contacts"] = sum(fact.outcome % 5 > 0 for fact in contacts)
        found[f"teams.{name}.forgotten"] = sum(fact.outcome % 5 == 0 for fact in contacts)
    return found


# ---------------------------------------------------------------- money


class Payment(NamedTuple):
    """Who pays when how many minor units (below 0: is paid back), what for, and which part of a whole order that is."""

    lead: int
    day: int
    amount: int
    why: str
    part: float


def payments(history: History) -> list[Payment]:
    """All that is paid."""
    found = [Payment(lead, sale.day, sale.amount, "first", 1) for lead, sale in sales_of(history).items()]
    found += [Payment(f.lead, f.day, -f.amount, "refunded", 1) for f in history.of(facts.CUSTOMER) if f.outcome == 0]
    bought = [fact for fact in history.of(facts.PURCHASE) if fact.outcome < 2]
    return found + [Payment(f.lead, f.day, f.amount, ("repeat", "cross")[f.outcome], f.duration / 1000) for f in bought]


def check_revenue(history: History, columns: Columns, row: int) -> None:
    """Revenue = first - refunded + repeat + cross."""
    minor, paid = MINOR[history.scenario.currency], payments(history)
    for what in ("first", "refunded", "repeat", "cross"):
        total = sum(abs(each.amount) for each in paid if each.why == what)
        assert round(columns[f"revenue.{what}"][row] * minor) == total, what
    of_named = sum(p.amount for p in paid if p.lead in history.named and p.why in ("first", "refunded"))
    assert round(columns["revenue.referred"][row] * minor) == of_named
    assert round(columns["revenue"][row] * minor) == sum(each.amount for each in paid)


def goods(history: History, row: int, prices: Prices) -> dict[str, float]:
    """Minor units that one purchase costs, by what for; what comes back of it is below 0."""
    plan, each = history.scenario.after_sales, prices.minor_units("money.unit_cost", row)
    assert plan is not None
    part = 0.0 if plan.remorse is None else prices.of("after_sales.remorse.recovered", row)
    repeat = 0.0 if plan.repeat is None else prices.minor_units("after_sales.repeat.unit_cost", row)
    cross = 0.0 if plan.cross_sale is None else prices.minor_units("after_sales.cross_sale.unit_cost", row)
    return {"first": each, "refunded": -each * part, "repeat": repeat, "cross": cross}


def check_value(history: History, columns: Columns, row: int, prices: Prices) -> None:
    """What cohorts pay in each quarter of a short horizon, directly and by whom they named."""
    quarters = [f"{date:%Y}-Q{(date.month + 2) // 3}" for date in history.terms.calendar.dates]
    names, paid, cost = list(dict.fromkeys(quarters)), payments(history), goods(history, row, prices)
    assert len(names) <= 12, "longer ones are on paper"
    cohort = {lead: quarters[sale.day] for lead, sale in sales_of(history).items()}
    parent = {lead: cohort[fact.amount] for lead, fact in history.named.items()}
    expected: dict[str, float] = defaultdict(float)
    worth: dict[str, list[float]] = defaultdict(list)
    earlier: dict[str, float] = defaultdict(float)
    for lead, day, amount, why, part in paid:
        then, mine = quarters[day], cohort[lead]
        expected[f"cohorts.{mine}.revenue.{then}"] += amount / prices.minor
        if lead in parent:
            expected[f"cohorts.{parent[lead]}.referred.{then}"] += amount / prices.minor
        earlier[then] += amount * (mine < then or parent.get(lead, then) < then)
        worth[mine].append(amount - part * cost[why])
        expected[f"cohorts.{then}.all_revenue"] += amount / prices.minor
    for place, name in enumerate(names):
        count = sum(each == name for each in cohort.values())
        expected[f"cohorts.{name}.customers"] = count
        value = sum(worth[name]) / prices.minor / count if count else np.nan
        np.testing.assert_allclose(columns[f"cohorts.{name}.value"][row], value, rtol=1e-9, atol=1e-6)
        if place:
            of = expected[f"cohorts.{name}.all_revenue"] * prices.minor
            expected[f"cohorts.{name}.earlier_revenue"] = earlier[name] / prices.minor
            share = earlier[name] / of if of > 0 else np.nan
            np.testing.assert_allclose(columns[f"cohorts.{name}.from_earlier"][row], share, rtol=1e-9)
    value = sum(map(sum, worth.values())) / prices.minor / len(cohort) if cohort else np.nan
    np.testing.assert_allclose(columns["customer_value"][row], value, rtol=1e-9, atol=1e-6)
    for name in columns:
        if name.startswith("cohorts.") and not name.endswith((".value", ".from_earlier")):
            np.testing.assert_allclose(columns[name][row], expected[name], rtol=1e-9, atol=1e-9, err_msg=name)
