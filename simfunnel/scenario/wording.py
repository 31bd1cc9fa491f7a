"""Whatever pydantic refuses is said in the house's words: what is required, what was found, the nearest name."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simfunnel.scenario import shape, times
from simfunnel.scenario.keys import Block
from simfunnel.scenario.meant import meant as likely_meant
from simfunnel.scenario.values import one_line, show

MOST_EXPLAINED = 200


@dataclass(frozen=True)
class Complaint:
    """What is wrong at one path.

    `because` names other paths that it was judged by, `meant` the path of the key that this one is likely to be
    a misspelling of. `of_whole` says that all entries of a table are wrong together.
    """

    path: shape.Path
    message: str
    hint: str = ""
    because: tuple[shape.Path, ...] = ()
    meant: shape.Path = ()
    of_whole: bool = False


def nearest(name: object, valid: Iterable[str], likeness: float = 0.6) -> str:
    """A hint at the valid name most like `name`; empty if none has that likeness (0 to 1, difflib's ratio)."""
    meant = _likest(name, valid, likeness)
    return "" if meant is None else _asked(meant)


LIKE: Final = 0.6
ALMOST: Final = 0.8
"""How like a name must be to one that is meant (difflib's ratio): one letter more or less of a few is almost."""


def _likest(name: object, valid: Iterable[str], likeness: float = LIKE) -> str | None:
    if not isinstance(name, str):
        return None
    by_folded = {option.casefold(): option for option in valid}
    close = difflib.get_close_matches(name[:60].casefold(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[close[0]] if close else None


def _asked(meant: str) -> str:
    return f"did you mean `{one_line(meant)}`?"


def must_be(path: shape.Path, required: str, found: object) -> Complaint:
    """The complaint that something else is required than what was found."""
    return Complaint(path, _must_be(required, found))


def changed(block: Block) -> list[str]:
    """The keys of a block that were set to something else than their default."""
    fields: dict[str, Any] = dict(type(block).model_fields)
    return [key for key in fields if key in block.model_fields_set and getattr(block, key) != fields[key].default]


def explained(error: ValidationError) -> list[Complaint]:
    """Every refusal of the schema, each path once."""
    complaints: dict[shape.Path, Complaint] = {}
    for detail in error.errors(include_url=False)[:MOST_EXPLAINED]:
        complaint = _complaint(detail)
        if complaint is not None:
            complaints.setdefault(complaint.path, complaint)
    return list(complaints.values())


def _complaint(detail: ErrorDetails) -> Complaint | None:
    path, branch = _without_branch(detail["loc"])
    found = detail["input"]
    if branch is not None and detail["type"] in ("tuple_type", "dict_type") and len(detail["loc"]) == len(path) + 1:
        if isinstance(found, list | dict):
            return None
        return _off(path, found) or _no_list(path, "a list or a table", found)
    if detail["type"] != "extra_forbidden" and (refused := _off(path, found)):
        return refused
    return WORDINGS.get(detail["type"], _other)(path, detail)


def _off(path: shape.Path, found: object) -> Complaint | None:
    """Why something cannot be switched off."""
    if found != shape.OFF or not isinstance(path[-1], str):
        return None
    if isinstance(shape.shape_at(path[:-1]), shape.Named):
        return Complaint(path, f'must be there to be "{shape.OFF}"')
    field = shape.field_at(path)
    if field is None or not field.is_required():
        return None
    return Complaint(path, f'is required, so it cannot be "{shape.OFF}": {field.description}')


def _without_branch(loc: shape.Path) -> tuple[shape.Path, str | None]:
    """The path of a key, and the alternative's label that pydantic puts behind a key that may be several kinds."""
    for depth in range(1, len(loc)):
        field = shape.field_at(loc[:depth])
        if field is not None and shape.has_alternatives(field):
            return loc[:depth] + loc[depth + 1 :], str(loc[depth])
    return loc, None


def _must_be(required: str, found: object) -> str:
    return f"must be {required}, found {show(found)}"


def _value(path: shape.Path, detail: ErrorDetails) -> Complaint:
    found, words = detail["input"], _ONE_OF.match(detail["msg"])
    hint = nearest(found, words[1].split(", ")) if words else likely_meant(detail["msg"], found)
    if detail["msg"].startswith("must be hours of a day"):
        hint = _night(path, found)
    return Complaint(path if path[-1] != "[key]" else path[:-1], detail["msg"], hint)


def _night(path: shape.Path, found: object) -> str:
    """What to write for hours that go on after midnight."""
    parts = times.over_midnight(found)
    if parts is None:
        return ""
    before, after = parts
    if not after:
        return f'hours end at 24:00: write "{before}"'
    each = {"shift": "a night shift is two teams", "arrival_hours": "a night is two segments"}.get(str(path[-1]))
    return f'hours end at 24:00: {each}, "{before}" and "{after}"' if each else "hours end at 24:00"


def _missing(path: shape.Path, _detail: ErrorDetails) -> Complaint:
    field = shape.field_at(path)
    return Complaint(path, f"is required: {field.description}" if field is not None else "is required")


def _unknown(path: shape.Path, _detail: ErrorDetails) -> Complaint:
    known = list(shape.fields(shape.shape_at(path[:-1])))
    if bare := _unquoted(path):
        return Complaint(path, "is not a known key", f"did you mean `{one_line(bare)}`, without quotation marks?")
    if other := _other_word(path):
        return Complaint(path, "is not a known key", _asked(shape.dotted(other)), meant=other)
    told, elsewhere = TOLD.get(path[-1]), _elsewhere(path[-1])
    # The very name elsewhere is likelier to be meant than one that is only a little like it here.
    if meant := MEANT.get(path[-1]) or _likest(path[-1], known, ALMOST if elsewhere else LIKE):
        return Complaint(path, "is not a known key", told or _asked(meant), meant=(*path[:-1], meant))
    return Complaint(path, "is not a known key", told or elsewhere or f"known here: {', '.join(known)}")


def _other_word(path: shape.Path) -> shape.Path:
    """The table that other people call so, where a scenario or its block of after-sales has none of that name."""
    called = str(path[-1]).casefold().replace("-", "_")
    return OTHER_WORDS.get(called, ()) if path[:-1] in ((), ("after_sales",)) else ()


def _unquoted(path: shape.Path) -> str | None:
    """The path that a key in quotation marks with dots in it is likely to mean."""
    parts = tuple(str(path[-1]).split("."))
    if len(parts) == 1:
        return None
    if shape.field_at((*path[:-1], *parts)) is not None:
        return str(path[-1])
    return _likest(path[-1], {".".join(inner) for inner, _ in shape.leaves(shape.shape_at(path[:-1]))})


def _elsewhere(name: str | int) -> str:
    """A hint at the one key or table of that name in another place."""
    homes = {path[: path.index(name) + 1] for path, _ in shape.leaves() if name in path}
    return f"did you mean `{'.'.join(homes.pop())}`?" if len(homes) == 1 else ""


def _literal(path: shape.Path, detail: ErrorDetails) -> Complaint:
    options = _options(path)
    named = ", ".join(f'"{option}"' for option in options)
    return Complaint(path, _must_be(f"one of {named}", detail["input"]), nearest(detail["input"], options))


def _options(path: shape.Path) -> list[str]:
    """The words that a key (or each item of its list) may be."""
    field = shape.field_at(tuple(key for key in path if isinstance(key, str)))
    annotation: Any = None if field is None else field.annotation
    while annotation is not None and typing.get_origin(annotation) is not typing.Literal:
        annotation = next(iter(typing.get_args(annotation)), None)
    return [str(option) for option in typing.get_args(annotation)]


def _kind(required: str) -> Callable[[shape.Path, ErrorDetails], Complaint]:
    return lambda path, detail: Complaint(path, _must_be(required, detail["input"]))


def _no_list(path: shape.Path, required: str, found: object) -> Complaint:
    """One text is likely to be the one item of a list; one number of members is likely to be that of each."""
    hint = f"write [{show(found)}]" if isinstance(found, str) else ""
    if path[-1] in OF_EACH_MEMBER and isinstance(found, str | int | float) and not isinstance(found, bool):
        hint = f"write one for each member: [{', '.join([show(found)] * 3)}] for a team of 3"
    return Complaint(path, _must_be(required, found), hint)


def _other(path: shape.Path, detail: ErrorDetails) -> Complaint:
    return Complaint(path, f"is not valid ({one_line(detail['msg'])}), found {show(detail['input'])}")


OF_EACH_MEMBER: Final = ("consistency", "skill", "pace")
TOLD: Final[Mapping[str | int, str]] = {
    "hot": 'hot leads are a segment with temperature = "hot", such as [segments.hot]; [inbound] answers them',
}
MEANT: Final[Mapping[str | int, str]] = {
    "arrivals_per_day": "arrivals",
    "arrivals_per_week": "arrivals_by_weekday",
}
AFTER_SALES: Final = {
    "": ("aftersales", "after_sale", "aftercare", "after_care", "care", "customer_care", "customer_success", "service",
         "customer_service", "customers", "loyalty", "retention"),
    "satisfaction": ("happiness", "csat", "expectations"),
    "delivery": ("shipping", "lead_time", "onboarding"),
    "defect": ("defects", "faults", "warranty"),
    "remorse": ("cancellation", "cancellations", "cooling_off", "withdrawal", "refunds", "buyers_remorse"),
    "customer_initiated": ("complaint", "complaints", "suggestions", "support", "tickets"),
    "seller_initiated": ("check_in", "check_ins", "care_calls", "courtesy_calls"),
    "marketing": ("newsletter", "newsletters", "mailing", "mailings"),
    "survey": ("surveys", "nps", "questionnaire", "feedback"),
    "repeat": ("repeats", "repeat_purchase", "repeat_purchases", "repurchase", "reorder", "reorders", "churn"),
    "cross_sale": ("cross_sales", "cross_sell", "cross_selling", "upsell", "upselling", "up_sell"),
    "referral": ("referrals", "referal", "referals", "recommendation", "recommendations", "word_of_mouth"),
    "resale": ("resales", "reseller", "resellers", "resell"),
    "quality": ("quality_programme", "quality_program", "tqm"),
}  # fmt: skip
"""Tables of after_sales by what else they are called."""
OTHER_WORDS: Final[Mapping[str, shape.Path]] = {
    word: ("after_sales", table) if table else ("after_sales",)
    for table, words in AFTER_SALES.items()
    for word in words
}
_ONE_OF: Final = re.compile(r"must be one of ([a-z_, ]+), found ")

WORDINGS: Mapping[str, Callable[[shape.Path, ErrorDetails], Complaint]] = {
    "value": _value,
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _literal,
    "string_type": _kind("text"),
    "string_unicode": _kind("text"),
    "bool_type": _kind("true or false"),
    "bool_parsing": _kind("true or false"),
    "tuple_type": lambda path, detail: _no_list(path, "a list", detail["input"]),
    "list_type": lambda path, detail: _no_list(path, "a list", detail["input"]),
    "dict_type": _kind("a table"),
    "model_type": _kind("a table"),
}
