"""The report of a comparison says what its JSON says, needs nothing else, and lets no name become markup."""

from __future__ import annotations

import re
import shlex
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from made_comparison import NINE, comparison_of
from made_reports import HOSTILE, LONG, SCRIPT
from test_comparison_view import real, where
from test_report import ATTRIBUTES, ELEMENTS, Page
from test_report_in_chromium import CHROMIUM, faults, seen

from simfunnel.reporting import decided, verdicts
from simfunnel.reporting.amounts import figure
from simfunnel.reporting.html.comparison import command, render_comparison

TWO = comparison_of(("in-house", "outsourced"), (-13000.0, -12000.0), half=900.0)


def changing() -> dict[str, Any]:
    """Nine policies whose best changes with the number of leads."""
    keys = where((750.0, "sellers", "per-hour"), (3300.0, "per-hour", "in-house"))
    for place, value in enumerate((300.0, 750.0, 1500.0, 6000.0, 12000.0)):
        best = ("sellers", "sellers", "per-hour", "in-house", "in-house")[place]
        found = {
            name: {"difference": 700.0 - 90 * number - value / 5, "ci95": [0.0, 1.0]}
            for number, name in enumerate(NINE[1:])
        }
        keys[0]["points"][place:] = [{"value": value, "best": best, "differences": found}]
    return comparison_of(where=keys)


def hostile() -> dict[str, Any]:
    """A comparison in which all that anybody could have chosen is hostile."""
    told = comparison_of([f"{HOSTILE}{LONG}{name}" for name in NINE], question=f"{HOSTILE}{LONG}")
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
    return {**told, "inputs": {"about": HOSTILE, "stated": [stated]}}


def pages() -> dict[str, dict[str, Any]]:
    import json

    return {"nine": changing(), "two": TWO, "real": json.loads(real()), "hostile": hostile()}


def words(told: dict[str, Any]) -> str:
    return " ".join(" ".join(Page(render_comparison(told)).words).split())


@pytest.mark.parametrize("which", pages())
def test_a_report_is_one_sound_file(which: str) -> None:
    text = render_comparison(pages()[which], f"name = 1\n{SCRIPT}")
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
    assert SCRIPT in words(pages()[which]) or which != "hostile", "hostile words are shown as words"


@pytest.mark.parametrize("which", ["nine", "two", "real"])
def test_it_says_the_answer_the_risk_and_how_it_was_decided(which: str) -> None:
    told = pages()[which]
    said = words(told).replace("\u00a0", " ")
    for sentence in (
        *verdicts.answer(told),
        *decided.how(told),
        *decided.pairing(told),
        *verdicts.where(told),
    ):
        assert " ".join(sentence.split()) in said
    for policy in told["policies"]:
        assert policy["name"] in said
        assert figure(told["outcomes"][policy["name"]]["profit"]["mean"], "profit", "EUR") in said
        assert all(change in said for change in policy["changes"])
    for name, found in told["won"].items():
        assert verdicts.won_sentence(told, name) in said
        assert found["difference"]


def test_pictures_say_in_words_what_they_show() -> None:
    text = render_comparison(changing())
    drawn = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawn) == 3
    described = [unescape(re.findall(r"<desc[^>]*>(.*?)</desc>", picture)[0]) for picture in drawn]
    assert "per-hour: average and 95 % interval 13,913" in described[0]
    assert "hybrid: -133 (-204 to -63), no difference that matters" in described[1]
    assert "up to 750 (700 to 800) sellers is best" in described[2]


def test_what_is_not_there_is_not_shown() -> None:
    text = render_comparison(TWO)
    assert 'id="where"' not in text
    assert 'id="rest"' not in text
    assert text.count("<svg") == 2


def test_the_command_gets_the_same_numbers_again() -> None:
    parts = shlex.split(command(comparison_of(overrides=["a=b c"], seed=7, fix_inputs=True)))
    assert parts[:3] == ["simfunnel", "compare", "outsourcing.toml"]
    assert [parts[place + 1] for place, part in enumerate(parts) if part == "--only"] == list(NINE[1:])
    for option, value in {"--set": "a=b c", "--seed": "7", "--at-most": "16000", "--replications": "500"}.items():
        assert parts[parts.index(option) + 1] == value
    assert parts[-1] == "--fix-inputs"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")
def test_it_opens_without_complaint_and_nothing_is_too_wide(tmp_path: Path) -> None:
    found, complaints = seen(tmp_path, {name: render_comparison(told) for name, told in pages().items()})
    assert complaints == []
    assert faults(found) == []
    assert all(each["scripts"] == 0 for each in found)
