"""Advice on keys that do nothing beside the offers or the shifts, and on the queue of the comers for a closer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from test_scenario_advice_front import FRONT, MEETING, ONE_SEGMENT, warnings

from simfunnel.experiments.advice import advise
from simfunnel.experiments.phrasing import listed
from simfunnel.scenario.loading import load_scenario, parse_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"

# The front without demo, sellers and closing: the desk sells on the phone.
PHONE = FRONT[: FRONT.index("[teams.sellers]")].replace("interested = 0.5\n", "") + FRONT[FRONT.index("[money]") :]
SALE = ("calling.offer=sale", "inbound.offer=sale", "calling.accepted=0.2", "inbound.accepted=0.2")
NO_FACE = "as all that is offered is the sale itself, with neither [demo] nor [meeting]:"


def by_phone(*overrides: str) -> tuple[str, ...]:
    return advise(parse_scenario(PHONE, overrides=[*SALE, *overrides])).warnings


def test_nothing_to_say_about_a_sound_sale_by_phone() -> None:
    assert by_phone() == ()
    same = ["segments.list.interested=1", "teams.desk.odds.attended=1", "closing.paper.odds=1", "closing.methods={}"]
    assert by_phone(*same, "segments.list.odds={ sold = 1 }") == (), "what is set to its default is no doubt"
    acting = ["segments.list.odds.accepted=2", "segments.list.qualified=0.5", "teams.desk.skill=[2]"]
    assert by_phone(*acting) == (), "these act on a sale by phone too"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("segments.list.interested", "0.5"),
        ("segments.web.odds.sold", "2"),
        ("segments.web.odds.attended", "2"),
        ("teams.desk.odds.attended", "2"),
        ("teams.desk.odds.interested", "2"),
        ("closing.sold_if_interested", "0.5"),
        ("closing.undecided", "0.5"),
        ("closing.misread", "3"),
        ("closing.reads_signals", "0.5"),
        ("closing.haste", "3"),
        ("closing.odds_per_minute_early", "2"),
        ("closing.odds_per_minute_late", "2"),
        ("closing.pressure", "2"),
        ("closing.paper.odds", "2"),
        ("closing.paper.minutes", "2"),
        ("closing.minutes.peak", "5"),
        ("closing.minutes.answer", "5"),
        ("closing.minutes.freeloader", "1"),
        ("closing.methods", "{ stock = { share = 1, cold = 2 } }"),
    ],
)
def test_what_is_for_face_to_face_does_nothing_on_the_phone(key: str, value: str) -> None:
    assert by_phone(f"{key}={value}") == (
        f"{key} acts on 0 leads, {NO_FACE} remove it, or offer a demo or a meeting.",
    ), "and no other doubt about the same key"


def test_all_such_keys_are_one_warning() -> None:
    keys = ["segments.list.interested=0.5", "teams.desk.odds.attended=2", "closing.minutes.peak=5"]
    assert by_phone(*keys) == (
        "segments.list.interested, teams.desk.odds.attended and closing.minutes.peak act on 0 leads, "
        f"{NO_FACE} remove them, or offer a demo or a meeting.",
    )
    keys += ["closing.haste=1", "closing.misread=1", "closing.pressure=2", "closing.undecided=0.5"]
    keys += ["closing.paper.odds=2"]
    [warning] = by_phone(*keys)
    assert warning.startswith(
        "segments.list.interested, teams.desk.odds.attended, closing.undecided, closing.misread, closing.haste, "
        "closing.pressure and 2 more act on 0 leads, "
    )


def test_a_long_list_is_cut_where_that_makes_it_shorter() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(list("abcdefg")) == "a, b, c, d, e, f and g"
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"


def test_a_team_that_talks_to_nobody_is_told_so_once() -> None:
    assert [w for w in by_phone("teams.spare={}", "teams.spare.odds.attended=2") if "odds" in w] == [
        "teams.spare.odds.attended acts on 0 leads, as the team does not dial or answer: remove it."
    ]


def test_a_demo_or_a_meeting_that_stands_by_is_a_plan_that_was_or_will_be() -> None:
    """As in elephant-by-phone.toml, which inherits the demo and what is for it."""
    idle = ("segments.list.odds.sold=2", "closing.pressure=2")
    assert warnings(*SALE, *idle) == ()
    meeting = "meeting={ team = 'desk', attended = 0.5 }"
    assert by_phone(meeting, "closing.pressure=2") == (
        'meeting is offered to 0 leads: set calling.offer or inbound.offer = "meeting", or remove [meeting].',
    )
    by_elephant = load_scenario(SCENARIOS / "elephant-by-phone.toml")
    assert by_elephant.segments["list"].interested.best == 0.7
    assert advise(by_elephant).warnings == ()


@pytest.mark.parametrize(
    ("overrides", "warning"),
    [
        (  # dialled from 09:00 to 17:00
            ["calling.by_hour={ 8 = 2, 10 = 2 }"],
            "calling.by_hour.8 acts on 0 dials, as no team that dials is at work then: remove it or change a shift.",
        ),
        (
            ["calling.by_hour={ 18 = 2, 17 = 0.5, 7 = 1 }"],
            "calling.by_hour.17 and calling.by_hour.18 act on 0 dials, as no team that dials is at work then: remove "
            "them or change a shift.",
        ),
        (  # in the pause
            ["calling.by_hour={ 9 = 2, 12 = 2 }", "teams.desk.pause=12:00-13:00"],
            "calling.by_hour.12 acts on 0 dials, as no team that dials is at work then: remove it or change a shift.",
        ),
        (  # the sellers work until six, but do not dial
            ["calling.by_hour={ 17 = 2 }", "teams.sellers.shift=09:00-18:00"],
            "calling.by_hour.17 acts on 0 dials, as no team that dials is at work then: remove it or change a shift.",
        ),
    ],
)
def test_hours_in_which_nobody_dials(overrides: Sequence[str], warning: str) -> None:
    assert warnings(*overrides) == (warning,)


@pytest.mark.parametrize(
    "overrides",
    [
        ["calling.by_hour={ 9 = 2, 16 = 0.5 }"],
        ["calling.by_hour={ 7 = 1, 23 = 1 }"],
        ["calling.by_hour={ 7 = 0.5, 8 = 0.5, 9 = 2, 16 = 3, 17 = 2, 18 = 2, 19 = 2 }"],  # a curve that runs on
        ["calling.by_hour={ 0 = 2, 1 = 2, 23 = 2 }", "teams.desk.shift=00:00-24:00"],
        ["calling.by_hour={ 12 = 2 }", "teams.desk.pause=12:10-13:00"],
        ["calling.by_hour={ 17 = 2 }", "teams.desk.shift=09:00-17:01"],
        ["calling.by_hour={ 17 = 2 }", "teams.desk.overflow.to=sellers", "teams.sellers.shift=09:00-18:00"],
    ],
)
def test_hours_in_which_somebody_may_dial(overrides: Sequence[str]) -> None:
    assert warnings(*overrides) == ()


LISTED = ("segments.web.leads=120", *ONE_SEGMENT)

# From three to four the demo; 720 minutes are left until four in the morning. Talks of 9.5 minutes, 4 events.
FIRST = (
    "closing.closers 1 are too few, and comers of segments.{} are talked to first, as comers are talked to in order of "
    "their number (leads on a list before arrivals, segments in the file's order), so at the same event those of "
    "the others leave more often: call more closers before you compare segments, or name first whom you want to be "
    "heard."
)


@pytest.mark.parametrize(
    ("overrides", "warning"),
    [
        # 5,200 leads of whom half accept and half of those come, at 4 events: 325 * 9.5 minutes are 51 hours
        (
            ["closing.closers=4", "segments.web.leads=5200", *ONE_SEGMENT],
            "closing.closers 4 can begin about 307 talks of 9.5 minutes until 28:00 (04:00 next morning), when all who "
            "still wait leave, but about 325 come to an event: call more closers, invite fewer, or shorten the talk.",
        ),
        (  # a patience that outlasts the night is none
            ["closing.closers=4", "closing.patience=13 h", "segments.web.leads=5200", *ONE_SEGMENT],
            "closing.closers 4 can begin about 307 talks of 9.5 minutes until 28:00 (04:00 next morning), when all who "
            "still wait leave, but about 325 come to an event: call more closers, invite fewer, or shorten the talk.",
        ),
        # 320 leads: 20 come, 190 minutes
        (
            ["closing.closers=1", "segments.web.leads=320", *ONE_SEGMENT],
            "closing.closers 1 talk for about 3.2 hours after an event, 9.5 minutes a talk, as about 20 come to an "
            "event: call more closers, invite fewer, or shorten the talk.",
        ),
        # 480 leads: 30 come, of whom 1 + 190 / 9.5 = 21 do not leave: 190 minutes and a talk
        (
            ["closing.closers=1", "closing.patience=190", "segments.web.leads=480", *ONE_SEGMENT],
            "closing.closers 1 talk for about 3.3 hours after an event, 9.5 minutes a talk, as about 30 come to an "
            "event: call more closers, invite fewer, or shorten the talk.",
        ),
    ],
)
def test_the_queue_for_a_closer(overrides: Sequence[str], warning: str) -> None:
    roomy = [f"teams.{team}.size=40" for team in ("desk", "sellers")]
    assert warnings(*roomy, *overrides) == (warning,)


def test_a_queue_that_is_short_enough() -> None:
    """288 leads: 18 come, 171 minutes; 320 with a patience of 3 hours less a talk."""
    roomy = ("closing.closers=1", *ONE_SEGMENT)
    assert warnings(*roomy, "segments.web.leads=288") == ()
    assert warnings(*roomy, "segments.web.leads=320", "closing.patience=170") == ()


def test_a_late_demo_leaves_no_time_for_talks() -> None:
    """After 27:59 only as many begin as there are closers; before that there was no queue to speak of."""
    late = ("demo.at=23:59", "demo.length=4 h", "teams.sellers.shift=09:00-24:00", "closing.closers=1", *LISTED)
    assert [warning for warning in warnings(*late) if warning.startswith("closing")] == [
        "closing.closers 1 can begin about 1.1 talks of 9.5 minutes until 28:00 (04:00 next morning), when all who "
        "still wait leave, but about 7.5 come to an event: call more closers, invite fewer, or shorten the talk."
    ]


FEW = ("closing.closers=1", "closing.patience=19")


@pytest.mark.parametrize(
    ("overrides", "first"),
    [
        ((), "list"),  # the web's arrive
        (("segments.web.leads=1",), "web"),
        (("segments.list.leads=0", "segments.list.arrivals=20"), "web"),  # all arrive: the file's order
    ],
)
def test_who_is_talked_to_first(overrides: Sequence[str], first: str) -> None:
    few, order = warnings(*FEW, *overrides)
    assert few.startswith("closing.closers 1 can begin about 3 talks")
    assert order == FIRST.format(first)


def test_the_order_of_comers_is_of_no_matter_where_one_segment_comes_or_closers_are_enough() -> None:
    assert len(warnings(*FEW, *LISTED)) == 1
    assert warnings("closing.closers=2", "closing.patience=30") == ()
    assert not any("first" in warning for warning in warnings(*FEW, *MEETING, "calling.offer=demo"))
