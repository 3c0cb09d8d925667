"""Read plain data as a pydantic model, and say everything that is wrong with it in our own words.

The words are keyed by the type of each validation error, so a new release of pydantic cannot change them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.diagnostics.saying import PlacedError, said_of
from legalaid_sim.diagnostics.shape import shape_at, words_of
from legalaid_sim.diagnostics.words import did_you_mean, enter, known_path, named_path, nearest, show
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Document, Mark

__all__ = [
    "KINDS",
    "OLD_WORDS",
    "at_most",
    "did_you_mean",
    "in_file_order",
    "known_path",
    "named_path",
    "nearest",
    "show",
    "validate",
]

M = TypeVar("M", bound=BaseModel)

KINDS = ("scenario", "contract", "change", "sweep", "import")
MOST_TOLD = 500
UNTOLD = "CS023"
OLD_WORDS: Mapping[Any, tuple[str, ...]] = {"at_least": ("from",), "at_most": ("up_to",)}
ONE_OF_EACH = (
    "CS017", "CS016", "CV108", "CV104", "CV105", "CV103",
    "CV102", "CV107", "CV106", "CV113", "CS014", "CS013",
)  # fmt: skip


def validate(document: Document, model: type[M]) -> tuple[M | None, tuple[Problem, ...]]:
    """Read a document as a model; where that fails, give all problems in file order and no model."""
    if document.data is None and document.problems:
        return None, document.problems
    if not isinstance(document.data, dict):
        mark = document.marks.value(())
        said = problem_of("CS013", "the file must be a map of 'key: value' lines", mark)
        return None, in_file_order((*document.problems, said))
    if other := _other_kind(document, model):
        return None, in_file_order((*document.problems, other))
    try:
        return model.model_validate(document.data), document.problems
    except ValidationError as error:
        new = [e for e in error.errors(include_url=False) if _is_new(e)]
        findings = [_find(document, model, e) for e in new[:MOST_TOLD]]
        said_once = dict.fromkeys(_problem(finding, document) for finding in findings)
        found = in_file_order((*document.problems, *_without_noise(said_once, document.problems)))
        return None, (*found, *_untold(found, len(new) - MOST_TOLD))


def _other_kind(document: Document, model: type[BaseModel]) -> Problem | None:
    """Say once that a file is of another kind, in place of everything that this kind does not have."""
    field, found = model.model_fields.get("kind"), document.data.get("kind")
    wanted = words_of(field.annotation) if field else ()
    if not wanted or found in wanted or found not in KINDS:
        return None
    message = f"this file is a {found}; a {' or '.join(wanted)} is needed here"
    help_text = f"name a file that says kind: {' or '.join(wanted)}"
    return problem_of("CS022", message, document.marks.value(("kind",)), "kind", help=help_text)


def at_most(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Keep as many problems as a reader can take in, and say how many more there are."""
    return (*problems[:MOST_TOLD], *_untold(problems[:MOST_TOLD], len(problems) - MOST_TOLD))


def _untold(told: Sequence[Problem], more: int) -> tuple[Problem, ...]:
    if more <= 0 or any(problem.code == UNTOLD for problem in told):
        return ()
    message = f"there are {more:,} more problems, which are not shown"
    return (problem_of(UNTOLD, message, Mark(0, 0, 1, told[-1].file), help="mend these first"),)


def in_file_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file, line, column and code, each said once."""
    return tuple(dict.fromkeys(sorted(problems, key=_place_in_file)))


def _place_in_file(problem: Problem) -> tuple[str, bool, int, int, str]:
    return problem.file, problem.code == UNTOLD, problem.line, problem.column, problem.code


def _holds(here: Any, segment: str | int) -> bool:
    return segment in here if isinstance(here, dict) else isinstance(here, list) and isinstance(segment, int)


def _find(document: Document, model: type[BaseModel], error: Any) -> PlacedError:
    """Place an error: drop from its location the names of union members, which no file holds."""
    path: list[str | int] = []
    here, left_over = document.data, ""
    for segment in error["loc"]:
        # What a file says in an old word is found under that word.
        old = next((word for word in OLD_WORDS.get(segment, ()) if _holds(here, word)), segment)
        segment = segment if _holds(here, segment) else old
        held = _holds(here, segment)
        if held:
            path.append(segment)
            here = enter(here, segment)
        left_over = "" if held else str(segment)
    missing = left_over if error["type"] == "missing" else ""
    about_key = error["type"] in ("missing", "extra_forbidden") or left_over == "[key]"
    find_mark = document.marks.key if about_key else document.marks.value
    at_kind = (*path, "kind") if error["type"] == "union_tag_invalid" else tuple(path)
    # A number among other choices: the place of them all knows the words that may stand there too.
    inside = error["type"] == "extra_forbidden" or (left_over and error["type"].startswith("float_"))
    shape = shape_at(model, error["loc"][:-1] if inside else error["loc"])
    place = tuple(path)
    return PlacedError(
        error["type"],
        error.get("ctx", {}),
        error["input"],
        place,
        missing,
        shape,
        find_mark(at_kind),
        named_path(document.data, place),
        known_path(document.data, place),
    )


def _problem(finding: PlacedError, document: Document) -> Problem:
    said = said_of(finding, _owner(finding, document))
    where = ".".join(filter(None, (finding.name, finding.missing)))
    return problem_of(said.code, said.message, finding.mark, where, help=said.help or _docs(finding))


def _owner(finding: PlacedError, document: Document) -> str:
    """Name the block a key stands in, by kind where it has one."""
    here, name = document.data, "the file"
    for segment in finding.path if finding.missing else finding.path[:-1]:
        here = enter(here, segment)
        kind = here.get("kind") if isinstance(here, dict) else None
        name = kind if isinstance(kind, str) else name if isinstance(segment, int) else f"'{segment}'"
    return name


def _docs(finding: PlacedError) -> str:
    described = finding.shape.description if finding.shape and finding.shape.field else ""
    meaning = f" ({described.rstrip('.')})" if described else ""
    return f"explain {finding.pointer}{meaning}" if finding.pointer else ""


def _is_new(error: Any) -> bool:
    """Tell an error of its own from a list that is only too short because its items could not be read."""
    least = error.get("ctx", {}).get("min_length")
    return error["type"] != "too_short" or least is None or len(error["input"]) < least


def _without_noise(problems: Iterable[Problem], of_form: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what follows from a fault of form there, and keep one fault of each value."""
    taken = {_place(problem) for problem in of_form}
    by_place: dict[tuple[str, int, int], list[Problem]] = {}
    for problem in problems:
        by_place.setdefault(_place(problem), []).append(problem)
    for place, here in by_place.items():
        if place not in taken:
            values = [p for p in here if p.code in ONE_OF_EACH]
            yield from sorted(values, key=lambda p: ONE_OF_EACH.index(p.code))[:1]
            yield from (p for p in here if p.code not in ONE_OF_EACH)


def _place(problem: Problem) -> tuple[str, int, int]:
    return problem.file, problem.line, problem.column
