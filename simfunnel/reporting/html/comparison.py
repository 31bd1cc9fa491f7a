"""The report of a comparison answers its question first, and keeps risk, error and reasons apart."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from simfunnel.experiments.compare import SHOWN
from simfunnel.metrics import Columns
from simfunnel.reporting import decided, side_by_side, verdicts
from simfunnel.reporting.along_key import where
from simfunnel.reporting.amounts import ends, figure, in_unit
from simfunnel.reporting.answer import LUCKS, ahead_in_one, answer, pair, sureness
from simfunnel.reporting.comparison import lines, sheets, won
from simfunnel.reporting.html.how import how, of_chance
from simfunnel.reporting.html.names import whole, whole_names
from simfunnel.reporting.html.page import Section, Table, page, present
from simfunnel.reporting.html.run import assumed, capital, run_sections, tables
from simfunnel.reporting.plots import report as run_pictures
from simfunnel.reporting.plots import report_comparison as pictures
from simfunnel.reporting.plots.report import Picture
from simfunnel.reporting.plots.report_outcomes import outcomes
from simfunnel.reporting.rows import words
from simfunnel.reporting.verdicts import called, foremost, others
from simfunnel.reporting.wording import Summary, between, chance

GLANCE: Final = (
    "Every policy lives the same histories, with the same luck, so that a difference is due to the policy and not to "
    "chance. First what each comes to, then how it differs from {base}."
)
RISK: Final = (
    "Three questions, and three answers. Is it the better plan on average, though we do not know the inputs exactly? "
    "Is it better in one single campaign, if both had the same luck? And if each has its own luck? The last two say "
    "how often you would see it, which is not how sure it is: luck may hide a better plan."
)
MONEY: Final = "Where the money comes from that makes {best} differ from {base}."
WON: Final = (
    "Leads that one of the two won and the other lost, by how it lost them: what only {best} won less what only {base} "
    "won is the difference in sales."
)
FUNNEL: Final = "How many get how far, on average: first under {base}, then under {best}."
OUTCOMES: Final = (
    "How far can luck and what we do not know carry one campaign from the average? The pictures show all simulated "
    "histories of {base} and {best}: plan and keep reserves by them. This is the risk of one campaign, and not how "
    "exactly the averages are known (the dark bars at a glance): more simulation does not make it narrower."
)
ENDS: Final = (
    "Each lead ends in exactly one line, so the lines of a policy add up to all its leads. Look at the lines in which "
    "{best} differs from {base}."
)
AGAINST: Final = "How each policy differs from {base}, history by history, as the dots and bars at a glance show it."
RUN: Final = (
    "For each policy its funnel, its money by line, how busy its teams are day by day, where its leads end, and what a "
    "manager would look at, with intervals and risk."
)
AVERAGES: Final = (
    "Averages of all histories; their intervals and the risk stand in the whole run of each policy, below."
)
CHANGES: Final = 12
"""Keys of a policy that are listed; the others are counted."""


def render_comparison(comparison: Summary, columns: Mapping[str, Columns], scenario_text: str = "") -> str:
    """The report of a comparison as one HTML file: of its JSON, the columns of policies, and its first file's text.

    Columns are needed of the policies and metrics that `report_outcomes.both` and `report_outcomes.metrics` name.
    """
    shown = present(_sections(comparison, columns))
    return page(
        "comparison.html",
        version=comparison["version"],
        eyebrow="The question" if comparison["question"] else "Which is best?",
        title=comparison["question"] or comparison["scenario"],
        under=comparison["scenario"] if comparison["question"] else "",
        answer=answer(comparison),
        cards=_cards(comparison),
        warnings=comparison["warnings"],
        histories=f"{comparison['replications']:,} were lived here under each policy",
        sections=shown,
        rest=[_rest(comparison, name) for name in others(comparison) if name != foremost(comparison)],
        runs=list(_runs(comparison)),
        about_runs=_about_runs(comparison),
        decided=[*decided.how(comparison), *decided.pairing(comparison)],
        policies=list(_policies(comparison)),
        baseline=called(comparison["baseline"]),
        inputs=assumed({"inputs": {"about": "", "stated": []}, **comparison}),
        scenario_text=scenario_text,
        how=_how(comparison),
    )


def _cards(comparison: Summary) -> Iterator[dict[str, str]]:
    """The answer in numbers: the best, how much better, how surely, and at worst."""
    name, base, metric = foremost(comparison), called(comparison["baseline"]), comparison["metric"]
    found = comparison["against"][name].get(metric, {})
    yield _decided(comparison)
    if found.get("difference") is not None:
        interval = comparison["decision"]["verdicts"][name]["interval"]
        told = ends(interval, metric, comparison["currency"])
        more = f"{words(metric)}, on average; {verdicts.level(comparison)} interval {told}"
        sign = "+" if found["difference"] > 0 else ""
        value = f"{sign}{in_unit(comparison, found['difference'])}"
        yield {"what": f"{called(name)} against {base}", "value": value, "more": more}
    yield from _sure(comparison)


def _decided(comparison: Summary) -> dict[str, str]:
    """What is decided: a policy is called best only if it is better by its interval."""
    best, looked = comparison["decision"]["best"], f"after {comparison['replications']:,} histories of each"
    if best is None:
        return {"what": "Best policy", "value": "not decided", "more": looked}
    standing = verdicts.standing(comparison, best)
    if standing == verdicts.BEST:
        return {"what": "Best policy", "value": called(best), "more": looked}
    if best == comparison["baseline"]:
        more = f"no other is better by {verdicts.matters(comparison)} or more, {looked}"
        return {"what": "Best policy", "value": f"stay with {called(best)}", "more": more}
    alike = comparison["decision"]["verdicts"][best]["verdict"] == "alike"
    value = verdicts.SAID["alike" if alike else "not decided"]
    return {"what": "Best policy", "value": value, "more": f"{called(best)} is ahead, {looked}"}


def _sure(comparison: Summary) -> Iterator[dict[str, str]]:
    """How sure it is that the one ahead is better, on average and in one campaign."""
    ahead, behind = map(called, pair(comparison))
    average = verdicts.on_average(comparison, foremost(comparison))
    if average is not None:
        sure = sureness(comparison, average)
        told = "" if sure["ci95"] is None else f"; 95 % interval {between(sure['ci95'], 0).replace('-', ' to ')} %"
        what = f"Chance that {ahead} is a better plan than {behind}"
        yield {"what": what, "value": chance(sure["share"]), "more": f"allowing for what we do not know{told}"}
    same, own = (ahead_in_one(comparison, luck) for luck in LUCKS)
    if same is not None and own is not None:
        more = f"each with its own luck; {chance(same)} with the same luck for both"
        yield {"what": f"Run once each: {ahead} ahead of {behind}", "value": chance(own), "more": more}


def _sections(comparison: Summary, columns: Mapping[str, Columns]) -> Iterator[Section]:
    """The parts of the report: first what decides and why, then what is looked up."""
    shown, told = [whole(comparison, each) for each in sheets(comparison)], foremost(comparison)
    names = {"best": called(told), "base": called(comparison["baseline"])}
    glance = pictures.policies(comparison), pictures.differences(comparison)
    yield Section("policies", "The policies at a glance", GLANCE.format(**names), glance, tables(shown, "policies"))
    drawn = tuple(pictures.changes(comparison))
    yield Section("where", "Where the answer changes", " ".join(where(comparison)), drawn)
    yield Section("risk", "How sure, and at what risk", RISK, (), tables(shown, "risk"))
    money = f"Why: money line by line, {comparison['currency']}"
    yield Section("money", money, MONEY.format(**names), (), tables(shown, "why"))
    yield Section("won", "What only one of them won", WON.format(**names), (), tables(shown, "won"))
    drawn = tuple(outcomes(comparison, columns))
    yield Section("outcomes", "How one campaign may turn out", OUTCOMES.format(**names), drawn)
    passed, ends = (whole_names(comparison, each(comparison)) for each in (side_by_side.funnel, side_by_side.losses))
    table = Table("", passed, (AVERAGES,), wide=True)
    yield Section(
        "funnel", "The funnel under each policy", FUNNEL.format(**names), tuple(_funnels(comparison)), (table,)
    )
    table = Table("", ends, (AVERAGES,), wide=True)
    yield Section("ends", "Where the leads end under each policy", ENDS.format(**names), (), (table,))
    title = f"Differences to {names['base']} in numbers"
    yield Section("against", title, AGAINST.format(**names), (), tables(shown, "against"))


def _funnels(comparison: Summary) -> Iterator[Picture]:
    """The funnels of the baseline and of the best; what must be said under both is said once."""
    for place, name in enumerate(side_by_side.order(comparison)[:2]):
        found = run_pictures.funnel(side_by_side.run_of(comparison, name), f"policy-{place}-")
        yield replace(found, title=called(name), caption=found.caption if place else "")


def _about_runs(comparison: Summary) -> str:
    """What the whole runs tell, and of how many histories, if it is not of all."""
    told = next(iter(comparison["runs"].values()))["replications"]
    return RUN if told == comparison["replications"] else f"{RUN} Told of the first {told:,} histories."


def _runs(comparison: Summary) -> Iterator[dict[str, Any]]:
    """The whole run of each policy; those of the baseline and the best are printed on paper, too."""
    for place, name in enumerate(side_by_side.order(comparison)):
        found = present(run_sections(side_by_side.run_of(comparison, name), f"run-{place}-"))
        yield {"name": called(name), "sections": found, "printed": place < 2}


def _rest(comparison: Summary, name: str) -> dict[str, Any]:
    """Money and what only one of them won, of a policy that is not told of in detail."""
    note = (verdicts.won_sentence(comparison, name),)
    money = Table(f"Money, {comparison['currency']}", whole_names(comparison, lines(comparison, name)))
    found = [money, Table("What only one of them won", whole_names(comparison, won(comparison, name)), note)]
    return {"name": called(name), "tables": found}


def _policies(comparison: Summary) -> Iterator[dict[str, Any]]:
    """What each policy is, and what it changes of its file."""
    for policy in comparison["policies"]:
        changes = policy["changes"]
        more = len(changes) - CHANGES
        listed = [*changes[:CHANGES], f"and {more} more"] if more > 1 else changes
        leads = figure(comparison["leads"][policy["name"]], "leads", comparison["currency"])
        yield {**policy, "description": capital(policy["description"]), "changes": listed, "leads": leads}


def _how(comparison: Summary) -> dict[str, Any]:
    """The command, and what else is to be known of the comparison."""
    return how(
        comparison, command(comparison), scenario_files=", ".join(comparison["files"]) or "none: compared from Python",
        changed_on_the_command_line=", ".join(comparison["overrides"]),
        histories_of_each_policy=f"{comparison['replications']:,}",
    )  # fmt: skip


def command(comparison: Summary) -> str:
    """What to type to get the same numbers again."""
    decision, files = comparison["decision"], comparison["files"] or ["SCENARIO.toml"]
    parts = ["simfunnel", "compare", *files]
    parts += [part for override in comparison["overrides"] for part in ("--set", override)]
    if len(files) == 1:
        parts += [part for policy in comparison["policies"][1:] for part in ("--only", policy["name"])]
        parts += ["--baseline", comparison["baseline"]]
    told = dict.fromkeys(metric for found in comparison["outcomes"].values() for metric in found)
    more = [metric for metric in told if metric not in (*SHOWN, comparison["metric"])]
    parts += [part for metric in more for part in ("--metric", metric)]
    parts += ["--replications", str(decision["looks"][0]), "--at-most", str(decision["looks"][-1])]
    return shlex.join([*parts, *of_chance(comparison)])
