"""An amount for each stage reached."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.additions import BoltOn, bolt_ons
from legalaid_sim.contracts.kinds.payments.fees import reached
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import WHOLE
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, needed, share
from legalaid_sim.contracts.tools.pricing_state import STAGES, PricingState, money
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.values import MoneyValue, ShareValue, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted
from legalaid_sim.errors import Refusal

ALL = Decimal(100)


class Stage(Terms):
    """One rung of a stage ladder."""

    stage: str
    amount: MoneyValue


class EndsEarly(Terms):
    """What a matter that ends early for this reason earns."""

    stage: str
    pays_percent: ShareValue = ALL


class StagedFee(PaymentBlock):
    """An amount for each stage reached."""

    kind: Literal["staged_fee"]
    stages: tuple[Stage, ...] = Field(min_length=1)
    ends_early: dict[str, EndsEarly] = Field(default_factory=dict)
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)


def price(block: StagedFee, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay each stage that was reached, or the share that an early end leaves."""
    yield PhaseStep(STAGES, StagePay(block, context).run)
    yield from bolt_ons(block, context)


class StagePay:
    """A ladder of stages with their amounts, and what an early end pays."""

    def __init__(self, block: StagedFee, context: CompileContext) -> None:
        self.name, self.dated_by, self.rounded = block.id, block.dated_by, context.rounded
        self.amounts = {
            stage.stage: context.money(stage.amount, block, f"stages.{stage.stage}") for stage in block.stages
        }
        self.early = {
            outcome: (end.stage, context.percent(end.pays_percent, block, f"ends_early.{outcome}"))
            for outcome, end in block.ends_early.items()
        }
        for stage, _ in self.early.values():
            if stage not in self.amounts:
                known = ", ".join(self.amounts)
                raise Refusal(
                    "unknown-stage", f"{block.id}.ends_early", f"no stage '{stage}'; there are: {known}"
                )

    def run(self, case: PricingState) -> None:
        """Pay the stages in a case's facts; where there are none, the share of an early end."""
        reached = case.facts.facts.get("stages") or ()
        stages = reached if isinstance(reached, list | tuple) else (reached,)
        for stage in stages:
            if stage in self.amounts:
                self.pay(case, str(stage), WHOLE)
        if not stages and case.facts.outcome in self.early:
            stage, percent = self.early[case.facts.outcome]
            self.pay(case, stage, percent.or_nought(case.day(self.dated_by, self.name), case))

    def pay(self, case: PricingState, stage: str, millionths: int) -> None:
        """Pay a share of a stage's amount."""
        day, amount = case.day(self.dated_by, self.name), self.amounts[stage]
        pence = share(needed(amount.on(day, case), self.name, stage), millionths, self.rounded)
        case.pay(STAGES, self.name, pence, "fees", "fee")
        if case.trace is not None:
            how, version = f"{stage} reached: {money(pence)}", amount.version(day, case)
            case.tell(STAGES, self.name, pence, how, {}, version, self.dated_by)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield listed(f"{said(stage.amount, contract)} for {words(stage.stage)}" for stage in block.stages)
    for reason, ends in block.ends_early.items():
        share = said(ends.pays_percent, contract)
        yield f"{share} percent of {words(ends.stage)} when it ends early because of {words(reason)}"


def parts(block: StagedFee) -> Iterator[NeededKey]:
    """Give what its keys need."""
    for stage in block.stages:
        yield f"stages.{stage.stage}", (Wanted("stage", stage.stage),)
    for reason in block.ends_early:
        yield f"ends_early.{reason}", (Wanted("fact", "outcome", reason),)


def circumstances(block: StagedFee) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    yield from ({"stages": (stage.stage,)} for stage in block.stages)
    yield from ({"outcome": outcome} for outcome in block.ends_early)


def needs(block: StagedFee) -> Iterator[AnyOf]:
    """A stage that is reached, or an end for one of its reasons."""
    ends = (Wanted("fact", "outcome", reason) for reason in block.ends_early)
    yield (*(Wanted("stage", stage.stage) for stage in block.stages), *ends)


KIND = PaymentKind(
    model=StagedFee,
    say=say,
    marks={
        "StagedFee": {PAID: "stages ends_early bolt_ons"},
        "Stage": {PAID: "stage amount"},
        "EndsEarly": {PAID: "stage pays_percent"},
    },
    price=price,
    is_base=True,
    own_moment=True,
    curve=lambda block: (reached,),
    needs=needs,
    parts=parts,
    circumstances=circumstances,
)
