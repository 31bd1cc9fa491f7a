"""Leads and members differ: each law on paper first, then what it does to a whole list, against theory.

A mean must lie within 4 standard errors: false alarm 6.3e-5 of all seeds each, and a fault of 5 standard
errors is noticed in 84 % of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lived import both_engines, facts_of, of_kind
from scipy import integrate, stats
from test_laws import array, state_of

from simfunnel import draws, facts, parse_scenario, simulate
from simfunnel.calendar import Calendar
from simfunnel.estimates import estimate, ratio
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.replay import replay, story
from simfunnel.funnel import calling, demo, visits
from simfunnel.funnel.dialling import REACH_LEVELS, CallLaw
from simfunnel.funnel.foresight import Foresight
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.nature import nature_of
from simfunnel.funnel.odds import odds
from simfunnel.funnel.rates import HOURS, Rates
from simfunnel.funnel.traits import DEAD, REACHES, passes_gatekeeper, reach_level, reach_odds
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch
from simfunnel.simulation import Settings, uncertain_inputs

HOUR = 3_600_000
FUNNEL = """
start = 2026-01-05
horizon = "20 working days"
[segments.list]
leads = 100
[calling]
teams = ["callers"]
answered = 0.3
listened = 0.5
accepted = 0.5
[teams.callers]
size = 2
[teams.hosts]
[demo]
team = "hosts"
attended = 1
[closing]
sold_if_interested = 1
"""


def scenario_of(*overrides: str) -> Scenario:
    return parse_scenario(FUNNEL, overrides=overrides)


def inputs(columns: int = 1) -> Inputs:
    return Inputs(1, np.arange(columns), best_guess=False)


def law_of(*overrides: str, columns: int = 1) -> CallLaw:
    scenario = scenario_of(*overrides)
    streams = draws.stream(1, draws.HISTORIES, np.arange(columns))
    law = nature_of(scenario, Calendar.of(scenario), inputs(columns), streams).calling
    assert law is not None
    return law


def share_of(hits: np.ndarray, of: np.ndarray) -> tuple[float, float]:
    """A share over all histories and its standard error (a ratio of means)."""
    found = ratio(hits.astype(float), of.astype(float))
    assert found.mean is not None
    assert found.standard_error is not None
    return found.mean, found.standard_error


# ---------------------------------------------------------------- traits


def test_reach_has_16_equal_levels_and_one_for_dead_numbers():
    # Dead under threshold 100 on the first word; else the level is the second word's first four bits.
    cases = [(99, 0, DEAD), (100, 0, 0), (100, 2**28 - 1, 0), (100, 2**28, 1), (2**32 - 1, 2**32 - 1, 15)]
    states = np.concatenate([state_of(high, low, 1) for high, low, _ in cases])
    assert reach_level(states, array(100)).tolist() == [level for _, _, level in cases]
    assert reach_level(states, array(0)).tolist() == [0, 0, 0, 1, 15]
    assert (REACHES, DEAD) == (16, 16)


def test_the_odds_of_reach_by_hand():
    ratios = [float(r) for r in reach_odds(np.array(1.5))]
    assert len(ratios) == 16
    assert ratios[0] == pytest.approx(np.exp(1.5 * stats.norm.ppf(1 / 32)), rel=1e-12)
    assert ratios[8] == pytest.approx(np.exp(1.5 * stats.norm.ppf(17 / 32)), rel=1e-12)
    assert ratios == sorted(ratios)
    np.testing.assert_allclose(np.multiply(ratios, ratios[::-1]), 1, rtol=1e-12)  # as many above as below
    assert [float(r) for r in reach_odds(np.array(0.0))] == [1] * 16
    assert [r.shape for r in reach_odds(np.array([0.0, 1.0]))] == [(2,)] * 16  # by world


def test_who_passes_the_gatekeeper():
    # A decision maker under 100 on the trait's word; else asked through under 50 on the dial's.
    traits = np.concatenate([state_of(word, 0, 2) for word in (99, 100, 100)])
    dials = np.concatenate([state_of(word, 0, 2) for word in (2**32 - 1, 49, 50)])
    assert passes_gatekeeper(traits, dials, array(100), array(50)).tolist() == [True, True, False]
    everyone, nobody = array(2**32), array(0)
    assert passes_gatekeeper(traits, dials, everyone, nobody).all()
    assert not passes_gatekeeper(traits, dials, nobody, nobody).any()


# ---------------------------------------------------------------- tables


def chances(levels: Levels) -> np.ndarray:
    """The probabilities of a table, by circumstance (one segment, team and world)."""
    return levels.table[0, 0, :, 0] / 2.0**32


def test_answered_is_a_table_of_attempt_reach_and_hour():
    scenario = scenario_of(
        "calling.by_attempt=[0.5, 0.25]", "calling.by_hour={ 9 = 2, 14 = 3 }", "segments.list.reach=1.5"
    )
    assert scenario.calling is not None
    table = chances(Rates(scenario, inputs()).answered(scenario.calling)).reshape(3, REACH_LEVELS, HOURS)
    reach = [float(r) for r in reach_odds(np.array(1.5))]
    for attempt, level, hour, by_hand in (
        (0, 0, 0, [reach[0]]), (0, 15, 9, [reach[15], 2]), (1, 3, 14, [0.5, reach[3], 3]), (2, 8, 23, [0.25, reach[8]]),
    ):  # fmt: skip
        expected = 0.3 / 0.7 * np.prod(by_hand)
        assert table[attempt, level, hour] == pytest.approx(expected / (1 + expected), abs=2**-31)
    assert not table[:, DEAD].any()


def test_a_table_is_no_larger_than_what_differs():
    scenario = scenario_of()
    assert scenario.calling is not None
    rates = Rates(scenario, inputs())
    assert rates.answered(scenario.calling).table.shape == (1, 2, 1, 1)
    assert rates.by_skill(scenario.calling, "listened").table.shape == (1, 2, 1, 1)
    assert not law_of().depends_on_start(0)


def test_skill_is_an_odds_ratio_of_the_seat_on_listened_and_accepted():
    scenario = scenario_of("teams.callers.skill=[1, 3]")
    assert scenario.calling is not None
    for name in ("listened", "accepted"):
        found = Rates(scenario, inputs()).by_skill(scenario.calling, name)
        assert chances(found).tolist() == [0.5, 0.75]  # odds 1, times 3
        assert (found.table[0, 1, :, 0] == 2**31).all()  # the other team's members are alike


# ---------------------------------------------------------------- a dial


def test_a_dial_is_decided_by_hour_attempt_and_seat():
    law = law_of(
        "calling.by_attempt=[0.5]", "calling.by_hour={ 9 = 2 }", "teams.callers.skill=[1, 3]",
        "teams.callers.pace=[1, 2]", "calling.minutes.talk=5",
    )  # fmt: skip
    assert law.depends_on_start(0)
    assert law.depends_on_start(1)  # the hour counts for all teams
    lead, scratch = np.arange(4000)[:, None], Scratch()
    states = draws.visit(law.streams, lead, visits.DIAL, 1)
    (answered, listened), (accepted, _) = draws.pair(states, 0), draws.pair(states, 1)
    for clock, seat, reached, skilled, pace in (
        (9 * HOUR, 0, odds(odds(0.3, 0.5), 2), 0.5, 1), (10 * HOUR - 1, 1, odds(odds(0.3, 0.5), 2), 0.75, 2),
        (10 * HOUR, 1, odds(0.3, 0.5), 0.75, 2), (23 * HOUR, 0, odds(0.3, 0.5), 0.5, 1),
    ):  # fmt: skip
        dials = law.prepare(0, lead, np.ones((4000, 1), dtype=np.int64), scratch)
        codes, ms = law.decide(dials, scratch, np.full((4000, 1), clock), np.full((4000, 1), seat))
        heard, agreed = listened < skilled * 2**32, accepted < skilled * 2**32
        expected = np.where(
            answered < draws.threshold(reached),
            np.where(heard, np.where(agreed, calling.ACCEPTED, calling.REFUSED), calling.HUNG_UP),
            calling.NO_ANSWER,
        )
        np.testing.assert_array_equal(codes, expected)
        assert set(ms[codes >= calling.REFUSED].tolist()) == {300_000 * pace}
        assert set(ms[codes == calling.NO_ANSWER].tolist()) == {30_000 * pace}


def test_what_is_foreseen_and_what_is_settled_is_what_is_decided():
    law = law_of(
        "segments.list.reach=1", "segments.list.decision_maker=0.5", "calling.by_hour={ 9 = 0.3, 10 = 2 }",
        "teams.callers.skill=[0.5, 1, 3]", "teams.callers.size=3", columns=3,
    )  # fmt: skip
    lead, scratch = np.repeat(np.arange(200)[:, None], 3, axis=1), Scratch()
    dials = law.prepare(0, lead, 0, scratch).kept()
    seats = (3, *[1] * (law.listened.table.shape[1] - 1))
    extremes = (level.extremes([range(size) for size in seats], 3) for level in (law.listened, law.accepted))
    foresight = Foresight(law, {}, *extremes, seats)
    seen = foresight.foresee(dials, (9 * HOUR, 10 * HOUR), Scratch())
    codes, base, doubts = seen.codes, seen.base, seen.doubts
    assert seen.until == 12 * HOUR
    assert doubts is not None
    place = np.flatnonzero(np.isnan(base))
    assert 0 < place.size < lead.size / 2
    for hour, seat in ((9, 0), (9, 2), (10, 1), (11, 0)):
        whole, ms = (part.copy() for part in law.decide(dials, scratch, hour * HOUR + 0 * lead, seat + 0 * lead))
        settled, length = foresight.settle(doubts, place, hour * HOUR + 0 * place, seat + 0 * place)
        np.testing.assert_array_equal(settled, whole.ravel()[place])
        np.testing.assert_array_equal(np.maximum(1, np.rint(length)), ms.ravel()[place])
        certain = ~np.isnan(base)
        np.testing.assert_array_equal(codes[certain], whole[certain])
        np.testing.assert_array_equal(np.maximum(1, np.rint(base[certain])), ms[certain])
    for column in range(3):
        alone = law.column(column)
        mine = alone.prepare(0, lead[:, :1], 0, Scratch())
        told, _ = alone.decide(mine, Scratch(), np.full((200, 1), 9 * HOUR), np.zeros((200, 1), dtype=np.int64))
        whole, _ = law.decide(dials, scratch, 9 * HOUR + 0 * lead, 0 * lead)
        np.testing.assert_array_equal(told[:, 0], whole[:, column])


def test_who_differs_can_be_uncertain():
    scenario = scenario_of(
        "segments.list.reach={ low = 0, high = 2 }", "calling.by_attempt=[1, { low = 0.5, high = 2 }]",
        "calling.by_hour={ 9 = { low = 0.5, high = 2 } }", "teams.callers.skill=[{ low = 0.5, high = 2 }, 1]",
        "teams.callers.pace=[1, { low = 0.5, high = 2 }]",
    )  # fmt: skip
    assert uncertain_inputs(scenario) == (
        "segments.list.reach", "calling.by_hour.9", "calling.by_attempt.1", "teams.callers.skill.0",
        "teams.callers.pace.1",
    )  # fmt: skip
    result = simulate(scenario, replications=4, workers=1)
    assert result.worlds is not None
    assert result.worlds.tolist() == [0, 0, 1, 1]


# ---------------------------------------------------------------- known answers


def reached_in_theory(base: float, spread: float, attempts: int) -> float:
    """Share reached at least once, over the 16 levels of reach."""
    return float(np.mean([1 - (1 - float(odds(base, r))) ** attempts for r in reach_odds(np.array(spread))]))


def test_independent_retries_oversell_attempts():
    # p .28, 6 attempts: .860686 if all leads were alike. With reach of sd 1.5, fewer are reached. 200 x 500 leads:
    # a standard error of .0015, so a fault of .0074 is noticed; the effect is 15 times that.
    overrides = ("calling.answered=0.28", "calling.attempts=6", "segments.list.leads=500")
    alike, unlike = (
        simulate(scenario_of(*overrides, f"segments.list.reach={sd}"), replications=200, workers=1).columns
        for sd in (0, 1.5)
    )
    theory = reached_in_theory(0.28, 1.5, 6)
    assert theory < 0.860685930 - 0.1
    for columns, known in ((alike, 0.860685930), (unlike, theory)):
        share, error = share_of(columns["answered"], columns["dialled"])
        assert abs(share - known) <= 4 * error
        assert error < 0.002
    # The 16 levels stand for the normal distribution of the log-odds.
    exact, _ = integrate.quad(lambda z: (1 - (1 - float(odds(0.28, np.exp(1.5 * z)))) ** 6) * stats.norm.pdf(z), -9, 9)
    assert theory == pytest.approx(exact, abs=0.005)
    [cell] = Expectation(scenario_of(*overrides, "segments.list.reach=1.5")).cells[:1]
    assert cell.reached_each == pytest.approx(theory, abs=1e-12)


@pytest.mark.parametrize(
    "policy",
    [(), ("calling.attempts=6",), ("calling.attempts=6", "calling.by_hour={ 9 = 50 }", "calling.by_attempt=[50]"),
     ("calling.attempts=3", "calling.retry_after=1 week", "teams.callers.skill=[9, 9]", "segments.list.reach=5"),
     ("teams.callers.odds.answered=1000", "calling.answered=1")],
)  # fmt: skip
def test_a_dead_number_never_answers(policy: tuple[str, ...]):
    # Who is dead is the lead's luck: the same leads under every policy.
    overrides = ("segments.list.dead_number=0.3", *policy)
    _, lived = both_engines(FUNNEL, *overrides, replications=3)
    streams = draws.stream(1, draws.HISTORIES, np.arange(3))
    dials = of_kind(lived, facts.DIAL)
    word = draws.pair(draws.visit(streams[dials["history"]], dials["lead"], visits.TRAITS), 1)[0]
    dead = word < draws.threshold(0.3)
    assert dead.any()
    assert (dials["outcome"][dead] == calling.NO_ANSWER).all()
    assert (dials["outcome"][~dead] != calling.NO_ANSWER).any()
    np.testing.assert_array_equal(dials["amount"], dead)


def test_all_dead_is_nobody_reached():
    columns, _ = both_engines(FUNNEL, "segments.list.dead_number=1", "calling.attempts=3", replications=2)
    assert (columns["losses.dead_number"] == 100).all()
    assert (columns["losses.never_reached"] == 0).all()
    assert (columns["dials"] == 300).all()


@pytest.mark.parametrize("attempts", [1, 3])
def test_where_all_others_answer_the_dead_are_lost_and_nobody_is_never_reached(attempts: int):
    overrides = ("segments.list.dead_number=0.3", "calling.answered=1", f"calling.attempts={attempts}")
    columns, lived = both_engines(FUNNEL, *overrides, replications=3)
    streams, leads = draws.stream(1, draws.HISTORIES, np.arange(3)), np.arange(100)
    word = draws.pair(draws.visit(streams[:, None], leads, visits.TRAITS), 1)[0]
    dead = (word < draws.threshold(0.3)).sum(axis=1)
    assert ((dead > 15) & (dead < 45)).all()
    np.testing.assert_array_equal(columns["losses.dead_number"], dead)
    np.testing.assert_array_equal(columns["segments.list.losses.dead_number"], dead)
    np.testing.assert_array_equal(columns["answered"], 100 - dead)
    np.testing.assert_array_equal(columns["dials"], 100 + (attempts - 1) * dead)
    assert (columns["losses.never_reached"] == 0).all()
    assert (columns["days_until_done"] == of_kind(lived, facts.DIAL)["day"].max() + 1).all()


def test_a_dead_number_with_attempts_left_is_still_open():
    # The second dial would be due four weeks after the first, beyond the horizon.
    overrides = ("segments.list.dead_number=1", "calling.attempts=2", "calling.retry_after=4 weeks")
    columns, _ = both_engines(FUNNEL, *overrides, replications=2)
    assert (columns["losses.still_open"] == 100).all()
    assert (columns["losses.dead_number"] == 0).all()


def test_who_is_hard_to_reach_is_no_dead_number():
    overrides = ("segments.list.reach=5", "calling.attempts=2")
    columns, lived = both_engines(FUNNEL, *overrides, replications=2)
    assert (columns["losses.dead_number"] == 0).all()
    assert (columns["losses.never_reached"] > 0).all()
    assert (of_kind(lived, facts.DIAL)["amount"] == 0).all()


def test_dead_numbers_are_told_apart_by_segment_and_history():
    # Numbers of one segment alone are dead, in a share that is not known: worlds differ.
    overrides = ("segments.list.dead_number=3 of 10", "segments.fine={ leads = 50 }", "calling.attempts=2",
                 "teams.callers.skill=[1, 2]", "calling.by_hour={ 9 = 2 }")  # fmt: skip
    columns, _ = both_engines(FUNNEL, *overrides, replications=20)
    assert (columns["segments.fine.losses.dead_number"] == 0).all()
    np.testing.assert_array_equal(columns["losses.dead_number"], columns["segments.list.losses.dead_number"])
    assert len(set(columns["losses.dead_number"].tolist())) > 5


def test_the_caller_does_not_see_that_a_number_is_dead_but_the_story_tells_it():
    overrides = ("segments.list.dead_number=0.5", "calling.attempts=2")
    lived = replay(scenario_of(*overrides), Settings(), 0)
    dials = [event for event in story(lived) if event.kind == "dial"]
    texts = {event.lead: event.text for event in dials if event.outcome == "no answer" and "attempt" in event.text}
    told = {"does not answer, attempt 2", "does not answer, attempt 2 (a dead number)"}
    assert set(texts.values()) == told
    assert sum("dead" in text for text in texts.values()) == lived.totals["losses.dead_number"][0] > 0
    assert {event.outcome for event in dials if "dead" in event.text} == {"no answer"}
    assert {event.amount for event in dials} == {None}


def test_gatekeepers_and_the_unqualified_in_the_share_that_was_asked_for():
    # .4 decide themselves, .3 of the others are asked through: .58 pass; .25 can ever buy. 400 histories.
    overrides = ("segments.list.decision_maker=0.4", "calling.asked_through=0.3", "segments.list.qualified=0.25",
                 "calling.listened=1", "calling.accepted=1", "calling.answered=1")  # fmt: skip
    columns = simulate(scenario_of(*overrides), replications=400, workers=1).columns
    for hits, of, known in (("listened", "answered", 0.58), ("sold", "attended", 0.25)):
        share, error = share_of(columns[hits], columns[of])
        assert abs(share - known) <= 4 * error
        assert error < 0.01
    np.testing.assert_array_equal(columns["losses.gatekeeper"], columns["answered"] - columns["listened"])


@pytest.mark.parametrize("share", [0, 1])
def test_corners_of_gatekeepers_and_qualified(share: int):
    sure = ("calling.answered=1", "calling.listened=1", "calling.accepted=1")
    behind = ("segments.list.decision_maker=0", f"calling.asked_through={share}", *sure)
    columns, _ = both_engines(FUNNEL, *behind, replications=2)
    assert (columns["losses.gatekeeper"] == 100 * (1 - share)).all()
    assert (columns["accepted"] == 100 * share).all()
    columns, _ = both_engines(FUNNEL, f"segments.list.qualified={share}", *sure, replications=2)
    assert (columns["sold"] == 100 * share).all()
    assert (columns["interested"] == 100).all()


def answered_by(lived: dict[str, np.ndarray], chosen: np.ndarray, histories: int) -> tuple[float, float]:
    """Share of the chosen dials that were answered, clustered by history."""
    dials = of_kind(lived, facts.DIAL)
    of = np.bincount(dials["history"][chosen], minlength=histories)
    hits = np.bincount(dials["history"][chosen & (dials["outcome"] != calling.NO_ANSWER)], minlength=histories)
    return share_of(hits, of)


def test_dials_follow_the_odds_of_their_hour():
    # Odds 3/7, times 2 from 09:00, times .5 from 11:00; a long list, so that every hour has its dials.
    overrides = ("calling.by_hour={ 9 = 2, 11 = 0.5 }", "segments.list.leads=2000", "horizon=2 working days")
    _, lived = facts_of(scenario_of(*overrides), 40)
    hour = of_kind(lived, facts.DIAL)["clock"] // HOUR
    assert set(np.unique(hour).tolist()) == set(range(9, 17))
    for number in range(9, 17):
        share, error = answered_by(lived, hour == number, 40)
        assert abs(share - float(odds(0.3, {9: 2, 11: 0.5}.get(number, 1)))) <= 4 * error
        assert error < 0.01


def test_dials_follow_the_odds_of_their_attempt():
    # The second dial at odds times .5, all later ones at times 2.
    overrides = ("calling.by_attempt=[0.5, 2]", "calling.attempts=4", "segments.list.leads=500")
    _, lived = facts_of(scenario_of(*overrides), 60)
    attempt = of_kind(lived, facts.DIAL)["occurrence"]
    for number, ratio_ in enumerate((1, 0.5, 2, 2)):
        share, error = answered_by(lived, attempt == number, 60)
        assert abs(share - float(odds(0.3, ratio_))) <= 4 * error
        assert error < 0.02


# ---------------------------------------------------------------- unlike members


def by_seat(lived: dict[str, np.ndarray], seat: int, histories: int, above: int) -> tuple[float, float]:
    """Of a seat's answered dials, the share with an outcome above `above`, clustered by history."""
    dials = of_kind(lived, facts.DIAL)
    mine = (dials["seat"] == seat) & (dials["outcome"] > calling.GATEKEEPER)
    hits = np.bincount(dials["history"][mine & (dials["outcome"] > above)], minlength=histories)
    return share_of(hits, np.bincount(dials["history"][mine], minlength=histories))


def test_a_skilled_member_is_heard_and_believed_more_often():
    # Listened and accepted .5; with skill 3 .75 each.
    _, lived = facts_of(scenario_of("teams.callers.skill=[1, 3]", "segments.list.leads=1000"), 50)
    for seat, listened, accepted in ((0, 0.5, 0.25), (1, 0.75, 0.75**2)):
        for above, known in ((calling.HUNG_UP, listened), (calling.REFUSED, accepted)):
            share, error = by_seat(lived, seat, 50, above)
            assert abs(share - known) <= 4 * error
            assert error < 0.01


def test_a_slow_member_needs_twice_the_minutes():
    both: dict[int, Any] = {}
    for pace in (1, 2):
        columns, lived = both_engines(FUNNEL, f"teams.callers.pace=[{pace}, {pace}]", replications=3)
        dials = of_kind(lived, facts.DIAL)
        order = np.lexsort((dials["lead"], dials["history"]))
        both[pace] = dials["duration"][order], dials["outcome"][order], columns["teams.callers.busy_minutes"]
    assert (both[2][0] == 2 * both[1][0]).all()
    np.testing.assert_array_equal(both[2][1], both[1][1])  # pace is no luck
    np.testing.assert_array_equal(both[2][2], 2 * both[1][2])


def test_a_fast_member_makes_more_dials():
    # Three dials of half a minute for one of 1.5: of a day's dials, three quarters.
    overrides = ("teams.callers.pace=[1, 3]", "calling.answered=0", "segments.list.leads=5000", "horizon=1 working day")
    _, lived = both_engines(FUNNEL, *overrides, replications=1)
    assert np.bincount(of_kind(lived, facts.DIAL)["seat"]).tolist() == [960, 320]
    [cell] = Expectation(scenario_of(*overrides)).cells
    assert cell.minutes_per_dial == pytest.approx(0.75)  # two members, 1,280 dials in 960 minutes


def test_a_segments_own_team_dials_it_and_nobody_else():
    overrides = ("segments.own={ leads = 50, team = 'hosts' }", "calling.teams=['callers']", "calling.attempts=2")
    columns, lived = both_engines(FUNNEL, *overrides, replications=3)
    dials = of_kind(lived, facts.DIAL)
    assert (dials["team"] == np.where(dials["lead"] >= 100, 1, 0)).all()
    assert (columns["teams.hosts.dialled"] == 50).all()
    assert [(c.segment, c.team, c.leads) for c in Expectation(scenario_of(*overrides)).cells] == [
        ("list", "callers", 100), ("own", "hosts", 50),
    ]  # fmt: skip


# ---------------------------------------------------------------- what is expected


def test_the_expectation_agrees_with_the_simulation():
    # By reach, dead numbers, gatekeepers, attempts and hours, members alike in talks: answers and acceptances to 1 %.
    overrides = (
        "segments.list.reach=1", "segments.list.dead_number=0.2", "segments.list.decision_maker=0.5",
        "calling.asked_through=0.4", "calling.attempts=4", "calling.by_attempt=[0.7, 0.5]",
        "segments.list.leads=500",
    )  # fmt: skip
    scenario = scenario_of(*overrides)
    columns = simulate(scenario, replications=300, workers=1).columns
    [cell] = Expectation(scenario).cells
    for name, known in (("dials", cell.dials), ("accepted", cell.bookings),
                        ("answered", cell.leads * cell.reached_each),
                        ("teams.callers.busy_minutes", cell.dials * cell.minutes_per_dial)):  # fmt: skip
        found = estimate(columns[name].astype(float))
        assert found.mean is not None
        assert found.standard_error is not None
        assert found.standard_error < 0.01 * known
        assert abs(found.mean - known) <= 4 * found.standard_error, name


def test_a_digest_tells_unlike_members_apart():
    plain, skilled = (
        simulate(scenario_of(*o), **vars(Settings(replications=3, digest=True))).digests
        for o in ((), ("teams.callers.skill=[1, 3]",))
    )
    assert plain is not None
    assert skilled is not None
    assert (plain != skilled).all()


def test_a_waiting_ratio_beyond_all_numbers_still_lifts():
    assert demo.waiting_ratio(np.array([1e4]), 90).max() == 1e300
    assert float(odds(0.5, 1e300)) == 1.0
