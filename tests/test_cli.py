"""The command line keeps its word: JSON alone on stdout, one message a problem, exit codes, nothing half-written."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_funnel import small_file

from simfunnel import cli

ELEPHANT = str(Path(__file__).parents[1] / "scenarios" / "elephant.toml")
COMMAND = [sys.executable, "-m", "simfunnel"]
HEAVY = ["numpy", "scipy", "simpy", "matplotlib", "jinja2", "pydantic", "rich"]
FILES = ["funnel.png", "metrics.csv", "replications.csv", "scenario.txt", "summary.json"]


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    return small_file(tmp_path)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.program, arguments)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_run_prints_a_table_that_fits(scenario: str) -> None:
    done = call("run", scenario, "--replications", "20", "--target", "sold>=3")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "A small funnel"
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("sold >= 3") for line in lines)
    assert "\x1b" not in done.stdout


def test_run_prints_json_only(scenario: str) -> None:
    done = call("run", scenario, "--replications", "20", "--seed", "5", "--set", "calling.attempts=3", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    summary = json.loads(done.stdout)
    assert (summary["seed"], summary["replications"], summary["overrides"]) == (5, 20, ["calling.attempts=3"])
    assert set(summary["metrics"]["sold"]) >= {"mean", "ci95", "sd", "p05", "p50", "p95"}


def test_out_is_the_same_for_engines_workers_and_blocks(scenario: str, tmp_path: Path) -> None:
    common = ("run", scenario, "--replications", "12", "--seed", "7", "--json", "--out")
    ways = {"a": (), "b": ("--engine", "simpy"), "c": ("--block-size", "5", "--workers", "1"), "d": ("--workers", "2")}
    for name, way in ways.items():
        done = call(*common, str(tmp_path / name), *way)
        assert (done.exit_code, done.stderr) == (0, ""), name
        assert names(tmp_path / name) == FILES
        assert (tmp_path / name / "summary.json").read_text() == done.stdout
    tables = {(tmp_path / name / "replications.csv").read_bytes() for name in ways}
    assert len(tables) == 1
    assert len({(tmp_path / name / "funnel.png").read_bytes() for name in ways}) == 1
    summaries = [(tmp_path / name / "summary.json").read_text() for name in "acd"]
    assert len(set(summaries)) == 1, "how it was computed leaves no trace in the summary"


def test_out_keeps_other_files_and_replaces_its_own(scenario: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out" / "summary.json").write_text("old")
    done = call("run", scenario, "--replications", "4", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    assert "Written to" in done.stdout
    assert names(tmp_path / "out") == sorted([*FILES, "notes.txt"])
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["replications"] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--replications", "0"), "simfunnel: replications must be a whole number from 1 to 10,000,000, found 0"),
        (("--seed", "-1"), "simfunnel: seed must be a whole number from 0"),
        (("--histories", "1"), "simfunnel: histories must be a whole number from 2"),
        (("--workers", "0"), "simfunnel: workers must be a whole number from 1 to 1,024, found 0"),
        (("--block-size", "99999999"), "simfunnel: block size must be a whole number from 1"),
        (("--target", "solld>=5"), "did you mean `sold`?"),
        (("--target", "sold>=x"), "simfunnel: target must be metric, comparison and number"),
        (("--target", "sales>=5"), "did you mean `sold`?"),
        (("--set", "teams.own.sise=3"), "did you mean `size`?"),
        (("--set", "teams.owm.size=3"), "did you mean `own`?"),
        (("--set", "money.unit_cost={ low = 1"), "money.unit_cost must have a value that parses as TOML"),
        (("--set", "calling.answered=3"), "calling.answered must be"),
        (("--out", ""), "simfunnel: --out must name a directory"),
        (("--replications", "many"), "'many' is not a valid integer"),
        (("--engine", "fast"), "'fast' is not one of"),
    ],
)
def test_what_cannot_be_run_is_one_clean_message(scenario: str, arguments: tuple[str, ...], message: str) -> None:
    done = call("run", scenario, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "check", "replay"])
def test_files_that_cannot_be_read_are_named(command: str, tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\x00")
    (tmp_path / "broken.toml").write_text("= 3")
    for name in ("nowhere.toml", "binary.toml", "broken.toml", "."):
        extra = ("--replication", "0") if command == "replay" else ()
        done = call(command, str(tmp_path / name), *extra)
        assert (done.exit_code, done.stdout) == (2, ""), name
        assert str(tmp_path) in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_out_that_cannot_be_written_is_refused_before_the_run(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simfunnel.cli.run._simulate", lambda *_, **__: pytest.fail("simulated in vain"))
    done = call("run", scenario, "--out", f"{scenario}/below")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"simfunnel: {scenario}/below cannot be written: not a directory\n"


@pytest.mark.parametrize(
    ("reason", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "stopped; nothing was written"),
        (MemoryError(), 2, "not enough memory: lower --block-size, --workers or --replications"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),
    ],
)
def test_what_fails_midway_leaves_nothing(
    scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: BaseException, code: int, message: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise reason

    monkeypatch.setattr("simfunnel.reporting.plots.funnel.funnel", fail)
    done = call("run", scenario, "--replications", "4", "--out", str(tmp_path / "out"))
    assert (done.exit_code, done.stdout, done.stderr) == (code, "", f"simfunnel: {message}\n")
    assert names(tmp_path) == ["small.toml"]


def test_check_says_ok_with_odds_and_doubts(scenario: str) -> None:
    done = call("check", scenario)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{scenario}: OK")
    tweaked = call("check", scenario, "--set", "teams.own.odds.listened=1.5", "--set", "money.revenue_per_sale=0")
    assert "What the odds ratios mean\n  teams.own.odds.listened 1.5: listened 60.0 %" in tweaked.stdout
    assert "Warning: money.revenue_per_sale is 0 EUR" in tweaked.stdout
    found = json.loads(call("check", scenario, "--set", "teams.own.odds.listened=1.5", "--json").stdout)
    assert (found["ok"], found["problems"], len(found["odds"])) == (True, [], 1)


def test_check_lists_every_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("hoirzon = 3\n[segments.a]\nleads = -1\n[teams.b]\nsize = 0\n")
    done = call("check", str(bad))
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split(" ")[1].rsplit(":", 2)[1] for line in done.stderr.splitlines()] == ["1", "3", "5"]
    found = call("check", str(bad), "--json")
    assert (found.exit_code, found.stderr) == (2, "")
    problems = json.loads(found.stdout)["problems"]
    assert [problem["path"] for problem in problems] == ["hoirzon", "segments.a.leads", "teams.b.size"]
    assert problems[0]["hint"] == "did you mean `horizon`?"


def test_init_writes_a_scenario_that_passes_check_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert call("init", str(file)).exit_code == 0
    assert call("check", str(file)).stdout == f"{file}: OK\n"
    file.write_text("mine")
    again = call("init", str(file))
    assert (again.exit_code, again.stderr) == (2, f"simfunnel: {file} exists already; --force overwrites it\n")
    assert file.read_text() == "mine"
    assert call("init", str(file), "--force").exit_code == 0
    assert call("init", str(tmp_path), "--force").exit_code == 2
    assert call("init", str(tmp_path / "none" / "x.toml")).exit_code == 2
    assert names(tmp_path) == ["mine.toml"]


def test_replay_tells_the_row_of_a_run(scenario: str, tmp_path: Path) -> None:
    call("run", scenario, "--replications", "20", "--seed", "7", "--out", str(tmp_path / "out"))
    header, *rows = (tmp_path / "out" / "replications.csv").read_text().splitlines()
    row = dict(zip(header.split(","), rows[17].split(","), strict=True))
    done = call("replay", scenario, "--seed", "7", "--replication", "17")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(f"profit {float(row['profit']):,.2f} EUR; digest {row['digest']}.")
    told = call("replay", scenario, "--seed", "7", "--replication", "17", "--json").stdout.splitlines()
    totals = json.loads(told[-1])["totals"]
    assert {name: "" if totals[name] is None else str(totals[name]) for name in ("sold", "cost_per_sale", "world")} == {
        name: row[name] for name in ("sold", "cost_per_sale", "world")
    }
    life = call("replay", scenario, "--seed", "7", "--replication", "17", "--lead", "3", "--json").stdout.splitlines()
    assert {json.loads(line)["lead"] for line in life[:-1]} == {3}


def test_replay_refuses_what_does_not_exist(scenario: str) -> None:
    done = call("replay", scenario, "--replication", "0", "--lead", "80")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "simfunnel: lead must be a whole number from 0 to 79, found 80\n"
    assert call("replay", scenario, "--replication", "-1").exit_code == 2
    assert call("replay", scenario).exit_code == 2


def test_help_is_instant_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from simfunnel.cli import program\n"
        "try: program(['--help'])\n"
        "except SystemExit: print(sorted(set(sys.argv) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert _cpu_seconds([*COMMAND, "--help"], tries=5) < 0.2


def _cpu_seconds(command: list[str], tries: int = 3) -> float:
    """Processor time of the quickest run: what else the machine does hardly counts, unlike in the time that passes."""
    return min(_spent(command) for _ in range(tries))


def _spent(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_a_run_of_the_elephant_takes_less_than_three_seconds(tmp_path: Path) -> None:
    assert _cpu_seconds([*COMMAND, "run", ELEPHANT, "--out", str(tmp_path)]) < 3
    assert names(tmp_path) == FILES


def _heeds_ctrl_c() -> None:
    """As from a terminal: what a shell starts in the background would be deaf, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stopped_run_leaves_nothing(tmp_path: Path, workers: str, number: signal.Signals, code: int) -> None:
    command = [*COMMAND, "run", ELEPHANT, "--replications", "2000000", "--workers", workers, "--out", "new/out"]
    run = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=_heeds_ctrl_c
    )
    while not list(tmp_path.glob("new/out/.*.partial")):
        assert run.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    os.killpg(run.pid, number)
    _, message = run.communicate(timeout=20)
    assert run.returncode == code
    assert message == ("simfunnel: stopped; nothing was written\n" if number == signal.SIGINT else "")
    assert names(tmp_path) == []


def test_nobody_reading_on_is_no_error(scenario: str) -> None:
    for rest in (["run", scenario, "--replications", "4"], ["replay", scenario, "--replication", "0", "--all"]):
        run = subprocess.Popen([*COMMAND, *rest], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert run.stdout is not None
        run.stdout.close()
        assert run.wait(timeout=20) == 141
        assert run.stderr is not None
        with run.stderr:
            assert run.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_a_full_disk_is_one_message(scenario: str) -> None:
    for rest in (["--json"], []):
        command = [*COMMAND, "run", scenario, "--replications", "4", *rest]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (2, "simfunnel: No space left on device\n")


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal of 80 columns gets."""
    master, slave = pty.openpty()
    settings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    run = subprocess.Popen([*COMMAND, *arguments], stdin=slave, stdout=slave, stderr=slave, env=settings)
    os.close(slave)
    received = b""
    try:
        while chunk := os.read(master, 65536):
            received += chunk
    except OSError:
        pass
    os.close(master)
    assert run.wait(timeout=20) == 0
    return received.decode()


def test_a_terminal_gets_progress_and_colours_unless_it_wants_none(scenario: str) -> None:
    arguments = ("run", scenario, "--replications", "40", "--block-size", "10", "--workers", "1")
    coloured = on_terminal(*arguments)
    assert "histories" in coloured.split("A small funnel")[0]
    assert "\x1b[1;36mFunnel" in coloured
    plain = on_terminal(*arguments, NO_COLOR="1").split("A small funnel")[1]
    assert "\x1b[1mFunnel" in plain
    assert "36m" not in plain
