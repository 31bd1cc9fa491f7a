"""What comes after the sale is shown as it was computed, with its uncertainty, and what to doubt about it is said."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from after_funnel import AFTER
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from test_follow_up_numbers import joined
from test_reporting import row_of, shown

from simfunnel import parse_scenario, simulate
from simfunnel.experiments.against import AFTER as ROWS
from simfunnel.experiments.against import against_base, compared
from simfunnel.experiments.run import summarise
from simfunnel.experiments.targets import metric_names, targets
from simfunnel.reporting.against import rows
from simfunnel.reporting.plots import funnel as plots
from simfunnel.reporting.wording import interval, number, percent, rate, stages, whole
from simfunnel.simulation import Result

TITLES = ("After the sale", "Care", "What customers bring", "Cohorts, EUR", "Who the revenue comes from, EUR")
PLAIN = ("after_sales.repeat", "after_sales.cross_sale", "after_sales.referral", "after_sales.remorse")


@cache
def lived(*overrides: str, replications: int = 40) -> Result:
    return simulate(parse_scenario(AFTER, overrides=list(overrides)), replications=replications, seed=3, workers=1)


@cache
def summary(*overrides: str) -> dict[str, Any]:
    return summarise(lived(*overrides))


def test_the_screen_shows_it_within_80_columns() -> None:
    lines = shown(summary())[1:]
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line in TITLES] == list(TITLES)
    for begin in (
        "customers ", "- cancelled", "- lost in silence", "- left", "- kept", "satisfaction", "- late", "- mended",
        "contacts ", "- by the seller", "- answers", "(forgotten)", "complaints", "days to answer", "surveys",
        "repeat purchases", "asked for names", "- new leads", "- bought", "value each, EUR", "(less paid back)",
        "- goods returned", "- quality", "2026-Q1", "2026-Q2",
    ):  # fmt: skip
        assert any(line.startswith(begin) for line in lines), begin
    assert any(" care contacts " in line for line in lines)


def test_who_is_found_lost_does_not_count_as_reached() -> None:
    care, found = section("Care"), summary()["after_sales"]
    place = next(place for place, line in enumerate(care) if line.startswith("- by the seller"))
    rates = found["rates"]["contacts"]["seller_initiated"]
    assert care[place].endswith(rate(rates["not_reached"]))
    assert care[place + 1].startswith("  (found lost)")
    assert care[place + 1].endswith(rate(rates["found_lost"]))
    assert "found lost: not reached either, as they had left without a word" in joined(care)


def test_only_what_is_shown_is_explained() -> None:
    said = joined(section("What customers bring"))
    assert "too late: after the intake; beyond limit: no more leads are taken." in said
    assert "circle is cut" not in said
    cut = joined(section("What customers bring", "after_sales.referral.circle=false"))
    assert "circle is cut: names are counted only." in cut
    assert "too late" not in cut
    assert "gave up: waiting" not in joined(section("After the sale", "after_sales.customer_initiated.patience=60"))
    assert "Who came earlier had more time" in said


def test_where_nothing_is_done_no_row_is_zero() -> None:
    silent = ("after_sales.defect.rate=0", "after_sales.customer_initiated.suggestions_every=30_000")
    lines = section("Care", "after_sales.consistency=[0, 0, 0]", *silent)
    assert not any(line.split()[1:2] == ["0.00"] for line in lines)
    for line in ("contacts ", "- by the seller", "mailings "):
        assert any(each.startswith(line) for each in lines) == (line == "mailings "), line
    assert "reached nobody" not in joined(lines)


def section(title: str, *overrides: str) -> list[str]:
    """The lines of one table with what is said under it."""
    lines = shown(summary(*overrides))
    begin = lines.index(title, 1)
    return lines[begin : lines.index("", begin)]


def test_with_tens_of_thousands_it_still_fits() -> None:
    large = summarise(lived("horizon='2 years'", "intake='2 years'", "segments.web.arrivals=6", replications=3))
    assert max(map(len, shown(large))) <= 80


def test_shares_are_those_of_sums_over_all_histories() -> None:
    columns, found = lived().columns, summary()["after_sales"]
    ends = found["rates"]["customers"]
    assert sum(each["mean"] for each in ends.values()) == pytest.approx(1)
    assert ends["kept"]["mean"] == pytest.approx(columns["customers.kept"].sum() / columns["customers"].sum())
    due = columns["contacts"].sum() + columns["contacts_forgotten"].sum()
    assert found["rates"]["forgotten"]["mean"] == pytest.approx(columns["contacts_forgotten"].sum() / due)
    raised = sum(columns[name].sum() for name in ("complaints", "suggestions", "repairs"))
    assert found["rates"]["unanswered"]["mean"] == pytest.approx(columns["unanswered"].sum() / raised)
    seller = found["contacts"]["seller_initiated"]
    assert seller["made"]["mean"] == pytest.approx(
        sum(seller[n]["mean"] for n in ("not_reached", "done", "mended", "found_lost"))
    )
    reached = (seller["done"]["mean"] + seller["mended"]["mean"]) / seller["made"]["mean"]
    assert found["rates"]["contacts"]["seller_initiated"]["reached"]["mean"] == pytest.approx(reached)


@pytest.mark.parametrize(
    ("ratio", "above", "below"),
    [
        ("answer_days", "days_waited", "answers"), ("survey_response_rate", "surveys_answered", "surveys_sent"),
        ("defect_rate", "defects", "deliveries"), ("repeat_per_customer", "repeat_purchases", "customers"),
        ("referred_share", "sold_referred", "sold"),
    ],
)  # fmt: skip
def test_what_is_per_something_is_a_ratio_of_sums(ratio: str, above: str, below: str) -> None:
    columns, found = lived().columns, summary()["metrics"][ratio]
    assert found["mean"] == pytest.approx(columns[above].sum() / columns[below].sum())
    assert found["ci95"][0] < found["mean"] < found["ci95"][1]


def test_the_worth_of_a_customer_is_that_of_all_of_them() -> None:
    columns, found = lived().columns, summary()
    each = np.nan_to_num(columns["customer_value"]) * columns["customers"]
    assert found["metrics"]["customer_value"]["mean"] == pytest.approx(each.sum() / columns["customers"].sum())
    value = found["after_sales"]["value"]
    assert value["all"]["mean"] == pytest.approx(value["first"]["mean"] + value["later"]["mean"])
    kept = np.nan_to_num(columns["satisfaction"]) * columns["customers.kept"]
    assert found["metrics"]["satisfaction"]["mean"] == pytest.approx(kept.sum() / columns["customers.kept"].sum())
    earned = found["metrics"]["revenue"]["mean"] - sum(
        found["costs"][name]["mean"] for name in ("goods", "goods_returned", "repeat_goods", "cross_goods")
    )
    assert earned == pytest.approx(value["all"]["mean"] * found["metrics"]["customers"]["mean"], rel=1e-6)


def test_rows_are_the_summarys_numbers() -> None:
    found, lines = summary(), shown(summary())
    kept, share = (
        part["kept"] for part in (found["after_sales"]["customers"], found["after_sales"]["rates"]["customers"])
    )
    assert row_of(lines, "- kept").split()[2] == number(kept["mean"])
    assert row_of(lines, "- kept").endswith(rate(share))
    assert row_of(lines, "satisfaction").split()[1:3] == percent(found["metrics"]["satisfaction"]["mean"]).split()
    value = found["after_sales"]["value"]["all"]
    assert f" {whole(value['mean'])} {interval(value, 0)} " in " ".join(row_of(lines, "value each, EUR").split())
    second = found["cohorts"]["2026-Q2"]
    paid = lines[lines.index(TITLES[-1]) :]
    assert row_of(paid, "2026-Q2*").endswith(rate(second["from_earlier"]))
    assert joined(lines).count("* only partly within the horizon") == 2
    cells = [whole(second[what]["mean"]) for what in ("all_revenue", "new", "named", "earlier")]
    assert row_of(paid, "2026-Q2*").split()[1:5] == cells


def test_what_it_means_after_the_sale() -> None:
    text, found = joined(shown(summary())), summary()
    assert f"by then one is worth {whole(found['after_sales']['value']['all']['mean'])} EUR beyond goods" in text
    assert "of the revenue comes from" not in text, "the intake ends with March: nobody new may come in the second"
    longer = summary("intake='70 working days'")
    share = percent(longer["metrics"]["later_share"]["mean"], 0)
    text = joined(shown(longer))
    assert f"In 2026-Q2, {share} (95 % interval" in text
    assert "of the revenue comes from customers of earlier periods and from leads whom they named." in text


def test_later_business_that_loses_money_is_told() -> None:
    found = summary("after_sales.repeat.unit_cost=500", "after_sales.cross_sale.sold=0")
    value = found["after_sales"]["value"]
    each, loss = (whole(abs(value[name]["mean"])) for name in ("all", "later"))
    assert value["later"]["mean"] < 0 < value["all"]["mean"]
    said = f"one is worth {each} EUR beyond goods, after a loss of {loss} since the first purchase."
    assert said in joined(shown(found))


def test_what_is_certain_has_no_interval() -> None:
    found = copy.deepcopy(summary("intake='70 working days'"))
    found["metrics"]["later_share"] |= {"mean": 1.0, "ci95": [1.0, 1.0]}
    assert "In 2026-Q2, 100 % of the revenue comes" in joined(shown(found))


def test_the_cancelled_are_told_from_the_sales_that_cost() -> None:
    found = summary()
    share = percent(found["after_sales"]["rates"]["customers"]["cancelled"]["mean"])
    cost = whole(found["metrics"]["cost_per_sale"]["mean"])
    assert f"Of the sales {share} are cancelled; the others cost {cost} EUR each." in joined(shown(found))
    kept = joined(shown(summary("after_sales.remorse.cancels=0")))
    assert "are cancelled" not in kept
    assert "EUR each; in at least 9 of 10 histories" in kept


def test_when_to_stop_says_what_is_not_in_it() -> None:
    title, said = "When to stop, EUR", "What customers bring later, and what is paid back to who cancels, is not in it"
    assert said in joined(section(title))
    scenario = parse_scenario(AFTER).model_copy(update={"after_sales": None})
    assert said not in joined(shown(summarise(simulate(scenario, replications=4, workers=1))))


def test_the_picture_shows_what_becomes_of_customers(tmp_path: Path) -> None:
    found, axes = summary(), Figure().add_subplot()
    plots._bars(axes, found)
    assert [label.get_text() for label in axes.get_yticklabels()][-2:] == ["sold", "customers"]
    (told,) = (each for each in axes.artists if isinstance(each, Legend))
    texts, ends = [text.get_text() for text in told.get_texts()], found["after_sales"]["customers"]
    lost = sum(ends[name]["mean"] for name in ("lost_in_silence", "left", "gave_up"))
    assert [text.split(" (")[0] for text in texts] == [
        f"kept {number(ends['kept']['mean'])}",
        f"lost {number(lost)}",
        f"cancelled {number(ends['cancelled']['mean'])}",
    ]
    last = [
        bar for bar in axes.patches if isinstance(bar, Rectangle) and round(bar.get_y() + 0.3) == len(stages(found))
    ]
    lengths = np.array([bar.get_width() for bar in last])
    parts = np.array([ends["kept"]["mean"], lost, ends["cancelled"]["mean"]])
    assert lengths / lengths.sum() == pytest.approx(parts / parts.sum())
    assert "Parts of a bar" in axes.get_xlabel()
    plots.funnel(found, lived().columns, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_the_picture_shows_no_customers_where_there_are_none() -> None:
    axes = Figure().add_subplot()
    plots._bars(axes, summarise(lived("calling.accepted=0", "inbound.accepted=0", replications=3)))
    assert [label.get_text() for label in axes.get_yticklabels()][-1] == "sold"


def test_nobody_who_buys_is_shown_too() -> None:
    nothing = summarise(lived("calling.accepted=0", "inbound.accepted=0", replications=3))
    lines = shown(nothing)
    assert "After the sale" in lines
    assert not any(title in lines for title in TITLES[1:])
    assert nothing["metrics"]["customer_value"]["mean"] is None
    assert json.loads(json.dumps(nothing, allow_nan=False)) == nothing


def test_where_nobody_looks_after_customers_nothing_is_said() -> None:
    scenario = parse_scenario(AFTER).model_copy(update={"after_sales": None})
    found = summarise(simulate(scenario, replications=4, workers=1))
    assert found["after_sales"] == found["cohorts"] == {}
    assert not any(line in TITLES for line in shown(found)[1:])
    assert not any(name.startswith(("customers", "cohorts", "satisfaction")) for name in found["metrics"])


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (("after_sales.referral.limit=1",), "1 leads are named (after_sales.referral.limit) in "),
        (("teams.sellers.shift='16:45-17:00'",), "never answers "),
        (
            ("teams.sellers.shift='16:45-17:00'", "after_sales.customer_initiated.suggestions_every=4"),
            "days on average for an answer of teams.sellers",
        ),
        (("after_sales.consistency=[0.1, 0.1, 0.1]",), "% of the contacts with customers that are due are forgotten"),
    ],
)
def test_what_to_doubt_after_the_sale(overrides: tuple[str, ...], said: str) -> None:
    assert any(said in warning for warning in summarise(lived(*overrides, replications=12))["warnings"])
    assert not any(said in warning for warning in summary("after_sales.referral.limit=20_000")["warnings"])


@pytest.mark.parametrize(
    ("consistency", "doubted"), [("0.1, 0.1, 0.1", True), ("0, 0, 0", False), ("1, 0, 0", False), ("0, 0, 0.2", True)]
)
def test_who_means_to_forget_is_not_reminded(consistency: str, doubted: bool) -> None:
    """No odds of a quality programme raise 0."""
    found = summarise(lived(f"after_sales.consistency=[{consistency}]", replications=12))
    assert found["metrics"]["contacts_forgotten"]["mean"] > 1
    assert doubted == any("that are due are forgotten" in warning for warning in found["warnings"])


def test_a_place_in_the_order_is_advised_where_it_can_be_given() -> None:
    said = []
    for by in ("closer", "anyone"):
        busy = ("teams.sellers.shift='16:45-17:00'", "after_sales.customer_initiated.suggestions_every=4")
        found = summarise(lived(*busy, f"after_sales.by={by}", replications=12))
        warning = next(each for each in found["warnings"] if "give it more members" in each)
        said.append("calling.order" in warning)
    assert said == [False, True]


def test_against_the_base_care_is_set_beside_what_it_brings() -> None:
    base, careless = lived(replications=12), lived("after_sales.consistency=[0.1, 0.1, 0.1]", replications=12)
    found = against_base(careless, base)
    assert set(ROWS) - {"complaints"} <= set(found)
    labels = [label for label, *_ in rows({"against_base": found})]
    for label in ("customers kept", "repeat purchases", "cross-sales", "sold to the named", "care contacts", "- care"):
        assert label in labels
    assert found["contacts"]["difference"] < 0
    assert found["contacts"]["base"] == pytest.approx(base.columns["contacts"].mean())
    without = {name: values for name, values in base.columns.items() if name not in ROWS}
    assert not set(ROWS) & set(compared(without, without))


def test_targets_know_the_names() -> None:
    scenario = lived().scenario
    names = metric_names(scenario)
    assert set(names) == set(lived().columns)
    for target in (
        "satisfaction>=80 %",
        "customers.kept>=20",
        "contacts.answer.mended<5",
        "later_share>=0.3",
        "cohorts.2026-Q2.from_earlier>=50 %",
        "cohorts.2026-Q1.revenue.2026-Q2>=1000",
        "revenue.repeat>1",
    ):
        assert targets([target], scenario)
