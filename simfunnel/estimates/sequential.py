"""Who may stop at any of several looks must be surer at each, so that all of them together are as sure as claimed.

Intervals of 95 % looked at again and again, until one of them shuts out 0, shut it out wrongly far more
often than one time in twenty (Armitage, McPherson and Rowe 1969, J. Royal Statistical Society A 132:235).
"""

from __future__ import annotations


def looks(first: int, most: int) -> tuple[int, ...]:
    """At how many histories to look: they double from `first` until `most`, which is always the last look.

    Both are numbers of histories, at least 1; `first` at or above `most` gives one look, at `most`.
    Raises ValueError where either is below 1.
    """
    if first < 1 or most < 1:
        raise ValueError(f"first and most must be at least 1, found {first} and {most}")
    found: list[int] = []
    while first < most:
        found.append(first)
        first *= 2
    return (*found, most)


def confidence_each(confidence: float, looks: int, questions: int = 1) -> float:
    """The confidence of each interval, so that all of them, at all looks and for all questions, hold at once.

    Bonferroni: what `confidence` leaves to error is shared out equally, 1 - (1 - confidence) / (looks *
    questions). It asks nothing of how looks or questions hang together (later looks contain the earlier
    ones, differences share a baseline), nor of the statistic, so long as a single interval keeps its
    confidence. As all hold at once, whatever the rule of stopping, and whoever stops, the one reported holds.
    Its price is small because doubling makes looks few: at 6 looks an interval reaches 2.64 standard errors
    in place of 1.96. Boundaries made for normal means (O'Brien and Fleming, Pocock: Jennison and Turnbull
    1999, Group Sequential Methods with Applications to Clinical Trials, chapters 2 and 9) are narrower.
    Raises ValueError where `confidence` is not in (0, 1), or a number is below 1.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must be above 0 and below 1, found {confidence}")
    if looks < 1 or questions < 1:
        raise ValueError(f"looks and questions must be at least 1, found {looks} and {questions}")
    return 1.0 - (1.0 - confidence) / (looks * questions)
