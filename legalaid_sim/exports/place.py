"""Where an export goes: beside the results folder or where asked, never through a link that leads out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from legalaid_sim.errors import ResultsError
from legalaid_sim.results.folder import PARTIAL, refuse_exits


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
    partial = place.with_name(f".{place.name}.{os.getpid()}{PARTIAL}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _gone_in_the_end(partial):
            yield partial
            os.rename(partial, place)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ResultsError(str(place), f"cannot be written: {reason}") from error


@contextmanager
def _gone_in_the_end(partial: Path) -> Iterator[None]:
    try:
        yield
    finally:
        partial.unlink(missing_ok=True)
