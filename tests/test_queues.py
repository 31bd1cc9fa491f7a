"""Hot leads alone are a queue that theory knows: waits are those of Kiefer-Wolfowitz, Erlang C and M/G/1.

Standard errors are of the means of independent histories; they are at most 1 % of what is met, and the
tolerance is 4 of them and 2 % for the start and the end of a day. The smallest fault these tests would
notice is one of about 5 %.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from lived import facts_of, of_kind

from simfunnel import Settings, facts
from simfunnel.facts import Dials, Scalar
from simfunnel.funnel.arrivals import Arrivals, Arrived
from simfunnel.funnel.inbound import InboundLaw
from simfunnel.scenario.loading import parse_scenario
from simfunnel.simulation import live

MINUTE, HOUR = 60_000, 3_600_000
BLOCK = 256

QUEUE = """
horizon = "{days} working days"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[segments.web]
temperature = "hot"
arrivals = {arrivals}
[inbound]
teams = ["desk"]
accepted = 0
waiting = {{ source = "none: waiting costs nothing here", odds = {{}} }}
minutes = {{ talk = {talk} }}
[teams.desk]
size = {members}
shift = "00:00-24:00"
"""


class Waits:
    """A sink that sums the waits of who arrived on the last day within some hours, by history."""

    def __init__(self, day: int, first: int, last: int, histories: int) -> None:
        self.window = ((day * 24 + first) * HOUR, (day * 24 + last) * HOUR)
        self.count, self.waited, self.at_all = np.zeros((3, histories))

    def dials(self, batch: Dials) -> None:
        raise AssertionError("nobody dials")

    def rows(self, column: np.ndarray, fact: Mapping[str, Scalar]) -> None:
        if fact["kind"] != facts.INBOUND:
            return
        waited = np.asarray(fact["amount"])
        arrived = fact["day"] * 24 * HOUR + fact["clock"] - waited
        mine = (arrived >= self.window[0]) & (arrived < self.window[1])
        for total, each in ((self.count, 1.0), (self.waited, waited[mine] / 1000), (self.at_all, waited[mine] > 0)):
            np.add.at(total, column[mine], each)


def waits(first: int, last: int, blocks: int, **shop: object) -> np.ndarray:
    """The means over each history of (wait in s, waited at all) of who arrived on the last day in [first, last) h."""
    scenario = parse_scenario(QUEUE.format(**shop))
    found = []
    for block in range(blocks):
        sink = Waits(int(str(shop["days"])) - 1, first, last, BLOCK)
        live(scenario, Settings(seed=3), block * BLOCK, BLOCK, (sink,))
        found.append([sink.waited / sink.count, sink.at_all / sink.count])
    return np.concatenate(found, axis=1)


def assert_met(found: np.ndarray, expected: float) -> None:
    error = found.std(ddof=1) / np.sqrt(found.size)
    assert error <= 0.01 * expected
    assert abs(found.mean() - expected) <= 4 * error + 0.02 * expected


@pytest.mark.parametrize(
    ("per_hour", "seconds", "members", "chance", "mean", "blocks"),
    [
        (360, 240, 30, 0.172862, 6.914482, 7),
        (200, 240, 20, 0.062320, 2.243506, 12),
        (200, 300, 20, 0.338125, 30.431229, 8),
    ],
)
def test_hot_leads_alone_meet_erlang_c(
    per_hour: int, seconds: int, members: int, chance: float, mean: float, blocks: int
) -> None:
    talk = f"{{ exponential = {{ mean = '{seconds} s' }} }}"
    waited, at_all = waits(3, 23, blocks, days=1, arrivals=24 * per_hour, talk=talk, members=members)
    assert_met(at_all, chance)
    assert_met(waited, mean)


@pytest.mark.parametrize(("talk", "minutes"), [("{ exponential = { mean = 4 } }", 16), ("4", 8)])
def test_one_member_meets_pollaczek_and_khinchin(talk: str, minutes: int) -> None:
    waited, _ = waits(10, 23, 24, days=2, arrivals=288, talk=talk, members=1)
    assert_met(waited, 60 * minutes)


@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_waits_follow_the_recursion_of_kiefer_and_wolfowitz(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two members, arrivals at minutes 0 to 5, talks of 4, 3, 3, 2, 1, 2 minutes: waits 0, 0, 2, 1, 2, 2.
    minutes = np.array([4, 3, 3, 2, 1, 2])

    def of_day(law: Arrivals, day: int) -> Arrived | None:
        lead = np.arange(6)
        return Arrived(np.zeros(6, dtype=np.int64), 9 * HOUR + lead * MINUTE, lead) if day == 0 else None

    monkeypatch.setattr(Arrivals, "of_day", of_day)
    monkeypatch.setattr(InboundLaw, "milliseconds", lambda law, column, lead: minutes[lead] * float(MINUTE))
    shop = QUEUE.replace('shift = "00:00-24:00"', 'shift = "09:00-17:00"').replace(
        "[segments.web]", "[segments.web]\nleads = 6"
    )
    scenario = parse_scenario(shop.format(days=1, arrivals=1, talk=1, members=2))
    _, lived = facts_of(scenario, 1, engine=engine)
    talks = of_kind(lived, facts.INBOUND)
    order = np.argsort(talks["lead"])
    assert (talks["amount"][order] // MINUTE).tolist() == [0, 0, 2, 1, 2, 2]
