"""Whatever was found is told with all that it takes to find it again: the same for a run and for a comparison."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simfunnel import __version__
from simfunnel.calendar import Calendar
from simfunnel.experiments.estimating import Summary
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Settings


def origin(scenario: Scenario, settings: Settings, worlds: npt.NDArray[np.int64] | None) -> Summary:
    """How it was lived, with how many worlds (None: all inputs are known), and in which time and money."""
    calendar = Calendar.of(scenario)
    return {
        "version": __version__,
        "seed": settings.seed,
        "replications": settings.replications,
        "worlds": None if worlds is None else int(worlds[-1]) + 1,
        "histories": settings.histories,
        "fix_inputs": settings.fix_inputs,
        "engine": settings.engine,
        "horizon": str(scenario.horizon),
        "working_days": calendar.days,
        "first_day": calendar.dates[0].isoformat() if calendar.days else None,
        "last_day": calendar.dates[-1].isoformat() if calendar.days else None,
        "currency": scenario.currency,
    }
