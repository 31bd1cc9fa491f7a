"""Every lead that is not sold is lost for one cause, the last thing that decided its fate, or is still open."""

from __future__ import annotations

from typing import Final

from simfunnel.funnel import undecided

LOSSES: Final = (
    "never_reached", "dead_number", "gatekeeper", "hung_up", "gave_up_waiting", "refused", "no_seat", "did_not_come",
    "turned_away", "freeloader", "left_waiting", "not_convinced", "undecided", "irritated", "bought_elsewhere",
    "never_ready", "not_qualified", "given_up", "bad_fit_declined", "still_open",
)  # fmt: skip
LET_GO: Final = {
    "irritated": undecided.IRRITATED, "bought_elsewhere": undecided.BOUGHT_ELSEWHERE,
    "never_ready": undecided.NEVER_READY, "not_qualified": undecided.NOT_QUALIFIED, "given_up": undecided.GIVEN_UP,
    "bad_fit_declined": undecided.BAD_FIT,
}  # fmt: skip
"""Of those, whom the firm let go, and what became of their files."""
