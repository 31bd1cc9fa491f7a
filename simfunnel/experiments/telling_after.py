"""What comes after the sale is told in sentences, too: what the customer gets, says and buys, and whom it names.

What the firm does not see stands in parentheses: a hidden defect, a customer lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simfunnel import facts
from simfunnel.experiments.voice import Fact, Voice, days, ordinal, satisfied
from simfunnel.funnel import care, customers, loyalty, referral
from simfunnel.funnel.satisfaction import MOST


def amount_after(voice: Voice, fact: Fact) -> float | None:
    """Money that is earned or paid back, in the scenario's currency; days late, or names; None of other facts."""
    kind, outcome = fact["kind"], fact["outcome"]
    earned = kind == facts.PURCHASE and outcome != loyalty.PASSED
    if earned or (kind == facts.CUSTOMER and outcome == customers.CANCELLED):
        return voice.worth(fact)
    if kind == facts.DELIVERY:
        return fact["occurrence"]
    return fact["amount"] if kind == facts.ASKED else None


def satisfaction(fact: Fact) -> float | None:
    """The customer's satisfaction afterwards, from 0 to 1; None where a fact does not say."""
    paid_back = fact["kind"] == facts.CUSTOMER and fact["outcome"] == customers.CANCELLED
    return fact["amount"] / MOST if fact["kind"] in SATISFYING and not paid_back else None


def named_by(fact: Fact) -> int | None:
    """The customer that names the lead of this fact."""
    return fact["amount"] if fact["kind"] == facts.REFERRAL else None


def _delivery(_: Voice, fact: Fact) -> str:
    when = f"{days(fact['occurrence'])} late" if fact["occurrence"] else "on time"
    hidden = " (with a hidden defect)" if fact["outcome"] == customers.DEFECTIVE else ""
    return f"gets its goods {when}: {satisfied(fact)}{hidden}"


def _care(_: Voice, fact: Fact) -> str:
    kind, result = divmod(fact["outcome"], len(care.RESULTS))
    if result in (care.FORGOTTEN, care.NOT_REACHED):
        return (FORGOTTEN if result == care.FORGOTTEN else MISSED)[kind]
    mended = "a defect is mended, " if result == care.MENDED else ""
    return f"{CARED[kind]}: {mended}{satisfied(fact)}"


def _raised(_: Voice, fact: Fact) -> str:
    return f"{RAISES[fact['outcome']]}: {satisfied(fact)}"


def _answered(_: Voice, fact: Fact) -> str:
    return f"has waited {days(fact['amount'])} for {ANSWERED[fact['outcome']]}"


def _message(_: Voice, fact: Fact) -> str:
    number = fact["occurrence"] + 1
    if fact["outcome"] == care.MAILING:
        return f"gets message {number}: {satisfied(fact)} for a while"
    return f"{SURVEYS[fact['outcome']].format(number)}: {satisfied(fact)}"


def _purchase(voice: Voice, fact: Fact) -> str:
    if fact["outcome"] == loyalty.PASSED:
        return f"lets occasion {fact['occurrence'] + 1} to buy again pass"
    if fact["outcome"] == loyalty.CROSS:
        return f"buys something else, too, for {voice.money(fact)}"
    return f"buys again for {voice.money(fact)}, at occasion {fact['occurrence'] + 1}"


def _asked(_: Voice, fact: Fact) -> str:
    if fact["outcome"] == referral.REFUSED:
        return "is asked who else might want it, and names nobody"
    return f"is asked who else might want it, and gives {fact['amount']} {'name' if fact['amount'] == 1 else 'names'}"


def _referral(voice: Voice, fact: Fact) -> str:
    by = f"is named by {voice.lead(fact['amount'])}, as its {ordinal(fact['occurrence'] + 1)} name"
    return f"{by}: {_what_becomes_of_it(voice, fact)}"


def _what_becomes_of_it(voice: Voice, fact: Fact) -> str:
    plan = voice.scenario.after_sales
    assert plan is not None
    assert plan.referral is not None
    if fact["outcome"] == referral.NOTED:
        return f"to be dialled by {list(voice.scenario.teams)[fact['team']]} from tomorrow on"
    if fact["outcome"] == referral.BEYOND:
        return f"no lead, beyond the limit of {plan.referral.limit:,}"
    return "no lead, the circle is cut" if fact["outcome"] == referral.CUT else "no lead, too late for the intake"


def _customer(voice: Voice, fact: Fact) -> str:
    if fact["outcome"] == customers.CANCELLED:
        return f"cancels, and gets back {voice.money(fact)}"
    hidden = " (a defect that the firm never hears of)" if fact["outcome"] == customers.SILENT else ""
    return f"{ENDS[fact['outcome']]}: {satisfied(fact)}{hidden}"


SATISFYING: Final = (facts.DELIVERY, facts.CARE, facts.RAISED, facts.MESSAGE, facts.CUSTOMER)
CARED: Final = (
    "is asked how it goes", "works on the product with the firm", "gets a friendly word", "is answered",
)  # fmt: skip
MISSED: Final = (
    "is not reached to ask how it goes", "is not reached to work on the product", "is not reached for a friendly word",
    "is not reached for an answer",
)  # fmt: skip
FORGOTTEN: Final = (
    "is forgotten: nobody asks how it goes", "is forgotten: nobody works on the product with it",
    "is forgotten: nobody has a friendly word for it", "is forgotten: nobody answers it",
)  # fmt: skip
RAISES: Final = (
    "complains and waits for an answer", "makes a suggestion and waits for an answer", "waits for a repair",
)  # fmt: skip
ANSWERED: Final = (
    "the answer to its complaint", "the answer to its suggestion", "the repair that the survey asked for",
)  # fmt: skip
SURVEYS: Final = (
    "", "does not answer survey {}", "answers survey {}, which finds nothing",
    "answers survey {}, which finds a defect",
)  # fmt: skip
ENDS: Final = (
    "cancels", "is lost in silence", "is lost to another firm", "waits no longer for an answer and is lost",
    "is still a customer",
)  # fmt: skip
TELLERS_AFTER: Final[dict[int, Callable[[Voice, Fact], str]]] = {
    facts.DELIVERY: _delivery, facts.CARE: _care, facts.RAISED: _raised, facts.ANSWERED: _answered,
    facts.MESSAGE: _message, facts.PURCHASE: _purchase, facts.ASKED: _asked, facts.REFERRAL: _referral,
    facts.CUSTOMER: _customer,
}  # fmt: skip
OUTCOMES_AFTER: Final[dict[int, tuple[str, ...]]] = {
    facts.DELIVERY: customers.DELIVERIES, facts.CARE: care.CARES, facts.RAISED: care.RAISED,
    facts.ANSWERED: care.RAISED, facts.MESSAGE: care.MESSAGES, facts.PURCHASE: loyalty.PURCHASES,
    facts.ASKED: referral.ASKED, facts.REFERRAL: referral.REFERRALS, facts.CUSTOMER: customers.ENDS,
}  # fmt: skip
