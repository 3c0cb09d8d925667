"""Contracts grown at random from the models themselves are checked, compiled and priced without a crash."""

import re
import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.contracts.language.english import in_english
from legalaid_sim.contracts.language.load import read_resolved, resolve_document
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.shape import key_of, shape_at
from legalaid_sim.yamlfile import dump, parse

NAMES = st.sampled_from(
    ["fee", "other", "profit", "travel", "housing", "london", "level_1", "all", "prior_authority"]
)
FACTS = st.sampled_from(
    ["category", "fee_code", "matter.age", "work.hours.profit", "provider.vat_registered", "outcome"]
)
DAYS = st.sampled_from([date(2013, 4, 1), date(2026, 4, 1), date(2027, 12, 22)])
AMOUNTS = st.decimals(0, 2000, places=2)
COUNTS = st.integers(0, 40)
MANY_KEYS = 2
FAST = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
ROOMS = ("payments", "taxes", "duties", "permissions", "standards", "controls", "adjustments", "cash")
VALUES = {
    "fee": {"unit": "GBP per matter", "dated": {date(2013, 4, 1): 157, date(2027, 4, 1): Decimal("223.00")}},
    "other": {"unit": "GBP per hour", "by_region": {"london": Decimal("65.35"), "elsewhere": 60}},
}
SERIES = {"fee": {"dated": {date(2026, 3, 1): 3}}}
TABLES = {"fee": {"columns": ["fee_code", "fee", "other"], "rows": [["housing", 100, 300], ["fee", 50, 90]]}}


def some(annotation: Any) -> st.SearchStrategy[Any]:
    """Give anything that an annotation of the models allows, or nearly so."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return some(arguments[0])
    if origin in (Union, types.UnionType):
        return st.one_of([some(one) for one in arguments if one is not type(None)])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (tuple, list):
        return fixed(arguments) if Ellipsis not in arguments and origin is tuple else several(arguments[0])
    if origin in (dict, Mapping):
        return mapped(arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return grown(annotation)
    return PLAIN.get(annotation, NAMES)


def fixed(arguments: tuple[Any, ...]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(*map(some, arguments)).map(list)


def several(item: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.deferred(lambda: some(item)), min_size=1, max_size=MANY_KEYS)


def mapped(arguments: tuple[Any, Any]) -> st.SearchStrategy[dict[Any, Any]]:
    keys = some(arguments[0])
    return st.dictionaries(keys, st.deferred(lambda: some(arguments[1])), min_size=1, max_size=MANY_KEYS)


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: COUNTS,
    Decimal: AMOUNTS,
    date: DAYS,
    str: NAMES,
    Any: st.one_of(AMOUNTS, NAMES, COUNTS),
}


@st.composite
def grown(draw: st.DrawFn, model: type[BaseModel]) -> dict[str, Any]:
    data = {}
    for name, field in model.model_fields.items():
        key = key_of(name, field)
        if key in ("applies_to", "not_if", "when") and "dict" in str(field.annotation):
            if draw(st.integers(0, 3)) == 0:
                data[key] = {draw(FACTS): draw(st.one_of(NAMES, COUNTS, st.just({"at_least": 3})))}
        elif field.is_required() or draw(st.integers(0, 2)) == 0:
            data[key] = draw(some(field.annotation))
    return data


THE_FEE = dict.fromkeys(("value", "column", "table", "rates_table", "index"), "fee")
NO_NAMES: dict[str, Any] = {"or_if": {}, "less": [], "not_on": []}
THE_REST: dict[str, Any] = {"exception_to": "payments_1", "of": "payments_0", "pays_for": "all"}
THE_LISTS: dict[str, Any] = {"payments": ["payments_0"], "values": ["fee"]}
REFERENCES: dict[str, Any] = {**THE_FEE, **NO_NAMES, **THE_REST, **THE_LISTS}


def led_somewhere(found: Any) -> Any:
    """Let names refer to what is there, so that most grown contracts can be compiled."""
    if isinstance(found, list):
        return [led_somewhere(one) for one in found]
    if not isinstance(found, dict):
        return found
    return {
        key: REFERENCES.get(key) if key in REFERENCES else led_somewhere(one) for key, one in found.items()
    }


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": "contract",
        "schema_version": 1,
        "contract": "grown",
        "term": {"starts": date(2026, 4, 1), "months": draw(st.integers(1, 40))},
        "categories": ["housing"],
        "values": VALUES,
        "series": SERIES,
        "tables": TABLES,
    }
    for room in draw(st.sets(st.sampled_from(ROOMS), min_size=1, max_size=3)) | {"payments"}:
        shape = shape_at(Contract, (room, 0))
        assert shape is not None
        blocks = draw(st.lists(some(shape.type), min_size=1, max_size=2))
        blocks = blocks if draw(st.integers(0, 4)) == 0 else led_somewhere(blocks)
        data[room] = [{**block, "id": f"{room}_{at}"} for at, block in enumerate(blocks)]
    return data


@FAST
@given(contracts())
def test_a_grown_contract_is_checked_without_a_crash_and_said_in_english_where_it_can_be_read(
    data: dict[str, Any],
) -> None:
    text = dump(data)
    checked = check_text(text, "grown.yaml", "publish")
    assert {problem.code for problem in checked.problems} <= set(codes())
    contract, _ = read_resolved(resolve_document(parse(text)))
    if contract is not None:
        said = in_english(contract)
        assert "None" not in said
        assert not re.search(r"(?<![\d.,])1 (month|year|week|day|hour|minute)s\b", said)
