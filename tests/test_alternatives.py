"""An alternative is a layer between the files and --set: loaded, refused, run beside its base on the same chance."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from lived import facts_of, of_kind
from pursued_funnel import EAGER, PURSUED

from simfunnel import cli, facts
from simfunnel.errors import ScenarioError
from simfunnel.estimates import difference
from simfunnel.experiments.against import FIRST, MOST, against_base, compared, lived_both
from simfunnel.reporting import against
from simfunnel.scenario import layers, shape
from simfunnel.scenario.json_schema import json_schema
from simfunnel.scenario.loading import load, load_scenario, parse_scenario
from simfunnel.scenario.reading import source
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import simulate

Triple = tuple[float, float, float]
BASE = """
name = "A plain funnel"
description = "the base"
horizon = "20 working days"
[segments.list]
leads = 120
interested = "7 of 10"
[calling]
teams = ["own"]
attempts = 2
answered = 0.5
listened = 0.6
accepted = 0.6
[teams.own]
size = 2
pause = "12:00-12:30"
wage_per_hour = 20
[teams.own.overflow]
to = "help"
after = "5 working days"
[teams.help]
[demo]
team = "own"
attended = 0.7
seats = 30
max_wait = "4 weeks"
[closing]
sold_if_interested = 0.5
closers = 1
patience = "30 min"
[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
unit_cost = 900
"""
PLANS = f"""{BASE}
[alternatives.cheap]
description = "goods for 3 EUR"
money.unit_cost = 3

[alternatives.busy.calling]
attempts = 4

[alternatives.bare]
demo.max_wait = "off"
closing.patience = "off"
inbound.patience = "off"
teams.own.overflow = "off"
teams.help = "off"
teams.own.pause = "off"

[alternatives.larger]
calling.teams = ["own", "new"]
teams.new = {{ size = 3, wage_per_hour = 15 }}
"""
COMMON = ("--replications", "40", "--workers", "1")


def problems(text: str, *overrides: str, alternative: str | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, file="f.toml", overrides=overrides, alternative=alternative)
    return [str(problem) for problem in refusal.value.problems]


def plan(name: str | None, *overrides: str) -> Scenario:
    return parse_scenario(PLANS, alternative=name, overrides=overrides)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.program, arguments)


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "plans.toml").write_text(PLANS, encoding="utf-8")
    return str(tmp_path / "plans.toml")


# ---------------------------------------------------------------- layers


def test_without_a_name_alternatives_change_nothing() -> None:
    assert plan(None) == parse_scenario(BASE)


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("cheap", ["money.unit_cost=3"]),
        ("busy", ["calling.attempts=4"]),
        ("larger", ["teams.new={ size = 3, wage_per_hour = 15 }", 'calling.teams=["own", "new"]']),
    ],
)
def test_an_alternative_is_the_base_with_keys_changed(name: str, same_as: list[str]) -> None:
    assert plan(name) == parse_scenario(BASE, overrides=same_as)
    assert plan(name).description == "the base"


def test_set_lies_over_an_alternative() -> None:
    assert plan("cheap", "money.unit_cost=4", "calling.attempts=3") == parse_scenario(
        BASE, overrides=["money.unit_cost=4", "calling.attempts=3"]
    )
    assert plan("larger", "teams.new.size=7").teams["new"].size == 7


def test_a_team_that_the_alternative_alone_has_can_be_set_with_it_only(tmp_path: Path, file: str) -> None:
    loaded = load(file, ["teams.new.size=7", "calling.attempts=3"], "larger")
    assert (loaded.scenario.calling.attempts, loaded.base.calling.attempts) == (3, 3)  # type: ignore[union-attr]
    assert "new" not in loaded.base.teams
    assert problems(PLANS, "teams.new.size=7") == [
        "--set: teams.new must exist, as --set changes keys of teams that are there; a new one is set whole: "
        "teams.new={ ... }"
    ]


def test_alternatives_are_inherited_changed_and_taken_away(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(PLANS, encoding="utf-8")
    upper = tmp_path / "upper.toml"
    head = 'extends = "base.toml"\nmoney.unit_cost = 7\n'
    upper.write_text(
        head + "[alternatives.cheap]\ncalling.attempts = 3\n[alternatives.busy]\ncalling = { attempts = 6 }\n"
        '[alternatives.bare]\ndemo.max_wait = "2 weeks"\n[alternatives.own]\ndemo.seats = 9\n'
    )
    loaded = load(upper)
    assert list(loaded.alternatives) == ["cheap", "busy", "bare", "larger", "own"]
    assert loaded.alternatives["cheap"].description == "goods for 3 EUR"
    cheap, busy, bare = (load_scenario(upper, alternative=name) for name in ("cheap", "busy", "bare"))
    assert (cheap.money.unit_cost.best, cheap.calling.attempts) == (3, 3)  # type: ignore[union-attr]
    assert (busy.money.unit_cost.best, busy.calling.attempts) == (7, 6)  # type: ignore[union-attr]
    assert (str(bare.demo.max_wait), bare.closing.patience) == ("2 weeks", None)  # type: ignore[union-attr]
    upper.write_text(head + 'alternatives.cheap = "off"\n')
    assert list(load(upper).alternatives) == ["busy", "bare", "larger"]
    upper.write_text(head + 'alternatives = "off"\n')
    assert load(upper).alternatives == {}


# ---------------------------------------------------------------- off


def test_off_returns_a_key_or_a_block_to_its_default() -> None:
    bare = plan("bare")
    assert bare.demo is not None
    assert (bare.demo.max_wait, bare.closing.patience, bare.inbound) == (None, None, None)
    assert (bare.teams["own"].overflow, bare.teams["own"].pause, list(bare.teams)) == (None, None, ["own"])


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ("demo.max_wait=off", ("demo", "max_wait")), ("closing.patience='off'", ("closing", "patience")),
        ("teams.own.overflow=off", ("teams", "own", "overflow")), ("closing=off", ("closing",)),
        ("demo.seats=off", ("demo", "seats")), ("calling.attempts=off", ("calling", "attempts")),
        ("teams.own={ size = 'off' }", ("teams", "own", "size")),
    ],
)  # fmt: skip
def test_off_is_as_if_the_key_had_never_been_written(override: str, path: tuple[str, ...]) -> None:
    tree = tomllib.loads(BASE)
    table = tree
    for key in path[:-1]:
        table = table[key]
    del table[path[-1]]
    assert parse_scenario(BASE, overrides=[override]) == Scenario.model_validate(tree)


def test_off_in_a_file_that_extends_and_on_again_above_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    upper = tmp_path / "upper.toml"
    upper.write_text(
        'extends = "base.toml"\ndemo.max_wait = "off"\nclosing = "off"\ninbound = { patience = "off" }\n'
        'teams.own.overflow = "off"\n'
    )
    scenario = load_scenario(upper)
    assert scenario.demo is not None
    assert (scenario.demo.max_wait, scenario.closing.closers, scenario.inbound) == (None, 0, None)
    again = load_scenario(upper, ["demo.max_wait=1 week", "closing.closers=1"])
    assert again.demo is not None
    assert (str(again.demo.max_wait), again.closing.closers, again.closing.patience) == ("1 week", 1, None)


def test_a_block_keeps_its_place_when_its_last_key_is_off() -> None:
    tree = {"closing": {"paper": {"minutes": 5}}}
    assert layers.merged(tree, {"closing": {"paper": {"minutes": "off"}}}) == {"closing": {"paper": {}}}
    assert layers.merged(tree, {"inbound": {"minutes": {"talk": "off"}}}) == tree
    assert layers.assigned(tree, ("inbound", "minutes", "talk"), "off") == tree
    assert layers.merged(tree, {"inbound": {}}) == {**tree, "inbound": {}}


def test_a_text_may_be_off() -> None:
    scenario = parse_scenario(BASE, overrides=["name=off", "description=off"])
    assert (scenario.name, scenario.description) == ("off", "off")


def test_no_word_that_a_key_knows_is_off() -> None:
    words = [word for row in json_schema()["definitions"].values() for word in row.get("enum", ())]
    assert "off" not in words
    assert parse_scenario(BASE, overrides=["segments.list.team=off"]).segments["list"].team is None
    [told] = problems(BASE, "teams.off={}")
    assert told == '--set: teams.off must have another name, as team = "off" means none'


# ---------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"money.unit_cost" = 3',
         'alternatives.x."money.unit_cost" is not a known key (did you mean `money.unit_cost`, without quotation marks?'
         ")"),
        ('"money.unit_cots" = 3',
         'alternatives.x."money.unit_cots" is not a known key (did you mean `money.unit_cost`, without quotation marks?'
         ")"),
        ("monney.unit_cost = 3", "alternatives.x.monney is not a known key (did you mean `money`?)"),
        ("demo.seets = 3", "alternatives.x.demo.seets is not a known key (did you mean `seats`?)"),
        ("demo.seats = 0", "alternatives.x.demo.seats must be a whole number >= 1, found 0"),
        ("description = 3", "alternatives.x.description must be text, found 3"),
        ('calling.answered = "off"',
         'alternatives.x.calling.answered is required, so it cannot be "off": dials that are answered'),
        ('calling.teams = "off"',
         'alternatives.x.calling.teams is required, so it cannot be "off": the teams that dial: a list (equal shares), '
         "or a table of shares that sum to 1"),
        ('teams.hepl = "off"', 'alternatives.x.teams.hepl must be there to be "off" (did you mean `help`?)'),
        ('teams.help = "off"', 'alternatives.x.teams.own.overflow.to must name one of own, found "help"'),
        ('currency = "USD"', 'alternatives.x.currency must be that of the base, EUR, found "USD"'),
        ('extends = "y.toml"', "alternatives.x.extends is not a known key"),
        ("demo.hosts = 3", "alternatives.x.demo.hosts must be at most the size of team own, 2, found 3"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_alternative_is_said_at_its_line(line: str, message: str) -> None:
    number = BASE.count("\n") + 2
    [told] = problems(f"{BASE}[alternatives.x]\n{line}\n")
    assert told.startswith(f"f.toml:{number}: {message}")


def test_forms_that_are_no_table_of_alternatives() -> None:
    assert problems(f"alternatives = 3\n{BASE}") == [
        "f.toml:1: alternatives must be tables such as [alternatives.cheaper], found 3"
    ]
    assert problems(f"alternatives.x = 3\n{BASE}") == [
        "f.toml:1: alternatives.x must be a table of the keys that it changes, found 3"
    ]
    [told] = problems(f"[alternatives.'a b']\n{BASE}")
    assert told.startswith('f.toml:1: alternatives."a b" must have a name of 1 to 64 letters')
    many = "".join(f"[alternatives.a{number}]\n" for number in range(65))
    assert problems(many + BASE) == ["f.toml:1: alternatives must be at most 64 tables, found 65"]


def test_all_is_said_at_once_and_what_is_wrong_in_the_base_only_once() -> None:
    text = PLANS.replace("seats = 30", "seats = 0").replace("unit_cost = 3\n", "unit_cost = -3\n")
    told = problems(f"{text}\n[alternatives.more]\ncaling.attempts = 3\n")
    assert [line.split(": ", 1)[1].split(" must")[0].split(" is not")[0] for line in told] == [
        "demo.seats", "alternatives.cheap.money.unit_cost", "alternatives.more.caling",
    ]  # fmt: skip
    for name in ("cheap", "busy"):
        assert problems(f"{text}\n[alternatives.more]\ncaling.attempts = 3\n", alternative=name) == told


def test_what_is_set_is_judged_with_the_base_and_the_chosen_alternative_only() -> None:
    assert plan("busy", "teams.own.size=1").teams["own"].size == 1
    text = f"{BASE}[alternatives.pair]\ndemo.hosts = 2\n"
    assert parse_scenario(text, overrides=["teams.own.size=1"]).teams["own"].size == 1
    assert problems(text, "teams.own.size=1", alternative="pair") == [
        "f.toml:35: alternatives.pair.demo.hosts must be at most the size of team own, 1, found 2"
    ]
    assert problems(text, "demo.seats=0", alternative="pair") == problems(text, "demo.seats=0")
    lacking = text.replace("answered = 0.5\n", "")
    assert parse_scenario(lacking, overrides=["calling.answered=0.5"]) == parse_scenario(BASE)


def test_an_alternative_stands_in_a_file() -> None:
    [told] = problems(BASE, "alternatives.x.demo.seats=3")
    assert told == '--set: must stand in a file, not on the command line, found "alternatives.x.demo.seats=3"'


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.sampled_from(["off", 3, -1, "x", True, []]),
    lambda inner: st.dictionaries(
        st.sampled_from(["x", "off", "teams", "own", "demo", "seats", "calling", "description", "alternatives"]), inner,
        max_size=3,
    ),
    max_leaves=6,
))  # fmt: skip
def test_no_table_of_alternatives_makes_a_crash(tree: Any) -> None:
    top = source(BASE, "f.toml")
    stacked = layers.stack(replace(top, tree={**tomllib.loads(BASE), "alternatives": tree}))
    for name in stacked.alternatives:
        layers.layered(stacked, (), name)
    assert "\n\n" not in _said(f"alternatives = {_toml(tree)}\n{BASE}")


def _said(text: str) -> str:
    try:
        parse_scenario(text)
    except ScenarioError as error:
        return str(error)
    return ""


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)


# ---------------------------------------------------------------- schema


def test_the_json_schema_knows_alternatives_and_off() -> None:
    schema = Draft7Validator(json_schema())
    assert [error.message for error in schema.iter_errors(tomllib.loads(PLANS))] == []
    for line in (
        'teams.own = "on"', 'demo.seats = "of"', "demo.seets = 3", 'inbound.waiting = "off"', "description = 3",
        'calling.answered = "off"', 'calling = "on"', "alternatives.y.demo.seats = 3",
    ):  # fmt: skip
        assert not schema.is_valid(tomllib.loads(f"{BASE}[alternatives.x]\n{line}\n")), line


# ---------------------------------------------------------------- on the same chance


def test_what_an_alternative_does_not_touch_is_equal(file: str) -> None:
    result, base = lived_both(load(file, (), "cheap"), replications=30)
    assert base is not None
    changed = {name for name, values in base.columns.items() if not np.array_equal(result.columns[name], values, True)}
    assert changed == {"cost", "profit", "cost_per_sale", "costs.goods"}


def test_an_alternative_changes_no_draw() -> None:
    base, busy = (_first_dials(of_kind(facts_of(plan(name), 5)[1], facts.DIAL)) for name in (None, "busy"))
    assert base == busy
    assert len(base) == 5 * 120


def _first_dials(some: dict[str, np.ndarray]) -> dict[tuple[int, int], tuple[int, int]]:
    keep = some["occurrence"] == 0
    columns = (some[name][keep].tolist() for name in ("history", "lead", "outcome", "duration"))
    return {(history, lead): (outcome, time) for history, lead, outcome, time in zip(*columns, strict=True)}


def test_numbers_are_those_of_the_two_runs(file: str) -> None:
    loaded = load(file, (), "busy")
    result, base = lived_both(loaded, replications=60, seed=4, digest=True)
    assert base is not None
    assert base.digests is None
    alone, plain = simulate(loaded.scenario, replications=60, seed=4), simulate(loaded.base, replications=60, seed=4)
    found = against_base(result, base)
    assert list(found) == list(compared(alone.columns, plain.columns))
    assert result.worlds is not None
    for name, row in found.items():
        new, old = alone.columns[name], plain.columns[name]
        assert (row["base"], row["alternative"]) == pytest.approx((old.mean(), new.mean()))
        assert row["difference"] == pytest.approx((new - old).mean())
        paired = difference(new, old, result.worlds)
        assert row["ci95"] == list(paired.ci95 or ())


def test_worlds_of_either_cluster_the_difference(file: str) -> None:
    known = ("money.revenue_per_sale=900", "segments.list.interested=0.7")
    result = simulate(plan(None, *known), replications=20)
    uncertain = simulate(plan(None), replications=20)
    assert (result.worlds, uncertain.worlds is None) == (None, False)
    columns = (result.columns["profit"], uncertain.columns["profit"])
    for pair, sign in (((result, uncertain), 1), ((uncertain, result), -1)):
        assert against_base(*pair)["profit"]["ci95"] == sorted(
            sign * end for end in difference(*columns, uncertain.worlds).ci95 or ()
        )


def test_profit_comes_first_then_what_differs_and_at_most_sixteen() -> None:
    one, zero = np.ones(3), np.zeros(3)
    losses = {f"losses.l{number}": np.full(3, float(number)) for number in range(20)}
    costs = {f"costs.c{number}": np.full(3, float(number)) for number in range(9)}
    base = {"dials": one, "sold": one, "profit": one, "cost": one, "losses.same": one, "teams.a.busy_minutes": one}
    base |= {"teams.a.days": one, **dict.fromkeys([*losses, *costs], zero)}
    mine = {**base, **losses, **costs, "cost": 2 * one, "teams.a.busy_minutes": zero, "irritations": zero}
    found = compared(mine, base)
    costs_shown = ("costs.c6", "costs.c7", "costs.c8", "costs.other")
    assert found[:8] == ("profit", "sold", "cost", *costs_shown, "teams.a.busy_minutes")
    assert len(found) == MOST
    assert found[8:] == tuple(f"losses.l{number}" for number in range(12, 20))
    assert compared(base, base) == FIRST


def test_what_only_one_side_has_is_0_in_the_other() -> None:
    """Follow-up that an alternative has not, and the other way round: the same rows, the other sign."""
    one = parse_scenario(PURSUED, overrides=EAGER)
    pair = [simulate(each, replications=6) for each in (one, one.model_copy(update={"follow_up": None}))]
    found, other = against_base(pair[1], pair[0]), against_base(pair[0], pair[1])
    assert list(found)[:2] == ["profit", "sold"]
    assert {"touches", "sold_follow_up", "irritations", "misfits"} <= set(found)
    assert sum(name.startswith("losses.") for name in found) >= 2
    assert len(found) == MOST
    assert set(found) == set(other)
    for name, row in found.items():
        assert (row["base"], row["difference"]) == (other[name]["alternative"], -other[name]["difference"])
    touches = pair[0].columns["touches"]
    assert (found["touches"]["base"], found["touches"]["alternative"]) == (pytest.approx(touches.mean()), 0)


def _row(difference: float, low: float, high: float) -> dict[str, object]:
    return {"base": 0.0, "alternative": difference, "difference": difference, "ci95": [low, high]}


@pytest.mark.parametrize(
    ("profit", "sold", "said"),
    [
        ((-3178, -3515, -2840), (7.7, 6, 9),
         "this loses 3,178 EUR (95 % interval 2,840 to 3,515), though it sells 7.7 more."),
        ((50, 40, 60), (2.5, 2, 3), "this gains 50 EUR (95 % interval 40 to 60), and sells 2.5 more."),
        ((50, 40, 60), (-2.5, -3, 1), "this gains 50 EUR (95 % interval 40 to 60)."),
        ((5, -40, 60), (-2.5, -3, -2), "it is not sure whether this gains or loses "
         "(95 % interval -40 to 60 EUR of profit); it sells 2.5 fewer."),
        ((0, 0, 0), (0, 0, 0), "this changes nothing of the profit."),
    ],
)  # fmt: skip
def test_the_difference_in_a_sentence(profit: Triple, sold: Triple, said: str) -> None:
    summary = {"against_base": {"profit": _row(*profit), "sold": _row(*sold)}, "currency": "EUR"}
    assert list(against.meaning(summary)) == [f"Against the base {said}"]


def test_no_sentence_without_a_base_or_an_interval() -> None:
    alone = {"base": 0.0, "alternative": 1.0, "difference": 1.0, "ci95": None}
    assert not list(against.meaning({"against_base": {}}))
    assert not list(against.meaning({"against_base": {"profit": alone, "sold": alone}}))


# ---------------------------------------------------------------- commands


def test_run_shows_the_table_and_names_the_alternative(file: str) -> None:
    done = call("run", file, "--alternative", "cheap", *COMMON)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["A plain funnel, alternative cheap", "  goods for 3 EUR"]
    assert max(map(len, lines)) <= 80
    start = lines.index(against.TITLE)
    assert lines[start + 1].split("  ") != []
    assert [line.split("  ")[0] for line in lines[start + 3 : start + 7]] == [
        "profit", "sold", "cost", "- goods",
    ]  # fmt: skip
    assert "alternative" not in call("run", file, *COMMON).stdout


def test_run_prints_and_writes_what_is_against_the_base(file: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = call("run", file, "--alternative", "cheap", *COMMON, "--json", "--out", str(out), "--set", "demo.seats=20")
    assert (done.exit_code, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (out / "summary.json").read_text() == done.stdout
    assert (found["alternative"], found["alternative_description"]) == ("cheap", "goods for 3 EUR")
    sold, cost = (found["against_base"][name] for name in ("sold", "cost"))
    assert (sold["difference"], sold["ci95"]) == (0, [0, 0])
    assert cost["difference"] == pytest.approx(-897 * found["metrics"]["sold"]["mean"])
    assert cost["alternative"] == pytest.approx(found["metrics"]["cost"]["mean"])
    alone = call("run", file, *COMMON, "--json", "--set", "demo.seats=20", "--set", "money.unit_cost=3")
    plain = json.loads(alone.stdout)
    assert (plain["alternative"], plain["against_base"]) == (None, {})
    assert plain["metrics"] == found["metrics"]
    base = json.loads(call("run", file, *COMMON, "--json", "--set", "demo.seats=20").stdout)
    assert base["metrics"]["cost"]["mean"] == pytest.approx(cost["base"])


def test_hours_are_shown_as_hours_and_one_history_without_interval(file: str) -> None:
    done = call("run", file, "--alternative", "busy", "--replications", "1", "--json")
    found = json.loads(done.stdout)
    row = next(cells for cells in against.rows(found) if cells[0] == "own: hours worked")
    minutes = found["against_base"]["teams.own.busy_minutes"]
    assert row[1] == f"{minutes['base'] / 60:.1f}"
    assert (row[4], minutes["ci95"]) == ("-", None)


def test_long_names_are_cut() -> None:
    one = {"base": 60.0, "alternative": 120.0, "difference": 60.0, "ci95": [30.0, 90.0]}
    found = {"teams.a_team_with_a_long_name.busy_minutes": one, "losses.left_waiting": one, "profit": one}
    assert list(against.rows({"against_base": found})) == [
        ("a_team_with_a...: hours worked", "1.00", "2.0", "1.00", "0.50 to 1.50"),
        ("lost: left before closer", "60.0", "120.0", "60.0", "30.0 to 90.0"),
        ("profit", "60", "120", "60", "30 to 90"),
    ]


@pytest.mark.parametrize("command", [("run",), ("check",), ("replay", "--replication", "0")])
def test_a_name_that_is_not_there_is_one_message(command: tuple[str, ...], file: str, tmp_path: Path) -> None:
    done = call(*command, file, "--alternative", "cheep")
    assert (done.exit_code, done.stdout) == (2, "")
    has = "its alternatives are cheap, busy, bare, larger (did you mean `cheap`?)"
    assert done.stderr == f'simfunnel: {file}: has no alternative "cheep": {has}\n'
    (tmp_path / "none.toml").write_text(BASE)
    done = call(*command, str(tmp_path / "none.toml"), "--alternative", "x")
    assert done.stderr.endswith('none.toml: has no alternative "x": it has none\n')


def test_check_judges_the_base_or_the_alternative_and_lists_them_all(file: str) -> None:
    lines = call("check", file, "--alternative", "larger", "--set", "teams.idle={}").stdout.splitlines()
    assert lines[0].startswith(f"{file}, alternative larger: OK, ")
    assert "teams.idle" in "".join(lines)
    assert lines[-10:] == [
        "  Alternative cheap: goods for 3 EUR", "    money.unit_cost = 3",
        "  Alternative busy", "    calling.attempts = 4",
        "  Alternative bare", "    demo.max_wait = off, closing.patience = off, inbound.patience = off,",
        "    teams.own.overflow = off, teams.own.pause = off, teams.help = off",
        "  Alternative larger",
        '    calling.teams = ["own", "new"], teams.new.size = 3,', "    teams.new.wage_per_hour = 15",
    ]  # fmt: skip
    assert max(map(len, lines[-10:])) <= 80
    found = json.loads(call("check", file, "--alternative", "busy", "--json").stdout)
    assert (found["ok"], found["alternative"], found["problems"]) == (True, "busy", [])
    assert found["alternatives"] == {"cheap": "goods for 3 EUR", "busy": "", "bare": "", "larger": ""}


@pytest.mark.parametrize("command", [("run",), ("check",), ("check", "--json"), ("replay", "--replication", "0")])
def test_every_command_refuses_a_file_with_a_wrong_alternative(command: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(f"{PLANS}\n[alternatives.bad]\ndemo.seats = 0\n")
    done = call(*command, str(path))
    assert done.exit_code == 2
    assert "alternatives.bad.demo.seats" in done.stdout + done.stderr


def test_replay_lives_a_row_of_the_alternative(file: str) -> None:
    done = call("replay", file, "--alternative", "busy", "--replication", "3")
    assert done.stdout.startswith("A plain funnel, alternative busy: replication 3 (world 1)\n")
    result = simulate(plan("busy"), replications=4)
    assert f"dialled {result.columns['dialled'][3]}" in done.stdout.splitlines()[-1]


def test_progress_covers_both_runs(file: str) -> None:
    told: list[tuple[int, int]] = []
    lived_both(load(file, (), "busy"), lambda *seen: told.append(seen), replications=8, block_size=4)
    assert told == [(4, 16), (8, 16), (12, 16), (16, 16)]
    told.clear()
    lived_both(load(file), lambda *seen: told.append(seen), replications=8, block_size=4)
    assert told == [(4, 8), (8, 8)]


def test_the_schema_alone_says_what_may_be_off() -> None:
    required = shape.field_at(("calling", "answered"))
    title, wait = shape.field_at(("name",)), shape.field_at(("demo", "max_wait"))
    assert required is not None
    assert title is not None
    assert wait is not None
    assert [shape.may_be_off(field) for field in (required, title, wait)] == [False, False, True]
