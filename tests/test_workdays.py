"""How busy a team is day by day is the sum of its facts, whoever lives them and however the run is cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.counting.workdays import MOST, NAME, WHOLE, periods
from simfunnel.experiments.run import summarise
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import care, inbound, touch
from simfunnel.hours import Hours
from simfunnel.scenario.loading import load_scenario
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Settings, live, simulate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHIPPED = ("small-shop", "care-or-not", "persistent-or-pest")


def shares_by_hand(scenario: Scenario, table: np.ndarray, histories: int) -> np.ndarray:
    """One fact after the other, by plain arithmetic."""
    told, teams = periods(Calendar.of(scenario)), list(scenario.teams.values())
    busy = np.zeros((histories, len(teams), told.days.size))
    for row in table.tolist():
        history, fact = row[0], dict(zip(COLUMNS, row[1:], strict=True))
        kind, outcome = fact["kind"], fact["outcome"]
        gone = (kind, outcome) in ((facts.INBOUND, inbound.GAVE_UP), (facts.ANSWER, touch.GAVE_UP))
        forgotten = kind == facts.CARE and outcome % len(care.RESULTS) == care.FORGOTTEN
        if gone or forgotten or facts.KINDS[kind] not in (
            "dial", "inbound", "host", "meeting", "closing", "touch", "answer", "care",
        ):  # fmt: skip
            continue
        hours, start = Hours.of(teams[fact["team"]]), fact["clock"]
        end = start + fact["duration"]
        within = max(0, min(end, hours.pause) - max(start, hours.start))
        within += max(0, min(end, hours.end) - max(start, hours.resume))
        busy[history, fact["team"], told.of_day[fact["day"]]] += within
    there = np.array([Hours.of(team).paid * team.size for team in teams])[:, None] * told.days
    return busy / there


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_it_is_the_time_of_all_facts_that_are_work(name: str, engine: str) -> None:
    small = ["horizon=9 working days", "intake=off"] if name != "small-shop" else ["horizon=9 working days"]
    scenario, keeper = load_scenario(SCENARIOS / f"{name}.toml", small), Keeper()
    settings = Settings(replications=2, engine=engine, by_day=True)  # type: ignore[arg-type]
    live(scenario, settings, 0, 2, (keeper,))
    found = simulate(scenario, **vars(settings)).histograms[NAME]
    by_hand = shares_by_hand(scenario, keeper.table(), 2)
    assert by_hand.max() > 0.02
    np.testing.assert_allclose(found / WHOLE, by_hand, atol=0.51 / WHOLE)


def test_it_adds_up_to_the_time_worked() -> None:
    scenario = load_scenario(SCENARIOS / "elephant.toml")
    result = simulate(scenario, replications=40, by_day=True)
    told = periods(Calendar.of(scenario))
    for place, (name, team) in enumerate(scenario.teams.items()):
        minutes = result.histograms[NAME][:, place] / WHOLE * told.days * Hours.of(team).paid * team.size / 60_000
        columns = {what: result.columns[f"teams.{name}.{what}"] for what in ("busy_minutes", "overtime_minutes")}
        expected = columns["busy_minutes"] - columns["overtime_minutes"]
        np.testing.assert_allclose(minutes.sum(axis=1), expected, atol=0.05 * told.days.size)


def test_blocks_workers_and_engines_change_nothing_and_asking_changes_no_other_number() -> None:
    scenario = load_scenario(SCENARIOS / "small-shop.toml", ["horizon=12 working days"])
    settings = Settings(replications=10, by_day=True)
    first = simulate(scenario, **vars(settings))
    for other in ({"block_size": 3}, {"workers": 2, "block_size": 5}, {"engine": "simpy"}):
        found = simulate(scenario, **vars(replace(settings, **other)))  # type: ignore[arg-type]
        np.testing.assert_array_equal(found.histograms[NAME], first.histograms[NAME])
    plain = simulate(scenario, **vars(replace(settings, by_day=False)))
    assert NAME not in plain.histograms
    assert all(np.array_equal(plain.columns[name], values, equal_nan=True) for name, values in first.columns.items())
    assert {**summarise(first), "days": {}} == summarise(plain)


def test_a_long_horizon_is_told_in_weeks_months_quarters_or_years() -> None:
    for horizon, unit in (
        ("80 working days", "days"), ("81 working days", "weeks"), ("18 months", "weeks"), ("2 years", "months"),
        ("6 years", "months"), ("9 years", "quarters"), ("20 years", "years"),
    ):  # fmt: skip
        calendar = Calendar.of(load_scenario(SCENARIOS / "elephant.toml", [f"horizon={horizon}"]))
        told = periods(calendar)
        assert told.unit == unit
        assert told.days.sum() == calendar.days
        assert told.days.size <= MOST
        assert [begin for begin, _ in told.ends] == [
            calendar.dates[day] for day in np.flatnonzero(np.diff(told.of_day, prepend=-1))
        ]
        assert all(calendar.dates.index(end) - calendar.dates.index(begin) + 1 == days
                   for (begin, end), days in zip(told.ends, told.days, strict=True))  # fmt: skip


def test_the_summary_tells_means_with_intervals_until_the_last_day_of_work() -> None:
    result = simulate(load_scenario(SCENARIOS / "elephant.toml"), replications=60, by_day=True)
    days = summarise(result)["days"]
    shares = result.histograms[NAME] / WHOLE
    assert days["unit"] == "days"
    assert list(days["teams"]) == ["callers", "sellers"]
    callers = days["teams"]["callers"]
    assert callers[0]["from"] == callers[0]["to"] == "2026-01-12"
    assert callers[2]["mean"] == pytest.approx(shares[:, 0, 2].mean())
    assert callers[2]["ci95"][0] < callers[2]["mean"] < callers[2]["ci95"][1]
    assert len(callers) == len(days["teams"]["sellers"]) == 1 + np.flatnonzero(shares.any(axis=(0, 1)))[-1]


def test_where_nobody_works_there_is_nothing_to_tell() -> None:
    scenario = load_scenario(SCENARIOS / "elephant.toml", ["segments.list.leads=0"])
    assert summarise(simulate(scenario, replications=2, by_day=True))["days"] == {}
