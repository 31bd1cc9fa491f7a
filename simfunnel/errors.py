"""Every error a user can cause has one root, carries its facts, and is worded once, here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SimfunnelError(Exception):
    """Root of all errors that the program explains instead of crashing."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a scenario: where it stands, what is required, what was found.

    `line` is the line of the key in `file` (None where the key is absent or came from the command
    line); `hint` names the nearest valid name, if there is one.
    """

    file: str
    line: int | None
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = f"{self.path} " if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}: {subject}{self.message}{hint}"


class ScenarioError(SimfunnelError):
    """A scenario that cannot be used; `problems` holds every reason found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RequestError(SimfunnelError):
    """A request (command line or call) that cannot be met; the message says why."""
