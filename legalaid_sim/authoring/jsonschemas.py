"""JSON Schemas of scenario and contract files, in the form that editors' YAML servers read well.

They come from the same models that read the files, with what the models say of each key. A contract that
extends another has fewer keys to write, so the schema of contracts allows both forms.
"""

import re
from collections.abc import Callable
from typing import Any

DIALECT = "http://json-schema.org/draft-07/schema#"
ALLOWED_BESIDE = {
    "extends": {"type": "string", "description": "name or file of the contract that this one changes"},
    "change": {"type": "string", "description": "name of the resulting contract"},
}
GENERIC = re.compile(r"(legalaid_sim__\w+?__)?(Dated|ByRegion)_Annotated_(int|Decimal)__\w*")
# Schemas that people keep name them so, wherever the models stand.
OF_MODULE = "legalaid_sim__contracts__values__"
NUMBERS = {"int": "Count", "Decimal": "Number"}
CHANGE = {
    "type": "object",
    "properties": {
        "set": {"type": "string", "description": "path of the value to set"},
        "add": {"type": "string", "description": "list of blocks, or map of names, to add to"},
        "remove": {"type": "string", "description": "path to remove"},
        "rename": {"type": "string", "description": "path of the block or name to rename"},
        "to": {"description": "the new value or name"},
        "from": {"type": "string", "format": "date", "description": "day from which the new value holds"},
        "block": {"type": "object", "description": "the block, or the names, to add"},
        "because": {"type": "string", "description": "why"},
    },
    "additionalProperties": False,
}


def schema_of(what: str) -> dict[str, Any]:
    """Give the JSON Schema (draft 7) of ``scenario`` or ``contract`` files."""
    return _BUILDERS[what]()


def _scenario() -> dict[str, Any]:
    from legalaid_sim.scenario import Scenario

    schema = _clean(Scenario.model_json_schema(ref_template="#/definitions/{model}"))
    return {"$schema": DIALECT, "title": "legalaid-sim scenario", **_without(schema, "title")}


def _contract() -> dict[str, Any]:
    from legalaid_sim.contracts.schema import Contract

    schema = _marked(_clean(Contract.model_json_schema(ref_template="#/definitions/{model}")))
    own = _without(schema, "title", "definitions")
    child = {
        **own,
        "required": ["kind", "schema_version", "extends"],
        "properties": {
            **own["properties"],
            **ALLOWED_BESIDE,
            "kind": {"enum": ["contract", "change"]},
            "changes": {"type": "array", "items": CHANGE},
        },
    }
    return {
        "$schema": DIALECT,
        "title": "legalaid-sim contract",
        "definitions": {**schema["definitions"], "WholeContract": own, "ChangedContract": child},
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/definitions/ChangedContract"},
        "else": {"$ref": "#/definitions/WholeContract"},
    }


def _words_of(key: str, told: dict[str, Any]) -> str:
    """Say what the words of the vocabulary mean that may stand under a key."""
    from legalaid_sim.authoring.explaining_keys import SORT_OF
    from legalaid_sim.contracts.vocabulary.words import named

    sort = SORT_OF.get(key)
    words = [named(sort, choice)[0] for choice in told.get("enum", ())] if sort else []
    return "; ".join(f"{word.name}: {word.meaning}" for word in words if word is not None)


def _marked(schema: dict[str, Any]) -> dict[str, Any]:
    """Say of each key, after what it means, whether it is paid, asked, permitted, acted on or told only."""
    from legalaid_sim.authoring.keys import meaning_of
    from legalaid_sim.contracts.schema.marks import mark_of, marked_models
    from legalaid_sim.diagnostics.shape import key_of

    for model in marked_models():
        found = schema if model.__name__ == "Contract" else schema["definitions"].get(model.__name__, {})
        for name, field in model.model_fields.items():
            told = found.get("properties", {}).get(key_of(name, field))
            if told is not None:
                said = told.get("description") or meaning_of(model, name)
                told["description"] = "; ".join(
                    filter(None, (said, mark_of(model, name), _words_of(name, told)))
                )
    return schema


_BUILDERS: dict[str, Callable[[], dict[str, Any]]] = {"scenario": _scenario, "contract": _contract}


def _short(reference: str) -> str:
    """Give the instances of a generic model a name that a reader can bear."""
    return GENERIC.sub(
        lambda found: f"{OF_MODULE if found[1] else ''}{found[2]}{NUMBERS[found[3]]}", reference
    )


def _clean(found: Any) -> Any:
    """Say draft 7 instead of 2020-12, drop titles that only repeat a key, leave descriptions."""
    if isinstance(found, list):
        return [_clean(item) for item in found]
    if isinstance(found, str) and found.startswith("#/definitions/"):
        return _short(found)
    if not isinstance(found, dict):
        return found
    cleaned = {
        _DRAFT_7.get(key, _short(key)): _clean(value)
        for key, value in found.items()
        if key != "discriminator"
    }
    if "prefixItems" in found:
        cleaned["items"] = cleaned.pop("prefixItems")
        cleaned.pop("additionalItems", None)
    if "properties" in cleaned and isinstance(cleaned["properties"], dict):
        cleaned["properties"] = {k: _untitled(v) for k, v in cleaned["properties"].items()}
    return cleaned


_DRAFT_7 = {"$defs": "definitions"}


def _untitled(schema: Any) -> Any:
    return (
        _without(schema, "title")
        if isinstance(schema, dict) and isinstance(schema.get("title"), str)
        else schema
    )


def _without(schema: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in keys}
