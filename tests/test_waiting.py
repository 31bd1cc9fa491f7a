"""Who is gone, on paper; and the vector engine's packed deadline is the same law, to the last tie."""

from __future__ import annotations

import itertools

import numpy as np
from test_laws import array

from simfunnel.funnel.durations import FOREVER
from simfunnel.funnel.waiting import deadline, gone, gone_by_midnight
from simfunnel.hours import SEAT_BITS, SEAT_MASK

DAY = 86_400_000


def test_who_has_waited_as_long_as_its_patience_is_still_there() -> None:
    assert gone(array(4, 5, 6), 5).tolist() == [False, False, True]
    assert [gone(waited, 5) for waited in (4, 5, 6)] == [False, False, True]
    assert [gone(waited, 0) for waited in (0, 1)] == [False, True]


def test_at_midnight_the_same_holds() -> None:
    came, end = 3 * DAY + 82_800_000, 4 * DAY  # at 23:00
    patience = array(3_599_999, 3_600_000, 3_600_001)
    assert gone_by_midnight(came, patience, end).tolist() == [True, False, False]
    assert gone_by_midnight(array(came - 1, came, came + 1), 3_600_000, end).tolist() == [True, False, False]


def test_the_packed_deadline_is_the_law_for_every_seat() -> None:
    clocks = (-3 * DAY - 1, -DAY, -1, 0, 1, 32_400_000, DAY - 1)
    patiences = (0, 1, 600_000, DAY - 1, DAY, 3 * DAY, 4 * DAY, 400 * DAY)
    checked = ties = 0
    for clock, patience in itertools.product(clocks, patiences):
        last = int(deadline(array(clock), array(patience))[0])
        near = {clock + patience + step for step in (-1, 0, 1)} | {clock, 0, DAY - 1}
        for start in (start for start in near if max(clock, 0) <= start < DAY):
            for seat in (0, 1, SEAT_MASK):
                assert (start << SEAT_BITS | seat > last) == gone(start - clock, patience), (clock, patience, start)
                checked, ties = checked + 1, ties + (start - clock == patience)
    assert checked > 200
    assert ties > 20


def test_a_deadline_of_the_longest_patience_fits_into_a_packed_time() -> None:
    longest = deadline(array(0), np.array([FOREVER]))
    assert longest.tolist() == [DAY << SEAT_BITS | SEAT_MASK]
