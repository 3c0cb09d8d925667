"""CT: worked examples that fail, and what no example shows: payments, both sides of a date, thresholds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.kinds.payments.escaping import Escape
from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.contracts.language.examples import run_example
from legalaid_sim.contracts.language.exampletable import table_rows
from legalaid_sim.contracts.language.lint.reach import can_hold
from legalaid_sim.contracts.language.playing import play, provider_of
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema.contract import Example, Given
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import ByRegion, Column, Dated, NamedValue
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.units import add_up
from legalaid_sim.yamlfile import Path

NO_REFUSAL = "no refusal"
CANNOT_RUN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError)


@dataclass(slots=True)
class Shown:
    """What one matter of an example shows: the blocks that spoke, and how far it is over thresholds."""

    blocks: frozenset[str]
    facts: MatterFacts
    margins: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Ran:
    """All examples of a contract, run: how expectations came out, and what they show."""

    outcomes: list[tuple[int, ExampleOutcome]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int]:
        """Count examples that pass, and all; each row of a table counts as one."""
        passed: dict[tuple[int, int], bool] = {(at, 0): False for at, _ in self.broken}
        for at, outcome in self.outcomes:
            passed[at, outcome.row] = passed.get((at, outcome.row), True) and outcome.passed
        return add_up(passed.values()), len(passed)


def run_all(page: Page, terms: CompiledTerms) -> Ran:
    """Run every example; one that cannot run at all is kept with the reason."""
    ran = Ran()
    for at, example in enumerate(page.contract.examples):
        try:
            ran.outcomes += [(at, outcome) for outcome in run_example(example, terms, terms.folder)]
            ran.shown += _shown(example, terms)
        except Refusal as refusal:
            ran.broken.append((at, str(refusal)))
        except CANNOT_RUN as error:
            ran.broken.append((at, f"{type(error).__name__}: {error}"))
    return ran


def _shown(example: Example, terms: CompiledTerms) -> Iterator[Shown]:
    if example.table is not None:
        base = dict((example.given_each or Given()).provider)
        for row in table_rows(example.table, terms.folder):
            yield _shown_by(row.facts, provider_of({**base, **row.provider}), terms)
    if example.then is not None:
        played = play(example.given or Given(), example.when, terms)
        paid = frozenset(line.block for _, line in played.lines)
        yield Shown(paid, MatterFacts("-"))
        yield from (
            _shown_by(facts, played.account.provider, terms, paid) for facts in played.matters.values()
        )


def _shown_by(
    facts: MatterFacts, provider: ProviderFacts, terms: CompiledTerms, paid: frozenset[str] = frozenset()
) -> Shown:
    receipt = terms.receipt(facts, provider, facts.closed or facts.opened)
    return Shown(paid | {step.block for step in receipt.steps}, facts, dict(receipt.margins))


def check(page: Page, terms: CompiledTerms, ran: Ran) -> Iterator[Problem]:
    """Find examples that fail or assert nothing, and payments, dates and thresholds that none shows."""
    yield from _failures(page, ran)
    for at, example in enumerate(page.contract.examples):
        yield from _asserts(page, ("examples", at), example)
    for placed in page.blocks("payments"):
        yield from _covered(page, placed, ran)
    for placed in page.blocks("payments", "taxes"):
        yield from _dates(page, placed, terms, ran)


def _failures(page: Page, ran: Ran) -> Iterator[Problem]:
    for at, why in ran.broken:
        yield page.problem("CT400", f"this example cannot be run: {why}", ("examples", at, "name"))
    for at, outcome in ran.outcomes:
        if not outcome.passed:
            row = f" (row {outcome.row})" if outcome.row else ""
            message = f"{outcome.what}{row} should be {outcome.expected} and comes to {outcome.got}"
            if outcome.what == "refused" and outcome.expected == NO_REFUSAL:
                message = f"this{row} is refused: {outcome.receipt_line or outcome.got}"
            places = tuple(_lines_that_differ(page, outcome))
            receipt = f"it is made of: {outcome.receipt_line}" if outcome.receipt_line else ""
            yield page.problem("CT400", message, _place(page, at, outcome), help=receipt, also=places)


def _lines_that_differ(page: Page, outcome: ExampleOutcome) -> Iterator[tuple[int, str]]:
    """Give the lines of the blocks that make a figure: the one that is the difference, where one is; else all."""
    lines = {placed.id: page.mark((*placed.path, "id")) for placed in page.blocks()}
    known = [part for part in outcome.parts if part.block in lines]
    missing = _difference(outcome)
    alone = [part for part in known if part.amount and part.amount == missing]
    for part in alone[:1] or known:
        mark = lines[part.block]
        if mark.file == page.mark(("contract",)).file:
            yield mark.line, f"{part.words}, which is the difference" if alone else part.words


def _difference(outcome: ExampleOutcome) -> int:
    """Give how much too much came out, in pence or minutes; 0 where that is no number."""
    try:
        both = [Decimal(text.replace(",", "")) for text in (outcome.got, outcome.expected)]
    except ArithmeticError:
        return 0
    return int((both[0] - both[1]) * (1 if outcome.what.startswith("burden_minutes") else 100))


def _place(page: Page, at: int, outcome: ExampleOutcome) -> Path:
    example = page.data["examples"][at]
    if outcome.row:
        rows = example.get("table", {}).get("rows")
        return ("examples", at, "table", "rows", outcome.row - 1) if rows else ("examples", at, "table")
    return ("examples", at, "then", *outcome.what.split(".", 1))


def _asserts(page: Page, path: Path, example: Example) -> Iterator[Problem]:
    if example.then is None:
        if example.table is None:
            yield page.problem("CT404", f"'{example.name}' expects nothing", (*path, "name"))
        return
    said = {key for key in type(example.then).model_fields if getattr(example.then, key) not in (None, {})}
    if not said:
        yield page.problem("CT404", f"'{example.name}' expects nothing", (*path, "then"), at_key=True)
    elif said == {"flags"}:
        message = f"'{example.name}' expects flags and no amount"
        yield page.problem("CT405", message, (*path, "then", "flags"), at_key=True)


def _covered(page: Page, placed: Placed, ran: Ran) -> Iterator[Problem]:
    mine = [shown for shown in ran.shown if placed.id in shown.blocks]
    if not mine:
        yield page.problem("CT401", f"no example shows what '{placed.id}' pays", (*placed.path, "id"))
        return
    escape = getattr(placed.block, "escape", None)
    if escape is None:
        return
    margins = {shown.margins.get(escape.flag) for shown in mine}
    missing = [words for pence, words in ((0, "exactly at"), (1, "a penny over")) if pence not in margins]
    if missing:
        message = f"no example of '{placed.id}' lies {' or '.join(missing)} its escape threshold"
        yield page.problem("CT403", message, (*placed.path, "escape"), at_key=True)


def _dates(page: Page, placed: Placed, terms: CompiledTerms, ran: Ran) -> Iterator[Problem]:
    mine = [shown.facts for shown in ran.shown if placed.id in shown.blocks]
    if not mine:
        return
    days = sorted(d for d in (_day(facts, placed.block.dated_by, terms.starts) for facts in mine) if d)
    for change in _changes(page, placed):
        if change <= page.contract.term.starts:
            continue
        before, after = any(day < change for day in days), any(day >= change for day in days)
        if not (before and after):
            side = "before" if not before else "on or after"
            message = f"'{placed.id}' changes on {change}, and no example lies {side} that day"
            remedy = f"fix: add one dated {change - timedelta(days=1) if not before else change}"
            yield page.problem("CT402", message, (*placed.path, "id"), help=remedy)


def _day(facts: MatterFacts, dated_by: str, starts: date) -> date | None:
    if dated_by == "matter_opened":
        return facts.opened
    return starts if dated_by == "contract_started" else facts.closed


def _changes(page: Page, placed: Placed) -> list[date]:
    """List the days on which what a block pays changes: its histories, named values and table rows."""
    days: set[date] = set()
    for form in _forms(placed.block):
        if isinstance(form, Column):
            days.update(_row_starts(page, placed))
        else:
            days.update(page.days_of_change(form))
    return sorted(days)


def _forms(found: Any) -> Iterator[Any]:
    if isinstance(found, Column | NamedValue | Dated | ByRegion):
        yield found
    elif hasattr(type(found), "model_fields"):
        for name in type(found).model_fields:
            if not (isinstance(found, Escape) and name == "rates"):
                yield from _forms(getattr(found, name))
    elif isinstance(found, dict):
        for value in found.values():
            yield from _forms(value)
    elif isinstance(found, tuple | list):
        for value in found:
            yield from _forms(value)


def _row_starts(page: Page, placed: Placed) -> Iterator[date]:
    """Give the days on which a row follows another of the same key, for keys that the block applies to."""
    table = page.contract.tables.get(placed.block.table or "")
    if table is None or table.starts is None or table.starts not in (table.columns or ()):
        return
    starts: dict[tuple[Any, ...], set[date]] = {}
    for row in table.rows:
        cells = dict(zip(table.columns or (), row))
        day = cells.get(table.starts)
        if day and _wanted(placed, table.key[0], cells.get(table.key[0])):
            key = tuple(cells.get(name) for name in table.key)
            starts.setdefault(key, set()).add(date.fromisoformat(str(day)))
    for days in starts.values():
        yield from sorted(days)[1:]


def _wanted(placed: Placed, name: str, cell: Any) -> bool:
    return all(
        can_hold(condition, (str(cell),))
        for fact, condition in placed.block.applies_to.items()
        if plain_name(fact) == name and cell is not None
    )
