"""What a rich day costs: unlike members, hot leads, a pause and hours that matter, against the plain call list.

Reproduce, on an idle machine (about half a minute; `--quick` for fewer rounds):

    python benchmarks/rich_day.py

The work is `rich_day.toml`, which extends `call_list.toml`: the same list and team, but members with a skill and
a pace of their own, hot leads that are answered first, a pause, and odds by hour of day, so that nothing is known
before it is known who does it when. Both run through the public path on the vector engine, with 1,024
replications on one core; in each round both take their turn with new seeds, and the median of the ratios counts.

How to read it: a task is a dial or a talk with a hot lead; `ns a task` is the time of the whole run over the tasks
begun. A benchmark asserts the work it timed: the SimPy engine must report the very same facts (by the digest of each
history) for some replications, and every kind of work must have been done. If not, or if a task costs more than
four times a dial of the plain list, the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from call_list import HERE, Requirement, one_core  # first: it keeps numpy to one thread

import gc  # isort: skip
import time  # isort: skip

import numpy as np

from simfunnel import load_scenario, simulate

REPLICATIONS = 1024
CHECKED = 24
MOST = 4.0


@dataclass
class Work:
    """A scenario, the columns that count its tasks, and what its rounds took."""

    name: str
    file: str
    tasks: tuple[str, ...]
    nanoseconds: list[float] = field(default_factory=list)
    done: Mapping[str, float] = field(default_factory=dict)

    def run(self, seed: int) -> None:
        """Time one run."""
        scenario = load_scenario(HERE / self.file)
        gc.collect()
        began = time.perf_counter_ns()
        columns = simulate(scenario, replications=REPLICATIONS, seed=seed, workers=1).columns
        taken = time.perf_counter_ns() - began
        self.done = {name: float(np.sum(columns[name])) for name in self.tasks}
        self.nanoseconds.append(taken / sum(self.done.values()))


def engines_agree(work: Work) -> bool:
    """Do both engines report the same facts?"""
    scenario = load_scenario(HERE / work.file)
    vector, simpy = (
        simulate(scenario, replications=CHECKED, seed=7, engine=engine, digest=True, workers=1).digests
        for engine in ("vector", "simpy")
    )
    return bool(np.array_equal(vector, simpy))


def main(arguments: list[str]) -> int:
    """Measure, print, check; 0 when the engines agree and the requirement is met."""
    parser = argparse.ArgumentParser(description="The cost of a rich day on the vector engine, on one core.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args(arguments).quick else 11
    print(f"{one_core()}, one core, {rounds} rounds of {REPLICATIONS:,} replications")
    plain = Work("plain call list", "call_list.toml", ("dials",))
    rich = Work("rich day", "rich_day.toml", ("dials", "teams.callers.answered_inbound"))
    for work in (plain, rich):
        work.run(1)
        work.nanoseconds.clear()
    for turn in range(rounds):
        for work in (plain, rich) if turn % 2 else (rich, plain):
            work.run(100 + turn)
    for work in (plain, rich):
        tasks = ", ".join(f"{count / REPLICATIONS:,.0f} {name}" for name, count in work.done.items())
        print(f"  {work.name:<18}{median(work.nanoseconds):>8.1f} ns a task   a history: {tasks}")
    ratio = median(mine / other for mine, other in zip(rich.nanoseconds, plain.nanoseconds, strict=True))
    requirement = Requirement("rich day, times the time of a plain dial", ratio, MOST, at_most=True)
    agree = engines_agree(rich) and all(count > 0 for count in rich.done.values())
    print(requirement)
    print(f"{'ok    ' if agree else 'MISSED'} both engines report the same facts in {CHECKED} histories")
    return 0 if requirement.met and agree else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
