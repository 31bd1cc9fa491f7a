"""Every kind of fact has one sentence: what the lead, the member or the demo does, as a listener would tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simfunnel import facts
from simfunnel.counting.pursuit_tally import CHANNEL_SHIFT, FOR_QUOTA, IRRITATES
from simfunnel.experiments.naming import segment_of
from simfunnel.experiments.telling_after import OUTCOMES_AFTER, TELLERS_AFTER, amount_after
from simfunnel.experiments.voice import Fact, Voice
from simfunnel.funnel import calling, closing, demo, inbound, touch, undecided
from simfunnel.funnel.habits import Timing
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.values import HOUR, MINUTE


@dataclass(frozen=True)
class Teller(Voice):
    """Tells the facts of one history; `met` are the (lead, day) of its meetings.

    `disqualified` are the leads that were found not qualified at a touch, `reopened` the day on which a lead's
    file was opened again.
    """

    event_days: tuple[int, ...]
    met: frozenset[tuple[int, int]]
    disqualified: frozenset[int] = frozenset()
    reopened: Mapping[int, int] = field(default_factory=dict)

    def text(self, fact: Fact) -> str:
        """What happened, in words that follow the name of the lead or the member."""
        return TELLERS[fact["kind"]](self, fact)

    def amount(self, fact: Fact) -> float | None:
        """The money of a fact in the scenario's currency, or what it counts.

        Money is the revenue of a sale, the worth of a file, what is paid back. Counted are comers of a demo (of one
        that is cancelled: the booked), messages, days late of a delivery, and names.
        """
        if fact["kind"] in TELLERS_AFTER:
            return amount_after(self, fact)
        if fact["kind"] == facts.FILE or (fact["kind"] == facts.TALK and fact["outcome"] in closing.WON):
            return self.worth(fact)
        return fact["amount"] if fact["kind"] in (facts.EVENT, facts.SERIES) else None

    def touch(self, fact: Fact) -> dict[str, Any] | None:
        """Of a touch: which it is of the lead's, its channel, whether it was made for the quota alone and irritated."""
        if fact["kind"] != facts.TOUCH:
            return None
        assert self.scenario.follow_up is not None
        return {
            "number": fact["occurrence"] + 1,
            "channel": list(self.scenario.follow_up.channels)[fact["amount"] >> CHANNEL_SHIFT],
            "quota": bool(fact["amount"] & FOR_QUOTA),
            "irritates": bool(fact["amount"] & IRRITATES),
        }

    def event_date(self, fact: Fact) -> str:
        """The day of the event that a fact names."""
        return self.date(self.event_days[fact["occurrence"]])


def waited(fact: Fact) -> int | None:
    """Ms that the lead waited before this; a customer's wait for an answer is of whole calendar days."""
    if fact["kind"] == facts.ANSWERED:
        return fact["amount"] * 24 * HOUR
    return fact["amount"] if fact["kind"] in (facts.INBOUND, facts.CLOSING, facts.ANSWER) else None


def how_long(milliseconds: int) -> str:
    """A wait: 12 min, 15 h 20 min, 2 days 3 h, 4 months."""
    minutes = milliseconds // MINUTE
    if milliseconds < 2 * HOUR:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 24 * LONG:
        return f"{hours / 24 / DAYS_PER_MONTH:.0f} months"
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days {hours % 24} h" if hours % 24 else f"{hours // 24} days"


def _dial(teller: Teller, fact: Fact) -> str:
    again = f", attempt {fact['occurrence'] + 1}" if fact["occurrence"] else ""
    return _called(teller, fact["outcome"]) + again + (DEAD if fact["amount"] else "")


def _called(teller: Teller, outcome: int) -> str:
    if outcome < calling.REFUSED:
        return DIALS[outcome]
    assert teller.scenario.calling is not None
    no, yes = OFFERS[teller.scenario.calling.offer]
    return f"listens and {yes}" if outcome == calling.ACCEPTED else f"listens, but {no}"


def _arrival(teller: Teller, fact: Fact) -> str:
    hot = teller.segments.hot[segment_of(teller.segments, fact["lead"])]
    return "arrives and waits for an answer" if hot else "comes onto the list"


def _inbound(teller: Teller, fact: Fact) -> str:
    wait = how_long(fact["amount"])
    if fact["outcome"] == inbound.GAVE_UP:
        return f"is found to have given up after waiting {wait}"
    assert teller.scenario.inbound is not None
    no, yes = OFFERS[teller.scenario.inbound.offer]
    when = f"after {wait}" if fact["amount"] >= MINUTE else "at once"
    return f"is answered {when} and {yes}" if fact["outcome"] == inbound.ACCEPTED else f"is answered {when}, but {no}"


def _booking(teller: Teller, fact: Fact) -> str:
    if fact["outcome"] >= demo.MEETING:
        inside = fact["outcome"] == demo.MEETING + demo.BOOKED
        return f"agrees to meet on {teller.date(fact['occurrence'])}" if inside else "agrees to meet after the horizon"
    cause, seated = divmod(fact["outcome"], len(demo.SEATED))
    if seated == demo.NO_SEAT:
        return f"{ASKS[cause]}finds no seat at any demo soon enough"
    if seated == demo.WAITING:
        there = teller.scenario.demo is not None
        return ASKS[cause] + ("waits for a demo after the horizon" if there else "waits, there is no demo")
    return f"{BOOKED[cause]} the demo of {teller.event_date(fact)}"


def _event(teller: Teller, fact: Fact) -> str:
    if fact["outcome"] == demo.HELD:
        return f"the demo begins; {fact['amount']} came"
    assert teller.scenario.demo is not None
    needed = teller.scenario.demo.minimum
    return f"the demo of {teller.event_date(fact)} is cancelled: {fact['amount']} booked, {needed} needed"


def _host(_: Teller, fact: Fact) -> str:
    return f"hosts the demo, {fact['duration'] / MINUTE:,.0f} min with setting up"


def _visit(teller: Teller, fact: Fact) -> str:
    met = (fact["lead"], fact["day"]) in teller.met
    return (MET if met else VISITS)[fact["outcome"]]


def _meeting(_: Teller, fact: Fact) -> str:
    return "is waited for in vain" if fact["outcome"] == demo.DID_NOT_COME else "meets a seller"


def _closing(_: Teller, fact: Fact) -> str:
    when = f"after {how_long(fact['amount'])}" if fact["amount"] >= MINUTE else "at once"
    return f"gets a closer {when}"


def _talk(teller: Teller, fact: Fact) -> str:
    return TALKS[fact["outcome"]] + (f" for {teller.money(fact)}" if fact["outcome"] in closing.WON else "")


def _touch(teller: Teller, fact: Fact) -> str:
    touched = teller.touch(fact)
    assert touched is not None
    irritated = ", and irritated" if touched["irritates"] and fact["outcome"] != touch.WALKED_AWAY else ""
    quota = ", for the quota" if touched["quota"] else ""
    return f"touch {touched['number']} by {touched['channel']}: {TOUCHES[fact['outcome']]}{irritated}{quota}"


def _return(_: Teller, __: Fact) -> str:
    return "comes back by itself and waits for an answer"


def _answer(_: Teller, fact: Fact) -> str:
    wait = how_long(fact["amount"])
    if fact["outcome"] == touch.GAVE_UP:
        return f"is found to have given up after waiting {wait}"
    return f"is answered {f'after {wait}' if fact['amount'] >= MINUTE else 'at once'}: {TOUCHES[fact['outcome']]}"


def _file(teller: Teller, fact: Fact) -> str:
    if fact["outcome"] == undecided.OPENED:
        return f"is to be followed up, worth {teller.money(fact)} on paper"
    if fact["outcome"] == undecided.REOPENED:
        return f"is followed up again, as it comes back: worth {teller.money(fact)} on paper"
    touches = fact["occurrence"]
    effort = f"{touches} {'touch' if touches == 1 else 'touches'} in {_span(teller, fact)}"
    return f"is followed up no longer, after {effort}: {_rule(teller, fact)}{LET_GO[fact['outcome']]}"


def _span(teller: Teller, fact: Fact) -> str:
    """For how long a file was open: working days, or months where it was long."""
    days, dates = fact["duration"], teller.calendar.dates
    passed = (dates[fact["day"]] - dates[fact["day"] - days]).days
    if passed >= LONG:
        return f"{passed / DAYS_PER_MONTH:.0f} months"
    return f"{days} working {'day' if days == 1 else 'days'}"


def _rule(teller: Teller, fact: Fact) -> str:
    """By which of its rules the firm lets go, as far as the facts tell; empty where no rule did."""
    plan = teller.scenario.follow_up
    assert plan is not None
    if fact["outcome"] not in BY_RULE or fact["day"] >= teller.reopened.get(fact["lead"], fact["day"] + 1):
        return ""
    if fact["lead"] in teller.disqualified:
        wrongly = "wrongly " if fact["outcome"] in ABLE else ""
        return f"{wrongly}found not qualified; in truth "
    rule = _rule_of(teller, plan, fact)
    return f"{rule}; in truth " if rule else ""


def _rule_of(teller: Teller, plan: FollowUp, fact: Fact) -> str:
    """Count first; time where the next touch would come too late; else only signals are left."""
    if fact["occurrence"] >= plan.touches:
        return "all touches are made"
    timing, talked = Timing.of(plan, teller.calendar), fact["day"] - fact["duration"]
    reads = plan.reads_signals != fixed(0)
    late = fact["clock"] == MORNING or timing.again[fact["day"]] > timing.latest[talked]
    if plan.stop_after is not None and (late or not reads):
        return "its time is over"
    return "signals were noticed" if reads else ""


def _series(_: Teller, fact: Fact) -> str:
    messages = f"{fact['amount']} {'message' if fact['amount'] == 1 else 'messages'}"
    return f"is sent a series of messages, {messages} within the horizon"


def _misfit(_: Teller, __: Fact) -> str:
    return "has bought what is not right for it"


DIALS: Final = ("does not answer", "is answered by a gatekeeper, who ends the call", "hangs up")
DEAD: Final = " (a dead number)"
OFFERS: Final = {
    "demo": ("refuses the invitation", "accepts the invitation"),
    "meeting": ("refuses to meet", "is willing to meet"),
    "sale": ("does not want to buy", "wants to buy"),
}
ASKS: Final = ("", "is to be moved, but ", "is invited again, but ")
BOOKED: Final = ("is booked on", "is moved to", "is invited again, to")
VISITS: Final = (
    "does not come", "comes for the coffee", "comes and is interested", "comes, but every seat is taken: turned away",
)  # fmt: skip
MET: Final = ("does not come", "comes, but is not interested", "comes and is interested")
TALKS: Final = (
    "is not convinced", "buys", "buys under pressure", "is undecided", "leaves before a closer is free",
    "refused on the phone, but is undecided",
)  # fmt: skip
TOUCHES: Final = (
    "nobody is reached", "a gatekeeper ends it", "irritated, it walks away", "found not qualified",
    "bad fit declined", "not qualified", "not ready yet", "has bought elsewhere", "not convinced", "buys",
    "buys under pressure",
)  # fmt: skip
LET_GO: Final = (
    "", "sold", "irritated", "it has bought elsewhere", "it would never be ready", "it is not qualified",
    "it could still have bought", "bad fit declined",
)  # fmt: skip
BY_RULE: Final = (
    undecided.BOUGHT_ELSEWHERE, undecided.NEVER_READY, undecided.NOT_QUALIFIED, undecided.GIVEN_UP,
)  # fmt: skip
ABLE: Final = (undecided.BOUGHT_ELSEWHERE, undecided.NEVER_READY, undecided.GIVEN_UP)
"""What becomes of leads that are qualified in truth."""
MORNING: Final = 0
LONG: Final = 60
DAYS_PER_MONTH: Final = 365.25 / 12
TELLERS: Final[dict[int, Callable[[Teller, Fact], str]]] = {
    facts.DIAL: _dial, facts.ARRIVAL: _arrival, facts.INBOUND: _inbound, facts.BOOKING: _booking, facts.EVENT: _event,
    facts.HOST: _host, facts.VISIT: _visit, facts.MEETING: _meeting, facts.CLOSING: _closing, facts.TALK: _talk,
    facts.TOUCH: _touch, facts.RETURN: _return, facts.ANSWER: _answer, facts.FILE: _file, facts.SERIES: _series,
    facts.MISFIT: _misfit, **TELLERS_AFTER,
}  # fmt: skip
OUTCOMES: Final[dict[int, tuple[str, ...]]] = {
    facts.DIAL: calling.OUTCOMES, facts.INBOUND: inbound.OUTCOMES, facts.BOOKING: demo.BOOKINGS,
    facts.VISIT: demo.VISITS, facts.MEETING: demo.VISITS, facts.TALK: closing.TALKS, facts.EVENT: demo.EVENTS,
    facts.TOUCH: touch.TOUCHES, facts.ANSWER: touch.TOUCHES, facts.FILE: undecided.FILES,
    **OUTCOMES_AFTER,
}  # fmt: skip
