"""The report of a comparison says what its JSON says, needs nothing else, and lets no name become markup."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from made_comparison import NINE, comparison_of
from made_reports import HOSTILE, LONG, SCRIPT, hostile_summary
from test_comparison_view import ROOT, compared, real, rows, where
from test_report import ATTRIBUTES, ELEMENTS, Page
from test_report_in_chromium import CHROMIUM, faults, seen

from simfunnel.cli import program
from simfunnel.experiments.compare import Asked, compare
from simfunnel.experiments.parts import parts
from simfunnel.experiments.policies import policies
from simfunnel.experiments.targets import GAIN
from simfunnel.reporting import along_key, decided, files, side_by_side, verdicts
from simfunnel.reporting import answer as answers
from simfunnel.reporting.amounts import figure
from simfunnel.reporting.html.comparison import command, render_comparison
from simfunnel.reporting.html.names import whole_names
from simfunnel.reporting.html.page import averages
from simfunnel.reporting.plots import report_outcomes
from simfunnel.reporting.rows import Row, Sheet
from simfunnel.reporting.wording import number
from simfunnel.scenario.loading import load
from simfunnel.simulation import Settings, simulate

WHOLE = parts(simulate(load(ROOT / "scenarios" / "outsourcing.toml").scenario, replications=8, by_day=True))
"""A run as large as any of a shipped scenario, to stand for that of each policy of a comparison that is made up."""


def lived(told: dict[str, Any], whole: dict[str, Any] = WHOLE) -> dict[str, Any]:
    """A comparison that is made up, with a whole run for each of its policies."""
    return {
        **told,
        "runs": {
            policy["name"]: {"replications": told["replications"], **{part: whole[part] for part in WHOLE}}
            for policy in told["policies"]
        },
    }


def columns(told: dict[str, Any]) -> dict[str, Any]:
    """Histories of each policy, a little better from one to the next."""
    chance = np.random.default_rng(7)
    sold, profit = chance.poisson(9, 400), np.round(chance.normal(13000, 9000, 400), 2)
    names = [policy["name"] for policy in told["policies"]]
    return {name: {"sold": sold, "profit": profit + 90 * place} for place, name in enumerate(names)}


def render(told: dict[str, Any], text: str = "") -> str:
    drawn = compared().columns if told == json.loads(real()) else columns(told)
    return render_comparison(told, drawn, text)


TWO = lived(comparison_of(("in-house", "outsourced"), (-13000.0, -12000.0), half=900.0))


def changing() -> dict[str, Any]:
    """Nine policies whose best changes with the number of leads."""
    keys = where((750.0, "sellers", "per-hour"), (3300.0, "per-hour", "in-house"))
    for place, value in enumerate((300.0, 750.0, 1500.0, 6000.0, 12000.0)):
        best = ("sellers", "sellers", "per-hour", "in-house", "in-house")[place]
        found = {
            name: {"difference": 700.0 - 90 * number - value / 5, "ci95": [0.0, 1.0]}
            for number, name in enumerate(NINE[1:])
        }
        keys[0]["points"][place:] = [{"value": value, "best": best, "leading": best, "differences": found}]
    return lived(comparison_of(where=keys))


def hostile() -> dict[str, Any]:
    """A comparison in which all that anybody could have chosen is hostile."""
    told = comparison_of([f"{HOSTILE}{LONG}{name}" for name in NINE[:3]], question=f"{HOSTILE}{LONG}")
    told.update(scenario=HOSTILE, files=[HOSTILE, LONG], overrides=[HOSTILE], horizon=HOSTILE, version=HOSTILE)
    told.update(warnings=[HOSTILE, LONG], currency="<b>", engine=HOSTILE)
    told["policies"] = [
        {
            "name": policy["name"],
            "description": HOSTILE,
            "file": LONG,
            "alternative": HOSTILE,
            "changes": [HOSTILE, LONG],
        }
        for policy in told["policies"]
    ]
    stated = dict.fromkeys(("key", "meaning", "value", "certainty", "range", "note"), f"{HOSTILE}{LONG}")
    return lived({**told, "inputs": {"about": HOSTILE, "stated": [stated]}}, hostile_summary())


@cache
def pages() -> dict[str, dict[str, Any]]:
    return {"nine": changing(), "two": TWO, "real": json.loads(real()), "hostile": hostile()}


@cache
def page_of(which: str) -> str:
    """The report of one of them."""
    return render(pages()[which], f"name = 1\n{SCRIPT}")


def words(which: str) -> str:
    return " ".join(" ".join(Page(page_of(which)).words).split())


@pytest.mark.parametrize("which", pages())
def test_a_report_is_one_sound_file(which: str) -> None:
    text = page_of(which)
    page = Page(text)
    assert not page.open
    names = {name for name, _ in page.elements}
    attributes = {name for _, found in page.elements for name in found}
    assert names <= set(ELEMENTS.split())
    assert attributes <= set(ATTRIBUTES.split())
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", text.replace("&#34;", ""))
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    links = {str(found["href"])[1:] for name, found in page.elements if name == "a"}
    assert links <= set(ids)
    assert "<script" not in text
    assert words(which).count(SCRIPT) > 20 or which != "hostile", "hostile words are shown as words"


def test_what_decides_comes_first_and_what_is_looked_up_is_closed() -> None:
    text = page_of("nine")
    assert re.findall(r'<(?:section|div class="reading") id="(\w+)"', text)[:10] == [
        "reading", "policies", "where", "risk", "money", "won", "outcomes", "funnel", "ends", "against",
    ]  # fmt: skip
    first = text[text.index('<section id="policies">') : text.index('<section id="where">')]
    assert (first.count("<table"), first.count("<svg")) == (1, 2)
    closed = "".join(re.findall(r"<details.*?</details>", text, re.DOTALL))
    for policy in pages()["nine"]["policies"]:
        assert all(f"<code>{change}</code>" in closed for change in policy["changes"])
        assert f"<h3>{policy['name']}</h3>" not in closed


def test_names_are_whole_where_there_is_room_and_averages_are_called_so() -> None:
    text = page_of("real")
    assert "elephant-outsource…" not in text
    assert '<th scope="col" class="number">only elephant-outsourced</th>' in text
    assert len(re.findall(r'<th scope="row">elephant-outsourced</th>', text)) >= 5
    assert not re.search(r"<p class=.note.>[^<]*\b([Tt]he mean|Means of)\b", text)
    alike = {"policies": [{"name": "a" * 30 + end} for end in "bc"]}
    assert whole_names(alike, Sheet(("",), rows=[Row(("a" * 17 + "…",))])).rows[0].cells == ("a" * 17 + "…",)


@pytest.mark.parametrize("which", ["nine", "two", "real"])
def test_it_says_the_answer_the_risk_and_how_it_was_decided(which: str) -> None:
    told = pages()[which]
    said = words(which).replace("\u00a0", " ")
    for sentence in (
        *answers.answer(told),
        *decided.how(told),
        *decided.pairing(told),
        *along_key.where(told),
    ):
        assert " ".join(sentence.split()) in said
    for policy in told["policies"]:
        assert policy["name"] in said
        assert figure(told["outcomes"][policy["name"]]["profit"]["mean"], "profit", "EUR") in said
        assert all(change in said for change in policy["changes"])
    for name, found in told["won"].items():
        assert averages(verdicts.won_sentence(told, name)) in said
        assert found["difference"]


def test_pictures_say_in_words_what_they_show() -> None:
    text = page_of("nine")
    described = {name: unescape(said) for name, said in re.findall(r'<desc id="([^"]*)-desc">(.*?)</desc>', text)}
    assert text.count("<svg") == len(described) == 3 + 2 + 2 + 4 * len(NINE)
    assert "per-hour: average and 95 % interval 13,913" in described["policies"]
    assert "hybrid: -133 (-204 to -63), no difference that matters" in described["differences"]
    assert "up to 750 leads (700 to 800) sellers is ahead" in described["change-0"]
    profit = described["outcomes-profit"]
    assert "in-house: on average 13,257; 1 history in 20 ends at -2,356 or less, half at 12,281 or less" in profit
    assert "per-hour: on average 13,913" in profit
    assert "Chance of a profit above 0: 93 % (in-house) and 93 % (per-hour)" in profit
    assert "in-house: on average 10.3; 1 history in 20" in described["outcomes-sold"]
    assert re.search(r"own: at most \d+.\d % \(from 2026-01-\d\d", described["run-8-workdays"])


def test_what_is_not_there_is_not_shown() -> None:
    text = page_of("two")
    assert 'id="where"' not in text
    assert 'id="rest"' not in text
    assert text.count("<svg") == 2 + 2 + 2 + 4 * 2


def test_the_command_gets_the_same_numbers_again() -> None:
    parts = shlex.split(command(comparison_of(overrides=["a=b c"], seed=7, fix_inputs=True)))
    assert parts[:3] == ["simfunnel", "compare", "outsourcing.toml"]
    assert [parts[place + 1] for place, part in enumerate(parts) if part == "--only"] == list(NINE[1:])
    for option, value in {"--set": "a=b c", "--seed": "7", "--at-most": "16000", "--replications": "500"}.items():
        assert parts[parts.index(option) + 1] == value
    assert parts[-1] == "--fix-inputs"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")
def test_it_opens_without_complaint_and_nothing_is_too_wide(tmp_path: Path) -> None:
    found, complaints = seen(tmp_path, {name: page_of(name) for name in pages()})
    assert complaints == []
    assert faults(found) == []
    assert all(each["scripts"] == 0 for each in found)


def test_the_run_of_a_policy_is_what_it_comes_to_alone() -> None:
    """Hot leads are told of from columns of their segments, of which comparisons keep the first histories' only."""
    both = [str(ROOT / "scenarios" / f"{name}.toml") for name in ("inbound", "small-shop")]
    found = compare(policies(both, ("horizon=12 working days",)), Settings(by_day=True), Asked((), 4, 4))
    for name, result in zip(found.summary["runs"], found.results, strict=True):
        alone = simulate(result.scenario, replications=4, by_day=True)
        told = {"replications": 4, **parts(replace(alone, worlds=found.results[0].worlds))}
        assert found.summary["runs"][name] == told, name
        assert found.summary["runs"][name]["hot"]
    assert json.loads(json.dumps(found.summary["runs"])) == found.summary["runs"]


def test_the_runs_agree_with_the_outcomes() -> None:
    told = json.loads(real())
    for name, outcomes in told["outcomes"].items():
        for metric, found in outcomes.items():
            assert told["runs"][name]["metrics"][metric] == found
        assert told["runs"][name]["chances"][GAIN.text] == told["chances"][name][GAIN.text]


def test_policies_stand_side_by_side_with_the_baseline_and_the_best_first() -> None:
    told = json.loads(real())
    elephant, outsourced = side_by_side.order(told)
    assert (elephant, outsourced) == ("elephant", "elephant-outsourced")
    assert side_by_side.order(changing())[:3] == ["in-house", "per-hour", "per-attended"]
    funnel = {row.cells[0]: row.cells[1:] for row in side_by_side.funnel(told).rows}
    for stage in ("dialled", "interested", "sold"):
        means = [told["runs"][name]["metrics"][stage]["mean"] for name in (elephant, outsourced)]
        assert funnel[stage] == tuple(map(number, means))
    *ends, sold, leads = [row.cells for row in side_by_side.losses(told).rows]
    assert (sold[0], leads[0]) == ("sold", "all leads")
    for place in (2, 3):
        shown = [float(cells[place].replace(",", "") or 0) for cells in (*ends, sold)]
        assert sum(shown) == pytest.approx(float(leads[place].replace(",", "")), abs=0.6)


def test_the_whole_run_of_each_policy_is_there_closed_and_two_are_printed() -> None:
    text = page_of("nine")
    runs = re.findall(r'<details(?: class="(printed)")? id="run-\d">\s*<summary>(.*?)</summary>', text)
    assert [name for _, name in runs] == side_by_side.order(changing())
    assert [bool(printed) for printed, _ in runs] == [True, True] + 7 * [False]
    assert "<details open" not in text


def test_nine_policies_make_no_large_files() -> None:
    assert len(files.as_json(pages()["nine"])) < 2_000_000
    assert 500_000 < len(page_of("nine")) < 1_500_000


def test_replications_of_a_comparison_give_its_means(tmp_path: Path) -> None:
    told, path = compared().summary, tmp_path / "replications.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        files.write_histories(compared(), file)
    found = rows(path)
    assert [row["replication"] for row in found] == [str(number_) for number_ in range(60)]
    assert [row["world"] for row in found[:4]] == ["0", "0", "1", "1"]
    for name, outcomes in told["outcomes"].items():
        for metric, estimate in outcomes.items():
            values = [row[f"{name}.{metric}"] for row in found]
            if metric == "cost_per_sale":
                assert values.count("") == estimate["undefined"]
                sums = [sum(float(row[f"{name}.{of}"]) for row in found) for of in ("cost", "sold")]
                assert sums[0] / sums[1] == pytest.approx(estimate["mean"])
            else:
                assert np.mean([float(value) for value in values]) == pytest.approx(estimate["mean"])
    assert re.fullmatch(r"-?\d+\.\d\d", found[0]["elephant.profit"])
    assert re.fullmatch(r"\d+", found[0]["elephant.sold"])


def test_the_name_of_a_policy_is_no_formula(tmp_path: Path) -> None:
    summary = {**compared().summary, "policies": [{"name": "=1+1"}, {"name": 'a,"b"'}]}
    summary["outcomes"] = dict(zip(("=1+1", 'a,"b"'), compared().summary["outcomes"].values(), strict=True))
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        files.write_histories(replace(compared(), summary=summary), file)
    header = rows(tmp_path / "x.csv")[0]
    assert "'=1+1.profit" in header
    assert 'a,"b".profit' in header


def call(*words_: str) -> Result:
    return CliRunner().invoke(program, words_)


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with a comparison, and its report made at once."""
    out, direct = tmp_path / "out", tmp_path / "direct.html"
    both = [str(ROOT / "scenarios" / f"elephant{which}.toml") for which in ("", "-outsourced")]
    few = ["--replications", "30", "--at-most", "30", "--metric", "cost_per_sale"]
    done = call("compare", *both, *few, "--out", str(out), "--report", str(direct))
    assert done.exit_code == 0, done.output
    return out, direct


def test_a_stored_comparison_gives_the_same_report(written: tuple[Path, Path]) -> None:
    out, direct = written
    assert call("report", str(out)).exit_code == 0
    assert (out / "report.html").read_bytes() == direct.read_bytes()
    assert 'id="run-1-workdays-title"' in direct.read_text(), "teams are told of day by day"
    (out / "replications.csv").write_text("replication,world\n")
    assert "it has no elephant.profit" in call("report", str(out)).stderr
    (out / "replications.csv").unlink()
    assert "has no replications.csv: name one that `simfunnel compare --out` wrote" in call("report", str(out)).stderr


@pytest.mark.parametrize("metric", ["profit", "sold", "cost_per_sale"])
def test_single_histories_are_drawn_whatever_they_are(metric: str) -> None:
    told = json.loads(real())
    told["metric"] = metric
    found = {name: dict(each) for name, each in compared().columns.items()}
    assert len(report_outcomes.outcomes(told, found)) == 2
    for alike in (0.0, 5.0, -3.25):
        for each in found.values():
            each[metric] = np.full(60, alike)
        assert len(report_outcomes.outcomes(told, found)) == 2
    found["elephant"][metric] = np.full(60, np.nan)
    assert len(report_outcomes.outcomes(told, found)) == 1, "what nobody has is not drawn"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")
def test_on_paper_the_runs_of_the_baseline_and_the_best_are_there(tmp_path: Path) -> None:
    page = page_of("real")
    assert sheets_of(page, tmp_path) > sheets_of(page.replace(' class="printed"', ""), tmp_path) + 3


def sheets_of(page: str, folder: Path) -> int:
    """On how many sheets of paper a page is printed."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}")
    command_ = [str(CHROMIUM), *options, f"--print-to-pdf={folder / 'page.pdf'}", (folder / "page.html").as_uri()]
    subprocess.run(command_, capture_output=True, timeout=90, check=True)
    return len(re.findall(rb"/Type /Page\b", (folder / "page.pdf").read_bytes()))


def test_the_command_asks_for_the_same_again() -> None:
    told = comparison_of(histories=3, fix_inputs=True, seed=7)
    told["outcomes"]["in-house"]["irritations"] = told["outcomes"]["in-house"]["sold"]
    asked = command(told)
    assert "--metric irritations" in asked
    assert asked.endswith("--seed 7 --histories 3 --fix-inputs")
    assert command(comparison_of(histories=2, fix_inputs=False)).endswith("--seed 1")
    assert "--metric" not in command(comparison_of())
