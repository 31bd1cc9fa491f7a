"""A picture in a page is text in the page's own colours: no font, no link, nothing that two pictures both name."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from simfunnel.reporting.plots.style import BLUE, GOLD, GREEN, GREY, INK, LINE, PALE, RED

DPI: Final = 72
COLOURS: Final = {
    "#ffffff": "--paper", BLUE: "--blue", GOLD: "--gold", RED: "--red", GREEN: "--green", INK: "--ink", GREY: "--grey",
    PALE: "--pale", LINE: "--line",
}  # fmt: skip
"""What a page calls the colours of the palette, lighter or darker as it is read."""
_FONT: Final = re.compile(r"font: (?:(\w+) )?([\d.]+px) [^;\"]+")
_FAMILY: Final = re.compile(r"font-family: [^;\"]+;? ?")
_DROPPED: Final = re.compile(r"<metadata>.*?</metadata>|<defs>\s*<(?:clipPath|style).*?</defs>", re.DOTALL)
_ATTRIBUTES: Final = re.compile(r' (?:clip-path|xmlns|xmlns:xlink|version)="[^"]*"')
_ID: Final = re.compile(r'( id=| xlink:href=)"(#?)')


def small_picture(height: float, width: float = 400) -> Figure:
    """An empty picture so wide that its words are legible on a phone; sizes are in CSS pixels."""
    return Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="none")


def as_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The picture as an element of a page, under a `name` that no other has there; what it shows, said in words."""
    file = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata=nothing)
    drawn = file.getvalue()
    drawn = _DROPPED.sub("", drawn[drawn.index("<svg") :])
    drawn = _ATTRIBUTES.sub("", drawn)
    drawn = _FAMILY.sub("", _FONT.sub(_font, drawn))
    for colour, variable in COLOURS.items():
        drawn = drawn.replace(colour.lower(), f"var({variable})")
    drawn = _ID.sub(rf'\1"\2{name}-', drawn)
    said = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    head, _, rest = drawn.partition(">")
    head = re.sub(r' (?:width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-labelledby="{name}-title {name}-desc">{said}{rest}'


def _font(match: re.Match[str]) -> str:
    weight = f"font-weight: {match[1]}; " if match[1] else ""
    return f"{weight}font-size: {match[2]}"
