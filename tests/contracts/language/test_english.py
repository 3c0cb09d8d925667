"""Whatever a contract writes is told in its English: another value gives other words."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from legalaid_sim.authoring.keys import paths_of
from legalaid_sim.authoring.samples import HEAD, sample_of
from legalaid_sim.contracts.language.english import in_english
from legalaid_sim.contracts.language.load import find_contract, library_names, resolve_document
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.page import ROOMS
from legalaid_sim.diagnostics.shape import shape_at, words_of
from legalaid_sim.yamlfile import Path, load_document, parse

# Told by id, title or source, or not told at all: what a table holds is in its file, and counted.
BY_NAME = {"id", "kind", "title", "short_title", "source", "schema_version", "examples", "rows", "retrieved"}


def leaves(found: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    parts = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    inner = [(key, part) for key, part in parts if key not in BY_NAME]
    if isinstance(found, list) and not any(isinstance(part, dict | list) for part in found):
        yield path, found
    elif inner:
        for key, part in inner:
            yield from leaves(part, (*path, key))
    elif not isinstance(found, dict | list):
        yield path, found


def others(found: Any, words: tuple[str, ...]) -> Iterator[Any]:
    """Give values that may stand in the place of another, of which the first that can be read is taken."""
    if isinstance(found, bool):
        yield not found
    elif isinstance(found, int | Decimal):
        yield from (found + 1, found - 1, found * 2)
    elif isinstance(found, list):
        yield from ([found[:-1]] if found else [])
        yield [*found, "other"]
        if all(isinstance(one, int | Decimal) for one in found):
            yield [found[0], *(one + 1 for one in found[1:])]
    else:
        yield from (word for word in words if word != found)
        try:
            yield str(date.fromisoformat(str(found)) + timedelta(days=1))
        except ValueError:
            yield ["another"]
            yield f"{found}x"


def schema_path(path: Path, data: Any) -> list[str]:
    here, told = data, []
    for key in path:
        here = here[key]
        told += [here["kind"]] if isinstance(key, int) and isinstance(here, dict) and "kind" in here else []
        told += [] if isinstance(key, int) else [str(key)]
    return told


def moved(data: Any, path: Path, value: Any) -> Any:
    whole = here = copy.copy(data)
    for key in path[:-1]:
        here[key] = copy.copy(here[key])
        here = here[key]
    here[path[-1]] = value
    return whole


def untold(data: dict[str, Any]) -> list[Path]:
    """List what may be written otherwise without a word of the English changing."""
    said, found = in_english(Contract.model_validate(data)), []
    for path, value in leaves(data):
        shape = shape_at(Contract, schema_path(path, data))
        for other in others(value, words_of(shape.type) if shape else ()):
            try:
                contract = Contract.model_validate(moved(data, path, other))
            except ValidationError:
                continue
            if in_english(contract) == said:
                found.append(path)
            break
    return found


def samples() -> list[str]:
    """The sample of every key that stands in a block, each once."""
    paths = [path for path in paths_of(Contract) if path.split(".")[0] in ROOMS and ".source" not in path]
    return list(dict.fromkeys(map(sample_of, paths)))


def test_every_key_that_may_be_written_is_told() -> None:
    """What no contract of the library writes is told too: over the samples that explain shows."""
    found = {
        sample: places for sample in samples() if (places := untold(parse(HEAD + sample, "f.yaml").data))
    }
    assert found == {}


@pytest.mark.parametrize("name", library_names())
def test_every_key_that_a_contract_writes_is_told(name: str) -> None:
    path = find_contract(name)
    data = resolve_document(load_document(path), path).data
    tables = {key: {**table, "rows": []} for key, table in data.get("tables", {}).items()}
    whole = {key: value for key, value in data.items() if key not in (*ROOMS, "examples")} | {
        "tables": tables
    }
    assert untold({key: value for key, value in whole.items() if tables or key != "tables"}) == []
    named = {key: whole[key] for key in ("kind", "schema_version", "contract", "term")}
    for room in ROOMS:
        for block in data.get(room, ()):
            assert untold({**named, room: [block]}) == [], block["id"]
