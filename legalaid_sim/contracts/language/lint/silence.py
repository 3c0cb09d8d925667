"""Silencing what a designer has looked at and accepts: ``# allow CI201: matches the statutory scheme``.

A comment at the end of a line speaks for that line; a comment on its own line speaks for the next line that
is not a comment, or for the whole file when it stands above the first key. A reason is needed. Errors stay.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, Problem
from legalaid_sim.yamlfile import Document, Mark

ALLOW = re.compile(r"(?:^|\s)#\s*allow\s+(C[A-Z]\d{3})\b\s*:?\s*(.*)$")
WHOLE_FILE = 0


class Silence(NamedTuple):
    """One comment: the code it allows, why, where it stands, the line it speaks for (0: the whole file)."""

    code: str
    reason: str
    mark: Mark
    line: int


def silences_of(document: Document) -> tuple[Silence, ...]:
    """Read the comments of a file that allow a code."""
    return tuple(_read(document.lines, document.path)) if "allow" in document.text else ()


def silence(
    problems: Sequence[Problem], documents: Mapping[str, Document], own: str, looked_at: Collection[str]
) -> tuple[Problem, ...]:
    """Leave out what comments allow, and tell of comments that allow nothing or give no reason.

    Comments in the contract's ``own`` file are told of, in the areas that were looked at; a parent's are not.
    """
    every = [silence for document in documents.values() for silence in silences_of(document)]
    heard = {s for s in every if s.reason and any(_speaks_for(s, p) for p in problems)}
    kept = [p for p in problems if not any(_speaks_for(s, p) for s in heard)]
    mine = [s for s in every if s.mark.file == own and s.code[:2] in looked_at]
    return (*kept, *_unheard(mine, heard))


def _speaks_for(allowed: Silence, problem: Problem) -> bool:
    here = allowed.line in (WHOLE_FILE, problem.line)
    return (
        allowed.code == problem.code
        and problem.severity != ERROR
        and here
        and allowed.mark.file == problem.file
    )


def _unheard(every: Sequence[Silence], heard: set[Silence]) -> Iterator[Problem]:
    for allowed in every:
        if not allowed.reason:
            message = f"{allowed.code} is allowed without a reason, so it is not silenced"
            yield problem_of(
                "CX511", message, allowed.mark, help=f"write # allow {allowed.code}: why it is right"
            )
        elif allowed not in heard:
            message = f"{allowed.code} is allowed here and does not occur"
            yield problem_of("CX510", message, allowed.mark, help="delete the comment")


def _read(lines: Sequence[str], file: str) -> Iterator[Silence]:
    first_key = next((n for n, line in enumerate(lines, 1) if _is_content(line)), len(lines) + 1)
    for number, line in enumerate(lines, 1):
        found = ALLOW.search(line)
        if found:
            column = line.index("#", found.start()) + 1
            mark = Mark(number, column, len(line.rstrip()) - column + 1, file)
            yield Silence(found[1], found[2].strip(), mark, _target(lines, number, first_key))


def _target(lines: Sequence[str], number: int, first_key: int) -> int:
    if _is_content(lines[number - 1]):
        return number
    if number < first_key:
        return WHOLE_FILE
    return next((n for n in range(number + 1, len(lines) + 1) if _is_content(lines[n - 1])), number)


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
