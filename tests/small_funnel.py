"""A funnel of 80 leads in which every loss happens, small enough for every test of what is shown."""

from __future__ import annotations

from pathlib import Path

from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.schema import Scenario

SMALL = """
name = "A small funnel"
start = 2026-01-12
horizon = "15 working days"

[segments.strangers]
leads = 60
interested = "7 of 10"
decision_maker = 0.8

[segments.visitors]
temperature = "warm"
leads = 20

[calling]
teams = { own = 0.6, centre = 0.4 }
attempts = 2
answered = "60 of 100"
listened = 0.6
accepted = 0.7

[calling.minutes]
no_answer = 0.5
hang_up = { exponential = { mean = 0.7 } }
talk = { lognormal = { mean = 6, sd = 3 } }

[teams.own]
size = 2
wage_per_hour = 14
overhead = "35 %"
hiring = 400

[teams.centre]
kind = "outsourced"

[teams.centre.contract]
per_dial = 0.7

[demo]
every = "1 week"
weekday = "thursday"
team = "own"
seats = 12
overbooking = 0.25
max_wait = "3 working days"
attended = "3 of 4"
room = 250
catering_per_head = 9.5

[closing]
sold_if_interested = 0.5

[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
unit_cost = 900
"""


def small() -> Scenario:
    return parse_scenario(SMALL)


def small_file(folder: Path) -> str:
    path = folder / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)
