"""Set one number of a file that a person wrote: find its place by name, splice it in, say what examples now say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from legalaid_sim.authoring.checking import NOT_NUMBERS, check_document
from legalaid_sim.contracts.language.changes import ChangeFailed, find_path
from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.contracts.language.examples import run_examples
from legalaid_sim.contracts.language.load import folder_of, resolve_document, terms_of
from legalaid_sim.diagnostics import named_path, nearest, show
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, ContractError, InputError, Problem, Refusal
from legalaid_sim.yamlfile import (
    Document,
    Path,
    PlacedNumber,
    held_at,
    is_number,
    load_document,
    numbers_of,
    parse,
    with_number,
)

IN_TEXT = re.compile(r"-?\d[\d,]*(\.\d+)?")
MOST_NAMED = 12
EXAMPLE_FAILS = "CT400"


class NumberSet(NamedTuple):
    """A file with another number: the text before and after, both as bytes of the file, and where it stands."""

    place: str
    old: str
    new: str
    line: int
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class ExampleMoved:
    """An expectation of a worked example that comes out otherwise than before."""

    example: str
    what: str
    expected: str
    before: str
    now: str


def set_number(path: FilePath, place: str, number: str) -> NumberSet:
    """Work out what a file would be with another number; nothing is written.

    ``place`` names keys and the ids of blocks, as changes do: ``payments.fee.amount``. In a contract that extends
    another, a number of its changes is found by the place that it changes.

    Raises:
        UnreadableFile: the file is not text.
        ContractError: no number stands at that place, ``number`` is none, or the file could not be read with it.
    """
    load_document(path)
    before = path.read_bytes()
    raw = before.decode("utf-8")
    document = parse(raw, str(path))
    if any(problem.severity == ERROR for problem in document.problems):
        raise ContractError(document.problems)
    found = number_at(document, place)
    _refuse_no_number(number, found, place)
    text = with_number(raw, found.mark, number)
    new = parse(text, str(path))
    mend = _newly_wrong(document, new, path)
    if mend:
        raise ContractError(mend)
    now = str(held_at(new.data, found.path))
    return NumberSet(place, str(found.value), now, found.mark.line, before, text.encode("utf-8"))


def number_at(document: Document, place: str) -> PlacedNumber:
    """Find the number of a document at a place, named as changes name one.

    Raises:
        ContractError: nothing is there, with the nearest names; or what is there is no number.
    """
    named = {named_path(document.data, number.path): number for number in reversed([*numbers_of(document)])}
    if place in named:
        return named[place]
    path = _path_of(document, place)
    value, mark = held_at(document.data, path), document.marks.value(path)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        inside = [name for name in places_of(document) if name.startswith(f"{place}.")][:MOST_NAMED]
        message = f"'{place}' is {show(value)}, not a number"
        if isinstance(value, Mapping) and isinstance(value.get("value"), str):
            inside = [name for name in places_of(document) if name.startswith(f"values.{value['value']}.")]
            message = f"'{place}' reads the value '{value['value']}', which stands elsewhere"
        help_text = f"name one of: {', '.join(inside)}" if inside else ""
        raise ContractError((problem_of("CR037", message, mark, place, help=help_text),))
    return PlacedNumber(path, value, mark)


def places_of(document: Document) -> tuple[str, ...]:
    """Name the place of every number of a document, as ``set`` and changes name it, in the order of the file."""
    return tuple(named_path(document.data, number.path) for number in numbers_of(document))


def _path_of(document: Document, place: str) -> Path:
    data = document.data
    try:
        return find_path(data, place)
    except ChangeFailed as failed:
        lost = failed
    for at, change in enumerate(_changes(data)):
        named = str(change.get("set", ""))
        if place == named or place.startswith(f"{named}."):
            try:
                inside = find_path(change["to"], place[len(named) + 1 :]) if place != named else ()
            except ChangeFailed:
                continue
            return ("changes", at, "to", *inside)
    raise ContractError((_nowhere(document, place, lost),))


def _changes(data: Any) -> Iterator[Mapping[str, Any]]:
    changes = data.get("changes", ()) if isinstance(data, dict) else ()
    yield from (
        change if isinstance(change, dict) and "to" in change else {}
        for change in (changes if isinstance(changes, list) else ())
    )


def _nowhere(document: Document, place: str, lost: ChangeFailed) -> Problem:
    """Say where the way was lost, which names are near, and what to do where a parent has the place."""
    known = places_of(document)
    near = nearest(place, known) or nearest(place.rpartition(".")[2], [n.rpartition(".")[2] for n in known])
    hint = f" Did you mean '{near}'?" if near else ""
    shown = ", ".join(known[:MOST_NAMED])
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    help_text = f"numbers here: {shown}{more}" if known else "no number stands in this file"
    mark = document.marks.value(())
    if isinstance(document.data, dict) and "extends" in document.data:
        mark = document.marks.value(("extends",))
        help_text = f"if it stands in what this extends, add to changes: - {{set: {place}, to: ...}}"
    return problem_of("CR037", f"{lost.why}.{hint}", mark, place, help=help_text)


def _refuse_no_number(number: str, found: PlacedNumber, place: str) -> None:
    if is_number(number):
        return
    inside = IN_TEXT.search(number)
    plain = inside[0].replace(",", "") if inside else str(found.value)
    alone = "the number alone, without its unit" if inside else "a plain number"
    message = f"{show(number)} is not a plain number, as '{place}' takes (it is {found.value})"
    raise ContractError((problem_of("CV113", message, found.mark, place, help=f"write {alone}: {plain}"),))


def _newly_wrong(document: Document, new: Document, path: FilePath) -> tuple[Problem, ...]:
    """Give the errors that come with a number; examples that come out otherwise are no error of it."""
    had = {_fault(problem) for problem in check_document(document, path).problems}
    found = check_document(new, path).problems
    return tuple(p for p in found if p.severity == ERROR and p.code != EXAMPLE_FAILS and _fault(p) not in had)


def _fault(problem: Problem) -> tuple[str, int, str]:
    return problem.code, problem.line, problem.file


def examples_moved(before: Document, after: Document, path: FilePath) -> tuple[ExampleMoved, ...]:
    """Say which expectations of worked examples come out otherwise after a change of the text, in file order."""
    then = {_asked(outcome): outcome.got for outcome in outcomes_of(before, path)}
    return tuple(
        ExampleMoved(outcome.example, outcome.what, outcome.expected, then[key], outcome.got)
        for outcome in outcomes_of(after, path)
        if (key := _asked(outcome)) in then and then[key] != outcome.got
    )


def outcomes_of(document: Document, path: FilePath) -> tuple[ExampleOutcome, ...]:
    """Run the worked examples of a document; none where it is no contract that can be compiled."""
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if kind not in ("contract", "change"):
        return ()
    try:
        terms = terms_of(document, path)
        return run_examples(terms.contract, folder_of(resolve_document(document, path)), terms)
    except (InputError, Refusal, LookupError, AttributeError, OSError, *NOT_NUMBERS):
        return ()  # what cannot be worked out is told by check


def _asked(outcome: ExampleOutcome) -> tuple[str, int, str]:
    return outcome.example, outcome.row, outcome.what
