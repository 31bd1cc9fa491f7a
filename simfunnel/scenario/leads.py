"""Who the leads are: a segment has one temperature and one set of traits, which no policy sees."""

from __future__ import annotations

from typing import Annotated, Literal

from simfunnel.scenario.keys import (
    MAX_LEADS,
    Block,
    ByWeekday,
    FixedShare,
    Lapse,
    Odds,
    PartOfDay,
    Rate,
    Share,
    Spread,
    key,
    whole,
)
from simfunnel.scenario.quantities import constant, fixed
from simfunnel.scenario.values import Hours


class CallingOdds(Block):
    """Odds ratios on the steps of a call; 1 changes nothing."""

    answered: Odds = key(fixed(1), "odds ratio on answering the phone", "odds ratio", "> 0")
    listened: Odds = key(fixed(1), "odds ratio on listening", "odds ratio", "> 0")
    accepted: Odds = key(fixed(1), "odds ratio on accepting the invitation", "odds ratio", "> 0")


class SegmentOdds(CallingOdds):
    """Odds ratios of a segment's leads against the scenario's rates."""

    attended: Odds = key(fixed(1), "odds ratio on coming to the demo or the meeting", "odds ratio", "> 0")
    sold: Odds = key(fixed(1), "odds ratio on buying", "odds ratio", "> 0")


class Segment(Block):
    """Leads with one temperature and one set of traits."""

    temperature: Literal["cold", "warm", "hot"] = key(
        "cold",
        "cold: never heard of the product; warm: knows that it exists (calling.warm applies); "
        "hot: comes unasked and waits for an answer (inbound)",
    )
    leads: Annotated[int, whole(0, MAX_LEADS)] = key(
        0, "leads on the list; hot ones wait for an answer from the first opening on", "leads", f"0 to {MAX_LEADS:,}"
    )
    arrivals: Rate = key(
        fixed(0), "new leads a working day, on average; cold and warm ones are dialled from the next day on",
        "leads per working day", "0 to 100,000",
    )  # fmt: skip
    arrivals_by_weekday: ByWeekday = key(
        {}, "the same by weekday (instead of arrivals); a weekday not named has none", "leads per working day"
    )
    arrival_hours: PartOfDay = key(Hours(0, 1440), "hours in which they arrive, by default all day", "time of day")
    interested: Share = key(fixed(1), "share really interested; the rest are freeloaders", "share", "0 to 1")
    dead_number: Share = key(fixed(0), "share of numbers that never answer", "share", "0 to 1")
    reach: Spread = key(
        fixed(0),
        "how unlike leads are in being reached: spread of the log-odds around `answered`, the middle lead's",
        "log-odds",
        "0 to 5",
    )
    decision_maker: Share = key(fixed(1), "share reached directly; the others have a gatekeeper", "share", "0 to 1")
    qualified: Share = key(fixed(1), "share who can ever buy", "share", "0 to 1")
    team: str | None = key(
        None, "the team that dials or answers this segment (default: by the shares of calling.teams, inbound.teams)",
        "team",
    )  # fmt: skip
    odds: SegmentOdds = key(SegmentOdds(), "odds ratios of this segment")
    ready: Lapse = key(
        constant(0), "from a talk that left the lead undecided until it is able to buy; drawn for every lead", "days",
        "0 to 36,500",
    )  # fmt: skip
    never_ready: Share = key(fixed(0), "of the undecided: never able to buy", "share", "0 to 1")
    window: Lapse | None = key(
        None, "from then until the lead has bought elsewhere (default: it never does); drawn for every lead", "days",
        "0 to 36,500",
    )  # fmt: skip
    tolerance: Lapse = key(
        constant(0), "a contact sooner after the last one irritates; drawn for every lead", "days", "0 to 36,500"
    )
    walks_away: Share = key(fixed(0), "of the irritated: end it, at each irritation", "share", "0 to 1")
    channels: dict[str, FixedShare] = key(
        {}, "preferred channel, by share; all sum to 1 (default: any is welcome)", "share of leads", "0 to 1"
    )
    returns: Share = key(
        fixed(0), "of the undecided who become able to buy: come back by themselves that day, as hot leads do",
        "share", "0 to 1",
    )  # fmt: skip
    fit: Share = key(fixed(1), "share for whom the product is right; a sale to others costs money.bad_fit", "share",
                     "0 to 1")  # fmt: skip
