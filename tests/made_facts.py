"""Facts written by hand, counted as those of an engine are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simfunnel import facts
from simfunnel.by_touch import ByTouch
from simfunnel.calendar import Calendar
from simfunnel.cohorts import Cohorts
from simfunnel.counting.ledger import Ledger
from simfunnel.counting.pipeline import Pipeline
from simfunnel.counting.responses import Responses
from simfunnel.counting.tally import Tally
from simfunnel.economics import money
from simfunnel.facts import COLUMNS, NOBODY
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.segments import segments_of
from simfunnel.metrics import Columns, metrics
from simfunnel.scenario.schema import Scenario

Fact = dict[str, int]


def fact(kind: int, lead: int = NOBODY, day: int = 0, clock: int = 0, *, history: int = 0, **more: int) -> Fact:
    """One fact; `history` is the column it belongs to, the seat is nobody's unless it is said."""
    return {"history": history, "kind": kind, "lead": lead, "day": day, "clock": clock, "seat": NOBODY, **more}


def counted(scenario: Scenario, told: Sequence[Fact], histories: int = 1, *, one_by_one: bool = False) -> Columns:
    """The columns of histories in which exactly these facts happened, handed over by kind or one by one."""
    calendar, segments = Calendar.of(scenario), segments_of(scenario)
    tally, ledger = Tally(scenario, segments, histories), Ledger(scenario, calendar, histories)
    responses, pipeline = Responses(scenario, calendar, histories), Pipeline(scenario, calendar, histories)
    by_touch = [ByTouch(scenario, histories)] if scenario.follow_up is not None else []
    cohorts = [Cohorts(scenario, calendar, histories)] if scenario.after_sales is not None else []
    batches = [[f] for f in told] if one_by_one else [[f for f in told if f["kind"] == kind] for kind in facts.KINDS]
    for batch in filter(None, batches):
        table = {name: np.array([f.get(name, 0) for f in batch]) for name in COLUMNS if name != "kind"}
        column = np.array([f["history"] for f in batch])
        for sink in (tally, ledger, responses, pipeline, *by_touch, *cohorts):
            sink.rows(column, {"kind": batch[0]["kind"], **table})
    inputs = Inputs(1, np.zeros(histories, dtype=np.int64), best_guess=False)
    return {
        **metrics(scenario, calendar, segments, tally),
        **(responses.columns() if scenario.inbound is not None else {}),
        **(pipeline.columns() if scenario.follow_up is not None else {}),
        **{name: values for each in (*by_touch, *cohorts) for name, values in each.columns(inputs).items()},
        **money(scenario, calendar, inputs, tally, ledger),
    }
