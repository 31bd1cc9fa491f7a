"""A funnel with cold, warm and hot leads, and marketing for it: what is spent, and what effects it has."""

from __future__ import annotations

from simfunnel import parse_scenario
from simfunnel.scenario.schema import Scenario

FUNNEL = """
start = 2026-01-05
horizon = "12 working days"
intake = "6 working days"
[segments.list]
leads = 60
[segments.known]
temperature = "warm"
leads = 20
[segments.web]
temperature = "hot"
arrivals_by_weekday = { mon = 2 }
arrival_hours = "09:00-17:00"
[calling]
teams = ["callers"]
attempts = 3
answered = 0.4
listened = 0.5
accepted = 0.4
warm = { answered = 2, listened = 3, accepted = 4 }
[inbound]
teams = ["desk"]
accepted = 0.8
waiting = { source = "a guess", odds = { "5 min" = 0.5 } }
[teams.callers]
size = 3
[teams.desk]
[teams.sellers]
size = 2
[demo]
team = "sellers"
attended = 0.7
[closing]
sold_if_interested = 0.5
methods = { choice = { share = 1, cold = 0.3, warm = 4, hot = 2 } }
[money]
revenue_per_sale = 1000
"""
ARRIVALS = "marketing.arrivals={ segment = 'web', most = 8, half = 500 }"
WARMS = "marketing.warms={ most = 0.8, half = 500 }"


def scenario_of(*overrides: str) -> Scenario:
    return parse_scenario(FUNNEL, overrides=overrides)


def spending(spend: object, *effects: str) -> tuple[str, ...]:
    return (f"marketing.spend={spend}", *effects)
