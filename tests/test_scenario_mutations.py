"""Whatever stands in a file, it loads or is refused in single printable lines; nothing else ever comes out."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cared_scenario import CARED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simfunnel.errors import ScenarioError
from simfunnel.experiments.advice import advise
from simfunnel.scenario.loading import load_scenario, parse_scenario
from simfunnel.scenario.reference import reference
from simfunnel.scenario.templates import template

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
TEXTS = [
    template(),
    template("follow-up"),
    template("customers"),
    CARED,
    *(path.read_text(encoding="utf-8") for path in SCENARIOS if "extends" not in path.read_text("utf-8")),
]
TREES = [tomllib.loads(text) for text in TEXTS]
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOKENS = [
    "nan", "-inf", "1e400", "-1", "0", "9" * 4400, "0x" + "f" * 5000, "true", '""', '"x"', '"""', "'''",
    "[", "]", "{", "}", "=", "\n", "[[demo]]\n", "[demo]\n", "[teams]\n", "extends = 'x.toml'\n",
    "{ low = 1 }", "{ low = 2, high = 1 }", "{ gamma = { mean = { low = 0, high = 1 }, sd = 1 } }", '"0 of 0"',
    "1979-05-27T07:32:00Z", "07:32:00", "\x00", "\x1b[31m", "é", "#", '"5 of 3"', '"-3 %"', '"1 century"',
    '"24:30-25:00"', "[[[[[[[[[[]]]]]]]]]]", "a.b.c.d.e.f.g.h.i.j.k = 1\n",
]  # fmt: skip
KEYS = sorted(
    {key for row in reference() for key in row.path.split(".") if "<" not in key} | {"low", "mean", "x y", "", "é\n"}
)

nasty = st.recursive(
    st.sampled_from(
        [math.nan, math.inf, -math.inf, -1, 0, 1, 2, 10**400, -(10**30), 1e308, 0.5, True, False, "", "\x1b", "x"]
    )
    | st.sampled_from(
        ["35 %", "-1 %", "2 of 3", "3 of 2", "1 week", "30 s", "09:00-17:00", "monday", "callers", "sellers"]
    )
    | st.sampled_from([dt.date(2026, 1, 1), dt.date(9999, 12, 31), dt.datetime(2026, 1, 1, 5), dt.time(5, 6)])
    | st.integers()
    | st.floats()
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return hex(value) if isinstance(value, int) and value > 10**300 else str(value)


def judge(text: str, overrides: Sequence[str] = ()) -> None:
    """Load and advise; a refusal must be made of single printable lines in the house's words."""
    try:
        scenario = parse_scenario(text, overrides=overrides)
    except ScenarioError as refusal:
        check_refusal(refusal)
        return
    advice = advise(scenario)
    assert all(line.isprintable() for line in (*advice.warnings, *advice.odds))


def check_refusal(refusal: ScenarioError) -> None:
    assert refusal.problems
    for problem in refusal.problems:
        line = str(problem)
        assert line.isprintable(), line
        assert len(line) < 1000
        assert problem.message
        assert not any(
            word in line for word in ("http", "Input should", "pydantic", "function-before", "Field required")
        )


@given(st.data())
@QUICK
def test_mutated_text(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 2, 5, 20, 200]))
        text = text[:start] + data.draw(st.sampled_from(TOKENS) | st.text(max_size=5)) + text[end:]
    judge(text)


@given(st.data())
@QUICK
def test_mutated_values(data: st.DataObject) -> None:
    """A line's value is replaced, the line deleted or written twice."""
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        key = lines[number].split("=")[0]
        value = data.draw(st.sampled_from(TOKENS) | nasty.map(toml))
        lines[number : number + 1] = data.draw(
            st.sampled_from([[], [lines[number]] * 2, [f"{key}= {value}"], [f"{key}= {value}"]])
        )
    judge("\n".join(lines))


@given(st.data())
@QUICK
def test_mutated_trees(data: st.DataObject) -> None:
    """Keys at any depth are deleted, added or given values of wrong kinds."""
    tree = copy.deepcopy(data.draw(st.sampled_from(TREES)))
    for _ in range(data.draw(st.integers(1, 4))):
        table = tree
        while data.draw(st.integers(0, 3)):
            inner = [value for value in table.values() if isinstance(value, dict)]
            if not inner:
                break
            table = data.draw(st.sampled_from(inner))
        key = data.draw(st.sampled_from([*table, *KEYS]))
        if data.draw(st.booleans()):
            table[key] = data.draw(nasty)
        else:
            table.pop(key, None)
    judge("\n".join(f"{json.dumps(key, ensure_ascii=True)} = {toml(value)}" for key, value in tree.items()))


@given(
    st.lists(
        st.text(max_size=20)
        | st.builds(
            "{}={}".format, st.sampled_from([r.path for r in reference()]), st.sampled_from(TOKENS) | nasty.map(toml)
        ),
        max_size=3,
    )
)
@QUICK
def test_mutated_overrides(overrides: list[str]) -> None:
    overrides = [o.replace("<segment>", "list").replace("<team>", "callers") for o in overrides]
    judge(template(), overrides)
    judge(CARED, overrides)


@given(st.text(max_size=200))
@QUICK
def test_any_text(text: str) -> None:
    judge(text)


def test_any_bytes(tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.toml"

    @given(st.binary(max_size=100))
    @QUICK
    def check(content: bytes) -> None:
        path.write_bytes(content)
        try:
            load_scenario(path)
        except ScenarioError as refusal:
            check_refusal(refusal)

    check()


def test_deep_and_wide() -> None:
    for text in ("a=" + "[" * n + "]" * n for n in (5, 50, 150, 200, 250, 300, 400, 5000)):
        judge(text)
    for text in ("money.unit_cost=" + "{low=" * n + "1" + "}" * n for n in (5, 50, 150, 200, 250, 300, 400, 5000)):
        judge(text)
    judge("[" + "a." * 31 + "b]")
    judge("money.unit_cost = { discrete = [" + "1," * 100_000 + "] }")
    judge("\n".join(f"[segments.s{i}]\nleads = -1" for i in range(3000)))
    judge("teams = {" + ", ".join(f"t{i} = {{ size = 0 }}" for i in range(5000)) + "}")
