"""Marketing of any kind that a scenario has leads for: a hypothesis strategy over what is spent and what it brings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Tree = dict[str, Any]

SPEND = st.sampled_from([0, 400, 2500, {"low": 0, "high": 900}, {"mean": 1200, "sd": 300}])
HALF = st.sampled_from([1, 400, 5000, {"low": 100, "likely": 300, "high": 900}])
MOST_ARRIVALS = st.sampled_from([0, 0.4, 3, 9, {"low": 1, "high": 6}])
MOST_WARMED = st.sampled_from([0, 0.3, 1, "1 of 3", {"low": 0.2, "high": 0.9}])


def add_marketing(draw: st.DrawFn, tree: Tree) -> None:
    """Spend, and what effects of it there can be."""
    segments = tree["segments"].items()
    hot = [name for name, segment in segments if segment.get("temperature") == "hot"]
    plan: Tree = {"spend": draw(SPEND)}
    if hot and draw(st.integers(0, 2)):
        plan["arrivals"] = {"segment": draw(st.sampled_from(hot)), "most": draw(MOST_ARRIVALS), "half": draw(HALF)}
    if any(segment.get("temperature", "cold") == "cold" for _, segment in segments) and draw(st.integers(0, 2)):
        plan["warms"] = {"most": draw(MOST_WARMED), "half": draw(HALF)}
        tree["calling"].setdefault("warm", {"answered": 3, "listened": 0.4, "accepted": {"low": 0.5, "high": 2}})
    tree["marketing"] = plan
