"""Worlds as they are done: into the database of a run, and into what is kept of them until its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from legalaid_sim.events import Log, MatterClosed, MatterOpened
from legalaid_sim.experiments.shared.progress import Progress
from legalaid_sim.experiments.shared.replicate import Clauses, Curves, Replication, Values
from legalaid_sim.results.database import Writer


@dataclass(slots=True)
class RunTally:
    """What is kept of every replication while the run goes on."""

    series: dict[str, list[Values]]
    worlds: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    drawn: list[Mapping[str, Any]] = field(default_factory=list)
    curves: dict[str, list[Curves]] = field(default_factory=dict)
    clauses: dict[str, list[Clauses]] = field(default_factory=dict)

    @property
    def draws(self) -> bool:
        """Say whether what is unknown was drawn, so that intervals are over draws."""
        return any(self.drawn)

    def add(self, done: Replication) -> None:
        """Count one replication in."""
        self.drawn.append(done.drawn)
        self.worlds.append({"replication": done.number, "seed": done.seed, "digest": done.world_digest})
        for regime, lived in done.lived.items():
            self.series[regime].append(lived.measures)
            self.curves.setdefault(regime, []).append(lived.curves)
            self.clauses.setdefault(regime, []).append(lived.clauses)
            self.seconds[regime] = self.seconds.get(regime, 0.0) + lived.seconds
            if lived.log is not None and regime not in self.example:
                self.example[regime] = telling_matter(lived.log)


def telling_matter(log: Log) -> str:
    """Give the matter with most contacts among those opened and closed within the window: there is much to tell.

    One opened before was lived, and is paid, under what was held before, whatever the contract is called.
    """
    since = {event.matter for event in log.of(MatterOpened) if event.at >= log.window.opens}
    closed = [each for each in log.of(MatterClosed) if each.matter in since and each.at < log.window.closes]
    return max(closed, key=lambda event: event.contacts).matter if closed else ""


def record_worlds(
    stream: Iterable[Replication], place: Path, tally: RunTally, progress: Progress, most: int
) -> None:
    """Write worlds into a database and count each into ``tally``; of a database that is not whole nothing stays."""
    writer = Writer(place)
    try:
        for done in stream:
            for regime, lived in done.lived.items():
                writer.add(regime, done.number, done.seed, done.world_digest, lived.measures, lived.log)
            tally.add(done)
            progress(done.number, most)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
