"""A matter that is tried: the facts that a contract asks about, its receipt, and the worked example it makes."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from legalaid_sim.authoring.watching import DAYS_OPEN, receipt_of
from legalaid_sim.contracts.analysis.circumstances import of_block
from legalaid_sim.contracts.analysis.paycurve import newest_day
from legalaid_sim.contracts.language.exampletable import row_of
from legalaid_sim.contracts.pricing.receipts import Receipt
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.tools.wording import words
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.contracts.vocabulary.supposing import meeting
from legalaid_sim.errors import Refusal
from legalaid_sim.yamlfile import plain_scalar

HOURS = "profit_hours"
USUAL_HOURS = "6"
# What an account knows and no matter states.
UNSTATED = ("rank", "lead", "costed", "stages", "work", "row", "minutes", "client")
SAID = (
    "opened",
    "closed",
    "category",
    "fee_code",
    "region",
    "outcome",
    "vat_registered",
    "months_open",
    "ref",
)
MOST_FIELDS = 40


class MatterField(NamedTuple):
    """A fact to fill in: its column, what it is called, what stands in it, and the words it may take; none: any."""

    name: str
    label: str
    value: str
    choices: tuple[str, ...] = ()
    sort: str = "text"


class ReceiptLine(NamedTuple):
    """A step of a receipt: which rule, how, how much, and its line in this file, 0 where it stands elsewhere."""

    rule: str
    how: str
    amount: str
    line: int


class TriedMatter(NamedTuple):
    """What came of a matter that was tried; ``refused`` says why it cannot be priced."""

    steps: tuple[ReceiptLine, ...]
    earned: str
    aside: tuple[tuple[str, str, int], ...]
    burdens: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    refused: str
    example: dict[str, Any]


def matter_fields(contract: Contract, given: Mapping[str, str]) -> tuple[MatterField, ...]:
    """Give a field for each fact that the contract asks about, filled with what is given or usual."""
    opened = newest_day(contract)
    usual = {"opened": str(opened), "closed": str(opened + timedelta(days=DAYS_OPEN)), HOURS: USUAL_HOURS}
    fields = [MatterField(HOURS, "hours of work", "", (), "number")]
    fields += [MatterField(name, name, "", (), "date") for name in ("opened", "closed")]
    fields += _chosen(contract)
    asked = _asked(contract)
    fields += [_field(name, values) for name, values in asked.items()][:MOST_FIELDS]
    return tuple(
        field._replace(value=given.get(field.name, usual.get(field.name, field.value))) for field in fields
    )


def _chosen(contract: Contract) -> Iterator[MatterField]:
    codes = dict.fromkeys(_codes(contract))
    if contract.categories:
        first = "" if codes else contract.categories[0]
        yield MatterField("category", "category", first, contract.categories)
    if codes:
        yield MatterField("fee_code", "fee code", next(iter(codes)), tuple(codes) if len(codes) < 400 else ())
    if contract.regions:
        yield MatterField("region", "region", contract.regions[0], contract.regions)
    yield MatterField("vat_registered", "registered for VAT", "false", ("false", "true"))
    headings = {name for block in contract.payments for name in getattr(block, "rates", None) or ()}
    for heading in TIME_HEADINGS:
        if heading in headings and heading != "profit":
            yield MatterField(f"{heading}_hours", f"hours of {words(heading)}", "", (), "number")


def _codes(contract: Contract) -> Iterator[str]:
    for block in contract.payments:
        for name, condition in block.applies_to.items():
            if plain_name(name) == "fee_code":
                yield from map(str, meeting(condition))


def _asked(contract: Contract) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for block in (*contract.payments, *contract.taxes, *contract.duties, *contract.permissions):
        for circumstance in of_block(block):
            for name, value in circumstance.facts:
                plain = plain_name(name)
                if (plain not in SAID and plain.partition(".")[0] not in UNSTATED) or plain == "outcome":
                    held = found.setdefault(plain, [])
                    held += [value] if value not in held else []
    return found


def _field(name: str, values: list[Any]) -> MatterField:
    family, _, rest = name.partition(".")
    if family == "costs":
        return MatterField(f"{rest}_costs", f"{words(rest)} costs, pounds", "", (), "number")
    if family in ("event", "count"):
        return MatterField(f"n_{rest}", f"times: {words(rest)}", "", (), "number")
    if any(isinstance(value, bool) for value in values):
        return MatterField(name, words(name), "", ("false", "true"))
    if all(isinstance(value, int | float | Decimal) for value in values):
        return MatterField(name, words(name), "", (), "number")
    return MatterField(name, words(name), "", tuple(map(str, values)))


def told_of(fields: tuple[MatterField, ...]) -> dict[str, Any]:
    """Give what the fields say as a row of a table of examples would; empty ones say nothing."""
    return {field.name: plain_scalar(field.value.strip()) for field in fields if field.value.strip()}


def tried(terms: CompiledTerms, fields: tuple[MatterField, ...], here: str) -> TriedMatter:
    """Price the matter that the fields tell of; ``here`` is the name of the file whose lines are given."""
    told = told_of(fields)
    try:
        receipt = receipt_of(terms, row_of(told))
    except Refusal as refusal:
        return TriedMatter((), "", (), (), (), str(refusal), {})
    return TriedMatter(
        tuple(
            ReceiptLine(step.block, step.how, "" if step.pence is None else money(step.pence),
                        _line(receipt, step.block, here))
            for step in receipt.steps
        ),
        money(receipt.earned),
        tuple((block, why, _line(receipt, block, here)) for block, why in receipt.not_applied),
        tuple((block, f"{minutes} minutes") for block, minutes in receipt.burden_minutes.items()),
        receipt.flags,
        "" if receipt.refusal is None else str(receipt.refusal),
        _example(told, receipt),
    )  # fmt: skip


def _line(receipt: Receipt, block: str, here: str) -> int:
    file, line = receipt.places.get(block, ("", 0))
    return line if file == here else 0


def _example(told: Mapping[str, Any], receipt: Receipt) -> dict[str, Any]:
    """Give the worked example that says what this matter earns, or that it is refused."""
    expected = (
        ("earned", Decimal(money(receipt.earned)))
        if receipt.refusal is None
        else ("refused", receipt.refusal.code)
    )
    named = ", ".join(str(told[name]) for name in ("category", "fee_code", "region") if name in told)
    return {
        "name": f"{named or 'A matter'}: {told.get(HOURS, 0)} hours",
        "table": {"columns": [*told, expected[0]], "rows": [[*told.values(), expected[1]]]},
        "source": {"title": "kept in the studio: what the contract said then", "status": "derived"},
    }
