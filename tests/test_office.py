"""The office books in the order of (clock of acceptance, lead), whatever the order in which it heard of them."""

from __future__ import annotations

import numpy as np

from simfunnel.engines.accepted import Accepted


def test_acceptances_are_ordered_by_history_clock_and_lead() -> None:
    accepted = Accepted()
    accepted.add(np.array([1, 0, 0]), np.array([500, 900, 700]), np.array([3, 1, 8]), 0, np.array([4, 5, 6]))
    accepted.add(np.array([0, 0]), np.array([700, 100]), np.array([2, 9]), 1, np.array([7, 8]))
    column, clock, lead, team, seat = accepted.in_order()
    assert column.tolist() == [0, 0, 0, 0, 1]
    assert clock.tolist() == [100, 700, 700, 900, 500]
    assert lead.tolist() == [9, 2, 8, 1, 3]
    assert team.tolist() == [1, 1, 0, 0, 0]
    assert seat.tolist() == [8, 7, 6, 5, 4]
