"""A resolved contract written as one flat file, each line with the file and line it came from."""

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from legalaid_sim.contracts.load import Resolved
from legalaid_sim.yamlfile import Mark, Marks, Path, dump, parse

COLUMN = 88


def flat_text(resolved: Resolved, with_origins: bool = True) -> str:
    """Write the flat contract; reading it gives the same data as the file it was resolved from."""
    text = dump(resolved.data)
    if not with_origins:
        return text
    starts = _paths_by_line(parse(text).marks)
    lines = text.rstrip("\n").split("\n")
    return "\n".join(_annotated(lines, starts, resolved.document.marks)) + "\n"


def _paths_by_line(marks: Marks) -> dict[int, list[Path]]:
    """Collect what starts on each line of the written text, outermost first."""
    found: dict[int, list[Path]] = {}
    for places in (marks.keys, marks.values):
        for path, mark in places.items():
            if path:
                found.setdefault(mark.line, []).append(path)
    return {line: sorted(set(paths), key=len) for line, paths in found.items()}


def _annotated(lines: list[str], starts: Mapping[int, list[Path]], origins: Marks) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        origin = _origin(starts.get(number, []), origins)
        goes_on = number < len(lines) and number + 1 not in starts
        if not origin:
            yield line
        elif goes_on:
            yield f"{line[: len(line) - len(line.lstrip())]}# {origin}"
            yield line
        else:
            yield f"{line:<{COLUMN}}  # {origin}"


def _origin(paths: list[Path], origins: Marks) -> str:
    """Name where the parts of a line came from, each place once."""
    places = dict.fromkeys(_place(origins.value(path)) for path in paths)
    return ", ".join(filter(None, places))


def _place(mark: Mark) -> str:
    return f"{FilePath(mark.file).name}:{mark.line}" if mark.file else ""
