"""The funnel gives the known answers of MODEL.md section 10 that concern calling, demo and closing.

Against theory: sums of Bernoulli trials, renewal theory, the recursion of Kiefer and Wolfowitz (1955).
A mean must lie within 4 standard errors: false alarm 6.3e-5 of all seeds each, and a fault of 5 standard
errors is noticed in 84 % of them. Corners (probability 0 and 1, nobody, everybody) are exact.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lived import both_engines, of_kind

from simfunnel import facts, parse_scenario, simulate
from simfunnel.engines.clock import Call, TeamClock
from simfunnel.estimates import estimate, ratio
from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours

ONE_CORE = {"workers": 1}


def meets(values: np.ndarray, known: float, rounding: float = 0.0) -> None:
    """The mean of `values` is `known` (known to `rounding`), within 4 standard errors of at most 1 % of it."""
    found = estimate(values)
    assert found.mean is not None
    assert found.standard_error is not None
    assert found.standard_error <= 0.01 * known
    assert abs(found.mean - known) <= 4 * found.standard_error + rounding


# ---------------------------------------------------------------- the real funnel

SEED_FUNNEL = """
[segments.list]
leads = 1500
interested = "70 %"
[calling]
teams = ["callers"]
answered = "1000 of 1500"
listened = "20 of 1000"
accepted = "15 of 20"
[teams.callers]
size = 2
[teams.sellers]
[demo]
team = "sellers"
weekday = "thursday"
attended = "10 of 15"
[closing]
sold_if_interested = "5 of 7"
"""


def test_seed_funnel():
    # 1500, 1000, 20, 15, 10, 5: with 2,500 histories the standard errors are .04 % (answered) to .9 % (sold), so
    # faults from .2 % to 4.5 % are noticed. Six means: false alarm 4e-4.
    columns = simulate(parse_scenario(SEED_FUNNEL), replications=2500, fix_inputs=True, **ONE_CORE).columns
    assert (columns["dialled"] == 1500).all()
    assert (columns["losses.still_open"] == 0).all()
    for stage, known in (("answered", 1000), ("listened", 20), ("accepted", 15), ("attended", 10), ("sold", 5)):
        meets(columns[stage], known)
    meets(columns["interested"], 7)


def test_thinning():
    # 10,000 leads, each .28 * .25 * .6 * .3 = .0126: mean 126, SD 11.154. With 5,000 histories the standard
    # error of the mean is .13 %, of the SD 1 % (variance: SD^4 * 2/n): an SD wrong by 5 % is noticed.
    text = """
    [segments.list]
    leads = 10_000
    [calling]
    teams = ["callers"]
    answered = 0.28
    listened = 0.25
    accepted = 0.6
    minutes = { no_answer = 0, hang_up = 0, talk = 0 }
    [teams.callers]
    [demo]
    team = "callers"
    attended = 0.3
    """
    attended = simulate(parse_scenario(text), replications=5000, **ONE_CORE).columns["attended"]
    meets(attended, 126)
    sd = float(attended.std(ddof=1))
    assert abs(sd - 11.154) <= 4 * 11.154 / np.sqrt(2 * 5000) + 0.0005


# ---------------------------------------------------------------- dialling as a renewal process

DIALLING = """
horizon = "1 working day"
[segments.list]
leads = 800
[calling]
teams = ["callers"]
answered = 0.2
listened = 1
accepted = 0
minutes = { ring = "25 s", no_answer = 0, talk = { lognormal = { mean = 3, sigma = 0.9 } }, wrap_up = "60 s" }
[teams.callers]
shift = "09:00-17:00"
"""


def test_dialling_as_a_renewal_process():
    # A dial takes 25 s + .2 * (180 + 60) s = 73 s: 49.315 an hour of work, exactly so for sums over stopped
    # days (Wald: a day ends by a stopping time). Completed within 8 h: mean 395.6 (+-.05), variance 1271 (+-.5);
    # with 24,000 days their standard errors are .06 % and .9 %, so a variance wrong by 5 % is noticed.
    columns = simulate(parse_scenario(DIALLING), replications=24_000, **ONE_CORE).columns
    assert (columns["losses.still_open"] > 0).all()  # the list outlasts the day
    per_hour = ratio(columns["dials"], columns["teams.callers.busy_minutes"] / 60)
    assert per_hour.mean is not None
    assert per_hour.standard_error is not None
    assert per_hour.standard_error < 0.01 * 49.315
    assert abs(per_hour.mean - 49.315) <= 4 * per_hour.standard_error + 0.0005
    completed = columns["dials"] - (columns["teams.callers.overtime_minutes"] > 0)
    meets(completed, 395.6, rounding=0.05)
    meets((completed - completed.mean()) ** 2, 1271, rounding=0.5)


def test_attempts():
    # Reached within 6 attempts: 1 - .72^6 = .860685930; attempts until reached or given up: that / .28 =
    # 3.073878. A million leads: standard errors .04 % and .06 %; shares wrong by .2 % are noticed.
    text = """
    horizon = "10 working days"
    [segments.list]
    leads = 2000
    [calling]
    teams = ["callers"]
    attempts = 6
    answered = 0.28
    listened = 0
    accepted = 0
    minutes = { no_answer = 0, hang_up = 0 }
    [teams.callers]
    """
    columns = simulate(parse_scenario(text), replications=500, **ONE_CORE).columns
    assert (columns["days_until_done"] == 6).all()
    meets(columns["answered"] / 2000, 0.860685930)
    meets(columns["dials"] / 2000, 3.073878, rounding=5e-7)
    assert (columns["answered"] + columns["losses.never_reached"] == 2000).all()


# ---------------------------------------------------------------- Kiefer and Wolfowitz, by hand


def waits_of(arrivals: list[int], services: list[int], members: int) -> list[int]:
    """First come, first served, the recursion as published: sorted free times, the next task to the first."""
    free, waits = [0] * members, []
    for arrival, service in zip(arrivals, services, strict=True):
        start = max(arrival, free[0])
        waits.append(start - arrival)
        free = sorted([start + service, *free[1:]])
    return waits


def test_the_recursion_by_hand():
    assert waits_of([0, 1, 2, 3, 4, 5], [4, 3, 3, 2, 1, 2], 2) == [0, 0, 2, 1, 2, 2]


def hours(start: int = 0, end: int = 1 << 40, pause: int | None = None, resume: int | None = None) -> Hours:
    return Hours(start, end, end if pause is None else pause, end if resume is None else resume)


def clock_run(durations: np.ndarray, of: Hours, members: int, call: Call | None = None) -> np.ndarray:
    """Packed starts of `durations` (rows, columns) on a fresh clock."""
    starts = np.zeros(durations.shape, dtype=np.int64)
    TeamClock(of, members, durations.shape[1], call).run(durations, starts)
    return starts


def in_both_shapes(durations: list[int], of: Hours, members: int) -> list[int]:
    """Packed starts, by pairs (many columns) and by heap (few), which must be equal."""
    column = np.array(durations, dtype=np.int64)[:, None]
    copies = 3 * members + 3
    pairs = clock_run(np.repeat(column, copies, axis=1), of, members)
    assert (pairs == pairs[:, :1]).all()
    heap = clock_run(column, of, members)
    end = of.end << SEAT_BITS  # from then on nothing is begun, and the shapes may differ
    assert np.minimum(heap, end).tolist() == np.minimum(pairs[:, :1], end).tolist()
    return heap[:, 0].tolist()


def test_the_team_clock_by_hand():
    # All tasks are there from the start. 0: seats 0 and 1 begin 4 and 3; seat 1 is free at 3 (begins 3), seat 0
    # at 4 (begins 2); both are free at 6: seat 0 takes the 1, seat 1 the 2.
    packed = in_both_shapes([4, 3, 3, 2, 1, 2], hours(), 2)
    assert [p >> SEAT_BITS for p in packed] == [0, 0, 3, 4, 6, 6]
    assert [p & SEAT_MASK for p in packed] == [0, 1, 1, 0, 0, 1]
    assert waits_of([0] * 6, [4, 3, 3, 2, 1, 2], 2) == [0, 0, 3, 4, 6, 6]


def test_a_gap_in_a_row_does_nothing():
    packed = in_both_shapes([4, 0, 3, 0, 0, 3], hours(), 2)
    assert [packed[i] for i in (0, 2, 5)] == in_both_shapes([4, 3, 3], hours(), 2)


def test_the_clock_rests_in_the_pause_by_hand():
    # Pause [5, 8). One member, tasks of 2: 0, 2, 4 (free at 6, in the pause: 8), 8, 10. A task that ends at 5
    # rests too; one that runs past the pause does not.
    assert [p >> SEAT_BITS for p in in_both_shapes([2] * 5, hours(pause=5, resume=8), 1)] == [0, 2, 4, 8, 10]
    assert [p >> SEAT_BITS for p in in_both_shapes([5, 1], hours(pause=5, resume=8), 1)] == [0, 8]
    assert [p >> SEAT_BITS for p in in_both_shapes([9, 1], hours(pause=5, resume=8), 1)] == [0, 9]
    assert [p >> SEAT_BITS for p in in_both_shapes([1, 1], hours(start=5, pause=5, resume=8), 1)] == [8, 9]


def test_who_rests_together_goes_on_together_lowest_seat_first():
    # Three members, pause [5, 8): free at 5, 7 and 6, all go on at 8, in the order of seats 0, 1, 2.
    packed = in_both_shapes([5, 7, 6, 1, 1, 1], hours(pause=5, resume=8), 3)
    assert [(p >> SEAT_BITS, p & SEAT_MASK) for p in packed[3:]] == [(8, 0), (8, 1), (8, 2)]


def begun_by_hand(
    durations: list[int], of: Hours, members: int, called: int = 0, leave: int = 1 << 40
) -> list[tuple[int, int]]:
    """(clock, seat) of every task begun, member by member, written without any trick."""

    def next_free(clock: int) -> int:
        return of.resume if of.pause <= clock < of.resume else clock

    free = {seat: next_free(of.start) for seat in range(members)}
    begun = []
    for duration in durations:
        present = {seat: clock for seat, clock in free.items() if not (seat < called and clock >= leave)}
        if not present:
            break
        clock, seat = min((clock, seat) for seat, clock in present.items())
        if clock >= of.end:
            break
        begun.append((clock, seat))
        free[seat] = next_free(clock + duration)
    return begun


@settings(derandomize=True, deadline=None)
@given(
    durations=st.lists(st.integers(1, 6), min_size=1, max_size=40), members=st.integers(1, 6), start=st.integers(0, 4),
    length=st.integers(1, 25), pause=st.integers(0, 12), rest=st.integers(0, 6), called=st.integers(0, 6),
    leave=st.integers(0, 30),
)  # fmt: skip
def test_both_shapes_follow_the_recursion_with_ties_pauses_and_called_seats(
    durations: list[int], members: int, start: int, length: int, pause: int, rest: int, called: int, leave: int
):
    end = start + length
    pause = min(start + pause, end)
    of = hours(start, end, pause, min(pause + rest, end))
    row = np.array(durations, dtype=np.int64)[:, None]

    def begun(packed: list[int]) -> list[tuple[int, int]]:
        return [(p >> SEAT_BITS, p & SEAT_MASK) for p in packed if p >> SEAT_BITS < end]

    assert begun(in_both_shapes(durations, of, members)) == begun_by_hand(durations, of, members)
    called = min(called, members)
    many = np.repeat(row, 3 * members + 3, axis=1)
    for rows in (row, many):  # by heaps, by pairs
        with_call = clock_run(rows, of, members, Call(np.full(rows.shape[1], called), leave))
        for column in with_call.T:
            assert begun(column.tolist()) == begun_by_hand(durations, of, members, called, leave)


# ---------------------------------------------------------------- corners, exact, in both engines

CORNER = """
horizon = "20 working days"
[segments.list]
leads = 50
[calling]
teams = ["callers"]
attempts = 3
answered = 1
listened = 1
accepted = 1
[teams.callers]
size = 2
[teams.sellers]
[demo]
team = "sellers"
attended = 1
[closing]
sold_if_interested = 1
[money]
revenue_per_sale = 100
unit_cost = 40
"""


def everywhere(columns: dict[str, np.ndarray], **expected: float) -> None:
    for name, value in expected.items():
        assert (columns[name.replace("__", ".")] == value).all(), name


def test_probability_1_always_happens():
    columns, _ = both_engines(CORNER)
    everywhere(columns, dials=50, answered=50, listened=50, accepted=50, booked=50, attended=50, interested=50)
    everywhere(columns, sold=50, events=1, revenue=5000, costs__goods=2000, profit=3000, cost_per_sale=40)
    assert all((columns[name] == 0).all() for name in columns if "losses." in name)


@pytest.mark.parametrize(
    ("key", "stage", "loss", "dials"),
    [
        ("calling.answered", "dialled", "never_reached", 150),
        ("calling.listened", "answered", "hung_up", 50),
        ("calling.accepted", "listened", "refused", 50),
        ("demo.attended", "booked", "did_not_come", 50),
        ("segments.list.interested", "attended", "freeloader", 50),
        ("closing.sold_if_interested", "interested", "not_convinced", 50),
    ],
)
def test_probability_0_never_happens(key: str, stage: str, loss: str, dials: int):
    columns, _ = both_engines(CORNER, f"{key}=0")
    everywhere(columns, sold=0, revenue=0, dials=dials)
    assert (columns[stage] == 50).all()
    assert (columns[f"losses.{loss}"] == 50).all()
    assert np.isnan(columns["cost_per_sale"]).all()


def test_ten_thousand_members_begin_ten_thousand_leads_at_once():
    columns, lived = both_engines(CORNER, "teams.callers.size=10000", "segments.list.leads=10_000", replications=2)
    everywhere(columns, dials=10_000, days_until_done=1, sold=10_000)
    dials = of_kind(lived, facts.DIAL)
    assert (dials["clock"] == 9 * 3_600_000).all()
    assert (dials["seat"] == dials["lead"]).all()


def test_no_leads():
    columns, lived = both_engines(CORNER, "segments.list.leads=0")
    everywhere(columns, dials=0, sold=0, events=0, cost=0)
    assert lived["kind"].size == 0
    assert np.isnan(columns["teams.callers.utilisation"]).all()
    assert np.isnan(columns["days_until_done"]).all()


def test_no_segments_and_no_calling():
    columns, lived = both_engines('[teams.callers]\nwage_per_hour = 10\n[demo]\nteam = "callers"\nattended = 1')
    everywhere(columns, dials=0, sold=0, events=0, revenue=0, cost=60 * 8 * 10)
    assert lived["kind"].size == 0


def test_one_lead():
    columns, lived = both_engines(CORNER, "segments.list.leads=1", replications=1)
    everywhere(columns, dials=1, sold=1, events=1)
    assert lived["kind"].tolist() == [facts.DIAL, facts.BOOKING, facts.VISIT, facts.TALK, facts.EVENT, facts.HOST]
    hour = 3_600_000
    assert lived["clock"].tolist() == [
        9 * hour,
        9 * hour + 300_000,
        15 * hour,
        16 * hour + 600_000,
        15 * hour,
        15 * hour,
    ]
    assert lived["day"].tolist() == [0, 0, 5, 5, 5, 5]
    assert lived["amount"].tolist() == [0, 0, 0, 10_000, 1, 0]


def test_a_horizon_of_one_day():
    # 5-minute talks: both members do 96 in 8 hours; no event is left, so all who accepted wait.
    columns, _ = both_engines(CORNER, "horizon='1 working day'", "segments.list.leads=500")
    everywhere(columns, dials=192, accepted=192, booked=0, attended=0, events=0, losses__still_open=500)
    assert np.isnan(columns["days_until_done"]).all()


def test_the_real_funnel_is_lived_alike_by_both_engines():
    both_engines(SEED_FUNNEL, replications=3, seed=9)
    both_engines(DIALLING, replications=3, seed=9)
