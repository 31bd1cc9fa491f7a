"""The fate of a first purchase on paper: what satisfaction starts with, lateness, defects, and regret.

Chance is a parameter: the law is handed words and customers that the test chose; exact. The smallest fault noticed is
one thousandth of satisfaction, one calendar day, or 2e-9 of a probability (a threshold that is off by ten words).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from looked_after import HALF, MOST, NO, QUARTER, YES, laws_of
from test_closing_law import Words
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws
from simfunnel.funnel import customers, visits
from simfunnel.funnel.customers import MOST_COOPERATIVE, FateLaw
from simfunnel.funnel.odds import odds
from simfunnel.funnel.undecided import NEVER

ONE = array(0)
Choose = Callable[[Words], None]


def law_of(*overrides: str, columns: int = 1) -> FateLaw:
    return laws_of(*overrides, columns=columns).fate


def fate(pair: int, high: int = HALF, low: int = HALF) -> Words:
    return {(visits.FATE, pair): (high, low)}


def share(happens: Callable[[int], Any]) -> float:
    """The probability of what happens to words below some word: that word, found exactly."""
    low, high = 0, 2**32
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if bool(happens(middle)[0]) else (low, middle)
    return low / 2**32


def satisfied(ratio: float, points: int) -> float:
    """The odds ratio of a customer of so many thousandths, where the wholly satisfied have `ratio`."""
    return float(ratio ** ((points / 1000 - 0.5) / 0.5))


# ---------------------------------------------------------------- what satisfaction starts with


def starts(law: FateLaw, conceded: bool = NO, unfit: bool = NO) -> int:
    return int(law.starts(ONE, ONE, np.array([conceded]), np.array([unfit]))[0])


@pytest.mark.parametrize(
    ("key", "gently", "conceded", "unfit"),
    [("reality=0.8", 800, 800, 800), ("promise=0.1", 400, 400, 400), ("pressure=0.1", 500, 400, 500),
     ("bad_fit=0.1", 500, 500, 400)],
)  # fmt: skip
def test_each_loss_is_of_those_whom_it_concerns(key: str, gently: int, conceded: int, unfit: int):
    law = law_of(f"after_sales.satisfaction.{key}")
    assert [starts(law), starts(law, conceded=YES), starts(law, unfit=YES)] == [gently, conceded, unfit]


def test_all_losses_together():
    law = law_of("after_sales.satisfaction={ reality = 0.9, promise = 0.1, pressure = 0.2, bad_fit = 0.3 }")
    assert [starts(law, c, u) for c in (NO, YES) for u in (NO, YES)] == [800, 500, 600, 300]


def test_reality_is_drawn_for_every_customer(words: Choose):
    law = law_of("after_sales.satisfaction.reality={ low = 0.2, high = 0.6 }")
    for word, points in ((0, 200), (QUARTER, 300), (HALF, 400), (MOST, 600)):
        words(fate(0, word))
        assert starts(law) == points


# ---------------------------------------------------------------- delivery


@pytest.mark.parametrize(
    ("days", "promised", "found", "late"),
    [("0", "0", 0, 0), ("5", "5", 5, 0), ("5", "4", 5, 1), ("4.2", "4", 5, 1), ("4.2", "4.6", 5, 0), ("3", "9", 3, 0),
     ("30", "0", 30, 30)],
)  # fmt: skip
def test_it_is_late_by_whole_days_counted_up(days: str, promised: str, found: int, late: int):
    law = law_of(f"after_sales.delivery={{ days = {days}, promised = {promised} }}")
    assert [each.tolist() for each in law.delivered(ONE, ONE)] == [[found], [late]]


def test_delivery_has_its_own_word(words: Choose):
    law = law_of("after_sales.delivery.days={ low = 0, high = 40 }")
    for word, days in ((0, 1), (QUARTER - 1, 10), (QUARTER, 11), (MOST, 40)):
        words(fate(0, HALF, word))
        assert law.delivered(ONE, ONE)[0].tolist() == [days]


@pytest.mark.parametrize(("late", "points"), [(0, 500), (1, 480), (3, 440), (25, 0), (99, 0)])
def test_each_day_late_costs_the_same(late: int, points: int):
    law = law_of("after_sales.delivery.per_day_late=0.02")
    assert law.after_delivery(ONE, array(500), array(late)).tolist() == [points]


# ---------------------------------------------------------------- defects


def test_a_share_of_deliveries_has_a_defect(words: Choose):
    law = law_of("after_sales.defect.rate=0.25")
    for word, has in ((0, YES), (QUARTER - 1, YES), (QUARTER, NO), (MOST, NO)):
        words(fate(1, word))
        assert law.is_defective(ONE, ONE, array(0)).tolist() == [has]


@pytest.mark.parametrize("earlier", [0, 1, 2, 10, MOST_COOPERATIVE, MOST_COOPERATIVE + 1])
def test_each_earlier_cooperative_contact_lowers_the_rate(earlier: int, words: Choose):
    law = law_of("after_sales.defect.rate=0.5", "after_sales.cooperative={ every = '1 week', odds_defect = 0.99 }")

    def happens(word: int) -> Any:
        words(fate(1, word))
        return law.is_defective(ONE, ONE, array(earlier))

    ratio = 0.99 ** min(earlier, MOST_COOPERATIVE)
    assert share(happens) == pytest.approx(ratio / (1 + ratio), abs=1e-9)


def test_without_cooperation_the_rate_stays(words: Choose):
    law = law_of("after_sales.defect.rate=0.5")
    words(fate(1, HALF - 1))
    assert law.is_defective(ONE, ONE, array(999)).tolist() == [YES]


def test_when_a_defect_shows_has_its_own_word(words: Choose):
    law = law_of("after_sales.defect.shows_after={ low = 0, high = 40 }")
    for word, days in ((0, 1), (QUARTER, 11), (MOST, 40)):
        words(fate(1, HALF, word))
        assert law.shows(ONE, ONE).tolist() == [days]
    assert law_of().shows(ONE, ONE).tolist() == [30]


@pytest.mark.parametrize("points", [0, 250, 500, 604, 605, 1000])
def test_the_satisfied_complain_more(points: int, words: Choose):
    law = law_of("after_sales.defect={ complains = 0.2, satisfied = 9 }")

    def happens(word: int) -> Any:
        words(fate(2, word))
        return law.complains_of_it(ONE, ONE, array(points))

    hundredths = (points + 5) // 10
    assert share(happens) == pytest.approx(float(odds(0.2, satisfied(9, 10 * hundredths))), abs=1e-9)


def test_a_defect_that_shows_disappoints():
    law = law_of("after_sales.defect.drop=0.3")
    assert law.disappointed(ONE.repeat(3), array(1000, 500, 200)).tolist() == [700, 200, 0]
    assert law_of().disappointed(ONE, array(500)).tolist() == [500]


# ---------------------------------------------------------------- remorse

REMORSE = "after_sales.remorse={ window = 14, cancels = 0.2, conceded = 3, satisfied = 4 }"
APPROVES = "after_sales.seller_initiated={ every = '1 week', approves = 0.5 }"


def cancelling(law: FateLaw, words: Choose, points: int = 500, conceded: bool = NO, approved: bool = NO) -> float:
    def happens(word: int) -> Any:
        words(fate(3, word))
        return law.regrets(ONE, ONE, array(points), np.array([conceded]), np.array([approved]))

    return share(happens)


@pytest.mark.parametrize(
    ("points", "conceded", "approved", "ratio"),
    [(500, NO, NO, 1), (500, YES, NO, 3), (500, NO, YES, 1 / 2), (500, YES, YES, 3 / 2), (1000, NO, NO, 1 / 4),
     (0, NO, NO, 4), (750, NO, NO, 1 / 2), (1000, YES, YES, 3 / 8)],
)  # fmt: skip
def test_who_conceded_regrets_and_who_was_contacted_or_is_satisfied_keeps(
    points: int, conceded: bool, approved: bool, ratio: float, words: Choose
):
    found = cancelling(law_of(REMORSE, APPROVES), words, points, conceded, approved)
    assert found == pytest.approx(float(odds(0.2, ratio)), abs=1e-9)


def test_what_is_not_stated_changes_no_regret(words: Choose):
    law = law_of("after_sales.remorse={ window = 14, cancels = 0.2 }")
    for points, conceded, approved in ((500, NO, NO), (0, YES, NO), (1000, NO, YES)):
        assert cancelling(law, words, points, conceded, approved) == pytest.approx(0.2, abs=1e-9)


@pytest.mark.parametrize(("cancels", "found"), [(0, 0), (1, 1)])
def test_certain_regret_and_none(cancels: int, found: int, words: Choose):
    law = law_of(f"after_sales.remorse={{ window = 14, cancels = {cancels}, conceded = 1e6, satisfied = 1e6 }}")
    for points in (0, 500, 1000):
        assert cancelling(law, words, points, YES) == found


def test_temptation_comes_at_any_time_of_the_window(words: Choose):
    for word, day in ((0, 1), (QUARTER, 4), (HALF - 1, 7), (HALF, 8), (MOST, 14)):
        words(fate(2, HALF, word))
        assert law_of(REMORSE).tempted(ONE, ONE).tolist() == [day]
        assert law_of().tempted(ONE, ONE).tolist() == [NEVER]


def test_extreme_ratios_are_bounded(words: Choose):
    big, small = 1e6, 5e-324
    with np.errstate(all="raise", under="ignore"):
        law = law_of(
            f"after_sales.remorse={{ window = 14, cancels = 0.5, conceded = {big}, satisfied = {small} }}",
            f"after_sales.seller_initiated={{ every = '1 week', approves = {big} }}",
            f"after_sales.defect={{ complains = 0.5, rate = 0.5, satisfied = {big} }}",
            f"after_sales.cooperative={{ every = '1 week', odds_defect = {big} }}",
        )
        assert cancelling(law, words, 1000, conceded=YES, approved=YES) == 1
        words(fate(1, MOST))
        assert law.is_defective(ONE, ONE, array(999)).tolist() == [YES]
        words(fate(2, int(0.999998 * 2**32)))
        assert law.complains_of_it(ONE, ONE, array(1000)).tolist() == [YES]
        assert law.complains_of_it(ONE, ONE, array(0)).tolist() == [NO]


# ---------------------------------------------------------------- who looks after them


def test_who_was_sold_to_elsewhere_is_dealt_to_a_member_for_good(words: Choose):
    law = law_of("teams.sellers.size=4")
    for word, seat in ((0, 0), (QUARTER - 1, 0), (QUARTER, 1), (HALF, 2), (3 * QUARTER, 3), (MOST, 3)):
        words(fate(3, HALF, word))
        assert law.dealt(ONE, ONE).tolist() == [seat]


# ---------------------------------------------------------------- addresses

UNCERTAIN = tuple(f"after_sales.{key}" for key in (
    "satisfaction.reality={ mean = { low = 0.4, high = 0.8 }, sd = 0.1 }", "satisfaction.promise='1 of 10'",
    "satisfaction.pressure='2 of 10'", "satisfaction.bad_fit='3 of 10'", "delivery.promised={ low = 1, high = 5 }",
    "delivery.days={ exponential = { mean = { low = 4, high = 9 } } }", "delivery.per_day_late='1 of 40'",
    "defect.rate='5 of 10'", "defect.drop='2 of 9'", "defect.complains='4 of 9'",
    "defect.satisfied={ low = 1, high = 5 }",
    "defect.shows_after={ exponential = { mean = { low = 9, high = 30 } } }", "remorse.window={ low = 5, high = 30 }",
    "remorse.cancels='4 of 9'", "remorse.conceded={ low = 1, high = 5 }", "remorse.satisfied={ low = 1, high = 5 }",
    "cooperative={ every = '1 week', odds_defect = { low = 0.5, high = 0.9 } }",
    "seller_initiated={ every = '1 week', approves = { low = 0.2, high = 0.9 } }",
))  # fmt: skip


def test_one_history_alone_has_the_same_law():
    law = law_of(*UNCERTAIN, columns=3)
    lead = np.arange(200)
    points, flag = lead * 5, lead % 2 == 0
    seen = set()
    for column in range(3):
        alone = law.column(column)
        both = ((law, np.full(200, column)), (alone, np.zeros(200, dtype=np.int64)))
        theirs, mine = (
            [each.starts(c, lead, flag, lead % 3 == 0), *each.delivered(c, lead), each.tempted(c, lead),
             each.after_delivery(c, points, lead % 7), each.is_defective(c, lead, lead % 5), each.shows(c, lead),
             each.complains_of_it(c, lead, points), each.disappointed(c, points), each.dealt(c, lead),
             each.regrets(c, lead, points, flag, lead % 3 == 0)]
            for each, c in both
        )  # fmt: skip
        for here, there in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(here, there)
        seen.add(tuple(np.concatenate(mine).tolist()))
    assert len(seen) == 3


def test_each_decision_has_its_own_word(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[int, int]] = []
    pair = draws.pair

    def noted(states: np.ndarray, number: int, scratch: object = None) -> tuple[np.ndarray, ...]:
        asked.append((int(states[0]), number))
        return pair(states, number)

    monkeypatch.setattr(draws, "pair", noted)
    law = law_of(REMORSE)
    flag = np.array([YES])
    law.starts(ONE, ONE, flag, flag), law.is_defective(ONE, ONE, ONE), law.complains_of_it(ONE, ONE, ONE)
    law.regrets(ONE, ONE, ONE, flag, flag)
    visit = int(draws.visit(law.streams, 0, visits.FATE)[0])
    assert asked == [(visit, number) for number in range(4)]


def test_ends_are_named():
    assert customers.ENDS[customers.CANCELLED] == "cancelled"
    assert len(customers.ENDS) == customers.STAYS + 1 == 5
