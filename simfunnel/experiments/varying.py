"""Policies live the same histories at every value of a key: what differs from value to value is the value's doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simfunnel.estimates import Chance, Difference, better_on_average, difference, estimate
from simfunnel.experiments.axis import Axis, followers
from simfunnel.experiments.estimating import FOR_GOOD, RATIOS, values_of
from simfunnel.experiments.judging import Values, Worlds
from simfunnel.experiments.policies import Policy
from simfunnel.scenario.loading import laid, opened
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Progress, Result, Settings
from simfunnel.together import Together
from simfunnel.workers import Hands


@dataclass(frozen=True)
class Point:
    """A metric at one value of the key: `values` of policies, by place, in each history, (R,), on the same chance."""

    value: float
    values: dict[int, Values]
    worlds: Worlds

    def mean(self, place: int) -> float | None:
        """The mean of a policy; None where it is undefined in every history."""
        return estimate(self.values[place], self.worlds).mean

    def less(self, place: int, other: int, confidence: float = 0.95) -> Difference:
        """The paired difference: a policy less another."""
        return difference(self.values[place], self.values[other], self.worlds, confidence=confidence)

    def on_average(self, place: int, other: int, *, higher: bool) -> Chance:
        """The chance that a policy is better than another on average, ignorance of the inputs included."""
        return better_on_average(self.values[place], self.values[other], self.worlds, higher=higher)


@dataclass(frozen=True)
class Question:
    """What is compared with what: policies with what was laid over all of them, by which metric, along which key."""

    policies: tuple[Policy, ...]
    overrides: tuple[str, ...]
    metric: str
    higher: bool
    axis: Axis


class Varying:
    """The policies of a question at any value of its key: lived once at each, at `settings.replications` histories.

    Raises ScenarioError if the key cannot be varied so. `progress(done, total)` counts histories, each once for all
    policies; the total is what was `expected` so far.
    """

    def __init__(self, question: Question, settings: Settings, live: Hands, progress: Progress | None = None) -> None:
        settings.check()
        self._question, self._settings, self._live, self._progress = question, settings, live, progress
        self.moved = followers(question.policies, question.overrides, question.axis)
        self._files = {file: opened(file) for file in {policy.file for policy in question.policies}}
        self._still: dict[int, Result] = {}
        self._points: dict[float, Point] = {}
        self._expected = self.evaluations = 0

    @property
    def known(self) -> tuple[float, ...]:
        """The values at which any policy was lived, in order."""
        return tuple(sorted(self._points))

    def expect(self, evaluations: int) -> None:
        """So many more values are likely to be asked for."""
        self._expected = self.evaluations + evaluations

    def at(self, value: float, places: Sequence[int] | None = None) -> Point:
        """What comes of policies at a value of the key: of all, or of those at some places at least."""
        wanted = range(len(self._question.policies)) if places is None else places
        known = self._points.get(value, Point(value, {}, None))
        lacking = [place for place in wanted if place not in known.values]
        if lacking:
            results = self._lived(value, lacking)
            worlds = next((result.worlds for result in results if result.worlds is not None), known.worlds)
            more = dict(zip(lacking, map(self._values, results), strict=True))
            self._points[value] = Point(value, known.values | more, worlds)
        return self._points[value]

    def _lived(self, value: float, places: Sequence[int]) -> list[Result]:
        """The results of policies; one that does not follow the key lives once."""
        policies = self._question.policies
        due = [place for place in places if place not in self._still]
        scenarios = [
            self._scenario(policies[place], value) if place in self.moved else policies[place].scenario for place in due
        ]
        found: dict[int, Result] = {}
        if due:
            together = Together(scenarios, self._settings, self._live, kept=self._is_needed)
            found = dict(zip(due, together.until(self._settings.replications, self._told()), strict=True))
            self.evaluations += 1
        self._still |= {place: result for place, result in found.items() if place not in self.moved}
        return [found.get(place) or self._still[place] for place in places]

    def _scenario(self, policy: Policy, value: float) -> Scenario:
        question = self._question
        return laid(self._files[policy.file], (*question.overrides, question.axis.override(value)), policy.alternative)

    def _values(self, result: Result) -> Values:
        """The metric by history; where a policy has no such thing, what that is."""
        return values_of(self._question.metric, result.columns, self._settings.replications)

    def _is_needed(self, column: str) -> bool:
        metric = self._question.metric
        return column in (metric, *RATIOS.get(metric, ()), *FOR_GOOD)

    def _told(self) -> Progress | None:
        progress = self._progress
        if progress is None:
            return None
        each, done_before = self._settings.replications, self.evaluations * self._settings.replications
        most = max(self._expected, self.evaluations + 1) * each
        return lambda done, _: progress(done_before + done, most)
