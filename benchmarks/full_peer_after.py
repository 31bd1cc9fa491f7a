"""After the sale, as the hand-written model of the full funnel has it: contacts by day, and nature by night.

A customer is a record; what is to happen to it stands under its day, and the eight things that can happen at night
are eight calendars. Who leaves without a word stays on those of the firm until a contact reaches it. Satisfaction
is a float from 0 to 1. All sales are made by sellers, and who sold makes all contacts, so its face is always known:
the odds ratio of that is part of every other one. What a contact comes to is decided at its begin. Dates are tables by
day of the sale and today, made once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from math import ceil

from full_peer_basics import HORIZON, INTAKE, Ahead, date, day_after, odds

# --- The story -----------------------------------------------------------------------------------------------

CONSISTENCY, BETTER_PER_MONTH, MONTH = (0.95, 0.85, 0.9, 0.7), 1.3, 20  # working days of January and February
FAMILIAR = 1.2
REALITY, PROMISE, PRESSURE, BAD_FIT = (0.3, 0.75, 1.0), 0.05, 0.15, 0.2
DELIVERY, PROMISED, PER_DAY_LATE = 4.0, 5, 0.02  # calendar days
DEFECT, SHOWS_AFTER, DROP, COMPLAINS, COMPLAINS_SATISFIED = 0.25, 12.0, 0.2, 0.5, 2.0
WINDOW, CANCELS, CANCELS_CONCEDED, KEEPS_SATISFIED, APPROVES = 14.0, 0.1, 3.0, 2.0, 0.5
SUGGESTIONS, ANSWER_LIFT, PER_DAY_WAITED, PATIENCE = 20.0, 1.3, 0.93, 4
REACHED = (0.8, 0.6, 0.7)  # by kind
FINDS, LIFT = 0.6, 1.1
DEFECT_COOPERATIVE, NAMES_FRIENDLY = 0.99, 1.15
MAIL_LIFT, HALF_LIFE = 1.3, 6.0
RESPONDS, SURVEY_FINDS = 0.4, 0.5
OCCASIONS, BOUGHT, BOUGHT_SATISFIED, LEAVES = 6.0, 0.4, 2.5, 0.03
CROSS, CROSS_SATISFIED, MOST_CROSS = 0.06, 2.0, 2
GIVEN, GIVEN_SATISFIED, NAMES = 0.3, 2.0, 1.5
RESELLS, SELLS_IN = 0.25, 12.0

SELLER, COOPERATIVE, FRIENDLY, ANSWER = range(4)
NOT_REACHED_MINUTES = (1.0, 2.0, 1.0)
RESULTS = 5
FORGOTTEN, NOT_REACHED, DONE, MENDED, LOST = range(RESULTS)
NOTHING, COMPLAINT, SUGGESTION, FOUND = -1, 0, 1, 2
SOUND, HIDDEN, KNOWN = range(3)
HERE, UNSEEN, GONE = range(3)
CANCELLED, SILENT, LEFT, GAVE_UP = range(4)
CONTACTS = tuple(
    f"{kind}_{result}"
    for kind in ("seller", "cooperative", "friendly", "answer")
    for result in ("forgotten", "not_reached", "done", "mended", "found_lost")
)
"""By kind * RESULTS + result."""
NEVER_HAPPEN = (
    "cooperative_mended", "friendly_mended", "answer_forgotten", "answer_not_reached", "answer_found_lost",
)  # fmt: skip
RAISED = ("complaint", "suggestion", "found")
ENDS = ("cancelled", "silent", "left", "gave_up")
MADE = tuple(name for name in CONTACTS if name not in NEVER_HAPPEN and "forgotten" not in name)
COLUMNS = (
    "delivered", "defects", "days_late",
    *(name for name in CONTACTS if name not in NEVER_HAPPEN),
    *(f"raised_{name}" for name in RAISED), *(f"answered_{name}" for name in RAISED), "answer_days",
    "mailed", "survey_unanswered", "survey_answered", "survey_found",
    "bought_again", "bought_more", "passed", "again_revenue", "more_revenue",
    "asked_refused", "asked_gave", "names_noted", "names_too_late", "friends_attended",
    *(f"customer_{name}" for name in ENDS), "refunded", "customer_stays", "satisfaction",
)  # fmt: skip

# --- Tables --------------------------------------------------------------------------------------------------


def by_satisfaction(p: float, ratio: float, *more: float) -> list[float]:
    """A probability by whole hundredths of satisfaction, with the odds ratio of the satisfied."""
    return [odds(p, ratio ** (level / 50 - 1), *more) for level in range(101)]


def dates(stated: tuple[int, ...], every: int) -> list[list[int]]:
    """Of each day of the sale and each today, the next date of a calendar of contacts; HORIZON if it has none."""
    table = []
    for sold in range(HORIZON):
        days = [day_after(sold, after) for after in stated]
        last = days[-1] if days else sold
        days += [day_after(last, every * again) for again in range(1, HORIZON) if last < HORIZON]
        days.append(HORIZON)
        table.append([min(days[bisect_right(days, today)] if today < days[-1] else HORIZON, HORIZON)
                      for today in range(HORIZON)])  # fmt: skip
    return table


NEXT = (dates((2, 7), 7), dates((10,), 14), dates((4,), 7))
NEXT_MAIL, NEXT_SURVEY = dates((), 7), dates((6,), 14)
KEPT = [[odds(share, BETTER_PER_MONTH**month) for share in CONSISTENCY] for month in range(3)]
DEFECTIVE = [odds(DEFECT, DEFECT_COOPERATIVE**n) for n in range(1001)]
FADING = [MAIL_LIFT ** (2 ** (-days / HALF_LIFE)) for days in range(2 * HORIZON)]
ANSWERED = [ANSWER_LIFT * PER_DAY_WAITED ** min(days, 60) * FAMILIAR for days in range(2 * HORIZON)]
COMPLAINS_AT = by_satisfaction(COMPLAINS, COMPLAINS_SATISFIED)
CANCELS_AT = [
    [by_satisfaction(CANCELS, 1 / KEEPS_SATISFIED, conceded, approved) for approved in (1, APPROVES)]
    for conceded in (1, CANCELS_CONCEDED)
]
BOUGHT_AT = by_satisfaction(BOUGHT, BOUGHT_SATISFIED)
CROSS_AT = by_satisfaction(CROSS, CROSS_SATISFIED, FAMILIAR)
GIVEN_AT = [by_satisfaction(GIVEN, GIVEN_SATISFIED, FAMILIAR, NAMES_FRIENDLY**n) for n in range(61)]


class Customer:
    """A customer, and what nature knows of it."""

    __slots__ = (
        "approved", "conceded", "crossed", "defect", "due", "friendly", "late", "lead", "listed", "mailed",
        "occasion", "ordered", "paid", "raised", "raised_on", "satisfaction", "seat", "sells_in", "sold", "suggestion",
        "where",
    )  # fmt: skip


Calendar = defaultdict[int, list[Customer]]


class Customers:
    """All customers of one history."""

    def __init__(self, chance: AfterChance, sellers: int) -> None:
        self.chance = chance
        self.everybody: list[Customer] = []
        self.contacts = [0] * len(CONTACTS)
        self.count: defaultdict[str, float] = defaultdict(float)
        self.mornings: defaultdict[int, list[tuple[int, Customer]]] = defaultdict(list)
        self.deliveries, self.temptations, self.defects, self.surveys, self.mailings = calendars(5)
        self.occasions, self.suggestions, self.impatience = calendars(3)
        self.turns: tuple[tuple[Calendar, Callable[[int, Customer], None], int], ...] = (
            (self.deliveries, self.deliver, HERE), (self.temptations, self.tempt, HERE),
            (self.defects, self.show, HERE), (self.surveys, self.ask, UNSEEN), (self.mailings, self.mail, UNSEEN),
            (self.occasions, self.occur, HERE), (self.suggestions, self.suggest, HERE),
            (self.impatience, self.lose_patience, HERE),
        )  # fmt: skip
        self.own: list[list[tuple[int, Customer]]] = [[] for _ in range(sellers)]
        self.today: list[Customer] = []
        self.cooperative = 0
        self.named = 0

    def enter(self, day: int, lead: int, seat: int, paid: float, *, conceded: bool, fits: bool) -> None:
        """Who has bought today."""
        one, chance = Customer(), self.chance
        self.everybody.append(one)
        one.lead, one.seat, one.sold, one.ordered, one.paid = lead, seat, day, day, paid
        one.conceded, one.approved, one.where = conceded, False, HERE
        start = chance.reality() - PROMISE - PRESSURE * conceded - BAD_FIT * (not fits)
        one.satisfaction = start if start > 0 else 0.0
        one.defect, one.raised, one.listed, one.mailed = SOUND, NOTHING, -1, -1
        one.friendly = one.crossed = 0
        one.sells_in = chance.lapse() * SELLS_IN if chance.random() < RESELLS else 0.0
        one.due = [HORIZON] * 4
        for kind in (SELLER, COOPERATIVE, FRIENDLY):
            self.plan(day, kind, one)
        delivered = ceil(chance.lapse() * DELIVERY)
        one.late = delivered - PROMISED if delivered > PROMISED else 0
        self.deliveries[day_after(day, delivered)].append(one)
        self.temptations[day_after(day, ceil(chance.random() * WINDOW))].append(one)
        self.mailings[NEXT_MAIL[day][day]].append(one)
        self.surveys[NEXT_SURVEY[day][day]].append(one)
        one.occasion = chance.lapse() * OCCASIONS
        self.occasions[day_after(day, ceil(one.occasion))].append(one)
        one.suggestion = chance.lapse() * SUGGESTIONS
        self.suggestions[day_after(day, ceil(one.suggestion))].append(one)

    def plan(self, day: int, kind: int, one: Customer) -> None:
        """The next contact of a kind."""
        one.due[kind] = due = NEXT[kind][one.sold][day]
        if due < HORIZON:
            self.mornings[due].append((kind, one))

    # --- The day ---

    def open(self, day: int) -> bool:
        """The contacts of the day, by seller, to be popped from the end; are there any?"""
        random_, some, kept = self.chance.random, self.today, KEPT[day // MONTH]
        for kind, one in self.mornings.pop(day, ()):
            if one.where == GONE:
                continue
            if kind == ANSWER or random_() < kept[one.seat]:
                some.append(one)
            else:
                self.contacts[kind * RESULTS + FORGOTTEN] += 1
                self.plan(day, kind, one)
        tasks = []
        for one in some:
            if one.where == GONE or one.listed == day:
                continue
            due = one.due
            kind = ANSWER if due[ANSWER] <= day else due.index(min(due))
            if due[kind] <= day:
                one.listed = day
                tasks.append((kind != ANSWER, due[kind], one.lead, kind, one))
        tasks.sort(reverse=True)  # no two of them of one lead
        own = self.own
        for mine in own:
            mine.clear()
        for _, _, _, kind, one in tasks:
            own[one.seat].append((kind, one))
        self.today = [task[4] for task in tasks]
        return bool(tasks)

    def contact(self, day: int, kind: int, one: Customer) -> float:
        """A contact: minutes."""
        chance = self.chance
        if kind == ANSWER:
            return self.answer(day, one)
        if chance.random() >= REACHED[kind]:
            minutes, result = NOT_REACHED_MINUTES[kind], NOT_REACHED
        else:
            minutes, result = chance.talk[kind](), DONE
            if one.where == UNSEEN:
                one.where = GONE
                self.contacts[kind * RESULTS + LOST] += 1
                return minutes
            if kind == SELLER:
                result = self.ask_how_it_goes(day, one)
            elif kind == COOPERATIVE:
                self.cooperative += 1
            else:
                one.friendly += 1
        self.contacts[kind * RESULTS + result] += 1
        self.plan(day, kind, one)
        return minutes

    def ask_how_it_goes(self, day: int, one: Customer) -> int:
        """A seller-initiated contact that reaches the customer: does it mend a defect?"""
        chance, count, result = self.chance, self.count, DONE
        if one.defect == HIDDEN and chance.random() < FINDS:
            one.defect, result = SOUND, MENDED
        one.satisfaction = odds(one.satisfaction, LIFT * FAMILIAR)
        one.approved = True
        level = felt(day, one)
        if one.crossed < MOST_CROSS and chance.random() < CROSS_AT[level]:
            one.crossed += 1
            count["bought_more"] += 1
            count["more_revenue"] += chance.more()
        gives = not one.conceded and chance.random() < GIVEN_AT[min(one.friendly, 60)][level]
        names = chance.names() if gives else 0
        count["asked_gave" if names else "asked_refused"] += 1
        if day + 1 < INTAKE:
            self.named += names
            count["names_noted"] += names
        else:
            count["names_too_late"] += names
        return result

    def answer(self, day: int, one: Customer) -> float:
        """The answer to a complaint or suggestion, or a repair: minutes."""
        waited = date(day) - date(one.raised_on)
        one.satisfaction = odds(one.satisfaction, ANSWERED[waited])
        self.count["answer_days"] += waited
        self.count["answered_" + RAISED[one.raised]] += 1
        if one.raised == SUGGESTION:
            self.contacts[ANSWER * RESULTS + DONE] += 1
        else:
            self.contacts[ANSWER * RESULTS + MENDED] += 1
            one.defect = SOUND
        one.raised, one.due[ANSWER] = NOTHING, HORIZON
        return self.chance.answering()

    # --- The night ---

    def night(self, day: int) -> int:
        """What nature does; how many new leads were named today."""
        for calendar, turn, until in self.turns:
            while day in calendar:  # an occasion may bring another one on the same day
                for one in calendar.pop(day):
                    if one.where <= until:
                        turn(day, one)
        named, self.named = self.named, 0
        return named

    def deliver(self, day: int, one: Customer) -> None:
        """The customer gets what it bought."""
        self.count["delivered"] += 1
        if one.late:
            self.count["days_late"] += one.late
            one.satisfaction = max(0.0, one.satisfaction - PER_DAY_LATE * one.late)
        if self.chance.random() < DEFECTIVE[self.cooperative]:
            self.count["defects"] += 1
            one.defect = HIDDEN
            self.defects[day_after(day, ceil(self.chance.lapse() * SHOWS_AFTER))].append(one)

    def tempt(self, day: int, one: Customer) -> None:
        """Does the customer cancel?"""
        if self.chance.random() < CANCELS_AT[one.conceded][one.approved][felt(day, one)]:
            self.count["refunded"] += one.paid
            self.leave(one, CANCELLED)

    def show(self, day: int, one: Customer) -> None:
        """A defect shows, if nobody mended it; who knows of it from a survey complains."""
        told = one.raised == FOUND
        if told or one.defect == HIDDEN:
            complains = told or self.chance.random() < COMPLAINS_AT[felt(day, one)]
            one.satisfaction = max(0.0, one.satisfaction - DROP)
            one.defect = KNOWN
            if complains:
                self.raise_(day, one, COMPLAINT)
                self.impatience[day_after(day, PATIENCE)].append(one)
            else:
                self.leave(one, SILENT)

    def ask(self, day: int, one: Customer) -> None:
        """A survey."""
        random_ = self.chance.random
        if one.where == UNSEEN or random_() >= RESPONDS:
            self.count["survey_unanswered"] += 1
        elif one.defect == HIDDEN and random_() < SURVEY_FINDS:
            self.count["survey_found"] += 1
            one.defect = KNOWN
            self.raise_(day, one, FOUND)
        else:
            self.count["survey_answered"] += 1
        self.surveys[NEXT_SURVEY[one.sold][day]].append(one)

    def mail(self, day: int, one: Customer) -> None:
        """A message."""
        self.count["mailed"] += 1
        one.mailed = day
        self.mailings[NEXT_MAIL[one.sold][day]].append(one)

    def occur(self, day: int, one: Customer) -> None:
        """An occasion to buy again."""
        chance, count = self.chance, self.count
        if chance.random() < BOUGHT_AT[felt(day, one)]:
            selling = date(day) - date(one.ordered)
            count["bought_again"] += 1
            count["again_revenue"] += chance.again() * (selling / one.sells_in if selling < one.sells_in else 1.0)
            one.ordered = day
        else:
            count["passed"] += 1
            if chance.random() < LEAVES:
                self.leave(one, LEFT)
                return
        one.occasion += chance.lapse() * OCCASIONS
        self.occasions[day_after(one.sold, ceil(one.occasion))].append(one)

    def suggest(self, day: int, one: Customer) -> None:
        """A suggestion, if the customer does not wait for an answer already."""
        if one.raised == NOTHING:
            self.raise_(day, one, SUGGESTION)
        one.suggestion += self.chance.lapse() * SUGGESTIONS
        self.suggestions[day_after(one.sold, ceil(one.suggestion))].append(one)

    def lose_patience(self, _: int, one: Customer) -> None:
        """Is the complaint still not answered?"""
        if one.raised == COMPLAINT:
            self.leave(one, GAVE_UP)

    def raise_(self, day: int, one: Customer, what: int) -> None:
        """Something is to be answered from tomorrow on."""
        self.count["raised_" + RAISED[what]] += 1
        one.raised, one.raised_on, one.due[ANSWER] = what, day, day + 1
        self.mornings[day + 1].append((ANSWER, one))

    def leave(self, one: Customer, why: int) -> None:
        """The customer is lost, and waits for nothing."""
        one.where = UNSEEN if why in (SILENT, LEFT) else GONE
        one.raised, one.due[ANSWER] = NOTHING, HORIZON
        self.count["customer_" + ENDS[why]] += 1

    def tell(self) -> dict[str, float]:
        """The facts."""
        stay = [one.satisfaction for one in self.everybody if one.where == HERE]
        self.count["customer_stays"] = len(stay)
        self.count["satisfaction"] = sum(stay) / len(stay) if stay else 0.0
        self.count.update(zip(CONTACTS, self.contacts, strict=True))
        return self.count


def calendars(number: int) -> list[Calendar]:
    """So many empty ones."""
    return [defaultdict(list) for _ in range(number)]


def felt(day: int, one: Customer) -> int:
    """Whole hundredths of satisfaction today, with what is left of the last message's lift."""
    felt = one.satisfaction
    if one.mailed >= 0:
        ratio = FADING[date(day) - date(one.mailed)]
        felt = felt * ratio / (1 - felt + felt * ratio)
    return int(felt * 100 + 0.5)


class AfterChance:
    """All that is drawn after the sale."""

    def __init__(self, ahead: Ahead, random: Callable[[], float]) -> None:
        self.random = random
        self.lapse = ahead.exponential(1)
        self.reality = ahead.triangular(*REALITY)
        self.talk = (ahead.lognormal(8, 4), ahead.triangular(15, 30, 60), ahead.exponential(6))
        self.answering = ahead.triangular(5, 12, 40)
        self.again = ahead.triangular(40, 90, 250)
        self.more = ahead.triangular(100, 200, 600)
        self.names = ahead.endless(lambda n: ahead.rng.poisson(NAMES, n))
