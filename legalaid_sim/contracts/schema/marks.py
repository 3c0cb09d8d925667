"""What each key of a contract does: it is paid by, asked for, permitted by, acted on, or only told.

*Paid* keys move money, *asked* ones work, *permitted* ones who may be taken or what may be passed, and what is *acted
on* changes something else that happens. A key that is *told only* is read by people and moves nothing, in a run or in a
worked example; the table says why, and of which a designer would expect more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID, PERMITTED, TOLD, Mark, Unheard
from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.schema.contract import Contract
from legalaid_sim.diagnostics.shape import models_in

# By model; what a model does not say itself stands with the model that it is made from.
MARKS: Mapping[str, Mapping[Mark, str]] = {
    # keys that blocks share
    "Block": {ACTED: "id kind", TOLD: "title source applies_to not_if"},
    "PaymentBlock": {PAID: "applies_to not_if earned dated_by exception_to hit table limits tax_on tax_before"},
    "Cash": {PAID: "pays_for paid_on", TOLD: "applies_to not_if"},
    "HeadingLimit": {PAID: "at_most on_breach unless on", ACTED: "flag", TOLD: "per"},
    # what is paid: each kind says what its keys do
    **{name: marks for kind in KINDS.values() for name, marks in kind.marks.items()},
    "Tax": {PAID: "applies_to not_if dated_by on not_on rate_percent paid_out"},
    "PaidOut": {PAID: "disbursements"},
    # what is asked
    "Duty": {ASKED: "applies_to not_if falls_on minutes due_days", PAID: "paid if_missed"},
    "DutyMinutes": {ASKED: "adviser admin"},
    "IfMissed": {PAID: "does found_by"},
    "Return": {ASKED: "falls_on due minutes done_by nil_return", PAID: "if_late"},
    "ReturnDue": {ASKED: "day months_after"},
    "ReturnMinutes": {ASKED: "per_return per_claim_line"},
    "IfLate": {PAID: "does months then"},
    # what may be done
    "MatterStarts": {
        PERMITTED: "applies_to not_if allowed for_each per phasing self_grant_percent when_used_up next_year"
    },
    "Phasing": {PERMITTED: "any_month_at_most_percent"},
    "NextYear": {PERMITTED: "same_as plus_percent but_at_least_percent", TOLD: "of"},
    "Authority": {PERMITTED: "lifts decided grants", ASKED: "asked", ACTED: "work_while_waiting"},
    "AskingCost": {ASKED: "minutes", TOLD: "form before"},
    "Decided": {PERMITTED: "days granted_percent cut_percent cut_to_percent"},
    "DecisionDays": {PERMITTED: "typical slow_percent slow_days"},
    "Grants": {PERMITTED: "up_to in_steps_of"},
    "InScope": {PERMITTED: "applies_to early_help out_of_scope"},
    "Priority": {PERMITTED: "order"},
    # how the service works
    "NamedAdviser": {ACTED: "patience_days"},
    "Discretion": {ACTED: "allowed"},
    "Outreach": {ACTED: "shortens_delay_percent"},
    # what is watched
    "Kpi": {ACTED: "measure target over_window", PAID: "bonus", TOLD: "unit"},
    "KpiWindow": {ACTED: "months at_least_cases"},
    "SanctionLadder": {ACTED: "counts per steps"},
    "SanctionStep": {ACTED: "at does months notice_months", ASKED: "minutes", PAID: "percent returned_if"},
    "Audit": {
        PAID: "sample error_percent reduced_by_percent classes extrapolation appeal recovered_from",
        ACTED: "held", ASKED: "burden",
    },
    "AuditFrequency": {ACTED: "every_months or_if"},
    "Sample": {PAID: "files chosen", TOLD: "from_"},
    "AuditBurden": {ASKED: "provider_minutes_per_file"},
    "AuditClass": {PAID: "reduction_percent class_ recover"},
    "Extrapolation": {PAID: "less_points_if_no_appeal use", TOLD: "population"},
    "Appeal": {PAID: "success_percent", ASKED: "minutes_per_file within_days"},
    "KeptBack": {PAID: "percent of when_met lost_at paid_on"},
    # what moves with an index, and when money moves
    "Indexation": {PAID: "on index starts every_months collar_percent share_percent rounds_to"},
    "IndexedOn": {PAID: "values"},
    "Collar": {PAID: "at_least at_most"},
    "StandardMonthly": {PAID: "opening_amount expected_claims for_each reviewed corridor inside outside"},
    "Reviewed": {PAID: "every_months"},
    "Corridor": {PAID: "low_percent high_percent", TOLD: "position"},
    "Outside": {PAID: "new_amount aims_at_percent"},
    "InAdvance": {PAID: "months expected_claims for_each settled"},
    "OnCompletion": {PAID: "days_after"},
    "PaidOn": {PAID: "working_day day months_after"},
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
    **{name: told for kind in KINDS.values() for name, told in kind.unheard.items()},
    **dict.fromkeys(
        ("VariableMonthly", "StandardMonthly", "InAdvance", "OnCompletion", "QuarterlyInArrears"),
        (
            Unheard("applies_to", "name the payments in pays_for"),
            Unheard("not_if", "name the payments in pays_for"),
        ),
    ),
    **dict.fromkeys(
        ("NamedAdviser", "Discretion", "Outreach"),
        (
            Unheard("applies_to", "it holds for every matter under the contract"),
            Unheard("not_if", "it holds for every matter under the contract"),
        ),
    ),
    **dict.fromkeys(
        ("Kpi", "SanctionLadder", "Audit", "KeptBack"),
        (
            Unheard("applies_to", "it looks at all matters under the contract"),
            Unheard("not_if", "it looks at all matters under the contract"),
        ),
    ),
    "Authority": (
        Unheard("applies_to", "a payment's limit says by unless which authority lifts it"),
        Unheard("not_if", "a payment's limit says by unless which authority lifts it"),
    ),
    "Priority": (
        Unheard("applies_to", "write in order who comes first"),
        Unheard("not_if", "write in order who comes first"),
    ),
    "InScope": (Unheard("not_if", "write what it is about in applies_to"),),
    "Return": (
        Unheard("applies_to", "a return is about all that was claimed"),
        Unheard("not_if", "a return is about all that was claimed"),
    ),
    "Indexation": (
        Unheard("applies_to", "name the values that follow the index in on"),
        Unheard("not_if", "name the values that follow the index in on"),
    ),
}


def mark_of(model: type[BaseModel], name: str) -> Mark | None:
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
