"""After the sale against theory: buying again, defects, regret, and the circle of those who are named.

Means within 4 known standard errors (false alarm 6.3e-5 of all seeds each); a fault of 5 of them is noticed in 84 %.
Standard errors are at most 1 % of a mean, 2 % of a share and 6 % of a variance, so a mean that is 5 % off is noticed,
and a variance that is 30 % off; smaller faults where a test says so. Every day is a working day and no task takes time
to speak of: all customers buy on the first day.

Known: BG/NBD of CDNOW (Fader, Hardie and Lee, Marketing Science 24, 2005); a thinned Poisson process; total progeny of
a Galton-Watson process with Poisson offspring (Borel distribution).
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, both_engines, facts_of, of_kind
from looked_after import CARING, EVERY_DAY, shop
from scipy import special

from simfunnel import facts
from simfunnel.funnel import customers, loyalty, referral
from simfunnel.funnel.odds import odds
from simfunnel.funnel.segments import REFERRAL

LEADS = 10_000
INSTANT = (EVERY_DAY, "calling.minutes.talk=0", "teams.sellers.size=20")
BG_NBD = "after_sales.repeat.bg_nbd={ r = 0.243, alpha = 4.414, a = 0.793, b = 2.426 }"


def lived(histories: int, days: int, *overrides: str) -> Facts:
    """All customers buy on day 0, and are watched for so many days."""
    scenario = shop(*INSTANT, f"segments.keen.leads={LEADS}", f"horizon='{days + 1} days'", *overrides)
    some = facts_of(scenario, histories)[1]
    talks = of_kind(some, facts.TALK)
    assert (talks["lead"] < LEADS).sum() == LEADS * histories
    assert not talks["day"][talks["lead"] < LEADS].any()
    return some


def repeats(some: Facts, histories: int, days: int) -> np.ndarray:
    """How often each customer bought again within its own first days."""
    bought = of_kind(some, facts.PURCHASE)
    mine = (bought["outcome"] == loyalty.REPEAT) & (bought["day"] <= days)
    return np.bincount((bought["history"] * LEADS + bought["lead"])[mine], minlength=histories * LEADS)


def meets(found: float, known: float, error: float, *, at_most: float = 0.01) -> None:
    assert error <= at_most * abs(known)
    assert abs(found - known) <= 4 * error


def share_meets(found: int, known: float, of: int) -> None:
    meets(found / of, known, np.sqrt(known * (1 - known) / of), at_most=0.02)


# ---------------------------------------------------------------- buying again


def mean_of_bg_nbd(weeks: float, r: float = 0.243, alpha: float = 4.414, a: float = 0.793, b: float = 2.426) -> float:
    """Equation 9 of the paper: E[X(t)]."""
    z = weeks / (alpha + weeks)
    power = (alpha / (alpha + weeks)) ** r
    return float((a + b - 1) / (a - 1) * (1 - power * special.hyp2f1(r, b, a + b - 1, z)))


def test_bg_nbd_buys_as_published():
    # The contract's numbers; a mean of 1.14 or 1.26, or a share of .56, would be noticed. Also after 13 and 26 weeks.
    histories = 7
    some = lived(histories, 273, BG_NBD)
    for weeks, known in ((39, 1.196723), (26, mean_of_bg_nbd(26)), (13, mean_of_bg_nbd(13))):
        counts = repeats(some, histories, 7 * weeks)
        meets(counts.mean(), known, counts.std(ddof=1) / np.sqrt(counts.size))
    assert mean_of_bg_nbd(39) == pytest.approx(1.196723, abs=1e-6)
    assert np.isclose((4.414 / (4.414 + 39)) ** 0.243, 0.573786, atol=1e-6)
    share_meets(np.count_nonzero(repeats(some, histories, 273) == 0), 0.573786, histories * LEADS)


@pytest.mark.parametrize(
    "working", [EVERY_DAY, "working_days=['monday', 'tuesday', 'wednesday', 'thursday', 'friday']"]
)
def test_bg_nbd_is_the_same_in_both_engines(working: str):
    _, some = both_engines(
        CARING, *INSTANT, working, BG_NBD, "segments.keen.leads=60", "horizon='120 days'", replications=3
    )
    assert of_kind(some, facts.PURCHASE)["kind"].size > 30


@pytest.mark.parametrize(("reality", "ratio"), [(0.5, 4), (0.8, 4), (0.2, 4), (0.8, 0.5)])
def test_occasions_are_a_thinned_poisson_process(reality: float, ratio: float):
    # Counts over 200 days have mean and variance T / gap * p', p' with the odds of p times R ** ((s - 1/2) / (1/2)).
    gap, p, days = 20.0, 0.3, 200
    some = lived(
        1, days, f"after_sales.satisfaction.reality={reality}",
        f"after_sales.repeat={{ every = {{ exponential = {{ mean = {gap} }} }}, bought = {p}, satisfied = {ratio} }}",
    )  # fmt: skip
    counts = repeats(some, 1, days)
    mean = days / gap * float(odds(p, ratio ** ((reality - 0.5) / 0.5)))
    meets(counts.mean(), mean, np.sqrt(mean / LEADS))
    meets(counts.var(ddof=1), mean, np.sqrt((mean + 2 * mean**2) / LEADS), at_most=0.02)
    all_ = np.bincount(of_kind(some, facts.PURCHASE)["lead"], minlength=LEADS)
    meets(all_.mean(), days / gap, np.sqrt(days / gap / LEADS))


def test_who_passes_an_occasion_may_be_lost():
    # Lost at rate k = (1 - p) * leaves / gap: e^(-k T) stay, and buy p / gap * (1 - e^(-k T)) / k times on average.
    gap, p, leaves, days = 10.0, 0.4, 0.15, 120
    some = lived(
        2,
        days,
        f"after_sales.repeat={{ every = {{ exponential = {{ mean = {gap} }} }}, bought = {p}, leaves = {leaves} }}",
    )
    k = (1 - p) * leaves / gap
    counts, ends = repeats(some, 2, days), of_kind(some, facts.CUSTOMER)
    meets(counts.mean(), p / gap * (1 - np.exp(-k * days)) / k, counts.std() / np.sqrt(counts.size))
    share_meets(np.count_nonzero(ends["outcome"] == customers.STAYS), np.exp(-k * days), 2 * LEADS)
    assert np.count_nonzero(ends["outcome"] == customers.LEFT) == 2 * LEADS - np.count_nonzero(
        ends["outcome"] == customers.STAYS
    )


# ---------------------------------------------------------------- defects and regret


def test_defects_are_found_in_time_or_show():
    # They show after an exponential time of mean 20; contacts on days 7 and 14 each find half of the hidden ones.
    rate, mean, complains = 0.4, 20.0, 0.3
    some = lived(
        9, 300, f"after_sales.defect={{ rate = {rate}, complains = {complains}, "
        f"shows_after = {{ exponential = {{ mean = {mean} }} }} }}",
        "after_sales.seller_initiated={ days = ['7 days', '14 days'], finds = 0.5, minutes = { talk = 0 } }",
    )  # fmt: skip
    # A delivery on day 1 that shows by night 6, 13, or ever: the contact of the day comes before its night.
    hidden = np.exp(-np.array([5, 12]) / mean)
    shows = 1 - hidden[0] + 0.5 * (hidden[0] - hidden[1]) + 0.25 * hidden[1]
    found, ends = of_kind(some, facts.RAISED)["outcome"].size, of_kind(some, facts.CUSTOMER)
    share_meets(found, rate * shows * complains, 9 * LEADS)
    silent = np.count_nonzero(ends["outcome"] == customers.SILENT)
    share_meets(silent, rate * shows * (1 - complains), 9 * LEADS)


@pytest.mark.parametrize("approves", [0.3, 1])
def test_a_contact_before_the_temptation_keeps_who_would_cancel(approves: float):
    # Tempted at a uniform time of 14 days; who is reached on day 3, before its night, has the odds times `approves`.
    cancels = 0.3
    some = lived(
        2, 20, f"after_sales.remorse={{ window = 14, cancels = {cancels} }}",
        f"after_sales.seller_initiated={{ days = ['3 days'], approves = {approves}, minutes = {{ talk = 0 }} }}",
    )  # fmt: skip
    ends = of_kind(some, facts.CUSTOMER)
    gone = ends["day"][ends["outcome"] == customers.CANCELLED]
    known = (2 * cancels + 12 * float(odds(cancels, approves))) / 14
    share_meets(gone.size, known, 2 * LEADS)
    meets(np.count_nonzero(gone <= 2) / (2 * LEADS), cancels * 2 / 14,
          np.sqrt(cancels / 7 * (1 - cancels / 7) / (2 * LEADS)), at_most=0.05)  # fmt: skip
    assert gone.min() == 1
    assert gone.max() == 14


# ---------------------------------------------------------------- the circle

ROOTS = 100
CIRCLE = (
    *INSTANT, f"segments.keen.leads={ROOTS}", "horizon='300 days'", "segments.friends={ temperature = 'warm' }",
    "after_sales.seller_initiated={ days = ['1 day'], asks = true, minutes = { talk = 0 } }",
    "after_sales.referral={ segment = 'friends', given = 1, names = 0.5 }",
)  # fmt: skip


def circle(histories: int, *overrides: str) -> Facts:
    return facts_of(shop(*CIRCLE, *overrides), histories)[1]


def families(some: Facts, histories: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each lead of the list: did it buy, and how many customers stem from it, with itself: (histories, ROOTS)."""
    named, talks = of_kind(some, facts.REFERRAL), of_kind(some, facts.TALK)
    won = np.isin(talks["outcome"], (1, 2))
    origin = {(h, lead): lead for h in range(histories) for lead in range(ROOTS)}
    order = np.argsort(named["day"], kind="stable")
    for h, lead, parent in zip(*(named[n][order].tolist() for n in ("history", "lead", "amount")), strict=True):
        origin[h, lead] = origin[h, parent]
    total, bought = np.zeros((histories, ROOTS), dtype=np.int64), np.zeros((histories, ROOTS), dtype=np.bool_)
    for h, lead in zip(talks["history"][won].tolist(), talks["lead"][won].tolist(), strict=True):
        total[h, origin[h, lead]] += 1
        if lead < ROOTS:
            bought[h, lead] = True
    return bought, total


@pytest.mark.parametrize(("names", "buys", "histories"), [(0.5, 1, 110), (0.8, 1, 410), (1.6, 0.4, 460)])
def test_the_circle_is_a_branching_process(names: float, buys: float, histories: int):
    # Each customer is asked once and names Poisson(names), of whom a share buys: m = names * buys. Families have mean
    # 1 / (1 - m) and variance m / (1 - m)^3; alone remain e^-m; the fourth cumulant gives the error of the variance.
    some = circle(histories, f"after_sales.referral.names={names}", f"calling.accepted={buys}")
    m = names * buys
    bought, total = families(some, histories)
    sizes = total[bought]
    assert (total[~bought] == 0).all()
    mean, variance = 1 / (1 - m), m / (1 - m) ** 3
    fourth = m * (1 + 8 * m + 6 * m**2) / (1 - m) ** 7
    meets(sizes.mean(), mean, np.sqrt(variance / sizes.size))
    meets(sizes.var(ddof=1), variance, np.sqrt((fourth + 2 * variance**2) / sizes.size), at_most=0.06)
    share_meets(np.count_nonzero(sizes == 1), np.exp(-m), sizes.size)
    if buys < 1:
        share_meets(np.count_nonzero(bought), buys, bought.size)
    assert of_kind(some, facts.TALK)["day"].max() < 290  # all families have died out


def test_asking_some_thins_the_circle():
    # Half of the times that one is asked no names are given: m = 1.2 / 2.
    some = circle(160, "after_sales.referral.names=1.2", "after_sales.referral.given=0.5")
    _, total = families(some, 160)
    meets(total.mean(), 1 / (1 - 0.6), np.sqrt(0.6 / 0.4**3 / total.size))


def test_a_cut_circle_has_the_same_roots_and_no_descendants():
    whole, cut = circle(5), circle(5, "after_sales.referral.circle=false")
    assert families(cut, 5)[1].tolist() == np.ones((5, ROOTS)).tolist()
    of_list = [
        {
            name: values[(some["lead"] < REFERRAL) & (some["kind"] != facts.REFERRAL) & (some["kind"] != facts.DIAL)]
            for name, values in some.items()
            if name not in ("clock", "seat", "duration")
        }
        for some in (whole, cut)
    ]
    for name, values in of_list[0].items():
        np.testing.assert_array_equal(values, of_list[1][name], err_msg=name)
    names = [of_kind(some, facts.REFERRAL) for some in (whole, cut)]
    roots = names[0]["amount"] < ROOTS
    for name in ("history", "lead", "day", "occurrence", "amount"):
        np.testing.assert_array_equal(names[0][name][roots], names[1][name], err_msg=name)
    assert set(names[1]["outcome"].tolist()) == {referral.CUT}


@pytest.mark.parametrize(("names", "limit"), [(3, 50), (1, 7), (50, 1)])
def test_a_circle_that_would_explode_stops_at_the_limit_exactly(names: float, limit: int):
    _, some = both_engines(
        CARING, *CIRCLE, f"after_sales.referral.names={names}", f"after_sales.referral.limit={limit}",
        "segments.keen.leads=20", "horizon='60 days'", replications=3,
    )  # fmt: skip
    named, talks, asked = (of_kind(some, kind) for kind in (facts.REFERRAL, facts.TALK, facts.ASKED))
    for history in range(3):
        mine = named["history"] == history
        noted = mine & (named["outcome"] == referral.NOTED)
        beyond = mine & (named["outcome"] == referral.BEYOND)
        assert np.count_nonzero(noted) == limit
        assert beyond.any()
        assert named["day"][beyond].min() >= named["day"][noted].max()
        assert np.count_nonzero(talks["history"] == history) == 20 + limit
        # Memory is bounded: each customer is asked once, so there are no more names than they give.
        assert np.count_nonzero(asked["history"] == history) == 20 + limit
        assert np.count_nonzero(mine) == asked["amount"][asked["history"] == history].sum()
