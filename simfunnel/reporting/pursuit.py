"""Following up is shown by what touches come to, and a pipeline never by its face value alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simfunnel.reporting.rows import PERCENTILES, Sheet, aside, counts, empty, varying, words
from simfunnel.reporting.wording import Summary, interval, number, percent, rate, whole

MOST_ROWS: Final = 12
MANY_OPEN: Final = 0.05
HALF: Final = 0.5
SHORT: Final = {
    "ended_by_a_gatekeeper": "gatekeeper", "not_ready": "not ready yet",
    "sold_under_pressure": "conceded", "gave_up_waiting": "gave up",
}  # fmt: skip
ASIDE: Final = {"touches_wasted": "(wasted)", "touches_quota": "(for the quota)", "irritations": "(irritating)"}
FOLLOW_UP: Final = (
    "Share: of touches. wasted: reached somebody who could not buy, whatever the seller said; could have sold: came to "
    "the seller's word. came back: share of all undecided; the lines under it: share of those who came back."
)
STOP: Final = (
    "By number of the touch: what its sales bring (revenue less goods and bad fits), and what time and channels cost, "
    "also where the time is paid anyway; who comes back by itself is not in it."
)
AFTER_STOP: Final = "What customers bring later, and what is paid back to who cancels, is not in it either."
VERDICTS: Final = {
    "stop here": "stop here: this touch and all later ones together leave less than nothing.",
    "unsure": "unsure: this touch and all later ones together leave less than nothing, but that may be luck.",
    None: "Each touch that was made, together with all later ones, leaves something.",
}
PIPELINE: Final = (
    "At the end of each: open files, what they would pay if all bought, and what they paid by the horizon."
)


def follow_up(summary: Summary) -> Sheet:
    """Touches and returns by result."""
    table, metrics, rates = _empty(), summary["metrics"], summary["follow_up"]["rates"]
    table.add_row("touches", *counts(metrics["touches"]), "")
    _results(table, summary, "touches")
    could = summary["follow_up"]["could_have_sold"]
    if could["mean"]:
        aside(table, "(could have sold)", could, rate(rates["could_have_sold"]))
    for name, label in ASIDE.items():
        if metrics[name]["mean"]:
            aside(table, label, metrics[name], rate(rates[name]))
    if metrics["came_back"]["mean"]:
        table.add_row("came back", *counts(metrics["came_back"]), rate(rates["of_undecided"]))
        _results(table, summary, "came_back")
    return table


def _empty() -> Sheet:
    return empty("", "mean", "95 % interval", *PERCENTILES, "share\n(95 % interval)")


def _results(table: Sheet, summary: Summary, of: str) -> None:
    """The results of touches, or of talks with those who came back."""
    found = summary["follow_up"]
    for name, estimated in varying(found[of]):
        aside(table, f"- {SHORT.get(name, words(name))}", estimated, rate(found["rates"][of][name]))


def when_to_stop(summary: Summary) -> Sheet:
    """What touches bring, by number."""
    table = empty("touch", "made", "sold", "brings", "costs", "left", "95 % interval", "")
    for each in summary["follow_up"]["by_touch"]:
        money = (whole(each[name]["mean"]) for name in ("brings", "costs", "left"))
        counts_ = (number(each[name]["mean"]) for name in ("touches", "sold"))
        table.add_row(numbers(each), *counts_, *money, interval(each["left"], 0), each["verdict"] or "")
    return table


def numbers(group: Summary) -> str:
    """The numbers of a group of touches: 3, 13-24, 37 on."""
    first, last = group["first"], group["last"]
    return f"{first} on" if last is None else f"{first}" if first == last else f"{first}-{last}"


def when_to_stop_notes(summary: Summary) -> Iterator[str]:
    """What all touches come to, and what the columns are."""
    found = summary["follow_up"]["all_touches"]
    brings, costs, nurture, left = (whole(found[name]["mean"]) for name in ("brings", "costs", "nurture", "left"))
    messages = f", nurturing {nurture} more" if found["nurture"]["mean"] else ""
    ends = "" if found["left"]["ci95"] is None else f" (95 % interval {interval(found['left'], 0)})"
    yield f"All touches: they bring {brings} and cost {costs}{messages}, so {left} is left{ends}."
    verdict = next((each["verdict"] for each in summary["follow_up"]["by_touch"] if each["verdict"]), None)
    after = f" {AFTER_STOP}" if summary["after_sales"] else ""
    yield f"{STOP}{after} {VERDICTS[verdict]}"


def pipeline(summary: Summary) -> Sheet:
    """Face value and truth, at the end of months, quarters or years."""
    table, found = (
        empty("end of", "open", "face value", "turned into", "share (95 % interval)"),
        summary["pipeline"],
    )
    for month in shown_months(months_with_files(found)):
        values = found["months"][month]
        money = (whole(values[name]["mean"]) for name in ("face_value", "turned_into"))
        table.add_row(month, number(values["open"]["mean"]), *money, rate(values["share"]))
    money = (whole(found[name]["mean"]) for name in ("face_value", "turned_into"))
    table.add_row("all opened", number(found["opened"]["mean"]), *money, rate(found["share"]), style="bold")
    return table


def months_with_files(found: Summary) -> list[str]:
    """The months until the last at whose end half a file or more is open on average."""
    is_open = [values["open"]["mean"] >= HALF for values in found["months"].values()]
    while is_open and not is_open[-1]:
        is_open.pop()
    return [month for month in list(found["months"])[: len(is_open)] if found["months"][month]["open"]["mean"]]


def shown_months(months: Sequence[str]) -> list[str]:
    """At most twelve of the months, the last among them: all, or ends of quarters, or ends of years."""
    chosen = list(months)
    for every in (1, 3, 12):
        chosen = [month for month in months if int(month[-2:]) % every == 0 or month == months[-1]]
        if len(chosen) <= MOST_ROWS:
            return chosen
    apart = len(chosen) // MOST_ROWS + 1
    return chosen[::-apart][::-1]


def notes(summary: Summary) -> Iterator[str]:
    """What the numbers of the pipeline are, and when they are cut short."""
    yield PIPELINE
    share = summary["pipeline"]["still_open"]["mean"]
    if share is not None and share > MANY_OPEN:
        yield (
            f"{percent(share, 0)} of the files are still open at the horizon and count as nothing, so that all months "
            "seem to turn into too little: an intake shorter than the horizon avoids that."
        )


def meaning(summary: Summary) -> Iterator[str]:
    """What following up wins, and with how much work, in one sentence."""
    if not summary["follow_up"] or not summary["metrics"]["touches"]["mean"]:
        return
    metrics, hours = summary["metrics"], number(summary["follow_up"]["all_touches"]["hours"]["mean"], 0)
    sold, later, back, touches = (
        metrics[name]["mean"] for name in ("sold", "sold_follow_up", "sold_came_back", "touches")
    )
    wins = f"{number(later)} of {number(sold)} sales"
    back_too = f", besides {number(back)} to who came back by themselves," if back else ""
    one_in = f"one touch in {number(touches / later, 0)} sells" if later else "no touch sells"
    yield f"Follow-up wins {wins}{back_too} with {number(touches)} touches in {hours} h; {one_in}."
