"""Change contract data by ``set``, ``add``, ``remove``, ``rename``: for children, reforms and sweeps.

A path names keys and the ids of blocks: ``payments.housing_fee.escape.over``. Everything here works on plain
data and returns new data; what was given is never altered.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics import OLD_WORDS
from legalaid_sim.diagnostics.shape import shape_at, with_kinds
from legalaid_sim.yamlfile import Path, held_at

VERBS: Mapping[str, frozenset[str]] = {
    "set": frozenset({"set", "to", "from", "because"}),
    "add": frozenset({"add", "block", "because"}),
    "remove": frozenset({"remove", "because"}),
    "rename": frozenset({"rename", "to", "because"}),
}
NEEDS: Mapping[str, tuple[str, ...]] = {"set": ("to",), "add": ("block",), "remove": (), "rename": ("to",)}
ALWAYS = "1900-01-01"
FORMS = ("dated", "by_region", "value", "column")
REFERENCES: Mapping[str, frozenset[str]] = {
    "payments": frozenset({"exception_to", "of", "pays_for", "payments", "not_on"}),
    "values": frozenset({"value", "values"}),
    "tables": frozenset({"table", "rates_table"}),
    "series": frozenset({"index"}),
    "permissions": frozenset({"unless", "needs"}),
}


class ChangeFailed(Exception):
    """A change that cannot be made: a code, a sentence, the words that were possible."""

    def __init__(self, code: str, why: str, word: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(code, why, word, known)
        self.code, self.why, self.word, self.known = code, why, word, known

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class Edit:
    """Where a change takes effect: the verb, the path in the data, the key of the change with the new."""

    verb: str
    path: Path
    new: str = ""


def apply_changes(data: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make all changes, in their order.

    Raises:
        ChangeFailed: a change is not well formed, or its path does not exist (with the nearest known words).
    """
    changed = deepcopy(dict(data))
    for change in changes:
        make_change(changed, change)
    return changed


def make_change(data: dict[str, Any], change: Any) -> Edit:
    """Make one change in place, and say what it touched."""
    verb = verb_of(change)
    return _MAKE[verb](data, change)


def verb_of(change: Any) -> str:
    """Find the one verb of a change, or say what is wrong with its form."""
    if not isinstance(change, dict):
        raise ChangeFailed(
            "CR040", "a change is a map such as {set: payments.housing_fee.amount, to: 240.00}"
        )
    verbs = [verb for verb in VERBS if verb in change]
    if len(verbs) != 1:
        found = "has none of them" if not verbs else f"has {' and '.join(verbs)}"
        raise ChangeFailed("CR040", f"a change has one verb of set, add, remove and rename; this one {found}")
    _refuse_bad_keys(verbs[0], change)
    return verbs[0]


def _refuse_bad_keys(verb: str, change: Mapping[str, Any]) -> None:
    for key in change:
        if key not in VERBS[verb]:
            known = tuple(sorted(VERBS[verb]))
            raise ChangeFailed("CR040", f"'{verb}' has no '{key}'", key, known)
    for key in NEEDS[verb]:
        if key not in change:
            raise ChangeFailed("CR040", f"'{verb}' needs '{key}', which is not there")
    if not isinstance(change[verb], str) or not change[verb].strip("."):
        raise ChangeFailed("CR040", f"'{verb}' names a path such as payments.housing_fee.amount")


def find_path(data: Any, dotted: str) -> Path:
    """Turn a dotted path of keys and ids into a path of the data.

    Raises:
        ChangeFailed: nothing is there; ``word`` and ``known`` say where the way was lost.
    """
    path, here, words = list[str | int](), data, dotted.replace("[", ".").replace("]", "").split(".")
    while words:
        segment, used = _segment(here, words)
        if segment is None:
            known = tuple(_names(here))
            reached = ".".join(dotted.split(".")[: len(dotted.split(".")) - len(words)]) or "the contract"
            raise ChangeFailed(
                "CR037", f"'{dotted}' is not there: {reached} has no '{words[0]}'", words[0], known
            )
        path.append(segment)
        here, words = here[segment], words[used:]
    return tuple(path)


def _segment(here: Any, words: Sequence[str]) -> tuple[str | int | None, int]:
    """Take one step: a key (keys may hold dots: the longest that fits), an id or a position."""
    if isinstance(here, dict):
        for used in range(len(words), 0, -1):
            if ".".join(words[:used]) in here:
                return ".".join(words[:used]), used
        # A change may still say what bands and tiers were once called.
        new = next((word for word, old in OLD_WORDS.items() if words[0] in old and word in here), None)
        if new is not None:
            return str(new), 1
    if isinstance(here, list):
        for position, item in enumerate(here):
            if isinstance(item, dict) and words[0] in (item.get("id"), item.get("name"), str(position)):
                return position, 1
        if words[0].isdigit() and int(words[0]) < len(here):
            return int(words[0]), 1
    return None, 0


def _names(here: Any) -> Iterator[str]:
    if isinstance(here, dict):
        yield from here
    if isinstance(here, list):
        for position, item in enumerate(here):
            yield str(item.get("id", item.get("name", position))) if isinstance(item, dict) else str(position)


def _set(data: dict[str, Any], change: Mapping[str, Any]) -> Edit:
    path = _path_to_set(data, change["set"])
    holder, key, new = held_at(data, path[:-1]), path[-1], deepcopy(change["to"])
    old = holder.get(key) if isinstance(holder, dict) else holder[key]
    if "from" in change:
        holder[key] = _from_day(data, old, new, str(change["from"]))
    elif _is_named_value(path) and isinstance(old, dict) and not isinstance(new, dict):
        holder[key] = {**{k: v for k, v in old.items() if k not in FORMS}, "amount": new}
        return Edit("set", (*path, "amount"), "to")
    else:
        holder[key] = new
    return Edit("history" if "from" in change else "set", path, "to")


def _path_to_set(data: Any, dotted: str) -> Path:
    """Find the place to set: one that is there, or a key that the language allows there."""
    try:
        return find_path(data, dotted)
    except ChangeFailed as lost:
        stem, _, leaf = dotted.rpartition(".")
        if not stem:
            raise
        try:
            parent = find_path(data, stem)
        except ChangeFailed:
            raise lost from None
        if isinstance(held_at(data, parent), dict) and _is_optional_key(data, parent, leaf):
            return (*parent, leaf)
        raise


def _is_optional_key(data: Any, parent: Path, leaf: str) -> bool:
    shape = shape_at(Contract, tuple(with_kinds(data, parent)))
    return bool(shape and leaf in shape.keys)


def _is_named_value(path: Path) -> bool:
    return len(path) == 2 and path[0] == "values"


def _from_day(data: Mapping[str, Any], old: Any, new: Any, day: str) -> Any:
    """Put a new version into the history of a value, keeping what held before."""
    if isinstance(old, dict) and "column" in old:
        raise ChangeFailed("CR040", "a value read from a table is set without 'from'")
    if isinstance(old, dict) and "value" in old:
        named = data.get("values", {}).get(old["value"], {})
        old = {form: deepcopy(named[form]) for form in FORMS if form in named} or deepcopy(
            named.get("amount")
        )
    if isinstance(old, dict) and "by_region" in old:
        regions = {
            region: _from_day(data, form, new.get(region, form) if isinstance(new, dict) else new, day)
            for region, form in old["by_region"].items()
        }
        return {**old, "by_region": regions}
    if isinstance(old, dict) and "dated" in old:
        return {**old, "dated": dict(sorted({**old["dated"], day: new}.items()))}
    if isinstance(old, dict) and "amount" in old:
        kept = {key: value for key, value in old.items() if key != "amount"}
        return {**kept, "dated": {ALWAYS: old["amount"], day: new}}
    if old is None or isinstance(old, dict | list):
        raise ChangeFailed("CR040", "only a value that is already there can change from a day on")
    return {"dated": {ALWAYS: old, day: new}}


def _add(data: dict[str, Any], change: Mapping[str, Any]) -> Edit:
    path = _path_to_add(data, change["add"])
    holder, block = held_at(data, path), deepcopy(change["block"])
    if isinstance(holder, list):
        holder.append(block)
        return Edit("add", (*path, len(holder) - 1), "block")
    if not isinstance(holder, dict) or not isinstance(block, dict):
        raise ChangeFailed("CR040", f"'{change['add']}' holds neither a list of blocks nor a map of names")
    for key in block:
        if key in holder:
            raise ChangeFailed("CR040", f"'{change['add']}' already has '{key}'; use set")
    holder.update(block)
    return Edit("merge", path, "block")


def _path_to_add(data: dict[str, Any], dotted: str) -> Path:
    shape = shape_at(Contract, (dotted,))
    if "." not in dotted and dotted not in data and shape is not None:
        data[dotted] = {} if dotted in ("values", "tables", "series") else []
    return find_path(data, dotted)


def _remove(data: dict[str, Any], change: Mapping[str, Any]) -> Edit:
    path = find_path(data, change["remove"])
    del held_at(data, path[:-1])[path[-1]]
    return Edit("remove", path)


def _rename(data: dict[str, Any], change: Mapping[str, Any]) -> Edit:
    path = find_path(data, change["rename"])
    holder, new = held_at(data, path[:-1]), str(change["to"])
    if isinstance(holder, dict):
        if new in holder:
            raise ChangeFailed("CR040", f"'{new}' is already there")
        old = str(path[-1])
        renamed = {new if key == old else key: value for key, value in holder.items()}
        holder.clear()
        holder.update(renamed)
    else:
        old, holder[path[-1]]["id"] = str(holder[path[-1]].get("id")), new
    _follow(data, REFERENCES.get(str(path[0]), frozenset()), old, new)
    return Edit("rename", path, "to")


def _follow(here: Any, keys: frozenset[str], old: str, new: str) -> None:
    """Let everything that refers to the old name refer to the new one."""
    items = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
    for key, value in list(items):
        if key in keys and value == old:
            here[key] = new
        elif key in keys and isinstance(value, list) and old in value:
            here[key] = [new if item == old else item for item in value]
        else:
            _follow(value, keys, old, new)


_MAKE = {"set": _set, "add": _add, "remove": _remove, "rename": _rename}
