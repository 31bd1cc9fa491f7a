"""Histories are added until every requirement is decided, and all intervals of all looks hold at once.

So whoever stops early, or late, errs in no requirement at all with the confidence that is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from simfunnel.errors import RequestError
from simfunnel.estimates import confidence_each, looks
from simfunnel.experiments.against import lived_both
from simfunnel.experiments.requirements import Requirement
from simfunnel.experiments.verdicts import FAIL, PASS, UNDECIDED, Judged, Verdict, judge
from simfunnel.scenario.loading import Loaded
from simfunnel.simulation import BLOCK, MOST_REPLICATIONS, Progress, Result, Settings
from simfunnel.together import Together
from simfunnel.workers import Hands, hands, workers_for

CONFIDENCE: Final = 0.95
DOUBLED: Final = 32
"""By default histories are added up to so many times the first look."""


@dataclass(frozen=True)
class Gates:
    """What became of all that is required: `looks` are numbers of histories, the run ended at the `look`-th, from 1.

    Where nothing is required there is none.
    """

    judged: tuple[Judged, ...]
    looks: tuple[int, ...]
    look: int

    @property
    def verdict(self) -> Verdict:
        """Of all together: one that fails is enough to fail."""
        verdicts = {each.verdict for each in self.judged}
        return FAIL if FAIL in verdicts else UNDECIDED if UNDECIDED in verdicts else PASS

    def to_json(self) -> dict[str, Any]:
        """The keys that requirements add to a summary."""
        return {
            "requirements": [each.to_json() for each in self.judged],
            "looks": list(self.looks),
            "look": self.look,
        }


NOTHING_REQUIRED: Final = Gates((), (), 0)


def planned_looks(first: int, at_most: int | None) -> tuple[int, ...]:
    """At how many histories to look; raises RequestError where `at_most` is below the first look."""
    most = min(DOUBLED * first, MOST_REPLICATIONS) if at_most is None else at_most
    if not first <= most <= MOST_REPLICATIONS:
        raise RequestError(
            f"--at-most must be a whole number from --replications ({first:,}) to {MOST_REPLICATIONS:,}, found {most}"
        )
    return looks(first, most)


def lived(
    loaded: Loaded, required: Sequence[Requirement], at_most: int | None = None, progress: Progress | None = None,
    *, workers: int | None = None, **options: Any,
) -> tuple[Gates, Result, Result | None]:  # fmt: skip
    """The verdicts, the run that they are about, and that of its base beside an alternative.

    Options are the fields of `Settings`; without `workers` as many processes are started as pay, and none where there
    is little to do. `progress(done, total)` counts histories, up to the next look. Raises RequestError as `simulate`
    does, and where `at_most` is given but nothing is required.
    """
    Settings(**options).check()
    if required:
        planned = planned_looks(options["replications"], at_most)
        most = workers_for(planned[-1], BLOCK) if workers is None else workers
        settings = Settings(workers=most, **options)
        settings.check()
        return _decided(loaded, required, planned, settings, progress, thrifty=workers is None)
    if at_most is not None:
        raise RequestError("--at-most must come with --require: without it nothing is to be decided")
    most = workers_for(options["replications"], BLOCK) if workers is None else workers
    return NOTHING_REQUIRED, *lived_both(loaded, progress, workers=most, **options)


def _decided(
    loaded: Loaded, required: Sequence[Requirement], planned: tuple[int, ...], settings: Settings,
    progress: Progress | None, *, thrifty: bool,
) -> tuple[Gates, Result, Result | None]:  # fmt: skip
    """Live on from look to look until all is decided."""
    scenarios = (loaded.scenario,) if loaded.alternative is None else (loaded.scenario, loaded.base)
    confidence = confidence_each(CONFIDENCE, len(planned), len(required))
    with hands(settings.workers) as many:
        together = Together(scenarios, settings, _by_need(many) if thrifty else many)
        for histories in planned:
            results = together.until(histories, progress)
            judged = judge(required, results[0].columns, results[0].worlds, confidence)
            if all(each.settled for each in judged):
                break
    base = results[1] if len(results) > 1 else None
    return Gates(tuple(judged), planned, planned.index(histories) + 1), results[0], base


def _by_need(many: Hands) -> Hands:
    """Processes take a second to start: what is done sooner is done here. The last of a job is its histories."""
    with hands(1) as here:
        return lambda task, jobs: (many if sum(job[-1] for job in jobs) >= 2 * BLOCK else here)(task, jobs)
