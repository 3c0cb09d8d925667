"""Files that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from legalaid_sim.errors import ResultsError

PARTIAL = ".partial"


@contextmanager
def written_whole(place: Path) -> Iterator[Path]:
    """Give a file to write to; at the end it stands at ``place``, in place of what did, or after an error nothing does.

    It is made at once, so that a place that cannot be written is told before the work begins. Raises
    ``ResultsError`` with the reason of the machine.
    """
    partial = place.with_name(f".{place.name}.{os.getpid()}{PARTIAL}")
    try:
        try:
            partial.touch()
            yield partial
            partial.replace(place)
        finally:
            partial.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ResultsError(str(place), f"cannot be written: {reason_of(error)}") from error


def write_whole(place: Path, text: str) -> None:
    """Write a text, as UTF-8, in place of what is there; raises ``ResultsError`` where it cannot be written."""
    with written_whole(place) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def write_new(place: Path, text: str) -> None:
    """Write a text where nothing stands yet, and make the folders on the way; raises ``ResultsError``."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(exist_ok=False)
    except FileExistsError:
        raise ResultsError(str(place), "is there already and is left as it is; give another name") from None
    except OSError as error:
        raise ResultsError(str(place), f"cannot be written: {reason_of(error)}") from error
    try:
        write_whole(place, text)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def replace_unchanged(place: Path, was: bytes, now: bytes) -> None:
    """Write over a file that still holds ``was``, whole or not at all; its permissions stay as they are.

    Raises ``ResultsError`` where it holds something else by now, or cannot be read or written.
    """
    with written_whole(place) as partial:
        shutil.copymode(place, partial)
        partial.write_bytes(now)
        if place.read_bytes() != was:
            raise ResultsError(
                str(place), "has changed since it was read: nothing was written; read it again"
            )


def reason_of(error: OSError) -> str:
    """Give the machine's own words for what went wrong."""
    return error.strerror or str(error) or type(error).__name__
