"""Follow-up nobody would think of: a hypothesis strategy over every habit of the firm and every trait of the undecided.

Intervals are short, so that much happens within the horizons of a few days that made scenarios have.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Tree = dict[str, Any]
Values = st.SearchStrategy[Any]

SHARES = st.one_of(
    st.sampled_from([0, 1, 0.5, 0.2, 0.9, "35 %"]),
    st.floats(0, 1).map(lambda p: round(p, 4)),
    st.sampled_from(["2 of 3", {"low": 0.1, "likely": 0.5, "high": 0.9}, {"mean": 0.4, "sd": 0.2}]),
)  # fmt: skip
OFTEN = st.sampled_from([0.5, 0.8, 0.9, 1, 1, {"low": 0.5, "high": 1.0}])
SELDOM = st.sampled_from([0, 0, 0.1, 0.3, "1 of 9"])
ODDS = st.sampled_from([0.5, 1, 1.5, 3, {"low": 0.5, "high": 2.0}])
MONEY = st.sampled_from([0, 1.25, 400, {"low": 10, "likely": 20, "high": 55.5}])
PRESSURES = st.sampled_from([1, 1.5, 4, {"low": 1, "high": 3}])
INTERVALS = st.sampled_from(["1 working day", "1 working day", "2 working days", "1 day", "3 days", "1 week"])
LAPSES = st.sampled_from([
    0, 1, 2, "1 week", 0.5, {"discrete": [0, 1, 4]}, {"exponential": {"mean": 3}}, {"low": 0, "high": "1 week"},
    {"lognormal": {"mean": {"low": 1, "high": 9}, "sd": 4}},
])  # fmt: skip
CHANNELS = ["phone", "mail", "visit"]
CLASSES = ["meetings", "follow_ups", "quota", "retries", "fresh"]


def tables(values: Values, *names: str) -> st.SearchStrategy[Tree]:
    """A block with some of the named keys."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


@st.composite
def channels(draw: st.DrawFn, names: list[str], minutes: Values) -> Tree:
    """The channels of a plan."""
    return {
        name: {
            "reached": draw(st.one_of(OFTEN, SHARES)), **draw(tables(MONEY, "cost")),
            "minutes": draw(tables(minutes, "not_reached", "gatekeeper", "talk")),
        }
        for name in names
    }  # fmt: skip


@st.composite
def plans(draw: st.DrawFn, teams: list[str], names: list[str], minutes: Values) -> Tree:
    """What the firm does with the undecided: any mix of habits."""
    plan: Tree = {
        "team": draw(st.sampled_from(teams)), "interval": draw(INTERVALS), "channel": draw(st.sampled_from(names)),
        "channels": draw(channels(names, minutes)), "sold": draw(SHARES),
        **draw(tables(INTERVALS, "first_after", "retry_after", "stop_after")),
        **draw(tables(st.integers(1, 6), "touches")),
        **draw(tables(st.sampled_from([0.5, 1, {"low": 0.2, "high": 0.9}]), "reads_signals")),
        **draw(tables(st.integers(1, 3), "signals")),
        **draw(tables(SHARES, "insist")),
        **draw(tables(PRESSURES, "pressure")),
        **draw(tables(st.sampled_from([1, 2, 3, 20]), "quota")),
        **draw(tables(ODDS, "odds_per_touch", "odds_per_irritation", "odds_returned")),
    }  # fmt: skip
    if draw(st.booleans()):
        plan |= {"ask": True} | draw(tables(SHARES, "keeps"))
    if draw(st.booleans()):
        plan["qualify"] = draw(tables(minutes, "minutes")) | draw(tables(OFTEN, "sensitivity", "specificity"))
        plan["decline_bad_fit"] = draw(st.booleans())
    if draw(st.booleans()):
        plan["nurture"] = draw(nurtures())
    return plan


@st.composite
def nurtures(draw: st.DrawFn) -> Tree:
    """Messages, now and then more of them than the horizon holds."""
    return {
        "every": draw(st.sampled_from(["1 day", "1 working day", "2 days", "1 week", "1 month"])),
        "messages": draw(st.sampled_from([1, 2, 5, 300])),
        **draw(tables(MONEY, "cost")), **draw(tables(PRESSURES, "odds_returning")),
        **draw(tables(st.sampled_from([0, 0.5, 2, {"low": 1, "high": 4}]), "keeps_open")),
    }  # fmt: skip


@st.composite
def traits(draw: st.DrawFn, names: list[str]) -> Tree:
    """What the undecided of a segment are like."""
    segment: Tree = {
        **draw(tables(LAPSES, "ready", "window", "tolerance")),
        **draw(tables(SELDOM, "never_ready", "walks_away")),
        **draw(tables(SHARES, "returns", "fit")),
        **draw(tables(OFTEN, "decision_maker", "qualified")),
    }
    if draw(st.booleans()):
        segment["channels"] = draw(preferences(names))
    return segment


@st.composite
def preferences(draw: st.DrawFn, names: list[str]) -> Tree:
    """Who prefers which channel; the shares sum to 1."""
    first, *others = draw(st.permutations(names))
    part = draw(st.sampled_from([0, 0.25, 0.5]))
    return {first: 1 - part * bool(others), **{name: part / len(others) for name in others}}


@st.composite
def orders(draw: st.DrawFn) -> list[str]:
    """What comes first on the list: some classes are not named."""
    optional = draw(st.lists(st.sampled_from(["meetings", "follow_ups", "quota"]), unique=True))
    return draw(st.permutations([*optional, "retries", "fresh"]))


@st.composite
def offers(draw: st.DrawFn, tree: Tree, offer: str) -> Tree:
    """An offer that leaves leads undecided: an invitation to what there is, which most accept, or the sale."""
    if offer != "sale" and offer in tree:
        return {"accepted": draw(st.sampled_from([0.7, 1]))} if draw(st.integers(0, 3)) else {}
    return {"offer": "sale", "undecided": draw(OFTEN), "accepted": draw(st.sampled_from([0.1, 0.5]))}


def add_pursuit(draw: st.DrawFn, tree: Tree, minutes: Values) -> None:
    """Follow up the undecided of whatever a scenario offers, most of whom are undecided."""
    teams, names = list(tree["teams"]), CHANNELS[: draw(st.integers(1, 3))]
    tree["follow_up"] = draw(plans(teams, names, minutes))
    closing = tree.setdefault("closing", {})
    closing["undecided"] = draw(OFTEN)
    closing["sold_if_interested"] = draw(st.sampled_from([0, 0.2, 0.5]))
    for room in ("calling", "inbound"):
        if room in tree:
            tree[room] |= draw(offers(tree, tree[room].get("offer", "demo")))
    if draw(st.integers(0, 2)):
        tree["calling"] |= {"answered": 0.8, "listened": 0.9}
        tree.get("demo", {}).update(attended=0.9)
    for segment in tree["segments"].values():
        segment |= draw(traits(names))
    tree.setdefault("money", {}).update(draw(tables(MONEY, "bad_fit")))
    if draw(st.booleans()):
        tree["calling"]["order"] = draw(orders())
