"""What is work is said once: a fact that took a team's time, not one of who was gone or of what was forgotten.

Who waited and is found gone is no work, nor is a contact that is forgotten, which is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.counting.cells import those
from simfunnel.facts import Dials, Integers, Scalar
from simfunnel.funnel import care, inbound, touch
from simfunnel.scratch import Scratch

WORK: Final = (
    facts.DIAL, facts.INBOUND, facts.HOST, facts.MEETING, facts.CLOSING, facts.TOUCH, facts.ANSWER, facts.CARE,
)  # fmt: skip
GONE: Final = {facts.INBOUND: inbound.GAVE_UP, facts.ANSWER: touch.GAVE_UP}
Facts = Mapping[str, Scalar]


def worked(column: Integers, facts_: Facts) -> tuple[Integers, Facts] | None:
    """Those facts of one kind that took a team's time, with their columns (n,); None where none did."""
    kind = int(facts_["kind"])
    if kind not in WORK:
        return None
    outcome = np.asarray(facts_.get("outcome", 0))
    if kind == facts.CARE:
        done = outcome % len(care.RESULTS) != care.FORGOTTEN
    elif kind in GONE:
        done = outcome != GONE[kind]
    else:
        return column, facts_
    if done.all():
        return column, facts_
    if not done.any():
        return None
    done = np.broadcast_to(done, column.shape)
    return column[done], those(facts_, done)


def begun_time(batch: Dials, scratch: Scratch) -> Integers:
    """Ms of the dials of a batch that were begun, by column."""
    begun = batch.milliseconds
    if not batch.all_begun:
        spare = scratch.take("busy", batch.begun.shape, np.int64)
        begun = np.multiply(batch.milliseconds, batch.begun, out=spare)
    return np.asarray(np.add.reduce(begun, axis=0))
