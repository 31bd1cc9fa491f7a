"""A report opens in a browser without complaint, and nothing of it is wider than a phone or a screen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from made_reports import KINDS, hostile_page, page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTHS = (390, 1280)
FAULTY = """<!DOCTYPE html><html><head><title>x</title></head><body><p>fits</p>{}</body></html>"""
WIDE = FAULTY.format('<div style="width: 700px">too wide for a phone</div>')
HIDDEN = FAULTY.format('<div style="overflow: hidden"><p style="width: 700px">cut off</p></div>')
SCROLLS = FAULTY.format('<div class="scroll" style="overflow-x: auto"><p style="width: 700px">scrolls</p></div>')
FAULTS = FAULTY.format("<script>console.error('a complaint')</script><script>nothing.there()</script>")
# A frame is as wide as it says, whatever the narrowest window of the browser; what may scroll by itself is no overflow.
PROBE = """
<!DOCTYPE html><html><body>{frames}<pre id="found"></pre><script>
addEventListener("load", () => {{
  const found = [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument, width = frame.clientWidth;
    const boxed = element => element.closest(".scroll, pre") && !element.matches(".scroll, pre");
    const wide = [...page.body.querySelectorAll("*")].filter(element => !boxed(element)).filter(element => {{
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > width + 1 || box.left < -1);
    }}).map(element => `${{element.tagName}}.${{element.id}}: ${{element.textContent.slice(0, 40)}}`);
    return {{
      name: frame.name, width, scrolls: page.documentElement.scrollWidth, wide: wide.slice(0, 5),
      elements: page.body.querySelectorAll("*").length, svg: page.querySelectorAll("svg").length,
      dark: getComputedStyle(page.body).backgroundColor, scripts: page.scripts.length,
    }};
  }});
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script></body></html>
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")


def seen(folder: Path, pages: dict[str, str], *options: str) -> tuple[list[dict[str, Any]], list[str]]:
    """What a browser makes of pages, in frames of each width, and what it complains of."""
    frames = []
    for place, (name, text) in enumerate(pages.items()):
        (folder / f"{place}.html").write_text(text, encoding="utf-8")
        frames += [
            f'<iframe name="{name}" src="{place}.html" width="{width}" height="800"></iframe>' for width in WIDTHS
        ]
    (folder / "probe.html").write_text(PROBE.format(frames="".join(frames)), encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
        f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000",
        *options, "--dump-dom", (folder / "probe.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    answer = re.search(r'<pre id="found">(.+?)</pre>', done.stdout, re.DOTALL)
    assert answer, done.stderr[-2000:]
    return json.loads(unescape(answer[1])), [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def faults(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["scrolls"] > each["width"] or each["wide"]]


def test_the_probe_sees_what_is_wrong(tmp_path: Path) -> None:
    found, complaints = seen(tmp_path, {"wide": WIDE, "hidden": HIDDEN, "scrolls": SCROLLS, "faults": FAULTS})
    assert [(each["name"], each["width"]) for each in faults(found)] == [("wide", 390), ("hidden", 390)]
    assert len(complaints) == 4, "two a frame"


def test_reports_open_without_complaint_and_nothing_is_too_wide(tmp_path: Path) -> None:
    pages = {kind: page(kind) for kind in KINDS} | {"hostile": hostile_page()}
    found, complaints = seen(tmp_path, pages)
    assert complaints == []
    assert [each["name"] for each in found[::2]] == list(pages)
    assert [each["width"] for each in found[:2]] == list(WIDTHS)
    assert faults(found) == []
    assert all(each["scripts"] == 0 for each in found), "hostile words make no script"
    assert all(each["elements"] > 400 and each["svg"] >= 4 for each in found)
    assert {each["dark"] for each in found} == {"rgb(255, 255, 255)"}


def test_in_dark_mode_the_page_is_dark(tmp_path: Path) -> None:
    found, complaints = seen(tmp_path, {"elephant": page("elephant")}, "--blink-settings=preferredColorScheme=0")
    assert complaints == []
    assert {each["dark"] for each in found} == {"rgb(20, 24, 28)"}
