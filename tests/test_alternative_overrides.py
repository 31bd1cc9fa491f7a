"""An override of what an alternative says leaves nothing to compare, and a key that acts in one is not idle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simfunnel import cli
from simfunnel.experiments.advice import advise
from simfunnel.experiments.displaced import displaced
from simfunnel.scenario.loading import load

PLANS = """
horizon = "20 working days"
[segments.list]
leads = 40
[calling]
teams = ["own"]
answered = 0.5
listened = 0.6
accepted = 0.6
[teams.own]
size = 2
wage_per_hour = 20
[demo]
team = "own"
attended = 0.7
max_wait = "2 weeks"
[closing]
sold_if_interested = 0.5
closers = 1
[closing.minutes]
peak = 8
[money]
revenue_per_sale = 1500
[alternatives.busy]
calling.attempts = 4
[alternatives.rich]
money = { revenue_per_sale = 2000, unit_cost = 3 }
teams.new = { size = 3 }
calling.teams = ["own", "new"]
[alternatives.bare]
closing.minutes = "off"
demo.max_wait = "off"
"""
SAME = ("--replications", "4", "--workers", "1")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.program, arguments)


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "plans.toml").write_text(PLANS, encoding="utf-8")
    return str(tmp_path / "plans.toml")


@pytest.mark.parametrize(
    ("name", "overrides", "said"),
    [
        ("busy", ["calling.attempts=3"], "calling.attempts takes {busy} differ in nothing"),
        ("busy", ["calling={ attempts = 3, retry_after = '3 working days' }"],
         "calling.attempts takes {busy} differ in nothing"),
        ("rich", ["money.unit_cost=4"], "money.unit_cost takes {rich} differ only in what else it says"),
        ("rich", ["money.unit_cost=4", "calling.teams=['own']"],
         "calling.teams and money.unit_cost take {rich} differ only in what else it says"),
        ("rich", ["calling.teams={ own = 0.5, new = 0.5 }"], "calling.teams takes {rich} differ only in what else"),
        ("bare", ["closing.minutes.peak=9"], "closing.minutes.peak takes {bare} differ only in what else it says"),
        ("bare", ["closing={ minutes = { peak = 9 }, closers = 2 }"],
         "closing.minutes.peak takes {bare} differ only"),
        ("bare", ["closing.minutes={ peak = 9 }", "demo.max_wait=1 week"],
         "closing.minutes.peak and demo.max_wait take {bare} differ in nothing"),
    ],
)  # fmt: skip
def test_an_override_of_what_the_alternative_says_is_told(
    name: str, overrides: list[str], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "plans.toml"
    path.write_text(PLANS + "[teams.new]\n" if "own = 0.5" in overrides[0] else PLANS, encoding="utf-8")
    middle = f"the place of what alternative {name} says, and holds for the base as well, so they"
    [told] = displaced(load(path, overrides, name))
    assert told.startswith("--set " + said.format(**{name: middle}))
    assert told.endswith(f"set other keys, or set this without --alternative {name}.")


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        (None, ["calling.attempts=3"]),
        ("busy", []),
        ("busy", ["calling.retry_after=3 working days", "money.unit_cost=4"]),
        ("busy", ["calling={ retry_after = '3 working days' }", "calling={}"]),
        ("rich", ["money.bad_fit=4", "teams.own.size=3"]),
        ("bare", ["closing.closers=2", "demo={ seats = 9 }"]),
    ],
)
def test_an_override_beside_it_is_not(name: str | None, overrides: list[str], file: str) -> None:
    assert displaced(load(file, overrides, name)) == ()


def test_every_command_says_it(file: str) -> None:
    chosen = (file, "--alternative", "busy", "--set", "calling.attempts=3")
    begin = "--set calling.attempts takes the place of what alternative busy says"
    for command in (("run", *chosen, *SAME), ("check", *chosen)):
        assert begin in " ".join(call(*command).stdout.split())
        found = json.loads(call(*command, "--json").stdout)
        assert found["warnings"][0].startswith(begin)
    told = call("replay", *chosen, "--replication", "0")
    assert told.stderr.startswith(f"simfunnel: Warning: {begin}")
    assert call("replay", *chosen[:-2], "--replication", "0").stderr == ""


def test_a_number_that_begins_with_its_point_is_told_apart_from_an_end_that_is_missing(file: str) -> None:
    for value, hint in (("[.95, .9]", "write 0.5 for .5"), ("[0.95, 0.9", "is its end missing?")):
        assert f"as it begins with [: {hint} found" in call("check", file, "--set", f"teams.own.skill={value}").stderr


PRESSED = """
[after_sales]
team = "own"
[after_sales.satisfaction]
reality = 0.6
pressure = 0.2
[after_sales.repeat]
every = 20
bought = 0.5
leaves = 0.1
satisfied = 2
revenue = 9
"""
IDLE = "after_sales.satisfaction.pressure does nothing, as nobody is pressed"


def idle(text: str, tmp_path: Path, *overrides: str, alternative: str | None = None) -> list[str]:
    path = tmp_path / "pressed.toml"
    path.write_text(text, encoding="utf-8")
    loaded = load(path, overrides, alternative)
    return [said for said in advise(loaded.scenario, *loaded.as_written).warnings if "does nothing" in said]


def test_a_key_that_acts_in_an_alternative_does_something(tmp_path: Path) -> None:
    base = PLANS.replace("[alternatives.busy]", f"{PRESSED}[alternatives.busy]")
    pressing = f"{base}[alternatives.pressing]\nclosing.pressure = 1.5\n"
    assert [said[: len(IDLE)] for said in idle(base, tmp_path)] == [IDLE]
    for name in (None, "pressing", "busy"):
        assert idle(pressing, tmp_path, alternative=name) == []
    # Who changes the key itself is told what it does here.
    assert len(idle(pressing, tmp_path, "after_sales.satisfaction.pressure=0.3")) == 1


def test_check_shows_the_keys_of_an_alternative_whole(tmp_path: Path) -> None:
    keys = ("answered", "listened", "accepted", "warm.answered", "warm.listened", "warm.accepted", "attempts")
    text = "".join(f"calling.{key} = 1\n" for key in keys)
    path = tmp_path / "many.toml"
    path.write_text(f"{PLANS}[alternatives.many]\n{text}", encoding="utf-8")
    shown = [
        "  Alternative many",
        "    calling.answered = 1, calling.listened = 1, calling.accepted = 1,",
        "    calling.warm.answered = 1, calling.warm.listened = 1,",
        "    calling.warm.accepted = 1, calling.attempts = 1",
    ]
    assert call("check", str(path)).stdout.splitlines()[-4:] == shown
    more = "".join(f"{key} = 1\n" for key in ("money.unit_cost", "money.bad_fit", "demo.room"))
    path.write_text(f"{PLANS}[alternatives.many]\n{text}{more}", encoding="utf-8")
    found = call("check", str(path)).stdout.splitlines()
    assert found[-4:-1] == shown[:3]
    assert found[-1] == "    calling.warm.accepted = 1, calling.attempts = 1, money.unit_cost = 1, 2 more"
    assert max(map(len, found[-8:])) <= 80
