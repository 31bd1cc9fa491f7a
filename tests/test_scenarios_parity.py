"""The real path, from file to file: both engines write the same bytes for every scenario that is shipped.

The smallest fault this would notice is one character of one row: one fact of one history, or a cent.
Two processes are started once and asked for all scenarios: what they compute does not hang on who was asked before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from simfunnel.calendar import Calendar
from simfunnel.cli import program
from simfunnel.scenario.loading import load_scenario
from simfunnel.simulation import weight_of_leads
from simfunnel.workers import Hands, hands

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
FEWEST, MOST = 6, 40
"""Three worlds of two histories: each of two workers has one and a half. Small funnels are lived more often."""
LEADS = 60_000
"""What the SimPy engine lives in some seconds: enough to meet every kind of fact with every outcome."""


def histories(path: Path) -> int:
    scenario = load_scenario(path)
    return max(FEWEST, min(MOST, LEADS // weight_of_leads(scenario, Calendar.of(scenario))))


def replications(path: Path, out: Path, *options: str) -> list[bytes]:
    arguments = ["run", str(path), "--seed", "7", "--out", str(out), *options]
    done = CliRunner().invoke(program, arguments)
    assert done.exit_code == 0, done.output
    return (out / "replications.csv").read_bytes().splitlines()


@pytest.fixture(scope="module")
def pair() -> Iterator[Hands]:
    """Two processes of their own."""
    with hands(2) as both:
        yield both


@pytest.fixture
def asked(pair: Hands, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Runs of two workers ask the pair; how many were asked for, run by run."""
    numbers: list[int] = []

    @contextmanager
    def shared(number: int) -> Iterator[Hands]:
        numbers.append(number)
        with hands(1) as alone:
            yield pair if number == 2 else alone

    monkeypatch.setattr("simfunnel.simulation.hands", shared)
    return numbers


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_engines_and_workers_write_the_same_bytes(path: Path, tmp_path: Path, asked: list[int]) -> None:
    count = histories(path)
    many = "--replications", str(count)
    told = replications(path, tmp_path / "a", *many, "--engine", "simpy", "--workers", "1")
    estimated = replications(path, tmp_path / "b", *many, "--engine", "vector", "--workers", "2")
    assert asked == [1, 2]
    assert len(told) == 1 + count
    assert len({row.split(b",")[-1] for row in told[1:]}) == count, "every history has a digest of its own"
    assert told == estimated


def test_another_seed_writes_other_bytes(tmp_path: Path) -> None:
    """The comparison would notice: histories of another seed differ in every row."""
    one = replications(SCENARIOS[0], tmp_path / "a", "--replications", "6")
    other = replications(SCENARIOS[0], tmp_path / "b", "--replications", "6", "--seed", "8")
    assert one[0] == other[0]
    assert not set(one[1:]) & set(other[1:])
