"""The README shows what the program does: its outputs, its reference table and its picture are taken from the program.

They are brought up to date by

    python tests/readme.py

Words about the numbers are not: read "How to read the numbers" again after it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simfunnel.scenario.reference import reference_markdown

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "scenarios" / "elephant-funnel.png"
PICTURED = ("scenarios/elephant.toml", "out")  # the run whose picture is shown, and where it goes
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# ([\w-]+\.toml)\n")
TABLE = re.compile(r"(?<=<!-- reference -->\n\n).*?(?=\n<!-- /reference -->)", re.DOTALL)
PROMPT = "$ "


@dataclass(frozen=True)
class Session:
    """A console block: commands, each with the output that is shown under it."""

    steps: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str) -> Session:
        """From a block's text, whose commands begin with a prompt."""
        parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
        assert not parts[0], f"a console block begins with a command, found {parts[0]!r}"
        pairs = (part.partition("\n") for part in parts[1:])
        return cls(tuple((command, shown) for command, _, shown in pairs))

    @property
    def commands(self) -> list[str]:
        """The commands alone."""
        return [command for command, _ in self.steps]

    def lived(self, folder: Path) -> Session:
        """The same commands with what they really say in `folder`."""
        return Session(tuple((command, said(command, folder)) for command in self.commands))

    def __str__(self) -> str:
        return "".join(f"{PROMPT}{command}\n{shown}" for command, shown in self.steps)


def blocks(language: str) -> list[str]:
    """The texts of the README's code blocks in `language`."""
    return [text for found, text in BLOCK.findall(README.read_text(encoding="utf-8")) if found == language]


def sessions() -> list[Session]:
    """The console blocks."""
    return [Session.of(text) for text in blocks("console")]


def section(title: str) -> str:
    """The text under a heading of the second level."""
    _, _, rest = README.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    assert rest, f"README.md has no section {title}"
    return rest.partition("\n## ")[0]


def fresh_copy(folder: Path) -> Path:
    """A folder as the reader has it: the scenarios, and the files that the README tells to write."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for text in blocks("toml"):
        name = FILE_NAME.match(text)
        if name:
            (folder / name[1]).write_text(text, encoding="utf-8")
    return folder


def said(command: str, folder: Path) -> str:
    """What a command says on a terminal of 80 columns, errors and all; it must end well."""
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment(), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stderr + done.stdout


def environment() -> dict[str, str]:
    """80 columns, UTF-8, and this Python's commands first."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "COLUMNS": "80", "PYTHONUTF8": "1", "NO_COLOR": "1"}


def _renewed(text: str, folder: Path) -> Iterator[str]:
    """The README's parts, each console block lived again."""
    end = 0
    for number, block in enumerate(BLOCK.finditer(text)):
        yield text[end : block.start()]
        end = block.end()
        lived = block[0]
        if block[1] == "console":
            lived = f"```console\n{Session.of(block[2]).lived(fresh_copy(folder / str(number)))}```"
        yield lived
    yield text[end:]


def bring_up_to_date(folder: Path) -> None:
    """Write the README again, and the picture."""
    text = "".join(_renewed(README.read_text(encoding="utf-8"), folder))
    README.write_text(TABLE.sub(lambda _: reference_markdown(), text), encoding="utf-8")
    scenario, out = PICTURED
    said(f"simfunnel run {scenario} --out {out}", fresh_copy(folder / "picture"))
    shutil.copyfile(folder / "picture" / out / "funnel.png", PICTURE)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as temporary:
        bring_up_to_date(Path(temporary))
