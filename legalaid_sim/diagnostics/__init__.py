"""Read plain data as a pydantic model, and say everything that is wrong with it in our own words.

The words are keyed by the type of each validation error, so a new release of pydantic cannot change them.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.diagnostics.shape import Shape, kinds_of, shape_at, words_of
from legalaid_sim.errors import Problem
from legalaid_sim.units import PENNY
from legalaid_sim.yamlfile import Document, Mark, Path

M = TypeVar("M", bound=BaseModel)

LATEST_SCHEMA = 1
KINDS = ("scenario", "contract", "change", "sweep", "import")
MOST_TOLD = 500
UNTOLD = "CS023"
OLD_WORDS: Mapping[Any, tuple[str, ...]] = {"at_least": ("from",), "at_most": ("up_to",)}
ONE_OF_EACH = (
    "CS017", "CS016", "CV108", "CV104", "CV105", "CV103",
    "CV102", "CV107", "CV106", "CV113", "CS014", "CS013",
)  # fmt: skip


class Finding(NamedTuple):
    """One validation error, placed in the file and in the model."""

    type: str
    context: Mapping[str, Any]
    found: Any
    path: Path
    missing: str
    shape: Shape | None
    mark: Mark
    name: str
    pointer: str


class Said(NamedTuple):
    """What to say about a finding: its code, a sentence, and a remedy."""

    code: str
    message: str
    help: str = ""


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


def nearest(word: str, known: Sequence[str]) -> str:
    """Find the known word that looks most like this one; empty when none does.

    >>> nearest("rat", ("rates", "limits"))
    'rates'
    """
    lower = {w.lower(): w for w in known}
    close = difflib.get_close_matches(str(word).lower(), list(lower), n=1, cutoff=0.6)
    return lower[close[0]] if close else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Say ' Did you mean ...?' when a known word is near, else nothing."""
    close = nearest(word, known)
    return f" Did you mean '{close}'?" if close else ""


def named_path(data: Any, path: Path) -> str:
    """Write a path with the ids of blocks in place of their positions: ``payments.housing_fee.amount``."""
    parts, here = [], data
    for segment in path:
        here = _enter(here, segment)
        named = here.get("id", here.get("name")) if isinstance(here, dict) else None
        parts.append(str(named) if isinstance(segment, int) and isinstance(named, str) else str(segment))
    return ".".join(parts)


def known_path(data: Any, path: Path) -> str:
    """Write a path as ``explain`` knows it: kinds in place of positions, other positions left out.

    >>> known_path({"payments": [{"id": "fee", "kind": "fixed_fee"}]}, ("payments", 0, "amount"))
    'payments.fixed_fee.amount'
    """
    parts: list[str] = []
    here = data
    for segment in path:
        here = _enter(here, segment)
        kind = here.get("kind") if isinstance(here, dict) else None
        if isinstance(kind, str) and isinstance(segment, int):
            parts.append(kind)
        elif not isinstance(segment, int):
            parts.append(str(segment))
    return ".".join(parts)


def show(found: Any) -> str:
    """Quote what was found, as the file writes it, shortened."""
    if isinstance(found, dict):
        return "a map"
    if isinstance(found, list | tuple):
        return "a list"
    if found is None:
        return "nothing"
    word = str(found).lower() if isinstance(found, bool) else str(found)
    return f"'{word[:37]}...'" if len(word) > 40 else f"'{word}'"


def _enter(here: Any, segment: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(segment)
    return (
        here[segment] if isinstance(here, list) and isinstance(segment, int) and segment < len(here) else None
    )


def _holds(here: Any, segment: str | int) -> bool:
    return segment in here if isinstance(here, dict) else isinstance(here, list) and isinstance(segment, int)


def _find(document: Document, model: type[BaseModel], error: Any) -> Finding:
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
            here = _enter(here, segment)
        left_over = "" if held else str(segment)
    missing = left_over if error["type"] == "missing" else ""
    about_key = error["type"] in ("missing", "extra_forbidden") or left_over == "[key]"
    find_mark = document.marks.key if about_key else document.marks.value
    at_kind = (*path, "kind") if error["type"] == "union_tag_invalid" else tuple(path)
    # A number among other choices: the place of them all knows the words that may stand there too.
    inside = error["type"] == "extra_forbidden" or (left_over and error["type"].startswith("float_"))
    shape = shape_at(model, error["loc"][:-1] if inside else error["loc"])
    place = tuple(path)
    return Finding(
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


def _problem(finding: Finding, document: Document) -> Problem:
    empty = finding.found is None and finding.type not in ("missing", "extra_forbidden")
    words = _empty if empty else _CATALOGUE.get(finding.type, _other)
    said = words(finding, _owner(finding, document))
    where = ".".join(filter(None, (finding.name, finding.missing)))
    return problem_of(said.code, said.message, finding.mark, where, help=said.help or _docs(finding))


def _owner(finding: Finding, document: Document) -> str:
    """Name the block a key stands in, by kind where it has one."""
    here, name = document.data, "the file"
    for segment in finding.path if finding.missing else finding.path[:-1]:
        here = _enter(here, segment)
        kind = here.get("kind") if isinstance(here, dict) else None
        name = kind if isinstance(kind, str) else name if isinstance(segment, int) else f"'{segment}'"
    return name


def _docs(finding: Finding) -> str:
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


def _missing(finding: Finding, owner: str) -> Said:
    key = finding.missing
    if finding.shape and finding.shape.field and words_of(finding.shape.type):
        choices = words_of(finding.shape.type)
        return Said(
            "CS010", f"{owner} needs '{key}', which is not there", f"write {key}: {' or '.join(choices[:6])}"
        )
    example = _EXAMPLES.get(key, "...")
    return Said("CS010", f"{owner} needs '{key}', which is not there", f"write {key}: {example}")


def _empty(finding: Finding, owner: str) -> Said:
    key = finding.path[-1] if finding.path else "the file"
    return Said("CS017", f"nothing stands after '{key}'")


def _unknown(finding: Finding, owner: str) -> Said:
    key = str(finding.path[-1]) if finding.path else ""
    known = finding.shape.keys if finding.shape else ()
    if " " in key and finding.found is None:
        return Said(
            "CS012", f"a comma in braces starts a new key, here '{key}'", "put the whole text in quotes"
        )
    message = f"{owner} has no '{key}'.{did_you_mean(key, known)}"
    return Said("CS012", message, f"also allowed here: {', '.join(known)}" if known else "")


def _money(finding: Finding, owner: str) -> Said:
    return Said("CV103", money_mistake(finding.found))


def money_mistake(found: Any) -> str:
    """Say what is wrong with something written where money should stand."""
    if not isinstance(found, str):
        return f"found {show(found)}; money is written 157.00"
    bare = found.strip()
    digits = bare.translate(str.maketrans("OolI", "0011"))
    if digits != bare and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", digits):
        letter = "O" if "o" in bare.lower() else "l" if "l" in bare else "I"
        return f"this looks like the letter {letter}; money is written {digits}"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", bare):
        return f"this is text because of its quotes; money is written {bare} without them"
    stripped = re.sub(r"[£€$,\s_]|GBP", "", bare)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", stripped):
        return f"money is a plain number, without signs, commas or spaces: write {stripped}"
    return f"found {show(found)}; money is written 157.00"


def _number(code: str, wanted: str) -> Callable[[Finding, str], Said]:
    def say(finding: Finding, owner: str) -> Said:
        bare = re.sub(r"[£€$,%\s_]", "", finding.found) if isinstance(finding.found, str) else ""
        write = f": write {bare}" if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", bare) else ""
        words = words_of(finding.shape.type) if finding.shape else ()
        choice = f" or {' or '.join(words)}" if words else ""
        return Said(code, f"found {show(finding.found)} where {wanted}{choice} is needed{write}")

    return say


def _range(finding: Finding, owner: str) -> Said:
    bound = {key: _plain(value) for key, value in finding.context.items() if key in _BOUNDS}
    words = " and ".join(f"{_BOUNDS[key]} {value}" for key, value in bound.items())
    return Said("CV105", f"{show(finding.found)} is out of range: this must be {words}")


_BOUNDS = {"gt": "over", "ge": "at least", "lt": "under", "le": "at most", "multiple_of": "a multiple of"}


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _too_large(finding: Finding, owner: str) -> Said:
    most = finding.context.get("most")
    return Said(
        "CV105", f"{show(finding.found)} is absurdly large" + (f"; the most is {most}" if most else "")
    )


def _no_share(finding: Finding, owner: str) -> Said:
    return Said(
        "CV105", f"{show(finding.found)} is out of range: a share of a whole is from 0 to 100 percent"
    )


def _below_nothing(finding: Finding, owner: str) -> Said:
    owed = -Decimal(finding.found)
    return Said(
        "CV115", f"{finding.found} is below 0: whoever should be paid here would owe {owed}", f"write {owed}"
    )


CURRENCY_NAMES = {
    "£": "GBP",
    "pound": "GBP",
    "sterling": "GBP",
    "€": "EUR",
    "euro": "EUR",
    "$": "USD",
    "dollar": "USD",
}


def _currency(finding: Finding, owner: str) -> Said:
    word = str(finding.found).strip().upper()
    named = next((code for name, code in CURRENCY_NAMES.items() if name in word.lower()), "")
    close = named or next((part for part in word.split() if len(part) == 3), "")
    known = finding.context["known"].split()
    mixed_up = next((code for code in known if sorted(code) == sorted(close)), "")
    meant = mixed_up or (nearest(close, known) if close else "")
    hint = f" Did you mean '{meant}'?" if meant else ""
    return Said("CV114", f"{show(finding.found)} is no currency.{hint}", "write three letters, such as GBP")


def _places(finding: Finding, owner: str) -> Said:
    rounded = Decimal(finding.found).quantize(PENNY, ROUND_HALF_UP)
    return Said("CV104", f"money has at most two decimals; write {rounded}")


def _day(finding: Finding, owner: str) -> Said:
    found = str(finding.found)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found):
        return Said("CV106", f"there is no day {found} in the calendar")
    swapped = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", found)
    write = f"{swapped[3]}-{int(swapped[2]):02}-{int(swapped[1]):02}" if swapped else "2025-12-22"
    return Said("CV106", f"found {show(finding.found)}; a day is written year-month-day: {write}")


def _far_day(finding: Finding, owner: str) -> Said:
    first, last = finding.context["first"], finding.context["last"]
    return Said("CV105", f"{show(finding.found)} is out of range: a day is from {first} to {last}")


def _yes_no(finding: Finding, owner: str) -> Said:
    meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "y": "true", "n": "false"}
    word = meant.get(str(finding.found).strip().lower())
    write = f"write {word}" if word else "write true or false"
    return Said("CV108", f"found {show(finding.found)}; {write}")


def _word(finding: Finding, owner: str) -> Said:
    words = words_of(finding.shape.type) if finding.shape else ()
    if finding.path == ("schema_version",):
        return _version(finding)
    if finding.path == ("kind",):
        message = f"this is not a kind of file: {show(finding.found)}"
        return Said("CS022", message, f"write kind: {' or '.join(words)}")
    message = f"{show(finding.found)} is not a word for this place." + did_you_mean(finding.found, words)
    return Said("CS014", message, f"allowed here: {', '.join(words)}" if words else "")


def _version(finding: Finding) -> Said:
    found = finding.found
    if isinstance(found, int) and not isinstance(found, bool) and found > LATEST_SCHEMA:
        message = f"this file is in version {found} of the language; this release reads {LATEST_SCHEMA}"
        return Said("CS021", message, "use a later release of legalaid-sim")
    message = f"found {show(found)} where the version of the language is needed"
    return Said("CS020", message, "write schema_version: 1")


def _kind(finding: Finding, owner: str) -> Said:
    tag = str(finding.context.get("tag", ""))
    kinds = kinds_of(finding.shape.type) if finding.shape else ()
    message = f"there is no block of kind '{tag}' here.{did_you_mean(tag, kinds)}"
    return Said("CS016", message, f"kinds in this list: {', '.join(kinds)}")


def _no_kind(finding: Finding, owner: str) -> Said:
    kinds = kinds_of(finding.shape.type) if finding.shape else ()
    if not isinstance(finding.found, dict):
        return Said("CS013", f"found {show(finding.found)} where a block with its kind is needed")
    message = "this block needs 'kind', which is not there"
    return Said("CS010", message, f"kinds in this list: {', '.join(kinds)}")


def _shape(wanted: str) -> Callable[[Finding, str], Said]:
    def say(finding: Finding, owner: str) -> Said:
        return Said(
            "CS013", f"found {show(finding.found)} where {wanted} is needed", _reshaped(finding, wanted)
        )

    return say


def _reshaped(finding: Finding, wanted: str) -> str:
    found = finding.found
    if wanted == "a list" and isinstance(found, str | int):
        return f"write [{found}]"
    if wanted == "text" and isinstance(found, int | Decimal):
        return f"put it in quotes: '{show(found)[1:-1]}'"
    return ""


def _text_form(finding: Finding, owner: str) -> Said:
    if finding.path and finding.path[-1] in ("id", "contract", "name"):
        return Said("CS019", f"{show(finding.found)} cannot be a name: use small letters, digits, - and _")
    return Said("CS019", f"{show(finding.found)} is not of the form needed here")


def _length(finding: Finding, owner: str) -> Said:
    least = finding.context.get("min_length")
    if least is not None:
        count = finding.context.get("actual_length", len(finding.found) if finding.found else 0)
        needed = f"{_counted(least, finding.found)}, and holds {count}"
        return Said("CS018", f"this is too short: it needs at least {needed}")
    most = _counted(finding.context.get("max_length", 0), finding.found)
    return Said("CS018", f"this is too long: it may hold {most}")


def _counted(number: int, found: Any) -> str:
    """Count what a text or a list is made of: characters, entries."""
    one, several = ("character", "characters") if isinstance(found, str) else ("entry", "entries")
    return f"{number} {one if number == 1 else several}"


def _own(finding: Finding, owner: str) -> Said:
    """A validator of the project said it in its own words already."""
    error = finding.context.get("error")
    return Said("CV109", str(error) if error else "this value cannot be")


def _other(finding: Finding, owner: str) -> Said:
    return Said("CV109", f"found {show(finding.found)}, which cannot stand here")


_percent = _number("CV102", "a percent (a plain number of hundredths, such as 20)")
_count = _number("CV107", "a whole number, 0 or more,")
_any_number = _number("CV113", "a plain number")

_CATALOGUE: dict[str, Callable[[Finding, str], Said]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "bad_money": _money,
    "money_places": _places,
    "money_size": _too_large,
    "money_sign": _below_nothing,
    "bad_currency": _currency,
    "bad_percent": _percent,
    "percent_size": _too_large,
    "share_size": _no_share,
    "bad_number": _any_number,
    "number_size": _too_large,
    "bad_count": _count,
    "count_size": _too_large,
    "bad_yes_no": _yes_no,
    "bad_day": _day,
    "far_day": _far_day,
    "bad_scalar": _shape("text, a number, true or false"),
    "union_tag_invalid": _kind,
    "union_tag_not_found": _no_kind,
    "literal_error": _word,
    "enum": _word,
    "string_type": _shape("text"),
    "list_type": _shape("a list"),
    "tuple_type": _shape("a list"),
    "dict_type": _shape("a map of 'key: value'"),
    "mapping_type": _shape("a map of 'key: value'"),
    "model_type": _shape("a map of 'key: value'"),
    "model_attributes_type": _shape("a map of 'key: value'"),
    "string_pattern_mismatch": _text_form,
    "string_too_short": _length,
    "string_too_long": _length,
    "too_short": _length,
    "too_long": _length,
    "greater_than": _range,
    "greater_than_equal": _range,
    "less_than": _range,
    "less_than_equal": _range,
    "multiple_of": _range,
    "value_error": _own,
    "assertion_error": _own,
    **{f"bool_{end}": _yes_no for end in ("type", "parsing")},
    **{f"int_{end}": _count for end in ("type", "parsing", "from_float", "parsing_size")},
    **{f"float_{end}": _any_number for end in ("type", "parsing")},
    **{f"decimal_{end}": _any_number for end in ("type", "parsing")},
    "finite_number": _any_number,
    **{f"date_{end}": _day for end in ("type", "parsing", "from_datetime_parsing", "from_datetime_inexact")},
}

_EXAMPLES = {
    "id": "housing_fee",
    "amount": "157.00",
    "kind": "fixed_fee",
    "title": "Housing advice",
    "contract": "housing-2025",
    "schema_version": "1",
    "term": "{starts: 2026-04-01, months: 36}",
    "starts": "2026-04-01",
    "months": "36",
    "source": "{title: worked example, status: fictional}",
    "status": "assumed",
    "bands": "[{at_most: 132, amount: 60.00}]",
    "minutes": "{adviser: 18, admin: 12}",
    "over": "669.00",
}
