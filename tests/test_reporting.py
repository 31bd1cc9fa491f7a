"""What is shown is what was computed: tables that fit and never cut a number, files that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import re
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made_facts import counted
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from mixed_funnel import HISTORY, MIXED, called_in
from small_funnel import SMALL, small

from simfunnel import Settings, parse_scenario, simulate
from simfunnel.errors import RequestError
from simfunnel.experiments.run import Summary, summarise
from simfunnel.reporting import files, tables
from simfunnel.reporting.plots import funnel as plots
from simfunnel.reporting.wording import (
    chance,
    chance_in_short,
    interval,
    meaning,
    minutes,
    number,
    percent,
    rate,
    whole,
)
from simfunnel.scenario.loading import load_scenario
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result, apart

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))


@cache
def lived(*, fix_inputs: bool = False, replications: int = 30, digest: bool = True) -> Result:
    options = {"fix_inputs": fix_inputs, "replications": replications, "digest": digest}
    return simulate(small(), seed=3, workers=1, **options)


def shown(summary: Summary, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    tables.show(summary, tables.console(file))
    file.seek(0)
    return file.read().splitlines()


def rows(result: Result) -> list[dict[str, str]]:
    file = io.StringIO()
    files.write_replications(result, file)
    return list(csv.DictReader(io.StringIO(file.getvalue())))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_fits_80_columns(path: Path) -> None:
    lines = shown(summarise(simulate(load_scenario(path), replications=6, workers=1)))
    assert max(map(len, lines)) <= 80
    assert "What it means" in lines


def test_the_screen_shows_the_summarys_numbers() -> None:
    summary = summarise(lived())
    lines = shown(summary)
    sold = summary["metrics"]["sold"]
    row = next(line.split() for line in lines if line.startswith("sold "))
    assert row[1] == f"{sold['mean']:,.1f}"
    low, high = sold["ci95"]
    assert row[2:5] == [f"{low:,.1f}", "to", f"{high:,.1f}"]
    assert row[7] == f"{sold['p95']:,.0f}"
    assert row[8:] == rate(summary["rates"]["sold"]).split()
    titles = ("Funnel", "Money, EUR", "Teams", "Where the 80 leads end", "Chances", "What it means")
    assert [line for line in lines if line in titles] == list(titles)
    for name in ("cost per sale", "- contract per dial", "sold >= 1", "centre", "dialling  never reached", "visit "):
        assert any(line.startswith(name) for line in lines), name
    ends = lines[lines.index("Where the 80 leads end") : lines.index("Chances")]
    assert any("no seat" in line for line in ends)
    for name in ("still open", "dead number"):
        assert not any(name in line for line in ends), "a loss that never happens is left out"


def test_dead_numbers_are_shown_where_there_are_some() -> None:
    scenario = parse_scenario(SMALL, overrides=["segments.strangers.dead_number=0.4"])
    summary = summarise(simulate(scenario, replications=6, workers=1))
    ends = shown(summary)[shown(summary).index("Where the 80 leads end") + 3 :]
    assert [line[10:23] for line in ends[:2]] == ["never reached", "dead number  "]
    assert ends[1].split()[2] == number(summary["losses"]["dead_number"]["mean"])


def test_every_mean_stands_beside_its_interval_and_percentiles() -> None:
    summary = summarise(lived())
    lines = shown(summary)
    teams = lines[lines.index("Teams") + 1 : lines.index("Where the 80 leads end")]
    used = summary["teams"]["own"]["utilisation"]
    row = next(line for line in teams if line.startswith("own "))
    assert row.split()[1:] == [
        "utilisation", *percent(used["mean"]).split(), *" to ".join(percent(end) for end in used["ci95"]).split(),
        *(word for name in ("p05", "p50", "p95") for word in percent(used[name], 0).split()),
    ]  # fmt: skip
    paid = summary["teams"]["own"]["paid_hours"]
    row = next(line for line in teams if "hours paid" in line)
    mean, *percentiles = (number(paid[name]) for name in ("mean", "p05", "p50", "p95"))
    assert row.split()[2:] == [mean, *interval(paid).split(), *percentiles]
    assert sum("cost" in line for line in teams) == 2


def test_the_cost_per_sale_says_what_its_numbers_are_of() -> None:
    summary = summarise(lived())
    text = " ".join(" ".join(shown(summary)).split())
    sells = summary["metrics"]["cost_per_sale"]["n"]
    said = "Cost per sale: the mean is all cost over all sales; the percentiles are of "
    assert f"{said}the {sells} of 30 histories that sell." in text
    summary["metrics"]["cost_per_sale"]["undefined"] = 0
    assert "  Cost per sale: the mean is all cost over all sales." in shown(summary)


def test_what_to_doubt_stands_before_the_numbers() -> None:
    lines = shown(summarise(lived()))
    assert lines[2].startswith("  Warning: ")
    assert "  Warning: percentiles of 30 histories are rough; run at least 1,000." in lines
    assert not any("Warning" in line for line in lines[lines.index("Funnel") :])


def test_numbers_are_not_cut_however_large() -> None:
    summary = summarise(lived())
    for name in ("revenue", "cost", "profit"):
        summary["metrics"][name] = {**summary["metrics"][name], "mean": 123_456_789_012.0, "p95": 9_999_999.0}
    text = "\n".join(shown(summary))
    assert "123,456.8 M" in text
    assert "9,999,999" in text
    assert "…" not in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_other_encodings_get_plain_characters(encoding: str) -> None:
    lines = shown(summarise(lived()), encoding)
    assert all(line.isascii() for line in lines) == (encoding != "utf-8")
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    tables.show_check("f.toml", ["listened 2.0 % → 2.2 %"], ["demo: check"], tables.console(file))
    file.seek(0)
    assert f"  listened 2.0 % {'→' if encoding == 'utf-8' else '->'} 2.2 %" in file.read()


def test_names_are_shown_as_they_are() -> None:
    named = small().model_copy(update={"name": "[bold]A[/bold] :smile: $x$ 100 %"})
    summary = summarise(simulate(named, replications=4, workers=1))
    assert shown(summary)[0] == "[bold]A[/bold] :smile: $x$ 100 %"


def test_what_it_means_says_how_sure_it_is() -> None:
    summary = summarise(lived())
    sold = summary["metrics"]["sold"]
    first, second, third = meaning(summary)
    assert f"On average {number(sold['mean'])} sales (95 % interval of the mean {interval(sold)})" in first
    assert f"in at least 9 of 10 histories {whole(sold['p05'])} to {whole(sold['p95'])}." in first
    assert "Profit" in second
    assert "chance" in second
    assert re.search("luck|not knowing the inputs", third)
    assert meaning(summarise(lived(fix_inputs=True)))[2].startswith("The spread is luck alone")
    assert meaning(summarise(lived(replications=1)))[0].startswith("This one history ends with ")


@pytest.mark.parametrize(
    ("ci95", "said"),
    [
        ([0.31, 0.48], "60 % is luck and 40 % (95 % interval 31 to 48) not knowing the inputs, which data shrink"),
        ([0.05, 0.70], "too few worlds (15) to tell luck from not knowing the inputs, which is 5 % to 70 % of the"),
        ([0.0, 0.0], "The spread is luck alone"),
    ],
)
def test_what_would_make_it_surer_is_said_as_surely_as_it_is_known(ci95: list[float], said: str) -> None:
    summary = summarise(lived())
    summary["variance"]["sold"] = {"luck": 0.6, "inputs": 0.4, "inputs_ci95": ci95}
    third = meaning(summary)[2]
    assert said in third
    assert "calls" not in third, "more calls raise the spread"
    assert ("Nothing shrinks luck" in third) == ("too few" not in third)


def test_more_calls_do_not_shrink_luck() -> None:
    """Against theory: four times the leads, twice the spread of a count, half of it beside the mean."""
    few, many = (
        summarise(simulate(leads(number), replications=400, fix_inputs=True, workers=1))["metrics"]["booked"]
        for number in (60, 240)
    )
    assert many["sd_luck"] > 1.5 * few["sd_luck"]
    assert many["sd_luck"] / many["mean"] < few["sd_luck"] / few["mean"]


# ---------------------------------------------------------------- hot leads, arrivals, sales by phone


@cache
def mixed(*overrides: str) -> Result:
    """Ten histories by hand, each with other hot leads; the last sells nothing."""
    told = [{**fact, "history": history} for history in range(9) for fact in [*HISTORY, *called_in(history)]]
    scenario = parse_scenario(MIXED, overrides=["money.revenue_per_sale=1000", *overrides])
    columns, histograms = apart(counted(scenario, told, 10))
    return Result(scenario, Settings(replications=10), columns, None, histograms=histograms)


def test_hot_leads_arrivals_and_waits_are_shown_where_there_are_any() -> None:
    summary = summarise(mixed())
    lines = shown(summary)
    assert max(map(len, lines)) <= 80
    hot, share = summary["metrics"]["sold_hot"], summary["metrics"]["hot_share"]
    row = next(line for line in lines if line.startswith("- hot "))
    assert row.split()[2] == number(hot["mean"])
    assert row.endswith(f"{percent(share['mean'])} of sold")
    row = next(line for line in lines if line.startswith("(leads)"))
    assert row.split()[1] == number(summary["metrics"]["leads"]["mean"])
    assert any(line.startswith("- conceded") for line in lines)
    assert f"Where the {number(summary['metrics']['leads']['mean'], 0)} leads end" in lines
    assert "of all hot leads that were answered" in " ".join(" ".join(lines).split()).casefold()
    assert not any(
        line.startswith(("- hot", "(leads)", "- conceded", "Response")) for line in shown(summarise(lived()))
    )


def test_every_wait_stands_beside_its_interval_and_no_other_number() -> None:
    summary = summarise(mixed())
    lines = shown(summary)
    place = lines.index("Response to hot leads")
    assert lines[place + 1].split() == ["waited", "minutes", "95", "%", "interval"]
    table = [line.split() for line in lines[place + 3 : place + 11]]
    kinds = ("average", "half at most", "9 of 10 at most", "19 of 20 at most")
    for what, name, mine in (("by the clock", "clock", table[:4]), ("working time", "working", table[4:])):
        told = summary["response"][f"{name}_minutes"].values()
        for row, first, kind, known in zip(mine, (what, "", "", ""), kinds, told, strict=True):
            ends = interval({"mean": known["value"], "ci95": known["ci95"]})
            assert row == [*first.split(), *kind.split(), number(known["value"]), *ends.split()]


def test_what_hot_leads_mean_is_said_in_words() -> None:
    summary = summarise(mixed())
    sales, hot, *_ = meaning(summary)
    assert (
        f", one in {number(summary['metrics']['leads']['mean'] / summary['metrics']['sold']['mean'], 0)} leads" in sales
    )
    assert hot.startswith(f"Hot leads make {percent(summary['metrics']['hot_share']['mean'])} (95 % interval ")
    assert f"answered after {minutes(summary['response']['clock_minutes']['mean']['value'])} on average" in hot
    assert not any("Hot" in sentence for sentence in meaning(summarise(lived())))


def test_nothing_sold_and_nobody_answered_is_shown_too() -> None:
    scenario = parse_scenario(MIXED)
    columns, histograms = apart(counted(scenario, [], 3))
    nothing = summarise(Result(scenario, Settings(replications=3), columns, None, histograms=histograms))
    lines = shown(nothing)
    assert "Response to hot leads" not in lines
    assert not any("Hot leads" in sentence for sentence in meaning(nothing))
    assert any(line.startswith("- hot ") and line.endswith(" -") for line in lines)


@pytest.mark.parametrize(("offer", "shown_too"), [("sale", False), ("demo", True)])
def test_stages_that_all_buyers_by_phone_skip_are_not_shown(
    offer: str, shown_too: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = small().model_copy(update={"demo": None})
    assert scenario.calling is not None
    scenario = scenario.model_copy(update={"calling": scenario.calling.model_copy(update={"offer": offer})})
    result = simulate(scenario, replications=6, workers=1)
    lines = shown(summarise(result))
    for name in ("booked", "attended", "interested"):
        assert any(line.startswith(name) for line in lines) == shown_too
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    plots.funnel(summarise(result), result.columns, tmp_path / "a.png")
    assert len(drawn[0].axes[0].get_yticks()) == (8 if shown_too else 5)


def test_the_picture_says_how_hot_leads_fare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    summary = summarise(mixed())
    plots.funnel(summary, mixed().columns, tmp_path / "a.png")
    text = " ".join(text.get_text() for text in drawn[0].texts)
    assert f"{percent(summary['metrics']['hot_share']['mean'], 0)} of sales hot; hot leads answered after " in text


def row_of(lines: list[str], name: str) -> str:
    return next(line for line in lines if line.startswith(f"{name} "))


def test_sales_of_two_ways_are_shares_of_two_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = summarise(mixed("inbound.offer='sale'"))
    lines, rates = shown(summary), summary["rates"]
    assert max(map(len, lines)) <= 80
    assert "%" not in row_of(lines, "sold")
    assert row_of(lines, "- by phone").endswith(rate(rates["sold_by_phone"]))
    assert row_of(lines, "- face to face").endswith(rate(rates["sold_face_to_face"]))
    text = " ".join(" ".join(lines).split())
    assert "booked: of those who accepted and did not buy by phone; by phone: of the accepted;" in text
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    plots.funnel(summary, mixed().columns, tmp_path / "a.png")
    bars = drawn[0].axes[0]
    assert "booked: of those who accepted" in bars.get_xlabel()
    steps = [text.get_text() for text in bars.texts]
    by_phone, met = (percent(rates[name]["mean"]) for name in ("sold_by_phone", "sold_face_to_face"))
    assert any(step.startswith(f"by phone {by_phone}") and f"face to face {met}" in step for step in steps)
    assert not any(line.startswith("- by phone") for line in shown(summarise(mixed())))


def test_hot_leads_have_a_table_of_their_own() -> None:
    summary = summarise(mixed())
    lines = shown(summary)
    table = lines[lines.index("Hot leads") : lines.index("Money, EUR")]
    for name in ("answered", "accepted", "attended", "sold"):
        row = row_of(table, name)
        assert row.split()[1] == number(summary["hot"][name]["mean"])
        assert interval(summary["hot"][name]) in row
        assert row.endswith(rate(summary["hot"]["rates"][name]))
    assert row_of(table, "- gave up").endswith(rate(summary["hot"]["rates"]["gave_up"]))
    assert "%" not in row_of(table, "arrived")
    assert "  Hot leads that were answered count as dialled, answered and listened." in lines
    assert "  Of sales: hot (sold to hot leads), conceded (won by pressure alone)." in lines
    plain = shown(summarise(lived()))
    assert "Hot leads" not in plain
    assert not any("count as dialled" in line or "Of sales" in line for line in plain)


def test_teams_say_what_they_did() -> None:
    lines = shown(summarise(mixed()))
    teams = lines[lines.index("Teams") :]
    assert not any(line.split()[:1] == ["dials"] for line in teams), "one team dials all"
    assert sum("hot answered" in line for line in teams) == sum("meetings" in line for line in teams) == 1
    summary = summarise(lived())
    lines = shown(summary)
    dials = [line for line in lines[lines.index("Teams") :] if line.split()[:1] == ["dials"]]
    assert [line.split()[1] for line in dials] == [number(team["dials"]["mean"]) for team in summary["teams"].values()]


def test_an_interval_that_is_cut_is_told() -> None:
    result, rare = lived(), np.zeros(30, dtype=np.int64)
    rare[7] = 1
    told = "Intervals of what cannot be below 0 are cut there."
    text = " ".join(shown(summarise(replace(result, columns={**result.columns, "losses.left_waiting": rare}))))
    assert told in " ".join(text.split())
    assert "left before closer 0.03" in " ".join(text.split())
    assert re.search(r"left before closer +0\.03 +\S+ % +0\.00 to 0\.", text)


def test_waits_as_people_read_them() -> None:
    assert [minutes(value) for value in (None, 0.07, 1.6, 12.4, 99.4, 120.0, 209.4)] == [
        "-", "0.1 min", "1.6 min", "12 min", "99 min", "2.0 h", "3.5 h",
    ]  # fmt: skip


def leads(number: int) -> Scenario:
    strangers = small().segments["strangers"].model_copy(update={"leads": number})
    demo = small().demo
    assert demo is not None
    changed = {"segments": {"strangers": strangers}, "demo": demo.model_copy(update={"seats": 10_000})}
    return small().model_copy(update=changed)


def test_numbers_as_people_read_them() -> None:
    assert [number(x) for x in (None, 1500.0, 46.13, 4.76, 0.5, 0.0, -0.001, -533.3, 12_345_678.0)] == [
        "-", "1,500", "46.1", "4.8", "0.50", "0.00", "0.00", "-533.3", "12.3 M",
    ]  # fmt: skip
    assert [percent(x) for x in (None, 0.0, 1.0, 0.02, 0.9999, 0.0032, 0.00001)] == [
        "-", "0.0 %", "100.0 %", "2.0 %", "99.9 %", "0.32 %", "< 0.01 %",
    ]  # fmt: skip
    assert [percent(x, 0) for x in (0.0, 0.001, 0.999, 1.0)] == ["0 %", "1 %", "99 %", "100 %"]
    assert whole(-0.4) == "0"
    assert [chance(x) for x in (0.0, 0.0049, 0.006, 0.5, 0.994, 0.996, 1.0)] == [
        "0 %", "less than 1 %", "1 %", "50 %", "99 %", "more than 99 %", "100 %",
    ]  # fmt: skip
    assert [chance_in_short(x) for x in (0.001, 0.5, 0.999)] == ["< 1 %", "50 %", "> 99 %"]


def test_replications_are_the_columns_to_the_last_digit() -> None:
    result = lived()
    table = rows(result)
    assert list(table[0]) == ["replication", "world", *result.columns, "digest"]
    assert [row["replication"] for row in table] == [str(r) for r in range(30)]
    assert [row["world"] for row in table] == [str(r // 2) for r in range(30)]
    for name, values in result.columns.items():
        cells = [row[name] for row in table]
        if values.dtype.kind == "i":
            assert cells == [str(v) for v in values.tolist()], name
        else:
            read = np.array([float(cell) if cell else np.nan for cell in cells])
            assert np.array_equal(read, values, equal_nan=True), name
    assert all(re.fullmatch("x[0-9a-f]{16}", row["digest"]) for row in table)
    assert any(row["cost_per_sale"] == "" for row in table)
    assert all("nan" not in cell.lower() for row in table for name, cell in row.items() if name != "digest")


def test_money_has_the_decimals_of_its_currency() -> None:
    lines = ("revenue", "cost", "profit", "costs.room", "costs.catering", "teams.own.cost")
    assert all(len(row[name].split(".")[1]) == 2 for row in rows(lived()) for name in lines)
    yen = simulate(small().model_copy(update={"currency": "JPY"}), replications=4, workers=1)
    assert all(row[name].lstrip("-").isdigit() for row in rows(yen) for name in lines)


def test_known_inputs_have_no_world_and_no_digest_is_empty() -> None:
    assert {row["world"] for row in rows(lived(fix_inputs=True))} == {""}
    assert {row["digest"] for row in rows(lived(digest=False))} == {""}


def test_equal_columns_give_equal_bytes_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    first = rows(lived())
    monkeypatch.setattr(files, "ROWS", 7)
    assert rows(lived()) == first


def test_the_picture_is_a_png_for_a_slide(tmp_path: Path) -> None:
    result = lived()
    plots.funnel(summarise(result), result.columns, tmp_path / "a.png")
    head = (tmp_path / "a.png").read_bytes()
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    assert (width, height) == (1600, 900)
    assert len(head) > 40_000
    plots.funnel(summarise(result), result.columns, tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes() == head


def axes_of(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Axes, Axes]:
    """The axes of sales and of profit, as drawn."""
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    plots.funnel(summarise(result), result.columns, tmp_path / "a.png")
    return drawn[0].axes[1], drawn[0].axes[2]


def ticks(axes: Axes) -> list[str]:
    low, high = axes.get_xlim()
    places = axes.xaxis.get_major_locator()()
    return [axes.xaxis.get_major_formatter()(float(x), None) for x in places if low <= x <= high]


@pytest.mark.parametrize("amount", [0.0, -7_500.25, 20_000_000.0])
def test_equal_histories_are_one_bar_with_one_tick(
    amount: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = lived()
    equal = {"sold": np.full(30, 3), "profit": np.full(30, amount)}
    sales, profit = axes_of(replace(result, columns={**result.columns, **equal}), tmp_path, monkeypatch)
    assert (ticks(sales), ticks(profit)) == (["3"], [number(amount, 0)])
    assert (len(sales.containers[0]), len(profit.containers[0])) == (1, 1)


@pytest.mark.parametrize("most", [1, 2, 40, 400])
@pytest.mark.parametrize("cents", [1, 100, 100_000])
def test_no_tick_says_what_another_says(most: int, cents: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = lived()
    unlike = {"sold": np.arange(30) * most // 29, "profit": np.arange(30) * cents / 100}
    for axes in axes_of(replace(result, columns={**result.columns, **unlike}), tmp_path, monkeypatch):
        assert len(set(ticks(axes))) == len(ticks(axes)) > 1


@pytest.mark.parametrize("name", ["$\\frac{", "日本語 and 🐘", "x" * 200])
def test_any_name_and_any_number_of_histories_can_be_drawn(name: str, tmp_path: Path) -> None:
    odd = small().model_copy(update={"name": name})
    for scenario in (odd, odd.model_copy(update={"segments": {}})):
        for replications in (1, 3):
            result = simulate(scenario, replications=replications, workers=1)
            plots.funnel(summarise(result), result.columns, tmp_path / "a.png")


def test_files_appear_together(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    with files.aside(folder) as draft:
        (draft / "a").write_text("1")
        (draft / "b").write_text("2")
        assert {path.name for path in folder.iterdir()} == {draft.name}
    assert {path.name for path in folder.iterdir()} == {"a", "b"}


def write(folder: Path, *names: str, fail_with: type[BaseException] | None = None) -> None:
    with files.aside(folder) as draft:
        for name in names:
            (draft / name).write_text("new")
        if fail_with is not None:
            raise fail_with


@pytest.mark.parametrize("reason", [KeyboardInterrupt, OSError, MemoryError])
def test_what_fails_leaves_nothing_and_harms_nothing(tmp_path: Path, reason: type[BaseException]) -> None:
    with pytest.raises(reason):
        write(tmp_path / "new" / "er", "a", fail_with=reason)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a").write_text("old")
    with pytest.raises(reason):
        write(tmp_path, "a", fail_with=reason)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_a_folder_in_the_way_is_told_before_anything_is_moved(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(RequestError, match="b cannot be written: it is a directory"):
        write(tmp_path, "a", "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_run_is_written_whole(tmp_path: Path) -> None:
    files.write_run(lived(), summarise(lived()), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "summary.json",
        "metrics.csv",
        "replications.csv",
        "funnel.png",
    }
