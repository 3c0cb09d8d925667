"""A sample of any key of a contract, with what must stand about it, such as can be read as it stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from legalaid_sim.authoring.keys import READ_BY
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary import values
from legalaid_sim.diagnostics.shape import alternatives, key_of, plain, words_of
from legalaid_sim.yamlfile import dump

HEAD = "kind: contract\nschema_version: 1\ncontract: sample\nterm: {starts: 2026-04-01, months: 36}\n"
IN_HEAD = ("kind", "schema_version", "contract", "term")
VALUES = {
    values.read_money: Decimal("157.00"),
    values.read_share: 20,
    values.read_percent: 20,
    values.read_number: 2,
    values.read_count: 6,
    values.read_yes_no: True,
    values.read_day: "2026-04-01",
    values.read_currency: "GBP",
    values.expected_or_number: Decimal("2.5"),
    values.scalar_of: "housing",
}
# What is written where neither type nor name of a key says enough; by the class that declares it.
WRITTEN: Mapping[str, Any] = {
    "Contract.categories": ["housing", "debt"],
    "Contract.regions": ["london", "elsewhere"],
    "Contract.summary": "A fee for each matter.",
    "Contract.title": "Housing advice",
    "Term.months": 36,
    "Rounding.to": Decimal("0.01"),
    "NamedAmount.unit": "GBP per matter",
    "NamedAmount.title": "Fee of a housing matter",
    "Table.key": ["fee_code"],
    "Table.columns": ["fee_code", "fee"],
    "Table.rows": [["HOUS", Decimal("157.00")], ["DEBT", Decimal("180.00")]],
    "Table.file": "fees.csv",
    "Table.starts": "first_day",
    "Table.ends": "last_day",
    "Table.version": "scheme",
    "Series.unit": "percent a year",
    "Source.title": "SI 2013/422",
    "Source.note": "the mean of two tenders",
    "Source.link": "https://www.legislation.gov.uk/uksi/2013/422",
    "PaymentBlock.table": "fees",
    "PaymentBlock.exception_to": "fee",
    "HeadingLimit.unless": "prior_authority",
    "HeadingLimit.flag": "over_limit",
    "HeadingLimit.on": ["profit", "travel"],
    "BoltOn.column": "hearing",
    "BoltOn.counts": "hearing",
    "Hourly.headings": ["profit", "counsel"],
    "Escape.over": Decimal("471.00"),
    "Escape.measured_on": ["profit"],
    "Escape.less": ["hearing"],
    "Escape.flag": "escape",
    "Assessment.outcomes_percent": {
        "paid_in_full": 70,
        "reduced": 20,
        "reduced_to_fixed_fee": 8,
        "nilled": 2,
    },
    "Band.at_least": 133,
    "Band.at_most": 899,
    "BandedFee.band_by": "work.minutes",
    "Determination.when": "out_of_scope",
    "PassesOn.only_if": "accepted_by_provider",
    "Triage.exempt": ["detained"],
    "Stage.stage": "hearing",
    "EndsEarly.stage": "hearing",
    "Driver.by": "event.hearing",
    "DriverThen.at_least": 2,
    "DriverThen.at_most": 10,
    "Buys.hours": 1600,
    "Buys.counted_on": "work.hours.profit",
    "BlockGrant.amount": Decimal("120000.00"),
    "Heads.source": "people in poverty in the area",
    "Heads.weights": {"london": Decimal("1.15"), "elsewhere": Decimal("1.00")},
    "MustAccept.unless": "out_of_scope",
    "OutcomeTest.is_": "resolved",
    "OutcomeTest.evidence": "a letter on file",
    "ShareAt.closing_percent": 40,
    "ShareAt.proof_percent": 60,
    "CaseMix.index": "difficulty_band",
    "ContinuityStep.at_least_percent": 80,
    "ContinuityStep.of": "fee",
    "SpendsOn.approved": ["provider"],
    "Award.lots": ["london"],
    "Award.bid_between": [Decimal("95.00"), Decimal("223.00")],
    "Award.price_weight_percent": 40,
    "Award.quality_weight_percent": 60,
    "Award.guaranteed_matters": 300,
    "DisbursementKind.rates_table": "fees",
    "DisbursementKind.needs": "authority_over_250",
    "Tier.over": 250,
    "Tier.at_most": 500,
    "LimitOn.payments": ["fee"],
    "PeriodCap.amount": Decimal("90000.00"),
    "PeriodFloor.amount": Decimal("40000.00"),
    "Sessions.desk": "court",
    "Tax.on": ["fees"],
    "Tax.not_on": ["fee"],
    "ReturnDue.day": 20,
    "Authority.lifts": ["profit"],
    "Asked.form": "a form of two pages",
    "Asked.before": "the limit is passed",
    "DecisionDays.typical": 10,
    "Decided.granted_percent": 70,
    "InScope.out_of_scope": ["immigration"],
    "Kpi.unit": "percent",
    "SanctionStep.at": 2,
    "Held.or_if": {"resolved": "missed"},
    "Held.every_months": 12,
    "Sample.files": 50,
    "AuditClass.class_": 1,
    "AuditClass.reduction_percent": {"over": 10},
    "IndexedOn.values": ["fee"],
    "Indexation.index": "prices",
    "Indexation.rounds_to": Decimal("0.01"),
    "Cash.pays_for": ["fee"],
    "Corridor.low_percent": 90,
    "Corridor.high_percent": 110,
    "StandardMonthly.expected_claims": Decimal("60000.00"),
    "InAdvance.expected_claims": Decimal("120000.00"),
    "Example.name": "A matter of ten hours",
    "ExampleMatter.ref": "A",
    "ExampleMatter.category": "housing",
    "ExampleMatter.fee_code": "HOUS",
    "ExampleMatter.region": "london",
    "ExampleMatter.channel": "phone",
    "ExampleMatter.type": "trial",
    "ExampleMatter.client": "c1",
    "ExampleMatter.facts": {"early": True},
    "Given.provider": {"region": "london", "vat_registered": True},
    "Given.months": {"claims": [5600, 6100]},
    "Given.cash": {"monthly": Decimal("6000.00")},
    "MonthEnd.seen": {"court": [3, 1]},
    "MonthEnd.minutes": {"profit": 8400},
    "MonthEnd.measures": {"resolved_share": 75},
    "Chances.ref": "A",
    "Chances.authority": "more_work",
    "Chances.audit": "files",
    "Chances.u": [Decimal("0.5")],
    "When.on": "2026-05-02",
    "When.matter_opened": {"ref": "B", "category": "housing"},
    "When.first_contact": {"ref": "A"},
    "When.work_done": {"ref": "A", "profit_minutes": 600},
    "When.disbursement": {"ref": "A", "net": Decimal("20.00"), "vat": Decimal("4.00")},
    "When.stage_reached": {"ref": "A", "stage": "hearing"},
    "When.event_happened": {"ref": "A", "event": "hearing"},
    "When.outcome_recorded": {"ref": "A", "outcome": "resolved", "lasted_months": 6},
    "When.matter_closed": {"ref": "A", "outcome": "resolved"},
    "When.return_late": {"clause": "monthly"},
    "When.call_answered": {"ref": "A", "answered_after": 5},
    "When.client_switched": {"ref": "A"},
    "When.disbursements_claimed": {"ref": "A"},
    "When.duty_missed": {"ref": "A", "clause": "form"},
    "When.review": "monthly",
    "Then.earned": {"A": Decimal("157.00")},
    "Then.lines": {"fee": Decimal("157.00")},
    "Then.flags": ["escape"],
    "Then.margin": {"escape": Decimal("0.01")},
    "Then.scheme": "2013-04-01",
    "Then.refused": "not-covered",
    "Then.position_percent": {"monthly": 100},
    "Then.cash": {"monthly": Decimal("6000.00")},
    "Then.cash_by": {"2026-06-12": Decimal("157.00")},
    "Then.burden_minutes": {"form": 6},
    "Then.permission": {"A": "yes"},
    "ExampleTable.columns": ["ref", "category", "opened", "closed", "earned"],
    "ExampleTable.rows": [["A", "housing", "2026-05-01", "2026-06-01", Decimal("157.00")]],
    "ExampleTable.file": "examples.csv",
}
# The name under which a map holds a sample, by its key.
NAMES = {
    "values": "fee", "tables": "fees", "series": "prices", "limits": "profit", "rates": "profit",
    "bolt_ons": "hearing", "items": "letter", "bundled": "hearing", "passes_on": "referred_face_to_face",
    "ends_early": "client_disengaged", "kinds": "interpreter", "dated": "2026-04-01", "by_region": "london",
    "applies_to": "category", "not_if": "category", "when": "category",
}  # fmt: skip
BESIDE: Mapping[str, tuple[str, ...]] = {
    # Keys that mean nothing without another.
    "Table.rows": ("columns",),
    "Table.starts": ("columns", "rows"),
    "ExampleTable.rows": ("columns",),
    "ExampleTable.columns": ("rows",),
    "Table.columns": ("rows",),
    "StandingCharge.sessions": ("per",),
}


# What else a block says where a key needs that of another; by the path of the key.
SAYS_TOO: Mapping[str, Mapping[str, str]] = {
    "payments.standing_charge.sessions.least_clients": {"per": "client"},
}
# Keys that are read only where another says a certain word.
WHERE: Mapping[str, Mapping[str, Any]] = {
    "StandingCharge.sessions": {"per": "session"},
    "StandingCharge.sessions.least_clients": {"per": "client"},
}


@cache
def sample_of(path: str) -> str:
    """Write the part of a contract that holds a key, as YAML; with ``HEAD`` before it, a file that can be read."""
    made = _model(Contract, path.split("."), top=True)
    if path in SAYS_TOO:
        made[path.split(".")[0]][0] |= SAYS_TOO[path]
    # A day of an event is no yes: this reader keeps the word.
    return dump(made, 92).replace("'on':", "on:")


def _model(model: type[BaseModel], steps: Sequence[str], top: bool = False) -> dict[str, Any]:
    """Write what a model needs, and the key that the steps lead to."""
    made: dict[str, Any] = {}
    wanted = next((n for n, f in model.model_fields.items() if steps and steps[0] in (n, key_of(n, f))), None)
    beside = BESIDE.get(f"{model.__name__}.{wanted}", ())
    place = ".".join((model.__name__, *steps[:2]))
    where = WHERE.get(place) or WHERE.get(f"{model.__name__}.{wanted}", {})
    for name, field in model.model_fields.items():
        needed = field.is_required() and not (top and name != wanted and name in IN_HEAD)
        if name in where:
            made[key_of(name, field)] = where[name]
        elif name == wanted or name in beside or needed:
            made[key_of(name, field)] = _field(model, name, field, steps[1:] if name == wanted else ())
    return made or _any_key(model)


def _any_key(model: type[BaseModel]) -> dict[str, Any]:
    """Write the first key of a model that needs none."""
    name, field = next((n, f) for n, f in model.model_fields.items() if n not in ("title", "source"))
    return {key_of(name, field): _field(model, name, field, ())}


def _field(model: type[BaseModel], name: str, field: FieldInfo, steps: Sequence[str]) -> Any:
    known = [
        f"{parent.__name__}.{name}" for parent in model.__mro__ if f"{parent.__name__}.{name}" in WRITTEN
    ]
    if name == "id":
        return "sample" if "kind" not in model.model_fields else _id(model)
    if known and not steps:
        return WRITTEN[known[0]]
    read = next((VALUES[one.func] for one in field.metadata if getattr(one, "func", None) in READ_BY), None)
    return _any(field.annotation, name, steps) if read is None else read


def _id(model: type[BaseModel]) -> str:
    return str(words_of(model.model_fields["kind"].annotation)[0]).removesuffix("_payment")


def _any(annotation: Any, name: str, steps: Sequence[str]) -> Any:
    every = list(alternatives(annotation))
    chosen = next((one for one in every if _leads(one, steps)), every[0])
    bare = plain(chosen)
    origin, inside = get_origin(bare), get_args(bare)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        rest = steps[1:] if steps and steps[0] in _kind(bare) and steps[0] not in bare.model_fields else steps
        return _model(bare, _past_kind(bare, steps, rest))
    if origin is Literal:
        return inside[-1] if inside[0] in ("nothing",) else inside[0]
    if origin is tuple:
        one = _any(inside[0], name, steps)
        return [one] if Ellipsis in inside else [one] * len(inside)
    if origin in (dict, Mapping):
        key = steps[0] if steps and steps[0] != "NAME" else NAMES.get(name, "name")
        return {key: _any(inside[1], name, steps[1:])}
    read = next((VALUES[one.func] for one in getattr(chosen, "__metadata__", ()) if _reads(one)), None)
    return read if read is not None else True if bare is bool else 6 if bare is int else "name"


def _past_kind(model: type[BaseModel], steps: Sequence[str], rest: Sequence[str]) -> Sequence[str]:
    """Leave the kind of a block out of the steps; of a kind that has a key of its name, once."""
    doubled = len(steps) > 1 and steps[0] in _kind(model) and steps[0] in model.model_fields
    return steps[1:] if doubled else rest


def _reads(one: Any) -> bool:
    return getattr(one, "func", None) in VALUES


def _kind(model: type[BaseModel]) -> tuple[str, ...]:
    return words_of(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()


def _leads(annotation: Any, steps: Sequence[str]) -> bool:
    """Tell whether a choice holds the key that the steps lead to."""
    bare = plain(annotation)
    if not steps:
        return False
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        known = {key_of(name, field) for name, field in bare.model_fields.items()}
        return steps[0] in known or steps[0] in _kind(bare)
    inside = get_args(bare)
    if get_origin(bare) is tuple:
        return any(_leads(one, steps) for one in alternatives(inside[0]))
    return get_origin(bare) in (dict, Mapping)


__all__ = ["HEAD", "sample_of"]
