"""Customers who name others bring customers who name others: on average that is one number, and a sum over days.

Everything is taken at its best guess: nobody cancels, leaves or is lost, satisfaction starts with reality less promise
and is moved by contacts and messages, all leads of the lists buy on the first day if they buy at all, and who is named
buys on the next day. What bounds memory takes every influence at its most favourable besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel import satisfaction
from simfunnel.funnel.arrivals import arrivals_on
from simfunnel.funnel.marketing import warms
from simfunnel.funnel.odds import LARGEST_RATIO, odds
from simfunnel.funnel.referral import MOST_FRIENDLY
from simfunnel.scenario.after_sales import AfterSales, Dates
from simfunnel.scenario.after_sales_consistency import calendar_days
from simfunnel.scenario.keys import Block
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import FAMILIES, Quantity, fixed
from simfunnel.scenario.schema import Calling, Scenario
from simfunnel.scenario.values import DAYS_IN

Floats = npt.NDArray[np.float64]
Ratios = Mapping[str, float]
Names = Callable[[Scenario, Floats], Floats]
Share = Callable[[Scenario, Segment], float]

CALLED: Final = ("answered", "listened", "accepted")
STEPS: Final = (*CALLED, "attended", "interested")
NO_MORE: Final[Ratios] = dict.fromkeys((*STEPS, "sold"), 1.0)
HIGH: Final = 0.999
SHORTER: Final = 3.0
"""Days by which a month, or a stretch of working days, may be shorter than it is on average."""
LEVELS: Final = (np.arange(256) + 0.5) / 256


def reproduction_number(askings: float, names: float, bought: float) -> float:
    """New customers whom a customer brings who is asked so often; `names` a time, of whom the share `bought` buys.

    The mean number of children in a Galton-Watson process (Watson and Galton: On the probability of the extinction
    of families, 1875). Below 1 a family dies out, after 1 / (1 - m) customers on average; above 1 it may grow for ever.
    """
    return askings * names * bought


def named_by_day(buyers: Floats, asked: Floats, names: npt.ArrayLike, bought: float, most: float = np.inf) -> Floats:
    """Leads named on each day, (days,); `buyers` (days,) buy of themselves, each is `asked` so many days after it.

    Each time it gives `names`: one number, or one for each asking. The renewal equation of the process in time: who
    is named on a day buys, with probability `bought`, on the next one, and is asked in turn. Ends with the day on
    which `most` are reached.
    """
    born, named, later = buyers.astype(np.float64), np.zeros(buyers.size), asked.astype(np.intp)
    each = np.broadcast_to(np.asarray(names, dtype=np.float64), later.shape)
    total = 0.0
    for day in range(buyers.size):
        since = day - later[: np.searchsorted(later, day, side="right")]
        named[day] = (each[: since.size] * born[since]).sum()
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
    """Of the contacts that are due: are not forgotten at the start, if all members have as many."""
    return float(_kept_by_member(plan, np.zeros(1)).mean())


def _kept_by_member(plan: AfterSales, months: Floats) -> Floats:
    """The same for each member, so many months after the start: shape (members or 1, months)."""
    base = np.array([share.best for share in plan.consistency or (fixed(1),)])[:, None]
    if plan.quality is None:
        return np.repeat(base, months.size, axis=1)
    return odds(base, _power(plan.quality.odds_per_month, np.minimum(months, plan.quality.months)))


def _power(ratio: Quantity, times: npt.ArrayLike) -> Floats:
    """An odds ratio so many times, within bounds."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.clip(np.power(ratio.best, times), 1 / LARGEST_RATIO, LARGEST_RATIO))


def satisfied(share: Quantity, ratio: Quantity, plan: AfterSales, other: npt.ArrayLike, lift: Floats) -> Floats:
    """A share of the customers, at another odds ratio, who started with reality less promise: shape of `lift`.

    `lift` are odds ratios on that satisfaction: 0 and infinity say that nobody, or everybody, is wholly satisfied.
    """
    reality = plan.satisfaction.reality
    each = FAMILIES[reality.family].quantile(LEVELS, *(p.best for p in reality.parameters))
    points = satisfaction.started(each, plan.satisfaction.promise.best, 0.0, 0.0)[:, None]
    moved = np.where(lift == 0, 0, np.where(np.isinf(lift), satisfaction.MOST, satisfaction.moved(points, lift)))
    ratios = satisfaction.of_the_satisfied(np.array([ratio.best]))[satisfaction.level(moved), 0]
    return np.asarray(np.mean(odds(share.best, ratios * np.clip(other, 1 / LARGEST_RATIO, LARGEST_RATIO)), axis=0))


def names_each(scenario: Scenario, days: Floats) -> Floats:
    """Names that a customer who buys at the start gives, on average, at each asking, due so many `days` later.

    Satisfaction is what the seller's contacts until then and the last message have made of it.
    """
    plan, zero = scenario.after_sales, np.zeros(days.size)
    if plan is None or plan.referral is None or plan.seller_initiated is None or not plan.seller_initiated.asks:
        return zero
    face = plan.familiar.best if plan.by == "closer" else 1.0
    keeps, warmer = _kept_by_member(plan, days // DAYS_IN["months"]).mean(axis=0), zero + 1
    made = keeps * plan.seller_initiated.reached.best
    if plan.friendly is not None:
        before = np.searchsorted(contact_days(plan.friendly, scenario, float(days.max(initial=0))), days)
        number = np.minimum(MOST_FRIENDLY, before * keeps * plan.friendly.reached.best)
        warmer = _power(plan.friendly.odds_referral, number)
    with np.errstate(over="ignore", under="ignore"):
        lift = np.power(plan.seller_initiated.lift.best * face, 1 + np.cumsum(made) - made)
    lift = np.clip(lift * _felt(scenario, plan, days), 1 / LARGEST_RATIO, LARGEST_RATIO)
    given = satisfied(plan.referral.given, plan.referral.satisfied, plan, face * warmer, lift)
    return np.asarray(made * given * plan.referral.names.best)


def _felt(scenario: Scenario, plan: AfterSales, days: Floats) -> Floats:
    """What is left, on each of these days after the sale, of the lift of the last message."""
    mailing = plan.marketing
    sent = np.zeros(0) if mailing is None else contact_days(mailing, scenario, float(days.max(initial=0)))
    if mailing is None or not sent.size:
        return np.ones(days.size)
    last = np.searchsorted(sent, days, side="right") - 1
    since = days - sent[np.maximum(last, 0)]
    left = np.exp2(-since / mailing.half_life.best)
    return np.asarray(np.where(last >= 0, np.power(mailing.lift.best, left), 1.0))


def names_at_most(scenario: Scenario, days: Floats) -> Floats:
    """The same from above: every influence is at its most favourable, at each asking."""
    plan, zero = scenario.after_sales, np.zeros(days.size)
    if plan is None or plan.referral is None or plan.seller_initiated is None or not plan.seller_initiated.asks:
        return zero
    months = np.array([0.0, plan.quality.months if plan.quality is not None else 0.0])
    made = float(_kept_by_member(plan, months).max()) * plan.seller_initiated.reached.best
    other, ratio = max(1.0, plan.familiar.best), plan.referral.satisfied
    if plan.friendly is not None:
        number = contact_days(plan.friendly, scenario, float(days.max(initial=0))).size
        other *= max(1.0, float(_power(plan.friendly.odds_referral, min(MOST_FRIENDLY, number))))
    lift = np.array([0.0 if ratio.best < 1 else np.inf if _may_rise(plan) else 1.0])
    given = float(satisfied(plan.referral.given, ratio, plan, other, lift)[0])
    return zero + made * given * plan.referral.names.best


def _may_rise(plan: AfterSales) -> bool:
    """May a customer become more satisfied than it starts?"""
    lifting = (plan.seller_initiated, plan.customer_initiated, plan.marketing)
    ratios = [plan.familiar, plan.customer_initiated.odds_per_day]
    ratios += [block.lift for block in lifting if block is not None]
    return any(each.best > 1 for each in ratios)


def days_until(calendar: Calendar, days: int) -> int:
    """Calendar days from the start to the end of the `days`-th working day."""
    return (calendar.dates[days - 1] - calendar.start).days + 1 if days else 0


def expected_referred(scenario: Scenario, calendar: Calendar) -> float:
    """Leads whom customers name in a history, on average, by the best guesses; at most referral.limit."""
    return _referred(scenario, calendar, names_each, buying_share)


def referred_at_most(scenario: Scenario, calendar: Calendar) -> float:
    """The same from above, whatever lifts, teams, programmes and uncertain inputs do."""
    return _referred(_favourable(scenario), calendar, names_at_most, bought_at_most, early=SHORTER)


def _favourable(block: Any) -> Any:
    """A scenario, or a part of it, whose uncertain inputs are as high as in 999 worlds of 1,000."""
    if isinstance(block, Quantity):
        return block if block.is_fixed else fixed(float(block.quantile(np.array([HIGH]))[0]))
    if isinstance(block, dict):
        return {name: _favourable(each) for name, each in block.items()}
    if isinstance(block, tuple):
        return tuple(map(_favourable, block))
    if isinstance(block, Block):
        return block.model_copy(update={name: _favourable(getattr(block, name)) for name in type(block).model_fields})
    return block


def _referred(scenario: Scenario, calendar: Calendar, names: Names, share: Share, early: float = 0.0) -> float:
    plan = scenario.after_sales
    if plan is None or plan.referral is None or plan.seller_initiated is None or not plan.referral.circle:
        return 0.0
    named = scenario.segments.get(plan.referral.segment)
    buyers, limit = _buyers(scenario, calendar, share), float(plan.referral.limit)
    days = np.maximum(1.0, contact_days(plan.seller_initiated, scenario, float(buyers.size) + early) - early)
    each = names(scenario, days)
    if named is None or not each.any():
        return 0.0
    return min(limit, float(named_by_day(buyers, np.ceil(days), each, share(scenario, named), limit).sum()))


def _buyers(scenario: Scenario, calendar: Calendar, share: Share) -> Floats:
    """Customers of each calendar day of the intake whom nobody has named."""
    intake = calendar.length(scenario.intake or scenario.horizon)
    found = np.zeros(days_until(calendar, intake))
    for name, segment in scenario.segments.items() if found.size else ():
        part = share(scenario, segment)
        found[0] += part * segment.leads
        for date in calendar.dates[:intake]:
            found[(date - calendar.start).days] += part * arrivals_on(scenario, name, date.weekday())
    return found


def bought_at_most(scenario: Scenario, segment: Segment) -> float:
    """`buying_share` from above: in the best team, by its best member, at the best hour."""
    teams, calling, inbound, closing = scenario.teams.values(), scenario.calling, scenario.inbound, scenario.closing
    best = {**NO_MORE, **{step: _best(getattr(team.odds, step) for team in teams) for step in STEPS}}
    skill = _best(each for team in teams for each in team.skill)
    for step in ("listened", "accepted", "sold"):
        best[step] *= skill
    best["sold"] *= _best([closing.paper.odds])
    best["sold"] *= _best(ratio for way in closing.methods.values() for ratio in (way.cold, way.warm, way.hot))
    if calling is not None and segment.temperature != "hot":
        best["answered"] *= _best(calling.by_hour.values()) * _best(calling.by_attempt)
        for step in CALLED if segment.temperature == "cold" and warms(scenario) else ():
            best[step] *= _best([getattr(calling.warm, step)])
    if inbound is not None and segment.temperature == "hot":
        best["accepted"] *= _best(inbound.waiting.odds.values())
    return buying_share(scenario, segment, best)


def _best(ratios: Iterable[Quantity]) -> float:
    return max(1.0, *(ratio.best for ratio in (fixed(1), *ratios)))


def buying_share(scenario: Scenario, segment: Segment, more: Ratios = NO_MORE) -> float:
    """Of a segment's leads: buy, sooner or later, about; no hour, no team and no queue makes a difference here.

    `more` are further odds ratios by step.
    """
    hot = segment.temperature == "hot"
    room = scenario.inbound if hot else scenario.calling
    if room is None:
        return 0.0
    heard, accepted = 1.0, _after(room.accepted, segment.odds.accepted, more=more["accepted"])
    if isinstance(room, Calling):
        heard, accepted = _called(room, segment, more)
    able = segment.qualified.best
    if room.offer == "sale":
        bought, undecided = accepted * able, (1 - accepted * able) * room.undecided.best
    else:
        came = _came(scenario, segment, room.offer, more["attended"])
        met = accepted * came * _after(segment.interested, more=more["interested"])
        closing = scenario.closing
        sold = able * _after(closing.sold_if_interested, segment.odds.sold, closing.pressure, more=more["sold"])
        bought, undecided = met * sold, met * (1 - sold) * closing.undecided.best
    plan = scenario.follow_up
    later = able * (1 - segment.never_ready.best) * (plan.sold.best > 0) if plan is not None else 0.0
    return heard * (bought + undecided * later)


def _called(calling: Calling, segment: Segment, more: Ratios) -> tuple[float, float]:
    """Of the leads: listened; and of these: accepted."""
    warm = [calling.warm.answered, calling.warm.listened, calling.warm.accepted]
    ratios = warm if segment.temperature == "warm" else []
    answered = _after(calling.answered, segment.odds.answered, *ratios[:1], more=more["answered"])
    listened = _after(calling.listened, segment.odds.listened, *ratios[1:2], more=more["listened"])
    direct = segment.decision_maker.best
    passes = direct + (1 - direct) * calling.asked_through.best
    reached = (1 - segment.dead_number.best) * (1 - (1 - answered) ** calling.attempts)
    accepted = _after(calling.accepted, segment.odds.accepted, *ratios[2:], more=more["accepted"])
    return reached * passes * listened, accepted


def _came(scenario: Scenario, segment: Segment, offer: str, more: float) -> float:
    """Of those who accepted: came, in the end."""
    if offer == "meeting":
        meeting = scenario.meeting
        return _after(meeting.attended, segment.odds.attended, more=more) if meeting is not None else 0.0
    if scenario.demo is None:
        return 0.0
    once = _after(scenario.demo.attended, segment.odds.attended, scenario.demo.reminder.odds, more=more)
    return float(1 - (1 - once) ** (1 + scenario.demo.invite_again))


def _after(share: Quantity, *ratios: Quantity, more: float = 1.0) -> float:
    return float(odds(share.best, more * np.prod([ratio.best for ratio in ratios])))
