"""A history written by hand, fact by fact, and every number it must give: stages, losses, shares, money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_facts import counted
from mixed_funnel import DESK, HISTORY, MIXED, WEB, call_in, came, talk

from simfunnel import parse_scenario
from simfunnel.funnel import closing, inbound
from simfunnel.metrics import LOSSES


@pytest.fixture(params=[False, True], ids=["by kind", "one by one"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The columns of the second of three histories; the others are empty."""
    told = [{**each, "history": 1} for each in HISTORY]
    columns = counted(parse_scenario(MIXED), told, 3, one_by_one=request.param)
    assert [columns["leads"][h] for h in (0, 2)] == [2, 2]
    assert not any(columns[f"losses.{name}"][0] for name in LOSSES if name != "still_open")
    return {name: values[1].item() for name, values in columns.items() if values.ndim == 1}


def test_stages_by_hand(found: dict[str, Any]) -> None:
    stages = {"dialled": 11, "answered": 11, "listened": 10, "accepted": 9, "booked": 8, "attended": 7,
              "interested": 6, "sold": 3}  # fmt: skip
    assert {name: found[name] for name in stages} == stages
    assert (found["dials"], found["leads"], found["arrived"], found["conceded"], found["meetings"]) == (4, 13, 11, 1, 5)
    assert (found["sold_hot"], found["hot_share"], found["events"]) == (2, 2 / 3, 1)
    assert (found["segments.web.leads"], found["segments.fair.leads"], found["segments.list.leads"]) == (9, 2, 2)
    assert (found["segments.web.arrived"], found["segments.web.sold"], found["segments.fair.attended"]) == (9, 2, 1)
    assert (found["teams.desk.answered_inbound"], found["teams.desk.dialled"], found["teams.desk.sold"]) == (7, 7, 2)
    assert (found["teams.callers.arrived"], found["teams.desk.arrived"], found["teams.sellers.meetings"]) == (2, 9, 5)
    assert found["days_until_done"] == 3
    assert "sold_by_phone" not in found


def test_losses_by_hand(found: dict[str, Any]) -> None:
    lost = {"hung_up": 1, "gave_up_waiting": 1, "refused": 1, "did_not_come": 1, "freeloader": 1, "left_waiting": 1,
            "not_convinced": 1, "undecided": 1, "still_open": 2}  # fmt: skip
    assert {name: found[f"losses.{name}"] for name in LOSSES if found[f"losses.{name}"]} == lost
    for prefix in ("", *(f"segments.{name}." for name in ("list", "fair", "web"))):
        total = sum(found[f"{prefix}losses.{name}"] for name in LOSSES) + found[f"{prefix}sold"]
        assert total == found[f"{prefix}leads"]


def test_work_by_hand(found: dict[str, Any]) -> None:
    """Four dials of 5 minutes; seven talks of 10; five meetings of 30, an hour's demo and two of closing, one over."""
    busy = {"callers": 20, "desk": 70, "sellers": 5 * 30 + 60 + 120}
    assert {name: found[f"teams.{name}.busy_minutes"] for name in busy} == busy
    assert (found["teams.sellers.overtime_minutes"], found["teams.desk.overtime_minutes"]) == (60, 0)
    assert [found[f"teams.{name}.days"] for name in busy] == [4, 4, 5]  # the intake ends after 4


def test_catering_and_reminders_are_of_demos_only(found: dict[str, Any]) -> None:
    assert (found["costs.catering"], found["costs.reminders"], found["revenue"]) == (30, 3, 1800)


def test_a_hot_lead_on_a_list_has_not_arrived() -> None:
    scenario = parse_scenario(MIXED, overrides=["segments.web.leads=4"])
    columns = counted(scenario, [came(2), came(3), came(WEB[0]), call_in(2, inbound.REFUSED)])
    assert (columns["leads"], columns["arrived"], columns["segments.web.leads"]) == (7, 1, 5)
    assert (columns["losses.refused"], columns["losses.still_open"]) == (1, 6)
    assert np.isnan(columns["days_until_done"]), "the others are not dialled"
    assert np.isnan(columns["hot_share"])


# ---------------------------------------------------------------- who is paid for what

PAID = (
    "teams.callers.commission=0.1", "teams.desk.commission=0.01", "teams.sellers.commission=0.001",
    "teams.callers.hand_off_fee=7", "teams.desk.hand_off_fee=100", "teams.sellers.hand_off_fee=1000",
)  # fmt: skip


def paid(*overrides: str) -> dict[str, float]:
    columns = counted(parse_scenario(MIXED, overrides=[*PAID, *overrides]), HISTORY)
    return {team: float(columns[f"teams.{team}.cost"][0]) for team in ("callers", "desk", "sellers")}


def test_commission_is_on_leads_called_or_answered_and_on_what_was_closed_for_others() -> None:
    """1,000 to a lead of the callers, 500 and 300 to leads of the desk, all closed by the sellers."""
    assert paid() == {"callers": 100 + 3 * 7, "desk": 8 + 6 * 100, "sellers": 1.8}


@pytest.mark.parametrize(
    ("override", "callers", "desk"),
    [
        ("calling.offer='meeting'", 21, 600),
        ("calling.offer='sale'", 0, 600),
        ("inbound.offer='demo'", 21, 600),
        ("inbound.offer='sale'", 21, 0),
        ("demo.team='callers'", 0, 600),
        ("meeting.team='desk'", 21, 0),
    ],
)
def test_only_what_goes_to_another_team_is_handed_off(override: str, callers: float, desk: float) -> None:
    found = paid(override)
    assert (found["callers"] - 100, found["desk"] - 8) == (callers, desk)


def test_who_sells_by_phone_closes_for_nobody_else() -> None:
    told = [came(WEB[0]), call_in(WEB[0], inbound.ACCEPTED), talk(WEB[0], 0, closing.SOLD, 200_00, DESK, DESK)]
    scenario = parse_scenario(MIXED, overrides=[*PAID, "inbound.offer='sale'"])
    columns = counted(scenario, told)
    assert (columns["sold_by_phone"], columns["sold"], columns["booked"], columns["interested"]) == (1, 1, 0, 0)
    assert (columns["teams.desk.cost"], columns["teams.sellers.cost"], columns["hot_share"]) == (2, 0, 1)
