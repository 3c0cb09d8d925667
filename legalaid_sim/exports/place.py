"""Where an export goes: beside the results folder or where asked, never through a link that leads out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import reason_of, written_whole
from legalaid_sim.results.folder import refuse_exits


def beside(folder: Path, ending: str) -> Path:
    """Name what is written beside a results folder.

    >>> beside(Path("results/a/2026"), ".xlsx").as_posix()
    'results/a/2026.xlsx'
    """
    return folder.with_name(f"{Path(os.path.abspath(folder)).name}{ending}")


def checked_file(path: Path) -> Path:
    """Give the path as an absolute one to write to; raises ``ResultsError`` where something is there."""
    whole = refuse_exits(path)
    if whole.is_dir():
        raise ResultsError(str(path), "is a folder; give the name of a file that does not exist yet")
    if os.path.lexists(whole):
        raise ResultsError(str(path), "is there already and is left as it is; give another name with --out")
    return whole


@contextmanager
def file_written_whole(place: Path) -> Iterator[Path]:
    """Give a file to write to; at the end it stands at ``place``, or after an error nothing does."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(str(place), f"cannot be written: {reason_of(error)}") from error
    with written_whole(place) as partial:
        yield partial
