"""Loading: every refusal word for word, at its file and line; extends and overrides."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from simfunnel.errors import Problem, ScenarioError
from simfunnel.scenario.loading import STAND_INS, load_scenario, parse_scenario
from simfunnel.scenario.location import lines_of
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.shape import leaves
from simfunnel.scenario.values import Interval

GOOD = """\
name = "good"

[segments.list]
leads = 10

[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5

[teams.callers]
size = 2

[demo]
team = "callers"
attended = 0.5
"""


def problems(text: str, overrides: Sequence[str] = ()) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, file="s.toml", overrides=overrides)
    return [str(problem) for problem in refusal.value.problems]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_a_good_scenario_loads() -> None:
    scenario = parse_scenario(GOOD)
    assert scenario.name == "good"
    assert scenario.calling is not None
    assert scenario.calling.teams == ("callers",)
    assert scenario.horizon == Interval(60, "working days")


def test_an_empty_scenario_loads() -> None:
    assert parse_scenario("").segments == {}


SHARE = 'a share between 0 and 1 (such as 0.35, "35 %" or "20 of 1000") or a distribution'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size = 2", "size = 0", "s.toml:13: teams.callers.size must be a whole number >= 1, found 0"),
        ("size = 2", "size = 2.0", "s.toml:13: teams.callers.size must be a whole number >= 1, found 2.0"),
        ("size = 2", "size = true", "s.toml:13: teams.callers.size must be a whole number >= 1, found true"),
        ("size = 2", 'size = "2"', 's.toml:13: teams.callers.size must be a whole number >= 1, found "2"'),
        ("size = 2", "size = 20000", "s.toml:13: teams.callers.size must be a whole number <= 10000, found 20000"),
        ("leads = 10", "leads = -1", "s.toml:4: segments.list.leads must be a whole number >= 0, found -1"),
        ("size = 2", "szie = 2", "s.toml:13: teams.callers.szie is not a known key (did you mean `size`?)"),
        ("[demo]", "[demo]\nSeats = 3", "s.toml:16: demo.Seats is not a known key (did you mean `seats`?)"),
        (
            "leads = 10",
            "leads = 10\nodds.x = 1",
            "s.toml:5: segments.list.odds.x is not a known key "
            "(known here: answered, listened, accepted, attended, sold)",
        ),
        (
            "leads = 10",
            "",
            "s.toml:3: segments.list.leads is required: leads on the list, or arrivals, new leads a working day",
        ),
        ("answered = 0.5", "", "s.toml:6: calling.answered is required: dials that are answered"),
        (
            'teams = ["callers"]',
            "",
            "s.toml:6: calling.teams is required: the teams that dial: "
            "a list (equal shares), or a table of shares that sum to 1",
        ),
        ('teams = ["callers"]', "teams = 5", "s.toml:7: calling.teams must be a list or a table, found 5"),
        (
            'teams = ["callers"]',
            'teams = "callers"',
            's.toml:7: calling.teams must be a list or a table, found "callers" (write ["callers"])',
        ),
        ('teams = ["callers"]', "teams = [1]", "s.toml:7: calling.teams[0] must be text, found 1"),
        (
            'teams = ["callers"]',
            'teams = { callers = "x" }',
            's.toml:7: calling.teams.callers must be a fixed share between 0 and 1 (such as 0.35 or "35 %"), found "x"',
        ),
        ("answered = 0.5", "answered = nan", f"s.toml:8: calling.answered must be {SHARE}, found nan"),
        ("answered = 0.5", "answered = inf", f"s.toml:8: calling.answered must be {SHARE}, found inf"),
        ("answered = 0.5", "answered = 1.5", f"s.toml:8: calling.answered must be {SHARE}, found 1.5"),
        (
            "answered = 0.5",
            'answered = "3 of 2"',
            "s.toml:8: calling.answered must count successes of trials, successes <= trials and trials >= 1, "
            'found "3 of 2"',
        ),
        (
            "leads = 10",
            'leads = 10\ntemperature = "Hot"',
            's.toml:5: segments.list.temperature must be one of "cold", "warm", "hot", found "Hot" '
            "(did you mean `hot`?)",
        ),
        (
            "leads = 10",
            "leads = 10\narrivals_per_day = 3",
            "s.toml:5: segments.list.arrivals_per_day is not a known key (did you mean `arrivals`?)",
        ),
        (
            "[demo]",
            "[hot]\nleads = 3\n[demo]",
            's.toml:15: hot is not a known key (hot leads are a segment with temperature = "hot", such as '
            "[segments.hot]; [inbound] answers them)",
        ),
        (
            "[demo]",
            "[demo]\nclosers = 3",
            "s.toml:16: demo.closers is not a known key (did you mean `closing.closers`?)",
        ),
        ("[demo]", "[waiting]\n[demo]", "s.toml:15: waiting is not a known key (did you mean `inbound.waiting`?)"),
        (
            "leads = 10",
            'leads = 10\ntemperature = "Warm"',
            's.toml:5: segments.list.temperature must be one of "cold", "warm", "hot", found "Warm" '
            "(did you mean `warm`?)",
        ),
        (
            "leads = 10",
            "leads = 10\ntemperature = [1]",
            's.toml:5: segments.list.temperature must be one of "cold", "warm", "hot", found [1]',
        ),
        (
            "size = 2",
            'kind = "outsourcd"',
            's.toml:13: teams.callers.kind must be one of "in-house", "outsourced", '
            'found "outsourcd" (did you mean `outsourced`?)',
        ),
        (
            "answered = 0.5",
            'answered = 0.5\norder = ["retrys", "fresh"]',
            's.toml:9: calling.order[0] must be one of "meetings", "complaints", "care", "follow_ups", "quota", '
            '"retries", "fresh", found "retrys" (did you mean `retries`?)',
        ),
        ("answered = 0.5", "answered = 0.5\norder = 1", "s.toml:9: calling.order must be a list, found 1"),
        ('name = "good"', "name = 3", "s.toml:1: name must be text, found 3"),
        ('name = "good"', "start = 5", "s.toml:1: start must be a date such as 2026-01-12, from 1950 to 2150, found 5"),
        (
            'name = "good"',
            "holidays = [2026-01-01, 1]",
            "s.toml:1: holidays[1] must be a date such as 2026-01-12, from 1950 to 2150, found 1",
        ),
        (
            'name = "good"',
            "working_days = [1]",
            "s.toml:1: working_days[0] must be one of monday, tuesday, wednesday, thursday, "
            "friday, saturday, sunday, found 1",
        ),
        ('name = "good"', "closing = 4", "s.toml:1: closing must be a table, found 4"),
        ("[segments.list]\nleads = 10", "[segments]\nlist = 4", "s.toml:4: segments.list must be a table, found 4"),
        ('name = "good"', "money = []", "s.toml:1: money must be a table, found []"),
        ('team = "callers"', "team = {}", "s.toml:16: demo.team must be text, found {}"),
        (
            'name = "good"',
            '"a\\nb" = 1',
            's.toml:1: "a\\nb" is not a known key (known here: name, ',
        ),
    ],
)
def test_every_refusal_word_for_word(old: str, new: str, message: str) -> None:
    found = problems(changed(old, new))
    assert len(found) == 1
    assert found[0] == message or (message.endswith(", ") and found[0].startswith(message))


def test_all_errors_at_once_in_file_order() -> None:
    text = (
        GOOD.replace("leads = 10", "leads = -1").replace("0.5\nlistened", "5\nlistened").replace("size = 2", "size = 0")
    )
    text = text.replace('team = "callers"', 'team = "caller"')
    assert [p.split(" must")[0] for p in problems(text, ["demo.at=25:00", "nonsense"])] == [
        "s.toml:4: segments.list.leads",
        "s.toml:8: calling.answered",
        "s.toml:13: teams.callers.size",
        "s.toml:16: demo.team",
        "--set: demo.at",
        "--set:",
    ]


def test_a_refused_key_is_not_refused_again_for_its_consequences() -> None:
    """The team is refused, so that it is missing for calling and demo is not said."""
    text = changed("[teams.callers]\nsize = 2", "[teams]\ncallers = 2")
    assert problems(text) == ["s.toml:13: teams.callers must be a table, found 2"]


def test_thousands_of_errors_are_cut() -> None:
    found = problems("\n".join(f"x{i} = 1" for i in range(5000)))
    assert len(found) == 101
    assert found[-1] == "s.toml: has 100 more problems at least"


def test_every_required_key_has_a_stand_in() -> None:
    assert {path[-1] for path, field in leaves() if field.is_required()} | {"waiting"} == set(STAND_INS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = \n", "s.toml:1: is not TOML: Invalid value (column 5)"),
        ("a = 1\nb = [1,", "s.toml:2: is not TOML: Invalid value (at the end of the file)"),
        ("a = 1\na = 2", "s.toml:2: is not TOML: "),
        ("a = " + "9" * 5000, "s.toml: is not TOML: Exceeds the limit (4300"),
        ("start = 2026-02-30", "s.toml:1: is not TOML: Invalid date or datetime"),
        ("a = " + "[" * 50_000 + "]" * 50_000, "s.toml: is nested too deeply"),
        ("\na = " + "{a=" * 50_000, "s.toml: is nested too deeply"),
        ("\n" + "a." * 50_000 + "b = 1", "s.toml:2: is nested too deeply"),
        ("[" + "'a' . " * 400 + "b]", "s.toml:1: is nested too deeply"),
        ("#" * 1_000_001, "s.toml: is larger than 1 MB"),
        ("\x00", "s.toml:1: is not TOML: "),
    ],
)
def test_what_is_not_toml(text: str, message: str) -> None:
    [found] = problems(text)
    assert found.startswith(message)
    assert "\n" not in found


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("answered = 40 %", 'put it in quotes: "40 %"'),
        ("answered = 40% # c", 'put it in quotes: "40%"'),
        ("calling = { answered = 2.5 %, x = 1 }", 'put it in quotes: "2.5 %"'),
        ("leads = 1,200", "no thousands separators: 1200"),
        ("leads = 1 200", "no thousands separators: 1200"),
        ("leads = 1.200.000", "no thousands separators: 1200000"),
        ("price = 12,5", "decimals follow a point: 12.5"),
        ("start = 01.04.2026", "dates are written 2026-04-01"),
        ("start = 1.4.2026", "dates are written 2026-04-01"),
        ("start = 2026-02-30", "dates are written 2026-04-01"),
        ("start = 2026-5-1", "dates are written 2026-05-01"),
        ("start = 4/1/2026", "dates are written 2026-04-01"),
        ("at = 16:00", 'times go in quotes: "16:00"'),
        ("at = 9:00", 'times go in quotes: "9:00"'),
        ("name = SunRoof", 'text goes in quotes: "SunRoof"'),
        ("name = Über uns", 'text goes in quotes: "Über uns"'),
        ("long = 3 min", 'text goes in quotes: "3 min"'),
        ("fast = True", "it is written true"),
        ("name = “SunRoof”", 'quotes must be straight: "'),
        ("“name” = 1", 'quotes must be straight: "'),
    ],
)
@pytest.mark.parametrize("after", ["", "\n", "\r\nb = 2\r\n"])
def test_a_slip_in_toml_is_shown_with_what_to_write(line: str, hint: str, after: str) -> None:
    [found] = problems(f"a = 1\n{line}{after}")
    assert found.startswith("s.toml:2: is not TOML: ")
    assert found.endswith(f", found: {line} ({hint})")


@pytest.mark.parametrize(
    "line", ["a = [100,200", 'a = "x', "a = ", "= 5", "a = .5", "a = {", "[x", 'a = "x" y', "a" * 500]
)
def test_a_slip_without_a_pattern_has_no_hint(line: str) -> None:
    [found] = problems(f"{line}\nb = 1")
    assert found.startswith("s.toml:")
    assert not found.endswith(")")
    assert len(found) < 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[teams.own]\nsize = 1\n[teams.own]\n", "s.toml:3: is not TOML: teams.own stands twice, found: [teams.own]"),
        (
            "[teams.own] # ours\nsize = 1\nsize = 2",
            "s.toml:3: is not TOML: teams.own.size stands twice, found: size = 2",
        ),
        ("a = 1\na = 2", "s.toml:2: is not TOML: a stands twice, found: a = 2"),
        ("[a]\nb = 1\n[a.b]\n", "s.toml:3: is not TOML: a.b stands twice, found: [a.b]"),
    ],
)
def test_what_stands_twice_is_said_in_words(text: str, message: str) -> None:
    assert problems(text) == [message]


def test_a_table_that_only_an_override_makes_has_its_problems_there() -> None:
    assert problems(GOOD, ["centre.size=6"])[0].startswith("--set: centre is not a known key")
    [found] = problems(GOOD, ["teams.new={ kind = 'in-house' }", "closing.nonsense=1"])
    assert found.startswith("--set: closing.nonsense is not a known key")


def test_unreadable_files(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(ScenarioError) as refused:
            load_scenario(path)
        return str(refused.value).removeprefix(str(path))

    def written(content: bytes) -> Path:
        (tmp_path / "x.toml").write_bytes(content)
        return tmp_path / "x.toml"

    assert refusal(tmp_path / "absent.toml") == ": cannot be read: no such file"
    assert refusal(tmp_path) == ": cannot be read: it is a directory"
    assert refusal(Path("a\0b")) == ": cannot be read: embedded null byte"
    assert refusal(Path("a" * 5000)) == ": cannot be read: File name too long"
    assert refusal(written(b"a = 1\nb = '\xff'")) == ": cannot be read: it is not UTF-8 text (byte 0xff in line 2)"
    assert refusal(written('name = "x"'.encode("utf-16"))) == ": cannot be read: it is not UTF-8 text but UTF-16"
    assert refusal(written(b"#" * 1_000_001)) == ": cannot be read: it is larger than 1 MB"
    if os.geteuid() != 0:
        path = written(b"")
        path.chmod(0)
        assert refusal(path) == ": cannot be read: permission denied"


def test_a_byte_order_mark_and_windows_lines_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_scenario(path).name == "good"
    path.write_bytes(path.read_bytes().replace(b"size = 2", b"size = 0"))
    with pytest.raises(ScenarioError, match=r"w.toml:13: teams\.callers\.size"):
        load_scenario(path)


def test_lines_of_statements() -> None:
    text = "\n".join(
        [
            "# comment",
            'a.b = """',
            "c = 1",
            '"""',
            "[segments.list.odds]  # before its parent",
            "sold = 2",
            "[segments.list]",
            "leads = [",
            "  1,",
            "]",
            "minutes = { x = { y = 1 } }",
            "[[z]]",
            "'q r' = 1",
        ]
    )
    assert lines_of(text) == {
        ("a",): 2,
        ("a", "b"): 2,
        ("segments",): 5,
        ("segments", "list"): 7,
        ("segments", "list", "odds"): 5,
        ("segments", "list", "odds", "sold"): 6,
        ("segments", "list", "leads"): 8,
        ("segments", "list", "minutes"): 11,
        ("segments", "list", "minutes", "x"): 11,
        ("segments", "list", "minutes", "x", "y"): 11,
        ("z",): 12,
        ("z", "q r"): 13,
    }


def test_lines_of_a_long_file_are_found_in_time() -> None:
    assert len(lines_of("\n".join(f"k{i} = [{i}]" for i in range(20_000)))) == 20_000
    assert lines_of("a = [\n" + "1,\n" * 15_000 + "]\nb = 1") == {}  # beyond its budget it gives up


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.toml").write_text(GOOD)
    return tmp_path


def refused(path: str, overrides: Sequence[str] = ()) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(path, overrides)
    return [str(problem) for problem in refusal.value.problems]


def test_blocks_merge_and_values_are_replaced_whole(folder: Path) -> None:
    (folder / "base.toml").write_text(
        GOOD.replace('teams = ["callers"]', "teams = { callers = 1 }").replace("0.5\nlistened", '"1 of 2"\nlistened')
        + "[money]\nunit_cost = 3\nrevenue_per_sale = { low = 1, likely = 2, high = 3 }\n"
    )
    (folder / "sub").mkdir()
    (folder / "sub" / "mid.toml").write_text(
        'extends = "../base.toml"\n[money]\nrevenue_per_sale = { low = 5, high = 6 }\n'
    )
    (folder / "top.toml").write_text(
        'extends = "sub/mid.toml"\n[calling]\nteams = { own = 0.5, callers = 0.5 }\n[teams.own]\nsize = 3\n'
    )
    scenario = load_scenario("top.toml")
    assert scenario.calling is not None
    assert scenario.calling.answered == Quantity("counts", (1, 2))
    assert scenario.calling.teams == {"own": fixed(0.5), "callers": fixed(0.5)}
    assert {name: team.size for name, team in scenario.teams.items()} == {"callers": 2, "own": 3}
    assert scenario.money.revenue_per_sale.family == "uniform"
    assert scenario.money.unit_cost == fixed(3)


def test_a_problem_names_the_file_that_set_the_key(folder: Path) -> None:
    (folder / "base.toml").write_text(changed("size = 2", "size = 0"))
    (folder / "top.toml").write_text('extends = "base.toml"\n[demo]\nhosts = -1\n[segments.new]\n')
    assert refused("top.toml", ["demo.seats=0"]) == [
        "top.toml:3: demo.hosts must be a whole number >= 0, found -1",
        "top.toml:4: segments.new.leads is required: leads on the list, or arrivals, new leads a working day",
        "base.toml:13: teams.callers.size must be a whole number >= 1, found 0",
        "--set: demo.seats must be a whole number >= 1, found 0",
    ]


def test_extends_that_cannot_be(folder: Path) -> None:
    (folder / "a.toml").write_text('name = "a"\nextends = "b.toml"')
    (folder / "b.toml").write_text('extends = "./a.toml"')
    (folder / "self.toml").write_text('extends = "self.toml"')
    (folder / "lost.toml").write_text('extends = "nowhere.toml"')
    (folder / "odd.toml").write_text("extends = 3")
    (folder / "dir.toml").write_text('extends = "."')
    (folder / "nul.toml").write_text('extends = "a\\u0000b"')
    (folder / "broken.toml").write_text('extends = "not.toml"')
    (folder / "not.toml").write_text("\n\nx")
    for number in range(20):
        (folder / f"chain{number}.toml").write_text(f'extends = "chain{number + 1}.toml"')
    start = "must be a readable scenario file, found"
    assert refused("a.toml") == [
        "b.toml:1: extends must not lead back to a file of its own chain, found a.toml → b.toml → a.toml"
    ]
    assert "its own chain, found self.toml → self.toml" in refused("self.toml")[0]
    assert refused("lost.toml") == [f'lost.toml:1: extends {start} "nowhere.toml": no such file']
    assert refused("odd.toml") == [
        'odd.toml:1: extends must be the path of a scenario file such as "base.toml", found 3'
    ]
    assert refused("dir.toml") == [f'dir.toml:1: extends {start} ".": it is a directory']
    assert refused("nul.toml") == [f'nul.toml:1: extends {start} "a\\x00b": embedded null byte']
    assert refused("broken.toml")[0].startswith("not.toml:3: is not TOML: ")
    assert refused("chain0.toml") == ["chain15.toml:1: extends must not chain more than 16 files"]


def test_overrides() -> None:
    def size(*overrides: str) -> object:
        return parse_scenario(GOOD, overrides=overrides).teams["callers"].size

    scenario = parse_scenario(
        GOOD,
        overrides=[
            "calling.answered=35 %",
            'calling.listened = "20 of 1000"',
            "demo.at=16:30",
            "start=2026-02-02",
            "teams.callers.shift=08:00-12:00",
            "money.revenue_per_sale={ low = 1, likely = 2, high = 4 }",
            "money.revenue_per_sale.likely=3",
            "name=",
            "name=a=b # c",
        ],
    )
    assert scenario.calling is not None
    assert scenario.calling.answered == fixed(0.35)
    assert scenario.calling.listened == Quantity("counts", (20, 1000))
    assert scenario.demo is not None
    assert scenario.demo.at == 990
    assert str(scenario.start) == "2026-02-02"
    assert scenario.teams["callers"].shift.start == 480
    assert [p.best for p in scenario.money.revenue_per_sale.parameters] == [1, 3, 4]
    assert scenario.name == "a=b # c"
    assert size("teams.callers.size=4", "teams.callers.size=5") == 5
    assert size('"teams".callers."size"=6') == 6
    assert size("teams.callers={ kind = 'in-house' }") == 2  # a block is merged into the one there
    assert parse_scenario(GOOD, overrides=["teams.new={}", "teams.new.size=4"]).teams["new"].size == 4


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("teams.callers.size", '--set: must read key=value, such as teams.callers.size=4, found "teams.callers.size"'),
        ("=4", '--set: must read key=value, such as teams.callers.size=4, found "=4"'),
        ("a b=4", '--set: must read key=value, such as teams.callers.size=4, found "a b=4"'),
        ("x=1\ny=2", "--set: x is not a known key"),
        ("centre.size=6", "--set: centre is not a known key"),
        ("callers.size=6", "--set: callers.size is not a known key (did you mean `teams.callers.size`?)"),
        ("list.leads=6", "--set: list.leads is not a known key (did you mean `segments.list.leads`?)"),
        ("list.odds.sold=6", "--set: list.odds.sold is not a known key (did you mean `segments.list.odds.sold`?)"),
        ("[a]\nb=2", '--set: must read key=value, such as teams.callers.size=4, found "[a] b=2"'),
        ("a." * 50_000 + "b=1", "--set: must read key=value"),
        (
            "name=[" + "[" * 5000,
            "--set: name must have a value that parses as TOML, as it begins with [: is its end missing? found",
        ),
        (
            "money.unit_cost={ low = 700, high = 1100",
            "--set: money.unit_cost must have a value that parses as TOML, as it begins with {: is its end missing? "
            'found "{ low = 700, high = 1100"',
        ),
        ("name='good", "--set: name must have a value that parses as TOML, as it begins with ': is its end missing?"),
        ("extends=x.toml", '--set: must stand in a file, not on the command line, found "extends=x.toml"'),
        ("teams.callers.size=0", "--set: teams.callers.size must be a whole number >= 1, found 0"),
        ("teams.callers.size=four", '--set: teams.callers.size must be a whole number >= 1, found "four"'),
        (
            "teams.callrs.size=4",
            "--set: teams.callrs must exist, as --set changes keys of teams that are there; a new one is set whole: "
            "teams.callrs={ ... } (did you mean `callers`?)",
        ),
        ("segments.new.odds.sold=4", "--set: segments.new must exist, as --set changes keys of segments that are"),
        ("teams={ callers = { size = 0 } }", "--set: teams.callers.size must be a whole number >= 1, found 0"),
        ("teams=5", "--set: teams must be a table, found 5"),
        ("name=\udcff", '--set: name must be one line of 1 to 200 printable characters, found "\\udcff"'),
    ],
)
def test_overrides_that_cannot_be(override: str, message: str) -> None:
    [found] = problems(GOOD, [override])
    assert found.startswith(message)


def test_problems_are_facts() -> None:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(changed("size = 2", "sise = 2"), file="s.toml")
    expected = Problem("s.toml", 13, "teams.callers.sise", "is not a known key", "did you mean `size`?")
    assert refusal.value.problems == (expected,)


def test_importing_the_loader_is_light() -> None:
    """Neither pydantic nor numpy is needed before a scenario is loaded, so that --help is instant."""
    code = "import sys, simfunnel.scenario.loading; sys.exit(bool({'pydantic', 'numpy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
