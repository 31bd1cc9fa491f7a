"""Which is better, more or less of a metric, is known of gains and of losses; of all else somebody must say it."""

from __future__ import annotations

from typing import Final

from simfunnel.errors import RequestError

LESS: Final = frozenset(
    ("cost", "costs", "cost_per_sale", "cost_of_sales", "losses", "refunded", "days", "days_until_done", "answer_days",
     "days_waited", "clock_minutes", "working_minutes", "overtime_minutes", "busy_minutes", "paid_hours", "irritations",
     "complaints", "complaints_unanswered", "contacts_forgotten", "forgotten", "found_lost", "touches_wasted",
     "touches_unanswered", "unanswered", "walked_away", "misfits", "conceded", "defects", "defect_rate",
     "deliveries_late", "cancelled", "gave_up", "left", "lost_in_silence", "events_cancelled", "referrals_too_late",
     "referrals_beyond_limit", "referrals_cut", "sold_under_pressure", "clock_minutes_p50", "clock_minutes_p90",
     "clock_minutes_p95", "working_minutes_p50", "working_minutes_p90", "working_minutes_p95")
)  # fmt: skip
"""Parts of names of which less is better, wherever they stand."""
MORE: Final = frozenset(
    ("profit", "revenue", "sold", "sold_by_phone", "sold_came_back", "sold_follow_up", "sold_for_good", "sold_hot",
     "sold_referred", "answered", "listened", "accepted", "booked", "attended", "interested", "hot_share", "customers",
     "customer_value", "value", "satisfaction", "repeat_purchases", "repeat_per_customer", "cross_sales", "referred",
     "referred_share", "referrals", "came_back", "later_revenue", "all_revenue", "turned_into", "survey_response_rate",
     "defects_mended", "answers", "answered_inbound", "gave_names", "later_share")
)  # fmt: skip
"""And of which more is."""


def higher_is_better(metric: str, stated: str | None = None, where: str = "decision.better") -> bool:
    """Is more of a metric better? What is `stated`, "higher" or "lower", goes first; raises RequestError if unknown."""
    if stated is not None:
        return stated == "higher"
    parts = metric.split(".")
    if not LESS.isdisjoint(parts):
        return False
    if MORE.isdisjoint(parts):
        raise RequestError(
            f'{where} must say which is better, "higher" or "lower", as {metric} is neither gain nor loss'
        )
    return True
