"""A manager's diagnostics on columns made by hand: what is claimed, what is left open, and what has no stages."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest
from click.testing import CliRunner
from mixed_funnel import MIXED
from pursued_funnel import PURSUED
from small_funnel import SMALL, small_file

from simfunnel import Settings, parse_scenario, simulate
from simfunnel.cli import program
from simfunnel.errors import ScenarioError
from simfunnel.estimates import ratio
from simfunnel.experiments.diagnostics import HOT, RULES, Diagnostic, diagnose
from simfunnel.experiments.estimating import share, share_of
from simfunnel.experiments.run import summarise
from simfunnel.metrics import STAGES
from simfunnel.reporting import manager, tables
from simfunnel.scenario.diagnostics import COMPARED, Stage
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

# One real campaign: 1,500 numbers, 1,000 answered, 20 listened, 15 agreed, 10 came, 7 were interested, 5 bought.
ELEPHANT = {"leads": 1500, "dialled": 1500, "answered": 1000, "listened": 20, "accepted": 15, "booked": 15,
            "attended": 10, "interested": 7, "sold": 5}  # fmt: skip
BY_PHONE = ("calling.offer='sale'",)
PLAIN = """
[segments.list]
leads = 1500
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[teams.callers]
[demo]
team = "callers"
attended = 0.5
[meeting]
team = "callers"
attended = 0.5
"""


def plain(*overrides: str) -> Scenario:
    """A list, and no hot leads."""
    return parse_scenario(PLAIN, overrides=overrides)


def lived(counts: dict[str, int], scenario: Scenario | None = None, histories: int = 200, **columns: Any) -> Result:
    """Histories that all count the same, but for the columns given one number a history."""
    made = {name: np.full(histories, count) for name, count in counts.items()}
    made |= {name: np.asarray(values) for name, values in columns.items()}
    return Result(scenario or plain(), Settings(replications=histories), made, None)


def found(result: Result) -> dict[str, Diagnostic]:
    return {told.name: told for told in diagnose(result)}


def verdicts(result: Result) -> dict[str, str]:
    return {told.name: told.verdict for told in diagnose(result)}


def test_the_elephant_is_a_cold_list() -> None:
    told = found(lived(ELEPHANT))
    assert list(told) == ["contacted", "interested", "price_talk", "hot_share"]
    assert [d.share for d in told.values()] == pytest.approx([2 / 3, 0.02, 0.7, 0])
    assert [d.verdict for d in told.values()] == ["healthy", "low", "healthy", "low"]
    assert [(d.stage, d.of) for d in told.values()] == [
        ("answered", "leads"), ("listened", "answered"), ("interested", "attended"), ("hot", "sold"),
    ]  # fmt: skip
    assert told["interested"].look_at == "fewer than a fifth of those contacted: look at positioning and PR"
    assert told["hot_share"].look_at == "nobody comes unasked: no marketing, only pushing"
    assert told["contacted"].look_at is told["price_talk"].look_at is None


@pytest.mark.parametrize(
    ("name", "counts", "verdict"),
    [
        ("contacted", {"answered": 500}, "healthy"),
        ("contacted", {"answered": 499}, "low"),
        ("interested", {"listened": 199}, "low"),
        ("interested", {"listened": 250}, "fair"),
        ("interested", {"listened": 334}, "healthy"),
        ("interested", {"listened": 500}, "healthy"),
        ("interested", {"listened": 501}, "fair"),
        ("interested", {"listened": 1000}, "fair"),
        ("price_talk", {"attended": 14, "interested": 7}, "healthy"),
        ("price_talk", {"attended": 15, "interested": 7}, "low"),
    ],
)
def test_each_border(name: str, counts: dict[str, int], verdict: str) -> None:
    """All histories alike have an interval without width: the border decides."""
    told = found(lived(ELEPHANT | counts))[name]
    assert told.verdict == verdict
    assert (told.look_at is not None) == (verdict in ("low", "high"))


@pytest.mark.parametrize(
    ("ci95", "verdict"),
    [
        ((0.02, 0.09), "low"), ((0.02, 0.10), "undecided"), ((0.10, 0.15), "healthy"), ((0.12, 0.151), "undecided"),
        ((0.151, 0.3), "high"), ((0.05, 0.5), "undecided"), (None, "undecided"),
    ],
)  # fmt: skip
def test_the_whole_interval_must_lie_on_one_side(ci95: tuple[float, float] | None, verdict: str) -> None:
    assert HOT.verdict(ci95) == verdict
    assert (HOT.look_at(HOT.verdict(ci95)) is not None) == (verdict in ("low", "high"))


@pytest.mark.parametrize(
    ("ci95", "verdict"),
    [((0.15, 0.25), "undecided"), ((0.2, 0.33), "fair"), ((0.3, 0.4), "undecided"), ((0.4, 0.6), "undecided"),
     ((0.15, 0.6), "undecided"), ((0.51, 0.6), "fair")],
)  # fmt: skip
def test_between_healthy_and_a_reason_to_look_lies_what_is_neither(ci95: tuple[float, float], verdict: str) -> None:
    assert RULES["interested"].verdict(ci95) == verdict


def test_silence_where_histories_disagree_and_a_claim_where_there_are_enough() -> None:
    """Half of the histories have 100 who listen, half 260: the mean is 0.18, below a fifth."""
    for histories, verdict in ((8, "undecided"), (800, "low")):
        told = found(lived(ELEPHANT, histories=histories, listened=np.tile([100, 260], histories // 2)))["interested"]
        assert told.share == pytest.approx(0.18)
        assert told.verdict == verdict
        assert (told.look_at is None) == (verdict == "undecided")


def test_the_interval_is_that_of_a_ratio_clustered_by_world() -> None:
    rng = np.random.default_rng(1)
    worlds = np.repeat(np.arange(50), 4)
    answered = 500 + 10 * worlds + rng.integers(0, 9, 200)
    result = lived(ELEPHANT, answered=answered)
    clustered = Result(result.scenario, result.settings, result.columns, worlds)
    expected = ratio(answered, result.columns["leads"], worlds)
    told = found(clustered)["contacted"]
    assert (told.share, told.ci95) == (expected.mean, expected.ci95)
    loose, tight = (end for d in (told, found(result)["contacted"]) for end in [d.ci95])
    assert loose is not None
    assert tight is not None
    assert loose[1] - loose[0] > 1.5 * (tight[1] - tight[0])


def test_a_share_of_0_or_1_is_no_surer_than_its_histories_are_many() -> None:
    """A t interval of equal numbers has no width; Wilson's of 2 and 200 histories ends at 0.66 and 0.019."""
    for histories, end in ((2, 0.66), (200, 0.019)):
        whole = np.full(histories, 3)
        none, every = (share(part, whole, None).ci95 for part in (0 * whole, whole))
        assert none == pytest.approx((0, end), abs=0.003)
        assert every == pytest.approx((1 - end, 1), abs=0.003)
    worlds = np.repeat(np.arange(100), 2)
    clustered = share(0 * np.ones(200), np.ones(200), worlds).ci95
    assert clustered is not None
    assert clustered[1] > 0.03
    with_none = share(np.zeros(200), np.r_[np.ones(2), np.zeros(198)], worlds).ci95
    assert with_none is None, "one world of one comer or two tells nothing"


def test_an_interval_stays_between_0_and_1() -> None:
    low, high = share(np.r_[1, np.zeros(9)], np.ones(10), None).ci95 or (-1, -1)
    assert low == 0 < high
    low, high = share(np.r_[0, np.ones(9)], np.ones(10), None).ci95 or (2, 2)
    assert low < 1 == high


def test_shares_of_follow_up_stay_between_0_and_1_and_are_never_sure() -> None:
    """Ten touches of one, nine of which failed; 0 of 3 in 2 histories; a whole of nothing."""
    assert share_of(np.r_[0, np.ones(9)], np.ones(10), None)["ci95"][1] == 1
    unseen = share_of(np.zeros(2), np.full(2, 3), None)
    assert (unseen["mean"], unseen["ci95"]) == (0, pytest.approx([0, 0.66], abs=0.003))
    assert share_of(np.zeros(2), np.zeros(2), None)["mean"] is None
    assert share_of(np.zeros(2), np.zeros(2), None)["ci95"] is None


def test_one_history_claims_nothing_but_what_is_no_chance() -> None:
    assert verdicts(lived(ELEPHANT, histories=1)) == {
        "contacted": "undecided", "interested": "undecided", "price_talk": "undecided", "hot_share": "low",
    }  # fmt: skip


# ---------------------------------------------------------------- stages that there are, and others


def test_another_mapping_compares_other_stages() -> None:
    scenario = plain(
        "diagnostics.potential='dialled'", "diagnostics.contacted='listened'", "diagnostics.interested='accepted'",
        "diagnostics.willing='booked'", "diagnostics.price_talk='sold'", "diagnostics.bought='sold'",
    )  # fmt: skip
    told = found(lived(ELEPHANT, scenario))
    assert [(d.stage, d.of, round(d.share, 3)) for d in told.values()] == [
        ("listened", "dialled", 0.013), ("accepted", "listened", 0.75), ("sold", "booked", 0.333), ("hot", "sold", 0),
    ]  # fmt: skip
    assert [d.verdict for d in told.values()] == ["low", "fair", "low", "low"]


def test_who_buys_by_phone_comes_nowhere() -> None:
    """The default mapping has no willing then; one by stages of a call has."""
    counts = ELEPHANT | {"booked": 0, "attended": 0, "interested": 0, "accepted": 5, "sold_by_phone": 5}
    assert list(found(lived(counts, plain(*BY_PHONE)))) == ["contacted", "interested", "hot_share"]
    mapped = plain(*BY_PHONE, "diagnostics.willing='listened'", "diagnostics.price_talk='accepted'")
    told = found(lived(counts, mapped))["price_talk"]
    assert (told.stage, told.of, told.share, told.verdict) == ("accepted", "listened", 0.25, "low")
    assert "the market is full" in str(told.look_at)


def test_two_ways_to_a_sale_are_not_compared_across() -> None:
    """Hot leads buy by phone, the others come to a demo: accepted counts both, attended one of them."""
    overrides = ("inbound.offer='sale'",)
    hot = {"segments.web.sold": 1, "segments.web.attended": 0}
    for of, stage, silent in (
        ("attended", "interested", False), ("accepted", "attended", True), ("interested", "sold", True),
        ("accepted", "sold", False),
    ):  # fmt: skip
        mapped = (f"diagnostics.willing='{of}'", f"diagnostics.price_talk='{stage}'")
        told = found(lived(ELEPHANT | hot, parse_scenario(MIXED, overrides=[*overrides, *mapped])))
        assert ("price_talk" not in told) == silent, (of, stage)
        assert told["hot_share"].share == 0.2
    early = ("diagnostics.price_talk='attended'", "diagnostics.bought='attended'", "diagnostics.willing='accepted'")
    assert "hot_share" not in found(lived(ELEPHANT | hot, parse_scenario(MIXED, overrides=[*overrides, *early])))


def test_a_funnel_that_ends_with_the_invitation_is_not_told_that_nobody_comes() -> None:
    scenario = plain("diagnostics.willing='accepted'").model_copy(update={"demo": None, "meeting": None})
    nobody = ELEPHANT | {"booked": 0, "attended": 0, "interested": 0, "sold": 0}
    assert list(found(lived(nobody, scenario))) == ["contacted", "interested"]


def test_no_leads_no_diagnostics() -> None:
    assert diagnose(lived(dict.fromkeys(ELEPHANT, 0))) == ()


# ---------------------------------------------------------------- hot leads


@pytest.mark.parametrize(
    ("hot", "verdict", "said"),
    [(9, "low", "fewer than 10 %"), (10, "healthy", None), (15, "healthy", None), (16, "high", "more than 15 %")],
)
def test_hot_leads_are_a_tenth_to_a_seventh_of_who_buys(hot: int, verdict: str, said: str | None) -> None:
    counts = ELEPHANT | {"attended": 300, "interested": 200, "sold": 100, "segments.web.sold": hot}
    told = found(lived(counts, parse_scenario(MIXED)))["hot_share"]
    assert (told.share, told.verdict) == (hot / 100, verdict)
    assert told.look_at is None if said is None else said in str(told.look_at)


def test_the_hot_share_is_a_ratio_of_means() -> None:
    """One sale in five histories, hot; nine in five others, one of them hot: 2 of 10, not the mean of 1 and 1/9."""
    counts = ELEPHANT | {"segments.web.sold": 1}
    assert found(lived(counts, parse_scenario(MIXED), 10, sold=[1, 9] * 5))["hot_share"].share == pytest.approx(0.2)


def test_who_comes_back_by_itself_comes_unasked() -> None:
    """Follow-up without hot leads: it is not said that nobody comes."""
    scenario = parse_scenario(PURSUED, overrides=["segments.web.arrivals=0"])
    counts = ELEPHANT | {"segments.web.sold": 0}
    back = found(lived(counts | {"came_back": 3}, scenario))["hot_share"]
    assert (back.look_at, back.verdict) == ("no hot leads; 3.0 came back by themselves", "low")
    nobody = found(lived(counts | {"came_back": 0}, scenario))["hot_share"]
    assert nobody.look_at == "nobody comes unasked: no marketing, only pushing"


def test_none_at_all_is_said_of_hot_leads_that_are_not_there_and_only_if_something_is_sold() -> None:
    pushing = "nobody comes unasked: no marketing, only pushing"
    there = parse_scenario(MIXED)
    empty = parse_scenario(MIXED, overrides=["segments.web.arrivals=0"])
    without = ELEPHANT | {"segments.web.sold": 0}
    said = {name: found(lived(without, scenario))["hot_share"] for name, scenario in
            {"none": plain(), "empty": empty, "there": there}.items()}  # fmt: skip
    assert said["none"].look_at == said["empty"].look_at == pushing
    assert said["none"].ci95 == (0, 0)
    assert said["there"].verdict == "low"
    assert said["there"].look_at != pushing, "hot leads there are, and the calling wins more"
    for scenario in (plain(), empty, there):
        assert "hot_share" not in found(lived(without | {"sold": 0}, scenario))


def test_few_histories_without_a_hot_sale_claim_nothing() -> None:
    few = lived(ELEPHANT | {"segments.web.sold": 0}, parse_scenario(MIXED), histories=5)
    assert verdicts(few)["hot_share"] == "undecided"


# ---------------------------------------------------------------- the keys


def test_the_stages_are_those_of_the_funnel() -> None:
    assert get_args(Stage) == ("leads", *STAGES)
    assert {level for _, level in COMPARED} == set(RULES)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("diagnostics.contacted='leads'",
         'diagnostics.contacted must be a later stage than potential, which is "leads", found "leads"'),
        ("diagnostics.willing='answered'",
         'diagnostics.willing must be the same stage as, or a later one than, interested, which is "listened", '
         'found "answered"'),
        ("diagnostics.bought='dialled'", "diagnostics.bought must be the same stage as, or a later one than, "
         'price_talk, which is "interested", found "dialled"'),
        ("diagnostics.bought='buyers'", "diagnostics.bought must be one of"),
        ("diagnostics.willling='attended'", "did you mean `willing`?"),
    ],
)  # fmt: skip
def test_levels_follow_the_funnel(override: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        plain(override)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "stage"),
    [("potential", "dialled"), ("contacted", "dialled"), ("interested", "accepted"), ("willing", "accepted"),
     ("price_talk", "sold"), ("bought", "sold")],
)  # fmt: skip
def test_every_level_reaches_the_result(key: str, stage: str) -> None:
    said = {f"{d.stage} of {d.of}" for d in diagnose(lived(ELEPHANT, plain(f"diagnostics.{key}='{stage}'")))}
    assert any(stage in comparison for comparison in said)
    if key != "bought":
        assert said != {f"{d.stage} of {d.of}" for d in diagnose(lived(ELEPHANT))}


def test_the_hot_share_is_of_the_stage_that_is_bought() -> None:
    counts = ELEPHANT | {"segments.web.sold": 5, "segments.web.interested": 1}
    told = found(lived(counts, parse_scenario(MIXED, overrides=["diagnostics.bought='interested'"])))["hot_share"]
    assert (told.of, told.share) == ("interested", pytest.approx(1 / 7))


# ---------------------------------------------------------------- what is shown


@cache
def small_run() -> Result:
    return simulate(parse_scenario(SMALL), replications=60, seed=3, workers=1)


def shown(diagnostics: list[dict[str, Any]]) -> list[str]:
    summary = summarise(small_run()) | {"diagnostics": diagnostics}
    file = io.StringIO()
    tables.show(summary, tables.console(file))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return lines[lines.index(manager.TITLE) :] if manager.TITLE in lines else []


def test_the_summary_says_what_was_found() -> None:
    told = summarise(small_run())["diagnostics"]
    assert told == [d.to_json() for d in diagnose(small_run())]
    assert [list(d) for d in told] == [
        ["name", "stage", "of", "share", "ci95", "healthy", "verdict", "look_at"]
    ] * len(told)  # fmt: skip
    assert told[0]["share"] == pytest.approx(small_run().columns["answered"].sum() / small_run().columns["leads"].sum())
    assert json.loads(json.dumps(told)) == told


def test_json_has_them(tmp_path: Any) -> None:
    done = CliRunner().invoke(program, ["run", small_file(tmp_path), "--replications", "20", "--json"])
    told = json.loads(done.stdout)["diagnostics"]
    assert [d["name"] for d in told] == ["contacted", "interested", "price_talk", "hot_share"]
    assert told[-1]["look_at"] == "nobody comes unasked: no marketing, only pushing"
    mapped = ["--set", "diagnostics.contacted=dialled"]
    done = CliRunner().invoke(program, ["run", small_file(tmp_path), "--replications", "20", "--json", *mapped])
    assert json.loads(done.stdout)["diagnostics"][0]["stage"] == "dialled"


def test_each_row_has_its_number_interval_range_and_verdict_and_where_to_look() -> None:
    lines = shown([d.to_json() for d in diagnose(lived(ELEPHANT, answered=np.tile([990, 1010], 100)))])
    contacted, interested, _, hot = lines[3:7]
    assert " ".join(contacted.split()) == "Contacted answered of leads 66.7 % (66.6-66.8) from 33 % healthy"
    assert interested.split()[:4] == ["Interested", "listened", "of", "answered"]
    assert interested.split()[-3:] == ["33-50", "%", "low"]
    assert " ".join(hot.split()) == "Hot share hot of sold 0.0 % 10-15 % low"
    assert "  Interested: fewer than a fifth of those contacted: look at positioning and PR." in lines
    assert "  Hot share: nobody comes unasked: no marketing, only pushing." in lines
    assert lines.index("Chances") > 8


def test_an_open_question_is_shown_with_its_number_and_without_advice() -> None:
    open_ = [d.to_json() for d in diagnose(lived(ELEPHANT, histories=8, listened=[100, 260] * 4))]
    lines = shown([d for d in open_ if d["name"] == "interested"])
    assert lines[3].split()[-1] == "undecided"
    assert "18.0 %" in lines[3]
    assert not any("positioning" in line for line in lines)
    assert any(line.startswith("  undecided: there is no interval that lies") for line in lines)


def test_what_is_fair_is_explained_and_nothing_is_shown_of_nothing() -> None:
    fair = [d.to_json() for d in diagnose(lived(ELEPHANT | {"listened": 250}))]
    assert "  fair: outside the healthy range, but no reason to look." in shown(fair)
    assert shown([]) == []


def test_every_line_fits_whatever_is_compared_and_found() -> None:
    ends = [0.123456, 0.234567]
    widest = [
        {"name": name, "stage": "interested", "of": "interested", "share": 0.2, "ci95": ends,
         "healthy": list(rule.healthy), "verdict": verdict, "look_at": rule.look_at(verdict)}
        for name, rule in {**RULES, "hot_share": HOT}.items()
        for verdict in ("low", "high", "undecided") if rule.look_at(verdict) != ""
    ]  # fmt: skip
    assert max(map(len, shown(widest))) <= 80
