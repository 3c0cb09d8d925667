"""Explain a key by its path, from the schema: what it means, what may stand there, its default, a sample of it."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from legalaid_sim.authoring.filling import filled
from legalaid_sim.authoring.keys import meaning_of, owner_of, takes
from legalaid_sim.authoring.samples import sample_of
from legalaid_sim.contracts.vocabulary.words import WordSort, named
from legalaid_sim.diagnostics.shape import Shape, key_of, kinds_of, shape_at, words_of
from legalaid_sim.yamlfile import load_document

EMPTY: tuple[Any, ...] = (None, (), {}, [])
TOPICS = ("values", "conditions", "limits", "tables", "examples")
# Tags of choices that are no kinds of block.
NO_KINDS = frozenset({"number", "dated", "by_region", "value", "column", "scalar", "list", "comparison"})
# Keys whose words stand in the vocabulary.
SORT_OF: Mapping[str, WordSort] = {"falls_on": "event", "measure": "measure"}


@cache
def topics() -> Mapping[str, Mapping[str, str]]:
    """Give what is told of each topic, and its sample."""
    found: Mapping[str, Mapping[str, str]] = load_document(Path(__file__).with_name("topics.yaml")).data
    return found


def explain_topic(topic: str) -> str:
    """Explain how something is written that stands in many places, with a sample."""
    known = topics()[topic]
    parts = [topic, filled(known["told"]), "", "  for example", textwrap.indent(known["sample"], "    "), ""]
    path = explain_path(topic, sample=False)
    return "\n".join([*parts, path or ""]).rstrip() + "\n"


def explain_path(path: str, sample: bool = True) -> str | None:
    """Explain a key of contract or scenario files by its path; None when there is no such key.

    Places in lists and names of examples may stand in the path, and the list of a kind may be left out:
    ``examples.A quarter.when.0.on`` and ``staged_fee.stages`` are found.
    """
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.scenario import Scenario

    segments = [part for part in path.replace("[", ".").replace("]", "").split(".") if part]
    for model, name in ((Contract, "contract"), (Scenario, "scenario")):
        inner = _found(model, segments[1:] if segments[:1] == [name] and segments[1:] else segments)
        shape = shape_at(model, inner) if inner else None
        if shape is not None and inner:
            told = [*_described(path, model, inner, shape)]
            if name == "contract":
                told += _sets(inner[-1]) if owner_of(model, inner) is None else []
                told += (
                    ["", "  for example", textwrap.indent(sample_of(".".join(inner)), "    ")]
                    if sample
                    else []
                )
            return "\n".join(told).rstrip() + "\n"
    return None


def _found(model: Any, segments: Sequence[str]) -> list[str]:
    """Find the path that the schema knows: without positions, with the list of a kind before it; empty for none."""
    if not segments:
        return []
    good: list[str] = []
    rooms = [room for room in model.model_fields if segments[0] in kinds_at(shape_at(model, (room,)))]
    for segment in [*rooms[:1], *segments] if segments[0] not in model.model_fields else segments:
        if shape_at(model, [*good, segment]) is not None:
            good.append(segment)
        elif not segment.isdigit() and good != ["examples"]:
            return []
    return good


def _sets(kind: str) -> list[str]:
    """Say which measures a kind of clause sets directly, where it does."""
    from legalaid_sim.experiments.attribution.typed import SETS

    return ["", filled(f"sets directly: {', '.join(SETS[kind])}")] if SETS.get(kind) else []


def _described(path: str, model: Any, inner: list[str], shape: Shape) -> Iterator[str]:
    """Describe what stands at a path: the key, and the keys below it."""
    item = shape_at(model, [*inner, 0])
    owner = owner_of(model, inner)
    meaning = (meaning_of(*owner) if owner else "") or shape.description
    below = shape.model.__doc__ or "" if shape.model else ""
    yield path
    for told in dict.fromkeys(" ".join(text.replace("``", "").split()) for text in (meaning, below)):
        if told:
            yield filled(told)
    if owner is not None:
        field = owner[0].model_fields[owner[1]]
        taken = takes(field.annotation, tuple(field.metadata))
        yield filled("; ".join(filter(None, (_default(field), _mark(*owner)))))
        yield from [filled(taken if taken.startswith("one of: ") else f"takes {taken}")] if taken else ()
        yield from _words(owner[1], words_of(field.annotation))
    kinds = kinds_at(shape)
    if len(kinds) > 1:
        yield filled(f"kinds: {', '.join(kinds)}")
    inside = shape.model or (item.model if item is not None else None)
    if inside is not None:
        yield ""
        yield from (
            [f"  each: {filled(' '.join(item.description.replace('``', '').split())).strip()}"]
            if item and not shape.model
            else []
        )
        yield from _keys(inside)


def kinds_at(shape: Shape | None) -> tuple[str, ...]:
    """Name the kinds of block that may stand at a place."""
    items = getattr(shape.type, "__args__", ()) if shape else ()
    found = (kinds_of(shape.type) if shape else ()) or (kinds_of(items[0]) if items else ())
    return () if NO_KINDS.issuperset(found) else found


def _keys(model: Any) -> Iterator[str]:
    width = max(len(key_of(name, field)) for name, field in model.model_fields.items())
    for name, field in model.model_fields.items():
        meaning = meaning_of(model, name) or _first_sentence(name, model)
        said = "; ".join(filter(None, (meaning, _mark(model, name))))
        text = f"{key_of(name, field):<{width}}  {_default(field)}" + (f"; {said}" if said else "")
        yield filled(text, " " * (width + 4))


def _mark(model: Any, name: str) -> str:
    """Say what a key of a contract does; empty for other files."""
    from legalaid_sim.contracts.schema.marks import UNHEARD, mark_of

    instead = next((each.instead for each in UNHEARD.get(model.__name__, ()) if each.key == name), "")
    mark = mark_of(model, name) or ""
    return f"{mark} ({instead})" if instead else mark


def _first_sentence(name: str, model: Any) -> str:
    inner = shape_at(model, (name,))
    doc = " ".join((inner.model.__doc__ or "").replace("``", "").split()) if inner and inner.model else ""
    return doc.split(". ")[0].rstrip(".")


def _words(key: str, choices: Sequence[str]) -> Iterator[str]:
    """Say what each word of the vocabulary means that may stand under a key, and which of them no run raises."""
    sort = SORT_OF.get(key)
    if sort is None:
        return
    for choice in choices:
        word, _ = named(sort, choice)
        if word is not None:
            yield filled(f"{choice}: {word.meaning}" + ("" if word.raised else f"; told only: {word.needs}"))


def _default(field: Any) -> str:
    if field.is_required():
        return "needed"
    if field.default_factory is not None or field.default is PydanticUndefined:
        made = field.default_factory() if field.default_factory else None
        numbers = isinstance(made, dict) and all(isinstance(value, int | float) for value in made.values())
        named = ", ".join(f"{name}: {value:g}" for name, value in made.items()) if made and numbers else ""
        return f"default {{{named}}}" if named else "may be left out"
    default = field.default
    if default in (None, (), ""):
        return "may be left out"
    if hasattr(type(default), "model_fields"):
        inner = (
            (key, value) for key, value in default.model_dump(by_alias=True).items() if value not in EMPTY
        )
        told = ", ".join(f"{key}: {_plain(value)}" for key, value in inner)
        return f"default {{{told}}}" if told else "may be left out"
    shown = _plain(default)
    return f"default {', '.join(shown)}" if isinstance(shown, tuple) else f"default {shown}"


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
