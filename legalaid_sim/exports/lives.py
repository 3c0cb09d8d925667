"""The logs of a run as process mining sees them: each event with its moment, its case and what it touches.

Moments are those of the simulated calendar, written as if in UTC. Ids carry the regime and the replication,
since the same client lives under every contract.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import DutyDone, DutyFell, Event, Log, Work
from legalaid_sim.results import Run
from legalaid_sim.results.tables import table_of

CASES = ("client", "matter")


class LoggedRun(NamedTuple):
    """One logged run: where it comes from, what to put before its ids, its first minute, its log."""

    regime: str
    replication: int
    first: datetime
    log: Log

    @property
    def prefix(self) -> str:
        """What goes before every id of this run."""
        return f"{self.regime}/{self.replication}/"

    def moment(self, minute: int) -> str:
        """Give a minute of the log as a moment in ISO 8601."""
        return f"{(self.first + timedelta(minutes=minute)).isoformat()}Z"


def lives_of(run: Run, regime: str | None = None) -> Iterator[LoggedRun]:
    """Give every logged run of a results folder, or of one regime of it, one log in memory at a time.

    Raises ``ResultsError`` where no log was kept.
    """
    chosen = (run.regime(regime),) if regime is not None else run.regimes
    kept = [(name, number) for name, number, _, _, logged in run.reader.runs() if logged and name in chosen]
    if not kept:
        raise ResultsError(str(run.folder), "keeps no log to export; run again with --log first or --log all")
    first = _first(run)
    for name, number in kept:
        yield LoggedRun(name, number, first, run.reader.log(name, number))


def activity_of(event: Event) -> str:
    """Name what was done, in the words of the log.

    >>> from legalaid_sim.events import MatterClosed, Work
    >>> activity_of(Work(60, 0, "ann", "casework", 60, "c1.p1.m1", ""))
    'casework'
    """
    return event.activity if isinstance(event, Work) else table_of(type(event)).replace("_", " ")


def cases_of(log: Log, case: str) -> Mapping[str, list[tuple[int, Event]]]:
    """Give the numbered events of each client or of each matter, in the order in which the cases begin."""
    matters = {event.duty: event.matter for event in log.of(DutyFell)}
    found: dict[str, list[tuple[int, Event]]] = {}
    for number, event in enumerate(log, start=1):
        key = _case(event, case, matters)
        if key:
            found.setdefault(key, []).append((number, event))
    return found


def plain_type(python: type) -> str:
    """Name a type as the process-mining formats do."""
    return {int: "integer", bool: "boolean", float: "float", str: "string"}[python]


def _case(event: Event, case: str, matters: Mapping[str, str]) -> str:
    # An id reads as a path, so that the client of a matter is what stands before its first point.
    held: Any = event
    matter = matters.get(event.duty, "") if isinstance(event, DutyDone) else getattr(held, "matter", "")
    if case == "matter":
        return str(matter)
    return str(getattr(held, "client", "") or matter.partition(".")[0])


def _first(run: Run) -> datetime:
    from legalaid_sim.scenario.model import Scenario

    try:
        period = Scenario.model_validate(run.manifest["scenario"]["resolved"]).period
    except (ValueError, KeyError, TypeError) as error:
        raise ResultsError(str(run.folder / "manifest.json"), "is damaged; run the scenario again") from error
    return datetime.combine(period.begins, time())
