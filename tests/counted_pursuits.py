"""Who is undecided is followed up: each step of it follows the one before, and all of it is counted one by one."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from counted import MINUTE, Fact, History

from simfunnel import facts
from simfunnel.funnel import calling, closing, inbound, touch, undecided
from simfunnel.metrics import Columns

CLOSED = {
    undecided.IRRITATED: "irritated", undecided.BOUGHT_ELSEWHERE: "bought_elsewhere",
    undecided.NEVER_READY: "never_ready", undecided.NOT_QUALIFIED: "not_qualified", undecided.GIVEN_UP: "given_up",
    undecided.BAD_FIT: "bad_fit_declined",
}  # fmt: skip
IN_TRUTH = (undecided.BOUGHT_ELSEWHERE, undecided.NEVER_READY, undecided.NOT_QUALIFIED, undecided.GIVEN_UP)
ENDS = {
    "walked away": (undecided.IRRITATED,), "declined": (undecided.BAD_FIT,), "found unqualified": IN_TRUTH,
    "followed up": IN_TRUTH, "sold later": (undecided.SOLD,),
}  # fmt: skip
"""How the file of a lead in each state may be closed. Who was given up may be followed up anew."""
AFTER_TOUCH = {
    touch.WALKED_AWAY: "walked away", touch.DISQUALIFIED: "found unqualified", touch.DECLINED: "declined",
    touch.SOLD: "buys later", touch.CONCEDED: "buys later",
}  # fmt: skip


def is_touched(history: History, before: str, fact: Fact) -> str:
    assert before == "followed up"
    return AFTER_TOUCH.get(fact.outcome, before)


def comes_back(history: History, before: str, fact: Fact) -> str:
    assert before in ("followed up", "reopened")
    assert len([each for each in history.of(facts.RETURN) if each.lead == fact.lead]) == 1
    return "came back"


def is_answered(history: History, before: str, fact: Fact) -> str:
    assert before == "came back"
    return "buys later" if fact.outcome in touch.WON else "followed up"


def is_filed(history: History, before: str, fact: Fact) -> str:
    if fact.outcome == undecided.OPENED:
        assert before == "undecided"
        assert (fact.duration, fact.occurrence) == (0, 0)
        return "followed up"
    if fact.outcome == undecided.REOPENED:
        assert before == "given_up"
        assert (fact.duration, fact.clock) == (0, 0)
        return "reopened"
    assert fact.outcome in ENDS[before]
    return "sold" if fact.outcome == undecided.SOLD else CLOSED[fact.outcome]


def gets_messages(history: History, before: str, fact: Fact) -> str:
    assert before == "followed up"
    return before


def does_not_fit(history: History, before: str, fact: Fact) -> str:
    assert before in ("sold", "sold later")
    return before


# ---------------------------------------------------------------- touches, files, what they cost


def check_pursuits(history: History, columns: Columns, row: int) -> None:
    """Touches are numbered, sales are told where they are made, and every count is that of the facts."""
    kinds = (facts.TOUCH, facts.RETURN, facts.ANSWER, facts.FILE, facts.SERIES)
    plan = history.scenario.follow_up
    if plan is None:
        assert not history.of(*kinds)
        return
    team = history.terms.number(plan.team)
    assert {fact.team for fact in history.of(*kinds) if fact.kind != facts.FILE} <= {team}
    check_files(history, columns, row)
    check_later_sales(history)
    check_counts(history, columns, row)
    talked = [t for t in history.talks.values() if t.outcome in (closing.UNDECIDED, closing.UNDECIDED_BY_PHONE)]
    opened = [fact for fact in history.of(facts.FILE) if fact.outcome == undecided.OPENED]
    assert sorted((t.lead, t.day, t.team) for t in talked) == sorted((f.lead, f.day, f.team) for f in opened)


def check_files(history: History, columns: Columns, row: int) -> None:
    """Files are opened and closed by turns, and at most once anew, when who was given up is back."""
    files: dict[int, list[Fact]] = defaultdict(list)
    for fact in history.of(facts.FILE):
        files[fact.lead].append(fact)
    opened = {lead: mine[0] for lead, mine in files.items()}
    returned = {fact.lead: fact.day for fact in history.of(facts.RETURN)}
    for lead, mine in files.items():
        begins, ends = mine[::2], mine[1::2]
        assert [fact.outcome for fact in begins] == [undecided.OPENED, undecided.REOPENED][: len(begins)]
        assert not {undecided.OPENED, undecided.REOPENED} & {fact.outcome for fact in ends}
        assert [fact.day for fact in begins[1:]] in ([], [returned.get(lead)])
        if len(begins) > 1:
            assert ends[0].outcome == undecided.GIVEN_UP
            assert ends[0].day < begins[1].day
    begun = {lead: mine[(len(mine) - 1) // 2 * 2] for lead, mine in files.items()}
    closed = {lead: mine[-1] for lead, mine in files.items() if len(mine) % 2 == 0}
    touches: Counter[int] = Counter()
    for fact in history.of(facts.TOUCH):
        assert fact.occurrence == touches[fact.lead]
        assert fact.day > opened[fact.lead].day
        touches[fact.lead] += 1
        assert all(fact.day <= ends.day for ends in files[fact.lead][1:2]), "who was let go is left in peace"
    for lead, fact in closed.items():
        assert (fact.occurrence, fact.duration) == (touches[lead], fact.day - begun[lead].day)
    for lead, mine in files.items():
        assert all(fact.duration == fact.day - opened[lead].day for fact in mine[1:2])
        assert all(fact.occurrence == touches[lead] for fact in mine[1:])
        assert {(fact.amount, fact.team) for fact in mine} == {(opened[lead].amount, opened[lead].team)}
    spells = [(first, mine[2 * n + 1] if 2 * n + 1 < len(mine) else None)
              for mine in files.values() for n, first in enumerate(mine[::2])]  # fmt: skip
    months = history.terms.calendar.months
    minor = {"EUR": 100, "JPY": 1, "KWD": 1000}[history.scenario.currency]
    for month, first in enumerate(months.first.tolist()):
        name, end = f"{history.terms.calendar.dates[first]:%Y-%m}", first + int(months.days[month]) - 1
        then = [(first, last) for first, last in spells if first.day <= end and (last is None or last.day > end)]
        is_open = [first for first, _ in then]
        paid = sum(last.amount for _, last in then if last is not None and last.outcome == undecided.SOLD)
        assert columns[f"pipeline.months.{name}.open"][row] == len(is_open)
        assert columns[f"pipeline.months.{name}.face_value"][row] == sum(f.amount for f in is_open) / minor
        assert columns[f"pipeline.months.{name}.turned_into"][row] == paid / minor
    assert columns["pipeline.opened"][row] == len(opened)
    assert columns["pipeline.open"][row] == len(opened) - len(closed)


def check_later_sales(history: History) -> None:
    """A sale is told when its touch or its talk ends, by the team that followed up, for what the file was worth."""
    made = [f for f in history.of(facts.TOUCH, facts.ANSWER) if f.outcome in touch.WON]
    files = {fact.lead: fact for fact in history.of(facts.FILE) if fact.outcome == undecided.SOLD}
    expected = [
        (f.lead, f.day, f.end, files[f.lead].team, f.team, f.outcome == touch.CONCEDED, files[f.lead].amount)
        for f in made
    ]
    told = [
        (t.lead, t.day, t.clock, t.team, t.occurrence, t.outcome == closing.CONCEDED, t.amount) for t in history.later
    ]
    assert sorted(expected) == sorted(told)
    assert all(talk.outcome in closing.WON for talk in history.later)


def check_counts(history: History, columns: Columns, row: int) -> None:
    touches, answers = history.of(facts.TOUCH), history.of(facts.ANSWER)
    found = {
        "touches": len(touches),
        "touches_unanswered": sum(f.outcome == touch.NOT_REACHED for f in touches),
        "touches_wasted": sum(f.outcome in touch.WASTED for f in touches),
        "touches_quota": sum(f.amount // 2 % 2 for f in touches),
        "irritations": sum(f.amount % 2 for f in touches),
        "came_back": len(history.of(facts.RETURN)),
        "sold_follow_up": sum(f.outcome in touch.WON for f in touches),
        "sold_came_back": sum(f.outcome in touch.WON for f in answers),
    }
    assert {name: int(columns[name][row]) for name in found} == found
    for prefix, told in (("touches", touches), ("came_back", answers)):
        by_result = Counter(touch.TOUCHES[fact.outcome].replace(" ", "_") for fact in told)
        shown = {name: int(columns[f"{prefix}.{name}"][row]) for name in by_result}
        assert shown == by_result
        assert sum(columns[name][row] for name in columns if name.startswith(f"{prefix}.")) == len(told)
    for number, name in enumerate(history.terms.names):
        assert columns[f"teams.{name}.touches"][row] == sum(fact.team == number for fact in touches)
    for number, name in enumerate(history.scenario.segments):
        mine = [f for f in history.of(facts.RETURN) if history.terms.segment_of(f.lead) == number]
        assert columns[f"segments.{name}.came_back"][row] == len(mine)


def check_misfits(history: History, columns: Columns, row: int) -> None:
    """Of each sale to a lead whom the product does not fit it is said once."""
    told = [(f.lead, f.day, f.clock, f.team) for f in history.of(facts.MISFIT)]
    sales = [(t.lead, t.day, t.clock, t.team) for t in history.of(facts.TALK) if t.outcome in closing.WON]
    assert len(set(told)) == len(told)
    assert set(told) <= set(sales)
    assert columns.get("misfits", np.zeros(row + 1, dtype=np.int64))[row] == len(told)


def check_refusals_by_phone(history: History) -> None:
    """Who is undecided by phone has refused the sale on that day, when the call ended."""
    refused = []
    for work, kind, code in (
        (history.scenario.calling, facts.DIAL, calling.REFUSED),
        (history.scenario.inbound, facts.INBOUND, inbound.REFUSED),
    ):
        if work is not None and work.offer == "sale":
            refused += [(f.lead, f.day, f.end, f.team) for f in history.of(kind) if f.outcome == code]
    told = [t for t in history.talks.values() if t.outcome == closing.UNDECIDED_BY_PHONE]
    assert {(t.lead, t.day, t.clock, t.team) for t in told} <= set(refused)
    assert all(t.occurrence == t.team for t in told)


def check_waits_to_return(history: History) -> None:
    """Waited = answer - return; who gave up is found gone after its patience."""
    came = {fact.lead: fact for fact in history.of(facts.RETURN)}
    for fact in history.of(facts.ANSWER):
        since = history.moment(came[fact.lead].day, came[fact.lead].clock)
        if fact.outcome == touch.GAVE_UP:
            assert (fact.seat, fact.duration) == (facts.NOBODY, 0)
            assert since + fact.amount < history.moment(fact.day, max(fact.clock, 0)) + MINUTE
        else:
            assert fact.amount == history.moment(fact.day, fact.clock) - since >= 0
