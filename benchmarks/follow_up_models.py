"""What the follow-up of `simfunnel` says by number of contacts, worked out by hand for two scenarios.

The laws are those of `simfunnel.funnel.touch` and `simfunnel.funnel.undecided`. Each model gives the shares
(contacts, 3) of those who had the n-th contact that were won, lost, or had another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from follow_up_data import CONTACTS
from scipy import stats

Floats = npt.NDArray[np.float64]

WEEK = 7
BANK_INTERVAL = 7  # days; assumed: the data do not say when the earlier contacts were


def odds(chance: Floats | float, ratio: Floats | float) -> Floats:
    """A chance under an odds ratio (MODEL.md section 5)."""
    return np.asarray(chance * ratio / (1 - chance + chance * ratio), dtype=np.float64)


def bank_model(values: Floats) -> Floats:
    """Shares (contacts, 3) won at, lost after and followed by another contact.

    All clients buy alike: at the first contact with chance `accepted`, at each later one with odds smaller by
    `odds_per_touch`. A share of them, `irritable`, tolerates no contact as soon as this; the caller notices it with
    chance `reads_signals` and lets go. The first talk ends as often, but leaves all kinds alike undecided.
    """
    accepted, per_touch, irritable, reads = values
    chance = odds(accepted, per_touch ** np.arange(CONTACTS))
    share = irritable * (1 - reads) ** np.arange(-1, CONTACTS - 1)
    share[0] = irritable
    ends = reads * share / (share + 1 - irritable)
    ends[0] = reads * irritable
    return np.stack((chance, (1 - chance) * ends, (1 - chance) * (1 - ends)), axis=1)


def bank_numbers(values: Floats) -> Floats:
    """The four fitted numbers and what is tied to them: `calling.undecided` and `follow_up.sold`."""
    accepted, per_touch, irritable, reads = values
    return np.array([*values, 1 - reads * irritable, float(odds(accepted, per_touch))])


def bank_toml(values: Floats) -> str:
    """The fitted numbers as the scenario has them."""
    accepted, per_touch, irritable, reads, stay, sold = bank_numbers(values)
    tolerance = -BANK_INTERVAL / np.log(irritable)
    return (
        f"segments.clients.tolerance = {{ exponential = {{ mean = {tolerance:.1f} }} }}"
        f"   # {irritable:.4f} irritable at {BANK_INTERVAL} days\n"
        f"calling.accepted = {accepted:.5f}\n"
        f"calling.undecided = {stay:.4f}   # tied: 1 - reads_signals * irritable\n"
        f"follow_up.sold = {sold:.5f}   # tied: accepted at one odds_per_touch\n"
        f"follow_up.odds_per_touch = {per_touch:.4f}\n"
        f"follow_up.reads_signals = {reads:.4f}"
    )


FIRST_AFTER, INTERVAL, STOP_AFTER = 7, 3, 31  # days; read off the calendar of the data, not fitted
WORKING_DAYS = range(6)  # Monday to Saturday
SENT_BY_WEEKDAY = np.array([663, 479, 510, 480, 464, 239]) / 2835


def working(weekday: int, day: int) -> int:
    """The first working day from `day` on, counted from day 0, a `weekday`."""
    while (weekday + day) % WEEK not in WORKING_DAYS:
        day += 1
    return day


def contact_days(weekday: int) -> list[int]:
    """The days of the contacts, the offer on day 0; at most one more than are compared."""
    days = [0, working(weekday, FIRST_AFTER)]
    while len(days) <= CONTACTS:
        days.append(working(weekday, days[-1] + INTERVAL))
    return [day for day in days if day <= STOP_AFTER]


def returned_by(weekday: int, day: int, ready: Callable[[int], float]) -> float:
    """The chance that an offer is back by the morning's list of `day`; a day off passes it to the next working day."""
    settled = max(d for d in range(day + 1) if working(weekday, d) <= day)
    return ready(settled) if day else 0.0


def loan_flow(values: Floats, weekday: int) -> Floats:
    """Expected numbers (contacts, 3), per offer sent on this weekday."""
    qualified, mean, sd, reads = values
    sigma = np.sqrt(np.log1p((sd / mean) ** 2))
    law = stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))
    days = contact_days(weekday)
    waiting = [qualified * (1 - returned_by(weekday, day, lambda d: float(law.cdf(d)))) for day in days]
    waiting += [0.0] * (CONTACTS + 1 - len(days))  # after the last contact they still come back
    flow = np.zeros((CONTACTS, 3))
    never = 1 - qualified
    for n in range(min(CONTACTS, len(days))):
        kept = 0.0 if n + 1 == len(days) else never * (1 - reads * (n > 0))
        flow[n] = waiting[n] - waiting[n + 1], never - kept, waiting[n + 1] + kept
        never = kept
    return flow


def loan_model(values: Floats) -> Floats:
    """Shares (contacts, 3) returned and cancelled before the next contact, and with another contact.

    The sending is the first contact. The `qualified` return the offer by themselves after lognormal days; the
    others never do, and at every later contact the caller notices it with chance `reads_signals` and cancels.
    """
    flow = sum(share * loan_flow(values, weekday) for weekday, share in enumerate(SENT_BY_WEEKDAY))
    return np.asarray(flow / np.sum(flow, axis=1, keepdims=True))


def loan_waits(values: Floats) -> Floats:
    """Mean days (contacts,) from a contact to the next, of those who have one."""
    cases, days = np.zeros(CONTACTS), np.zeros(CONTACTS)
    for weekday, share in enumerate(SENT_BY_WEEKDAY):
        wait = np.diff(contact_days(weekday))
        more = share * loan_flow(values, weekday)[: wait.size, 2]
        cases[: wait.size] += more
        days[: wait.size] += more * wait
    return np.asarray(days / cases)


def loan_numbers(values: Floats) -> Floats:
    """The four fitted numbers; nothing is tied to them."""
    return values


def loan_toml(values: Floats) -> str:
    """The fitted numbers as the scenario has them."""
    qualified, mean, sd, reads = values
    return (
        f"segments.offers.qualified = {qualified:.4f}\n"
        f"segments.offers.ready = {{ lognormal = {{ mean = {mean:.2f}, sd = {sd:.2f} }} }}\n"
        f"follow_up.reads_signals = {reads:.4f}"
    )
