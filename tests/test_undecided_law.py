"""Who is undecided, on paper: when it can buy, until when, what it bears, and whether it comes back by itself.

Chance is a parameter: the laws are handed words that the test chose; exact. The addresses of all decisions
are those of the table in `funnel/visits.py`, and each decision owns its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from pursued import nature
from test_closing_law import Words
from test_closing_law import words as words  # a fixture
from test_laws import array

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.traits import NEVER as ABOVE_ALL
from simfunnel.funnel.traits import passes_gatekeeper, reach_level, unless_qualified
from simfunnel.funnel.undecided import (
    ANY,
    BOUGHT_ELSEWHERE,
    COMES,
    GIVEN_UP,
    IF_NURTURED,
    NEVER,
    NEVER_READY,
    NOT_QUALIFIED,
    STAYS,
    Undecided,
    UndecidedLaw,
    comes_back,
    day_reached,
    found,
    why_not,
)  # fmt: skip

QUARTER, HALF, MOST = 2**30, 2**31, 2**32 - 1
CERTAIN, IMPOSSIBLE = 2**32, 0
YES, NO = True, False


def law_of(*overrides: str, columns: int = 1) -> UndecidedLaw:
    return nature(*overrides, columns=columns).undecided


def traits_of(law: UndecidedLaw, *lead: int, column: int = 0) -> Undecided:
    leads = array(*lead)
    return law.traits(np.full_like(leads, column), leads, np.full_like(leads, 100_00))


# ---------------------------------------------------------------- pure functions


def test_a_day_is_reached_when_it_has_come():
    # Ready at noon of the third day: not on day 2, but on day 3. Whole days are reached on the day itself.
    days = np.array([0, 1e-9, 0.5, 1, 1.5, 2.999, 3, 3.0001, 36_500.0, NEVER, 1e12, np.inf])
    assert day_reached(days).tolist() == [0, 1, 1, 1, 2, 3, 3, 4, 36_500, NEVER, NEVER, NEVER]


@pytest.mark.parametrize(
    ("qualified", "gone", "never", "cause"),
    [
        (YES, NO, NO, GIVEN_UP), (YES, NO, YES, NEVER_READY), (YES, YES, NO, BOUGHT_ELSEWHERE),
        (YES, YES, YES, BOUGHT_ELSEWHERE), (NO, NO, NO, NOT_QUALIFIED), (NO, NO, YES, NOT_QUALIFIED),
        (NO, YES, NO, NOT_QUALIFIED), (NO, YES, YES, NOT_QUALIFIED),
    ],
)  # fmt: skip
def test_why_a_lead_had_not_bought(qualified: bool, gone: bool, never: bool, cause: int):
    assert why_not(np.array([qualified]), np.array([gone]), np.array([never])).tolist() == [cause]


def test_what_qualifying_finds():
    # Sensitivity 3/4 finds true what is in three of four; specificity 1/4 finds false what is not in one of four.
    word = array(0, QUARTER - 1, QUARTER, 3 * QUARTER - 1, 3 * QUARTER, MOST)
    sensitivity, specificity = array(3 * QUARTER), array(QUARTER)
    assert found(word, np.full(6, YES), sensitivity, specificity).tolist() == [YES] * 4 + [NO] * 2
    assert found(word, np.full(6, NO), sensitivity, specificity).tolist() == [NO] * 2 + [YES] * 4


@pytest.mark.parametrize("true", [YES, NO])
@pytest.mark.parametrize("word", [0, HALF, MOST])
def test_who_always_or_never_sees_it(true: bool, word: int):
    both = array(CERTAIN), array(IMPOSSIBLE)
    for sensitivity, sees in zip(both, (YES, NO), strict=True):
        assert found(array(word), np.array([YES]), sensitivity, array(0)).tolist() == [sees]
    for specificity, sees in zip(both, (NO, YES), strict=True):
        assert found(array(word), np.array([NO]), array(0), specificity).tolist() == [sees]
    perfect = found(array(word), np.array([true]), array(CERTAIN), array(CERTAIN))
    assert perfect.tolist() == [true]


def test_who_comes_back():
    word = array(0, QUARTER - 1, QUARTER, HALF - 1, HALF, MOST)
    able, plain, nurtured = np.full(6, YES), array(QUARTER), array(HALF)
    assert comes_back(word, able, plain, nurtured).tolist() == [COMES] * 2 + [IF_NURTURED] * 2 + [STAYS] * 2
    assert comes_back(word, ~able, plain, nurtured).tolist() == [STAYS] * 6
    assert comes_back(word, able, array(CERTAIN), array(CERTAIN)).tolist() == [COMES] * 6
    assert comes_back(word, able, array(IMPOSSIBLE), array(IMPOSSIBLE)).tolist() == [STAYS] * 6


# ---------------------------------------------------------------- traits by chosen words


def test_ready_and_window_are_counted_up_together(words: Callable[[Words], None]):
    # Ready after 2.5 days: on day 3. Gone 2.4 days after that moment, at 4.9: on day 5; nurtured twice as long, at
    # 7.3: on day 8.
    words({})
    nurture = "follow_up.nurture={ every = '1 week', messages = 3, keeps_open = 2 }"
    who = traits_of(law_of("segments.keen.ready=2.5", "segments.keen.window=2.4", nurture), 0)
    assert (who.ready.tolist(), who.gone.tolist(), who.gone_nurtured.tolist()) == ([3], [5], [8])
    who = traits_of(law_of("segments.keen.ready=2.5", "segments.keen.window=2.4"), 0)
    assert (who.gone.tolist(), who.gone_nurtured.tolist()) == ([5], [5])


def test_times_may_be_given_in_weeks(words: Callable[[Words], None]):
    words({})
    who = traits_of(
        law_of("segments.keen.ready='2 weeks'", "segments.keen.window='1 week'", "segments.keen.tolerance='3 days'"), 0
    )
    assert (who.ready.tolist(), who.gone.tolist(), who.tolerance.tolist()) == ([14], [21], [3])


def test_who_says_nothing_is_ready_at_once_for_good_and_bears_everything(words: Callable[[Words], None]):
    words({})
    who = traits_of(law_of(), 0)
    assert {name: getattr(who, name).tolist()[0] for name in Undecided.__dataclass_fields__} == {
        "ready": 0, "gone": NEVER, "gone_nurtured": NEVER, "tolerance": 0, "preferred": ANY, "reach": 8,
        "qualified": YES, "direct": YES, "fit": YES, "never_ready": NO, "seems_qualified": YES, "seems_fit": YES,
        "comes_back": STAYS, "amount": 100_00,
    }  # fmt: skip


def test_never_ready_is_never_and_does_not_come_back(words: Callable[[Words], None]):
    words({(visits.FOLLOW, 1): (HALF, QUARTER - 1)})
    never = "segments.keen.never_ready=0.25"
    who = traits_of(law_of(never, "segments.keen.ready=3", "segments.keen.window=1", "segments.keen.returns=1"), 0)
    assert (who.never_ready.tolist(), who.ready.tolist(), who.gone.tolist()) == ([YES], [NEVER], [NEVER])
    assert who.comes_back.tolist() == [STAYS]
    words({(visits.FOLLOW, 1): (HALF, QUARTER)})
    who = traits_of(law_of(never, "segments.keen.ready=3", "segments.keen.returns=1"), 0)
    assert (who.never_ready.tolist(), who.ready.tolist(), who.comes_back.tolist()) == ([NO], [3], [COMES])


def test_who_is_not_qualified_does_not_come_back(words: Callable[[Words], None]):
    words({})
    assert traits_of(law_of("segments.keen.qualified=0", "segments.keen.returns=1"), 0).comes_back.tolist() == [STAYS]


def test_nurturing_raises_the_odds_of_coming_back(words: Callable[[Words], None]):
    # 1/4 has odds 1/3; times 3 they are 1, so 1/2.
    overrides = (
        "segments.keen.returns=0.25", "follow_up.nurture={ every = '1 week', messages = 3, odds_returning = 3 }",
    )  # fmt: skip
    for word, comes in ((QUARTER - 1, COMES), (QUARTER, IF_NURTURED), (HALF - 1, IF_NURTURED), (HALF, STAYS)):
        words({(visits.FOLLOW, 2): (HALF, word)})
        assert traits_of(law_of(*overrides), 0).comes_back.tolist() == [comes]


@pytest.mark.parametrize(
    ("shares", "words_of"),
    [
        ("{ phone = 0.25, mail = 0.75 }", [(0, 0), (QUARTER - 1, 0), (QUARTER, 1), (MOST, 1)]),
        ("{ mail = 0.25, phone = 0.75 }", [(0, 0), (3 * QUARTER - 1, 0), (3 * QUARTER, 1), (MOST, 1)]),
        ("{ phone = 1 }", [(0, 0), (MOST, 0)]),
        ("{ mail = 1 }", [(0, 1), (MOST, 1)]),
        ("{ phone = 1, mail = 0 }", [(0, 0), (MOST, 0)]),
        ("{}", [(0, ANY), (MOST, ANY)]),
    ],
)
def test_preferred_channels_are_those_of_the_plan_in_its_order(
    shares: str, words_of: list[tuple[int, int]], words: Callable[[Words], None]
):
    for word, preferred in words_of:
        words({(visits.FOLLOW, 2): (word, HALF)})
        assert traits_of(law_of(f"segments.keen.channels={shares}"), 0).preferred.tolist() == [preferred]


def test_qualifying_sees_the_lead_and_the_fit_for_themselves(words: Callable[[Words], None]):
    # FOLLOW pair 3 low finds out whether it can buy, pair 4 high whether the product fits; 1/4 and 3/4 sure.
    asks = "follow_up.qualify={ sensitivity = 0.25, specificity = 0.75 }"
    for able, fits in ((QUARTER - 1, QUARTER), (QUARTER, QUARTER - 1)):
        words({(visits.FOLLOW, 3): (0, able), (visits.FOLLOW, 4): (fits, HALF)})
        who = traits_of(law_of(asks), 0)
        assert who.seems_qualified.tolist() == [able < QUARTER]
        assert who.seems_fit.tolist() == [fits < QUARTER]
        who = traits_of(law_of(asks, "segments.keen.qualified=0", "segments.keen.fit=0"), 0)
        assert who.seems_qualified.tolist() == [able >= 3 * QUARTER]
        assert who.seems_fit.tolist() == [fits >= 3 * QUARTER]


# ---------------------------------------------------------------- addresses

LEADS = np.arange(3000)
EVERYTHING = (
    "segments.keen.leads=3000", "segments.keen.ready={ low = 0, high = 100 }",
    "segments.keen.window={ low = 0, high = 100 }", "segments.keen.tolerance={ low = 0, high = 10 }",
    "segments.keen.channels={ phone = 0.5, mail = 0.5 }", "segments.keen.returns=0.5", "segments.keen.never_ready=0.2",
    "segments.keen.qualified=0.5", "segments.keen.decision_maker=0.5", "segments.keen.fit=0.5",
    "follow_up.qualify={ sensitivity = 0.8, specificity = 0.7 }",
)  # fmt: skip
DECISIONS: dict[str, tuple[str, set[str]]] = {
    "ready": ("segments.keen.ready=50", {"ready", "gone", "gone_nurtured"}),
    "never ready": (
        "segments.keen.never_ready=0.7", {"ready", "gone", "gone_nurtured", "never_ready", "comes_back"},
    ),
    "window": ("segments.keen.window=50", {"gone", "gone_nurtured"}),
    "tolerance": ("segments.keen.tolerance=3", {"tolerance"}),
    "preferred channel": ("segments.keen.channels={ phone = 0.1, mail = 0.9 }", {"preferred"}),
    "returns": ("segments.keen.returns=0.9", {"comes_back"}),
    "qualified": ("segments.keen.qualified=0.9", {"qualified", "seems_qualified", "comes_back"}),
    "decision maker": ("segments.keen.decision_maker=0.9", {"direct"}),
    "fit": ("segments.keen.fit=0.9", {"fit", "seems_fit"}),
    "what is found": (
        "follow_up.qualify={ sensitivity = 0.3, specificity = 0.9 }", {"seems_qualified", "seems_fit"},
    ),
    "nurture": (
        "follow_up.nurture={ every = '1 week', messages = 3, odds_returning = 5, keeps_open = 2 }",
        {"comes_back", "gone_nurtured"},
    ),
    "another policy": ("follow_up.interval='1 month'", set()),
    "walking away": ("segments.keen.walks_away=0.9", set()),
}  # fmt: skip


@pytest.mark.parametrize("decision", DECISIONS)
def test_one_trait_more_changes_no_other_draw(decision: str):
    override, changed = DECISIONS[decision]
    before, after = traits_of(law_of(*EVERYTHING), *LEADS), traits_of(law_of(*EVERYTHING, override), *LEADS)
    differs = {f.name for f in fields(before) if (getattr(before, f.name) != getattr(after, f.name)).any()}
    assert differs == changed


ADDRESSES: dict[str, tuple[int, int, int, Callable[[np.ndarray], np.ndarray]]] = {
    # kind, pair, half (0 high); what it is by its uniform number u
    "tolerance": (visits.FOLLOW, 1, 0, lambda u: 10 * u),
    "preferred": (visits.FOLLOW, 2, 0, lambda u: u >= 0.5),
    "fit": (visits.FOLLOW, 3, 0, lambda u: u < 0.5),
    "never_ready": (visits.FOLLOW, 1, 1, lambda u: u < 0.2),
    "direct": (visits.TRAITS, 2, 0, lambda u: u < 0.5),
    "qualified": (visits.TRAITS, 2, 1, lambda u: u < 0.5),
    "reach": (visits.TRAITS, 1, 1, lambda u: np.floor(16 * u)),
}


@pytest.mark.parametrize("column", [0, 2])
@pytest.mark.parametrize("trait", ADDRESSES)
def test_each_decision_owns_its_word(trait: str, column: int):
    kind, pair, half, law = ADDRESSES[trait]
    stream = draws.stream(1, draws.HISTORIES, np.array([column]))
    word = draws.pair(draws.visit(stream, LEADS, kind), pair)[half]
    told = getattr(traits_of(law_of(*EVERYTHING, columns=3), *LEADS, column=column), trait)
    np.testing.assert_allclose(told.astype(float), law(draws.uniform(word)).astype(float), rtol=1e-12)


def test_the_words_of_times_and_of_what_is_found():
    stream = draws.stream(1, draws.HISTORIES, np.array([0]))
    follow = draws.visit(stream, LEADS, visits.FOLLOW)
    (ready, window), (_, back), (_, able), (fits, _) = (draws.pair(follow, n) for n in (0, 2, 3, 4))
    who = traits_of(law_of(*EVERYTHING), *LEADS)
    able_to = ~who.never_ready
    days = 100 * draws.uniform(ready)
    assert who.ready[able_to].tolist() == np.ceil(days)[able_to].tolist()
    assert who.gone[able_to].tolist() == np.ceil(days + 100 * draws.uniform(window))[able_to].tolist()
    sees = np.where(who.qualified, draws.uniform(able) < 0.8, draws.uniform(able) >= 0.7)
    assert who.seems_qualified.tolist() == sees.tolist()
    sees = np.where(who.fit, draws.uniform(fits) < 0.8, draws.uniform(fits) >= 0.7)
    assert who.seems_fit.tolist() == sees.tolist()
    comes = able_to & who.qualified & (draws.uniform(back) < 0.5)
    assert who.comes_back.tolist() == np.where(comes, COMES, STAYS).tolist()


def test_the_traits_are_those_that_calling_saw():
    # One lead is reached at one level, and is qualified or not, whoever asks.
    law = law_of(*EVERYTHING)
    who = traits_of(law, *LEADS)
    traits = draws.visit(law.streams[:1], LEADS, visits.TRAITS)
    assert who.reach.tolist() == reach_level(traits, array(0)).tolist()
    assert who.qualified.tolist() == (unless_qualified(LEADS * 0, traits, array(HALF)) != ABOVE_ALL).tolist()
    assert who.direct.tolist() == passes_gatekeeper(traits, traits, array(HALF), array(0)).tolist()


def test_fit_alone_is_the_same_fit():
    law = law_of(*EVERYTHING, columns=2)
    for column in (0, 1):
        alone = law.fits(np.full(LEADS.size, column), LEADS)
        assert alone.tolist() == traits_of(law, *LEADS, column=column).fit.tolist()


def test_one_history_alone_has_the_same_traits():
    for extra in ((), ("segments.keen.returns='5 of 10'", "segments.keen.fit='5 of 10'")):
        law = law_of(*EVERYTHING, *extra, columns=3)
        for column in range(3):
            one, whole = traits_of(law.column(column), *LEADS), traits_of(law, *LEADS, column=column)
            for field in fields(one):
                assert getattr(one, field.name).tolist() == getattr(whole, field.name).tolist(), field.name


def test_segments_have_their_own_traits(words: Callable[[Words], None]):
    words({})
    other = (
        "segments.other={ leads = 1, ready = 7, window = 2, tolerance = 4, qualified = 0, fit = 0, "
        "channels = { mail = 1 }, never_ready = 0 }"
    )
    who = traits_of(law_of(other), 0, 1, 0)
    assert who.ready.tolist() == [0, 7, 0]
    assert who.gone.tolist() == [NEVER, 9, NEVER]
    assert who.tolerance.tolist() == [0, 4, 0]
    assert who.preferred.tolist() == [ANY, 1, ANY]
    assert who.qualified.tolist() == [YES, NO, YES]
    assert who.fit.tolist() == [YES, NO, YES]
