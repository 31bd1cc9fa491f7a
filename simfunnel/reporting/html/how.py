"""A page ends with what is to be known to get its numbers again: the same of a run and of a comparison."""

from __future__ import annotations

from typing import Any

from simfunnel.reporting.wording import Summary


def how(summary: Summary, command: str, **first: str) -> dict[str, Any]:
    """The command, and facts by their names, `first` those of one kind of page; what is empty is left out."""
    worlds = "all inputs are known" if summary["worlds"] is None else f"{summary['worlds']:,}"
    facts = {
        **{name.replace("_", " ").capitalize(): value for name, value in first.items()},
        "Worlds (sets of uncertain inputs)": worlds,
        "Inputs": "uncertain ones at their best guess" if summary["fix_inputs"] else "uncertain ones drawn anew",
        "Seed (number of the chance)": str(summary["seed"]),
        "Time simulated": f"{summary['horizon']} from {summary['first_day']} to {summary['last_day']}",
        "Engine": summary["engine"],
        "Version of simfunnel": summary["version"],
    }
    return {"command": command, "facts": [(name, value) for name, value in facts.items() if value]}


def of_chance(summary: Summary) -> list[str]:
    """The options that say which chance it was, but for those at their defaults."""
    parts = ["--seed", str(summary["seed"])]
    parts += ["--histories", str(summary["histories"])] if summary["histories"] != 2 else []
    return [*parts, *(["--fix-inputs"] if summary["fix_inputs"] else [])]
