"""The real path, from file to file: both engines write the same bytes for every scenario that is shipped.

The smallest fault this would notice is one character of one row: one fact of one history, or a cent.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from simfunnel.cli import program

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
HISTORIES = 40


def replications(path: Path, out: Path, *options: str) -> list[bytes]:
    arguments = ["run", str(path), "--replications", str(HISTORIES), "--seed", "7", "--out", str(out), *options]
    done = CliRunner().invoke(program, arguments)
    assert done.exit_code == 0, done.output
    return (out / "replications.csv").read_bytes().splitlines()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_engines_and_workers_write_the_same_bytes(path: Path, tmp_path: Path) -> None:
    told = replications(path, tmp_path / "a", "--engine", "simpy", "--workers", "1")
    estimated = replications(path, tmp_path / "b", "--engine", "vector", "--workers", "2")
    assert len(told) == 1 + HISTORIES
    assert len({row.split(b",")[-1] for row in told[1:]}) == HISTORIES, "every history has a digest of its own"
    assert told == estimated


def test_another_seed_writes_other_bytes(tmp_path: Path) -> None:
    """The comparison would notice: histories of another seed differ in every row."""
    one = replications(SCENARIOS[0], tmp_path / "a")
    other = replications(SCENARIOS[0], tmp_path / "b", "--seed", "8")
    assert one[0] == other[0]
    assert not set(one[1:]) & set(other[1:])
