"""Two real follow-ups are modelled with four fitted numbers each, and judged by data that the fit has not seen.

    python benchmarks/fit_follow_up.py [DIRECTORY]

The data are not part of the project; a study without its files is skipped, with a reason. DIRECTORY, by default
../shared/data beside the project, holds

- bank-full.csv: telemarketing of a Portuguese bank, 45,211 clients, UCI Machine Learning Repository, id 222,
  CC BY 4.0. S. Moro, P. Cortez, P. Rita: "A data-driven approach to predict the success of bank telemarketing",
  Decision Support Systems 62 (2014).
- bpi2012_cases.csv, bpi2012_followup_calls.csv: loan applications of October to December 2011 and the calls after
  an offer, derived from B. F. van Dongen: BPI Challenge 2012, 4TU.ResearchData,
  doi 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f, 4TU general terms of use.

Cases are split at random (fixed seed): one half is fitted by maximum likelihood, the other is compared. The unit is
the n-th contact: of the cases that had it, which share was won at it (bank) or after it and before the next (loans),
which share was lost then, and which had another. Model and data are conditioned alike. Intervals of the data are
Wilson's, those of the model come from the information of the fitted half; z counts standard errors of both.
The forms of the models were chosen on halves that were split otherwise, and the rhythm of the calls was read off all
of the data: the other half judges the fitted numbers strictly, the forms less so.

`scenarios/bank.toml` and `scenarios/offer-calls.toml` hold the fitted numbers. They are simulated, their facts are
counted by contact, and the script fails where they hold other numbers than those fitted, or where simulation and
closed form are apart by more than LARGEST standard errors anywhere.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from follow_up_counts import bank_numbers_of, differs, loan_numbers_of, shares_of, shipped, simulated
from follow_up_data import CONTACTS, LOST, WON, Ends, bank_ends, counted, loan_ends, waits
from follow_up_models import (
    bank_model,
    bank_numbers,
    bank_toml,
    loan_model,
    loan_numbers,
    loan_toml,
    loan_waits,
)
from scipy import optimize

from simfunnel.scenario.schema import Scenario

Floats = npt.NDArray[np.float64]

SEED = 1
Z95 = 1.959964
NOTABLE = 3.0  # standard errors
LARGEST = 4.0  # standard errors
ROUNDING = 1e-3  # of a number
HISTORIES = 500
DATA = Path(__file__).parents[2] / "shared" / "data"


def halves(ends: Ends) -> tuple[Ends, Ends]:
    """A random half, and the other."""
    order = np.random.default_rng(SEED).permutation(len(ends))
    return [ends[i] for i in order[::2]], [ends[i] for i in order[1::2]]


@dataclass(frozen=True)
class Study:
    """A model with at most four fitted parameters, each a share or a positive number, and its data.

    `numbers` are the fitted ones and those tied to them, `numbers_of` the same as a scenario has them; `names`
    are theirs.
    """

    title: str
    scenario: str
    files: tuple[str, ...]
    ends: Callable[[Path], Ends]
    outcomes: tuple[str, str]
    names: tuple[str, ...]
    shares: tuple[bool, ...]
    start: tuple[float, ...]
    model: Callable[[Floats], Floats]
    numbers: Callable[[Floats], Floats]
    numbers_of: Callable[[Scenario], Floats]
    toml: Callable[[Floats], str]
    more: Callable[[Path, Floats], list[str]] = lambda _directory, _values: []

    def inside(self, free: Floats) -> Floats:
        """Parameters from unbounded numbers: logit of a share, log of a positive number."""
        bounded = 1 / (1 + np.exp(-np.clip(free, -30, 30)))
        return np.where(self.shares, bounded, np.exp(np.clip(free, -30, 30)))

    def outside(self, values: Sequence[float]) -> Floats:
        """The inverse of `inside`."""
        return np.array([np.log(v / (1 - v)) if s else np.log(v) for v, s in zip(values, self.shares, strict=True)])


def log_likelihood(shares: Floats, cases: Floats) -> float:
    """Of multinomial counts; what the model excludes altogether is left out, and shows in the comparison."""
    possible = shares > 0
    return float(np.sum(cases[possible] * np.log(shares[possible])))


def deviance(shares: Floats, cases: Floats) -> float:
    """Twice the log-likelihood lost against the data's own shares, over what the model does not exclude."""
    kept = np.where(shares > 0, cases, 0)
    own = kept / kept.sum(axis=1, keepdims=True)
    return 2 * (log_likelihood(own, kept) - log_likelihood(shares, kept))


def freedom(shares: Floats) -> int:
    """How large the deviance is on average if a model that was not fitted to the data is true."""
    return int(np.sum(shares > 0)) - CONTACTS


def slopes(function: Callable[[Floats], Floats], at: Floats, step: float = 1e-4) -> Floats:
    """Central differences of a function's flat values by each number of `at`: (values, numbers)."""
    sides = [(function(at + move), function(at - move)) for move in step * np.eye(at.size)]
    return np.stack([np.ravel(up - down) / (2 * step) for up, down in sides], axis=1)


@dataclass(frozen=True)
class Fit:
    """Fitted values and what the model says with them, each with its standard error from the information."""

    values: Floats
    errors: Floats
    shares: Floats
    share_errors: Floats


def fitted(study: Study, cases: Floats) -> Fit:
    """The maximum of the likelihood and, by the delta method, how sure it is."""

    def loss(free: Floats) -> float:
        return -log_likelihood(study.model(study.inside(free)), cases)

    best: Floats = optimize.minimize(loss, study.outside(study.start), method="Nelder-Mead", tol=1e-7).x
    shares = study.model(study.inside(best))
    slope = slopes(lambda free: study.model(study.inside(free)), best)
    weight = np.ravel(cases.sum(axis=1, keepdims=True) / np.where(shares > 0, shares, np.inf))
    spread = np.linalg.inv(slope.T @ (weight[:, None] * slope))
    value_slope = slopes(study.inside, best)
    return Fit(study.inside(best), _errors(value_slope, spread), shares, _errors(slope, spread).reshape(shares.shape))


def _errors(slope: Floats, spread: npt.NDArray[np.floating]) -> Floats:
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", slope, spread, slope)))


def wilson(cases: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of a share."""
    share, squared = cases / trials, Z95**2 / trials
    middle = (share + squared / 2) / (1 + squared)
    half = np.sqrt(squared * share * (1 - share) + squared**2 / 4) / (1 + squared)
    return middle - half, middle + half


def z_scores(cases: Floats, trials: Floats, shares: Floats, errors: Floats) -> Floats:
    """Data minus model in standard errors of both."""
    low, high = wilson(cases, trials)
    return np.asarray((cases / trials - shares) / np.hypot((high - low) / (2 * Z95), errors))


@dataclass(frozen=True)
class Check:
    """What a scenario's simulation says by contact, with its standard errors; the numbers that the scenario has."""

    numbers: Floats
    shares: Floats
    errors: Floats
    apart: Floats

    @property
    def farthest(self) -> float:
        """The largest distance from the closed form of the same numbers, in standard errors."""
        return float(np.max(np.abs(self.apart)))


def simulation(study: Study, histories: int = HISTORIES) -> Check:
    """The shipped scenario is simulated, and compared with the closed form of its own numbers."""
    scenario = shipped(study.scenario)
    numbers = study.numbers_of(scenario)
    shares, errors = shares_of(simulated(scenario, histories, SEED))
    return Check(numbers, shares, errors, differs(shares, errors, study.model(numbers[: len(study.shares)])))


def is_rounded(found: Floats, fitted_numbers: Floats) -> npt.NDArray[np.bool_]:
    """Are these the fitted numbers, but for rounding?"""
    return np.asarray(np.abs(found - fitted_numbers) <= ROUNDING * fitted_numbers)


def table(study: Study, cases: Floats, fit: Fit, check: Check, outcome: int) -> list[str]:
    """One outcome by number of contacts: data, closed form and simulation in per cent, with 95 % intervals."""
    trials, won = cases.sum(axis=1), cases[:, outcome]
    low, high = wilson(won, trials)
    shown, errors = check.shares[:, outcome], check.errors[:, outcome]
    z = z_scores(won, trials, shown, np.hypot(fit.share_errors[:, outcome], errors))
    rows = [
        f"  {study.outcomes[outcome]}",
        "  contact   cases   data %  [95 %]          closed form %  [95 %]    simulated %  [95 %]           gap     z",
    ]
    for n in range(CONTACTS):
        form, simulated_ = (
            f"{100 * share:>6.2f}  [{100 * (share - Z95 * error):5.2f}, {100 * (share + Z95 * error):5.2f}]"
            for share, error in ((fit.shares[n, outcome], fit.share_errors[n, outcome]), (shown[n], errors[n]))
        )
        data = won[n] / trials[n]
        rows.append(
            f"  {n + 1:>7} {trials[n]:>7.0f} {100 * data:>8.2f}  [{100 * low[n]:5.2f}, {100 * high[n]:5.2f}]"
            f"  {form}  {simulated_}  {100 * (data - shown[n]):>+6.2f} {z[n]:>+5.1f}"
            + ("  cannot follow" if abs(z[n]) > NOTABLE else "")
        )
    return rows


def parameters(study: Study, fit: Fit, check: Check) -> list[str]:
    """The fitted values with their 95 % intervals, those tied to them, and what the scenario has."""
    plain, tied = [f"  +- {error:.4f}" for error in Z95 * fit.errors], "  " + " " * 9
    errors = plain + [tied] * (len(study.names) - len(plain))
    each = zip(study.names, study.numbers(fit.values), errors, check.numbers, strict=True)
    return [f"  {name:<16} {value:>9.4f}{error}   {here:>9.4f}" for name, value, error, here in each]


def report(study: Study, directory: Path, histories: int = HISTORIES) -> bool:
    """Fit one half, compare the other, and print both. Is the scenario what was fitted?"""
    missing = [name for name in study.files if not (directory / name).is_file()]
    if missing:
        print(f"{study.title}: skipped, {directory} has no {' and no '.join(missing)}\n")
        return True
    here, there = halves(study.ends(directory))
    fit, check = fitted(study, counted(here)), simulation(study, histories)
    lines = [f"{study.title}", f"fitted on {len(here):,} cases (seed {SEED}), and what scenarios/{study.scenario} has:"]
    lines += [*parameters(study, fit, check), "as a scenario has them:"]
    lines += ["  " + line for line in study.toml(fit.values).splitlines()]
    lines += [
        f"simulated: {histories:,} histories; gap: data minus simulated, z: in standard errors of data, fit, simulation"
    ]
    free = freedom(fit.shares)
    for name, half, noise in (
        ("the half that was fitted", here, f"{free - len(study.shares)} if all noise"),
        ("the other half, not seen by the fit", there, f"about {free} if all noise"),
    ):
        cases = counted(half)
        lines.append(f"{name}: {len(half):,} cases, deviance {deviance(fit.shares, cases):.1f}, {noise}")
        lines += table(study, cases, fit, check, WON) + table(study, cases, fit, check, LOST)
    print("\n".join(lines + study.more(directory, fit.values)))
    return verdict(study, fit, check)


def verdict(study: Study, fit: Fit, check: Check) -> bool:
    """Does the scenario hold the fitted numbers, and say what their closed form says?"""
    same = is_rounded(check.numbers, study.numbers(fit.values))
    wrong = [name for name, right in zip(study.names, same, strict=True) if not right]
    print(f"the scenario's numbers are those fitted: {'no: ' + ', '.join(wrong) if wrong else 'yes'}")
    print(f"simulation and closed form are at most {check.farthest:.1f} standard errors apart, allowed {LARGEST:.0f}\n")
    return not wrong and check.farthest <= LARGEST


def rhythm(directory: Path, values: Floats) -> list[str]:
    """The days from a contact to the next, in all of the data and in the model."""
    rows = ["  days from a contact to the next, where there is one: all data, middle half of the cases, model"]
    for n, (days, model) in enumerate(zip(waits(directory), loan_waits(values), strict=True)):
        error, (low, high) = Z95 * np.std(days) / np.sqrt(days.size), np.quantile(days, (0.25, 0.75))
        rows.append(
            f"  {n + 1:>7} {days.size:>7} {np.mean(days):>8.2f} +- {error:.2f}  {low:.0f} to {high:.0f}  {model:>7.2f}"
        )
    return rows


STUDIES = (
    Study(
        title="Telemarketing of a bank",
        scenario="bank.toml",
        files=("bank-full.csv",),
        ends=bank_ends,
        outcomes=("success at this contact", "no success, and no other contact"),
        names=("accepted", "odds_per_touch", "irritable", "reads_signals", "undecided (tied)", "sold (tied)"),
        shares=(True, False, True, True),
        start=(0.06, 0.8, 0.9, 0.4),
        model=bank_model,
        numbers=bank_numbers,
        numbers_of=bank_numbers_of,
        toml=bank_toml,
    ),
    Study(
        title="Calls after a loan offer",
        scenario="offer-calls.toml",
        files=("bpi2012_cases.csv", "bpi2012_followup_calls.csv"),
        ends=loan_ends,
        outcomes=("offer returned before the next contact", "offer cancelled before the next contact"),
        names=("qualified", "ready mean", "ready sd", "reads_signals"),
        shares=(True, False, False, True),
        start=(0.65, 10.0, 6.0, 0.2),
        model=loan_model,
        numbers=loan_numbers,
        numbers_of=loan_numbers_of,
        toml=loan_toml,
        more=rhythm,
    ),
)


def main() -> None:
    """Report on both studies; exit code 1 where a scenario is not what was fitted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?", default=DATA, help="where the data files are")
    directory = parser.parse_args().directory
    right = [report(study, directory) for study in STUDIES]
    if not all(right):
        raise SystemExit("a scenario is not what was fitted")


if __name__ == "__main__":
    main()
