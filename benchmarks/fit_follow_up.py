"""Two real follow-ups are modelled with four fitted numbers each, and judged by data that the fit has not seen.

    python benchmarks/fit_follow_up.py DIRECTORY

The data are not part of the project; a study without its files is skipped, with a reason. DIRECTORY holds

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

`scenarios/bank.toml` and `scenarios/offer-calls.toml` hold the fitted numbers that this script prints.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from follow_up_data import CONTACTS, LOST, WON, Ends, bank_ends, counted, loan_ends, waits
from follow_up_models import bank_model, bank_toml, loan_model, loan_toml, loan_waits
from scipy import optimize

Floats = npt.NDArray[np.float64]

SEED = 1
Z95 = 1.959964
NOTABLE = 3.0  # standard errors


def halves(ends: Ends) -> tuple[Ends, Ends]:
    """A random half, and the other."""
    order = np.random.default_rng(SEED).permutation(len(ends))
    return [ends[i] for i in order[::2]], [ends[i] for i in order[1::2]]


@dataclass(frozen=True)
class Study:
    """A model with at most four fitted parameters, each a share or a positive number, and its data."""

    title: str
    scenario: str
    files: tuple[str, ...]
    ends: Callable[[Path], Ends]
    outcomes: tuple[str, str]
    parameters: tuple[str, ...]
    shares: tuple[bool, ...]
    start: tuple[float, ...]
    model: Callable[[Floats], Floats]
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


def table(study: Study, cases: Floats, fit: Fit, outcome: int) -> list[str]:
    """One outcome by number of contacts: data and model in per cent, with 95 % intervals."""
    trials, won = cases.sum(axis=1), cases[:, outcome]
    low, high = wilson(won, trials)
    z = z_scores(won, trials, fit.shares[:, outcome], fit.share_errors[:, outcome])
    rows = [
        f"  {study.outcomes[outcome]}",
        "  contact   cases   data %  [95 %]          model %  [95 %]             gap     z",
    ]
    for n in range(CONTACTS):
        share, error = 100 * fit.shares[n, outcome], 100 * Z95 * fit.share_errors[n, outcome]
        data = 100 * won[n] / trials[n]
        rows.append(
            f"  {n + 1:>7} {trials[n]:>7.0f} {data:>8.2f}  [{100 * low[n]:5.2f}, {100 * high[n]:5.2f}]"
            f"  {share:>7.2f}  [{share - error:5.2f}, {share + error:5.2f}]  {data - share:>+6.2f} {z[n]:>+5.1f}"
            + ("  cannot follow" if abs(z[n]) > NOTABLE else "")
        )
    return rows


def parameters(study: Study, fit: Fit) -> list[str]:
    """The fitted values with their 95 % intervals."""
    each = zip(study.parameters, fit.values, Z95 * fit.errors, strict=True)
    return [f"  {name:<16} {value:>9.4f}  +- {error:.4f}" for name, value, error in each]


def report(study: Study, directory: Path) -> None:
    """Fit one half, compare the other, and print both."""
    missing = [name for name in study.files if not (directory / name).is_file()]
    if missing:
        print(f"{study.title}: skipped, {directory} has no {' and no '.join(missing)}\n")
        return
    here, there = halves(study.ends(directory))
    fit = fitted(study, counted(here))
    lines = [f"{study.title}", f"fitted on {len(here):,} cases (seed {SEED}):", *parameters(study, fit)]
    lines += [f"as {study.scenario} has them:", *("  " + line for line in study.toml(fit.values).splitlines())]
    free = freedom(fit.shares)
    for name, half, noise in (
        ("the half that was fitted", here, f"{free - len(study.parameters)} if all noise"),
        ("the other half, not seen by the fit", there, f"about {free} if all noise"),
    ):
        cases = counted(half)
        lines.append(f"{name}: {len(half):,} cases, deviance {deviance(fit.shares, cases):.1f}, {noise}")
        lines += table(study, cases, fit, WON) + table(study, cases, fit, LOST)
    print("\n".join(lines + study.more(directory, fit.values)) + "\n")


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
        scenario="scenarios/bank.toml",
        files=("bank-full.csv",),
        ends=bank_ends,
        outcomes=("success at this contact", "no success, and no other contact"),
        parameters=("accepted", "odds_per_touch", "irritable", "reads_signals"),
        shares=(True, False, True, True),
        start=(0.06, 0.8, 0.9, 0.4),
        model=bank_model,
        toml=bank_toml,
    ),
    Study(
        title="Calls after a loan offer",
        scenario="scenarios/offer-calls.toml",
        files=("bpi2012_cases.csv", "bpi2012_followup_calls.csv"),
        ends=loan_ends,
        outcomes=("offer returned before the next contact", "offer cancelled before the next contact"),
        parameters=("qualified", "ready mean", "ready sd", "reads_signals"),
        shares=(True, False, False, True),
        start=(0.65, 10.0, 6.0, 0.2),
        model=loan_model,
        toml=loan_toml,
        more=rhythm,
    ),
)


def main() -> None:
    """Report on both studies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, help="where the data files are")
    directory = parser.parse_args().directory
    for study in STUDIES:
        report(study, directory)


if __name__ == "__main__":
    main()
