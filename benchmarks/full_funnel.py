"""Everything switched on: the shipped engines against a tuned hand-written SimPy model of the same story.

Reproduce, on an idle machine (about three minutes; `--quick` for one short round):

    python benchmarks/full_funnel.py

The work is `full_funnel.toml`: a cold list with retries, dead numbers and gatekeepers, warm arrivals, hot leads, two
calling teams with overflow, demos with closers, the follow-up of who stayed undecided, and customers who are looked
after by who sold to them, buy again and name others. The peer is `full_peer.py`. Everything runs on one core. The
vector engine lives 1,000 histories a piece, the others fewer, for their speed does not depend on how many; in each
round all take their turn, every round beginning with another one and with new seeds, a ratio is taken within its
round, and the median of the rounds is reported, with their range.

How to read it: an event is a dial, a hot lead answered, a comer to a demo, a closing talk, a touch of the
follow-up, an answer to (or giving up of) who came back by itself, a contact made with a customer, or something that
a customer bought later. Events/s are the events of a piece over the time of the whole run. Loading and one warm-up
run are not timed; the events of the shipped engines are counted in a second run of the same seed, which is not timed
either.

A benchmark asserts the work it timed: the means of all that is counted (`full_peer.COLUMNS`: dials, demos, touches by
result, returns, what became of the undecided, sales, revenue, contacts with customers by kind and result, complaints,
messages, later purchases, names, lost customers, satisfaction at the end, busy minutes) must agree between vector
engine and peer within 4.5 standard errors of the difference, and the SimPy engine must report the very same facts as
the vector engine (by the digest of each history). If they do not, or the vector engine is not 11 times as fast as the
peer, the exit code is 1. The aim is 15, and whether it is met is said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from call_list import HERE, Requirement, one_core  # first: it keeps numpy to one thread

import gc  # isort: skip
import time  # isort: skip

import full_peer
import full_peer_after
import numpy as np
import numpy.typing as npt

from simfunnel import facts, load_scenario, simulate
from simfunnel.facts import Dials, Scalar
from simfunnel.funnel import calling, care, closing, customers, demo, inbound, loyalty, referral, touch, undecided
from simfunnel.funnel.satisfaction import MOST
from simfunnel.funnel.segments import is_referral
from simfunnel.simulation import Settings, live

VECTOR, ENGINE, PEER = "vector engine", "SimPy engine", "hand-written SimPy"
LARGEST_GAP = 4.5  # standard errors of a difference; about 100 are looked at: false alarms in 1 of 1,500 runs
BLOCK = 1000  # histories in lock-step: all of the vector engine's; takes about 800 MB
LEAST = 11
AIM = 15
DIGESTS = 6  # histories in which both engines must report the same facts
EVENTS = (
    "dials", "hot_answered", "attended", "closings", *(f"touch_{name}" for name in full_peer.TOUCHED[: touch.GAVE_UP]),
    *(name for name in full_peer.COLUMNS if name.startswith("back_")),
    *full_peer_after.MADE, "bought_again", "bought_more",
)  # fmt: skip
SCENARIO = load_scenario(HERE / "full_funnel.toml")
Columns = Mapping[str, npt.NDArray[np.float64]]
Codes = dict[tuple[int, int], str]

OUTCOMES: Codes = {
    (facts.INBOUND, inbound.GAVE_UP): "hot_gave_up",
    (facts.INBOUND, inbound.REFUSED): "hot_answered",
    (facts.INBOUND, inbound.ACCEPTED): "hot_answered",
    (facts.BOOKING, demo.ACCEPTED + demo.NO_SEAT): "no_seat",
    (facts.EVENT, demo.HELD): "events",
    (facts.EVENT, demo.CANCELLED): "cancelled",
    (facts.VISIT, demo.FREELOADER): "attended",
    (facts.VISIT, demo.INTERESTED): "attended",
    (facts.VISIT, demo.TURNED_AWAY): "turned_away",
    (facts.CLOSING, 0): "closings",
    (facts.TALK, closing.LEFT): "left",
    (facts.TALK, closing.NOT_CONVINCED): "not_convinced",
    (facts.TALK, closing.SOLD): "sold",
    (facts.TALK, closing.CONCEDED): "conceded",
    (facts.RETURN, 0): "returned",
    (facts.SERIES, 0): "series",
    (facts.MISFIT, 0): "misfits",
    (facts.FILE, undecided.OPENED): "undecided",
    (facts.FILE, undecided.IRRITATED): "file_irritated",
    (facts.FILE, undecided.BOUGHT_ELSEWHERE): "file_elsewhere",
    (facts.FILE, undecided.NEVER_READY): "file_never",
    (facts.FILE, undecided.NOT_QUALIFIED): "file_unqualified",
    (facts.FILE, undecided.GIVEN_UP): "file_given_up",
    (facts.FILE, undecided.BAD_FIT): "file_bad_fit",
    (facts.DELIVERY, customers.DEFECTIVE): "defects",
    (facts.MESSAGE, care.MAILING): "mailed",
    (facts.MESSAGE, care.UNANSWERED): "survey_unanswered",
    (facts.MESSAGE, care.ANSWERED): "survey_answered",
    (facts.MESSAGE, care.FOUND_BY): "survey_found",
    (facts.PURCHASE, loyalty.REPEAT): "bought_again",
    (facts.PURCHASE, loyalty.CROSS): "bought_more",
    (facts.PURCHASE, loyalty.PASSED): "passed",
    (facts.ASKED, referral.REFUSED): "asked_refused",
    (facts.ASKED, referral.GAVE): "asked_gave",
    (facts.REFERRAL, referral.NOTED): "names_noted",
    (facts.REFERRAL, referral.TOO_LATE): "names_too_late",
    (facts.CUSTOMER, customers.STAYS): "customer_stays",
    **{(facts.CUSTOMER, code): f"customer_{name}" for code, name in enumerate(full_peer_after.ENDS)},
    **{(facts.CARE, code): name for code, name in enumerate(full_peer_after.CONTACTS)},
    **{(facts.RAISED, code): f"raised_{name}" for code, name in enumerate(full_peer_after.RAISED)},
    **{(facts.ANSWERED, code): f"answered_{name}" for code, name in enumerate(full_peer_after.RAISED)},
    **{(facts.TOUCH, code): f"touch_{name}" for code, name in enumerate(full_peer.TOUCHED)},
    **{(facts.ANSWER, code): f"back_{name}" for code, name in enumerate(full_peer.TOUCHED)},
}
"""The facts that the peer counts, too: its name of each (kind, outcome)."""
AFTER = (facts.DELIVERY, facts.ANSWERED, facts.PURCHASE, facts.CUSTOMER)
WORK = (facts.DIAL, facts.INBOUND, facts.HOST, facts.CLOSING, facts.TOUCH, facts.ANSWER, facts.CARE)


class Counter:
    """Counts a block's facts under the peer's names."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self.counts = {name: np.zeros(columns) for name in full_peer.COLUMNS}

    def dials(self, batch: Dials) -> None:
        """Count a batch of dials."""
        self.rows(*batch.rows())

    def rows(self, column: npt.NDArray[np.int64], values: Mapping[str, Scalar]) -> None:
        """Count facts of one kind."""
        kind, outcome, amount = (values.get(name, 0) for name in ("kind", "outcome", "amount"))
        if kind in WORK:
            self._add("busy_minutes", column, np.asarray(values.get("duration", 0)) / 60_000)
        if kind == facts.DIAL:
            self._count_dials(column, np.asarray(outcome))
            return
        if kind == facts.INBOUND:
            self._add("accepted", column, outcome == inbound.ACCEPTED)
        elif kind == facts.VISIT:
            self._add("expected", column, 1)
            self._add("interested", column, outcome == demo.INTERESTED)
            came = np.isin(outcome, (demo.FREELOADER, demo.INTERESTED))
            self._add("friends_attended", column, came & is_referral(np.asarray(values["lead"])))
        elif kind == facts.TOUCH:
            self._add("touch_irritated", column, np.asarray(amount) & 1)
            self._add("touch_quota", column, np.asarray(amount) >> 1 & 1)
        elif kind == facts.TALK:
            self._add("revenue", column, np.asarray(amount) / 100)
        elif int(np.asarray(kind)) in AFTER:
            self._count_after(int(np.asarray(kind)), column, np.asarray(outcome), np.asarray(amount), values)
        for code in np.unique(outcome).tolist():
            name = OUTCOMES.get((int(np.asarray(kind)), code))
            if name in self.counts:
                self._add(name, column, outcome == code)

    def _count_dials(self, column: npt.NDArray[np.int64], outcome: npt.NDArray[np.int64]) -> None:
        self._add("dials", column, 1)
        self._add("answered", column, outcome >= calling.GATEKEEPER)
        self._add("listened", column, outcome >= calling.REFUSED)
        self._add("accepted", column, outcome == calling.ACCEPTED)

    def _count_after(
        self, kind: int, column: npt.NDArray[np.int64], outcome: npt.NDArray[np.int64], amount: npt.NDArray[np.int64],
        values: Mapping[str, Scalar],
    ) -> None:  # fmt: skip
        """What is more than a count, after the sale."""
        if kind == facts.DELIVERY:
            self._add("delivered", column, 1)
            self._add("days_late", column, values["occurrence"])
        elif kind == facts.ANSWERED:
            self._add("answer_days", column, amount)
        elif kind == facts.PURCHASE:
            self._add("again_revenue", column, amount / 100 * (outcome == loyalty.REPEAT))
            self._add("more_revenue", column, amount / 100 * (outcome == loyalty.CROSS))
        else:
            self._add("refunded", column, amount / 100 * (outcome == customers.CANCELLED))
            self._add("satisfaction", column, amount / MOST * (outcome == customers.STAYS))

    def told(self) -> Columns:
        """All counts; of satisfaction the mean of who is still a customer."""
        self.counts["satisfaction"] /= np.maximum(1, self.counts["customer_stays"])
        return self.counts

    def _add(self, name: str, column: npt.NDArray[np.int64], weight: Any) -> None:
        weights = np.broadcast_to(np.asarray(weight, dtype=np.float64), column.shape)
        self.counts[name] += np.bincount(column, weights=weights, minlength=self._columns)


@dataclass
class Contestant:
    """One way to do the work; `run` is timed, `count` says what it did, by history."""

    name: str
    replications: int
    run: Callable[[int, int], Any]  # (replications, seed)
    count: Callable[[int, int, Any], Columns]  # and what `run` gave
    nanoseconds: list[float] = field(default_factory=list)  # an event, by round
    pieces: list[Columns] = field(default_factory=list)

    def piece(self, seed: int) -> None:
        """Run and time one piece, and count its events."""
        gc.collect()
        began = time.process_time_ns()  # all is one thread: other programs do not count
        found = self.run(self.replications, seed)
        taken = time.process_time_ns() - began
        self.pieces.append(self.count(self.replications, seed, found))
        self.nanoseconds.append(taken / float(sum(self.pieces[-1][name].sum() for name in EVENTS)))

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """One number for every history of every piece."""
        return np.concatenate([piece[name] for piece in self.pieces])


def counted(replications: int, seed: int, _: object) -> Columns:
    """What the shipped engines do with this seed: both the same."""
    counter = Counter(replications)
    live(SCENARIO, Settings(replications=replications, seed=seed), 0, replications, (counter,))
    return counter.told()


def shipped(engine: str) -> Callable[[int, int], Any]:
    """The shipped simulator, through the public path."""
    return lambda replications, seed: simulate(
        SCENARIO, replications=replications, seed=seed, engine=engine, workers=1, block_size=BLOCK
    )


def contestants(sizes: Mapping[str, int], *, engine: bool) -> list[Contestant]:
    """All who take part, warmed up."""
    found = [
        Contestant(VECTOR, sizes[VECTOR], shipped("vector"), counted),
        Contestant(PEER, sizes[PEER], full_peer.run_simpy, lambda _, __, columns: columns),
    ]
    if engine:
        found.append(Contestant(ENGINE, sizes[ENGINE], shipped("simpy"), counted))
    for one in found:
        one.run(2, 1)
    return found


def times_faster(one: Contestant, other: Contestant) -> list[float]:
    """How many times faster than `other`, by round."""
    return [theirs / ours for ours, theirs in zip(one.nanoseconds, other.nanoseconds, strict=True)]


def gaps(one: Contestant, other: Contestant) -> dict[str, tuple[float, float, float]]:
    """Both means, and standard errors of their difference between them, by name.

    What is rare may not happen in few histories at all: each variance is then that of both together.
    """
    found = {}
    for name in full_peer.COLUMNS:
        x, y = one.column(name), other.column(name)
        together = np.concatenate([x, y]).var(ddof=1)
        error = np.sqrt(max(x.var(ddof=1), together) / x.size + max(y.var(ddof=1), together) / y.size)
        gap = float(x.mean() - y.mean())
        found[name] = (float(x.mean()), float(y.mean()), gap / error if error > 0 else gap and np.inf * gap)
    return found


def table(found: list[Contestant], peer: Contestant) -> Iterator[str]:
    """The measured speeds, as lines."""
    yield f"{'':<20}{'events/s':>12}{'ns an event':>13}{'x ' + peer.name:>22}{'range':>14}{'histories':>11}"
    for one in found:
        ratios, nanoseconds = times_faster(one, peer), median(one.nanoseconds)
        span = f"{min(ratios):.2f}-{max(ratios):.2f}"
        yield (
            f"{one.name:<20}{1e9 / nanoseconds:>12,.0f}{nanoseconds:>13,.1f}{median(ratios):>22.2f}{span:>14}"
            f"{one.column('dials').size:>11,}"
        )


def engines_agree() -> bool:
    """Do both engines report the same facts?"""
    vector, simpy = (
        simulate(SCENARIO, replications=DIGESTS, seed=7, engine=engine, digest=True, workers=1).digests
        for engine in ("vector", "simpy")
    )
    return bool(np.array_equal(vector, simpy))


def verdict(ok: bool, what: str) -> str:
    """A line that says whether something holds."""
    return f"{'ok    ' if ok else 'MISSED'} {what}"


def main(arguments: list[str]) -> int:
    """Measure, print, check; 0 when the work agrees and the requirement is met."""
    parser = argparse.ArgumentParser(description="The whole funnel on the shipped engines and in hand-written SimPy.")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--without-engine", action="store_true", help="leave out the SimPy engine")
    options = parser.parse_args(arguments)
    rounds = 1 if options.quick else 5
    sizes = {VECTOR: 1000, ENGINE: 4, PEER: 24} if options.quick else {VECTOR: 1000, ENGINE: 6, PEER: 60}
    found = contestants(sizes, engine=not options.without_engine)
    print(f"{one_core()}, one core, rounds: {rounds}")
    for turn in range(rounds):
        shift = turn % len(found)
        for number, contestant in enumerate(found[shift:] + found[:shift]):
            contestant.piece(1000 + 10 * turn + number)
    vector, peer = found[:2]
    print("", *table(found, peer), "", sep="\n")
    print(f"{'mean of a history':<24}{vector.name:>20}{peer.name:>20}{'standard errors':>18}")
    compared = gaps(vector, peer)
    for name, (mine, theirs, apart) in compared.items():
        print(f"  {name:<22}{mine:>20,.3f}{theirs:>20,.3f}{apart:>18.2f}")
    wrong = [name for name, (_, __, apart) in compared.items() if not abs(apart) <= LARGEST_GAP]
    lines = [verdict(not wrong, f"all means agree within {LARGEST_GAP:g} standard errors{': not ' if wrong else ''}")]
    lines[0] += ", ".join(wrong)
    same = options.without_engine or engines_agree()
    if not options.without_engine:
        lines.append(verdict(same, f"both engines report the same facts in {DIGESTS} histories"))
    speed = median(times_faster(vector, peer))
    requirement = Requirement(f"vector engine, times the speed of {PEER}", speed, LEAST)
    lines.append(verdict(speed >= AIM, f"the aim of {AIM} times"))
    print("", requirement, *lines, sep="\n")
    return 0 if requirement.met and same and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
