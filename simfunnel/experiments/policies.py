"""A policy is one thing that the firm may do: a scenario file, or one of the alternatives that it names.

Of one file the file itself is the baseline, unless another is asked for; of several files it is the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simfunnel.errors import RequestError
from simfunnel.scenario.alternatives import changed_keys
from simfunnel.scenario.decision import Decision
from simfunnel.scenario.layers import Layers
from simfunnel.scenario.loading import Loaded, load
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import one_line, show
from simfunnel.scenario.wording import nearest


@dataclass(frozen=True)
class Policy:
    """What it is called, what its author says of it, where it is written, and what it changes of its file.

    `layers` are the files as they are laid.
    """

    name: str
    description: str
    file: str
    alternative: str | None
    scenario: Scenario
    changes: tuple[str, ...]
    layers: Layers | None


@dataclass(frozen=True)
class Policies:
    """The policies to choose from, the baseline first, and what is to be decided between them, as `file` says."""

    all: tuple[Policy, ...]
    decision: Decision
    file: str

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(policy.name for policy in self.all)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Their scenarios."""
        return tuple(policy.scenario for policy in self.all)


def policies(
    files: Sequence[str], overrides: Sequence[str] = (), *, only: Sequence[str] = (), baseline: str | None = None
) -> Policies:
    """The policies of one file with alternatives, or of several files.

    `only` names those wanted beside the baseline (empty: all), `baseline` the one that others are compared with.
    Raises ScenarioError
    where a file cannot be used, RequestError where there are not two policies, or no such one.
    """
    if len(files) == 1:
        first = load(files[0], overrides)
        found = [_base(first, files[0]), *(_alternative(files[0], overrides, name) for name in first.alternatives)]
    else:
        found = [_of_file(file, overrides) for file in files]
        first = load(files[0], overrides)
    _check_names(found)
    head = found[0] if baseline is None else _named(baseline, found)
    chosen = [_named(name, found) for name in only] if only else found
    wanted = [head, *(policy for policy in found if policy in chosen and policy is not head)]
    if only and len(wanted) < 2:
        raise RequestError(f"--only must name another policy than {head.name}, which the others are compared with")
    _check_comparable(wanted, files)
    return Policies(tuple(wanted), first.base.decision, files[0])


def _base(loaded: Loaded, file: str) -> Policy:
    scenario = loaded.base
    return Policy(scenario.decision.base, scenario.description, file, None, scenario, (), loaded.layers)


def _alternative(file: str, overrides: Sequence[str], name: str) -> Policy:
    loaded = load(file, overrides, name)
    assert loaded.alternative is not None
    changes = tuple(changed_keys(loaded.alternative.changes))
    return Policy(name, loaded.alternative.description, file, name, loaded.scenario, changes, loaded.layers)


def _of_file(file: str, overrides: Sequence[str]) -> Policy:
    loaded = load(file, overrides)
    said = loaded.base.description or loaded.base.name
    return Policy(Path(file).stem, said, file, None, loaded.base, (), loaded.layers)


def _named(name: str, known: Sequence[Policy]) -> Policy:
    for policy in known:
        if policy.name == name:
            return policy
    names = [policy.name for policy in known]
    hint = nearest(name, names)
    several = "name one at a time: --only A --only B" if "," in name else ""
    told = f" ({several or hint})" if hint or several else ""
    raise RequestError(f"{show(name)} is no policy here; there are {one_line(', '.join(names), 200)}{told}")


def _check_names(found: Sequence[Policy]) -> None:
    """Two policies of one name cannot be told apart."""
    twice = [name for name, number in Counter(policy.name for policy in found).items() if number > 1]
    if twice:
        raise RequestError(f"files to compare must have different names, found {show(twice[0])} twice")


def _check_comparable(found: Sequence[Policy], files: Sequence[str]) -> None:
    """A comparison is between two policies at least, in one currency."""
    if len(found) < 2:
        where = files[0] if files else "a comparison"
        raise RequestError(
            f"{where} must have something to be compared with: give a second file, or name alternatives in it, such as "
            "[alternatives.cheaper]"
        )
    first, *others = found
    for other in others:
        if other.scenario.currency != first.scenario.currency:
            raise RequestError(
                f"{other.file}: currency must be that of {first.name}, {first.scenario.currency}, "
                f"found {show(other.scenario.currency)}"
            )
