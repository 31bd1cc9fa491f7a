"""A command parses, calls one function and renders; what goes wrong is a clean message and an exit code."""

from __future__ import annotations

import signal
import sys

# each adds its commands to the program
from simfunnel.cli import break_even, compare, replay, report, run, writing  # noqa: F401
from simfunnel.cli.program import BROKEN_PIPE, INTERRUPTED, REFUSED, TERMINATED, program, stop_workers

__all__ = ["BROKEN_PIPE", "INTERRUPTED", "REFUSED", "TERMINATED", "main", "program"]


def _terminate(*_: object) -> None:
    stop_workers()
    sys.exit(TERMINATED)


def main() -> None:
    """The command `simfunnel`."""
    signal.signal(signal.SIGTERM, _terminate)
    program(prog_name="simfunnel")
