"""A story is told in the order in which it happened; what is said of every second dial is said once a day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

import numpy as np

from simfunnel.experiments.replay import Replay, StoryEvent, check_came, notable, story
from simfunnel.funnel import care
from simfunnel.funnel.customers import ENDS, STAYS
from simfunnel.funnel.demo import BOOKINGS, CAUSES, MEETING, NIGHT, NO_SEAT, SEATED
from simfunnel.funnel.loyalty import PASSED, PURCHASES
from simfunnel.funnel.referral import NOTED, REFERRALS
from simfunnel.funnel.segments import is_arrival
from simfunnel.funnel.touch import NOT_REACHED, TOUCHES
from simfunnel.funnel.undecided import FILES, OPENED, REOPENED
from simfunnel.metrics import SKIPPED, STAGES
from simfunnel.reporting.wording import hexadecimal
from simfunnel.scenario.values import MINUTE

SUMMED: Final = {
    TOUCHES[NOT_REACHED]: ("touch that reaches nobody", "touches that reach nobody"),
    **{
        care.CARES[kind * len(care.RESULTS) + result]: (f"{name} contact {how}", f"{name} contacts {how}")
        for kind, name in enumerate(care.KINDS[: care.ANSWER])
        for result, how in ((care.FORGOTTEN, "forgotten"), (care.NOT_REACHED, "that reached nobody"))
    },
    care.MESSAGES[care.MAILING]: ("message sent", "messages sent"),
    care.MESSAGES[care.UNANSWERED]: ("survey not answered", "surveys not answered"),
    care.MESSAGES[care.ANSWERED]: ("survey answered, nothing found", "surveys answered, nothing found"),
    PURCHASES[PASSED]: ("occasion to buy again passed", "occasions to buy again passed"),
    ENDS[STAYS]: ("is still a customer", "are still customers"),
}
DULL: Final = ("no answer", "hung up", *SUMMED)
MOMENTS: Final = ("answered", "asked")
LOST: Final = tuple(name for name in BOOKINGS if name.endswith(SEATED[NO_SEAT]))
SECOND: Final = 1000


def lines(lived: Replay, lead: int | None, *, every: bool = False) -> Iterator[str]:
    """The story as text: a whole history (its dull dials summed up by day, unless `every`), or one lead's life.

    Raises RequestError for a lead that did not arrive in this history.
    """
    if lead is not None:
        check_came(lived, lead)
    yield _title(lived, lead)
    told = False
    for _, events in groupby(story(lived, lead), key=lambda event: event.day):
        told = True
        yield from _day(lived, list(events), every or lead is not None)
    if not told:
        yield "Nothing happens within the horizon."
    yield ""
    yield from (_ending(lived, lead) if lead is not None else _advice(lived))
    yield totals_line(lived)


def _title(lived: Replay, lead: int | None) -> str:
    world = "" if lived.world is None else f" (world {lived.world})"
    who = "" if lead is None else f", lead {lived.name(lead)} of segment {lived.segment(lead)}"
    which = "" if lived.alternative is None else f", alternative {lived.alternative}"
    return f"{lived.scenario.name}{which}: replication {lived.replication}{world}{who}"


def _day(lived: Replay, events: list[StoryEvent], every: bool) -> Iterator[str]:
    yield ""
    yield f"{events[0].date:%A %Y-%m-%d}, working day {events[0].day + 1}"
    if not every:
        yield from _summed_up(events)
    for event in events:
        if every or not _is_dull(event):
            yield f"  {'at night' if event.clock == NIGHT else _when(event)}  {_sentence(lived, event)}"


def _is_dull(event: StoryEvent) -> bool:
    """Does it happen all day, and lead to nothing that is not told?"""
    return event.outcome in DULL or event.kind == "arrival"


def _summed_up(events: Iterable[StoryEvent]) -> Iterator[str]:
    """How much each team did that led to nothing, and how many leads came to it."""
    dull = Counter((event.team, event.outcome or event.kind) for event in events if _is_dull(event))
    for team in dict.fromkeys(team for team, _ in dull):
        if arrived := dull[team, "arrival"]:
            yield f"  {team}: {arrived:,} {'lead arrives' if arrived == 1 else 'leads arrive'}"
        if dull[team, "no answer"] or dull[team, "hung up"]:
            yield f"  {team}: {dull[team, 'no answer']:,} dials without answer, {dull[team, 'hung up']:,} hung up"
        for outcome, (one, many) in SUMMED.items():
            if count := dull[team, outcome]:
                yield f"  {team or 'no team'}: {count:,} {one if count == 1 else many}"


def _sentence(lived: Replay, event: StoryEvent) -> str:
    who = f"{event.team} {event.seat + 1}" if event.seat is not None else ""
    if event.lead is None:
        return f"{who} {event.text}".strip()
    lasted = "" if event.kind in MOMENTS else f", {duration(event.duration)}"
    by = f" ({who}{lasted})" if who else ""
    return f"lead {lived.name(event.lead)}{',' if event.kind == 'touch' else ''} {event.text}{by}"


def _when(event: StoryEvent) -> str:
    """The clock, or that it is night."""
    return "night" if event.clock == NIGHT else _clock(event.clock)


def _clock(milliseconds: int) -> str:
    seconds = milliseconds // SECOND
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def duration(milliseconds: int) -> str:
    """A duration in minutes and seconds: 0:30 min."""
    seconds = round(milliseconds / SECOND)
    return f"{seconds // 60}:{seconds % 60:02d} min" if milliseconds < 100 * MINUTE else f"{seconds // 60:,} min"


def _ending(lived: Replay, lead: int) -> Iterator[str]:
    """How a lead's story ends where nothing ended it, and where to look for others."""
    *before, last = [None, *story(lived, lead)]
    waits = _waits(lived, lead, last) or _followed_up([*before, last])
    if waits:
        yield f"Lead {lived.name(lead)} is still {waits} at the horizon."
    elif last is not None and last.outcome == "no answer":
        yield f"Lead {lived.name(lead)} is never reached: its attempts are used up, or the horizon ends them."
    yield "The same command without --lead tells the whole history, and which leads are worth a look."


def _waits(lived: Replay, lead: int, last: StoryEvent | None) -> str:
    """What a lead waits for after the last that happened to it; empty if for nothing."""
    if last is None or last.kind == "arrival":
        hot = lived.segments.hot[lived.segments.names.index(lived.segment(lead))]
        return "waiting for an answer" if hot else "on the list"
    if last.kind == "referral" and last.lead == lead and last.outcome == REFERRALS[NOTED]:
        return "on the list"
    if last.kind != "booking" or last.outcome in LOST:
        return ""
    return f"waiting for its {'meeting' if str(last.outcome).startswith(CAUSES[MEETING]) else 'demo'}"


def _followed_up(life: list[StoryEvent | None]) -> str:
    """Is the lead still followed up, or at least waited for?"""
    *_, last = [event for event in life if event is None or event.kind == "file"]
    if last is None or last.outcome not in (FILES[OPENED], FILES[REOPENED]):
        return ""
    came = [event for event in life if event is not None and event.kind in ("return", "answer")]
    return "waiting for an answer" if came and came[-1].kind == "return" else "undecided"


def _advice(lived: Replay) -> Iterator[str]:
    found = notable(lived)
    if found:
        yield "Leads worth a look with --lead:"
        for how, leads in found.items():
            yield f"  {how}: {', '.join(map(lived.name, leads))}"


def totals_line(lived: Replay) -> str:
    """The history's row in short: the same numbers as in replications.csv."""
    totals, currency = lived.totals, lived.scenario.currency
    shown = [s for s in STAGES if not ("sold_by_phone" in totals and s in SKIPPED and not totals[s][0])]
    shown += [name for name in ("touches", "came_back", "repeat_purchases", "referred") if name in totals]
    counts = ", ".join(f"{name.replace('_', ' ')} {int(totals[name][0]):,}" for name in shown)
    amounts = ", ".join(f"{name} {totals[name][0]:,.2f} {currency}" for name in ("revenue", "cost", "profit"))
    return f"Totals: {counts}; {amounts}; digest {digest(lived)}."


def digest(lived: Replay) -> str:
    """The digest of the history's facts, as in replications.csv."""
    return hexadecimal(int(lived.totals["digest"].view(np.uint64)[0]))


def json_lines(lived: Replay, lead: int | None) -> Iterator[str]:
    """The story as JSON lines: one object an event, the last the totals under "totals".

    Raises RequestError for a lead that did not arrive in this history.
    """
    if lead is not None:
        check_came(lived, lead)
    for event in story(lived, lead):
        yield json.dumps(_as_json(lived, event), allow_nan=False)
    yield json.dumps({"totals": _totals(lived)}, allow_nan=False)


def _as_json(lived: Replay, event: StoryEvent) -> dict[str, Any]:
    """An event's fields; the clock in ms and as people read it, a lead that arrived or is named by its name.

    `day` counts working days from 0, `working_day` from 1; `working_days` is how long a file that is closed was open.
    """
    fields = {**vars(event), "date": event.date.isoformat(), "clock_ms": event.clock, "clock": _when(event)}
    lasted, is_file = fields.pop("duration"), event.kind == "file"
    fields["duration_ms"], fields["waited_ms"] = (None if is_file else lasted), fields.pop("waited")
    fields["working_day"] = event.day + 1
    fields["working_days"] = lasted if is_file and event.outcome != FILES[OPENED] else None
    for name in ("lead", "named_by"):
        if fields[name] is not None and is_arrival(fields[name]):
            fields[name] = lived.name(fields[name])
    return fields


def _totals(lived: Replay) -> dict[str, Any]:
    """The row of replications.csv under its columns' names; null where undefined."""
    numbers = {name: values[0].item() for name, values in lived.totals.items() if name != "digest"}
    known = {name: None if value != value else value for name, value in numbers.items()}
    return {"replication": lived.replication, "world": lived.world, **known, "digest": digest(lived)}
