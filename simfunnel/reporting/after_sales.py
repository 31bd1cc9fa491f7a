"""After the sale is shown by what becomes of customers, what care they get, what they bring, and by when they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from simfunnel.reporting.rows import PERCENTILES, Sheet, amounts, aside, counts, empty
from simfunnel.reporting.wording import UNKNOWN, Estimated, Summary, between, interval, number, percent, rate, whole

ENDS: Final = {
    "cancelled": "cancelled", "lost_in_silence": "lost in silence", "left": "left", "gave_up": "gave up",
    "kept": "kept",
}  # fmt: skip
DELIVERED: Final = {"deliveries_late": "late", "defects": "with a defect", "defects_mended": "mended"}
CONTACTS: Final = {
    "seller_initiated": "by the seller", "cooperative": "cooperative", "friendly": "friendly", "answer": "answers",
}  # fmt: skip
RAISED: Final = {"complaints": "complaints", "suggestions": "suggestions", "repairs": "found by surveys"}
NAMED: Final = {
    "referrals_cut": "circle is cut", "referrals_too_late": "too late", "referrals_beyond_limit": "beyond limit",
}  # fmt: skip
REVENUE: Final = {
    "first": "(first purchases)", "refunded": "(less paid back)", "repeat": "(repeat)", "cross": "(cross-sales)",
}  # fmt: skip
PURCHASES: Final = {"first": "- first purchase", "later": "- all later"}
OWN_PERIOD: Final = "at once"
LATER_PERIODS: Final = ("1 later", "2 later", "3 on")

SHOWS: Final = (
    "a defect showed that nobody had mended, and they did not complain (who was told after a survey that it would be "
    "mended always does)"
)
FATE_WORDS: Final = {
    "lost_in_silence": f"lost in silence: {SHOWS}", "left": "left: at an occasion to buy again",
    "gave_up": "gave up: waiting for the answer to a complaint",
}  # fmt: skip
FOUND_LOST: Final = (
    "found lost: not reached either, as they had left without a word and stayed on the calendar until then; share of "
    "the row above"
)
NAMED_WORDS: Final = {
    "referrals_cut": "circle is cut: names are counted only", "referrals_too_late": "too late: after the intake",
    "referrals_beyond_limit": "beyond limit: no more leads are taken",
}  # fmt: skip
VALUE: Final = (
    "Value: what a customer pays until the horizon, less goods, all customers of all histories together; what care "
    "costs is not in it. Who came earlier had more time: compare with care where customers come at other times."
)
COHORTS: Final = (
    "By period of the first purchase: customers, and what they pay in that period, one later, and so on, less what is "
    "paid back. Value of each: what it pays until the horizon, less goods; later cohorts have had less time."
)
PERIODS: Final = (
    "By period of payment: revenue of new customers, those among them who were named, and of earlier ones. named: "
    "by customers of earlier periods. From earlier: of the named and of earlier customers, as a share of all."
)
CUT_SHORT: Final = "* only partly within the horizon"


def tables(summary: Summary) -> Iterator[tuple[str, Sheet, str]]:
    """Each table with its title and what must be said under it; none where nobody looks after customers."""
    if not summary["after_sales"]:
        return
    currency = summary["currency"]
    yield "After the sale", _fates(summary), _sentences(_fate_notes(summary))
    if summary["metrics"]["customers"]["mean"]:
        care = _care(summary)
        if care.rows:
            yield "Care", care, _sentences(_care_notes(summary))
        yield "What customers bring", _brought(summary), _sentences(_brought_notes(summary))
        yield f"Cohorts, {currency}", _cohorts(summary), _notes(COHORTS, summary)
        if len(summary["cohorts"]) > 1:
            yield f"Who the revenue comes from, {currency}", _periods(summary), _notes(PERIODS, summary)


def _sentences(notes: Iterable[str]) -> str:
    """What is said under a table, as one paragraph."""
    return " ".join(notes)


def _clauses(what: Mapping[str, bool]) -> Iterator[str]:
    """A sentence of those clauses that are needed, if any is."""
    needed = [clause for clause, there in what.items() if there]
    if needed:
        yield f"{'; '.join(needed)}."


def _ever(estimated: Estimated) -> bool:
    """Is it not 0 in all histories?"""
    return bool(estimated["mean"] or estimated["sd"])


def _empty() -> Sheet:
    return empty("", "mean", "95 % interval", *PERCENTILES, "share\n(95 % interval)")


def _part(table: Sheet, label: str, estimated: Estimated, share: Estimated | None = None) -> None:
    """A part of what stands above, if it is ever there."""
    if _ever(estimated):
        aside(table, label, estimated, "" if share is None else rate(share))


def _fates(summary: Summary) -> Sheet:
    """What becomes of customers and deliveries."""
    table, metrics, found = _empty(), summary["metrics"], summary["after_sales"]
    table.add_row("customers", *counts(metrics["customers"]), "")
    for name, label in ENDS.items():
        _part(table, f"- {label}", found["customers"][name], found["rates"]["customers"][name])
    if metrics["satisfaction"]["mean"] is not None:
        table.add_row("satisfaction", *_shares(metrics["satisfaction"]), "")
    if _ever(metrics["deliveries"]):
        table.add_row("deliveries", *counts(metrics["deliveries"]), "")
    for name, label in DELIVERED.items():
        _part(table, f"- {label}", metrics[name], found["rates"][name])
    return table


def _fate_notes(summary: Summary) -> Iterator[str]:
    """What the shares are of, and what the names of the rows say."""
    metrics, ends = summary["metrics"], summary["after_sales"]["customers"]
    shares = {
        f"Share: of customers{', and of deliveries' if _ever(metrics['deliveries']) else ''}": True,
        "mended: of the defects": _ever(metrics["defects_mended"]),
    }
    yield from _clauses(shares)
    yield from _clauses({clause: _ever(ends[name]) for name, clause in FATE_WORDS.items()})
    if metrics["satisfaction"]["mean"] is not None:
        yield "Satisfaction is that of the kept at the horizon."


def _shares(estimated: Estimated) -> tuple[str, ...]:
    """A share with its interval and percentiles."""
    ends = UNKNOWN if estimated["ci95"] is None else " to ".join(f"{100 * end:.1f}" for end in estimated["ci95"])
    return percent(estimated["mean"]), ends, *(percent(estimated[name], 0) for name in ("p05", "p50", "p95"))


def _care(summary: Summary) -> Sheet:
    """Contacts, what customers raise, and messages."""
    table, metrics, found = _empty(), summary["metrics"], summary["after_sales"]
    rates = found["rates"]
    if _ever(metrics["contacts"]):
        table.add_row("contacts", *counts(metrics["contacts"]), "")
    for kind, label in CONTACTS.items():
        by_result, share = found["contacts"][kind], rates["contacts"][kind]
        _part(table, f"- {label}", by_result["made"], None if kind == "answer" else share["not_reached"])
        _part(table, "  (found lost)", by_result["found_lost"], share["found_lost"])
    _part(table, "(forgotten)", metrics["contacts_forgotten"], rates["forgotten"])
    for name, label in RAISED.items():
        _part(table, label, metrics[name])
    days = metrics["answer_days"]
    if days["mean"] is not None:
        percentiles = (number(days[name], 1) for name in ("p05", "p50", "p95"))
        table.add_row("days to answer", number(days["mean"]), interval(days), *percentiles, "")
    _part(table, "(never answered)", metrics["unanswered"], rates["unanswered"])
    _part(table, "mailings", metrics["mailings"])
    _part(table, "surveys", metrics["surveys_sent"], rates["surveys_answered"])
    return table


def _care_notes(summary: Summary) -> Iterator[str]:
    """What the shares are of, each that is shown, and what days and the lost are."""
    metrics, contacts = summary["metrics"], summary["after_sales"]["contacts"]
    planned = [contacts[kind]["made"] for kind in CONTACTS if kind != "answer"]
    shares = {
        "Share: of the contacts made, those that reached nobody": any(map(_ever, planned)),
        "forgotten: of all that were due": _ever(metrics["contacts_forgotten"]),
        "never answered: of complaints, suggestions and defects found by surveys": _ever(metrics["unanswered"]),
        "surveys: were answered": _ever(metrics["surveys_sent"]),
    }
    yield from _clauses(shares)
    lost = any(_ever(contacts[kind]["found_lost"]) for kind in CONTACTS)
    yield from _clauses({FOUND_LOST: lost})
    if metrics["answer_days"]["mean"] is not None:
        yield "Days are calendar days."


def _brought(summary: Summary) -> Sheet:
    """Purchases, names, and what a customer is worth."""
    table, metrics, rates = _empty(), summary["metrics"], summary["after_sales"]["rates"]
    for name, label in (("repeat_purchases", "repeat purchases"), ("cross_sales", "cross-sales")):
        each = metrics[name]["mean"] / metrics["customers"]["mean"]
        if each:
            table.add_row(label, *counts(metrics[name]), f"{number(each)} each")
    _part(table, "asked for names", metrics["asked"])
    _part(table, "- gave names", metrics["gave_names"], rates["gave_names"])
    _part(table, "names", metrics["referrals"])
    _part(table, "- new leads", metrics["referred"], rates["referred"])
    for name, label in NAMED.items():
        _part(table, f"- {label}", metrics[name], rates[name])
    _part(table, "- bought", metrics["sold_referred"], rates["sold_referred"])
    value = summary["after_sales"]["value"]
    table.add_row(f"value each, {summary['currency']}", *amounts(value["all"]), "", style="bold")
    for name, label in PURCHASES.items() if _ever(value["later"]) else ():
        table.add_row(label, *amounts(value[name]), "", style="dim")
    return table


def _brought_notes(summary: Summary) -> Iterator[str]:
    """What the shares are of, and the names of the rows, each that is shown; and what a customer is worth."""
    metrics = summary["metrics"]
    named = {name: _ever(metrics[name]) for name in NAMED}
    new = "new leads and the others" if any(named.values()) else "new leads"
    shares = {
        "gave names: of the times asked": _ever(metrics["gave_names"]),
        f"{new}: of the names": _ever(metrics["referrals"]),
        "bought: of the new leads": _ever(metrics["sold_referred"]),
    }
    yield from _clauses(shares)
    yield from _clauses({NAMED_WORDS[name]: there for name, there in named.items()})
    yield VALUE


def _cohorts(summary: Summary) -> Sheet:
    """Customers by the period of their first purchase, and when they pay."""
    found = summary["cohorts"]
    periods = list(found)
    later = LATER_PERIODS[: len(periods) - 1]
    table = empty("first in", "customers", OWN_PERIOD, *later, "value each", "95 % interval")
    for place, (name, cohort) in enumerate(found.items()):
        paid = [cohort["revenue"][period]["mean"] for period in periods[place:]]
        shown = [*paid[: len(later)], sum(paid[len(later) :])] if len(paid) > len(later) else paid
        cells = [whole(amount) for amount in shown] + [""] * (1 + len(later) - len(shown))
        value, count = cohort["value"], number(cohort["customers"]["mean"])
        if cohort["customers"]["mean"]:
            table.add_row(_named(name, cohort), count, *cells, whole(value["mean"]), interval(value, 0))
    return table


def _periods(summary: Summary) -> Sheet:
    """The revenue of each period, and who it comes from."""
    table = empty("paid in", "revenue", "new customers", "- named", "earlier ones", "from earlier\n(95 % interval)")
    for name, found in summary["cohorts"].items():
        named = whole(found["named"]["mean"]) if "named" in found else ""
        cells = (whole(found[what]["mean"]) for what in ("all_revenue", "new"))
        share = rate(found["from_earlier"]) if "from_earlier" in found else ""
        if found["all_revenue"]["mean"]:
            table.add_row(_named(name, found), *cells, named, whole(found["earlier"]["mean"]), share)
    return table


def _named(name: str, period: Summary) -> str:
    return f"{name}*" if period["cut_short"] else name


def _notes(note: str, summary: Summary) -> str:
    """What must be said under a table of periods."""
    short = any(period["cut_short"] for period in summary["cohorts"].values())
    return f"{note}\n{CUT_SHORT}" if short else note


def revenue(summary: Summary) -> Iterator[tuple[str, Estimated]]:
    """The parts of the revenue that are not always 0, with their labels; none where there are only first purchases."""
    parts = summary["after_sales"].get("revenue", {})
    shown = [(label, parts[name]) for name, label in REVENUE.items() if parts and parts[name]["mean"]]
    yield from shown if len(shown) > 1 else ()


def meaning(summary: Summary) -> Iterator[str]:
    """What customers are worth, and what of the business comes from those won before, in a sentence each."""
    if not summary["after_sales"] or not summary["metrics"]["customers"]["mean"]:
        return
    value, currency, metrics = summary["after_sales"]["value"], summary["currency"], summary["metrics"]
    kept, later = summary["after_sales"]["rates"]["customers"]["kept"]["mean"], value["later"]["mean"]
    more = f", {whole(later)} of it after the first purchase" if round(later) > 0 else ""
    if round(later) < 0:
        more = f", after a loss of {whole(-later)} since the first purchase"
    yield (
        f"Of the customers {percent(kept, 0)} are kept until the horizon; by then one is worth "
        f"{whole(value['all']['mean'])} {currency} beyond goods{more}."
    )
    share, periods = metrics["later_share"], [name for name, each in summary["cohorts"].items() if each["taking_in"]]
    if share["mean"] is not None and periods:
        low, high = share["ci95"] or (0.0, 0.0)
        ends = f" (95 % interval {between(share['ci95'], 0).replace('-', ' to ')})" if low < high else ""
        yield (
            f"In {' to '.join(dict.fromkeys((periods[0], periods[-1])))}, {percent(share['mean'], 0)}{ends} of the "
            "revenue comes from customers of earlier periods and from leads whom they named."
        )
