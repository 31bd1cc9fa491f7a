"""Every number has a unit, which its name tells: leads, unless it says otherwise."""

from __future__ import annotations

from typing import Final

SHARE: Final = "share"
LEADS: Final = "leads"
MONEY: Final = (
    "revenue", "cost", "profit", "cost_of_sales", "later_revenue", "later_revenue_earlier", "face_value", "open_value",
    "turned_into",
)  # fmt: skip
PER: Final = {"cost_per_sale": "sale", "customer_value": "customer"}
OF_NAME: Final = {
    "dials": "dials", "touches": "touches", "touches_unanswered": "touches", "touches_wasted": "touches",
    "touches_quota": "touches", "irritations": "touches", "customers": "customers", "contacts": "contacts",
    "contacts_forgotten": "contacts", "forgotten": "contacts", "complaints": "requests", "suggestions": "requests",
    "repairs": "requests", "unanswered": "requests", "complaints_unanswered": "requests", "answers": "answers",
    "days_waited": "calendar days", "answer_days": "calendar days", "mailings": "messages", "surveys_sent": "messages",
    "surveys_answered": "messages", "deliveries": "deliveries", "deliveries_late": "deliveries",
    "defects": "deliveries", "defects_mended": "deliveries", "repeat_purchases": "purchases",
    "repeat_per_customer": "purchases", "occasions_passed": "purchases", "cross_sales": "purchases",
    "asked": "askings", "gave_names": "askings", "referrals": "names", "referred": "names", "referrals_cut": "names",
    "referrals_too_late": "names", "referrals_beyond_limit": "names", "events": "events", "events_cancelled": "events",
    "meetings": "meetings", "invited_again": "invitations", "days": "working days", "days_until_done": "working days",
    "paid_hours": "hours", "hot_share": SHARE, "referred_share": SHARE, "later_share": SHARE, "utilisation": SHARE,
    "satisfaction": SHARE, "defect_rate": SHARE, "survey_response_rate": SHARE,
}  # fmt: skip
GROUPS: Final = ("touches", "contacts", "customers")
"""Columns whose parts have their unit."""


def unit_of(name: str, currency: str) -> str:
    """The unit of a column of replications.csv, such as EUR, leads or minutes."""
    first, *rest = name.split(".")
    last = rest[-1] if rest else first
    if first in PER:
        return f"{currency} per {PER[first]}"
    if first in ("costs", "revenue") or last in MONEY or _pays_by_cohort(first, rest):
        return currency
    if "_minutes" in last:
        return "minutes"
    for group in GROUPS:
        if group in (first, *rest[:-1]):
            return group
    return OF_NAME.get(last, LEADS)


def _pays_by_cohort(first: str, rest: list[str]) -> bool:
    return first == "cohorts" and rest[1] in ("value", "all_revenue", "earlier_revenue", "revenue", "referred")
