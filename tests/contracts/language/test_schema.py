"""The JSON Schema that editors read accepts every file of the project and refuses what check refuses."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from legalaid_sim.authoring.jsonschemas import OF_MODULE, schema_of
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.yamlfile import load_document, parse

ROOT = Path(__file__).parents[3]
CONTRACTS = sorted([*LIBRARY.glob("*.yaml"), *(ROOT / "scenarios" / "contracts").glob("*.yaml")])
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
HEAD = "kind: contract\nschema_version: 1\ncontract: x\nterm: {starts: 2026-04-01, months: 36}\n"


def plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return float(data) if isinstance(data, Decimal) else data


@cache
def validator(what: str) -> jsonschema.Draft7Validator:
    schema = schema_of(what)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def faults(what: str, data: Any) -> list[str]:
    return [error.json_path for error in validator(what).iter_errors(plain(data))]


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_contracts_of_the_project_are_accepted(path: Path) -> None:
    assert faults("contract", load_document(path).data) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenarios_of_the_project_are_accepted(path: Path) -> None:
    assert faults("scenario", load_document(path).data) == []


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "payment: []\n",
        HEAD + "payments: [{id: fee, kind: fixed_fees, amount: 1}]\n",
        HEAD + "payments: [{id: fee, kind: fixed_fee, amount: one}]\n",
        HEAD + "payments: [{id: fee, kind: fixed_fee}]\n",
        HEAD.replace("schema_version: 1", "schema_version: 2"),
        HEAD.replace("term", "terms"),
        HEAD + "extends: parent\nchanges: [{sets: a}]\n",
    ],
)
def test_mistakes_are_underlined_in_the_editor(text: str) -> None:
    assert faults("contract", parse(text).data)


def test_a_child_needs_no_term() -> None:
    text = "kind: change\nschema_version: 1\nextends: a\nchanges: [{set: payments.fee.amount, to: 1}]\n"
    assert faults("contract", parse(text).data) == []


def test_the_schema_says_what_keys_mean() -> None:
    definitions = schema_of("contract")["definitions"]
    assert definitions["FixedFee"]["description"].startswith("One fee for a matter")
    assert not [name for name in definitions if "Annotated" in name]


def test_names_of_definitions_do_not_follow_the_files_that_models_stand_in() -> None:
    of_modules = {name for name in schema_of("contract")["definitions"] if name.startswith("legalaid_sim")}
    assert of_modules == {f"{OF_MODULE}DatedNumber", f"{OF_MODULE}ByRegionNumber"}
