"""When to stop: what touches bring and cost by number, worked out by hand, and counted again one by one."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from made_facts import counted
from matplotlib.figure import Figure
from pursued_funnel import EAGER, HISTORY, PURSUED, filed, touched
from small_funnel import small

from simfunnel import Settings, facts, parse_scenario, simulate
from simfunnel.by_touch import FIRSTS, touches_per_history
from simfunnel.estimates import estimate
from simfunnel.experiments.pursuit import by_touch, follow_up
from simfunnel.experiments.run import summarise
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import touch, undecided
from simfunnel.reporting import pursuit
from simfunnel.reporting.plots import funnel as plots
from simfunnel.simulation import Result, apart, live

PAID = ("teams.sellers.wage_per_hour=30", "teams.sellers.overhead=0.5", "money.unit_cost=100")


@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_history_by_hand(one_by_one: bool) -> None:
    """Three first touches, two by phone and one by mail; the third sells what does not fit. A return is no touch."""
    told = [{**each, "history": 1} for each in HISTORY]
    found = counted(parse_scenario(PURSUED, overrides=PAID), told, 3, one_by_one=one_by_one)
    wanted = {"touches": [3, 1, 1], "sold": [0, 0, 1], "brings": [0, 0, 1000 - 100 - 50],
              "costs": [3 * 15 + 2 * 0.5 + 2, 15.5, 15.5]}  # fmt: skip
    for name, numbers in wanted.items():
        values = found[f"by_touch.{name}"]
        assert values.shape == (3, FIRSTS.size)
        assert values[1].tolist() == numbers + [0] * (FIRSTS.size - 3)
        assert not values[[0, 2]].any()


def test_an_hour_of_an_outsourced_team_costs_what_its_contract_says() -> None:
    hired = ("teams.sellers.kind='outsourced'", "teams.sellers.paid='worked'", "teams.sellers.contract.per_hour=60")
    found = counted(parse_scenario(PURSUED, overrides=hired), HISTORY)
    assert found["by_touch.costs"][0, :3].tolist() == [3 * 20 + 3, 20.5, 20.5]


def test_late_touches_are_grouped_and_the_last_group_has_no_end() -> None:
    told = [touched(0, 10, touch.NOT_REACHED, number) for number in (11, 12, 23, 24, 36, 90)]
    found = counted(parse_scenario(PURSUED), told)
    assert found["by_touch.touches"][0].tolist() == [0] * 11 + [1, 2, 1, 2]


def test_a_file_that_was_sold_to_who_came_back_is_not_what_a_touch_brought() -> None:
    told = [touched(0, 10, touch.NOT_REACHED, 0), filed(0, 30, undecided.SOLD, 500_00, 20, 1)]
    assert not counted(parse_scenario(PURSUED), told)["by_touch.brings"].any()


# ---------------------------------------------------------------- a run


def run(*overrides: str) -> Result:
    return simulate(parse_scenario(PURSUED, overrides=[*EAGER, *PAID, *overrides]), replications=40, workers=1)


def test_they_are_the_touches_of_the_run_and_no_columns() -> None:
    """The smallest fault noticed: one touch, one sale or one cent in any of 40 histories."""
    result = run()
    made = {name.removeprefix("by_touch."): values for name, values in result.histograms.items() if "touch" in name}
    assert not [name for name in result.columns if name.startswith("by_touch")]
    assert np.array_equal(made["touches"].sum(axis=1), result.columns["touches"])
    assert np.array_equal(made["sold"].sum(axis=1), result.columns["sold_follow_up"])
    assert made["sold"].sum() > 20
    keeper = Keeper()
    live(result.scenario, Settings(), 0, 40, (keeper,))
    table = {name: keeper.table()[:, place] for place, name in enumerate(("history", *COLUMNS))}
    brings = np.zeros(made["brings"].shape)
    for each in _rows(table, facts.TOUCH):
        if each["outcome"] in touch.WON:
            same = (table["history"] == each["history"]) & (table["lead"] == each["lead"])
            paid = table["amount"][same & (table["kind"] == facts.FILE) & (table["outcome"] == undecided.SOLD)]
            misfit = (same & (table["kind"] == facts.MISFIT)).any()
            brings[each["history"], each["occurrence"]] += paid.sum() / 100 - 100 - 50 * misfit
    assert np.array_equal(made["brings"], brings)
    channels = result.columns["costs.touches"]
    mine = table["kind"] == facts.TOUCH
    hours = np.bincount(table["history"][mine], table["duration"][mine], minlength=40) / 3_600_000
    assert made["costs"].sum(axis=1) == pytest.approx(hours * 45 + channels)


def _rows(table: dict[str, Any], kind: int) -> list[dict[str, int]]:
    where = np.flatnonzero(table["kind"] == kind)
    return [{name: int(values[row]) for name, values in table.items()} for row in where]


def test_blocks_and_engines_do_not_matter() -> None:
    one = run().histograms
    scenario = run().scenario
    cut = simulate(scenario, replications=40, workers=1, block_size=7).histograms
    other = simulate(scenario, replications=40, workers=1, engine="simpy").histograms
    for name, values in one.items():
        np.testing.assert_array_equal(cut[name], values)
        np.testing.assert_array_equal(other[name], values)


def test_prices_are_those_of_each_world_and_intervals_are_clustered() -> None:
    result = run("follow_up.channels.phone.cost={ low = 1, high = 9 }")
    assert result.worlds is not None
    [first, *_] = by_touch(result)
    made = result.histograms
    left = (made["by_touch.brings"] - made["by_touch.costs"])[:, 0]
    assert first["left"] == estimate(left, result.worlds).to_json()
    assert first["left"]["ci95"] != list(estimate(left).ci95 or ())


def test_without_follow_up_there_is_none() -> None:
    assert touches_per_history(small()) == 0
    assert follow_up(simulate(small(), replications=4)) == {}


# ---------------------------------------------------------------- judged and shown


def made(brings: list[list[float]], costs: list[list[float]]) -> Result:
    """A run whose touches bring and cost this: by touch, then by history."""
    scenario, histories = parse_scenario(PURSUED), len(brings[0])
    columns, histograms = apart(counted(scenario, HISTORY * histories, histories))
    for name, values in (("brings", brings), ("costs", costs), ("touches", costs)):
        table = np.zeros((histories, FIRSTS.size))
        table[:, : len(values)] = np.transpose(values)
        histograms[f"by_touch.{name}"] = table
    return Result(scenario, Settings(replications=histories), columns, None, histograms=histograms)


@pytest.mark.parametrize(
    ("brings", "verdicts"),
    [
        ([[9, 9], [5, 5], [2, 2]], [None, None, None]),
        ([[9, 9], [0, 0.1], [0, 0]], [None, "stop here", None]),
        ([[0, 0], [9, 9], [0, 0.1]], [None, None, "stop here"]),
        ([[0, 0], [0, 0.1], [0, 0]], ["stop here", None, None]),
        ([[9, 9], [0, 1.5], [0, 0.5]], [None, "unsure", None]),
    ],
)
def test_stop_where_all_that_follows_leaves_less_than_nothing(
    brings: list[list[float]], verdicts: list[str | None]
) -> None:
    """A touch that loses alone is not the place to stop if later ones more than make up for it."""
    found = by_touch(made(brings, [[1, 1]] * 3))
    assert [each["verdict"] for each in found] == verdicts
    assert [(each["first"], each["last"]) for each in found] == [(1, 1), (2, 2), (3, 3)]
    assert found[0]["left_from_here"]["mean"] == pytest.approx(np.sum(brings) / 2 - 3)


def test_the_table_and_its_line() -> None:
    found = summarise(run())
    told = found["follow_up"]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    total = told["all_touches"]
    assert total["left"]["mean"] == pytest.approx(
        total["brings"]["mean"] - total["costs"]["mean"] - total["nurture"]["mean"]
    )
    table = pursuit.when_to_stop(found)
    assert len(table.rows) == len(told["by_touch"]) == 4, "no more than four touches are allowed"
    line = next(pursuit.when_to_stop_notes(found))
    assert line.startswith("All touches: they bring ")
    assert ", nurturing " in line
    assert " is left (95 % interval " in line


@pytest.mark.parametrize(("first", "last", "said"), [(3, 3, "3"), (13, 24, "13-24"), (37, None, "37 on")])
def test_the_numbers_of_a_group(first: int, last: int | None, said: str) -> None:
    assert pursuit.numbers({"first": first, "last": last}) == said


def test_the_picture_tells_later_sales_apart() -> None:
    """The parts end where the bar ends; where nobody is followed up there is no legend."""
    metrics = summarise(run())["metrics"]
    axes = Figure().add_subplot()
    plots._later(axes, 3, metrics, 100.0)
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["at once", "follow-up", "came back"]
    came_back, later = axes.patches
    bar = plots._length(metrics["sold"]["mean"], 100.0)
    assert came_back.get_x() + came_back.get_width() == pytest.approx(bar)
    assert later.get_x() + later.get_width() == pytest.approx(came_back.get_x())
    assert later.get_width() / bar == pytest.approx(metrics["sold_follow_up"]["mean"] / metrics["sold"]["mean"])
    assert len({each.get_hatch() for each in axes.patches}) == 2
    plain = Figure().add_subplot()
    plots._later(plain, 3, summarise(simulate(small(), replications=4))["metrics"], 100.0)
    assert plain.get_legend() is None
