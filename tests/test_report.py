"""A report is one file that needs nothing else, says what the summary says, and lets no text become markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from made_reports import BRACES, KINDS, SCENARIOS, SCRIPT, hostile_page, page, run
from small_funnel import small_file

from simfunnel import cli
from simfunnel.reporting.html.run import answer, command, question, render_run
from simfunnel.reporting.html.stored import stored_run
from simfunnel.reporting.html.told import blocks, unwrapped
from simfunnel.reporting.sheets import sheets
from simfunnel.reporting.wording import interval, number, whole
from simfunnel.scenario.loading import load
from simfunnel.scenario.sayings import about, beside, said

VOID = {"meta", "link", "img", "br", "hr", "input", "source", "base", "embed"}
ELEMENTS = """
html head meta title style body header main footer div p h1 h2 h3 h4 ul li nav a aside section dl dt dd figure
figcaption
table thead tbody tr th td span em code pre blockquote details summary svg desc g path use defs text tspan rect
"""
ATTRIBUTES = """
lang charset name content class id href xlink:href aria-label aria-labelledby tabindex role scope colspan style viewbox
d x y transform width height
"""


class Page(HTMLParser):
    """What a browser would make of it: elements, attributes, words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.program, arguments)


@pytest.mark.parametrize("kind", [*KINDS, "hostile"])
def test_it_is_well_formed_and_holds_only_what_the_templates_hold(kind: str) -> None:
    text = hostile_page() if kind == "hostile" else page(kind)
    found = Page(text)
    assert not found.open, "every element is closed"
    assert {tag for tag, _ in found.elements} <= set(ELEMENTS.split())
    assert {name for _, attributes in found.elements for name in attributes} <= set(ATTRIBUTES.split())
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "no two pictures share a name"
    for _, attributes in found.elements:
        for link in (attributes.get("href"), attributes.get("xlink:href")):
            assert link is None or (link.startswith("#") and link[1:] in ids), link


@pytest.mark.parametrize("kind", KINDS)
def test_it_needs_nothing_from_elsewhere(kind: str) -> None:
    text = page(kind)
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert "<script" not in text
    assert len(text) < 400_000


def test_hostile_words_are_shown_as_words() -> None:
    text = hostile_page()
    assert SCRIPT not in text
    found = Page(text)
    assert SCRIPT in found.text
    assert BRACES in found.text, "no template is made of data"
    assert "49{%" not in found.text
    drawn = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    assert "callers&lt;script&gt;" in drawn, "a team's name stands in a picture"


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_says_in_words_what_it_shows(kind: str) -> None:
    pictures = re.findall(r"<svg.*?</svg>", page(kind), re.DOTALL)
    assert len(pictures) >= 4 if kind == "one history" else len(pictures) >= 6
    for drawn in pictures:
        head, title, said_ = re.search(r"(<svg[^>]*>)<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", drawn).groups()  # type: ignore[union-attr]
        assert 'role="img"' in head
        assert title
        assert len(re.findall(r"\d", said_)) > 3, "numbers, not only names"
        assert not re.search(r"(fill|stroke): #", drawn), "colours are the page's, which has dark ones too"


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_every_number_of_the_tables(kind: str) -> None:
    summary, _, _ = run(kind)
    words = Page(page(kind)).words
    for shown in sheets(summary):
        for row in shown.sheet.rows[1:] if shown.part == "chances" else shown.sheet.rows:
            assert set(row.cells[1:]) - {""} <= set(words), (shown.title, row)


def test_the_answer_is_one_sentence_with_its_uncertainty() -> None:
    summary, _, _ = run("elephant")
    profit = summary["metrics"]["profit"]
    told = answer(summary)
    assert told.count(". ") == 0
    for part in (whole(profit["mean"]), interval(profit, 0), whole(profit["p05"]), whole(profit["p95"])):
        assert part in told
    assert number(summary["metrics"]["sold"]["mean"]) in told
    assert "Expect no sale at all and a loss of" in answer(run("no sale")[0])
    assert answer(run("one history")[0]).startswith("This one history ends with ")


def test_it_begins_with_question_and_answer_and_warns_thereafter() -> None:
    summary, columns, _ = run("elephant")
    text = Page(page("elephant")).text
    assert text.index("What does such a campaign earn") < text.index(answer(summary)) < text.index("How to read")
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", render_run({**summary, "warnings": []}, columns)) == [
        "The funnel", "How one campaign may turn out: the risk",
        "How sure the averages are: the error of the estimate", "Money by line", "The teams",
        "Where the 1,500 leads end", "What a manager would look at", "Chances of reaching targets",
        "What is assumed", "How to get these numbers again",
    ]  # fmt: skip
    warned = Page(render_run({**summary, "warnings": ["mind the gap"]}, columns)).text
    assert warned.index(answer(summary)) < warned.index("mind the gap") < warned.index("How to read")
    assert warned.index("Before you rely on this") < warned.index("mind the gap")


def test_the_question_is_the_decisions_the_heads_the_descriptions_or_the_name() -> None:
    nothing = {"inputs": {"about": ""}, "question": "", "description": "", "scenario": "A name"}
    assert question(nothing) == "A name"
    assert question({**nothing, "description": "what it is"}) == "what it is"
    head = {**nothing, "description": "what it is", "inputs": {"about": "So.\nQuestion: does\nit pay? Yes."}}
    assert question(head) == "Does it pay?"
    assert question({**head, "question": "Shall we?"}) == "Shall we?"


def test_assumptions_stand_with_their_certainty_and_their_sources() -> None:
    found = {each["key"]: each for each in run("elephant")[0]["inputs"]["stated"]}
    assert found["calling.listened"]["value"] == "20 of 1,000 (2 %)"
    assert found["calling.listened"]["certainty"] == "uncertain"
    assert found["calling.listened"]["range"] == "1.27 % to 3.01 %"
    assert found["teams.callers.size"] == {
        "key": "teams.callers.size", "meaning": "members", "value": "2 people", "certainty": "known", "range": "",
        "note": "",
    }  # fmt: skip
    assert found["calling.minutes.talk"]["certainty"] == "varies"
    assert found["calling.minutes.wrap_up"]["note"] == "a note after every call"
    text = Page(page("elephant")).text
    assert "20 of 1,000 (2 %)" in text
    assert "Rates are the counts of one real campaign" in text
    assert "“a note after every call”" in text
    shop = {each["key"]: each for each in run("shop")[0]["inputs"]["stated"]}
    assert shop["inbound.waiting.source"]["value"].startswith("a guess of the shop")
    assert shop["inbound.waiting.odds"]["value"] == "after 60 min: 0.5, after 720 min: 0.2"
    assert shop["segments.askers.arrivals_by_weekday"]["value"].startswith("tuesday: 4 leads")


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    assert about("#:schema x\n# One.\n#\n# Two\nname = 1 # no\n# nor this") == "One.\n\nTwo"
    assert beside('name = "a # b" # c # d') == "c # d"
    assert beside("name = 'a\\' # c") == "c"
    assert beside('name = "a # b"') == ""
    assert unwrapped("one\ntwo.\nThree\n\nfour") == "one two.\nThree\n\nfour"
    assert about("# One:\n#\n#   a  1\n") == "One:\n\n  a  1"
    (tmp_path / "upper.toml").write_text(
        f'extends = "{SCENARIOS / "elephant.toml"}"\n[teams.callers]\nhiring = 200 # less\n'
    )
    layers = load(tmp_path / "upper.toml", ["demo.seats=30"]).layers
    assert layers is not None
    assert said(layers, ("teams", "callers", "hiring")) == "less"
    assert said(layers, ("calling", "attempts")) == "each number is dialled once"
    assert said(layers, ("demo", "seats")) == ""


def test_tables_of_a_head_keep_their_lines_and_sentences_flow() -> None:
    head = (
        "Try: run this\n     and that; or\n     nothing.\nProfit:\n"
        "           300    1,500\n  own  1.5    2\n\n  - a list\nEnd\nof it.  Really."
    )
    assert [(each["kept"], each["text"]) for each in blocks(head)] == [
        (False, "Try: run this and that; or nothing.\nProfit:"),
        (True, "         300    1,500\nown  1.5    2"),
        (True, "- a list"),
        (False, "End of it.  Really."),
    ]  # fmt: skip
    summary, columns, _ = run("elephant")
    shown = render_run({**summary, "inputs": {**summary["inputs"], "about": head}}, columns)
    assert '<pre class="kept" tabindex="0">         300    1,500\nown  1.5    2</pre>' in shown
    assert "<p>End of it.  Really.</p>" in shown


def test_the_command_gives_the_same_numbers_again(tmp_path: Path) -> None:
    more = ("--set", "teams.callers.pause=12:00-12:30", "--target", "sold>=2", "--seed", "5", "--fix-inputs")
    out = tmp_path / "out"
    file = str(SCENARIOS / "elephant.toml")
    assert call("run", file, *more, "--replications", "6", "--out", str(out)).exit_code == 0
    summary = json.loads((out / "summary.json").read_text())
    told = command(summary).split()
    assert told[0] == "simfunnel"
    told = [part.strip("'") for part in command(summary).replace("'sold >= 2'", "sold>=2").split()[1:]]
    again = json.loads(call(*told, "--json").stdout)
    assert {**summary, "days": {}} == again


def test_a_report_of_files_is_the_report_of_the_run(tmp_path: Path) -> None:
    file, out, direct = small_file(tmp_path), tmp_path / "out", tmp_path / "direct.html"
    done = call("run", file, "--replications", "9", "--out", str(out), "--report", str(direct))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Report written to" in done.stdout
    assert call("report", str(out)).stdout == f"{out / 'report.html'} written.\n"
    assert (out / "report.html").read_text() == direct.read_text()
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".partial")]
    summary, columns, text = stored_run(out)
    assert columns["sold"].sum() == np.round(summary["metrics"]["sold"]["mean"] * 9)
    assert Path(file).read_text() in text


@pytest.mark.parametrize(
    ("spoil", "said_"),
    [
        (lambda out: (out / "summary.json").unlink(), "has no summary.json: name one that `simfunnel run --out`"),
        (lambda out: (out / "summary.json").write_text("{"), "it is not JSON"),
        (lambda out: (out / "summary.json").write_text("[]"), "it is no table"),
        (lambda out: (out / "summary.json").write_bytes(b"\xff"), "cannot be read"),
        (lambda out: (out / "summary.json").write_text('{"scenario": 1}'), "it has no chances, no days"),
        (lambda out: (out / "replications.csv").write_text("a,b\n1,2\n"), "it has no sold, no profit"),
        (lambda out: (out / "replications.csv").write_text(""), "it has no sold, no profit"),
        (lambda out: (out / "replications.csv").write_text("sold,profit\n1,2\n"), "it has 1 rows for 3 histories"),
        (lambda out: (out / "replications.csv").write_text("sold,profit\n" + "1,x\n" * 3), "no sold or no profit"),
        (lambda out: _change(out, "metrics", {}), "KeyError"),
        (lambda out: _change(out, "losses", 3), "Error"),
    ],
)  # fmt: skip
def test_files_of_another_shape_are_refused_with_one_message(tmp_path: Path, spoil, said_: str) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    assert call("run", small_file(tmp_path), "--replications", "3", "--out", str(out)).exit_code == 0
    spoil(out)
    done = call("report", str(out))
    assert done.exit_code == 2
    assert done.stderr.startswith("simfunnel: ")
    assert len(done.stderr.splitlines()) == 1
    assert said_ in done.stderr
    assert not (out / "report.html").exists()


def _change(out: Path, key: str, value: object) -> None:
    summary = json.loads((out / "summary.json").read_text())
    (out / "summary.json").write_text(json.dumps({**summary, key: value}))


def test_where_it_cannot_be_written_nothing_is_simulated(tmp_path: Path) -> None:
    for path, why in ((tmp_path, "it is a directory"), (tmp_path / "no" / "x.html", "there is no directory")):
        done = call("run", small_file(tmp_path), "--replications", "10000000", "--report", str(path))
        assert done.exit_code == 2
        assert why in done.stderr
    assert "must name a file" in call("run", small_file(tmp_path), "--report", "").stderr
    assert "is not a directory" in call("report", str(tmp_path / "nothing")).stderr
