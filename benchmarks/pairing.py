"""What common chance is worth: replications needed to tell two policies apart, with it and with independent streams.

Reproduce (some minutes; `--quick` for fewer replications and no trial):

    python benchmarks/pairing.py

Three pairs of policies: the calls in-house against a centre (`scenarios/outsourcing.toml`), and two ways of following
up (`scenarios/persistent-or-pest.toml`): a seller who calls for three years against one who stops after a year, and
against one who listens. Each pair is run twice, by the same program at the same speed: both policies on the same
seed, as the program always does, and each on a seed of its own, as is usual elsewhere. Nothing is taken from theory:
the two standard errors of the difference in profit are measured in two real runs of the same size.

How to read it: `needed` are the replications of each policy after which the 95 % interval of the difference reaches
100 EUR to either side, on common chance and on independent streams. An error falls with the square root of the
replications, so the squared ratio of the errors is how many times as many replications independent streams need for
the same precision. Its 95 % interval is that of a ratio of two variances, by leaving out one twentieth of the
replications after the other. The claim is then tried: as many replications as that says are run on independent
streams, as far as time allows, and must come to the same precision.

A benchmark asserts the work it timed: both ways must find the same difference within 4 standard errors. If they do
not, if the trial misses the precision by more than a tenth, or if the gain on a pair of follow-up policies is below 10,
the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simfunnel import load_scenario, simulate
from simfunnel.estimates import difference, estimate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
GROUPS = 20
FEWEST_TIMES = 10.0
MOST_TRIED = 40_000
WITHIN = 0.1
WIDTH = 100.0
Z = 1.96
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two policies of a file, by the names of its alternatives (None: the file itself)."""

    title: str
    file: str
    first: str | None
    second: str | None
    must_gain: bool

    def profits(self, which: str | None, replications: int, seed: int) -> tuple[Floats, npt.NDArray[np.int64] | None]:
        """The profit of one policy by replication, and the worlds these live in."""
        scenario = load_scenario(SCENARIOS / self.file, alternative=which)
        result = simulate(scenario, replications=replications, seed=seed)
        return np.asarray(result.columns["profit"], dtype=np.float64), result.worlds


PAIRS = (
    Pair("in-house or outsourced", "outsourcing.toml", None, "outsourced", False),
    Pair("three years or one", "persistent-or-pest.toml", None, "stops-after-a-year", True),
    Pair("deaf or listening", "persistent-or-pest.toml", None, "listens", True),
)


@dataclass(frozen=True)
class Measured:
    """The difference with its standard error, on common chance and on independent streams, at equal replications."""

    replications: int
    paired: tuple[float, float]
    apart: tuple[float, float]
    times: float
    interval: tuple[float, float]

    def needed(self, error: float) -> int:
        """Replications for an interval of `WIDTH` to either side, if so many lead to this standard error."""
        return int(np.ceil(self.replications * (Z * error / WIDTH) ** 2))

    @property
    def agree(self) -> bool:
        """Do both ways find the same difference?"""
        return abs(self.paired[0] - self.apart[0]) <= 4 * float(np.hypot(self.paired[1], self.apart[1]))


def variances(a: Floats, b: Floats, other: Floats, worlds: npt.NDArray[np.int64] | None) -> tuple[float, float]:
    """Squared standard errors of the difference of means, paired and apart."""
    paired = difference(b, a, worlds).standard_error
    alone = [estimate(each, worlds).standard_error for each in (a, other)]
    assert paired is not None
    return paired**2, sum((error or 0.0) ** 2 for error in alone)


def measure(pair: Pair, replications: int, seed: int = 1) -> Measured:
    """Run both policies on one seed, and the second on another seed, too."""
    (a, of_a), (b, of_b) = (pair.profits(which, replications, seed) for which in (pair.first, pair.second))
    other, _ = pair.profits(pair.second, replications, seed + 1_000_003)
    worlds = of_a if of_a is not None else of_b
    paired, apart = variances(a, b, other, worlds)
    left_out = []
    group = np.arange(replications) * GROUPS // replications  # whole worlds: these follow each other
    for number in range(GROUPS):
        kept = group != number
        some = None if worlds is None else worlds[kept]
        few_paired, few_apart = variances(a[kept], b[kept], other[kept], some)
        left_out.append(np.log(few_apart / few_paired))
    spread = np.array(left_out) - np.mean(left_out)
    half = 2.093 * float(np.sqrt((GROUPS - 1) / GROUPS * (spread @ spread)))  # t of 19 degrees of freedom
    log = float(np.log(apart / paired))
    ends = (float(np.exp(log - half)), float(np.exp(log + half)))
    means = (float(np.mean(b - a)), float(np.mean(other) - np.mean(a)))
    return Measured(replications, (means[0], paired**0.5), (means[1], apart**0.5), float(np.exp(log)), ends)


def trial(pair: Pair, found: Measured, seed: int = 7) -> tuple[int, int, float]:
    """Replications on common chance, as many times more on independent streams, and the ratio of the two errors."""
    few = min(found.replications, max(200, int(MOST_TRIED / found.times)))
    many = int(few * found.times)
    (a, of_a), (b, of_b) = (pair.profits(which, few, seed) for which in (pair.first, pair.second))
    paired = difference(b, a, of_a if of_a is not None else of_b).standard_error
    alone = [pair.profits(which, many, seed + 1 + place) for place, which in enumerate((pair.first, pair.second))]
    apart = sum((estimate(values, worlds).standard_error or 0.0) ** 2 for values, worlds in alone) ** 0.5
    assert paired is not None
    return few, many, apart / paired


def main() -> int:
    """Measure every pair; the exit code says whether all holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer replications, and no trial")
    quick = parser.parse_args().quick
    replications = 400 if quick else 2_000
    print(f"{replications:,} replications of each policy; difference in profit, EUR, with its standard error\n")
    print(f"{'pair':<24}{'common chance':>16}{'needed':>8}{'independent':>16}{'needed':>9}{'times':>7}  95 % interval")
    holds = True
    for pair in PAIRS:
        found = measure(pair, replications)
        paired, apart = (f"{mean:,.0f} +- {error:,.0f}" for mean, error in (found.paired, found.apart))
        ends = f"{found.interval[0]:.1f} to {found.interval[1]:.1f}"
        few, many = (f"{found.needed(error):,}" for _, error in (found.paired, found.apart))
        print(f"{pair.title:<24}{paired:>16}{few:>8}{apart:>16}{many:>9}{found.times:>7.1f}  {ends}")
        gained = not pair.must_gain or found.times >= FEWEST_TIMES
        holds &= found.agree and gained
        if not found.agree:
            print("  FAILED: the two ways find different differences")
        if not gained:
            print(f"  FAILED: at least {FEWEST_TIMES:g} times were promised")
        if not quick:
            one, other, ratio = trial(pair, found)
            met = abs(ratio - 1) <= WITHIN
            holds &= met
            said = "as promised" if met else "FAILED"
            print(f"  tried: {one:,} on common chance, {other:,} independent: errors 1 to {ratio:.2f}, {said}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
