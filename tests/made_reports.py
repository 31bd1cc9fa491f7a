"""Reports to be judged: of shipped scenarios, of one history, of no sale, and of one whose every text is hostile."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from simfunnel.experiments.run import summarise
from simfunnel.metrics import Columns
from simfunnel.reporting.html.run import render_run
from simfunnel.scenario.loading import load
from simfunnel.scenario.sayings import texts
from simfunnel.simulation import simulate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
BRACES = "{{7*7}}{% raw %}"
LONG = "W" * 120
HOSTILE = f"{SCRIPT}{IMAGE}{BRACES}$x^2$ & </pre></style></title></svg>"
KINDS: dict[str, tuple[str, tuple[str, ...], int, str | None]] = {
    "elephant": ("elephant", (), 60, None),
    "one history": ("elephant", (), 1, None),
    "no sale": ("elephant", ("closing.sold_if_interested=0",), 20, None),
    "shop": ("small-shop", ("horizon=15 working days", "intake=12 working days"), 20, None),
    "care": ("care-or-not", ("segments.offices.leads=1500",), 12, "some"),
    "follow-up": ("persistent-or-pest", (), 6, None),
}


@cache
def run(kind: str) -> tuple[dict[str, Any], Columns, str]:
    """The summary, the columns and the scenario's text of one of `KINDS`."""
    name, overrides, histories, alternative = KINDS[kind]
    return run_of(SCENARIOS / f"{name}.toml", overrides, histories, alternative)


def run_of(
    path: Path, overrides: tuple[str, ...], histories: int, alternative: str | None = None
) -> tuple[dict[str, Any], Columns, str]:
    loaded = load(path, overrides, alternative)
    result = simulate(loaded.scenario, replications=histories, by_day=True)
    base = None if alternative is None else simulate(loaded.base, replications=histories)
    what: dict[str, Any] = {"file": str(path), "overrides": overrides, "alternative": loaded.alternative, "base": base}
    return summarise(result, layers=loaded.layers, **what), result.columns, texts(loaded.layers)


@cache
def page(kind: str) -> str:
    return render_run(*run(kind))


def hostile_summary(kind: str = "care") -> dict[str, Any]:
    """A summary in which every name and every word that anybody could have chosen is hostile."""
    summary = run(kind)[0]
    found = {**summary, "description": HOSTILE, "file": HOSTILE, "overrides": [HOSTILE], "alternative": HOSTILE}
    found.update(scenario=HOSTILE, question=f"{HOSTILE}{LONG}", alternative_description=HOSTILE, horizon=HOSTILE)
    found.update(warnings=[HOSTILE, LONG], currency="<b>", version=HOSTILE, engine=HOSTILE)
    for table in ("teams", "segments", "costs", "losses"):
        found[table] = {f"{name}{HOSTILE}": each for name, each in summary[table].items()}
    found["days"] = {**summary["days"], "teams": {f"{n}{HOSTILE}": t for n, t in summary["days"]["teams"].items()}}
    found["losses"] = {name: {**each, "stage": HOSTILE} for name, each in found["losses"].items()}
    found["chances"] = {**summary["chances"], HOSTILE: {"share": 0.5, "ci95": None}}
    found["diagnostics"] = [{**each, "stage": HOSTILE, "look_at": HOSTILE} for each in summary["diagnostics"]]
    stated = [dict.fromkeys(each, f"{HOSTILE}{LONG}") for each in summary["inputs"]["stated"]]
    found["inputs"] = {"about": f"{HOSTILE}\n{LONG}", "stated": stated}
    return found


def hostile_page(kind: str = "care") -> str:
    """The page of such a summary."""
    _, columns, text = run(kind)
    return render_run(hostile_summary(kind), columns, f"{text}{HOSTILE}{LONG}")
