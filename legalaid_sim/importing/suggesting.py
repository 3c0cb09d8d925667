"""A mapping to start from, guessed from heads and the form of the first rows; no cell is ever written into it."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from legalaid_sim.contracts.claimsfile.cells import COUNT as WHOLE
from legalaid_sim.contracts.claimsfile.cells import MONEY, NO, PRINTED, YES, form_of_day, is_placeholder
from legalaid_sim.contracts.claimsfile.claims import meant_by, plain_head
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import InputError
from legalaid_sim.importing.fields import FIELDS, PRICED, WORD, plain
from legalaid_sim.importing.hiding import FEWEST
from legalaid_sim.importing.known import Known
from legalaid_sim.importing.layouts import first_line, known_layout
from legalaid_sim.importing.sources import TRIED_LINES, SourceFile
from legalaid_sim.yamlfile import Mark

LOOKED_AT = 200
MOSTLY = 0.9
DAYS, AMOUNTS, COUNTS, ANSWERS, TEXTS, NOTHING = (
    "days",
    "amounts",
    "whole numbers",
    "yes and no",
    "texts",
    "nothing",
)
# Words of a head after which nothing is guessed, whatever else it says.
NEVER = frozenset({
    "name", "forename", "surname", "firstname", "lastname", "title", "birth", "dob", "born", "address", "postcode",
    "post", "email", "phone", "telephone", "mobile", "note", "notes", "comment", "comments", "description", "gender",
    "sex", "ethnicity", "disability", "religion", "nationality",
})  # fmt: skip
IDS = "id no num number ref reference code"
# A field, words of which its head has one, further words of which it has one too, and forms that it may have.
GUESSES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("claim_id", "ufn", "", (TEXTS, COUNTS)),
    ("client_id", "ucn", "", (TEXTS, COUNTS)),
    ("adviser_id", "adviser advisor caseworker solicitor earner worker", "", (TEXTS, COUNTS)),
    ("client_id", "client person customer", IDS, (TEXTS, COUNTS)),
    ("fee_code", "fee", "code", (TEXTS,)),
    ("claim_id", "case claim matter file record", IDS, (TEXTS, COUNTS)),
    ("asked_date", "enquiry enquired asked contacted referred referral received", "", (DAYS,)),
    ("start_date", "opened open start started begin began instructed", "", (DAYS,)),
    ("concluded_date", "closed close concluded end ended completed finished", "", (DAYS,)),
    ("contacts", "contacts meetings appointments", "", (COUNTS,)),
    ("contact_minutes", "contact meeting interview", "minutes mins time", (COUNTS,)),
    ("casework_minutes", "casework", "minutes mins time", (COUNTS,)),
    ("travel_minutes", "travel", "minutes mins time", (COUNTS,)),
    ("waiting_minutes", "waiting", "minutes mins time", (COUNTS,)),
    ("profit_minutes", "minutes mins time", "", (COUNTS,)),
    ("vat_registered", "vat", "", (ANSWERS,)),
    ("category", "category area subject", "", (TEXTS,)),
    ("outcome", "outcome result", "", (TEXTS,)),
    ("channel", "channel method", "", (TEXTS,)),
    ("region", "region", "", (TEXTS,)),
)


BY_ITSELF = """\
# These are {layout}: they are read without a mapping. One may add codes that no contract has.
kind: import
schema_version: 1
fee_codes: []
"""


class SourceColumn(NamedTuple):
    """A column as it was looked at: its place from 1, its head, what its cells are, those that are not empty."""

    place: int
    head: str
    form: str
    cells: Sequence[str]


def suggestion(source: SourceFile, known: Known) -> str:
    """Write a mapping for a table, with a comment for each guess.

    Raises:
        InputError: nothing in the file has heads.
    """
    layout = known_layout(first_line(source.again(), source))
    if layout:
        return BY_ITSELF.format(layout=layout)
    heads, rows = _table(source)
    columns = [
        _column(place, head, [row[place - 1].strip() for row in rows if len(row) >= place])
        for place, head in enumerate(heads, 1)
    ]
    return "\n".join(_lines(source, columns, len(rows), known)) + "\n"


def _table(source: SourceFile) -> tuple[list[str], list[list[str]]]:
    lines = source.again()
    try:
        first = [
            cells for cells in islice(lines, TRIED_LINES + LOOKED_AT) if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        first = []
    widest = max((_filled(cells) for cells in first), default=0)
    at = next((n for n, cells in enumerate(first[:TRIED_LINES]) if _filled(cells) > widest / 2), 0)
    if not first or any(_form_of(cell.strip()) in (DAYS, COUNTS, AMOUNTS) for cell in first[at]):
        said = "no line of the file looks like heads: days or numbers stand where heads would"
        help_text = "Write a first line that names the columns."
        raise InputError((problem_of("CL020", said, Mark(0, 0, 1, source.path), help=help_text),))
    return first[at], first[at + 1 : at + 1 + LOOKED_AT]


def _filled(cells: Sequence[str]) -> int:
    return len([cell for cell in cells if cell.strip()])


def _column(place: int, head: str, cells: Sequence[str]) -> SourceColumn:
    held = [
        cell for cell in cells if cell and not (is_placeholder(cell) and not any(c.isdigit() for c in cell))
    ]
    forms = [_form_of(cell) for cell in held]
    form = NOTHING
    if held:
        fitting = (
            name
            for name in (ANSWERS, COUNTS, DAYS, AMOUNTS)
            if len([one for one in forms if one == name or (name, one) == (AMOUNTS, COUNTS)])
            >= MOSTLY * len(held)
        )
        form = next(fitting, TEXTS)
    return SourceColumn(place, head.strip(), form, held)


def _form_of(text: str) -> str:
    tests: tuple[tuple[str, Callable[[str], object]], ...] = (
        (ANSWERS, lambda cell: cell in YES | NO and not cell.isdigit()),
        (COUNTS, lambda cell: WHOLE.fullmatch(cell) and form_of_day(cell) != "excel"),
        (DAYS, form_of_day),
        (AMOUNTS, lambda cell: MONEY.fullmatch(cell) or PRINTED.fullmatch(cell)),
    )
    return next((name for name, holds in tests if holds(text)), TEXTS)


def _lines(source: SourceFile, columns: Sequence[SourceColumn], rows: int, known: Known) -> Iterator[str]:
    guessed = dict(_guesses(columns))
    days = [column for column in columns if guessed.get(column.place, "").endswith("_date")]
    yield f"# A mapping guessed from heads and the form of the first {rows:,} rows. Read it before you use it."
    yield "kind: import"
    yield "schema_version: 1"
    yield from _forms(days, columns, guessed)
    yield "columns:"
    for column in columns:
        if column.place in guessed:
            yield f"  # {_why(column)}"
            yield f"  {json.dumps(column.head, ensure_ascii=False)}: {guessed[column.place]}"
    if not guessed:
        yield "  # Nothing could be guessed. A line here is   head of a column: field"
    rest = [str(column.place) for column in columns if column.place not in guessed and column.head]
    if rest:
        yield f"  # Not read, by place: {', '.join(rest)}. Leave out whatever names or describes a person."
    missing = [name for name in ("claim_id", "start_date", "concluded_date") if name not in guessed.values()]
    if missing:
        yield f"  # Not found, and wanted: {', '.join(missing)}"
    yield from _values(columns, guessed, known)
    yield f"# Fields: {', '.join(FIELDS)}"


def _guesses(columns: Sequence[SourceColumn]) -> Iterator[tuple[int, str]]:
    taken = set[str]()
    for column in columns:
        name = next((one for one in _fields_for(column) if one not in taken), "")
        if name:
            taken.add(name)
            yield column.place, name


def _fields_for(column: SourceColumn) -> Iterator[str]:
    words = set(plain(column.head).split("_"))
    if words & NEVER:
        return
    if plain(column.head) in FIELDS:
        yield plain(column.head)
    for name, some, more, forms in GUESSES:
        if words & set(some.split()) and (not more or words & set(more.split())) and column.form in forms:
            yield name
    name = plain_head(column.head)
    priced = (name if name.startswith("in_") else meant_by(column.head)).removeprefix("in_")
    if priced in FIELDS and FIELDS[priced].holds == PRICED and column.form in (AMOUNTS, COUNTS, ANSWERS):
        yield priced


def _why(column: SourceColumn) -> str:
    return f"The head says so, and its cells are {column.form}."


def _forms(
    days: Sequence[SourceColumn], columns: Sequence[SourceColumn], guessed: dict[int, str]
) -> Iterator[str]:
    forms = {form_of_day(cell) for column in days for cell in column.cells} - {""}
    sure = sorted(forms - {"either"})
    if len(sure) > 1:
        yield f"# Days are written in several ways ({', '.join(sure)}); the first is taken, rows of others are left."
    elif "either" in forms and not sure:
        yield "# No day is past the 12th: dmy or mdy cannot be told apart here. Ask whoever made the file."
    if forms:
        yield f"dates: {next(iter(sure), 'dmy')}"
    money = [column for column in columns if guessed.get(column.place) and column.form == AMOUNTS]
    if any(
        not MONEY.fullmatch(cell) and PRINTED.fullmatch(cell) for column in money for cell in column.cells
    ):
        yield "# Amounts have a sign or commas."
        yield "amounts: printed"


def _values(columns: Sequence[SourceColumn], guessed: dict[int, str], known: Known) -> Iterator[str]:
    """Say how many words of a field are not known; which they are is for whoever may see the file."""
    for column in columns:
        name = guessed.get(column.place, "")
        if not name or FIELDS[name].holds != WORD:
            continue
        counts: dict[str, int] = {}
        for cell in column.cells:
            if plain(cell) not in known.words[name]:
                counts[cell] = counts.get(cell, 0) + 1
        if counts:
            often = len([count for count in counts.values() if count >= FEWEST])
            yield f"# Words of {name} that are not known here: {len(counts)}, {often} of them {FEWEST} times or more."
            ours = min(known.words[name], default="our word")
            yield f"# Say what they mean: values: {{{name}: {{Their word: {ours}}}}}. Others are taken as empty."
