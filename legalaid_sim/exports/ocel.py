"""OCEL 2.0 (Berti et al. 2024) as JSON: events, and the clients, problems, matters … that they touch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legalaid_sim.events import KINDS, AdviserJoined, Asked, Event, MatterOpened, Person, Told, plain_types
from legalaid_sim.exports.jsonfile import dumped, listed
from legalaid_sim.exports.lives import LoggedRun, lives_of, plain_type
from legalaid_sim.results import Run
from legalaid_sim.results.tables import table_of

# Which fields of an event are ids, and of what.
OBJECTS = {
    "client": "client",
    "problem": "problem",
    "parent": "problem",
    "matter": "matter",
    "adviser": "adviser",
    "before": "adviser",
    "after": "adviser",
    "organisation": "organisation",
    "to": "organisation",
    "contract": "contract",
}
TRAITS: dict[str, tuple[type[Event], tuple[str, ...]]] = {
    "client": (Person, ("relational_need", "vulnerability", "channel")),
    "problem": (Asked, ("category",)),
    "matter": (MatterOpened, ("category", "needed", "planned", "discretion")),
    "adviser": (AdviserJoined, ("post", "vintage", "role")),
    "organisation": (AdviserJoined, ()),
    "contract": (MatterOpened, ()),
}
LINKS: dict[type[Event], tuple[str, dict[str, str]]] = {
    Asked: ("problem", {"client": "problem of"}),
    MatterOpened: (
        "matter",
        {
            "problem": "opened for",
            "client": "of",
            "organisation": "at",
            "contract": "under",
            "adviser": "led by",
        },
    ),
    AdviserJoined: ("adviser", {"organisation": "works for"}),
}
# A client's traits are the object itself; what a contract was told is a text for receipts.
LEFT_OUT = (Person, Told)
EVENTS = tuple(kind for kind in KINDS if kind not in LEFT_OUT)


def write_ocel(run: Run, path: Path, regime: str | None = None, case: str = "") -> None:
    """Write the logged runs of a results folder, or of one regime; ids carry regime, replication and type."""
    lives = list(lives_of(run, regime))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"eventTypes": {dumped([_event_type(kind) for kind in EVENTS])},\n')
        file.write(f'"objectTypes": {dumped([_object_type(name) for name in TRAITS])},\n"objects": ')
        file.writelines(listed(found for life in lives for found in _objects(life)))
        file.write(',\n"events": ')
        file.writelines(listed(found for life in lives for found in _events(life)))
        file.write("}\n")


def _event_type(kind: type[Event]) -> dict[str, Any]:
    return {"name": table_of(kind), "attributes": [_attribute_type(kind, field) for field in _plain(kind)]}


def _object_type(name: str) -> dict[str, Any]:
    kind, fields = TRAITS[name]
    return {"name": name, "attributes": [_attribute_type(kind, field) for field in fields]}


def _attribute_type(kind: type[Event], field: str) -> dict[str, str]:
    return {"name": field, "type": plain_type(plain_types(kind)[field])}


def _plain(kind: type[Event]) -> list[str]:
    return [field for field in kind._fields if field != "at" and field not in OBJECTS]


def _objects(life: LoggedRun) -> Iterator[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for event in life.log:
        for field, name in _named(event):
            found.setdefault(_id(life, OBJECTS[field], name), _object(life, OBJECTS[field], name))
        _describe(life, event, found)
    yield from found.values()


def _object(life: LoggedRun, kind: str, name: str) -> dict[str, Any]:
    return {"id": _id(life, kind, name), "type": kind, "attributes": [], "relationships": []}


def _describe(life: LoggedRun, event: Event, found: dict[str, dict[str, Any]]) -> None:
    held: Any = event
    for kind, (teller, fields) in TRAITS.items():
        if isinstance(event, teller) and fields:
            entry = found[_id(life, kind, getattr(held, kind))]
            entry["attributes"] = [_trait(life, event, field) for field in fields]
    if type(event) in LINKS:
        kind, ways = LINKS[type(event)]
        entry = found[_id(life, kind, getattr(held, kind))]
        entry["relationships"] = [
            {"objectId": _id(life, OBJECTS[field], getattr(held, field)), "qualifier": words}
            for field, words in ways.items()
            if getattr(held, field)
        ]


def _trait(life: LoggedRun, event: Event, field: str) -> dict[str, str]:
    return {"name": field, "time": life.moment(event.at), "value": _text(getattr(event, field))}


def _events(life: LoggedRun) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(life.log, start=1):
        if not isinstance(event, LEFT_OUT):
            yield {
                "id": f"{life.prefix}event {number}",
                "type": table_of(type(event)),
                "time": life.moment(event.at),
                "attributes": [
                    {"name": field, "value": _text(getattr(event, field))} for field in _plain(type(event))
                ],
                "relationships": [
                    {"objectId": _id(life, OBJECTS[field], name), "qualifier": field}
                    for field, name in _named(event)
                ],
            }


def _named(event: Event) -> Iterator[tuple[str, str]]:
    for field in type(event)._fields:
        name = getattr(event, field)
        if field in OBJECTS and name:
            yield field, name


def _id(life: LoggedRun, kind: str, name: str) -> str:
    return f"{life.prefix}{kind} {name}"


def _text(value: object) -> str:
    # The format writes every value as a text; its type stands in the list of types.
    return str(value).lower() if isinstance(value, bool) else str(value)
