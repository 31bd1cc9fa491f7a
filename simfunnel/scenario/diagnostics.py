"""What a manager calls a level is a stage of this funnel, and which one the scenario says.

The defaults read a funnel of invitations: who is on a list is potential, who answers is contacted, who does not
hang up is interested. Willing are those who *came*, not those who accepted: an acceptance costs nothing, and
between the two lie the no-shows, which say something about the invitation and nothing about the product. Who
then is interested (the stage, no freeloader) gets as far as the price. So the step from willing to price talk
is taken by people who have seen the product, and by nothing else. Who buys by phone comes nowhere: these two
levels then need other stages, such as `listened` and `accepted`.
"""

from __future__ import annotations

from typing import Final, Literal

from simfunnel.scenario.keys import Block, key

Stage = Literal["leads", "dialled", "answered", "listened", "accepted", "booked", "attended", "interested", "sold"]


class Diagnostics(Block):
    """Which stage of the funnel each level of the manager's diagnostics is; changes what is shown, and no number."""

    potential: Stage = key("leads", "stage at which a lead is potential")
    contacted: Stage = key("answered", "stage at which it is contacted; compared with potential")
    interested: Stage = key("listened", "stage at which it is interested; compared with contacted")
    willing: Stage = key("attended", "stage at which it is willing: it has come to see the product")
    price_talk: Stage = key("interested", "stage at which the price is talked about; compared with willing")
    bought: Stage = key("sold", "stage at which it has bought; the hot share is of these")


LEVELS: Final = tuple(Diagnostics.model_fields)
COMPARED: Final = (("potential", "contacted"), ("contacted", "interested"), ("willing", "price_talk"))
"""Levels of which the second is told as a share of the first."""
