"""Who arrives when: the number of a day is exactly Poisson's inverse, and a lead's luck is its own.

Chance is a parameter: the law is handed words that the test chose. What is drawn must lie within 4 standard errors:
false alarm 6.3e-5 of all seeds each; the test says the smallest fault it would notice.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lived import Facts, both_engines, facts_of, of_kind
from scipy import special, stats
from test_laws import array

from simfunnel import draws, facts, parse_scenario, simulate
from simfunnel.calendar import Calendar
from simfunnel.funnel import visits
from simfunnel.funnel.arrivals import Arrivals, Arrived, poisson
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import Nature, nature_of
from simfunnel.funnel.segments import ARRIVAL, LEAD_BITS, arrival, arrived_on, is_arrival
from simfunnel.scenario.keys import MAX_LEADS

MINUTE, HOUR = 60_000, 3_600_000
MOST = 2**32 - 1

SHOP = """
start = 2026-01-05  # a Monday
horizon = "10 working days"
[segments.list]
leads = 3
[segments.fair]
temperature = "warm"
arrivals = 4
[segments.web]
temperature = "hot"
arrivals = 6
arrival_hours = "08:00-20:00"
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[inbound]
teams = ["desk"]
accepted = 0.5
waiting = { source = "a guess", odds = {} }
[teams.callers]
[teams.desk]
shift = "10:00-18:00"
[demo]
team = "callers"
attended = 1
"""
LIST, FAIR, WEB = range(3)


def nature(*overrides: str, columns: int = 1, seed: int = 1) -> Nature:
    scenario = parse_scenario(SHOP, overrides=overrides)
    inputs = Inputs(seed, np.arange(columns), best_guess=False)
    streams = draws.stream(seed, draws.HISTORIES, np.arange(columns))
    return nature_of(scenario, Calendar.of(scenario), inputs, streams)


def arrivals(*overrides: str, columns: int = 1, seed: int = 1) -> Arrivals:
    return nature(*overrides, columns=columns, seed=seed).arrivals


def came(law: Arrivals, day: int, segment: int) -> Arrived:
    arrived = law.of_day(day)
    assert arrived is not None
    return arrived.those(law.segments.of(arrived.lead) == segment)


# ---------------------------------------------------------------- the number of a day


def brute(word: int, mean: str) -> int:
    """The least n with P(N <= n) >= (word + 1/2) / 2^32, added up in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        u, rate = (Decimal(2 * word + 1) / 2**33), Decimal(mean)
        term, number = (-rate).exp(), 0
        total = term
        while total < u:
            number += 1
            term = term * rate / number
            total += term
        return number


def borders(mean: str, most: int) -> list[int]:
    """The words on either side of each border between two numbers below `most`, and those at both ends."""
    with localcontext() as context:
        context.prec = 60
        rate, words = Decimal(mean), {0, 1, 2**31, MOST - 1, MOST}
        term = (-rate).exp()
        total = term
        for number in range(1, most):
            border = int(total * 2**32 - Decimal("0.5"))
            words |= {word for word in (border - 1, border, border + 1, border + 2) if 0 <= word <= MOST}
            term = term * rate / number
            total += term
        return sorted(words)


@pytest.mark.parametrize(
    ("mean", "most"), [("0.000001", 5), ("0.01", 8), ("0.3", 15), ("1", 20), ("2.5", 25), ("17.25", 80), ("120", 260)]
)
def test_the_number_is_exact_at_every_border(mean: str, most: int):
    words = borders(mean, most)
    word, expected = np.array(words), [brute(each, mean) for each in words]
    assert len(set(expected)) >= 2
    assert poisson(word, np.array([float(mean)])).tolist() == expected
    assert poisson(word, np.full(word.size, float(mean))).tolist() == expected


def test_the_number_by_hand():
    # Mean ln 2: P(0) = 1/2, P(N <= 1) = (1 + ln 2) / 2 = .8466, P(N <= 2) = .8466 + (ln 2)^2 / 4 = .9667.
    word = array(0, 2**31 - 1, 2**31, int(0.846 * 2**32), int(0.847 * 2**32), int(0.966 * 2**32), int(0.967 * 2**32))
    assert poisson(word, np.log([2.0])).tolist() == [0, 0, 1, 1, 2, 2, 3]


MEANS = [0.0, 1e-300, 1e-9, 0.3, 7.7, 250.0, 8640.0, 1e5]
WORDS = np.unique(
    np.concatenate([[0, 1, MOST - 1, MOST], np.random.default_rng(5).integers(0, 2**32, 400), 2 ** np.arange(32)])
)


@pytest.mark.parametrize("mean", MEANS)
def test_the_number_is_scipys_quantile_by_either_path(mean: float):
    alike = poisson(WORDS, np.array([mean]))
    np.testing.assert_array_equal(alike, stats.poisson.ppf(draws.uniform(WORDS), mean))
    np.testing.assert_array_equal(poisson(WORDS, np.full(WORDS.size, mean)), alike)
    assert alike.dtype == np.int64
    assert (np.diff(alike) >= 0).all()  # an inverse never falls


def test_each_history_has_the_mean_of_its_own():
    word, mean = np.repeat(WORDS, len(MEANS)), np.tile(MEANS, WORDS.size)
    found = poisson(word, mean).reshape(WORDS.size, len(MEANS))
    for place, each in enumerate(MEANS):
        np.testing.assert_array_equal(found[:, place], poisson(WORDS, np.array([each])))


@pytest.mark.parametrize("off", [-1, -0.6, 0.7, 1, 2])
def test_an_inverse_that_is_off_is_put_right(off: float, monkeypatch: pytest.MonkeyPatch):
    # SciPy inverts the distribution by a search that ends near the number; that is only where we begin to look.
    near = special.pdtrik
    known = [poisson(WORDS, np.array([mean])).tolist() for mean in (0.3, 7.7, 250.0)]
    monkeypatch.setattr(special, "pdtrik", lambda u, mean: near(u, mean) + off)
    assert [poisson(WORDS, np.full(WORDS.size, mean)).tolist() for mean in (0.3, 7.7, 250.0)] == known


def test_nobody_comes_where_the_mean_is_0():
    assert poisson(WORDS, np.zeros(1)).tolist() == [0] * WORDS.size
    assert poisson(WORDS, np.zeros(WORDS.size)).tolist() == [0] * WORDS.size


@settings(derandomize=True, deadline=None)
@given(word=st.integers(0, MOST), mean=st.floats(0, 1000), more=st.floats(0, 100))
def test_a_higher_mean_never_brings_fewer(word: int, mean: float, more: float):
    few, many = poisson(array(word, word), np.array([mean, mean + more])).tolist()
    assert few <= many
    assert poisson(array(word), np.array([mean])).tolist() == [few]


def test_daily_counts_are_poisson():
    # 3 segments, 10 days, 600 histories. With 6,000 counts of mean m: standard errors sqrt(m / 6000) of the mean and
    # m sqrt((2 + 1/m) / 6000) of the variance; a mean of 8 wrong by 2.3 % or a variance wrong by 9 % is noticed.
    law = arrivals(
        "segments.list.arrivals=0.4", "segments.web.arrivals=8", "intake=10 working days", "horizon=11 working days",
        columns=600,
    )  # fmt: skip
    for segment, mean in ((LIST, 0.4), (FAIR, 4), (WEB, 8)):
        days = 9 if segment != WEB else 10
        counts = np.array([np.bincount(came(law, day, segment).column, minlength=600) for day in range(days)])
        error = np.sqrt(mean / counts.size)
        assert abs(counts.mean() - mean) < 4 * error
        assert abs(counts.var(ddof=1) - mean) < 4 * mean * np.sqrt((2 + 1 / mean) / counts.size)
        # Neither days nor segments hang together: correlations of 600 pairs have a standard error of .041.
        assert abs(np.corrcoef(counts)[np.triu_indices(days, 1)]).max() < 4.5 / np.sqrt(600)  # of up to 45 pairs


def test_clocks_are_uniform_within_the_hours():
    # Some 36,000 clocks: Kolmogorov-Smirnov's distance has a 6e-5 quantile of 2.3 / sqrt(n): .012 is noticed.
    law = arrivals("segments.web.arrivals=60", columns=60)
    clock = np.concatenate([came(law, day, WEB).clock for day in range(10)])
    assert clock.min() >= 8 * HOUR
    assert clock.max() < 20 * HOUR
    assert stats.kstest((clock / HOUR - 8) / 12, "uniform").statistic < 2.3 / np.sqrt(clock.size)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [("08:00-20:00", [8 * HOUR, 14 * HOUR, 20 * HOUR - 1]), ("00:00-24:00", [0, 12 * HOUR, 24 * HOUR - 1]),
     ("23:59-24:00", [24 * HOUR - MINUTE, 24 * HOUR - MINUTE // 2, 24 * HOUR - 1])],
)  # fmt: skip
def test_the_clock_of_a_word(hours: str, expected: list[int], monkeypatch: pytest.MonkeyPatch):
    # The least word, the middle and the most: the begin of the hours, their middle, the last ms before their end.
    law = arrivals(f"segments.web.arrival_hours={hours}", "segments.fair.arrivals=0")

    def pair(states: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
        word = array(0, 2**31, MOST) if states.size == 3 else np.full(states.size, int(stats.poisson.cdf(2, 6) * 2**32))
        return word + (states.size == 1) * 2**10, word  # 2^10 words after all who see at most 2 come: 3 come

    monkeypatch.setattr(draws, "pair", pair)
    arrived = law.of_day(0)
    assert arrived is not None
    assert arrived.clock.tolist() == expected
    assert arrived.lead.tolist() == [arrival(WEB, 0, number) for number in range(3)]


# ---------------------------------------------------------------- who they are


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 63), st.integers(0, 2**13 - 1), st.integers(0, 2**21 - 1))
def test_an_arrival_is_its_segment_day_and_number(segment: int, day: int, number: int):
    lead = arrival(segment, day, number)
    assert is_arrival(lead)
    assert arrived_on(lead) == (day, number)
    assert MAX_LEADS < ARRIVAL <= lead < 2**LEAD_BITS
    assert arrival(segment, day, np.array([number])).tolist() == [lead]


def test_arrivals_are_numbered_apart():
    # The borders of neighbouring days and segments.
    corners = [
        (0, 0, 0),
        (0, 0, 2**21 - 1),
        (0, 1, 0),
        (0, 2**13 - 1, 2**21 - 1),
        (1, 0, 0),
        (63, 2**13 - 1, 2**21 - 1),
    ]
    leads = [arrival(*corner) for corner in corners]
    assert leads == sorted(set(leads))
    assert not is_arrival(array(0, MAX_LEADS - 1)).any()


def test_the_segment_of_listed_and_arrived():
    segments = nature("segments.web.leads=2").segments  # list 0-2, web 3 and 4
    lead = array(0, 2, 3, 4, arrival(FAIR, 0, 0), arrival(WEB, 9, 2**21 - 1), arrival(LIST, 3, 3))
    assert segments.of(lead).tolist() == [LIST, LIST, WEB, WEB, FAIR, WEB, LIST]
    dense = segments.dense(lead)
    assert dense is not None
    assert dense.tolist() == [LIST, LIST, WEB, WEB, FAIR, WEB, LIST]


def test_who_comes_is_numbered_from_0_on_each_day():
    law = arrivals(columns=20)
    for day in (0, 3):
        for segment in (FAIR, WEB):
            arrived = came(law, day, segment)
            assert (arrived_on(arrived.lead)[0] == day).all()
            for column in range(20):
                numbers = np.sort(arrived_on(arrived.lead[arrived.column == column])[1])
                assert numbers.tolist() == list(range(numbers.size))


@pytest.mark.parametrize("places", [1 << 23, 100], ids=["packed", "more than fit"])
def test_they_are_in_order_of_column_clock_and_lead(places: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simfunnel.funnel.arrivals.PLACES", places)
    random = np.random.default_rng(3)
    lead = np.sort(random.integers(ARRIVAL, ARRIVAL + 10**6, 5000))
    column, clock = random.integers(0, 4, 5000), random.integers(0, 40, 5000) * MINUTE
    found, order = Arrived.of(column, clock, lead), np.lexsort((lead, clock, column))
    for name, values in (("column", column), ("clock", clock), ("lead", lead)):
        assert getattr(found, name).tolist() == values[order].tolist()


# ---------------------------------------------------------------- on which days


NO_ARRIVALS = ("segments.web.arrivals=0",)


def counts(*overrides: str, segment: int = WEB, days: int = 12) -> list[int]:
    """How many come to a segment on each day, all histories of a block taken together."""
    law = arrivals(*overrides, columns=50)
    found = []
    for day in range(days):
        arrived = law.of_day(day)
        found.append(0 if arrived is None else int((law.segments.of(arrived.lead) == segment).sum()))
    return found


def test_they_come_by_weekday():
    # Tuesday and Friday; Tuesday the 13th is a day off, so the second week has days 5-8: 12 Mon, 14 Wed, 15, 16 Fri.
    by_weekday = (*NO_ARRIVALS, "segments.web.arrivals_by_weekday={ tue = 3, friday = 9, sunday = 100 }")
    known = counts(*by_weekday)
    assert [day for day, count in enumerate(known) if count] == [1, 4, 6, 9]
    off = counts(*by_weekday, "holidays=['2026-01-13']")
    assert [day for day, count in enumerate(off) if count] == [1, 4, 8]
    # 50 histories: 150 +- 12 and 450 +- 21, within 4 of these.
    for day, mean in ((1, 150), (4, 450), (6, 150), (9, 450)):
        assert abs(known[day] - mean) < 4 * np.sqrt(mean)


def test_the_same_mean_on_each_weekday_is_the_plain_mean():
    week = "{ mon = 6, tue = 6, wed = 6, thu = 6, fri = 6 }"
    plain, by_weekday = (
        arrivals(*o, columns=3) for o in ((), (*NO_ARRIVALS, f"segments.web.arrivals_by_weekday={week}"))
    )
    for day in range(10):
        for name in ("column", "clock", "lead"):
            mine, other = came(plain, day, WEB), came(by_weekday, day, WEB)
            assert getattr(mine, name).tolist() == getattr(other, name).tolist()


@pytest.mark.parametrize(("intake", "days"), [((), 10), (("intake=4 working days",), 4), (("intake=1 week",), 5)])
def test_they_come_until_the_intake_ends(intake: tuple[str, ...], days: int):
    # The hot until its last day; who is to be dialled can be so from the next day on, and until its last day.
    for segment, last in ((WEB, days), (FAIR, days - 1)):
        assert [day for day, count in enumerate(counts(*intake, segment=segment)) if count] == list(range(last))


def test_an_intake_of_one_day_brings_nobody_to_be_dialled():
    assert counts("intake=1 working day", segment=FAIR) == [0] * 12
    assert arrivals("intake=1 working day", "segments.web.arrivals=0").of_day(0) is None


@pytest.mark.parametrize("intake", [(), ("intake=4 working days",)])
def test_all_who_come_can_be_dialled(intake: tuple[str, ...]):
    # A quick crew: each lead is dialled the day after it came, the last on the last day of the intake.
    overrides = ("teams.callers.size=50", "calling.minutes.no_answer=1", "calling.minutes.talk=1", *intake)
    _, lived = both_engines(SHOP, *overrides, replications=5)
    arrived, dials = (of_kind(lived, kind) for kind in (facts.ARRIVAL, facts.DIAL))
    mine = (arrived["lead"] >> 34) & 63 == FAIR
    due = dict(
        zip(zip(arrived["history"][mine], arrived["lead"][mine], strict=True), arrived["day"][mine] + 1, strict=True)
    )
    made = dict(zip(zip(dials["history"], dials["lead"], strict=True), dials["day"], strict=True))
    assert {key: day for key, day in made.items() if key[1] >= ARRIVAL} == due
    assert max(due.values()) == (3 if intake else 9)
    assert len(due) > 20


# ---------------------------------------------------------------- hot leads on lists, and patience


def test_hot_leads_on_a_list_wait_from_the_opening_of_their_team():
    # Leads 3 and 4 are on the list of the web; the desk opens at 10:00. On day 0 only.
    law = arrivals("segments.web.leads=2", columns=2)
    for column in range(2):
        first = law.of_day(0)
        assert first is not None
        listed = first.those((first.column == column) & ~is_arrival(first.lead))
        assert (listed.lead.tolist(), listed.clock.tolist()) == ([3, 4], [10 * HOUR] * 2)
    later = law.of_day(1)
    assert later is not None
    assert is_arrival(later.lead).all()


def test_each_hot_lead_on_a_list_waits_for_its_own_team():
    # Shared by the desk, open from 10:00, and the callers, open from 09:00, by the lead's draw.
    shop = nature("segments.web.leads=40", "segments.web.arrivals=0", "inbound.teams=['callers', 'desk']")
    first = came(shop.arrivals, 0, WEB)
    team = shop.answering.team(shop.streams[first.column], first.lead)
    assert set(team.tolist()) == {0, 1}
    assert first.clock.tolist() == np.where(team == 0, 9 * HOUR, 10 * HOUR).tolist()
    assert sorted(first.lead.tolist()) == list(range(3, 43))


def test_a_lead_is_as_patient_as_its_word_says(monkeypatch: pytest.MonkeyPatch):
    # Uniform on 0 to 20 minutes at a quarter, a half and three quarters; rounded to whole ms.
    word = array(2**30, 2**31, 3 * 2**30)
    law, forever, constant = (
        arrivals(*o) for o in (("inbound.patience={ low = 0, high = 20 }",), (), ("inbound.patience=720 h",))
    )
    monkeypatch.setattr(draws, "pair", lambda *_: (word * 0, word))
    nobody = np.zeros(3, dtype=np.int64)
    assert law.patience_of(nobody, nobody).tolist() == [5 * MINUTE, 10 * MINUTE, 15 * MINUTE]
    assert constant.patience_of(nobody, nobody).tolist() == [720 * HOUR] * 3
    assert (forever.patience_of(nobody, nobody) > 2**50).all()


def test_patience_and_clock_are_words_of_their_own():
    law = arrivals("segments.web.arrivals=500", "inbound.patience={ exponential = { mean = 30 } }")
    first = came(law, 0, WEB)
    patience = law.patience_of(first.column, first.lead)
    assert abs(np.corrcoef(first.clock, patience)[0, 1]) < 4 / np.sqrt(first.lead.size)
    # The mean of some 500 exponentials has a standard error of 1/sqrt(500) of it: 18 % are noticed.
    assert abs(patience.mean() / MINUTE - 30) < 4 * 30 / np.sqrt(first.lead.size)


# ---------------------------------------------------------------- the same lead, the same luck


OTHERS = {
    "another segment": 'segments.more={ temperature = "hot", arrivals = 5 }',
    "another list": "segments.old={ leads = 100 }",
    "a longer list": "segments.list.leads=40",
    "more from the fair": "segments.fair.arrivals=40",
    "none from the fair": "segments.fair.arrivals=0",
    "arrivals onto the list": "segments.list.arrivals=5",
    "another team": "teams.idle={ size = 3 }",
    "a shared desk": "inbound.teams=['desk', 'callers']",
    "more members": "teams.desk.size=9",
    "another shift": "teams.desk.shift='07:00-12:00'",
    "longer talks": "inbound.minutes.talk=90",
    "no patience": "inbound.patience=1",
    "a sale at once": "inbound.offer='sale'",
    "a longer horizon": "horizon='20 working days'",
    "a shorter intake": "intake='7 working days'",
    "saturdays worked": "working_days=['mon', 'tue', 'wed', 'thu', 'fri', 'sat']",
}


def arrivals_of(lived: Facts, days: int = 7) -> list[tuple[int, ...]]:
    """History, lead, day and clock of who came from the web within some days."""
    some = of_kind(lived, facts.ARRIVAL)
    web = is_arrival(some["lead"]) & ((some["lead"] >> 34) & 63 == WEB) & (some["day"] < days)
    return list(zip(*(some[name][web].tolist() for name in ("history", "lead", "day", "clock")), strict=True))


def lived(*overrides: str, **settings: object) -> Facts:
    return facts_of(parse_scenario(SHOP, overrides=overrides), 4, **settings)[1]


@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_who_comes_does_not_hang_on_anything_else(engine: str):
    known = arrivals_of(lived(engine=engine))
    assert len(known) > 100
    for name, other in OTHERS.items():
        assert arrivals_of(lived(other, engine=engine)) == known, name


def test_more_marketing_brings_the_same_leads_and_some_more():
    few, many = (set(arrivals_of(lived(f"segments.web.arrivals={mean}"))) for mean in (6, 9))
    assert few < many
    assert few != set(arrivals_of(lived(seed=2)))


def test_a_lead_that_came_answers_its_calls_alike_whoever_else_comes():
    def dials(*overrides: str) -> dict[tuple[int, ...], int]:
        some = of_kind(lived(*overrides), facts.DIAL)
        rows = zip(*(some[name].tolist() for name in ("history", "lead", "occurrence", "outcome")), strict=True)
        return {row[:3]: row[3] for row in rows if row[1] >= ARRIVAL}

    known = dials()
    assert len(known) > 100
    for other in ("segments.web.arrivals=0", "segments.fair.arrivals=8", "teams.callers.size=3"):
        found = dials(other)
        shared = known.keys() & found.keys()
        assert len(shared) > 0.9 * len(known)
        assert all(known[key] == found[key] for key in shared)


@pytest.mark.parametrize("run", [{"block_size": 1}, {"block_size": 3}, {"workers": 2, "block_size": 2}])
def test_who_comes_does_not_hang_on_blocks_and_workers(run: dict[str, int]):
    uncertain = ("segments.web.arrivals={ low = 3, high = 9 }", "segments.fair.arrivals={ mean = 4, sd = 1 }")
    for overrides in ((), uncertain):
        scenario = parse_scenario(SHOP, overrides=overrides)
        whole, cut = (simulate(scenario, replications=8, digest=True, **r) for r in ({"workers": 1}, run))
        assert whole.digests is not None
        assert cut.digests is not None
        assert whole.digests.tolist() == cut.digests.tolist()


@pytest.mark.parametrize(
    "overrides",
    [(), ("segments.web.arrivals={ low = 3, high = 9 }", "segments.web.leads=3",
          "inbound.patience={ exponential = { mean = { low = 5, high = 50 } } }"),
     (*NO_ARRIVALS, "segments.web.arrivals_by_weekday={ mon = { low = 20, high = 60 }, wed = 5 }")],
    ids=["plain", "uncertain", "by weekday"],
)  # fmt: skip
def test_the_arrivals_of_one_history(overrides: tuple[str, ...]):
    law = arrivals(*overrides, columns=5)
    totals = np.zeros(5, dtype=np.int64)
    for day in range(4):
        whole = law.of_day(day)
        assert whole is not None
        patience = law.patience_of(whole.column, whole.lead)
        for column in range(5):
            alone, mine = law.column(column), whole.those(whole.column == column)
            told = alone.of_day(day)
            assert told is not None
            assert (told.lead.tolist(), told.clock.tolist()) == (mine.lead.tolist(), mine.clock.tolist())
            assert set(told.column.tolist()) <= {0}
            assert alone.patience_of(told.column, told.lead).tolist() == patience[whole.column == column].tolist()
            totals[column] += told.lead.size
    assert np.unique(totals).size > 1


def test_the_draw_of_a_day_is_at_the_first_of_its_leads():
    law, streams = arrivals(columns=30), draws.stream(1, draws.HISTORIES, np.arange(30))
    for day in (0, 5):
        word, _ = draws.pair(draws.visit(streams, arrival(WEB, day, 0), visits.ARRIVALS), 0)
        expected = stats.poisson.ppf(draws.uniform(word), 6)
        assert np.bincount(came(law, day, WEB).column, minlength=30).tolist() == expected.tolist()
