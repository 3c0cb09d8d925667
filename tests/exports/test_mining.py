import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import KINDS, Contact, Log
from legalaid_sim.exports import export
from legalaid_sim.exports.cells import in_xml
from legalaid_sim.exports.lives import cases_of
from legalaid_sim.results.tables import table_of
from tests.exports.making import HOSTILE, event, folder_of, log_of

XES = "{http://www.xes-standard.org/}"
TEXT = {"type": "string"}
NAMED = {
    "type": "object",
    "required": ["name", "type"],
    "additionalProperties": False,
    "properties": {"name": TEXT, "type": {"enum": ["string", "integer", "float", "boolean", "time"]}},
}
DECLARED = {
    "type": "object",
    "required": ["name", "attributes"],
    "properties": {"name": TEXT, "attributes": {"type": "array", "items": NAMED}},
}
TYPES = {"type": "array", "minItems": 1, "items": DECLARED}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
WAY = {
    "type": "object",
    "required": ["objectId", "qualifier"],
    "properties": {"objectId": TEXT, "qualifier": TEXT},
}
RELATIONS = {"type": "array", "items": WAY}


def values(*more: str) -> dict[str, Any]:
    held = {"name": TEXT, "value": TEXT, "time": MOMENT}
    return {
        "type": "array",
        "items": {"type": "object", "required": ["name", "value", *more], "properties": held},
    }


# The shape that OCEL 2.0 gives its JSON files.
OCEL = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "additionalProperties": False,
    "properties": {
        "eventTypes": TYPES,
        "objectTypes": TYPES,
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "time"],
                "properties": {
                    "id": TEXT,
                    "type": TEXT,
                    "time": MOMENT,
                    "attributes": values(),
                    "relationships": RELATIONS,
                },
            },
        },
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type"],
                "properties": {
                    "id": TEXT,
                    "type": TEXT,
                    "attributes": values("time"),
                    "relationships": RELATIONS,
                },
            },
        },
    },
}


def attributes(element: ElementTree.Element) -> dict[str, str]:
    return {child.attrib["key"]: child.attrib["value"] for child in element if "key" in child.attrib}


@pytest.mark.parametrize("case", ["client", "matter"])
@pytest.mark.parametrize("name", HOSTILE)
def test_xes_is_read_back_by_any_reader_of_xml(tmp_path: Path, name: str, case: str) -> None:
    root = ElementTree.parse(export(folder_of(tmp_path / "run", name), "xes", case=case)).getroot()
    assert root.tag == f"{XES}log"
    order = list(dict.fromkeys(child.tag.removeprefix(XES) for child in root))
    assert order == ["extension", "global", "classifier", "string", "trace"]
    trace = next(iter(root.iter(f"{XES}trace")))
    assert attributes(trace)["regime"] == name
    assert attributes(trace)["concept:name"] == f"{name}/1/{'c1' if case == 'client' else 'c1.p1.m1'}"
    contacts = [
        held
        for found in trace.iter(f"{XES}event")
        if (held := attributes(found))["concept:name"] == "contact"
    ]
    assert [held["lifecycle:transition"] for held in contacts] == ["start", "complete"]
    assert contacts[0]["time:timestamp"] < contacts[1]["time:timestamp"]
    assert contacts[1]["org:resource"] == name
    assert contacts[1]["known"] == "true"
    assert contacts[1]["trust_after"] == "0.25"


def test_an_xes_trace_is_in_the_order_of_its_moments(tmp_path: Path) -> None:
    root = ElementTree.parse(export(folder_of(tmp_path / "run"), "xes")).getroot()
    moments = [attributes(found)["time:timestamp"] for found in root.iter(f"{XES}event")]
    assert moments == sorted(moments)
    assert moments[0] == "2008-03-01T00:10:00Z"
    told = {attributes(found)["concept:name"] for found in root.iter(f"{XES}event")}
    assert {"asked", "contact", "outcome", "duty done"} <= told


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert in_xml("a\x00b\ud800c\uffffd\te") == "a\ufffdb\ufffdc\ufffdd\te"


def test_a_duty_that_is_done_belongs_to_the_matter_it_fell_on() -> None:
    cases = cases_of(log_of("plain"), "matter")
    kinds = {type(found).__name__ for _, found in cases["c1.p1.m1"]}
    assert {"DutyFell", "DutyDone", "Contact", "Entitled"} <= kinds
    assert "Asked" not in kinds
    assert set(cases_of(log_of("plain"), "client")) == {"c1"}


def test_a_case_holds_nothing_of_another() -> None:
    one, other = event(Contact, 5, "plain"), event(Contact, 6, "plain")
    log = Log(log_of("plain").window, [one, other._replace(client="c2", matter="c2.p1.m1")])  # type: ignore[union-attr, call-arg]
    assert {name: len(found) for name, found in cases_of(log, "client").items()} == {"c1": 1, "c2": 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_ocel_has_the_shape_of_the_format_and_no_loose_end(tmp_path: Path, name: str) -> None:
    told = json.loads(export(folder_of(tmp_path / "run", name), "ocel").read_text(encoding="utf-8"))
    jsonschema.validate(told, OCEL)
    objects = {entry["id"]: entry for entry in told["objects"]}
    assert len(objects) == len(told["objects"])
    assert len({entry["id"] for entry in told["events"]}) == len(told["events"])
    for entry in (*told["events"], *told["objects"]):
        assert all(way["objectId"] in objects for way in entry["relationships"])
    assert objects[f"{name}/1/adviser {name}"]["type"] == "adviser"
    ways = {
        way["qualifier"]: way["objectId"] for way in objects[f"{name}/1/matter c1.p1.m1"]["relationships"]
    }
    assert ways["under"] == f"{name}/1/contract {name}"


def test_ocel_values_are_of_declared_names(tmp_path: Path) -> None:
    told = json.loads(export(folder_of(tmp_path / "run"), "ocel").read_text(encoding="utf-8"))
    for types, entries in (("eventTypes", "events"), ("objectTypes", "objects")):
        known = {entry["name"]: {field["name"] for field in entry["attributes"]} for entry in told[types]}
        for entry in told[entries]:
            assert {field["name"] for field in entry["attributes"]} <= known[entry["type"]]
    assert {entry["name"] for entry in told["eventTypes"]} == {table_of(k) for k in KINDS} - {
        "person",
        "told",
    }


@pytest.mark.parametrize("form", ["xes", "ocel"])
def test_without_a_log_there_is_nothing_to_mine(tmp_path: Path, form: str) -> None:
    folder = folder_of(tmp_path / "run", logged=False)
    with pytest.raises(ResultsError, match="keeps no log to export; run again with --log first or --log all"):
        export(folder, form)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_unknown_regime_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="has no regime 'other'; it has plain"):
        export(folder_of(tmp_path / "run"), "xes", regime="other")
