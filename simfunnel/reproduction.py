"""Customers who name others bring customers who name others: on average that is one number, and a sum over days.

Everything is taken at its best guess, and from above: nobody cancels, leaves or is lost, satisfaction stays where it
starts, all leads of the lists buy on the first day if they buy at all, and who is named buys on the next day.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel import satisfaction
from simfunnel.funnel.odds import odds
from simfunnel.scenario.after_sales import AfterSales, Dates, Referral
from simfunnel.scenario.after_sales_consistency import calendar_days
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import FAMILIES, Quantity
from simfunnel.scenario.schema import Calling, Scenario

Floats = npt.NDArray[np.float64]
LEVELS: Final = (np.arange(256) + 0.5) / 256


def reproduction_number(askings: float, names: float, bought: float) -> float:
    """New customers whom a customer brings who is asked so often; `names` a time, of whom the share `bought` buys.

    The mean number of children in a Galton-Watson process (Watson and Galton: On the probability of the extinction
    of families, 1875). Below 1 a family dies out, after 1 / (1 - m) customers on average; above 1 it may grow for ever.
    """
    return askings * names * bought


def named_by_day(buyers: Floats, asked: Floats, names: float, bought: float, most: float = np.inf) -> Floats:
    """Leads named on each day, (days,); `buyers` (days,) buy of themselves, each is `asked` so many days after it.

    The renewal equation of the process in time: who is named on a day buys, with probability `bought`, on the next
    one, and is asked in turn. Ends with the day on which `most` are reached.
    """
    born, named, later = buyers.astype(np.float64), np.zeros(buyers.size), asked.astype(np.intp)
    total = 0.0
    for day in range(buyers.size):
        since = day - later[: np.searchsorted(later, day, side="right")]
        named[day] = names * born[since].sum()
        total += named[day]
        if total >= most:
            break
        if day + 1 < buyers.size:
            born[day + 1] += bought * named[day]
    return named


def contact_days(dates: Dates, scenario: Scenario, within: float) -> Floats:
    """When contacts of a kind are due, in calendar days since the sale, up to `within`; ascending."""
    given = [calendar_days(each, scenario) for each in dates.days]
    if dates.every is not None:
        last, step = given[-1] if given else 0.0, calendar_days(dates.every, scenario)
        number = max(0, int((within - last) / step + 1e-9))
        given += (last + step * np.arange(1, number + 1)).tolist()
    found = np.asarray(given, dtype=np.float64)
    return found[found <= within]


def kept(plan: AfterSales) -> float:
    """Of the contacts that are due: are not forgotten, if all members have as many."""
    return float(np.mean([share.best for share in plan.consistency])) if plan.consistency else 1.0


def satisfied(share: Quantity, ratio: Quantity, plan: AfterSales, other: float = 1.0) -> float:
    """A share of the customers as satisfied as they start (reality less promise), at another odds ratio."""
    reality = plan.satisfaction.reality
    each = FAMILIES[reality.family].quantile(LEVELS, *(p.best for p in reality.parameters))
    level = satisfaction.level(satisfaction.started(each, plan.satisfaction.promise.best, 0.0, 0.0))
    ratios = satisfaction.of_the_satisfied(np.array([ratio.best]))[level, 0]
    return float(np.mean(odds(share.best, ratios * other)))


def names_each(plan: AfterSales, referral: Referral) -> float:
    """Names that a customer gives, on average, each time that asking it is due."""
    contact = plan.seller_initiated
    if contact is None or not contact.asks:
        return 0.0
    face = plan.familiar.best if plan.by == "closer" else 1.0
    given = satisfied(referral.given, referral.satisfied, plan, face)
    return kept(plan) * contact.reached.best * given * referral.names.best


def days_until(calendar: Calendar, days: int) -> int:
    """Calendar days from the start to the end of the `days`-th working day."""
    return (calendar.dates[days - 1] - calendar.start).days + 1 if days else 0


def expected_referred(scenario: Scenario, calendar: Calendar) -> float:
    """Leads whom customers name in a history, on average and from above; at most referral.limit."""
    plan = scenario.after_sales
    if (
        plan is None
        or plan.referral is None
        or not plan.referral.circle
        or plan.referral.segment not in scenario.segments
    ):
        return 0.0
    names = names_each(plan, plan.referral)
    intake = calendar.length(scenario.intake or scenario.horizon)
    if not names or plan.seller_initiated is None:
        return 0.0
    buyers, limit = _buyers(scenario, calendar, intake), float(plan.referral.limit)
    asked = np.ceil(contact_days(plan.seller_initiated, scenario, float(buyers.size)))
    share = buying_share(scenario, scenario.segments[plan.referral.segment])
    return min(limit, float(named_by_day(buyers, asked, names, share, limit).sum()))


def _buyers(scenario: Scenario, calendar: Calendar, intake: int) -> Floats:
    """Customers of each calendar day of the intake whom nobody has named."""
    found = np.zeros(days_until(calendar, intake))
    for segment in scenario.segments.values() if found.size else ():
        share = buying_share(scenario, segment)
        found[0] += share * segment.leads
        by_weekday = segment.arrivals_by_weekday or dict.fromkeys(range(7), segment.arrivals)
        for date in calendar.dates[:intake]:
            if date.weekday() in by_weekday:
                found[(date - calendar.start).days] += share * by_weekday[date.weekday()].best
    return found


def buying_share(scenario: Scenario, segment: Segment) -> float:
    """Of a segment's leads: buy, sooner or later, about; no hour, no team and no queue makes a difference here."""
    hot = segment.temperature == "hot"
    room = scenario.inbound if hot else scenario.calling
    if room is None:
        return 0.0
    heard, accepted = 1.0, _after(room.accepted, segment.odds.accepted)
    if isinstance(room, Calling):
        heard, accepted = _called(room, segment)
    able = segment.qualified.best
    if room.offer == "sale":
        bought, undecided = accepted * able, (1 - accepted * able) * room.undecided.best
    else:
        met = accepted * _came(scenario, segment, room.offer) * segment.interested.best
        closing = scenario.closing
        sold = able * _after(closing.sold_if_interested, segment.odds.sold, closing.pressure)
        bought, undecided = met * sold, met * (1 - sold) * closing.undecided.best
    plan = scenario.follow_up
    later = able * (1 - segment.never_ready.best) * (plan.sold.best > 0) if plan is not None else 0.0
    return heard * (bought + undecided * later)


def _called(calling: Calling, segment: Segment) -> tuple[float, float]:
    """Of the leads: listened; and of these: accepted."""
    warm = [calling.warm.answered, calling.warm.listened, calling.warm.accepted]
    ratios = warm if segment.temperature == "warm" else []
    answered = _after(calling.answered, segment.odds.answered, *ratios[:1])
    listened = _after(calling.listened, segment.odds.listened, *ratios[1:2])
    direct = segment.decision_maker.best
    passes = direct + (1 - direct) * calling.asked_through.best
    reached = (1 - segment.dead_number.best) * (1 - (1 - answered) ** calling.attempts)
    return reached * passes * listened, _after(calling.accepted, segment.odds.accepted, *ratios[2:])


def _came(scenario: Scenario, segment: Segment, offer: str) -> float:
    """Of those who accepted: came, in the end."""
    if offer == "meeting":
        return _after(scenario.meeting.attended, segment.odds.attended) if scenario.meeting is not None else 0.0
    if scenario.demo is None:
        return 0.0
    once = _after(scenario.demo.attended, segment.odds.attended, scenario.demo.reminder.odds)
    return float(1 - (1 - once) ** (1 + scenario.demo.invite_again))


def _after(share: Quantity, *ratios: Quantity) -> float:
    return float(odds(share.best, np.prod([ratio.best for ratio in ratios])))
