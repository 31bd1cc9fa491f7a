"""A comparison says which policy is better as often as it promises, and never more than its histories carry."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from simfunnel import simulate
from simfunnel.cli import program
from simfunnel.errors import RequestError, ScenarioError
from simfunnel.experiments.compare import Asked, Compared, compare
from simfunnel.experiments.directions import higher_is_better
from simfunnel.experiments.judging import Rules, judge, matters_by_default
from simfunnel.experiments.policies import policies
from simfunnel.reporting.files import as_json
from simfunnel.simulation import Settings
from simfunnel.together import Together
from simfunnel.workers import hands

# 40 calls, of which .2 sell: 8 sales of 10 EUR. `even` sells as many on average, to others; `best` .4 of a sale more.
CALLS = """
name = "Calls"
horizon = "3 working days"
[segments.list]
leads = 40
[calling]
teams = ["callers"]
answered = 1
listened = 0.5
accepted = 0.4
offer = "sale"
[calling.minutes]
talk = 1
[teams.callers]
paid = "worked"
[money]
revenue_per_sale = 10
[decision]
question = "Which script?"
base = "now"
matters = 4
[alternatives.even]
calling.listened = 0.4
calling.accepted = 0.5
[alternatives.best]
calling.listened = 0.52
calling.accepted = 0.40384615384615385
[alternatives.poor]
description = "a script that nobody likes"
calling.listened = 0.3
"""
SETTINGS = Settings()


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("compare") / "calls.toml"
    path.write_text(CALLS, encoding="utf-8")
    return str(path)


@cache
def compared(file: str, seed: int = 1, first: int = 200, most: int = 12_800, **chosen: object) -> Compared:
    return compare(policies([file]), Settings(seed=seed, **chosen), Asked((), first, most))  # type: ignore[arg-type]


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


# -- which policies there are


def test_a_file_and_its_alternatives_are_policies(calls: str) -> None:
    found = policies([calls])
    assert found.names == ("now", "even", "best", "poor")
    assert found.all[3].description == "a script that nobody likes"
    assert found.all[3].changes == ("calling.listened = 0.3",)
    assert found.scenarios[3].calling.listened.best == 0.3


def test_some_of_them_against_another(calls: str) -> None:
    assert policies([calls], only=["poor"]).names == ("now", "poor")
    assert policies([calls], baseline="best").names == ("best", "now", "even", "poor")
    assert policies([calls], only=["even"], baseline="poor").names == ("poor", "even")


def test_several_files_are_policies(calls: str, tmp_path: Path) -> None:
    other = written(tmp_path, "other.toml", CALLS.replace("0.5", "0.6", 1))
    assert policies([calls, other]).names == ("calls", "other")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"only": ["pore"]}, '"pore" is no policy here; there are now, even, best, poor (did you mean `poor`?)'),
        ({"baseline": "base"}, '"base" is no policy here; there are now, even, best, poor'),
    ],
)
def test_a_policy_that_is_not_there(arguments: dict[str, object], said: str, calls: str) -> None:
    with pytest.raises(RequestError) as refused:
        policies([calls], **arguments)  # type: ignore[arg-type]
    assert str(refused.value) == said


def test_what_cannot_be_compared_is_refused(calls: str, tmp_path: Path) -> None:
    alone = written(tmp_path, "alone.toml", CALLS.split("[decision]")[0])
    same = written(tmp_path, "same.toml", CALLS.replace('base = "now"', 'base = "even"'))
    with pytest.raises(ScenarioError, match=r'decision\.base must be no name of an alternative, found "even": rename'):
        policies([same])
    with pytest.raises(RequestError, match="--only must name another policy than now"):
        policies([calls], only=["now"])
    with pytest.raises(RequestError, match="name one at a time: --only A --only B"):
        policies([calls], only=["even,best"])
    dear = written(tmp_path, "dear.toml", 'currency = "USD"\n' + CALLS)
    for files, said in (
        ([alone], "must have something to be compared with"),
        ([calls, dear], 'currency must be that of calls, EUR, found "USD"'),
        ([calls, calls], 'files to compare must have different names, found "calls" twice'),
    ):
        with pytest.raises(RequestError) as refused:
            policies(files)
        assert said in str(refused.value)
    with pytest.raises(ScenarioError):
        policies([written(tmp_path, "wrong.toml", CALLS.replace("leads = 40", "leads = -1"))])


# -- living together


def test_histories_are_added_to_those_there_are(calls: str) -> None:
    found = policies([calls])
    with hands(1) as live:
        together = Together(found.scenarios, Settings(digest=True, block_size=7), live)
        together.until(10)
        results = together.until(25)
    for scenario, result in zip(found.scenarios, results, strict=True):
        alone = simulate(scenario, replications=25, digest=True)
        assert alone.digests is not None
        assert result.digests is not None
        assert alone.digests.tolist() == result.digests.tolist()
        assert result.settings.replications == 25
        for name, values in alone.columns.items():
            np.testing.assert_array_equal(values, result.columns[name])


def test_workers_and_blocks_change_no_number(calls: str) -> None:
    plain = compared(calls, first=60, most=120)
    cut = compared(calls, first=60, most=120, block_size=11)
    handed = compared(calls, first=60, most=120, workers=2)
    assert as_json(plain.summary) == as_json(cut.summary) == as_json(handed.summary)


# -- what is judged


RULES = Rules(policies=2, looks=(4, 8), higher=True, matters=1.0)


@pytest.mark.parametrize(
    ("gap", "higher", "said"),
    [
        ([2.0, 2.1, 1.9, 2.0], True, "better"),
        ([2.0, 2.1, 1.9, 2.0], False, "worse"),
        ([0.1, 0.0, 0.1, 0.0], True, "alike"),
        ([19.0, -19.0, 1.0, 2.0], True, "not decided"),
        ([0.0, 0.0, 0.0, 0.0], True, "alike"),
    ],
)
def test_verdicts_on_paper(gap: list[float], higher: bool, said: str) -> None:
    base = np.tile([5.0, 7.0, 6.0, 8.0], 50)
    rules = Rules(2, (200, 400), higher, 1.0)
    assert judge([base, base + np.tile(gap, 50)], None, rules).verdicts == (said,)


def test_few_histories_decide_nothing_however_clear_they_are() -> None:
    base = np.tile([5.0, 7.0], 45)
    assert judge([base, base + 9], None, Rules(2, (90,), True, 1.0)).verdicts == ("not decided",)
    worlds = np.repeat(np.arange(60), 2)
    base = np.tile([5.0, 7.0], 60)
    assert judge([base, base + 9], worlds, Rules(2, (120,), True, 1.0)).verdicts == ("not decided",)


def test_what_seldom_weighs_much_decides_nothing() -> None:
    """10 more in each history, but 6,000 less in one of 500: a mean of -2, of which most runs of 500 see +10 or -2."""
    rng, wrong = np.random.default_rng(1), 0
    base = rng.normal(0, 100, 2000)
    for _ in range(100):
        gap = np.where(rng.random(2000) < 1 / 500, -5990.0, 10.0)
        wrong += judge([base, base + gap], None, Rules(2, (500, 1000, 2000), True, 1.0)).verdicts == ("better",)
    assert wrong <= 5
    once = np.where(np.arange(2000) == 7, -300.0, 10.0)
    assert judge([base, base + once], None, Rules(2, (2000,), True, 1.0)).verdicts == ("not decided",)
    alike = judge([base, base + 10.0], None, Rules(2, (500, 1000, 2000), True, 1.0)).intervals[0]
    assert alike is not None
    assert alike[0] < 10.0 < alike[1]


def test_an_interval_at_a_look_is_as_wide_as_all_looks_and_policies_need() -> None:
    assert RULES.confidence_of_each == pytest.approx(1 - 0.05 / 2)
    assert Rules(5, (1, 2, 4), True, 1.0).confidence_of_each == pytest.approx(1 - 0.05 / 12)


def test_too_few_histories_select_nobody() -> None:
    values = np.arange(50.0)
    assert judge([values, values + 9], None, Rules(2, (50,), True, 1.0)).survivors == (0, 1)


def test_what_matters_by_default_is_a_tenth_of_the_spread() -> None:
    assert matters_by_default([np.array([0.0, 20.0]), np.array([1.0, 1.0])]) == 1.0
    assert matters_by_default([np.array([3.0, 3.0]), np.array([0.0, 40.0])]) == 2.0
    assert matters_by_default([np.array([3.0, 3.0])]) == 1.0


MACRO = 200


@cache
def macro_runs(file: str) -> list[dict[str, object]]:
    found = policies([file])
    asked = Asked((), 100, 12_800)
    return [compare(found, Settings(seed=seed), asked).summary["decision"] for seed in range(1, MACRO + 1)]


def test_the_best_is_selected_as_often_as_promised(calls: str) -> None:
    """`best` is better than the next by what matters, exactly: 4 EUR. Kim and Nelson promise it in 95 %.

    At exactly 95 % fewer than 182 of 200 would be a false alarm in 1 % of tests; 190 are asked for, as promised.
    """
    right = sum(decision["best"] == "best" for decision in macro_runs(calls))
    assert right >= 0.95 * MACRO


def test_verdicts_are_wrong_as_rarely_as_stated(calls: str) -> None:
    """`even` is no better and no worse; 5 % of families of verdicts may be wrong, 20 of 200 in 0.3 % of tests."""
    wrong = sum(
        verdicts["even"]["verdict"] in ("better", "worse")
        or verdicts["best"]["verdict"] == "worse"
        or verdicts["poor"]["verdict"] != "worse"
        for verdicts in (decision["verdicts"] for decision in macro_runs(calls))
    )
    assert wrong < 20
    stopped = [decision["look"] for decision in macro_runs(calls)]
    assert len(set(stopped)) > 1, "they stop when it is decided, at different looks"
    assert all(decision["decided"] for decision in macro_runs(calls))


def test_it_says_when_it_is_not_decided(calls: str) -> None:
    found = compared(calls, first=20, most=40).summary["decision"]
    assert not found["decided"]
    assert found["best"] is None
    assert found["look"] == len(found["looks"]) == 2


# -- what is told


def test_what_only_one_of_them_won_adds_up_to_the_difference(calls: str) -> None:
    found = compared(calls)
    base = found.results[0].columns["sold"]
    for result, name in zip(found.results[1:], ("even", "best", "poor"), strict=True):
        here, there = (
            sum(values for column, values in result.columns.items() if column.startswith(f"{where}."))
            for where in ("only_here", "only_there")
        )
        np.testing.assert_array_equal(here - there, result.columns["sold"] - base)
        won = found.summary["won"][name]
        more, less = (sum(each["mean"] for each in won[where].values()) for where in ("only_here", "only_there"))
        assert more - less == pytest.approx(won["difference"]["mean"])
    lost = found.summary["won"]["poor"]["only_there"]
    assert lost["hung_up"]["mean"] > 0
    assert all(each["mean"] == 0 for cause, each in lost.items() if cause not in ("hung_up", "refused"))


def test_numbers_are_those_of_the_runs(calls: str) -> None:
    found = compared(calls)
    told, profits = found.summary, [result.columns["profit"] for result in found.results]
    for number, name in enumerate(("now", "even", "best", "poor")):
        assert told["outcomes"][name]["profit"]["mean"] == pytest.approx(profits[number].mean())
    assert told["against"]["poor"]["profit"]["difference"] == pytest.approx((profits[3] - profits[0]).mean())
    same = told["better_in_one"]["best"]["same_luck"]
    assert same["better"]["share"] == pytest.approx((profits[2] > profits[0]).mean())
    assert same["equal"] == pytest.approx((profits[2] == profits[0]).mean())
    worst = np.sort(profits[3])[: profits[3].size // 20]
    assert told["downside"]["poor"]["value"] == pytest.approx(worst.mean())
    assert told["against"]["best"]["profit"]["pairing_gain"] > 1


def test_a_metric_that_one_of_them_lacks_is_0_there(tmp_path: Path) -> None:
    team = '[teams.others]\npaid = "worked"\nwage_per_hour = 10\n[alternatives.others]\ncalling.teams = ["others"]\n'
    text = CALLS.replace("[alternatives.even]", f"{team}teams.callers = 'off'\n[alternatives.even]")
    chosen = policies([written(tmp_path, "a.toml", text)], only=["others"], baseline="now")
    asked = Asked(("teams.callers.dials", "teams.callers.utilisation"), 20, 20)
    found = compare(chosen, Settings(), asked).summary["against"]["others"]
    assert found["teams.callers.dials"]["difference"] == -40
    assert "teams.callers.utilisation" not in found


def test_what_is_undefined_is_the_worst_there_is(tmp_path: Path) -> None:
    """One lead in five sells, of 8: a sixth of the histories sell nothing, and have no cost per sale."""
    text = CALLS.replace("leads = 40", "leads = 8").replace("matters = 4", 'matters = 4\nmetric = "cost_per_sale"')
    found = compare(policies([written(tmp_path, "a.toml", text)], only=["poor"]), Settings(), Asked((), 200, 200))
    now, poor = (result.columns["sold"] for result in found.results)
    assert found.summary["downside"]["poor"]["value"] is None
    assert found.summary["downside"]["poor"]["undefined"] == np.count_nonzero((now == 0) | (poor == 0))
    same = found.summary["better_in_one"]["poor"]["same_luck"]
    assert same["better"]["share"] == pytest.approx(np.mean((poor > 0) & (now == 0))), "calls cost nothing here"
    assert same["equal"] == pytest.approx(np.mean((poor > 0) == (now > 0)))


def test_a_number_that_is_not_always_there_decides_nothing(tmp_path: Path) -> None:
    text = CALLS.replace("matters = 4", 'metric = "days_until_done"').replace("talk = 1", "talk = 80")
    with pytest.raises(RequestError, match=r"must be defined in all histories, found days_until_done, which is not in"):
        compare(policies([written(tmp_path, "a.toml", text)]), Settings(), Asked((), 40, 40))


def test_what_is_neither_gain_nor_loss_needs_a_direction(tmp_path: Path) -> None:
    chosen = policies([written(tmp_path, "a.toml", CALLS.replace("matters = 4", 'metric = "dials"'))])
    with pytest.raises(RequestError, match="as dials is neither"):
        compare(chosen, Settings(), Asked((), 20, 20))
    assert not higher_is_better("teams.callers.overtime_minutes")
    assert not higher_is_better("segments.list.losses.refused")
    assert higher_is_better("customers.kept")
    assert higher_is_better("dials", "higher")


def test_worlds_of_a_third_policy_say_nothing_of_two_that_are_known(tmp_path: Path) -> None:
    text = CALLS + '[alternatives.guess]\ncalling.listened = "5 of 10"\n'
    found = compare(policies([written(tmp_path, "a.toml", text)]), Settings(), Asked((), 200, 200)).summary
    assert found["worlds"] == 100
    assert found["better_on_average"]["best"]["ci95"] is None
    assert found["better_on_average"]["guess"]["ci95"] is not None


@pytest.mark.parametrize(
    ("change", "warned"),
    [
        ("segments.list.leads = 60", False),
        ("segments.other = { leads = 5 }", False),
        ("holidays = [2026-01-06]", True),
    ],
)
def test_a_longer_list_shares_the_luck_of_the_shorter_one(change: str, warned: bool, tmp_path: Path) -> None:
    text = CALLS + f"[alternatives.more]\n{change}\n"
    found = compare(policies([written(tmp_path, "a.toml", text)], only=["more"]), Settings(), Asked((), 20, 20))
    assert any("more has other" in warning for warning in found.summary["warnings"]) == warned


def test_a_line_of_cost_that_is_refunded_lies_below_0(tmp_path: Path) -> None:
    chosen = policies(["scenarios/outsourcing.toml"], only=["per-attended"])
    found = compare(chosen, Settings(), Asked(("costs.contract_claw_back",), 40, 40)).summary
    told = found["outcomes"]["per-attended"]["costs.contract_claw_back"]
    assert told["ci95"][0] < told["mean"] < told["ci95"][1] < 0 or told["ci95"][0] < told["mean"] < 0


def test_lower_costs_are_better(tmp_path: Path) -> None:
    text = CALLS.replace("matters = 4", 'matters = 1\nmetric = "cost"').replace(
        "[alternatives.poor]", "[alternatives.dear]\nmoney.unit_cost = 5\n[alternatives.poor]"
    )
    found = compared(written(tmp_path, "a.toml", text)).summary
    assert found["better"] == "lower"
    assert found["decision"]["verdicts"]["dear"]["verdict"] == "worse"
    assert found["downside"]["dear"]["value"] > found["outcomes"]["dear"]["cost"]["mean"]


# -- the command


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(program, ["compare", *arguments])
    return done.exit_code, done.output


def test_the_command_tells_all_as_json(calls: str) -> None:
    code, output = said(calls, "--json", "--replications", "40", "--at-most", "40", "--metric", "dials")
    assert code == 0
    told = json.loads(output)
    assert told["kind"] == "comparison"
    assert told["question"] == "Which script?"
    assert [policy["name"] for policy in told["policies"]] == ["now", "even", "best", "poor"]
    assert told["replications"] == 40


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--metric", "sales"), 'simfunnel: --metric must name a metric, found "sales" (did you mean `sold`?)'),
        (("--at-most", "10"), "simfunnel: --at-most must be at least --replications, 500, found 10"),
        (("--at-most", "10000001"), "simfunnel: --at-most must be at most 10,000,000, found 10000001"),
        (
            ("--only", "bets"),
            'simfunnel: "bets" is no policy here; there are now, even, best, poor (did you mean `best`?)',
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(arguments: tuple[str, ...], expected: str, calls: str) -> None:
    code, output = said(calls, *arguments)
    assert code == 2
    assert output.strip() == expected


def test_of_many_histories_only_what_is_told_of_all_is_kept(calls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simfunnel.together.WHOLE", 20)
    found = policies([calls], only=["poor"])
    with hands(1) as live:
        together = Together(found.scenarios, Settings(by_day=True), live, kept=lambda name: "." not in name)
        together.until(20)
        results = together.until(40)
        head = together.head()
    assert [result.settings.replications for result in (*results, *head)] == [40, 40, 20, 20]
    assert head[0].histograms
    assert "segments.list.sold" in head[0].columns
    assert not results[0].histograms
    assert "segments.list.sold" not in results[0].columns
    np.testing.assert_array_equal(head[1].columns["sold"], results[1].columns["sold"][:20])


def test_a_centre_of_which_nothing_is_said_is_doubted(tmp_path: Path) -> None:
    team = '[teams.centre]\nkind = "outsourced"\n[alternatives.bought]\ncalling.teams = ["centre"]\n'
    text = CALLS.replace("[alternatives.even]", f"{team}teams.callers = 'off'\n[alternatives.even]")
    chosen = policies([written(tmp_path, "a.toml", text)], only=["bought"])
    told = compare(chosen, Settings(), Asked((), 20, 20)).summary["warnings"]
    assert any("state teams.centre.odds" in warning for warning in told)


def test_other_markets_are_told(calls: str, tmp_path: Path) -> None:
    other = written(tmp_path, "other.toml", CALLS.replace("leads = 40", "leads = 80"))
    told = compare(policies([calls, other]), Settings(), Asked((), 20, 20)).summary["warnings"]
    assert any("other has 80 leads and calls 40" in warning for warning in told)


def test_the_best_is_held_against_the_next(calls: str) -> None:
    found = compared(calls).summary
    assert found["decision"]["best"] == "best"
    next_, profits = found["runner_up"], [result.columns["profit"] for result in compared(calls).results]
    assert next_["policy"] == ("now" if profits[0].mean() >= profits[1].mean() else "even")
    second = profits[0] if next_["policy"] == "now" else profits[1]
    assert next_["difference"]["difference"] == pytest.approx((profits[2] - second).mean())
    assert next_["better_on_average"]["share"] > 0.5
    assert compare(policies([calls], only=["best"]), Settings(), Asked((), 200, 200)).summary["runner_up"] is None
