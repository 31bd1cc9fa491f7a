"""A talk with a hot lead on paper: waiting costs odds in the steps that the user gives, and whole minutes count.

Chance is a parameter: the law is handed words that the test chose.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lived import both_engines, of_kind
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws, facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import inbound, visits
from simfunnel.funnel.inbound import ACCEPTED, REFUSED, InboundLaw
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import Nature, nature_of
from simfunnel.funnel.odds import odds

MINUTE, HOUR = 60_000, 3_600_000
QUARTER, HALF, MOST = 2**30, 2**31, 2**32 - 1

# Odds 1, times 1/3 from the first minute on, 1/15 from the fifth, 3 from the sixtieth: 1/2, 1/4, 1/16, 3/4.
SHOP = f"""
horizon = "3 working days"
[segments.web]
temperature = "hot"
leads = 30
[segments.shop]
temperature = "hot"
leads = 30
[inbound]
teams = ["desk"]
accepted = 0.5
[inbound.waiting]
source = "a guess"
odds = {{ "1 min" = {1 / 3!r}, "1 h" = 3, "5 min" = {1 / 15!r} }}
[inbound.minutes]
talk = 8
wrap_up = 2
[teams.desk]
size = 3
[teams.other]
[demo]
team = "desk"
attended = 1
"""
DESK, OTHER = 0, 1
STEPS = [
    (0, HALF), (59_999, HALF), (60_000, QUARTER), (299_999, QUARTER), (300_000, 2**28), (59 * MINUTE + 59_999, 2**28),
    (HOUR, 3 * QUARTER), (30 * 24 * HOUR, 3 * QUARTER),
]  # fmt: skip


def nature(*overrides: str, columns: int = 1) -> Nature:
    scenario = parse_scenario(SHOP, overrides=overrides)
    inputs = Inputs(1, np.arange(columns), best_guess=False)
    return nature_of(scenario, Calendar.of(scenario), inputs, draws.stream(1, draws.HISTORIES, np.arange(columns)))


def law_of(*overrides: str, columns: int = 1) -> InboundLaw:
    law = nature(*overrides, columns=columns).inbound
    assert law is not None
    return law


def ended(law: InboundLaw, lead: np.ndarray, waited: Any = 0, team: int = DESK, seat: Any = 0) -> list[int]:
    nobody = np.zeros_like(lead)
    return law.outcome(nobody, lead, team, nobody + waited, nobody + seat).tolist()


def around(threshold: int, far: int = 4) -> np.ndarray:
    """A word that is just below and one that is just not below; `far` words (1e-9) are for rounding."""
    return array(threshold - far, threshold + far)


@pytest.mark.parametrize(("waited", "threshold"), STEPS)
def test_the_curve_is_a_step_function_of_whole_minutes(waited: int, threshold: int, words: Any):
    words({(visits.INBOUND, 0): (around(threshold), 0)})
    assert ended(law_of(), np.arange(2), waited) == [ACCEPTED, REFUSED]


def test_all_steps_at_once(words: Any):
    words({(visits.INBOUND, 0): (np.concatenate([around(threshold) for _, threshold in STEPS]), 0)})
    waited = np.repeat([waited for waited, _ in STEPS], 2)
    assert ended(law_of(), np.arange(2 * len(STEPS)), waited) == [ACCEPTED, REFUSED] * len(STEPS)


def test_a_curve_without_steps_is_flat(words: Any):
    words({(visits.INBOUND, 0): (array(HALF - 1, HALF), 0)})
    law = law_of("inbound.waiting={ source = 'none', odds = {} }")
    for waited in (0, 10 * MINUTE, 30 * 24 * HOUR):
        assert ended(law, np.arange(2), waited) == [ACCEPTED, REFUSED]


@pytest.mark.parametrize(("accepted", "end"), [(0, REFUSED), (1, ACCEPTED)])
def test_no_wait_moves_a_chance_of_0_or_1(accepted: int, end: int, words: Any):
    words({(visits.INBOUND, 0): (array(0, HALF, MOST), 0)})
    curve = "{ '1 min' = 1e-300, '2 min' = 1e-6, '3 min' = 1e6 }"
    law = law_of(f"inbound.accepted={accepted}", f"inbound.waiting.odds={curve}", "teams.desk.skill=[1e6, 1e-6, 1]")
    for minute in range(5):
        for seat in range(3):
            assert ended(law, np.arange(3), minute * MINUTE, seat=seat) == [end] * 3


def test_skill_is_that_of_the_seat_who_answers(words: Any):
    # Odds 1 times 1/3, 1, 3, and after a minute times 1/3 more: 1/4, 1/2, 3/4, then 1/10, 1/4, 1/2.
    law = law_of(f"teams.desk.skill=[{1 / 3}, 1, 3]")
    for waited, chances in ((0, (0.25, 0.5, 0.75)), (MINUTE, (0.1, 0.25, 0.5))):
        for seat, chance in enumerate(chances):
            words({(visits.INBOUND, 0): (around(int(draws.threshold(chance))), 0)})
            assert ended(law, np.arange(2), waited, seat=seat) == [ACCEPTED, REFUSED]
    words({(visits.INBOUND, 0): (np.concatenate([around(t) for t in (QUARTER, HALF, 3 * QUARTER)]), 0)})
    assert ended(law, np.arange(6), 0, seat=np.repeat([0, 1, 2], 2)) == [ACCEPTED, REFUSED] * 3


def test_a_team_without_skill_answers_as_all_do_whoever_sits_where(words: Any):
    words({(visits.INBOUND, 0): (array(HALF - 1, HALF), 0)})
    law = law_of("teams.desk.skill=[9, 9, 9]", "teams.other.size=5")
    for seat in range(5):
        assert ended(law, np.arange(2), team=OTHER, seat=seat) == [ACCEPTED, REFUSED]


def test_odds_of_segment_team_wait_and_skill_multiply(words: Any):
    # .5 x segment 1.5 x team .8 x waited 1/3 x skill 1.3, on scalars.
    chance = 0.5
    for influence in (1.5, 0.8, 1 / 3, 1.3):
        chance = float(odds(chance, influence))
    words({(visits.INBOUND, 0): (around(int(draws.threshold(chance)), 16), 0)})
    law = law_of("segments.shop.odds.accepted=1.5", "teams.desk.odds.accepted=0.8", "teams.desk.skill=[9, 1.3, 9]")
    assert ended(law, array(30, 31), 4 * MINUTE + 59_999, seat=1) == [ACCEPTED, REFUSED]
    # The web without the segment's odds, the other team without its own.
    words({(visits.INBOUND, 0): (around(int(draws.threshold(float(odds(0.5, 0.8 * 1.3)))), 16), 0)})
    assert ended(law, array(0, 1), seat=1) == [ACCEPTED, REFUSED]
    words({(visits.INBOUND, 0): (around(int(draws.threshold(float(odds(0.5, 1.5)))), 16), 0)})
    assert ended(law, array(30, 31), team=OTHER) == [ACCEPTED, REFUSED]


def test_a_sale_needs_who_can_ever_buy_and_an_invitation_does_not(words: Any):
    # A quarter of the web can ever buy, all of the shop; all would accept.
    trait = array(QUARTER - 1, QUARTER, MOST, MOST)
    words({(visits.TRAITS, 2): (0, trait), (visits.INBOUND, 0): (0, 0)})
    lead, share = array(0, 1, 2, 30), "segments.web.qualified=0.25"
    for offer, expected in (("demo", [ACCEPTED] * 4), ("sale", [ACCEPTED, REFUSED, REFUSED, ACCEPTED])):
        assert ended(law_of(share, f"inbound.offer={offer}", "inbound.accepted=1"), lead) == expected
    meeting = "meeting={ team = 'other', attended = 1 }"
    assert ended(law_of(share, meeting, "inbound.offer=meeting"), lead) == [ACCEPTED] * 4


def test_a_talk_takes_its_minutes_whatever_its_end(words: Any):
    # Uniform on 4 to 12 minutes at a quarter and three quarters, plus 2 of notes.
    nobody = np.zeros(2, dtype=np.int64)
    assert law_of().milliseconds(nobody, np.arange(2)).tolist() == [10 * MINUTE] * 2
    words({(visits.INBOUND, 0): (array(0, MOST), array(QUARTER, 3 * QUARTER))})
    law = law_of("inbound.minutes.talk={ low = 4, high = 12 }")
    assert (law.milliseconds(nobody, np.arange(2)) / MINUTE).tolist() == pytest.approx([8, 12], rel=1e-6)
    assert ended(law, np.arange(2)) == [ACCEPTED, REFUSED]


RANGE = "{ low = 0.5, high = 2 }"
UNCERTAIN = (
    f"inbound.waiting.odds={{ '1 min' = {RANGE}, '5 min' = 0.1 }}", "inbound.accepted='5 of 10'",
    "inbound.minutes.talk={ lognormal = { mean = { low = 4, high = 12 }, sd = 3 } }",
    "inbound.minutes.wrap_up={ low = 1, high = 3 }", f"teams.desk.skill=[1, {RANGE}, 1]", "inbound.offer=sale",
    "segments.web.qualified='5 of 10'", f"segments.shop.odds.accepted={RANGE}", f"teams.desk.odds.accepted={RANGE}",
)  # fmt: skip


@pytest.mark.parametrize(
    "overrides", [(), ("teams.desk.skill=[0.5, 1, 2]",), (UNCERTAIN[2],), UNCERTAIN],
    ids=["plain", "skill", "uncertain minutes", "all uncertain"],
)  # fmt: skip
def test_the_law_of_one_history(overrides: tuple[str, ...]):
    block = nature(*overrides, columns=4)
    law, column, lead = block.inbound, np.repeat(np.arange(4), 60), np.tile(np.arange(60), 4)
    assert law is not None
    waited, seat = lead * 7_000, lead % 3
    end, length = law.outcome(column, lead, DESK, waited, seat), law.milliseconds(column, lead)
    for number in range(4):
        alone, mine, nobody = block.column(number).inbound, column == number, np.zeros(60, dtype=np.int64)
        assert alone is not None
        found = alone.outcome(nobody, lead[mine], DESK, waited[mine], seat[mine])
        assert found.tolist() == end[mine].tolist()
        assert alone.milliseconds(nobody, lead[mine]).tolist() == length[mine].tolist()
    assert set(np.unique(end).tolist()) == {REFUSED, ACCEPTED}


def test_what_is_lived_is_the_law_of_what_was_waited():
    # 60 leads from 09:00 on, three members, ten minutes each: the waits are 0, 10, ..., 190 minutes, and each end is
    # the lead's word against the step of its wait, in both engines.
    _, lived = both_engines(SHOP, replications=20)
    talks = of_kind(lived, facts.INBOUND)
    assert np.bincount(talks["amount"] // (10 * MINUTE)).tolist() == [60] * 20
    streams = draws.stream(1, draws.HISTORIES, np.arange(20))
    word, _ = draws.pair(draws.visit(streams[talks["history"]], talks["lead"], visits.INBOUND), 0)
    minute = talks["amount"] // MINUTE
    chance = np.select([minute < 1, minute < 5, minute < 60], [0.5, 0.25, 1 / 16], 0.75)
    assert (np.abs(word / 2.0**32 - chance) > 1e-8).all()
    assert talks["outcome"].tolist() == np.where(word < chance * 2**32, ACCEPTED, REFUSED).tolist()
    assert (talks["outcome"] == inbound.ACCEPTED).any()
