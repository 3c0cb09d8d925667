"""Shapes of contracts to begin with: eight answers give a file that can be read, with its first worked example."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any, NamedTuple

from legalaid_sim.authoring.setting import outcomes_of
from legalaid_sim.errors import ResultsError
from legalaid_sim.results.folder import slug
from legalaid_sim.studio.editing import with_example
from legalaid_sim.units import add_months
from legalaid_sim.yamlfile import is_number, load_document, parse, quoted

WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
SOURCE = "{title: our own draft, status: assumed, note: what we wonder about}"
MOST_CATEGORIES = 20


class ContractShape(NamedTuple):
    """A way of paying: the block that pays, with AMOUNT where the amount goes, and what the first example tells of."""

    title: str
    event: str
    block: str
    told: Mapping[str, str] = {}


@cache
def shapes() -> Mapping[str, ContractShape]:
    """Give the shapes by name."""
    found: Mapping[str, Any] = load_document(Path(__file__).with_name("shapes.yaml")).data
    return {name: ContractShape(**told) for name, told in found.items()}


HEADS, HOURS_OF_WORK = 1000, 6


class ShapeAnswers(NamedTuple):
    """What was answered, read."""

    name: str
    title: str
    starts: date
    months: int
    categories: tuple[str, ...]
    amount: str
    adviser: int
    admin: int


def read_answers(sent: Mapping[str, str]) -> ShapeAnswers:
    """Read eight answers; raises ``ResultsError`` that says which one cannot be."""
    called = sent.get("called", "").strip()
    if not called:
        raise ResultsError("a new contract", "needs a name")
    categories = tuple(
        word.strip().replace(" ", "_") for word in sent.get("categories", "").lower().split(",")
    )
    if (
        not all(WORD.fullmatch(word) for word in categories)
        or not 1 <= len(set(categories)) <= MOST_CATEGORIES
    ):
        raise ResultsError("a new contract", "needs categories such as: debt, housing")
    try:
        starts = date.fromisoformat(sent.get("starts", "").strip())
    except ValueError:
        raise ResultsError("a new contract", "needs a first day such as 2026-04-01") from None
    amount = sent.get("amount", "").strip()
    if not is_number(amount) or amount.startswith("-"):
        raise ResultsError("a new contract", "needs an amount such as 250.00, without its unit")
    whole = [sent.get(name, "").strip() for name in ("months", "adviser", "admin")]
    if not all(word.isdigit() and len(word) < 5 for word in whole) or whole[0] == "0":
        raise ResultsError("a new contract", "needs whole numbers of months and minutes")
    months, adviser, admin = map(int, whole)
    amount = amount if "." in amount else f"{amount}.00"
    return ShapeAnswers(
        slug(called), called[:120], starts, months, tuple(dict.fromkeys(categories)), amount, adviser, admin
    )


def shaped(shape: str, answers: ShapeAnswers) -> str:
    """Write a contract of a shape, without its worked example; raises ``ResultsError`` where there is no such shape."""
    if shape not in shapes():
        raise ResultsError("a new contract", f"has one of these shapes: {', '.join(shapes())}")
    lines = [
        f"# {shapes()[shape].title}, begun in the studio",
        "kind: contract",
        "schema_version: 1",
        f"contract: {answers.name}",
        f"title: {quoted(answers.title)}",
        f"term: {{starts: {answers.starts}, months: {answers.months}}}",
        f"categories: [{', '.join(answers.categories)}]",
        "",
        "payments:",
        indent(shapes()[shape].block.replace("AMOUNT", answers.amount), "  ") + f"    source: {SOURCE}",
        *(_form(answers) if answers.adviser or answers.admin else ()),
        "",
        "cash:",
        "  - id: monthly",
        "    kind: variable_monthly",
        "    title: Each month is paid in the next",
        f"    source: {SOURCE}",
    ]
    return "\n".join(lines) + "\n"


def _form(answers: ShapeAnswers) -> Iterator[str]:
    yield from ("", "duties:", "  - id: form", "    kind: duty", "    title: A form for each matter")
    yield "    falls_on: matter_opened"
    yield f"    minutes: {{adviser: {answers.adviser}, admin: {answers.admin}}}"
    yield f"    source: {SOURCE}"


def begun(shape: str, answers: ShapeAnswers) -> str:
    """Write a contract of a shape with a first worked example that says what comes out."""
    text = shaped(shape, answers)
    outcome = next(iter(outcomes_of(parse(with_example(text, _example(shape, answers, "0.00"))), Path())))
    return with_example(text, _example(shape, answers, outcome.got))


def _example(shape: str, answers: ShapeAnswers, earned: str) -> dict[str, object]:
    found, event = shapes()[shape], shapes()[shape].event
    day = add_months(answers.starts, 1).replace(day=1) - timedelta(days=1)
    matter = {"ref": "A", "category": answers.categories[0], "opened": str(answers.starts)}
    by_matter = event != "month_ended"
    work = {"on": str(answers.starts), "work_done": {"ref": "A", "profit_hours": HOURS_OF_WORK}}
    return {
        "name": f"{'One matter' if by_matter else 'A first month'}: {found.title}",
        "given": {"matters": [matter]} if by_matter else {"provider": {"heads": HEADS}},
        "when": [
            *([work] if by_matter else []),
            {"on": str(day), event: {**found.told, **({"ref": "A"} if by_matter else {})}},
        ],
        "then": {"earned": Decimal(earned)},
        "source": {"title": "worked out by the studio as the file was begun", "status": "derived"},
    }
