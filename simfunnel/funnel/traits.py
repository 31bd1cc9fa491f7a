"""Leads differ in ways that no caller sees beforehand: a trait is drawn once for each lead, for good.

A dead number never answers. `reach` spreads the log-odds of being reached over leads, in 16 levels
of equal share, so that a retry to who was not reached finds harder cases than a first dial.
A lead that is no decision maker has a gatekeeper. Who is not qualified never buys.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

REACH_BITS: Final = 4
REACHES: Final = 1 << REACH_BITS
DEAD: Final = REACHES
NEVER: Final = 1 << 33


def reach_odds(spread: Floats) -> list[Floats]:
    """Odds ratio on answering at each level of reach: exp(spread * z) at the levels' middle quantiles."""
    from scipy.special import ndtri

    middle = (np.arange(REACHES) + 0.5) / REACHES
    return [np.exp(np.multiply(spread, z)) for z in ndtri(middle)]


def reach_level(traits: draws.Words, dead_number: Integers) -> Integers:
    """Each lead's level of reach, 0 to 15, or DEAD; `traits` are the states of the TRAITS visits."""
    dead, reach = draws.pair(traits, 1)
    return np.where(dead < dead_number, DEAD, reach >> (32 - REACH_BITS))


def unless_qualified(word: Integers, traits: draws.Words, qualified: Integers) -> Integers:
    """The word of a decision to buy; of a lead that can never buy, one above every threshold (common shape)."""
    return np.where(draws.pair(traits, 2)[1] < qualified, word, NEVER)


def passes_gatekeeper(
    traits: draws.Words, dials: draws.Words, decision_maker: Integers, asked_through: Integers
) -> npt.NDArray[np.bool_]:
    """Does the dial get to the decision maker: reached directly, or asked through (common shape)?"""
    direct = draws.pair(traits, 2)[0] < decision_maker
    asked = draws.pair(dials, 2)[0] < asked_through
    return np.asarray(direct | asked)
