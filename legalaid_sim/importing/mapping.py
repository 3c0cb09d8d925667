"""The mapping file: which column of a table is which field, and what its words mean."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from legalaid_sim.diagnostics import did_you_mean, in_file_order, validate
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, InputError, Problem
from legalaid_sim.importing.fields import FIELDS, WORD
from legalaid_sim.yamlfile import Document, load_document

SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
WORDS = tuple(name for name, field in FIELDS.items() if field.holds == WORD)


class Mapped(BaseModel):
    """A mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["import"]
    schema_version: Literal[1]
    delimiter: Literal[",", ";", "\t", "|", ""] = Field("", description="found out where it is left out")
    encoding: Literal["utf-8", "utf-16", "cp1252", "latin-1", ""] = Field(
        "", description="found out where it is left out"
    )
    dates: Literal["iso", "dmy", "mdy", "excel"] = Field("iso", description="how the file writes days")
    amounts: Literal["plain", "printed"] = Field("plain", description="1500.00, or £1,500.00")
    columns: dict[str, str] = Field(
        default_factory=dict, description="head of a column: the field that it is"
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="field: word of the file: word that is meant"
    )
    fee_codes: list[str] = Field(
        default_factory=list, description="codes that no contract of the library has"
    )


def read_mapping(document: Document) -> tuple[Mapped | None, tuple[Problem, ...]]:
    """Give the mapping in a document (None when it has errors) and every problem, in file order."""
    mapped, problems = validate(document, Mapped)
    if mapped is None:
        return None, problems
    found = (*problems, *_columns(mapped, document), *_values(mapped, document))
    return (None if any(one.severity == ERROR for one in found) else mapped), in_file_order(found)


def load_mapping(path: Path) -> Mapped:
    """Give the mapping of a file, or raise ``InputError`` with every problem in it."""
    mapped, problems = read_mapping(load_document(path))
    if mapped is None:
        raise InputError(problems)
    return mapped


def _columns(mapped: Mapped, document: Document) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for head, name in mapped.columns.items():
        mark = document.marks.value(("columns", head))
        if name not in FIELDS:
            message = f"there is no field '{name}'.{did_you_mean(name, list(FIELDS))}"
            yield problem_of("CR090", message, mark, help=f"fields are: {', '.join(FIELDS)}")
        elif name in taken:
            message = f"'{name}' is given by two columns, '{taken[name]}' and '{head}'"
            yield problem_of("CR091", message, mark, help="keep the column that holds it")
        taken.setdefault(name, head)
    if mapped.columns and "claim_id" not in taken:
        message = "no column is 'claim_id': a case could not be told from another"
        yield problem_of(
            "CR092", message, document.marks.key(("columns",)), help="name the column of its number"
        )


def _values(mapped: Mapped, document: Document) -> Iterator[Problem]:
    for name, words in mapped.values.items():
        if name not in WORDS:
            message = f"'{name}' has no words to be read as others.{did_you_mean(name, WORDS)}"
            mark = document.marks.key(("values", name))
            yield problem_of("CR093", message, mark, help=f"values are given for: {', '.join(WORDS)}")
            continue
        for word, meant in words.items():
            if not SLUG.fullmatch(meant):
                message = f"'{meant}' is no plain word: small letters, digits and underscores"
                mark = document.marks.value(("values", name, word))
                yield problem_of("CR094", message, mark, help="write it as a scenario or a contract does")
