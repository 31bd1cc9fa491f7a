"""A comparison is shown by its answer first, then by the numbers behind it: risk, reasons, and how it was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console

from simfunnel.experiments.targets import GAIN
from simfunnel.reporting import against, decided, verdicts
from simfunnel.reporting.along_key import where
from simfunnel.reporting.amounts import ends, figure, less_is_better, named
from simfunnel.reporting.answer import LUCKS, answer
from simfunnel.reporting.rows import Sheet, empty, words
from simfunnel.reporting.sheets import Shown
from simfunnel.reporting.tables import drawn, paragraphs
from simfunnel.reporting.units import SHARE, unit_of
from simfunnel.reporting.verdicts import SAID, called, others, ranked
from simfunnel.reporting.wording import UNKNOWN, Summary, between, chance_in_short, number

NAME: Final = 18
"""Letters of a policy's name at the head of a row."""
HEAD: Final = 16
"""The same at the head of a column."""
OUTCOMES: Final = ("profit", "sold", "cost", "cost_per_sale")
KNOWN: Final = (*OUTCOMES, "revenue", "dials")
"""Metrics of every comparison; all others were asked for."""
TOLD: Final = ("sold", "cost_per_sale", "profit")
"""Metrics whose differences are always told."""
LEVEL: Final = "95 % interval"


def show(comparison: Summary, to: Console) -> None:
    """The whole comparison, the answer first."""
    question = comparison["question"] or f"Which is best? {comparison['scenario']}"
    paragraphs(to, [question], "bold", indent="")
    paragraphs(to, [heading(comparison)], "dim", indent="")
    _part(to, "Answer", answer(comparison))
    paragraphs(to, [f"Warning: {warning}" for warning in comparison["warnings"]], "yellow")
    for shown in sheets(comparison):
        to.print()
        paragraphs(to, [shown.title], "bold cyan", indent="")
        to.print(drawn(shown.sheet, to))
        paragraphs(to, shown.note.splitlines(), "dim")
    _part(to, "Where the answer changes", where(comparison))
    _part(to, "How it was decided", [*decided.how(comparison), *decided.pairing(comparison)])


def _part(to: Console, title: str, sentences: Any) -> None:
    """A title and what is said under it; neither where nothing is."""
    told = list(sentences)
    if told:
        to.print()
        paragraphs(to, [title], "bold cyan", indent="")
        paragraphs(to, told)


def heading(comparison: Summary) -> str:
    """What was lived: policies, histories, worlds, horizon and seed."""
    worlds = "with known inputs" if comparison["worlds"] is None else f"in {comparison['worlds']:,} worlds"
    return (
        f"{len(comparison['policies'])} policies, {comparison['replications']:,} histories of each on the same chance "
        f"{worlds}, {comparison['horizon']} from {comparison['first_day']}, seed {comparison['seed']}"
    )


def sheets(comparison: Summary) -> Iterator[Shown]:
    """The tables of a comparison, in order."""
    base, told = called(comparison["baseline"]), verdicts.foremost(comparison)
    yield Shown("policies", _first(comparison), _policies(comparison), _policies_note(comparison))
    title = f"Against {base}: {_head(comparison, comparison['metric'])}"
    yield Shown("against", title, _against(comparison), AGAINST)
    for metrics in _pairs(comparison):
        title = f"Against {base}: {' and '.join(_head(comparison, name) for name in metrics)}"
        yield Shown("against", title, _differences(comparison, metrics), "")
    yield Shown("risk", f"Is it better than {base}?", _chances(comparison), _chances_note(comparison))
    yield Shown(
        "risk",
        f"The worst 5 %: {_head(comparison, comparison['metric'])}",
        _downside(comparison),
        _downside_note(comparison),
    )
    title = f"Why: {called(told)} against {base}, {comparison['currency']}"
    yield Shown("why", title, lines(comparison, told), LINES)
    if verdicts.won_causes(comparison["won"][told]):
        title, note = "What only one of them won, by how the other lost it", verdicts.won_sentence(comparison, told)
        yield Shown("won", title, won(comparison, told), note)


def _head(comparison: Summary, metric: str) -> str:
    """A metric with its unit: profit, EUR; sold."""
    unit = unit_of(metric, comparison["currency"])
    less = less_is_better(comparison) if metric == comparison["metric"] else ""
    shown = f", {comparison['currency']}" if comparison["currency"] in unit else _unit(unit)
    return words(metric) + ("" if unit == words(metric) else shown) + less


def _narrow(metric: str) -> str:
    """A metric at the head of a column, a line for each part of its name."""
    return words(metric).replace(".", ".\n")


def _first(comparison: Summary) -> str:
    """The title of the policies, in their order, which is not by more where less is better."""
    less = less_is_better(comparison)
    return "The policies, best first" + (f": {words(comparison['metric'])}{less}" if less else "")


def _unit(unit: str) -> str:
    return "" if unit == "leads" else ", %" if unit == SHARE else f", {unit}"


def _cell(comparison: Summary, value: float | None, metric: str) -> str:
    return figure(value, metric, comparison["currency"])


def _ends(comparison: Summary, interval: Any, metric: str) -> str:
    return ends(interval, metric, comparison["currency"])


def _policies(comparison: Summary) -> Sheet:
    """What each comes to: the decision metric and the sold with their intervals, the others without."""
    metric = comparison["metric"]
    wide = tuple(dict.fromkeys([metric, "sold"]))
    plain = tuple(name for name in OUTCOMES if name not in wide)[: 4 - len(wide)]
    heads = [head for name in wide for head in (_narrow(name), LEVEL)]
    table = empty("policy", *heads, *("cost a\nsale" if name == "cost_per_sale" else _narrow(name) for name in plain))
    for name in ranked(comparison):
        found = comparison["outcomes"][name]
        cells = [cell for each in wide for cell in _with_interval(comparison, found.get(each), each)]
        cells += [_cell(comparison, found[each]["mean"] if each in found else None, each) for each in plain]
        table.add_row(called(name, NAME), *cells, style="bold" if name == comparison["decision"]["best"] else "")
    return table


def _policies_note(comparison: Summary) -> str:
    money = f"Money in {comparison['currency']}. " if comparison["metric"] != "sold" else ""
    base = f"{called(comparison['baseline'])} is what the others are compared with."
    lines = [f"{money}Averages of all histories; intervals: where the average lies. {base}", *_descriptions(comparison)]
    return "\n".join(lines)


def _descriptions(comparison: Summary) -> Iterator[str]:
    """What each policy is, in the order of the table, a line each."""
    known = {policy["name"]: " ".join(policy["description"].split()) for policy in comparison["policies"]}
    for name in ranked(comparison):
        if known[name]:
            yield f"{called(name, NAME)}: {known[name].removesuffix('.')}."


def _with_interval(comparison: Summary, found: Any, metric: str) -> tuple[str, str]:
    if found is None:
        return UNKNOWN, UNKNOWN
    return _cell(comparison, found["mean"], metric), _ends(comparison, found["ci95"], metric)


def _against(comparison: Summary) -> Sheet:
    """The difference of the decision metric, the interval that its verdict rests on, and the verdict."""
    table = empty("policy", "difference", f"{LEVEL},\nall at once", "verdict")
    for name in others(comparison):
        told, metric = comparison["decision"]["verdicts"][name], comparison["metric"]
        difference = comparison["against"][name].get(metric, {}).get("difference")
        cells = _cell(comparison, difference, metric), _ends(comparison, told["interval"], metric)
        table.add_row(called(name, NAME), *cells, SAID[told["verdict"]], style=_style(comparison, name))
    return table


def _style(comparison: Summary, name: str) -> str:
    return "bold" if name == comparison["decision"]["best"] else ""


AGAINST: Final = (
    "History by history, on the same chance. The intervals here and in the answer hold for all policies and looks at "
    "once, so they are wider. All other intervals are ordinary ones of 95 %."
)


def _pairs(comparison: Summary) -> Iterator[tuple[str, ...]]:
    """The other metrics to tell differences of, two a table."""
    known = dict.fromkeys(name for found in comparison["against"].values() for name in found)
    asked = [name for name in known if name not in KNOWN]
    names = [name for name in dict.fromkeys([*TOLD, *asked]) if name != comparison["metric"] and name in known]
    yield from (tuple(names[place : place + 2]) for place in range(0, len(names), 2))


def _differences(comparison: Summary, metrics: tuple[str, ...]) -> Sheet:
    heads = [head for name in metrics for head in (_narrow(name) if len(metrics) > 1 else "difference", LEVEL)]
    table = empty("policy", *heads)
    for name in others(comparison):
        found = comparison["against"][name]
        cells = [cell for metric in metrics for cell in _difference(comparison, found.get(metric), metric)]
        table.add_row(called(name, NAME), *cells, style=_style(comparison, name))
    return table


def _difference(comparison: Summary, found: Any, metric: str) -> tuple[str, str]:
    if found is None:
        return UNKNOWN, UNKNOWN
    return _cell(comparison, found["difference"], metric), _ends(comparison, found["ci95"], metric)


def _chances(comparison: Summary) -> Sheet:
    """On average, and in one history with the same luck and with its own; ties where they matter."""
    average, tied = comparison["worlds"] is not None, [luck for luck in LUCKS if _is_tied(comparison, luck)]
    heads = ["on average\n(95 %)"] if average else []
    for luck, said in zip(LUCKS, ("same luck", "own luck"), strict=True):
        heads += [f"one history,\n{said}\n(95 %)" if tied else f"in one history,\n{said} (95 %)"]
        heads += ["equal"] if luck in tied else []
    table = empty("policy", *heads)
    for name in others(comparison):
        cells = [_chance(verdicts.on_average(comparison, name))] if average else []
        for luck in LUCKS:
            found = comparison["better_in_one"][name][luck]
            cells += [_chance(found["better"])]
            cells += [UNKNOWN if found["equal"] is None else chance_in_short(found["equal"])] if luck in tied else []
        table.add_row(called(name, NAME), *cells, style=_style(comparison, name))
    return table


def _is_tied(comparison: Summary, luck: str) -> bool:
    """Are any two so often equal that it is worth a column?"""
    return any(verdicts.some(found[luck]["equal"]) for found in comparison["better_in_one"].values())


def _chance(found: Any) -> str:
    """A chance with its interval: 78 % (77-79)."""
    if found is None or found["share"] is None:
        return UNKNOWN
    return chance_in_short(found["share"]) + ("" if found["ci95"] is None else f" ({between(found['ci95'], 0)})")


def _chances_note(comparison: Summary) -> str:
    """What each column means, and what is in none, on a line of its own."""
    lines = [ON_AVERAGE, SAME, OWN] if comparison["worlds"] is not None else [SAME, OWN]
    undefined = []
    for name in others(comparison):
        both = [comparison["better_in_one"][name][luck].get("undefined") for luck in LUCKS]
        if any(both):
            undefined.append(f"{' and '.join(chance_in_short(share or 0.0) for share in both)} ({called(name)})")
    if undefined:
        which = f"{_upper(named(comparison['metric']))} is undefined in one of the two"
        lines.append(f"{which}, with the same luck and with own luck: {', '.join(undefined)}.")
    return "\n".join(lines)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


ON_AVERAGE: Final = (
    "On average: the chance that it is the better plan in the long run, not knowing the inputs exactly; some points "
    "off where a few worlds differ far more than the others."
)
SAME: Final = (
    "Same luck: the same people answer, listen and want to buy under both; what is left is what the plan does."
)
OWN: Final = (
    "Own luck: two campaigns, each with its own luck; if better and worse are about as likely, luck decides more than "
    "the plan."
)


def _downside(comparison: Summary) -> Sheet:
    """The mean of the worst histories, one in twenty, its difference to the baseline's, and the chance of a profit."""
    heads, metric = ("policy", "average", LEVEL, "difference", LEVEL, "profit\nabove 0"), comparison["metric"]
    table = empty(*heads)
    for name in ranked(comparison):
        found = comparison["downside"][name]
        less = found["difference"]
        change = (
            ("", "")
            if less is None
            else (_cell(comparison, less["value"], metric), _ends(comparison, less["ci95"], metric))
        )
        gain = comparison["chances"][name].get(GAIN.text)
        cells = *_value(comparison, found, metric), *change, UNKNOWN if gain is None else chance_in_short(gain["share"])
        table.add_row(called(name, NAME), *cells, style=_style(comparison, name))
    return table


def _value(comparison: Summary, found: Any, metric: str) -> tuple[str, str]:
    return _cell(comparison, found["value"], metric), _ends(comparison, found["ci95"], metric)


def _downside_note(comparison: Summary) -> str:
    """What is the worst, and in how many histories there is no such number."""
    counts = [(name, comparison["downside"][name].get("undefined")) for name in ranked(comparison)]
    found = [
        f"{count:,} of {comparison['replications']:,} histories ({called(name)})" for name, count in counts if count
    ]
    which = f"{_upper(named(comparison['metric']))} is undefined in"
    return f"{DOWNSIDE}\n{which} {', '.join(found)}." if found else DOWNSIDE


DOWNSIDE: Final = (
    "The average of the worst twentieth of histories of each: what to be ready for. Profit above 0: in how many of all."
)


def lines(comparison: Summary, name: str) -> Sheet:
    """Revenue, costs and profit of a policy and the baseline; costs that differ most, and the rest as one."""
    base, found = called(comparison["baseline"], HEAD), comparison["lines"][name]
    table = empty("", base, called(name, HEAD), "difference", LEVEL)
    costs = [line for line in found if line.startswith("costs.")]
    for line in ("revenue", *costs, "cost", "profit"):
        if line in found:
            told = found[line]
            cells = [number(told[side], 0) for side in ("base", "alternative", "difference")]
            style = "dim" if line in costs else "bold" if line == "profit" else ""
            table.add_row(against.label(line), *cells, ends(told["ci95"], "cost", "EUR"), style=style)
    return table


LINES: Final = (
    "The costs that differ most have a line of their own; other costs are all the rest. Each interval is of its line "
    "alone, so it is narrower than in the answer, where it holds for all policies and looks at once."
)


def won(comparison: Summary, name: str) -> Sheet:
    """By cause, the leads a history that a policy won and the baseline lost so, and the other way round."""
    base, found = called(comparison["baseline"], HEAD), comparison["won"][name]
    table, decimals = empty("", f"only {called(name, HEAD)}", LEVEL, f"only {base}", LEVEL), verdicts.fine(found)
    for cause in verdicts.won_causes(found):
        table.add_row(verdicts.cause(cause), *(cell for side in SIDES for cell in _leads(found[side][cause], decimals)))
    together = (cell for side in SIDES for cell in _leads(found["totals"][side], decimals))
    table.add_row("together", *together, style="bold")
    return table


SIDES: Final = ("only_here", "only_there")


def _leads(found: Any, decimals: int) -> tuple[str, str]:
    """Leads a history, with its interval; nothing for none."""
    if not found["mean"]:
        return "", ""
    least = 10.0**-decimals
    mean = f"< {least:g}" if found["mean"] < least / 2 else number(found["mean"], decimals)
    interval = "" if found["ci95"] is None else " to ".join(number(max(0.0, end), decimals) for end in found["ci95"])
    return mean, interval
