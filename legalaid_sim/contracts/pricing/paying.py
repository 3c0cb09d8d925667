"""Blocks that pay or tax, compiled, and which of them price a matter of one kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from legalaid_sim.contracts.blocks.common import Block, PaymentBlock
from legalaid_sim.contracts.kinds.payments.disbursements import Disbursements
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.tools.compile_context import PhaseStep, StepRun
from legalaid_sim.contracts.tools.lookups import Rows
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition, hold, is_static
from legalaid_sim.errors import Refusal

MOST_PLANS = 1 << 12
MOMENTS: Mapping[str, frozenset[str]] = {
    "opened": frozenset({"on_open"}),
    "running": frozenset({"on_open", "on_stage", "on_event"}),
    "claimed": frozenset({"on_open", "on_stage", "on_event"}),
    "closed": frozenset({"on_open", "on_stage", "on_event", "on_close", "on_outcome"}),
}


@dataclass(frozen=True, slots=True, eq=False)
class Paying:
    """A payment or tax block, compiled."""

    block: Block
    steps: tuple[PhaseStep, ...]
    clauses: tuple[CompiledCondition, ...]
    unless: tuple[CompiledCondition, ...]
    table: Rows | None
    dated_by: str
    earned: str
    is_base: bool
    sums: bool
    replaces: tuple[str, ...]

    @property
    def id(self) -> str:
        """The block's id."""
        return self.block.id

    def applies(self, case: PricingState) -> bool:
        """Tell whether the block applies to a case."""
        if self.table is not None:
            case.table, case.table_day = self.table, case.day(self.dated_by, self.id)
        return hold(self.clauses, case) and not (self.unless and hold(self.unless, case))

    def never_for(self, case: PricingState) -> bool:
        """Tell whether facts that cannot change already rule the block out."""
        if any(is_static(clause) and not clause.holds(case) for clause in self.clauses):
            return True
        return (
            bool(self.unless) and all(is_static(clause) for clause in self.unless) and hold(self.unless, case)
        )

    def always_for_static(self) -> bool:
        """Tell whether only facts that cannot change decide."""
        return all(is_static(clause) for clause in (*self.clauses, *self.unless))

    def pays_some(self) -> bool:
        """Tell whether this is a payment for certain matters only, though not for the whole of one."""
        return bool(self.clauses) and isinstance(self.block, PaymentBlock)

    def reason(self, case: PricingState) -> str:
        """Say why the block does not apply."""
        if self.table is not None:
            case.table, case.table_day = self.table, case.day(self.dated_by, self.id)
        for clause in self.clauses:
            if not clause.holds(case):
                return clause.failing(case)
        return "excluded by not_if: " + ", ".join(clause.name for clause in self.unless)


class PricingPlan:
    """The blocks that can apply to matters of one kind, and their steps in order of phase."""

    __slots__ = ("blocks", "chosen", "decided")

    def __init__(self, blocks: tuple[Paying, ...]) -> None:
        self.blocks = blocks
        self.decided = all(block.always_for_static() for block in blocks)
        self.chosen: dict[tuple[bool, ...], tuple[tuple[StepRun, ...], tuple[Paying, ...]]] = {}

    def choose(self, case: PricingState) -> tuple[tuple[StepRun, ...], tuple[Paying, ...]]:
        """Give the steps to take for a case, and the blocks they come from."""
        # Where nothing that can change decides, one arrangement serves every matter.
        mask = () if self.decided else tuple([block.applies(case) for block in self.blocks])
        found = self.chosen.get(mask)
        if found is None:
            found = self.chosen[mask] = self._arrange(mask)
        return found

    def _arrange(self, mask: tuple[bool, ...]) -> tuple[tuple[StepRun, ...], tuple[Paying, ...]]:
        active = [block for at, block in enumerate(self.blocks) if not mask or mask[at]]
        replaced = {name for block in active for name in block.replaces}
        active = [block for block in active if block.id not in replaced]
        refuse_overlap(active)
        # Within a phase in the order of the file, since sorting keeps the order of equals.
        steps = sorted((step for block in active for step in block.steps), key=lambda step: step.phase)
        return tuple(step.run for step in steps), tuple(active)


WAITS_FOR: Mapping[str, tuple[str, Callable[[PricingState], bool]]] = {
    "on_stage": ("a stage to be reached", lambda case: bool(case.facts.facts.get("stages"))),
    "on_event": ("something counted to happen", lambda case: any(case.facts.counts.values())),
}


def waiting(block: PaymentBlock, steps: Iterable[PhaseStep]) -> Iterable[PhaseStep]:
    """Let a payment that is earned on stages or events wait for the first one; a forecast supposes it."""
    if block.earned not in WAITS_FOR or PAYMENTS[block.kind].own_moment:
        return steps
    what, come = WAITS_FOR[block.earned]

    def once(step: PhaseStep) -> StepRun:
        def run(case: PricingState) -> None:
            if case.forecast or come(case):
                step.run(case)
            elif case.trace is not None:
                case.tell(step.phase, block.id, None, f"waits for {what}")

        return run

    return tuple(PhaseStep(step.phase, once(step)) for step in steps)


def claims_in_stages(block: Paying) -> bool:
    """Tell whether a block lets disbursements be claimed before the matter ends."""
    return isinstance(block.block, Disbursements) and block.block.stage_claims is not None


def refuse_overlap(active: Iterable[Paying]) -> None:
    """Refuse two blocks that would both pay for the whole of one matter."""
    single = [block for block in active if block.is_base and not block.sums]
    if len(single) > 1:
        names = " and ".join(block.id for block in single)
        raise Refusal(
            "overlap", single[0].id, f"{names} would both pay for this matter; write exception_to or hit: sum"
        )
