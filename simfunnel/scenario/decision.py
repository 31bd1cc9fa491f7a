"""What is to be decided between policies is part of their scenario: the question, by which number, and what matters.

It changes no number. Of a file with alternatives, the file itself is one policy and each alternative another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from simfunnel.scenario import forms, values
from simfunnel.scenario.keys import Block, key, parsed
from simfunnel.scenario.quantities import Quantity

DOTTED: Final = re.compile(forms.KEY_PATH.schema["pattern"])
BASE: Final = "base"
"""What the file itself is called, if its author does not say."""


@dataclass(frozen=True)
class Range:
    """From one value of a key to another, both as the command line would have them."""

    low: str
    high: str

    def __str__(self) -> str:
        return f"{self.low}:{self.high}"


def value_range(raw: Any) -> Range:
    """What `300:12000` or `20 %:50 %` means; raises ValueError."""
    low, colon, high = (part.strip() for part in raw.partition(":")) if isinstance(raw, str) else ("", "", "")
    if isinstance(raw, Range):
        return raw
    if isinstance(raw, dict):
        raise values.refuse('a range such as 300:12000 behind a key in quotes, such as "segments.list.leads"', raw)
    if not (low and colon and high) or ":" in high:
        raise values.refuse("a range such as 300:12000", raw)
    return Range(low, high)


def key_path(raw: Any) -> str:
    """A key as the command line writes it, such as segments.list.leads; raises ValueError."""
    if not isinstance(raw, str) or not DOTTED.fullmatch(raw):
        raise values.refuse("a key such as segments.list.leads", raw)
    return raw


Exact = Annotated[Quantity, parsed(lambda raw: values.exact(raw, values.POSITIVE), forms.POSITIVES.plain())]
KeyPath = Annotated[str, parsed(key_path, forms.KEY_PATH)]
ValueRange = Annotated[Range, parsed(value_range, forms.RANGE)]


class Decision(Block):
    """The question that the file's alternatives are an answer to."""

    question: str = key("", "what is asked, in a sentence", "text")
    base: str = key(BASE, "what the file itself is called among its alternatives", "name")
    metric: str = key("profit", "metric to decide by, as in replications.csv", "metric")
    better: Literal["higher", "lower"] | None = key(
        None, "which is better (default: lower for costs and losses, else higher)"
    )
    matters: Exact | None = key(
        None, "smallest difference that is worth a change (default: a tenth of the standard deviation of one history)",
        "that of the metric", "> 0",
    )  # fmt: skip
    vary: dict[KeyPath, ValueRange] = key({}, "keys with which the answer may change", "from:to")
