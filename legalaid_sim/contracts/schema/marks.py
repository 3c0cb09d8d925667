"""What each key of a contract does: it is paid by, asked for, permitted by, acted on, or only told.

*Paid* keys move money, *asked* ones work, *permitted* ones who may be taken or what may be passed, and what is *acted
on* changes something else that happens. A key that is *told only* is read by people and moves nothing, in a run or in a
worked example; the table says why, and of which a designer would expect more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID, PERMITTED, TOLD, KeyMark, Unheard
from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.schema.contract import Contract
from legalaid_sim.diagnostics.shape import models_in

# By model; what a model does not say itself stands with the model that it is made from.
MARKS: Mapping[str, Mapping[KeyMark, str]] = {
    # keys that blocks share
    "Block": {ACTED: "id kind", TOLD: "title source applies_to not_if"},
    "PaymentBlock": {PAID: "applies_to not_if earned dated_by exception_to hit table limits tax_on tax_before"},
    "Cash": {PAID: "pays_for paid_on", TOLD: "applies_to not_if"},
    "HeadingLimit": {PAID: "at_most on_breach unless on", ACTED: "flag", TOLD: "per"},
    "PaidOn": {PAID: "working_day day months_after"},
    # every kind says what its own keys do
    **{name: marks for kind in KINDS.values() for name, marks in kind.marks.items()},
    # the head of a contract
    "Contract": {
        ACTED: "kind schema_version contract term standards controls",
        PAID: "rounding values tables series payments taxes adjustments cash",
        ASKED: "duties", PERMITTED: "categories permissions",
        TOLD: "title short_title summary currency regions examples",
    },
    "Term": {PAID: "starts", ACTED: "months"},
    "Rounding": {PAID: "to mode", TOLD: "at"},
    "NamedAmount": {PAID: "amount dated by_region", TOLD: "title unit source"},
    "Table": {PAID: "key starts ends version columns rows file", TOLD: "title source"},
    "Series": {PAID: "dated", TOLD: "title unit source"},
}  # fmt: skip

UNHEARD: Mapping[str, tuple[Unheard, ...]] = {
    name: told for kind in KINDS.values() for name, told in kind.unheard.items()
}


def mark_of(model: type[BaseModel], name: str) -> KeyMark | None:
    """Give the mark of a field of a model: its own, or that of the model it was made from; None where it has none."""
    for base in model.__mro__:
        for mark, names in MARKS.get(base.__name__, {}).items():
            if name in names.split():
                return mark
    return None


def unheard(found: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Unheard]]:
    """Find the keys written in a contract, or a part of one, that are told only though more would be expected."""
    if isinstance(found, BaseModel):
        told = {each.key: each for each in UNHEARD.get(type(found).__name__, ())}
        for name, field in type(found).model_fields.items():
            if name in found.model_fields_set and name != "examples":
                here = (*path, field.alias or name)
                if name in told:
                    yield here, told[name]
                yield from unheard(getattr(found, name), here)
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from unheard(value, (*path, key))
    elif isinstance(found, list | tuple):
        for at, value in enumerate(found):
            yield from unheard(value, (*path, at))


def marked_models() -> tuple[type[BaseModel], ...]:
    """Give every model that a contract file is made of, but for worked examples and the forms of values."""
    return tuple(
        model
        for model in models_in(Contract)
        if not model.__module__.endswith(".values") and not _is_of_examples(model)
    )


def _is_of_examples(model: type[BaseModel]) -> bool:
    return model.__name__ in OF_EXAMPLES


OF_EXAMPLES = frozenset(
    {
        "Example", "ExampleBid", "ExampleMatter", "ExampleTable", "Given", "When", "Then", "MonthEnd", "Chances",
    }
)  # fmt: skip
