"""A comparison is answered in plain sentences, each as sure as the numbers are, and as unsure.

All of it is read from the JSON of a comparison; nothing is computed but sums of what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from simfunnel.reporting.amounts import in_unit, more_or_less, named, signless
from simfunnel.reporting.rows import words
from simfunnel.reporting.wording import LABELS, Summary, number
from simfunnel.scenario.values import one_line

NAME: Final = 40
"""Letters of a name within a sentence."""
SAID: Final = {
    "better": "better", "worse": "worse", "alike": "no difference that matters", "not decided": "not decided",
}  # fmt: skip
IN_SHORT: Final = {**SAID, "alike": "no difference"}
WORTH: Final = 0.01
"""The share of ties from which on they are told."""
ENOUGH: Final = 30
"""Worlds that it takes to tell a chance that one is better on average."""
VAGUE: Final = 0.6
"""How wide its interval may be."""
BEST: Final = "the best"
"""What is said of a policy that is better than the baseline, or, as the baseline, than all others."""
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
    return f"{level(comparison)} interval {signless(comparison, interval)}"


def level(comparison: Summary) -> str:
    """The confidence of what is decided: 95 %."""
    return f"{100 * comparison['decision']['confidence']:.0f} %"


def _gap(comparison: Summary, name: str) -> str:
    """How a policy differs from the baseline on average, and how surely: 657 EUR more profit than in-house (...)."""
    difference = _difference(comparison, name)
    if difference is None:
        return f"an unknown difference in {named(comparison['metric'])}"
    if not difference:
        return f"exactly the same {named(comparison['metric'])} as {called(comparison['baseline'])}"
    return f"{more_or_less(comparison, difference)} than {called(comparison['baseline'])} ({_honest(comparison, name)})"


def headline(comparison: Summary) -> str:
    """The answer in the fewest words, for a picture."""
    best, base = comparison["decision"]["best"], comparison["baseline"]
    if best is None:
        survivors = _listed(comparison["decision"]["survivors"])
        return f"Not decided after {comparison['replications']:,} histories: {survivors} may be the best"
    if best == base and not _is_best(comparison):
        return f"Stay with {called(base)}: {_none_better(comparison, best)}"
    if best == base:
        next_ = others(comparison)[0]
        told = f"{called(base)} is best: {called(next_)} {brings(comparison)} {_gap(comparison, next_)}"
    elif _said(comparison, best) == "alike":
        told = f"{called(best)} is ahead of {called(base)}, but by no difference that matters ({matters(comparison)})"
    elif not _is_best(comparison):
        told = f"{called(best)} is ahead; {_itself(comparison, best)}"
    else:
        told = f"{called(best)} is best: {_gap(comparison, best)}"
    return sentence(told).removesuffix(".")


def standing(comparison: Summary, name: str) -> str:
    """What is said of a policy that has been selected, in a word or two; empty for all others."""
    if name != comparison["decision"]["best"]:
        return ""
    return BEST if _is_best(comparison) else "stay with it" if name == comparison["baseline"] else "ahead"


def _is_best(comparison: Summary) -> bool:
    """Is the selected one better by the intervals, too: than the baseline, or, as the baseline, than all others?"""
    best = comparison["decision"]["best"]
    if best == comparison["baseline"]:
        return all(_said(comparison, name) == "worse" for name in comparison["against"])
    return _said(comparison, best) == "better"


def _none_better(comparison: Summary, best: str, than: str = "it") -> str:
    """What the selection says of the others."""
    if len(comparison["policies"]) > 2:
        other = f"no other policy is better than {than}"
    else:
        other = f"{called(next(name for name in ranked(comparison) if name != best))} is not better"
    return f"{other} by {matters(comparison)} or more ({level(comparison)})"


def _itself(comparison: Summary, best: str) -> str:
    """How the selected one stands to the baseline, where it is neither better nor alike."""
    base = called(comparison["baseline"])
    if _said(comparison, best) == "worse":
        return f"it is worse than {base}, though by less than {matters(comparison)}"
    return f"whether it is better than {base} is not decided"


def brings(comparison: Summary) -> str:
    """What a policy does with an amount: it brings more profit, but has more cost."""
    return "brings" if comparison["better"] == "higher" else "has"


def matters(comparison: Summary) -> str:
    """The smallest difference that is worth a change: 250 EUR."""
    return in_unit(comparison, comparison["matters"])


def _said(comparison: Summary, name: str) -> str:
    return str(comparison["decision"]["verdicts"][name]["verdict"])


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def _changed(comparison: Summary, best: str) -> Iterator[str]:
    """Another policy than the baseline is selected."""
    gap, ahead, base = _gap(comparison, best), called(best), called(comparison["baseline"])
    if _said(comparison, best) == "alike":
        yield (
            f"No difference that matters: {ahead}, which is ahead, {brings(comparison)} {gap}; less than "
            f"{matters(comparison)} is not worth a change."
        )
        if len(comparison["policies"]) > 2:
            yield sentence(_none_better(comparison, best, ahead))
    elif _is_best(comparison):
        yield sentence(f"{ahead} is best: on average {gap}")
    else:
        yield sentence(f"{ahead} is ahead, on average with {gap}: {_none_better(comparison, best)}")
        if _said(comparison, best) == "not decided":
            after = f"after {comparison['replications']:,} histories"
            yield f"Whether {ahead} itself is better than {base} is not decided {after}."
        else:
            yield sentence(_itself(comparison, best))


def _kept(comparison: Summary) -> Iterator[str]:
    """The baseline is selected."""
    base, next_ = called(comparison["baseline"]), others(comparison)[0]
    second = "" if len(others(comparison)) == 1 else "the next, "
    comma = "," * bool(second)
    gap = f"on average {second}{called(next_)}{comma} {brings(comparison)} {_gap(comparison, next_)}"
    if _is_best(comparison):
        yield sentence(f"{base} is best: {gap}")
        return
    yield f"Stay with {base}: {_none_better(comparison, comparison['baseline'])}."
    yield sentence(gap)
    better = [name for name in others(comparison) if _said(comparison, name) == "better"]
    if better:
        verb = "is" if len(better) == 1 else "are"
        yield sentence(f"{_listed(better, 'and')} {verb} better than {base}, though by less than {matters(comparison)}")


def first(comparison: Summary) -> Iterator[str]:
    """What is decided, in one or two sentences; then what is not."""
    best, base = comparison["decision"]["best"], comparison["baseline"]
    yield from (
        _open(comparison) if best is None else _kept(comparison) if best == base else _changed(comparison, best)
    )
    yield from _undecided(comparison)


def _open(comparison: Summary) -> Iterator[str]:
    """Several may be the best."""
    survivors = comparison["decision"]["survivors"]
    yield (
        f"Not decided after {comparison['replications']:,} histories: {_listed(survivors)} may be the best. "
        f"More histories decide it (--at-most), or a larger difference that matters (decision.matters, "
        f"{matters(comparison)})."
    )
    told = foremost(comparison)
    yield sentence(f"so far {called(told)} {brings(comparison)} {_gap(comparison, told)}")


def _listed(names: Sequence[str], link: str = "or") -> str:
    *most, last = map(called, names)
    return f"{', '.join(most)} {link} {last}" if most else last


def _undecided(comparison: Summary) -> Iterator[str]:
    """Whether they are better than the baseline is open, though one is selected, of which it has been told."""
    best = comparison["decision"]["best"]
    names = [name for name in comparison["against"] if name != best and _said(comparison, name) == "not decided"]
    if best is not None and names:
        yield (
            f"Whether {_listed(names)} {'is' if len(names) == 1 else 'are'} better or worse than "
            f"{called(comparison['baseline'])} is not decided after {comparison['replications']:,} histories."
        )


def on_average(comparison: Summary, name: str) -> Summary | None:
    """The chance that a policy is better on average, if inputs are uncertain and there are worlds enough to tell it."""
    found: Summary = comparison["better_on_average"][name]
    return found if is_told(comparison, found) else None


def is_told(comparison: Summary, found: Summary) -> bool:
    """May a chance on average be told: are inputs uncertain, and is it known well enough?"""
    if found["share"] is None or comparison["worlds"] is None or comparison["worlds"] < ENOUGH:
        return False
    return found["ci95"] is None or bool(found["ci95"][1] - found["ci95"][0] <= VAGUE)


def some(share: float | None) -> bool:
    """Is a share of ties, or of what is undefined, worth a word?"""
    return share is not None and share > WORTH


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
