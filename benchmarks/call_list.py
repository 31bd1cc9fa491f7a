"""The speed of the shipped engines is measured against two peers that do the same work, side by side.

Reproduce, on an idle machine (under two minutes; `--quick` for fewer rounds, about half a minute):

    python benchmarks/call_list.py

The work is a scenario file, run through the public path (`load_scenario`, `simulate`): `call_list.toml` (1,500
leads, 3 members), `call_list_big.toml` (20,000 leads, 10 members). The peers (`peers.py`) are a tuned
hand-written SimPy model and plain Python with heapq. Everything runs on one core. In each round all four take
their turn, every round beginning with another one and with new seeds, so that a slow moment of the machine
hits all alike; a ratio is taken within its round, and the median of the rounds is reported.

How to read it: `ns a dial` is time over dials begun, of the whole run (draws, queue, demo, sums). `x tuned
SimPy` and `x heapq` say how many times faster than that peer (0.2 is five times slower). `uncertain inputs`
is the time a dial of the same list with counted rates (`call_list_uncertain.toml`) over that with
`fix_inputs`. Loading and one warm-up run are not timed.

A benchmark asserts the work it timed: the means of dials, answered, listened, accepted, attended, sold and busy
minutes must agree between all four within 4 standard errors of the difference (from the variance within all
four together, for they claim one law). If they do not, or a ratio misses its requirement, the exit code is 1.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy is imported
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import numpy.typing as npt
import peers

from simfunnel import load_scenario, simulate

HERE = Path(__file__).parent
CHECKED = ("dials", "answered", "listened", "accepted", "attended", "sold", "busy_minutes")
LARGEST_GAP = 4.0  # standard errors of a difference
VECTOR, ENGINE, SIMPY, HEAPQ = "vector engine", "SimPy engine", "tuned SimPy", "heapq"

Columns = Mapping[str, npt.NDArray[np.generic]]
Run = Callable[[int, int], Columns]  # (replications, seed) -> columns


@dataclass
class Contestant:
    """One way to do the work, the replications of a timed piece, and what its pieces gave."""

    name: str
    run: Run
    replications: int
    ns_per_dial: list[float] = field(default_factory=list)
    pieces: list[Columns] = field(default_factory=list)

    def piece(self, seed: int) -> None:
        """Run and time one piece."""
        gc.collect()
        began = time.perf_counter_ns()
        columns = self.run(self.replications, seed)
        taken = time.perf_counter_ns() - began
        self.ns_per_dial.append(taken / float(np.sum(columns["dials"])))
        self.pieces.append({name: np.asarray(columns[name], dtype=np.float64) for name in CHECKED})

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """One number for every replication of every piece."""
        return np.concatenate([np.asarray(piece[name], dtype=np.float64) for piece in self.pieces])


@dataclass(frozen=True)
class Work:
    """A scenario file, its size as the peers need it, and the replications of a piece by contestant."""

    name: str
    file: str
    leads: int
    members: int
    replications: Mapping[str, int]

    def contestants(self) -> dict[str, Contestant]:
        """All four, warmed up."""
        runs: dict[str, Run] = {
            VECTOR: shipped(self.file, "vector"),
            ENGINE: shipped(self.file, "simpy"),
            SIMPY: lambda replications, seed: peers.run_simpy(replications, self.leads, self.members, seed),
            HEAPQ: lambda replications, seed: peers.run_heapq(replications, self.leads, self.members, seed),
        }
        for run in runs.values():
            run(2, 1)
        return {name: Contestant(name, run, self.replications[name]) for name, run in runs.items()}


WORKS = (
    Work("call list", "call_list.toml", 1500, 3, {VECTOR: 12_288, ENGINE: 160, SIMPY: 480, HEAPQ: 2560}),
    Work("big", "call_list_big.toml", 20_000, 10, {VECTOR: 1024, ENGINE: 12, SIMPY: 36, HEAPQ: 192}),
)
UNCERTAIN = "call_list_uncertain.toml"
UNCERTAIN_REPLICATIONS = 12_288


@dataclass(frozen=True)
class Requirement:
    """A measured ratio and its bound."""

    what: str
    found: float
    bound: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Is the ratio on the right side of its bound?"""
        return self.found <= self.bound if self.at_most else self.found >= self.bound

    def __str__(self) -> str:
        side = "at most" if self.at_most else "at least"
        return f"{'ok    ' if self.met else 'MISSED'} {self.what}: {side} {self.bound:g}, found {self.found:.3g}"


def shipped(file: str, engine: str, *, fix_inputs: bool = False) -> Run:
    """The shipped simulator on one scenario file, through the public path."""
    scenario = load_scenario(HERE / file)

    def run(replications: int, seed: int) -> Columns:
        columns = simulate(
            scenario, replications=replications, seed=seed, engine=engine, fix_inputs=fix_inputs, workers=1
        ).columns
        return {**columns, "busy_minutes": columns["teams.callers.busy_minutes"]}  # the hosts' minutes are not work

    return run


def play(contestants: list[Contestant], rounds: int, first_seed: int) -> None:
    """Let all take their turn in every round, each round beginning with another; no two pieces share a seed."""
    seeds = iter(range(first_seed, first_seed + rounds * len(contestants)))
    for turn in range(rounds):
        shift = turn % len(contestants)
        for contestant in contestants[shift:] + contestants[:shift]:
            contestant.piece(next(seeds))


def times_faster(one: Contestant, other: Contestant) -> float:
    """How many times faster than `other`: the median of the rounds."""
    return median(theirs / ours for ours, theirs in zip(one.ns_per_dial, other.ns_per_dial, strict=True))


def disagreements(work: str, contestants: list[Contestant]) -> Iterator[str]:
    """Means further apart than LARGEST_GAP standard errors of their difference, in words."""
    for name in CHECKED:
        columns = {one.name: one.column(name) for one in contestants}
        deviations = np.concatenate([column - column.mean() for column in columns.values()])
        variance = float(np.square(deviations).sum()) / (deviations.size - len(columns))
        for (one, x), (other, y) in combinations(columns.items(), 2):
            allowed = LARGEST_GAP * np.sqrt(variance * (1 / x.size + 1 / y.size))
            if not abs(x.mean() - y.mean()) <= allowed:
                yield (
                    f"MISSED {work}: means of {name} must agree within {LARGEST_GAP:g} standard errors "
                    f"({allowed:.4g}), found {x.mean():.7g} ({one}) and {y.mean():.7g} ({other})"
                )


def table(work: str, contestants: dict[str, Contestant]) -> Iterator[str]:
    """The measured speeds of one work, as lines."""
    yield f"{work:<16}{'dials/s':>14}{'ns a dial':>12}{'x tuned SimPy':>16}{'x heapq':>10}{'histories':>12}"
    for one in contestants.values():
        nanoseconds = median(one.ns_per_dial)
        yield (
            f"  {one.name:<14}{1e9 / nanoseconds:>14,.0f}{nanoseconds:>12,.1f}"
            f"{times_faster(one, contestants[SIMPY]):>16.2f}{times_faster(one, contestants[HEAPQ]):>10.2f}"
            f"{one.column('dials').size:>12,}"
        )


def means(contestants: dict[str, Contestant]) -> Iterator[str]:
    """The means that were compared, as lines."""
    yield f"  {'mean of a history':<20}" + "".join(f"{name:>16}" for name in contestants)
    for name in CHECKED:
        yield f"  {name:<20}" + "".join(f"{one.column(name).mean():>16,.3f}" for one in contestants.values())


def cost_of_uncertainty(rounds: int) -> tuple[float, float, float]:
    """Nanoseconds a dial with fixed and with uncertain inputs, and the median ratio of the times."""
    fixed, uncertain = (
        Contestant(name, shipped(UNCERTAIN, "vector", fix_inputs=fix), UNCERTAIN_REPLICATIONS)
        for name, fix in (("fixed inputs", True), ("uncertain inputs", False))
    )
    for one in (fixed, uncertain):
        one.run(2, 1)
    play([fixed, uncertain], rounds, 9_000)
    return median(fixed.ns_per_dial), median(uncertain.ns_per_dial), times_faster(fixed, uncertain)


def required(work: str, contestants: dict[str, Contestant]) -> list[Requirement]:
    """What issue 2, point 8 asks of one work."""
    vector, engine, tuned, heap = (contestants[name] for name in (VECTOR, ENGINE, SIMPY, HEAPQ))
    return [
        Requirement(f"{work}: vector engine, times the speed of tuned SimPy", times_faster(vector, tuned), 15),
        Requirement(f"{work}: vector engine, times the speed of heapq", times_faster(vector, heap), 2.7),
        Requirement(f"{work}: SimPy engine, times the speed of tuned SimPy", times_faster(engine, tuned), 0.1),
    ]


def one_core() -> str:
    """Stay on one core where the system allows it, and say where we are."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"


def main(arguments: list[str]) -> int:
    """Measure, print, check; 0 when the work agrees and every requirement is met."""
    parser = argparse.ArgumentParser(description="Speed of the shipped engines against two peers, on one core.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 2 if parser.parse_args(arguments).quick else 7
    print(f"{one_core()}, one core, {rounds} rounds")
    requirements: list[Requirement] = []
    wrong: list[str] = []
    for index, work in enumerate(WORKS):
        contestants = work.contestants()
        play(list(contestants.values()), rounds, 1_000 * (index + 1))
        print("", *table(work.name, contestants), "", *means(contestants), sep="\n", flush=True)
        requirements += required(work.name, contestants)
        wrong += disagreements(work.name, list(contestants.values()))
    fixed, uncertain, ratio = cost_of_uncertainty(rounds)
    print(f"\nuncertain inputs: {uncertain:.1f} ns a dial, fixed {fixed:.1f}, ratio {ratio:.2f}\n")
    requirements.append(Requirement("uncertain inputs, times the time of fixed ones", ratio, 1.5, at_most=True))
    print(*requirements, sep="\n")
    print(*wrong or [f"ok     all means agree within {LARGEST_GAP:g} standard errors"], sep="\n")
    return 0 if not wrong and all(requirement.met for requirement in requirements) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
