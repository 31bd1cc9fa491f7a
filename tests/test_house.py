"""The house stands as it says: imports run one way, a library has one door, files stay small, lint and types pass."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "simfunnel"
ROOMS = (
    "errors", "scratch", "scenario", "hours", "draws", "calendar", "funnel", "facts", "counting", "engines", "metrics",
    "prices", "by_touch", "cohorts", "contracts", "economics", "reproduction", "workers", "simulation", "together",
    "estimates", "experiments", "reporting", "cli",
)  # fmt: skip
DOORS = {
    "simpy": {"engines/simpy_engine.py", "engines/simpy_floor.py"}, "matplotlib": {"reporting/plots"},
    "jinja2": {"reporting/html"}, "markupsafe": {"reporting/html"},
}  # fmt: skip
EXACT = (
    "funnel", "engines", "counting", "draws.py", "metrics.py", "by_touch.py", "prices.py", "contracts.py",
    "economics.py", "cohorts.py",
)  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 350


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{name_of(path)} imports relatively"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def room_of(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "simfunnel" and len(parts) > 1 and parts[1] in ROOMS else None


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room in ("__init__", "__main__"):
        return
    assert room in ROOMS, f"{room} is not a room of the house: add it to ROOMS at its place"
    later = {found for dotted in imports_of(path) if (found := room_of(dotted))} & set(ROOMS[ROOMS.index(room) + 1 :])
    assert not later, f"{name_of(path)} imports from later rooms: {sorted(later)}"


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library: str) -> None:
    users = {name_of(path) for path in MODULES if any(d.split(".")[0] == library for d in imports_of(path))}
    assert users
    assert all(user in DOORS[library] or str(Path(user).parent) in DOORS[library] for user in users), users


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_short_and_say_their_law(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)), f"{name_of(path)} has no docstring"


def test_nature_uses_numpy_functions_only_and_no_global_generator() -> None:
    """math.log and math.exp differ from numpy's in the last bit; a global generator has no address."""
    for path in MODULES:
        imported = imports_of(path)
        assert not imported & {"random", "numpy.random", "secrets"}, name_of(path)
        if path.relative_to(PACKAGE).parts[0] in EXACT:
            assert "math" not in imported, name_of(path)


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["lint", "format", "types"],
)
def test_lint_format_and_types(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
