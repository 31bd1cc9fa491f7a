"""What comes after the sale is summed up by what becomes of customers, what care they get, and what they are worth.

How much of the next quarter's business comes from this quarter's customers is answered by cohorts: customers whose
first purchase was in the same period. All of it is known up to the horizon only, so later cohorts look poorer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.cohorts import cut_short, taking_in
from simfunnel.counting.after_tally import END_NAMES, KINDS, RESULTS
from simfunnel.estimates import estimate
from simfunnel.experiments.estimating import (
    Summary,
    Worlds,
    below,
    estimates_of,
    net_share,
    not_below_0,
    rate_of,
    share_of,
    weighted,
)
from simfunnel.metrics import Columns
from simfunnel.simulation import Result

SHARES: Final = {
    "answers": ("answers", "raised"), "unanswered": ("unanswered", "raised"),
    "complaints_unanswered": ("complaints_unanswered", "complaints"),
    "deliveries_late": ("deliveries_late", "deliveries"), "defects": ("defects", "deliveries"),
    "defects_mended": ("defects_mended", "defects"),
    "surveys_answered": ("surveys_answered", "surveys_sent"), "repeat_purchases": ("repeat_purchases", "occasions"),
    "gave_names": ("gave_names", "asked"),
    "referred": ("referred", "referrals"), "referrals_cut": ("referrals_cut", "referrals"),
    "referrals_too_late": ("referrals_too_late", "referrals"),
    "referrals_beyond_limit": ("referrals_beyond_limit", "referrals"),
    "sold_referred": ("sold_referred", "referred"), "of_sold": ("sold_referred", "sold"),
}  # fmt: skip
"""What is a part of what."""


def after_sales(result: Result) -> Summary:
    """What becomes of customers, contacts by kind and result, where revenue comes from, and what a customer is worth.

    `rates` are shares: of customers (`rates.customers`), of the contacts that were made (`rates.contacts.<kind>`), of
    all that were due (`rates.forgotten`), and those of `SHARES`. `value` is what customers pay until the horizon less
    what its goods cost, for each: `first` of the first purchase, `later` of all after it. Empty where nobody looks
    after customers.
    """
    columns, worlds = result.columns, result.worlds
    if result.scenario.after_sales is None:
        return {}
    contacts = {kind: {name: columns[f"contacts.{kind}.{name}"] for name in RESULTS} for kind in KINDS}
    return {
        "customers": estimates_of({name: columns[f"customers.{name}"] for name in END_NAMES}, worlds),
        "contacts": {kind: _contacts(found, worlds) for kind, found in contacts.items()},
        "revenue": estimates_of(below(columns, "revenue"), worlds),
        "rates": {
            "customers": {
                name: share_of(columns[f"customers.{name}"], columns["customers"], worlds) for name in END_NAMES
            },
            "contacts": {kind: _rates(found, worlds) for kind, found in contacts.items()},
            "forgotten": share_of(
                columns["contacts_forgotten"], columns["contacts"] + columns["contacts_forgotten"], worlds
            ),
            **dict(_shares(columns, worlds)),
        },
        "value": _value(columns, worlds),
    }


def _contacts(found: Columns, worlds: Worlds) -> Summary:
    """Contacts of a kind, by result, and all that were made."""
    return {"made": not_below_0(estimate(_made(found), worlds)).to_json(), **estimates_of(found, worlds)}


def _made(found: Columns) -> Any:
    return sum((found[name] for name in RESULTS[1:]), np.zeros_like(found[RESULTS[0]]))


def _rates(found: Columns, worlds: Worlds) -> Summary:
    """Results, and those that `reached`, as shares of the contacts that were made; the forgotten: of all due."""
    made = _made(found)
    due = made + found[RESULTS[0]]
    shares = {name: share_of(found[name], made if number else due, worlds) for number, name in enumerate(RESULTS)}
    return {"reached": rate_of(made - found["not_reached"] - found["found_lost"], made, worlds), **shares}


def _shares(columns: Columns, worlds: Worlds) -> Iterator[tuple[str, Summary]]:
    raised = columns["complaints"] + columns["suggestions"] + columns["repairs"]
    known = {**columns, "raised": raised, "occasions": columns["repeat_purchases"] + columns["occasions_passed"]}
    for name, (part, whole) in SHARES.items():
        yield name, share_of(known[part], known[whole], worlds)


def _value(columns: Columns, worlds: Worlds) -> Summary:
    """Of all customers of all histories, each: None where there is none."""
    all_, first, of = columns["customer_value"], columns["customer_value.first"], columns["customers"]
    each = {"all": all_, "first": first, "later": all_ - first}
    return {name: weighted(values, of, worlds).to_json() for name, values in each.items()}


def cohorts(result: Result) -> Summary:
    """Of each period: who bought first in it, and what they pay when; and who all of its revenue comes from.

    `revenue` and `referred` are by period of payment, from the period itself on: of the cohort, and of the leads whom
    it named. `value` is what each of it pays until the horizon less goods. `all_revenue` is what everybody pays in the
    period: `new`, of which `named` by customers of earlier periods, and `earlier` customers; `from_earlier` is the
    share of the last two (missing in the first period). `cut_short`: the period lies only partly within the horizon;
    `taking_in`: it is not the first, and begins before the intake ends.
    """
    calendar = Calendar.of(result.scenario)
    columns, worlds = below(result.columns, "cohorts"), result.worlds
    names = list(dict.fromkeys(name.split(".")[0] for name in columns))
    short, later = cut_short(calendar), taking_in(result.scenario, calendar)
    return {
        name: {
            **_cohort(names[: place + 1], columns, worlds),
            "cut_short": name in short,
            "taking_in": name in later,
        }
        for place, name in enumerate(names)
    }


def _cohort(until: list[str], columns: Columns, worlds: Worlds) -> Summary:
    """The last of the periods `until` it."""
    name, mine = until[-1], below(columns, until[-1])
    earlier = sum((columns[f"{before}.revenue.{name}"] for before in until[:-1]), np.zeros_like(mine["all_revenue"]))
    found = {
        "customers": not_below_0(estimate(mine["customers"], worlds)),
        "all_revenue": estimate(mine["all_revenue"], worlds),
        "new": estimate(mine["all_revenue"] - earlier, worlds),
        "earlier": estimate(earlier, worlds),
    }
    summary: Summary = {what: each.to_json() for what, each in found.items()}
    summary["value"] = weighted(mine["value"], mine["customers"], worlds).to_json()
    if len(until) > 1:
        summary["named"] = not_below_0(estimate(mine["earlier_revenue"] - earlier, worlds)).to_json()
        summary["from_earlier"] = net_share(mine["earlier_revenue"], mine["all_revenue"], worlds).to_json()
    for what in ("revenue", "referred"):
        by_period = {period: estimate(values, worlds) for period, values in below(mine, what).items()}
        summary[what] = {period: each.to_json() for period, each in by_period.items()}
    return summary
