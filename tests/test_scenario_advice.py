"""Advice: what odds mean, and what is legal but surely wrong, with numbers worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from simfunnel.experiments.advice import advise
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import percent
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.schema import Scenario

# 1,000 leads, each dial answered by half, of whom 1 in 10 listens, of whom half accept. A dial takes
# 1 (ring) + .5 * .5 (nobody) + .5 * (1 (notes) + .9 * 1 (hung up) + .1 * 6 (talk)) = 2.5 minutes.
# Two members have 2 * (480 - 30) = 900 minutes a day.
PLAIN = """
start = 2026-01-12
horizon = "10 working days"
[segments.list]
leads = 1000
interested = 0.6
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.1
accepted = 0.5
[calling.minutes]
ring = 1
no_answer = 0.5
hang_up = 1
talk = 6
wrap_up = 1
[teams.callers]
size = 2
pause = "12:00-12:30"
[demo]
every = "2 working days"
team = "callers"
seats = 10
attended = 0.5
[closing]
sold_if_interested = 0.5
[money]
revenue_per_sale = 100
unit_cost = 40
"""


def expectation(*overrides: str) -> Expectation:
    return Expectation(parse_scenario(PLAIN, overrides=overrides))


def warnings(*overrides: str) -> tuple[str, ...]:
    text = PLAIN
    if any(override.startswith("demo.weekdays=") for override in overrides):  # instead of an interval
        text = PLAIN.replace('every = "2 working days"\n', "")
    return advise(parse_scenario(text, overrides=overrides)).warnings


def test_the_expectation_worked_out_on_paper() -> None:
    expected = expectation()
    [cell] = expected.cells
    assert cell.minutes_per_dial == pytest.approx(2.5)
    assert cell.dials == 1000
    assert expected.bookings == pytest.approx(1000 * 0.5 * 0.1 * 0.5)
    assert expected.work_minutes("callers") == pytest.approx(2500)
    assert expected.minutes_a_day("callers") == 900
    assert expected.events == (2, 4, 6, 8)
    assert expected.hosting_minutes("callers") == 4 * 1 * 120  # one host leaves at 15:00, two hours before the end


def test_attempts_known_answer() -> None:
    """p .28, at most 6 attempts: reached .860685930, mean attempts 3.073878 (MODEL.md section 10)."""
    [cell] = expectation("calling.answered=0.28", "calling.attempts=6").cells
    assert cell.dials == pytest.approx(3073.878, abs=5e-4)
    assert cell.bookings / 0.05 == pytest.approx(860.685930, abs=1e-6)


def test_the_expectation_of_unlike_leads_on_paper() -> None:
    # A fifth is dead; the others answer with .5, at the second dial with odds 1/3 (.25): 1.5 dials, .625 reached.
    [cell] = expectation(
        "segments.list.dead_number=0.2", "calling.attempts=2", "calling.by_attempt=[0.3333333333333333]"
    ).cells
    assert cell.dials == pytest.approx(1000 * (0.8 * 1.5 + 0.2 * 2))
    assert cell.bookings == pytest.approx(1000 * 0.8 * 0.625 * 0.1 * 0.5)
    # A third decide themselves, a quarter of the others are asked through: half pass. A dial takes
    # 1 + .5 * .5 + .5 * (1 + .5 * 3 (gatekeeper) + .5 * (.9 + .6)) = 2.875 minutes.
    [cell] = expectation(
        "segments.list.decision_maker={ low = 0.3, likely = 0.3333333333333333, high = 0.4 }",
        "calling.asked_through=0.25",
        "calling.minutes.gatekeeper=3",
    ).cells
    assert cell.bookings == pytest.approx(12.5)
    assert cell.minutes_per_dial == pytest.approx(2.875)
    # Hours 9 to 16: two of eight at odds 3 (.75), the others .5. The hours outside the shift do not count.
    [cell] = expectation("calling.by_hour={ 9 = 3, 10 = 3, 18 = 100 }").cells
    assert cell.reached_each == pytest.approx((2 * 0.75 + 6 * 0.5) / 8)
    # Skills 1 and 9 at listened .1: .1 and .5; paces 1 and 3: in three minutes four times the work of one.
    [cell] = expectation("teams.callers.skill=[1, 9]", "teams.callers.pace=[1, 3]").cells
    assert cell.listened == pytest.approx(0.3)
    assert cell.pace == pytest.approx(1.5)


def test_a_segments_own_team_is_expected_to_dial_it() -> None:
    overrides = (
        "segments.list.team=centre",
        "teams.centre={ kind = 'outsourced', contract = { per_dial = 1 } }",
        "demo.team=centre",
    )
    assert [(cell.team, cell.leads) for cell in expectation(*overrides).cells] == [("centre", 1000)]
    assert any("teams.callers has 2 members and no work" in warning for warning in warnings(*overrides))
    assert not any("teams.centre has" in warning for warning in warnings(*overrides))


def test_leads_are_shared_between_teams_and_odds_multiply() -> None:
    expected = expectation(
        "calling.teams={ callers = 0.75, centre = 0.25 }",
        "teams.centre={ odds = { listened = 2 } }",
        "segments.list.odds.listened=4.5",
        "segments.list.temperature=warm",
        "calling.warm.accepted=3",
    )
    own, centre = expected.cells
    assert (own.leads, centre.leads) == (750, 250)
    assert own.listened == pytest.approx(1 / 3)  # odds 1/9 times 4.5
    assert centre.listened == pytest.approx(0.5)  # odds 1/9 times 4.5 times 2
    assert own.accepted == pytest.approx(0.75)


def test_nothing_to_say_about_a_sound_plan() -> None:
    assert warnings() == ()


def test_odds_are_echoed_with_the_share_before_and_after() -> None:
    scenario = parse_scenario(
        PLAIN,
        overrides=[
            "calling.teams=['callers', 'centre']",
            "calling.listened='20 of 1000'",
            "calling.warm.accepted=3",
            "segments.list.temperature=warm",
            "segments.list.odds.accepted=2",
            "segments.list.odds.sold={ low = 2, high = 4 }",
            "segments.list.odds.attended=1",
            "teams.centre={ odds = { listened = 1.1 } }",
            "teams.centre.odds.interested=0.5",
            "demo.reminder.odds=3",
            "demo.odds_per_day_waited=0.25",
        ],
    )
    assert advise(scenario).odds == (
        "calling.warm.accepted 3: accepted 50.0 % → 75.0 %",
        "demo.reminder.odds 3: attended 50.0 % → 75.0 %",
        "demo.odds_per_day_waited 0.25: attended 50.0 % → 20.0 %",
        "segments.list.odds.accepted 2: accepted 75.0 % → 85.7 %",
        "segments.list.odds.sold 3 (best guess): sold 50.0 % → 75.0 %",
        "teams.centre.odds.listened 1.1: listened 2.0 % → 2.2 %",
        "teams.centre.odds.interested 0.5: interested 60.0 % → 42.9 %",
    )


def test_percentages_read_well() -> None:
    assert [percent(p) for p in (0, 0.00123, 0.0099, 0.02, 1)] == ["0.0 %", "0.12 %", "0.99 %", "2.0 %", "100.0 %"]


ZERO = "is 0 at the best guess, so the stage"


@pytest.mark.parametrize(
    ("overrides", "warning"),
    [
        (
            ["segments={ list = { leads = 0 } }"],
            "segments hold 0 leads, so nothing happens: add a table [segments.list] with leads = 1500.",
        ),
        (["segments.x={ leads = 0 }"], "segments.x has 0 leads: give it leads or remove it."),
        (["calling.answered=0"], f"calling.answered {ZERO} `answered` is never reached: give a share above 0."),
        (["calling.listened='0 of 9'"], f"calling.listened {ZERO} `listened` is never reached: give a share above 0."),
        (["calling.accepted=0"], f"calling.accepted {ZERO} `accepted` is never reached: give a share above 0."),
        (["demo.attended=0"], f"demo.attended {ZERO} `attended` is never reached: give a share above 0."),
        (
            ["segments.list.interested=0"],
            f"segments.list.interested {ZERO} `interested` is never reached: give a share above 0.",
        ),
        (
            ["segments.list.qualified=0"],
            f"segments.list.qualified {ZERO} `sold` is never reached: give a share above 0.",
        ),
        (
            ["calling.asked_through=0.5"],
            "calling.asked_through acts on 0 leads, as no segment has gatekeepers: "
            "give a segment decision_maker below 1 or remove it.",
        ),
        (
            ["closing.sold_if_interested=0"],
            f"closing.sold_if_interested {ZERO} `sold` is never reached: give a share above 0.",
        ),
        # 10 days * 900 minutes less 480 of hosting are 9.4667 days; 3,409 leads take 8,522.5 minutes, 9.4694 days
        (
            ["segments.list.leads=3409", "demo.seats=90"],
            "teams.callers needs about 9.5 working days for its list "
            "but has 9.5 within the horizon: add members, lengthen it or shorten the list.",
        ),
        (
            ["segments.list.leads=40000", "demo.seats=900"],
            "teams.callers needs about 111 working days for its list but has 9.5 "
            "within the horizon: add members, lengthen it or shorten the list.",
        ),
        # 2,500 minutes of first dials are 2.8 days, the intake is 2
        (
            ["intake=2 working days"],
            "teams.callers needs about 2.8 working days for its list but has 2 "
            "within the intake: add members, lengthen it or shorten the list.",
        ),
        (
            ["intake=2 weeks"],
            "intake 2 weeks does not end before the horizon of 10 working days: remove or shorten it.",
        ),
        # days 0, 4 and 8: three dials fit
        (
            ["calling.attempts=4", "calling.retry_after=4 working days"],
            "calling.attempts is 4, but with retry_after "
            "4 working days only 3 fit into the horizon of 10 working days: retry sooner or lengthen the horizon.",
        ),
        (
            ["calling.attempts=2", "calling.retry_after=1 month"],
            "calling.attempts is 2, but with retry_after 1 month "
            "only 1 fit into the horizon of 10 working days: retry sooner or lengthen the horizon.",
        ),
        (
            ["demo.every=10 working days"],
            "demo has 0 events that a lead could be booked on within 10 working days: "
            "hold it more often than every 10 working days or lengthen the horizon.",
        ),
        (
            ["demo.weekday=monday", "demo.every=3 weeks"],
            "demo has 0 events that a lead could be booked on within "
            "10 working days: hold it more often than every 3 weeks or lengthen the horizon.",
        ),
        (
            ["demo.weekday=sunday", "demo.every=1 week", "demo.seats=50"],
            "demo.weekday sunday is not one of the 5 working_days, "
            "so every event moves to the next working day: name a day that is worked.",
        ),
        (
            ["demo.seats=4"],
            "demo.seats 4 at 4 events hold 16 of about 25 bookings, the others still wait at the end: "
            "add seats or events.",
        ),
        (
            ["demo.seats=4", "demo.max_wait=2 weeks"],
            "demo.seats 4 at 4 events hold 16 of about 25 bookings, the others are lost: add seats or events.",
        ),
        (
            ["demo.every=4 working days", "demo.seats=20", "demo.max_wait=2 working days"],
            "demo.max_wait 2 working days is shorter than demo.every 4 working days, so leads are lost "
            "while seats are free: wait longer or hold it more often.",
        ),
        (
            ["demo.weekdays=['tue']", "demo.seats=20", "demo.max_wait=3 working days"],
            "demo.max_wait 3 working days is shorter than the 5 working days between some events on demo.weekdays, "
            "so leads are lost while seats are free: wait longer or hold it more often.",
        ),
        (
            ["demo.max_wait=2 working days", "demo.notice=3 working days"],
            "demo.max_wait 2 working days is shorter than demo.notice 3 working days, so most leads find no seat: "
            "wait longer or give less notice.",
        ),
        (
            ["demo.notice=1 month"],
            "demo has 0 events that a lead could be booked on within 10 working days: hold it more often than every "
            "2 working days, shorten the notice of 1 month or lengthen the horizon.",
        ),
        (
            ["demo.weekdays=['tue', 'sun']", "demo.seats=50"],
            "demo.weekdays names sunday, which is not one of the 5 working_days, so that event moves to the next "
            "working day: name days that are worked.",
        ),
        (
            ["demo.minimum=11"],
            "demo.minimum 11 is more than the 10 bookings that an event takes, so every event is cancelled: "
            "lower it or add seats.",
        ),
        (
            ["demo.minimum=30", "demo.seats=40"],
            "demo.minimum 30 is more than the about 25 bookings to expect in all, so hardly an event is held: "
            "lower it or add leads.",
        ),
        (
            ["demo.overbooking=50 %", "demo.attended=0.9"],
            "demo.overbooking 50 % lets 15 be booked, of whom about 14 come to 10 seats (90.0 %), so a full event "
            "turns people away as a rule: book fewer.",
        ),
        (
            ["demo.overbooking=0.2", "demo.seats=50000000"],
            "demo.overbooking 20 % has no effect while demo.seats has no limit: give seats.",
        ),
        (
            ["demo.reminder.cost=0.5"],
            "demo.reminder costs 0.5 EUR a message and changes nothing, as demo.reminder.odds is 1: "
            "say what it does or remove it.",
        ),
        (
            ["demo.reminder.odds=0.5"],
            "demo.reminder.odds 0.5 keeps people away: give a ratio above 1 or remove it.",
        ),
        (
            ["demo.odds_per_day_waited=1.1"],
            "demo.odds_per_day_waited 1.1 says that waiting makes people come: give a ratio of at most 1.",
        ),
        (
            ["demo.cancellation_fee=40"],
            "demo.cancellation_fee 40 EUR is never paid, as demo.minimum is 1: give a minimum or remove it.",
        ),
        (
            ["money.revenue_per_sale=0"],
            "money.revenue_per_sale is 0 EUR, so there is no revenue: say what a sale brings.",
        ),
        (
            ["money.revenue_per_sale={ low = 10, high = 50 }"],
            "money.revenue_per_sale is 30.00 EUR on average, below "
            "money.unit_cost 40.00, so every sale loses money: check both.",
        ),
        (
            ["teams.idle={ size = 3 }"],
            "teams.idle has 3 members and no work: name it in calling.teams, demo.team or overflow.to of a team that "
            "dials, or remove it.",
        ),
        (
            ["teams.hosts={ size = 3 }", "demo.team=hosts", "demo.hosts=0"],
            "teams.hosts has 3 members and no work: set demo.hosts, name it in calling.teams or overflow.to of a team "
            "that dials, or remove it.",
        ),
        (
            ["teams.hosts={ odds = { listened = 2 } }", "demo.team=hosts"],
            "teams.hosts.odds.listened acts on 0 leads, as the team does not dial: remove it.",
        ),
        (
            ["calling.warm.listened=2"],
            'calling.warm.listened acts on 0 leads: give a segment temperature = "warm" or remove it.',
        ),
        (
            ["teams.callers.kind=outsourced"],
            "teams.callers is outsourced for 0 EUR: price it in teams.callers.contract.",
        ),
        (
            ["teams.callers.kind=outsourced", "teams.callers.contract={ per_dial = 1, claw_back = 0.5 }"],
            "teams.callers.contract.claw_back is a share of a per_accepted of 0: price the acceptance or remove it.",
        ),
        (
            ["teams.callers.kind=outsourced", "teams.callers.contract={ per_dial = 1, done_within = '1 week' }"],
            "teams.callers.contract.done_within costs nobody anything: give a penalty_per_day_late or remove it.",
        ),
        (
            [
                "teams.callers.kind=outsourced",
                "teams.callers.contract={ per_dial = 1, done_within = '2 weeks', penalty_per_day_late = 1 }",
            ],
            "teams.callers.contract.done_within 2 weeks does not end before the horizon of 10 working days, "
            "so nothing is ever late: promise less or lengthen the horizon.",
        ),
        (
            ["teams.callers.hand_off_fee=3"],
            "teams.callers.hand_off_fee is paid for 0 acceptances, as the team hands nobody on: remove it.",
        ),
        (
            ["teams.callers.overtime_premium=0.5"],
            "teams.callers.overtime_premium is a share of a wage_per_hour of 0: give the wage or remove it.",
        ),
        (
            ["teams.callers.overhead=30", "teams.callers.wage_per_hour=20"],
            'teams.callers.overhead 30 means 3,000 %: write "30 %" if that is meant.',
        ),
        (
            ["teams.callers.overtime_premium=25", "teams.callers.wage_per_hour=20"],
            'teams.callers.overtime_premium 25 means 2,500 %: write "25 %" if that is meant.',
        ),
        (
            ["calling.minutes.ring=25", "segments.list.leads=90"],
            'calling.minutes.ring is 25 minutes on average, which is long: write "25 s" if seconds are meant.',
        ),
        (
            ["calling.minutes.no_answer={ low = 10, high = 20 }", "segments.list.leads=90"],
            'calling.minutes.no_answer is 15 minutes on average, which is long: write "15 s" if seconds are meant.',
        ),
        (
            ["calling.minutes.hang_up={ exponential = { mean = 42 } }", "segments.list.leads=90"],
            'calling.minutes.hang_up is 42 minutes on average, which is long: write "42 s" if seconds are meant.',
        ),
        (
            ["demo.at=16:30"],
            "demo keeps its hosts from 16:30 to 17:30, partly outside the shift of teams.callers, 09:00-17:00: what "
            "lies outside is overtime, and utilisation counts only hours inside; change the shift if that is not "
            "meant.",
        ),
        (
            ["demo.at=18:00", "demo.set_up=1 h"],
            "demo keeps its hosts from 17:00 to 19:00, wholly outside the shift of teams.callers, 09:00-17:00: what "
            "lies outside is overtime, and utilisation counts only hours inside; change the shift if that is not "
            "meant.",
        ),
        (  # the last working day is Friday the 23rd
            ["holidays=[2025-12-25, 2025-12-26, 2026-01-09, 2026-01-24]"],
            "4 of 4 holidays lie outside the horizon, 2026-01-12 to 2026-01-23: check start and holidays.",
        ),
        (
            ["holidays=[2025-01-13]"],
            "1 of 1 holidays lies outside the horizon, 2026-01-12 to 2026-01-23: check start and holidays.",
        ),
    ],
)
def test_every_warning_word_for_word(overrides: Sequence[str], warning: str) -> None:
    assert warnings(*overrides) == (warning,)


def test_terms_that_mean_something_are_not_warned_of() -> None:
    bills = (
        "{ minimum_per_month = 9, per_accepted = 1, claw_back = 1, done_within = '1 week', penalty_per_day_late = 1 }"
    )
    assert warnings("teams.callers.kind=outsourced", f"teams.callers.contract={bills}") == ()
    assert warnings("teams.callers.kind=outsourced", "teams.callers.contract.minimum_per_month=9") == ()
    hosts = ("teams.hosts={ size = 1 }", "demo.team=hosts", "teams.callers.hand_off_fee=3")
    assert warnings(*hosts, "teams.callers.wage_per_hour=9", "teams.callers.overtime_premium=1") == ()


def test_slips_at_their_edges_are_not_warned_of() -> None:
    wage = "teams.callers.wage_per_hour=20"
    assert warnings(wage, "teams.callers.overhead=3", "teams.callers.overtime_premium=3") == ()
    assert warnings("calling.minutes.ring=10", "segments.list.leads=90") == ()
    assert warnings("demo.at=16:00") == warnings("demo.at=10:00", "demo.set_up=1 h") == ()
    assert warnings("demo.at=22:00", "demo.hosts=0") == ()
    assert warnings("holidays=[2025-12-25, 2026-01-23]") == ()


# Two callers are paid 10 days * 900 minutes, 150 hours; 2,500 minutes of calls and 480 of hosting are 49.7 hours.
PAID = ("teams.callers.wage_per_hour=20", "teams.callers.overhead=0.5")


def test_pay_for_much_more_than_the_work_is_told_in_hours_and_money() -> None:
    assert warnings(*PAID) == ()
    helpers = "calling.teams={ callers = 0.8, helpers = 0.2 }"
    helping = "teams.helpers={ size = 1, shift = '09:00-17:00', wage_per_hour = 10 }"
    # 500 minutes of calls are 8.33 hours of 80: 10.4 %
    said = (
        "teams.helpers is paid for 80 hours (800 EUR), all shifts of the horizon, and has work for about 8.3: "
        'set teams.helpers.paid = "until_done" or "worked", or shorten the horizon.'
    )
    assert warnings(helping, helpers) == (said,)
    for unless in ("teams.helpers.paid=worked", "teams.helpers.paid=until_done", "teams.helpers.wage_per_hour=0"):
        assert warnings(helping, helpers, unless) == ()
    assert warnings(helping, "calling.teams={ callers = 0.6, helpers = 0.4 }") == (), "16.7 hours of 80"


def test_an_outsourced_team_paid_by_the_hour_is_doubted_too() -> None:
    helpers = "calling.teams={ callers = 0.8, helpers = 0.2 }"
    found = warnings("teams.helpers={ kind = 'outsourced', contract = { per_hour = 30 } }", helpers)
    assert [warning[:54] for warning in found] == ["teams.helpers is paid for 80 hours (2,400 EUR), all sh"]


def test_a_team_without_work_may_be_misspelt() -> None:
    assert warnings("teams.caller={}") == ("teams.caller has a member and no work: did you mean `callers`?",)
    no_demo = PLAIN[: PLAIN.index("[demo]")] + PLAIN[PLAIN.index("[money]") :]
    found = advise(parse_scenario(no_demo, overrides=["teams.caller={ size = 2 }"])).warnings
    assert found[1:] == ("teams.caller has 2 members and no work: did you mean `callers`?",)


def test_a_centre_that_an_alternative_puts_to_work_stands_by_where_it_costs_nothing() -> None:
    def idle(centre: str, *overrides: str) -> Scenario:
        return parse_scenario(PLAIN, overrides=[f"teams.centre={{ {centre} }}", *overrides])

    def about_centre(*scenarios: Scenario) -> list[bool]:
        found = advise(scenarios[0], *scenarios[1:]).warnings
        return ["no work" in warning for warning in found if warning.startswith("teams.centre has")]

    per_dial, per_hour = (
        f"kind = 'outsourced', contract = {{ {price} }}" for price in ("per_dial = 1", "per_hour = 9")
    )
    at_work = idle(per_dial, "calling.teams=['centre']")
    assert about_centre(idle(per_dial)) == [True], "no alternative needs it"
    assert about_centre(idle(per_dial), at_work) == []
    assert about_centre(idle(f"{per_hour}, paid = 'worked'"), at_work) == []
    assert about_centre(idle(per_hour), at_work) == [True], "all its shifts are paid"
    assert about_centre(idle("size = 2"), at_work) == [True], "members are hired all the same"


def test_without_leads_hiring_and_shifts_are_paid() -> None:
    """2 * 400, and 150 hours of 20 with half as much on top."""
    empty = "segments={ list = { leads = 0 } }"
    start = "segments hold 0 leads, so nothing happens, but hiring and shifts are paid, "
    assert warnings(empty, *PAID, "teams.callers.hiring=400")[0].startswith(f"{start}5,300 EUR: add a table")
    assert warnings(empty, "teams.callers.hiring=400")[0].startswith(f"{start}800 EUR: add a table")


def test_an_absent_demo_is_one_warning() -> None:
    no_demo = PLAIN[: PLAIN.index("[demo]")] + PLAIN[PLAIN.index("[money]") :]
    hosts = "teams.sellers={ size = 2 }"  # not callers misspelt
    assert len(advise(parse_scenario(no_demo, overrides=[hosts])).warnings) == 1


def test_one_lead_less_is_enough() -> None:
    """3,408 leads take 8,520 minutes, exactly what the callers have."""
    assert warnings("segments.list.leads=3408", "demo.seats=90") == ()


def test_rooms_that_are_absent() -> None:
    assert advise(parse_scenario("[segments.list]\nleads = 7")).warnings[0] == (
        "calling is absent, so none of the 7 leads is ever dialled: add a table [calling]."
    )
    no_demo = PLAIN[: PLAIN.index("[demo]")] + PLAIN[PLAIN.index("[money]") :]
    assert advise(parse_scenario(no_demo)).warnings == (
        "demo is absent, so about 25 who accept have nowhere to come: add [demo].",
    )
    no_calling = PLAIN[: PLAIN.index("[calling]")] + PLAIN[PLAIN.index("[teams.callers]") :]
    assert "demo invites 0 leads, because calling is absent: add a table [calling] or remove [demo]." in (
        advise(parse_scenario(no_calling)).warnings
    )


def test_advice_on_nothing_at_all() -> None:
    assert len(advise(parse_scenario("")).warnings) == 2
