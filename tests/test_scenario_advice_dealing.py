"""Advice on teams to which hot leads are dealt, on overflow of nothing, and on what an offer makes of other keys."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_scenario_advice_front import FRONT, MEETING, warnings

from simfunnel.experiments.advice import advise
from simfunnel.scenario.loading import parse_scenario

EVENING = (
    "segments.web.arrival_hours=09:00-21:00",
    "teams.evening={ shift = '17:00-21:00' }",
    "inbound.waiting.odds={}",
)
BOTH = (*EVENING, "inbound.teams=['desk', 'evening']")


def dealt(share: str, closed: str, is_open: str) -> str:
    return (
        f"{share} of the hot leads dealt to teams.{closed} arrive while it is closed and teams.{is_open} is open: they "
        "wait for it; give each its own segment and arrival_hours."
    )


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        # 8 of the 12 hours in which they come are the desk's, 4 the evening's
        (
            BOTH,
            [
                dealt("33.3 %", "desk", "evening"),
                dealt("66.7 %", "evening", "desk"),
            ],
        ),
        # a segment of the evening's own, which is open for 2 of its 4 hours; the other one is the desk's
        (
            [*EVENING[1:], "segments.web.team=desk",
             "segments.late={ temperature = 'hot', arrivals = 3, team = 'evening', arrival_hours = '15:00-19:00' }"],
            [dealt("50.0 %", "evening", "desk")],
        ),
        # 10 leads a day by share wait for 8 of 12 hours, 30 of its own for 0: 5 * 2 / 3 of 35
        (
            [*BOTH, "inbound.teams={ desk = 0.5, evening = 0.5 }", "segments.web.arrival_hours=09:00-21:00",
             "segments.late={ temperature = 'hot', arrivals = 30, team = 'evening', arrival_hours = '17:00-21:00' }"],
            [
                dealt("33.3 %", "desk", "evening"),
            ],
        ),
    ],
)  # fmt: skip
def test_who_is_dealt_to_a_closed_team_beside_an_open_one(overrides: Sequence[str], expected: list[str]) -> None:
    assert list(warnings(*overrides)) == expected


def test_three_teams_are_named_together() -> None:
    night = ("teams.night={ shift = '21:00-24:00' }", "inbound.teams=['desk', 'evening', 'night']")
    found = warnings(*BOTH[:-1], *night, "segments.web.arrival_hours=09:00-24:00")
    assert [warning.split(" arrive")[0] for warning in found] == [
        "46.7 % of the hot leads dealt to teams.desk",
        "73.3 % of the hot leads dealt to teams.evening",
        "80.0 % of the hot leads dealt to teams.night",
    ]
    assert "closed and teams.evening and teams.night are open: " in found[0]


def test_teams_whose_leads_come_when_they_are_there_are_dealt_well() -> None:
    own = "segments.late={ temperature = 'hot', arrivals = 3, team = 'evening', arrival_hours = '17:00-21:00' }"
    assert warnings("teams.evening={ shift = '17:00-21:00' }", "segments.web.team=desk", own) == ()
    assert warnings("teams.evening={ shift = '09:30-17:00' }", "inbound.teams=['desk', 'evening']") == (), "6 %"
    assert warnings(*BOTH, "inbound.teams={ desk = 1, evening = 0 }")[0].startswith("teams.evening has a member and no")


@pytest.mark.parametrize(
    ("overrides", "need", "have"),
    [
        (["after = '3 working days'", "segments.list.leads=200"], "500", "3 working days hold 1,440"),
        (["after = '1 week'", "segments.list.leads=900"], "1,200", "1 week holds 2,400"),
        (["after = '3 working days'", "segments.list.leads=0", "segments.list.arrivals=40"], "500",
         "3 working days hold 1,440"),
    ],
)  # fmt: skip
def test_an_overflow_of_nothing(overrides: Sequence[str], need: str, have: str) -> None:
    after, *others = overrides
    assert warnings(f"teams.desk.overflow={{ to = 'sellers', {after} }}", *others) == (
        f"teams.desk.overflow moves about 0 dials, as the list and the arrivals of a week are about {need} minutes of "
        f"work, and {have}: move sooner or remove it.",
    )


def test_an_overflow_of_something_perhaps() -> None:
    week = "teams.desk.overflow={ to = 'sellers', after = '1 week' }"
    assert warnings(week, "segments.list.leads=901") == (), "more than half of what there is"
    assert warnings("teams.desk.overflow.to=sellers") == (), "500 of 480"


def test_ways_out_of_having_no_work() -> None:
    idle = "teams.idle={ size = 3 }"
    said = "teams.idle has 3 members and no work: "
    assert warnings(idle) == (
        f"{said}name it in calling.teams, inbound.teams, demo.team or overflow.to of a team that dials, or remove it.",
    )
    (found,) = warnings(idle, *MEETING, "calling.offer=meeting", "calling.accepted=0.2")
    assert "inbound.teams, meeting.team or overflow.to" in found
    sale = ("calling.offer=sale", "inbound.offer=sale", "teams.sellers.paid=worked")
    assert warnings(idle, *sale) == (f"{said}name it in inbound.teams, or remove it.",)
    phone = FRONT[FRONT.index("[segments.list]") : FRONT.index("[inbound]")] + FRONT[FRONT.index("[calling]") :]
    phone = phone[: phone.index("[teams.sellers]")].replace("accepted = 1", 'accepted = 0.2\noffer = "sale"')
    text = f"{phone.replace('interested = 0.5', '')}[teams.idle]\nsize = 3\n[money]\nrevenue_per_sale = 100\n"
    assert advise(parse_scenario(text)).warnings == (f"{said}remove it, or offer a demo or a meeting.",)


def test_an_acceptance_that_is_a_sale() -> None:
    sale = ("calling.offer=sale", "inbound.offer=sale", "calling.accepted=0.2")
    assert warnings(*sale, "inbound.accepted=60 %") == (
        'inbound.accepted now means bought, as inbound.offer is "sale": 60.0 % of the qualified hot leads answered at '
        "once buy; lower it unless so many did.",
    )
    assert warnings(*sale, "inbound.accepted=0.2", "calling.accepted=0.21") == (
        'calling.accepted now means bought, as calling.offer is "sale": 21.0 % of the qualified listeners buy; lower '
        "it unless so many did.",
    )
    assert warnings(*sale, "inbound.accepted=0.2") == ()


NO_TALK = "as no member is kept by a talk without closing.closers or meetings"
FREE = "and asking early or late costs nothing"
GIVE = "give closing.odds_per_minute_early or _late, closing.closers, or remove"


@pytest.mark.parametrize(
    ("overrides", "warning"),
    [
        (["closing.haste=2"], f"closing.haste does nothing, {NO_TALK}, {FREE}: {GIVE} it."),
        (["closing.misread=2", "closing.reads_signals=0.5"],
         f"closing.misread and closing.reads_signals do nothing, {NO_TALK}, {FREE}: {GIVE} them."),
        (["closing.minutes.peak=5"],
         f"closing.minutes.peak does nothing, {NO_TALK}: give closing.closers, or remove it."),
        (["closing.haste=1", "closing.minutes.answer=3", "closing.minutes.freeloader=1", "closing.paper.minutes=9"],
         "closing.haste, closing.minutes.answer, closing.minutes.freeloader and closing.paper.minutes do nothing, "
         f"{NO_TALK}, {FREE}: {GIVE} them."),
        (["closing.haste=1", "closing.odds_per_minute_early=0.9", "closing.minutes.peak=7", "closing.paper.minutes=9"],
         f"closing.paper.minutes does nothing, {NO_TALK}: give closing.closers, or remove it."),
    ],
)  # fmt: skip
def test_talks_that_keep_nobody(overrides: Sequence[str], warning: str) -> None:
    assert warnings(*overrides) == (warning,)


@pytest.mark.parametrize("also", [["closing.closers=2"], MEETING])
def test_talks_that_keep_somebody(also: Sequence[str]) -> None:
    assert warnings("closing.haste=2", "closing.misread=1", "closing.minutes.peak=9", *also) == ()


def test_the_moment_counts_where_it_costs() -> None:
    acting = ("closing.haste=2", "closing.odds_per_minute_early=0.9", "closing.minutes.peak=5")
    assert warnings(*acting) == ()
