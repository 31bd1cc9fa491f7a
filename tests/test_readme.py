"""Whatever the README shows, the program does: every command and snippet runs and says what is shown, word for word.

What differs is brought up to date by `python tests/readme.py`.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
import readme
from after_funnel import AFTER
from click.testing import CliRunner
from pursued_funnel import PURSUED
from readme import ROOT, Session

from simfunnel.cli import program
from simfunnel.errors import ScenarioError
from simfunnel.scenario.loading import load_scenario, parse_scenario
from simfunnel.scenario.reference import reference_markdown
from simfunnel.simulation import simulate

TEXT = readme.README.read_text(encoding="utf-8")
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
SESSIONS = readme.sessions()
SCRIPTS = [line for text in readme.blocks("bash") for line in text.splitlines()]


def test_set_up_commands_are_one_line_each_behind_their_markers() -> None:
    """.ci/run takes the first code block after each marker."""
    for marker, ends in (("run", "simfunnel run scenarios/elephant.toml"), ("test", "pytest -n auto")):
        after = TEXT.partition(f"<!-- command: {marker} -->\n")[2]
        block = readme.BLOCK.search(after)
        assert block is not None
        assert after.startswith("```bash\n")
        assert len(block[2].splitlines()) == 1
        assert block[2].rstrip().endswith(ends)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.commands[0])
def test_commands_run_and_say_what_is_shown(session: Session, tmp_path: Path) -> None:
    assert str(session.lived(readme.fresh_copy(tmp_path / "copy"))) == str(session)


def test_each_command_of_the_program_is_shown() -> None:
    shown = " ".join(command for session in SESSIONS for command in session.commands)
    assert {name for name in program.commands if f"simfunnel {name}" not in shown} == set()


def test_shell_blocks_hold_nothing_that_is_not_tested() -> None:
    """Set-up is what .ci/run runs; benchmarks take minutes and are only checked for existence."""
    for line in SCRIPTS:
        script = re.fullmatch(r"python ((?:benchmarks|tests)/\w+\.py)(?: --\w+)*", line)
        assert script is not None or line.startswith("python3 -m venv .venv && "), line
        assert script is None or (ROOT / script[1]).is_file(), line


@pytest.mark.parametrize("number", range(len(readme.blocks("python"))))
def test_snippets_run_and_say_what_their_comments_say(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comment `# -> ...` after a print says what it prints."""
    text = readme.blocks("python")[number]
    monkeypatch.chdir(readme.fresh_copy(tmp_path / "copy"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, f"README.md, snippet {number}", "exec"), {"__name__": "__main__"})
    assert printed.getvalue().splitlines() == re.findall(r"# -> (.*)", text)


def test_every_number_quoted_about_the_example_is_in_an_output() -> None:
    """Reading the numbers, the README quotes them as `4.6 to 5.0`: each must be shown somewhere, blanks apart."""
    shown = " ".join(" ".join(map(str, SESSIONS)).split())
    quoted = re.findall(r"`([^`\n]*\d[^`\n]*)`", readme.section("How to read the numbers"))
    assert len(quoted) >= 20
    assert [number for number in quoted if number not in shown] == []


def test_the_reference_table_is_in_step() -> None:
    table = readme.TABLE.search(TEXT)
    assert table is not None
    assert table[0] == reference_markdown()


def test_every_column_of_replications_is_explained_and_no_other() -> None:
    """On scenarios with a team of each kind, hot leads, phone sales, customers; names are in angle brackets."""
    names = ("call-centre", "inbound", "elephant-by-phone", "virtuous-circle")
    texts = (PURSUED, AFTER)
    shown = [*(load_scenario(ROOT / "scenarios" / f"{name}.toml") for name in names), *map(parse_scenario, texts)]
    found = dict.fromkeys(name for scenario in shown for name in simulate(scenario, replications=2).columns)
    text = readme.section("Reference").partition("### Columns of replications.csv")[2]
    cells = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    patterns = {name: re.compile(re.sub(r"<\w+>", r"[\\w-]+", name.replace(".", r"\."))) for name in named}
    columns = ["replication", "world", *found, "digest"]
    explained = {column: [name for name, found in patterns.items() if found.fullmatch(column)] for column in columns}
    assert [column for column, names in explained.items() if not names] == []
    assert set(named) - {name for names in explained.values() for name in names} == set()


def test_scenarios_to_write_load_but_the_misspelt_one(tmp_path: Path) -> None:
    folder = readme.fresh_copy(tmp_path / "copy")
    names = [name[1] for name in map(readme.FILE_NAME.match, readme.blocks("toml")) if name]
    assert len(names) == len(readme.blocks("toml")), "a scenario begins with its file name"
    assert [name for name in names if not loads(folder / name)] == ["misspelt.toml"]


def loads(path: Path) -> bool:
    try:
        load_scenario(path)
    except ScenarioError:
        return False
    return True


def test_every_scenario_is_mentioned_and_no_other() -> None:
    mentioned = set(re.findall(r"scenarios/([\w-]+\.toml)", TEXT))
    assert mentioned == {path.name for path in SCENARIOS}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_every_scenario_runs(path: Path) -> None:
    done = CliRunner().invoke(program, ["run", str(path), "--replications", "20", "--json"])
    assert done.exit_code == 0, done.output
    assert '"sold"' in done.stdout


def test_pictures_and_files_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert "scenarios/elephant-funnel.png" in links
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert readme.PICTURE.read_bytes().startswith(b"\x89PNG")


def test_every_room_is_on_the_plan() -> None:
    rooms = {path.name + "/" * path.is_dir() for path in (ROOT / "simfunnel").iterdir() if path.name[0] not in "_."}
    assert {room for room in rooms - {"py.typed"} if f"`{room}`" not in readme.section("Contributing")} == set()


def test_every_exit_code_is_listed() -> None:
    from simfunnel import cli

    codes = {0, cli.REFUSED, cli.INTERRUPTED, cli.BROKEN_PIPE, cli.TERMINATED}
    assert {code for code in codes if f"| {code} |" not in TEXT} == set()
