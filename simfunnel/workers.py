"""Who computes which part of a run changes no number: parts are handed out to processes, and come back as they end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

Hands = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[tuple[int, Any]]]
"""Does a task for each of some jobs: the number of each job, and what came of it, as they end."""


def workers_for(histories: int, block: int) -> int:
    """Processes worth starting: one a core, as long as each gets a whole block."""
    return max(1, min(os.cpu_count() or 1, histories // block))


@contextmanager
def hands(number: int) -> Iterator[Hands]:
    """So many of them: one is this process, more are processes that die with it."""
    if number <= 1:
        yield lambda task, jobs: ((place, task(job)) for place, job in enumerate(jobs))
        return
    pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"))

    def done(task: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        with _deaf_children():
            futures = {pool.submit(task, job): place for place, job in enumerate(jobs)}
        return ((futures[future], future.result()) for future in as_completed(futures))

    try:
        yield done
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started here never see Ctrl-C: their parent does, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
