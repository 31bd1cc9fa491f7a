"""Contacts with customers on paper: who keeps to the calendar, who is reached, and what each kind of contact achieves.

Chance is a parameter: the law is handed words and customers that the test chose; exact. The smallest fault noticed is
one thousandth of satisfaction, or 2e-9 of a probability (a threshold that is off by ten words).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from looked_after import HALF, MINUTE, MOST, NO, QUARTER, YES, laws_of
from test_after_law import satisfied, share
from test_closing_law import Words
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws
from simfunnel.funnel import care, visits
from simfunnel.funnel.care import ANSWER, ANSWERED, COOPERATIVE, FOUND_BY, FRIENDLY, SELLER, UNANSWERED, CareLaw
from simfunnel.funnel.odds import odds
from simfunnel.funnel.satisfaction import MOST_DAYS

ONE = array(0)
FACE, STRANGER = np.array([YES]), np.array([NO])
Choose = Callable[[Words], None]
NAMES = {SELLER: "seller_initiated", COOPERATIVE: "cooperative", FRIENDLY: "friendly"}
ADDRESS = {SELLER: visits.SELLER, COOPERATIVE: visits.COOPERATIVE, FRIENDLY: visits.FRIENDLY, ANSWER: visits.ANSWERING}
ALL = tuple(f"after_sales.{name}={{ every = '1 week' }}" for name in NAMES.values())
each_planned = pytest.mark.parametrize("kind", NAMES)


def law_of(*overrides: str, columns: int = 1) -> CareLaw:
    return laws_of(*ALL, *overrides, columns=columns).care


# ---------------------------------------------------------------- the calendar is kept, or not


@each_planned
def test_each_member_keeps_to_the_calendar_with_its_own_consistency(kind: int, words: Choose):
    law = law_of("teams.sellers.size=3", "after_sales.consistency=[0.25, 1, 0]")
    for word, kept in ((QUARTER - 1, [YES, YES, NO]), (QUARTER, [NO, YES, NO]), (MOST, [NO, YES, NO])):
        words({(ADDRESS[kind], 0): (word, HALF)})
        for month in (0, 5):
            found = [law.keeps(kind, ONE, ONE, ONE, array(seat), month).tolist() for seat in range(3)]
            assert found == [[each] for each in kept]


def test_all_keep_to_it_where_nothing_is_said(words: Choose):
    words({(visits.SELLER, 0): (MOST, HALF)})
    law = law_of("teams.sellers.size=3")
    assert law.keeps(SELLER, ONE.repeat(3), ONE.repeat(3), ONE.repeat(3), np.arange(3), 0).tolist() == [YES] * 3


@pytest.mark.parametrize(("month", "ratio"), [(0, 1), (1, 1.5), (2, 2.25), (4, 1.5**4), (5, 1.5**4), (99, 1.5**4)])
def test_a_quality_programme_raises_consistency_month_by_month(month: int, ratio: float, words: Choose):
    law = law_of("after_sales.consistency=[0.5]", "after_sales.quality={ odds_per_month = 1.5, months = 4 }")

    def happens(word: int) -> Any:
        words({(visits.SELLER, 0): (word, HALF)})
        return law.keeps(SELLER, ONE, ONE, ONE, ONE, month)

    assert share(happens) == pytest.approx(ratio / (1 + ratio), abs=1e-9)


def test_a_quality_programme_of_each_member(words: Choose):
    law = law_of("teams.sellers.size=2", "after_sales.consistency=[0.5, 0.2]",
                 "after_sales.quality={ odds_per_month = 2 }")  # fmt: skip
    for word, kept in ((int(0.49 * 2**32), [YES, NO]), (int(0.32 * 2**32), [YES, YES])):
        words({(visits.SELLER, 0): (word, HALF)})
        assert [law.keeps(SELLER, ONE, ONE, ONE, array(s), 1).tolist() for s in (0, 1)] == [[each] for each in kept]


# ---------------------------------------------------------------- reached, and minutes


@each_planned
def test_a_share_of_contacts_reaches_the_customer_and_each_has_its_minutes(kind: int, words: Choose):
    path = f"after_sales.{NAMES[kind]}"
    law = law_of(f"{path}.reached=0.25", f"{path}.minutes={{ talk = {{ low = 0, high = 40 }}, not_reached = 2 }}")
    for word, reached, length in ((QUARTER - 1, YES, 10), (QUARTER, NO, 2)):
        words({(ADDRESS[kind], 0): (MOST, word), (ADDRESS[kind], 1): (QUARTER, 0)})
        contact = law.prepare(array(kind), ONE, ONE, ONE)
        assert contact.reached.tolist() == [reached]
        np.testing.assert_allclose(contact.length, [length * MINUTE], rtol=1e-8)


def test_an_answer_always_reaches_and_has_its_own_minutes(words: Choose):
    law = law_of("after_sales.customer_initiated.minutes={ low = 0, high = 40 }",
                 *(f"after_sales.{name}.reached=0" for name in NAMES.values()))  # fmt: skip
    words({(visits.ANSWERING, 0): (MOST, MOST), (visits.ANSWERING, 1): (3 * QUARTER, 0)})
    contact = law.prepare(array(ANSWER), ONE, ONE, ONE)
    assert contact.reached.tolist() == [YES]
    np.testing.assert_allclose(contact.length, [30 * MINUTE], rtol=1e-8)


def test_contacts_of_all_kinds_at_once_are_what_each_is_alone():
    law = law_of(*(f"after_sales.{name}.reached=0.5" for name in NAMES.values()))
    kind, lead = np.tile(np.arange(4), 25), np.arange(100)
    whole = law.prepare(kind, lead * 0, lead, lead % 7)
    alone = [law.prepare(kind[i : i + 1], ONE, lead[i : i + 1], lead[i : i + 1] % 7) for i in range(100)]
    assert whole.reached.tolist() == [bool(one.reached[0]) for one in alone]
    assert whole.length.tolist() == [float(one.length[0]) for one in alone]
    assert set(whole.reached[kind == SELLER].tolist()) == {YES, NO}
    assert whole.those(kind == ANSWER).length.tolist() == [15 * MINUTE] * 25


# ---------------------------------------------------------------- what a contact achieves


def test_a_hidden_defect_is_found_by_its_own_word(words: Choose):
    law = law_of("after_sales.seller_initiated.finds=0.25")
    for word, found in ((QUARTER - 1, YES), (QUARTER, NO)):
        words({(visits.SELLER, 1): (HALF, word)})
        assert law.finds_it(ONE, ONE, ONE).tolist() == [found]


@pytest.mark.parametrize(("face", "points"), [(STRANGER, 750), (FACE, 900)])
def test_a_contact_lifts_and_the_face_that_sold_lifts_more(face: np.ndarray, points: int):
    # Odds 1 * 3 = 3, and 1 * 3 * 3 = 9 where the face is familiar.
    law = law_of("after_sales.seller_initiated.lift=3", "after_sales.familiar=3")
    assert law.lifted(ONE, array(500), face).tolist() == [points]
    assert law_of().lifted(ONE, array(500), face).tolist() == [500]


@pytest.mark.parametrize(
    ("days", "face", "points"), [(0, STRANGER, 800), (1, STRANGER, 667), (2, STRANGER, 500), (4, STRANGER, 200),
                                 (1, FACE, 857), (60, STRANGER, 0), (999, STRANGER, 0)]
)  # fmt: skip
def test_an_answer_is_worth_the_less_the_longer_it_took(days: int, face: np.ndarray, points: int):
    # Odds 4 at once, 4 / 2^days later; times 3 by the face that sold.
    law = law_of("after_sales.customer_initiated={ lift = 4, odds_per_day = 0.5 }", "after_sales.familiar=3")
    assert law.answered(ONE, array(500), array(days), face).tolist() == [points]


def test_days_until_an_answer_count_up_to_sixty():
    law = law_of("after_sales.customer_initiated.odds_per_day=0.99")
    found = [int(law.answered(ONE, array(500), array(days), STRANGER)[0]) for days in (0, 30, 59, 60, 61, 1000)]
    assert found == [500, 425, 356, 354, 354, 354]  # 0.99^n / (1 + 0.99^n)


@pytest.mark.parametrize("face", [STRANGER, FACE])
@pytest.mark.parametrize("points", [0, 500, 800, 1000])
def test_the_satisfied_buy_more_and_more_from_a_familiar_face(points: int, face: np.ndarray, words: Choose):
    law = law_of("after_sales.cross_sale={ sold = 0.2, satisfied = 4 }", "after_sales.familiar=3")

    def happens(word: int) -> Any:
        words({(visits.SELLER, 2): (word, HALF)})
        return law.buys_more(ONE, ONE, ONE, array(points), face)

    ratio = satisfied(4, points) * (3 if face[0] else 1)
    assert share(happens) == pytest.approx(float(odds(0.2, ratio)), abs=1e-9)


def test_what_else_is_bought_has_its_own_price(words: Choose):
    law = law_of("after_sales.cross_sale={ sold = 1, revenue = { low = 0, high = 40 } }")
    words({(visits.SELLER, 2): (0, QUARTER)})
    assert law.paid_more(ONE, ONE, ONE).tolist() == [10_00]
    words({(visits.SELLER, 2): (0, 0)})
    assert law_of().buys_more(ONE, ONE, ONE, array(1000), FACE).tolist() == [NO]  # nothing is offered


# ---------------------------------------------------------------- surveys, messages, suggestions


@pytest.mark.parametrize(
    ("answers", "finds", "hidden", "outcome"),
    [(QUARTER, 0, YES, UNANSWERED), (QUARTER - 1, HALF - 1, YES, FOUND_BY), (QUARTER - 1, HALF, YES, ANSWERED),
     (QUARTER - 1, 0, NO, ANSWERED), (MOST, MOST, NO, UNANSWERED)],
)  # fmt: skip
def test_a_survey_finds_only_what_there_is(answers: int, finds: int, hidden: bool, outcome: int, words: Choose):
    law = law_of("after_sales.survey={ every = '1 week', responds = 0.25, finds = 0.5 }")
    words({(visits.SURVEYED, 0): (answers, finds)})
    assert law.surveyed(ONE, ONE, ONE, np.array([hidden])).tolist() == [outcome]


def test_a_message_lifts_for_a_while():
    # Odds 16 on the day, 4 after a half-life, 2 after two, and nothing in the end.
    law = law_of("after_sales.marketing={ every = '1 week', lift = 16, half_life = 7 }")
    found = [int(law.felt(ONE, array(500), array(days))[0]) for days in (0, 7, 14, MOST_DAYS, MOST_DAYS + 1)]
    assert found == [941, 800, 667, 500, 500]
    assert law_of().felt(ONE, array(437), array(0)).tolist() == [437]


def test_suggestions_come_at_times_drawn_for_each(words: Choose):
    law = law_of("after_sales.customer_initiated.suggestions_every={ low = 0, high = 40 }")
    words({(visits.SUGGESTION, 0): (QUARTER, 0)})
    np.testing.assert_allclose(law.next_suggestion(ONE, ONE, ONE), [10], rtol=1e-8)
    assert law_of().suggestions is None


def test_extreme_ratios_are_bounded():
    with np.errstate(all="raise", under="ignore"):
        law = law_of("after_sales.seller_initiated.lift=1e6", "after_sales.familiar=1e6",
                     "after_sales.customer_initiated={ lift = 1e6, odds_per_day = 1e6 }",
                     "after_sales.cross_sale={ sold = 0.5, satisfied = 1e6 }",
                     "after_sales.marketing={ every = '1 week', lift = 5e-324 }")  # fmt: skip
        assert law.lifted(ONE, array(1), FACE).tolist() == [1000]
        assert law.answered(ONE, array(1), array(60), FACE).tolist() == [1000]
        assert law.buys_more(ONE, ONE, ONE, array(1000), FACE).tolist() == [YES]
        assert law.felt(ONE, array(999), array(0)).tolist() == [0]


# ---------------------------------------------------------------- addresses


def test_each_date_of_each_kind_has_its_own_words():
    law = law_of("after_sales.seller_initiated.reached=0.5", "after_sales.consistency=[0.5]", columns=2)
    states = {
        int(draws.visit(law.streams[c : c + 1], lead, ADDRESS[kind], number)[0])
        for c in range(2) for lead in range(5) for kind in ADDRESS for number in (0, 1, 100, 3999)
    }  # fmt: skip
    assert len(states) == 2 * 5 * 4 * 4
    lead = np.arange(400)
    kept = [law.keeps(SELLER, lead * 0, lead, lead * 0 + n, lead * 0, 0) for n in (0, 1)]
    assert 60 < np.count_nonzero(kept[0] & kept[1]) < 140  # 100 if they are independent, and 10 is 1.15 SD
    reached = law.prepare(lead * 0, lead * 0, lead, lead * 0).reached
    assert 60 < np.count_nonzero(kept[0] & reached) < 140


def test_one_history_alone_has_the_same_law():
    uncertain = (
        "after_sales.consistency=['4 of 8']", "after_sales.familiar={ low = 1, high = 3 }",
        "after_sales.quality.odds_per_month={ low = 1, high = 2 }", "after_sales.friendly.reached='4 of 9'",
        "after_sales.seller_initiated={ every = '1 week', finds = '4 of 9', lift = { low = 1, high = 3 } }",
        "after_sales.survey={ every = '1 week', responds = '4 of 9', finds = '4 of 9' }",
        "after_sales.marketing={ every = '1 week', lift = { low = 1, high = 9 }, half_life = { low = 5, high = 9 } }",
        "after_sales.cross_sale={ sold = '4 of 9', satisfied = { low = 1, high = 3 } }",
        "after_sales.customer_initiated={ lift = { low = 1, high = 3 }, odds_per_day = { low = 0.5, high = 1 } }",
    )  # fmt: skip
    law, lead = law_of(*uncertain, columns=3), np.arange(200)
    points, flag, kind = lead * 5, lead % 2 == 0, lead % 4
    for column in range(3):
        both = ((law, np.full(200, column)), (law.column(column), np.zeros(200, dtype=np.int64)))
        theirs, mine = (
            [each.keeps(FRIENDLY, c, lead, lead % 9, lead * 0, 2), each.prepare(kind, c, lead, lead % 9).reached,
             each.prepare(kind, c, lead, lead % 9).length, each.finds_it(c, lead, lead % 9),
             each.lifted(c, points, flag), each.answered(c, points, lead % 9, flag), each.paid_more(c, lead, lead % 9),
             each.buys_more(c, lead, lead % 9, points, flag), each.surveyed(c, lead, lead % 9, flag),
             each.felt(c, points, lead % 30)]
            for each, c in both
        )  # fmt: skip
        for here, there in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(here, there)


def test_contacts_are_named():
    assert len(care.CARES) == len(care.KINDS) * len(care.RESULTS) == 20
    assert care.CARES[care.FRIENDLY * 5 + care.NOT_REACHED] == "friendly: not reached"
    assert care.CARES[care.ANSWER * 5 + care.MENDED] == "answer: done, and a defect mended"
    assert care.CARES[care.SELLER * 5 + care.LOST] == "seller-initiated: found lost"
