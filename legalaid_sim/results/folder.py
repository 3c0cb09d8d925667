"""Folders that are there whole or not at all, under names that cannot lead anywhere else.

A folder is written beside its place as ``.<name>.<process>.partial``, flushed to disk and renamed. Whatever
ends the process on the way leaves at most such a partial folder, which no command lists or opens.
"""

import os
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import PARTIAL, reason_of

NAME_LIMIT = 60
# Windows keeps these for devices, whatever stands behind them.
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def slug(text: str) -> str:
    """Make a name that is safe as a path part anywhere: lower-case letters, digits, hyphens.

    >>> slug("../Canning Town, 2008")
    'canning-town-2008'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:NAME_LIMIT].strip("-") or "unnamed"
    return f"{name}-x" if name in DEVICES else name


def place_for(root: Path, scenario: str, stamp: str, digest: str) -> Path:
    """Give ``root/<scenario>/<stamp>-<hash>``, with a number behind where that is taken.

    The name is claimed until ``written_whole`` is done with it, so that two runs of the same second do not find out
    after all their work. Raises ``ResultsError`` where nothing can be written there.
    """
    base = root / slug(scenario) / f"{stamp}-{digest[:8]}"
    refuse_exits(base)
    place, count = base, 1
    while place.exists() or not _claimed(place):
        count += 1
        place = base.with_name(f"{base.name}-{count}")
    return place


def _claimed(place: Path) -> bool:
    claim = _claim_of(place)
    try:
        claim.parent.mkdir(parents=True, exist_ok=True)
        claim.touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:
        raise ResultsError(str(place), f"cannot be made: {_reason(error)}") from error
    return True


def _claim_of(place: Path) -> Path:
    return place.with_name(f".{place.name}.claim")


def checked_place(path: Path) -> Path:
    """Give the path as an absolute one that may be written, or raise ``ResultsError``.

    Refused: a place that holds something, a file, a place within a file, and a way that a link leads out of the
    directory it stands in.
    """
    whole = refuse_exits(path)
    home = next(part for part in whole.parents if part.exists())
    if not home.is_dir():
        raise ResultsError(str(path), f"cannot be made: {home} is a file; give another folder")
    if whole.exists() and not whole.is_dir():
        raise ResultsError(str(path), "is a file; give the name of a folder that does not exist yet")
    if whole.is_dir() and any(whole.iterdir()):
        raise ResultsError(str(path), "already holds something and is left as it is; give another folder")
    return whole


def refuse_results(path: Path) -> None:
    """Raise ``ResultsError`` for a place in a folder of results: what is known of real people has none there."""
    whole = Path(os.path.realpath(path))
    holds = next((part for part in (whole, *whole.parents) if (part / "manifest.json").is_file()), None)
    if holds is not None:
        raise ResultsError(
            str(path), f"is in a folder of results ({holds}), which is passed on; give a place outside it"
        )


def refuse_exits(path: Path) -> Path:
    """Give the path as an absolute one; raises ``ResultsError`` where a link leads out of its directory."""
    whole = Path(os.path.abspath(path))
    for part in (*reversed(whole.parents), whole):
        _refuse_exit(path, part)
    return whole


def _refuse_exit(asked: Path, part: Path) -> None:
    if not part.is_symlink():
        return
    home, leads = Path(os.path.realpath(part.parent)), Path(os.path.realpath(part))
    if not leads.is_relative_to(home):
        raise ResultsError(
            str(asked), f"the link '{part.name}' leads out to {leads}; links are not followed, give that path"
        )


def make_folder(place: Path) -> None:
    """Make a folder that may be there already, and those on the way; raises ``ResultsError`` where it cannot be."""
    refuse_exits(place)
    if place.is_file():
        raise ResultsError(str(place), "is a file; give the name of a folder")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(str(place), f"cannot be made: {reason_of(error)}") from error


@contextmanager
def written_whole(place: Path) -> Iterator[Path]:
    """Give a folder to write into; at the end it stands at ``place``, or after an error nothing does."""
    partial = place.with_name(f".{place.name}.{os.getpid()}{PARTIAL}")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise ResultsError(str(place), f"cannot be made: {_reason(error)}") from error
    try:
        yield partial
        _flush(partial)
        _rename(partial, place)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if isinstance(error, OSError | sqlite3.OperationalError) and not isinstance(error, BrokenPipeError):
            raise ResultsError(str(place), f"cannot be written: {_reason(error)}") from error
        raise
    finally:
        with suppress(OSError):
            _claim_of(place).unlink()


def is_partial(path: Path) -> bool:
    """Say whether a folder was left unfinished by a process that was ended."""
    return path.name.startswith(".") and path.name.endswith(PARTIAL)


def _rename(partial: Path, place: Path) -> None:
    if _windows() and place.is_dir():
        place.rmdir()  # it is empty, and a folder is not renamed onto another there
    os.rename(partial, place)
    _flush_one(place.parent)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _flush_one(path)
    _flush_one(folder)


def _flush_one(path: Path) -> None:
    if path.is_dir() and _windows():
        return  # gives no handle on a folder, and keeps its names in a journal of its own
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _windows() -> bool:
    return os.name == "nt"


def _reason(error: OSError | sqlite3.OperationalError) -> str:
    return reason_of(error) if isinstance(error, OSError) else str(error)
