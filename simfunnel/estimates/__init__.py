"""No number leaves without its uncertainty, and the risk of one history is never mixed up with the error of a mean.

One kernel serves all (`units`): the error of a number comes from the totals of its residuals over
independent units, and a unit is a world or, where all inputs are known, a single history.

`worlds` numbers the world of each history, shape (R,), whole numbers from 0 without large gaps (memory
grows with the largest); None where all inputs are known. Groups may be of any size. `confidence` is that
of the interval, in (0, 1); the field is called `ci95`, after the default, whatever was asked for.
"""

from simfunnel.estimates.chances import Chance, chance
from simfunnel.estimates.means import Difference, Estimate, difference, estimate, linearised, ratio
from simfunnel.estimates.quantiles import pooled_quantile
from simfunnel.estimates.selection import Selection, select, units
from simfunnel.estimates.sequential import confidence_each, looks
from simfunnel.estimates.shortfall import Worst, shortfall, shortfall_difference
from simfunnel.estimates.superiority import Luck, Superiority, better_in_one, better_on_average
from simfunnel.estimates.units import Floats, Interval, Json, Known, Worlds
from simfunnel.estimates.variance import Anova, Ignorance, anova, ignorance

__all__ = [
    "Anova", "Chance", "Difference", "Estimate", "Floats", "Ignorance", "Interval", "Json", "Known", "Luck",
    "Selection", "Superiority", "Worlds", "Worst", "anova", "better_in_one", "better_on_average", "chance",
    "confidence_each", "difference", "estimate", "ignorance", "linearised", "looks", "pooled_quantile", "ratio",
    "select", "shortfall", "shortfall_difference", "units",
]  # fmt: skip
