"""Lines and teams add up to the cost, sales to the revenue; each line is what was counted times its price."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
from counted import History

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.funnel import calling, closing, customers, demo, inbound, touch
from simfunnel.funnel.inputs import Inputs
from simfunnel.metrics import Columns
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Scenario, Team

MINOR = {"EUR": 100, "JPY": 1, "KWD": 1000}
ELSEWHERE = ("goods", "room", "catering", "reminders", "cancellations", "touches", "nurture", "bad_fit",
             "marketing", "repeat_goods", "cross_goods", "goods_returned", "care", "messages", "defects",
             "quality")  # fmt: skip
REFUNDS = ("costs.contract_claw_back", "costs.contract_penalty_per_day_late", "costs.goods_returned")


class Prices:
    """Prices and shares by path, in the world of each history."""

    def __init__(self, scenario: Scenario, count: int, seed: int) -> None:
        self._scenario = scenario
        self._inputs = Inputs(seed, np.arange(count) // 2, best_guess=False)
        self.minor = MINOR[scenario.currency]

    def of(self, path: str, row: int) -> float:
        value = self._scenario
        for part in path.split("."):
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        assert isinstance(value, Quantity)
        return float(self._inputs.value(path, value)[row if not value.is_fixed else 0])

    def minor_units(self, path: str, row: int) -> float:
        return self.of(path, row) * self.minor


def check_sums(scenario: Scenario, columns: Columns) -> None:
    """In whole minor units."""
    minor = MINOR[scenario.currency]

    def whole(name: str) -> np.ndarray:
        units = np.rint(columns[name] * minor)
        np.testing.assert_allclose(columns[name] * minor, units, rtol=1e-12, atol=1e-6)
        return units.astype(np.int64)

    names = [name for name in columns if name.startswith("costs.")]
    lines = [whole(name) for name in names]
    assert all((columns[name] <= 0).all() if name in REFUNDS else (columns[name] >= 0).all() for name in names)
    assert all((columns[f"teams.{name}.cost"] >= 0).all() for name in scenario.teams)
    assert (sum(lines) == whole("cost")).all()
    elsewhere = sum(whole(f"costs.{name}") for name in ELSEWHERE if f"costs.{name}" in columns)
    assert (sum(whole(f"teams.{name}.cost") for name in scenario.teams) + elsewhere == whole("cost")).all()
    assert (whole("revenue") - whole("cost") == whole("profit")).all()
    check_per_sale(columns)


def check_per_sale(columns: Columns) -> None:
    """The cost of a sale; where customers are looked after, of one that nobody cancelled, without later purchases."""
    sold, cost = columns["sold"], columns["cost"]
    if "customers" in columns:
        sold = sold - columns["customers.cancelled"]
        cost = cost - columns.get("costs.repeat_goods", 0) - columns.get("costs.cross_goods", 0)
        np.testing.assert_array_equal(columns["sold_for_good"], sold)
        np.testing.assert_allclose(columns["cost_of_sales"], cost, rtol=1e-9, atol=1e-6)
    each = np.where(sold > 0, cost / np.maximum(sold, 1), np.nan)
    np.testing.assert_allclose(columns["cost_per_sale"], each, rtol=1e-9, atol=1e-6)


def check_lines(history: History, columns: Columns, row: int, prices: Prices) -> None:
    """Revenue, and every line that is a count times a price."""
    revenue = sum(amount for *_, amount in won(history))
    revenue -= sum(fact.amount for fact in history.of(facts.CUSTOMER) if fact.outcome == customers.CANCELLED)
    revenue += sum(fact.amount for fact in history.of(facts.PURCHASE))
    assert columns["revenue"][row] == revenue / prices.minor
    expected: Counter[str] = Counter()
    expected["goods"] = round(len(won(history)) * prices.minor_units("money.unit_cost", row))
    if history.scenario.demo is not None:
        invited = [v for v in history.of(facts.VISIT) if v.lead not in history.met]
        came = [v for v in invited if v.outcome in (demo.FREELOADER, demo.INTERESTED)]
        cancelled = len(history.of(facts.EVENT)) - len(history.held())
        expected["room"] = round(len(history.held()) * prices.minor_units("demo.room", row))
        expected["catering"] = round(len(came) * prices.minor_units("demo.catering_per_head", row))
        expected["reminders"] = round(len(invited) * prices.minor_units("demo.reminder.cost", row))
        expected["cancellations"] = round(cancelled * prices.minor_units("demo.cancellation_fee", row))
    expected.update(spent_on_the_undecided(history, row, prices))
    expected.update(spent_on_customers(history, row, prices))
    if "costs.bad_fit" in columns:
        expected["bad_fit"] = round(len(history.of(facts.MISFIT)) * prices.minor_units("money.bad_fit", row))
    if history.scenario.marketing is not None:
        months = sum(1 / month for month in working_days_of_months(history.scenario))
        expected["marketing"] = round(months * prices.minor_units("marketing.spend", row))
    for number, (name, team) in enumerate(history.scenario.teams.items()):
        hours = float(columns[f"teams.{name}.paid_hours"][row])
        if team.kind == "in-house":
            for line, (count, price) in paid_at_home(history, number, name, hours, row, prices).items():
                expected[line] += round(count * price)
            continue
        contract = f"teams.{name}.contract."
        for line, count in billed(history, number, team, hours).items():
            expected[f"contract_{line}"] += round(count * prices.minor_units(contract + line, row))
        refund = clawed_back(history, number) * prices.minor_units(f"{contract}per_accepted", row)
        expected["contract_claw_back"] -= round(refund * prices.of(f"{contract}claw_back", row))
    for line, amount in expected.items():
        assert round(columns[f"costs.{line}"][row] * prices.minor) == amount, line


def working_days_of_months(scenario: Scenario) -> list[int]:
    """For each working day of the intake, the working days of its whole calendar month."""
    calendar = Calendar.of(scenario)

    def of_month(day: dt.date) -> int:
        dates = (day.replace(day=1) + dt.timedelta(days=number) for number in range(31))
        return sum(calendar.works(date) for date in dates if date.month == day.month)

    return [of_month(day) for day in calendar.dates[: calendar.length(scenario.intake or scenario.horizon)]]


def spent_on_the_undecided(history: History, row: int, prices: Prices) -> dict[str, int]:
    """Touches by channel, messages."""
    plan = history.scenario.follow_up
    if plan is None:
        return {}
    each = [prices.minor_units(f"follow_up.channels.{name}.cost", row) for name in plan.channels]
    lines = {"touches": round(sum(each[fact.amount // 4] for fact in history.of(facts.TOUCH)))}
    if plan.nurture is not None:
        messages = sum(fact.amount for fact in history.of(facts.SERIES))
        lines["nurture"] = round(messages * prices.minor_units("follow_up.nurture.cost", row))
    return lines


def spent_on_customers(history: History, row: int, prices: Prices) -> dict[str, int]:
    """Goods of what they buy later, what comes back of what they cancel; contacts, messages, mending, the programme."""
    plan, path = history.scenario.after_sales, "after_sales."
    if plan is None:
        return {}
    made = [fact.outcome for fact in history.of(facts.CARE) if fact.outcome % 5]
    sent = [fact.outcome > 0 for fact in history.of(facts.MESSAGE)]
    bought = Counter(fact.outcome for fact in history.of(facts.PURCHASE))
    care = [(name, sum(code // 5 == kind for code in made)) for kind, name in
            enumerate(("seller_initiated", "cooperative", "friendly"))]  # fmt: skip
    messages = [("marketing", sent.count(False)), ("survey", sent.count(True))]
    lines = {
        "defects": round(sum(code % 5 == 3 for code in made) * prices.minor_units(f"{path}defect.cost", row)),
        "care": round(sum(number * prices.minor_units(f"{path}{name}.cost", row) for name, number in care if number)),
        "messages": round(sum(n * prices.minor_units(f"{path}{name}.cost", row) for name, n in messages if n)),
    }
    if plan.repeat is not None:
        orders = sum(fact.duration for fact in history.of(facts.PURCHASE) if fact.outcome == 0) / 1000
        lines["repeat_goods"] = round(orders * prices.minor_units(f"{path}repeat.unit_cost", row))
    if plan.cross_sale is not None:
        lines["cross_goods"] = round(bought[1] * prices.minor_units(f"{path}cross_sale.unit_cost", row))
    if plan.remorse is not None:
        cancelled = sum(fact.outcome == customers.CANCELLED for fact in history.of(facts.CUSTOMER))
        each = prices.minor_units("money.unit_cost", row) * prices.of(f"{path}remorse.recovered", row)
        lines["goods_returned"] = -round(cancelled * each)
    if plan.quality is not None:
        months = history.terms.calendar.months
        whole = sum(days / of for days, of in zip(months.days.tolist(), months.working_days.tolist(), strict=True))
        lines["quality"] = round(whole * prices.minor_units(f"{path}quality.cost_per_month", row))
    return lines


def won(history: History) -> list[tuple[int, int, int]]:
    """Team that called, team that closed and revenue of each sale."""
    return [(t.team, t.occurrence, t.amount) for t in history.of(facts.TALK) if t.outcome in closing.WON]


def paid_at_home(
    history: History, number: int, name: str, hours: float, row: int, prices: Prices
) -> dict[str, tuple[float, float]]:
    """How much of what, at which price: wages, hiring, commission and hand-off fee of a team."""
    path, commission = f"teams.{name}.", sum(amount for *teams, amount in won(history) if number in teams)
    for fact in history.of(facts.CUSTOMER):
        if fact.outcome == customers.CANCELLED and number in (fact.team, fact.occurrence):
            commission -= fact.amount
    team = history.scenario.teams[name]
    return {
        "wages": (hours, prices.minor_units(f"{path}wage_per_hour", row)),
        "hiring": (team.size, prices.minor_units(f"{path}hiring", row)),
        "commission": (commission, prices.of(f"{path}commission", row)),
        "hand_off_fee": (handed_on(history, number, name), prices.minor_units(f"{path}hand_off_fee", row)),
    }


def handed_on(history: History, number: int, name: str) -> int:
    """Acceptances of a team of which another one makes something."""
    told, total = history.scenario, 0
    for work, kind, code in (
        (told.calling, facts.DIAL, calling.ACCEPTED),
        (told.inbound, facts.INBOUND, inbound.ACCEPTED),
    ):
        plan = {"demo": told.demo, "meeting": told.meeting, "sale": None}[work.offer] if work is not None else None
        if plan is not None and plan.team != name:
            total += sum(fact.outcome == code and fact.team == number for fact in history.of(kind))
    return total


def billed(history: History, number: int, team: Team, hours: float) -> dict[str, float]:
    """How much of what is on a team's invoice, as far as it does not depend on the month."""
    dials, spoken, visits, talks, touches, answers, care = (
        [fact for fact in history.of(kind) if fact.team == number]
        for kind in (facts.DIAL, facts.INBOUND, facts.VISIT, facts.TALK, facts.TOUCH, facts.ANSWER, facts.CARE)
    )
    care = [fact for fact in care if fact.seat != facts.NOBODY]
    answers = [fact for fact in answers if fact.outcome != touch.GAVE_UP]
    spoken = [fact for fact in spoken if fact.outcome != inbound.GAVE_UP]
    return {
        "set_up": float(bool(dials or spoken or touches or answers or care)),
        "per_hour": hours,
        "per_dial": len(dials),
        "per_connect": sum(d.outcome != calling.NO_ANSWER for d in dials)
        + sum(t.outcome != touch.NOT_REACHED for t in touches)
        + len(spoken)
        + len(answers),
        "per_accepted": sum(d.outcome == calling.ACCEPTED for d in dials)
        + sum(fact.outcome == inbound.ACCEPTED for fact in spoken),
        "per_attended": sum(v.outcome in (demo.FREELOADER, demo.INTERESTED) for v in visits),
        "per_sale": sum(t.outcome in closing.WON for t in talks),
    }


def clawed_back(history: History, number: int) -> int:
    """Leads of a team that did not come, and are not invited again."""
    again = (demo.AGAIN + demo.BOOKED, demo.AGAIN + demo.WAITING)
    missed = sum(v.outcome == demo.DID_NOT_COME and v.team == number for v in history.of(facts.VISIT))
    return missed - sum(b.outcome in again and b.team == number for b in history.of(facts.BOOKING))
