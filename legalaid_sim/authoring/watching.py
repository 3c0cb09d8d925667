"""A contract looked at after every save: problems, examples, what changed in its pay, a matter's receipt, its reach.

One screen of a terminal. A save that cannot be read leaves the pay of the one before standing, and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

from legalaid_sim.authoring.checking import Checked, check_contract, check_document, counts_in_words
from legalaid_sim.contracts.analysis.paycurve import earned, sample_matters
from legalaid_sim.contracts.language.exampletable import TableRow
from legalaid_sim.contracts.language.load import find_contract
from legalaid_sim.contracts.language.playing import provider_of
from legalaid_sim.contracts.pricing.receipts import Receipt
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain_name
from legalaid_sim.errors import ERROR, ContractError, Problem, Refusal, UnreadableFile
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_HOUR, add_up
from legalaid_sim.yamlfile import load_document

HOURS = (1, 2, 5, 10, 20, 40)
DAYS_OPEN = 90
MOST_BLOCKS, A_LINE, LABEL = 60, 3, 40
Pay = Mapping[tuple[str, str], tuple[int | None, ...]]
GRAVITY = ("error", "warning", "note")


class Watched(NamedTuple):
    """What is watched beside the file: a matter whose receipt is wanted, a scenario whose reach is."""

    matter: TableRow | None = None
    scenario: Scenario | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one save came to; ``pay`` is pence, before tax, by (what, where) and hours, None where refused."""

    checked: Checked
    terms: CompiledTerms | None = None
    pay: Pay = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that it was read from: the contract, its parents, its tables."""
        tables = self.terms.contract.tables.values() if self.terms else ()
        folder = self.terms.folder if self.terms else Path()
        return (*map(Path, self.checked.documents), *(folder / table.file for table in tables if table.file))


def look_at(name: str, before: Look | None = None) -> Look:
    """Read, check and price a file; never raises for what a person wrote."""
    try:
        path = find_contract(name)
        document = load_document(path)
    except (UnreadableFile, ContractError) as error:
        return Look(Checked(error.problems, unreadable=True), pay=before.pay if before else {})
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if kind not in ("contract", "change"):
        return Look(check_document(document, path))
    checked, terms = check_contract(document, path)
    if terms is None:
        return Look(checked, pay=before.pay if before else {})
    return Look(checked, terms, pay_of(terms))


def pay_of(terms: CompiledTerms) -> Pay:
    """Give what a matter of each payment and region earns after some hours of work, before tax."""
    about = {block.id: _about(block.applies_to) for block in terms.contract.payments}
    samples = [sample for _, sample in zip(range(MOST_BLOCKS), sample_matters(terms))]
    return {
        (f"{sample.block}, {about[sample.block]}", sample.where): tuple(
            _earned(terms, sample, hours * MINUTES_PER_HOUR) for hours in HOURS
        )
        for sample in samples
    }


def _about(conditions: Mapping[str, Any]) -> str:
    """Say which categories or codes a payment is for."""
    asked = [found for name, found in conditions.items() if plain_name(name) in ("category", "fee_code")]
    return " ".join(compile_test(found)[1].replace("_", " ") for found in asked) or "any matter"


def _earned(terms: CompiledTerms, sample: Any, minutes: int) -> int | None:
    try:
        return earned(terms, sample, minutes)
    except Refusal:
        return None


def screen(look: Look, before: Look | None, asked: Watched, rows: int = 40, columns: int = 100) -> str:
    """Write what one save came to, on one screen: each part gets its share of the rows that the others leave."""
    parts = [
        _problems(look.checked, columns),
        [counts_in_words(look.checked) or "No worked examples."] if look.terms else [],
        list(_pay(look, before)),
        _receipt(look, asked.matter) if asked.matter else [],
        _reach(look, asked.scenario) if asked.scenario else [],
    ]
    shown = _fitted([part for part in parts if part], rows - 1)
    return "\n".join(line[:columns] for line in shown) + "\n"


def _fitted(parts: Sequence[Sequence[str]], rows: int) -> Iterator[str]:
    """Cut the longest part, line by line, until all fit; what is cut is counted."""
    kept = [len(part) for part in parts]
    room = rows - (len(parts) - 1)
    while add_up(kept) > room and max(kept) > 2:
        longest = kept.index(max(kept))
        kept[longest] -= 1
    for at, (part, size) in enumerate(zip(parts, kept)):
        yield from ([""] if at else [])
        cut = len(part) - size
        yield from part[: size - 1] if cut else part
        if cut:
            yield f"  ... and {cut + 1} more lines"


def _problems(checked: Checked, columns: int) -> list[str]:
    found = sorted(checked.problems, key=lambda p: (GRAVITY.index(p.severity), p.line, p.column))
    if not found:
        return ["No problems."]
    counts = {word: [p.severity for p in found].count(word) for word in GRAVITY}
    said = ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count)
    lines = (f"  {_place(problem)}  {problem.code}  {problem.message}" for problem in found)
    return [f"{said}:", *(row for line in lines for row in wrap(line, columns, subsequent_indent=" " * 6))]


def _place(problem: Problem) -> str:
    mark = "!" if problem.severity == ERROR else " "
    return f"{mark} {problem.line}:{problem.column}"


def _pay(look: Look, before: Look | None) -> Iterator[str]:
    """Tell what changed in pay since the save before; all of it at the first look."""
    if look.terms is None and look.pay:
        yield "Pay: this save cannot be priced; what stood before is kept."
    if look.terms is None or not look.pay:
        return
    if before is None or not before.pay:
        yield f"{'Pay of a matter, before tax, after':<{LABEL + 2}}" + "".join(
            f"{f'{hours} h':>9}" for hours in HOURS
        )
        for (what, where), pence in look.pay.items():
            yield f"  {_called(what, where)[:LABEL]:<{LABEL}}" + "".join(f"{_money(one):>9}" for one in pence)
        return
    changed = list(_changed(look.pay, before.pay))
    yield "Pay that changed since the save before:" if changed else "Pay is as it was at the save before."
    yield from changed


def _changed(now: Pay, then: Pay) -> Iterator[str]:
    for key in dict.fromkeys((*now, *then)):
        if key not in now or key not in then:
            yield f"  {_called(*key)}: {'new' if key in now else 'gone'}"
        elif now[key] != then[key]:
            moved = [
                f"{hours} h {_money(one)} -> {_money(other)}"
                for hours, one, other in zip(HOURS, then[key], now[key])
                if one != other
            ]
            yield f"  {_called(*key)}:"
            yield from (f"    {', '.join(moved[at : at + A_LINE])}" for at in range(0, len(moved), A_LINE))


def _called(what: str, where: str) -> str:
    return f"{what} in {where}" if where else what


def _money(pence: int | None) -> str:
    return "refused" if pence is None else money(pence)


def _receipt(look: Look, row: TableRow | None) -> list[str]:
    if look.terms is None or row is None:
        return []
    try:
        receipt = receipt_of(look.terms, row)
    except Refusal as refusal:
        return [f"Receipt: {refusal}"]
    return receipt.as_text().rstrip().split("\n")


def receipt_of(terms: CompiledTerms, row: TableRow) -> Receipt:
    """Give the receipt of a matter that is tried; opened as the contract starts and 90 days open where not said.

    Raises ``Refusal`` where the provider cannot be what it is said to be; what cannot be priced stands in the receipt.
    """
    opened = row.facts.opened or terms.starts
    facts = replace(row.facts, opened=opened, closed=row.facts.closed or opened + timedelta(days=DAYS_OPEN))
    provider = provider_of({"region": row.facts.region or "elsewhere", **row.provider})
    return terms.receipt(facts, provider, facts.closed)


def _reach(look: Look, scenario: Scenario | None) -> list[str]:
    if look.terms is None or scenario is None:
        return []
    from legalaid_sim.authoring.unreached import unreached_in_text

    return unreached_in_text(look.terms.contract, scenario).rstrip().split("\n")
