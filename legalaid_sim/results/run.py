"""Open a results folder and read it: manifest, measures, logs."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import Log
from legalaid_sim.results.database import DATABASE, DatabaseReader
from legalaid_sim.results.folder import is_partial
from legalaid_sim.results.manifest import SCHEMA_VERSION
from legalaid_sim.results.summary import read_summary
from legalaid_sim.tabular import as_html


class ResultsFolder:
    """What the manifest of a folder says, whether or not all of its files are there."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest

    @property
    def regimes(self) -> tuple[str, ...]:
        """The regimes that were run, in order."""
        return tuple(self.manifest["regimes"])


class Run(ResultsFolder):
    """A finished run on disk. ``manifest`` is plain data; ``measures`` the rows of ``measures.csv``."""

    def __init__(self, folder: Path, manifest: dict[str, Any], reader: DatabaseReader) -> None:
        super().__init__(folder, manifest)
        self.reader = reader

    @cached_property
    def measures(self) -> list[dict[str, Any]]:
        """Means and intervals as plain rows, one for each measure and regime."""
        try:
            return [row._asdict() for row in read_summary(self.folder / "measures.csv")]
        except (OSError, ValueError) as error:
            raise ResultsError(str(self.folder), "measures.csv is missing or damaged; run again") from error

    def replications(self, regime: str) -> list[dict[str, float | None]]:
        """Give the measures of every replication of a regime, in order."""
        return self.reader.measures(self.regime(regime))

    def log(self, regime: str | None = None, replication: int = 1) -> Log:
        """Give the log of one run; the first regime where none is named."""
        return self.reader.log(self.regime(regime), replication)

    def regime(self, name: str | None) -> str:
        """Give a regime by name, the first where none is named; raises with those there are."""
        if name is None:
            return self.regimes[0]
        if name not in self.regimes:
            raise ResultsError(str(self.folder), f"has no regime '{name}'; it has {', '.join(self.regimes)}")
        return name

    def __repr__(self) -> str:
        return f"Run({', '.join(self.regimes)}; {self.folder})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.measures)

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        self.reader.close()


def open_run(folder: Path | str) -> Run:
    """Open a results folder; raises ``ResultsError`` saying what is wrong with it and what to do."""
    found = open_folder(folder)
    return Run(found.folder, found.manifest, DatabaseReader(found.folder / DATABASE))


def open_folder(folder: Path | str) -> ResultsFolder:
    """Read the manifest of a results folder, whatever of its other files is there; raises ``ResultsError``."""
    place = Path(folder)
    if is_partial(Path(place.absolute().name)):
        raise ResultsError(str(folder), "was interrupted while it was written; delete it and run again")
    if not place.is_dir():
        raise ResultsError(str(folder), "is not a folder; give one that a run wrote")
    return ResultsFolder(place, _manifest(place))


def _manifest(place: Path) -> dict[str, Any]:
    path = place / "manifest.json"
    if not path.is_file():
        raise ResultsError(
            str(place), "holds no manifest.json, so it is not a results folder; give one that a run wrote"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found = manifest["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ResultsError(str(path), "is damaged; run the scenario again") from error
    if found != SCHEMA_VERSION:
        raise ResultsError(
            str(path), f"has schema_version {found}, and this version reads {SCHEMA_VERSION}; run it again"
        )
    return dict(manifest)
