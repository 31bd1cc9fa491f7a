"""Days, money, satisfaction and leads are said in one way, whatever is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simfunnel.calendar import Calendar
from simfunnel.experiments import naming
from simfunnel.funnel.satisfaction import MOST
from simfunnel.funnel.segments import Segments
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.schema import Scenario

Fact = Mapping[str, int]


@dataclass(frozen=True)
class Voice:
    """How the facts of one history are put into words; `named` says who names a lead, and as the how-manieth."""

    scenario: Scenario
    calendar: Calendar
    segments: Segments
    named: Mapping[int, tuple[int, int]]

    def date(self, day: int) -> str:
        """A working day as people read it."""
        return f"{self.calendar.dates[day]:%A %Y-%m-%d}"

    def lead(self, lead: int) -> str:
        """A lead by its name."""
        return f"lead {naming.name_of(self.segments, lead, self.named)}"

    def worth(self, fact: Fact) -> float:
        """The amount of a fact in the scenario's currency."""
        return fact["amount"] / minor_units(self.scenario.currency)

    def money(self, fact: Fact) -> str:
        """That amount as people read it."""
        return f"{self.worth(fact):,.2f} {self.scenario.currency}"


def satisfied(fact: Fact) -> str:
    """The satisfaction that a fact leaves behind: satisfaction 72 %."""
    return f"satisfaction {100 * fact['amount'] / MOST:.0f} %"


def days(number: int) -> str:
    """Calendar days: 1 day, 12 days."""
    return f"{number} {'day' if number == 1 else 'days'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
