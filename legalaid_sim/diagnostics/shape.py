"""Find one's way in a pydantic model by the path of a key in a file: what may stand there, what it means.

Used for messages ("also allowed here"), for ``explain payments.fixed_fee.escape`` and for the JSON Schema.
"""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from legalaid_sim.yamlfile import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at one place of a file: its type, and the field that describes it."""

    type: Any
    field: FieldInfo | None = None

    @property
    def model(self) -> type[BaseModel] | None:
        """The model whose keys may stand here, when there is exactly one."""
        found = [plain(a) for a in alternatives(self.type) if _is_model(plain(a))]
        return found[0] if len(found) == 1 else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that may stand here, in the order of the model."""
        return (
            tuple(key_of(name, field) for name, field in self.model.model_fields.items())
            if self.model
            else ()
        )

    @property
    def description(self) -> str:
        """The sentence that says what this is; the model's own when the field has none."""
        if self.field is not None and self.field.description:
            return self.field.description
        return (self.model.__doc__ or "").strip() if self.model else ""


def shape_at(model: type[BaseModel], path: Sequence[str | int]) -> Shape | None:
    """Follow a path of keys, positions and kinds from a model; None when nothing may stand there.

    Lists may be entered by position, by ``kind`` or not at all: ``payments.fixed_fee.amount`` and
    ``("payments", 0, "fixed_fee", "amount")`` lead to the same place.
    """
    here: Shape | None = Shape(model)
    for segment in path:
        here = _step(here.type, segment) if here else None
    return here


def with_kinds(data: Any, path: Path) -> Iterator[str | int]:
    """Give a path of a file's data as ``shape_at`` follows it: behind the position of a block stands its kind."""
    for segment in path:
        data = data[segment]
        yield segment
        if isinstance(segment, int) and isinstance(data, dict) and isinstance(data.get("kind"), str):
            yield data["kind"]


def key_of(name: str, field: FieldInfo) -> str:
    """Give the key as a file writes it (``is`` for the field ``is_``)."""
    return field.alias or name


def models_in(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Give a model and every model that may stand in it, each once, outside in."""
    found: dict[type[BaseModel], None] = {model: None}
    waiting = [model]
    while waiting:
        for field in waiting.pop(0).model_fields.values():
            for inner in _models(field.annotation):
                if inner not in found:
                    found[inner] = None
                    waiting.append(inner)
    return tuple(found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    bare = plain(annotation)
    if _is_model(bare):
        yield bare
    for inner in get_args(bare):
        yield from _models(inner)


def kinds_of(annotation: Any) -> tuple[str, ...]:
    """List the kinds of block that a list of blocks may hold."""
    return tuple(kind for member in alternatives(annotation) for kind in _tags(member))


def words_of(annotation: Any) -> tuple[str, ...]:
    """List the words of a closed choice that may stand here."""
    choices = (plain(a) for a in alternatives(annotation))
    return tuple(str(word) for a in choices if get_origin(a) is Literal for word in get_args(a))


def _step(annotation: Any, segment: str | int) -> Shape | None:
    every = tuple(alternatives(annotation))
    for alternative in every:
        # Of a block that has a key of its kind's name, the key is meant: payments.tiers.tiers.
        chosen = len(every) == 1 and _is_model(plain(alternative)) and _field(plain(alternative), segment)
        if segment in _tags(alternative) and not chosen:
            return Shape(alternative)
    for alternative in alternatives(annotation):
        found = _step_into(plain(alternative), segment)
        if found:
            return found
    return None


def _step_into(annotation: Any, segment: str | int) -> Shape | None:
    if _is_model(annotation):
        return _field(annotation, segment)
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (list, tuple, set, frozenset):
        item = args[0]
        return Shape(item) if isinstance(segment, int) else _step(item, segment)
    return Shape(args[1]) if origin in (dict, Mapping) else None


def _field(model: type[BaseModel], segment: str | int) -> Shape | None:
    for name, field in model.model_fields.items():
        if segment in (name, field.alias):
            return Shape(field.annotation, field)
    return None


def plain(annotation: Any) -> Any:
    """Take what stands about a type away: checks, tags, descriptions."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, unions inside it opened, nothing for None."""
    bare = plain(annotation)
    if get_origin(bare) in (Union, types.UnionType):
        for member in get_args(bare):
            yield from alternatives(member)
    elif bare is not type(None):
        yield annotation


def _tags(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Annotated:
        named = tuple(m.tag for m in get_args(annotation)[1:] if isinstance(m, Tag))
        return named or _tags(plain(annotation))
    if _is_model(annotation) and "kind" in annotation.model_fields:
        return words_of(annotation.model_fields["kind"].annotation)
    return ()


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
