"""Keys that do nothing beside what is offered, or at the hours that are worked, are said before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import listed
from simfunnel.experiments.roles import calling_or_answering, dialling, met_by_nobody, receiving
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Team


def _face_to_face(expected: Expectation) -> Iterator[str]:
    """Keys of coming, of interest and of the closing talk, where all that is offered is the sale itself."""
    scenario = expected.scenario
    if not met_by_nobody(scenario):
        return
    keys: list[str] = []
    for name, segment in scenario.segments.items():
        later = () if scenario.follow_up is not None else ("sold",)  # which acts on touches
        idle = _not_default(segment, "interested") + _not_default(segment.odds, "attended", *later, above="odds.")
        keys += [f"segments.{name}.{key}" for key in idle]
    talking = calling_or_answering(scenario)  # of the other teams it is said that they talk to nobody
    for name, team in scenario.teams.items():
        idle = _not_default(team.odds, "attended", "interested") if name in talking else []
        keys += [f"teams.{name}.odds.{key}" for key in idle]
    keys += _not_default(scenario.closing, above="closing.")
    if keys:
        one = len(keys) == 1
        yield (
            f"{listed(keys)} {'acts' if one else 'act'} on 0 leads, as all that is offered is the sale itself, with "
            f"neither [demo] nor [meeting]: remove {'it' if one else 'them'}, or offer a demo or a meeting."
        )


def _not_default(block: Block, *keys: str, above: str = "") -> list[str]:
    """The keys of a block, or those named, that were given another value than their default."""
    found: list[str] = []
    for key, field in type(block).model_fields.items():
        value = getattr(block, key)
        if key not in block.model_fields_set or (keys and key not in keys) or value == field.default:
            continue
        found += _not_default(value, above=f"{above}{key}.") if isinstance(value, Block) else [above + key]
    return found


def _hours(expected: Expectation) -> Iterator[str]:
    """Ratios of hours in which nobody dials; a curve that runs on from hours that are worked is left in peace.

    It was measured once, and is there for other shifts to be tried.
    """
    scenario = expected.scenario
    if scenario.calling is None or not expected.cells:
        return
    teams = [scenario.teams[name] for name in (*dialling(scenario), *receiving(scenario))]
    curve = scenario.calling.by_hour
    worked = {hour for hour in range(24) if any(_at_work(team, hour) for team in teams)}
    idle = [h for h in sorted(curve) if curve[h] != fixed(1) and not worked & _run(set(curve), h)]
    if idle:
        one = len(idle) == 1
        yield (
            f"{listed([f'calling.by_hour.{hour}' for hour in idle])} {'acts' if one else 'act'} on 0 dials, as no team "
            f"that dials is at work then: remove {'it' if one else 'them'} or change a shift."
        )


def _run(hours: set[int], hour: int) -> set[int]:
    """The hours around `hour` that follow each other without a gap."""
    first = next(h for h in range(hour, -2, -1) if h not in hours)
    last = next(h for h in range(hour, 26) if h not in hours)
    return set(range(first + 1, last))


def _at_work(team: Team, hour: int) -> bool:
    """May a member begin a dial in the hour from `hour` on?"""
    begin, end = team.shift.start, team.shift.end
    spans = [(begin, end)] if team.pause is None else [(begin, team.pause.start), (team.pause.end, end)]
    return any(max(first, 60 * hour) < min(last, 60 * hour + 60) for first, last in spans)


IDLE_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_face_to_face, _hours)
