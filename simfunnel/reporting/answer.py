"""The answer of a comparison says what is decided, how sure that is, and what is to be expected of the worst.

How sure it is is told of the policy that is ahead, be it the baseline, and never of the one that is behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from simfunnel.reporting.amounts import level_of, more_or_less, signless
from simfunnel.reporting.verdicts import brings, called, first, foremost, is_told, ranked, sentence, some
from simfunnel.reporting.wording import Summary, between, chance

LUCKS: Final = ("same_luck", "independent_luck")
SEEN: Final = 0.6
"""A share of single campaigns below which a difference is hardly seen; luck hides it if it is, with the same luck."""


def answer(comparison: Summary) -> list[str]:
    """What is decided and what is not; the next best; how sure it is; the worst."""
    return [*first(comparison), *next_best(comparison), *surely(comparison), *at_worst(comparison)]


def pair(comparison: Summary) -> tuple[str, str]:
    """The policy that is ahead, and the one it is compared with: one of the two is the baseline."""
    told, base = foremost(comparison), str(comparison["baseline"])
    return (base, told) if _leader(comparison) == base else (told, base)


def _leader(comparison: Summary) -> str:
    """The one that has been selected, or the one with the best average."""
    return str(comparison["decision"]["best"] or ranked(comparison)[0])


def sureness(comparison: Summary, found: Summary) -> Summary:
    """A chance that the policy is better than the baseline, as one that the one ahead is better."""
    if pair(comparison)[0] != comparison["baseline"] or found["share"] is None:
        return found
    ends = found["ci95"]
    turned = None if ends is None else [1 - ends[1], 1 - ends[0]]
    return {**found, "share": 1 - found["share"], "ci95": turned}


def ahead_in_one(comparison: Summary, luck: str) -> float | None:
    """In which share of single campaigns the one ahead is so."""
    found = comparison["better_in_one"][foremost(comparison)][luck]
    if found["better"]["share"] is None:
        return None
    if pair(comparison)[0] != comparison["baseline"]:
        return float(found["better"]["share"])
    rest = (found.get("equal") or 0.0) + (found.get("undefined") or 0.0)
    return max(0.0, float(1 - found["better"]["share"] - rest))


def surely(comparison: Summary) -> Iterator[str]:
    """How sure it is that the one ahead is better on average, and how often it is so in one campaign."""
    (ahead, behind), found = map(called, pair(comparison)), comparison["better_on_average"][foremost(comparison)]
    if is_told(comparison, found):
        likely = _likely(sureness(comparison, found))
        yield f"Allowing for what we do not know, {ahead} is a better plan than {behind} {likely}."
    elif comparison["worlds"] is not None and found["share"] is not None:
        yield (
            f"The inputs are not known exactly, and {comparison['worlds']:,} worlds are too few to tell how probable "
            f"it is that {ahead} is a better plan than {behind} (more histories tell)."
        )
    yield from _in_one(comparison, ahead)


def _likely(found: Summary) -> str:
    ends = "" if found["ci95"] is None else f" (95 % interval {between(found['ci95'], 0).replace('-', ' to ')})"
    return f"with a chance of {chance(found['share'])}{ends}"


def _in_one(comparison: Summary, ahead: str) -> Iterator[str]:
    """What one would see of it, running each once; and what one would, if luck were the same for both."""
    same, own = (ahead_in_one(comparison, luck) for luck in LUCKS)
    if same is None or own is None:
        return
    rests = [_else(comparison["better_in_one"][foremost(comparison)][luck]) for luck in LUCKS]
    only, hidden = ("only ", ", as luck hides the difference") if own < SEEN <= same else ("", "")
    yield (
        f"Run once each, you would see {ahead} ahead in {only}{_cases(own)} cases{rests[1]}{hidden}; with the same "
        f"luck for both, in {_cases(same).removesuffix(' of 100')}{rests[0]}."
    )


def _cases(share: float) -> str:
    """A share as cases: 52 of 100, more than 99 of 100."""
    return chance(share).replace(" %", " of 100")


def _else(found: Summary) -> str:
    """What the rest of the histories is, beside better and worse."""
    rest = [(word, found.get(word)) for word in ("equal", "undefined")]
    return "".join(f", {word} in {chance(share)}" for word, share in rest if share is not None and some(share))


def next_best(comparison: Summary) -> Iterator[str]:
    """How the one ahead stands to the second, unless that has been told, as it is the baseline or compared with it."""
    second: Any = comparison.get("runner_up")
    if second is None or second["policy"] in pair(comparison):
        return
    gap, leader, next_ = second["difference"], called(_leader(comparison)), called(second["policy"])
    if gap["difference"] is None:
        return
    ends = "" if gap["ci95"] is None else f" (95 % interval {signless(comparison, gap['ci95'])})"
    told = (
        f"against the next, {next_}, {leader} {brings(comparison)} {more_or_less(comparison, gap['difference'])}{ends}"
    )
    average = second["better_on_average"]
    if is_told(comparison, average):
        told += f"; allowing for what we do not know, it is the better of the two {_likely(average)}"
    yield sentence(told)


def at_worst(comparison: Summary) -> Iterator[str]:
    """What is to be expected of the worst histories of the one ahead, against those of the other."""
    (ahead, behind), told = pair(comparison), foremost(comparison)
    less, value = comparison["downside"][told]["difference"], comparison["downside"][ahead]["value"]
    if value is None or less is None or less["value"] is None or less["ci95"] is None:
        return
    turn = -1 if ahead == comparison["baseline"] else 1
    ends = sorted(turn * end for end in less["ci95"])
    good = -1 if comparison["better"] == "lower" else 1
    but = "But in" if max(good * end for end in ends) < 0 else "In"
    yield (
        f"{but} its worst 5 % of histories {called(ahead)} comes to {level_of(comparison, value)} on average, "
        f"{more_or_less(comparison, turn * less['value'])} than {called(behind)} in its worst (95 % interval "
        f"{signless(comparison, ends)})."
    )
