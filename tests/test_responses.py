"""Response times by hand: by the clock and in working time, over nights, pauses, weekends and holidays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from lived import both_engines, of_kind
from made_facts import Fact, counted, fact
from scipy.stats import expon

from simfunnel import facts, parse_scenario, simulate
from simfunnel.calendar import Calendar
from simfunnel.counting.responses import BINS, EDGES, Waits
from simfunnel.estimates import Known, pooled_quantile
from simfunnel.experiments.run import summarise
from simfunnel.experiments.targets import metric_names
from simfunnel.funnel import inbound
from simfunnel.funnel.segments import arrival
from simfunnel.simulation import LEADS_IN_BLOCK, WEIGHT_OF_HOT, Result, Settings, apart, blocks, live, weight_of_leads

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

# From Thursday 8 January on; Monday the 12th is a holiday. Working days: 0 Thu 8, 1 Fri 9, 2 Tue 13, 3 Wed 14.
WEB = """
start = 2026-01-08
horizon = "4 working days"
holidays = [2026-01-12]
[segments.web]
temperature = "hot"
arrivals = 10
[inbound]
teams = ["desk"]
offer = "sale"
accepted = 0.5
waiting = { source = "none", odds = { "5 min" = 1 } }
[teams.desk]
shift = "09:00-17:00"
pause = "12:00-13:00"
[teams.late]
shift = "12:00-20:00"
"""
SCENARIO = parse_scenario(WEB)


def answered(day: int, clock: float, waited: float, *, team: int = 0, history: int = 0, outcome: int = 1) -> Fact:
    """A lead answered on `day` at `clock` after `waited` (hours)."""
    ms = {"clock": round(clock * HOUR), "amount": round(waited * HOUR)}
    more = {"duration": MINUTE, "team": team, "seat": 0, "history": history, "outcome": outcome}
    return fact(facts.INBOUND, arrival(0, 0, 0), day, **ms, **more)


@pytest.mark.parametrize(
    ("day", "clock", "waited", "working", "team"),
    [
        (0, 10, 0, 0, 0),
        (0, 10, 0.5, 0.5, 0),
        (0, 9, 9, 0, 0),  # came at midnight, answered at the opening
        (0, 9.25, 1.25, 0.25, 0),  # came at 8:00
        (0, 13, 0.5, 0, 0),  # came in the pause
        (0, 13.5, 2, 1, 0),  # 11:30 to 13:30, an hour of it pause
        (0, 14, 6, 4, 0),  # 8:00 to 14:00
        (1, 9, 13, 0, 0),  # from 20:00 the day before
        (1, 9.5, 17, 1, 0),  # from 16:30
        (1, 13.5, 24, 7, 0),  # from one day to the next: a shift
        (2, 9, 4 * 24 - 4, 4, 0),  # from Friday 13:00 over the weekend and the holiday to Tuesday 9:00
        (3, 9, 6 * 24, 3 * 7, 0),  # from Thursday's opening to Wednesday's: three shifts
        (0, 13, 4, 1, 1),  # the other team's shift: 12:00 to 13:00
        (1, 12, 24, 8, 1),
    ],
)
def test_a_wait_by_the_clock_and_in_working_time(day: int, clock: float, waited: float, working: float, team: int):
    found = counted(SCENARIO, [answered(day, clock, waited, team=team)])
    for suffix in ("", "_p50", "_p90", "_p95"):
        assert found[f"response.clock_minutes{suffix}"] == waited * 60
        assert found[f"response.working_minutes{suffix}"] == working * 60


def test_means_and_percentiles_of_each_history():
    """In history 0 waits of 1 to 20 minutes, in 1 one of 3, in 2 nobody; the k-th smallest, k = ceil(q n)."""
    told = [answered(0, 14, minutes / 60) for minutes in range(20, 0, -1)] + [answered(0, 14, 0.05, history=1)]
    found = counted(SCENARIO, told, 3)
    for what in ("clock", "working"):
        np.testing.assert_array_equal(found[f"response.{what}_minutes"], [10.5, 3, np.nan])
        np.testing.assert_array_equal(found["response.answered"], [20, 1, 0])
        np.testing.assert_array_equal(found[f"response.{what}_histogram"].sum(axis=1), [20, 1, 0])
        for percentile, value in ((50, 10), (90, 18), (95, 19)):
            np.testing.assert_array_equal(found[f"response.{what}_minutes_p{percentile}"], [value, 3, np.nan])


def test_who_gave_up_is_not_among_the_answered():
    gone = fact(facts.INBOUND, arrival(0, 0, 1), 0, 15 * HOUR, team=-1, outcome=inbound.GAVE_UP, amount=7 * HOUR)
    found = counted(SCENARIO, [gone, answered(0, 14, 1)])
    assert found["response.clock_minutes"] == 60
    found = counted(SCENARIO, [gone])
    assert np.isnan(found["response.clock_minutes_p95"]).all()
    assert found["losses.gave_up_waiting"] == 1
    assert found["teams.desk.busy_minutes"] == 0


def test_a_random_crowd_against_numpy():
    """Against itself: numpy's inverted-CDF quantile, history by history."""
    generator = np.random.default_rng(4)
    waits = [generator.integers(0, 5000, size) / 600 for size in (1, 2, 19, 100, 333)]
    told = [answered(1, 16, w, history=history) for history, each in enumerate(waits) for w in each]
    order = generator.permutation(len(told))
    found = counted(SCENARIO, [told[i] for i in order], len(waits))
    for history, each in enumerate(waits):
        exact = np.rint(each * HOUR) / MINUTE
        assert found["response.clock_minutes"][history] == pytest.approx(exact.mean())
        for percentile in (50, 90, 95):
            expected = np.quantile(exact, percentile / 100, method="inverted_cdf")
            assert found[f"response.clock_minutes_p{percentile}"][history] == expected


def test_arrivals_make_smaller_blocks():
    by_weekday = "segments.fairs={ arrivals_by_weekday = { friday = 100000, sunday = 5 } }"
    calling = "calling={ teams = ['desk'], answered = 1, listened = 1, accepted = 1 }"
    scenario = parse_scenario(WEB, overrides=[by_weekday, calling])
    weight = WEIGHT_OF_HOT * 4 * 10 + 100_000
    assert weight_of_leads(scenario, Calendar.of(scenario)) == weight
    sizes = [size for _, size in blocks(scenario, Settings(replications=10_000))]
    most = LEADS_IN_BLOCK // weight
    assert max(sizes) <= most
    assert len(sizes) == -(-10_000 // most), "as few as can be"
    assert max(sizes) - min(sizes) < len(sizes), "and about alike"
    short = parse_scenario(WEB, overrides=[by_weekday, calling, "intake='1 working day'"])
    assert weight_of_leads(short, Calendar.of(short)) == WEIGHT_OF_HOT * 10


# ---------------------------------------------------------------- all leads of all histories


def histogram(waits: np.ndarray, history: np.ndarray, histories: int) -> np.ndarray:
    """Waits in ms of these histories, binned as they are read: an upper end is within its bin."""
    found = np.zeros((histories, BINS), dtype=np.int32)
    np.add.at(found, (history, np.searchsorted(EDGES, waits)), 1)
    return found


def pooled(waits: np.ndarray, share: float) -> float:
    """The quantile of waits in minutes by their histogram, in minutes."""
    ms = np.rint(waits * MINUTE).astype(np.int64)
    return Waits(histogram(ms, np.zeros(ms.size, dtype=np.int64), 1)).quantile(share)


def test_bins_are_whole_numbers_in_steps_of_five_percent_up_to_a_month():
    assert EDGES[:5].tolist() == [0, 1000, 1050, 1102, 1157]
    assert EDGES[-2] <= 30 * DAY < EDGES[-1]
    low, high = EDGES[1:-1], EDGES[2:]
    # A wait in (low, high], told as any number in [low, high], is off by less than 5 % of itself.
    assert (high < 1.05 * (low + 1)).all()
    assert (low > 0.95 * high).all()


def test_waits_fall_into_the_bin_that_holds_them():
    waits = [0, 1, 999, 1000, 1001, 1050, 1051, 30 * DAY, 40 * DAY]
    found = counted(SCENARIO, [answered(3, 14, ms / HOUR) for ms in waits])["response.clock_histogram"]
    assert found.shape == (1, BINS)
    assert found.dtype == np.int32
    assert (found[0, :5].tolist(), found[0, -2:].tolist()) == ([1, 3, 2, 1, 0], [1, 1])
    np.testing.assert_array_equal(found, histogram(np.array(waits), np.zeros(9, dtype=np.int64), 1))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(
    "waits",
    [
        np.random.default_rng(1).exponential(20, 4000),
        np.random.default_rng(2).lognormal(3, 3, 4000).clip(max=43_000),
        np.random.default_rng(3).integers(1, 30, 4000) * 5.0,  # multiples of a talk of fixed length
        np.full(7, 13.37),
        np.array([0.02, 600.0]),
        EDGES[1:-1] / MINUTE,
        (EDGES[1:-2] + 1) / MINUTE,
    ],
    ids=["exponential", "lognormal", "multiples", "equal", "two", "upper ends", "lower ends"],
)
def test_a_pooled_quantile_is_off_by_less_than_five_percent(waits: np.ndarray, share: float):
    """Against numpy; below a second by less than a second."""
    exact = np.quantile(waits, share, method="inverted_cdf")
    assert abs(pooled(waits, share) - exact) <= max(0.05 * exact, SECOND / MINUTE if exact < 1 / 60 else 0)


def test_a_pooled_quantile_of_smooth_waits_is_far_better_than_its_bin():
    exact = expon(scale=20).ppf((np.arange(100_000) + 0.5) / 100_000)
    for share in (0.5, 0.9, 0.95):
        assert pooled(exact, share) == pytest.approx(expon(scale=20).ppf(share), rel=1e-3)


def test_quantiles_of_leads_that_did_not_wait_or_waited_for_ever():
    waits = np.repeat([0.0, 12.0, 60 * 24 * 50.0], [60, 30, 10])
    assert pooled(waits, 0.5) == pooled(waits, 0.6) == 0
    assert pooled(waits, 0.9) == pytest.approx(12, rel=0.05)
    assert pooled(waits, 0.95) == EDGES[-1] / MINUTE


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.77, 0.9, 0.95])
def test_the_share_within_a_quantile_is_that_of_the_quantile(share: float):
    generator = np.random.default_rng(5)
    waits = Waits(histogram(generator.exponential(MINUTE, 900).astype(np.int64), generator.integers(0, 20, 900), 20))
    found = waits.within(waits.quantile(share))
    assert found.shape == (20,)
    assert found.sum() == pytest.approx(share * 900)


def test_an_interval_is_none_where_leads_are_too_few_and_exact_where_nobody_waits():
    def known(waits: list[float], share: float) -> Known:
        ms = np.rint(np.array(waits) * MINUTE).astype(np.int64)
        mine = Waits(histogram(ms, np.arange(ms.size), ms.size))
        return pooled_quantile(share, mine.quantile, mine.within, np.ones(ms.size))

    assert known([0.0] * 30, 0.9) == Known(0.0, (0.0, 0.0))
    assert known([*range(10)], 0.95).ci95 is None
    low, high = known([*range(100)], 0.5).ci95 or (0, 0)
    assert 35 < low < 45 < 55 < high < 65
    assert known([3.0], 0.5).ci95 is None
    nobody = Waits(np.zeros((5, BINS), dtype=np.int32))
    assert pooled_quantile(0.5, nobody.quantile, nobody.within, np.zeros(5)) == Known(None, None)


def mixture(shares: np.ndarray, scales: np.ndarray, share: float) -> float:
    """The quantile of a mixture of exponential waits, by bisection."""
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        less = (shares * expon(scale=scales).cdf(middle)).sum() < share
        low, high = (middle, high) if less else (low, middle)
    return high


def alone(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, None]:
    """40 histories of about 12 leads: their numbers and mean waits (min)."""
    return generator.poisson(12, 40), np.full(40, 20.0), None


def crowds(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """60 worlds of 3 histories, half of them with many leads that wait long."""
    crowded = np.repeat(generator.random(60) < 0.5, 3)
    return generator.poisson(np.where(crowded, 16, 4)), np.where(crowded, 30.0, 3.0), np.repeat(np.arange(60), 3)


@pytest.mark.parametrize(
    ("experiment", "shares", "scales"),
    [(alone, np.array([1.0]), np.array([20.0])), (crowds, np.array([0.8, 0.2]), np.array([30.0, 3.0]))],
    ids=["known inputs", "worlds"],
)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_intervals_of_pooled_quantiles_cover(
    experiment: Callable[..., tuple[np.ndarray, ...]], shares: np.ndarray, scales: np.ndarray, share: float
):
    """400 experiments against theory. Measured in 3,000: 0.945 to 0.953. False alarm: one seed in 5,000."""
    generator, truth, covered = np.random.default_rng(11), mixture(shares, scales, share), 0
    for _ in range(400):
        numbers, means, worlds = experiment(generator)
        history = np.repeat(np.arange(numbers.size), numbers)
        ms = np.rint(generator.exponential(means[history]) * MINUTE).astype(np.int64)
        waits = Waits(histogram(ms, history, numbers.size))
        low, high = pooled_quantile(share, waits.quantile, waits.within, numbers, worlds).ci95 or (0, 0)
        covered += low <= truth <= high
    assert 0.90 <= covered / 400 <= 0.99


CROWDED = """
horizon = "5 working days"
[segments.web]
temperature = "hot"
arrivals = { low = 1, high = 14 }
[inbound]
teams = ["desk"]
offer = "sale"
accepted = 0.5
waiting = { source = "none", odds = {} }
minutes = { talk = { exponential = { mean = 30 } } }
[teams.desk]
"""


def run(**options: int) -> Result:
    return simulate(parse_scenario(CROWDED), **{"replications": 400, "workers": 1, **options})  # type: ignore[arg-type]


def test_where_crowds_wait_longest_the_mean_is_that_of_leads():
    """One member answers 1 to 14 leads a day: the mean over histories is 7 % too short, 24 % in working time."""
    result = run()
    found = summarise(result)["response"]
    many = run(replications=8000, seed=2)
    for what in ("clock", "working"):
        known, minutes = found[f"{what}_minutes"]["mean"], many.columns[f"response.{what}_minutes"]
        of = many.columns["response.answered"]
        mean = np.nansum(minutes * of) / of.sum()
        assert known["ci95"][0] < mean < known["ci95"][1]
        assert np.nanmean(minutes) < known["ci95"][0]
        waits = Waits(many.histograms[f"response.{what}_histogram"])
        for percent in (50, 90, 95):
            low, high = found[f"{what}_minutes"][f"p{percent}"]["ci95"]
            assert low < waits.quantile(percent / 100) < high


def test_pooled_numbers_are_those_of_the_facts_of_both_engines():
    """Against the facts: all waits by the clock in one array."""
    columns, told = both_engines(CROWDED, replications=20)
    waited = of_kind(told, facts.INBOUND)["amount"] / MINUTE
    result = run(replications=20)
    np.testing.assert_array_equal(result.columns["response.answered"], columns["response.answered"])
    found = summarise(result)["response"]["clock_minutes"]
    assert found["mean"]["value"] == pytest.approx(waited.mean())
    for percent in (50, 90, 95):
        exact = np.quantile(waited, percent / 100, method="inverted_cdf")
        assert found[f"p{percent}"]["value"] == pytest.approx(exact, rel=0.05)


def test_histograms_are_no_columns_and_the_same_however_they_are_computed():
    whole = run(replications=21)
    assert set(whole.histograms) == {"response.clock_histogram", "response.working_histogram"}
    for options in ({"block_size": 4}, {"block_size": 11, "workers": 2}):
        cut = run(replications=21, **options)
        assert summarise(cut) == summarise(whole)
        for name, values in whole.histograms.items():
            assert values.shape == (21, BINS)
            assert values.dtype == np.int32
            np.testing.assert_array_equal(values.sum(axis=1), whole.columns["response.answered"])
            np.testing.assert_array_equal(cut.histograms[name], values)
    told = simulate(parse_scenario(CROWDED), replications=21, workers=1, engine="simpy")
    for name, values in whole.histograms.items():
        np.testing.assert_array_equal(told.histograms[name], values)
    for columns in (whole.columns, live(parse_scenario(CROWDED), Settings(), 3, 2)):
        assert tuple(columns) == metric_names(parse_scenario(CROWDED))
        assert all(values.ndim == 1 for values in columns.values())
    assert apart(whole.columns) == (whole.columns, {})
