"""Money is a pure function of facts and prices: it changes no draw, and every line is whole minor units.

A line is rounded (half to even) once per history and team, so that the lines add up to the cost
exactly. Members cost from hiring to the end of their notice, even where that lies outside the horizon:
training ends before the start, and a notice runs from the team's last day of work. Overhead is on what
is paid by the hour (wages, overtime premium, paid training, notice, minimum employment).

Revenue is that of first purchases less what is paid back to who cancels, and that of repeat purchases and cross-sales;
what is recovered of cancelled goods is a line below 0. Commission is on the first purchases that are kept. The
cost per sale is that of what is sold for good: all cost but the goods of later purchases, over the first
purchases that nobody cancelled.
"""

from __future__ import annotations

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.contracts import Service, contract_lines
from simfunnel.counting.ledger import Ledger
from simfunnel.counting.tally import Tally
from simfunnel.funnel import calling, care, customers, inbound, loyalty
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.segments import referred_to
from simfunnel.hours import Hours
from simfunnel.metrics import Columns, may_misfit, paid_time, stages
from simfunnel.prices import Floats, Integers, Lines, Prices, whole
from simfunnel.scenario.after_sales import AfterSales
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.values import HOUR


def money(scenario: Scenario, calendar: Calendar, inputs: Inputs, tally: Tally, ledger: Ledger) -> Columns:
    """Revenue, cost by line and team, profit, cost per sale; in the scenario's currency, shape (columns,)."""
    prices = Prices(scenario, inputs)
    sold = stages(tally)["sold"].sum(axis=(0, 1))
    by_team = _by_team(scenario, calendar, prices, tally, ledger)
    lines: Lines = {"goods": whole(sold * prices.of("money", scenario.money)("unit_cost"))}
    lines.update(demo_lines(scenario, prices, tally))
    lines.update(pursuit_lines(scenario, prices, tally))
    lines.update(after_lines(scenario, calendar, prices, tally))
    lines.update(marketing_lines(scenario, calendar, prices, tally))
    for team in by_team.values():
        for name, amount in team.items():
            lines[name] = lines.get(name, 0) + amount
    earned = revenues(scenario, tally)
    revenue = np.asarray(tally.revenue.sum(axis=(0, 1)) + earned.get("repeat", 0) + earned.get("cross", 0))
    cost = np.asarray(sum(lines.values()) + np.zeros_like(revenue))
    columns: Columns = {"revenue": revenue / prices.minor, "cost": cost / prices.minor}
    columns["profit"] = (revenue - cost) / prices.minor
    columns.update(_per_sale(scenario, tally, sold, cost, lines, prices.minor))
    columns.update({f"revenue.{name}": amount / prices.minor for name, amount in earned.items()})
    columns.update({f"costs.{name}": amount / prices.minor for name, amount in lines.items()})
    columns.update({f"teams.{name}.cost": _sum(team, revenue) / prices.minor for name, team in by_team.items()})
    return columns


def _per_sale(scenario: Scenario, tally: Tally, sold: Integers, cost: Integers, lines: Lines, minor: int) -> Columns:
    """The cost per sale, and the two that it is made of where customers are looked after."""
    if scenario.after_sales is None or tally.after is None:
        return {"cost_per_sale": np.where(sold > 0, cost / minor / np.maximum(sold, 1), np.nan)}
    kept = sold - tally.after.ends[customers.CANCELLED].sum(axis=0)
    cost = cost - lines.get("repeat_goods", 0) - lines.get("cross_goods", 0)
    each = np.where(kept > 0, cost / minor / np.maximum(kept, 1), np.nan)
    return {"cost_per_sale": each, "cost_of_sales": cost / minor, "sold_for_good": kept}


def _sum(lines: Lines, like: Integers) -> Integers:
    return np.asarray(sum(lines.values()) + np.zeros_like(like))


def _by_team(scenario: Scenario, calendar: Calendar, prices: Prices, tally: Tally, ledger: Ledger) -> dict[str, Lines]:
    """The lines of each team: wages and what comes with them, or those of its contract."""
    lines: dict[str, Lines] = {}
    for number, (name, team) in enumerate(scenario.teams.items()):
        if team.kind == "in-house":
            lines[name] = payroll_lines(number, name, team, calendar, prices, tally)
            lines[name] |= success_lines(number, name, scenario, prices, tally)
        else:
            lines[name] = contract_lines(Service.of(number, name, scenario, prices), calendar, tally, ledger)
    return lines


def payroll_lines(number: int, name: str, team: Team, calendar: Calendar, prices: Prices, tally: Tally) -> Lines:
    """What members cost for being there, by line."""
    price, share = prices.of(f"teams.{name}", team), prices.shares(f"teams.{name}", team)
    overtime, last_day = tally.overtime[number], tally.last_day[number]
    wage, a_day = price("wage_per_hour"), Hours.of(team).paid * team.size / HOUR
    notice, rest = days_after_work(team, calendar, last_day)
    pay = {
        "wages": paid_time(team, calendar, tally.busy[number], overtime, last_day) / HOUR * wage,
        "overtime_premium": overtime / HOUR * wage * share("overtime_premium"),
        "notice": notice * a_day * wage,
        "minimum_employment": rest * a_day * wage,
    }
    trained = np.full(last_day.shape, team.training_days) * a_day * wage
    members = np.full(last_day.shape, team.size)
    return {
        **{line: whole(amount) for line, amount in pay.items()},
        "overhead": whole(sum(pay.values(), trained) * share("overhead")),
        "hiring": whole(members * price("hiring")),
        "training": whole(members * price("training") + trained),
    }


def days_after_work(team: Team, calendar: Calendar, last_day: Integers) -> tuple[Integers, Integers]:
    """Working days paid as notice, and after it up to the minimum employment; none of notice where nobody worked."""
    notice = np.zeros_like(last_day)
    if team.notice is not None:
        notice = np.append(calendar.after(team.notice), 0)[last_day]  # day -1, no work, finds the 0
    if team.minimum_employment is None:
        return notice, np.zeros_like(last_day)
    return notice, np.maximum(0, calendar.span(team.minimum_employment) - (last_day + 1 + notice))


def success_lines(number: int, name: str, scenario: Scenario, prices: Prices, tally: Tally) -> Lines:
    """What a team is paid for its results.

    Commission is on the sales to leads that the team called or answered, and on those that it closed for
    other teams; once where it did both. An acceptance is handed on where another team hosts the demo or
    meets the lead; a sale by phone is handed on to nobody.
    """
    team = scenario.teams[name]
    price, share = prices.of(f"teams.{name}", team), prices.shares(f"teams.{name}", team)
    revenue = tally.revenue[:, number].sum(axis=0) + tally.closed_for_others[number]
    return {
        "commission": whole(revenue * share("commission")),
        "hand_off_fee": whole(handed_on(number, name, scenario, tally) * price("hand_off_fee")),
    }


def handed_on(number: int, name: str, scenario: Scenario, tally: Tally) -> Integers:
    """Acceptances that the team handed on to another one: shape (columns,)."""
    taker = {"demo": scenario.demo, "meeting": scenario.meeting, "sale": None}
    works = ((scenario.calling, tally.dials_by_outcome[calling.ACCEPTED]),
             (scenario.inbound, tally.inbound[inbound.ACCEPTED]))  # fmt: skip
    total = np.zeros(tally.comers.shape, dtype=np.int64)
    for work, accepted in works:
        plan = None if work is None else taker[work.offer]
        if plan is not None and plan.team != name:
            total += accepted[:, number].sum(axis=0)
    return total


def demo_lines(scenario: Scenario, prices: Prices, tally: Tally) -> Lines:
    """Room hire for each event held, catering for each comer with a seat, reminders to all booked on it; fees."""
    if scenario.demo is None:
        return {}
    price, message = prices.of("demo", scenario.demo), prices.of("demo.reminder", scenario.demo.reminder)
    expected = tally.visits.sum(axis=(0, 1, 2)) - tally.meetings.sum(axis=(0, 1))
    held, cancelled = tally.events
    return {
        "room": whole(held * price("room")),
        "catering": whole(tally.comers * price("catering_per_head")),
        "reminders": whole(expected * message("cost")),
        "cancellations": whole(cancelled * price("cancellation_fee")),
    }


def marketing_lines(scenario: Scenario, calendar: Calendar, prices: Prices, tally: Tally) -> Lines:
    """The monthly spend from the start to the end of the intake, of a month by its working days within."""
    if scenario.marketing is None:
        return {}
    intake = np.full(tally.comers.shape, calendar.length(scenario.intake or scenario.horizon))
    months = (calendar.months.until(intake) / calendar.months.working_days[:, None]).sum(axis=0)
    return {"marketing": whole(months * prices.of("marketing", scenario.marketing)("spend"))}


def pursuit_lines(scenario: Scenario, prices: Prices, tally: Tally) -> Lines:
    """Each touch by its channel, each message of a series; each sale to a lead whom the product does not fit."""
    lines: Lines = {}
    plan, pursuit = scenario.follow_up, tally.pursuit
    if plan is not None and pursuit is not None:
        each = [prices.of(f"follow_up.channels.{name}", channel)("cost") for name, channel in plan.channels.items()]
        amounts = (count * price for count, price in zip(pursuit.by_channel, each, strict=True))
        lines["touches"] = whole(sum(amounts, np.zeros(tally.comers.shape)))
        if plan.nurture is not None:
            lines["nurture"] = whole(pursuit.messages * prices.of("follow_up.nurture", plan.nurture)("cost"))
    if may_misfit(scenario):
        lines["bad_fit"] = whole(tally.misfits.sum(axis=(0, 1)) * prices.of("money", scenario.money)("bad_fit"))
    return lines


def revenues(scenario: Scenario, tally: Tally) -> Lines:
    """Where revenue comes from, where customers are looked after: first - refunded + repeat + cross is all of it.

    `referred` is that part of `first` which comes from leads whom customers named, less what they are paid back.
    """
    after = tally.after
    if after is None:
        return {}
    kept, number = tally.revenue.sum(axis=1), referred_to(scenario)
    return {
        "first": np.asarray(kept.sum(axis=0) + after.refunded),
        "refunded": after.refunded,
        "repeat": after.paid[loyalty.REPEAT],
        "cross": after.paid[loyalty.CROSS],
        "referred": kept[number] if number >= 0 else np.zeros_like(after.refunded),
    }


def after_lines(scenario: Scenario, calendar: Calendar, prices: Prices, tally: Tally) -> Lines:
    """What customers cost besides the time of the team that looks after them; nothing where nobody does.

    A contact costs the same whether it reaches the customer or not, one that is forgotten nothing. The quality
    programme is paid in every month of the horizon, in a month that lies only partly within by that part of its
    working days.
    """
    plan, after = scenario.after_sales, tally.after
    if plan is None or after is None:
        return {}
    goods, path = prices.of("money", scenario.money)("unit_cost"), "after_sales"
    lines: Lines = {}
    if plan.repeat is not None:
        each = prices.of(f"{path}.repeat", plan.repeat)("unit_cost")
        lines["repeat_goods"] = whole(after.orders / loyalty.WHOLE_ORDER * each)
    if plan.cross_sale is not None:
        each = prices.of(f"{path}.cross_sale", plan.cross_sale)("unit_cost")
        lines["cross_goods"] = whole(after.purchases[loyalty.CROSS] * each)
    if plan.remorse is not None:
        part = prices.shares(f"{path}.remorse", plan.remorse)("recovered")
        lines["goods_returned"] = -whole(after.ends[customers.CANCELLED].sum(axis=0) * goods * part)
    lines["care"] = whole(_cost_of_contacts(plan, prices, after.made.sum(axis=1)))
    lines["messages"] = whole(_cost_of_messages(plan, prices, after.messages[care.MAILING], after.surveys))
    lines["defects"] = whole(after.mended * prices.of(f"{path}.defect", plan.defect)("cost"))
    if plan.quality is not None:
        months = (calendar.months.days / calendar.months.working_days).sum()
        monthly = prices.of(f"{path}.quality", plan.quality)("cost_per_month")
        lines["quality"] = whole(np.broadcast_to(months * monthly, after.refunded.shape))
    return lines


def _cost_of_contacts(plan: AfterSales, prices: Prices, made: Integers) -> Floats:
    """Of all kinds together, unrounded, of contacts `made` (kinds, columns)."""
    kinds = {"seller_initiated": care.SELLER, "cooperative": care.COOPERATIVE, "friendly": care.FRIENDLY}
    cost = np.zeros(made.shape[1:])
    for name, kind in kinds.items():
        dates = getattr(plan, name)
        if dates is not None:
            cost += made[kind] * prices.of(f"after_sales.{name}", dates)("cost")
    return cost


def _cost_of_messages(plan: AfterSales, prices: Prices, mailings: Integers, surveys: Integers) -> Floats:
    """Of mailings and surveys together, unrounded: shape (columns,)."""
    cost = np.zeros(mailings.shape)
    for name, dates, sent in (("marketing", plan.marketing, mailings), ("survey", plan.survey, surveys)):
        if dates is not None:
            cost += sent * prices.of(f"after_sales.{name}", dates)("cost")
    return cost
