"""What is said of each kind of validation error: its code, a sentence, a remedy."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from legalaid_sim.diagnostics.shape import Shape, kinds_of, words_of
from legalaid_sim.diagnostics.words import did_you_mean, nearest, show
from legalaid_sim.units import PENNY
from legalaid_sim.yamlfile import Mark, Path

LATEST_SCHEMA = 1


class PlacedError(NamedTuple):
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


def _missing(finding: PlacedError, owner: str) -> Said:
    key = finding.missing
    if finding.shape and finding.shape.field and words_of(finding.shape.type):
        choices = words_of(finding.shape.type)
        return Said(
            "CS010", f"{owner} needs '{key}', which is not there", f"write {key}: {' or '.join(choices[:6])}"
        )
    example = _EXAMPLES.get(key, "...")
    return Said("CS010", f"{owner} needs '{key}', which is not there", f"write {key}: {example}")


def _empty(finding: PlacedError, owner: str) -> Said:
    key = finding.path[-1] if finding.path else "the file"
    return Said("CS017", f"nothing stands after '{key}'")


def _unknown(finding: PlacedError, owner: str) -> Said:
    key = str(finding.path[-1]) if finding.path else ""
    known = finding.shape.keys if finding.shape else ()
    if " " in key and finding.found is None:
        return Said(
            "CS012", f"a comma in braces starts a new key, here '{key}'", "put the whole text in quotes"
        )
    message = f"{owner} has no '{key}'.{did_you_mean(key, known)}"
    return Said("CS012", message, f"also allowed here: {', '.join(known)}" if known else "")


def _money(finding: PlacedError, owner: str) -> Said:
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


def _number(code: str, wanted: str) -> Callable[[PlacedError, str], Said]:
    def say(finding: PlacedError, owner: str) -> Said:
        bare = re.sub(r"[£€$,%\s_]", "", finding.found) if isinstance(finding.found, str) else ""
        write = f": write {bare}" if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", bare) else ""
        words = words_of(finding.shape.type) if finding.shape else ()
        choice = f" or {' or '.join(words)}" if words else ""
        return Said(code, f"found {show(finding.found)} where {wanted}{choice} is needed{write}")

    return say


def _range(finding: PlacedError, owner: str) -> Said:
    bound = {key: _plain(value) for key, value in finding.context.items() if key in _BOUNDS}
    words = " and ".join(f"{_BOUNDS[key]} {value}" for key, value in bound.items())
    return Said("CV105", f"{show(finding.found)} is out of range: this must be {words}")


_BOUNDS = {"gt": "over", "ge": "at least", "lt": "under", "le": "at most", "multiple_of": "a multiple of"}


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _too_large(finding: PlacedError, owner: str) -> Said:
    most = finding.context.get("most")
    return Said(
        "CV105", f"{show(finding.found)} is absurdly large" + (f"; the most is {most}" if most else "")
    )


def _no_share(finding: PlacedError, owner: str) -> Said:
    return Said(
        "CV105", f"{show(finding.found)} is out of range: a share of a whole is from 0 to 100 percent"
    )


def _below_nothing(finding: PlacedError, owner: str) -> Said:
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


def _currency(finding: PlacedError, owner: str) -> Said:
    word = str(finding.found).strip().upper()
    named = next((code for name, code in CURRENCY_NAMES.items() if name in word.lower()), "")
    close = named or next((part for part in word.split() if len(part) == 3), "")
    known = finding.context["known"].split()
    mixed_up = next((code for code in known if sorted(code) == sorted(close)), "")
    meant = mixed_up or (nearest(close, known) if close else "")
    hint = f" Did you mean '{meant}'?" if meant else ""
    return Said("CV114", f"{show(finding.found)} is no currency.{hint}", "write three letters, such as GBP")


def _places(finding: PlacedError, owner: str) -> Said:
    rounded = Decimal(finding.found).quantize(PENNY, ROUND_HALF_UP)
    return Said("CV104", f"money has at most two decimals; write {rounded}")


def _day(finding: PlacedError, owner: str) -> Said:
    found = str(finding.found)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found):
        return Said("CV106", f"there is no day {found} in the calendar")
    swapped = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", found)
    write = f"{swapped[3]}-{int(swapped[2]):02}-{int(swapped[1]):02}" if swapped else "2025-12-22"
    return Said("CV106", f"found {show(finding.found)}; a day is written year-month-day: {write}")


def _far_day(finding: PlacedError, owner: str) -> Said:
    first, last = finding.context["first"], finding.context["last"]
    return Said("CV105", f"{show(finding.found)} is out of range: a day is from {first} to {last}")


def _yes_no(finding: PlacedError, owner: str) -> Said:
    meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "y": "true", "n": "false"}
    word = meant.get(str(finding.found).strip().lower())
    write = f"write {word}" if word else "write true or false"
    return Said("CV108", f"found {show(finding.found)}; {write}")


def _word(finding: PlacedError, owner: str) -> Said:
    words = words_of(finding.shape.type) if finding.shape else ()
    if finding.path == ("schema_version",):
        return _version(finding)
    if finding.path == ("kind",):
        message = f"this is not a kind of file: {show(finding.found)}"
        return Said("CS022", message, f"write kind: {' or '.join(words)}")
    message = f"{show(finding.found)} is not a word for this place." + did_you_mean(finding.found, words)
    return Said("CS014", message, f"allowed here: {', '.join(words)}" if words else "")


def _version(finding: PlacedError) -> Said:
    found = finding.found
    if isinstance(found, int) and not isinstance(found, bool) and found > LATEST_SCHEMA:
        message = f"this file is in version {found} of the language; this release reads {LATEST_SCHEMA}"
        return Said("CS021", message, "use a later release of legalaid-sim")
    message = f"found {show(found)} where the version of the language is needed"
    return Said("CS020", message, "write schema_version: 1")


def _kind(finding: PlacedError, owner: str) -> Said:
    tag = str(finding.context.get("tag", ""))
    kinds = kinds_of(finding.shape.type) if finding.shape else ()
    message = f"there is no block of kind '{tag}' here.{did_you_mean(tag, kinds)}"
    return Said("CS016", message, f"kinds in this list: {', '.join(kinds)}")


def _no_kind(finding: PlacedError, owner: str) -> Said:
    kinds = kinds_of(finding.shape.type) if finding.shape else ()
    if not isinstance(finding.found, dict):
        return Said("CS013", f"found {show(finding.found)} where a block with its kind is needed")
    message = "this block needs 'kind', which is not there"
    return Said("CS010", message, f"kinds in this list: {', '.join(kinds)}")


def _shape(wanted: str) -> Callable[[PlacedError, str], Said]:
    def say(finding: PlacedError, owner: str) -> Said:
        return Said(
            "CS013", f"found {show(finding.found)} where {wanted} is needed", _reshaped(finding, wanted)
        )

    return say


def _reshaped(finding: PlacedError, wanted: str) -> str:
    found = finding.found
    if wanted == "a list" and isinstance(found, str | int):
        return f"write [{found}]"
    if wanted == "text" and isinstance(found, int | Decimal):
        return f"put it in quotes: '{show(found)[1:-1]}'"
    return ""


def _text_form(finding: PlacedError, owner: str) -> Said:
    if finding.path and finding.path[-1] in ("id", "contract", "name"):
        return Said("CS019", f"{show(finding.found)} cannot be a name: use small letters, digits, - and _")
    return Said("CS019", f"{show(finding.found)} is not of the form needed here")


def _length(finding: PlacedError, owner: str) -> Said:
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


def _own(finding: PlacedError, owner: str) -> Said:
    """A validator of the project said it in its own words already."""
    error = finding.context.get("error")
    return Said("CV109", str(error) if error else "this value cannot be")


def _other(finding: PlacedError, owner: str) -> Said:
    return Said("CV109", f"found {show(finding.found)}, which cannot stand here")


_percent = _number("CV102", "a percent (a plain number of hundredths, such as 20)")
_count = _number("CV107", "a whole number, 0 or more,")
_any_number = _number("CV113", "a plain number")
_CATALOGUE: dict[str, Callable[[PlacedError, str], Said]] = {
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


def said_of(finding: PlacedError, owner: str) -> Said:
    """Say what is wrong by the type of the error; ``owner`` is the block that the key stands in."""
    if finding.found is None and finding.type not in ("missing", "extra_forbidden"):
        return _empty(finding, owner)
    return _CATALOGUE.get(finding.type, _other)(finding, owner)
