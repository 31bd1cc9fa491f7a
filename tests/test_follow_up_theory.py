"""Follow-up against theory: shares of many leads whose luck is independent, in closed form.

A share must lie within 4 of its standard errors, sqrt(q(1-q)/n) with the known q, as each lead is one trial:
false alarm 6.3e-5 of all seeds each, and a fault of 5 standard errors is noticed in 84 %. With 40,000 leads the
standard error is .25 points at most, so a fault of 1.25 points is noticed; smaller ones where a test says so.
Every day is a working day, and a task takes no time to speak of, so nobody is busy.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, facts_of, of_kind
from pursued import MAIL, SHOP
from scipy import stats

from simfunnel import facts, parse_scenario
from simfunnel.funnel import undecided
from simfunnel.funnel.odds import odds
from simfunnel.funnel.touch import DISQUALIFIED, GATEKEEPER, NOT_REACHED, SOLD, WALKED_AWAY
from simfunnel.funnel.traits import reach_odds

LEADS, HISTORIES = 10_000, 4
ALL = LEADS * HISTORIES
EVERY_DAY = (
    "working_days=['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']",
    f"segments.keen.leads={LEADS}", "calling.minutes.talk=0", "follow_up.channels.phone.minutes={ talk = 0 }",
    "follow_up.channels.mail.minutes={ talk = 0 }", "horizon='60 days'", "teams.sellers.size=20",
)  # fmt: skip


def lived(*overrides: str) -> Facts:
    return facts_of(parse_scenario(SHOP, overrides=(*EVERY_DAY, *overrides)), HISTORIES)[1]


def meets(found: int, known: float, of: int = ALL) -> None:
    """So many of all are the share `known`, within 4 standard errors."""
    assert abs(found / of - known) <= 4 * np.sqrt(known * (1 - known) / of)


def by_touch(some: Facts, code: int, most: int) -> list[int]:
    """How many leads had this result at touch 1, or by touch 2, ..."""
    made = of_kind(some, facts.TOUCH)
    counts = np.bincount(made["occurrence"][made["outcome"] == code], minlength=most)
    return np.cumsum(counts).tolist()


MU, EVERY, P, MOST = 9.0, 3, 0.3, 8


@pytest.mark.parametrize(("never", "qualified"), [(0, 1), (0.25, 0.7)])
def test_a_lead_gets_ready_and_is_touched_at_fixed_intervals(never: float, qualified: float):
    # Ready between touch j-1 and j with F(j) - F(j-1), then P at each touch from j to n. The fault noticed: 1.25
    # points of 66 %, such as a P of .31 for .3, or counting a lead ready half a day late.
    some = lived(
        f"segments.keen.ready={{ exponential = {{ mean = {MU} }} }}", f"follow_up.interval='{EVERY} days'",
        f"follow_up.sold={P}", f"follow_up.touches={MOST}", f"segments.keen.never_ready={never}",
        f"segments.keen.qualified={qualified}",
    )  # fmt: skip
    ready = 1 - np.exp(-np.arange(MOST + 1) * EVERY / MU)
    for n, found in enumerate(by_touch(some, SOLD, MOST), start=1):
        j = np.arange(1, n + 1)
        known = np.sum((ready[j] - ready[j - 1]) * (1 - (1 - P) ** (n - j + 1)))
        meets(found, (1 - never) * qualified * known)


@pytest.mark.parametrize("wide", [4.0, 9.1, 30.0])
def test_a_window_closes_again(wide: float):
    # P = 1: sold at touch j if ready by then, not before touch j-1, and the window still open: the integral of
    # e^(-t/mu)/mu * e^(-(jI-t)/w) from (j-1)I to jI. The fault noticed: 1.25 points, a window of 4.4 days for 4.
    some = lived(
        f"segments.keen.ready={{ exponential = {{ mean = {MU} }} }}",
        f"segments.keen.window={{ exponential = {{ mean = {wide} }} }}", f"follow_up.interval='{EVERY} days'",
        "follow_up.sold=1", f"follow_up.touches={MOST}",
    )  # fmt: skip
    j, a = np.arange(1, MOST + 1), 1 / MU - 1 / wide
    each = np.exp(-j * EVERY / wide) / (MU * a) * (np.exp(-a * (j - 1) * EVERY) - np.exp(-a * j * EVERY))
    for found, known in zip(by_touch(some, SOLD, MOST), np.cumsum(each), strict=True):
        meets(found, float(known))


@pytest.mark.parametrize("walks", [0.1, 0.5])
def test_the_irritated_walk_away_one_by_one(walks: float):
    # Never ready, always touched too soon: 1 - (1 - h)^n. The fault noticed: h wrong by .0075 at the first touch.
    some = lived(
        "segments.keen.never_ready=1", "segments.keen.tolerance=99", f"segments.keen.walks_away={walks}",
        f"follow_up.touches={MOST}",
    )  # fmt: skip
    for n, found in enumerate(by_touch(some, WALKED_AWAY, MOST), start=1):
        meets(found, 1 - (1 - walks) ** n)
    closed = of_kind(some, facts.FILE)
    meets(np.count_nonzero(closed["outcome"] == undecided.IRRITATED), 1 - (1 - walks) ** MOST)
    assert np.count_nonzero(closed["outcome"] == undecided.NEVER_READY) == ALL - by_touch(some, WALKED_AWAY, MOST)[-1]


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_the_interested_come_back_as_they_get_ready(ratio: float):
    # Touched on day 1 and told "not ready" by whoever is not: those are nurtured to the end. Back by day t:
    # q * (r F(1) + r' (F(t) - F(1))), where r' has `ratio` times the odds of r. The fault noticed: 1.2 points at most.
    r, qualified = 0.3, 0.8
    some = lived(
        f"segments.keen.ready={{ exponential = {{ mean = {MU} }} }}", f"segments.keen.returns={r}",
        f"segments.keen.qualified={qualified}", "follow_up.first_after='1 day'", "follow_up.touches=1",
        f"follow_up.nurture={{ every = '1 day', messages = 400, odds_returning = {ratio} }}",
    )  # fmt: skip
    back = of_kind(some, facts.RETURN)["day"]
    raised = float(odds(np.array(r), np.array(ratio)))
    for day in (1, 2, 3, 5, 10, 20, 40, 59):
        f = 1 - np.exp(-np.array([1, day]) / MU)
        meets(np.count_nonzero(back <= day), qualified * (r * f[0] + raised * (f[1] - f[0])))


def test_a_series_that_is_too_short_raises_nothing():
    # Messages on days 2 to 6: who gets ready by day 6 has the odds raised, who does so later has not.
    r, ratio = 0.3, 4.0
    some = lived(
        f"segments.keen.ready={{ exponential = {{ mean = {MU} }} }}", f"segments.keen.returns={r}",
        "follow_up.first_after='1 day'", "follow_up.touches=1",
        f"follow_up.nurture={{ every = '1 day', messages = 5, odds_returning = {ratio} }}",
    )  # fmt: skip
    back = of_kind(some, facts.RETURN)["day"]
    raised = float(odds(np.array(r), np.array(ratio)))
    for first, last, share in ((1, 1, r), (2, 6, raised), (7, 59, r)):
        f = 1 - np.exp(-np.array([first - 1, last]) / MU)
        meets(np.count_nonzero((back >= first) & (back <= last)), share * (f[1] - f[0]))


def reached_counts(some: Facts) -> np.ndarray:
    """How often each lead was reached: (ALL,)."""
    made = of_kind(some, facts.TOUCH)
    reached = made["outcome"] != NOT_REACHED
    who = made["history"] * LEADS + made["lead"]
    assert (np.bincount(who, minlength=ALL) == 6).all()
    return np.bincount(who[reached], minlength=ALL)


@pytest.mark.parametrize("reached", [0.25, 0.8])
def test_touches_reach_a_binomial_number_of_times(reached: float):
    # Six touches, independent for like leads. A mean wrong by .004 is noticed, and pairs that hang together.
    some = lived(f"follow_up.channels.phone.reached={reached}", "follow_up.touches=6")
    counts = np.bincount(reached_counts(some), minlength=7)
    for k in range(7):
        meets(int(counts[k]), float(stats.binom.pmf(k, 6, reached)))


def test_unlike_leads_are_reached_by_a_mixture():
    # A spread of 1.5 in the log-odds at 16 levels: a lead never reached in six touches is far commoner (.14 for .016).
    some = lived("follow_up.channels.phone.reached=0.5", "follow_up.touches=6", "segments.keen.reach=1.5")
    counts = np.bincount(reached_counts(some), minlength=7)
    levels = [float(odds(np.array(0.5), ratio)) for ratio in reach_odds(np.array(1.5))]
    for k in range(7):
        meets(int(counts[k]), float(np.mean([stats.binom.pmf(k, 6, p) for p in levels])))


def test_preferred_channels_have_their_shares():
    # Asked, and kept to 3/4 of the time: by mail .35 * .75; irritated is who wants another channel than is used.
    some = of_kind(lived("segments.keen.channels={ phone = 0.65, mail = 0.35 }", "follow_up.ask=true",
                         "follow_up.keeps=0.75", "follow_up.touches=1"), facts.TOUCH)  # fmt: skip
    meets(np.count_nonzero(some["amount"] >> 2 == MAIL), 0.35 * 0.75)
    meets(np.count_nonzero(some["amount"] & 1), 0.35 * 0.25)


def test_qualifying_obeys_bayes():
    # Found not qualified: (1-q) specificity + q (1-sensitivity); of them, those who were. Faults of .9 points noticed.
    q, sensitivity, specificity = 0.7, 0.85, 0.6
    some = lived(
        f"segments.keen.qualified={q}", "follow_up.touches=3",
        f"follow_up.qualify={{ sensitivity = {sensitivity}, specificity = {specificity} }}",
    )  # fmt: skip
    made, closed = of_kind(some, facts.TOUCH), of_kind(some, facts.FILE)
    out = np.count_nonzero(made["outcome"] == DISQUALIFIED)
    known = (1 - q) * specificity + q * (1 - sensitivity)
    meets(out, known)
    assert set(made["occurrence"][made["outcome"] == DISQUALIFIED].tolist()) == {0}  # it is asked once
    early = (closed["outcome"] != undecided.OPENED) & (closed["occurrence"] == 1)
    assert np.count_nonzero(early) == out
    wrongly = np.count_nonzero(closed["outcome"][early] == undecided.GIVEN_UP)
    meets(wrongly, q * (1 - sensitivity) / known, of=out)


@pytest.mark.parametrize("signals", [1, 2, 3])
def test_signals_are_noticed_one_by_one(signals: int):
    # Never qualified: let go at touch n with the negative binomial distribution. Faults of 1.25 points are noticed.
    seen = 0.3
    some = lived(
        "segments.keen.qualified=0", f"follow_up.reads_signals={seen}", f"follow_up.signals={signals}",
        f"follow_up.touches={MOST}",
    )  # fmt: skip
    closed = of_kind(some, facts.FILE)
    last = closed["occurrence"][closed["outcome"] != undecided.OPENED]
    for n in range(1, MOST):
        meets(np.count_nonzero(last <= n), float(stats.nbinom.cdf(n - signals, signals, seen)))
    assert last.size == ALL
    assert last.max() == MOST


def test_gatekeepers_are_passed_touch_by_touch():
    # A third is reached directly, for good; the others are passed by .2 at each touch: all three touches ended by one
    # with 2/3 * .8^3.
    some = lived(
        "segments.keen.decision_maker='33 %'", "calling.asked_through=1", "follow_up.insist=0.2", "follow_up.touches=3"
    )
    made = of_kind(some, facts.TOUCH)
    kept = np.bincount((made["history"] * LEADS + made["lead"])[made["outcome"] == GATEKEEPER], minlength=ALL)
    counts = np.bincount(kept, minlength=4)
    for k in range(4):
        meets(int(counts[k]), 0.67 * float(stats.binom.pmf(k, 3, 0.8)) + (0.33 if k == 0 else 0))
