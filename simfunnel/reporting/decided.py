"""How a comparison was decided is told: looks, what may be wrong and how often, and what the same chance saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simfunnel.reporting.verdicts import called, level, matters
from simfunnel.reporting.wording import Summary, number

HELPED: Final = 1.05
"""Times as many histories, from which on sharing chance is said to have helped."""


def how(comparison: Summary) -> Iterator[str]:
    """Looks, error and guarantee."""
    decision, sure = comparison["decision"], level(comparison)
    looks, several = decision["looks"], len(comparison["policies"]) > 2
    least, wrong = matters(comparison), f"{100 - 100 * decision['confidence']:.0f} of 100 comparisons"
    stated = (
        "as stated" if comparison["matters_stated"] else "a tenth of the spread of one history, as nothing is stated"
    )
    yield (
        f"Looked at after {', '.join(f'{look:,}' for look in looks[: decision['look']])} histories of each policy"
        f"{'' if decision['look'] == len(looks) else f' (of at most {looks[-1]:,})'}; what matters is a difference of "
        f"{least} ({stated})."
    )
    together = "all policies and looks together" if several else "all looks together"
    yield (
        f"Verdicts: the intervals of the differences hold for {together} with a confidence of {sure} "
        f"(Bonferroni, each {100 * decision['confidence_of_each']:.2f} %), however early it stopped."
    )
    yield (
        f"The best is selected by the procedure of Kim and Nelson (2001): if one is better than all others by "
        f"{least} or more, it is selected with a chance of at least {sure}; else one may be that is less than that "
        f"worse. Verdicts and selection answer two questions: each of the two is wrong in no more than {wrong}."
    )


def pairing(comparison: Summary) -> Iterator[str]:
    """How much shared chance saved, as measured, or that it did not help."""
    gains = {
        name: found.get(comparison["metric"], {}).get("pairing_gain") for name, found in comparison["against"].items()
    }
    known = {name: gain for name, gain in gains.items() if gain is not None}
    if not known:
        return
    least, most = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    if len(known) == 1:
        told = f"{_times(known[most])} times"
    else:
        told = f"{_times(known[least])} ({called(least)}) to {_times(known[most])} times ({called(most)})"
    if known[most] < HELPED:
        why = "but here that did not help"
    elif known[least] < HELPED:
        why = "so that luck cancels out, though it did not help with all"
    else:
        why = "so that luck cancels out"
    yield (
        f"All policies live the same histories, {why}: runs with chance of their own would need {told} as many "
        "histories for differences as exact (measured)."
    )


def _times(gain: float) -> str:
    return number(gain, 0 if gain >= 10 else 1)
