"""What came out of a worked example, held against what its designer says must."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from legalaid_sim.contracts.language.playing import Played, plain_number
from legalaid_sim.contracts.schema.contract import Then
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.units import add_up


class FigurePart(NamedTuple):
    """What a block does to a figure that differs, in words; ``amount`` in pence or minutes, 0 where it does nothing."""

    block: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """How one expectation of one example came out; ``row`` counts rows of a table from 1.

    ``receipt_line`` is the first line of the receipt that bears on a difference; ``parts`` are the blocks that do.
    """

    example: str
    what: str
    expected: str
    got: str
    row: int = 0
    receipt_line: str = ""
    parts: tuple["FigurePart", ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether what was expected came out."""
        return self.expected == self.got


# comparing --------------------------------------------------------------------------------------------------

ComparedLine = tuple[str, str, str]


def compared(then: Then, played: Played) -> Iterator[ComparedLine]:
    """Hold what was played against a ``then``: what, what was expected, what came out."""
    if then.refused is not None or played.refusal is not None:
        found = played.refusal
        yield "refused", then.refused or "no refusal", found.code if found else "no refusal"
        return
    yield from _earned(then, played)
    for block, pounds in (then.lines or {}).items():
        pence = add_up(line.pence for _, line in played.lines if line.block == block)
        yield f"lines.{block}", money(pence_of(plain_number(pounds))), money(pence)
    if then.flags is not None:
        yield "flags", _listed(then.flags), _listed(dict.fromkeys(played.flags))
    yield from _tests(then, played)
    for name, percent in (then.position_percent or {}).items():
        yield (
            f"position_percent.{name}",
            f"{plain_number(percent):.1f}",
            f"{played.positions.get(name, 0.0):.1f}",
        )
    for name, pounds in (then.cash or {}).items():
        yield f"cash.{name}", money(pence_of(plain_number(pounds))), money(played.levels.get(name, 0))
    for day, pounds in (then.cash_by or {}).items():
        pence = add_up(payment.pence for payment in played.paid if payment.on <= day)
        yield f"cash_by.{day}", money(pence_of(plain_number(pounds))), money(pence)
    for clause, minutes in (then.burden_minutes or {}).items():
        yield f"burden_minutes.{clause}", str(plain_number(minutes)), str(played.burdens.get(clause, 0))
    for ref, pounds in (then.client_pays or {}).items():
        paid = money(played.client_pays.get(ref, 0))
        yield f"client_pays.{ref}", money(pence_of(plain_number(pounds))), paid
    if then.taken_first is not None:
        waiting = sorted(played.matters.values(), key=played.account.rank)
        yield "taken_first", ", ".join(then.taken_first), ", ".join(facts.ref for facts in waiting)
    for ref, manner in (then.permission or {}).items():
        yield f"permission.{ref}", manner, played.permissions.get(ref, "not asked")


def _listed(flags: Any) -> str:
    return ", ".join(sorted(flags)) or "none"


def _earned(then: Then, played: Played) -> Iterator[ComparedLine]:
    if then.earned is None:
        return
    wanted = then.earned if isinstance(then.earned, dict) else {"": then.earned}
    for ref, pounds in wanted.items():
        pence = add_up(line.pence for of, line in played.lines if ref in ("", of))
        yield f"earned.{ref}".rstrip("."), money(pence_of(plain_number(pounds))), money(pence)


def _tests(then: Then, played: Played) -> Iterator[ComparedLine]:
    if then.margin is None and then.scheme is None:
        return
    facts = next(iter(played.matters.values()), MatterFacts("-"))
    priced = played.account.terms.price(facts, played.account.provider, facts.closed)
    for name, pounds in (then.margin or {}).items():
        margin = priced.margins.get(name)
        yield (
            f"margin.{name}",
            money(pence_of(plain_number(pounds))),
            "not tested" if margin is None else money(margin),
        )
    if then.scheme is not None:
        yield "scheme", then.scheme, priced.scheme


def outcome_of(example: str, played: Played, found: ComparedLine) -> ExampleOutcome:
    """Give how an expectation came out, with the line of the receipt and the blocks that bear on a difference."""
    what, expected, got = found
    line = "" if expected == got else _receipt_line(what, played)
    parts = () if expected == got or played.refusal is not None else tuple(_parts(what, played))
    return ExampleOutcome(example, what, expected, got, 0, line, parts)


def _parts(what: str, played: Played) -> Iterator[FigurePart]:
    """Give the blocks by which a figure came out as it did, and the payments that gave nothing, with the reason."""
    kind, _, name = what.partition(".")
    if kind == "burden_minutes":
        yield from (
            FigurePart(clause, minutes, f"this asks for {minutes} minutes")
            for clause, minutes in played.burdens.items()
        )
    if kind not in ("earned", "lines"):
        return
    sums: dict[str, int] = {}
    for ref, line in played.lines:
        if name in ("", ref, line.block):
            sums[line.block] = sums.get(line.block, 0) + line.pence
    yield from (FigurePart(block, pence, f"this gives {money(pence)}") for block, pence in sums.items())
    facts = played.matters.get(name) or next(iter(played.matters.values()), None)
    for block, why in played.account.receipt(facts).not_applied if facts is not None else ():
        if block not in sums:
            yield FigurePart(block, 0, f"this did not apply: {why}")


def _receipt_line(what: str, played: Played) -> str:
    """Say what the figure that differs is made of: the blocks, duties or payments, or the block's own step."""
    if played.refusal is not None:
        return str(played.refusal)
    kind, _, name = what.partition(".")
    if kind == "earned":
        return _made_of([(line.block, line.pence) for ref, line in played.lines if name in ("", ref)])
    if kind == "burden_minutes":
        return (
            ", ".join(f"{clause} {minutes}" for clause, minutes in played.burdens.items()) or "no duty fell"
        )
    if kind in ("cash", "cash_by"):
        paid = (f"{payment.on} {payment.block} {money(payment.pence)}" for payment in played.paid)
        return ", ".join(paid) or "nothing was paid"
    return _step(name, played)


def _made_of(lines: list[tuple[str, int]]) -> str:
    sums: dict[str, int] = {}
    for block, pence in lines:
        sums[block] = sums.get(block, 0) + pence
    return ", ".join(f"{block} {money(pence)}" for block, pence in sums.items()) or "no block paid"


def _step(block: str, played: Played) -> str:
    """Give the step of a receipt that a block took, or why it took none."""
    facts = next(iter(played.matters.values()), None)
    if facts is None:
        return ""
    receipt = played.account.receipt(facts)
    step = next((step for step in receipt.steps if step.block == block), None)
    if step is None:
        why = dict(receipt.not_applied).get(block)
        return f"{block} did not apply: {why}" if why else ""
    return f"{step.phase} {step.block}: {step.how}" + (
        "" if step.pence is None else f" = {money(step.pence)}"
    )
