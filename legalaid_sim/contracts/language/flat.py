"""A resolved contract written as one flat file, each line with the file and line it came from."""

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from legalaid_sim.contracts.language.load import Resolved
from legalaid_sim.yamlfile import Mark, Marks, Path, dump, parse

COLUMN = 88
ONE_LINE = 1_000_000


def flat_text(resolved: Resolved, with_origins: bool = True) -> str:
    """Write the flat contract; reading it gives the same data as the file it was resolved from."""
    if not with_origins:
        return dump(resolved.data)
    text = dump(resolved.data, width=ONE_LINE)
    lines, written = text.rstrip("\n").split("\n"), parse(text).marks
    origins = _origins_by_line(written, resolved.document.marks)
    return "\n".join(_annotated(lines, origins)) + "\n"


def _origins_by_line(written: Marks, origins: Marks) -> dict[int, list[Mark]]:
    """Find where what stands on each line of the written text came from, innermost parts only."""
    on_line: dict[int, set[Path]] = {}
    for places in (written.keys, written.values):
        for path, mark in places.items():
            on_line.setdefault(mark.line, set()).add(path)
    return {
        line: [_origin(path, line, written, origins) for path in sorted(_innermost(paths), key=str)]
        for line, paths in on_line.items()
    }


def _innermost(paths: set[Path]) -> set[Path]:
    holders = {path[:size] for path in paths for size in range(len(path))}
    return paths - holders


def _origin(path: Path, line: int, written: Marks, origins: Marks) -> Mark:
    return origins.value(path) if written.value(path).line == line else origins.key(path)


def _annotated(lines: list[str], origins: Mapping[int, list[Mark]]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        places = dict.fromkeys(f"{FilePath(m.file).name}:{m.line}" for m in origins.get(number, ()) if m.file)
        yield f"{line:<{COLUMN}}  # {', '.join(places)}" if places else line
