"""Marketing that does not fit together is refused, and marketing that does nothing is doubted, before a run."""

from __future__ import annotations

import pytest
from marketed_funnel import ARRIVALS, FUNNEL, WARMS, scenario_of, spending

from simfunnel import parse_scenario
from simfunnel.errors import ScenarioError
from simfunnel.experiments.advice import advise
from simfunnel.experiments.expectation import Expectation

# ---------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (("marketing={}",), "marketing.spend is required: what is spent a calendar month"),
        (("calling.spend=5",), "calling.spend is not a known key (did you mean `marketing.spend`?)"),
        (spending(-1), "marketing.spend must be an amount >= 0 in the scenario's currency or a distribution, found -1"),
        (spending(1, "marketing.warms={ most = 0.5, half = 0 }"),
         "marketing.warms.half must be an amount > 0 in the scenario's currency or a distribution, found 0"),
        (spending(1, "marketing.warms={ most = 1.5, half = 1 }"),
         "marketing.warms.most must be a share between 0 and 1"),
        (spending(1, "marketing.arrivals={ segment = 'wbe', most = 1, half = 1 }"),
         'marketing.arrivals.segment must name one of web, found "wbe" (did you mean `web`?)'),
        (spending(1, "marketing.arrivals={ segment = 'list', most = 1, half = 1 }"),
         'marketing.arrivals.segment must name one of web, found "list", which is cold'),
        (spending(1, "marketing.arrivals={ segment = 'web', most = 200_000, half = 1 }"),
         "marketing.arrivals.most must be a number >= 0 and <= 100,000 a working day"),
        (("segments.list.temperature=warm", *spending(1, WARMS)),
         "marketing.warms must come with a segment of cold leads, found none"),
        (("calling=off", "segments.known.leads=0", *spending(1, WARMS)),
         "marketing.warms must come with a table [calling], which says how cold leads are dialled, found none"),
        (("horizon='1000 working days'", "intake=off",
          *spending(1, "marketing.arrivals={ segment = 'web', most = 9_000, half = 1 }")),
         "segments must have at most 1,000,000 arrivals in all on average, found 9,000,400"),
    ],
    ids=["spend", "elsewhere", "negative", "half", "share", "name", "cold", "many", "no cold", "no calling",
         "too many"],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(overrides: tuple[str, ...], message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenario_of(*overrides)
    assert message in str(refused.value)


def test_no_hot_segment_at_all() -> None:
    cut = FUNNEL[: FUNNEL.index("[segments.web]")] + FUNNEL[FUNNEL.index("[calling]") :]
    cut = cut[: cut.index("[inbound]")] + cut[cut.index("[teams.callers]") :]
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(cut, overrides=spending(1, ARRIVALS))
    message = 'marketing.arrivals.segment must name a hot segment, and there are none, found "web"'
    assert f'{message} (give a segment temperature = "hot")' in str(refused.value)


# ---------------------------------------------------------------- expectation and advice


def test_expectation_counts_what_marketing_brings_and_warms() -> None:
    expected = Expectation(scenario_of(*spending(500, ARRIVALS, WARMS), "calling.attempts=1"))
    assert expected.by_segment["web"] == pytest.approx(4 + 6 * 4)
    assert expected.by_segment["list"] == 60
    cold, warmed, known = expected.cells
    assert [cold.leads, warmed.leads, known.leads] == pytest.approx([36, 24, 20])
    assert warmed.listened == known.listened == pytest.approx(0.75)
    assert cold.bookings == pytest.approx(36 * 0.4 * 0.5 * 0.4)
    assert warmed.bookings == pytest.approx(24 * (4 / 7) * 0.75 * (8 / 11))


def doubts(*overrides: str) -> list[str]:
    return [warning for warning in advise(scenario_of(*overrides)).warnings if "marketing" in warning]


def test_marketing_that_does_something_is_not_doubted() -> None:
    assert doubts(*spending(500, ARRIVALS, WARMS)) == []
    warm = ("segments.known.leads=0", *spending(500, WARMS))
    assert not [warning for warning in advise(scenario_of(*warm)).warnings if "warm" in warning]
    bare = FUNNEL.replace("arrivals_by_weekday = { mon = 2 }\n", "")
    alone = advise(parse_scenario(bare, overrides=spending(500, ARRIVALS))).warnings
    assert not [warning for warning in alone if "web" in warning]


@pytest.mark.parametrize(
    ("overrides", "doubt"),
    [
        (spending(500),
         "marketing.spend is 500 EUR a month for nothing, as no effect of it is stated: add [marketing.arrivals] or "
         "[marketing.warms], or remove [marketing]."),
        (spending(0, ARRIVALS, WARMS),
         "marketing.arrivals and marketing.warms do nothing, as nothing is spent on marketing: give marketing.spend or "
         "remove them."),
        (spending(5, ARRIVALS, "marketing.warms={ most = 0, half = 1 }"),
         "marketing.warms does nothing, as even endless spend brings 0: give most above 0 or remove it."),
        (spending(5, WARMS, "calling.warm=off", "closing.methods=off"),
         "marketing.warms does nothing, as warm leads are called and closed as cold ones are: give calling.warm odds "
         "ratios or remove it."),
    ],
    ids=["no effect", "no spend", "nothing", "no warmth"],
)  # fmt: skip
def test_marketing_that_does_nothing_is_doubted(overrides: tuple[str, ...], doubt: str) -> None:
    assert doubts(*overrides) == [doubt]
