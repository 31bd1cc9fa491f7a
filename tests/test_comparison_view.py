"""A comparison is told as it is: the words say what the numbers do, and each number shown is one of the JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from made_comparison import MEANS, NINE, comparison_of

from simfunnel import Settings
from simfunnel.experiments.compare import Asked, Compared, compare
from simfunnel.experiments.policies import policies
from simfunnel.reporting import along_key, amounts, comparison, decided, files, tables, tidy, verdicts
from simfunnel.reporting import answer as answers
from simfunnel.reporting.html import comparison as pages
from simfunnel.reporting.plots import comparison as plots
from simfunnel.reporting.plots import report_comparison

ROOT = Path(__file__).parents[1]
TWO = ("in-house", "outsourced")
LONG = ("in-house", "a policy with quite a long name indeed", *(f"policy number {n} of many" for n in range(12)))
WIDTH = 80


@cache
def compared() -> Compared:
    """What two files really come to, after few histories."""
    files = [str(ROOT / "scenarios" / f"elephant{which}.toml") for which in ("", "-outsourced")]
    return compare(policies(files), Settings(workers=1, by_day=True), Asked(("interested",), 60, 60), files=files)


def real() -> str:
    """The same as JSON."""
    return json.dumps(compared().summary)


def shown(told: dict[str, Any], encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    comparison.show(told, tables.console(file))
    file.seek(0)
    return file.read().splitlines()


def prose(told: dict[str, Any]) -> str:
    return " ".join(" ".join(shown(told)).split())


def answer(**changed: Any) -> str:
    return " ".join(answers.answer(comparison_of(**changed)))


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"(?<![\w-])-?\d[\d,]*(?:\.\d+)?", text)]


def under(title: str, lines: list[str]) -> dict[str, list[float]]:
    """The rows of the table of that title: the numbers of each by its first words."""
    start = next(place for place, line in enumerate(lines) if line.startswith(title))
    head = next(place for place, line in enumerate(lines[start:], start) if set(line) == {"─"})
    rows: dict[str, list[float]] = {}
    for line in lines[head + 1 :]:
        if not line or line.startswith("  "):
            break
        name, _, rest = line.partition("  ")
        rows[name.strip()] = numbers(rest)
    return rows


MADE = {
    "nine": comparison_of(),
    "two": comparison_of(TWO, (13256.66, 13914.2)),
    "long": comparison_of(LONG, tuple(13000.0 + 71 * n for n in range(len(LONG)))),
    "undecided": comparison_of(TWO, (-500.0, -300.0), half=900.0, best=None),
    "alike": comparison_of(TWO, (13256.66, 13260.0)),
    "real": json.loads(real()),
}


@pytest.mark.parametrize("which", MADE)
def test_it_fits_80_columns_and_says_all(which: str) -> None:
    lines = shown(MADE[which])
    assert max(map(len, lines)) <= WIDTH
    titles = (
        "Answer",
        "The policies",
        "Against",
        "Is it better",
        "The worst 5 %",
        "Why",
        "What only one",
        "How it was",
    )
    for title in titles:
        assert any(line.startswith(title) for line in lines), title
    assert "None" not in "".join(lines)
    assert "nan" not in "".join(lines)


def test_it_is_shown_without_unicode_too() -> None:
    assert shown(MADE["nine"], "ascii")


def test_policies_are_shown_best_first_with_the_numbers_of_the_json() -> None:
    told = MADE["nine"]
    rows = under("The policies", shown(told))
    assert list(rows) == sorted(NINE, key=lambda name: -dict(zip(NINE, MEANS, strict=True))[name])
    for name, row in rows.items():
        found = told["outcomes"][name]
        wanted = [found["profit"]["mean"], *found["profit"]["ci95"], found["sold"]["mean"], *found["sold"]["ci95"]]
        assert row == pytest.approx([*wanted, found["cost"]["mean"], found["cost_per_sale"]["mean"]], abs=0.51)


def test_differences_verdicts_and_worst_are_those_of_the_json() -> None:
    told = MADE["nine"]
    lines = shown(told)
    against, worst = under("Against in-house: profit", lines), under("The worst 5 %", lines)
    more = under("Against in-house: sold", lines)
    for name in NINE[1:]:
        found, verdict = told["against"][name], told["decision"]["verdicts"][name]
        assert against[name] == pytest.approx([found["profit"]["difference"], *verdict["interval"]], abs=0.51)
        line = next(line for line in lines[lines.index("Against in-house: profit, EUR") :] if line.startswith(name))
        assert line.endswith(f" {verdicts.SAID[verdict['verdict']]}")
        pairs = [
            value for key in ("sold", "cost_per_sale") for value in (found[key]["difference"], *found[key]["ci95"])
        ]
        assert more[name] == pytest.approx(pairs, abs=0.51)
        lowest = told["downside"][name]
        values = [lowest["value"], *lowest["ci95"], lowest["difference"]["value"], *lowest["difference"]["ci95"]]
        assert worst[name][:-1] == pytest.approx(values, abs=0.51)
        assert worst[name][-1] == pytest.approx(100 * told["chances"][name]["profit > 0"]["share"], abs=0.51)


def test_chances_keep_three_questions_apart() -> None:
    told = MADE["nine"]
    rows = {line.split()[0]: line for line in shown(told) if re.match(r"[\w-]+ +\d+ % \(", line)}
    for name in NINE[1:]:
        one, average = told["better_in_one"][name], told["better_on_average"][name]
        wanted = [average["share"], one["same_luck"]["better"]["share"], one["independent_luck"]["better"]["share"]]
        found = [int(share) / 100 for share in re.findall(r"(\d+) % \(", rows[name])]
        assert found == pytest.approx(wanted, abs=0.0051)
    assert len([line for line in prose(told).split(". ") if "luck:" in line]) == 2


def test_what_only_one_won_adds_up_to_the_difference_as_shown() -> None:
    told, best = MADE["nine"], "per-hour"
    rows = under("What only one", shown(told))
    here, _, _, there, *_ = rows["together"]
    won = told["won"][best]
    assert here == pytest.approx(sum(found["mean"] for found in won["only_here"].values()), abs=0.0006)
    assert here - there == pytest.approx(won["difference"]["mean"], abs=0.0011)
    assert f"are {won['difference']['mean']:.3f} sales a history" in prose(told)
    assert set(rows) == {"hung up", "refused", "did not come", "together"}


def test_money_by_line_is_that_of_the_best() -> None:
    rows = under("Why: per-hour against in-house", shown(MADE["nine"]))
    told = MADE["nine"]["lines"]["per-hour"]
    wanted = ("revenue", "- wages", "- contract per hour", "- other costs", "cost", "profit")
    assert tuple(rows) == wanted
    for label in wanted:
        name = label if label in told else "costs." + label.removeprefix("- ").removesuffix(" costs").replace(" ", "_")
        found = told[name]
        assert rows[label] == pytest.approx(
            [found["base"], found["alternative"], found["difference"], *found["ci95"]], abs=0.51
        )


def test_the_answer_names_the_best_with_its_uncertainty() -> None:
    first, sure, luck, worst = answers.answer(MADE["nine"])
    assert first == "Per-hour is best: on average 657 EUR more profit than in-house (95 % interval 586 to 727)."
    assert "with a chance of 89 % (95 % interval 85 to 93)" in sure
    assert luck == (
        "Run once each, you would see per-hour ahead in only 53 of 100 cases, as luck hides the difference; with the "
        "same luck for both, in 76."
    )
    assert "comes to -2,587 EUR of profit on average, 657 EUR more profit than in-house in its worst" in worst


def test_known_inputs_leave_no_chance_on_average() -> None:
    told = comparison_of(worlds=None)
    assert "inputs are not known" not in prose(told)
    assert "On average:" not in prose(told)
    assert "with known inputs" in prose(told)


def test_a_baseline_that_is_best_is_said_to_be() -> None:
    said = answer(names=TWO, means=(13000.0, 12400.0))
    assert said.startswith("In-house is best: on average outsourced brings 600 EUR less profit than in-house (95 % ")
    more = answer(names=(*TWO, "c"), means=(13000.0, 12400.0, 12000.0))
    assert more.startswith("In-house is best: on average the next, outsourced, brings 600 EUR less profit")


def test_how_sure_it_is_is_told_of_the_baseline_if_that_is_best() -> None:
    told = comparison_of(TWO, (13000.0, 12400.0))
    told["better_on_average"]["outsourced"] = {"share": 0.44, "ci95": [0.4, 0.49]}
    told["better_in_one"]["outsourced"]["same_luck"] = {"better": {"share": 0.2, "ci95": [0.18, 0.22]}, "equal": 0.1}
    told["better_in_one"]["outsourced"]["independent_luck"]["better"]["share"] = 0.45
    told["downside"]["outsourced"]["difference"] = {"value": 729.0, "ci95": [500.0, 958.0]}
    _, sure, luck, worst = answers.answer(told)
    assert sure.endswith("in-house is a better plan than outsourced with a chance of 56 % (95 % interval 51 to 60).")
    assert "see in-house ahead in only 55 of 100 cases" in luck
    assert luck.endswith("with the same luck for both, in 70, equal in 10 %.")
    assert worst.startswith("But in its worst 5 % of histories in-house comes to -3,500 EUR of profit on average, ")
    assert worst.endswith("729 EUR less profit than outsourced in its worst (95 % interval 500 to 958).")
    cards = {card["what"]: card["value"] for card in pages._cards(told)}
    assert cards["Best policy"] == "in-house"
    assert cards["Chance that in-house is a better plan than outsourced"] == "56 %"
    assert cards["Run once each: in-house ahead of outsourced"] == "55 %"


def test_an_interval_of_two_signs_is_told_in_words() -> None:
    told = comparison_of(TWO, (13000.0, 12717.0), half=341.0, best="in-house")
    assert "283 EUR less profit than in-house (95 % interval 624 less to 58 more)" in prose(told)
    sold = {**told, "metric": "sold"}
    assert amounts.signless(sold, [-1.5, 0.25]) == "1.50 fewer to 0.25 more"


def test_the_best_is_compared_with_the_next() -> None:
    average = {"share": 0.71, "ci95": [0.66, 0.76]}
    next_ = {"policy": "per-attended", "difference": {"difference": 361.0, "ci95": [200.0, 520.0]}}
    said = answer(runner_up={**next_, "better_on_average": average})
    assert (
        "Against the next, per-attended, per-hour brings 361 EUR more profit (95 % interval 200 to 520); allowing for "
        "what we do not know, it is the better of the two with a chance of 71 % (95 % interval 66 to 76)."
    ) in said
    assert "of the two" not in answer(runner_up={**next_, "better_on_average": average}, worlds=None)
    known = {**next_, "policy": "in-house", "better_on_average": average}
    assert "Against the next" not in answer(runner_up=known) + answer(runner_up=None)


def test_luck_is_said_to_hide_only_what_the_same_luck_shows() -> None:
    told = comparison_of(TWO, (13000.0, 13900.0))
    told["better_in_one"]["outsourced"]["same_luck"]["better"]["share"] = 0.57
    told["better_in_one"]["outsourced"]["independent_luck"]["better"]["share"] = 0.54
    assert "ahead in 54 of 100 cases; with the same luck for both, in 57." in prose(told)


def test_each_policy_is_described_under_the_first_table() -> None:
    told = comparison_of((*TWO, "c"), (13000.0, 13900.0, 13400.0))
    told["policies"][1]["description"] = "a call centre,\n24 EUR an hour."
    told["policies"][2]["description"] = ""
    lines = shown(told)
    start = lines.index("  outsourced: a call centre, 24 EUR an hour.")
    assert lines[start + 1 : start + 3] == ["  in-house: what in-house is.", ""]


def test_the_wider_intervals_are_told_apart_from_those_of_the_same_differences() -> None:
    text = prose(MADE["nine"])
    assert "The intervals here and in the answer hold for all policies and looks at once, so they are wider." in text
    assert "Each interval is of its line alone, so it is narrower than in the answer" in text


def test_alike_is_no_difference_that_matters() -> None:
    said = answer(names=TWO, means=(13000.0, 13020.0))
    assert said.startswith("No difference that matters: outsourced, which is ahead, brings 20 EUR more profit")
    kept = answer(names=TWO, means=(13000.0, 12980.0))
    assert kept.startswith("Stay with in-house: outsourced is not better by 250 EUR or more (95 %).")
    assert "is best" not in said + kept


UNSURE = {
    "ahead": ((13000.0, 13100.0, 12000.0), "outsourced"),
    "stay": ((13000.0, 12900.0, 12000.0), "in-house"),
    "alike": ((13000.0, 13001.0, 12000.0), "outsourced"),
}


@pytest.mark.parametrize("which", UNSURE)
def test_nobody_is_called_best_who_is_not_better_by_the_interval(which: str) -> None:
    means, best = UNSURE[which]
    told = comparison_of((*TWO, "c"), means, half=70.0 if which == "alike" else 300.0, best=best)
    said = " ".join(answers.answer(told))
    texts = [text.get_text() for axes in plots.drawn(told).axes for text in axes.texts]
    card = pages._decided(told)
    for each in (said, verdicts.headline(told), *texts, card["value"], card["more"]):
        assert "best" not in each
    assert "best" not in report_comparison.policies(told).svg
    shown_ = {"ahead": "not decided", "stay": "stay with in-house", "alike": "no difference that matters"}
    assert card["value"] == shown_[which]
    than = "outsourced" if which == "alike" else "it"
    assert f"o other policy is better than {than} by 250 EUR or more (95 %)" in said
    starts = {"ahead": "Outsourced is ahead", "stay": "Stay with in-house", "alike": "No difference that matters"}
    assert said.startswith(starts[which])
    if which == "ahead":
        assert "Whether outsourced itself is better than in-house is not decided after 8,000 histories." in said
        assert verdicts.headline(told) == "Outsourced is ahead; whether it is better than in-house is not decided"
    elif which == "stay":
        assert "Whether outsourced is better or worse than in-house is not decided" in said
        assert verdicts.headline(told).startswith("Stay with in-house: no other policy is better than it by 250 EUR")


def test_what_is_better_but_not_by_what_matters_is_told_beside_the_baseline() -> None:
    said = answer(names=TWO, means=(13000.0, 13200.0), half=100.0, best="in-house")
    assert said.startswith("Stay with in-house: outsourced is not better by 250 EUR or more (95 %). On average")
    assert "Outsourced is better than in-house, though by less than 250 EUR." in said


def test_what_is_not_decided_is_said_to_be_so() -> None:
    said = answer(names=TWO, means=(13000.0, 13300.0), half=900.0, best=None)
    assert said.startswith("Not decided after 8,000 histories: in-house or outsourced may be the best.")
    assert "So far outsourced brings 300 EUR more profit than in-house (95 % interval 600 less to 1,200 more)." in said
    some = answer(names=(*TWO, "c"), means=(13000.0, 14000.0, 13100.0), half=300.0)
    assert some.startswith("Outsourced is best")
    assert "Whether c is better or worse than in-house is not decided after 8,000 histories." in some


def test_an_interval_that_is_not_known_is_said_to_be_so() -> None:
    told = comparison_of(TWO, (13000.0, 13300.0), best=None)
    told["decision"]["verdicts"]["outsourced"] = {"verdict": "not decided", "interval": None}
    assert "(no interval from so few histories)" in prose(told)


def where(*ties: tuple[float, str, str], best: str = "sellers") -> list[dict[str, Any]]:
    points = [{"value": value, "best": best, "leading": best, "differences": {}} for value in (300.0, 12000.0)]
    found = [{"value": at, "ci95": [at - 50, at + 50], "below": low, "above": up} for at, low, up in ties]
    about = {"key": "segments.list.leads", "unit": "leads", "replications": 400, "from": 300, "to": 12000}
    return [{**about, "points": points, "ties": found}]


LEADS = "Leads in the list (segments.list.leads), 300 to 12,000 leads: "


def test_where_the_answer_changes_is_said_in_the_order_of_the_key() -> None:
    told = where((3300.0, "per-hour", "in-house"), (750.0, "sellers", "per-hour"))
    said, unseen = along_key.where({"where": told})
    assert said == (
        f"{LEADS}up to 750 leads (700 to 800) sellers is ahead, from there to 3,300 (3,250 to 3,350) per-hour, "
        "beyond that in-house (2 values looked at, 400 histories at each; sure at 2 of 2)."
    )
    assert unseen == "Who leads only between two neighbouring values that were looked at is not seen."
    assert "Where the answer changes" in shown(comparison_of(where=told))


def test_an_interval_with_an_open_end_is_told_and_drawn(tmp_path: Path) -> None:
    told = where((750.0, "sellers", "per-hour"), (3300.0, "per-hour", "in-house"))
    told[0]["ties"][0]["ci95"], told[0]["ties"][1]["ci95"] = [None, 800.0], [3250.0, None]
    assert (
        "up to 750 leads (below 300 to 800) sellers is ahead, from there to 3,300 (3,250 to beyond 12,000) per-hour"
        in (along_key.along(told[0]))
    )
    found = comparison_of(where=told)
    (picture,) = report_comparison.changes(found)
    assert "below 300" in picture.svg
    assert "Leads in the list<" in picture.svg
    assert "beyond 12,000" in prose(found)
    tidy.write_comparison(found, tmp_path)
    ends = [(row["ci95_low"], row["ci95_high"]) for row in rows(tmp_path / "ties.csv")]
    assert ends == [("", "800.0"), ("3250.0", "")]


def test_those_who_lead_fill_the_picture_and_today_is_marked() -> None:
    """A policy that falls far behind leaves the picture, which is said; so is what the scenario says, in it or not."""
    told = where((750.0, "sellers", "per-hour"), (3300.0, "per-hour", "in-house"))
    told[0]["points"] = [
        {"value": value, "best": None, "leading": ahead, "differences": {
            "per-hour": {"difference": hour, "ci95": None}, "sellers": {"difference": sellers, "ci95": None}}}
        for value, ahead, hour, sellers in ((300.0, "sellers", 100, 200), (1500.0, "per-hour", 90, 80),
                                            (12000.0, "in-house", -50, -20000))
    ]  # fmt: skip
    told[0] |= {"stated": 1500.0, "said": "1,500", "doubts": []}
    (picture,) = report_comparison.changes(comparison_of((*TWO, "per-hour", "sellers"), (1.0,) * 4, where=told))
    assert "today: 1,500" in picture.svg
    assert "What leaves the picture is even further behind." in picture.caption
    assert "-20,000" not in picture.svg
    assert "(the scenario says 1,500): up to 750" in along_key.along(told[0])
    told[0] |= {"stated": 15.0, "doubts": ["Which lies outside."]}
    (picture,) = report_comparison.changes(comparison_of((*TWO, "per-hour", "sellers"), (1.0,) * 4, where=told))
    assert "today" not in picture.svg
    assert along_key.along(told[0]).endswith("). Which lies outside.")


def test_where_nothing_changes_who_leads_is_best_only_where_that_is_sure() -> None:
    (told,) = where()
    assert along_key.along(told) == f"{LEADS}sellers is best at all 2 values looked at (400 histories at each)."
    points = [{"value": float(at), "best": None, "leading": "A", "differences": {}} for at in range(7)]
    points[6]["best"] = "A"
    assert along_key.along({**told, "points": points}) == (
        f"{LEADS}A is ahead at all 7 values looked at (400 histories at each; sure at 1 of 7)."
    )
    nothing = [{**point, "best": None, "leading": None} for point in points]
    assert "no change was found" in along_key.along({**told, "points": nothing})


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("teams.own.wage_per_hour", "Wage per hour of the own (teams.own.wage_per_hour)"),
        ("calling.answered", "Answered (calling.answered)"), ("horizon", "Horizon (horizon)"),
    ],
)  # fmt: skip
def test_a_key_has_a_plain_name(key: str, said: str) -> None:
    assert along_key.plain(key) == said


@pytest.mark.parametrize(
    ("metric", "said", "worst"),
    [
        ("sold", "0.05 fewer sales than in-house", "comes to -2,587 sales on average"),
        ("cost_per_sale", "66 EUR less cost per sale than in-house", "comes to a cost per sale of -2,587 EUR on"),
        ("cost", "815 EUR less cost than in-house", "comes to -2,587 EUR of cost on average"),
        ("dials", "3.2 fewer dials than in-house", "comes to -2,587 dials on average"),
        ("days_until_done", "3.2 fewer days until done than in-house", "comes to -2,587 days until done on average"),
        ("losses.hung_up", "3.2 fewer leads hung up (losses) than in-house", "comes to -2,587 leads hung up (losses)"),
    ],
)
def test_any_metric_may_decide_and_less_may_be_better(metric: str, said: str, worst: str) -> None:
    told = comparison_of(TWO, (13256.66, 13913.31), metric=metric, better="lower", best="outsourced")
    for each in told["outcomes"].values():
        each.setdefault(metric, each["sold"])
    against = told["against"]["outsourced"]
    against["cost_per_sale"]["difference"] = -66.2
    if metric not in against or metric == "dials":
        against[metric] = {**against["sold"], "difference": -3.2}
    assert said in answers.answer(told)[0]
    assert worst in prose(told)
    assert max(map(len, shown(told))) <= WIDTH
    titles = [line for line in shown(told) if "(less is better)" in line]
    assert [line.split()[0] for line in titles] == ["The", "Against", "The"]
    figure = plots.drawn(told)
    figure.canvas.draw()  # type: ignore[no-untyped-call]
    left, right = (axes._left_title for axes in figure.axes)  # type: ignore[attr-defined]
    assert left.get_text().endswith("(less is better)")
    assert right.get_text().endswith("(less is better)")
    assert left.get_window_extent().x1 < right.get_window_extent().x0
    assert right.get_window_extent().x1 <= figure.bbox.width


def test_less_of_a_metric_is_never_told_as_brought() -> None:
    told = comparison_of(TWO, (13256.66, 13913.31), metric="cost_per_sale", better="lower", best="in-house")
    told["against"]["outsourced"]["cost_per_sale"]["difference"] = 66.2
    told["decision"]["verdicts"]["outsourced"]["verdict"] = "worse"
    assert answers.answer(told)[0].startswith("In-house is best: on average outsourced has 66 EUR more cost per sale")


def test_ties_and_the_undefined_are_told_for_both_kinds_of_luck() -> None:
    told = comparison_of((*TWO, "c"), (13000.0, 13400.0, 13100.0))
    for each in told["better_in_one"].values():
        each["same_luck"] |= {"equal": 0.22, "undefined": 0.031}
        each["independent_luck"] |= {"equal": 0.12, "undefined": 0.058}
    assert re.search(r"ahead in only \d+ of 100 cases, equal in 12 %, undefined in 6 %, as luck hides", prose(told))
    assert re.search(r"with the same luck for both, in \d+, equal in 22 %, undefined in 3 %\.", prose(told))
    assert all("22 %" in line and "12 %" in line for line in shown(told) if re.match(r"(outsourced|c) +\d+ % \(", line))
    said = "Profit is undefined in one of the two, with the same luck and with own luck: 3 % and 6 % (outsourced), "
    assert said in prose(told)
    assert max(map(len, shown(told))) <= WIDTH


def test_ties_that_are_rare_are_not_told() -> None:
    told = comparison_of(TWO, (13000.0, 13400.0))
    told["better_in_one"]["outsourced"]["same_luck"]["equal"] = 0.004
    assert "equal" not in prose(told)


def test_where_the_worst_is_undefined_no_number_is_made_up() -> None:
    told = comparison_of(TWO, (13000.0, 13400.0), metric="cost_per_sale", better="lower")
    told["downside"]["outsourced"] = {
        "value": None, "ci95": None, "undefined": 23, "difference": {"value": None, "ci95": None}
    }  # fmt: skip
    told["better_in_one"]["outsourced"]["same_luck"]["better"] = {"share": None, "ci95": None}
    assert "Cost per sale is undefined in 23 of 8,000 histories (outsourced)." in prose(told)
    assert "In its worst" not in prose(told)
    assert "None" not in prose(told)


@pytest.mark.parametrize(("worlds", "ends"), [(10, [0.2, 0.6]), (2000, [0.1, 0.8])])
def test_too_few_worlds_tell_no_chance_on_average(worlds: int, ends: list[float]) -> None:
    told = comparison_of(TWO, (13000.0, 13400.0), worlds=worlds)
    told["better_on_average"]["outsourced"] = {"share": 0.4, "ci95": ends}
    assert f"{worlds:,} worlds are too few to tell how probable it is that outsourced is a better" in prose(told)
    row = next(line for line in shown(told) if re.match(r"outsourced +- +\d+ % \(", line))
    assert "40 %" not in row
    assert "with a chance of 40 %" not in prose(told)


def test_which_intervals_hold_together_is_said_once() -> None:
    assert prose(MADE["nine"]).count("All other intervals are ordinary ones of 95 %.") == 1


def test_how_it_was_decided_says_looks_error_and_guarantee() -> None:
    said = " ".join(decided.how(MADE["nine"]))
    assert "Looked at after 500, 1,000, 2,000, 4,000, 8,000 histories of each policy (of at most 16,000)" in said
    assert "a difference of 250 EUR (as stated)" in said
    assert "confidence of 95 %" in said
    assert "each of the two is wrong in no more than 5 of 100 comparisons" in said
    assert "each 99.90 %" in said
    assert "Kim and Nelson (2001)" in said
    (gain,) = decided.pairing(MADE["nine"])
    assert "20 (outsourced) to 126 times (sellers)" in gain
    assert "so that luck cancels out: " in gain


@pytest.mark.parametrize(("other", "said"), [(0.7, "but here that did not help"), (9.0, "it did not help with all")])
def test_shared_chance_that_did_not_help_is_said_to_have_not(other: float, said: str) -> None:
    told = comparison_of((*TWO, "c"), (13000.0, 14000.0, 13100.0))
    for name, gain in (("outsourced", 0.81), ("c", other)):
        told["against"][name]["profit"]["pairing_gain"] = gain
    (sentence,) = decided.pairing(told)
    assert said in sentence
    assert ("luck cancels out" in sentence) == (other > 1)


def test_a_name_with_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    names = ("in-house", "[bold]x[/bold] $\\frac$ 日本")
    told = comparison_of(names, (13000.0, 14000.0), question="Is $\\alpha$ 日本 a question?")
    assert "[bold]x[/bold]" in prose(told)
    plots.comparison(told, tmp_path / "comparison.png")


@pytest.mark.parametrize("which", MADE)
def test_the_picture_keeps_within_its_frame_and_says_the_verdicts(which: str, tmp_path: Path) -> None:
    told = MADE[which]
    figure = plots.drawn(told)
    figure.canvas.draw()  # type: ignore[no-untyped-call]
    texts = [text for axes in figure.axes for text in axes.texts] + list(figure.texts)
    width, height = figure.bbox.width, figure.bbox.height
    labels = [label for axes in figure.axes for label in axes.get_yticklabels()]
    for text in [*texts, *labels, *(axes.title for axes in figure.axes), *(axes._left_title for axes in figure.axes)]:
        box = text.get_window_extent()
        inside = (box.x0 >= 0, box.x1 <= width, box.y0 >= 0, box.y1 <= height)
        assert all(inside), text.get_text()
    said = " ".join(text.get_text() for text in texts)
    drawn = [name for name in verdicts.ranked(told)[: plots.MOST] if name != told["baseline"]]
    for name in drawn[: plots.MOST - 1]:
        assert verdicts.SAID[told["decision"]["verdicts"][name]["verdict"]] in said
    plots.comparison(told, tmp_path / "comparison.png")
    head = (tmp_path / "comparison.png").read_bytes()[:24]
    assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (1600, 900)


def test_tables_of_a_comparison_hold_its_numbers(tmp_path: Path) -> None:
    told = comparison_of(where=where((750.0, "sellers", "per-hour")))
    told["where"][0]["points"][0]["differences"] = {"sellers": {"difference": 12.5, "ci95": [10.0, 15.0]}}
    tidy.write_comparison(told, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(tidy.COMPARISON)
    read = {path.stem: rows(path) for path in tmp_path.iterdir()}
    policy = next(row for row in read["policies"] if (row["policy"], row["metric"]) == ("per-hour", "profit"))
    assert float(policy["mean"]) == told["outcomes"]["per-hour"]["profit"]["mean"]
    change = next(row for row in read["differences"] if (row["policy"], row["metric"]) == ("per-hour", "profit"))
    assert (change["unit"], change["verdict"], change["baseline"]) == ("EUR", "better", "in-house")
    one = told["better_in_one"]["per-hour"]
    assert float(change["better_same_luck"]) == one["same_luck"]["better"]["share"]
    assert float(change["better_independent_luck"]) == one["independent_luck"]["better"]["share"]
    won = [row for row in read["won"] if row["policy"] == "per-hour"]
    signs = {"only_here": 1, "only_there": -1, "difference": 0}
    total = sum(signs[row["direction"]] * float(row["mean"]) for row in won)
    assert total == pytest.approx(told["won"]["per-hour"]["difference"]["mean"])
    assert (read["where"][0]["value"], read["where"][0]["difference"]) == ("300.0", "12.5")
    assert (read["where"][0]["key_unit"], read["where"][0]["leading"]) == ("leads", "sellers")
    assert (read["ties"][0]["leads_below"], read["ties"][0]["leads_above"]) == ("sellers", "per-hour")
    assert {row["line"] for row in read["lines"]} == set(told["lines"]["per-hour"])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_real_comparison_is_written_whole(tmp_path: Path) -> None:
    files.write_comparison(compared(), tmp_path)
    written = {"comparison.json", "comparison.png", "replications.csv", *tidy.COMPARISON}
    assert {path.name for path in tmp_path.iterdir()} == written
    assert json.loads((tmp_path / "comparison.json").read_text()) == json.loads(real())
    assert any(row["metric"] == "interested" for row in rows(tmp_path / "policies.csv"))
    assert "Against elephant: interested" in "\n".join(shown(json.loads(real())))
