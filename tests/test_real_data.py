"""Two scenarios are held against real follow-ups: what they follow, and by how much they cannot.

Their simulation is held against their closed form in any case; what needs the data, which are not part of the
project, is skipped without them. They are looked for in ../shared/data beside the project, or in SIMFUNNEL_DATA.
Sources and terms: `benchmarks/fit_follow_up.py`, which prints what is checked here.

All is deterministic, data and seed, so that a figure here changes only with the program. Error bars: of data, fit
and simulation; 16 shares of one outcome are called followed within 3 of them (false alarm 2 % if all noise).
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from lived import keep

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SIMFUNNEL_DATA", ROOT.parent / "shared" / "data"))
sys.path.insert(0, str(ROOT / "benchmarks"))

import fit_follow_up as fitting  # noqa: E402
import follow_up_counts as counting  # noqa: E402
from follow_up_data import CONTACTS, LOST, NEXT, WON, bank_ends, counted  # noqa: E402

from simfunnel import facts  # noqa: E402
from simfunnel.funnel import calling, touch, undecided  # noqa: E402

BANK, LOANS = fitting.STUDIES
HISTORIES = 250
both = pytest.mark.parametrize("study", fitting.STUDIES, ids=lambda study: study.scenario)
