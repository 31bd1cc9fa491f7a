"""Every lead ends as the losses count it, and what only one of two policies won adds up to their difference.

The smallest fault these tests would notice is one lead of one history that ended otherwise than it is said to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from after_funnel import AFTER
from counted import histories
from counted_leads import fates as ends_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_facts import Fact, fact
from made_scenarios import Tree, hot_days, scenarios
from pursued_funnel import EAGER, PURSUED

from simfunnel import Settings, facts, load_scenario, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.counting import fates as fates_module
from simfunnel.counting.fates import CAUSES, FATES, Fates, fates_per_history, won_apart
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import calling, closing, demo, inbound, referral, undecided
from simfunnel.funnel.segments import LEAD_BITS, REFERRAL, arrival, segments_of
from simfunnel.metrics import LOSSES, Columns
from simfunnel.reproduction import referred_at_most
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import live

FOLDER = Path(__file__).parents[1] / "scenarios"
Ends = list[dict[int, str]]


def lived(scenario: Scenario, count: int, *more: Keeper, **options: Any) -> tuple[Fates, Columns]:
    """The fates and the columns of a run."""
    fates = Fates(scenario, count)
    return fates, live(scenario, Settings(**options), 0, count, (fates, *more))


def named(fates: Fates) -> Ends:
    """How each lead ended, by history: every number must be that of a fate."""
    found: Ends = [{lead: FATES[n] for lead, n in enumerate(column)} for column in fates.listed.T.tolist()]
    for key, number in zip(*(values.tolist() for values in fates.others()), strict=True):
        lead = key & (1 << LEAD_BITS) - 1
        assert lead not in found[key >> LEAD_BITS]
        found[key >> LEAD_BITS][lead] = FATES[number]
    return found


def counted(scenario: Scenario, fates: Fates) -> dict[str, np.ndarray]:
    """How many leads of each history ended how, in all and by segment, by the names of the columns of a run."""
    segments, (key, others) = segments_of(scenario), fates.others()
    lead, column = np.indices(fates.listed.shape).reshape(2, -1)
    lead = np.concatenate([lead, key & (1 << LEAD_BITS) - 1])
    column, number = np.concatenate([column, key >> LEAD_BITS]), np.concatenate([fates.listed.ravel(), others])
    assert number.max(initial=0) < len(FATES)
    table = np.zeros((len(FATES), len(segments.names), fates.columns), dtype=np.int64)
    np.add.at(table, (number, segments.of(lead), column), 1)
    columns = {}
    for fate, of_segments in zip(FATES, table, strict=True):
        what = fate if fate == "sold" else f"losses.{fate}"
        columns[what] = of_segments.sum(axis=0)
        columns |= {f"segments.{name}.{what}": c for name, c in zip(segments.names, of_segments, strict=True)}
    return columns


def check(scenario: Scenario, fates: Fates, columns: Columns) -> None:
    """The fates of a block, counted, are its losses and its sales."""
    for name, count in counted(scenario, fates).items():
        np.testing.assert_array_equal(count, columns[name], err_msg=name)


def check_all(scenario: Scenario, seed: int, count: int = 3) -> None:
    """In both engines, and lead by lead as a plain program follows each one's life through its facts."""
    for engine in ("vector", "simpy"):
        keeper = Keeper()
        fates, columns = lived(scenario, count, keeper, seed=seed, engine=engine)
        check(scenario, fates, columns)
    told = dict(zip(("history", *COLUMNS), keeper.table().T, strict=True))
    assert named(fates) == [ends_of(history) for history in histories(scenario, told, count)]


made = settings(max_examples=24, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@made
@given(scenario=st.booleans().flatmap(lambda coarse: scenarios(coarse=coarse)), seed=st.integers(0, 2**40))
def test_fates_are_the_losses_in_scenarios_nobody_would_think_of(scenario: Scenario, seed: int):
    check_all(scenario, seed)


@made
@given(tree=hot_days(), seed=st.integers(0, 2**40))
def test_fates_are_the_losses_in_a_shop_that_does_everything(tree: Tree, seed: int):
    check_all(Scenario.model_validate(tree), seed)


@pytest.mark.parametrize(("text", "overrides"), [(PURSUED, EAGER), (AFTER, ())], ids=["pursued", "looked after"])
def test_fates_are_the_losses_in_long_lives(text: str, overrides: tuple[str, ...]):
    check_all(parse_scenario(text, overrides=overrides), 5)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_fates_are_the_losses_in_every_scenario_that_is_shipped(path: Path):
    scenario = load_scenario(path)
    for engine, count in (("vector", 2), ("simpy", 1)):
        check(scenario, *lived(scenario, count, seed=3, engine=engine))


# ---------------------------------------------------------------- in whatever order


def tell(fates: Fates, told: np.ndarray, cuts: Sequence[int] = ()) -> None:
    """Hand over facts as they stand in a table, those of one kind that follow each other at once."""
    changes = np.flatnonzero(np.diff(told[:, 1])) + 1
    for part in filter(len, np.split(told, sorted({*changes.tolist(), *cuts}))):
        columns: dict[str, Any] = dict(zip(COLUMNS, part.T[1:], strict=True))
        fates.rows(part[:, 0], columns | {"kind": int(part[0, 1])})


@pytest.mark.parametrize(("text", "overrides"), [(PURSUED, EAGER), (AFTER, ())], ids=["pursued", "looked after"])
def test_facts_may_be_told_in_any_order(text: str, overrides: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    scenario, keeper = parse_scenario(text, overrides=overrides), Keeper()
    fates, _ = lived(scenario, 2, keeper, seed=8)
    monkeypatch.setattr(fates_module, "MANY", 7)  # what came is added up many times
    table = keeper.table()[np.isin(keeper.table()[:, 1], list(fates_module.CHANGES))]
    shuffled = np.random.default_rng(1).permutation(table)
    by_kind = shuffled[np.argsort(-shuffled[:, 1], kind="stable")]
    for told in (shuffled, by_kind):
        again = Fates(scenario, 2)
        tell(again, told, cuts=range(0, len(told), 100))
        assert named(again) == named(fates)


# ---------------------------------------------------------------- on paper

PAPER = """
horizon = "2 months"
[segments.list]
leads = 9
[segments.web]
temperature = "hot"
arrivals = 1
[segments.friends]
temperature = "warm"
[calling]
teams = ["callers"]
attempts = 2
answered = 0.5
listened = 0.5
accepted = 0.5
[inbound]
teams = ["callers"]
accepted = 0.5
waiting = { source = "made up", odds = { "5 min" = 0.5 } }
[teams.callers]
size = 2
[demo]
team = "callers"
attended = 0.7
[closing]
sold_if_interested = 0.6
undecided = 0.5
[follow_up]
team = "callers"
interval = "1 week"
channel = "phone"
channels = { phone = { reached = 0.5 } }
sold = 0.2
[after_sales]
team = "callers"
seller_initiated = { every = "1 month", asks = true }
referral = { segment = "friends", given = 0.5 }
"""
WEB, LATE, FRIEND = arrival(1, 0, 0), arrival(1, 5, 2), REFERRAL | 77


def dial(lead: int, outcome: int, **more: int) -> Fact:
    return fact(facts.DIAL, lead, outcome=outcome, **more)


def story(lead: int, *steps: tuple[int, int]) -> list[Fact]:
    """The facts of a lead, as kinds and outcomes."""
    return [fact(kind, lead, outcome=outcome) for kind, outcome in steps]


ACCEPTS, BOOKED = (facts.DIAL, calling.ACCEPTED), (facts.BOOKING, demo.BOOKED)
ABSENT, AGAIN = (facts.VISIT, demo.DID_NOT_COME), (facts.BOOKING, demo.AGAIN + demo.BOOKED)
KEEN, BUYS = (facts.VISIT, demo.INTERESTED), (facts.TALK, closing.SOLD)
WAVERS, FILED = (facts.TALK, closing.UNDECIDED), (facts.FILE, undecided.OPENED)
BUYS_LATER = (BUYS, (facts.FILE, undecided.SOLD))
HERE = [
    *story(0, ACCEPTS, BOOKED, ABSENT, AGAIN, ABSENT, AGAIN, KEEN, BUYS, (facts.CUSTOMER, 0)),
    *story(1, ACCEPTS, BOOKED, KEEN, WAVERS, FILED, (facts.FILE, undecided.GIVEN_UP),
           (facts.FILE, undecided.REOPENED), *BUYS_LATER),
    *story(2, ACCEPTS, BOOKED, ABSENT, AGAIN, ABSENT, (facts.BOOKING, demo.AGAIN + demo.NO_SEAT)),
    dial(3, calling.NO_ANSWER), dial(3, calling.NO_ANSWER, occurrence=1, amount=1),
    dial(4, calling.NO_ANSWER), dial(4, calling.NO_ANSWER, occurrence=1),
    *story(5, ACCEPTS, BOOKED, KEEN, BUYS),
    *story(6, (facts.DIAL, calling.REFUSED), (facts.TALK, closing.UNDECIDED_BY_PHONE), FILED, *BUYS_LATER),
    *story(7, ACCEPTS, BOOKED, (facts.BOOKING, demo.MOVED + demo.NO_SEAT)),
    *story(WEB, (facts.ARRIVAL, 0), (facts.INBOUND, inbound.ACCEPTED), BOOKED, KEEN, BUYS),
    *story(LATE, (facts.ARRIVAL, 0)),
    *story(FRIEND, (facts.REFERRAL, referral.NOTED), ACCEPTS, BOOKED, KEEN, BUYS),
    *story(REFERRAL | 78, (facts.REFERRAL, referral.CUT)),
]  # fmt: skip
THERE = [
    *story(0, ACCEPTS, BOOKED, ABSENT, (facts.BOOKING, demo.AGAIN + demo.WAITING)),
    *story(1, ACCEPTS, BOOKED, KEEN, WAVERS, FILED, (facts.FILE, undecided.IRRITATED)),
    *story(2, ACCEPTS, BOOKED, KEEN, (facts.TALK, closing.CONCEDED)),
    *story(3, (facts.DIAL, calling.HUNG_UP)), *story(4, ACCEPTS, BOOKED, KEEN, BUYS), *story(5, *BUYS_LATER),
    *story(6, (facts.DIAL, calling.REFUSED), (facts.TALK, closing.UNDECIDED_BY_PHONE)),
    *story(WEB, (facts.ARRIVAL, 0), (facts.INBOUND, inbound.GAVE_UP)),
    *story(arrival(1, 1, 0), (facts.ARRIVAL, 0), BUYS),
    *story(LATE, (facts.ARRIVAL, 0), BUYS),
]  # fmt: skip


def on_paper(told: list[Fact], leads: int = 9, histories: int = 2) -> Fates:
    """The fates of a history in which these facts happened, the last of a block in which nothing else did."""
    fates = Fates(parse_scenario(PAPER, overrides=[f"segments.list.leads={leads}"]), histories)
    table = [[histories - 1, *(each.get(name, 0) for name in COLUMNS)] for each in told]
    tell(fates, np.array(table, dtype=np.int64).reshape(-1, 1 + len(COLUMNS)))
    return fates


def test_each_fate_of_a_history_on_paper():
    nothing, found = named(on_paper(HERE))
    assert nothing == dict.fromkeys(range(9), "still_open")
    assert found == {
        0: "sold", 1: "sold", 2: "did_not_come", 3: "dead_number", 4: "never_reached", 5: "sold", 6: "sold",
        7: "no_seat", 8: "still_open", WEB: "sold", LATE: "still_open", FRIEND: "sold",
    }  # fmt: skip
    other = named(on_paper(THERE))[1]
    assert other == {
        0: "still_open", 1: "irritated", 2: "sold", 3: "hung_up", 4: "sold", 5: "sold", 6: "undecided",
        7: "still_open", 8: "still_open", WEB: "gave_up_waiting", LATE: "sold", arrival(1, 1, 0): "sold",
    }  # fmt: skip


def test_what_only_one_of_two_policies_won_on_paper():
    only_here, only_there = won_apart(on_paper(HERE), on_paper(THERE))
    assert tuple(only_here) == tuple(only_there) == CAUSES == (*LOSSES, "not_there")
    one = {"still_open": 1, "irritated": 1, "undecided": 1, "gave_up_waiting": 1, "not_there": 1}
    other = {"did_not_come": 1, "never_reached": 1, "still_open": 1, "not_there": 1}
    for found, expected in ((only_here, one), (only_there, other)):
        assert {cause: count[1] for cause, count in found.items() if count[1]} == expected
        assert not any(count[0] for count in found.values())


def test_a_lead_beyond_the_end_of_a_shorter_list_is_not_there():
    only_here, only_there = won_apart(on_paper(HERE), on_paper([], leads=5))
    expected = {"still_open": 2, "not_there": 4}  # 0 and 1 are on both lists; 5, 6, WEB and FRIEND are not
    assert {cause: count[1] for cause, count in only_here.items() if count[1]} == expected
    assert not any(count.any() for count in only_there.values())


# ---------------------------------------------------------------- what only one of them won


def apart_by_hand(here: Ends, there: Ends) -> list[Counter[str]]:
    """By history, the leads sold only here, by their fate there."""
    return [
        Counter(theirs.get(lead, "not_there") for lead, fate in mine.items() if fate == "sold" != theirs.get(lead))
        for mine, theirs in zip(here, there, strict=True)
    ]


CENTRE, LIST = "call-centre", "segments.region.leads"
PAIRS: dict[str, list[tuple[str, str | None, tuple[str, ...]]]] = {
    "habits": [("persistent-or-pest", name, ()) for name in
               (None, "two-months", "listens", "no-follow-up")],
    "care": [("care-or-not", name, ()) for name in (None, "none", "all")],
    "circle": [("virtuous-circle", name, ()) for name in (None, "unknown")],
    "elephants": [("elephant", None, ()), ("elephant-outsourced", None, ())],
    "lists of different lengths": [(CENTRE, None, (f"{LIST}={leads}",)) for leads in (12_000, 3_000, 12_500)],
}  # fmt: skip
"""Policies that are compared, the base first: file, alternative, and what is changed."""


@pytest.mark.parametrize("named_policies", PAIRS.values(), ids=PAIRS)
def test_the_causes_add_up_to_the_difference_in_every_history(named_policies: list[tuple[str, str | None, Any]]):
    policies = [load_scenario(FOLDER / f"{file}.toml", more, other) for file, other, more in named_policies]
    count = 3
    base, columns = lived(policies[0], count, seed=2)
    apart = 0
    for policy in policies[1:]:
        here, found = lived(policy, count, seed=2)
        only_here, only_there = won_apart(here, base)
        assert all(values.shape == (count,) and values.dtype == np.int64 for values in only_here.values())
        difference = sum(only_here.values()) - sum(only_there.values())
        np.testing.assert_array_equal(difference, found["sold"] - columns["sold"])
        apart += sum(int(values.sum()) for only in (only_here, only_there) for values in only.values())
        for only, mine, theirs in ((only_here, here, base), (only_there, base, here)):
            for row, expected in enumerate(apart_by_hand(named(mine), named(theirs))):
                assert {cause: values[row] for cause, values in only.items() if values[row]} == expected
    assert apart, "they never differ: nothing is shown"


def test_a_policy_wins_nothing_apart_from_itself():
    scenario = parse_scenario(PURSUED, overrides=EAGER)
    mine, told = (lived(scenario, 2, engine=engine)[0] for engine in ("vector", "simpy"))
    assert not any(count.any() for only in won_apart(mine, told) for count in only.values())


# ---------------------------------------------------------------- memory


def test_what_is_kept_of_a_history_is_foreseen():
    scenario = parse_scenario(AFTER)
    foreseen = fates_per_history(scenario, Calendar.of(scenario), referred_at_most(scenario, Calendar.of(scenario)))
    fates, _ = lived(scenario, 20, seed=4)
    kept = fates.listed.nbytes / 8 + fates.others()[0].size * fates_module.PACKED
    assert 0.5 * foreseen < kept / 20 < 1.2 * foreseen
    plain = parse_scenario(PAPER)
    calendar = Calendar.of(plain)
    assert fates_per_history(plain, calendar, 0) == 2 + 2 * calendar.days  # 9 leads of a byte, and one comes a day
    assert fates_per_history(plain, calendar, 10.5) == 2 + 2 * calendar.days + 21
