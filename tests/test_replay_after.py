"""A life is told from the first dial, or from being named, until it names others, and theirs goes on from there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from after_funnel import AFTER
from click.testing import CliRunner
from made_facts import Fact, fact
from small_funnel import small

from simfunnel import Settings, facts, parse_scenario, simulate
from simfunnel.cli import program
from simfunnel.errors import RequestError
from simfunnel.experiments import replay as lives
from simfunnel.experiments.naming import lead_of, name_of
from simfunnel.experiments.replay import Replay, StoryEvent, check_came, check_request, notable, order, replay, story
from simfunnel.experiments.telling import OUTCOMES, TELLERS, waited
from simfunnel.experiments.telling_after import satisfaction
from simfunnel.experiments.voice import days, ordinal
from simfunnel.facts import COLUMNS, KINDS, NOBODY, Keeper
from simfunnel.funnel import care, customers, demo, loyalty, referral
from simfunnel.funnel.referral import referred
from simfunnel.funnel.segments import arrival, is_referral, segments_of
from simfunnel.reporting import story as told
from simfunnel.scenario.schema import Scenario

HOUR = 3_600_000
NEW = tuple(kind for kind in KINDS if kind >= facts.DELIVERY)
ROW = 3
WIDTH = 160


@cache
def scenario() -> Scenario:
    return parse_scenario(AFTER)


@cache
def lived() -> Replay:
    return replay(scenario(), Settings(seed=1), ROW)


@cache
def events() -> tuple[StoryEvent, ...]:
    return tuple(story(lived()))


def named(parent: int, *numbers: int) -> int:
    """Whom `parent` names, and whom that one names, and so on (from 0)."""
    for number in numbers:
        parent = int(referred(np.array([parent]), np.array([number]))[0])
    return parent


CHILD = named(7, 1)


@cache
def by_hand() -> Replay:
    """Lead 7 named lead 7.2, who named nobody."""
    made = [
        fact(facts.REFERRAL, CHILD, 9, demo.NIGHT, outcome=referral.NOTED, occurrence=1, amount=7),
        fact(facts.REFERRAL, named(7, 0), 9, demo.NIGHT, outcome=referral.NOTED, occurrence=0, amount=7),
        *(fact(facts.CUSTOMER, lead, 79, demo.NIGHT, outcome=customers.STAYS, amount=500) for lead in (7, 8)),
    ]
    return hand_made(made)


def hand_made(made: list[Fact], more: str = AFTER) -> Replay:
    keeper = Keeper()
    for each in made:
        keeper.rows(np.zeros(1, dtype=np.int64), {name: value for name, value in each.items() if name != "history"})
    table = keeper.table()[:, 1:]
    return Replay(parse_scenario(more), 0, None, table[order(table)], {})


def text(kind: int, **more: int) -> str:
    return by_hand().teller.text(
        {"lead": 7, "day": 10, "clock": 9 * HOUR, "team": 1, "occurrence": 0, **more, "kind": kind}
    )


# ---------------------------------------------------------------- sentences


def test_every_kind_of_fact_has_a_teller_and_names_for_its_outcomes() -> None:
    assert set(TELLERS) == set(KINDS)
    assert set(NEW) <= set(OUTCOMES)
    assert NEW[-1] == max(KINDS)


@pytest.mark.parametrize("kind", NEW)
def test_every_outcome_has_a_sentence_of_its_own(kind: int) -> None:
    said = [text(kind, outcome=outcome, amount=500) for outcome in range(len(OUTCOMES[kind]))]
    assert all(said)
    assert len(set(said)) == len(said)


DONE = {kind: kind * len(care.RESULTS) + care.DONE for kind in range(len(care.KINDS))}


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        (facts.DELIVERY, {"outcome": 0, "amount": 724}, "gets its goods on time: satisfaction 72 %"),
        (facts.DELIVERY, {"outcome": 0, "occurrence": 1, "amount": 700},
         "gets its goods 1 day late: satisfaction 70 %"),
        (facts.DELIVERY, {"outcome": 1, "occurrence": 12, "amount": 0},
         "gets its goods 12 days late: satisfaction 0 % (with a hidden defect)"),
        (facts.CARE, {"outcome": DONE[care.SELLER], "amount": 1000}, "is asked how it goes: satisfaction 100 %"),
        (facts.CARE, {"outcome": DONE[care.SELLER] + 1, "amount": 810},
         "is asked how it goes: a defect is mended, satisfaction 81 %"),
        (facts.CARE, {"outcome": DONE[care.SELLER] - 1, "amount": 810}, "is not reached to ask how it goes"),
        (facts.CARE, {"outcome": DONE[care.COOPERATIVE], "amount": 500},
         "works on the product with the firm: satisfaction 50 %"),
        (facts.CARE, {"outcome": DONE[care.COOPERATIVE] - 1, "amount": 500}, "is not reached to work on the product"),
        (facts.CARE, {"outcome": DONE[care.FRIENDLY], "amount": 500}, "gets a friendly word: satisfaction 50 %"),
        (facts.CARE, {"outcome": DONE[care.FRIENDLY] - 2, "amount": 500},
         "is forgotten: nobody has a friendly word for it"),
        (facts.CARE, {"outcome": DONE[care.ANSWER] + 1, "amount": 640},
         "is answered: a defect is mended, satisfaction 64 %"),
        (facts.RAISED, {"outcome": care.COMPLAINT, "amount": 310},
         "complains and waits for an answer: satisfaction 31 %"),
        (facts.RAISED, {"outcome": care.SUGGESTION, "amount": 900},
         "makes a suggestion and waits for an answer: satisfaction 90 %"),
        (facts.RAISED, {"outcome": care.FOUND, "amount": 900}, "waits for a repair: satisfaction 90 %"),
        (facts.ANSWERED, {"outcome": care.COMPLAINT, "amount": 1}, "has waited 1 day for the answer to its complaint"),
        (facts.ANSWERED, {"outcome": care.FOUND, "amount": 4},
         "has waited 4 days for the repair that the survey asked for"),
        (facts.MESSAGE, {"outcome": care.MAILING, "occurrence": 2, "amount": 777},
         "gets message 3: satisfaction 78 % for a while"),
        (facts.MESSAGE, {"outcome": care.UNANSWERED, "amount": 600}, "does not answer survey 1: satisfaction 60 %"),
        (facts.MESSAGE, {"outcome": care.ANSWERED, "amount": 600},
         "answers survey 1, which finds nothing: satisfaction 60 %"),
        (facts.MESSAGE, {"outcome": care.FOUND_BY, "amount": 600},
         "answers survey 1, which finds a defect: satisfaction 60 %"),
        (facts.PURCHASE, {"outcome": loyalty.REPEAT, "occurrence": 3, "amount": 1_234_50},
         "buys again for 1,234.50 EUR, at occasion 4"),
        (facts.PURCHASE, {"outcome": loyalty.CROSS, "amount": 99}, "buys something else, too, for 0.99 EUR"),
        (facts.PURCHASE, {"outcome": loyalty.PASSED, "amount": 0}, "lets occasion 1 to buy again pass"),
        (facts.ASKED, {"outcome": referral.REFUSED, "amount": 0}, "is asked who else might want it, and names nobody"),
        (facts.ASKED, {"outcome": referral.GAVE, "amount": 1}, "is asked who else might want it, and gives 1 name"),
        (facts.ASKED, {"outcome": referral.GAVE, "amount": 3}, "is asked who else might want it, and gives 3 names"),
        (facts.REFERRAL, {"outcome": referral.NOTED, "team": 0, "occurrence": 1, "amount": 7},
         "is named by lead 7, as its 2nd name: to be dialled by callers from tomorrow on"),
        (facts.REFERRAL, {"outcome": referral.CUT, "team": NOBODY, "amount": arrival(1, 3, 0)},
         "is named by lead web/3/0, as its 1st name: no lead, the circle is cut"),
        (facts.REFERRAL, {"outcome": referral.TOO_LATE, "team": NOBODY, "occurrence": 10, "amount": CHILD},
         "is named by lead 7.2, as its 11th name: no lead, too late for the intake"),
        (facts.REFERRAL, {"outcome": referral.BEYOND, "team": NOBODY, "amount": 7},
         "is named by lead 7, as its 1st name: no lead, beyond the limit of 25"),
        (facts.CUSTOMER, {"outcome": customers.CANCELLED, "amount": 950_00}, "cancels, and gets back 950.00 EUR"),
        (facts.CUSTOMER, {"outcome": customers.SILENT, "amount": 330},
         "is lost in silence: satisfaction 33 % (a defect that the firm never hears of)"),
        (facts.CUSTOMER, {"outcome": customers.LEFT, "amount": 330}, "is lost to another firm: satisfaction 33 %"),
        (facts.CUSTOMER, {"outcome": customers.GAVE_UP, "amount": 330},
         "waits no longer for an answer and is lost: satisfaction 33 %"),
        (facts.CUSTOMER, {"outcome": customers.STAYS, "amount": 330}, "is still a customer: satisfaction 33 %"),
    ],
)  # fmt: skip
def test_sentences(kind: int, more: dict[str, int], said: str) -> None:
    assert text(kind, **more) == said


def test_numbers_as_people_say_them() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th",
    ]  # fmt: skip
    assert (days(1), days(2)) == ("1 day", "2 days")


@pytest.mark.parametrize(
    ("kind", "more", "amount", "points"),
    [
        (facts.DELIVERY, {"outcome": 0, "occurrence": 2, "amount": 724}, 2, 0.724),
        (facts.CARE, {"outcome": 2, "amount": 724}, None, 0.724),
        (facts.RAISED, {"outcome": 0, "amount": 724}, None, 0.724),
        (facts.ANSWERED, {"outcome": 0, "amount": 3}, None, None),
        (facts.MESSAGE, {"outcome": 0, "amount": 724}, None, 0.724),
        (facts.PURCHASE, {"outcome": loyalty.CROSS, "amount": 12_50}, 12.5, None),
        (facts.PURCHASE, {"outcome": loyalty.PASSED, "amount": 0}, None, None),
        (facts.ASKED, {"outcome": referral.REFUSED, "amount": 0}, 0, None),
        (facts.REFERRAL, {"outcome": 0, "amount": 7}, None, None),
        (facts.CUSTOMER, {"outcome": customers.CANCELLED, "amount": 12_50}, 12.5, None),
        (facts.CUSTOMER, {"outcome": customers.STAYS, "amount": 724}, None, 0.724),
    ],
)
def test_an_amount_is_money_or_a_count_and_never_satisfaction(
    kind: int, more: dict[str, int], amount: float | None, points: float | None
) -> None:
    each = {"lead": 7, "day": 10, "clock": 9 * HOUR, "team": 1, "occurrence": 0, **more, "kind": kind}
    assert by_hand().teller.amount(each) == amount
    assert satisfaction(each) == points
    assert waited(each) == (3 * 24 * HOUR if kind == facts.ANSWERED else None)


# ---------------------------------------------------------------- names


def test_who_is_named_is_called_after_the_customer() -> None:
    assert by_hand().name(CHILD) == "7.2"
    assert lead_of(scenario(), "7.2") == CHILD
    assert lead_of(scenario(), " 7.2.1 ") == named(7, 1, 0)
    assert lead_of(scenario(), "web/3/0.11") == named(arrival(1, 3, 0), 10)
    assert lead_of(scenario(), str(CHILD)) == CHILD == int(name_of(segments_of(scenario()), CHILD))
    assert by_hand().segment(CHILD) == "friends"
    check_request(scenario(), Settings(), 0, CHILD)


def test_every_lead_of_a_history_is_found_under_its_name() -> None:
    leads = np.unique(lived().column("lead"))
    leads = leads[leads != NOBODY]
    assert is_referral(leads).sum() > 25
    for lead in leads.tolist():
        assert lead_of(scenario(), lived().name(lead)) == lead
        check_came(lived(), lead)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7.0", 'lead must count whom a customer names from 1, found "7.0"'),
        ("60.1", "found 60"),
        ("web/99/0.1", 'found "web/99/0" (day and number count from 0)'),
        ("7.", 'or customer.number (counted from 1), for who is named, such as 0.1, found "7."'),
        (".1", 'found ".1"'),
        ("7.x", 'found "7.x"'),
        ("7.-1", 'found "7.-1"'),
        ("friends/0/0", 'lead must name a segment in which leads arrive, web, found "friends/0/0"'),
        (str(1 << 42), "found 4398046511104"),
    ],
)
def test_what_cannot_be_a_lead_is_refused(name: str, said: str) -> None:
    with pytest.raises(RequestError) as refused:
        lead_of(scenario(), name)
    assert str(refused.value).startswith("lead must ")
    assert str(refused.value).endswith(said)


def test_without_referrals_nobody_is_named() -> None:
    for name in ("7.1", str(CHILD)):
        with pytest.raises(RequestError, match="lead must be a whole number from 0 to 79, found"):
            lead_of(small(), name)
    arriving = parse_scenario(AFTER, overrides=["segments.list.leads=0"])
    with pytest.raises(RequestError, match=r"such as web/0/0\.1, found 3"):
        lead_of(arriving, "3")


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        (named(7, 8), "lead must be from 7.1 to 7.2, as that is whom lead 7 names in replication 0, found 7.9"),
        (named(8, 0), "lead must be one whom a customer names in replication 0, one of 7.1, 7.2, found 8.1"),
        (named(9, 0),
         "lead must be one whom a customer names in replication 0, one of 7.1, 7.2, found one whom nobody names"),
    ],
)  # fmt: skip
def test_who_is_not_named_in_this_history_is_refused_with_a_hint(lead: int, said: str) -> None:
    check_came(by_hand(), CHILD)
    for lines in (told.lines, told.json_lines):
        with pytest.raises(RequestError) as refused:
            next(lines(by_hand(), lead))
        assert str(refused.value) == said


def test_hints_where_few_are_named_or_many() -> None:
    one = hand_made([
        fact(facts.REFERRAL, named(7, 0), 9, demo.NIGHT, amount=7),
        fact(facts.CUSTOMER, 7, 79, demo.NIGHT, outcome=customers.STAYS),
    ])  # fmt: skip
    with pytest.raises(
        RequestError, match=r"lead must be 7\.1, as that is whom lead 7 names in replication 0, found 7\.2"
    ):
        check_came(one, CHILD)
    with pytest.raises(RequestError, match="as no customer names anybody in replication 0"):
        check_came(hand_made([fact(facts.CUSTOMER, 7, 79, demo.NIGHT)]), CHILD)
    with pytest.raises(
        RequestError, match=r"in replication 3, such as [\w./]+(, [\w./]+){4}, found one whom nobody names"
    ):
        check_came(lived(), named(59, 500, 500))


# ---------------------------------------------------------------- lives


def test_the_history_is_its_row() -> None:
    result = simulate(scenario(), replications=ROW + 1, seed=1, workers=1, digest=True)
    assert result.digests is not None
    assert lived().totals["digest"].view(np.uint64)[0] == result.digests[ROW]


def test_every_kind_is_told_in_a_life_and_by_time() -> None:
    assert {KINDS[kind] for kind in NEW} <= {event.kind for event in events()}
    assert len(events()) == len(lived().table)
    instants = [(event.day, event.clock) for event in events()]
    assert instants == sorted(instants)


def test_a_life_goes_from_the_first_dial_to_a_referral_and_on_to_the_named() -> None:
    parent = next(lead for lead in notable(lived())["named others"] if lead < scenario().segments["list"].leads)
    life = list(story(lived(), parent))
    kinds = [event.kind for event in life]
    assert kinds[0] == "dial"
    assert [kind for kind in dict.fromkeys(kinds) if kind in ("dial", "talk", "care", "asked", "referral")] == [
        "dial", "talk", "care", "asked", "referral",
    ]  # fmt: skip
    given = sum(int(event.amount or 0) for event in life if event.kind == "asked")
    children = [event for event in life if event.kind == "referral"]
    assert len(children) == given > 0
    assert [lived().name(event.lead or 0) for event in children] == [f"{parent}.{n + 1}" for n in range(given)]
    assert {event.named_by for event in children} == {parent}
    first, *rest = list(story(lived(), children[0].lead))
    assert first == children[0]
    assert all((event.day, event.lead) > (first.day, 0) for event in rest)


def test_the_named_live_from_being_named() -> None:
    buyer = notable(lived())["named by a customer, and bought"][0]
    life = list(story(lived(), buyer))
    assert [life[0].kind, life[1].kind, life[1].day > life[0].day] == ["referral", "dial", True]
    assert "talk" in {event.kind for event in life}
    assert life[-1].kind in ("customer", "referral")


def test_all_lives_together_are_the_history() -> None:
    own = [event for lead in {event.lead for event in events()} - {None} for event in story(lived(), lead)]
    without_lead = sum(event.lead is None for event in events())
    twice = sum(event.kind == "referral" for event in events())
    assert len(own) == len(events()) - without_lead + twice


def test_the_night_takes_its_turns() -> None:
    """As the engines settle it: see the order in `Aftermath`."""
    turns = [
        (facts.DELIVERY, 1, 8), (facts.CUSTOMER, customers.CANCELLED, 7), (facts.RAISED, care.COMPLAINT, 6),
        (facts.CUSTOMER, customers.SILENT, 5), (facts.MESSAGE, care.FOUND_BY, 4), (facts.RAISED, care.FOUND, 4),
        (facts.MESSAGE, care.MAILING, 3), (facts.PURCHASE, loyalty.PASSED, 2), (facts.PURCHASE, loyalty.REPEAT, 2),
        (facts.CUSTOMER, customers.LEFT, 2), (facts.RAISED, care.SUGGESTION, 1), (facts.CUSTOMER, customers.GAVE_UP, 0),
        (facts.REFERRAL, referral.NOTED, CHILD), (facts.CUSTOMER, customers.STAYS, 9),
    ]  # fmt: skip
    made = [
        fact(kind, lead, 9, demo.NIGHT, outcome=outcome, occurrence=number, amount=7)
        for number, (kind, outcome, lead) in enumerate(turns)
    ]
    lived_ = hand_made(made[::-1])
    assert [
        tuple(row) for row in np.stack([lived_.column(n) for n in ("kind", "outcome", "lead")], 1).tolist()
    ] == turns


def test_names_come_in_the_order_in_which_they_are_given() -> None:
    made = [
        fact(facts.REFERRAL, named(lead, number), 9, demo.NIGHT, occurrence=number, amount=lead)
        for lead in (3, 5) for number in range(6)
    ]  # fmt: skip
    lived_ = hand_made(made[::-1])
    assert [lived_.name(lead) for lead in lived_.column("lead").tolist()] == [
        f"{lead}.{number}" for lead in (3, 5) for number in range(1, 7)
    ]


def test_the_turns_cover_every_fact_of_the_night() -> None:
    inside = {(kind, outcome) for kind, outcomes in lives.TURNS for outcome in outcomes}
    table = {name: lived().column(name) for name in COLUMNS}
    night = (table["clock"] == demo.NIGHT) & (table["kind"] >= facts.DELIVERY)
    assert {*zip(table["kind"][night].tolist(), table["outcome"][night].tolist(), strict=True)} <= inside


# ---------------------------------------------------------------- what is shown


def test_the_whole_story_lists_who_named_others_and_who_was_named() -> None:
    lines = list(told.lines(lived(), None))
    start = lines.index("Leads worth a look with --lead:")
    listed = dict(line.strip().split(": ", 1) for line in lines[start + 1 : -1])
    gave = [int(lead) for lead in listed["named others"].split(", ") if lead.isdigit()]
    assert all(f"{lead}.1" in {lived().name(child) for child in lived().named} for lead in gave)
    assert {"named by a customer", "named by a customer, and bought", "lost in silence", "cancelled"} <= set(listed)
    for leads in listed.values():
        assert len(set(leads.split(", "))) == len(leads.split(", "))


def test_the_totals_count_what_comes_after_the_sale() -> None:
    *_, last = told.lines(lived(), None)
    again = sum(event.kind == "purchase" and event.outcome == loyalty.PURCHASES[loyalty.REPEAT] for event in events())
    new = sum(event.outcome == referral.REFERRALS[referral.NOTED] for event in events())
    assert f", repeat purchases {again}, referred {new};" in last


def test_lines_fit() -> None:
    for line in list(told.lines(lived(), None, every=True))[:-1]:
        assert len(line) <= WIDTH, line


def test_what_is_done_by_the_dozen_is_summed_up_by_day() -> None:
    short, whole = list(told.lines(lived(), None)), list(told.lines(lived(), None, every=True))
    stay = sum(event.outcome == customers.ENDS[customers.STAYS] for event in events())
    assert sum(" is still a customer: " in line for line in whole) == stay
    assert not any(" is still a customer: " in line or " gets message " in line for line in short)
    counts = [line.split() for line in short if line.endswith((" still customers", " still a customer"))]
    assert sum(int(words[1]) for words in counts) == stay
    sent = [line.split() for line in short if line.endswith((" message sent", " messages sent"))]
    assert sum(int(words[1]) for words in sent) == sum(event.outcome == "marketing" for event in events())


def test_a_moment_has_no_length() -> None:
    lines = list(told.lines(lived(), None))
    assert any(line.endswith((" names (sellers 1)", " name (sellers 1)")) for line in lines)
    assert any(" for the answer to its suggestion (sellers " in line and "min" not in line for line in lines)


def test_who_is_named_late_still_waits_on_the_list() -> None:
    lived_ = lived()
    silent = [lead for lead in lived_.named if len(list(story(lived_, lead))) == 1]
    noted = [lead for lead in silent if next(story(lived_, lead)).outcome == referral.REFERRALS[referral.NOTED]]
    others = [lead for lead in silent if lead not in noted]
    assert not any("is still on the list" in line for line in told.lines(lived_, others[0]))
    made = [fact(facts.REFERRAL, CHILD, 9, demo.NIGHT, outcome=referral.NOTED, occurrence=1, amount=7)]
    table = hand_made(made).table
    waiting = Replay(scenario(), 0, None, table, lived_.totals)
    assert "Lead 7.2 is still on the list at the horizon." in list(told.lines(waiting, CHILD))


def test_json_names_the_named_and_who_named_them() -> None:
    parent = notable(lived())["named others"][0]
    *life, _ = [json.loads(line) for line in told.json_lines(lived(), parent)]
    child = next(event for event in life if event["kind"] == "referral")
    assert child["lead"] == f"{lived().name(parent)}.1"
    assert child["named_by"] == (parent if parent < 60 else lived().name(parent))
    assert all(0 <= event["satisfaction"] <= 1 for event in life if event["kind"] in ("care", "delivery"))
    assert all(event["named_by"] is None for event in life if event["kind"] != "referral")


def test_the_command_tells_a_life_to_the_referral_and_the_childs(tmp_path: Path) -> None:
    (tmp_path / "after.toml").write_text(AFTER, encoding="utf-8")
    parent = next(lead for lead in notable(lived())["named others"] if lead < 60)
    command = ["replay", str(tmp_path / "after.toml"), "--replication", str(ROW), "--lead"]
    done = CliRunner().invoke(program, [*command, str(parent)])
    assert done.exit_code == 0
    assert f"lead {parent}.1 is named by lead {parent}, as its 1st name" in done.stdout
    child = CliRunner().invoke(program, [*command, f"{parent}.1"])
    assert child.exit_code == 0
    assert child.stdout.splitlines()[0].endswith(f"replication {ROW}, lead {parent}.1 of segment friends")
    assert child.stdout.splitlines()[3].split("  ")[-1].startswith(f"lead {parent}.1 is named by lead {parent}")
    wrong = CliRunner().invoke(program, [*command, f"{parent}.999"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith(f"simfunnel: lead must be from {parent}.1 to {parent}.")
