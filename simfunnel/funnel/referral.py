"""Who is asked may name others; a named lead's number is a hash of who named it and the how-manieth name it was.

So the n-th friend of a customer is the same person whenever and by whomever it is asked about. The hash has
41 bits: among a thousand referrals of a history two share a number, and with it their luck, in one of four
million histories. Who conceded the sale under pressure names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import satisfaction, visits
from simfunnel.funnel.arrivals import poisson
from simfunnel.funnel.closing import MOST_MINUTES, cell
from simfunnel.funnel.durations import at
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.narrowing import of_column
from simfunnel.funnel.odds import LARGEST_RATIO, odds, times
from simfunnel.funnel.segments import REFERRAL, REFERRAL_BITS
from simfunnel.scenario.after_sales import AfterSales, Referral

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

REFUSED: Final = 0
GAVE: Final = 1
ASKED: Final = ("named nobody", "named others")

NOTED: Final = 0
CUT: Final = 1
TOO_LATE: Final = 2
BEYOND: Final = 3
REFERRALS: Final = ("new lead", "circle cut", "too late", "beyond the limit")
"""What becomes of a name."""

MOST_FRIENDLY: Final = MOST_MINUTES
_NAMES: Final = 0x5EED_0F_F21E_2D5


def referred(parent: Integers, number: Integers) -> Integers:
    """The numbers of the leads that `parent` names as its `number`-th, from 0 (common shape)."""
    state = np.asarray(parent, dtype=np.int64).view(np.uint64) * np.uint64(draws.GAMMA)
    with np.errstate(over="ignore"):
        mixed = draws.mix(state + np.uint64(_NAMES))
        mixed = draws.mix(
            mixed + (np.asarray(number, dtype=np.int64).view(np.uint64) + np.uint64(1)) * np.uint64(draws.GAMMA)
        )
    return np.asarray((mixed >> np.uint64(64 - REFERRAL_BITS)).astype(np.int64) | REFERRAL)


@dataclass(frozen=True)
class ReferralLaw:
    """The law of naming others, for one block of histories.

    `given` are probabilities by level of satisfaction, `friendly` odds ratios by friendly contacts before.
    """

    streams: draws.Words
    given: Floats
    friendly: Floats
    familiar: Floats
    names: Floats

    def named(
        self, column: Integers, lead: Integers, asked: Integers, points: Integers, friendly: Integers, face: Mask,
        conceded: Mask,
    ) -> Integers:  # fmt: skip
        """How many others each customer names, asked for the `asked`-th time (from 0), 0 for none (common shape)."""
        gives, number = draws.pair(draws.visit(self.streams[column], lead, visits.ASKED, asked), 0)
        ratio = cell(self.friendly, np.minimum(friendly, MOST_FRIENDLY), column)
        ratio = np.clip(ratio * np.where(face, at(self.familiar, column), 1.0), 1 / LARGEST_RATIO, LARGEST_RATIO)
        chance = odds(cell(self.given, satisfaction.level(points), column), ratio)
        does = ~conceded & (gives < draws.threshold(chance))
        mean = self.names if self.names.size == 1 else self.names[column]
        return np.where(does, poisson(number, mean), 0)

    def column(self, column: int) -> ReferralLaw:
        """The same for one history."""
        narrowed: ReferralLaw = of_column(self, column)
        return narrowed


def referral_law(plan: AfterSales, referral: Referral, inputs: Inputs, streams: draws.Words) -> ReferralLaw:
    """The law as the scenario states it."""
    path, kind = "after_sales.referral", plan.friendly
    satisfied = satisfaction.of_the_satisfied(inputs.value(f"{path}.satisfied", referral.satisfied))
    warmer = np.ones(1) if kind is None else inputs.value("after_sales.friendly.odds_referral", kind.odds_referral)
    return ReferralLaw(
        streams=streams,
        given=np.atleast_2d(odds(inputs.value(f"{path}.given", referral.given), satisfied)),
        friendly=times(warmer, MOST_FRIENDLY),
        familiar=inputs.value("after_sales.familiar", plan.familiar),
        names=inputs.value(f"{path}.names", referral.names),
    )
