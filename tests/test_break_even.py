"""A tie is told where it is, with an interval that covers it as often as it claims, or not at all."""

from __future__ import annotations

import csv
import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from simfunnel import cli
from simfunnel.errors import RequestError, ScenarioError
from simfunnel.experiments.axis import Axis, axis
from simfunnel.experiments.break_even import Asked, break_even
from simfunnel.experiments.crossing import Line, crossing
from simfunnel.experiments.estimating import missing
from simfunnel.experiments.policies import policies
from simfunnel.experiments.tie_telling import verdict
from simfunnel.experiments.ties import Duel, Tie, ties
from simfunnel.experiments.today import doubts, notes, today
from simfunnel.experiments.varying import Point
from simfunnel.reporting.break_even import write
from simfunnel.reporting.plots.break_even import _sides as sides_of
from simfunnel.scenario.loading import load
from simfunnel.simulation import Settings, simulate

# Nobody listens, so all is cost: own callers by the hour they work, a centre by the dial.
# A dial takes half a minute unanswered, and one and a half answered; at 30 EUR an hour that is 0.25 and 0.75 EUR.
DIALS = """
name = "Dial or buy"
horizon = "20 working days"
currency = "EUR"
[decision]
question = "By the hour, or by the dial?"
base = "own"
[segments.list]
leads = 40
[calling]
teams = ["callers"]
answered = 0
listened = 0
accepted = 0
[calling.minutes]
no_answer = 0.5
hang_up = 1.5
[teams.callers]
size = 2
wage_per_hour = 30
paid = "worked"
[demo]
team = "callers"
attended = 0
[money]
revenue_per_sale = 100
[alternatives.bought]
calling.teams = ["centre"]
teams.callers.wage_per_hour = 31
teams.centre = { kind = "outsourced", size = 2, contract = { per_dial = 0.4 } }
"""
PRICE = "teams.centre.contract.per_dial"
UNKNOWN = "{ low = 0.3, high = 0.7 }"


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "dials.toml").write_text(DIALS, encoding="utf-8")
    return str(tmp_path / "dials.toml")


def tied(file: str, vary: str, *overrides: str, replications: int = 4, metric: str | None = None) -> dict[str, Any]:
    return break_even(file, Asked(vary, None, metric), Settings(replications=replications), overrides)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.program, ["break-even", *arguments])


# Exact answers: no luck at all.


def test_without_luck_a_tie_is_exact_to_the_cent(file: str) -> None:
    found = tied(file, f"{PRICE}=0:1")
    (tie,) = found["ties"]
    assert tie["value"] == pytest.approx(0.25, abs=1e-9)
    assert tie["ci95"] == pytest.approx([0.25, 0.25], abs=1e-9)
    assert (tie["below"], tie["above"]) == ("bought", "own")
    assert found["verdict"].startswith("own and bought tie at 0.25 EUR per dial (95 % interval 0.25 to 0.25)")
    assert found["verdict"].endswith("The scenario says 0.40: there own is better.")
    assert found["unit"] == "EUR per dial"
    assert found["notes"] == [f"own has no {PRICE}, so it is the same at all values."]


def test_the_value_is_laid_over_an_alternative_that_says_the_key_itself(file: str) -> None:
    found = tied(file, "teams.callers.wage_per_hour=12:60")
    assert found["ties"][0]["value"] == pytest.approx(48, abs=1e-6), "40 dials at 0.4 EUR: 16 EUR for 20 minutes"
    assert (found["ties"][0]["below"], found["ties"][0]["above"]) == ("own", "bought")


def test_whole_numbers_are_told_to_the_neighbour(file: str) -> None:
    """A briefing costs 10.02 EUR, and each dial 0.20 against 0.25: the centre is cheaper from 201 leads on."""
    contract = "per_dial = 0.2, set_up = 10.02"
    Path(file).write_text(DIALS.replace("per_dial = 0.4", contract), encoding="utf-8")
    found = tied(file, "segments.list.leads=10:1000")
    (tie,) = found["ties"]
    assert (tie["value"], tie["ci95"], tie["below"], tie["above"]) == (201, [201, 201], "own", "bought")
    assert found["verdict"].startswith("From 201 leads on bought is better than own, below that own is (95 % interval")
    assert found["geometric"], "1,000 is a hundred times 10"


def test_lower_is_better_where_costs_decide(file: str) -> None:
    found = tied(file, f"{PRICE}=0:1", metric="cost")
    assert found["better"] == "lower"
    (tie,) = found["ties"]
    assert (tie["below"], tie["above"], round(tie["value"], 9)) == ("bought", "own", 0.25)


def test_no_tie_is_told_as_such(file: str) -> None:
    found = tied(file, f"{PRICE}=0.3:1", "calling.answered=0.02", replications=40)
    assert (found["ties"], found["throughout"]) == ([], "own")
    assert found["verdict"].startswith(
        "No tie is seen between 0.30 and 1.00 EUR per dial: own is better at all 9 values looked at, in profit by "
    )
    assert [text for _, _, text in sides_of(found)] == ["own is better at all 9 values"]


OPEN_BELOW = ("calling.answered={ low = 0.3, high = 0.7 }", "calling.minutes.hang_up=11")


def test_a_side_on_which_nobody_is_surely_better_is_not_decided(file: str, tmp_path: Path) -> None:
    """Own dials cost 0.25 or 5.5 EUR, so 12 histories leave much open at either end."""
    up = tied(file, f"{PRICE}=2.5:8", *OPEN_BELOW, replications=12)
    (tie,) = up["ties"]
    assert tie["ci95"][0] is None
    high = f"{tie['ci95'][1]:.2f}"
    assert up["verdict"].startswith(
        f"Above {high} EUR per dial own is better; below it is not decided (the means cross at {tie['value']:.2f})."
    )
    assert [(round(low, 2), text) for low, _, text in sides_of(up)] == [
        (2.5, "not decided"), (float(high), "own is better")
    ]  # fmt: skip
    write(up, tmp_path)
    with (tmp_path / "break-even.csv").open(encoding="utf-8-sig", newline="") as rows:
        row = list(csv.DictReader(rows))[-1]
    assert (row["better"], row["better_above"], row["value_low"]) == ("", "own", "")
    down = tied(file, f"{PRICE}=0:3.5", *OPEN_BELOW, replications=12)
    (tie,) = down["ties"]
    low = f"{tie['ci95'][0]:.2f}"
    assert down["verdict"].startswith(
        f"Below {low} EUR per dial bought is better; above it is not decided (the means cross at {tie['value']:.2f})."
    )
    assert [text for _, _, text in sides_of(down)] == ["bought is better", "not decided"]


def test_of_several_ties_a_side_that_is_open_is_not_decided() -> None:
    tie = {"value": 2.0, "ci95": [None, 3.0], "below": "a", "above": "b"}
    last = {"value": 7.0, "ci95": [6.0, 8.0], "below": "b", "above": "a"}
    summary = {"ties": [tie, last], "between": ["a", "b"], "points": [], "said": {}, "range": [1, 9]}
    assert verdict(summary, Axis(1, 9, whole=True)) == (
        "a and b tie 2 times, at 2 (95 % interval below 1 to 3) and 7 (95 % interval 6 to 8): below 2 it is not "
        "decided, from there to 7 b, above it a."
    )
    assert [text for _, _, text in sides_of(summary)] == ["not decided", "b is better", "a is better"]


def test_what_is_undefined_in_every_history_is_not_decided(file: str) -> None:
    found = tied(file, f"{PRICE}=0:1", metric="cost_per_sale")
    assert (found["ties"], found["points"][0]["difference"], found["throughout"]) == ([], None, None)
    assert "the cost per sale of one of them is defined in no history. The scenario says 0.40." in found["verdict"]


def test_a_share_that_one_policy_lacks_is_no_number_but_a_count_is_0(file: str) -> None:
    said = ("decision.metric=teams.centre.utilisation", "decision.better=higher")
    found = tied(file, f"{PRICE}=0:1", *said)
    assert [point["means"]["own"] for point in found["points"]] == [None] * len(found["points"])
    assert (
        "the teams.centre.utilisation of one of them is defined in no history. The scenario says 0.40."
        in found["verdict"]
    )
    found = tied(file, f"{PRICE}=0:1", metric="costs.contract_per_dial")
    assert {point["means"]["own"] for point in found["points"]} == {0}


@pytest.mark.parametrize(
    ("metric", "number"),
    [
        ("sold", True), ("teams.own.dials", True), ("revenue.first", True), ("response.answered", True),
        ("cost", True), ("segments.list.losses.refused", True), ("days_waited", True), ("cost_per_sale", False),
        ("satisfaction", False), ("answer_days", False), ("teams.own.utilisation", False), ("days_until_done", False),
        ("response.clock_minutes_p90", False), ("response.working_minutes", False), ("hot_share", False),
        ("survey_response_rate", False), ("customer_value.first", False), ("repeat_per_customer", False),
    ],
)  # fmt: skip
def test_who_has_no_such_thing_has_none_of_it_or_no_number_for_it(metric: str, number: bool) -> None:
    assert missing(metric) == 0 if number else np.isnan(missing(metric))


def test_more_histories_than_there_can_be_are_refused(file: str) -> None:
    done = call(file, "--vary", f"{PRICE}=0:1", "--replications", "10000001")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.strip() == (
        "simfunnel: replications must be a whole number from 1 to 10,000,000, found 10000001"
    )


def test_a_key_that_moves_nothing_is_told(file: str) -> None:
    found = tied(file, "demo.room=0:100")
    assert found["warnings"] == ["demo.room changes nothing here: every history comes to the same at all values."]


# Luck: the interval covers the tie as often as it claims.


class Linear:
    """Stands for policies at any value: what is linear in it needs to be lived at 0 and 1 only."""

    def __init__(self, one: Any, other: Callable[[float], Any], worlds: Any = None) -> None:
        self.one, self.other, self.worlds = one, other, worlds
        self.asked: set[float] = set()

    def at(self, value: float, places: Sequence[int] | None = None) -> Point:
        self.asked.add(value)
        return Point(value, {0: self.one, 1: self.other(value)}, self.worlds)


def duel(varying: Linear, line: Line) -> Duel:
    return Duel(varying, line, 0, 1, higher=True)  # type: ignore[arg-type]


def test_the_interval_covers_the_tie_as_often_as_it_claims(file: str) -> None:
    """Answered is 0.5 on average, so a dial costs 0.50 EUR; worlds differ, and 60 histories of each run are luck.

    200 runs. Right intervals (95 %) cover fewer than 180 one time in 500; of intervals that cover 85 % such a test
    passes 1 in 60, and of those that count histories of a world as independent (about 86 %) few more.
    """
    runs, size = 200, 60
    settings = {"replications": runs * size, "workers": 1}
    alone = simulate(load(file, [f"calling.answered={UNKNOWN}"]).scenario, **settings)  # type: ignore[arg-type]
    overrides = [f"calling.answered={UNKNOWN}", f"{PRICE}=1"]
    bought = simulate(load(file, overrides, "bought").scenario, **settings)  # type: ignore[arg-type]
    own, priced = alone.columns["profit"], bought.columns["profit"]
    assert (priced == -40).all(), "40 dials at 1 EUR"
    line, covered, evaluations = Line(0, 1), 0, 0
    for first in range(0, runs * size, size):
        part = slice(first, first + size)
        linear = Linear(own[part], lambda price, part=part: price * priced[part], np.arange(size) // 2)
        (tie,) = ties(duel(linear, line), line.grid(9))
        assert tie.ci95[0] is not None
        assert tie.ci95[1] is not None
        assert tie.ci95[0] <= tie.value <= tie.ci95[1]
        covered += tie.ci95[0] <= 0.5 <= tie.ci95[1]
        evaluations += len(linear.asked)
    assert covered >= 180
    assert covered < runs, "intervals that never miss are too wide"
    assert evaluations / runs <= 13, "a line takes one value for the tie and one for each end"


def test_what_is_lived_is_what_the_line_says(file: str) -> None:
    """The shortcut of the test above is the real thing: the same numbers from the whole command."""
    found = tied(file, f"{PRICE}=0:1", f"calling.answered={UNKNOWN}", replications=60)
    own = simulate(load(file, [f"calling.answered={UNKNOWN}"]).scenario, replications=60).columns["profit"]
    line = Line(0, 1)
    (tie,) = ties(duel(Linear(own, lambda price: np.full(60, -40 * price), np.arange(60) // 2), line), line.grid(9))
    assert found["ties"][0]["value"] == pytest.approx(tie.value, abs=1e-6)
    assert found["ties"][0]["ci95"] == pytest.approx(list(tie.ci95), abs=5e-4), "a bill is in whole cents"
    assert found["worlds"] == 30


# Shapes: luck is two histories that differ by 2 units, so that the half width is 12.7.

NOISE = np.array([-1.0, 1.0])
HALF = 12.706204736


def shaped(line: Line, lead: Callable[[float], float], luck: float = 1.0) -> list[Tie]:
    return ties(duel(Linear(np.zeros(2), lambda value: lead(value) + luck * NOISE), line), line.grid(9))


def test_the_ends_of_an_interval_are_where_the_test_changes_its_mind() -> None:
    (tie,) = shaped(Line(0, 100), lambda x: x - 40)
    assert tie == Tie(pytest.approx(40), (pytest.approx(40 - HALF), pytest.approx(40 + HALF)), 0, 1)


def test_two_ties_are_two() -> None:
    first, second = shaped(Line(0, 100), lambda x: (x - 20) * (80 - x), luck=0.01)
    assert (first.below, first.above, second.below, second.above) == (0, 1, 1, 0)
    assert first.value == pytest.approx(20, abs=0.05)
    assert second.value == pytest.approx(80, abs=0.05)


def test_an_end_beyond_the_range_is_open() -> None:
    (tie,) = shaped(Line(0, 100), lambda x: x - 95)
    assert tie.ci95 == (pytest.approx(95 - HALF), None)
    (tie,) = shaped(Line(0, 10), lambda x: x - 5)
    assert tie.ci95 == (None, None)


def test_a_lead_that_comes_back_is_no_tie() -> None:
    assert shaped(Line(0, 100), lambda x: abs(x - 50) - 5, luck=1.0) == []


@pytest.mark.parametrize("changes", [1, 3, 5, 7])
def test_a_lead_that_wavers_between_two_sure_sides_changes_hands_there(changes: int) -> None:
    """However often it wavers where nothing is sure, it is the first that is better below, and the second above."""
    grid = Line(0, 80).grid(9)
    wavering = [-0.5 if place % 2 else 0.5 for place in range(changes)]
    leads = np.array([-30.0, *wavering, *[30.0] * (len(grid) - 1 - changes)])
    (tie,) = shaped(Line(0, 80), lambda value: float(np.interp(value, grid, leads)))
    assert (tie.below, tie.above) == (0, 1)
    low, high = tie.ci95
    assert low is not None
    assert high is not None
    assert low < tie.value < high


def test_a_step_and_an_exact_zero_of_the_grid_are_found() -> None:
    (tie,) = shaped(Line(0, 1000), lambda x: 100.0 if x > 333 else -5000.0, luck=0.0)
    assert tie.value == pytest.approx(333, abs=1)
    (tie,) = shaped(Line(0, 80), lambda x: x - 40, luck=0.0)
    assert (tie.value, tie.ci95) == (40, (40, 40))


def test_of_whole_numbers_it_is_the_first_of_the_better() -> None:
    (tie,) = shaped(Line(10, 5000, whole=True), lambda x: np.log(x / 1849.5), luck=0.0)
    assert (tie.value, tie.ci95) == (1850, (1850, 1850))
    (tie,) = shaped(Line(0, 100, whole=True), lambda x: x - 40.5)
    assert (tie.value, tie.ci95) == (41, (28, 53)), "undecided from 40.5 - 12.7 to 40.5 + 12.7"


def test_a_crossing_is_bracketed_in_few_steps() -> None:
    asked: list[float] = []

    def gap(value: float) -> float:
        asked.append(value)
        return float(np.exp(value / 20) - 3)

    line = Line(0, 100)
    low, high = crossing(gap, line, 12.5, 25)
    assert abs(line.meeting(gap, low, high) - 20 * np.log(3)) < 0.1
    assert len(set(asked)) <= 6


# What is asked.


@pytest.mark.parametrize(
    ("vary", "told"),
    [
        (f"{PRICE}=0:60", ("0", "60", "EUR per dial")),
        ("calling.answered=20 %:50 %", ("20.00", "50.00", "%")),
        ("calling.answered=20:50%", ("20.00", "50.00", "%")),
        ("calling.answered=0.2:0.5", ("0.2000", "0.5000", "")),
        ("calling.minutes.hang_up=1:3", ("1.000", "3.000", "minutes")),
        ("calling.retry_after=1 day:30 days", ("1", "30", "days")),
        ("segments.list.window=10 days:30 days", ("10.00", "30.00", "days")),
        ("segments.list.leads=300:12000", ("300", "12,000", "leads")),
    ],
)
def test_a_range_is_read_and_told_in_its_unit(vary: str, told: tuple[str, str, str]) -> None:
    found = axis(vary, "EUR")
    number = found.number if vary != f"{PRICE}=0:60" else lambda value: f"{value:.0f}"
    assert (number(found.low), number(found.high), found.unit) == told


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("calling.retry_after=0-60", r"did you mean 0:60\?"),
        ("segments.list.leads=1,000:12,000", "no thousands separators: write 1000:12000"),
        (f"{PRICE}=60:0", r"did you mean 0:60\?"),
        ("nothing", "--vary must read key=low:high, such as teams.callers.wage_per_hour=12:20, found"),
        (f"{PRICE}=1", "must be a range such as 300:12000"),
        (f"{PRICE}=1:2:3", "must be a range such as 300:12000"),
        (f"{PRICE}=2:1", "must be a range from a lower to a higher value"),
        (f"{PRICE}=low:high", "must be two numbers such as"),
        ("calling.retry_after=1 day:3 weeks", "must be two numbers such as"),
    ],
)
def test_a_range_that_is_none_is_refused(vary: str, said: str, file: str) -> None:
    with pytest.raises(RequestError, match=said):
        tied(file, vary)


def test_a_key_is_refused_in_the_words_of_the_house_and_at_both_ends(file: str) -> None:
    done = call(file, "--vary", "teams.centr.contract.per_dial=0:1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean `centre`?" in done.stderr
    done = call(file, "--vary", "calling.answerd=0:1")
    assert (done.exit_code, "did you mean `answered`?" in done.stderr) == (2, True)
    with pytest.raises(ScenarioError) as refused:
        tied(file, f"{PRICE}=-1:2e9")
    assert [problem.file for problem in refused.value.problems] == ["--vary", "--vary"]
    assert [problem.message.rpartition(" ")[2] for problem in refused.value.problems] == ["-1", "2000000000"]


def test_the_policies_are_named_where_there_are_more_than_two(file: str) -> None:
    Path(file).write_text(DIALS + "[alternatives.third]\nmoney.revenue_per_sale = 5\n", encoding="utf-8")
    done = call(file, "--vary", f"{PRICE}=0:1")
    assert (done.exit_code, "--between must name the two policies" in done.stderr) == (2, True)
    done = call(file, "--vary", f"{PRICE}=0:1", "--between", "own", "own")
    assert (done.exit_code, "must name two different policies" in done.stderr) == (2, True)
    done = call(file, "--vary", f"{PRICE}=0:1", "--between", "own", "bougt")
    assert (done.exit_code, "did you mean `bought`?" in done.stderr) == (2, True)
    done = call(file, "--vary", f"{PRICE}=0:1", "--metric", "profits")
    assert done.exit_code == 2
    between = ("--between", "bought", "own", "--replications", "2", "--json")
    assert json.loads(call(file, "--vary", f"{PRICE}=0:1", *between).stdout)["between"] == ["bought", "own"]


# What is shown.


def test_the_command_answers_first_and_fits(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    luck = ("--set", f"calling.answered={UNKNOWN}", "--replications", "40", "--workers", "1")
    done = call(file, "--vary", f"{PRICE}=0:1", *luck, "--out", str(folder))
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("own and bought tie at 0.")
    assert max(len(line) for line in lines if "Written" not in line) <= 80
    assert sorted(path.name for path in folder.iterdir()) == ["break-even.csv", "break-even.json", "break-even.png"]
    assert struct.unpack(">II", (folder / "break-even.png").read_bytes()[16:24]) == (1600, 900)
    told = json.loads((folder / "break-even.json").read_text(encoding="utf-8"))
    with (folder / "break-even.csv").open(encoding="utf-8-sig", newline="") as rows:
        found = list(csv.DictReader(rows))
    assert len(found) == len(told["points"]) + 1
    assert [float(row["value"]) for row in found[:-1]] == [point["value"] for point in told["points"]]
    assert (found[-1]["row"], float(found[-1]["value_low"])) == ("tie", told["ties"][0]["ci95"][0])
    assert set(told["points"][0]["better_on_average"]) == {"share", "ci95"}


def test_same_chance_same_answer(file: str) -> None:
    luck = ("--vary", f"{PRICE}=0:1", "--set", f"calling.answered={UNKNOWN}", "--replications", "8", "--json")
    assert call(file, *luck).stdout == call(file, *luck).stdout
    assert json.loads(call(file, *luck).stdout)["ties"] != json.loads(call(file, *luck, "--seed", "2").stdout)["ties"]


def test_unknown_inputs_are_part_of_the_answer(file: str) -> None:
    """A dial of one's own costs 0.40 to 0.60 EUR, nobody knows which: to buy at 0.45 is better with 75 %."""
    found = tied(file, f"{PRICE}=0.45:0.55", f"calling.answered={UNKNOWN}", replications=200)
    low, high = (found["points"][place]["better_on_average"]["share"] for place in (0, -1))
    assert (low, high) == (pytest.approx(0.75, abs=0.1), pytest.approx(0.25, abs=0.1))
    said = (
        f"But as the inputs are uncertain, the chance that bought is better on average is {100 * low:.0f} % at 0.45 and"
    )
    assert said in found["verdict"]
    assert "as the inputs are uncertain" not in tied(file, f"{PRICE}=0:1")["verdict"], "nothing is unknown"


OUTSOURCING = Path(__file__).parents[1] / "scenarios" / "outsourcing.toml"


@pytest.mark.parametrize(
    ("vary", "said", "warned", "noted"),
    [
        ("calling.minutes.ring=10:60", "25 s (0.417 minutes)", "did you mean 10 s:60 s?", ""),
        ("teams.own.overhead=10:50", "35 %", "did you mean 10 %:50 %?", ""),
        ("teams.own.overhead=10 %:50 %", "35.00", "", ""),
        ("calling.answered=20 %:40 %", "1000 of 1500 (66.7 %)", "outside of 20.00 to 40.00 %.", "replaces 1000"),
        ("calling.answered=0.2:0.8", "1000 of 1500 (66.7 %)", "", "replaces 1000 of 1500 (66.7 %)"),
        ("segments.list.ready=1:4", "a distribution with mean 14 days", "outside of", "replaces a distribution"),
        ("follow_up.interval=1 day:9 days", "1 week (7 days)", "", ""),
    ],
)  # fmt: skip
def test_what_the_scenario_says_stands_beside_the_range(vary: str, said: str, warned: str, noted: str) -> None:
    along, (base, *_) = axis(vary, "EUR"), policies([str(OUTSOURCING)], only=["sellers"]).all
    found = today(base, (), along)
    assert found is not None
    assert found.text == said
    for told, wanted in ((doubts({"base": found}, along), warned), (notes({"base": found}, along), noted)):
        lines = list(told)
        assert len(lines) == bool(wanted)
        assert wanted in "".join(lines)


def test_a_range_without_its_unit_is_doubted_in_the_answer(file: str) -> None:
    found = tied(file, "teams.callers.overhead=10:50", "teams.callers.overhead=35 %")
    assert "The scenario says 35 %, which lies outside." in found["verdict"]
    assert found["warnings"][0] == (
        "teams.callers.overhead is 35 % in the scenario, which lies outside of 10.00 to 50.00: did you mean 10 %:50 %?"
    )
