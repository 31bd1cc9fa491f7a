"""Facts become one row of numbers per history: counts, rates of work, losses that add up to all leads.

Every value is made from whole-number facts. What is undefined in a history is NaN (the utilisation of
a team that never worked, days until a list is done that never was).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel import calling, demo
from simfunnel.funnel.segments import Segments
from simfunnel.hours import Hours
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.values import HOUR, MINUTE
from simfunnel.tally import Tally

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float64]]

STAGES: Final = ("dialled", "answered", "listened", "accepted", "booked", "attended", "interested", "sold")
LOSSES: Final = (
    "never_reached", "gatekeeper", "hung_up", "refused", "no_seat", "did_not_come", "turned_away", "freeloader",
    "not_convinced", "still_open",
)  # fmt: skip


def stages(tally: Tally) -> dict[str, Integers]:
    """How many leads got how far, by (segment, team, column)."""
    outcome, visit = tally.dials_by_outcome, tally.visits
    return {
        "dialled": tally.dialled,
        "answered": np.asarray(outcome[calling.GATEKEEPER :].sum(axis=0)),
        "listened": np.asarray(outcome[calling.REFUSED :].sum(axis=0)),
        "accepted": outcome[calling.ACCEPTED],
        "booked": tally.bookings[demo.BOOKED],
        "attended": np.asarray(visit[demo.FREELOADER] + visit[demo.INTERESTED]),
        "interested": visit[demo.INTERESTED],
        "sold": tally.talks[demo.SOLD],
    }


def losses(tally: Tally, leads: Integers) -> dict[str, Integers]:
    """Where leads were lost, by (segment, column); with the sold they add up to `leads` (segments, 1)."""
    by_team = {
        "never_reached": tally.never_reached,
        "gatekeeper": tally.dials_by_outcome[calling.GATEKEEPER],
        "hung_up": tally.dials_by_outcome[calling.HUNG_UP],
        "refused": tally.dials_by_outcome[calling.REFUSED],
        "no_seat": tally.bookings[demo.NO_SEAT] + tally.bookings[demo.MOVED + demo.NO_SEAT],
        "did_not_come": tally.visits[demo.DID_NOT_COME] - invited_again(tally),
        "turned_away": tally.visits[demo.TURNED_AWAY],
        "freeloader": tally.visits[demo.FREELOADER],
        "not_convinced": tally.talks[demo.NOT_CONVINCED],
    }
    lost = {name: np.asarray(values.sum(axis=1)) for name, values in by_team.items()}
    ended = sum(lost.values()) + tally.talks[demo.SOLD].sum(axis=1)
    lost["still_open"] = np.asarray(leads - ended)
    return {name: lost[name] for name in LOSSES}


def invited_again(tally: Tally) -> Integers:
    """No-shows that were booked again (or wait for an event beyond the horizon), by (segment, team, column)."""
    return np.asarray(tally.bookings[demo.AGAIN + demo.BOOKED] + tally.bookings[demo.AGAIN + demo.WAITING])


def paid_time(team: Team, calendar: Calendar, busy: Integers, overtime: Integers, last_day: Integers) -> Integers:
    """Paid ms of the whole team by column: its shifts and overtime, or the time worked."""
    if team.paid == "worked":
        return busy
    days = calendar.days if team.paid == "shift" else last_day + 1
    return np.asarray(Hours.of(team).paid * team.size * days + overtime)


def metrics(scenario: Scenario, calendar: Calendar, segments: Segments, tally: Tally) -> Columns:
    """All numbers but money, by name; each of shape (columns,)."""
    leads = np.diff(segments.bounds)[:, None]
    reached, lost = stages(tally), losses(tally, leads)
    columns: Columns = {"dials": _total(tally.dials_made)}
    columns.update({name: _total(values) for name, values in reached.items()})
    columns["events"] = tally.events[demo.HELD]
    columns["events_cancelled"] = tally.events[demo.CANCELLED]
    columns["invited_again"] = _total(invited_again(tally))
    columns["days_until_done"] = days_until_done(tally, segments.leads)
    columns.update({f"losses.{name}": np.asarray(values.sum(axis=0)) for name, values in lost.items()})
    for number, name in enumerate(segments.names):
        columns[f"segments.{name}.dials"] = np.asarray(tally.dials_made[number].sum(axis=0))
        columns.update({f"segments.{name}.{s}": np.asarray(v[number].sum(axis=0)) for s, v in reached.items()})
        columns.update({f"segments.{name}.losses.{s}": v[number] for s, v in lost.items()})
    for number, (name, team) in enumerate(scenario.teams.items()):
        columns[f"teams.{name}.dials"] = np.asarray(tally.dials_made[:, number].sum(axis=0))
        columns.update({f"teams.{name}.{s}": np.asarray(v[:, number].sum(axis=0)) for s, v in reached.items()})
        work = _work(team, calendar, tally.busy[number], tally.overtime[number], tally.last_day[number])
        columns.update({f"teams.{name}.{s}": v for s, v in work.items()})
    return columns


def _work(team: Team, calendar: Calendar, busy: Integers, overtime: Integers, last_day: Integers) -> Columns:
    present = Hours.of(team).paid * team.size * (last_day + 1)
    utilisation = np.full(busy.shape, np.nan)
    np.divide(busy - overtime, present, out=utilisation, where=present > 0)
    return {
        "busy_minutes": busy / MINUTE,
        "overtime_minutes": overtime / MINUTE,
        "paid_hours": paid_time(team, calendar, busy, overtime, last_day) / HOUR,
        "days": last_day + 1,
        "utilisation": utilisation,
    }


def days_until_done(tally: Tally, leads: int) -> Floats:
    """Working days until every lead is answered or given up; NaN where the list is not done in time."""
    answered = tally.dials_by_outcome[calling.GATEKEEPER :].sum(axis=(0, 1, 2))
    done = answered + tally.never_reached.sum(axis=(0, 1)) == leads
    last = tally.last_dial.max(axis=0, initial=-1) + 1.0
    return np.where(done, last, np.nan)


def _total(values: Integers) -> Integers:
    return np.asarray(values.sum(axis=(0, 1)))
