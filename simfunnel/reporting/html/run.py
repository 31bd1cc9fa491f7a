"""The report of a run begins with the question and its answer, and ends with how to get the same numbers again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from simfunnel.experiments.targets import GAIN, SALE
from simfunnel.metrics import Columns
from simfunnel.reporting import after_sales, against, pursuit
from simfunnel.reporting.html.how import how, of_chance
from simfunnel.reporting.html.page import Section, Table, averages, page, present
from simfunnel.reporting.html.told import blocks
from simfunnel.reporting.plots import report as pictures
from simfunnel.reporting.rows import Sheet
from simfunnel.reporting.sheets import Shown, sheets
from simfunnel.reporting.wording import Estimated, Summary, chance, interval, meaning, number, percent, spread, whole

ASKED: Final = re.compile(r"\bQuestion:\s*(.+?\?)(?=\s|$)", re.DOTALL)
RISK: Final = (
    "How far can luck and what we do not know carry one campaign from the average? The pictures show all simulated "
    "histories; plan and keep reserves by them. More simulation does not make them narrower."
)
ERROR: Final = (
    "How exactly does this simulation know the averages? The dark bar is where the average lies (19 times out of 20); "
    "more histories make it shorter. The pale bar beside it is the risk, which stays as it is."
)
MONEY: Final = "What comes in, what each thing costs, and what is left, on average."
TEAMS: Final = "How much of their shift hours the teams work, when, and what they cost."
LOSSES: Final = (
    "Each lead ends in exactly one line, so the lines add up to all leads. Look at the largest that you can change."
)
FUNNEL: Final = "How many get how far, from the first call to the sale."
MANAGER: Final = (
    "Shares that are known from experience: healthy, or a reason to look. A verdict is given only where it is sure."
)
HOT: Final = "How far those get who call or write of their own accord, and how long they wait for an answer."
FOLLOW_UP: Final = (
    "What becomes of those who neither said yes nor no: what contacting them again brings and costs, and what the open "
    "files are truly worth."
)
AFTER: Final = "What becomes of those who bought: who stays, what care they get, and what they bring."
AGAINST: Final = "This alternative beside what the scenario’s file describes, each history lived with the same luck."
CHANCES: Final = "In how many of all simulated histories a target is reached."
REQUIRED: Final = "What must hold, and whether it does: pass, fail or undecided, by intervals that hold all at once."
GROUPS: Final = {
    "segments": "The leads", "calling": "Calling", "inbound": "Answering", "teams": "The teams", "demo": "The demo",
    "meeting": "The meeting", "closing": "Selling face to face", "follow_up": "Following up",
    "after_sales": "After the sale", "marketing": "Marketing", "money": "Money",
}  # fmt: skip
SIGNS: Final = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
GENERAL: Final = "In general"


def render_run(summary: Summary, columns: Columns, scenario_text: str = "") -> str:
    """The report of a run as one HTML file: of its summary, its columns `sold` and `profit`, and its files' text."""
    asked = question(summary)
    return page(
        "run.html",
        version=summary["version"],
        eyebrow="The question" if asked != summary["scenario"] else "What to expect",
        title=asked,
        under=_under(summary, asked),
        answer=[answer(summary), *_more(summary)],
        cards=_cards(summary),
        warnings=summary["warnings"],
        histories=_histories(summary),
        sections=present(_sections(summary, columns)),
        inputs=assumed(summary),
        scenario_text=scenario_text,
        how=_how(summary),
    )


def question(summary: Summary) -> str:
    """What is asked: as the scenario says, as its file's head says, or what it is about."""
    asked = ASKED.search(summary["inputs"]["about"])
    from_file = " ".join(asked[1].split()) if asked else ""
    return str(summary["question"] or capital(from_file) or summary["description"] or summary["scenario"])


def assumed(summary: Summary) -> dict[str, Any]:
    """What the scenario's file says of itself, its inputs, and how the uncertain ones are drawn."""
    told, histories = summary["inputs"], summary["histories"]
    anew = f"the simulation draws it anew for every {histories:,} histories"
    drawn = "this run takes it at its best guess" if summary["fix_inputs"] else anew
    return {"about": blocks(told["about"]), "groups": groups(told["stated"]), "drawn": drawn}


def capital(text: str) -> str:
    """A sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def _under(summary: Summary, asked: str) -> str:
    """The scenario's name and description, as far as they are not the title."""
    name = summary["scenario"]
    if summary["alternative"] is not None:
        name = f"{name}, alternative {summary['alternative']}: {summary['alternative_description']}".rstrip(": ")
    described = summary["description"] if summary["description"] != asked else ""
    shown = [text.rstrip(".") for text in (name, described) if text and text != asked]
    return " ".join(text if text[-1] in "?!" else f"{text}." for text in shown) if len(shown) > 1 else "".join(shown)


def answer(summary: Summary) -> str:
    """What to expect, in one sentence with its uncertainty."""
    if summary["replications"] == 1:
        return meaning(summary)[0]
    metrics, currency = summary["metrics"], summary["currency"]
    profit, sold = metrics["profit"], metrics["sold"]
    if not sold["mean"]:
        result = f"Expect no sale at all and a {_gain(profit, currency)}"
    else:
        result = f"Expect a {_gain(profit, currency)} from {number(sold['mean'])} sales, on average"
    ends = "" if profit["ci95"] is None else f" (95 % interval of the average {interval(profit, 0)})"
    low, high = whole(profit["p05"]), whole(profit["p95"])
    risk = f"9 of 10 single histories end between {low} and {high} {currency}" if low != high else "every history alike"
    share = summary["chances"]["profit > 0"]["share"]
    gain = {0.0: "none of them with a profit", 1.0: "all of them with a profit"}.get(
        share, f"and the chance of any profit is {chance(share)}"
    )
    return f"{result}{ends}; {risk}, {gain}."


def _gain(profit: Estimated, currency: str) -> str:
    mean = profit["mean"]
    return f"{'profit' if mean >= 0 else 'loss'} of {whole(abs(mean))} {currency}"


def _more(summary: Summary) -> Iterator[str]:
    if summary["replications"] > 1:
        yield from (sentence for sentence in meaning(summary) if not sentence.startswith("Profit "))
        yield from (sentence for each in (pursuit, after_sales, against) for sentence in each.meaning(summary))


def _cards(summary: Summary) -> list[dict[str, str]]:
    """The three numbers that matter most, each with its risk, and the chance of a profit."""
    metrics, currency = summary["metrics"], summary["currency"]
    shown = [
        ("Sales", number(metrics["sold"]["mean"]), _risk(metrics["sold"])),
        ("Profit", f"{whole(metrics['profit']['mean'])} {currency}", _risk(metrics["profit"], f" {currency}")),
    ]
    cost = metrics["cost_per_sale"]
    if cost["mean"] is not None:
        shown.append(("Cost per sale", f"{whole(cost['mean'])} {currency}", _risk(cost, f" {currency}")))
    gain = summary["chances"]["profit > 0"]
    if summary["replications"] > 1:
        ends = "" if gain["ci95"] is None else f"95 % interval {' to '.join(map(percent, gain['ci95']))}"
        shown.append(("Chance of a profit", chance(gain["share"]), ends))
    return [dict(zip(("what", "value", "more"), card, strict=True)) for card in shown]


def _risk(found: Estimated, unit: str = "") -> str:
    if found["p05"] is None or found["n"] == 1:
        return "one history only"
    return f"on average; 9 of 10 histories: {spread(found)}{unit}"


def _histories(summary: Summary) -> str:
    count = summary["replications"]
    return "Only one was lived here" if count == 1 else f"{count:,} were lived here"


def _sections(summary: Summary, columns: Columns) -> Iterator[Section]:
    """The parts of the report, in the order in which they are read."""
    metrics, currency = summary["metrics"], summary["currency"]
    first, *others = run_sections(summary)
    yield first
    if summary["replications"] > 1:
        yield Section(
            "risk", "How one campaign may turn out: the risk", RISK, tuple(pictures.outcomes(summary, columns))
        )
        rows = [("Sales", metrics["sold"], ""), ("Profit", metrics["profit"], f" {currency}")]
        known = pictures.certainty("certainty", "Average and risk", rows)
        yield Section("error", "How sure the averages are: the error of the estimate", ERROR, (known,))
    yield from others


def run_sections(summary: Summary, within: str = "") -> Iterator[Section]:
    """What can be told of a run without its single histories: the funnel first."""
    shown = list(sheets(summary))
    yield Section("funnel", "The funnel", FUNNEL, (pictures.funnel(summary, within),), tables(shown, "funnel"))
    money = (pictures.money(summary, within),)
    yield Section("money", "Money by line", MONEY, money, tables(shown, "money"))
    busy = pictures.workdays(summary, within)
    yield Section("teams", "The teams", TEAMS, () if busy is None else (busy,), tables(shown, "teams"))
    title, lost = next(each.title for each in shown if each.part == "losses"), pictures.losses(summary, within)
    yield Section("losses", title, LOSSES, (lost,), tables(shown, "losses"))
    yield Section("hot", "Who asks by themselves: hot leads", HOT, (), tables(shown, "hot"))
    yield Section("follow-up", "Following up the undecided", FOLLOW_UP, (), tables(shown, "follow_up"))
    yield Section("after-sales", "After the sale", AFTER, (), tables(shown, "after_sales"))
    yield Section("manager", "What a manager would look at", MANAGER, (), tables(shown, "manager"))
    yield Section("against", "Against the base", AGAINST, (), tables(shown, "against"))
    yield Section("chances", "Chances of reaching targets", CHANCES, (), tables(shown, "chances"))
    if summary["requirements"]:
        yield Section("requirements", "What is required", REQUIRED, (), tables(shown, "requirements"))


def tables(shown: Sequence[Shown], part: str) -> tuple[Table, ...]:
    """The tables of a part; one alone needs no title of its own."""
    mine = [each for each in shown if each.part == part]
    return tuple(
        Table(_title(each, len(mine)), _targets(each.sheet) if part == "chances" else each.sheet, _notes(each.note))
        for each in mine
    )


def _targets(sheet: Sheet) -> Sheet:
    """Targets in words."""
    found = replace(sheet, headings=("target", "chance", "95 % interval of the chance"), rows=[])
    for row in sheet.rows:
        target, *cells = row.cells
        for sign, said in SIGNS.items():
            target = target.replace(f" {sign} ", f" {said} ")
        found.add_row(target, *cells, style=row.style)
    return found


def _title(shown: Shown, together: int) -> str:
    return shown.title if together > 1 or shown.part == "money" else ""


def _notes(text: str) -> tuple[str, ...]:
    return tuple(capital(averages(line)) for line in text.splitlines() if line)


def groups(stated: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The inputs, by the block that they stand in; each is called by the rest of its key."""
    found = []
    for name, rows in groupby(stated, key=lambda each: _group(each["key"])):
        cut = len(name) + 1 if name else 0
        first, _, rest = name.partition(".")
        called = f"{GROUPS.get(first, words(first))}{rest and ': '}{words(rest)}" if name else GENERAL
        found.append({"name": called, "rows": [{**each, "name": words(each["key"][cut:])} for each in rows]})
    return found


def _group(key: str) -> str:
    first, *rest = key.split(".")
    depth = 2 if first in ("teams", "segments") else 1
    return ".".join([first, *rest][:depth]) if rest else ""


def words(name: str) -> str:
    """A key as words."""
    return name.replace("_", " ").replace(".", ": ")


def _how(summary: Summary) -> dict[str, Any]:
    """The command, and what else is to be known of the run."""
    return how(
        summary, command(summary), scenario_file=summary["file"] or "none: run from Python",
        alternative=summary["alternative"] or "", changed_on_the_command_line=", ".join(summary["overrides"]),
        histories=f"{summary['replications']:,}",
    )  # fmt: skip


def command(summary: Summary) -> str:
    """What to type to get the same numbers again."""
    parts = ["simfunnel", "run", summary["file"] or "SCENARIO.toml"]
    if summary["alternative"] is not None:
        parts += ["--alternative", summary["alternative"]]
    parts += [part for override in summary["overrides"] for part in ("--set", override)]
    parts += [part for text in summary["chances"] if text not in (SALE.text, GAIN.text) for part in ("--target", text)]
    parts += ["--replications", str(summary["replications"]), *of_chance(summary)]
    parts += ["--engine", summary["engine"]] if summary["engine"] != "vector" else []
    return shlex.join(parts)
