"""Marketing on paper and in both engines: it saturates, brings hot leads, warms cold ones, and costs its spend.

Where chance decides, tolerances are 4 standard errors (a false alarm in 16,000).
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, both_engines, facts_of, of_kind
from marketed_funnel import ARRIVALS, FUNNEL, WARMS, scenario_of, spending

from simfunnel import draws, facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import visits
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.marketing import (
    arrivals_brought,
    saturated,
    sell_through_factor,
    share_warmed,
    warmth_of,
)
from simfunnel.funnel.rates import circumstances
from simfunnel.funnel.segments import arrive, arrived_on, arrives, is_arrival
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import weight_of_leads

EVERYBODY = "marketing={ spend = 1e9, warms = { most = 1, half = 0.000001 } }"  # but one in 4 * 10^9
ONE = Inputs(1, np.zeros(1, dtype=np.int64), best_guess=True)


# ---------------------------------------------------------------- the law


@pytest.mark.parametrize(
    ("spend", "brought"),
    [(0, 0), (500, 5), (1500, 7.5), (250, 10 / 3), (1e300, 10)],
    ids=["nothing", "half", "three halves", "a quarter more", "endless"],
)
def test_spend_saturates(spend: float, brought: float) -> None:
    assert saturated(10, spend, 500) == pytest.approx(brought, rel=1e-15)


def test_the_law_broadcasts_and_each_euro_brings_less_than_the_last() -> None:
    assert saturated([2.0, 4.0], 3, [1, 3]).tolist() == [1.5, 2]
    gained = np.diff(saturated(10, np.arange(0, 5000, 100), 500))
    assert (gained > 0).all()
    assert (np.diff(gained) < 0).all()
    assert saturated(10, 0, 0) == 0


def test_what_is_brought_on_paper() -> None:
    effects = (ARRIVALS, WARMS, "marketing.sell_through={ most = 2, half = 1500 }")
    resale = ("after_sales={ team = 'callers', repeat = { every = 9, bought = 1 } }",
              "after_sales.resale={ share = 1, sells_in = 9 }")  # fmt: skip
    given = scenario_of(*spending(1500, *effects), *resale)
    assert arrivals_brought(given, "web", ONE).tolist() == [6]
    assert arrivals_brought(given, "list", ONE).tolist() == [0]
    assert share_warmed(given, ONE) == pytest.approx([0.6])
    assert sell_through_factor(given, ONE).tolist() == [2]
    nothing = scenario_of()
    assert arrivals_brought(nothing, "web", ONE).tolist() == [0]
    assert share_warmed(nothing, ONE).tolist() == [0]
    assert sell_through_factor(nothing, ONE).tolist() == [1]
    assert warmth_of(scenario_of(*spending(0, *effects), *resale), ONE) is None


def test_inputs_may_be_uncertain() -> None:
    worlds = np.repeat(np.arange(500), 2)
    given = scenario_of(
        "marketing.spend={ low = 100, high = 900 }",
        "marketing.warms={ most = '30 of 100', half = { low = 200, high = 400 } }",
    )
    share = share_warmed(given, Inputs(3, worlds, best_guess=False))
    assert share.shape == (1000,)
    assert (share[::2] == share[1::2]).all()
    assert 0 < share.min() < share.max() < 0.5
    assert share_warmed(given, Inputs(3, worlds, best_guess=True)) == pytest.approx([0.3 * 500 / 800])


# ---------------------------------------------------------------- arrivals


@pytest.mark.parametrize("spend", [250, 4500])
def test_hot_leads_arrive_on_every_working_day_of_the_intake(spend: int) -> None:
    """Two on each of two Mondays, and 8 * spend / (spend + 500) on each of six days."""
    runs = 400
    _, lived = facts_of(scenario_of(*spending(spend, ARRIVALS)), runs)
    came = of_kind(lived, facts.ARRIVAL)
    each = np.bincount(came["day"], minlength=6) / runs
    mean = 8 * spend / (spend + 500) + np.array([2, 0, 0, 0, 0, 2])
    assert each.size == 6
    assert (abs(each - mean) <= 4 * np.sqrt(mean / runs)).all()
    assert (arrived_on(came["lead"])[0] == came["day"]).all()
    assert is_arrival(came["lead"]).all()


def test_a_segment_may_live_by_marketing_alone() -> None:
    bare = FUNNEL.replace("arrivals_by_weekday = { mon = 2 }\n", "")
    given = parse_scenario(bare, overrides=spending(500, ARRIVALS))
    assert arrives(given, "web")
    assert not arrives(given, "list")
    columns, _ = facts_of(given, 200)
    assert abs(columns["segments.web.leads"].mean() - 24) <= 4 * np.sqrt(24 / 200)
    assert not arrive(parse_scenario(bare, overrides=spending(0, ARRIVALS)))


def test_the_memory_of_arrivals_is_counted() -> None:
    def weight(*overrides: str) -> int:
        given = scenario_of(*overrides)
        return weight_of_leads(given, Calendar.of(given))

    assert weight(*spending(500, ARRIVALS)) == weight() + 6 * 6 * 4  # 6 days, 4 a day, each as 6 on a list
    assert weight(*spending(500, WARMS)) == weight()


def test_the_memory_of_tables_is_counted() -> None:
    """Each table of calls has a row for the warmed leads of each segment."""
    by_hour = "calling.by_hour={ 9 = 2 }"
    assert circumstances(scenario_of(by_hour)) == 24
    assert circumstances(scenario_of(by_hour, *spending(500, WARMS))) == 48
    assert circumstances(scenario_of(by_hour, *spending(0, WARMS))) == 24


def test_hot_share_rises_with_spend() -> None:
    shares = []
    for spend in (0, 300, 5000):
        columns, _ = facts_of(scenario_of(*spending(spend, ARRIVALS)), 200)
        shares.append(columns["sold_hot"].sum() / columns["sold"].sum())
    assert shares[0] < shares[1] - 0.05
    assert shares[1] < shares[2] - 0.05


def test_who_comes_anyway_comes_with_marketing_too() -> None:
    """The number of a day is drawn once, so more spend only adds leads."""
    few, many = (arrived(scenario_of(*spending(spend, ARRIVALS))) for spend in (0, 900))
    assert few < many


def arrived(given: Scenario) -> set[tuple[int, ...]]:
    came = of_kind(facts_of(given, 20)[1], facts.ARRIVAL)
    return set(zip(*(came[name].tolist() for name in ("history", "lead", "clock")), strict=True))


# ---------------------------------------------------------------- warming


def warmed_leads(given: Scenario, lead: np.ndarray, runs: int) -> np.ndarray:
    """Which leads are warmed, by (lead, history): the trait as `visits` says."""
    streams = draws.stream(1, draws.HISTORIES, np.arange(runs))
    word, _ = draws.pair(draws.visit(streams, lead[:, None], visits.TRAITS), 3)
    return np.asarray(word < draws.threshold(share_warmed(given, ONE)))


def test_the_share_of_warmed_leads() -> None:
    given = scenario_of(*spending(500, WARMS))
    law = warmth_of(given, ONE)
    assert law is not None
    lead, segment = np.arange(80), np.array([0] * 60 + [1] * 20)
    streams = draws.stream(1, draws.HISTORIES, np.arange(500))
    row = law.row(draws.visit(streams, lead[:, None], visits.TRAITS), segment[:, None])
    assert (row[60:] == 1).all()  # who is warm already is not warmed
    assert abs((row[:60] == 3).mean() - 0.4) <= 4 * np.sqrt(0.4 * 0.6 / 30_000)
    assert ((row[:60] == 3) == warmed_leads(given, lead[:60], 500)).all()


@pytest.mark.parametrize("offer", ["demo", "sale"])
def test_if_everybody_is_warmed_all_is_as_if_the_segment_were_warm(offer: str) -> None:
    """Dials, closing and all that follows, to the last fact; and with nobody warmed as without marketing."""
    offered = f"calling.offer='{offer}'"
    _, warmed = facts_of(scenario_of(offered, EVERYBODY), 20)
    _, warm = facts_of(scenario_of(offered, "segments.list.temperature=warm"), 20)
    _, cold = facts_of(scenario_of(offered), 20)
    _, nobody = facts_of(scenario_of(offered, "marketing={ spend = 0, warms = { most = 1, half = 1 } }"), 20)
    assert_same(warmed, warm)
    assert_same(nobody, cold)
    assert warm["kind"].size != cold["kind"].size


def assert_same(mine: Facts, other: Facts) -> None:
    for name, values in mine.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_certain_steps_stay_certain_and_closing_alone_tells_the_warm() -> None:
    sure = ("calling.answered=1", "calling.listened=1", "calling.accepted=1", "demo.attended=1",
            "segments.known.leads=0", "segments.web.arrivals_by_weekday={}")  # fmt: skip
    methods = "closing.methods.choice={ share = 1, cold = 0.000001, warm = 1e6 }"
    given = scenario_of(*sure, methods, *spending(500, WARMS))
    _, lived = facts_of(given, 20)
    talks = of_kind(lived, facts.TALK)
    assert talks["kind"].size == 60 * 20
    assert ((talks["outcome"] == 1) == warmed_leads(given, np.arange(60), 20)[talks["lead"], talks["history"]]).all()
    dead = scenario_of("calling.answered=0", EVERYBODY, "segments.known.leads=0")
    assert (facts_of(dead, 5)[0]["segments.list.answered"] == 0).all()


def test_who_is_not_warmed_is_called_as_without_marketing_and_the_others_as_warm() -> None:
    given = scenario_of(*spending(500, WARMS))
    cold, mixed, warm = (
        calls(scenario) for scenario in (scenario_of(), given, scenario_of("segments.list.temperature=warm"))
    )
    of = warmed_leads(given, np.arange(80), 20)
    of[60:] = False
    expected = {dial for dial in cold if not of[dial[1], dial[0]]} | {dial for dial in warm if of[dial[1], dial[0]]}
    assert mixed == expected
    assert mixed not in (cold, warm)


def calls(given: Scenario) -> set[tuple[int, ...]]:
    dials = of_kind(facts_of(given, 20)[1], facts.DIAL)
    return set(zip(*(dials[name].tolist() for name in ("history", "lead", "occurrence", "outcome")), strict=True))


# ---------------------------------------------------------------- money


def cost_of(*overrides: str) -> list[float]:
    columns, _ = facts_of(scenario_of("horizon='2 months'", *overrides), 2)
    assert columns["costs.marketing"].shape == (2,)
    plain, _ = facts_of(scenario_of("horizon='2 months'", *[o for o in overrides if "marketing" not in o]), 2)
    np.testing.assert_allclose(columns["cost"], plain["cost"] + columns["costs.marketing"])
    return [float(cost) for cost in columns["costs.marketing"]]


def test_the_bill_of_marketing_on_paper() -> None:
    """From Monday, 5 January 2026, of whose 22 working days 20 are left; February has 20, March 22."""
    assert cost_of("marketing.spend=2200", "intake='6 weeks'") == [3100, 3100]  # 20 of 22, and 10 of 20
    assert cost_of("marketing.spend=100", "intake='6 weeks'") == [140.91, 140.91]  # rounded once
    assert cost_of("marketing.spend=100", "intake='6 weeks'", "currency='JPY'") == [141, 141]
    assert cost_of("marketing.spend=2200", "intake='1 working day'") == [100, 100]
    # With 1 January a day off, 20 of 21.
    assert cost_of("marketing.spend=2100", "intake='1 week'", "holidays=[2026-01-01]") == [500, 500]
    assert cost_of("marketing.spend=0") == [0, 0]


def test_without_an_intake_the_horizon_ends_the_bill() -> None:
    text = FUNNEL.replace('intake = "6 working days"\n', "")
    columns, _ = facts_of(parse_scenario(text, overrides=("marketing.spend=2200", "horizon='2 months'")), 1)
    # All of February, and of March the 2nd to the 4th.
    assert columns["costs.marketing"].tolist() == [2000 + 2200 + 300]
    assert "costs.marketing" not in facts_of(scenario_of(), 1)[0]


# ---------------------------------------------------------------- both engines


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("teams.callers.skill=[0.5, 1, 3]", "teams.callers.pace=[1, 2, 0.5]"),
        ("calling.by_hour={ 9 = 0.5, 11 = 3 }", "calling.by_attempt=[0.5]"),
        ("calling.by_hour={ 9 = 0.5, 11 = 3 }", "teams.callers.skill=[0.5, 1, 3]", "calling.minutes.talk=45"),
        ("calling.warm.accepted={ low = 1, high = 9 }", "marketing.spend={ mean = 900, sd = 400 }"),
        ("segments.list.reach=2", "segments.list.dead_number=0.2", "segments.list.decision_maker=0.5"),
        ("segments.later={ arrivals = 3 }", "segments.last={ leads = 40 }", "teams.callers.overflow={ to = 'desk' }"),
        ("calling.offer='sale'", "segments.list.qualified=0.6"),
        ("calling.offer='meeting'", "meeting={ team = 'sellers', attended = 0.8 }"),
        ("closing.closers=2", "closing.patience='10 min'", "closing.undecided=0.5"),
    ],
    ids=["plain", "unlike", "by hour", "unlike by hour", "uncertain", "traits", "segments", "sale", "meeting",
         "closers"],
)  # fmt: skip
def test_both_engines_agree(overrides: tuple[str, ...]) -> None:
    columns, _ = both_engines(FUNNEL, *spending(900, ARRIVALS, WARMS), *overrides, replications=6)
    assert (columns["costs.marketing"] > 0).all()
