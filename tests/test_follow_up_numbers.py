"""A followed-up history written by hand, and what is counted, paid, lost, summed up, shown and told of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from made_facts import Fact, counted, fact
from pursued_funnel import (
    CALLERS,
    EAGER,
    HISTORY,
    MINUTE,
    PURSUED,
    SELLERS,
    WEB,
    answered,
    came_back,
    filed,
    talked,
    touched,
)  # fmt: skip

from simfunnel import facts, parse_scenario, simulate, simulation
from simfunnel.calendar import Calendar
from simfunnel.counting.ledger import Ledger
from simfunnel.counting.pipeline import MEASURES, files_per_history, month_names
from simfunnel.experiments.replay import Replay, notable, order, story
from simfunnel.experiments.run import Summary, summarise
from simfunnel.experiments.targets import metric_names, parse, targets
from simfunnel.experiments.telling import how_long
from simfunnel.facts import COLUMNS, KINDS, Keeper
from simfunnel.funnel import closing, demo, touch, undecided
from simfunnel.metrics import LOSSES, STAGE_OF_LOSS
from simfunnel.reporting import story as told
from simfunnel.reporting import tables
from simfunnel.reporting.pursuit import months_with_files, shown_months
from simfunnel.reporting.wording import number
from simfunnel.simulation import Result, Settings, blocks, live

OPEN_FILE = ("irritated", "bought_elsewhere", "never_ready", "not_qualified", "given_up", "bad_fit_declined")


@pytest.fixture(params=[False, True], ids=["by kind", "one by one"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The columns of the second of three histories; the others are empty."""
    said = [{**each, "history": 1} for each in HISTORY]
    columns = counted(parse_scenario(PURSUED), said, 3, one_by_one=request.param)
    assert not any(columns[name][0] or columns[name][2] for name in columns if name.startswith(("touch", "pipeline")))
    return {name: values[1].item() for name, values in columns.items() if values.ndim == 1}


# ---------------------------------------------------------------- counted


def test_touches_and_returns_by_hand(found: dict[str, Any]) -> None:
    counts = {"touches": 5, "touches_unanswered": 1, "touches_wasted": 2, "touches_quota": 1, "irritations": 2,
              "came_back": 2, "sold_follow_up": 1, "sold_came_back": 1, "misfits": 1, "sold": 2, "conceded": 1,
              "undecided_by_phone": 1, "sold_by_phone": 0}  # fmt: skip
    assert {name: found[name] for name in counts} == counts
    results = {"reached_nobody": 1, "not_ready": 1, "sold": 1, "walked_away": 1, "not_convinced": 1}
    assert {name: found[f"touches.{name}"] for name in results} == results
    assert sum(value for name, value in found.items() if name.startswith("touches.")) == 5
    assert (found["came_back.sold_under_pressure"], found["came_back.gave_up_waiting"]) == (1, 1)
    assert sum(value for name, value in found.items() if name.startswith("came_back.")) == 2


def test_by_segment_and_team(found: dict[str, Any]) -> None:
    for segment, counts in {"list": (5, 2, 1, 1), "web": (0, 0, 1, 0)}.items():
        names = ("touches", "irritations", "came_back", "misfits")
        assert tuple(found[f"segments.{segment}.{name}"] for name in names) == counts
    assert [found[f"teams.{name}.touches"] for name in ("callers", "desk", "sellers")] == [0, 0, 5]
    assert [found[f"teams.{name}.sold"] for name in ("callers", "desk", "sellers")] == [1, 1, 0]
    assert found["hot_share"] == 1 / 2


def test_losses_by_hand(found: dict[str, Any]) -> None:
    """Who was undecided on the phone has refused for good in no line; two are sold, one file is open."""
    lost = {name: found[f"losses.{name}"] for name in LOSSES if found[f"losses.{name}"]}
    assert lost == {"irritated": 1, "given_up": 1, "still_open": 1}
    for prefix in ("", "segments.list.", "segments.web."):
        total = sum(found[f"{prefix}losses.{name}"] for name in LOSSES) + found[f"{prefix}sold"]
        assert total == found[f"{prefix}leads"]


def test_without_follow_up_the_undecided_are_a_loss() -> None:
    scenario = parse_scenario(PURSUED).model_copy(update={"follow_up": None})
    before = [each for each in HISTORY if each["kind"] not in (facts.TOUCH, facts.FILE, facts.RETURN, facts.ANSWER,
              facts.SERIES, facts.MISFIT) and each["day"] <= 5]  # fmt: skip
    columns = counted(scenario, before)
    assert [columns[f"losses.{name}"][0] for name in ("undecided", "refused", "still_open")] == [4, 0, 1]
    assert not [name for name in columns if name.startswith(("touches", "came_back", "pipeline", "sold_follow_up"))]
    assert "misfits" in columns, "the product is not right for half of them all the same"


def test_every_end_of_a_file_is_its_own_loss() -> None:
    scenario = parse_scenario(PURSUED)
    for outcome in range(undecided.IRRITATED, undecided.REOPENED):
        said = [dict(each) for each in HISTORY]
        for each in said:
            if each["kind"] == facts.FILE and each["outcome"] == undecided.GIVEN_UP:
                each["outcome"] = outcome
        columns = counted(scenario, said)
        assert columns[f"losses.{OPEN_FILE[outcome - undecided.IRRITATED]}"][0] >= 1
        assert sum(columns[f"losses.{name}"][0] for name in OPEN_FILE) == 2


def test_every_loss_has_a_stage_and_stages_follow_each_other() -> None:
    assert tuple(STAGE_OF_LOSS) == LOSSES
    stages = list(STAGE_OF_LOSS.values())
    assert [s for n, s in enumerate(stages) if s not in stages[:n]] == [
        s for n, s in enumerate(stages) if not n or s != stages[n - 1]
    ]


def test_work_by_hand(found: dict[str, Any]) -> None:
    """Five touches of 20 minutes and a talk of 10; who gave up takes no time, and a touch is no dial."""
    assert (found["teams.sellers.busy_minutes"], found["teams.sellers.overtime_minutes"]) == (110, 10)
    assert (found["teams.sellers.days"], found["teams.desk.busy_minutes"], found["dials"]) == (41, 10, 0)
    assert found["teams.sellers.answered_inbound"] == 0
    assert found["response.answered"] == 1, "waits are those of hot leads"


def test_who_gave_up_is_no_work_on_its_last_day() -> None:
    columns = counted(parse_scenario(PURSUED), [each for each in HISTORY if each["lead"] == 2])
    assert (columns["teams.sellers.days"][0], columns["teams.sellers.busy_minutes"][0]) == (0, 0)


# ---------------------------------------------------------------- the truth about a pipeline


def test_the_pipeline_by_hand(found: dict[str, Any]) -> None:
    totals = {"opened": 5, "face_value": 2700, "turned_into": 1300, "open": 1, "open_value": 700}
    assert {name: found[f"pipeline.{name}"] for name in totals} == totals
    months = {"2026-01": (3, 1500, 1300), "2026-02": (2, 1700, 1000), "2026-03": (1, 700, 0)}
    assert {month: tuple(found[f"pipeline.months.{month}.{name}"] for name in MEASURES) for month in months} == months


def test_a_file_is_open_at_the_end_of_the_month_of_its_last_day_only_if_it_outlives_it() -> None:
    """Day 14 is the last of January, 15 the first of February."""
    for closed, is_open in ((14, 0), (15, 1)):
        said = [filed(0, 14, undecided.OPENED, 100), filed(0, closed, undecided.SOLD, 100, closed - 14, 1)]
        columns = counted(parse_scenario(PURSUED), said)
        found = [columns[f"pipeline.months.2026-01.{name}"][0] for name in MEASURES]
        assert found == [is_open, is_open, is_open]
        assert columns["pipeline.months.2026-02.open"][0] == 0


def test_the_pipeline_of_a_currency_without_minor_units() -> None:
    columns = counted(parse_scenario(PURSUED, overrides=["currency='JPY'"]), HISTORY)
    assert columns["pipeline.face_value"][0] == 270_000


def test_a_long_pipeline_makes_blocks_smaller_not_memory_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight years touch 97 months; of each six numbers are kept, which counts where the leads are few."""
    long = parse_scenario(PURSUED, overrides=["horizon='8 years'", "intake='10 working days'"])
    few = long.model_copy(update={"follow_up": None})
    calendar = Calendar.of(long)
    assert [files_per_history(each, calendar) for each in (long, few)] == [6 * 97, 0]
    monkeypatch.setattr(simulation, "LEADS_IN_BLOCK", 582_000)
    sizes = [blocks(each, Settings(replications=100_000))[0][1] for each in (long, few)]
    assert sizes[0] <= 1000 < sizes[1]


# ---------------------------------------------------------------- money


def test_what_following_up_costs(found: dict[str, Any]) -> None:
    """Four touches by phone and one by mail, four messages, one sale that does not fit."""
    assert (found["costs.touches"], found["costs.nurture"], found["costs.bad_fit"]) == (4 * 0.5 + 2, 1, 50)
    assert found["revenue"] == 1300
    assert sum(value for name, value in found.items() if name.startswith("costs.")) == found["cost"]


def test_commission_goes_to_who_invited_and_to_who_closed() -> None:
    shares = [
        f"teams.{name}.commission={share}" for name, share in (("callers", 0.1), ("desk", 0.01), ("sellers", 0.001))
    ]
    columns = counted(parse_scenario(PURSUED, overrides=shares), HISTORY)
    assert [columns[f"teams.{name}.cost"][0] for name in ("callers", "desk", "sellers")] == [100, 3, 1.3]


OUTSOURCED = (
    "teams.sellers.kind='outsourced'", "teams.sellers.paid='worked'", "teams.sellers.contract.per_hour=60",
    "teams.sellers.contract.per_dial=1000", "teams.sellers.contract.per_connect=1000",
    "teams.sellers.contract.per_accepted=1000", "teams.sellers.contract.set_up=1000",
)  # fmt: skip


def test_an_outsourced_team_bills_touches_but_no_dials() -> None:
    """Four touches reach somebody, one lead that came back is answered."""
    columns = counted(parse_scenario(PURSUED, overrides=OUTSOURCED), HISTORY)
    lines = {line: columns[f"costs.contract_{line}"][0] for line in ("set_up", "per_hour", "per_dial", "per_connect")}
    assert lines == {"set_up": 1000, "per_hour": 110, "per_dial": 0, "per_connect": 5000}
    assert columns["teams.sellers.cost"][0] == 6110


def test_the_time_of_touches_and_answers_is_billed_in_its_month() -> None:
    scenario = parse_scenario(PURSUED, overrides=[*OUTSOURCED, "teams.sellers.contract.minimum_per_month=1"])
    ledger = Ledger(scenario, Calendar.of(scenario), 1)
    for each in HISTORY:
        ledger.rows(np.array([0]), {name: value for name, value in each.items() if name != "history"})
    assert (ledger.busy[:, 0, 0] / MINUTE).tolist() == [40, 50, 20]
    assert (ledger.overtime[:, 0, 0] / MINUTE).tolist() == [0, 10, 0]


# ---------------------------------------------------------------- summed up and shown


@cache
def lived(*overrides: str) -> tuple[Result, dict[str, np.ndarray[Any, Any]]]:
    """A small run, and its facts."""
    scenario = parse_scenario(PURSUED, overrides=[*EAGER, *overrides])
    keeper = Keeper()
    live(scenario, Settings(), 0, 40, (keeper,))
    told_ = keeper.table()
    return simulate(scenario, replications=40, workers=1), {
        name: told_[:, place] for place, name in enumerate(("history", *COLUMNS))
    }


@cache
def summary() -> Summary:
    return summarise(lived()[0], targets=(parse("touches<1000"),))


def shown(found: Summary) -> list[str]:
    file = io.StringIO()
    tables.show(found, tables.console(file))
    return file.getvalue().splitlines()


def test_files_and_leads_are_conserved_in_every_history() -> None:
    """Opened = closed + open; the losses and the sold are all leads; every touch has one result."""
    result, told_ = lived()
    columns = result.columns
    closed = sum(columns[f"losses.{name}"] for name in OPEN_FILE)
    later = columns["sold_follow_up"] + columns["sold_came_back"]
    assert np.array_equal(columns["pipeline.opened"], closed + later + columns["pipeline.open"])
    for prefix in ("", "segments.list.", "segments.web."):
        total = sum(columns[f"{prefix}losses.{name}"] for name in LOSSES) + columns[f"{prefix}sold"]
        assert np.array_equal(total, columns[f"{prefix}leads"])
    assert not columns["losses.undecided"].any()
    assert np.array_equal(columns["touches"], sum(v for n, v in columns.items() if n.startswith("touches.")))
    assert np.array_equal(columns["revenue"], told_sum(told_, facts.TALK, "amount") / 100)
    for name in ("touches_wasted", "touches_quota", "came_back", "misfits", "sold_follow_up", "sold_came_back"):
        assert columns[name].any(), name
    assert all(columns[f"losses.{name}"].any() for name in OPEN_FILE if name != "bought_elsewhere")


def told_sum(told_: dict[str, Any], kind: int, name: str) -> np.ndarray[Any, Any]:
    mine = told_["kind"] == kind
    return np.bincount(told_["history"][mine], told_[name][mine], minlength=40)


def test_the_pipeline_counted_again_one_by_one() -> None:
    result, told_ = lived()
    calendar = Calendar.of(result.scenario)
    lives: dict[tuple[int, int], list[dict[str, int]]] = {}
    order = np.lexsort([told_[name] for name in ("clock", "day", "lead", "history")])
    told_ = {name: values[order] for name, values in told_.items()}
    mine = told_["kind"] == facts.FILE
    for history, lead, day, outcome, amount in zip(
        *(told_[name][mine].tolist() for name in ("history", "lead", "day", "outcome", "amount")), strict=True
    ):
        spells = lives.setdefault((history, lead), [])
        if outcome in (undecided.OPENED, undecided.REOPENED):
            spells.append({"amount": amount, "opened": day, "closed": 10_000, "sold": 0})
        assert spells[-1]["amount"] == amount
        if outcome not in (undecided.OPENED, undecided.REOPENED):
            spells[-1].update({"closed": day, "sold": outcome == undecided.SOLD})
    assert any(len(spells) > 1 for spells in lives.values())
    ends = [int(np.flatnonzero(calendar.months.of_day == month)[-1]) for month in range(3)]
    for name, end in zip(month_names(calendar), ends, strict=True):
        wanted = np.zeros((3, 40))
        for history, each in ((history, each) for (history, _), spells in lives.items() for each in spells):
            if each["opened"] <= end < each["closed"]:
                wanted[:, history] += 1, each["amount"] / 100, each["sold"] * each["amount"] / 100
        for measure, what in enumerate(MEASURES):
            assert np.array_equal(result.columns[f"pipeline.months.{name}.{what}"], wanted[measure]), (name, what)


def test_shares_are_ratios_of_sums() -> None:
    columns, found = lived()[0].columns, summary()
    rates = found["follow_up"]["rates"]
    assert rates["touches"]["not_ready"]["mean"] == pytest.approx(
        columns["touches.not_ready"].sum() / columns["touches"].sum()
    )
    assert rates["of_undecided"]["mean"] == pytest.approx(columns["came_back"].sum() / columns["pipeline.opened"].sum())
    assert sum(rate["mean"] for rate in rates["touches"].values()) == pytest.approx(1)
    january = found["pipeline"]["months"]["2026-01"]
    paid, worth = (columns[f"pipeline.months.2026-01.{name}"].sum() for name in ("turned_into", "face_value"))
    assert january["share"]["mean"] == pytest.approx(paid / worth)
    assert january["share"]["ci95"][0] < paid / worth < january["share"]["ci95"][1]
    assert set(found["pipeline"]["months"]) == {"2026-01", "2026-02", "2026-03"}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_sales_by_way_add_up() -> None:
    found = summary()["metrics"]
    ways = ("sold_by_phone", "sold_face_to_face", "sold_follow_up", "sold_came_back")
    assert sum(found[name]["mean"] for name in ways) == pytest.approx(found["sold"]["mean"])
    assert 0 < summary()["rates"]["sold"]["mean"] <= 1
    assert 0 < summary()["hot"]["rates"]["sold"]["mean"] <= 1


def test_the_screen_shows_touches_and_the_pipeline_within_80_columns() -> None:
    lines = shown(summary())
    assert max(map(len, lines)) <= 80
    for title in ("Follow-up", "Pipeline, EUR"):
        assert title in lines
    for begin in (
        "touches ", "- reached nobody", "came back", "(wasted)", "2026-0", "all opened", "follow-up  ", "- by phone",
        "- follow-up", "- came back", "- nurture", "touches < 1000",
    ):  # fmt: skip
        assert any(line.startswith(begin) for line in lines), begin
    assert "sold: of the answered, as the undecided may buy later." in joined(lines)


def joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def test_a_pipeline_that_the_horizon_cuts_is_said_to_be_cut() -> None:
    """All files are closed in the one run; touches that begin after 60 days leave most open in the other."""
    said = "of the files are still open at the horizon and count as nothing"
    assert said not in joined(shown(summary()))
    slow = summarise(lived("follow_up.quota=0", "follow_up.interval='60 days'")[0])
    assert slow["pipeline"]["still_open"]["mean"] > 0.5
    assert f"{100 * slow['pipeline']['still_open']['mean']:.0f} % {said}" in joined(shown(slow))


@pytest.mark.parametrize(
    ("months", "shown_"),
    [
        (0, []),
        (12, [f"2026-{month:02d}" for month in range(1, 13)]),
        (14, ["2026-03", "2026-06", "2026-09", "2026-12", "2027-02"]),
        (40, ["2026-12", "2027-12", "2028-12", "2029-04"]),
    ],
)
def test_at_most_twelve_months_are_shown(months: int, shown_: list[str]) -> None:
    named = [f"{2026 + month // 12}-{month % 12 + 1:02d}" for month in range(months)]
    assert shown_months(named) == shown_


def test_thirty_years_are_still_at_most_twelve_rows() -> None:
    named = [f"{2000 + month // 12}-{month % 12 + 1:02d}" for month in range(360)]
    chosen = shown_months(named)
    assert len(chosen) <= 12
    assert chosen[-1] == "2029-12"


def test_targets_know_the_names() -> None:
    scenario = lived()[0].scenario
    names = metric_names(scenario)
    assert {"touches", "touches.not_ready", "pipeline.turned_into", "pipeline.months.2026-02.open"} <= set(names)
    assert targets(["pipeline.months.2026-02.open>=1", "teams.sellers.touches>3"], scenario)


# ---------------------------------------------------------------- told


@cache
def by_hand() -> Replay:
    scenario, keeper = parse_scenario(PURSUED), Keeper()
    for each in HISTORY:
        keeper.rows(np.zeros(1, dtype=np.int64), {name: value for name, value in each.items() if name != "history"})
    table = keeper.table()[:, 1:]
    columns = counted(scenario, HISTORY)
    totals = {**{name: v for name, v in columns.items() if v.ndim == 1}, "digest": np.zeros(1, dtype=np.int64)}
    return Replay(scenario, 0, None, table[order(table)], totals)


LIVES = {
    0: [
        "is undecided", "is to be followed up, worth 1,000.00 EUR on paper", "touch 1 by phone: nobody is reached",
        "touch 2 by phone: not ready yet", "is sent a series of messages, 4 messages within the horizon",
        "touch 3 by phone: buys", "buys for 1,000.00 EUR", "has bought what is not right for it",
        "is followed up no longer, after 3 touches in 38 working days: sold",
    ],
    1: [
        ..., "touch 1 by mail: irritated, it walks away, for the quota",
        "is followed up no longer, after 1 touch in 9 working days: irritated",
    ],
    2: [
        ..., "comes back by itself and waits for an answer", "is found to have given up after waiting 60 min",
    ],
    3: [
        ..., "touch 1 by phone: not convinced, and irritated",
        "is followed up no longer, after 1 touch in 15 working days: it could still have bought",
    ],
    WEB: [
        ..., "refused on the phone, but is undecided", "is to be followed up, worth 300.00 EUR on paper",
        "comes back by itself and waits for an answer", "is answered after 60 min: buys under pressure",
        "buys under pressure for 300.00 EUR", "is followed up no longer, after 0 touches in 16 working days: sold",
    ],
}  # fmt: skip


@pytest.mark.parametrize("lead", LIVES)
def test_lives_by_hand(lead: int) -> None:
    said, wanted = [event.text for event in story(by_hand(), lead)], [text for text in LIVES[lead] if text is not ...]
    assert said[-len(wanted) :] == wanted
    assert len(said) == len(wanted) or LIVES[lead][0] is ...


def told_again(*overrides: str, more: tuple[Fact, ...] = ()) -> Replay:
    """The history by hand under other rules."""
    keeper = Keeper()
    for each in (*HISTORY, *more):
        keeper.rows(np.zeros(1, dtype=np.int64), {name: value for name, value in each.items() if name != "history"})
    table = keeper.table()[:, 1:]
    return Replay(parse_scenario(PURSUED, overrides=list(overrides)), 0, None, table[order(table)], {})


@pytest.mark.parametrize(
    ("overrides", "outcome", "said"),
    [
        (["touches=1"], undecided.GIVEN_UP, "all touches are made; in truth it could still have bought"),
        (["stop_after='25 days'"], undecided.NEVER_READY, "its time is over; in truth it would never be ready"),
        (["stop_after='9 months'", "reads_signals=0.5"], undecided.GIVEN_UP,
         "signals were noticed; in truth it could still have bought"),
        (["stop_after='25 days'", "reads_signals=0.5"], undecided.BOUGHT_ELSEWHERE,
         "its time is over; in truth it has bought elsewhere"),
        (["reads_signals=0.5"], undecided.IRRITATED, "irritated"),
        ([], undecided.BAD_FIT, "bad fit declined"),
    ],
)  # fmt: skip
def test_by_which_rule_a_lead_is_let_go(overrides: list[str], outcome: int, said: str) -> None:
    lived_ = told_again(*(f"follow_up.{each}" for each in overrides))
    text = lived_.teller.text(filed(3, 20, outcome, 200_00, 15, 1))
    assert text == f"is followed up no longer, after 1 touch in 15 working days: {said}"


def test_who_was_wrongly_found_not_qualified_is_said_to_be() -> None:
    lived_ = told_again(more=(touched(3, 25, touch.DISQUALIFIED, 1),))
    said = [
        lived_.teller.text(filed(3, 25, end, 200_00, 20, 2)) for end in (undecided.GIVEN_UP, undecided.NOT_QUALIFIED)
    ]
    assert said[0].endswith(": wrongly found not qualified; in truth it could still have bought")
    assert said[1].endswith(": found not qualified; in truth it is not qualified")


def test_a_long_time_is_told_in_months() -> None:
    """50 working days from Monday 2026-01-12 are ten weeks; 40 are eight, 56 days."""
    texts = [by_hand().teller.text(filed(0, day, undecided.SOLD, 0, day, 9)) for day in (40, 50)]
    assert ["in 40 working days: sold" in texts[0], "in 2 months: sold" in texts[1]] == [True, True]
    assert [how_long(days * 24 * 60 * MINUTE) for days in (59, 60, 365)] == ["59 days", "2 months", "12 months"]


def test_machines_are_told_how_long_a_file_was_open_and_which_day_it_is() -> None:
    life = [json.loads(line) for line in told.json_lines(by_hand(), 0)][:-1]
    files = [each for each in life if each["kind"] == "file"]
    assert [(each["working_days"], each["duration_ms"]) for each in files] == [(None, None), (38, None)]
    assert all(each["working_days"] is None for each in life if each["kind"] != "file")
    assert {each["working_day"] - each["day"] for each in life} == {1}
    at_night = fact(facts.FILE, 2, 45, demo.NIGHT, duration=29, outcome=undecided.GIVEN_UP, amount=700_00)
    night = [json.loads(line) for line in told.json_lines(told_again_with_totals(at_night), 2)][-2]
    assert (night["clock"], night["clock_ms"]) == ("night", demo.NIGHT)


def told_again_with_totals(each: Fact) -> Replay:
    return replace(told_again(more=(each,)), totals=by_hand().totals)


def test_the_results_have_one_name_everywhere() -> None:
    """The same words in the table, among the losses, and in a story."""
    lines = joined(shown(summary()))
    for name in ("found not qualified", "bad fit declined", "not qualified", "never ready"):
        assert f" {name} " in lines, name
    assert "unqualified" not in lines
    told_ = " ".join([*(by_hand().teller.text(touched(0, 10, code, 0)) for code in range(touch.GAVE_UP))])
    for name in ("found not qualified", "bad fit declined", "not qualified", "not ready yet"):
        assert f": {name}" in told_


def test_touches_that_came_to_the_sellers_word() -> None:
    columns, found = lived()[0].columns, summary()
    could = columns["touches.not_convinced"] + columns["sold_follow_up"]
    assert found["follow_up"]["could_have_sold"]["mean"] == pytest.approx(could.mean())
    assert found["follow_up"]["rates"]["could_have_sold"]["mean"] == pytest.approx(
        could.sum() / columns["touches"].sum()
    )
    parts = columns["touches_wasted"] + columns["touches_unanswered"] + could
    assert np.array_equal(parts, columns["touches"]), "not reached, wasted, could have sold: all touches"
    assert any(line.startswith("(could have sold)") for line in shown(found))


def test_what_it_means_for_follow_up() -> None:
    said, metrics = joined(shown(summary())), summary()["metrics"]
    assert (
        f"Follow-up wins {number(metrics['sold_follow_up']['mean'])} of {number(metrics['sold']['mean'])} sales" in said
    )
    one_in = metrics["touches"]["mean"] / metrics["sold_follow_up"]["mean"]
    assert f"one touch in {one_in:.0f} sells." in said
    assert " came back by themselves" in said


def test_the_pipeline_ends_with_its_last_half_file() -> None:
    files = {f"2026-{month:02d}": {"open": {"mean": is_open}} for month, is_open in
             enumerate([0.2, 3, 0, 0.5, 0.49, 0.01], 1)}  # fmt: skip
    assert months_with_files({"months": files}) == ["2026-01", "2026-02", "2026-04"]
    assert months_with_files({"months": {}}) == []


def test_every_kind_of_follow_up_is_told() -> None:
    kinds = {event.kind for event in story(by_hand())}
    assert {KINDS[kind] for kind in KINDS if facts.TOUCH <= kind < facts.DELIVERY} <= kinds


@pytest.mark.parametrize("outcome", range(touch.GAVE_UP))
def test_every_result_of_a_touch_is_told(outcome: int) -> None:
    each: Fact = touched(0, 10, outcome, 0)
    text = by_hand().teller.text(each)
    assert text.startswith("touch 1 by phone: ")
    assert len(text) > len("touch 1 by phone: ")


def test_machines_are_told_the_same() -> None:
    events = [json.loads(line) for line in told.json_lines(by_hand(), None)]
    *life, totals = events
    mail = next(event for event in life if event["touch"] and event["touch"]["channel"] == "mail")
    assert mail["touch"] == {"number": 1, "channel": "mail", "quota": True, "irritates": True}
    assert (mail["outcome"], mail["team"], mail["amount"]) == ("walked away", "sellers", None)
    waits = [event["waited_ms"] for event in life if event["kind"] == "answer"]
    assert waits == [60 * MINUTE, 60 * MINUTE]
    assert sum(event["amount"] for event in life if event["kind"] == "file" and event["outcome"] == "opened") == 2700
    assert totals["totals"]["pipeline.turned_into"] == 1300
    assert totals["totals"]["touches"] == 5


def test_the_end_of_a_lead_that_is_still_followed_up() -> None:
    assert "Lead 2 is still undecided at the horizon." in told.lines(by_hand(), 2)
    assert not any("at the horizon." in line for line in told.lines(by_hand(), 3))


def test_dull_touches_are_summed_up_and_the_notable_named() -> None:
    lines = list(told.lines(by_hand(), None))
    assert "  sellers: 1 touch that reaches nobody" in lines
    assert not any("nobody is reached" in line for line in lines)
    assert any("touches 5, came back 2;" in line for line in lines)
    found = notable(by_hand())
    assert found["followed up and sold"] == found["bought what is not right for it"] == [0]
    assert (found["came back"], found["followed up, given up"]) == ([WEB, 2], [3])
    assert CALLERS != SELLERS


# Let go in January (day 12), back in February (day 20): its file is opened anew, and bought on that day or is open.
LET_GO_IN_JANUARY = [
    talked(0, 2, closing.UNDECIDED), filed(0, 2, undecided.OPENED, 300_00), touched(0, 12, touch.NOT_READY, 0),
    filed(0, 12, undecided.GIVEN_UP, 300_00, 10, 1), filed(0, 20, undecided.REOPENED, 300_00, 0, 1),
    came_back(0, 20),
]  # fmt: skip
BOUGHT = [
    answered(0, 22, touch.SOLD), talked(0, 22, closing.SOLD, 300_00), filed(0, 22, undecided.SOLD, 300_00, 2, 1),
]  # fmt: skip
TURNED_DOWN = [answered(0, 36, touch.NOT_CONVINCED), filed(0, 36, undecided.GIVEN_UP, 300_00, 16, 1)]


@pytest.mark.parametrize(
    ("more", "lost", "months", "paid"),
    [
        (BOUGHT, {}, [(0, 0, 0), (0, 0, 0), (0, 0, 0)], 300),
        (TURNED_DOWN, {"given_up": 1}, [(0, 0, 0), (1, 300, 0), (0, 0, 0)], 0),
        ([], {"still_open": 1}, [(0, 0, 0), (1, 300, 0), (1, 300, 0)], 0),
    ],
)
def test_who_was_let_go_and_is_back_is_lost_only_once(
    more: list[Fact], lost: dict[str, int], months: list[tuple[int, ...]], paid: int
) -> None:
    columns = counted(parse_scenario(PURSUED, overrides=["segments.list.leads=1"]), LET_GO_IN_JANUARY + more)
    assert {name: columns[f"losses.{name}"][0] for name in LOSSES if columns[f"losses.{name}"][0]} == lost
    names = ("2026-01", "2026-02", "2026-03")
    assert [tuple(columns[f"pipeline.months.{m}.{name}"][0] for name in MEASURES) for m in names] == months
    totals = {"opened": 1, "face_value": 300, "turned_into": paid, "open": months[-1][0], "open_value": months[-1][1]}
    assert {name: columns[f"pipeline.{name}"][0] for name in totals} == totals


def test_who_is_back_is_told_to_be_followed_up_again() -> None:
    text = by_hand().teller.text
    assert text(LET_GO_IN_JANUARY[4]) == "is followed up again, as it comes back: worth 300.00 EUR on paper"
