"""All that is shown beside a contract's text, worked out from it by the functions that the command line calls."""

import os
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from legalaid_sim.authoring.checking import NOT_NUMBERS, check_contract, check_document, counts_in_words
from legalaid_sim.authoring.unreached import unreached_in_text
from legalaid_sim.contracts.language.load import library_names, resolve_document, terms_of
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import InputError, Problem, Refusal, ResultsError
from legalaid_sim.scenario import load_scenario
from legalaid_sim.studio.bench import Bench, bench_of
from legalaid_sim.studio.editing import meant
from legalaid_sim.studio.folder import Folder
from legalaid_sim.studio.knobs import KnobGroup, knob_groups
from legalaid_sim.studio.payview import PayPanel, pay_panel
from legalaid_sim.studio.trying import HOURS, MatterField, TriedMatter, matter_fields, tried
from legalaid_sim.studio.wording import LinedRoom, rooms_of
from legalaid_sim.yamlfile import Document, Path, load_document, parse

INCENTIVE = "CI"
MOST_PROBLEMS = 100
MOST_PARENTS = 5
GRAVITY = ("error", "warning", "note")


class TextAsked(NamedTuple):
    """What is asked: a text that stands for the file of this name, the file as saved, and what is tried beside it."""

    root: str
    name: str
    text: str
    saved: str | None = None
    sample: int = 0
    matter: Mapping[str, str] = {}
    scenario: str = ""


class TextProblem(NamedTuple):
    """A problem with the line it is about; ``word`` is what may have been meant at its place."""

    severity: str
    code: str
    name: str
    line: int
    column: int
    width: int
    quoted: str
    message: str
    help: str
    word: str
    file: str


class LookBeside(NamedTuple):
    """Everything beside a text. Where it cannot be compiled, ``stale`` and all that is paid is the saved file's."""

    title: str
    problems: tuple[TextProblem, ...]
    notes: tuple[TextProblem, ...]
    counts: str
    stale: bool
    knobs: tuple[KnobGroup, ...]
    rooms: tuple[LinedRoom, ...] = ()
    pay: PayPanel | None = None
    fields: tuple[MatterField, ...] = ()
    matter: TriedMatter | None = None
    bench: Bench | None = None
    reach: str = ""


def look_at_text(asked: TextAsked) -> LookBeside:
    """Work out all of it. Never raises for what a person wrote."""
    path = FilePath(asked.root) / asked.name
    document = parse(asked.text, asked.name)
    outside = tuple(leads_out(document, Folder(FilePath(asked.root))))
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if outside or kind not in ("contract", "change"):
        checked, terms = (None, None) if outside else (check_document(document, None), None)
        problems = outside if checked is None else checked.problems
        return _told(asked, document, problems, "", None, None, ())
    checked, terms = check_contract(document, path)
    now = terms if isinstance(terms, CompiledTerms) else None
    saved, counts = _compiled(asked.saved, asked), counts_in_words(checked)
    return _told(asked, document, checked.problems, counts, now, saved, checked.outcomes)


def _told(
    asked: TextAsked,
    document: Document,
    problems: tuple[Problem, ...],
    counts: str,
    now: CompiledTerms | None,
    saved: CompiledTerms | None,
    outcomes: tuple[tuple[int, Any], ...],
) -> LookBeside:
    told = [_problem(problem, document) for problem in problems[:MOST_PROBLEMS]]
    told.sort(key=lambda one: (GRAVITY.index(one.severity), one.line, one.column))
    data = document.data if isinstance(document.data, dict) else {}
    look = LookBeside(
        str(data.get("title") or asked.name)[:200],
        tuple(one for one in told if not one.code.startswith(INCENTIVE)),
        tuple(one for one in told if one.code.startswith(INCENTIVE)),
        counts,
        now is None,
        knob_groups(document),
    )
    terms = now or saved
    if terms is None:
        return look
    fields = matter_fields(terms.contract, asked.matter)
    look = look._replace(
        pay=pay_panel(terms, saved, asked.sample, _hours(fields)),
        fields=fields,
        matter=tried(terms, fields, FilePath(asked.name).name),
    )
    if now is None:
        return look
    resolved = resolve_document(document, FilePath(asked.root) / asked.name)
    return look._replace(
        rooms=rooms_of(now.contract, resolved),
        bench=bench_of(outcomes, document),
        reach=_reach(now, asked) if asked.scenario else "",
    )


def _compiled(text: str | None, asked: TextAsked) -> CompiledTerms | None:
    if text is None:
        return None
    try:
        return terms_of(parse(text, asked.name), FilePath(asked.root) / asked.name)
    except (InputError, Refusal, *NOT_NUMBERS):
        return None


def _problem(problem: Problem, document: Document) -> TextProblem:
    lines = document.lines
    mine = problem.file in ("", document.path) and 0 < problem.line <= len(lines)
    return TextProblem(
        problem.severity,
        problem.code,
        problem.name,
        problem.line if mine else 0,
        problem.column,
        problem.width,
        lines[problem.line - 1][:200] if mine else "",
        problem.message,
        problem.help,
        meant(problem.message) if mine else "",
        "" if mine else FilePath(problem.file).name,
    )


def _hours(fields: tuple[MatterField, ...]) -> float:
    written = next(field.value for field in fields if field.name == HOURS)
    try:
        return min(float(Decimal(written)), 1000.0) if Decimal(written).is_finite() else 0.0
    except InvalidOperation:
        return 0.0


def _reach(terms: CompiledTerms, asked: TextAsked) -> str:
    try:
        scenario = load_scenario(Folder(FilePath(asked.root)).place(asked.scenario))
        return unreached_in_text(terms.contract, scenario)
    except (InputError, Refusal, ResultsError) as error:
        return str(error)


def leads_out(document: Document, folder: Folder, deep: int = 0) -> Iterator[Problem]:
    """Name what a contract would read outside its folder and the library: parents and tables, theirs too."""
    for path, given in _files_named(document.data):
        if path == ("extends",) and given in library_names():
            continue
        names = [
            _beside(document, name)
            for name in ((given, f"{given}.yaml") if path == ("extends",) else (given,))
        ]
        # Whatever stands under one of the names that would be tried must be of this folder, and one must be free to be.
        there = [name for name in (*names, given) if os.path.lexists(folder.root / name)]
        if not any(_may_be_read(folder, name) for name in names) or not all(
            _may_be_read(folder, n) for n in there
        ):
            message = f"'{given[:80]}' is not a file of this folder, so it is not read here"
            yield problem_of("CR039", message, document.marks.value(path), help="name a file in this folder")
        elif path == ("extends",) and there and deep < MOST_PARENTS:
            inner = load_document(folder.place(there[0]))
            inner.path = there[0]
            yield from leads_out(inner, folder, deep + 1)


def _may_be_read(folder: Folder, name: str) -> bool:
    try:
        folder.place(name)
    except ResultsError:
        return False
    return True


def _beside(document: Document, name: str) -> str:
    before = document.path.rpartition("/")[0]
    return f"{before}/{name}" if before else name


def _files_named(data: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(data, dict):
        return
    if isinstance(data.get("extends"), str):
        yield ("extends",), data["extends"]
    for path, held in _walk(data, ()):
        if path[-1:] == ("file",) and isinstance(held, str):
            yield path, held


def _walk(held: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, held
    inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in inner:
        yield from _walk(value, (*path, key))
