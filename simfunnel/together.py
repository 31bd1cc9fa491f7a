"""Policies live the same histories side by side, on the same chance, for as long as it takes to decide between them.

A history is lived by all of them before the next block begins, and more histories are added to those that there
are: replication 700 is the same, whether it was asked for at once or after looking at the first 500. Where they are
matched, leads that only one of them won are told by how the other lost them (`counting.fates`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from simfunnel.counting.fates import Fates, won_apart
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Progress, Result, Settings, cut, largest_block, lived, result_of
from simfunnel.workers import Hands

Job = tuple[tuple[Scenario, ...], Settings, bool, int, int]
WHOLE: Final = 4000
ONLY_HERE: Final = "only_here"
ONLY_THERE: Final = "only_there"


class Together:
    """Some policies, the first of them the baseline, and the histories that they have lived.

    `settings.replications` is not used. Of the first `WHOLE` histories everything is kept, of those after them what is
    `kept` and one number a history, so that memory stays bounded. Where leads are `matched`,
    every policy but the baseline has columns `only_here.<cause>` and `only_there.<cause>`: leads that it won and the
    baseline lost, by how that lost them, and the other way round.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], settings: Settings, hands: Hands,
        *, matched: bool = False, kept: Callable[[str], bool] | None = None,
    ) -> None:  # fmt: skip
        settings.check()
        self._scenarios, self._settings, self._hands = tuple(scenarios), settings, hands
        self._matched, self._kept = matched, kept
        self._blocks: list[Sequence[Columns]] = []
        self.histories = 0

    def until(self, histories: int, progress: Progress | None = None) -> tuple[Result, ...]:
        """Live on until there are so many histories of each: the result of each policy, in their order.

        `progress(done, total)` counts histories, each once for all policies.
        """
        jobs = [(self._scenarios, self._settings, self._matched, *block) for block in self._cut(histories)]
        found: dict[int, Sequence[Columns]] = {}
        done = self.histories
        for place, columns in self._hands(_live, jobs):
            found[place] = [self._worth_keeping(each) for each in columns] if jobs[place][-2] >= WHOLE else columns
            done += columns[0]["dials"].size
            if progress is not None:
                progress(done, histories)
        self._blocks += [found[place] for place in sorted(found)]
        self.histories = max(histories, self.histories)
        return self.results()

    def results(self) -> tuple[Result, ...]:
        """What there is so far."""
        return self._results(self._blocks)

    def head(self) -> tuple[Result, ...]:
        """The first histories, of which everything was kept."""
        return self._results([block for block in self._blocks if len(block[0]) == len(self._blocks[0][0])])

    def _results(self, blocks: Sequence[Sequence[Columns]]) -> tuple[Result, ...]:
        """The results of some blocks, with the columns that all of them have."""
        settings = replace(self._settings, replications=sum(block[0]["dials"].size for block in blocks))
        return tuple(
            result_of(
                scenario, settings, [{name: block[number][name] for name in blocks[-1][number]} for block in blocks]
            )
            for number, scenario in enumerate(self._scenarios)
        )

    def _cut(self, histories: int) -> list[tuple[int, int]]:
        lacking = histories - self.histories
        each = -(-lacking // self._settings.workers)
        fates = 2 * self._matched  # the baseline's, and those of one other at a time
        most = self._settings.block_size or min(largest_block(each, fates) for each in self._scenarios)
        return cut(self.histories, histories, max(1, min(most, each)))

    def _worth_keeping(self, columns: Columns) -> Columns:
        kept = self._kept
        if kept is None:
            return columns
        return {name: values for name, values in columns.items() if values.ndim == 1 and kept(name)}


def _live(job: Job) -> list[Columns]:
    """The columns of each policy in a block of histories."""
    scenarios, settings, matched, first, count = job
    if not matched:
        return [lived(scenario, settings, first, count) for scenario in scenarios]
    found: list[Columns] = []
    baseline = Fates(scenarios[0], count)
    for number, scenario in enumerate(scenarios):
        fates = Fates(scenario, count) if number else baseline
        columns = lived(scenario, settings, first, count, (fates,))
        if number:
            for where, causes in zip((ONLY_HERE, ONLY_THERE), won_apart(fates, baseline), strict=True):
                columns.update({f"{where}.{cause}": leads for cause, leads in causes.items()})
        found.append(columns)
    return found
