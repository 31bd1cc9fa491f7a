"""A summary says what the columns say, each number with its uncertainty, and is plain JSON.

Against itself: every number is recomputed here from the columns by the plainest formula.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from made_facts import counted
from mixed_funnel import HISTORY, MIXED, called_in
from small_funnel import SMALL, small

from simfunnel import Settings, parse_scenario, simulate
from simfunnel.errors import RequestError
from simfunnel.estimates import ignorance
from simfunnel.experiments.run import Summary, summarise
from simfunnel.experiments.targets import SYNONYMS, Target, metric_names, parse, targets
from simfunnel.metrics import LOSSES, STAGE_OF_LOSS, STAGES
from simfunnel.reporting.files import as_json
from simfunnel.reporting.sheets import WORK
from simfunnel.scenario.values import show
from simfunnel.simulation import Result, apart

ESTIMATE = {
    "mean", "standard_error", "ci95", "sd", "p05", "p50", "p95", "n", "undefined", "sd_luck", "sd_inputs",
}  # fmt: skip
TOP = (
    "dials", *STAGES, "revenue", "cost", "profit", "cost_per_sale", "days_until_done", "events",
    "leads", "arrived", "conceded", "events_cancelled", "meetings", "invited_again",
)  # fmt: skip
# Losses that the small funnel does not have.
ABSENT = (
    "dead_number", "gave_up_waiting", "left_waiting", "undecided", "irritated", "bought_elsewhere", "never_ready",
    "not_qualified", "given_up", "bad_fit_declined", "still_open",
)  # fmt: skip


@cache
def lived(**options: Any) -> Result:
    return simulate(small(), **{"replications": 60, "seed": 3, "workers": 1, **options})


@cache
def summary() -> Summary:
    return summarise(lived(), file="small.toml", overrides=("a=1",), targets=(parse("sold>=5"),))


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def test_the_heading_says_how_to_run_it_again() -> None:
    head = summary()
    assert head["scenario"] == "A small funnel"
    assert (head["file"], head["overrides"], head["engine"]) == ("small.toml", ["a=1"], "vector")
    assert (head["seed"], head["replications"], head["worlds"], head["histories"]) == (3, 60, 30, 2)
    assert (head["first_day"], head["last_day"], head["working_days"]) == ("2026-01-12", "2026-01-30", 15)
    assert (head["currency"], head["leads"], head["fix_inputs"]) == ("EUR", 80, False)
    assert summarise(lived(fix_inputs=True))["worlds"] is None


def test_the_keys_stand_in_the_contracts_order() -> None:
    found = summary()
    assert tuple(found["metrics"]) == TOP
    assert tuple(found["rates"]) == (*STAGES, "conceded", "overall")
    assert tuple(found["losses"]) == LOSSES
    assert tuple(found["teams"]) == ("own", "centre")
    assert tuple(found["segments"]) == ("strangers", "visitors")
    assert tuple(found["segments"]["visitors"]["losses"]) == LOSSES
    assert {"utilisation", "busy_minutes", "overtime_minutes", "paid_hours", "cost"} <= set(found["teams"]["own"])
    assert found["response"] == found["hot"] == {}
    assert found["follow_up"] == found["pipeline"] == {}
    for group in ("metrics", "rates", "costs"):
        assert all(set(estimated) == ESTIMATE for estimated in found[group].values())
    assert all(set(estimated) == {*ESTIMATE, "stage"} for estimated in found["losses"].values())
    assert {name: estimated["stage"] for name, estimated in found["losses"].items()} == STAGE_OF_LOSS


def test_means_are_means_and_ratios_are_ratios_of_means() -> None:
    columns, found = lived().columns, summary()
    for name in ("dials", "sold", "profit"):
        assert found["metrics"][name]["mean"] == pytest.approx(columns[name].mean())
        assert found["metrics"][name]["p95"] == pytest.approx(np.quantile(columns[name], 0.95))
    cost_per_sale = found["metrics"]["cost_per_sale"]
    assert cost_per_sale["mean"] == pytest.approx(columns["cost"].sum() / columns["sold"].sum())
    assert cost_per_sale["undefined"] == np.count_nonzero(columns["sold"] == 0) > 0
    assert found["rates"]["dialled"]["mean"] == pytest.approx(columns["dialled"].mean() / 80)
    for before, name in pairwise(STAGES):
        assert found["rates"][name]["mean"] == pytest.approx(columns[name].sum() / columns[before].sum())
    assert found["teams"]["own"]["utilisation"]["mean"] == pytest.approx(np.nanmean(columns["teams.own.utilisation"]))


def test_losses_and_sales_add_up_to_all_leads_and_lines_to_the_cost() -> None:
    columns, found = lived().columns, summary()
    lost = sum(columns[f"losses.{name}"] for name in LOSSES)
    assert np.array_equal(lost + columns["sold"], np.full(60, 80))
    total = sum(estimated["mean"] for estimated in found["losses"].values()) + found["metrics"]["sold"]["mean"]
    assert total == pytest.approx(80)
    assert sum(line["mean"] for line in found["costs"].values()) == pytest.approx(found["metrics"]["cost"]["mean"])
    assert all(found["losses"][name]["mean"] > 0 for name in LOSSES if name not in ABSENT)


def test_chances_are_shares_of_histories() -> None:
    columns, chances = lived().columns, summary()["chances"]
    assert tuple(chances) == ("sold >= 1", "profit > 0", "sold >= 5")
    assert chances["sold >= 5"]["share"] == pytest.approx((columns["sold"] >= 5).mean())
    assert chances["profit > 0"]["share"] == pytest.approx((columns["profit"] > 0).mean())
    low, high = chances["profit > 0"]["ci95"]
    assert 0 <= low < chances["profit > 0"]["share"] < high <= 1


def test_variance_is_split_into_luck_and_ignorance_apart_from_the_simulations_error() -> None:
    sold, split = summary()["metrics"]["sold"], summary()["variance"]["sold"]
    assert split["luck"] + split["inputs"] == pytest.approx(1)
    assert split["luck"] / split["inputs"] == pytest.approx((sold["sd_luck"] / sold["sd_inputs"]) ** 2)
    assert split["simulation_error"] == sold["standard_error"]
    assert split["inputs_ci95"] == list(ignorance(lived().columns["sold"], lived().worlds).ci95 or ())
    assert split["inputs_ci95"][0] <= split["inputs"] <= split["inputs_ci95"][1]
    known = summarise(lived(fix_inputs=True))["variance"]["sold"]
    assert (known["luck"], known["inputs"], known["inputs_ci95"]) == (1, 0, [0, 0])
    assert known["text"] == "all of the spread of sold between histories is luck"


def test_few_worlds_do_not_claim_what_the_spread_is() -> None:
    few = summarise(lived(replications=20))["variance"]["sold"]
    assert few["inputs_ci95"][1] - few["inputs_ci95"][0] > 0.4
    assert few["text"].startswith("too few worlds to tell luck from not knowing the inputs (")
    many = summarise(lived(replications=1000))["variance"]["profit"]
    low, high = (round(100 * end) for end in many["inputs_ci95"])
    assert f"% (95 % interval {low} to {high}) is not knowing the inputs exactly" in many["text"]


def test_one_world_cannot_tell_luck_from_ignorance() -> None:
    found = summarise(lived(replications=2))
    assert found["worlds"] == 1
    assert found["variance"]["sold"]["luck"] is None
    assert "too few" in found["variance"]["sold"]["text"]
    assert any("gives no interval" in warning for warning in found["warnings"])


@pytest.mark.parametrize("options", [{}, {"replications": 1}, {"replications": 2}, {"fix_inputs": True}])
def test_it_is_json_without_nan_for_any_number_of_histories(options: dict[str, Any]) -> None:
    found = summarise(lived(**options))
    assert json.loads(as_json(found)) == found
    assert all(math.isfinite(leaf) for leaf in leaves(found) if isinstance(leaf, float))
    assert as_json(found).isascii()


def test_workers_and_blocks_leave_no_trace() -> None:
    assert as_json(summarise(lived(block_size=7))) == as_json(summarise(lived()))
    assert "seconds" not in as_json(summary())


def test_a_funnel_without_leads_has_a_summary() -> None:
    scenario = small().model_copy(update={"segments": {}})
    found = summarise(simulate(scenario, replications=4, workers=1))
    assert found["metrics"]["sold"]["mean"] == 0
    assert found["metrics"]["cost_per_sale"]["mean"] is None
    assert found["rates"]["answered"]["mean"] is None


def test_warnings_tell_of_leads_left_open_and_of_histories_left_out() -> None:
    cut = small().model_copy(update={"horizon": small().demo.every.__class__(2, "working days")})  # type: ignore[union-attr]
    found = summarise(simulate(cut, replications=20, workers=1))
    assert any("still open at the horizon" in warning for warning in found["warnings"])
    assert "nothing is sold in any history; cost_per_sale is undefined." in found["warnings"]
    assert "percentiles of 20 histories are rough; run at least 1,000." in found["warnings"]
    enough = summarise(simulate(cut, replications=100, workers=1))
    assert not any("rough" in warning for warning in enough["warnings"])


def test_a_funnel_without_a_demo_is_warned_of_once() -> None:
    found = summarise(simulate(small().model_copy(update={"demo": None}), replications=100, workers=1))["warnings"]
    assert [warning[:18] for warning in found] == ["demo is absent, so", "teams.own is paid "]


def test_a_warning_counts_the_histories_in_which_the_list_is_not_done() -> None:
    result = lived()
    days = result.columns["days_until_done"].copy()
    days[:2] = np.nan
    some = replace(result, columns={**result.columns, "days_until_done": days})
    said = (
        "the list is not done within the horizon in 2 of 60 histories; the days until it is done are those of the "
        "other histories."
    )
    assert said in summarise(some)["warnings"]
    none = replace(result, columns={**result.columns, "days_until_done": np.full_like(days, np.nan)})
    said = (
        "the list is not done within the horizon in any history, as some leads are neither reached nor given up by "
        "then, so there is no number of days until it is done."
    )
    assert said in summarise(none)["warnings"]
    assert not any("the list is not done" in warning for warning in summarise(result)["warnings"])


FAR = ("demo=off", "calling.offer=sale", "teams.own.shift=09:00-10:00", "teams.centre.shift=09:00-10:00")


def short(*overrides: str) -> list[str]:
    """What is said of 8,000 strangers whom three people dial for 15 days or fewer, an hour a day."""
    scenario = parse_scenario(SMALL, overrides=[*FAR, "segments.strangers.leads=8000", *overrides])
    return [
        warning
        for warning in summarise(simulate(scenario, replications=3, workers=1))["warnings"]
        if any(words in warning for words in ("never dialled", "still open", "not done"))
    ]


def test_leads_that_were_never_dialled_are_told_apart_from_those_that_are_open() -> None:
    [said] = short()
    assert re.fullmatch(
        r"[\d,]+ of 8,020 leads \(\d+ %\) were never dialled, as the horizon ended before their turn: lengthen the "
        r"horizon or add members\.", said,
    )  # fmt: skip
    [said] = short("intake=1 week", "calling.attempts=1")
    assert said.endswith("as the intake ended before their turn: lengthen the intake or add members.")
    # All are dialled on the first day; who does not answer is tried again beyond the horizon.
    few = ("segments.strangers.leads=100", "calling.answered=0.5", "calling.retry_after=6 weeks")
    assert short(*few)[0].endswith("so results are cut short: lengthen the horizon.")
    assert short(*few)[1].startswith("the list is not done within the horizon in any history, as some leads")
    arriving = (*few, "segments.strangers.arrivals=1")
    assert short(*arriving)[0].endswith("lengthen the horizon, or end the intake before it.")
    assert short(*arriving, "intake=1 week")[0].endswith("lengthen the horizon, or end the intake sooner.")


# ---------------------------------------------------------------- hot leads and arrivals


@cache
def mixed(*overrides: str) -> Result:
    """Thirty histories by hand: a third as in HISTORY, a third with hot leads that refuse, a third without sales."""
    told = [{**fact, "history": history} for history in range(30) for fact in HISTORY if history % 3 < 2]
    for history in range(1, 30, 3):
        told += [{**fact, "history": history} for fact in called_in(history)]
    scenario = parse_scenario(MIXED, overrides=overrides)
    columns, histograms = apart(counted(scenario, told, 30))
    return Result(scenario, Settings(replications=30), columns, None, histograms=histograms)


def test_the_hot_share_is_a_ratio_of_means_and_counts_histories_without_sales() -> None:
    columns, found = mixed().columns, summarise(mixed())["metrics"]
    share = found["hot_share"]
    assert share["mean"] == pytest.approx(columns["sold_hot"].sum() / columns["sold"].sum())
    assert (share["n"], share["undefined"]) == (20, 10)
    assert list(found)[: len(STAGES) + 2] == ["dials", *STAGES, "hot_share"]
    assert "hot_share" not in summary()["metrics"]


def test_rates_and_warnings_are_of_all_leads_that_came() -> None:
    result = mixed()
    found = summarise(result)
    total = result.columns["leads"].mean()
    assert found["leads"] == 2 < total
    assert found["rates"]["dialled"]["mean"] == pytest.approx(result.columns["dialled"].mean() / total)
    undialled = sum(
        result.columns[f"segments.{n}.leads"] - result.columns[f"segments.{n}.dialled"] for n in ("list", "fair")
    )
    still_open = (result.columns["losses.still_open"] - undialled).mean()
    said = f"{still_open:,.0f} of {total:,.0f} leads ({100 * still_open / total:.0f} %) are still open at the horizon"
    assert any(warning.startswith(said) for warning in found["warnings"])


def test_response_times_are_of_leads_and_not_of_histories() -> None:
    """20 histories with six leads that waited 2 h and one that waited 26 h; ten have 1, 4, ... 28 more of 26 h."""
    response = summarise(mixed())["response"]
    assert list(response) == ["clock_minutes", "working_minutes"]
    for known in response.values():
        assert list(known) == ["mean", "p50", "p90", "p95"]
        assert all(list(each) == ["value", "ci95"] for each in known.values())
    short, long = 20 * 6, 20 + sum(range(1, 30, 3))
    clock = response["clock_minutes"]
    assert clock["mean"]["value"] == pytest.approx((short * 120 + long * 1560) / (short + long))
    assert clock["mean"]["ci95"][0] < clock["mean"]["value"] < clock["mean"]["ci95"][1]
    unweighted = np.nanmean(mixed().columns["response.clock_minutes"])
    assert unweighted < 0.8 * clock["mean"]["value"], "a mean of histories would be too short"
    for name in ("p50", "p90", "p95"):
        assert clock[name]["value"] == pytest.approx(1560, rel=0.05)
    assert clock["p50"]["ci95"][0] == pytest.approx(120, rel=0.05)


def test_nobody_answered_has_no_response_times() -> None:
    scenario = parse_scenario(MIXED)
    columns, histograms = apart(counted(scenario, [], 2))
    response = summarise(Result(scenario, Settings(replications=2), columns, None, histograms=histograms))["response"]
    assert all(each == {"value": None, "ci95": None} for known in response.values() for each in known.values())


def test_who_buys_by_phone_is_a_share_of_those_who_could() -> None:
    """Nine hot leads accept, of whom three buy: the seats and the demo are the others' alone."""
    result = mixed("inbound.offer='sale'")
    columns, rates = result.columns, summarise(result)["rates"]
    by_phone = columns["sold_by_phone"].sum()
    assert rates["booked"]["mean"] == pytest.approx(columns["booked"].sum() / (columns["accepted"].sum() - by_phone))
    assert rates["sold"]["mean"] == pytest.approx(columns["sold"].sum() / (columns["interested"].sum() + by_phone))
    assert rates["sold_by_phone"]["mean"] == pytest.approx(by_phone / columns["accepted"].sum())
    met = columns["sold"].sum() - by_phone
    assert rates["sold_face_to_face"]["mean"] == pytest.approx(met / columns["interested"].sum())
    assert summarise(result)["metrics"]["sold_face_to_face"]["mean"] == pytest.approx(met / 30)
    assert "sold_by_phone" not in summary()["rates"]


def test_how_far_hot_leads_get() -> None:
    """20 histories with nine that arrive, of whom one gives up, seven are answered, six accept, four come, two buy."""
    result = mixed()
    hot = summarise(result)["hot"]
    more = sum(range(1, 30, 3))  # of ten histories; they refuse
    counts = {"arrived": 180 + more, "gave_up": 20, "answered": 140 + more, "accepted": 120, "attended": 80, "sold": 40}
    assert {name: hot[name]["mean"] for name in counts} == pytest.approx({name: n / 30 for name, n in counts.items()})
    before = {"gave_up": "arrived", "answered": "arrived", "accepted": "answered", "attended": "accepted",
              "sold": "attended"}  # fmt: skip
    assert {name: rate["mean"] for name, rate in hot["rates"].items()} == pytest.approx(
        {name: counts[name] / counts[previous] for name, previous in before.items()}
    )
    by_phone = summarise(mixed("inbound.offer='sale'"))["hot"]
    assert "attended" not in by_phone
    assert by_phone["rates"]["sold"]["mean"] == pytest.approx(by_phone["sold"]["mean"] / by_phone["accepted"]["mean"])


def test_an_interval_ends_where_its_numbers_do() -> None:
    """One history of 60 has one: the t interval of its mean would begin at -0.017; profits may be below 0."""
    rare, result = np.zeros(60, dtype=np.int64), lived()
    rare[7] = 1
    columns = {**result.columns, "losses.undecided": rare, "profit": -1000.0 * rare}
    found = summarise(replace(result, columns=columns))
    cut = found["losses"]["undecided"]
    assert (cut["mean"], cut["ci95"][0]) == (pytest.approx(1 / 60), 0)
    assert cut["ci95"][1] - cut["mean"] > cut["mean"]
    assert found["metrics"]["profit"]["ci95"][0] < -1000 / 60


@pytest.mark.parametrize(
    ("overrides", "told"),
    [((), True), (("intake='10 working days'",), False), (("segments.fair.leads=1", "segments.fair.arrivals=0"), True)],
)
def test_a_list_that_grows_until_the_horizon_is_never_done(overrides: tuple[str, ...], told: bool) -> None:
    result = mixed(*overrides)
    assert np.isnan(result.columns["days_until_done"]).any()
    said = ("the list is not done", "were never dialled")
    assert any(words in warning for words in said for warning in summarise(result)["warnings"]) == told


@pytest.mark.parametrize(
    ("absent", "override", "told"),
    [
        ((), "calling.offer='sale'", True),
        (("demo",), "calling.offer='demo'", True),
        (("demo", "meeting"), "calling.offer='sale'", True),
        (("demo", "meeting"), "calling.offer='demo'", False),
        (("calling", "demo"), "inbound.offer='meeting'", True),
        (("calling", "meeting"), "inbound.offer='meeting'", False),
        (("calling", "inbound"), "calling.offer='demo'", False),
    ],
)
def test_that_nothing_is_sold_is_told_where_something_could_be(
    absent: tuple[str, ...], override: str, told: bool
) -> None:
    scenario = parse_scenario(MIXED, overrides=[override]).model_copy(update=dict.fromkeys(absent))
    columns, histograms = apart(counted(scenario, [], 2))
    nothing = Result(scenario, Settings(replications=2), columns, None, histograms=histograms)
    said = "nothing is sold in any history; cost_per_sale is undefined."
    assert (said in summarise(nothing)["warnings"]) == told


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("sold>=5", Target("sold", ">=", 5)),
        (" profit > -1000.5 ", Target("profit", ">", -1000.5)),
        ("teams.own.utilisation<80 %", Target("teams.own.utilisation", "<", 0.8)),
        ("sold>=5\n", Target("sold", ">=", 5)),
        ("events=2", Target("events", "==", 2)),
        ("segments.my-list.losses.no_seat <= 0", Target("segments.my-list.losses.no_seat", "<=", 0)),
    ],
)
def test_a_target_is_read(text: str, target: Target) -> None:
    assert parse(text) == target


@pytest.mark.parametrize(
    "text", ["", "sold", "sold>=", ">=5", "sold=>5", "sold>=five", "sold>=nan", "sold>=1e400", "sold>=5; profit>0",
             "__import__('os').system('x')", "sold>=" + "9" * 400, "sold >= ٣"],
)  # fmt: skip
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="target must be metric, comparison and number such as sold>=5"):
        parse(text)


def test_a_target_names_a_metric_of_this_scenario() -> None:
    with pytest.raises(RequestError, match=r"names no metric \(did you mean `sold`\?\)"):
        targets(["solld>=5"], small())
    with pytest.raises(RequestError, match=r"did you mean `teams\.own\.utilisation`"):
        targets(["teams.own.utilization>0.5"], small())
    for said, meant in SYNONYMS.items():
        with pytest.raises(RequestError, match=rf"did you mean `{meant}`"):
            targets([f"{said.capitalize()}>=5"], small())
    assert (SYNONYMS["sales"], SYNONYMS["calls"], SYNONYMS["costs"]) == ("sold", "dials", "cost")
    assert set(SYNONYMS.values()) <= set(metric_names(small()))
    assert set(metric_names(small())) == set(lived().columns)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("profit>=10.000", "no thousands separators: write 10000, or 10.0000 if a decimal is meant"),
        ("profit>=-1.500", "no thousands separators: write -1500, or -1.5000 if a decimal is meant"),
        ("profit>=10,000", "no thousands separators: write 10000"),
        ("profit>=1.000.000", "no thousands separators: write 1000000"),
        ("profit>=10 000", "no thousands separators: write 10000"),
        ("profit>=10,5", "decimals follow a point: 10.5"),
        ("sold => 5", "did you mean `>=`?"),
        ("sold=<5", "did you mean `<=`?"),
    ],
)
def test_a_slip_in_a_target_is_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(RequestError, match=re.escape(f"found {show(text)} ({hint})")):
        parse(text)


def test_three_decimals_that_cannot_be_thousands_are_read() -> None:
    assert parse("teams.own.utilisation>=0.875").value == 0.875
    assert parse("teams.own.utilisation>=87.125 %").value == 0.87125
    assert parse("profit>=1000.125").value == 1000.125


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sold>=5%", "must have a number without %, as only shares such as utilisation and hot_share have it"),
        ("teams.own.utilisation>=80", "must have a share from 0 to 1 (100 %): write 80 % or 0.8"),
        ("teams.own.utilisation>=120 %", "must have a share from 0 to 1 (100 %)"),
    ],
)
def test_only_a_share_is_compared_with_a_share(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=re.escape(message)):
        targets([text], small())
    assert targets(["teams.own.utilisation>=100 %"], small())[0].value == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("teams.own.last_day", "`teams.own.days`"),
        ("teams.own.hours worked", "`teams.own.busy_minutes`"),
        ("teams.own.hot answered", "`teams.own.answered_inbound`"),
        ("no seat", "`losses.no_seat`"),
        ("left before closer", "`losses.left_waiting`"),
    ],
)
def test_a_displayed_name_leads_to_its_metric(said: str, meant: str) -> None:
    with pytest.raises(RequestError, match=re.escape(f"(did you mean {meant}?)")):
        targets([f"{said} >= 1"], small())


def test_every_displayed_name_of_work_is_known() -> None:
    for displayed, column, _ in WORK:
        metrics = [f"`teams.{team}.{column}`" for team in small().teams][:3]
        with pytest.raises(RequestError, match=re.escape(f"(did you mean {' or '.join(metrics)}?)")):
            targets([f"{displayed.replace(' ', '_')}>=1"], small())


def test_an_undefined_value_misses_its_target() -> None:
    columns = {"cost_per_sale": np.array([np.nan, 100.0, 900.0])}
    assert parse("cost_per_sale<500").hits(columns).tolist() == [False, True, False]
    assert parse("cost_per_sale>500").hits(columns).tolist() == [False, False, True]
