"""A history lived again by the SimPy engine is the same history: its totals are its row, its story is its facts."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import numpy as np
import pytest
from made_facts import counted
from mixed_funnel import HISTORY, MIXED, WEB
from small_funnel import small

from simfunnel import Settings, facts, parse_scenario, simulate
from simfunnel.errors import RequestError
from simfunnel.experiments.naming import lead_of, name_of
from simfunnel.experiments.replay import Replay, StoryEvent, check_came, check_request, notable, order, replay, story
from simfunnel.experiments.telling import TELLERS, how_long
from simfunnel.facts import KINDS, Keeper
from simfunnel.funnel.segments import arrival, segments_of
from simfunnel.metrics import LOSSES
from simfunnel.reporting import story as told
from simfunnel.simulation import Result, apart

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
        "waited_ms", "touch", "working_day", "working_days", "satisfaction", "named_by",
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


# ---------------------------------------------------------------- leads that arrive, hot leads, meetings, closers


@cache
def by_hand() -> Replay:
    """The history that mixed_funnel writes down."""
    scenario, keeper = parse_scenario(MIXED, overrides=["money.revenue_per_sale=1000"]), Keeper()
    for fact in HISTORY:
        keeper.rows(np.zeros(1, dtype=np.int64), {name: value for name, value in fact.items() if name != "history"})
    table = keeper.table()[:, 1:]
    totals = {**apart(counted(scenario, HISTORY))[0], "digest": np.zeros(1, dtype=np.int64)}
    return Replay(scenario, 0, None, table[order(table)], totals)


def life(lead: int) -> list[str]:
    return [f"{event.date.day} {event.clock / 3_600_000:g} {event.text}" for event in story(by_hand(), lead)]


def test_every_kind_of_fact_is_told() -> None:
    assert set(TELLERS) == set(KINDS)
    assert {event.kind for event in story(by_hand())} == {KINDS[kind] for kind in KINDS if kind < facts.TOUCH}


@pytest.mark.parametrize(
    ("lead", "texts"),
    [
        (WEB[0], ["arrives and waits for an answer", "is found to have given up after waiting 2 h"]),
        (WEB[1], ["arrives and waits for an answer", "is answered after 26 h, but refuses to meet"]),
        (WEB[2], ["arrives and waits for an answer", "is answered after 2 h and is willing to meet",
                  "agrees to meet on Monday 2026-01-12", "does not come", "is waited for in vain"]),
        (WEB[3], ["arrives and waits for an answer", "is answered after 2 h and is willing to meet",
                  "agrees to meet on Monday 2026-01-12", "comes and is interested", "meets a seller",
                  "buys for 500.00 EUR"]),
        (WEB[4], [..., "buys under pressure for 300.00 EUR"]),
        (WEB[5], [..., "is undecided"]),
        (WEB[7], [..., "agrees to meet after the horizon"]),
        (arrival(1, 0, 0), ["comes onto the list", "hangs up"]),
        (arrival(1, 1, 0), ["comes onto the list", "listens and accepts the invitation",
                            "is booked on the demo of Monday 2026-01-19", "comes for the coffee"]),
        (0, [..., "comes and is interested", "gets a closer at once", "buys for 1,000.00 EUR"]),
        (1, [..., "comes and is interested", "leaves before a closer is free"]),
    ],
)  # fmt: skip
def test_lives_by_hand(lead: int, texts: list[str]) -> None:
    told_, expected = [text.split(" ", 2)[2] for text in life(lead)], [text for text in texts if text is not ...]
    assert told_[-len(expected) :] == expected
    assert len(told_) == len(texts) or texts[0] is ...


def test_waits_are_told_as_ms_and_never_as_amounts() -> None:
    waits = {event.text: event.waited for event in story(by_hand()) if event.waited is not None}
    assert waits["is answered after 26 h, but refuses to meet"] == 26 * 3_600_000
    assert all(event.amount is None for event in story(by_hand()) if event.kind in ("inbound", "closing"))
    assert sum(event.amount or 0 for event in story(by_hand()) if event.kind == "talk") == 1800


def test_arrivals_are_summed_up_by_day_unless_asked_for_all() -> None:
    lines = list(told.lines(by_hand(), None))
    assert "  desk: 9 leads arrive" in lines
    assert "  callers: 1 lead arrives" in lines
    assert not any("arrives and waits" in line for line in lines)
    assert sum("arrives and waits" in line for line in told.lines(by_hand(), None, every=True)) == 9
    for how in ("gave up waiting: web/0/0", "answered, refused: web/0/1", "left before a closer was free: 1"):
        assert f"  {how}" in lines


@pytest.mark.parametrize(
    ("lead", "ending"),
    [
        (WEB[8], "Lead web/0/8 is still waiting for an answer at the horizon."),
        (WEB[7], "Lead web/0/7 is still waiting for its meeting at the horizon."),
    ],
)
def test_what_a_lead_still_waits_for(lead: int, ending: str) -> None:
    lines = list(told.lines(by_hand(), lead))
    assert lines[0] == f"unnamed: replication 0, lead {name_of(by_hand().segments, lead)} of segment web"
    assert ending in lines


def test_json_names_a_lead_that_arrived_as_it_is_asked_for() -> None:
    first, *_ = (json.loads(line) for line in told.json_lines(by_hand(), WEB[5]))
    assert (first["lead"], first["kind"], first["waited_ms"]) == ("web/0/5", "arrival", None)


@pytest.mark.parametrize(
    ("offer", "texts"),
    [
        ("demo", ("listens and accepts the invitation", "is answered after 26 h, but refuses the invitation")),
        ("meeting", ("listens and is willing to meet", "is answered after 26 h, but refuses to meet")),
        ("sale", ("listens and wants to buy", "is answered after 26 h, but does not want to buy")),
    ],
)
def test_the_words_fit_the_offer(offer: str, texts: tuple[str, str]) -> None:
    scenario = parse_scenario(MIXED, overrides=[f"calling.offer='{offer}'", f"inbound.offer='{offer}'"])
    lived_ = Replay(scenario, 0, None, by_hand().table, by_hand().totals)
    assert set(texts) <= {event.text for event in story(lived_)}


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (0.9, "0 min"), (119, "119 min"), (120, "2 h"), (15 * 60 + 20, "15 h 20 min"), (48 * 60, "2 days"),
     (75 * 60 + 59, "3 days 3 h")],
)  # fmt: skip
def test_waits_as_people_say_them(minutes: float, said: str) -> None:
    assert how_long(round(minutes * 60_000)) == said


def test_a_lead_has_one_name() -> None:
    scenario = parse_scenario(MIXED)
    segments = segments_of(scenario)
    for lead in (0, 1, arrival(1, 3, 0), arrival(2, 3, 12)):
        assert lead_of(scenario, name_of(segments, lead)) == lead
        check_request(scenario, Settings(), 0, lead)
    assert name_of(segments, arrival(2, 3, 12)) == "web/3/12"


EITHER = "a whole number from 0 to 1 or segment/day/number (counted from 0) such as fair/0/0"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2", f"lead must be {EITHER}, found 2"),
        ("-1", f"lead must be {EITHER}, found -1"),
        ("web", f'lead must be {EITHER}, found "web"'),
        ("web/-1/0", f'lead must be {EITHER}, found "web/-1/0"'),
        ("list/0/0", 'lead must name a segment in which leads arrive, one of fair, web, found "list/0/0"'),
        ("wab/0/0", 'lead must name a segment in which leads arrive, one of fair, web, found "wab/0/0"'),
        (
            "web/4/0",
            'lead must have a day from 0 to 3 (2026-01-12 to 2026-01-15), found "web/4/0" '
            "(day and number count from 0)",
        ),
        (
            "web/0/2097152",
            'lead must have a number below 2,097,152 on its day, found "web/0/2097152" (day and number count from 0)',
        ),
    ],
)
def test_a_lead_that_no_history_has_is_refused(name: str, said: str) -> None:
    with pytest.raises(RequestError) as refused:
        lead_of(parse_scenario(MIXED), name)
    assert str(refused.value) == said


def test_a_number_that_cannot_be_a_lead_is_refused() -> None:
    for lead in (2, arrival(0, 0, 0), arrival(3, 0, 0), arrival(2, 4, 0), 1 << 62):
        with pytest.raises(RequestError, match="lead must "):
            check_request(parse_scenario(MIXED), Settings(), 0, lead)
    with pytest.raises(RequestError, match=r'lead must be a whole number from 0 to 79, found "visitors/0/0"'):
        lead_of(small(), "visitors/0/0")


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        (arrival(2, 0, 9), "a number from 0 to 8, as 9 leads arrive in segment web on working day 1, 2026-01-12, of"),
        (arrival(1, 0, 1), "the number 0, as 1 lead arrives in segment fair on working day 1, 2026-01-12, of"),
        (arrival(1, 2, 0), "another day, as 0 leads arrive in segment fair on working day 3, 2026-01-14, of"),
    ],
)
def test_a_lead_that_did_not_come_in_this_history_is_refused(lead: int, said: str) -> None:
    check_came(by_hand(), WEB[8])
    for lines in (told.lines, told.json_lines):
        with pytest.raises(RequestError) as refused:
            next(lines(by_hand(), lead))
        told_ = str(refused.value)
        assert f"lead must have {said} replication 0, found {name_of(by_hand().segments, lead)}" in told_
        assert told_.endswith(" (day and number count from 0)")


# ---------------------------------------------------------------- the same, lived

BUSY = (
    "segments.list.leads=60", "segments.web.arrivals=12", "segments.fair.arrivals=5", "inbound.patience='3 h'",
    "segments.list.interested=0.7", "segments.web.interested=0.8", "teams.desk.shift='09:00-10:00'",
    "closing.closers=1", "closing.patience='15 min'", "closing.undecided=0.4", "closing.pressure=2",
    "money.revenue_per_sale={ low = 1500, likely = 2400, high = 5000 }", "demo.every='2 working days'",
)  # fmt: skip


@pytest.mark.parametrize("row", range(3))
def test_a_busy_history_is_its_row_and_its_ends_are_its_losses(row: int) -> None:
    scenario = parse_scenario(MIXED, overrides=BUSY)
    result = simulate(scenario, replications=3, seed=5, workers=1, digest=True)
    again = replay(scenario, Settings(seed=5), row)
    for name, values in result.columns.items():
        assert np.array_equal(again.totals[name][0], values[row], equal_nan=True), name
    lives: dict[int, list[StoryEvent]] = {lead: [] for lead in range(60)}
    for event in story(again):
        if event.lead is not None:
            lives.setdefault(event.lead, []).append(event)
    ends = Counter(_busy_end(events) for events in lives.values())
    assert len(lives) == again.totals["leads"][0]
    assert {name: ends[name] for name in LOSSES} == {name: again.totals[f"losses.{name}"][0] for name in LOSSES}
    assert ends["sold"] == again.totals["sold"][0]
    instants = [(event.day, event.clock) for event in story(again)]
    assert instants == sorted(instants)


def _busy_end(events: list[StoryEvent]) -> str:
    """The last thing that happened to a lead, but for the work that it made."""
    told_ = [event for event in events if event.kind not in ("meeting", "closing")]
    if not told_ or told_[-1].kind == "arrival":
        return "still_open"
    named = {
        "no answer": "never_reached", "came, not interested": "freeloader", "booked": "still_open",
        "meeting: booked": "still_open", "meeting: waiting at the end": "still_open",
        "waiting at the end": "still_open", "gave up waiting": "gave_up_waiting", "sold under pressure": "sold",
        "left before a closer was free": "left_waiting",
    }  # fmt: skip
    outcome = str(told_[-1].outcome)
    return named.get(outcome, outcome.replace(" ", "_"))
