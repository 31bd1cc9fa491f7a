"""Policies live the same histories side by side, on the same chance, for as long as it takes to decide between them.

A history is lived by all of them before the next block begins, and more histories are added to those that there
are: replication 700 is the same, whether it was asked for at once or after looking at the first 500.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Progress, Result, Settings, cut, largest_block, lived, result_of
from simfunnel.workers import Hands

Job = tuple[tuple[Scenario, ...], Settings, int, int]
Parts = list[Columns]


class Together:
    """Some policies, the first of them the baseline, and the histories that they have lived.

    `settings.replications` is not used; `kept` says which columns are worth their memory.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        settings: Settings,
        hands: Hands,
        *,
        kept: Callable[[str], bool] | None = None,
    ) -> None:
        settings.check()
        self._scenarios, self._settings, self._hands, self._kept = tuple(scenarios), settings, hands, kept
        self._blocks: list[Sequence[Columns]] = []
        self.histories = 0

    def until(self, histories: int, progress: Progress | None = None) -> tuple[Result, ...]:
        """Live on until there are so many histories of each: the result of each policy, in their order.

        `progress(done, total)` counts histories, each once for all policies.
        """
        jobs = [(self._scenarios, self._settings, *block) for block in self._cut(histories)]
        found: dict[int, Sequence[Columns]] = {}
        done = self.histories
        for place, columns in self._hands(_live, jobs):
            found[place] = [self._worth_keeping(each) for each in columns]
            done += columns[0]["dials"].size
            if progress is not None:
                progress(done, histories)
        self._blocks += [found[place] for place in sorted(found)]
        self.histories = max(histories, self.histories)
        return self.results()

    def results(self) -> tuple[Result, ...]:
        """What there is so far."""
        settings = replace(self._settings, replications=self.histories)
        return tuple(
            result_of(scenario, settings, [block[number] for block in self._blocks])
            for number, scenario in enumerate(self._scenarios)
        )

    def _cut(self, histories: int) -> list[tuple[int, int]]:
        lacking = histories - self.histories
        each = -(-lacking // self._settings.workers)
        most = self._settings.block_size or min(map(largest_block, self._scenarios))
        return cut(self.histories, histories, max(1, min(most, each)))

    def _worth_keeping(self, columns: Columns) -> Columns:
        kept = self._kept
        return columns if kept is None else {name: values for name, values in columns.items() if kept(name)}


def _live(job: Job) -> list[Any]:
    """The columns of each policy in a block of histories."""
    scenarios, settings, first, count = job
    return [lived(scenario, settings, first, count) for scenario in scenarios]
