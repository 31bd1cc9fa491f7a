"""A shop that looks after its customers: each lead buys by phone on the first day, a Monday, for certain.

A dial takes 1 minute, a contact 10, one that reaches nobody 1, an answer 15. Every customer is half satisfied and
worth 100.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lived import Facts, both_engines, of_kind
from pursued import Told, clock, rows

from simfunnel import draws, facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.facts import NOBODY
from simfunnel.funnel.after_sales import AfterLaws
from simfunnel.funnel.care import CARES, RESULTS
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import nature_of
from simfunnel.scenario.schema import Scenario

MINUTE = 60_000
QUARTER, HALF, MOST = 2**30, 2**31, 2**32 - 1
YES, NO = True, False

CARING = """
start = 2026-01-05  # a Monday
horizon = "40 working days"
[segments.keen]
leads = 1
[calling]
teams = ["sellers"]
offer = "sale"
answered = 1
listened = 1
accepted = 1
minutes = { talk = 1 }
[teams.sellers]
[money]
revenue_per_sale = 100
unit_cost = 40
[after_sales]
team = "sellers"
"""
VISITED = "after_sales.seller_initiated={ every = '1 week' }"
FRIENDS = ("segments.friends={ temperature = 'warm' }", "after_sales.referral={ segment = 'friends', given = 1 }")
EVERY_DAY = "working_days=['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']"


def shop(*overrides: str) -> Scenario:
    return parse_scenario(CARING, overrides=overrides)


def laws_of(*overrides: str, columns: int = 1) -> AfterLaws:
    """The laws of the shop, for the first histories of seed 1."""
    scenario = shop(*overrides)
    inputs = Inputs(1, np.arange(columns), best_guess=False)
    after = nature_of(
        scenario, Calendar.of(scenario), inputs, draws.stream(1, draws.HISTORIES, np.arange(columns))
    ).after
    assert after is not None
    return after


def run(*overrides: str, replications: int = 1, **settings: Any) -> Facts:
    """One history, equal in both engines."""
    return both_engines(CARING, *overrides, replications=replications, **settings)[1]


def told(some: Facts, kind: int, *names: str) -> Told:
    """Some columns of the facts of one kind, in order of time."""
    mine = of_kind(some, kind)
    order = np.lexsort((mine["lead"], mine["clock"], mine["day"]))
    return rows({name: values[order] for name, values in mine.items()}, *names)


def contacts(some: Facts) -> Told:
    """Day, begin, lead, seat and what it was, of each contact that was made, in order of time."""
    made = told(some, facts.CARE, "day", "clock", "lead", "seat", "outcome")
    return [(day, clock(at), lead, seat, CARES[code]) for day, at, lead, seat, code in made if seat != NOBODY]


def days(some: Facts, kind: int = facts.CARE) -> list[int]:
    """The days of the facts of a kind."""
    return [day for (day,) in told(some, kind, "day")]


def forgotten(some: Facts) -> Told:
    """Day, lead and number of each contact that was not thought of."""
    made = told(some, facts.CARE, "day", "lead", "occurrence", "outcome")
    return [(day, lead, number) for day, lead, number, code in made if code % len(RESULTS) == 0]


def ends(some: Facts) -> Told:
    """Day, lead and what became of each customer."""
    return told(some, facts.CUSTOMER, "day", "lead", "outcome")
