"""A first scenario explains itself: every block of a template has a comment, and it passes `check` as it stands.

A template is a file of this folder; its name and what it is for stand in TEMPLATES.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

TEMPLATES: Final = {
    "cold-calling": "own callers invite to a demo: 1,500 calls, 5 sales",
    "call-centre": "a call centre dials by contract, own sellers host the demo",
    "inbound": "hot leads wait for an answer, the same people dial a list",
    "follow-up": "the undecided of a demo are called again, once a month",
    "small-shop": "one crew dials, answers, hosts the demo and closes",
    "customers": "who bought is looked after, buys again and names others",
}
STARTER: Final = "cold-calling"


def template(name: str = STARTER) -> str:
    """The text of a commented scenario to start from; `name` is one of TEMPLATES."""
    return resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
