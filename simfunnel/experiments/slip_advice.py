"""A number in the wrong unit is legal, and so is a date of another year: both are said before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import about
from simfunnel.scenario.values import MINUTE

LARGEST_FACTOR = 3
LONGEST_DIAL = 10 * MINUTE


def _factors(expected: Expectation) -> Iterator[str]:
    """Percentages that lack their sign."""
    for name, team in expected.scenario.teams.items():
        for key in ("overhead", "overtime_premium"):
            factor = getattr(team, key).best
            if factor > LARGEST_FACTOR:
                said = f"teams.{name}.{key} {factor:g} means {100 * factor:,.0f} %"
                yield f'{said}: write "{factor:g} %" if that is meant.'


def _seconds(expected: Expectation) -> Iterator[str]:
    """Seconds that stand where minutes are read."""
    if expected.scenario.calling is None:
        return
    minutes = expected.scenario.calling.minutes
    averages = {
        "ring": minutes.ring.best, "no_answer": minutes.no_answer.mean(), "hang_up": minutes.hang_up.mean(),
    }  # fmt: skip
    for key, average in averages.items():
        if average > LONGEST_DIAL:
            found = average / MINUTE
            said = f"calling.minutes.{key} is {about(found)} minutes on average"
            yield f'{said}, which is long: write "{about(found)} s" if seconds are meant.'


def _holidays(expected: Expectation) -> Iterator[str]:
    """Holidays of which none is in the time that is simulated."""
    holidays = expected.scenario.holidays
    worked = replace(expected.calendar, holidays=frozenset()).dates
    if holidays and worked and not any(expected.calendar.start <= day <= worked[-1] for day in holidays):
        count = len(holidays)
        yield (
            f"{count} of {count} holidays {'lie' if count > 1 else 'lies'} outside the horizon, "
            f"{expected.calendar.start} to {worked[-1]}: check start and holidays."
        )


SLIP_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_factors, _seconds, _holidays)
