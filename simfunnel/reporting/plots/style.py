"""All pictures look alike: one palette, distinct to the colour-blind, one size, one ink, and no frames."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe and Ito's colours, distinct to the colour-blind.
BLUE: Final = "#0072B2"
GOLD: Final = "#E69F00"
RED: Final = "#D55E00"
GREEN: Final = "#009E73"
INK: Final = "#222222"
GREY: Final = "#6B6B6B"
PALE: Final = "#DCE9F3"
LINE: Final = "#D5D9DD"
SIZE: Final = (12.8, 7.2)
DPI: Final = 125


def picture() -> Figure:
    """An empty picture of 1600 x 900 pixels: a slide."""
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a picture to `path` (PNG)."""
    with warnings.catch_warnings():  # a title may hold characters that the font lacks
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(path, format="png", metadata={"Software": None})


def clear(axes: Axes, *keep: str) -> None:
    """No frame but the sides to keep."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color(GREY)
    axes.tick_params(colors=GREY, labelsize=11)
