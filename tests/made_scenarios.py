"""Scenarios nobody would think of: a hypothesis strategy over every option of the language.

On the coarse grid every duration is a whole number of minutes, so that ties are the rule; on the fine
one they are drawn from continuous distributions.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from made_after import add_after
from made_marketing import add_marketing
from made_pursuits import add_pursuit

from simfunnel.scenario.consistency import UNTIL_DONE_ONLY
from simfunnel.scenario.schema import Scenario

Tree = dict[str, Any]

SHARES = st.one_of(
    st.sampled_from([0, 1, 0.5, 0.2, 0.9, "35 %"]),
    st.floats(0, 1).map(lambda p: round(p, 4)),
    st.sampled_from(["2 of 3", "0 of 7", "9 of 10", {"low": 0.1, "likely": 0.5, "high": 0.9}, {"low": 0.2, "high": 0.8},
                     {"mean": 0.4, "sd": 0.2}]),
)  # fmt: skip
OFTEN = st.one_of(st.sampled_from([0.5, 0.7, 0.9, 0.9, 1, {"low": 0.5, "high": 1.0}]), SHARES)
ODDS = st.sampled_from([0.5, 1, 1.5, 3, {"low": 0.5, "high": 2.0}])
MONEY = st.sampled_from([0, 1.25, 400, {"low": 10, "likely": 20, "high": 55.5}, {"mean": 30, "sd": 9}])
PACES = st.sampled_from([0.5, 1, 2, {"low": 0.5, "high": 1.5}])
COARSE = st.sampled_from([0, 1, 2, 5, 30, 60, "2 min", {"discrete": [1, 2, 5]}, {"discrete": [5, 60]}])
FINE = st.sampled_from([
    0.5, "45 s", 7, {"exponential": {"mean": 2}}, {"exponential": {"mean": {"low": 1, "high": 20}}},
    {"lognormal": {"mean": 6, "sigma": 0.8}}, {"lognormal": {"mean": 6, "sd": 3}}, {"low": 1, "likely": 2, "high": 9},
    {"gamma": {"mean": 5, "sd": 5}}, {"uniform": {"low": "10 s", "high": "200 min"}},
])  # fmt: skip
SHIFTS = st.sampled_from(
    [("09:00-17:00", None), ("09:00-17:00", "12:30-13:00"), ("08:00-09:00", None), ("00:00-24:00", "02:00-23:00"),
     ("09:00-10:00", "09:00-09:30"), ("13:00-18:00", "14:59-15:01"), ("22:00-24:00", None)]
)  # fmt: skip
PAUSES = ["09:00-09:30", "12:30-13:00", "12:00-12:35", "16:30-17:00"]
HORIZONS = ["1 working day", "4 working days", "9 working days", "9 working days", "2 weeks", "1 month"]


def tables(values: st.SearchStrategy[Any], *names: str) -> st.SearchStrategy[Tree]:
    """A block with some of the named keys."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


@st.composite
def contracts(draw: st.DrawFn) -> Tree:
    lines = "set_up", "per_hour", "per_dial", "per_connect", "per_accepted", "per_attended", "per_sale"
    contract = draw(tables(MONEY, *lines, "minimum_per_month")) | draw(tables(SHARES, "claw_back"))
    if draw(st.booleans()):
        contract["done_within"] = draw(st.sampled_from(["1 working day", "3 working days", "1 week", "1 year"]))
        contract |= draw(tables(MONEY, "penalty_per_day_late"))
    return contract


@st.composite
def teams(draw: st.DrawFn) -> Tree:
    shift, pause = draw(SHIFTS)
    kind = draw(st.sampled_from(["in-house", "outsourced"]))
    team: Tree = {
        "kind": kind, "size": draw(st.sampled_from([1, 1, 2, 3, 4, 7, 40])), "shift": shift,
        "paid": draw(st.sampled_from(["shift", "until_done", "worked"])),
        "odds": draw(tables(ODDS, "answered", "listened", "accepted", "attended", "interested")),
    }  # fmt: skip
    if pause is not None:
        team["pause"] = pause
    for name, values in (("skill", ODDS), ("pace", PACES)):
        if team["size"] <= 7 and not draw(st.integers(0, 2)):
            team[name] = [draw(values) for _ in range(team["size"])]
    if kind == "in-house":
        team |= draw(tables(MONEY, "wage_per_hour", "hiring", "training", "hand_off_fee"))
        team |= draw(
            tables(st.sampled_from([0, 0.35, "20 %", {"low": 0.1, "high": 1.5}]), "overhead", "overtime_premium")
        )
        team |= draw(tables(SHARES, "commission")) | draw(tables(st.sampled_from([0, 3]), "training_days"))
        if team["paid"] == "until_done":
            team |= draw(tables(st.sampled_from(["1 working day", "1 week", "2 months"]), *UNTIL_DONE_ONLY))
    else:
        team["contract"] = draw(contracts())
    return team


@st.composite
def callings(draw: st.DrawFn, names: list[str], minutes: st.SearchStrategy[Any]) -> Tree:
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    shares: Any = chosen
    if len(chosen) == 2 and draw(st.booleans()):
        shares = {chosen[0]: 0.25, chosen[1]: 0.75}
    fixed_minutes = st.sampled_from([0, 1, "20 s"]) if minutes is FINE else st.sampled_from([0, 1])
    return {
        "teams": shares, "attempts": draw(st.integers(1, 5)),
        "retry_after": draw(st.sampled_from(["1 working day", "2 working days", "3 days", "1 week"])),
        "order": draw(st.permutations(["retries", "fresh"])),
        "answered": draw(SHARES), "listened": draw(OFTEN), "accepted": draw(OFTEN),
        "warm": draw(tables(ODDS, "answered", "listened", "accepted")),
        **draw(tables(SHARES, "asked_through")),
        **draw(tables(st.lists(ODDS, max_size=3), "by_attempt")),
        **draw(tables(st.dictionaries(st.sampled_from(["9", "10", "14", "23"]), ODDS), "by_hour")),
        "minutes": draw(tables(minutes, "no_answer", "gatekeeper", "hang_up", "talk"))
        | draw(tables(fixed_minutes, "ring", "wrap_up")),
    }  # fmt: skip


@st.composite
def demos(draw: st.DrawFn, names: list[str], sizes: dict[str, int]) -> Tree:
    team = draw(st.sampled_from([names[0], *names]))
    demo: Tree = {
        "at": draw(st.sampled_from(["09:00", "09:20", "10:00", "14:00", "15:00", "20:00"])),
        "length": draw(st.sampled_from(["0 min", "30 min", "4 h"])),
        "set_up": draw(st.sampled_from(["0 min", "1 min", "90 min"])),
        "team": team, "hosts": min(draw(st.sampled_from([0, 1, 1, 2, 3, 4])), sizes[team]),
        "seats": draw(st.sampled_from([1, 2, 5, 1000])), "attended": draw(OFTEN),
        "room": draw(MONEY), "catering_per_head": draw(MONEY), "cancellation_fee": draw(MONEY),
    }  # fmt: skip
    if draw(st.integers(0, 3)):
        demo["every"] = draw(st.sampled_from(["1 working day", "2 working days", "3 days", "1 week"]))
        if draw(st.booleans()):
            demo["weekday"] = draw(st.sampled_from(["monday", "thursday", "saturday"]))
    else:
        demo["weekdays"] = draw(st.sampled_from([["tuesday"], ["wed", "sat"], ["friday", "monday", "wednesday"]]))
    if draw(st.booleans()):
        demo["max_wait"] = draw(st.sampled_from(["1 working day", "3 working days", "2 weeks"]))
    return demo | draw(invitations())


def invitations() -> st.SearchStrategy[Tree]:
    """Some of what a demo does with its bookings."""
    return st.fixed_dictionaries({}, optional={
        "overbooking": st.sampled_from([0, 0.5, "100 %", 2.5]),
        "notice": st.sampled_from(["1 working day", "2 working days", "2 days", "1 week"]),
        "minimum": st.sampled_from([1, 2, 3, 5]),
        "invite_again": st.integers(0, 3),
        "odds_per_day_waited": st.sampled_from([0.5, 0.9, 1.2, {"low": 0.7, "high": 1.0}]),
        "reminder": st.fixed_dictionaries({}, optional={"cost": MONEY, "odds": ODDS}),
    })  # fmt: skip


ARRIVALS = st.sampled_from([0, 0.3, 2, 6, {"low": 1, "high": 9}])
CURVE = st.dictionaries(st.sampled_from(["1 min", "5 min", "2 h", "20 h"]), ODDS, max_size=3)
METHODS = st.sampled_from([
    {}, {"choice": {"share": 1, "hot": 2}}, {"stock": {"share": 0.3, "cold": 3}, "offer": {"share": 0.7, "warm": 0.3}},
])  # fmt: skip


@st.composite
def inbounds(draw: st.DrawFn, names: list[str], offers: list[str], minutes: st.SearchStrategy[Any]) -> Tree:
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    plan: Tree = {
        "teams": chosen, "offer": draw(st.sampled_from(offers)), "accepted": draw(OFTEN),
        "waiting": {"source": "made up", "odds": draw(CURVE)}, "minutes": draw(tables(minutes, "talk")),
    }  # fmt: skip
    if draw(st.booleans()):
        plan["patience"] = draw(st.sampled_from([0, 10, "3 h", "30 h", {"discrete": [1, 60]}]))
    return plan


@st.composite
def closings(draw: st.DrawFn, minutes: st.SearchStrategy[Any], most: int) -> Tree:
    """Some of what closing can be; up to `most` closers."""
    closing: Tree = draw(tables(SHARES, "undecided", "reads_signals"))
    closing |= draw(tables(ODDS, "odds_per_minute_early", "odds_per_minute_late"))
    closing |= draw(tables(st.sampled_from([0, 3, "90 s"]), "misread", "haste"))
    closing |= draw(tables(st.sampled_from([1, 1.5, 4, {"low": 1, "high": 3}]), "pressure"))
    closing["minutes"] = draw(tables(minutes, "peak", "answer", "freeloader"))
    closing["paper"] = draw(tables(ODDS, "odds")) | draw(tables(st.sampled_from([0, 20]), "minutes"))
    closing["methods"] = draw(METHODS)
    if most and draw(st.booleans()):
        closing["closers"] = draw(st.integers(1, most))
        closing |= draw(tables(st.sampled_from([0, 5, 60, {"discrete": [1, 30]}]), "patience"))
        closing |= draw(tables(ODDS, "odds_per_minute_waited"))
    return closing


def segments_with_arrivals(draw: st.DrawFn, names: list[str], temperature: str) -> Tree:
    segment: Tree = {"temperature": temperature, "leads": draw(st.sampled_from([0, 0, 2])), "arrivals": draw(ARRIVALS)}
    if draw(st.booleans()):
        del segment["arrivals"]
        segment["arrivals_by_weekday"] = {"mon": draw(ARRIVALS), "wed": 5}
    hours = ["00:00-24:00", "09:00-17:00", "16:00-20:00", "12:25-12:35"]
    return (
        segment | draw(tables(st.sampled_from(hours), "arrival_hours")) | draw(tables(st.sampled_from(names), "team"))
    )


def add_front(draw: st.DrawFn, tree: Tree, minutes: st.SearchStrategy[Any]) -> None:
    """Hot leads, arrivals, meetings, sales by phone, overflow: any of them."""
    names = list(tree["teams"])
    offers = ["demo", "sale"]
    if draw(st.booleans()):
        offers.append("meeting")
        tree["meeting"] = {
            "team": draw(st.sampled_from(names)), "attended": draw(OFTEN),
            "after": draw(st.sampled_from(["1 working day", "2 days", "1 week"])),
            "minutes": draw(tables(minutes, "missed")) | draw(tables(st.sampled_from([0, 30]), "travel")),
        }  # fmt: skip
    tree["calling"]["offer"] = draw(st.sampled_from(offers))
    tree["calling"]["order"] = draw(st.permutations(["retries", "fresh", "meetings"]))
    if draw(st.integers(0, 2)):
        tree["segments"]["web"] = segments_with_arrivals(draw, names, "hot")
        tree["inbound"] = draw(inbounds(names, offers, minutes))
    if "meeting" in tree and "meeting" not in (tree["calling"]["offer"], tree.get("inbound", {}).get("offer")):
        tree["calling"]["offer"] = "meeting"
    if draw(st.booleans()):
        tree["segments"]["daily"] = segments_with_arrivals(draw, names, draw(st.sampled_from(["cold", "warm"])))
    for name, segment in tree["segments"].items():
        if name in ("web", "daily") and not segment["leads"] and not segment.get("arrivals_by_weekday"):
            segment["arrivals"] = segment.get("arrivals") or 1
    caller = next(iter(tree["calling"]["teams"]))
    if len(names) > 1 and draw(st.booleans()):
        to = next(name for name in names if name != caller)
        after = draw(st.sampled_from(["1 working day", "2 working days", "1 week"]))
        tree["teams"][caller]["overflow"] = {"to": to, "after": after}


def make_busy(tree: Tree, no_answer: int) -> None:
    """A shop whose list outlasts its days, and whose callers are called to demos from it."""
    host = tree["demo"]["team"]
    tree["calling"] |= {"teams": [host], "answered": 0.5, "listened": 0.9, "accepted": 0.5}
    tree["calling"]["minutes"]["no_answer"] = no_answer
    for key in ("pause", "skill", "pace"):
        tree["teams"][host].pop(key, None)
    tree["teams"][host] |= {"shift": "09:00-17:00", "size": min(tree["teams"][host]["size"], 4)}
    tree["demo"] |= {"every": "1 working day", "hosts": min(2, tree["teams"][host]["size"]), "seats": 9}
    tree["demo"].pop("weekdays", None)
    next(iter(tree["segments"].values()))["leads"] = 400


@st.composite
def trees(draw: st.DrawFn, coarse: bool) -> Tree:
    """The tree of a scenario's TOML."""
    names = ["ann", "bob", "eve"][: draw(st.integers(1, 3))]
    crew = {name: draw(teams()) for name in names}
    lists = ["list", "old", "new"][: draw(st.sampled_from([1, 1, 2, 3]))]
    tree: Tree = {
        "start": draw(st.sampled_from(["2026-01-05", "2026-01-31"])),
        "horizon": draw(st.sampled_from(HORIZONS)),
        "working_days": draw(st.sampled_from([["mon", "tue", "wed", "thu", "fri"], ["mon", "wed", "sun"]])),
        "holidays": draw(st.sampled_from([[], ["2026-01-07", "2026-01-08"]])),
        "currency": draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        "segments": {
            name: {
                "temperature": draw(st.sampled_from(["cold", "warm"])),
                "leads": draw(st.sampled_from([0, 1, 3, 20, 60, 60, 300])), "interested": draw(OFTEN),
                **draw(tables(OFTEN, "decision_maker", "qualified")),
                **draw(tables(st.sampled_from([0, 0.2, "1 of 9"]), "dead_number")),
                **draw(tables(st.sampled_from([0, 0.5, 3, {"low": 0, "high": 2}]), "reach")),
                **draw(tables(st.sampled_from(names), "team")),
                "odds": draw(tables(ODDS, "answered", "listened", "accepted", "attended", "sold")),
            }
            for name in lists
        },
        "teams": crew,
        "calling": draw(callings(names, COARSE if coarse else FINE)),
        "closing": {"sold_if_interested": draw(SHARES)},
        "money": {"revenue_per_sale": draw(MONEY), "unit_cost": draw(MONEY)},
    }  # fmt: skip
    if draw(st.integers(0, 5)):
        tree["demo"] = draw(demos(names, {name: team["size"] for name, team in crew.items()}))
    if "demo" in tree and draw(st.booleans()):
        make_busy(tree, draw(st.sampled_from([3, 7, 50])))
    minutes = COARSE if coarse else FINE
    if draw(st.booleans()):
        add_front(draw, tree, minutes)
    if draw(st.booleans()):
        host = tree["demo"]["team"] if "demo" in tree else None
        tree["closing"] |= draw(closings(minutes, min(4, crew[host]["size"]) if host else 0))
    if draw(st.booleans()):
        tree["intake"] = draw(st.sampled_from(["1 working day", "3 days"]))
    if draw(st.booleans()):
        add_pursuit(draw, tree, minutes)
    if draw(st.booleans()):
        add_after(draw, tree, minutes)
    if draw(st.booleans()):
        add_marketing(draw, tree)
    return tree


@st.composite
def host_days(draw: st.DrawFn) -> Tree:
    """A shop whose callers host demos: short and long lists, all orders of leave, opening, pause and end of a task."""
    size = draw(st.integers(1, 5))
    opening, pause = draw(st.sampled_from([("09:00-17:00", None), *[("09:00-17:00", p) for p in PAUSES]]))
    tree: Tree = {
        "horizon": draw(st.sampled_from(["3 working days", "6 working days"])),
        "segments": {"list": {"leads": draw(st.sampled_from([1, 2, 3, 4, 5, 6, 8, 30, 200]))}},
        "teams": {"ann": {"size": size, "shift": opening, **({"pause": pause} if pause else {})}},
        "calling": {
            "teams": ["ann"], "attempts": draw(st.integers(1, 6)), "retry_after": "1 working day",
            "answered": draw(st.sampled_from([0.3, 0.6])), "listened": 1, "accepted": draw(st.sampled_from([0.5, 1])),
            "minutes": draw(tables(COARSE, "no_answer", "talk")),
        },
        "demo": {
            "at": draw(st.sampled_from(["09:00", "09:20", "09:30", "12:30", "12:40", "16:59"])),
            "set_up": draw(st.sampled_from(["0 min", "10 min", "30 min"])), "every": "1 working day",
            "length": draw(st.sampled_from(["5 min", "2 h"])),
            "team": "ann", "hosts": draw(st.integers(1, size)), "attended": 0.5,
        },
    }  # fmt: skip
    return tree


@st.composite
def hot_days(draw: st.DrawFn) -> Tree:
    """A shop that does everything at once: ties of arrivals and ends, pauses, nights, called hosts, closers."""
    tree = draw(host_days())
    size, names = tree["teams"]["ann"]["size"], ["ann"]
    for key, values in (("skill", ODDS), ("pace", st.sampled_from([0.5, 1, 2]))):
        if draw(st.booleans()):
            tree["teams"]["ann"][key] = [draw(values) for _ in range(size)]
    tree["segments"]["list"]["leads"] = draw(st.sampled_from([0, 5, 40, 200]))
    tree["segments"]["web"] = segments_with_arrivals(draw, names, "hot") | {
        "arrivals": draw(st.sampled_from([3, 9, 40]))
    }
    tree["segments"]["web"].pop("arrivals_by_weekday", None)
    tree["meeting"] = {"team": "ann", "attended": 0.8, "minutes": draw(tables(COARSE, "missed"))}
    tree["calling"]["offer"] = draw(st.sampled_from(["demo", "meeting"]))
    tree["inbound"] = draw(
        inbounds(names, ["meeting"] if tree["calling"]["offer"] == "demo" else ["demo", "sale"], COARSE)
    )
    tree["closing"] = {"sold_if_interested": 0.5} | draw(closings(COARSE, size))
    tree["demo"]["hosts"] = draw(st.integers(0, size))
    if draw(st.booleans()):
        add_pursuit(draw, tree, COARSE)
    if draw(st.booleans()):
        add_after(draw, tree, COARSE)
    if draw(st.booleans()):
        add_marketing(draw, tree)
    return tree


def scenarios(coarse: bool) -> st.SearchStrategy[Scenario]:
    """A scenario on the coarse or the fine grid."""
    return trees(coarse).map(Scenario.model_validate)
