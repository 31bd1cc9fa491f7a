"""The call list as others would write it for speed: a tuned SimPy model, and plain Python with heapq.

Both keep the law of the benchmark (`call_list.toml`): a team dials its list, retries first and then fresh
leads, by due day and lead; a dial begins only before the end of the day and is then finished; what was not
begun stays due; a dial without answer comes back two working days later, up to four attempts; who accepts is
booked on the first event strictly after that day (working days 5, 10, 15, ... counted from 0), may come and
may buy. Days without work are skipped.

What makes them fast: the n-th dial to begin takes the n-th of a stream of (outcome, minutes), drawn ahead in
numpy blocks and handed over as Python objects; members share one iterator of leads and draws, so that no
queue is touched; what can be told afterwards (dials, answers, minutes) is not counted on the way; local
names; one timeout (SimPy) or one heappushpop (heapq) a dial; no stores, resources or requests. Both take
their draws in the same order, so that with equal seeds they return equal numbers; the benchmark gives them
different ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from heapq import heappushpop
from itertools import chain
from operator import length_hint
from typing import Any

import numpy as np
import numpy.typing as npt
from simpy import Environment, Event, Timeout

Column = npt.NDArray[np.float64]
Dial = tuple[int, float]  # outcome, minutes
Streams = tuple[Iterable[Dial], Iterable[int]]  # dials in the order in which they begin; outcomes of bookings
Row = tuple[float, ...]
Once = Callable[[int, int, Iterator[Dial], Iterator[int]], Row]

COLUMNS = ("dials", "answered", "listened", "accepted", "attended", "sold", "busy_minutes", "days")
HORIZON = 60  # working days
SHIFT = 480.0  # minutes
DAY = 1440.0  # minutes from one morning to the next
ATTEMPTS = 4
RETRY_AFTER = 2  # working days
EVENT_EVERY = 5  # working days
ANSWERED, LISTENED, ACCEPTED, ATTENDED, SOLD = 2 / 3, 0.02, 0.75, 2 / 3, 0.5
NO_ANSWER_MINUTES, HANG_UP_MINUTES, TALK_MINUTES, TALK_SIGMA = 0.5, 1.0, 6.0, 0.5

NO_ANSWER, HANG_UP, DECLINED, AGREED = 0, 1, 2, 3  # outcomes of a dial
STAYED_AWAY, CAME, BOUGHT = 0, 1, 2  # outcomes of a booking
BLOCK = 8192  # dials drawn at once


def dial_stream(rng: np.random.Generator) -> Iterator[Dial]:
    """Endless (outcome, minutes) of dials, in the order in which they begin."""
    hung_up = 1 - ANSWERED + ANSWERED * (1 - LISTENED)
    declined = hung_up + ANSWERED * LISTENED * (1 - ACCEPTED)
    log_mean = np.log(TALK_MINUTES) - TALK_SIGMA**2 / 2

    def blocks() -> Iterator[Iterable[Dial]]:
        while True:
            u = rng.random(BLOCK)
            outcome = (u >= 1 - ANSWERED).astype(np.uint8)
            minutes = rng.standard_exponential(BLOCK) * HANG_UP_MINUTES
            minutes[outcome == NO_ANSWER] = NO_ANSWER_MINUTES
            talks = np.flatnonzero(u >= hung_up)
            outcome[talks] = np.where(u[talks] < declined, DECLINED, AGREED)
            minutes[talks] = rng.lognormal(log_mean, TALK_SIGMA, talks.size)
            yield zip(outcome.tobytes(), minutes.tolist(), strict=True)  # bytes iterate as small integers

    return chain.from_iterable(blocks())


def visit_stream(rng: np.random.Generator) -> Iterator[int]:
    """Endless outcomes of bookings."""

    def blocks() -> Iterator[bytes]:
        while True:
            u = rng.random(BLOCK)
            yield ((u < ATTENDED).astype(np.uint8) + (u < ATTENDED * SOLD)).tobytes()

    return chain.from_iterable(blocks())


def next_event(day: int) -> int:
    """The first event strictly after `day`."""
    return day - day % EVENT_EVERY + EVENT_EVERY


def next_retry(due: dict[int, list[int]]) -> int:
    """The next day on which a lead is due again, or the horizon."""
    return min((day for day, leads in due.items() if leads), default=HORIZON)


# --- SimPy ---------------------------------------------------------------------------------------------------


def simpy_once(leads: int, members: int, dials: Iterator[Dial], visits: Iterator[int]) -> Row:
    """One replication: an office that lays out the day's list, a process per member and day, one per event."""
    env = Environment()
    due: defaultdict[int, list[int]] = defaultdict(list)  # working day -> leads to dial again
    booked: dict[int, list[int]] = {}  # working day of the event -> leads
    tries = [0] * leads  # dials without answer
    listened = begun = attended = sold = worked = 0
    busy = 0.0

    def member(day: int, work: Iterator[tuple[int, Dial]]) -> Generator[Event, Any, None]:
        nonlocal listened, busy
        retry, timeout, attempts = due[day + RETRY_AFTER].append, Timeout, ATTEMPTS
        start = now = day * DAY
        end = now + SHIFT
        for lead, (outcome, minutes) in work:
            if not outcome:
                tries[lead] = tried = tries[lead] + 1
                if tried < attempts:
                    retry(lead)
            elif outcome > HANG_UP:
                listened += 1
                if outcome == AGREED:
                    book(lead, next_event(day))
            yield timeout(env, minutes)
            now += minutes
            if now >= end:
                break
        busy += now - start

    def book(lead: int, day: int) -> None:
        if day not in booked:
            booked[day] = []
            env.process(event(day))
        booked[day].append(lead)

    def event(day: int) -> Generator[Event, Any, None]:
        nonlocal attended, sold
        yield Timeout(env, day * DAY - env.now)
        if day < HORIZON:
            for _, visit in zip(booked[day], visits, strict=False):
                attended += visit >= CAME
                sold += visit == BOUGHT

    def office() -> Generator[Event, Any, None]:
        nonlocal begun, worked
        fresh = iter(range(leads))
        retries: list[int] = []
        day = 0 if leads else HORIZON
        while day < HORIZON:
            yield Timeout(env, day * DAY - env.now)
            again = iter(retries + sorted(due.pop(day, ())))
            begun += length_hint(again) + length_hint(fresh)
            work = zip(chain(again, fresh), dials, strict=False)
            yield env.all_of([env.process(member(day, work)) for _ in range(members)])
            begun -= length_hint(again) + length_hint(fresh)
            retries = list(again)
            worked = day + 1
            day = worked if retries or length_hint(fresh) else next_retry(due)

    env.process(office())
    env.run()
    return begun, begun - sum(tries), listened, sum(map(len, booked.values())), attended, sold, busy, worked


# --- heapq ---------------------------------------------------------------------------------------------------


def heapq_once(leads: int, members: int, dials: Iterator[Dial], visits: Iterator[int]) -> Row:
    """One replication: a heap of the members' free times; who is free first takes the next lead."""
    due: defaultdict[int, list[int]] = defaultdict(list)
    booked: defaultdict[int, list[int]] = defaultdict(list)
    tries = [0] * leads
    listened = begun = worked = 0
    busy = 0.0
    push_pop, shift, attempts = heappushpop, SHIFT, ATTEMPTS
    fresh = iter(range(leads))
    retries: list[int] = []
    day = 0 if leads else HORIZON
    while day < HORIZON:
        again = iter(retries + sorted(due.pop(day, ())))
        begun += length_hint(again) + length_hint(fresh)
        retry, book = due[day + RETRY_AFTER].append, booked[next_event(day)].append
        others = [0.0] * (members - 1)  # all but the member who is free first, at `now`
        now = 0.0
        for lead, (outcome, minutes) in zip(chain(again, fresh), dials, strict=False):
            if not outcome:
                tries[lead] = tried = tries[lead] + 1
                if tried < attempts:
                    retry(lead)
            elif outcome > HANG_UP:
                listened += 1
                if outcome == AGREED:
                    book(lead)
            now = push_pop(others, now + minutes)
            if now >= shift:
                break
        busy += now + sum(others)
        begun -= length_hint(again) + length_hint(fresh)
        retries = list(again)
        worked = day + 1
        day = worked if retries or length_hint(fresh) else next_retry(due)
    comers = sum(len(booked[day]) for day in booked if day < HORIZON)
    came = [visit for _, visit in zip(range(comers), visits, strict=False) if visit >= CAME]
    accepted = sum(map(len, booked.values()))
    return begun, begun - sum(tries), listened, accepted, len(came), came.count(BOUGHT), busy, worked


# --- Both ----------------------------------------------------------------------------------------------------


def _replicate(
    once: Once,
    replications: int,
    leads: int,
    members: int,
    seed: int,
    streams: Streams | None,
) -> dict[str, Column]:
    if streams is None:
        of_dials, of_visits = np.random.default_rng(seed).spawn(2)
        streams = dial_stream(of_dials), visit_stream(of_visits)
    dials, visits = iter(streams[0]), iter(streams[1])
    rows = np.array([once(leads, members, dials, visits) for _ in range(replications)], dtype=np.float64)
    return dict(zip(COLUMNS, rows.reshape(-1, len(COLUMNS)).T.copy(), strict=True))


def run_simpy(
    replications: int,
    leads: int,
    members: int,
    seed: int,
    streams: Streams | None = None,
) -> dict[str, Column]:
    """The tuned SimPy model: one array (replications,) for each of COLUMNS; `streams` replaces the draws."""
    return _replicate(simpy_once, replications, leads, members, seed, streams)


def run_heapq(
    replications: int,
    leads: int,
    members: int,
    seed: int,
    streams: Streams | None = None,
) -> dict[str, Column]:
    """Plain Python with heapq: one array (replications,) for each of COLUMNS; `streams` replaces the draws."""
    return _replicate(heapq_once, replications, leads, members, seed, streams)
