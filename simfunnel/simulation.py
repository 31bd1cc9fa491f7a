"""A run is cut into blocks of histories; how it is cut, and who computes which block, changes no number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from simfunnel import draws
from simfunnel.by_touch import ByTouch, touches_per_history
from simfunnel.calendar import Calendar
from simfunnel.cohorts import Cohorts, cells_per_history
from simfunnel.counting.fates import fates_per_history
from simfunnel.counting.ledger import Ledger, counts_per_history
from simfunnel.counting.pipeline import Pipeline, files_per_history
from simfunnel.counting.responses import Responses
from simfunnel.counting.tally import Tally
from simfunnel.counting.workdays import Workdays, shares_per_history
from simfunnel.economics import money
from simfunnel.errors import RequestError
from simfunnel.facts import Digester, Sink
from simfunnel.funnel.arrivals import arrivals_expected
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import nature_of
from simfunnel.funnel.rates import circumstances
from simfunnel.metrics import Columns, metrics
from simfunnel.reproduction import bought_at_most, referred_at_most
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import Quantity, Variable
from simfunnel.scenario.schema import Scenario
from simfunnel.workers import hands

Engine = Literal["vector", "simpy"]
Progress = Callable[[int, int], None]
Histograms = dict[str, npt.NDArray[Any]]

BLOCK: Final = 2048
LARGEST_BLOCK: Final = 4096
LEADS_IN_BLOCK: Final = 36_000_000
WEIGHT_OF_HOT: Final = 6
"""A hot lead is kept with all that is drawn of it: it weighs as much as so many on a list."""
WEIGHT_OF_FILE: Final = 12
"""So does the file of an undecided lead that is followed up, besides."""
WEIGHT_OF_CUSTOMER: Final = 30
"""And the record of a customer that is looked after, with what it pays in each period."""
COUNTS_IN_BLOCK: Final = 400_000
LEVELS_IN_BLOCK: Final = 4_000_000
MOST_REPLICATIONS: Final = 10_000_000
MOST_SEED: Final = 2**63


@dataclass(frozen=True)
class Settings:
    """How a scenario is run. `histories` of the same world follow each other where inputs are uncertain.

    `digest` and `by_day` ask for more: a digest of each history's facts, and how busy teams are day by day.
    """

    replications: int = 1000
    seed: int = 1
    engine: Engine = "vector"
    histories: int = 2
    fix_inputs: bool = False
    digest: bool = False
    by_day: bool = False
    workers: int = 1
    block_size: int | None = None

    def check(self) -> None:
        """Refuse settings that mean nothing."""
        bounds = (
            ("replications", self.replications, 1, MOST_REPLICATIONS), ("seed", self.seed, 0, MOST_SEED - 1),
            ("histories", self.histories, 2, MOST_REPLICATIONS), ("workers", self.workers, 1, 1024),
            ("block size", self.block_size, 1, LARGEST_BLOCK),
        )  # fmt: skip
        for name, value, low, high in bounds:
            if value is not None and not low <= value <= high:
                raise RequestError(f"{name} must be a whole number from {low:,} to {high:,}, found {value}")
        if self.engine not in ("vector", "simpy"):
            raise RequestError(f"engine must be vector or simpy, found {self.engine}")


@dataclass(frozen=True)
class Result:
    """One row per history: `columns` by name, each of shape (replications,).

    `worlds` is the world of each history, or None where all inputs are known or fixed; `digests` are
    the digests of the histories' facts, where asked for; `histograms` by name have shape (replications,
    bins): the waits of hot leads (`responses.EDGES`), where there are any, and touches (`by_touch.FIRSTS`);
    `workdays.NAME`, where asked for, has shape (replications, teams, periods).
    """

    scenario: Scenario
    settings: Settings
    columns: Columns
    worlds: npt.NDArray[np.int64] | None
    digests: npt.NDArray[np.uint64] | None = field(default=None)
    histograms: Histograms = field(default_factory=dict)


def uncertain_inputs(scenario: Scenario) -> tuple[str, ...]:
    """Paths of the inputs that are not known exactly, in the order of the schema."""
    return tuple(_uncertain("", scenario))


def _uncertain(path: str, value: object) -> Iterator[str]:
    if isinstance(value, Quantity):
        if not value.is_fixed:
            yield path
    elif isinstance(value, Variable):
        if any(not parameter.is_fixed for parameter in value.parameters):
            yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _uncertain(f"{path}.{name}".lstrip("."), inner)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _uncertain(f"{path}.{number}", inner)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _uncertain(f"{path}.{name}".lstrip("."), getattr(value, name))


def world_of(settings: Settings, replications: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The world in which each replication lives."""
    return np.asarray(replications // settings.histories)


def live(scenario: Scenario, settings: Settings, first: int, count: int, sinks: tuple[Sink, ...] = ()) -> Columns:
    """Live replications `first` to `first + count - 1`: their columns, and the digest if asked for."""
    return apart(lived(scenario, settings, first, count, sinks))[0]


def apart(columns: Columns) -> tuple[Columns, Histograms]:
    """What is one number a history, and what is many: columns, and histograms."""
    numbers = {name: values for name, values in columns.items() if values.ndim == 1}
    return numbers, {name: values for name, values in columns.items() if name not in numbers}


def lived(scenario: Scenario, settings: Settings, first: int, count: int, sinks: tuple[Sink, ...] = ()) -> Columns:
    """The columns of these replications, and their histograms."""
    replications = np.arange(first, first + count)
    calendar = Calendar.of(scenario)
    inputs = Inputs(settings.seed, world_of(settings, replications), best_guess=settings.fix_inputs)
    nature = nature_of(scenario, calendar, inputs, draws.stream(settings.seed, draws.HISTORIES, replications))
    tally, ledger = Tally(scenario, nature.segments, count), Ledger(scenario, calendar, count)
    digester = Digester(count) if settings.digest else None
    responses = Responses(scenario, calendar, count) if scenario.inbound is not None else None
    pipeline = Pipeline(scenario, calendar, count) if scenario.follow_up is not None else None
    by_touch = ByTouch(scenario, count) if scenario.follow_up is not None else None
    cohorts = Cohorts(scenario, calendar, count) if scenario.after_sales is not None else None
    workdays = Workdays(scenario, calendar, count) if settings.by_day else None
    ledgers = [ledger] if ledger.teams else []
    counting: list[Sink | None] = [tally, *ledgers, responses, pipeline, by_touch, cohorts, workdays, digester]
    taking = [sink for sink in counting if sink is not None]
    _engine(settings.engine)(scenario, calendar, nature, (*taking, *sinks))
    columns = metrics(scenario, calendar, nature.segments, tally)
    columns.update(responses.columns() if responses is not None else {})
    columns.update(pipeline.columns() if pipeline is not None else {})
    columns.update(by_touch.columns(inputs) if by_touch is not None else {})
    columns.update(cohorts.columns(inputs) if cohorts is not None else {})
    columns.update(workdays.columns() if workdays is not None else {})
    columns.update(money(scenario, calendar, inputs, tally, ledger))
    if digester is not None:
        columns["digest"] = digester.digests.view(np.int64)
    return columns


def _engine(name: Engine) -> Callable[..., None]:
    if name == "simpy":
        from simfunnel.engines import simpy_engine

        return simpy_engine.run
    from simfunnel.engines import vector_engine

    return vector_engine.run


def _live(job: tuple[Scenario, Settings, int, int]) -> Columns:
    return lived(*job)


def blocks(scenario: Scenario, settings: Settings) -> list[tuple[int, int]]:
    """First replication and size of each block."""
    each = -(-settings.replications // settings.workers)
    return cut(0, settings.replications, settings.block_size or min(each, largest_block(scenario)))


def cut(start: int, end: int, most: int) -> list[tuple[int, int]]:
    """First replication and size of as few blocks of `most` at most as can be, about alike: small ones are slow."""
    size = -(-(end - start) // -(-(end - start) // most)) if end > start else 1
    return [(first, min(size, end - first)) for first in range(start, end, size)]


def largest_block(scenario: Scenario, fates: int = 0) -> int:
    """Histories that may be computed together: bounded by leads, counts and tables, so that memory is.

    `fates` says of how many policies it is kept how each lead ended, at a time.
    """
    calendar = Calendar.of(scenario)
    kept = counts_per_history(scenario, calendar) + files_per_history(scenario, calendar)
    kept += shares_per_history(scenario, calendar)
    kept += touches_per_history(scenario) + cells_per_history(scenario, calendar)
    if fates:
        kept += fates * fates_per_history(scenario, calendar, referred_at_most(scenario, calendar))
    width = max(1, weight_of_leads(scenario, calendar), kept)
    counts = max(1, len(scenario.segments) * len(scenario.teams))
    levels = counts * circumstances(scenario) if uncertain_inputs(scenario) else 1
    return max(1, min(BLOCK, LEADS_IN_BLOCK // width, COUNTS_IN_BLOCK // counts, LEVELS_IN_BLOCK // levels))


def weight_of_leads(scenario: Scenario, calendar: Calendar) -> int:
    """The leads of a history, listed, expected to come or be named, by what they take of memory; one on a list is 1."""
    total = 0.0
    for name, segment in scenario.segments.items():
        leads = segment.leads + arrivals_expected(scenario, calendar, name)
        total += leads * weight_of_one(scenario, segment)
    if scenario.after_sales is not None and scenario.after_sales.referral is not None:
        named = scenario.segments[scenario.after_sales.referral.segment]
        total += referred_at_most(scenario, calendar) * weight_of_one(scenario, named)
    return int(np.ceil(total))


def weight_of_one(scenario: Scenario, segment: Segment) -> float:
    """What a lead of a segment weighs on average, with the file and the record that may be kept of it."""
    weight = WEIGHT_OF_HOT if segment.temperature == "hot" else 1
    record = 0.0 if scenario.after_sales is None else WEIGHT_OF_CUSTOMER * bought_at_most(scenario, segment)
    return weight + WEIGHT_OF_FILE * undecided_at_most(scenario, segment) + record


def undecided_at_most(scenario: Scenario, segment: Segment) -> float:
    """The share of a segment's leads that may have a file, by the best guesses of what a call comes to."""
    hot = segment.temperature == "hot"
    work = scenario.inbound if hot else scenario.calling
    if scenario.follow_up is None or work is None:
        return 0.0
    listened = 1.0 if scenario.calling is None or hot else scenario.calling.listened.best
    if work.offer == "sale":
        return listened * work.undecided.best
    return listened * work.accepted.best * scenario.closing.undecided.best


def simulate(scenario: Scenario, *, progress: Progress | None = None, **options: object) -> Result:
    """Run `scenario`; options are the fields of `Settings`.

    `progress(done, total)` is called with replications as blocks end. Raises RequestError on settings
    that mean nothing.
    """
    settings = Settings(**options)  # type: ignore[arg-type]
    settings.check()
    jobs = [(scenario, settings, first, count) for first, count in blocks(scenario, settings)]
    parts: dict[int, Columns] = {}
    with hands(min(len(jobs), settings.workers)) as live_all:
        for number, columns in live_all(_live, jobs):
            parts[number] = columns
            if progress is not None:
                progress(sum(c["dials"].size for c in parts.values()), settings.replications)
    return result_of(scenario, settings, [parts.pop(number) for number in sorted(parts)])


def result_of(scenario: Scenario, settings: Settings, parts: Sequence[Columns]) -> Result:
    """The result of the blocks of a run, in their order."""
    merged: Columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    digests = merged.pop("digest").view(np.uint64) if settings.digest else None
    uncertain = not settings.fix_inputs and bool(uncertain_inputs(scenario))
    worlds = world_of(settings, np.arange(settings.replications)) if uncertain else None
    columns, histograms = apart(merged)
    return Result(scenario, settings, columns, worlds, digests, histograms)
