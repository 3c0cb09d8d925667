"""What a key of a contract means, what may stand there, and a sample that can be read: all from the schema.

Meanings that no model gives stand in ``contracts/schema/keys.yaml``, by the class that declares the key.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from legalaid_sim.contracts import schema
from legalaid_sim.contracts.vocabulary import values
from legalaid_sim.diagnostics.shape import alternatives, key_of, kinds_of, plain, shape_at, words_of

FORMS = ("Dated", "ByRegion", "NamedValue", "Column")
# What plain values are called, by what reads them.
READ_BY = {
    values.read_money: "an amount of money such as 157.00",
    values.read_share: "a percent from 0 to 100",
    values.read_percent: "a percent, in hundredths: 20 is a fifth",
    values.read_number: "a number",
    values.read_count: "a whole number",
    values.read_yes_no: "true or false",
    values.read_day: "a day such as 2026-04-01",
    values.read_currency: "three letters such as GBP",
    values.expected_or_number: "a number, or expected where it is not known yet",
    values.scalar_of: "text, a number, true or false",
}
PLAINLY = {str: "text", bool: "true or false", int: "a whole number"}


@cache
def _meanings() -> Mapping[str, str]:
    from legalaid_sim.yamlfile import load_document

    found: Mapping[str, str] = load_document(Path(schema.__file__).with_name("keys.yaml")).data
    return found


def meaning_of(model: type[BaseModel], name: str) -> str:
    """Say what a field means: the model's own words, else those of the class that declares it; empty for none."""
    said = model.model_fields[name].description
    if said:
        return said
    declared = (f"{parent.__name__}.{name}" for parent in model.__mro__)
    return next((_meanings()[key] for key in declared if key in _meanings()), "")


def takes(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    """Say what may be written at a place; ``metadata`` is what pydantic took out of a field's annotation.

    >>> takes(values.Count), takes(tuple[values.Money, ...])
    ('a whole number', 'a list of: an amount of money such as 157.00')
    """
    called = _read(metadata)
    told = [called] if called else list(dict.fromkeys(filter(None, map(_taken, alternatives(annotation)))))
    forms = [one for one in told if one == FORM]
    return ", or ".join([*(one for one in told if one != FORM), *forms[:1]])


FORM = "{dated: ...}, {by_region: ...}, {value: NAME} or {column: NAME} (explain values)"


def _read(metadata: Iterable[Any]) -> str:
    readers = (getattr(one, "func", None) for one in metadata)
    return next((READ_BY[reader] for reader in readers if reader in READ_BY), "")


def _taken(annotation: Any) -> str:
    bare = plain(annotation)
    called = _read(getattr(annotation, "__metadata__", ())) or PLAINLY.get(bare, "")
    if called:
        return called
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        name = bare.__name__.partition("[")[0]
        return FORM if name in FORMS else COMPARED if name == "Comparison" else "a map of the keys below"
    origin, inside = get_origin(bare), get_args(bare)
    if origin is Literal:
        return f"one of: {', '.join(str(word) for word in inside)}"
    if origin is tuple:
        if kinds_of(inside[0]):
            return "a list of blocks"
        many = "" if Ellipsis in inside else f" {len(inside)}"
        return f"a list of{many}: {takes(inside[0])}"
    if origin in (dict, Mapping):
        return f"a map of names: {takes(inside[1]) or 'anything'}"
    return ""


COMPARED = "a comparison such as {at_least: 70} (explain conditions)"


def paths_of(
    model: type[BaseModel], path: tuple[str, ...] = (), below: tuple[Any, ...] = ()
) -> Iterator[str]:
    """Give every path that the schema knows, in its order; NAME stands for a name that the writer chooses."""
    for name, field in model.model_fields.items():
        here = (*path, key_of(name, field))
        yield ".".join(here)
        for inner, steps in _inside(field.annotation, here):
            if inner not in below and inner.__name__.partition("[")[0] not in (*FORMS, "Comparison"):
                yield from paths_of(inner, steps, (*below, inner))


def _inside(annotation: Any, path: tuple[str, ...]) -> Iterator[tuple[type[BaseModel], tuple[str, ...]]]:
    for one in alternatives(annotation):
        bare = plain(one)
        origin, inside = get_origin(bare), get_args(bare)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            kind = words_of(bare.model_fields["kind"].annotation) if "kind" in bare.model_fields else ()
            yield bare, (*path, *kind[:1])
        elif origin is tuple:
            yield from _inside(inside[0], path)
        elif origin in (dict, Mapping):
            yield from _inside(inside[1], (*path, "NAME"))


def owner_of(model: type[BaseModel], path: list[str]) -> tuple[type[BaseModel], str] | None:
    """Give the model and field that a path ends at; None where it ends at a name, a kind or nothing."""
    inside = shape_at(model, path[:-1])
    item = shape_at(model, [*path[:-1], 0])
    held: Any = next((shape.model for shape in (inside, item) if shape and shape.model), None)
    for name, field in held.model_fields.items() if held else ():
        if path[-1] in (name, field.alias):
            return held, name
    return None


__all__ = ["meaning_of", "owner_of", "paths_of", "takes"]
