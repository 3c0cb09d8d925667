"""Phases 6 and 7: limits on headings and on the total."""

from collections.abc import Iterator

from legalaid_sim.contracts.blocks.common import HeadingLimit, PaymentBlock
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.pricing_state import (
    HEADING_LIMITS,
    TOTAL_LIMIT,
    LineEntry,
    PricingState,
    money,
)
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up


def limits(block: PaymentBlock, context: CompileContext) -> Iterator[PhaseStep]:
    """Hold headings, or the total, to what the contract allows."""
    for key, limit in block.limits.items():
        rule = LimitRule(block, key, limit, context)
        yield PhaseStep(rule.phase, rule.hold)


class LimitRule:
    """One limit of a block: what counts toward it, what lifts it, what happens above it."""

    def __init__(self, block: PaymentBlock, key: str, limit: HeadingLimit, context: CompileContext) -> None:
        self.name, self.key, self.limit, self.dated_by = block.id, key, limit, block.dated_by
        self.phase = TOTAL_LIMIT if key == "total" else HEADING_LIMITS
        self.most = context.money(limit.at_most, block, f"limits.{key}")
        self.headings = frozenset(limit.on or (key,))
        self.lifts = context.library.lifts
        self.everything = self.headings == {"total"}
        self.fees = "fees" in self.headings

    def counts(self, entry: LineEntry) -> bool:
        """Tell whether an entry counts: by its heading, its kind, as one of the fees, or taken off by such a limit."""
        if self.everything or entry.heading in self.headings or entry.kind in self.headings:
            return True
        if entry.phase == self.phase and entry.heading == self.key:
            return True
        return self.fees and entry.kind != "disbursements"

    def hold(self, case: PricingState) -> None:
        """Compare what counts with the limit, and take off what is above it."""
        ceiling = self.most.on(case.day(self.dated_by, self.name), case)
        if ceiling is None:
            return
        counted = [entry for entry in case.entries if self.counts(entry)]
        claimed = add_up(entry.pence for entry in counted)
        lifted, ceiling = self.lifted(case, ceiling)
        case.margins[self.key] = claimed - ceiling
        if claimed <= ceiling or lifted:
            self._tell_kept(case, claimed, ceiling)
            return
        self.breach(case, claimed, ceiling)
        if self.limit.on_breach != "warn":
            self._tell_cut(case, claimed, ceiling, self._take_off(case, counted, claimed - ceiling))

    def lifted(self, case: PricingState, ceiling: int) -> tuple[bool, int]:
        """Tell whether authority lifts the limit; one that was granted up to a sum only raises it."""
        unless = self.limit.unless
        if unless is None:
            return False, ceiling
        if self.key not in self.lifts.get(unless, (self.key,)):
            return False, ceiling
        granted = case.facts.facts.get(f"{unless}.limit")
        if isinstance(granted, int):
            return False, max(granted, ceiling)
        return bool(case.facts.facts.get(unless)), ceiling

    def breach(self, case: PricingState, claimed: int, ceiling: int) -> None:
        """Refuse, or raise the flag that goes with the way this limit is kept."""
        how = self.limit.on_breach
        if how == "refuse":
            why = f"{money(claimed)} is over the limit of {money(ceiling)}"
            raise Refusal("over-limit", f"{self.name}.limits.{self.key}", why)
        flag = self.limit.flag or {"warn": "over_limit", "seek_authority": "authority_needed"}.get(how)
        if flag:
            case.flags.append(flag)

    def _take_off(self, case: PricingState, counted: list[LineEntry], excess: int) -> int:
        """Take an excess off fees first and disbursements last, so that taxes follow; give what came off."""
        kinds: dict[str, int] = {}
        left = excess
        for entry in counted:
            kinds[entry.kind] = kinds.get(entry.kind, 0) + entry.pence
        for kind in sorted(kinds, key=lambda kind: kind == "disbursements"):
            off = min(left, kinds[kind])
            heading = kind if kind == "disbursements" else self.key
            case.pay(self.phase, self.name, -off, kind, heading)
            left -= off
        return excess - left

    def _tell_kept(self, case: PricingState, claimed: int, ceiling: int) -> None:
        if case.trace is not None and claimed:
            kept = f"lifted by {self.limit.unless}" if claimed > ceiling else "kept"
            how = f"limit {self.key}: {money(claimed)} of {money(ceiling)}, {kept}"
            case.tell(self.phase, self.name, None, how)

    def _tell_cut(self, case: PricingState, claimed: int, ceiling: int, off: int) -> None:
        if case.trace is not None:
            how = f"limit {self.key}: {money(claimed)} claimed, at most {money(ceiling)}"
            inputs = {"claimed": money(claimed), "at_most": money(ceiling)}
            case.tell(self.phase, self.name, -off, how, inputs)
