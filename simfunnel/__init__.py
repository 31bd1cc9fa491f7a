"""simfunnel answers how many sales, at what cost, and how sure: a Monte Carlo simulator of a sales funnel.

>>> from simfunnel import load_scenario, simulate
>>> result = simulate(load_scenario("scenarios/elephant.toml"), replications=1000, seed=1)
>>> result.columns["sold"].mean()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simfunnel.errors import ScenarioError, SimfunnelError
    from simfunnel.experiments.compare import compare
    from simfunnel.experiments.policies import policies
    from simfunnel.scenario.loading import load_scenario, parse_scenario
    from simfunnel.scenario.schema import Scenario
    from simfunnel.simulation import Result, Settings, simulate

__version__ = "0.1.0"
__all__ = [
    "Result", "Scenario", "ScenarioError", "Settings", "SimfunnelError", "compare", "load_scenario", "parse_scenario",
    "policies", "simulate",
]  # fmt: skip

_HOMES = {
    "compare": "simfunnel.experiments.compare",
    "policies": "simfunnel.experiments.policies",
    "load_scenario": "simfunnel.scenario.loading",
    "parse_scenario": "simfunnel.scenario.loading",
    "Scenario": "simfunnel.scenario.schema",
    "ScenarioError": "simfunnel.errors",
    "SimfunnelError": "simfunnel.errors",
    "simulate": "simfunnel.simulation",
    "Result": "simfunnel.simulation",
    "Settings": "simfunnel.simulation",
}


def __getattr__(name: str) -> Any:
    """Names are imported when first used, so that `simfunnel --help` loads no numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simfunnel' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
