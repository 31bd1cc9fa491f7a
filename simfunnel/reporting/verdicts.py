"""A comparison is answered in plain sentences, each as sure as the numbers are, and as unsure.

All of it is read from the JSON of a comparison; nothing is computed but sums of what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from simfunnel.reporting.amounts import ends, in_unit, more_or_less
from simfunnel.reporting.rows import words
from simfunnel.reporting.wording import LABELS, Summary, between, chance, number
from simfunnel.scenario.values import one_line

NAME: Final = 40
"""Letters of a name within a sentence."""
SAID: Final = {
    "better": "better", "worse": "worse", "alike": "no difference that matters", "not decided": "not decided",
}  # fmt: skip
NOT_THERE: Final = "was no lead there"
CALLED: Final = {**LABELS, "not_there": NOT_THERE}


def called(name: str, most: int = NAME) -> str:
    """The name of a policy, cut where it is too long."""
    return one_line(name, most)


def others(comparison: Summary) -> list[str]:
    """All policies but the baseline, the best by its mean first."""
    return [name for name in ranked(comparison) if name != comparison["baseline"]]


def ranked(comparison: Summary) -> list[str]:
    """All policies by their difference to the baseline in the decision metric, the best first, the unknown last."""
    sign = -1 if comparison["better"] == "higher" else 1
    found = {comparison["baseline"]: 0.0}
    found.update({name: _difference(comparison, name) for name in comparison["against"]})
    unknown = [name for name, value in found.items() if value is None]
    known = sorted((name for name in found if name not in unknown), key=lambda name: sign * found[name])
    return [*known, *unknown]


def foremost(comparison: Summary) -> str:
    """The policy that is told of in detail beside the baseline: the best, or the one that comes nearest to it."""
    best = comparison["decision"]["best"]
    return str(best) if best not in (None, comparison["baseline"]) else others(comparison)[0]


def _difference(comparison: Summary, name: str) -> Any:
    return comparison["against"][name].get(comparison["metric"], {}).get("difference")


def _honest(comparison: Summary, name: str) -> str:
    """The interval of the difference that a verdict rests on; of one sign without it, as the words tell it."""
    interval = comparison["decision"]["verdicts"][name]["interval"]
    if interval is None:
        return "no interval from so few histories"
    return f"{_level(comparison)} interval {_signless(interval, comparison)}"


def _signless(interval: Sequence[float], comparison: Summary) -> str:
    """Both ends without their sign, which the words tell, unless there are two signs."""
    low, high = interval
    told = [low, high] if low < 0 < high else sorted((abs(low), abs(high)))
    return ends(told, comparison["metric"], comparison["currency"])


def _level(comparison: Summary) -> str:
    return f"{100 * comparison['decision']['confidence']:.0f} %"


def _gap(comparison: Summary, name: str) -> str:
    """How a policy differs from the baseline on average, and how surely: 657 EUR more profit than in-house (...)."""
    difference = _difference(comparison, name)
    if difference is None:
        return f"an unknown difference in {words(comparison['metric'])}"
    return f"{more_or_less(comparison, difference)} than {called(comparison['baseline'])} ({_honest(comparison, name)})"


def answer(comparison: Summary) -> list[str]:
    """What is decided, in one or two sentences; then what is not, and how sure the better one is of being so."""
    best, base = comparison["decision"]["best"], comparison["baseline"]
    first = _open(comparison) if best is None else _kept(comparison) if best == base else _changed(comparison, best)
    told = foremost(comparison)
    return [*first, *_undecided(comparison), *surely(comparison, told), *at_worst(comparison, told)]


def headline(comparison: Summary) -> str:
    """The answer in the fewest words, for a picture."""
    best, base = comparison["decision"]["best"], comparison["baseline"]
    if best is None:
        survivors = _listed(comparison["decision"]["survivors"])
        return f"Not decided after {comparison['replications']:,} histories: {survivors} may be the best"
    if best != base and _said(comparison, best) == "alike":
        return f"No difference that matters ({in_unit(comparison, comparison['matters'])})"
    if best != base:
        return _sentence(f"{called(best)} is best: {_gap(comparison, best)}").removesuffix(".")
    next_ = others(comparison)[0]
    if _said(comparison, next_) == "alike":
        return f"Nothing beats {called(base)} by what matters ({in_unit(comparison, comparison['matters'])})"
    return _sentence(f"{called(base)} is best: {called(next_)} brings {_gap(comparison, next_)}").removesuffix(".")


def _said(comparison: Summary, name: str) -> str:
    return str(comparison["decision"]["verdicts"][name]["verdict"])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _changed(comparison: Summary, best: str) -> Iterator[str]:
    """Another policy than the baseline is the best."""
    gap = _gap(comparison, best)
    if _said(comparison, best) == "alike":
        yield (
            f"No difference that matters: {called(best)}, the best, brings {gap}; less than "
            f"{in_unit(comparison, comparison['matters'])} is not worth a change."
        )
    else:
        yield _sentence(f"{called(best)} is best: on average {gap}")


def _kept(comparison: Summary) -> Iterator[str]:
    """The baseline is the best."""
    base, next_ = called(comparison["baseline"]), others(comparison)[0]
    gap = f"{called(next_)} brings {_gap(comparison, next_)}"
    if _said(comparison, next_) == "alike":
        matters = in_unit(comparison, comparison["matters"])
        none = "is not better by what matters" if len(others(comparison)) == 1 else "is better by what matters"
        who = called(next_) if len(others(comparison)) == 1 else "no other policy"
        yield _sentence(f"nothing beats {base}: {who} {none} ({matters}); {gap}")
    else:
        second = "" if len(others(comparison)) == 1 else "the next, "
        yield _sentence(f"{base} is best: on average {second}{gap}")


def _open(comparison: Summary) -> Iterator[str]:
    """Several may be the best."""
    survivors = comparison["decision"]["survivors"]
    yield (
        f"Not decided after {comparison['replications']:,} histories: {_listed(survivors)} may be the best. "
        f"More histories decide it (--at-most), or a larger difference that matters (decision.matters, "
        f"{in_unit(comparison, comparison['matters'])})."
    )
    told = foremost(comparison)
    yield _sentence(f"so far {called(told)} brings {_gap(comparison, told)}")


def _listed(names: Sequence[str], link: str = "or") -> str:
    *most, last = map(called, names)
    return f"{', '.join(most)} {link} {last}" if most else last


def _undecided(comparison: Summary) -> Iterator[str]:
    """Whether they are better than the baseline is open, though the best is known."""
    names = [name for name in comparison["against"] if _said(comparison, name) == "not decided"]
    if comparison["decision"]["best"] is not None and names:
        yield (
            f"Whether {_listed(names)} {'is' if len(names) == 1 else 'are'} better or worse than "
            f"{called(comparison['baseline'])} is not decided after {comparison['replications']:,} histories."
        )


def surely(comparison: Summary, name: str) -> Iterator[str]:
    """How sure it is that a policy is better on average, and how often it is so in one history: three questions."""
    base, average = called(comparison["baseline"]), comparison["better_on_average"][name]
    if average["share"] is not None and comparison["worlds"] is not None:
        told = "" if average["ci95"] is None else f" (95 % interval {between(average['ci95'], 0).replace('-', ' to ')})"
        yield (
            f"The inputs are not known exactly: with a chance of {chance(average['share'])}{told} they are such that "
            f"{called(name)} is better on average than {base}."
        )
    same, own = (comparison["better_in_one"][name][luck] for luck in ("same_luck", "independent_luck"))
    if same["better"]["share"] is not None and own["better"]["share"] is not None:
        ties = "" if not same["equal"] else f" and equal in {chance(same['equal'])}"
        yield (
            f"In one history with the same luck for both {called(name)} is better in "
            f"{chance(same['better']['share'])} of cases{ties}; each with its own luck, in "
            f"{chance(own['better']['share'])}."
        )


def at_worst(comparison: Summary, name: str) -> Iterator[str]:
    """What is to be expected of the worst histories, against the baseline's."""
    found, base = comparison["downside"][name], called(comparison["baseline"])
    less = found["difference"]
    if found["value"] is None or less is None or less["value"] is None:
        return
    told = "" if less["ci95"] is None else f" (95 % interval {_signless(less['ci95'], comparison)})"
    change = f"{more_or_less(comparison, less['value'])} than {base} in its worst{told}"
    yield (
        f"In its worst 5 % of histories {called(name)} comes to {in_unit(comparison, found['value'])} of "
        f"{words(comparison['metric'])} on average, {change}."
    )


def decided_how(comparison: Summary) -> Iterator[str]:
    """Looks, error and guarantee."""
    decision, level = comparison["decision"], _level(comparison)
    looks, several = decision["looks"], len(comparison["policies"]) > 2
    matters = in_unit(comparison, comparison["matters"])
    stated = (
        "as stated" if comparison["matters_stated"] else "a tenth of the spread of one history, as nothing is stated"
    )
    yield (
        f"Looked at after {', '.join(f'{look:,}' for look in looks[: decision['look']])} histories of each policy"
        f"{'' if decision['look'] == len(looks) else f' (of at most {looks[-1]:,})'}; what matters is a difference of "
        f"{matters} ({stated})."
    )
    together = "all policies and looks together" if several else "all looks together"
    yield (
        f"Verdicts: the intervals of the differences hold for {together} with a confidence of {level} "
        f"(Bonferroni, each {100 * decision['confidence_of_each']:.2f} %), so that stopping early misleads in no more "
        f"than {100 - 100 * decision['confidence']:.0f} of 100 comparisons."
    )
    yield (
        f"The best is selected by the procedure of Kim and Nelson (2001): if one is better than all others by "
        f"{matters} or more, it is selected with a chance of at least {level}; else one may be that is less than that "
        "worse."
    )


def pairing(comparison: Summary) -> Iterator[str]:
    """How much shared chance saved, as measured."""
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
    yield (
        f"All policies live the same histories, so that luck cancels out: runs with chance of their own would need "
        f"{told} as many histories for differences as exact (measured)."
    )


def _times(gain: float) -> str:
    return number(gain, 0 if gain >= 10 else 1)


def cause(name: str) -> str:
    """What a cause of a loss is called."""
    return CALLED.get(name, words(name))


def won_causes(won: Summary) -> list[str]:
    """The causes by which either lost what the other won."""
    both = won["only_here"], won["only_there"]
    return [name for name in both[0] if any(side[name]["mean"] for side in both)]


def won_sentence(comparison: Summary, name: str) -> str:
    """How what only one of the two won adds up to the difference."""
    won, base = comparison["won"][name], called(comparison["baseline"])
    sides = [*(side["mean"] for side in won["totals"].values()), won["difference"]["mean"]]
    decimals = fine(won)
    here, there, more = (number(side, decimals) for side in sides)
    interval = won["difference"]["ci95"]
    told = "" if interval is None else f" (95 % interval {' to '.join(number(end, decimals) for end in interval)})"
    return (
        f"{here} won only by {called(name)} less {there} won only by {base} are {more} sales a history{told}: exactly "
        "so in every history, shown rounded. All other leads both won, or neither."
    )


def fine(won: Summary) -> int:
    """Digits after the point at which small causes are seen, too, and the sum is near enough to be believed."""
    most = max(side["mean"] for side in won["totals"].values())
    return 3 if most < 10 else 2 if most < 100 else 1
