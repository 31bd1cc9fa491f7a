"""The manager's levels follow the funnel: none stands at an earlier stage than the level before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import get_args

from simfunnel.scenario.diagnostics import COMPARED, LEVELS, Stage
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import show
from simfunnel.scenario.wording import Complaint


def _levels(scenario: Scenario) -> Iterator[Complaint]:
    """Two levels may share a stage, but not where one is told as a share of the other: that is 1, always."""
    order = get_args(Stage)
    for before, level in pairwise(LEVELS):
        first, second = (getattr(scenario.diagnostics, name) for name in (before, level))
        apart = (before, level) in COMPARED
        if order.index(second) < order.index(first) + apart:
            where = "a later stage than" if apart else "the same stage as, or a later one than,"
            message = f"must be {where} {before}, which is {show(first)}, found {show(second)}"
            yield Complaint(("diagnostics", level), message, "", (("diagnostics", before),))


DIAGNOSTICS_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (_levels,)
