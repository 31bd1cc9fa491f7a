"""Buying again and naming others on paper: occasions, BG/NBD, who is lost, resale, and who names how many.

Chance is a parameter: the law is handed words and customers that the test chose; exact. The smallest fault noticed is
a cent, a name, or 2e-9 of a probability (a threshold that is off by ten words).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from looked_after import FRIENDS, HALF, MOST, NO, QUARTER, YES, laws_of
from scipy import stats
from test_after_law import satisfied, share
from test_closing_law import Words
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws
from simfunnel.funnel import loyalty, referral, visits
from simfunnel.funnel.loyalty import LoyaltyLaw, dropout, purchase_rate
from simfunnel.funnel.odds import odds
from simfunnel.funnel.referral import ReferralLaw, referred
from simfunnel.funnel.segments import REFERRAL
from simfunnel.funnel.undecided import NEVER

ONE = array(0)
FACE, STRANGER = np.array([YES]), np.array([NO])
Choose = Callable[[Words], None]
OCCASIONS = "after_sales.repeat={ every = 7, bought = 0.2 }"
R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
POOL = f"{{ r = {R}, alpha = {ALPHA}, a = {A}, b = {B} }}"
BG_NBD = f"after_sales.repeat={{ bg_nbd = {POOL} }}"


def law_of(*overrides: str, columns: int = 1) -> LoyaltyLaw:
    law = laws_of(*overrides, columns=columns).loyalty
    assert law is not None
    return law


def occasion(pair: int, high: int = HALF, low: int = HALF) -> Words:
    return {(visits.OCCASION, pair): (high, low)}


# ---------------------------------------------------------------- occasions


def test_occasions_come_at_times_drawn_for_each(words: Choose):
    law = law_of(OCCASIONS, "after_sales.repeat.every={ low = 0, high = 40 }")
    words(occasion(0, QUARTER))
    np.testing.assert_allclose(law.next_occasion(ONE, ONE, ONE), [10], rtol=1e-8)
    assert law_of(OCCASIONS).next_occasion(ONE, ONE, array(9)).tolist() == [7]


@pytest.mark.parametrize("points", [0, 250, 500, 750, 1000])
def test_the_satisfied_take_more_occasions(points: int, words: Choose):
    law = law_of(OCCASIONS, "after_sales.repeat.satisfied=4")

    def happens(word: int) -> Any:
        words(occasion(0, HALF, word))
        return law.takes(ONE, ONE, ONE, array(points))

    assert share(happens) == pytest.approx(float(odds(0.2, satisfied(4, points))), abs=1e-9)


def test_some_who_pass_an_occasion_are_lost(words: Choose):
    law = law_of(OCCASIONS, "after_sales.repeat.leaves=0.25")
    for word, lost in ((QUARTER - 1, YES), (QUARTER, NO)):
        words(occasion(1, word))
        assert law.is_lost(ONE, ONE, ONE).tolist() == [lost]
        assert law_of(OCCASIONS).is_lost(ONE, ONE, ONE).tolist() == [NO]


def test_what_an_occasion_brings(words: Choose):
    law = law_of(OCCASIONS, "after_sales.repeat.revenue={ low = 0, high = 40 }")
    words(occasion(1, HALF, QUARTER))
    assert law.amount(ONE, ONE, ONE, array(1000)).tolist() == [10_00]
    assert law.amount(ONE, ONE, ONE, array(500)).tolist() == [5_00]


def test_nobody_drops_out_unseen_without_bg_nbd(words: Choose):
    words(occasion(1, 0))
    assert law_of(OCCASIONS).drops_out(ONE, ONE, ONE, array(0)).tolist() == [NO]


# ---------------------------------------------------------------- BG/NBD


def test_rates_and_dropout_are_gamma_and_beta_distributed():
    word = np.array([0, 2**20, QUARTER, HALF, MOST])
    uniform = draws.uniform(word)
    np.testing.assert_allclose(
        purchase_rate(word, np.array([R]), np.array([ALPHA])), stats.gamma.ppf(uniform, R, scale=1 / ALPHA), rtol=1e-9
    )
    np.testing.assert_allclose(dropout(word, np.array([A]), np.array([B])), stats.beta.ppf(uniform, A, B), rtol=1e-9)


@pytest.mark.parametrize(("per", "in_days"), [("day", 1), ("week", 7)])
def test_times_are_exponential_with_the_customers_own_rate(per: str, in_days: int, words: Choose):
    law = law_of(BG_NBD.replace("} }", f", per = '{per}' }} }}"))
    chosen = int(0.9 * 2**32)
    words(occasion(0, QUARTER) | {(visits.FATE, 4): (chosen, HALF)})
    rate = stats.gamma.ppf((chosen + 0.5) / 2**32, R, scale=1 / (ALPHA * in_days))
    np.testing.assert_allclose(law.next_occasion(ONE, ONE, ONE), [-np.log(0.75) / rate], rtol=1e-8)


def test_each_occasion_is_a_purchase(words: Choose):
    words(occasion(0, HALF, MOST))
    assert law_of(BG_NBD).takes(ONE, ONE, ONE, array(0)).tolist() == [YES]


@pytest.mark.parametrize("points", [0, 500, 1000])
def test_a_customer_drops_out_with_its_own_probability_and_the_satisfied_less(points: int, words: Choose):
    law = law_of(BG_NBD, "after_sales.repeat.satisfied=4")
    own = int(0.8 * 2**32)

    def happens(word: int) -> Any:
        words(occasion(1, word) | {(visits.FATE, 4): (HALF, own)})
        return law.drops_out(ONE, ONE, ONE, array(points))

    chance = stats.beta.ppf((own + 0.5) / 2**32, A, B)
    assert share(happens) == pytest.approx(float(odds(chance, 1 / satisfied(4, points))), abs=1e-9)


def test_who_never_buys_has_no_next_occasion(words: Choose):
    # r = .01: the lowest word's rate is 0 in floating point.
    words(occasion(0, MOST) | {(visits.FATE, 4): (0, HALF)})
    with np.errstate(all="raise", under="ignore"):
        found = law_of(BG_NBD, "after_sales.repeat.bg_nbd.r=0.01").next_occasion(ONE, ONE, ONE)
    assert found.tolist() == [NEVER]


def test_the_law_itself_has_the_known_mean():
    # 40,000 customers lived with the law alone, by hand: purchases at accumulated times until a dropout, in 39 weeks.
    # SD of a count 2.3: standard error .0117 (1 %); 4 of them are .047, so a mean of 1.15 or 1.25 would be noticed.
    law, size = law_of(BG_NBD, "segments.keen.leads=40000"), 40_000
    lead, bought, clock = np.arange(size), np.zeros(size, dtype=np.int64), np.zeros(size)
    alive = lead
    while alive.size:
        column = np.zeros(alive.size, dtype=np.int64)
        clock[alive] += law.next_occasion(column, alive, bought[alive])
        alive = alive[clock[alive] <= 273]
        column, number = column[: alive.size], bought[alive]
        bought[alive] += 1
        alive = alive[~law.drops_out(column, alive, number, np.full(alive.size, 500))]
    assert abs(bought.mean() - 1.196723) <= 4 * bought.std(ddof=1) / np.sqrt(size)
    assert abs(np.mean(bought == 0) - 0.573786) <= 4 * np.sqrt(0.573786 * 0.426214 / size)


# ---------------------------------------------------------------- resale

RESALE = (OCCASIONS, "after_sales.resale={ share = 0.25, sells_in = { low = 0, high = 40 } }")


@pytest.mark.parametrize(("days", "part"), [(0, 0), (3, 300), (5, 500), (10, 1000), (99, 1000)])
def test_who_resells_orders_what_has_sold_through(days: int, part: int, words: Choose):
    law = law_of(*RESALE)
    words({(visits.FATE, 5): (QUARTER - 1, QUARTER)})  # sells through in 10 days
    assert law.sold_through(ONE, ONE, array(7), 7 + days).tolist() == [part]
    words({(visits.FATE, 5): (QUARTER, QUARTER)})
    assert law.sold_through(ONE, ONE, array(7), 7 + days).tolist() == [1000]
    assert law_of(OCCASIONS).sold_through(ONE, ONE, array(7), 7 + days).tolist() == [1000]


@pytest.mark.parametrize(("since", "days", "part"), [(-9, 3, 600), (-2, 3, 500), (0, 3, 300), (5, 3, 300)])
def test_marketing_sells_through_twice_as_fast_until_the_intake_ends(since: int, days: int, part: int, words: Choose):
    # Spend of half brings half of the most: 1 + 2 / 2 = 2 times as fast. Of 3 days from 2 before the end, 2 count.
    marketing = "marketing={ spend = 100, sell_through = { most = 2, half = 100 } }"
    law = law_of(*RESALE, marketing, "intake='2 weeks'")
    words({(visits.FATE, 5): (QUARTER - 1, QUARTER)})
    ends = law.unspent
    assert ends == dt.date(2026, 1, 16).toordinal() + 1  # the last working day of the intake is a Friday
    assert law.sold_through(ONE, ONE, array(ends + since), ends + since + days).tolist() == [part]


# ---------------------------------------------------------------- naming others


def naming(*overrides: str) -> ReferralLaw:
    law = laws_of(*FRIENDS, "after_sales.referral.given=0.2", *overrides).referral
    assert law is not None
    return law


def named(law: ReferralLaw, points: int = 500, friendly: int = 0, face: np.ndarray = STRANGER, conceded: bool = NO,
          asked: int = 0) -> int:  # fmt: skip
    return int(law.named(ONE, ONE, array(asked), array(points), array(friendly), face, np.array([conceded]))[0])


NAMING: dict[str, tuple[tuple[str, ...], dict[str, Any], float]] = {
    "as it is": ((), {"points": 900, "friendly": 9, "face": FACE}, 1),
    "wholly satisfied": (("after_sales.referral.satisfied=4",), {"points": 1000}, 4),
    "not satisfied": (("after_sales.referral.satisfied=4",), {"points": 0}, 1 / 4),
    "friendly contacts": (("after_sales.friendly={ every = '1 week', odds_referral = 1.5 }",), {"friendly": 2}, 2.25),
    "sixty at most": (("after_sales.friendly={ every = '1 week', odds_referral = 1.1 }",), {"friendly": 99}, 1.1**60),
    "a familiar face": (("after_sales.familiar=3",), {"face": FACE}, 3),
    "another face": (("after_sales.familiar=3",), {"face": STRANGER}, 1),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMING)
def test_who_names_others(case: str, words: Choose):
    overrides, state, ratio = NAMING[case]
    law = naming(*overrides)

    def happens(word: int) -> Any:
        words({(visits.ASKED, 0): (word, MOST)})
        return [named(law, **state) > 0]

    assert share(happens) == pytest.approx(float(odds(0.2, ratio)), abs=1e-9)


@pytest.mark.parametrize("case", NAMING)
def test_who_conceded_never_names_anybody(case: str, words: Choose):
    overrides, state, _ = NAMING[case]
    words({(visits.ASKED, 0): (0, MOST)})
    assert named(naming(*overrides, "after_sales.referral.given=1"), **state, conceded=YES) == 0


@pytest.mark.parametrize("mean", [0, 0.5, 3])
def test_a_poisson_number_of_names(mean: float, words: Choose):
    law = naming(f"after_sales.referral.names={mean}")
    for quantile in (0.01, 0.3, 0.6, 0.9, 0.999):
        words({(visits.ASKED, 0): (0, int(quantile * 2**32))})
        assert named(law) == stats.poisson.ppf(quantile, mean)


def test_the_nth_name_of_a_customer_is_always_the_same_person():
    parent, number = np.repeat(np.arange(300), 40), np.tile(np.arange(40), 300)
    found = referred(parent, number)
    assert np.unique(found).size == found.size
    assert (found >= REFERRAL).all()
    assert referred(array(7), array(3)).tolist() == [found[7 * 40 + 3]]
    again = referred(found, np.zeros_like(found))
    assert not np.isin(again, found).any()
    assert np.unique(again).size == found.size
    bits = (found[:, None] >> np.arange(41)) & 1  # each of the 41 bits is as often 0 as 1, within 4 standard errors
    np.testing.assert_allclose(bits.mean(axis=0), 0.5, atol=4 * 0.5 / np.sqrt(found.size))


# ---------------------------------------------------------------- addresses


def test_one_history_alone_has_the_same_law():
    uncertain = (
        "after_sales.repeat={ bought = '4 of 9', every = { exponential = { mean = { low = 5, high = 9 } } } }",
        "after_sales.repeat.satisfied={ low = 1, high = 5 }", "after_sales.repeat.leaves='4 of 9'",
        "after_sales.resale={ share = '4 of 9', sells_in = { exponential = { mean = { low = 5, high = 9 } } } }",
        *FRIENDS, "after_sales.referral.given='4 of 9'", "after_sales.referral.names={ low = 1, high = 4 }",
    )  # fmt: skip
    pool = "after_sales.repeat={{ bg_nbd = {{ r = {0}, alpha = {0}, a = {0}, b = {0} }} }}".format(
        "{low = 1, high = 4}"
    )
    lead = np.arange(300)
    points, n, flag = lead * 3, lead % 9, lead % 2 == 0
    for laws in (laws_of(*uncertain, columns=3), laws_of(pool, columns=3)):
        for column in range(3):
            found = []
            for each, c in ((laws, np.full(300, column)), (laws.column(column), np.zeros(300, dtype=np.int64))):
                law = each.loyalty
                assert law is not None
                found.append([law.next_occasion(c, lead, n), law.takes(c, lead, n, points), law.is_lost(c, lead, n),
                              law.drops_out(c, lead, n, points), law.sold_through(c, lead, n, 9)])  # fmt: skip
                if each.referral is not None:
                    found[-1].append(each.referral.named(c, lead, n, points, n, flag, ~flag & (n > 4)))
            for here, there in zip(*found, strict=True):
                np.testing.assert_array_equal(here, there)


def test_purchases_and_names_are_told_in_words():
    assert loyalty.PURCHASES[loyalty.CROSS] == "bought something else"
    assert referral.REFERRALS[referral.BEYOND] == "beyond the limit"
