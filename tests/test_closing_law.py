"""The closing talk on paper: when the closer asks, what that does to odds and minutes, and how the talk ends.

Chance is a parameter: the law is handed words that the test chose. Where a mix is drawn, a share must lie within
4 standard errors: false alarm 6.3e-5 of all seeds each; the test says the smallest fault it would notice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from test_laws import array

from simfunnel import draws, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import closing, demo, visits
from simfunnel.funnel.closing import CONCEDED, NOT_CONVINCED, SOLD, UNDECIDED, ClosingLaw, Talks
from simfunnel.funnel.durations import FOREVER
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import Nature, nature_of
from simfunnel.funnel.odds import odds
from simfunnel.funnel.traits import NEVER

MINUTE = 60_000
QUARTER, HALF, MOST = 2**30, 2**31, 2**32 - 1

# Leads 0-9 are cold, 10-19 warm, 20-29 hot. A talk takes 10 minutes to its peak, 2 to the answer; a freeloader 5.
SHOP = """
[segments.cold]
leads = 10
[segments.warm]
temperature = "warm"
leads = 10
[segments.hot]
temperature = "hot"
leads = 10
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 1
[inbound]
teams = ["callers"]
accepted = 1
waiting = { source = "a guess", odds = {} }
[teams.callers]
[teams.closers]
size = 3
[demo]
team = "closers"
hosts = 0
attended = 1
[meeting]
team = "closers"
attended = 1
[closing]
closers = 3
sold_if_interested = 0.5
[closing.minutes]
peak = 10
answer = 2
freeloader = 5
"""
CALLERS, CLOSERS, NOBODY = 0, 1, -1


def nature(*overrides: str, columns: int = 1) -> Nature:
    scenario = parse_scenario(SHOP, overrides=overrides)
    inputs = Inputs(1, np.arange(columns), best_guess=False)
    streams = draws.stream(1, draws.HISTORIES, np.arange(columns))
    return nature_of(scenario, Calendar.of(scenario), inputs, streams)


def law_of(*overrides: str, columns: int = 1) -> ClosingLaw:
    return nature(*overrides, columns=columns).closing


Words = dict[tuple[int, int], tuple[Any, Any]]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Callable[[Words], None]:
    """Choose the (high, low) words of some pairs of some kinds of visit; all others are 2^31, the middle."""

    def choose(chosen: Words) -> None:
        def visit(streams: np.ndarray, subject: Any, kind: int, occurrence: Any = 0) -> np.ndarray:
            return np.full(np.broadcast_shapes(streams.shape, np.shape(subject)), kind, dtype=np.uint64)

        def pair(states: np.ndarray, number: int, scratch: object = None) -> tuple[np.ndarray, ...]:
            both = chosen.get((int(states[0]), number), (HALF, HALF))
            return tuple(np.broadcast_to(np.asarray(word, dtype=np.int64), states.shape) for word in both)

        monkeypatch.setattr(draws, "visit", visit)
        monkeypatch.setattr(draws, "pair", pair)

    return choose


def at_quantile(z: float) -> int:
    """The word whose standard normal number is z (to some 1e-8)."""
    return int(stats.norm.cdf(z) * 2**32)


def some(law: ClosingLaw, lead: np.ndarray, keen: bool = True) -> Talks:
    return law.talks(np.zeros_like(lead), lead, np.full(lead.shape, keen))


def ended(
    law: ClosingLaw, talks: Talks, waited: int | np.ndarray = 0, team: int = CLOSERS, seat: int | np.ndarray = 0
) -> tuple[list[int], list[float]]:
    like = np.zeros_like(talks.lead)
    end, length = law.decide(talks, like + waited, team, like + seat)
    return end.tolist(), length.tolist()


# ---------------------------------------------------------------- how a talk ends


def test_pressure_wins_what_lies_between_the_two_thresholds():
    # A quarter buys anyway, half of all if pressed: words below 2^30 are sold, below 2^31 conceded, else lost.
    word = array(0, QUARTER - 1, QUARTER, HALF - 1, HALF, MOST, NEVER)
    undecided = np.array([False, True, False, True, False, True, False])
    found = closing.outcome(word, undecided, np.array(0.25), np.array(0.5))
    assert found.tolist() == [SOLD, SOLD, CONCEDED, CONCEDED, NOT_CONVINCED, UNDECIDED, NOT_CONVINCED]


def test_without_pressure_nobody_concedes():
    word = array(0, QUARTER - 1, QUARTER, HALF - 1, HALF, MOST, NEVER)
    found = closing.outcome(word, word == HALF, np.array(0.25), np.array(0.25))
    assert found.tolist() == [SOLD, SOLD, NOT_CONVINCED, NOT_CONVINCED, UNDECIDED, NOT_CONVINCED, NOT_CONVINCED]


@pytest.mark.parametrize(
    ("gently", "pressed", "expected"),
    [
        (0.0, 0.0, [UNDECIDED] * 4),
        (1.0, 1.0, [SOLD, SOLD, SOLD, UNDECIDED]),  # the last can never buy
        (0.0, 1.0, [CONCEDED, CONCEDED, CONCEDED, UNDECIDED]),
        (2.0**-32, 2.0**-31, [SOLD, CONCEDED, UNDECIDED, UNDECIDED]),  # thresholds 1 and 2
        (0.99 * 2.0**-32, 2.0**-32, [CONCEDED, UNDECIDED, UNDECIDED, UNDECIDED]),  # below one word there is none
        (1.0, 0.5, [SOLD, SOLD, SOLD, UNDECIDED]),  # rounding may not make pressure lose what was won
    ],
)
def test_corners_of_buying(gently: float, pressed: float, expected: list[int]):
    word = array(0, 1, MOST, NEVER)
    found = closing.outcome(word, np.ones(4, dtype=np.bool_), np.array(gently), np.array(pressed))
    assert found.tolist() == expected


@settings(derandomize=True, deadline=None)
@given(word=st.integers(0, MOST), p=st.floats(0, 1), ratio=st.floats(1, 1e6))
def test_pressure_only_ever_turns_a_loss_into_a_concession(word: int, p: float, ratio: float):
    never = np.array([False])
    plain = int(closing.outcome(array(word), never, np.array(p), np.array(p))[0])
    pressed = int(closing.outcome(array(word), never, np.array(p), odds(p, ratio))[0])
    assert (plain, pressed) in {(SOLD, SOLD), (NOT_CONVINCED, NOT_CONVINCED), (NOT_CONVINCED, CONCEDED)}


def test_pressure_in_the_law(words: Callable[[Words], None]):
    # Odds 1 are lifted by 3 to 3 : 1, so half buys, and half of the other half concedes.
    word = array(HALF - 1, HALF, 3 * QUARTER - 1, 3 * QUARTER)
    words({(visits.CLOSE, 0): (word, 0), (visits.CLOSE, 2): (0, array(MOST, MOST, MOST, QUARTER - 1))})
    for pressure, expected in (
        (1, [SOLD, NOT_CONVINCED, NOT_CONVINCED, UNDECIDED]), (3, [SOLD, CONCEDED, CONCEDED, UNDECIDED])
    ):  # fmt: skip
        law = law_of(f"closing.pressure={pressure}", "closing.undecided=0.25")
        assert ended(law, some(law, np.arange(4)))[0] == expected


def test_the_undecided_are_a_share_of_those_who_did_not_buy(words: Callable[[Words], None]):
    # A quarter, by a word of its own; who buys is not undecided, whatever that word says.
    words({
        (visits.CLOSE, 0): (array(HALF, HALF, HALF, HALF - 1), 0),
        (visits.CLOSE, 2): (0, array(QUARTER - 1, QUARTER, 0, 0)),
    })  # fmt: skip
    for share, expected in ((0.25, [UNDECIDED, NOT_CONVINCED, UNDECIDED, SOLD]), (0, [NOT_CONVINCED] * 3 + [SOLD]),
                            (1, [UNDECIDED] * 3 + [SOLD])):  # fmt: skip
        law = law_of(f"closing.undecided={share}")
        assert ended(law, some(law, np.arange(4)))[0] == expected


def test_who_is_not_qualified_never_buys_but_may_be_undecided(words: Callable[[Words], None]):
    # A quarter of the cold can ever buy; the warm all can. Everybody else would buy, and more so under pressure.
    trait = array(QUARTER - 1, QUARTER, QUARTER, QUARTER)
    words({
        (visits.TRAITS, 2): (0, trait), (visits.CLOSE, 0): (0, 0), (visits.CLOSE, 2): (0, array(0, 0, MOST, 0)),
    })  # fmt: skip
    overrides = ("segments.cold.qualified=0.25", "closing.undecided=0.5", "closing.pressure=1e6")
    law = law_of(*overrides, "closing.sold_if_interested=1")
    assert ended(law, some(law, array(0, 1, 2, 10)))[0] == [SOLD, UNDECIDED, NOT_CONVINCED, SOLD]


def test_the_amount_is_what_the_lead_pays_if_it_buys_in_whole_cents(words: Callable[[Words], None]):
    words({(visits.CLOSE, 0): (0, HALF)})
    # Uniform on 100 to 300.01 at u = .5 + 2^-33: 200.005 and some 1e-8, so 200.01 rounded.
    law = law_of("money.revenue_per_sale={ low = 100, high = 300.01 }")
    assert law.amount(array(0, 0), array(0, 1)).tolist() == [20001, 20001]
    assert some(law, array(0)).amount.tolist() == [20001]
    assert law_of("currency='JPY'", "money.revenue_per_sale=1999.6").amount(array(0), array(0)).tolist() == [2000]


# ---------------------------------------------------------------- the moment of asking


def test_when_the_closer_asks():
    # Peak 10: 3 before it at 7; missed by +2.5 at 9.5, by -8 before the talk began, so at once.
    peak, error = np.full(4, 10.0), np.array([0.0, 2.5, -7.0, -8.0])
    assert closing.asked_at(peak, np.array([3.0]), error).tolist() == [7.0, 9.5, 0.0, 0.0]
    assert closing.asked_at(peak, np.array([0.0]), np.zeros(1)).tolist() == [10.0] * 4


@pytest.mark.parametrize(
    ("ms", "minutes"),
    [(-MINUTE, 0), (-0.5, 0), (0, 0), (59_999, 0), (59_999.999, 0), (MINUTE, 1), (2 * MINUTE - 1, 1),
     (60 * MINUTE - 1, 59), (60 * MINUTE, 60), (61 * MINUTE, 60), (10**15, 60)],
)  # fmt: skip
def test_minutes_are_whole_and_at_most_60(ms: float, minutes: int):
    assert int(closing.whole_minutes(np.array(ms))) == minutes


def test_odds_by_minute():
    table = closing.per_minute(np.array([0.5, 1.0, 2.0]))
    assert table.shape == (61, 3)
    assert table[:4].tolist() == [[1, 1, 1], [0.5, 1, 2], [0.25, 1, 4], [0.125, 1, 8]]
    assert table[60].tolist() == [2.0**-60, 1.0, 2.0**60]


def test_odds_by_minute_stay_finite():
    table = closing.per_minute(np.array([1e-6, 1e6]))
    assert np.isfinite(table).all()
    assert (table > 0).all()
    assert table[10].tolist() == pytest.approx([1e-60, 1e60])
    assert table[60].tolist() == [1e-100, 1e100]


ASKING = ("closing.odds_per_minute_early=0.5", "closing.odds_per_minute_late=0.25")


@pytest.mark.parametrize(
    ("haste", "minutes", "ratio"),
    [("0 s", 12, 1.0), ("59.999 s", 12 - 59.999 / 60, 1.0), ("60 s", 11, 0.5), ("119 s", 12 - 119 / 60, 0.5),
     ("3 min", 9, 0.125), ("10 min", 2, 2.0**-10), ("11 min", 2, 2.0**-10), ("4 h", 2, 2.0**-10)],
)  # fmt: skip
def test_haste_shortens_talks_and_costs_odds(haste: str, minutes: float, ratio: float):
    # Asked so long before the peak at 10, never before the talk began; the answer takes 2 more minutes.
    law = law_of(*ASKING, f"closing.haste={haste}")
    talks = some(law, np.arange(3))
    assert talks.length.tolist() == pytest.approx([minutes * MINUTE] * 3, rel=1e-12)
    assert talks.ratio.tolist() == [ratio] * 3


@pytest.mark.parametrize(
    ("z", "minutes", "ratio"),
    [(0.0, 12, 1.0), (0.45, 12.9, 1.0), (0.55, 13.1, 0.25), (1.25, 14.5, 0.25**2), (-0.45, 11.1, 1.0),
     (-0.55, 10.9, 0.5), (-1.25, 9.5, 0.25), (-5.5, 2.0, 2.0**-10), (3.25, 18.5, 0.25**6)],
)  # fmt: skip
def test_misreading_moves_the_moment_of_asking_either_way(
    z: float, minutes: float, ratio: float, words: Callable[[Words], None]
):
    # An error of sd 2 minutes: at z = 1.25 the closer asks 2.5 minutes late, which are 2 whole ones at .25 each.
    words({(visits.CLOSE, 1): (HALF, at_quantile(z))})
    talks = some(law_of(*ASKING, "closing.misread=2 min"), array(0))
    assert talks.length[0] == pytest.approx(minutes * MINUTE, rel=1e-6)
    assert talks.ratio.tolist() == [ratio]
    # Half of the signals read, half of the error left; all of them, none.
    [half] = some(law_of(*ASKING, "closing.misread=4 min", "closing.reads_signals=0.5"), array(0)).length
    assert half == talks.length[0]
    blind, seeing = (law_of(*ASKING, "closing.misread=2 min", f"closing.reads_signals={s}") for s in (0, 1))
    assert some(blind, array(0)).length.tolist() == talks.length.tolist()
    assert some(seeing, array(0)).length.tolist() == [12.0 * MINUTE]
    assert some(seeing, array(0)).ratio.tolist() == [1.0]


def test_haste_and_error_add_up(words: Callable[[Words], None]):
    # 3 before the peak, missed by 2.5 late: asked half a minute early. By 5 late: 2 late, 1 whole minute and more.
    late = array(at_quantile(1.25), at_quantile(2.45), at_quantile(2.55), at_quantile(-1.25))
    words({(visits.CLOSE, 1): (HALF, late)})
    talks = some(law_of(*ASKING, "closing.misread=2 min", "closing.haste=3 min"), np.arange(4))
    # -0.5, +1.9, +2.1 and -5.5 minutes from the peak.
    assert (talks.length / MINUTE).tolist() == pytest.approx([11.5, 13.9, 14.1, 6.5], rel=1e-6)
    assert talks.ratio.tolist() == [1.0, 0.25, 0.25**2, 0.5**5]


def test_early_is_reckoned_from_the_leads_own_peak(words: Callable[[Words], None]):
    # Peaks 5 to 15 minutes, at words of a quarter, a half and three quarters: 7.5, 10, 12.5. Haste of 8: 7.5 is all
    # there is before the first, so 7 whole minutes; 8 before the others.
    words({(visits.CLOSE, 1): (array(QUARTER, HALF, 3 * QUARTER), HALF)})
    talks = some(law_of(*ASKING, "closing.minutes.peak={ low = 5, high = 15 }", "closing.haste=8 min"), np.arange(3))
    assert (talks.length / MINUTE).tolist() == pytest.approx([2, 4, 6.5], rel=1e-6)
    assert talks.ratio.tolist() == [0.5**7, 0.5**8, 0.5**8]


@pytest.mark.parametrize("still", [("closing.reads_signals=1", "closing.misread=30 min"), ("closing.misread=0 min",)])
def test_signals_read_or_nothing_to_misread_is_no_error_at_all(still: tuple[str, ...]):
    law, plain = law_of(*ASKING, *still), law_of()
    talks, known = some(law, np.arange(30)), some(plain, np.arange(30))
    for field in fields(Talks):
        np.testing.assert_array_equal(getattr(talks, field.name), getattr(known, field.name), err_msg=field.name)
    assert not law.error.any()


def test_signals_stand_for_a_law_and_not_a_noun():
    # 4,000 leads at a peak of 10, in the same luck: reading signals changes odds and minutes of each talk at once.
    lead = np.arange(4000)
    alike = (*ASKING, "closing.misread=3 min", "segments.cold.leads=5000")
    blind, seeing, hasty = (
        some(law_of(*alike, *more), lead)
        for more in ((), ("closing.reads_signals=1",), ("closing.reads_signals=1", "closing.haste=4 min"))
    )
    asked = blind.length - 2 * MINUTE
    late, early = asked > 10 * MINUTE, asked < 10 * MINUTE
    assert (blind.length[late] > seeing.length[late]).all()
    assert (blind.length[early] < seeing.length[early]).all()
    # The error is normal: half of all late; within 4 standard errors (.032), and its sd 3 minutes (cut off at -10).
    assert abs(late.mean() - 0.5) < 4 * 0.5 / np.sqrt(4000)
    assert abs((asked / MINUTE).std() - 3) < 4 * 3 / np.sqrt(2 * 4000)
    assert (blind.ratio <= seeing.ratio).all()
    # Whoever misses by a whole minute or more loses odds: P(|z| > 1/3) = .739.
    lost = blind.ratio < 1
    assert abs(lost.mean() - 2 * stats.norm.cdf(-1 / 3)) < 4 * np.sqrt(0.739 * 0.261 / 4000)
    np.testing.assert_array_equal(lost, np.abs(asked - 10 * MINUTE) >= MINUTE)
    np.testing.assert_array_equal(hasty.length, seeing.length - 4 * MINUTE)
    np.testing.assert_array_equal(hasty.ratio, seeing.ratio * 0.5**4)
    # The same words: whoever buys from the blind would buy from the seeing as well.
    laws = [law_of(*alike), law_of(*alike, "closing.reads_signals=1")]
    sold = [np.array(ended(law, talks)[0]) == SOLD for law, talks in zip(laws, (blind, seeing), strict=True)]
    assert (sold[0] <= sold[1]).all()
    assert sold[0].sum() < 0.8 * sold[1].sum()


def test_a_freeloader_takes_its_own_minutes_whenever_the_closer_asks(words: Callable[[Words], None]):
    # Uniform on 4 to 8 minutes at a quarter and a half: 5 and 6, by the word that else is the answer's.
    words({(visits.CLOSE, 3): (0, array(QUARTER, HALF))})
    law = law_of(
        *ASKING, "closing.minutes.freeloader={ low = 4, high = 8 }", "closing.haste=9 min", "closing.paper.minutes=7",
        "closing.sold_if_interested=1",
    )  # fmt: skip
    talks = some(law, np.arange(2), keen=False)
    assert (talks.length / MINUTE).tolist() == pytest.approx([5, 6], rel=1e-6)
    assert ended(law, talks)[1] == talks.length.tolist()  # it fills in no form


def test_the_answer_is_drawn_by_a_word_of_its_own(words: Callable[[Words], None]):
    words({(visits.CLOSE, 3): (0, array(QUARTER, 3 * QUARTER))})
    talks = some(law_of("closing.minutes.answer={ low = 0, high = 4 }"), np.arange(2))
    assert (talks.length / MINUTE).tolist() == pytest.approx([11, 13], rel=1e-6)


# ---------------------------------------------------------------- waiting, paper, methods, skill


WAITS = [(0, 0), (59_999, 0), (60_000, 1), (119_999, 1), (600_000, 10), (3_600_000, 60), (7_200_000, 60)]


@pytest.mark.parametrize(("waited", "minutes"), WAITS)
def test_waiting_costs_odds_for_each_whole_minute(waited: int, minutes: int, words: Callable[[Words], None]):
    # Odds 1 times .9 a minute: the threshold is floor(p * 2^32), and the word below it is the last that buys.
    threshold = int(draws.threshold(odds(0.5, 0.9**minutes)))
    words({(visits.CLOSE, 0): (array(threshold - 1, threshold), 0)})
    law = law_of("closing.odds_per_minute_waited=0.9")
    end, length = ended(law, some(law, np.arange(2)), waited)
    assert end == [SOLD, NOT_CONVINCED]
    assert length == [12.0 * MINUTE] * 2  # who waited talks no longer


def test_paper_costs_odds_always_and_minutes_only_if_the_lead_buys(words: Callable[[Words], None]):
    # Odds 1 times 1/3: a quarter instead of a half buys. The second would have bought without.
    words({(visits.CLOSE, 0): (array(QUARTER - 1, QUARTER, HALF), 0), (visits.CLOSE, 2): (0, 0)})
    law = law_of(f"closing.paper={{ minutes = 7, odds = {1 / 3} }}", "closing.undecided=1")
    assert ended(law, some(law, np.arange(3))) == (
        [SOLD, UNDECIDED, UNDECIDED], [19.0 * MINUTE, 12.0 * MINUTE, 12.0 * MINUTE],
    )  # fmt: skip
    plain = law_of("closing.paper={ minutes = 7 }", "closing.undecided=1")
    assert ended(plain, some(plain, np.arange(3)))[0] == [SOLD, SOLD, UNDECIDED]


def test_who_concedes_fills_in_the_form_too(words: Callable[[Words], None]):
    words({(visits.CLOSE, 0): (HALF, 0)})
    law = law_of("closing.paper.minutes=7", "closing.pressure=3")
    assert ended(law, some(law, array(0))) == ([CONCEDED], [19.0 * MINUTE])


METHODS = (
    "closing.methods.choice={ share = 0.25, cold = 2, warm = 3, hot = 5 }",
    "closing.methods.stock={ share = 0.5, cold = 7, hot = 11 }",
    "closing.methods.offer={ share = 0.25, warm = 13 }",
)


def test_a_method_is_worth_what_it_is_to_leads_of_that_temperature(words: Callable[[Words], None]):
    # Choice below a quarter, stock below three quarters, else the offer; of cold, warm and hot leads each.
    method = array(0, QUARTER - 1, QUARTER, 3 * QUARTER - 1, 3 * QUARTER, MOST)
    words({(visits.CLOSE, 2): (method, 0)})
    law = law_of(*METHODS)
    for first, expected in ((0, [2, 2, 7, 7, 1, 1]), (10, [3, 3, 1, 1, 13, 13]), (20, [5, 5, 11, 11, 1, 1])):
        assert some(law, first + np.arange(6)).ratio.tolist() == expected
    assert some(law_of(), np.arange(6)).ratio.tolist() == [1.0] * 6


def test_methods_are_used_by_their_mix():
    # 20,000 talks: a standard error of .0031 and .0035, so a share wrong by .018 is noticed.
    law, lead = law_of(*METHODS, "segments.cold.leads=20000"), np.arange(20_000)
    ratio = some(law, lead).ratio
    for worth, share in ((2, 0.25), (7, 0.5), (1, 0.25)):
        assert abs((ratio == worth).mean() - share) < 4 * np.sqrt(share * (1 - share) / 20_000)


# Shares may miss 1 by 1e-9, which is 4 of the 2^32 words: they are of a method that has a share.
@pytest.mark.parametrize(("shares", "ratio"), [((0, 1), 7.0), ((1, 0), 2.0), ((1 - 8e-10, 0), 2.0)])
def test_a_method_with_a_share_of_0_is_never_used(
    shares: tuple[float, float], ratio: float, words: Callable[[Words], None]
):
    words({(visits.CLOSE, 2): (array(0, 1, HALF, MOST), 0)})
    first, second = shares
    law = law_of(
        f"closing.methods.choice={{ share = {first}, cold = 2 }}",
        f"closing.methods.stock={{ share = {second}, cold = 7 }}",
    )
    assert some(law, np.arange(4)).ratio.tolist() == [ratio] * 4


def test_skill_is_that_of_the_closer(words: Callable[[Words], None]):
    # Odds 1 times 1/3, 1 and 3: thresholds of a quarter, a half and three quarters. A team without skill sells as all.
    words({(visits.CLOSE, 0): (array(QUARTER - 1, QUARTER, HALF - 1, HALF, 3 * QUARTER - 1, 3 * QUARTER), 0)})
    law = law_of(f"teams.closers.skill=[{1 / 3}, 1, 3]")
    talks = some(law, np.arange(6))
    for seat, sold in ((0, 1), (1, 3), (2, 5)):
        assert ended(law, talks, seat=seat)[0] == [SOLD] * sold + [NOT_CONVINCED] * (6 - sold)
    assert ended(law, talks, seat=np.array([0, 0, 1, 1, 2, 2]))[0] == [SOLD, NOT_CONVINCED] * 3
    for team in (CALLERS, NOBODY):
        assert ended(law, talks, team=team, seat=2)[0] == [SOLD] * 3 + [NOT_CONVINCED] * 3


def test_odds_of_the_segment_are_in_the_chance():
    law = law_of("segments.warm.odds.sold=3", f"segments.hot.odds.sold={1 / 3}")
    assert some(law, array(0, 10, 20)).chance.tolist() == [0.5, 0.75, 0.25]


def test_all_influences_are_one_odds_ratio(words: Callable[[Words], None]):
    # .4 x segment 1.5, method 2, late .9^2, paper .7, waited .95^3, skill 1.3, on scalars; pressed by 2.5.
    influences = (1.5, 2.0, 0.9**2, 0.7, 0.95**3, 1.3)
    gently = pressed = 0.4
    for influence in influences:
        gently = float(odds(gently, influence))
    pressed = float(odds(gently, 2.5))
    both = [int(draws.threshold(p)) for p in (gently, pressed)]
    far = 16  # words, 4e-9: what rounding may do
    words({
        (visits.CLOSE, 0): (array(both[0] - far, both[0] + far, both[1] - far, both[1] + far), 0),
        (visits.CLOSE, 1): (HALF, at_quantile(1.25)),
    })  # fmt: skip
    law = law_of(
        "closing.sold_if_interested=0.4", "segments.cold.odds.sold=1.5", "closing.misread=2 min",
        "closing.methods.offer={ share = 1, cold = 2 }", "closing.odds_per_minute_late=0.9", "closing.paper.odds=0.7",
        "closing.odds_per_minute_waited=0.95", "teams.closers.skill=[9, 1.3, 9]", "closing.pressure=2.5",
    )  # fmt: skip
    assert ended(law, some(law, np.arange(4)), 3 * MINUTE + 59_999, seat=1)[0] == [
        SOLD, CONCEDED, CONCEDED, NOT_CONVINCED,
    ]  # fmt: skip


# ---------------------------------------------------------------- corners


EXTREMES = {
    "early": ("closing.odds_per_minute_early={}", "closing.haste=4 h", "closing.minutes.peak=2 h"),
    "late": ("closing.odds_per_minute_late={}", "closing.misread=4 h"),
    "waited": ("closing.odds_per_minute_waited={}",),
    "paper": ("closing.paper.odds={}",),
    "method": ("closing.methods.offer={{ share = 1, cold = {} }}",),
    "skill": ("teams.closers.skill=[{}, 1, 1]",),
    "sold": ("segments.cold.odds.sold={}",),
}
MOMENTS = ["early", "late", "waited"]


def extremely(words: Callable[[Words], None], ratio: float, *names: str, p: float, pressure: float = 1) -> list[int]:
    """How talks end at the lowest, a middle and the highest word, if all of these influences are extreme."""
    late = at_quantile(1.0)  # 4 hours late, where misread
    words({(visits.CLOSE, 0): (array(0, HALF, MOST), 0), (visits.CLOSE, 1): (HALF, late)})
    overrides = [o.format(ratio) for name in names for o in EXTREMES[name]]
    law = law_of(*overrides, f"closing.sold_if_interested={p}", f"closing.pressure={pressure}")
    talks = some(law, np.arange(3))
    end, length = ended(law, talks, 60 * MINUTE)
    assert np.isfinite(talks.ratio).all()
    assert np.isfinite(length).all()
    return end


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize(("ratio", "end"), [(1e-6, NOT_CONVINCED), (1e6, SOLD)])
def test_one_extreme_influence_decides(name: str, ratio: float, end: int, words: Callable[[Words], None]):
    assert extremely(words, ratio, name, p=0.5)[1] == end


@pytest.mark.parametrize(("ratio", "end"), [(1e-6, NOT_CONVINCED), (1e6, SOLD)])
@pytest.mark.parametrize("names", [("early", "waited"), ("late", "waited"), tuple(EXTREMES)])
def test_all_extreme_influences_at_once_decide(
    names: tuple[str, ...], ratio: float, end: int, words: Callable[[Words], None]
):
    names = tuple(name for name in names if name != "late" or "early" not in names)  # one cannot be both
    assert extremely(words, ratio, *names, p=0.5)[1] == end


@pytest.mark.parametrize("ratio", [1e-6, 1e6])
@pytest.mark.parametrize(("p", "end"), [(0, NOT_CONVINCED), (1, SOLD)])
def test_no_influence_moves_a_chance_of_0_or_1(p: int, end: int, ratio: float, words: Callable[[Words], None]):
    for name in EXTREMES:
        assert extremely(words, ratio, name, p=p, pressure=1e6) == [end] * 3
    assert extremely(words, ratio, *(n for n in EXTREMES if n != "late"), p=p, pressure=1e6) == [end] * 3


def test_influences_that_cancel_each_other_out_do_so_at_extremes(words: Callable[[Words], None]):
    # 1e4 a minute early, 60 minutes: 1e240; 1e-4 a minute waited, 60 minutes: 1e-240.
    words({(visits.CLOSE, 0): (array(HALF - 2**10, HALF + 2**10), 0)})
    law = law_of(
        "closing.odds_per_minute_early=1e4", "closing.haste=4 h", "closing.minutes.peak=2 h",
        "closing.odds_per_minute_waited=1e-4",
    )  # fmt: skip
    assert ended(law, some(law, np.arange(2)), 60 * MINUTE)[0] == [SOLD, NOT_CONVINCED]


# ---------------------------------------------------------------- one history is a column of the block


COLUMNS = 4
RANGE = "{ low = 0.5, high = 2 }"
UNCERTAIN = (
    f"closing.odds_per_minute_early={RANGE}", f"closing.odds_per_minute_late={RANGE}",
    f"closing.odds_per_minute_waited={RANGE}", "closing.pressure={ low = 1, high = 4 }", f"closing.paper.odds={RANGE}",
    "closing.paper.minutes={ low = 1, high = 9 }", "closing.undecided='3 of 10'", "closing.haste={ low = 1, high = 5 }",
    "closing.misread={ low = 1, high = 5 }", "closing.reads_signals='3 of 10'", "segments.cold.qualified='8 of 10'",
    "closing.minutes.peak={ lognormal = { mean = { low = 5, high = 15 }, sd = 3 } }",
    "closing.sold_if_interested='5 of 10'",
    "closing.minutes.answer={ exponential = { mean = { low = 1, high = 3 } } }",
    "closing.minutes.freeloader={ exponential = { mean = { low = 1, high = 3 } } }",
    "closing.patience={ exponential = { mean = { low = 5, high = 30 } } }",
    "money.revenue_per_sale={ lognormal = { mean = { low = 900, high = 2000 }, sd = 300 } }",
    f"closing.methods.choice={{ share = 0.5, cold = {RANGE} }}",
    f"closing.methods.stock={{ share = 0.5, hot = {RANGE} }}",
    f"teams.closers.skill=[{RANGE}, 1, {RANGE}]", f"segments.warm.odds.sold={RANGE}",
)  # fmt: skip
SOME = [("closing.sold_if_interested='5 of 10'",), ("teams.closers.skill=[0.5, 1, 2]", "closing.misread=3")]


def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Column, lead, keen, ms waited and seat of 120 talks: each lead in each column."""
    column, lead = np.repeat(np.arange(COLUMNS), 30), np.tile(np.arange(30), COLUMNS)
    return column, lead, lead % 3 > 0, lead * 40_000, lead % 3


@pytest.mark.parametrize("overrides", [(), *SOME, UNCERTAIN], ids=["plain", "a share", "skill", "all uncertain"])
def test_the_closing_law_of_one_history(overrides: tuple[str, ...]):
    law = law_of(*overrides, columns=COLUMNS)
    column, lead, keen, waited, seat = batch()
    talks = law.talks(column, lead, keen)
    end, length = law.decide(talks, waited, CLOSERS, seat)
    for number in range(COLUMNS):
        alone, mine = law.column(number), column == number
        told = alone.talks(np.zeros(30, dtype=np.int64), lead[mine], keen[mine])
        for field in fields(Talks):
            if field.name != "column":
                np.testing.assert_array_equal(getattr(told, field.name), getattr(talks, field.name)[mine])
        told_end, told_length = alone.decide(told, waited[mine], CLOSERS, seat[mine])
        np.testing.assert_array_equal(told_end, end[mine])
        np.testing.assert_array_equal(told_length, length[mine])
        np.testing.assert_array_equal(alone.amount(0 * lead[mine], lead[mine]), talks.amount[mine])
    if overrides == UNCERTAIN:  # the worlds differ, so that taking the wrong column would be seen
        for name in ("chance", "early", "late", "waited", "pressure", "paper", "undecided", "haste", "error"):
            assert np.unique(getattr(law, name).reshape(-1, COLUMNS)[-1]).size == COLUMNS, name
        assert {SOLD, CONCEDED, NOT_CONVINCED, UNDECIDED} == set(np.unique(end[keen]).tolist())


@pytest.mark.parametrize(
    "overrides",
    [(), ("meeting.attended=0.5",), ("meeting.attended='5 of 10'", "segments.cold.interested='5 of 10'",
          "meeting.minutes.travel={ low = 10, high = 30 }", "teams.callers.odds.attended={ low = 0.5, high = 2 }",
          "meeting.minutes.missed={ exponential = { mean = { low = 5, high = 30 } } }", *UNCERTAIN)],
    ids=["plain", "a share", "all uncertain"],
)  # fmt: skip
def test_the_law_of_meetings_of_one_history(overrides: tuple[str, ...]):
    block = nature(*overrides, columns=COLUMNS)
    law, (column, lead, _, _, seat) = block.meeting, batch()
    assert law is not None
    meetings = law.prepare(column, lead, seat % 2)
    end, length = law.decide(meetings, CLOSERS, seat)
    for number in range(COLUMNS):
        alone, mine = block.column(number).meeting, column == number
        assert alone is not None
        told = alone.prepare(np.zeros(30, dtype=np.int64), lead[mine], seat[mine] % 2)
        np.testing.assert_array_equal(told.visit, meetings.visit[mine])
        told_end, told_length = alone.decide(told, CLOSERS, seat[mine])
        np.testing.assert_array_equal(told_end, end[mine])
        np.testing.assert_array_equal(told_length, length[mine])
    if len(overrides) > 1:
        assert set(np.unique(meetings.visit).tolist()) == {demo.DID_NOT_COME, demo.FREELOADER, demo.INTERESTED}


# ---------------------------------------------------------------- patience and meetings


def test_patience_is_drawn_by_a_word_of_its_own(words: Callable[[Words], None]):
    words({(visits.CLOSE, 3): (array(QUARTER, HALF, 3 * QUARTER), 0)})
    uniform = "closing.patience={ low = 0, high = 20 }"
    assert some(law_of(uniform), np.arange(3)).patience.tolist() == [5 * MINUTE, 10 * MINUTE, 15 * MINUTE]
    assert some(law_of("closing.patience=0"), np.arange(3)).patience.tolist() == [0] * 3
    assert some(law_of(), np.arange(3)).patience.tolist() == [FOREVER] * 3


def test_a_meeting_is_travel_and_then_waiting_or_a_talk(words: Callable[[Words], None]):
    # Who does not come costs 20 minutes of travel and 15 of waiting, a freeloader 20 + 5, the interested 20 + 12
    # and, if it buys, 7 for paper.
    words({
        (visits.MEET, 0): (array(HALF, 0, 0, 0), 0), (visits.TRAITS, 0): (0, array(0, HALF, 0, 0)),
        (visits.CLOSE, 0): (array(0, 0, 0, HALF), 0),
    })  # fmt: skip
    law = nature(
        "meeting.attended=0.5", "segments.cold.interested=0.5", "meeting.minutes.travel=20", "closing.paper.minutes=7"
    ).meeting
    assert law is not None
    meetings = law.prepare(np.zeros(4, dtype=np.int64), np.arange(4), np.zeros(4, dtype=np.int64))
    assert meetings.visit.tolist() == [demo.DID_NOT_COME, demo.FREELOADER, demo.INTERESTED, demo.INTERESTED]
    end, length = law.decide(meetings, CLOSERS, np.zeros(4, dtype=np.int64))
    assert (length / MINUTE).tolist() == [35, 25, 39, 32]
    assert end[2:].tolist() == [SOLD, NOT_CONVINCED]


def test_coming_to_a_meeting_hangs_on_the_segment_and_on_who_invited(words: Callable[[Words], None]):
    # Odds 1 times 3 of the warm, times 1/3 by the callers: a half of the cold of others, a quarter by the callers.
    word = array(QUARTER - 1, QUARTER, HALF - 1, HALF, 3 * QUARTER - 1, 3 * QUARTER)
    words({(visits.MEET, 0): (word, 0)})
    law = nature(
        "meeting.attended=0.5", "segments.warm.odds.attended=3", f"teams.callers.odds.attended={1 / 3}"
    ).meeting
    assert law is not None
    nobody = np.zeros(6, dtype=np.int64)
    for first, team, come in ((0, CLOSERS, 3), (0, CALLERS, 1), (10, CLOSERS, 5), (10, CALLERS, 3)):
        visit = law.prepare(nobody, first + np.arange(6), nobody + team).visit
        assert visit.tolist() == [demo.INTERESTED] * come + [demo.DID_NOT_COME] * (6 - come)


def test_who_does_not_come_is_waited_for_by_a_word_of_its_own(words: Callable[[Words], None]):
    words({(visits.MEET, 0): (MOST, array(QUARTER, HALF))})
    law = nature("meeting.attended=0.5", "meeting.minutes.missed={ low = 0, high = 20 }").meeting
    assert law is not None
    meetings = law.prepare(np.zeros(2, dtype=np.int64), np.arange(2), np.zeros(2, dtype=np.int64))
    _, length = law.decide(meetings, CLOSERS, np.zeros(2, dtype=np.int64))
    assert (length / MINUTE).tolist() == pytest.approx([5, 10], rel=1e-6)
