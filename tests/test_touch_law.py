"""A touch on paper: each check in the contract's order, what irritates, what convinces, and how long it takes.

Chance is a parameter: the law is handed words and leads that the test chose; exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pursued import CALLERS, MAIL, MINUTE, PHONE, SELLERS, nature
from test_closing_law import Words
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws
from simfunnel.funnel import touch, visits
from simfunnel.funnel.durations import FOREVER
from simfunnel.funnel.odds import odds
from simfunnel.funnel.touch import (
    BOUGHT_ELSEWHERE,
    CONCEDED,
    DECLINED,
    DISQUALIFIED,
    GATEKEEPER,
    NOT_CONVINCED,
    NOT_QUALIFIED,
    NOT_REACHED,
    NOT_READY,
    SOLD,
    WALKED_AWAY,
    Contact,
    Moment,
    TouchLaw,
    checked,
    convinced,
    irritates,
)
from simfunnel.funnel.undecided import ANY, NEVER, STAYS, Undecided

QUARTER, HALF, MOST = 2**30, 2**31, 2**32 - 1
YES, NO = True, False


def law_of(*overrides: str, columns: int = 1) -> TouchLaw:
    law = nature(*overrides, columns=columns).touch
    assert law is not None
    return law


def lead(**traits: Any) -> Undecided:
    """A lead who can buy and bears everything, but for these traits."""
    usual = {
        "ready": 0, "gone": NEVER, "gone_nurtured": NEVER, "tolerance": 0.0, "preferred": ANY, "reach": 8,
        "qualified": YES, "direct": YES, "fit": YES, "never_ready": NO, "seems_qualified": YES, "seems_fit": YES,
        "comes_back": STAYS, "amount": 100_00,
    }  # fmt: skip
    return Undecided(**{name: np.array([value]) for name, value in (usual | traits).items()})


def moment(**what: Any) -> Moment:
    """The first touch, a week after the talk, by phone; but for this."""
    usual = {
        "column": 0, "lead": 0, "days": 7, "since": 7, "touches": 0, "irritations": 0, "gone": NEVER,
        "channel": PHONE, "asks": NO,
    }  # fmt: skip
    return Moment(**{name: np.array([value]) for name, value in (usual | what).items()})


def ended(law: TouchLaw, contact: Contact, seat: int = 0) -> int:
    return int(law.decide(contact, SELLERS, array(seat))[0])


# ---------------------------------------------------------------- pure functions


def test_a_contact_irritates_if_it_comes_sooner_than_is_tolerated():
    # Exactly at the tolerance is not sooner.
    since, tolerance = array(0, 0, 6, 7, 7, 8), np.array([0.0, 0.5, 6.5, 7.0, 7.001, 7.5])
    wanted = np.full(6, NO)
    assert irritates(since, tolerance, wanted).tolist() == [NO, YES, YES, NO, YES, NO]
    assert irritates(since, tolerance, ~wanted).tolist() == [YES] * 6


def test_the_first_check_that_fails_is_the_result():
    # All 2^8 combinations of failed checks, in the order in which the results are numbered.
    order = (
        NOT_REACHED, GATEKEEPER, WALKED_AWAY, DISQUALIFIED, DECLINED, NOT_QUALIFIED, NOT_READY, BOUGHT_ELSEWHERE,
    )  # fmt: skip
    every = list(itertools.product((NO, YES), repeat=8))
    found = checked(*np.array(every).T)
    assert found.tolist() == [order[failed.index(YES)] if any(failed) else NOT_CONVINCED for failed in every]


def test_only_who_failed_no_check_can_be_convinced():
    codes = np.arange(NOT_CONVINCED + 1)
    for word, end in ((0, SOLD), (QUARTER - 1, SOLD), (QUARTER, CONCEDED), (HALF - 1, CONCEDED), (HALF, NOT_CONVINCED)):
        found = convinced(codes, np.full_like(codes, word), np.array(0.25), np.array(0.5))
        assert found.tolist() == [*range(NOT_CONVINCED), end]


def test_without_pressure_nobody_concedes():
    word = array(0, HALF - 1, HALF, MOST)
    found = convinced(np.full_like(word, NOT_CONVINCED), word, np.array(0.5), np.array(0.5))
    assert found.tolist() == [SOLD, SOLD, NOT_CONVINCED, NOT_CONVINCED]
    everyone = convinced(np.full_like(word, NOT_CONVINCED), word, np.array(1.0), np.array(1.0))
    assert everyone.tolist() == [SOLD] * 4


# ---------------------------------------------------------------- the contract's order, check by check

# What fails each check, in the contract's order; "qualify" and "fit" fail only where the seller asks.
FAULTS: list[tuple[int, dict[str, Any], dict[str, Any], Words]] = [
    (NOT_REACHED, {}, {}, {(visits.TOUCH, 0): (HALF, HALF)}),
    (GATEKEEPER, {"direct": NO}, {}, {}),
    (WALKED_AWAY, {"tolerance": 8.0}, {}, {(visits.TOUCH, 1): (0, 0)}),
    (DISQUALIFIED, {"seems_qualified": NO}, {"asks": YES}, {}),
    (DECLINED, {"seems_fit": NO}, {"asks": YES}, {}),
    (NOT_QUALIFIED, {"qualified": NO}, {}, {}),
    (NOT_READY, {"ready": 8}, {}, {}),
    (BOUGHT_ELSEWHERE, {}, {"gone": 7}, {}),
]
PICKY = ("follow_up.channels.phone.reached=0.5", "segments.keen.walks_away=0.5", "follow_up.sold=1",
         "follow_up.qualify={}", "follow_up.decline_bad_fit=true")  # fmt: skip
FINE: Words = {(visits.TOUCH, 0): (HALF - 1, MOST), (visits.TOUCH, 1): (MOST, 0)}


@pytest.mark.parametrize("later", range(9))
@pytest.mark.parametrize("first", range(9))
def test_checks_come_in_the_contracts_order(first: int, later: int, words: Callable[[Words], None]):
    # Two faults: the one that is checked first is the result. None (8): sold.
    chosen: Words = dict(FINE)
    traits: dict[str, Any] = {}
    when: dict[str, Any] = {}
    for _, of_lead, of_moment, drawn in (FAULTS[n] for n in {first, later} - {8}):
        traits, when, chosen = traits | of_lead, when | of_moment, chosen | drawn
    words(chosen)
    law = law_of(*PICKY)
    found = ended(law, law.prepare(lead(**traits), moment(**when)))
    assert found == (SOLD if min(first, later) == 8 else FAULTS[min(first, later)][0])


def test_who_never_asks_finds_nothing_and_who_takes_all_declines_nobody(words: Callable[[Words], None]):
    words(FINE)
    strangers = lead(seems_qualified=NO, seems_fit=NO)
    law = law_of(*PICKY)
    assert ended(law, law.prepare(strangers, moment(asks=NO))) == SOLD
    assert ended(law, law.prepare(strangers, moment(asks=YES))) == DISQUALIFIED
    assert ended(law, law.prepare(lead(seems_fit=NO), moment(asks=YES))) == DECLINED
    takes_all = law_of(*PICKY[:-1])
    assert ended(takes_all, takes_all.prepare(lead(seems_fit=NO), moment(asks=YES))) == SOLD


@pytest.mark.parametrize(("days", "code"), [(2, NOT_READY), (3, SOLD), (4, SOLD), (5, BOUGHT_ELSEWHERE)])
def test_ready_from_its_day_on_and_gone_from_its_day_on(days: int, code: int, words: Callable[[Words], None]):
    words(FINE)
    law = law_of("follow_up.sold=1")
    assert ended(law, law.prepare(lead(ready=3), moment(days=days, gone=5))) == code


@pytest.mark.parametrize(("insist", "through"), [("0", NO), ("0.25", NO), ("0.75", YES), ("1", YES)])
def test_insisting_passes_gatekeepers(insist: str, through: bool, words: Callable[[Words], None]):
    words({(visits.TOUCH, 0): (0, HALF)})
    law = law_of("follow_up.sold=1", f"follow_up.insist={insist}")
    assert ended(law, law.prepare(lead(direct=NO), moment())) == (SOLD if through else GATEKEEPER)
    assert ended(law, law.prepare(lead(direct=YES), moment())) == SOLD


@pytest.mark.parametrize(("reached", "yes"), [("0", NO), ("0.49999", NO), ("0.50001", YES), ("1", YES)])
def test_each_channel_reaches_its_share(reached: str, yes: bool, words: Callable[[Words], None]):
    words({})
    law = law_of(f"follow_up.channels.mail.reached={reached}", "follow_up.channels.phone.reached=0.5")
    assert int(law.prepare(lead(), moment(channel=MAIL)).code[0]) == (NOT_CONVINCED if yes else NOT_REACHED)
    assert int(law.prepare(lead(), moment(channel=PHONE)).code[0]) == NOT_REACHED


def test_who_is_hard_to_reach_stays_so(words: Callable[[Words], None]):
    # Levels 0 and 15 of a spread of 1 lie at the 1/32 and 31/32 quantiles of the normal: odds e^-1.86 and e^1.86.
    law = law_of("segments.keen.reach=1", "follow_up.channels.phone.reached=0.5")
    for level, share in ((0, odds(np.array(0.5), np.exp(-1.862732))), (15, odds(np.array(0.5), np.exp(1.862732)))):
        for shift, code in ((-3000, NOT_CONVINCED), (3000, NOT_REACHED)):
            words({(visits.TOUCH, 0): (int(float(share) * 2**32) + shift, HALF)})
            assert int(law.prepare(lead(reach=level), moment()).code[0]) == code


# ---------------------------------------------------------------- irritation


@pytest.mark.parametrize(
    ("traits", "when", "drawn", "irritated"),
    [
        ({"tolerance": 7.0}, {}, {}, NO),
        ({"tolerance": 7.1}, {}, {}, YES),
        ({"preferred": PHONE}, {}, {}, NO),
        ({"preferred": MAIL}, {}, {}, YES),
        ({"preferred": MAIL}, {"channel": MAIL}, {}, NO),
        ({"tolerance": 7.1}, {}, {(visits.TOUCH, 0): (MOST, 0)}, NO),  # not reached
        ({"tolerance": 7.1, "direct": NO}, {}, {}, NO),  # it was a gatekeeper
        ({"tolerance": 7.1, "qualified": NO}, {}, {}, YES),
    ],
)
def test_what_irritates(
    traits: dict[str, Any], when: dict[str, Any], drawn: Words, irritated: bool, words: Callable[[Words], None]
):
    words({(visits.TOUCH, 0): (0, MOST), **drawn})
    law = law_of("follow_up.channels.phone.reached=0.5")
    assert law.prepare(lead(**traits), moment(**when)).irritated.tolist() == [irritated]


def test_some_of_the_irritated_walk_away(words: Callable[[Words], None]):
    law = law_of("segments.keen.walks_away=0.25", "follow_up.sold=1")
    for word, code in ((0, WALKED_AWAY), (QUARTER - 1, WALKED_AWAY), (QUARTER, SOLD), (MOST, SOLD)):
        words({(visits.TOUCH, 1): (word, 0)})
        assert ended(law, law.prepare(lead(tolerance=8.0), moment())) == code
        assert ended(law, law.prepare(lead(tolerance=7.0), moment())) == SOLD


@pytest.mark.parametrize(
    ("traits", "when", "signal"),
    [
        ({}, {}, NO), ({"tolerance": 8.0}, {}, YES), ({"qualified": NO}, {}, YES), ({}, {"gone": 7}, YES),
        ({"ready": 8}, {}, NO), ({"never_ready": YES, "ready": NEVER}, {}, NO), ({"direct": NO}, {}, NO),
        ({"fit": NO}, {}, NO),
    ],
)  # fmt: skip
def test_what_is_a_signal_against_it(
    traits: dict[str, Any], when: dict[str, Any], signal: bool, words: Callable[[Words], None]
):
    # An irritation, or that the lead will never buy; a quarter of the signals is noticed.
    law = law_of("follow_up.reads_signals=0.25")
    for word, seen in ((QUARTER - 1, signal), (QUARTER, NO)):
        words({(visits.TOUCH, 2): (HALF, word)})
        assert law.prepare(lead(**traits), moment(**when)).noticed.tolist() == [seen]


# ---------------------------------------------------------------- odds


def share_of(law: TouchLaw, contact: Contact, seat: int = 0, team: int = SELLERS) -> list[float]:
    """Exactly at which of these shares the contact turns from sold to conceded, and to not convinced."""
    found = []
    for won in ((SOLD,), (SOLD, CONCEDED)):
        low, high = 0, 2**32
        while low < high:
            middle = (low + high) // 2
            code = law.decide(replace(contact, word=array(middle)), team, array(seat))
            low, high = (middle + 1, high) if int(code[0]) in won else (low, middle)
        found.append(low / 2**32)
    return found


ODDS: dict[str, tuple[tuple[str, ...], dict[str, Any], dict[str, Any], float, float]] = {
    # overrides, lead, moment, odds ratio, odds ratio if pressed; sold 1/2 has odds 1
    "as it is": ((), {}, {"touches": 9, "irritations": 9}, 1, 1),
    "earlier touches": (("follow_up.odds_per_touch=0.5",), {}, {"touches": 3}, 1 / 8, 1 / 8),
    "more of them help": (("follow_up.odds_per_touch=2",), {}, {"touches": 3}, 8, 8),
    "of 60 at most": (("follow_up.odds_per_touch=0.9",), {}, {"touches": 1000}, 0.9**60, 0.9**60),
    "irritations": (("follow_up.odds_per_irritation=0.5",), {}, {"irritations": 2}, 1 / 4, 1 / 4),
    "this one counts at once": (
        ("follow_up.odds_per_irritation=0.5",), {"tolerance": 8.0}, {"irritations": 2}, 1 / 8, 1 / 8,
    ),
    "irritations, of 60 at most": (
        ("follow_up.odds_per_irritation=0.9",), {"tolerance": 8.0}, {"irritations": 60}, 0.9**60, 0.9**60,
    ),
    "both": (
        ("follow_up.odds_per_irritation=0.5", "follow_up.odds_per_touch=3"), {}, {"irritations": 1, "touches": 1},
        1.5, 1.5,
    ),
    "pressing": (("follow_up.pressure=3",), {}, {}, 1, 3),
    "pressing the irritated": (
        ("follow_up.pressure=3", "follow_up.odds_per_irritation=0.5"), {}, {"irritations": 1}, 1 / 2, 3 / 2,
    ),
    "the segment": (("segments.keen.odds.sold=3",), {}, {}, 3, 3),
    "skill": (("teams.sellers.skill=[3]",), {}, {}, 3, 3),
    "the callers' skill is not theirs": (("teams.callers.skill=[3]",), {}, {}, 1, 1),
    "coming back is not a touch": (("follow_up.odds_returned=3",), {}, {}, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("case", ODDS)
def test_what_moves_the_odds(case: str, words: Callable[[Words], None]):
    overrides, traits, when, gently, pressed = ODDS[case]
    words({(visits.TOUCH, 1): (MOST, HALF)})
    law = law_of("follow_up.sold=0.5", *overrides)
    contact = law.prepare(lead(**traits), moment(**when))
    known = [gently / (1 + gently), pressed / (1 + pressed)]
    assert share_of(law, contact) == pytest.approx(known, abs=1e-9)


def test_who_makes_the_touch_matters(words: Callable[[Words], None]):
    words({})
    law = law_of("follow_up.sold=0.5", "teams.sellers.size=2", "teams.sellers.skill=[0.5, 2]")
    contact = law.prepare(lead(), moment())
    assert share_of(law, contact, seat=0) == pytest.approx([1 / 3, 1 / 3], abs=1e-9)
    assert share_of(law, contact, seat=1) == pytest.approx([2 / 3, 2 / 3], abs=1e-9)
    assert share_of(law, contact, team=CALLERS) == pytest.approx([1 / 2, 1 / 2], abs=1e-9)


def test_the_word_of_the_sale_is_its_own(words: Callable[[Words], None]):
    words({(visits.TOUCH, 1): (0, 1234)})
    assert law_of().prepare(lead(), moment()).word.tolist() == [1234]


# ---------------------------------------------------------------- minutes

LENGTHS: dict[str, tuple[dict[str, Any], dict[str, Any], Words, float]] = {
    "nobody": ({}, {}, {(visits.TOUCH, 0): (MOST, 0)}, 1),
    "nobody, by mail": ({}, {"channel": MAIL}, {(visits.TOUCH, 0): (MOST, 0)}, 3),
    "a gatekeeper": ({"direct": NO}, {"asks": YES}, {}, 2),
    "a gatekeeper, by mail": ({"direct": NO}, {"channel": MAIL}, {}, 4),
    "a talk": ({}, {}, {}, 10),
    "a talk by mail": ({}, {"channel": MAIL}, {}, 5),
    "of no use": ({"qualified": NO}, {}, {}, 10),
    "who walks away": ({"tolerance": 8.0}, {"asks": YES}, {(visits.TOUCH, 1): (0, 0)}, 10),
    "who is asked": ({}, {"asks": YES}, {}, 10 + 7),
    "who is asked and let go": ({"seems_qualified": NO}, {"asks": YES}, {}, 10 + 7),
    "nobody is not asked": ({}, {"asks": YES}, {(visits.TOUCH, 0): (MOST, 0)}, 1),
}


@pytest.mark.parametrize("case", LENGTHS)
def test_how_long_a_touch_takes(case: str, words: Callable[[Words], None]):
    traits, when, drawn, minutes = LENGTHS[case]
    words({(visits.TOUCH, 0): (0, MOST), (visits.TOUCH, 1): (MOST, 0), **drawn})
    law = law_of(
        "follow_up.channels.phone.reached=0.5", "follow_up.channels.mail.reached=0.5", "segments.keen.walks_away=0.5",
        "follow_up.qualify={ minutes = 7 }",
    )  # fmt: skip
    assert law.prepare(lead(**traits), moment(**when)).length.tolist() == [minutes * MINUTE]


def test_minutes_and_asking_have_their_own_words(words: Callable[[Words], None]):
    words({(visits.TOUCH, 2): (QUARTER, 0), (visits.TOUCH, 3): (3 * QUARTER, 0)})
    law = law_of(
        "follow_up.channels.phone.minutes.talk={ low = 0, high = 40 }",
        "follow_up.qualify={ minutes = { low = 0, high = 4 } }",
    )
    length = law.prepare(lead(), moment(asks=YES)).length
    np.testing.assert_allclose(length, [13 * MINUTE], rtol=1e-8)


# ---------------------------------------------------------------- who comes back


def back(law: TouchLaw, waited: int = 0, traits: dict[str, Any] | None = None, **when: Any) -> Contact:
    return law.came_back(lead(**(traits or {})), moment(**when), array(waited))


WAITING = (
    "segments.web={ temperature = 'hot', leads = 1 }", "inbound.teams=['sellers']", "inbound.accepted=1",
    "inbound.offer='sale'", f"inbound.waiting={{ source = 'none', odds = {{ '5 min' = 0.5, '1 h' = {1 / 3} }} }}",
)  # fmt: skip
BACK: dict[str, tuple[tuple[str, ...], int, dict[str, Any], float, float]] = {
    "as it is": ((), 99 * MINUTE, {}, 1, 1),
    "really interested": (("follow_up.odds_returned=4",), 0, {}, 4, 4),
    "touched before": (("follow_up.odds_per_touch=0.5",), 0, {"touches": 2}, 1 / 4, 1 / 4),
    "irritated before": (("follow_up.odds_per_irritation=0.5",), 0, {"irritations": 2}, 1 / 4, 1 / 4),
    "pressed": (("follow_up.pressure=3",), 0, {}, 1, 3),
    "not waited": (WAITING, 5 * MINUTE - 1, {}, 1, 1),
    "waited": (WAITING, 5 * MINUTE, {}, 1 / 2, 1 / 2),
    "waited longer": (WAITING, 60 * MINUTE, {}, 1 / 3, 1 / 3),
}


@pytest.mark.parametrize("case", BACK)
def test_what_moves_the_odds_of_who_comes_back(case: str, words: Callable[[Words], None]):
    overrides, waited, when, gently, pressed = BACK[case]
    words({})
    law = law_of("follow_up.sold=0.5", *overrides)
    known = [gently / (1 + gently), pressed / (1 + pressed)]
    assert share_of(law, back(law, waited, **when)) == pytest.approx(known, abs=1e-9)


def test_who_comes_back_is_reached_is_not_irritated_and_asks_for_itself(words: Callable[[Words], None]):
    words({(visits.TOUCH, 0): (MOST, MOST), (visits.FOLLOW, 6): (0, MOST)})
    law = law_of("follow_up.channels.phone.reached=0", "follow_up.sold=0.5", "follow_up.qualify={}")
    contact = back(law, since=0, traits={"tolerance": 99.0, "preferred": MAIL, "direct": NO, "seems_qualified": NO})
    assert (contact.irritated.tolist(), contact.noticed.tolist()) == ([NO], [NO])
    assert ended(law, contact) == SOLD
    assert ended(law, back(law, traits={"qualified": NO})) == NOT_QUALIFIED
    assert ended(law, back(law, days=7, gone=7)) == BOUGHT_ELSEWHERE
    assert ended(law, back(law, days=6, gone=7)) == SOLD


def test_clock_patience_and_minutes_of_who_comes_back(words: Callable[[Words], None]):
    words({(visits.FOLLOW, 4): (0, 77), (visits.FOLLOW, 5): (QUARTER, 3 * QUARTER)})
    law = law_of(
        *WAITING, "inbound.patience={ low = 0, high = '1 h' }",
        "follow_up.channels.phone.minutes.talk={ low = 0, high = 40 }",
    )  # fmt: skip
    clock, patience, length = law.coming(array(0), array(0))
    assert (clock.tolist(), patience.tolist()) == ([77], [15 * MINUTE])
    np.testing.assert_allclose(length, [30 * MINUTE], rtol=1e-8)
    assert law_of().coming(array(0), array(0))[1].tolist() == [FOREVER]


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("ask", "keeps", "word", "kept"),
    [("true", 0.25, QUARTER - 1, YES), ("true", 0.25, QUARTER, NO), ("true", 1, MOST, YES), ("true", 0, 0, NO),
     ("false", 0.25, 0, NO)],
)  # fmt: skip
def test_keeping_to_the_answer(ask: str, keeps: float, word: int, kept: bool, words: Callable[[Words], None]):
    words({(visits.TOUCH, 3): (HALF, word)})
    law = law_of(f"follow_up.ask={ask}", *((f"follow_up.keeps={keeps}",) if ask == "true" else ()))
    assert law.keeps_to_it(array(0), array(0), array(0)).tolist() == [kept]


def test_each_touch_has_its_own_words():
    law = law_of("segments.keen.leads=50", columns=2)
    who = lead()
    seen = set()
    for column, number, touches in itertools.product(range(2), range(50), range(8)):
        contact = law.prepare(who, moment(column=column, lead=number, touches=touches))
        visit = draws.visit(law.streams[column : column + 1], number, visits.TOUCH, touches)
        assert contact.word.tolist() == draws.pair(visit, 1)[1].tolist()
        seen.add(int(contact.word[0]))
    assert len(seen) == 800


def test_one_history_alone_has_the_same_law():
    uncertain = (
        "follow_up.sold='5 of 10'", "follow_up.channels.phone.reached='7 of 9'",
        "follow_up.odds_per_touch={ low = 0.5, high = 2 }",
        "follow_up.reads_signals='5 of 10'", "follow_up.insist='5 of 10'", "segments.keen.walks_away='5 of 10'",
    )  # fmt: skip
    law = law_of(*uncertain, "segments.keen.leads=40", columns=3)
    for column, number, direct in itertools.product(range(3), range(40), (YES, NO)):
        who, when = lead(tolerance=8.0, direct=direct), moment(lead=number, touches=2)
        alone, whole = law.column(column), law
        mine = alone.prepare(who, when)
        theirs = whole.prepare(who, replace(when, column=array(column)))
        for name in ("code", "irritated", "noticed", "word", "chance", "ratio", "length"):
            assert getattr(mine, name).tolist() == getattr(theirs, name).tolist(), name
        assert ended(alone, mine) == ended(whole, theirs)


def test_results_are_named():
    assert len(touch.TOUCHES) == 12
    assert {touch.TOUCHES[code] for code in touch.WON} == {"sold", "sold under pressure"}
    assert not set(touch.WASTED) & {*touch.WON, NOT_REACHED, NOT_CONVINCED}
