"""How busy each team is, day by day: a mean over all histories with its interval, until the last day of any work."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.counting.workdays import NAME, WHOLE, periods
from simfunnel.estimates import estimate
from simfunnel.experiments.estimating import Summary, Worlds
from simfunnel.simulation import Result


def by_day(result: Result) -> Summary:
    """`unit` (days, weeks, ...), and `teams`: by name a list of periods, each `from`, `to`, `mean` and `ci95`.

    The mean is the share of all shift hours of the period that was worked, without overtime; empty where the run did
    not count it, or nobody ever worked. Periods after the last in which any team worked are left out.
    """
    shares = result.histograms.get(NAME)
    if shares is None or not shares.any():
        return {}
    told, last = periods(Calendar.of(result.scenario)), int(np.flatnonzero(shares.any(axis=(0, 1)))[-1])
    return {
        "unit": told.unit,
        "teams": {
            name: [
                {"from": begin.isoformat(), "to": end.isoformat(), **_mean(shares[:, team, place], result.worlds)}
                for place, (begin, end) in enumerate(told.ends[: last + 1])
            ]
            for team, name in enumerate(result.scenario.teams)
        },
    }


def _mean(shares: npt.NDArray[np.uint16], worlds: Worlds) -> dict[str, Any]:
    found = estimate(shares / WHOLE, worlds)
    ends = None if found.ci95 is None else [min(1.0, max(0.0, end)) for end in found.ci95]
    return {"mean": found.mean, "ci95": ends}
