"""What is spent on marketing each month, and what it brings: always less for the next euro than for the last.

Each effect saturates: `most` is what endless spend would bring, `half` the spend that brings half of it.
"""

from __future__ import annotations

from simfunnel.scenario.keys import Block, Factor, Money, MoneyAboveZero, Rate, Share, key


class MarketedArrivals(Block):
    """Hot leads that marketing brings, on top of the segment's own, on every working day until the intake ends."""

    segment: str = key(..., "the hot segment in which they arrive", "segment")
    most: Rate = key(
        ..., "what endless spend would bring, on average", "leads per working day", "0 to 100,000"
    )  # fmt: skip
    half: MoneyAboveZero = key(..., "spend that brings half of it", "currency per month", "> 0")


class Warming(Block):
    """Cold leads who know the product from marketing: they are called, and closed, as warm ones are."""

    most: Share = key(..., "what endless spend would warm", "share of cold leads", "0 to 1")
    half: MoneyAboveZero = key(..., "spend that warms half as many", "currency per month", "> 0")


class SellThrough(Block):
    """How much faster those who resell sell to their own customers."""

    most: Factor = key(
        ..., "how much faster at endless spend: 1 is twice as fast", "share of the speed without marketing", ">= 0"
    )
    half: MoneyAboveZero = key(..., "spend that brings half of it", "currency per month", "> 0")


class Marketing(Block):
    """What is spent on being known, and what comes of it: hot arrivals, warmed leads, faster resellers."""

    spend: Money = key(
        ..., "what is spent a calendar month, by working days, until the intake ends", "currency per month", ">= 0"
    )
    arrivals: MarketedArrivals | None = key(None, "hot leads that it brings (default: none)")
    warms: Warming | None = key(None, "cold leads that it warms (default: none)")
    sell_through: SellThrough | None = key(None, "how it helps those who resell (default: not at all)")
