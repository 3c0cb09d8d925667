"""IEEE XES (IEEE 1849-2016): one log of traces, a trace a client or a matter under one contract."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator

from legalaid_sim.events import Event, Told, plain_types
from legalaid_sim.exports.cells import in_xml
from legalaid_sim.exports.lives import LoggedRun, activity_of, cases_of, lives_of
from legalaid_sim.results import Run

NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = {
    "concept": "Concept",
    "time": "Time",
    "lifecycle": "Lifecycle",
    "org": "Organizational",
}
TAGS = {int: "int", bool: "boolean", float: "float", str: "string"}
# Fields that XES has a place of its own for, or that the trace says already.
PLACED = {"adviser": "org:resource", "after": "org:resource", "organisation": "org:group"}
SAID = ("at", "began", "client")
NEVER = "1970-01-01T00:00:00Z"


def write_xes(run: Run, path: Path, regime: str | None = None, case: str = "client") -> None:
    """Write the logged runs; what lasts has a ``start`` and a ``complete``, all else a ``complete``."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
        xml.startDocument()
        head = {"xes.version": "1849-2016", "xes.features": "", "xmlns": NAMESPACE}
        xml.startElement("log", head)  # type: ignore[arg-type]
        _preamble(xml)
        _tag(xml, "string", "concept:name", str(run.manifest["scenario"]["name"]))
        _tag(xml, "string", "lifecycle:model", "standard")
        for life in lives_of(run, regime):
            _traces(xml, life, case)
        xml.endElement("log")
        xml.endDocument()


def _preamble(xml: XMLGenerator) -> None:
    for prefix, name in EXTENSIONS.items():
        _empty(xml, "extension", name=name, prefix=prefix, uri=f"{NAMESPACE}{prefix}.xesext")
    _global(xml, "trace", [("string", "concept:name", "unknown")])
    _global(
        xml,
        "event",
        [
            ("string", "concept:name", "unknown"),
            ("date", "time:timestamp", NEVER),
            ("string", "lifecycle:transition", "complete"),
        ],
    )
    _empty(xml, "classifier", name="Activity", scope="event", keys="concept:name")


def _global(xml: XMLGenerator, scope: str, attributes: list[tuple[str, str, str]]) -> None:
    xml.startElement("global", {"scope": scope})  # type: ignore[arg-type]
    for tag, key, value in attributes:
        _tag(xml, tag, key, value)
    xml.endElement("global")


def _traces(xml: XMLGenerator, life: LoggedRun, case: str) -> None:
    for name, events in cases_of(life.log, case).items():
        xml.startElement("trace", {})  # type: ignore[arg-type]
        _tag(xml, "string", "concept:name", f"{life.prefix}{name}")
        _tag(xml, "string", case, name)
        _tag(xml, "string", "regime", life.regime)
        _tag(xml, "int", "replication", str(life.replication))
        for _, _, attributes in sorted(_marks(life, events), key=lambda mark: mark[:2]):
            _event(xml, attributes)
        xml.endElement("trace")


Attributes = list[tuple[str, str, str]]


def _marks(life: LoggedRun, events: list[tuple[int, Event]]) -> Iterator[tuple[int, int, Attributes]]:
    for number, event in events:
        if isinstance(event, Told):
            continue
        began = getattr(event, "began", None)
        if began is not None:
            yield began, number, _common(life, event, number, began, "start")
        yield event.at, number, [*_common(life, event, number, event.at, "complete"), *_own(event)]


def _common(life: LoggedRun, event: Event, number: int, minute: int, transition: str) -> Attributes:
    held: Any = event
    placed = [
        ("string", key, getattr(held, field)) for field, key in PLACED.items() if getattr(held, field, "")
    ]
    return [
        ("string", "concept:name", activity_of(event)),
        ("string", "concept:instance", str(number)),
        ("date", "time:timestamp", life.moment(minute)),
        ("string", "lifecycle:transition", transition),
        *placed,
    ]


def _own(event: Event) -> Attributes:
    kinds = plain_types(type(event))
    return [
        (TAGS[kinds[field]], field, _text(value))
        for field, value in zip(kinds, event)
        if field not in SAID and field not in PLACED and value != ""
    ]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _event(xml: XMLGenerator, attributes: Attributes) -> None:
    xml.startElement("event", {})  # type: ignore[arg-type]
    for tag, key, value in attributes:
        _tag(xml, tag, key, value)
    xml.endElement("event")


def _tag(xml: XMLGenerator, tag: str, key: str, value: str) -> None:
    _empty(xml, tag, key=key, value=in_xml(value))


def _empty(xml: XMLGenerator, tag: str, **attributes: str) -> None:
    xml.startElement(tag, attributes)  # type: ignore[arg-type]
    xml.endElement(tag)
    xml.ignorableWhitespace("\n")
