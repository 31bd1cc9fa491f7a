"""Comparisons made up: as many policies as wanted, with any verdicts, in the shape of `compare --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simfunnel.counting.causes import LOSSES

NINE = (
    "in-house", "outsourced", "per-hour", "per-dial", "per-connect", "per-attended", "minimum", "hybrid", "sellers",
)  # fmt: skip
MEANS = (13256.66, 13064.54, 13913.31, 12786.09, 12754.41, 13537.42, 12906.38, 13123.27, 13509.46)
SPREAD = 9757.97
MATTERS = 250.0
METRICS = {"sold": 10.32, "profit": 13256.66, "cost_per_sale": 1677.65, "revenue": 30569.1, "cost": 17312.44}


def interval(value: float, half: float) -> list[float]:
    return [value - half, value + half]


def estimated(mean: float, sd: float, n: int = 8000) -> dict[str, Any]:
    error = sd / n**0.5
    return {
        "mean": mean, "standard_error": error, "ci95": interval(mean, 1.96 * error), "sd": sd, "p05": mean - 1.6 * sd,
        "p50": mean - 0.1 * sd, "p95": mean + 1.9 * sd, "n": n, "undefined": 0, "sd_luck": 0.6 * sd,
        "sd_inputs": 0.8 * sd,
    }  # fmt: skip


def share(value: float, half: float = 0.04) -> dict[str, Any]:
    return {"share": value, "ci95": [max(0.0, value - half), min(1.0, value + half)]}


def known(value: float, half: float) -> dict[str, Any]:
    return {"mean": value, "ci95": interval(value, half)}


def difference(value: float, half: float, gain: float = 24.5) -> dict[str, Any]:
    plain = {"standard_error": half / 1.96, "sd": 40 * half, "pairing_gain": gain}
    return {"difference": value, "ci95": interval(value, half), **plain}


def verdict(low: float, high: float, matters: float) -> str:
    if -matters < low and high < matters:
        return "alike"
    return "better" if low > 0 else "worse" if high < 0 else "not decided"


def lost(**causes: float) -> dict[str, Any]:
    return {cause: known(causes.get(cause, 0.0), causes.get(cause, 0.0) / 20) for cause in (*LOSSES, "not_there")}


def lines(gap: float) -> dict[str, Any]:
    costs = {"costs.wages": (3163.35, 2424.0), "costs.contract_per_hour": (0.0, 1344.5), "costs.other": (14149.09, 0.0)}
    both = {"profit": (13256.66, 13256.66 + gap), "sold": (10.32, 10.27), "revenue": (30569.1, 30411.0)}
    both |= {"cost": (17312.44, 17154.34 - gap)} | costs
    both["costs.other"] = (14149.09, 17154.34 - gap - 2424.0 - 1344.5)
    return {
        name: {"base": old, "alternative": new, "difference": new - old, "ci95": interval(new - old, 20.25)}
        for name, (old, new) in both.items()
    }


def one(gap: float) -> dict[str, Any]:
    chance = min(0.99, max(0.01, 0.5 + gap / 2500))
    return {
        "same_luck": {"better": share(chance, 0.011), "equal": 0.0},
        "independent_luck": {"better": share(0.5 + (chance - 0.5) / 8, 0.008), "equal": 0.0},
    }


def comparison_of(
    names: Sequence[str] = NINE, means: Sequence[float] = MEANS, *, half: float = 70.3, best: str | None = "",
    matters: float = MATTERS, **changed: Any,
) -> dict[str, Any]:  # fmt: skip
    """A comparison by profit; `half` is half an interval, `best` the best by its mean, unless it is named, or None."""
    profit, base = dict(zip(names, means, strict=False)), names[0]
    gaps = {name: profit[name] - profit[base] for name in names[1:]}
    best = max(names, key=profit.__getitem__) if best == "" else best
    told = {
        name: {"verdict": verdict(gap - half, gap + half, matters), "interval": interval(gap, half)}
        for name, gap in gaps.items()
    }
    decided = best is not None and all(each["verdict"] != "not decided" for each in told.values())
    found: dict[str, Any] = {
        "kind": "comparison", "question": "1,500 calls for 5 sales: should we dial ourselves, or pay a call centre?",
        "scenario": "Outsourcing, honestly", "files": ["outsourcing.toml"], "overrides": [], "version": "0.1.0",
        "seed": 1, "replications": 8000, "worlds": 4000, "histories": 2, "fix_inputs": False, "engine": "vector",
        "horizon": "75 working days", "first_day": "2026-01-12", "last_day": "2026-04-24", "currency": "EUR",
        "leads": dict.fromkeys(names, 1500), "metric": "profit", "better": "higher", "matters": matters,
        "matters_stated": True, "baseline": base,
        "policies": [
            {"name": name, "description": f"what {name} is", "file": "outsourcing.toml",
             "alternative": name if place else None, "changes": ["teams.own = off"] if place else []}
            for place, name in enumerate(names)
        ],
        "outcomes": {name: _outcomes(profit[name]) for name in names},
        "chances": {name: {"profit > 0": share(0.928 + place / 1000, 0.006)} for place, name in enumerate(names)},
        "downside": {
            name: {"value": profit[name] - 16500, "ci95": interval(profit[name] - 16500, 280.4),
                   "difference": {"value": gaps[name], "ci95": interval(gaps[name], 95.2)} if name in gaps else None}
            for name in names
        },
        "against": {name: _against(gap, place) for place, (name, gap) in enumerate(gaps.items())},
        "better_on_average": {name: share(min(0.99, max(0.01, 0.5 + gap / 1700))) for name, gap in gaps.items()},
        "better_in_one": {name: one(gap) for name, gap in gaps.items()},
        "decision": {
            "confidence": 0.95, "confidence_of_each": 0.99896, "looks": [500, 1000, 2000, 4000, 8000, 16000],
            "look": 5, "best": best, "decided": decided,
            "survivors": [best] if best is not None else list(names[:2]), "verdicts": told,
        },
        "lines": {name: lines(gap) for name, gap in gaps.items()},
        "won": {name: won(place) for place, name in enumerate(gaps)},
        "where": [], "warnings": [],
    }  # fmt: skip
    return {**found, **changed}


def won(place: int) -> dict[str, Any]:
    here, there = lost(hung_up=0.264 + place / 10, refused=0.0002), lost(did_not_come=0.281, hung_up=0.038)
    sides = [sum(found["mean"] for found in side.values()) for side in (here, there)]
    totals = {name: known(side, 0.02) for name, side in zip(("only_here", "only_there"), sides, strict=True)}
    return {"only_here": here, "only_there": there, "totals": totals, "difference": known(sides[0] - sides[1], 0.0202)}


def _outcomes(profit: float) -> dict[str, Any]:
    means = {**METRICS, "profit": profit, "cost": METRICS["revenue"] - profit, "dials": 1500.0}
    return {name: estimated(mean, SPREAD if name == "profit" else abs(mean) / 3) for name, mean in means.items()}


def _against(gap: float, place: int) -> dict[str, Any]:
    return {
        "sold": difference(-0.054 - place / 10, 0.0204), "profit": difference(gap, 43.1, 20.5 + 15 * place),
        "cost_per_sale": difference(-70.9 + place, 1.4), "revenue": difference(-158.1, 60.2),
        "cost": difference(-158.1 - gap, 18.1),
        "dials": {"difference": 0.0, "ci95": [0.0, 0.0], "standard_error": 0.0, "sd": 0.0, "pairing_gain": None},
    }  # fmt: skip
