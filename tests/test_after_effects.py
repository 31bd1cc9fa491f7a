"""Each effect after the sale is isolated in shops that both engines live: this happens because of that alone.

Exact: points and days worked out on paper, or two shops that differ in one number alone, in which the same customers
have the same luck: whoever does it in the one does it in the other. One customer or one point too many is noticed.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, of_kind
from looked_after import EVERY_DAY, FRIENDS, PRESSED, VISITED, contacts, days, ends, run, told

from simfunnel import facts
from simfunnel.funnel import care, closing, customers, loyalty, referral

MANY = "segments.keen.leads=40"
SHOWS = "after_sales.defect={ rate = 1, shows_after = 9, complains = 1, drop = 0.2 }"
"""Delivered on day 1, a Tuesday; shows on Thursday of the week after, day 8."""

BUSY = ("segments.deaf={ leads = 9000 }", "segments.deaf.dead_number=1", "calling.minutes.no_answer=5",
        "after_sales.by=anyone", "calling.order=['retries', 'fresh', 'complaints', 'care']")  # fmt: skip
"""The member has other things to do, every day."""


def who(some: Facts, kind: int, *outcomes: int) -> set[int]:
    """The leads with facts of a kind, with one of the outcomes."""
    mine = of_kind(some, kind)
    return set(mine["lead"][np.isin(mine["outcome"], outcomes)].tolist())


def minutes(talk: object) -> str:
    return f"minutes = {{ talk = {talk} }}"


def points(some: Facts, kind: int) -> list[int]:
    """The satisfaction that is told with facts of a kind, in order of time."""
    return [amount for (amount,) in told(some, kind, "amount")]


# ---------------------------------------------------------------- delivery and defects


@pytest.mark.parametrize(("days_until", "promised", "found"), [(10, 4, 380), (4, 4, 500), (3, 4, 500), (40, 4, 0)])
def test_a_late_delivery_disappoints(days_until: int, promised: int, found: int):
    plan = f"{{ days = {days_until}, promised = {promised}, per_day_late = 0.02 }}"
    some = run(f"after_sales.delivery={plan}", "horizon='40 working days'")
    assert told(some, facts.DELIVERY, "occurrence", "amount") == [(max(0, days_until - promised), found)]


@pytest.mark.parametrize(("reached", "improves"), [(1, True), (0, False)])
def test_cooperative_contacts_make_only_later_deliveries_better(reached: int, improves: bool):
    # Half are delivered on day 2, before the contacts of Monday, day 5, the others on Monday, day 15, after them.
    some = run(
        MANY, "after_sales.delivery.days={ discrete = [2, 20] }", "after_sales.defect.rate=0.5",
        f"after_sales.cooperative={{ days = ['1 week'], odds_defect = 1e-12, reached = {reached} }}",
    )  # fmt: skip
    got = told(some, facts.DELIVERY, "day", "outcome")
    early, late = ([bad for day, bad in got if day == on] for on in (2, 15))
    assert len(early) + len(late) == 40
    assert 3 <= sum(early) <= len(early) - 3
    assert any(late) != improves


def test_one_customers_cooperation_is_all_later_customers_gain():
    # One customer is reached; a delivery on the evening of the contact is later already.
    for due, improves in (("1 week", True), ("8 days", False)):
        some = run(MANY, "after_sales.delivery.days=7", "after_sales.defect.rate=0.5",
                   f"after_sales.cooperative={{ days = ['{due}'], odds_defect = 1e-12, {minutes(240)} }}")  # fmt: skip
        outcomes = [bad for (bad,) in told(some, facts.DELIVERY, "outcome")]
        assert days(some, facts.DELIVERY) == [5] * 40
        assert any(outcomes) != improves


@pytest.mark.parametrize("finds", [0, 1])
def test_a_contact_finds_a_defect_and_mends_it(finds: int):
    some = run(SHOWS, f"after_sales.seller_initiated={{ days = ['1 week', '8 weeks'], finds = {finds} }}")
    what = "seller-initiated: done" + ", and a defect mended" * finds
    assert contacts(some)[0] == (5, "09:00", 0, 0, what)
    assert days(some, facts.RAISED) == ([] if finds else [8])
    assert ends(some) == [(39, 0, customers.STAYS)]


@pytest.mark.parametrize(("responds", "finds"), [(0, 1), (1, 0), (1, 1)])
def test_a_survey_finds_what_is_then_a_repair(responds: int, finds: int):
    some = run(SHOWS, f"after_sales.survey={{ days = ['1 week'], responds = {responds}, finds = {finds} }}")
    outcome = care.FOUND_BY if responds and finds else care.ANSWERED if responds else care.UNANSWERED
    assert told(some, facts.MESSAGE, "day", "outcome") == [(5, outcome)]
    if outcome == care.FOUND_BY:  # in time: nothing is lost
        assert told(some, facts.RAISED, "day", "outcome", "amount") == [(5, care.FOUND, 500)]
    else:
        assert told(some, facts.RAISED, "day", "outcome", "amount") == [(8, care.COMPLAINT, 300)]
    assert [(day, what) for day, *_, what in contacts(some)] == [
        (days(some, facts.RAISED)[0] + 1, "answer: done, and a defect mended")
    ]


def test_a_defect_that_nobody_complains_of_is_a_silent_loss():
    some = run(SHOWS.replace("complains = 1", "complains = 0"), VISITED.replace("}", ", finds = 0 }"))
    assert ends(some) == [(8, 0, customers.SILENT)]
    assert [(day, what) for day, *_, what in contacts(some)] == [
        (5, "seller-initiated: done"), (10, "seller-initiated: found lost")
    ]  # fmt: skip
    assert days(some, facts.RAISED) == []


@pytest.mark.parametrize(
    ("patience", "gone"), [("", (39, customers.STAYS)), (", patience = '1 week'", (13, customers.GAVE_UP))]
)
def test_what_a_survey_finds_and_nobody_mends_shows_all_the_same(patience: str, gone: tuple[int, int]):
    # Found on day 5, shown on day 8, a Thursday: who was told that it would be mended complains for certain, and once.
    # The member never comes to it; who is patient for a week gives up on Thursday, day 13.
    shows = SHOWS.replace("complains = 1", "complains = 0")
    some = run(shows, *BUSY, "after_sales.survey={ days = ['1 week'] }",
               f"after_sales.customer_initiated={{ minutes = 15{patience} }}")  # fmt: skip
    assert told(some, facts.RAISED, "day", "outcome", "amount") == [(5, care.FOUND, 500), (8, care.COMPLAINT, 300)]
    assert contacts(some) == []
    assert ends(some) == [(gone[0], 0, gone[1])]


def test_a_repair_that_comes_too_late_is_the_answer_to_a_complaint():
    # All are found on day 5; two repairs fill a day. That of lead 2 begins on day 7, a night after its defect showed.
    some = run(SHOWS.replace("9", "7"), "segments.keen.leads=3", "after_sales.survey={ days = ['1 week'] }",
               "after_sales.customer_initiated={ minutes = 240 }")  # fmt: skip
    raised = told(some, facts.RAISED, "day", "lead", "outcome", "occurrence")
    assert raised == [*((5, lead, care.FOUND, 0) for lead in range(3)), (6, 2, care.COMPLAINT, 1)]
    answered = told(some, facts.ANSWERED, "day", "lead", "outcome", "occurrence", "amount")
    assert answered == [(6, 0, care.FOUND, 0, 1), (6, 1, care.FOUND, 0, 1), (7, 2, care.COMPLAINT, 1, 1)]


def test_a_sound_delivery_never_shows_a_defect():
    some = run(MANY, SHOWS.replace("rate = 1", "rate = 0"), "after_sales.survey={ every = '1 week' }")
    assert days(some, facts.RAISED) == []
    assert {outcome for _, _, outcome in ends(some)} == {customers.STAYS}


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(("shows", "raised", "waited", "after"), [(9, 8, 1, 462), (10, 9, 3, 176)])
def test_an_answer_counts_the_less_the_longer_it_took(shows: int, raised: int, waited: int, after: int):
    # 300 points; raised on Thursday and answered on Friday: odds 3/7 * 4 / 2; on Friday, and on Monday: * 4 / 8.
    some = run(SHOWS.replace("9", str(shows)), "after_sales.customer_initiated={ lift = 4, odds_per_day = 0.5 }")
    assert told(some, facts.RAISED, "day", "amount") == [(raised, 300)]
    assert told(some, facts.ANSWERED, "day", "outcome", "amount") == [(raised + 1, care.COMPLAINT, waited)]
    assert points(some, facts.CARE) == [after]


@pytest.mark.parametrize(("patience", "gone"), [(1, 9), (2, 10), (4, 10), (5, 11), (60, None)])
def test_who_waits_too_long_for_an_answer_is_lost(patience: int, gone: int | None):
    # Raised on Thursday, day 8; the member is busy with other things, every day. Two days later is a Saturday.
    some = run(SHOWS, *BUSY, f"after_sales.customer_initiated.patience={patience}")
    assert days(some, facts.RAISED) == [8]
    assert contacts(some) == []
    assert ends(some) == [(39, 0, customers.STAYS) if gone is None else (gone, 0, customers.GAVE_UP)]


def test_who_waits_for_an_answer_suggests_nothing_but_complains():
    some = run(SHOWS, *BUSY, "after_sales.customer_initiated.suggestions_every=1")
    raised = told(some, facts.RAISED, "day", "outcome", "occurrence")
    assert raised == [(1, care.SUGGESTION, 0), (8, care.COMPLAINT, 1)]


def test_who_is_answered_in_time_stays_and_a_suggestion_has_no_patience():
    some = run(MANY, SHOWS, "after_sales.customer_initiated={ patience = 1, minutes = 1, suggestions_every = 9 }")
    assert {outcome for _, _, outcome in ends(some)} == {customers.STAYS}
    raised = told(some, facts.RAISED, "day", "lead", "outcome", "occurrence")
    assert [(day, code, n) for day, lead, code, n in raised if lead == 0][:2] == [
        (7, care.SUGGESTION, 0), (8, care.COMPLAINT, 1)
    ]  # fmt: skip
    assert len(told(some, facts.ANSWERED, "day")) == len(raised)


# ---------------------------------------------------------------- regret


@pytest.mark.parametrize(("reached", "until"), [(1, 4), (0, 14)])
def test_a_contact_approves_the_choice_of_who_is_tempted_later(reached: int, until: int):
    # Tempted at any time of two weeks; contacted on Monday, day 5: who is tempted that night keeps what it bought.
    some = run(
        MANY, "after_sales.remorse={ window = 14, cancels = 0.9 }",
        f"after_sales.seller_initiated={{ days = ['1 week'], approves = 1e-12, reached = {reached}, {minutes(1)} }}",
    )  # fmt: skip
    gone = [day for day, _, outcome in ends(some) if outcome == customers.CANCELLED]
    assert min(gone) == 1
    assert max(gone) <= until
    assert (max(gone) >= 5) == (not reached)
    paid = of_kind(some, facts.CUSTOMER)
    assert set(paid["amount"][paid["outcome"] == customers.CANCELLED].tolist()) == {100_00}


def test_pressure_is_paid_for_by_who_conceded_only():
    # Conceded sales lose .3 of satisfaction and are cancelled. Nobody knows who conceded, so all are asked for names;
    # who did gives none. The others keep what they bought.
    some = run(
        *PRESSED, MANY, *FRIENDS, "after_sales.satisfaction.pressure=0.3", "after_sales.referral.names=9",
        "after_sales.referral.circle=false", "after_sales.remorse={ window = 300, cancels = 1e-5, conceded = 1e6 }",
        "after_sales.seller_initiated={ every = '1 week', asks = true, minutes = { talk = 1 } }",
    )  # fmt: skip
    gently, conceded = (who(some, facts.TALK, code) for code in (closing.SOLD, closing.CONCEDED))
    assert min(len(gently), len(conceded)) > 5
    assert dict(told(some, facts.DELIVERY, "lead", "amount")) == {
        lead: 500 - 300 * (lead in conceded) for lead in gently | conceded
    }
    assert who(some, facts.CUSTOMER, customers.CANCELLED) <= conceded
    early = {lead for day, lead, why in ends(some) if why == customers.CANCELLED and day < 5}
    assert who(some, facts.ASKED, 0, 1) == (gently | conceded) - early
    assert who(some, facts.ASKED, referral.GAVE) == gently
    assert who(some, facts.ASKED, referral.REFUSED) & conceded
    assert {parent for (parent,) in told(some, facts.REFERRAL, "amount")} == gently


def test_a_bad_fit_disappoints_who_has_it():
    some = run(MANY, "segments.keen.fit=0.5", "after_sales.satisfaction={ bad_fit = 0.3, promise = 0.1 }")
    unfit = {lead for (lead,) in told(some, facts.MISFIT, "lead")}
    assert 8 < len(unfit) < 32
    got = told(some, facts.DELIVERY, "lead", "amount")
    assert got == [(lead, 400 - 300 * (lead in unfit)) for lead in range(40)]


# ---------------------------------------------------------------- what else contacts do

KINDS = {
    "seller": "after_sales.seller_initiated={ every = '1 week', lift = 3 }",
    "cooperative": "after_sales.cooperative={ every = '1 week', odds_defect = 0.5 }",
    "friendly": "after_sales.friendly={ every = '1 week', odds_referral = 3 }",
    "messages": "after_sales.marketing={ every = '1 week', lift = 3 }",
    "surveys": "after_sales.survey={ every = '1 week' }",
}


@pytest.mark.parametrize("kind", KINDS)
def test_only_sellers_contacts_lift_satisfaction_for_good(kind: str):
    # Odds 3^7, which are 1000 thousandths.
    assert told(run(KINDS[kind]), facts.CUSTOMER, "amount") == [(1000 if kind == "seller" else 500,)]


def test_a_message_lifts_for_a_while():
    # Odds 3 on day 5 and every second week; a suggestion is told with the points that stay.
    some = run("after_sales.marketing={ every = '2 weeks', lift = 3, half_life = 1 }",
               "after_sales.customer_initiated.suggestions_every=15")  # fmt: skip
    assert set(points(some, facts.MESSAGE)) == {750}
    assert set(points(some, facts.RAISED)) == {500}
    assert set(points(some, facts.CARE)) == {500}


def test_friendly_contacts_make_names_and_nothing_else():
    plan = (MANY, *FRIENDS, "after_sales.referral.circle=false", "after_sales.referral.given=0.2",
            "after_sales.seller_initiated={ days = ['3 weeks'], asks = true, minutes = { talk = 1 } }")  # fmt: skip
    friendly = "after_sales.friendly={{ every = '1 week', odds_referral = {}, minutes = {{ talk = 1 }} }}"
    cold, warm = run(*plan, friendly.format(1)), run(*plan, friendly.format(4))
    named = [{parent for (parent,) in told(some, facts.REFERRAL, "amount")} for some in (cold, warm)]
    assert named[0] < named[1]
    for name in cold:
        other = [some[name][~np.isin(some["kind"], (facts.ASKED, facts.REFERRAL))] for some in (cold, warm)]
        np.testing.assert_array_equal(*other)


@pytest.mark.parametrize("most", [1, 3])
def test_more_is_sold_at_contacts_but_not_without_end(most: int):
    some = run(VISITED, f"after_sales.cross_sale={{ sold = 1, most = {most}, revenue = 7 }}")
    found = told(some, facts.PURCHASE, "day", "outcome", "occurrence", "amount")
    assert found == [(5 + 5 * n, loyalty.CROSS, n, 7_00) for n in range(most)]
    assert not told(
        run(VISITED.replace("}", ", reached = 0 }"), "after_sales.cross_sale={ sold = 1 }"), facts.PURCHASE, "day"
    )


def test_the_familiar_face_is_who_sold():
    # Sold by both members; whoever is free makes the contacts, one a customer: odds 9 by the face that sold, else 3.
    some = run(
        "teams.sellers.size=2",
        MANY,
        "after_sales.familiar=3",
        "after_sales.by=anyone",
        "calling.minutes.talk={ low = 1, high = 9 }",
        f"after_sales.seller_initiated={{ days = ['1 week'], lift = 3, {minutes('{low = 1, high = 9}')} }}",
    )
    sold = dict(told(some, facts.DIAL, "lead", "seat"))
    made = told(some, facts.CARE, "lead", "seat", "amount")
    assert [amount for _, _, amount in made] == [900 if sold[lead] == seat else 750 for lead, seat, _ in made]
    assert {amount for *_, amount in made} == {750, 900}
    elsewhere = run("calling.teams=['callers']", "teams.callers={ size = 1 }", MANY, "after_sales.familiar=3",
                    "after_sales.seller_initiated={ days = ['1 week'], lift = 3 }")  # fmt: skip
    assert set(points(elsewhere, facts.CARE)) == {750}


def test_resellers_order_what_has_sold_through():
    # An order sells through in 20 days; occasions every 10: half an order each time, a whole one after two were passed.
    resale = "after_sales.resale={ share = 1, sells_in = 20 }"
    plan = "after_sales.repeat={{ every = 10, bought = {}, revenue = 100 }}"
    some = run(plan.format(1), resale, EVERY_DAY)
    assert told(some, facts.PURCHASE, "day", "amount") == [(10, 50_00), (20, 50_00), (30, 50_00)]
    assert set(points(run(plan.format(1)), facts.PURCHASE)) == {100_00}
    some = run(plan.format(0.5), resale, MANY, EVERY_DAY)
    last = dict.fromkeys(range(40), 0)
    for day, lead, outcome, amount in told(some, facts.PURCHASE, "day", "lead", "outcome", "amount"):
        part = min(1, (day - last[lead]) / 20)
        assert amount == (100_00 * part if outcome == loyalty.REPEAT else 0)
        last[lead] = day if outcome == loyalty.REPEAT else last[lead]


# ---------------------------------------------------------------- what satisfaction drives

DEFECT = "after_sales.defect={ rate = 1, complains = 0.5, satisfied = 3 }"
DRIVEN = {
    "repeat": ("after_sales.repeat={ every = 60, bought = 0.5, satisfied = 3 }", facts.PURCHASE, (loyalty.REPEAT,), 1),
    "cross": ("after_sales.cross_sale={ sold = 0.5, satisfied = 3 }", facts.PURCHASE, (loyalty.CROSS,), 1),
    "names": ("after_sales.referral={ segment = 'friends', given = 0.5, satisfied = 3, circle = false, names = 9 }",
              facts.ASKED, (1,), 1),
    "complaints": (DEFECT, facts.RAISED, (care.COMPLAINT,), 1),
    "silent loss": (DEFECT, facts.CUSTOMER, (customers.SILENT,), -1),
    "cancelling": ("after_sales.remorse={ window = 14, cancels = 0.5, satisfied = 3 }", facts.CUSTOMER,
                   (customers.CANCELLED,), -1),
}  # fmt: skip


@pytest.mark.parametrize("case", DRIVEN)
def test_what_satisfaction_drives(case: str):
    # Two shops that differ in satisfaction alone: who did it in the one does it in the other, and more do.
    plan, kind, outcomes, sign = DRIVEN[case]
    visits = "after_sales.seller_initiated={ days = ['1 week'], asks = true, finds = 0 }"
    more = (plan, visits, MANY, "horizon='60 working days'")
    more = (*more, "segments.friends={ temperature = 'warm' }") if case == "names" else more
    low, high = (run(*more, f"after_sales.satisfaction.reality={reality}") for reality in (0.2, 0.8))
    less, greater = (who(some, kind, *outcomes) for some in (low, high)[::sign])
    assert less < greater
    assert len(greater) - len(less) >= 3
    more = tuple(override.replace("satisfied = 3", "satisfied = 1") for override in more)
    low, high = (run(*more, f"after_sales.satisfaction.reality={reality}") for reality in (0.2, 0.8))
    assert who(low, kind, *outcomes) == who(high, kind, *outcomes)
