"""Along a key it is told which of several policies is best at each value, and where that changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from simfunnel.errors import RequestError, ScenarioError
from simfunnel.experiments.policies import policies
from simfunnel.experiments.where import settings_for, sweep
from simfunnel.scenario.decision import Range
from simfunnel.simulation import Settings
from simfunnel.workers import hands

# Each dial costs 0.25 EUR of own time; a small centre takes 0.20 and 10.02 at once, a large one 0.10 and 40.02.
# So own callers are the cheapest up to 200 leads, the small centre up to 300, then the large one; the dear never is.
CENTRES = """
name = "Dial or buy"
horizon = "30 working days"
[decision]
base = "own"
[segments.list]
leads = 40
[calling]
teams = ["callers"]
answered = 0
listened = 0
accepted = 0
[calling.minutes]
no_answer = 0.5
[teams.callers]
size = 2
wage_per_hour = 30
paid = "worked"
[demo]
team = "callers"
attended = 0
[alternatives.small]
calling.teams = ["centre"]
teams.centre = { kind = "outsourced", size = 2, contract = { per_dial = 0.2, set_up = 10.02 } }
[alternatives.large]
calling.teams = ["centre"]
teams.centre = { kind = "outsourced", size = 2, contract = { per_dial = 0.1, set_up = 40.02 } }
[alternatives.dear]
calling.teams = ["centre"]
teams.centre = { kind = "outsourced", size = 2, contract = { per_dial = 0.4, set_up = 50 } }
"""
LEADS = "segments.list.leads"


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "centres.toml").write_text(CENTRES, encoding="utf-8")
    return str(tmp_path / "centres.toml")


def swept(file: str, key: str, low: str, high: str, overrides: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    with hands(1) as live:
        settings = more.pop("settings", Settings(replications=4))
        return sweep(policies([file], overrides), key, Range(low, high), settings, live, overrides=overrides, **more)


def test_each_value_has_its_best(file: str) -> None:
    found = swept(file, LEADS, "30", "1200")
    assert [point["value"] for point in found["points"]] == [30, 55, 103, 190, 351, 649, 1200]
    assert [point["best"] for point in found["points"]] == ["own"] * 4 + ["large"] * 3
    assert set(found["points"][0]["differences"]) == {"small", "large", "dear"}
    assert found["points"][0]["differences"]["small"]["difference"] == pytest.approx(30 * 0.05 - 10.02)
    assert (found["from"], found["to"], found["unit"]) == (30, 1200, "leads")


def test_a_third_policy_that_leads_inside_a_cell_is_found(file: str) -> None:
    """Between 190 and 351 leads the small centre has its place, though it is the best at no value of the grid."""
    first, second = swept(file, LEADS, "30", "1200")["ties"]
    assert (first["below"], first["above"], second["below"], second["above"]) == ("own", "small", "small", "large")
    assert first["value"] == pytest.approx(200.4, rel=0.04)
    assert second["value"] == pytest.approx(300, rel=0.04)


def test_what_is_told_has_an_interval(file: str) -> None:
    luck = ["calling.answered={ low = 0, high = 1 }", "calling.minutes.hang_up=0.7"]
    found = swept(file, LEADS, "30", "1200", luck, settings=Settings(replications=40))
    for tie in found["ties"]:
        low, high = tie["ci95"]
        assert low is None or low <= tie["value"]
        assert high is None or tie["value"] <= high
    assert any(low is not None for low, _ in (tie["ci95"] for tie in found["ties"]))
    assert all(point["leading"] == point["best"] or point["best"] is None for point in found["points"])


def test_a_key_of_one_policy_alone_moves_it_alone(file: str) -> None:
    found = swept(file, "teams.centre.contract.set_up", "0", "100")
    assert {point["means"]["own"] for point in found["points"]} == {-10.0}
    assert found["points"][0]["best"] == "large"
    assert found["points"][-1]["best"] == "own"


def test_nobody_leads_where_nothing_is_known(file: str) -> None:
    found = swept(file, LEADS, "30", "1200", metric="answer_days")
    assert {(point["leading"], point["best"]) for point in found["points"]} == {(None, None)}
    assert found["ties"] == []


def test_progress_counts_histories(file: str) -> None:
    told: list[tuple[int, int]] = []
    swept(file, LEADS, "30", "60", progress=lambda done, total: told.append((done, total)))
    assert told[0] == (4, 28)
    assert all(done <= total for done, total in told)
    assert told == sorted(told)


def test_what_cannot_be_varied_is_refused(file: str) -> None:
    with pytest.raises(RequestError, match=r"decision\.vary\.segments\.list\.leads must be two numbers such as"):
        swept(file, LEADS, "few", "many")
    with pytest.raises(ScenarioError, match="did you mean `list`"):
        swept(file, "segments.lists.leads", "1", "2")


def test_few_histories_do_in_whole_worlds() -> None:
    assert settings_for(Settings(replications=16_000)).replications == 400
    assert settings_for(Settings(replications=16_000, histories=3)).replications == 402
    assert settings_for(Settings(replications=10)).replications == 10
