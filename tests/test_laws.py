"""Each law of the funnel, handed fixed draws, says what paper says: exact, but for distributions (against scipy.stats).

A law that draws for itself is handed a state whose words are chosen: SplitMix64's output function can be
turned back.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simfunnel import draws, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import calling, demo
from simfunnel.funnel.calling import Durations
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.nature import nature_of
from simfunnel.funnel.odds import odds
from simfunnel.funnel.segments import Routing, Segments, arrival, segments_of
from simfunnel.funnel.traits import unless_qualified
from simfunnel.scenario import values
from simfunnel.scenario.quantities import FAMILIES, Variable, constant, fixed
from simfunnel.scenario.schema import CallMinutes, Scenario
from simfunnel.scratch import Scratch
from simfunnel.simulation import uncertain_inputs

MASK = (1 << 64) - 1
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def state_of(high: int, low: int, number: int = 0) -> np.ndarray:
    """The state whose pair `number` of words is (high, low)."""

    def unshift(z: int, bits: int) -> int:
        found = z
        for _ in range(64 // bits):
            found = z ^ found >> bits
        return found

    z = unshift(high << 32 | low, 31) * pow(0x94D049BB133111EB, -1, 1 << 64) & MASK
    z = unshift(z, 27) * pow(0xBF58476D1CE4E5B9, -1, 1 << 64) & MASK
    return np.array([(unshift(z, 30) - number * draws.GAMMA) & MASK], dtype=np.uint64)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 7))
def test_a_state_can_be_chosen(high: int, low: int, number: int):
    assert [int(word[0]) for word in draws.pair(state_of(high, low, number), number)] == [high, low]


# ---------------------------------------------------------------- odds


@pytest.mark.parametrize(
    ("probability", "ratio", "expected"),
    [
        (0.2, 1.5, 0.375 / 1.375),  # odds .25, times 1.5
        (0.02, 1.1, 0.022 / 1.002),  # 2.0 % becomes 2.2 %
        (0.5, 4.0, 0.8),
        (0.8, 0.25, 0.5),
        (1 / 3, 1.0, 1 / 3),
        (0.0, 1e6, 0.0),
        (1.0, 1e-6, 1.0),
    ],
)
def test_odds_by_hand(probability: float, ratio: float, expected: float):
    assert float(odds(probability, ratio)) == pytest.approx(expected, rel=1e-15, abs=0)


@settings(derandomize=True, deadline=None)
@given(p=st.floats(0, 1), m=st.floats(1e-6, 1e6), n=st.floats(1e-3, 1e3))
def test_odds_are_bounded_and_multiply(p: float, m: float, n: float):
    assert 0 <= float(odds(p, m)) <= 1
    assert float(odds(p, 1.0)) == p  # to the last bit
    assert float(odds(odds(p, m), n)) == pytest.approx(float(odds(p, m * n)), rel=1e-9, abs=1e-300)


def test_a_table_of_levels_reads_segment_team_and_column():
    quarter, half, both = np.array([0.25]), np.array([0.5]), np.array([0.75, 1.0])
    levels = Levels.of([[[quarter], [half]], [[both], [half]]])
    quarter_of, half_of, three, four = 2**30, 2**31, 3 * 2**30, 2**32
    segment, team, column = array(0, 1, 1, 0), array(0, 0, 0, 1), array(1, 0, 1, 0)
    assert levels.at(segment, team, column).tolist() == [quarter_of, three, four, half_of]
    dense = levels.dense(0, np.array([[0, 0], [1, 1], [1, 0]]))
    assert dense.tolist() == [[quarter_of, quarter_of], [three, four], [three, quarter_of]]
    assert levels.column(1).at(segment[1:2], team[1:2], array(0)).tolist() == [four]
    assert Levels.of([[[half]]]).dense(0, 0).tolist() == [half_of]


def test_a_table_of_levels_reads_the_circumstance():
    # Two segments, two circumstances; in the second world the last chance is 1.
    quarter, half, both = np.array([0.25]), np.array([0.5]), np.array([0.75, 1.0])
    levels = Levels.of([[[quarter, half]], [[half, both]]])
    quarter_of, half_of, three, four = 2**30, 2**31, 3 * 2**30, 2**32
    assert levels.dense(0, 0, 1).tolist() == [half_of, half_of]
    assert levels.dense(0, 0, np.array([[0, 1]])).tolist() == [[quarter_of, half_of]]
    assert levels.dense(0, np.array([[1, 1], [0, 1]]), np.array([[1, 1], [0, 0]])).tolist() == [
        [three, four], [quarter_of, half_of],
    ]  # fmt: skip
    assert levels.column(1).dense(0, np.array([[1]]), np.array([[1]])).tolist() == [[four]]
    assert levels.at(array(1), array(0), array(0)).tolist() == [half_of]  # of the first circumstance


# ---------------------------------------------------------------- calling


def test_outcome_of_four_dials():
    # Thresholds 100, 50, 10. The first word is one too many, then the second, then the third, then none is.
    answered, listened, accepted = array(100, 99, 99, 99), array(0, 50, 49, 49), array(0, 0, 10, 9)
    thresholds = (array(100), array(50), array(10))
    expected = [calling.NO_ANSWER, calling.HUNG_UP, calling.REFUSED, calling.ACCEPTED]
    assert calling.outcome((answered, listened, accepted), thresholds, None, Scratch()).tolist() == expected
    passes = np.array([True, True, True, True])
    assert calling.outcome((answered, listened, accepted), thresholds, passes, Scratch()).tolist() == expected
    # A gatekeeper ends every call that is answered, and no other.
    stopped = calling.outcome((answered, listened, accepted), thresholds, ~passes, Scratch()).tolist()
    assert stopped == [calling.NO_ANSWER] + [calling.GATEKEEPER] * 3


def test_who_did_not_answer_comes_back_while_attempts_are_left():
    codes = np.array([calling.NO_ANSWER, calling.NO_ANSWER, calling.GATEKEEPER, calling.ACCEPTED], dtype=np.uint8)
    assert calling.comes_back(codes, array(1, 2, 0, 0), 3).tolist() == [True, False, False, False]
    assert calling.comes_back(codes, 1, 3).tolist() == [True, True, False, False]
    assert [bool(calling.comes_back(int(code), 0, 1)) for code in codes] == [False] * 4


def test_thresholds_differ_by_column():
    words = (np.full((2, 3), 7), np.full((2, 3), 7), np.full((2, 3), 7))
    codes = calling.outcome(words, (array(8, 8, 0), array(8, 0, 8), array(8, 8, 8)), None, Scratch())
    assert codes.tolist() == [[calling.ACCEPTED, calling.HUNG_UP, calling.NO_ANSWER]] * 2


def inputs(columns: int = 1, *, seed: int = 1, best_guess: bool = False) -> Inputs:
    return Inputs(seed, np.arange(columns), best_guess=best_guess)


ALL_CODES = np.arange(5, dtype=np.uint8)[:, None]
NO_WORDS = np.zeros((5, 1), dtype=np.int64)


def test_minutes_of_each_outcome_by_hand():
    # ring 25 s for all, wrap-up 60 s for the answered; 5 s, 20 s, 10 s, 180 s and 180 s.
    minutes = CallMinutes.model_validate(
        {"ring": "25 s", "no_answer": "5 s", "gatekeeper": "20 s", "hang_up": "10 s", "talk": 3, "wrap_up": "60 s"}
    )
    durations = Durations.of(minutes, inputs())
    assert durations.milliseconds(ALL_CODES, NO_WORDS, Scratch())[:, 0].tolist() == [
        30 * SECOND, 105 * SECOND, 95 * SECOND, 265 * SECOND, 265 * SECOND,
    ]  # fmt: skip


def test_durations_round_half_to_even_and_keep_their_limits():
    # .5 rounds to 0 and is raised to 1 ms; 1.5 and 2.5 round to 2; 5 h is cut to 4 h.
    durations = Durations(np.array([[0.5], [1.5], [2.5], [5.0 * HOUR], [7.0]]), ())
    found = durations.milliseconds(ALL_CODES, NO_WORDS, Scratch())
    assert found[:, 0].tolist() == [1, 2, 2, 4 * HOUR, 7]


def test_pace_multiplies_before_rounding():
    # 0.2 x .5 = .1 is raised to 1 ms; 3 x .5 = 1.5 and 5 x .5 = 2.5 round to 2; 3 h x 2 is cut to 4 h; 7 x 1 = 7.
    durations = Durations(np.array([[0.2], [3.0], [5.0], [3.0 * HOUR], [7.0]]), ())
    pace = np.array([[0.5], [0.5], [0.5], [2.0], [1.0]])
    assert durations.milliseconds(ALL_CODES, NO_WORDS, Scratch(), pace)[:, 0].tolist() == [1, 2, 2, 4 * HOUR, 7]


@pytest.mark.parametrize("common", [0, 2])  # drawn for all; drawn only where it happened
def test_a_drawn_duration_by_hand(common: int, monkeypatch: pytest.MonkeyPatch):
    # Uniform on 1 to 3 min at word 2^31: u = .5 + 2^-33, 2 min and some 10^-5 ms. It is added where it applies.
    minutes = CallMinutes.model_validate({"ring": 1, "hang_up": {"low": 1, "high": 3}})
    monkeypatch.setattr(calling, "COMMON", common)
    found = Durations.of(minutes, inputs()).milliseconds(ALL_CODES, np.full((5, 1), 2**31), Scratch())
    half = int(1.5 * MINUTE)
    assert found[:, 0].tolist() == [half, half, 3 * MINUTE, 6 * MINUTE, 6 * MINUTE]


@pytest.mark.parametrize("columns", [1, 5])
def test_rare_and_common_outcomes_are_drawn_alike(columns: int, monkeypatch: pytest.MonkeyPatch):
    # Each column lives in its own world, since the mean talk is uncertain.
    minutes = CallMinutes.model_validate({
        "ring": {"low": 0.1, "high": 0.9},
        "no_answer": {"exponential": {"mean": 1}},
        "gatekeeper": {"uniform": {"low": 1, "high": 2}},
        "hang_up": {"gamma": {"mean": 2, "sd": 1}},
        "talk": {"lognormal": {"mean": {"low": 4, "high": 8}, "sd": 3}},
    })  # fmt: skip
    random = np.random.default_rng(4)
    codes = random.integers(0, 5, (200, columns)).astype(np.uint8)
    words = random.integers(0, 2**32, (200, columns))
    common = Durations.of(minutes, inputs(columns))
    monkeypatch.setattr(calling, "COMMON", 0)
    found = common.milliseconds(codes, words, Scratch()).copy()
    monkeypatch.setattr(calling, "COMMON", 2)
    np.testing.assert_array_equal(common.milliseconds(codes, words, Scratch()), found)
    for column in range(columns):
        mine = slice(column, column + 1)
        for share in (0, 2):
            monkeypatch.setattr(calling, "COMMON", share)
            alone = common.column(column).milliseconds(codes[:, mine], words[:, mine], Scratch())
            np.testing.assert_array_equal(alone, found[:, mine])


# ---------------------------------------------------------------- routing and segments


def test_leads_are_numbered_through_the_segments():
    cold, web = np.zeros(3, dtype=np.bool_), arrival(1, 7, 3)  # b is empty, and leads arrive in it
    segments = Segments(("a", "b", "c"), array(0, 2, 2, 5), cold, (1,))
    assert segments.of(array(0, 1, 2, 4, web)).tolist() == [0, 0, 2, 2, 1]
    assert np.asarray(segments.dense(array(0, 1, 2, 4))).tolist() == [0, 0, 2, 2]
    assert np.asarray(segments.dense(array(0, 1, 99, web))).tolist() == [0, 0, 2, 1]
    assert [segments.dense(array(*leads)) for leads in ((0, 1), (2, 4), (3, 99), (web, web + 1))] == [0, 2, 2, 1]
    assert Segments(("a",), array(0, 9), cold[:1], ()).dense(array(0, 8)) == 0


def routing_of(teams: object, *own: str | None) -> Routing:
    """Three teams a, b and c; segments of 1,000 leads, each with its own team or none."""
    scenario = Scenario.model_validate(
        {
            "segments": {f"s{i}": {"leads": 1000, "team": name} for i, name in enumerate(own or (None,))},
            "teams": {"a": {}, "b": {}, "c": {}},
            "calling": {"teams": teams, "answered": 1, "listened": 1, "accepted": 1},
        }
    )
    return Routing.of(scenario, segments_of(scenario), hot=False)


def test_shares_cut_the_words_in_the_order_of_the_teams():
    routing = routing_of({"b": 0.25, "a": 0.75})
    assert (routing.teams, routing.thresholds.tolist()) == ((1, 0), [2**30, 2**32])
    lead = np.arange(1000)
    streams = draws.stream(1, draws.HISTORIES, 0)
    word, _ = draws.pair(draws.visit(streams, lead, 0), 0)
    assert routing.team(streams, lead).tolist() == np.where(word < 2**30, 1, 0).tolist()


@pytest.mark.parametrize(("shares", "team"), [({"a": 0.0, "b": 1.0}, 1), ({"a": 1.0, "b": 0.0}, 0)])
def test_a_share_of_0_gets_nobody(shares: dict[str, float], team: int):
    routed = routing_of(shares).team(draws.stream(1, draws.HISTORIES, 0), np.arange(1000))
    assert (routed == team).all()


@pytest.mark.parametrize(
    "shares",
    [{"a": 0.7, "b": 0.3, "c": 0}, {"a": 1 - 8e-10, "b": 0, "c": 0}, {"a": 0, "b": 1 - 8e-10, "c": 0},
     {"c": 0, "a": 0.1, "b": 0.9}, {"a": 0.5, "c": 0, "b": 0.5}],
)  # fmt: skip
def test_not_even_the_last_word_goes_to_a_share_of_0(shares: dict[str, float]):
    # Shares may miss 1 by 1e-9, which is 4 of the 2^32 words: they go to the last team that has a share.
    routing = routing_of(shares)
    words = array(0, 1, 2**31, 2**32 - 4, 2**32 - 1)
    names = np.array(list("abc"))[np.asarray(routing.shared)[np.searchsorted(routing.thresholds, words, side="right")]]
    assert all(shares[name] > 0 for name in names)
    assert routing.thresholds[-1] == 2**32


def test_a_segments_own_team_gets_all_of_it():
    # The middle segment is b's; the others are shared by a and c, by the same words as without a team of its own.
    routing, plain = routing_of({"a": 0.5, "c": 0.5}, None, "b", None), routing_of({"a": 0.5, "c": 0.5}, None)
    lead, streams = np.arange(3000)[:, None], draws.stream(1, draws.HISTORIES, np.arange(2))
    found, shared = routing.team(streams, lead), plain.team(streams, lead)
    assert routing.teams == (0, 2, 1)
    assert (found[1000:2000] == 1).all()
    for part in (slice(0, 1000), slice(2000, 3000)):
        np.testing.assert_array_equal(found[part], shared[part])
        assert sorted(np.unique(found[part])) == [0, 2]


def test_a_team_may_be_both_shared_and_a_segments_own():
    routing = routing_of(["a", "b"], "b", None)
    assert routing.teams == (0, 1)
    assert (routing.team(draws.stream(1, draws.HISTORIES, 0), np.arange(1000)) == 1).all()


def test_equal_shares_are_equal():
    assert routing_of(["a", "b", "c"]).thresholds.tolist() == [2**32 // 3, 2 * 2**32 // 3, 2**32]


# ---------------------------------------------------------------- demo


def seating(*, last: int) -> demo.Seating:
    """Two events with two seats each, on days 3 and 8 of 10; from day 3 on the first is too late to book."""
    first = array(0, 0, 0, 1, 1, 1, 1, 1, 2, 2)
    return demo.Seating((3, 8), first, np.full(10, last), 2)


def test_seats_are_taken_in_order_then_the_next_event_then_beyond():
    taken = np.zeros((3, 2), dtype=np.int64)
    event, code = seating(last=2).book(0, array(0, 0, 0, 0, 0, 1), taken)
    assert event.tolist() == [0, 0, 1, 1, 2, 0]
    assert code.tolist() == [demo.BOOKED] * 4 + [demo.WAITING, demo.BOOKED]
    assert taken.tolist() == [[2, 1], [2, 0], [1, 0]]
    event, code = seating(last=2).book(1, array(0, 1, 1), taken)
    assert (event.tolist(), code.tolist()) == ([2, 0, 1], [demo.WAITING, demo.BOOKED, demo.BOOKED])
    assert taken.tolist() == [[2, 2], [2, 1], [2, 0]]


def test_todays_event_is_too_late_to_book():
    taken = np.zeros((3, 1), dtype=np.int64)
    event, code = seating(last=2).book(3, array(0), taken)
    assert (event.tolist(), code.tolist()) == ([1], [demo.BOOKED])
    event, code = seating(last=2).book(8, array(0), taken)
    assert (event.tolist(), code.tolist()) == ([2], [demo.WAITING])


def test_who_cannot_be_seated_in_time_is_lost():
    taken = np.zeros((3, 1), dtype=np.int64)
    event, code = seating(last=0).book(0, array(0, 0, 0), taken)
    assert (event.tolist(), code.tolist()) == ([0, 0, -1], [demo.BOOKED, demo.BOOKED, demo.NO_SEAT])
    event, code = seating(last=0).book(3, array(0), taken)  # the first event is over, the second too late
    assert (event.tolist(), code.tolist()) == ([-1], [demo.NO_SEAT])
    assert taken.tolist() == [[2], [0], [0]]


def test_attending_and_being_interested():
    # Thresholds 100 (attended, first word of the visit) and 50 (interested, second word of the traits).
    states = np.concatenate([state_of(100, 0), state_of(99, 0), state_of(99, 0)])
    traits = np.concatenate([state_of(0, 0), state_of(0, 50), state_of(0, 49)])
    assert demo.attend(states, traits, array(100), array(50)).tolist() == [
        demo.DID_NOT_COME, demo.FREELOADER, demo.INTERESTED,
    ]  # fmt: skip


def test_who_is_not_qualified_decides_by_a_word_that_no_threshold_passes():
    # Threshold 70 on the low half of the third pair of the traits.
    traits = np.concatenate([state_of(0, word, 2) for word in (69, 70, 2**32 - 1)])
    word = unless_qualified(array(5, 5, 5), traits, array(70))
    assert word[0] == 5
    assert (word[1:] >= 2**32).all()


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [(0.125, "EUR", 12), (0.375, "EUR", 38), (0.4, "JPY", 0), (0.0005, "KWD", 0), (7.0, "KWD", 7000)],
)
def test_revenue_rounds_half_to_even(price: float, currency: str, amount: int):
    plain = {"segments": {"list": {"leads": 1}}, "currency": currency, "money": {"revenue_per_sale": price}}
    scenario = Scenario.model_validate(plain)
    inputs, streams = Inputs(1, array(0), best_guess=False), draws.stream(1, draws.HISTORIES, [0])
    law = nature_of(scenario, Calendar.of(scenario), inputs, streams).closing
    assert law.amount(array(0), array(0)).tolist() == [amount]


# ---------------------------------------------------------------- distributions

U = np.concatenate([draws.uniform(array(0, 2**32 - 1)), (np.arange(999) + 0.5) / 999])


def sigma_of(mean: float, sd: float) -> float:
    return float(np.sqrt(np.log1p((sd / mean) ** 2)))


def beta_of(mean: float, sd: float) -> tuple[float, float]:
    size = mean * (1 - mean) / sd**2 - 1
    return mean * size, (1 - mean) * size


THEORY = [
    ("uniform", (2, 5), stats.uniform(2, 3)),
    ("triangular", (1, 2, 5), stats.triang(0.25, 1, 4)),
    ("triangular", (1, 1, 5), stats.triang(0, 1, 4)),
    ("triangular", (1, 5, 5), stats.triang(1, 1, 4)),
    ("exponential", (3,), stats.expon(scale=3)),
    ("lognormal_sigma", (3, 0.9), stats.lognorm(0.9, scale=3 * np.exp(-0.405))),
    ("lognormal", (6, 3), stats.lognorm(sigma_of(6, 3), scale=6 / np.sqrt(1.25))),
    ("gamma", (6, 3), stats.gamma(4, scale=1.5)),
    ("gamma", (1, 4), stats.gamma(1 / 16, scale=16)),
    ("beta", (0.3, 0.1), stats.beta(*beta_of(0.3, 0.1))),
    ("counts", (20, 1000), stats.beta(20.5, 980.5)),
    ("counts", (0, 10), stats.beta(0.5, 10.5)),
    ("counts", (10, 10), stats.beta(10.5, 0.5)),
]


@pytest.mark.parametrize(("family", "parameters", "theory"), THEORY, ids=lambda value: str(value)[:30])
def test_quantiles_and_means_are_those_of_theory(family: str, parameters: tuple[float, ...], theory: stats.rv_frozen):
    found = FAMILIES[family].quantile(U, *map(np.float64, parameters))
    np.testing.assert_allclose(found, theory.ppf(U), rtol=1e-9, atol=1e-290)
    # Midpoints of a million cells: the last cell of a long tail is worth some .01 % of the mean.
    fine = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert FAMILIES[family].quantile(fine, *parameters).mean() == pytest.approx(theory.mean(), rel=1e-3)
    low, high = FAMILIES[family].support(*parameters)
    assert ((found >= low) & (found <= high)).all()


def test_moments_are_those_that_were_asked_for():
    for family, mean, sd in (("lognormal", 6, 3), ("gamma", 6, 3), ("beta", 0.3, 0.1)):
        theory = next(t for name, p, t in THEORY if name == family and p == (mean, sd))
        assert (theory.mean(), theory.std()) == pytest.approx((mean, sd), rel=1e-12)


def test_a_discrete_value_is_drawn_from_equal_cells():
    u = np.array([0.0001, 0.33, 0.34, 0.66, 0.67, 0.9999])
    assert FAMILIES["discrete"].quantile(u, 5.0, 1.0, 9.0).tolist() == [5, 5, 1, 1, 9, 9]
    assert FAMILIES["discrete"].best(5.0, 1.0, 9.0) == 5


def test_a_fixed_value_and_a_degenerate_triangle():
    assert FAMILIES["fixed"].quantile(U, 7.0).tolist() == [7.0] * U.size
    assert FAMILIES["triangular"].quantile(U, 7.0, 7.0, 7.0).tolist() == [7.0] * U.size


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("20 of 1000", 20 / 1000), ({"low": 0.1, "likely": 0.2, "high": 0.9}, 0.2), ({"low": 0.25, "high": 0.75}, 0.5),
        ({"mean": 0.3, "sd": 0.1}, 0.3), ({"discrete": [0.25, 0.5, 0.75]}, 0.5), (0.4, 0.4), ("35 %", 0.35),
    ],
)  # fmt: skip
def test_best_guesses(text: object, best: float):
    assert values.quantity(text, values.SHARE).best == best


def test_the_mean_of_a_variable():
    assert Variable("exponential", (fixed(6),)).mean() == pytest.approx(6, rel=1e-3)
    assert Variable("triangular", (fixed(1), fixed(2), fixed(6))).mean() == pytest.approx(3, rel=1e-6)
    assert constant(4.0).mean() == 4


# ---------------------------------------------------------------- uncertain inputs


def test_counts_are_drawn_from_jeffreys_posterior_at_the_address_of_the_input():
    counts, worlds = values.quantity("20 of 1000", values.SHARE), 400
    found = inputs(worlds, seed=5).value("calling.listened", counts)
    states = draws.visit(draws.stream(5, draws.WORLDS, np.arange(worlds)), draws.subject_of("calling.listened"), 0)
    np.testing.assert_allclose(found, stats.beta(20.5, 980.5).ppf(draws.uniform(draws.pair(states, 0)[0])), rtol=1e-9)


def test_histories_of_a_world_share_their_inputs_and_a_world_can_be_lived_alone():
    share = values.quantity({"low": 0, "high": 1}, values.SHARE)
    block = Inputs(1, array(3, 3, 4, 9, 9), best_guess=False).value("x", share)
    assert block[0] == block[1] != block[2] != block[3] == block[4]
    for world, value in zip((3, 4, 9), block[[0, 2, 3]], strict=True):
        assert Inputs(1, array(world), best_guess=False).value("x", share).tolist() == [value]


def test_different_inputs_and_seeds_have_different_luck():
    share = values.quantity({"low": 0, "high": 1}, values.SHARE)
    drawn = [inputs(1, seed=seed).value(path, share)[0] for seed in (1, 2) for path in ("a", "b")]
    assert len(set(drawn)) == 4


def test_an_input_has_the_same_luck_whatever_else_is_uncertain():
    minutes = {"talk": {"exponential": {"mean": {"low": 2, "high": 9}}}}
    plain = Durations.of(CallMinutes.model_validate(minutes), inputs(6))
    more = {"ring": {"low": 0, "high": 1}, "hang_up": {"exponential": {"mean": {"low": 1, "high": 2}}}, **minutes}
    richer = Durations.of(CallMinutes.model_validate(more), inputs(6))
    assert plain.varying[-1][2][0].tolist() == richer.varying[-1][2][0].tolist()
    assert np.unique(plain.varying[-1][2][0]).size == 6


def test_best_guess_takes_the_place_of_the_draw():
    guess = inputs(3, best_guess=True)
    assert guess.value("x", values.quantity("20 of 1000", values.SHARE)).tolist() == [0.02]
    assert guess.value("x", values.quantity({"low": 1, "likely": 2, "high": 9}, values.MONEY)).tolist() == [2]
    variable = values.variable({"lognormal": {"mean": {"low": 1, "likely": 2, "high": 9}, "sd": 3}}, values.MONEY)
    assert [p.tolist() for p in guess.variable("x", variable)] == [[2], [3]]


def test_uncertain_inputs_are_named_by_their_path():
    text = """
    [segments.list]
    leads = 1
    interested = "7 of 10"
    [calling]
    teams = ["callers"]
    answered = "1 of 2"
    listened = 0.5
    accepted = 1
    [calling.minutes]
    talk = { lognormal = { mean = { low = 1, high = 2 }, sd = 1 } }
    hang_up = { exponential = { mean = 1 } }
    [teams.callers]
    """
    assert uncertain_inputs(parse_scenario(text)) == (
        "segments.list.interested", "calling.answered", "calling.minutes.talk",
    )  # fmt: skip
