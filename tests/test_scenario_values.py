"""The grammar of single values: what is understood, what is refused, and in which words."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from simfunnel.scenario import times, values
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.values import FACTOR, MINUTES, MONEY, ODDS, SHARE, Hours, Interval


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (0, 0.0),
        (1, 1.0),
        (0.35, 0.35),
        ("35 %", 0.35),
        ("35%", 0.35),
        (" 2.5 % ", 0.025),
        ("1_0 %", 0.1),
    ],
)
def test_a_share_is_a_number_or_a_percentage(raw: object, expected: float) -> None:
    assert values.quantity(raw, SHARE) == fixed(expected)


@pytest.mark.parametrize(("raw", "expected"), [(0, 0), (10, 10), (0.2, 0.2), ("20 %", 0.2), ("0.7 %", 0.007)])
def test_overbooking_is_a_number_or_a_percentage(raw: object, expected: float) -> None:
    assert values.overbooking(raw) == expected


@pytest.mark.parametrize("raw", [-0.1, 10.1, "1001 %", True, None, "2", "1 of 5", {"low": 0, "high": 1}, math.nan])
def test_overbooking_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r'^must be a share of the seats from 0 to 10, such as 0.2 or "20 %", found '):
        values.overbooking(raw)


@pytest.mark.parametrize(
    "raw",
    [
        -0.1,
        1.1,
        "120 %",
        "-1 %",
        True,
        False,
        math.nan,
        math.inf,
        -math.inf,
        None,
        [],
        {},
        "35",
        "a %",
        "%",
        "1__0 %",
        "1e999 %",
        10**400,
        "20 of",
        "of 10",
        "2.5 of 10",
        "-1 of 10",
        {"mean": 0.5},
        {"gamma": {"mean": 0.5, "sd": 0.1}},
        dt.date(2026, 1, 1),
    ],
)
def test_anything_else_is_no_share(raw: object) -> None:
    with pytest.raises(ValueError, match="must be a share between 0 and 1") as refusal:
        values.quantity(raw, SHARE)
    assert ", found " in str(refusal.value)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("20 of 1000", (20, 1000)), ("0 of 10", (0, 10)), ("10 of 10", (10, 10)), ("1,000 of 1_500", (1000, 1500))],
)
def test_counts_are_successes_of_trials(raw: str, expected: tuple[float, float]) -> None:
    quantity = values.quantity(raw, SHARE)
    assert quantity == Quantity("counts", expected)
    assert quantity.best == expected[0] / expected[1]


@pytest.mark.parametrize("raw", ["11 of 10", "0 of 0", "1 of " + "9" * 400])
def test_counts_that_cannot_be(raw: str) -> None:
    with pytest.raises(ValueError, match="must count successes of trials, successes <= trials and trials >= 1"):
        values.quantity(raw, SHARE)


def test_counts_are_for_shares_only() -> None:
    with pytest.raises(ValueError, match="must be an odds ratio > 0"):
        values.quantity("2 of 3", ODDS)


@pytest.mark.parametrize(
    ("raw", "family", "parameters"),
    [
        ({"low": 0.1, "likely": "20 %", "high": 0.4}, "triangular", (0.1, 0.2, 0.4)),
        ({"low": 0.1, "high": 0.1}, "uniform", (0.1, 0.1)),
        ({"mean": "60 %", "sd": "8 %"}, "beta", (0.6, 0.08)),
        ({"uniform": {"low": 0, "high": 1}}, "uniform", (0.0, 1.0)),
        ({"discrete": ["10 %", 0.2]}, "discrete", (0.1, 0.2)),
    ],
)
def test_distributions_of_a_share(raw: object, family: str, parameters: tuple[float, ...]) -> None:
    assert values.quantity(raw, SHARE) == Quantity(family, pytest.approx(parameters))


def test_mean_and_sd_of_an_amount_mean_a_gamma() -> None:
    assert values.quantity({"mean": 400, "sd": 120}, MONEY) == Quantity("gamma", (400.0, 120.0))


def test_lognormal_takes_sd_or_sigma() -> None:
    assert values.quantity({"lognormal": {"mean": 4, "sd": 1}}, MONEY).family == "lognormal"
    assert values.quantity({"lognormal": {"mean": 4, "sigma": 1}}, MONEY).family == "lognormal_sigma"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            {"low": 3, "likely": 2, "high": 4},
            "must have low <= likely <= high, found { low = 3, likely = 2, high = 4 }",
        ),
        ({"low": 3, "high": 2}, "must have low <= high"),
        ({"mean": 0, "sd": 1}, "must have mean > 0"),
        ({"mean": 0, "sd": 0}, "must have mean and sd > 0"),
        ({"exponential": {"mean": 0}}, "must have mean > 0"),
        ({"exponential": {"mean": 1, "sd": 1}}, "must give mean for exponential"),
        ({"lognormal": {"mean": 1}}, r"must give mean and sd (or mean and sigma) for lognormal"),
        ({"lognormal": {"mean": 1, "sigma": 11}}, "must be a log-scale spread > 0 and <= 10, found 11"),
        ({"lognormal": {"mean": 1, "sigma": 0}}, "must be a log-scale spread > 0 and <= 10, found 0"),
        ({"exponential": 5}, "must be an amount"),
        ({"discrete": []}, "must give a list of 1 to 32 values"),
        ({"discrete": list(range(33))}, "must give a list of 1 to 32 values"),
        ({"discrete": [1, True]}, "found true"),
        ({"discrete": [1, -1]}, "must be an amount"),
        ({"low": -1, "high": 1}, "must be an amount"),
        ({"beta": {"mean": 0.5, "sd": 0.1}}, "beta fits shares only"),
        ({"low": math.nan, "high": 1}, "found nan"),
        ({"low": 0, "high": 10**400}, "found a number of about 400 digits"),
        ({"low": 0, "highest": 2}, "a distribution is { low, likely, high }"),
    ],
)
def test_distributions_that_cannot_be(raw: object, message: str) -> None:
    for parse in (values.quantity, values.variable):
        with pytest.raises(ValueError, match="must ") as refusal:
            parse(raw, MONEY)
        assert message in str(refusal.value)


def test_a_beta_needs_a_possible_spread() -> None:
    with pytest.raises(ValueError, match="must have 0 < mean < 1 and 1e-6 <= sd < sqrt"):
        values.quantity({"mean": 0.5, "sd": 0.5}, SHARE)


def test_odds_are_above_zero_and_a_factor_may_pass_one() -> None:
    assert values.quantity({"lognormal": {"mean": 1, "sigma": 0.2}}, ODDS).best == 1
    assert values.quantity("135 %", FACTOR) == fixed(1.35)
    for raw in (0, -1, {"low": 0, "high": 2}, "110 %"):
        with pytest.raises(ValueError, match="must be an odds ratio > 0"):
            values.quantity(raw, ODDS)


@pytest.mark.parametrize(
    ("raw", "milliseconds"),
    [
        (0.5, 30_000),
        (0, 0),
        ("30 s", 30_000),
        ("1.5 min", 90_000),
        ("2h", 7_200_000),
        ("250 ms", 250),
        ("4 hours", 14_400_000),
    ],
)
def test_minutes_are_bare_or_have_a_unit(raw: object, milliseconds: float) -> None:
    assert values.quantity(raw, MINUTES) == fixed(milliseconds)


@pytest.mark.parametrize("raw", ["5", "5 days", 241, "5 h", -1, "-1 s", "1__0 s", "1_ s", "s", True, [1], "1e400 s"])
def test_anything_else_is_no_task_time(raw: object) -> None:
    with pytest.raises(ValueError, match="must be a time between 0 and 4 hours"):
        values.quantity(raw, MINUTES)


def test_units_may_stand_inside_a_distribution() -> None:
    variable = values.variable({"discrete": ["20 s", "1 min", 0.5]}, MINUTES)
    assert [p.best for p in variable.parameters] == [20_000, 60_000, 30_000]


def test_a_parameter_may_be_uncertain_in_its_turn() -> None:
    variable = values.variable(
        {"lognormal": {"mean": {"low": 4, "high": 8}, "sigma": {"low": 0.2, "high": 0.6}}}, MINUTES
    )
    assert not variable.is_constant
    assert variable.best == 6 * 60_000
    assert variable.parameters[1].best == pytest.approx(0.4)


@pytest.mark.parametrize(
    "raw",
    [
        {"mean": {"low": 0.1, "high": 0.9}, "sd": 0.4},
        {"mean": {"low": 0, "high": 0.5}, "sd": 0.1},
        {"mean": 0.5, "sd": {"low": 0.1, "high": 0.5}},
        {"mean": 0.5, "sd": {"low": 0, "high": 0.1}},
        {"mean": "3 of 10", "sd": 0.1},
    ],
)
def test_an_uncertain_share_has_a_possible_spread_in_every_world(raw: object) -> None:
    with pytest.raises(ValueError, match=r"must have 0 < mean < 1 and 1e-6 <= sd < sqrt.* in every world, found "):
        values.variable(raw, SHARE)
    assert values.variable({"mean": {"low": 0.4, "high": 0.6}, "sd": {"low": 0.1, "high": 0.4}}, SHARE).best == 0.5


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            {"low": {"low": 1, "high": 3}, "high": {"low": 2, "high": 4}},
            "must keep low <= likely <= high in every world",
        ),
        ({"exponential": {"mean": {"low": 0, "high": 2}}}, "must have parameters > 0 in every world"),
        ({"gamma": {"mean": {"discrete": [0, 2]}, "sd": 1}}, "must have parameters > 0 in every world"),
    ],
)
def test_uncertain_parameters_fit_together_in_every_world(raw: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        values.variable(raw, MINUTES)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2 working days", Interval(2, "working days")),
        ("1 Week", Interval(1, "weeks")),
        ("10days", Interval(10, "days")),
        ("1  working   day", Interval(1, "working days")),
        ("100 years", Interval(100, "years")),
    ],
)
def test_intervals(raw: str, expected: Interval) -> None:
    assert times.interval(raw) == expected


@pytest.mark.parametrize(
    "raw", [1, "0 days", "-1 days", "2 h", "101 years", "9" * 5000 + " days", "days", True, None, "² days"]
)
def test_no_intervals(raw: object) -> None:
    with pytest.raises(ValueError, match="must be a time between days such as"):
        times.interval(raw)


@pytest.mark.parametrize(("raw", "unit"), [("1.5 weeks", "weeks"), (".5 month", "months"), ("2.0 days", "days")])
def test_no_fractions_of_intervals(raw: str, unit: str) -> None:
    with pytest.raises(ValueError, match=f'must be a whole number of {unit} such as "2 {unit}", found "{raw}"'):
        times.interval(raw)


def test_hours_and_times_of_day() -> None:
    assert times.hours("9:00 - 24:00") == Hours(540, 1440)
    assert times.time_of_day("15:30") == times.time_of_day(dt.time(15, 30)) == 930
    assert times.span_minutes("1.5 h") == 90
    for raw in ("17:00-09:00", "09:00-09:00", "09:00", "9-17", "09:00-24:30", 9, "25:00-26:00"):
        with pytest.raises(ValueError, match="must be hours of a day"):
            times.hours(raw)
    for raw in ("24:01", "15", 15, "15:60", dt.time(15, 0, 1)):
        with pytest.raises(ValueError, match="must be a time of day"):
            times.time_of_day(raw)
    for raw in ("30 s", "13 h", 30, "-5 min", "1 day"):
        with pytest.raises(ValueError, match="must be a time in whole minutes"):
            times.span_minutes(raw)


def test_dates_and_weekdays() -> None:
    assert times.date("2026-01-12") == times.date(dt.date(2026, 1, 12)) == dt.date(2026, 1, 12)
    assert times.weekday("Thursday") == times.weekday("thu") == 3
    for raw in (5, "2026-02-30", "soon", dt.datetime(2026, 1, 12), dt.date(1900, 1, 1), dt.date(9999, 12, 31), True):
        with pytest.raises(ValueError, match="must be a date such as 2026-01-12, from 1950 to 2150"):
            times.date(raw)
    for raw in ("th", "", 3, ["monday"]):
        with pytest.raises(ValueError, match="must be one of monday"):
            times.weekday(raw)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (True, "true"),
        ("a\nb\x1b[31m", '"a b\\x1b[31m"'),
        ({"a": {"b": {"c": {"d": 1}}}}, "{ a = { b = { c = a table } } }"),
        ([[[[[1]]]]], "[[[a list]]]"),
        (list(range(5)), "a list"),
        ("x" * 100, '"' + "x" * 56 + "..."),
        (math.nan, "nan"),
    ],
)
def test_what_was_found_is_one_short_printable_line(found: object, shown: str) -> None:
    assert values.show(found) == shown


def test_a_number_that_python_will_not_print_is_described() -> None:
    assert values.show(16**5000) == "a number of about 6021 digits"
