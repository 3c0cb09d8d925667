"""Receipts: why each pound was or was not paid, as text for a reader and as a JSON twin for a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from legalaid_sim.contracts.tools.pricing_state import PHASES, ReceiptRow, money
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.errors import Refusal

RECEIPT_FORMAT = "1.0"
HOW_WIDTH = 52


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one matter earns under one contract; pence are exact and the lines sum to ``earned``.

    ``steps`` are the rows in order of phase; one without pence explains a test that moved no money.
    ``not_applied`` pairs each block that stood aside with the reason. ``places`` says where blocks stand in
    the contract's file.
    """

    matter: str
    contract: str
    sha256: str
    steps: tuple[ReceiptRow, ...]
    earned: int
    flags: tuple[str, ...] = ()
    not_applied: tuple[tuple[str, str], ...] = ()
    burden_minutes: Mapping[str, int] = field(default_factory=dict)
    margins: Mapping[str, int] = field(default_factory=dict)
    scheme: str = ""
    heading: str = ""
    cash: str = ""
    sources: tuple[str, ...] = ()
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def by_block(self) -> dict[str, int]:
        """Sum the lines of each block, in order of first appearance."""
        sums: dict[str, int] = {}
        for step in self.steps:
            if step.pence:
                sums[step.block] = sums.get(step.block, 0) + step.pence
        return sums

    def as_data(self) -> dict[str, Any]:
        """Give the JSON twin as plain data; amounts are text."""
        return {
            "receipt_format": RECEIPT_FORMAT,
            "matter": self.matter,
            "contract": self.contract,
            "contract_sha256": self.sha256,
            "scheme": self.scheme,
            "lines": [self._line(step) for step in self.steps],
            "not_applied": [{"block": block, "because": why} for block, why in self.not_applied],
            "flags": list(self.flags),
            "burden_minutes": dict(self.burden_minutes),
            "margins": {name: money(pence) for name, pence in self.margins.items()},
            "earned": money(self.earned),
            "refusal": None if self.refusal is None else _refusal(self.refusal),
        }

    def as_json(self) -> str:
        """Give the JSON twin as text, the same bytes for the same inputs."""
        return json.dumps(self.as_data(), indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """Give the receipt for a reader."""
        rows = [
            f"{self.heading}   contract {self.contract}".strip(),
            f" {'#':>2}  {'rule':<24}{'how':<{HOW_WIDTH}}{'GBP':>10}  where",
        ]
        rows += [row for step in self.steps for row in self._rows(step)]
        if self.refusal is not None:
            rows.append(f"     refused: {self.refusal}")
        rows.append(f"     {'earned':<24}{'':<{HOW_WIDTH}}{money(self.earned):>10}")
        return "\n".join(rows + self._notes()) + "\n"

    def _line(self, step: ReceiptRow) -> dict[str, Any]:
        file, line = self.places.get(step.block, ("", 0))
        return {
            "phase": step.phase,
            "phase_name": PHASES[step.phase - 1],
            "block": step.block,
            "amount": None if step.pence is None else money(step.pence),
            "how": step.how,
            "inputs": dict(step.inputs),
            "value_version": step.version or None,
            "dated_by": step.dated_by or None,
            "file": file or None,
            "line": line if line else None,
        }

    def _rows(self, step: ReceiptRow) -> list[str]:
        file, line = self.places.get(step.block, ("", 0))
        where = f"  {file}:{line}" if file else ""
        amount = "-" if step.pence is None else money(step.pence)
        how = _wrapped(step.how, HOW_WIDTH - 2)
        first = f" {step.phase:>2}  {step.block:<23} {how[0]:<{HOW_WIDTH}}{amount:>10}{where}"
        return [first, *(f"     {'':<24}{more}" for more in how[1:])]

    def _notes(self) -> list[str]:
        notes = []
        if self.flags:
            notes.append(f"Flags: {', '.join(self.flags)}")
        if self.burden_minutes:
            shown = ", ".join(f"{clause} {minutes} min" for clause, minutes in self.burden_minutes.items())
            notes.append(f"Burden: {shown}")
        if self.not_applied:
            notes.append("Did not apply: " + ", ".join(f"{block} ({why})" for block, why in self.not_applied))
        if self.cash:
            notes.append(f"Cash: {self.cash}")
        return notes + [f"Source: {source}" for source in self.sources]


def _refusal(refusal: Refusal) -> dict[str, str]:
    return {"code": refusal.code, "rule": refusal.rule, "why": refusal.why}


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def heading_of(facts: MatterFacts) -> str:
    """Give the first line of a receipt: which matter, and its days."""
    days = [f"{name} {day}" for name, day in (("opened", facts.opened), ("closed", facts.closed)) if day]
    return "   ".join([f"Matter {facts.ref}", f"{facts.category} {facts.fee_code}".strip(), *days])
