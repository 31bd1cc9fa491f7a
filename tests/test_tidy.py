"""Tables open right in a spreadsheet: numbers as numbers, text as text, and nothing in them is ever run."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import readme
from small_funnel import small

from simfunnel import simulate
from simfunnel.experiments.run import Summary, summarise
from simfunnel.reporting import tidy
from simfunnel.reporting.units import unit_of

NUMBERS = (0, -1, 1500, 1e300, -2.5e-7, 0.1, 1234567.891, 2**53, np.int64(7), np.float64(0.3))
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", '=HYPERLINK("http://a")', "\uff1d1")
PLAIN = ("Zürich, Łódź", 'a "quoted" name', "two\nlines", "a=b", "1-2", "", "日本 😀")
EURO = "EUR"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def summary() -> Summary:
    result: Summary = summarise(simulate(small(), seed=3, workers=1, replications=30))
    return result


def metrics(folder: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    tidy.write_metrics(summary(), folder)
    return {(row["group"], row["part"], row["name"]): row for row in read(folder / "metrics.csv")}


def test_numbers_read_back_exactly_and_none_is_empty(tmp_path: Path) -> None:
    tidy.write_rows(tmp_path / "a.csv", ("value", "nothing"), [(value, None) for value in NUMBERS])
    assert [float(row["value"]) for row in read(tmp_path / "a.csv")] == [float(value) for value in NUMBERS]
    assert {row["nothing"] for row in read(tmp_path / "a.csv")} == {""}
    values = np.genfromtxt(tmp_path / "a.csv", delimiter=",", names=True, encoding="utf-8-sig")["value"]
    assert values.tolist() == [float(value) for value in NUMBERS]


def test_what_is_not_finite_is_empty(tmp_path: Path) -> None:
    tidy.write_rows(tmp_path / "a.csv", ("value", "b"), [(float("nan"), 1), (float("inf"), 1)])
    assert [row["value"] for row in read(tmp_path / "a.csv")] == ["", ""]


def test_text_reads_back(tmp_path: Path) -> None:
    tidy.write_rows(tmp_path / "a.csv", ("text", "b"), [(text, 1) for text in PLAIN])
    assert [row["text"] for row in read(tmp_path / "a.csv")] == list(PLAIN)


def test_text_that_looks_like_a_formula_becomes_text(tmp_path: Path) -> None:
    tidy.write_rows(tmp_path / "a.csv", ("=cmd()", "text"), [(1, text) for text in FORMULAS])
    assert [row["text"] for row in read(tmp_path / "a.csv")] == [f"'{text}" for text in FORMULAS]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("'=cmd()")


def test_a_number_below_0_stays_a_number(tmp_path: Path) -> None:
    tidy.write_rows(tmp_path / "a.csv", ("value",), [(-12.5,)])
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbfvalue\r\n-12.5\r\n"


def test_the_metrics_of_a_run_are_those_of_its_summary(tmp_path: Path) -> None:
    found = metrics(tmp_path)
    for name, row in ((name, found["metrics", "", name]) for name in summary()["metrics"]):
        check(row, summary()["metrics"][name])
    for name, estimated in summary()["losses"].items():
        check(found["losses", "", name], estimated)
        assert found["losses", "", name]["stage"] == estimated["stage"]
    for team, metrics_ in summary()["teams"].items():
        for name, estimated in metrics_.items():
            check(found["teams", team, name], estimated)
    for segment, metrics_ in summary()["segments"].items():
        check(found["segments", segment, "losses.hung_up"], metrics_["losses"]["hung_up"])


def check(row: dict[str, str], estimated: dict[str, Any]) -> None:
    low, high = estimated["ci95"] or (None, None)
    values = {**{name: estimated[name] for name in ("mean", *tidy.FIELDS)}, "ci95_low": low, "ci95_high": high}
    for name, value in values.items():
        assert row[name] == "" if value is None else float(row[name]) == value


def test_units_stand_in_a_column_of_their_own(tmp_path: Path) -> None:
    found = metrics(tmp_path)
    units = {
        ("metrics", "", "profit"): EURO, ("metrics", "", "sold"): "leads", ("rates", "", "sold"): "share",
        ("metrics", "", "cost_per_sale"): "EUR per sale", ("losses", "", "hung_up"): "leads",
    }  # fmt: skip
    team = next(iter(summary()["teams"]))
    units.update({("teams", team, "busy_minutes"): "minutes", ("teams", team, "cost"): EURO})
    assert {key: found[key]["unit"] for key in units} == units
    with (tmp_path / "metrics.csv").open(encoding="utf-8-sig") as file:
        assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in next(csv.reader(file)))


def units_in_the_readme() -> dict[str, str]:
    """Of each column that the reference gives a single unit."""
    text = readme.section("Reference").partition("### Columns of replications.csv")[2]
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `") and len(cells) >= 3 and "," not in cells[1]:
            found.update(dict.fromkeys(re.findall("`([^`]+)`", cells[0]), cells[1]))
    return {name: unit for name, unit in found.items() if name not in ("replication", "world", "digest")}


def test_units_are_those_of_the_reference() -> None:
    assert len(units_in_the_readme()) > 100
    for name, unit in units_in_the_readme().items():
        assert unit_of(name, "currency") == unit, name


@pytest.mark.parametrize("name", ["costs.notice", "teams.a.cost", "cohorts.2026-Q1.revenue.2026-Q2"])
def test_money_is_in_the_currency_of_the_scenario(name: str) -> None:
    assert unit_of(name, "CHF") == "CHF"
