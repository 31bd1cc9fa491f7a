"""The full funnel as a hand-written SimPy model, written for speed: the story of `full_funnel.toml` and no other.

A process for each member and working day, one for the office; who has nothing to do sleeps until the next hot
lead comes. It shares no code, no table and no draw with simfunnel, only the story.

What makes it fast: probabilities are tables by hour, seat, attempt and reach, made once; minutes are drawn ahead in
numpy blocks and handed over as Python floats; the traits of all leads to be dialled are drawn at once, those of
others when they matter; a waiting dial is one integer (due day, lead), so that lists are sorted as numbers and popped
from their end; demo, closing, touches and contacts with customers decide at their begin; one timeout a task; days
without work are skipped; no stores, resources or requests; what can be told afterwards is not counted on the way.
What comes after the sale stands in `full_peer_after.py`.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Generator
from itertools import chain
from math import ceil, exp, floor, inf, sqrt
from statistics import NormalDist
from typing import Any

import full_peer_after as after
import numpy as np
import numpy.typing as npt
from full_peer_basics import HORIZON, INTAKE, Ahead, date, day_after, odds
from simpy import AllOf, Environment, Event, Process, Timeout

Column = npt.NDArray[np.float64]
Life = Generator[Event, Any, None]
Spans = tuple[tuple[float, float], ...]

# --- The story -----------------------------------------------------------------------------------------------

DAY = 1440.0  # minutes
LATER = 1e-6  # minutes, more than rounding errors
COLD, WARM, WEB, FRIENDS = 0, 1, 2, 3
LISTED = 50000
ARRIVE_WARM = (40, 24, 22, 20, 18)  # by weekday
ARRIVE_WEB, WEB_HOURS = 16, (420.0, 1260.0)
HOURS_OF = ((0.0, DAY), (0.0, DAY), WEB_HOURS, (0.0, DAY))  # in which the undecided come back
INTERESTED, QUALIFIED, DIRECT = (0.55, 0.65, 0.8, 0.75), (0.7, 0.8, 0.85, 0.85), (0.35, 0.6, 0.8, 0.7)
DEAD, SPREAD = (0.06, 0.03, 0.0, 0.02), (1.0, 0.7, 0.5, 0.6)
READY, NEVER_READY = (30.0, 20.0, 12.0, 15.0), (0.15, 0.1, 0.05, 0.08)  # calendar days, share
WINDOW = (60.0, 50.0, 40.0, 50.0)  # calendar days
TOLERANCE = ((2, 6, 20), (2, 5, 15), (1, 4, 12), (2, 4, 12))
WALKS_AWAY, LIKES_PHONE = (0.12, 0.1, 0.08, 0.06), (0.6, 0.5, 0.4, 0.7)
RETURNS, FIT = (0.25, 0.3, 0.4, 0.35), (0.8, 0.85, 0.9, 0.9)

ATTEMPTS, RETRY_AFTER, ASKED_THROUGH = 4, 2, 0.3
BY_ATTEMPT = (1, 0.95, 0.9, 0.9)
BY_HOUR = {17: 1.3, 18: 1.5}
RING, SILENT, WRAP_UP = 25 / 60, 15 / 60, 40 / 60
WAITING = ((5, 30, 120), (1, 0.8, 0.5, 0.3))  # minutes from which, odds
CALLERS, CENTRE, SELLERS = 0, 1, 2
SKILL = ((1.3, 1.1, 1.0, 0.8), (1,) * 6, (1.3, 1.1, 1.0, 0.8))
PACE = ((1.15, 1.0, 1.0, 0.9), (1,) * 6, (1.1, 1.0, 1.0, 0.9))
SPANS: tuple[Spans, ...] = (((780, 930), (960, 1140)), ((480, 1020),), ((540, 720), (765, 1050)))
SHARES = (0.12, 0.88)  # of the leads to be dialled, of callers and centre
LISTENED_BY, ACCEPTED_BY, ATTENDED_BY, INTERESTED_BY = (1, 0.8), (1, 0.7), (1, 0.8), (1, 0.8)
OVERFLOW_AFTER = 5

EVENT_DAYS = (1, 2, 3)  # of the week
LEAVE, EVENT_END, EVENT_AT = 870.0, 975.0, 900.0
CALLED: Spans = ((540, 720), (765, LEAVE))
SEATS, ROOM, NOTICE, MAX_WAIT, MINIMUM, INVITE_AGAIN, CLOSERS = 16, 20, 2, 15, 20, 1, 3
ATTENDED, PER_DAY, REMINDER = 0.6, 0.97, 1.2

SOLD, UNDECIDED, PRESSURE = 0.25, 0.7, 1.2
SOLD_BY, PAPER_ODDS, PAPER_MINUTES = (1, 1, 1.3, 1), 0.95, 8.0
WAITED, EARLY, LATE, HASTE, ERROR = 0.985, 0.93, 0.96, 2.0, 5 * (1 - 0.3)
METHODS = (0.4, 0.65, 0.85)  # cumulated
METHOD_ODDS = ((1, 1, 1, 1), (1.1, 1, 1, 1), (0.8, 1.1, 1, 1.1), (0.9, 1, 1.2, 1))

PHONE, MAIL = 0, 1
INTERVAL, FIRST_AFTER, NOBODY_AFTER, TOUCHES, STOP_AFTER = 10, 3, 2, 12, 40
NOTICES, SIGNALS, KEEPS, INSIST, QUOTA = 0.4, 3, 0.7, 0.4, 5
SOLD_LATER, PER_TOUCH, PER_IRRITATION, RETURNED, PRESSED = 0.12, 0.95, 0.8, 3.0, 1.3
REACHED = (0.5, 0.7)  # by channel
NOT_REACHED_MINUTES, GATEKEEPER_MINUTES = (1.0, 3.0), (2.0, 3.0)
SENSITIVITY, SPECIFICITY = 0.9, 0.6
SERIES_DAYS, MORE_RETURN, KEEPS_OPEN = 84, 2.0, 1.5  # calendar days that six messages last, one in two weeks

NOT_REACHED, GATEKEEPER, WALKED_AWAY, DISQUALIFIED, DECLINED, NOT_QUALIFIED = range(6)
NOT_READY, BOUGHT_ELSEWHERE, NOT_CONVINCED, WON, CONCEDED, GAVE_UP = range(6, 12)
TOUCHED = (
    "not_reached", "gatekeeper", "walked_away", "disqualified", "declined", "not_qualified", "not_ready",
    "bought_elsewhere", "not_convinced", "sold", "conceded", "gave_up",
)  # fmt: skip
CAUSES = ("irritated", "elsewhere", "never", "unqualified", "given_up", "bad_fit")
IRRITATED, ELSEWHERE, NEVER, UNQUALIFIED, GIVEN_UP, BAD_FIT = CAUSES
ACTIVE, RESTING, BACK, CLOSED = range(4)
COLUMNS = (
    "dials", "answered", "listened", "accepted", "hot_answered", "hot_gave_up", "no_seat", "events", "cancelled",
    "expected", "attended", "turned_away", "interested", "closings", "left", "not_convinced", "undecided",
    *(f"touch_{name}" for name in TOUCHED[:GAVE_UP]), "touch_irritated", "touch_quota", "returned",
    *(f"back_{name}" for name in ("not_convinced", "sold", "conceded", "bought_elsewhere", "gave_up")),
    *(f"file_{name}" for name in CAUSES), "series", "sold",
    "conceded", "misfits", "revenue", "busy_minutes", *after.COLUMNS,
)  # fmt: skip

# --- Tables --------------------------------------------------------------------------------------------------


LEVELS = 17  # of reach; the last is a dead number
Z = [NormalDist().inv_cdf((level + 0.5) / 16) for level in range(16)]
ANSWERED = [
    [
        odds(0.35, more, BY_ATTEMPT[attempt], exp(SPREAD[segment] * Z[level]), BY_HOUR.get(hour, 1))
        if level < 16 else 0.0
        for segment, more in ((COLD, 1), (WARM, 1.2), (FRIENDS, 1.5))
        for attempt in range(ATTEMPTS) for level in range(LEVELS)
    ]
    for hour in range(24)
]  # fmt: skip
LISTENED = [[[odds(0.08, LISTENED_BY[t], w, s) for w in (1, 1.5, 7.5)] for s in SKILL[t]] for t in (CALLERS, CENTRE)]
ACCEPTED = [[[odds(0.35, ACCEPTED_BY[t], w, s) for w in (1, 1.2, 2.4)] for s in SKILL[t]] for t in (CALLERS, CENTRE)]
TAKEN_UP = [[odds(0.6, w, s) for w in WAITING[1]] for s in SKILL[CALLERS]]
COMES = [[odds(ATTENDED, ATTENDED_BY[t], REMINDER, PER_DAY**d) for d in range(40)] for t in (CALLERS, CENTRE)]
KEEN = [[odds(p, INTERESTED_BY[t]) for p in INTERESTED] for t in (CALLERS, CENTRE)]
REACHES = [[[odds(p, exp(spread * z)) for z in Z] for p in REACHED] for spread in SPREAD]
BUYS = [odds(SOLD, by) for by in SOLD_BY]
BUYS_LATER = [odds(SOLD_LATER, by) for by in SOLD_BY]
RETURNS_MORE = [odds(p, MORE_RETURN) for p in RETURNS]
MASK = (1 << 16) - 1
EVENTS = [day for day in range(HORIZON + MAX_WAIT + 5) if day % 5 in EVENT_DAYS]


class Chance:
    """All that is drawn: plain uniforms one by one, minutes ahead in blocks."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.random = random.Random(seed).random
        ahead = Ahead(rng)
        endless, lognormal, exponential = ahead.endless, ahead.lognormal, ahead.exponential
        triangular = ahead.triangular
        self.gatekeeper = exponential(1.2, RING + WRAP_UP)
        self.hang_up = exponential(0.6, RING + WRAP_UP)
        self.talk = lognormal(6, 3, RING + WRAP_UP)
        self.inbound = lognormal(6, 3, 1)
        self.patience = exponential(480)
        self.peak = endless(lambda n: rng.gamma((12 / 5) ** 2, 25 / 12, n))
        self.answer = exponential(3)
        self.freeloader = triangular(2, 4, 12)
        self.stays = triangular(10, 30, 90)
        self.error = endless(lambda n: rng.standard_normal(n) * ERROR)
        self.revenue = triangular(900, 1800, 3600)
        self.by_channel = (lognormal(9, 5), lognormal(12, 6))
        self.qualify = triangular(2, 5, 12)
        self.lapse = exponential(1)
        self.after = after.AfterChance(ahead, self.random)


class File:
    """What the firm and nature know of an undecided lead."""

    __slots__ = (
        "asked", "contact", "direct", "due", "fit", "gone", "gone_nurtured", "irritations", "keeps", "latest", "lead",
        "level", "listed", "never", "prefers", "qualified", "ready", "returns", "seems_fit", "seems_qualified",
        "segment", "series", "signals", "status", "talked", "tolerance", "touched", "touches",
    )  # fmt: skip


class Desk:
    """Hot leads in the order in which they came: (minute since the start, patience, who)."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[float, float, Any]] = deque()
        self.clock = inf  # of today, at which the first came
        self.midnight = 0.0

    def open(self, day: int, comers: list[tuple[float, float, Any]]) -> bool:
        """Begin the day; does anybody come?"""
        self.midnight = date(day) * DAY
        comers.sort()
        self.waiting.extend(comers)
        self.clock = self.waiting[0][0] - self.midnight if self.waiting else inf
        return bool(self.waiting)

    def take(self, now: float) -> tuple[float, Any]:
        """Who is first: minutes waited, -1 if that was too long, and who."""
        came, patience, who = self.waiting.popleft()
        self.clock = self.waiting[0][0] - self.midnight if self.waiting else inf
        waited = now + self.midnight - came
        return (waited if waited <= patience else -1.0), who

    def close(self) -> list[Any]:
        """Those whose patience ends by midnight go."""
        end = self.midnight + DAY
        if not self.waiting or min(came + patience for came, patience, _ in self.waiting) >= end:
            return []
        gone = [who for came, patience, who in self.waiting if came + patience < end]
        self.waiting = deque(each for each in self.waiting if each[0] + each[1] >= end)
        return gone


class List:
    """The dials of a team: retries come first, then fresh leads; a dial is due << 16 | lead."""

    def __init__(self, fresh: list[int]) -> None:
        self.fresh = fresh  # latest first
        self.due: defaultdict[int, list[int]] = defaultdict(list)
        self.left: list[int] = []  # retries not begun, earliest first
        self.work: list[int] = []
        self.today = 0

    def open(self, day: int) -> int:
        """Make the list of the day, to be popped from its end: how long it is."""
        retries = self.left + sorted(self.due.pop(day, ()))
        retries.reverse()
        self.today = len(self.fresh) if day < INTAKE else 0
        self.work = self.fresh + retries if day < INTAKE else retries
        return len(self.work)

    def close(self) -> None:
        """Keep what was not begun."""
        self.left = self.work[self.today :][::-1]
        if self.today:
            self.fresh = self.work[: self.today]

    def overdue(self, latest: int, other: List) -> None:
        """What had been due by day `latest` moves to another team."""
        if self.left and self.left[0] >> 16 <= latest:
            other.left = sorted(other.left + [dial for dial in self.left if dial >> 16 <= latest])
            self.left = [dial for dial in self.left if dial >> 16 > latest]
        if self.fresh and self.fresh[-1] >> 16 <= latest:
            place = next((i for i, dial in enumerate(self.fresh) if dial >> 16 <= latest), len(self.fresh))
            other.fresh = sorted(self.fresh[place:] + other.fresh, reverse=True)
            del self.fresh[place:]


# --- The firm ------------------------------------------------------------------------------------------------


class History:
    """One history: the office's process, and a process for each member and day."""

    def __init__(self, chance: Chance) -> None:
        self.env = Environment()
        self.chance = chance
        self.count: defaultdict[str, float] = defaultdict(float)
        self.touch_codes = [0] * len(TOUCHED)
        self.back_codes = [0] * len(TOUCHED)
        self.asking: list[tuple[float, int, int, int]] = []  # clock, lead, team, events missed
        self.booked: defaultdict[int, list[tuple[int, int, int, int]]] = defaultdict(list)  # lead, team, missed, day
        self.taken: defaultdict[int, int] = defaultdict(int)  # bookings ever made on an event
        self.due: defaultdict[int, list[File]] = defaultdict(list)
        self.back: defaultdict[int, list[File]] = defaultdict(list)
        self.today: list[File] = []
        self.active: set[File] = set()
        self.desk, self.sales_desk = Desk(), Desk()
        self.customers = after.Customers(chance.after, len(PACE[SELLERS]))
        self.day = 0
        self.born()
        self.env.process(self.office())
        self.env.run()

    def born(self) -> None:
        """All leads to be dialled, and the number of those who come unasked."""
        rng = self.chance.rng
        warm = rng.poisson(np.tile(ARRIVE_WARM, INTAKE // 5))
        warm[-1] = 0
        self.come_unasked = rng.poisson(ARRIVE_WEB, INTAKE).tolist()
        self.ends = np.concatenate(([LISTED], LISTED + np.cumsum(warm))).tolist()
        sizes = (LISTED, self.ends[-1] - LISTED)
        level = [
            np.where(rng.random(n) < dead, 16, rng.integers(0, 16, n)) for n, dead in zip(sizes, DEAD, strict=False)
        ]
        self.key = np.concatenate([level[0], level[1] + ATTEMPTS * LEVELS]).tolist()
        direct = [rng.random(n) < share for n, share in zip(sizes, DIRECT, strict=False)]
        self.direct = np.concatenate(direct).tolist()
        self.web = self.ends[-1]
        self.friends = self.web + sum(self.come_unasked)
        for traits in (self.key, self.direct):
            traits.extend([0] * (self.friends - self.web))  # nobody dials those who come unasked
        self.tries = [0] * self.friends
        self.theirs = (rng.random(self.ends[-1]) < SHARES[CALLERS]).tolist()  # who is the callers'
        latest_first = range(LISTED - 1, -1, -1)
        self.lists = (
            List([lead for lead in latest_first if self.theirs[lead]]),
            List([lead for lead in latest_first if not self.theirs[lead]]),
        )

    def office(self) -> Life:
        """Day after day: the lists, the members, the demo, the night."""
        env, callers, centre = self.env, *self.lists
        dials = 0
        for day in range(HORIZON):
            self.day = day
            life: list[tuple[int, int, Spans]] = []
            guests = self.guests(day)
            comers = self.come_back(day)
            self.make_list(day)
            todo = callers.open(day), centre.open(day)
            dials += sum(todo)
            unasked = self.desk.open(day, self.come(day))
            if todo[CALLERS] or unasked:
                life += [(CALLERS, seat, SPANS[CALLERS]) for seat in range(len(PACE[CALLERS]))]
            if todo[CENTRE]:
                life += [(CENTRE, seat, SPANS[CENTRE]) for seat in range(len(PACE[CENTRE]))]
            looks_after = self.customers.open(day)
            if self.sales_desk.open(day, comers) or self.work or guests or looks_after:
                called = CLOSERS if guests else 0
                life += [(SELLERS, s, CALLED if s < called else SPANS[SELLERS]) for s in range(len(PACE[SELLERS]))]
            if life:
                yield Timeout(env, day * DAY - env.now)
                self.hold(day, guests)
                yield AllOf(env, [self.member(*each) for each in life])
            self.night(day)
            dials -= len(callers.work) + len(centre.work)
        self.count["dials"] = dials

    def member(self, team: int, seat: int, spans: Spans) -> Process:
        """The day of a member."""
        if team == SELLERS:
            return self.env.process(self.seller(seat, spans))
        return self.env.process(self.caller(team, seat, spans))

    def come(self, day: int) -> list[tuple[float, float, Any]]:
        """The hot leads of the day."""
        if day >= INTAKE:
            return []
        chance, midnight, first, (start, end) = self.chance, date(day) * DAY, self.web, WEB_HOURS
        self.web += self.come_unasked[day]
        return [
            (midnight + start + chance.random() * (end - start), chance.patience(), lead)
            for lead in range(first, self.web)
        ]

    def night(self, day: int) -> None:
        """Who asked for a seat gets one; who waited too long is gone; work moves to the centre."""
        self.asking.sort()
        for _, lead, team, missed in self.asking:
            self.seat(day, lead, team, missed, -1)
        self.asking.clear()
        callers, centre = self.lists
        callers.close()
        centre.close()
        callers.overdue(day + 1 - OVERFLOW_AFTER, centre)
        if day < INTAKE - 1:
            arrived = range(self.ends[day + 1] - 1, self.ends[day] - 1, -1)
            due = (day + 1) << 16
            theirs = self.theirs
            callers.fresh = [due | lead for lead in arrived if theirs[lead]] + callers.fresh
            centre.fresh = [due | lead for lead in arrived if not theirs[lead]] + centre.fresh
        named = self.customers.night(day)
        if named:
            self.refer(day + 1, named)
        self.count["hot_gave_up"] += len(self.desk.close())
        for file in self.sales_desk.close():
            self.back_codes[GAVE_UP] += 1
            self.resume(file, gave_up=True)

    def refer(self, day: int, names: int) -> None:
        """Whom customers named is to be dialled from `day` on, by the callers."""
        random_, fresh = self.chance.random, self.lists[CALLERS].fresh
        for lead in range(len(self.tries), len(self.tries) + names):
            level = 16 if random_() < DEAD[FRIENDS] else int(random_() * 16)
            self.key.append(level + 2 * ATTEMPTS * LEVELS)
            self.direct.append(random_() < DIRECT[FRIENDS])
            self.tries.append(0)
            fresh.insert(0, day << 16 | lead)

    # --- Calling ---

    def caller(self, team: int, seat: int, spans: Spans) -> Life:
        """Hot leads first, then the list."""
        env, chance, dials, day = self.env, self.chance, self.lists[team], self.day
        work, key, direct, tries, desk = dials.work, self.key, self.direct, self.tries, self.desk
        pop, draw, timeout, table = work.pop, chance.random, Timeout, ANSWERED
        gatekeeper, hang_up, talk = chance.gatekeeper, chance.hang_up, chance.talk
        listened, accepted, pace = LISTENED[team][seat], ACCEPTED[team][seat], PACE[team][seat]
        again, due = dials.due[day + RETRY_AFTER].append, (day + RETRY_AFTER) << 16
        listed, friends = LISTED, self.friends
        silent, answers = (RING + SILENT) * pace, team == CALLERS
        now = spans[0][0]
        yield timeout(env, now)
        begin, idle = now, 0.0
        for start, stop in spans:
            if now < start:
                idle += start - now
                yield timeout(env, start - now)
                now = start
            while now < stop:
                if answers and desk.clock <= now:
                    minutes = self.answer(now, seat)
                    if not minutes:
                        continue
                elif work:
                    dial = pop()
                    lead = dial & 65535
                    place = key[lead]
                    if draw() >= table[int(now // 60)][place]:
                        minutes = silent
                        tries[lead] = tried = tries[lead] + 1
                        if tried < 4:
                            key[lead] = place + 17
                            again(due | lead)
                    elif not direct[lead] and draw() >= 0.3:
                        minutes = gatekeeper() * pace
                    elif draw() >= (listened[0] if lead < listed else listened[1 + (lead >= friends)]):
                        minutes = hang_up() * pace
                    else:
                        minutes = talk() * pace
                        self.count["listened"] += 1
                        if draw() < (accepted[0] if lead < listed else accepted[1 + (lead >= friends)]):
                            self.asking.append((now + minutes, lead, team, 0))
                            self.count["accepted"] += 1
                else:
                    later = desk.clock if answers else inf
                    if later >= stop:
                        break
                    idle += later - now
                    yield self.sleep(later - now, seat)
                    now = later
                    continue
                yield timeout(env, minutes)
                now += minutes
        self.count["busy_minutes"] += now - begin - idle

    def sleep(self, minutes: float, seat: int) -> Event:
        """So many minutes; of several who wake up at once the lowest seat does so first."""
        return Timeout(self.env, minutes + seat * LATER)

    def answer(self, now: float, seat: int) -> float:
        """A hot lead is answered: minutes, 0 if it is gone."""
        waited, lead = self.desk.take(now)
        if waited < 0:
            self.count["hot_gave_up"] += 1
            return 0.0
        minutes = self.chance.inbound() * PACE[CALLERS][seat]
        self.count["hot_answered"] += 1
        if self.chance.random() < TAKEN_UP[seat][bisect_right(WAITING[0], waited)]:
            self.asking.append((now + minutes, lead, CALLERS, 0))
            self.count["accepted"] += 1
        return minutes

    # --- Demo and closing ---

    def seat(self, day: int, lead: int, team: int, missed: int, after: int) -> None:
        """Book a lead on the first event with room."""
        for event in range(day + NOTICE, day + MAX_WAIT + 1):
            if event > after and event % 5 in EVENT_DAYS and (event >= HORIZON or self.taken[event] < ROOM):
                self.taken[event] += 1
                self.booked[event].append((lead, team, missed, day))
                return
        if not missed:
            self.count["no_seat"] += 1

    def guests(self, day: int) -> list[tuple[int, int, int, int]]:
        """Who is booked on today's event, if it is held."""
        guests = self.booked.pop(day, [])
        if 0 < len(guests) < MINIMUM:
            self.count["cancelled"] += 1
            for lead, team, missed, _ in guests:
                self.seat(day - 1, lead, team, missed, day)
            return []
        return guests

    def hold(self, day: int, guests: list[tuple[int, int, int, int]]) -> None:
        """Who comes to the demo, and is interested: the comers in order of lead."""
        random_, count, comers = self.chance.random, self.count, []
        self.comers: deque[tuple[int, int, bool, float]] = deque()
        if not guests:
            return
        today = date(day)
        count["events"] += 1
        count["expected"] += len(guests)
        for lead, team, missed, booked in guests:
            if random_() >= COMES[team][today - date(booked)]:
                if missed < INVITE_AGAIN:
                    self.asking.append((EVENT_AT, lead, team, missed + 1))
            elif len(comers) < SEATS:
                comers.append((lead, team, random_() < KEEN[team][self.segment(lead)], self.chance.stays()))
            else:
                count["turned_away"] += 1
        count["attended"] += len(comers)
        count["friends_attended"] += sum(lead >= self.friends for lead, _, _, _ in comers)
        count["interested"] += sum(keen for _, _, keen, _ in comers)
        comers.sort()
        self.comers.extend(comers)

    def segment(self, lead: int) -> int:
        """The segment of a lead."""
        return COLD if lead < LISTED else WARM if lead < self.ends[-1] else WEB if lead < self.friends else FRIENDS

    def close(self, lead: int, keen: bool, waited: float, seat: int) -> float:
        """A closing talk: minutes."""
        chance, random_ = self.chance, self.chance.random
        self.count["closings"] += 1
        if not keen:
            return chance.freeloader()
        segment = self.segment(lead)
        qualified = random_() < QUALIFIED[segment]
        peak = chance.peak()
        asked = max(0.0, peak - HASTE + chance.error())
        minutes = asked + chance.answer()
        word = random_() if qualified else 2.0
        if word < 0.8:
            off = asked - peak
            ratio = LATE ** min(floor(off), 60) if off > 0 else EARLY ** min(floor(-off), 60)
            method = METHOD_ODDS[bisect_right(METHODS, random_())][segment]
            ratio *= method * PAPER_ODDS * WAITED ** min(floor(waited), 60) * SKILL[SELLERS][seat]
            if word < odds(BUYS[segment], ratio * PRESSURE):
                conceded = word >= odds(BUYS[segment], ratio)
                self.sell(lead, conceded, random_() < FIT[segment], seat)
                return minutes + PAPER_MINUTES
        if random_() < UNDECIDED:
            self.open(lead, segment, qualified)
        else:
            self.count["not_convinced"] += 1
        return minutes

    def sell(self, lead: int, conceded: bool, fits: bool, seat: int) -> None:
        """A sale."""
        count, paid = self.count, self.chance.revenue()
        count["conceded" if conceded else "sold"] += 1
        count["revenue"] += paid
        self.customers.enter(self.day, lead, seat, paid, conceded=conceded, fits=fits)
        if not fits:
            count["misfits"] += 1

    # --- Follow-up ---

    def open(self, lead: int, segment: int, qualified: bool) -> None:
        """The lead stayed undecided: its file, and what nature knows of it."""
        random_, lapse, day = self.chance.random, self.chance.lapse, self.day
        self.count["undecided"] += 1
        file = File()
        file.lead, file.segment, file.qualified = lead, segment, qualified
        if segment == WEB:
            file.level, file.direct = int(random_() * 16), random_() < DIRECT[WEB]
        else:
            file.level, file.direct = self.key[lead] % LEVELS, self.direct[lead]
        file.never = random_() < NEVER_READY[segment]
        days, window = lapse() * READY[segment], lapse() * WINDOW[segment]
        file.ready, file.gone, file.gone_nurtured = ceil(days), ceil(days + window), ceil(days + window * KEEPS_OPEN)
        if file.never:
            file.ready = file.gone = file.gone_nurtured = 1 << 30
        file.tolerance = triangle(random_(), *TOLERANCE[segment])
        file.prefers = PHONE if random_() < LIKES_PHONE[segment] else MAIL
        file.fit = random_() < FIT[segment]
        file.seems_qualified = random_() < SENSITIVITY if qualified else random_() >= SPECIFICITY
        file.seems_fit = random_() < SENSITIVITY if file.fit else random_() >= SPECIFICITY
        file.status, file.series, file.asked = ACTIVE, -1, False
        file.talked = file.touched = file.contact = day
        file.latest, file.listed = day + STOP_AFTER, -1
        file.touches = file.irritations = file.signals = 0
        word = random_()
        file.returns = 0.0 if file.never or not qualified else word  # STAYS if 0 or above RETURNS_MORE
        if file.returns and word < RETURNS_MORE[segment]:
            back = day_after(day, file.ready)
            if back < HORIZON:
                self.back[back].append(file)
        else:
            file.returns = 0.0
        file.keeps = random_() < KEEPS
        self.active.add(file)
        self.plan(file, day + FIRST_AFTER)

    def nurtured(self, file: File) -> bool:
        """Is the lead sent messages until it is ready?"""
        return file.series >= 0 and date(file.talked) + file.ready <= date(file.series) + SERIES_DAYS

    def comes_back(self, file: File) -> bool:
        """Does it come back by itself, and has not bought elsewhere by then?"""
        nurtured = self.nurtured(file)
        days = date(day_after(file.talked, file.ready)) - date(file.talked) if file.returns else 0
        in_time = days < (file.gone_nurtured if nurtured else file.gone)
        return bool(file.returns) and in_time and (file.returns < RETURNS[file.segment] or nurtured)

    def plan(self, file: File, due: int) -> None:
        """The next touch, or the lead is let go."""
        if file.keeps:
            due = max(due, day_after(file.contact, ceil(file.tolerance)))
        file.due = due
        if file.touches >= TOUCHES or due > file.latest or file.signals >= SIGNALS:
            self.let_go(file)
        elif due < HORIZON:
            self.due[due].append(file)

    def let_go(self, file: File) -> None:
        """No more touches; who will come back by itself is followed up anew then."""
        rests = file.returns and self.day < day_after(file.talked, file.ready) < HORIZON and self.comes_back(file)
        self.drop(file, self.why(file))
        if rests:
            file.status = RESTING

    def why(self, file: File) -> str:
        """Why a lead that is let go had not bought, in truth."""
        if not file.qualified:
            return UNQUALIFIED
        if self.gone(file):
            return ELSEWHERE
        return NEVER if file.never else GIVEN_UP

    def gone(self, file: File) -> bool:
        """Has it bought elsewhere?"""
        days = date(self.day) - date(file.talked)
        return days >= (file.gone_nurtured if self.nurtured(file) else file.gone)

    def drop(self, file: File, cause: str | None) -> None:
        """Close a file."""
        file.status = CLOSED
        self.active.discard(file)
        if cause is not None:
            self.count["file_" + cause] += 1

    def come_back(self, day: int) -> list[tuple[float, float, Any]]:
        """The undecided that come back today."""
        comers, chance, midnight = [], self.chance, date(day) * DAY
        for file in self.back.pop(day, ()):
            if file.status < BACK and self.comes_back(file):
                file.status = BACK
                self.active.discard(file)
                start, end = HOURS_OF[file.segment]
                comers.append((midnight + start + chance.random() * (end - start), chance.patience(), file))
        self.count["returned"] += len(comers)
        return sorted(comers, key=lambda comer: comer[0])

    def make_list(self, day: int) -> None:
        """The touches of the day, to be popped from the end; the quota's come last."""
        due = []
        for file in chain(self.today, self.due.pop(day, ())):
            if file.status == ACTIVE and file.due <= day and file.listed != day:
                if day > file.latest:
                    self.let_go(file)
                else:
                    file.listed = day
                    due.append((file.due, file.lead, file))
        due.sort()
        self.today = [file for _, _, file in due]
        missing = QUOTA * len(PACE[SELLERS]) - len(due)
        more = []
        if missing > 0:
            more = [
                (file.touched, file.lead, file)
                for file in self.active
                if file.due > day > file.touched
                and day <= file.latest
                and not (file.keeps and day < day_after(file.contact, ceil(file.tolerance)))
            ]
            more.sort()
            del more[missing:]
        self.work = [file for _, _, file in reversed(more)]
        self.work += reversed(self.today)

    def seller(self, seat: int, spans: Spans) -> Life:
        """Who came back first, then customers, then touches; the called leave for the demo, and close after it."""
        env, desk, work, pace, timeout = self.env, self.sales_desk, self.work, PACE[SELLERS][seat], Timeout
        own, contact, day = self.customers.own[seat], self.customers.contact, self.day
        now = spans[0][0]
        yield timeout(env, now)
        begin, idle = now, 0.0
        for start, stop in spans:
            if now < start:
                idle += start - now
                yield timeout(env, start - now)
                now = start
            while now < stop:
                if desk.clock <= now:
                    minutes = self.answer_back(now, seat)
                    if not minutes:
                        continue
                elif own:
                    minutes = contact(day, *own.pop())
                elif work:
                    minutes = self.touch(work.pop(), seat)
                else:
                    later = desk.clock
                    if later >= stop:
                        break
                    idle += later - now
                    yield self.sleep(later - now, seat)
                    now = later
                    continue
                minutes *= pace
                yield timeout(env, minutes)
                now += minutes
        if spans is CALLED:
            idle += max(0.0, LEAVE - now)
            if now < EVENT_END:
                yield self.sleep(EVENT_END - now, seat)
                now = EVENT_END
            comers = self.comers
            while comers:
                lead, _, keen, stays = comers.popleft()
                if now - EVENT_END > stays:
                    self.count["left"] += keen
                    continue
                minutes = self.close(lead, keen, now - EVENT_END, seat) * pace
                yield timeout(env, minutes)
                now += minutes
        self.count["busy_minutes"] += now - begin - idle

    def convince(self, file: File, ratio: float, seat: int) -> int:
        """Does a lead that is able to buy do so?"""
        ratio *= PER_TOUCH**file.touches * PER_IRRITATION**file.irritations * SKILL[SELLERS][seat]
        chance, word = BUYS_LATER[file.segment], self.chance.random()
        if word >= odds(chance, ratio * PRESSED):
            return NOT_CONVINCED
        conceded = word >= odds(chance, ratio)
        self.sell(file.lead, conceded, file.fit, seat)
        self.drop(file, None)
        return CONCEDED if conceded else WON

    def touch(self, file: File, seat: int) -> float:
        """A touch: minutes."""
        random_, day, segment = self.chance.random, self.day, file.segment
        channel = file.prefers if file.keeps else PHONE
        self.count["touch_quota"] += file.due > day
        irritated = False
        if random_() >= REACHES[segment][channel][file.level]:
            code, minutes, again = NOT_REACHED, NOT_REACHED_MINUTES[channel], NOBODY_AFTER
        elif not file.direct and random_() >= INSIST:
            code, minutes, again = GATEKEEPER, GATEKEEPER_MINUTES[channel], INTERVAL
        else:
            minutes, again = self.chance.by_channel[channel](), INTERVAL
            irritated = date(day) - date(file.contact) < file.tolerance or channel != file.prefers
            file.irritations += irritated
            code = self.talk(file, irritated, seat)
            if not file.asked and code >= DISQUALIFIED:
                file.asked = True
                minutes += self.chance.qualify()
            file.contact = day
            if (irritated or code in (NOT_QUALIFIED, BOUGHT_ELSEWHERE)) and random_() < NOTICES:
                file.signals += 1
            self.count["touch_irritated"] += irritated
        self.touch_codes[code] += 1
        file.touches += 1
        file.touched = day
        if code == NOT_READY and file.series < 0:
            file.series = day
            self.count["series"] += 1
        if file.status == ACTIVE:
            file.keeps = random_() < KEEPS
            self.plan(file, day + again)
        return minutes

    def talk(self, file: File, irritated: bool, seat: int) -> int:
        """Who was reached: where it ends."""
        if irritated and self.chance.random() < WALKS_AWAY[file.segment]:
            self.drop(file, IRRITATED)
            return WALKED_AWAY
        if not file.asked:
            if not file.seems_qualified:
                self.drop(file, self.why(file))
                return DISQUALIFIED
            if not file.seems_fit:
                self.drop(file, BAD_FIT)
                return DECLINED
        if not file.qualified:
            return NOT_QUALIFIED
        if date(self.day) - date(file.talked) < file.ready:
            return NOT_READY
        return BOUGHT_ELSEWHERE if self.gone(file) else self.convince(file, 1.0, seat)

    def answer_back(self, now: float, seat: int) -> float:
        """A lead that came back is answered: minutes, 0 if it is gone."""
        waited, file = self.sales_desk.take(now)
        if waited < 0:
            self.back_codes[GAVE_UP] += 1
            self.resume(file, gave_up=True)
            return 0.0
        curve = WAITING[1][bisect_right(WAITING[0], waited)]
        code = BOUGHT_ELSEWHERE if self.gone(file) else self.convince(file, RETURNED * curve, seat)
        self.back_codes[code] += 1
        file.contact = file.touched = self.day
        if file.status == BACK:
            self.resume(file, gave_up=False)
        return self.chance.by_channel[PHONE]()

    def resume(self, file: File, *, gave_up: bool) -> None:
        """Who came back and did not buy is followed up as before; it comes back only once."""
        file.status, file.returns = ACTIVE, 0.0
        self.active.add(file)
        due = self.day + INTERVAL
        self.plan(file, max(self.day + 1, min(file.due, due)) if gave_up else due)

    def row(self) -> list[float]:
        """The facts, by COLUMNS."""
        count = self.count
        count["answered"] = count["dials"] - sum(self.tries)
        for code, name in enumerate(TOUCHED):
            count["touch_" + name] = self.touch_codes[code]
            count["back_" + name] = self.back_codes[code]
        count.update(self.customers.tell())
        return [count[name] for name in COLUMNS]


def triangle(u: float, low: float, likely: float, high: float) -> float:
    """A triangular number."""
    if u * (high - low) < likely - low:
        return low + sqrt(u * (high - low) * (likely - low))
    return high - sqrt((1 - u) * (high - low) * (high - likely))


def run_simpy(replications: int, seed: int) -> dict[str, Column]:
    """One array (replications,) for each of COLUMNS."""
    chance = Chance(seed)
    rows = np.array([History(chance).row() for _ in range(replications)], dtype=np.float64)
    return dict(zip(COLUMNS, rows.reshape(-1, len(COLUMNS)).T.copy(), strict=True))
