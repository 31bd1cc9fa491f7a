"""A history lived again by the SimPy engine is the same history: its totals are its row, its story is its facts."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import numpy as np
import pytest
from small_funnel import small

from simfunnel import Settings, simulate
from simfunnel.errors import RequestError
from simfunnel.experiments.replay import Replay, StoryEvent, check_request, notable, replay, story
from simfunnel.metrics import LOSSES
from simfunnel.reporting import story as told
from simfunnel.simulation import Result

ROW = 17


@cache
def run() -> Result:
    return simulate(small(), replications=20, seed=7, workers=1, digest=True)


@cache
def lived() -> Replay:
    return replay(small(), Settings(seed=7), ROW)


@cache
def events() -> tuple[StoryEvent, ...]:
    return tuple(story(lived()))


@pytest.mark.parametrize("row", [0, ROW, 19])
def test_totals_are_the_row_of_the_vector_run(row: int) -> None:
    totals = replay(small(), Settings(seed=7), row).totals
    for name, values in run().columns.items():
        assert np.array_equal(totals[name][0], values[row], equal_nan=True), name
    digests = run().digests
    assert digests is not None
    assert totals["digest"].view(np.uint64)[0] == digests[row]


def test_the_world_is_the_runs() -> None:
    worlds = run().worlds
    assert worlds is not None
    assert lived().world == worlds[ROW]
    assert replay(small(), Settings(seed=7, fix_inputs=True), ROW).world is None
    assert replay(small(), Settings(seed=7, histories=5), ROW).world == 3


def test_the_life_of_a_lead_says_how_to_find_others() -> None:
    hint = "The same command without --lead tells the whole history, and which leads are worth a look."
    assert list(told.lines(lived(), 3))[-2] == hint
    whole = list(told.lines(lived(), None))
    assert hint not in whole
    assert "Leads worth a look with --lead:" in whole


def test_the_story_tells_every_fact_once_in_order() -> None:
    assert len(events()) == len(lived().table)
    instants = [(event.day, event.clock) for event in events()]
    assert instants == sorted(instants)
    columns = lived().totals
    kinds = Counter((event.kind, event.outcome) for event in events())
    assert sum(n for (kind, _), n in kinds.items() if kind == "dial") == columns["dials"][0]
    assert kinds["booking", "no seat"] == columns["losses.no_seat"][0] > 0
    assert kinds["talk", "sold"] == columns["sold"][0] > 0
    assert sum(event.amount or 0 for event in events() if event.kind == "talk") == pytest.approx(columns["revenue"][0])


def test_each_lead_ends_once_and_the_ends_are_the_losses() -> None:
    """Ends worked out from the stories of single leads add up to the losses of the history."""
    ends = Counter(_end([event for event in events() if event.lead == lead]) for lead in range(80))
    for name in LOSSES:
        assert ends[name] == lived().totals[f"losses.{name}"][0], name
    assert ends["sold"] == lived().totals["sold"][0]


def _end(life: list[StoryEvent]) -> str:
    last = life[-1] if life else None
    if last is None or (last.outcome == "no answer" and len(life) < 2):
        return "still_open"
    named = {"no answer": "never_reached", "came, not interested": "freeloader", "booked": "still_open"}
    outcome = str(last.outcome)
    return named.get(outcome, outcome.replace(" ", "_"))


def test_one_leads_story_is_its_part_of_the_whole() -> None:
    buyer = notable(lived())["sold"][0]
    life = list(story(lived(), buyer))
    assert life == [event for event in events() if event.lead == buyer]
    assert [event.kind for event in life if event.outcome != "no answer"] == ["dial", "booking", "visit", "talk"]
    dial = next(event for event in life if event.outcome == "accepted")
    booking = next(event for event in life if event.kind == "booking")
    assert booking.clock == dial.clock + dial.duration
    assert life[-1].text.startswith("buys for ")
    assert life[-1].text.endswith(" EUR")


def test_the_text_sums_up_dull_dials_unless_asked_for_all() -> None:
    lines = list(told.lines(lived(), None))
    dull = sum(event.outcome in told.DULL for event in events())
    everything = list(told.lines(lived(), None, every=True))
    assert sum(line.startswith("  ") and ":" in line[:5] for line in everything) == len(events())
    assert len(everything) > len(lines) > len(events()) - dull
    assert lines[0] == "A small funnel: replication 17 (world 8)"
    assert "working day 1" in lines[2]
    assert any(line.startswith("  sold: ") for line in lines)
    assert lines[-1].startswith("Totals: dialled 80, ")
    assert lines[-1].endswith(f"digest {told.digest(lived())}.")


def test_a_leads_text_says_who_it_is_and_how_it_ends() -> None:
    visitor = list(told.lines(lived(), 79))
    assert visitor[0].endswith("lead 79 of segment visitors")
    booked = next(event.lead for event in events() if event.outcome == "no seat")
    assert any("finds no seat" in line for line in told.lines(lived(), booked))
    empty = small().model_copy(update={"calling": None})
    silent = list(told.lines(replay(empty, Settings(), 0), 5))
    assert silent[1] == "Nothing happens within the horizon."
    assert "Lead 5 is still on the list at the horizon." in silent


def test_json_lines_are_events_and_totals() -> None:
    *first, last = [json.loads(line) for line in told.json_lines(lived(), None)]
    assert len(first) == len(events())
    assert set(first[0]) == {
        "day", "date", "clock", "clock_ms", "lead", "team", "seat", "kind", "outcome", "duration_ms", "amount", "text",
    }  # fmt: skip
    assert last["totals"]["sold"] == lived().totals["sold"][0]
    assert (last["totals"]["replication"], last["totals"]["world"]) == (ROW, 8)
    assert set(run().columns) <= set(last["totals"])


def test_what_does_not_exist_is_refused() -> None:
    for lead in (-1, 80):
        with pytest.raises(RequestError, match=rf"lead must be a whole number from 0 to 79, found {lead}"):
            check_request(small(), Settings(), 0, lead)
    with pytest.raises(RequestError, match="lead must be left out, as there are no leads"):
        check_request(small().model_copy(update={"segments": {}}), Settings(), 0, 0)
    with pytest.raises(RequestError, match=r"replication must be a whole number from 0 to 9,999,999, found -1"):
        replay(small(), Settings(), -1)
