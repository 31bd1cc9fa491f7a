"""The reference names every key; the starter and every shipped scenario load and pass check without a warning."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simfunnel.experiments.advice import advise
from simfunnel.scenario.after_sales_consistency import DATED
from simfunnel.scenario.loading import load, load_scenario, parse_scenario
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.reference import Row, reference, reference_markdown
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.templates import template

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
ROWS = {row.path: row for row in reference()}


VALUES = ("Quantity", "Variable", "Interval", "Hours", "Range")


def schema_keys(schema: dict[str, Any], node: dict[str, Any], above: str = "") -> Iterator[str]:
    """Every path of pydantic's own JSON schema, as a second witness."""
    for name, inner in node.get("properties", {}).items():
        path, target = f"{above}{name}", inner
        for option in (inner, *inner.get("anyOf", []), *inner.get("allOf", [])):
            target = option if "$ref" in option or "$ref" in _values(option) else target
        named = "$ref" in _values(target)
        reference_to = _values(target).get("$ref") or target.get("$ref")
        if reference_to is None or reference_to.rsplit("/", 1)[1] in (
            "Quantity",
            "Variable",
            "Interval",
            "Hours",
            "Range",
        ):
            yield path
        else:
            block = schema["$defs"][reference_to.rsplit("/", 1)[1]]
            yield from schema_keys(schema, block, f"{path}.<{name.removesuffix('s')}>." if named else f"{path}.")


def _values(node: dict[str, Any]) -> dict[str, Any]:
    inner = node.get("additionalProperties")
    return inner if isinstance(inner, dict) else {}


def test_every_key_of_the_schema_has_a_row() -> None:
    from pydantic.json_schema import GenerateJsonSchema

    class Lenient(GenerateJsonSchema):
        def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> dict[str, Any]:
            return {}

        def encode_default(self, dft: Any) -> Any:
            return None

    schema = Scenario.model_json_schema(schema_generator=Lenient)
    assert sorted(["extends", "alternatives", *schema_keys(schema, schema)]) == sorted(ROWS)


def test_every_row_explains_itself() -> None:
    for row in ROWS.values():
        assert row.description, row.path
        assert (
            row.unit
            or row.path.endswith((".team", ".teams", ".to", ".channel"))
            or row.path in ("name", "description", "currency")
            or row.bounds
        ), row.path


@pytest.mark.parametrize(
    ("path", "unit", "bounds", "default", "uncertain"),
    [
        ("horizon", "days", ">= 1 day", '"60 working days"', "no"),
        ("start", "date", "", "2026-01-05", "no"),
        ("working_days", "weekdays", "", '["monday", "tuesday", "wednesday", "thursday", "friday"]', "no"),
        ("segments.<segment>.leads", "leads", "0 to 50,000,000", "0", "no"),
        ("segments.<segment>.temperature", "", '"cold", "warm", "hot"', '"cold"', "no"),
        ("segments.<segment>.arrivals", "leads per working day", "0 to 100,000", "0", "world"),
        ("segments.<segment>.arrivals_by_weekday", "leads per working day", "", "{}", "world"),
        ("segments.<segment>.arrival_hours", "time of day", "", '"00:00-24:00"', "no"),
        ("calling.offer", "", '"demo", "meeting", "sale"', '"demo"', "no"),
        (
            "calling.order",
            "",
            '"meetings", "complaints", "care", "follow_ups", "quota", "retries", "fresh"',
            '["meetings", "complaints", "care", "follow_ups", "quota", "retries", "fresh"]',
            "no",
        ),
        ("after_sales.team", "", "", "required", "no"),
        ("after_sales.by", "", '"closer", "anyone"', '"closer"', "no"),
        ("after_sales.consistency", "share", "one a member", "[]", "world"),
        ("after_sales.satisfaction.reality", "satisfaction", "0 to 1", "0.5", "event"),
        ("after_sales.delivery.days", "days", "0 to 36,500", "0", "event"),
        ("after_sales.delivery.promised", "days", "0 to 36,500", "0", "world"),
        ("after_sales.remorse.window", "days", "0 to 36,500", "required", "world"),
        ("after_sales.seller_initiated.days", "days", "each >= 1 day", "[]", "no"),
        ("after_sales.seller_initiated.asks", "", "true or false", "false", "no"),
        ("after_sales.repeat.bg_nbd.r", "number", "> 0", "required", "world"),
        ("after_sales.repeat.bg_nbd.per", "", '"day", "week"', '"week"', "no"),
        ("after_sales.referral.segment", "segment", "", "required", "no"),
        ("after_sales.referral.names", "names", "0 to 1,000", "1", "world"),
        ("after_sales.referral.limit", "leads", "1 to 1,000,000", "20000", "no"),
        ("segments.<segment>.ready", "days", "0 to 36,500", "0", "event"),
        ("segments.<segment>.window", "days", "0 to 36,500", "none", "event"),
        ("segments.<segment>.channels", "share of leads", "0 to 1", "{}", "no"),
        ("follow_up.team", "", "", "required", "no"),
        ("follow_up.interval", "days", ">= 1 day", "required", "no"),
        ("follow_up.first_after", "days", "", "none", "no"),
        ("follow_up.touches", "touches", "1 to 4000", "no limit", "no"),
        ("follow_up.ask", "", "true or false", "false", "no"),
        ("follow_up.quota", "touches", ">= 0", "0", "no"),
        ("follow_up.channels.<channel>.reached", "share of touches", "0 to 1", "required", "world"),
        ("follow_up.channels.<channel>.minutes.talk", "minutes", "0 to 4 h", "10", "event"),
        ("follow_up.qualify.sensitivity", "share", "0 to 1", "1", "world"),
        ("follow_up.nurture.keeps_open", "factor", ">= 0", "1", "world"),
        ("inbound.patience", "minutes", "0 to 30 days", "none", "event"),
        ("inbound.waiting.source", "text", "", "required", "no"),
        ("teams.<team>.overflow.after", "days", ">= 1 day", '"1 working day"', "no"),
        ("meeting.minutes.missed", "minutes", "0 to 4 h", "15", "event"),
        ("closing.pressure", "odds ratio", ">= 1", "1", "world"),
        ("closing.methods.<method>.share", "share", "0 to 1", "required", "no"),
        ("calling.answered", "share of dials", "0 to 1", "required", "world"),
        ("calling.minutes.talk", "minutes", "0 to 4 h", "5", "event"),
        ("teams.<team>.shift", "time of day", "", '"09:00-17:00"', "no"),
        ("teams.<team>.contract.per_dial", "currency per dial", ">= 0", "0", "world"),
        ("teams.<team>.pause", "time of day", "", "none", "no"),
        ("demo.length", "whole minutes", "0 to 12 h", '"60 min"', "no"),
        ("demo.at", "time of day", "", '"15:00"', "no"),
        ("demo.seats", "seats", ">= 1", "no limit", "no"),
        ("extends", "path", "", "none", "no"),
        ("alternatives", "tables", "at most 64", "none", "no"),
    ],
)
def test_rows(path: str, unit: str, bounds: str, default: str, uncertain: str) -> None:
    assert ROWS[path] == Row(path, ROWS[path].description, unit, bounds, default, uncertain)


def test_a_default_written_out_changes_nothing() -> None:
    """Each default, as the reference shows it, loads to the same scenario."""
    required = {"teams": "['team']", "team": "'team'", "source": "'a guess'", "odds": "{ '1 h' = 1 }", "share": "1",
                "to": "'other'", "channel": "'channel'", "interval": "'1 week'", "every": "'1 week'",
                "messages": "3", "window": "14", "sells_in": "30", "after_sales.referral.segment": "'named'",
                "marketing.arrivals.segment": "'hot'"}  # fmt: skip
    overrides = []
    for row in reference():
        key = named(row.path)
        value = (
            required.get(key, required.get(key.rsplit(".", 1)[-1], "0.5")) if row.default == "required" else row.default
        )
        overrides += [] if row.default in ("none", "no limit") else [f"{key}={value}"]
    needed = [o for o in overrides if ROWS_BY_KEY[o.split("=")[0]].default == "required"]
    needed += ["segments.segment.leads=1"]
    there = [
        "teams.team={}",
        "teams.other={}",
        "segments.segment={}",
        "segments.hot={ temperature = 'hot', leads = 1 }",
    ]
    there += ["closing.methods.choice={}", "follow_up.qualify={}", "segments.named={ temperature = 'warm' }"]
    there += [f"after_sales.{kind}={{ every = '1 week' }}" for kind in DATED] + ["after_sales.quality={}"]
    written = parse_scenario("", overrides=[*there, *overrides, "segments.segment.leads=1"])
    bare = parse_scenario("", overrides=[*there, *needed])
    assert written == bare


def named(path: str) -> str:
    """The path of a key in a scenario with one segment, team and method of that kind."""
    return (
        path.replace("<segment>", "segment")
        .replace("<team>", "team")
        .replace("<method>", "choice")
        .replace("<channel>", "channel")
    )


ROWS_BY_KEY = {named(path): row for path, row in ROWS.items()}


def test_markdown_has_a_line_for_every_key() -> None:
    lines = reference_markdown().splitlines()
    assert len(lines) == len(ROWS) + 2
    assert all(line.count(" | ") == 4 for line in lines[2:])
    assert "| `calling.answered` † | dials that are answered | share of dials | 0 to 1 | `required` |" in lines


def test_the_starter_passes_check() -> None:
    assert advise(parse_scenario(template())).warnings == ()
    header_lines = [i for i, line in enumerate(template().splitlines()) if line.startswith("[")]
    assert all(template().splitlines()[i - 1].startswith("#") for i in header_lines)


PEST = "nobody lets go of a lead that says it has bought elsewhere"
"""The one doubt about the scenario whose question it is."""


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_every_shipped_scenario_passes_check_and_says_its_question(path: Path) -> None:
    loaded = load(path)
    scenario = loaded.scenario
    warned = [warning.split(",")[0] for warning in advise(scenario, *loaded.as_written).warnings]
    assert warned == ([PEST] if path.stem == "persistent-or-pest" else [])
    top = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert top.startswith("# ")
    assert "Question: " in top
    assert tomllib.loads(path.read_text(encoding="utf-8"))["name"] == scenario.name


def test_every_shipped_scenario_is_there() -> None:
    names = {path.stem for path in SCENARIOS}
    assert {"inbound", "small-shop", "elephant-by-phone", "overflow", "closing", "elephant"} <= names
    assert len(SCENARIOS) >= 14


def test_what_the_elephant_by_phone_shares_with_the_elephant() -> None:
    """Only the offer differs, and how many of those who listen take it."""
    invited, by_phone = (
        load_scenario(SCENARIOS[0].parent / f"{name}.toml") for name in ("elephant", "elephant-by-phone")
    )
    assert invited.calling is not None
    assert by_phone.calling is not None
    assert by_phone.calling.offer == "sale"
    same = {"offer": by_phone.calling.offer, "accepted": by_phone.calling.accepted}
    assert invited.calling.model_copy(update=same) == by_phone.calling
    rest = {"calling": by_phone.calling, "name": by_phone.name}
    assert invited.model_copy(update=rest) == by_phone


def test_the_elephant_is_the_real_funnel() -> None:
    scenario = load_scenario(SCENARIOS[0].parent / "elephant.toml")
    assert scenario.calling is not None
    assert scenario.demo is not None
    assert scenario.segments["list"].leads == 1500
    assert scenario.segments["list"].interested.best == 0.7
    assert scenario.calling.answered == Quantity("counts", (1000, 1500))
    assert scenario.calling.listened == Quantity("counts", (20, 1000))
    assert scenario.calling.accepted == Quantity("counts", (15, 20))
    assert scenario.demo.attended == Quantity("counts", (10, 15))
    assert scenario.closing.sold_if_interested == Quantity("counts", (5, 7))
