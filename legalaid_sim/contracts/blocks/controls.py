"""What is watched, and what follows: targets, sanctions, audits, pay kept back."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.cash import PaidOn
from legalaid_sim.contracts.blocks.common import Block, Scope
from legalaid_sim.contracts.vocabulary.values import (
    Comparison,
    Condition,
    Count,
    MoneyValue,
    Percent,
    Share,
    Terms,
)

NIL = Decimal(0)

KpiMeasure = Literal[
    "assessed_reduction_share", "fixed_fee_margin_share", "escape_share", "matters_per_start_share",
    "resolved_share", "days_to_first_contact", "turned_away_share", "known_adviser_share",
    "same_adviser_share", "returns_late_share", "clients_seen_share", "peer_review_score",
    "legal_aid_rejection_share",
]  # fmt: skip


# What watches how people are met, rather than what is produced: effort that moves to it moves to relations.
OF_RELATIONS: frozenset[str] = frozenset({"known_adviser_share", "same_adviser_share"})


class KpiWindow(Terms):
    """How far a KPI looks back, and how many cases it needs."""

    months: Count = Field(default=12, ge=1)
    at_least_cases: Count = 0


class Kpi(Block):
    """A target on a measure."""

    kind: Literal["kpi"]
    measure: KpiMeasure
    unit: str = "percent"
    target: Comparison
    over_window: KpiWindow = KpiWindow()
    bonus: MoneyValue | None = Field(default=None, description="paid for each period in which it is met")


class SanctionStep(Terms):
    """What follows at this many."""

    at: Count = Field(ge=1)
    does: Literal["notice", "improvement_plan", "withhold_percent", "suspend_new_matters", "terminate"]
    minutes: Count = 0
    percent: Share | None = None
    months: Count = 0
    notice_months: Count = 0
    returned_if: Literal["target_met"] | None = None


class SanctionLadder(Block):
    """Steps that follow from what is counted."""

    kind: Literal["sanction_ladder"]
    counts: Literal["missed_kpis", "late_returns", "audit_class_3"] = "missed_kpis"
    per: Scope = "quarter"
    steps: tuple[SanctionStep, ...] = Field(min_length=1)


class AuditFrequency(Terms):
    """How often an audit is held, and what else brings one."""

    every_months: Count = Field(ge=1)
    or_if: dict[str, Literal["missed"]] = Field(default_factory=dict)


class Sample(Terms):
    """Which files are looked at."""

    files: Count = Field(ge=1)
    from_: Literal["claims_since_last_audit"] = Field(default="claims_since_last_audit", alias="from")
    chosen: Literal["random", "riskiest"] = "random"


class AuditBurden(Terms):
    """What an audit costs the provider."""

    provider_minutes_per_file: Count = 0


class AuditClass(Terms):
    """How a found reduction is treated."""

    reduction_percent: Condition
    class_: Count = Field(alias="class")
    recover: Literal["sample_only", "extrapolate", "nothing"]


class Extrapolation(Terms):
    """How the sample's reduction is carried to all claims."""

    population: Literal["claims_since_last_audit"] = "claims_since_last_audit"
    less_points_if_no_appeal: Share = NIL
    use: Literal["point_estimate", "lower_bound"] = "point_estimate"


class Appeal(Terms):
    """What contesting an audit costs and how often it works."""

    minutes_per_file: Count = 0
    within_days: Count = 28
    success_percent: Share = NIL


class Audit(Block):
    """Sampled files, a class by reduction, and recovery that may be extrapolated."""

    kind: Literal["audit"]
    held: AuditFrequency
    sample: Sample
    burden: AuditBurden = AuditBurden()
    error_percent: Share = Field(
        default=Decimal(10), description="chance that a sampled file is reduced; the payer's practice"
    )
    reduced_by_percent: Share = Field(default=Decimal(50), description="cut in a file that is reduced")
    classes: tuple[AuditClass, ...] = Field(min_length=1)
    extrapolation: Extrapolation = Extrapolation()
    appeal: Appeal | None = None
    recovered_from: Literal["next_payments"] = "next_payments"


class KeptBack(Block):
    """A share of every payment that is kept back, released when targets are met, and lost otherwise."""

    kind: Literal["kept_back"]
    percent: Percent = Field(ge=0, le=100)
    of: Literal["all"] | tuple[str, ...] = Field(
        default="all", description="all payments, or those of these cash rules"
    )
    when_met: tuple[str, ...] = Field(
        default=(),
        description="targets that must all be met at a quarter's end; left out: all of the contract's",
    )
    lost_at: Literal["contract_year", "quarter"] = Field(
        default="contract_year", description="when what has not been released until then is lost"
    )
    paid_on: PaidOn = Field(
        default=PaidOn(working_day=1, months_after=1), description="when what is released is paid"
    )


AnyControl: TypeAlias = Annotated[Kpi | SanctionLadder | Audit | KeptBack, Field(discriminator="kind")]
