"""After-sales nobody would think of: a hypothesis strategy over every kind of contact, of fate and of loyalty.

Times are short, so that much happens within the horizons of a few days that made scenarios have.
"""

from __future__ import annotations

from hypothesis import strategies as st
from made_pursuits import INTERVALS, LAPSES, MONEY, ODDS, OFTEN, PRESSURES, SELDOM, SHARES, Tree, Values, tables

SHORT = st.sampled_from([
    1, 2, "1 week", {"exponential": {"mean": 2}}, {"low": 1, "high": 4}, {"discrete": [1, 1, 3]},
    {"exponential": {"mean": {"low": 1, "high": 3}}},
])  # fmt: skip
FIXED = st.sampled_from([0, 1, 2, 5, "1 week", {"low": 1, "high": 6}])
EACH = st.sampled_from([0, 1, 0.5, 0.8, {"low": 0.2, "high": 0.9}, {"mean": 0.6, "sd": 0.2}])
CLASSES = ["meetings", "complaints", "care", "follow_ups", "quota"]


@st.composite
def dates(draw: st.DrawFn) -> Tree:
    """When contacts of one kind are due."""
    days = ["1 working day", "2 days", "1 week"][: draw(st.integers(0, 3))]
    every = draw(tables(INTERVALS, "every")) if days else {"every": draw(INTERVALS)}
    return {"days": days, **every, **draw(tables(MONEY, "cost"))}


@st.composite
def contacts(draw: st.DrawFn, minutes: Values) -> Tree:
    """Contacts that are work."""
    return draw(dates()) | {**draw(tables(OFTEN, "reached")), "minutes": draw(tables(minutes, "talk", "not_reached"))}


@st.composite
def care(draw: st.DrawFn, minutes: Values) -> Tree:
    """Some of the kinds of contact."""
    plan: Tree = {}
    if draw(st.integers(0, 3)):
        plan["seller_initiated"] = draw(contacts(minutes)) | {
            **draw(tables(SHARES, "finds")), **draw(tables(ODDS, "lift", "approves")), "asks": draw(st.booleans()),
        }  # fmt: skip
    if draw(st.booleans()):
        plan["cooperative"] = draw(contacts(minutes)) | draw(tables(ODDS, "odds_defect"))
    if draw(st.booleans()):
        plan["friendly"] = draw(contacts(minutes)) | draw(tables(ODDS, "odds_referral"))
    if draw(st.booleans()):
        plan["marketing"] = (
            draw(dates())
            | draw(tables(ODDS, "lift"))
            | draw(tables(st.sampled_from([1, 3, "1 week", {"low": 1, "high": 9}]), "half_life"))
        )
    if draw(st.booleans()):
        plan["survey"] = draw(dates()) | draw(tables(SHARES, "responds", "finds"))
    if draw(st.booleans()):
        plan["customer_initiated"] = {
            **draw(tables(SHORT, "suggestions_every")), **draw(tables(ODDS, "lift", "odds_per_day")),
            **draw(tables(FIXED, "patience")), **draw(tables(minutes, "minutes")),
        }  # fmt: skip
    return plan


@st.composite
def loyalty(draw: st.DrawFn) -> Tree:
    """Buying again, by either law."""
    repeat: Tree = draw(tables(ODDS, "satisfied")) | draw(tables(MONEY, "revenue", "unit_cost"))
    if draw(st.booleans()):
        per = {"per": draw(st.sampled_from(["day", "week"]))}
        more = st.sampled_from([0.2, 1, 4, {"low": 0.5, "high": 2}])
        return repeat | {"bg_nbd": {name: draw(more) for name in ("r", "alpha", "a", "b")} | per}
    return repeat | {"every": draw(SHORT), "bought": draw(SHARES)} | draw(tables(SELDOM, "leaves"))


def add_after(draw: st.DrawFn, tree: Tree, minutes: Values) -> None:
    """Look after those who buy, most of whom do."""
    names = list(tree["teams"])
    team = draw(st.sampled_from(names))
    plan: Tree = {
        "team": team, "by": draw(st.sampled_from(["closer", "closer", "anyone"])), **draw(tables(ODDS, "familiar")),
        "satisfaction": draw(tables(EACH, "reality")) | draw(tables(SELDOM, "promise", "pressure", "bad_fit")),
        "delivery": draw(tables(LAPSES, "days")) | draw(tables(FIXED, "promised"))
        | draw(tables(SELDOM, "per_day_late")),
        "defect": draw(tables(SHARES, "rate", "complains")) | draw(tables(LAPSES, "shows_after"))
        | draw(tables(SELDOM, "drop")) | draw(tables(ODDS, "satisfied")) | draw(tables(MONEY, "cost")),
        **draw(care(minutes)),
    }  # fmt: skip
    if draw(st.booleans()):
        plan["consistency"] = [draw(SHARES) for _ in range(tree["teams"][team]["size"])]
        if draw(st.booleans()):
            plan["quality"] = draw(tables(MONEY, "cost_per_month")) | draw(tables(ODDS, "odds_per_month"))
    if draw(st.booleans()):
        plan["remorse"] = {"window": draw(FIXED), "cancels": draw(SHARES), **draw(tables(PRESSURES, "conceded")),
                           **draw(tables(ODDS, "satisfied")), **draw(tables(SHARES, "recovered"))}  # fmt: skip
    if draw(st.booleans()):
        plan["repeat"] = draw(loyalty())
        if draw(st.booleans()):
            plan["resale"] = {"share": draw(SHARES), "sells_in": draw(SHORT)}
    if "seller_initiated" in plan and draw(st.booleans()):
        plan["cross_sale"] = {"sold": draw(SHARES), **draw(tables(ODDS, "satisfied")),
                              **draw(tables(MONEY, "revenue", "unit_cost")),
                              **draw(tables(st.integers(1, 3), "most"))}  # fmt: skip
    if "seller_initiated" in plan and draw(st.integers(0, 3)):
        plan["seller_initiated"]["asks"] = True
        plan["referral"] = {
            "segment": "friends", "given": draw(OFTEN), "names": draw(st.sampled_from([1, 3, {"low": 0, "high": 2}])),
            **draw(tables(ODDS, "satisfied")), **draw(tables(st.booleans(), "circle")),
            **draw(tables(st.sampled_from([1, 5, 1000]), "limit")),
        }  # fmt: skip
        tree["segments"]["friends"] = {"temperature": "warm", **draw(tables(st.sampled_from(names), "team"))}
    tree["after_sales"] = plan
    if draw(st.integers(0, 2)):
        tree["calling"] |= {"answered": 0.8, "listened": 0.9}
        tree.get("demo", {}).update(attended=0.9)
        tree["closing"]["sold_if_interested"] = draw(st.sampled_from([0.5, 0.8, 1]))
    if draw(st.booleans()):
        tree["calling"]["order"] = draw(orders())


@st.composite
def orders(draw: st.DrawFn) -> list[str]:
    """What comes first on the list: some classes are not named."""
    optional = draw(st.lists(st.sampled_from(CLASSES), unique=True))
    return draw(st.permutations([*optional, "retries", "fresh"]))
