"""What `simfunnel schema` prints is what the loader keeps; the judge is taplo, the tool inside editors' plug-ins."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import math
import shutil
import subprocess
import sys
import tomllib
import typing
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from made_scenarios import trees

from simfunnel.cli import program
from simfunnel.errors import ScenarioError
from simfunnel.experiments.advice import advise
from simfunnel.scenario import keys, schema
from simfunnel.scenario.json_schema import json_schema, rendered
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.reference import reference
from simfunnel.scenario.templates import TEMPLATES, template

ROOT = Path(__file__).parents[1]
FOLDERS = ("scenarios", "benchmarks", "simfunnel/scenario/templates")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.toml"))
SCHEMA = json_schema()
STARTER = "\n".join(line for line in template().splitlines() if not line.startswith("#"))
# Every type of value that keys.py names.
KINDS = [
    name for name, kind in vars(keys).items()
    if any(isinstance(mark, keys.Parsed) for mark in getattr(kind, "__metadata__", ()))
]  # fmt: skip
# What JSON Schema cannot say: numbers and times that must fit together, and dates that do not exist.
BEYOND = ("must have low", "must have 0 < mean < 1", "must count successes", "must keep low", "must be hours of a day",
          "must be a date")  # fmt: skip


def taplo() -> str:
    """The command, or why there is none here."""
    beside = Path(sys.executable).with_name("taplo")
    command = str(beside) if beside.exists() else shutil.which("taplo")
    if command is None:
        pytest.skip("taplo is not installed (pip install taplo)")
    try:
        subprocess.run([command, "--version"], capture_output=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"taplo cannot run here: {error}")
    return command


def lint(folder: Path, *files: Path) -> tuple[int, str]:
    """What taplo says of files: its exit code and its messages."""
    (folder / "s.json").write_text(CliRunner().invoke(program, ["schema"]).stdout, encoding="utf-8")
    command = [taplo(), "lint", "--no-auto-config", "--colors", "never", "--schema", f"file://{folder}/s.json"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def as_json(value: Any) -> Any:
    """TOML's values as taplo hands them to JSON Schema: dates are text, nan and inf are null."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def accepts(text: str) -> bool:
    return bool(Draft7Validator(SCHEMA).is_valid(as_json(tomllib.loads(text))))


def test_it_is_a_json_schema_and_every_key_of_the_reference_is_in_it() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert sorted(paths(SCHEMA, "")) == sorted(row.path for row in reference())


def test_there_is_nothing_in_it_that_stops_an_editor() -> None:
    """The language server of taplo 0.9 overflows its stack when it completes a key whose schema has `allOf`."""
    assert "allOf" not in json.dumps(SCHEMA)


def block_of(node: dict[str, Any]) -> dict[str, Any] | None:
    """The block that a node refers to."""
    target = node.get("$ref", "")
    block: dict[str, Any] = SCHEMA["definitions"].get(target.rpartition("/")[2], {})
    return block if "properties" in block else None


def paths(block: dict[str, Any], above: str) -> Iterator[str]:
    """Every key, each of which must be explained; its default must be what its own schema accepts."""
    assert block["additionalProperties"] is False
    for name, node in block["properties"].items():
        assert node["description"], name
        if "default" in node:
            alone = Draft7Validator({**node, "definitions": SCHEMA["definitions"]})
            assert alone.is_valid(node["default"]), (name, node["default"])
        inner, many = block_of(node), block_of(node.get("additionalProperties") or {})
        if inner is None and many is None:
            yield f"{above}{name}"
        elif inner is not None:
            yield from paths(inner, f"{above}{name}.")
        elif many is not None:
            yield from paths(many, f"{above}{name}.<{name.removesuffix('s')}>.")


def test_shipped_scenarios_benchmarks_and_templates_pass_taplo(tmp_path: Path) -> None:
    assert len(FILES) >= 12
    assert lint(tmp_path, *FILES)[0] == 0, lint(tmp_path, *FILES)[1]
    assert [path.name for path in FILES if not accepts(path.read_text(encoding="utf-8"))] == []


def swapped(old: str, new: str) -> str:
    assert STARTER.count(old) == 1, old
    return STARTER.replace(old, new)


HOT = '[segments.web]\ntemperature = "hot"\narrivals = 3'
ANSWERED = f'{STARTER}\n{HOT}\n[inbound]\nteams = ["callers"]\naccepted = 0.5\n[inbound.waiting]\n'
FOLLOWED = f'{STARTER}\n[follow_up]\nteam = "sellers"\ninterval = "1 month"\nchannel = "phone"\nsold = 0.3\n'
CARED = f'{STARTER}\n[after_sales]\nteam = "sellers"\n'
BROKEN = {
    "unknown key": swapped("attempts = 1 ", "atempts = 1 "),
    "unknown table": f"{STARTER}\n[demmo]\nseats = 3\n",
    "missing key": swapped('accepted = "15 of 20"', ""),
    "missing table": f'{STARTER}\n{HOT}\n[inbound]\nteams = ["callers"]\naccepted = 0.5\n',
    "missing source": f'{ANSWERED}odds = {{ "1 h" = 0.5 }}\n',
    "empty source": f'{ANSWERED}source = ""\nodds = {{}}\n',
    "time waited too long": f'{ANSWERED}source = "x"\nodds = {{ "31 days" = 0.5 }}\n',
    "time waited": f'{ANSWERED}source = "x"\nodds = {{ "1 week" = 0.5 }}\n',
    "time waited of half a minute": f'{ANSWERED}source = "x"\nodds = {{ "0.5 min" = 0.5 }}\n',
    "temperature": swapped('temperature = "cold"', 'temperature = "Hot"'),
    "negative arrivals": swapped("leads = 1500", "arrivals = -1"),
    "arrivals on no weekday": swapped("leads = 1500", "arrivals_by_weekday = { mo = 3 }"),
    "arrivals as text": swapped("leads = 1500", 'arrivals = "3 a day"'),
    "offer": swapped("attempts = 1 ", 'offer = "elephant"\nattempts = 1 '),
    "patience too long": f"{STARTER}\n".replace("[closing]", '[closing]\npatience = "31 days"\nclosers = 1'),
    "pressure below 1": f"{STARTER}\n".replace("[closing]", "[closing]\npressure = 0.9"),
    "pressure that may be below 1": f"{STARTER}\n".replace(
        "[closing]", "[closing]\npressure = { gamma = { mean = 2, sd = 1 } }"
    ),
    "closing method": f"{STARTER}\n[closing.methods]\nelephant = {{ share = 1 }}\n",
    "closing method without a share": f"{STARTER}\n[closing.methods]\noffer = {{ cold = 2 }}\n",
    "overflow to nobody": f'{STARTER}\n[teams.callers.overflow]\nafter = "1 week"\n',
    "overflow that is a team": swapped('kind = "in-house" ', 'overflow = "sellers"\nkind = "in-house" '),
    "meeting without a team": f"{STARTER}\n[meeting]\nattended = 0.5\n",
    "missing key of a block": swapped('attended = "10 of 15"', ""),
    "word": swapped('kind = "in-house" ', 'kind = "inhouse" '),
    "word in a list": swapped("attempts = 1 ", 'order = ["fresh", "stale"]\nattempts = 1 '),
    "weekday": swapped('"thursday"', '"thirsday"'),
    "whole number": swapped("leads = 1500", "leads = 1500.5"),
    "whole number too low": swapped("hosts = 2", "hosts = -1"),
    "whole number too high": swapped("attempts = 1 ", "attempts = 61 "),
    "whole number as text": swapped("leads = 1500", 'leads = "1500"'),
    "share above 1": swapped('attended = "10 of 15"', "attended = 1.5"),
    "share above 100 %": swapped('interested = "70 %"', 'interested = "107 %"'),
    "negative share": swapped('interested = "70 %"', 'interested = "-7 %"'),
    "share as text": swapped('interested = "70 %"', 'interested = "0.7"'),
    "share that is no number": swapped('interested = "70 %"', "interested = nan"),
    "share that is true": swapped('interested = "70 %"', "interested = true"),
    "counts": swapped('"20 of 1000"', '"20 from 1000"'),
    "counts of none": swapped('"20 of 1000"', '"20 of 0"'),
    "odds ratio of 0": f"{STARTER}\n[teams.callers.odds]\nlistened = 0\n",
    "negative money": swapped("unit_cost = 900", "unit_cost = -900"),
    "money with a unit": swapped("unit_cost = 900", 'unit_cost = "900 EUR"'),
    "unit of a duration": swapped('"25 s"', '"25 sekunden"'),
    "duration too long": swapped('"25 s"', '"4.5 h"'),
    "duration without unit": swapped('length = "2 h"', "length = 120"),
    "duration with half minutes": swapped('length = "2 h"', 'length = "90.5 min"'),
    "interval": swapped('"1 week"', '"1 fortnight"'),
    "interval of 0": swapped('"1 week"', '"0 weeks"'),
    "interval of half a week": swapped('"1 week"', '"1.5 weeks"'),
    "hours": swapped('"12:30-13:00"', '"12:30"'),
    "hour": swapped('at = "15:00"', 'at = "25:00"'),
    "date": swapped("start = 2026-01-12", 'start = "12.1.2026"'),
    "date with a time": swapped("start = 2026-01-12", "start = 2026-01-12T09:00:00"),
    "date long ago": swapped("start = 2026-01-12", "start = 1906-01-12"),
    "currency": swapped('"EUR"', '"Euro"'),
    "distribution with too little": swapped("{ mean = 0.7 }", "{ }"),
    "distribution with too much": swapped("sd = 3 }", "sd = 3, sigma = 1 }"),
    "distribution unknown": swapped("lognormal", "weibull"),
    "distribution that leaves the bounds": swapped("low = 1500", "low = -1500"),
    "distribution with mean 0": swapped("mean = 0.7", "mean = 0"),
    "beta of money": swapped("unit_cost = 900", "unit_cost = { beta = { mean = 0.5, sd = 0.1 } }"),
    "distribution of a whole number": swapped("leads = 1500", "leads = { low = 1000, high = 2000 }"),
    "list for a text": swapped('team = "sellers"', 'team = ["sellers"]'),
    "text for a list": swapped('teams = ["callers"]', 'teams = "callers"'),
    "value for a table": "calling = 3\n[teams.a]\nsize = 1\n",
    "name of a team": STARTER.replace("[teams.callers]", '[teams."our callers"]'),
    "ready in minutes": swapped('temperature = "cold"', 'ready = "30 min"'),
    "ready too late": swapped('temperature = "cold"', 'ready = "5215 weeks"'),
    "preferred channel by chance": swapped('temperature = "cold"', 'channels = { phone = "1 of 2" }'),
    "touches of 0": f"{FOLLOWED}touches = 0\n",
    "follow-up every so many hours": FOLLOWED.replace('"1 month"', '"3 h"'),
    "follow-up without an interval": FOLLOWED.replace('interval = "1 month"\n', ""),
    "channel that reaches nobody knows how many": f"{FOLLOWED}channels = {{ phone = {{ cost = 1 }} }}\n",
    "too many channels": f"{FOLLOWED}channels = {{ {', '.join(f'c{n} = {{ reached = 1 }}' for n in range(17))} }}\n",
    "asking perhaps": f'{FOLLOWED}ask = "perhaps"\n',
    "care by nobody knows whom": f"{STARTER}\n[after_sales]\n[after_sales.friendly]\nevery = '1 year'\n",
    "care of whom": f"{CARED}by = 'somebody'\n",
    "consistency as one share": f"{CARED}consistency = 0.5\n",
    "satisfaction beyond 1": f"{CARED}satisfaction = {{ reality = {{ low = 0.5, high = 1.5 }} }}\n",
    "contact every so many hours": f"{CARED}friendly = {{ every = '3 h' }}\n",
    "contact on days that are numbers": f"{CARED}friendly = {{ days = [7, 30] }}\n",
    "message with a touch": f"{CARED}marketing = {{ every = '1 week', reached = 0.5 }}\n",
    "remorse without a window": f"{CARED}remorse = {{ cancels = 0.1 }}\n",
    "remorse for hours": f"{CARED}remorse = {{ window = '48 h', cancels = 0.1 }}\n",
    "BG/NBD by the month": f"{CARED}repeat.bg_nbd = {{ r = 1, alpha = 1, a = 1, b = 1, per = 'month' }}\n",
    "BG/NBD of 0": f"{CARED}repeat.bg_nbd = {{ r = 0, alpha = 1, a = 1, b = 1 }}\n",
    "BG/NBD without b": f"{CARED}repeat.bg_nbd = {{ r = 1, alpha = 1, a = 1 }}\n",
    "names beyond number": f"{CARED}referral = {{ segment = 'list', given = 0.5, names = 1001 }}\n",
    "limit of no leads": f"{CARED}referral = {{ segment = 'list', given = 0.5, limit = 0 }}\n",
    "quality for years and years": f"{CARED}quality = {{ months = 121 }}\n",
    "empty base": 'extends = ""\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_kind_of_error_is_found_by_taplo_and_by_the_loader(name: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(BROKEN[name], encoding="utf-8")
    assert not accepts(BROKEN[name])
    with pytest.raises(ScenarioError):
        parse_scenario(BROKEN[name], file=str(file))
    code, said = lint(tmp_path, file)
    assert (code, "broken.toml:" in said) == (1, True)


def test_a_file_that_extends_need_not_repeat_what_is_required(tmp_path: Path) -> None:
    parts = "[segments.list]\ninterested = 0.5\n[calling]\nattempts = 2\n[demo]\nseats = 30\n"
    file = tmp_path / "upper.toml"
    file.write_text(f'extends = "base.toml"\n{parts}', encoding="utf-8")
    assert lint(tmp_path, file)[0] == 0
    file.write_text(parts, encoding="utf-8")
    code, said = lint(tmp_path, file)
    assert code == 1
    for key in ("teams", "answered", "attended"):
        assert f'"{key}" is a required property' in said


def test_a_date_may_have_quotation_marks_or_not(tmp_path: Path) -> None:
    for start in ("2026-01-12", '"2026-01-12"'):
        file = tmp_path / "dated.toml"
        file.write_text(swapped("start = 2026-01-12", f"start = {start}\nholidays = [{start}]"), encoding="utf-8")
        assert lint(tmp_path, file)[0] == 0


NUMBERS = ["0", "1", "1.5", "0.25", ".5", "07", "-1", "1e3", "29.5", "30", "30.0", "30.1", "31", "100", "100.0",
           "100.1", "240", "240.1", "14400", "14401",
           "4", "4.0", "4.1", "12", "12.25", "11.75", "720", "721", "36600", "36601", "1200", "1201", "5228", "5229",
           "101", "0 of 1", "3 of 10", "1,000 of 1,500", "1_000 of 2000", "1 of 0"]  # fmt: skip
UNITS = ["", " ", "%", " %", " s", "s", " sec", " min", " minutes", " h", "hours", " ms", " working days", " day",
         " weeks", " month", " years", " Minutes", " of 10", " of 1000"]  # fmt: skip
WORDS = ["9:00", "09:00", "24:00", "24:01", "25:00", "9:60", "15:00:00", "09:00-17:00", "17:00-09:00", "9:00 - 24:00",
         "2026-01-12", "2026-02-30", "1949-12-31", "1950-01-01", "2150-12-31", "2151-01-01", "2026-1-1", "monday",
         "sun", "Sunday", "mond", ""]  # fmt: skip
scalars = (
    st.sampled_from([0, 1, -1, 2, 10, 240, 241, 0.5, 1.5, 1e6, 1e9, 2e9, 1e13, True, False])
    | st.floats(0, 1)
    | st.tuples(st.sampled_from(NUMBERS), st.sampled_from(UNITS)).map("".join)
    | st.sampled_from(WORDS)
)
PARAMETERS = [("low", "high"), ("low", "likely", "high"), ("mean", "sd"), ("mean", "sigma"), ("mean",), ("sd",), ()]
FAMILIES = ["uniform", "triangular", "exponential", "lognormal", "gamma", "beta", "discrete", "normal"]


def distributions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    tables = st.sampled_from(PARAMETERS).flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, inner)))
    named = st.tuples(st.sampled_from(FAMILIES), tables | st.lists(inner, max_size=3)).map(
        lambda pair: {pair[0]: pair[1]}
    )
    return tables | named


values = scalars | distributions(scalars | distributions(scalars))


@functools.cache
def of_kind(kind: str) -> tuple[keys.Parsed, Draft7Validator]:
    """The parser of a kind of value, and its JSON Schema standing alone."""
    parsed = typing.get_args(getattr(keys, kind))[1]
    definitions: dict[str, Any] = {}
    alone = rendered({"anyOf": [parsed.form]}, definitions)
    return parsed, Draft7Validator({**alone, "definitions": definitions})


def refusal(parsed: keys.Parsed, value: Any) -> str:
    """Why the parser refuses a value; empty if it does not."""
    try:
        parsed.func(value)  # type: ignore[call-arg]
    except ValueError as error:
        return str(error)
    return ""


def is_wrongly_accepted(value: Any, parsed: keys.Parsed, alone: Draft7Validator) -> bool:
    """Does the JSON Schema accept what the parser refuses for a reason that JSON Schema could say?"""
    reason = refusal(parsed, value)
    return bool(reason) and not reason.startswith(BEYOND) and bool(alone.is_valid(value))


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_accepted_that_the_loader_refuses(kind: str) -> None:
    """Every number at the edge of some bound with every unit."""
    texts = [*map("".join, itertools.product(NUMBERS, UNITS)), *WORDS]
    assert [text for text in texts if is_wrongly_accepted(text, *of_kind(kind))] == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300, deadline=None)
@given(value=values)
def test_what_the_schema_accepts_the_loader_accepts(kind: str, value: Any) -> None:
    assert not is_wrongly_accepted(value, *of_kind(kind))


USUAL: dict[str, list[Any]] = {
    "Share": [0, 1, 0.35, "35 %", "2.5%", "100 %", "20 of 1000", "1,000 of 1,500", {"low": 0.2, "high": 0.5},
              {"low": 0, "likely": "5 %", "high": 1}, {"mean": 0.4, "sd": 0.1},
              {"beta": {"mean": "60 %", "sd": "8 %"}}, {"discrete": [0.1, "20 %"]}],
    "ShareEach": [0, 1, "35 %", "3 of 10", {"mean": 0.6, "sd": 0.2}, {"low": 0.2, "likely": "50 %", "high": "90 %"},
                  {"beta": {"mean": {"low": 0.4, "high": 0.6}, "sd": 0.1}}, {"discrete": [0, "1 of 2", 1]}],
    "FixedLapse": [0, 14, "14 days", "2 weeks", 0.5, {"low": "1 week", "high": 30}, {"mean": 30, "sd": 5}],
    "Positive": [0.243, 1e6, {"low": 0.1, "high": 4}, {"lognormal": {"mean": 4, "sd": 1}}, {"mean": 0.8, "sd": 0.1}],
    "Average": [0, 0.8, 1000, {"low": 0, "likely": 1, "high": 3}, {"mean": 1.5, "sd": 0.5}],
    "FixedShare": [0, 1, 0.35, "35 %", "2.5%", "100 %"],
    "Factor": [0, 3, "135 %", {"low": "30 %", "high": "145 %"}, {"gamma": {"mean": 1, "sd": 2}}],
    "Odds": [0.1, 10, {"low": 0.5, "likely": 1, "high": 2}, {"lognormal": {"mean": 1, "sigma": 0.2}}],
    "Pressure": [1, 1.5, {"low": 1, "likely": 2, "high": 3}, {"uniform": {"low": 1, "high": 2}}, {"discrete": [1, 2]}],
    "Patience": [0, 30, "30 min", "24 h", "720 h", "2 days", "1.5 day", {"exponential": {"mean": "1 day"}},
                 {"lognormal": {"mean": {"low": "1 h", "high": "30 h"}, "sd": "2 h"}}, {"low": 10, "high": "2 h"}],
    "Lapse": [0, 30, 0.5, 36_500, "1 day", "1.5 days", "6 weeks", "5214 weeks", {"low": 10, "high": "8 weeks"},
              {"exponential": {"mean": "4 weeks"}}, {"lognormal": {"mean": {"low": 60, "high": 120}, "sd": 40}}],
    "Rate": [0, 2.5, 100_000, {"low": 2, "likely": 3, "high": 6}, {"gamma": {"mean": 3, "sd": 1}}],
    "MinutesWaited": ["1 min", "5 min", "90 minutes", "1 h", "24 h", "720 h", "1 day", "30 days"],
    "MethodName": ["choice", "stock", "pros_and_cons", "inventory", "yes_chain", "complement", "offer"],
    "Spread": [0, 1.5, 5, {"low": 0, "high": 2}],
    "Pace": [0.1, 1, 10, {"low": 0.5, "likely": 1, "high": 2}],
    "HourOfDay": ["0", "9", "14", "23"],
    "Money": [0, 14.5, 1e9, {"mean": 400, "sd": 120}, {"exponential": {"mean": 9}},
              {"lognormal": {"mean": 9, "sd": 3}}],
    "MoneyAboveZero": [14.5, 1e9, {"low": 1, "high": 2}, {"mean": 400, "sd": 120}, {"exponential": {"mean": 9}}],
    "MoneyPerEvent": [900, {"lognormal": {"mean": {"low": 1800, "likely": 2300, "high": 3200}, "sd": 700}},
                      {"lognormal": {"mean": 5, "sigma": {"low": 0.1, "high": 0.5}}},
                      {"discrete": [1, {"low": 2, "high": 3}]}],
    "FixedMinutes": [0, 0.5, 240, "25 s", "4 h", "90 minutes", {"low": "15 s", "high": "30 s"}],
    "Minutes": [0.5, "1 min", {"discrete": ["20 s", 1]},
                {"exponential": {"mean": {"low": 0.4, "likely": 0.7, "high": 1.2}}}],
    "Days": ["1 working day", "60 working days", "1 week", "10 days", "3 months", "100 years"],
    "DaysIfAny": ["0 days", "1 week"],
    "Overbooking": [0, 0.2, 10, "20 %", "1000 %"],
    "WholeMinutes": ["0 min", "90 min", "12 h", "1.5 h", "1 hour", "720 minutes"],
    "TimeOfDay": ["15:00", "9:30", "24:00"],
    "PartOfDay": ["09:00-17:00", "00:00-24:00", "9:00 - 12:30"],
    "Weekday": ["monday", "sun"],
    "Day": ["2026-01-12", "2150-12-31"],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_usually_written_both_accept(kind: str) -> None:
    parsed, alone = of_kind(kind)
    assert [(value, refusal(parsed, value), alone.is_valid(value)) for value in USUAL[kind]] == [
        (value, "", True) for value in USUAL[kind]
    ]


@settings(max_examples=40, deadline=None)
@given(trees(coarse=False))
def test_scenarios_that_load_pass(tree: dict[str, Any]) -> None:
    schema.Scenario.model_validate(tree)
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(tree)] == []


def test_the_command_prints_it() -> None:
    done = CliRunner().invoke(program, ["schema"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == SCHEMA


def test_templates_are_listed_one_line_each() -> None:
    done = CliRunner().invoke(program, ["init", "--list"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == list(TEMPLATES)
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", TEMPLATES)
def test_init_writes_the_template_which_passes_check_without_a_doubt(name: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    done = CliRunner().invoke(program, ["init", str(file), "--template", name])
    assert (done.exit_code, done.stderr) == (0, "")
    text = file.read_text(encoding="utf-8")
    assert text == template(name)
    assert advise(parse_scenario(text)).warnings == ()
    lines = text.splitlines()
    assert all(lines[i - 1].startswith("#") for i, line in enumerate(lines) if line.startswith("["))


def test_the_package_holds_each_template_and_no_other() -> None:
    folder = resources.files("simfunnel.scenario.templates")
    held = {path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")}
    assert held == set(TEMPLATES)


def test_a_template_that_is_not_there_is_refused_with_the_names_of_those_that_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(program, ["init", str(tmp_path / "x.toml"), "--template", "outbound"])
    assert done.exit_code == 2
    assert all(name in done.stderr for name in TEMPLATES)
    assert list(tmp_path.iterdir()) == []
