"""Facts become one row of numbers per history: counts, rates of work, losses that add up to all leads.

Every value is made from whole-number facts. What is undefined in a history is NaN (the utilisation of
a team that never worked, days until a list is done that never was, the hot share of no sales).

A hot lead that was answered in time counts as dialled, answered and listened, for it is as far as one
that was: a call that comes in needs no dial. Who buys by phone is never booked, attends nothing and is
not asked for its interest; who meets a seller is booked and attends as who comes to a demo.

`sold` are first purchases, whatever becomes of them: who cancels has bought. Where customers are looked after
`customers` is the same number, and `customers.cancelled` to `customers.kept` add up to it. `referred_share` is also
how many others one customer leads to by naming them; it is cut short by the horizon, as who bought late has no
time left to name others, nor they to buy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.counting.causes import LET_GO, LOSSES
from simfunnel.counting.tally import Tally
from simfunnel.funnel import calling, closing, demo, inbound, satisfaction, undecided
from simfunnel.funnel.segments import Segments
from simfunnel.hours import Hours
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.values import HOUR, MINUTE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float64]]

STAGES: Final = ("dialled", "answered", "listened", "accepted", "booked", "attended", "interested", "sold")
SKIPPED: Final = ("booked", "attended", "interested")
"""The stages that who buys by phone skips."""
STAGE_OF_LOSS: Final = {
    **dict.fromkeys(("never_reached", "dead_number"), "dialling"),
    **dict.fromkeys(("gatekeeper", "hung_up", "gave_up_waiting", "refused"), "calling"),
    **dict.fromkeys(("no_seat", "did_not_come", "turned_away", "freeloader"), "visit"),
    **dict.fromkeys(("left_waiting", "not_convinced", "undecided"), "closing"),
    **dict.fromkeys(LOSSES[LOSSES.index("irritated") : -1], "follow-up"),
    "still_open": "horizon",
}
"""Where in the funnel a lead is lost; the visit is that to the demo, or the meeting."""


def stages(tally: Tally) -> dict[str, Integers]:
    """How many leads got how far, by (segment, team, column)."""
    outcome, visit, came_in = tally.dials_by_outcome, tally.visits, answered_inbound(tally)
    return {
        "dialled": tally.dialled + came_in,
        "answered": np.asarray(outcome[calling.GATEKEEPER :].sum(axis=0)) + came_in,
        "listened": np.asarray(outcome[calling.REFUSED :].sum(axis=0)) + came_in,
        "accepted": outcome[calling.ACCEPTED] + tally.inbound[inbound.ACCEPTED],
        "booked": tally.bookings[demo.ACCEPTED + demo.BOOKED] + tally.bookings[demo.MEETING + demo.BOOKED],
        "attended": np.asarray(visit[demo.FREELOADER] + visit[demo.INTERESTED]),
        "interested": visit[demo.INTERESTED],
        "sold": tally.talks[closing.SOLD] + tally.talks[closing.CONCEDED],
    }


def answered_inbound(tally: Tally) -> Integers:
    """Hot leads answered before they gave up, by (segment, team, column)."""
    return np.asarray(tally.inbound[inbound.REFUSED] + tally.inbound[inbound.ACCEPTED])


def sold_by_phone(scenario: Scenario, tally: Tally) -> Integers | None:
    """Sales to which a call led at once, by (segment, team, column); None where the sale is never offered."""
    outgoing, incoming = scenario.calling, scenario.inbound
    works = ((outgoing, tally.dials_by_outcome[calling.ACCEPTED]), (incoming, tally.inbound[inbound.ACCEPTED]))
    sales = [accepted for work, accepted in works if work is not None and work.offer == "sale"]
    return np.asarray(np.sum(sales, axis=0)) if sales else None


def leads_of(segments: Segments, tally: Tally) -> Integers:
    """Leads on the lists and leads that arrived, by (segment, column)."""
    return np.asarray(np.diff(segments.bounds)[:, None] + tally.arrived.sum(axis=1))


def losses(tally: Tally, leads: Integers) -> dict[str, Integers]:
    """Where leads were lost, by (segment, column); with the sold they add up to `leads` (segments, columns).

    Who is followed up is not lost as undecided, but as what the firm lets it go for.
    """
    outcome, talks, by_phone = tally.dials_by_outcome, tally.talks, tally.talks[closing.UNDECIDED_BY_PHONE]
    files = followed_up(tally)
    by_team = {
        "never_reached": tally.given_up - tally.dead_number,
        "dead_number": tally.dead_number,
        "gatekeeper": outcome[calling.GATEKEEPER],
        "hung_up": outcome[calling.HUNG_UP],
        "gave_up_waiting": tally.inbound[inbound.GAVE_UP],
        "refused": outcome[calling.REFUSED] + tally.inbound[inbound.REFUSED] - by_phone,
        "no_seat": tally.bookings[demo.NO_SEAT] + tally.bookings[demo.MOVED + demo.NO_SEAT],
        "did_not_come": tally.visits[demo.DID_NOT_COME] - invited_again(tally),
        "turned_away": tally.visits[demo.TURNED_AWAY],
        "freeloader": tally.visits[demo.FREELOADER],
        "left_waiting": talks[closing.LEFT],
        "not_convinced": talks[closing.NOT_CONVINCED],
        "undecided": talks[closing.UNDECIDED] + by_phone - files[undecided.OPENED],
        **{name: files[why] for name, why in LET_GO.items()},
    }
    by_team["given_up"] = by_team["given_up"] - files[undecided.REOPENED]
    lost = {name: np.asarray(values.sum(axis=1)) for name, values in by_team.items()}
    ended = sum(lost.values()) + stages(tally)["sold"].sum(axis=1)
    lost["still_open"] = np.asarray(leads - ended)
    return {name: lost[name] for name in LOSSES}


def followed_up(tally: Tally) -> Integers:
    """Files of undecided leads by (what became of them, segment, team, column)."""
    if tally.pursuit is not None:
        return tally.pursuit.files
    return np.zeros((len(undecided.FILES), *tally.arrived.shape), dtype=np.int64)


def may_misfit(scenario: Scenario) -> bool:
    """Are there leads for whom the product is not right?"""
    return any(segment.fit != fixed(1) for segment in scenario.segments.values())


def invited_again(tally: Tally) -> Integers:
    """No-shows that were booked again (or wait for an event beyond the horizon), by (segment, team, column)."""
    return np.asarray(tally.bookings[demo.AGAIN + demo.BOOKED] + tally.bookings[demo.AGAIN + demo.WAITING])


def paid_time(team: Team, calendar: Calendar, busy: Integers, overtime: Integers, last_day: Integers) -> Integers:
    """Paid ms of the whole team by column: its shifts and overtime, or the time worked."""
    if team.paid == "worked":
        return busy
    days = calendar.days if team.paid == "shift" else last_day + 1
    return np.asarray(Hours.of(team).paid * team.size * days + overtime)


def after_sales(segments: Segments, tally: Tally, sold: Integers) -> Columns:
    """What becomes of customers, of `sold` (segments, teams, columns); nothing where nobody looks after them."""
    after = tally.after
    if after is None:
        return {}
    customers, counts, nobody = _total(sold), after.counts(), np.zeros(tally.comers.shape, dtype=np.int64)
    referred = np.asarray(sold[segments.referrals].sum(axis=0)) if segments.referrals >= 0 else nobody
    return {
        "customers": customers,
        **counts,
        "satisfaction": per(after.points / satisfaction.MOST, counts["customers.kept"]),
        "answer_days": per(counts["days_waited"], counts["answers"]),
        "survey_response_rate": per(counts["surveys_answered"], counts["surveys_sent"]),
        "defect_rate": per(counts["defects"], counts["deliveries"]),
        "repeat_per_customer": per(counts["repeat_purchases"], customers),
        "sold_referred": referred,
        "referred_share": per(referred, customers),
    }


def per(above: Integers | Floats, below: Integers) -> Floats:
    """One by the other, NaN where that is 0 (common shape)."""
    return np.where(below > 0, above / np.maximum(below, 1), np.nan)


def metrics(scenario: Scenario, calendar: Calendar, segments: Segments, tally: Tally) -> Columns:
    """All numbers but money, by name; each of shape (columns,)."""
    leads, reached = leads_of(segments, tally), stages(tally)
    counts = {**reached, "arrived": tally.arrived, "conceded": tally.talks[closing.CONCEDED]}
    counts.update({"misfits": tally.misfits} if may_misfit(scenario) else {})
    lost = losses(tally, leads)
    columns: Columns = {"dials": _total(tally.dials_made), "leads": np.asarray(leads.sum(axis=0))}
    columns.update({name: _total(values) for name, values in counts.items()})
    columns.update(_by_origin(scenario, segments, tally, reached["sold"]))
    columns.update(tally.pursuit.columns() if tally.pursuit is not None else {})
    columns.update(after_sales(segments, tally, reached["sold"]))
    columns["events"] = tally.events[demo.HELD]
    columns["events_cancelled"] = tally.events[demo.CANCELLED]
    columns["meetings"] = np.asarray(tally.meetings.sum(axis=(0, 1)))
    columns["invited_again"] = _total(invited_again(tally))
    columns["days_until_done"] = days_until_done(tally, leads[~segments.hot].sum(axis=0))
    columns.update({f"losses.{name}": np.asarray(values.sum(axis=0)) for name, values in lost.items()})
    columns.update(_of_segments(segments, tally, leads, counts, lost))
    return {**columns, **_of_teams(scenario, calendar, tally, counts)}


def _of_segments(
    segments: Segments, tally: Tally, leads: Integers, counts: Mapping[str, Integers], lost: Mapping[str, Integers]
) -> Columns:
    columns: Columns = {}
    for number, name in enumerate(segments.names):
        more = tally.pursuit.of_segment(number) if tally.pursuit is not None else {}
        more |= tally.after.of_segment(number) if tally.after is not None else {}
        found = {
            "dials": np.asarray(tally.dials_made[number].sum(axis=0)),
            "leads": leads[number],
            **{what: np.asarray(values[number].sum(axis=0)) for what, values in counts.items()},
            **{f"losses.{what}": values[number] for what, values in lost.items()},
            **more,
        }
        columns.update({f"segments.{name}.{what}": values for what, values in found.items()})
    return columns


def _of_teams(scenario: Scenario, calendar: Calendar, tally: Tally, counts: Mapping[str, Integers]) -> Columns:
    columns: Columns = {}
    for number, (name, team) in enumerate(scenario.teams.items()):
        more = tally.pursuit.of_team(number) if tally.pursuit is not None else {}
        more |= tally.after.of_team(number) if tally.after is not None else {}
        found: Columns = {
            "dials": np.asarray(tally.dials_made[:, number].sum(axis=0)),
            "answered_inbound": np.asarray(answered_inbound(tally)[:, number].sum(axis=0)),
            "meetings": np.asarray(tally.meetings[:, number].sum(axis=0)),
            **more,
            **{what: np.asarray(values[:, number].sum(axis=0)) for what, values in counts.items()},
            **_work(team, calendar, tally.busy[number], tally.overtime[number], tally.last_day[number]),
        }
        columns.update({f"teams.{name}.{what}": values for what, values in found.items()})
    return columns


def _by_origin(scenario: Scenario, segments: Segments, tally: Tally, sold: Integers) -> Columns:
    """Sales to hot leads, by segment of origin, and sales by phone, where the scenario has such."""
    columns: Columns = {}
    if segments.hot.any():
        hot, all_ = sold[segments.hot].sum(axis=(0, 1)), _total(sold)
        columns["sold_hot"] = np.asarray(hot)
        columns["hot_share"] = np.where(all_ > 0, hot / np.maximum(all_, 1), np.nan)
    by_phone = sold_by_phone(scenario, tally)
    if by_phone is not None:
        columns["sold_by_phone"] = _total(by_phone)
    if by_phone is not None and scenario.follow_up is not None:
        columns["undecided_by_phone"] = _total(tally.talks[closing.UNDECIDED_BY_PHONE])
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


def days_until_done(tally: Tally, leads: Integers) -> Floats:
    """Working days until every lead to be dialled, listed or arrived, is answered or given up.

    NaN where that is not done in time, or nobody is to be dialled; `leads` (columns,) are all but the hot ones.
    """
    answered = tally.dials_by_outcome[calling.GATEKEEPER :].sum(axis=(0, 1, 2))
    done = answered + tally.given_up.sum(axis=(0, 1)) == leads
    last = tally.last_dial.max(axis=0, initial=-1) + 1.0
    return np.where(done & (leads > 0), last, np.nan)


def _total(values: Integers) -> Integers:
    return np.asarray(values.sum(axis=(0, 1)))
