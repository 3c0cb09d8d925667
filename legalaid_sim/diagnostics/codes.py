"""The catalogue of all that ``check`` can say: stable codes, names, what each means, how to mend it.

The entries are data in ``codes.yaml``. A code is a letter C, a letter for the area and three digits.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Mark, load_document


class Code(NamedTuple):
    """One entry: how grave, what is wrong in a sentence, a bad fragment, the same fragment mended."""

    code: str
    name: str
    severity: str
    meaning: str
    bad: str
    mended: str


@cache
def codes() -> dict[str, Code]:
    """Read the catalogue, by code."""
    document = load_document(Path(__file__).with_name("codes.yaml"))
    return {code: Code(code, **entry) for code, entry in document.data.items()}


def find_code(word: str) -> Code | None:
    """Find a code by its number or its name, in any case.

    >>> find_code("ci201").name
    'dead-zone'
    """
    by_name = {entry.name: entry for entry in codes().values()}
    return codes().get(word.strip().upper()) or by_name.get(word.strip().lower())


def problem_of(code: str, message: str, mark: Mark, path: str = "", **more: Any) -> Problem:
    """Make a problem at a place, with the name and severity that the catalogue gives its code."""
    known = codes()[code]
    place = (mark.file, mark.line, mark.column, mark.width)
    return Problem(code, known.name, known.severity, message, *place, path, **more)
