"""A dial is answered or not, gets past the gatekeeper, is heard out or hung up, and its offer accepted or refused.

Words: answered, listened, accepted, minutes (see `visits`). A dial that nobody answers comes back
after the retry interval, until the attempts are used up; every other outcome ends the calling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import durations
from simfunnel.funnel.durations import at, one
from simfunnel.funnel.inputs import Inputs
from simfunnel.scenario.quantities import FAMILIES, Variable
from simfunnel.scenario.schema import CallMinutes
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

NO_ANSWER: Final = 0
GATEKEEPER: Final = 1
HUNG_UP: Final = 2
REFUSED: Final = 3
ACCEPTED: Final = 4
OUTCOMES: Final = ("no answer", "gatekeeper", "hung up", "refused", "accepted")

COMMON: Final = 0.2
"""What is this share of a batch is drawn for all of it, which is faster than to look where it is."""


def outcome(
    words: tuple[Integers, Integers, Integers],
    thresholds: tuple[Integers, Integers, Integers],
    passes: npt.NDArray[np.bool_] | None,
    scratch: Scratch,
) -> Codes:
    """The outcome code of each dial from its words and thresholds (answered, listened, accepted).

    That is `code_of`, in place, for `words` that share one shape; `thresholds` broadcast against it, and
    `passes` (None: all) says who gets past the gatekeeper.
    """
    shape = words[0].shape
    code = scratch.take("calling.code", shape, np.bool_)
    step = scratch.take("calling.step", shape, np.bool_)
    codes, steps = code.view(np.uint8), step.view(np.uint8)
    np.less(words[2], thresholds[2], out=code)
    np.less(words[1], thresholds[1], out=step)
    np.add(codes, 1, out=codes)
    np.multiply(codes, steps, out=codes)
    np.add(codes, 1, out=codes)
    if passes is not None:
        np.multiply(codes, passes, out=codes)
    np.less(words[0], thresholds[0], out=step)
    np.add(codes, 1, out=codes)
    return np.multiply(codes, steps, out=codes)


def code_of(answered: Integers, passes: Any, listened: Integers, accepted: Integers) -> Integers:
    """The outcome code of dials from what happened in them, 0 or 1 each (common shape)."""
    return np.asarray(answered * (GATEKEEPER + passes * (1 + listened * (1 + accepted))))


def comes_back(code: Any, attempt: Any, attempts: int) -> Any:
    """Is the lead dialled again: nobody answered, and attempts are left? Plain numbers or arrays that broadcast."""
    return (code == NO_ANSWER) & (attempt + 1 < attempts)


@dataclass(frozen=True)
class Durations:
    """How long each outcome takes: a constant part, and for some outcomes a varying one.

    `constant` has shape (5, columns or 1), in ms; `varying` lists (outcomes, family, parameters). What is common
    in a batch is drawn for every dial of it, what is rare only where it happened, which gives the same numbers.
    """

    constant: Floats
    varying: tuple[tuple[tuple[int, ...], str, tuple[Floats, ...]], ...]

    @classmethod
    def of(cls, minutes: CallMinutes, inputs: Inputs) -> Durations:
        """From the scenario's minutes."""
        ring = inputs.value("calling.minutes.ring", minutes.ring)
        wrap_up = inputs.value("calling.minutes.wrap_up", minutes.wrap_up)
        parts: tuple[tuple[str, Variable, tuple[int, ...]], ...] = (
            ("no_answer", minutes.no_answer, (NO_ANSWER,)),
            ("gatekeeper", minutes.gatekeeper, (GATEKEEPER,)),
            ("hang_up", minutes.hang_up, (HUNG_UP,)),
            ("talk", minutes.talk, (REFUSED, ACCEPTED)),
        )
        constant = {code: ring + (wrap_up if code != NO_ANSWER else 0.0) for code in range(len(OUTCOMES))}
        varying = []
        for name, variable, codes in parts:
            parameters = inputs.variable(f"calling.minutes.{name}", variable)
            if variable.is_constant:
                constant.update({code: constant[code] + parameters[0] for code in codes})
            else:
                varying.append((codes, variable.family, parameters))
        width = max(part.size for part in constant.values())
        table = np.array([np.broadcast_to(constant[code], width) for code in range(len(OUTCOMES))])
        return cls(table, tuple(varying))

    def base(self, codes: Codes, words: Integers, scratch: Scratch) -> Floats:
        """Ms of each dial before pace and rounding; shape (..., columns), as `codes`. Scratch memory."""
        total = scratch.take("calling.total", codes.shape, np.float64)
        self._constants(codes, total)
        u = None
        for outcomes, family, parameters in self.varying:
            mine = _among(codes, outcomes)
            if np.count_nonzero(mine) < COMMON * mine.size:
                self._add_rare(total, mine, words, family, parameters)
                continue
            if u is None:
                u = draws.uniform(words, scratch.take("calling.uniform", codes.shape, np.float64))
            part = FAMILIES[family].quantile(u, *parameters)
            total += np.multiply(part, mine, out=part)
        return total

    def milliseconds(self, codes: Codes, words: Integers, scratch: Scratch, pace: Floats | None = None) -> Integers:
        """Whole ms of each dial, times `pace`; shape (..., columns), as `codes`. Scratch memory."""
        total = self.base(codes, words, scratch)
        if pace is not None:
            np.multiply(total, pace, out=total)
        return durations.whole(total, scratch.take("calling.whole", codes.shape, np.int64))

    def _constants(self, codes: Codes, total: Floats) -> None:
        width = self.constant.shape[1]
        if width == 1:
            self.constant[:, 0].take(codes, out=total, mode="clip")
        else:
            index = codes.astype(np.intp) * width + np.arange(width)
            self.constant.ravel().take(index, out=total, mode="clip")

    def _add_rare(
        self, total: Floats, mine: npt.NDArray[np.bool_], words: Integers, family: str, parameters: tuple[Floats, ...]
    ) -> None:
        where = np.flatnonzero(mine)
        if where.size:
            columns = where % mine.shape[-1]
            theirs = (p if p.size == 1 else p.take(columns) for p in parameters)
            total.ravel()[where] += FAMILIES[family].quantile(draws.uniform(words.ravel().take(where)), *theirs)

    def at(self, column: Integers) -> Durations:
        """The same for single dials, each in its column (n,)."""
        return self._narrowed(lambda values: at(values, column))

    def column(self, column: int) -> Durations:
        """The same for one history."""
        return self._narrowed(lambda values: one(values, column))

    def _narrowed(self, narrow: Callable[[Floats], Floats]) -> Durations:
        varying = tuple((codes, family, tuple(map(narrow, ps))) for codes, family, ps in self.varying)
        return Durations(narrow(self.constant), varying)


def _among(codes: Codes, outcomes: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    found = np.equal(codes, outcomes[0])
    for code in outcomes[1:]:
        np.logical_or(found, np.equal(codes, code), out=found)
    return found
