"""The clauses in which two contracts differ, as switches that can be turned one by one.

A clause is what a designer would call one change: a block altered, blocks of a kind that stand in place of
others, a named value. Values, tables and series that only one contract names are in every hybrid: by
themselves they do nothing. Clauses that cannot be turned apart are one clause.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.errors import LegalAidSimError, Refusal
from legalaid_sim.experiments.shared.plans import RegimePlan, Written

if TYPE_CHECKING:
    from collections.abc import Collection

BLOCKS = (
    "payments", "taxes", "duties", "permissions", "standards", "controls", "adjustments", "cash",
)  # fmt: skip
NAMED = ("values", "tables", "series")
SILENT = ("kind", "schema_version", "contract", "title", "short_title", "summary", "examples", "currency")
WORDS = ("title", "short_title", "source", "because", "summary")
EXCLUSIVE = ("payments", "cash")
PRACTICE = "practice"
# Blocks of a room are worked through as they stand: who fills in which form first decides who is free when.
ORDER = "order"

ClausePlace = tuple[str, str]


class CannotAttribute(LegalAidSimError):
    """Two contracts whose difference cannot be taken apart: why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class ClauseSwitch:
    """A switch: a name for readers, and the places (room, id) that it turns to the other contract."""

    name: str
    places: tuple[ClausePlace, ...]

    def joined(self, other: "ClauseSwitch") -> "ClauseSwitch":
        """Give one clause that turns both."""
        return ClauseSwitch(f"{self.name} with {other.name}", (*self.places, *other.places))


def clauses_between(before: RegimePlan, after: RegimePlan) -> tuple[ClauseSwitch, ...]:
    """Name the clauses in which two regimes differ; all hybrids of single clauses can be compiled.

    Raises ``CannotAttribute`` where they do not differ, hold different contracts beside the first, or are followed
    by different ones.
    """
    old, new = _contract(before), _contract(after)
    if [w.data for w in before.contracts[1:]] != [w.data for w in after.contracts[1:]]:
        raise CannotAttribute("the contracts held beside the two differ; hold the same ones beside both")
    if _later(before) != _later(after):
        raise CannotAttribute(
            "what comes into force later differs; let the same follow both, or none, and nothing change elsewhere"
        )
    found = [*_block_clauses(old.data, new.data), *_named_clauses(old.data, new.data)]
    found += [
        ClauseSwitch(f"order of {room}", ((ORDER, room),))
        for room in BLOCKS
        if _reordered(room, old.data, new.data)
    ]
    found += [ClauseSwitch(key, ((key, ""),)) for key in _header(old.data, new.data)]
    found += [ClauseSwitch(PRACTICE, ((PRACTICE, ""),))] if before.practice != after.practice else []
    if not found:
        raise CannotAttribute(f"'{before.name}' and '{after.name}' do not differ in anything that counts")
    return _separable(found, before, after)


def titles_of(clauses: Sequence[ClauseSwitch], before: RegimePlan, after: RegimePlan) -> dict[str, str]:
    """Say what each clause puts in place of what, by the titles of blocks and values; by name, where there are any."""
    sides = _contract(after).data, _contract(before).data
    found = {}
    for clause in clauses:
        new, old = ([title for place in clause.places if (title := _title(side, *place))] for side in sides)
        new, old = (
            [title for title in one if title not in other] or one for one, other in ((new, old), (old, new))
        )
        if new != old and new and old:
            found[clause.name] = f"{'; '.join(new)}, in place of: {'; '.join(old)}"
        elif new or old:
            found[clause.name] = "; ".join(new) or f"without: {'; '.join(old)}"
    return found


def _title(data: Mapping[str, Any], room: str, name: str) -> str:
    held = data.get(room, {}) if room in (*BLOCKS, *NAMED) else {}
    block = held.get(name, {}) if isinstance(held, Mapping) else _by_id(held).get(name, {})
    return str(block.get("title") or "") if isinstance(block, Mapping) else ""


def hybrid(before: RegimePlan, after: RegimePlan, turned: "Collection[ClauseSwitch]") -> RegimePlan:
    """Give the first regime with some clauses turned to the second."""
    places = {place for clause in turned for place in clause.places}
    old, new = _contract(before), _contract(after)
    data = deepcopy(dict(old.data))
    for room in NAMED:
        data[room] = _named(old.data.get(room, {}), new.data.get(room, {}), room, places)
    for room in BLOCKS:
        data[room] = list(_blocks(old.data.get(room, ()), new.data.get(room, ()), room, places))
    for key in new.data:
        if (key, "") in places:
            data[key] = deepcopy(new.data[key])
    written = replace(old, data=_at_home(data, old, new))
    practice = after.practice if (PRACTICE, "") in places else before.practice
    return replace(before, contracts=(written, *before.contracts[1:]), practice=practice)


def anew(plan: RegimePlan) -> RegimePlan:
    """Give a regime whose contract is taken up as a new one, even where its terms are those held before."""
    written = plan.contracts[0]
    data = {**written.data, "title": f"{written.data.get('title', '')} (anew)"}
    return replace(plan, contracts=(replace(written, data=data), *plan.contracts[1:]))


def _later(plan: RegimePlan) -> list[Any]:
    """What follows a regime by day; a hybrid is followed by what follows the first."""
    return [
        (part.starts, [written.data for written in part.contracts], part.practice, part.respond)
        for part in plan.after
    ]


def _contract(plan: RegimePlan) -> Written:
    if not plan.contracts:
        raise CannotAttribute(f"'{plan.name}' holds no contract, so it has no clauses")
    return plan.contracts[0]


def _block_clauses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ClauseSwitch]:
    for room in BLOCKS:
        before, after = _by_id(old.get(room, ())), _by_id(new.get(room, ()))
        for name in before:
            if name in after and _said(before[name]) != _said(after[name]):
                yield ClauseSwitch(f"{room}.{name}", ((room, name),))
        gone = {name: block for name, block in before.items() if name not in after}
        come = {name: block for name, block in after.items() if name not in before}
        yield from _replaced(room, gone, come)


def _replaced(room: str, gone: Mapping[str, Any], come: Mapping[str, Any]) -> Iterator[ClauseSwitch]:
    # What goes and what comes in its place is one change; what comes or goes alone is one of its own.
    sorts = dict.fromkeys(_sort(room, block) for block in (*gone.values(), *come.values()))
    for sort in sorts:
        out = [name for name, block in gone.items() if _sort(room, block) == sort]
        into = [name for name, block in come.items() if _sort(room, block) == sort]
        if out and into:
            name = f"{room}: {', '.join(into)} for {', '.join(out)}"
            yield ClauseSwitch(name, tuple((room, block) for block in (*out, *into)))
        else:
            yield from (ClauseSwitch(f"{room}.{name}", ((room, name),)) for name in (*out, *into))


def _sort(room: str, block: Mapping[str, Any]) -> str:
    kind = str(block.get("kind", ""))
    beside = kind in PAYMENTS and PAYMENTS[kind].beside
    return room if room in EXCLUSIVE and not beside else kind


def _named_clauses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ClauseSwitch]:
    for room in NAMED:
        before, after = old.get(room, {}), new.get(room, {})
        for name in before:
            if name in after and _said(before[name]) != _said(after[name]):
                yield ClauseSwitch(f"{room}.{name}", ((room, name),))


def _reordered(room: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether the blocks of the second contract stand otherwise than all of them turned would."""
    before, after = _by_id(old.get(room, ())), _by_id(new.get(room, ()))
    return [name for name in dict.fromkeys((*before, *after)) if name in after] != list(after)


def _header(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if key not in (*SILENT, *BLOCKS, *NAMED) and _said(old.get(key)) != _said(new.get(key)):
            yield key


def _said(found: Any) -> Any:
    """Give what counts of a piece of a contract: all but its words."""
    if isinstance(found, Mapping):
        return {key: _said(value) for key, value in found.items() if key not in WORDS}
    return [_said(item) for item in found] if isinstance(found, list | tuple) else found


def _named(
    old: Mapping[str, Any], new: Mapping[str, Any], room: str, places: "Collection[ClausePlace]"
) -> dict[str, Any]:
    names = dict.fromkeys((*old, *new))
    return {
        name: deepcopy(
            new[name] if name not in old or ((room, name) in places and name in new) else old[name]
        )
        for name in names
    }


def _blocks(
    old: Sequence[Any], new: Sequence[Any], room: str, places: "Collection[ClausePlace]"
) -> Iterator[dict[str, Any]]:
    before, after = _by_id(old), _by_id(new)
    for name in dict.fromkeys((*after, *before) if (ORDER, room) in places else (*before, *after)):
        held = after if (room, name) in places else before
        if name in held:
            yield deepcopy(held[name])


def _by_id(blocks: Sequence[Any]) -> dict[str, Any]:
    return {str(block.get("id", position)): block for position, block in enumerate(blocks)}


def _at_home(data: dict[str, Any], old: Written, new: Written) -> dict[str, Any]:
    # The table files of the second contract stand in its own folder.
    if old.folder != new.folder:
        for name, table in data["tables"].items():
            named = table.get("file") if isinstance(table, dict) else None
            if named and table == new.data.get("tables", {}).get(name):
                data["tables"][name] = {**table, "file": str((new.folder / named).resolve())}
    return data


def _separable(
    clauses: Sequence[ClauseSwitch], before: RegimePlan, after: RegimePlan
) -> tuple[ClauseSwitch, ...]:
    held = list(clauses)
    while True:
        failing = [clause for clause in held if not _turns_alone(clause, held, before, after)]
        if not failing:
            return tuple(held)
        if len(failing) == len(held) == 1:
            raise CannotAttribute("the second contract cannot be put together again from its clauses")
        if len(failing) == 1:
            failing.append(next(clause for clause in held if clause not in failing))
        whole = failing[0]
        for clause in failing[1:]:
            whole = whole.joined(clause)
        held = [whole if clause == failing[0] else clause for clause in held if clause not in failing[1:]]


def _turns_alone(
    clause: ClauseSwitch, clauses: Sequence[ClauseSwitch], before: RegimePlan, after: RegimePlan
) -> bool:
    rest = [other for other in clauses if other != clause]
    return all(_compiles(before, after, turned) for turned in ([clause], rest))


def _compiles(before: RegimePlan, after: RegimePlan, turned: Sequence[ClauseSwitch]) -> bool:
    from pydantic import ValidationError

    try:
        hybrid(before, after, turned).compiled()
    except (Refusal, ValidationError):
        return False
    return True
