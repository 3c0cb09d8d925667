"""The forms in which results can be exported, and the one function that does it."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.exports.place import beside, checked_file, file_written_whole
from legalaid_sim.exports.studies import ROWS, Study
from legalaid_sim.results import Run, open_run
from legalaid_sim.results.folder import checked_place, written_whole


class Form(NamedTuple):
    """A form: who writes it, what its name ends in; is it a folder, does it tell the logs only."""

    module: str
    function: str
    ending: str
    folder: bool = False
    mined: bool = False

    @property
    def write(self) -> Callable[..., None]:
        """The writer, imported when it is used."""
        found: Callable[..., None] = getattr(
            import_module(f"legalaid_sim.exports.{self.module}"), self.function
        )
        return found


FORMS = {
    "csv": Form("csvfiles", "write_csv", "-csv", folder=True),
    "xlsx": Form("workbook", "write_workbook", ".xlsx"),
    "parquet": Form("parquet", "write_parquet", "-parquet", folder=True),
    "xes": Form("xes", "write_xes", ".xes", mined=True),
    "ocel": Form("ocel", "write_ocel", ".ocel.json", mined=True),
    "json": Form("jsonfile", "write_json", ".json"),
}


def export(
    folder: Path, form: str, out: Path | None = None, regime: str | None = None, case: str = "client"
) -> Path:
    """Write a results folder, or that of a study, in another form and give the place, whole or not at all.

    ``out`` is a file, or for ``csv`` and ``parquet`` a folder, that does not exist yet; beside the results
    folder where it is left out. ``regime`` and ``case`` are for ``xes`` and ``ocel``, which tell the logs.

    Raises ``ResultsError`` for a folder that cannot be read and a place that cannot be written.
    """
    chosen = FORMS[form]
    if regime is not None and not chosen.mined:
        raise ResultsError(f"--format {form}", "holds every contract; --regime goes with xes and ocel")
    if (folder / ROWS).is_file():
        if chosen.mined:
            raise ResultsError(
                str(folder), f"is the folder of a study, which keeps no logs for --format {form}"
            )
        return _written(Study(folder), chosen, out or beside(folder, chosen.ending), regime, case)
    with open_run(folder) as run:
        return _written(run, chosen, out or beside(folder, chosen.ending), regime, case)


def _written(run: Run | Study, form: Form, out: Path, regime: str | None, case: str) -> Path:
    place = checked_place(out) if form.folder else checked_file(out)
    with written_whole(place) if form.folder else file_written_whole(place) as partial:
        if form.mined:
            form.write(run, partial, regime, case)
        else:
            form.write(run, partial)
    return out
