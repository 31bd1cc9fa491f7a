"""How long closing talks and meetings take on average, if closers err neither to the early nor to the late side.

The error of a closer who reads no signals cannot make a talk shorter than nothing, so it makes talks
longer, if anything: these are averages from below.
"""

from __future__ import annotations

import numpy as np

from simfunnel.scenario.offers import Closing, Meeting
from simfunnel.scenario.quantities import FAMILIES, Variable
from simfunnel.scenario.values import MINUTE

LEVELS = (np.arange(1024) + 0.5) / 1024


def asked_after(plan: Closing) -> float:
    """Minutes from the begin of a talk to the question."""
    peak: Variable = plan.minutes.peak
    each = FAMILIES[peak.family].quantile(LEVELS, *(p.best for p in peak.parameters))
    return float(np.mean(np.maximum(0.0, each - plan.haste.best))) / MINUTE


def talk_minutes(plan: Closing, interested: float) -> float:
    """Minutes of a talk with a comer, `interested` being the share of the comers who are."""
    after = plan.minutes.answer.mean() + plan.sold_if_interested.best * plan.paper.minutes.best
    keen = asked_after(plan) + after / MINUTE
    return interested * keen + (1 - interested) * plan.minutes.freeloader.mean() / MINUTE


def meeting_minutes(meeting: Meeting, closing: Closing, interested: float) -> float:
    """Minutes of a meeting, the lead coming or not."""
    came = meeting.attended.best
    missed, travel = meeting.minutes.missed.mean() / MINUTE, meeting.minutes.travel.best / MINUTE
    return travel + (1 - came) * missed + came * talk_minutes(closing, interested)
