"""Results folders with a name of one's choice wherever a name can stand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legalaid_sim.events import KINDS, Event, Log, Window
from legalaid_sim.measures.statistics import ratio
from legalaid_sim.results.database import Writer
from legalaid_sim.results.summary import SummaryRow, write_summary
from legalaid_sim.results.tables import columns_of
from tests.builders.logs import WORDS

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org","click")',
    "+1+1",
    "-2",
    "@SUM(A1:A9)",
    "＝1+1",
    "\u200f =1+1",
    "Robert'); DROP TABLE runs;--",
    "quotes \" and ' and, commas; and\nlines\r\nand\ttabs",
    "\u202eevil\u202c \u05d0\u05d1",
    "]]> &amp; <!-- <?xml ?>",
    "_x0041_ a\u0301 😀",
    "x" * 10_000,
)
IDS = {
    "client": "c1",
    "problem": "c1.p1",
    "matter": "c1.p1.m1",
    "duty": "d1",
    "parent": "c1.p1",
    "facts": "{}",
}
SCENARIO = {
    "kind": "scenario",
    "schema_version": 1,
    "about": {"title": "Names", "question": "Who is who?"},
    "period": {"starts": "2008-04-01", "months": 2, "lead_in_months": 1, "run_out_months": 1},
    "clients": {"arrivals": {"per_week": 1}, "problems": {"debt": {}}},
    "advisers": [{"number": 1}],
}


def event(kind: type[Event], at: int, name: str) -> Event:
    """One event of a kind, with the name in every text that is no id of a client's own things and no word."""
    made: dict[type, Any] = {int: 7, bool: True, float: 0.25}
    values = {
        column.name: IDS.get(column.name, name) if column.python is str else made[column.python]
        for column in columns_of(kind)
    }
    said = {field: words[0] for field, words in WORDS[kind].items()}
    made_of: Any = kind
    return made_of(**{**values, **said, "at": at, **({"began": at - 5} if "began" in values else {})})


def log_of(name: str) -> Log:
    return Log(Window(0, 100, 200), (event(kind, at, name) for at, kind in enumerate(KINDS, start=10)))


def folder_of(place: Path, name: str = "plain", logged: bool = True) -> Path:
    """A results folder of one regime, so named, with two replications and the log of the first."""
    place.mkdir(parents=True)
    writer = Writer(place / "run.sqlite")
    for number in (1, 2):
        log = log_of(name) if logged and number == 1 else None
        writer.add(name, number, 2**62, "ab" * 32, {"continuity.coc": ratio(1, 2), "admin.share": None}, log)
    writer.close()
    manifest = {"schema_version": 1, "kind": "run", "scenario": {"name": name, "resolved": SCENARIO}}
    (place / "manifest.json").write_text(json.dumps({**manifest, "regimes": {name: {}}}))
    write_summary(place / "measures.csv", [SummaryRow("continuity.coc", name, 0.5, 0.25, 0.75, 2, "share")])
    return place


def texts_of(name: str) -> Iterator[str]:
    yield from (value for event in log_of(name) for value in event if isinstance(value, str))
