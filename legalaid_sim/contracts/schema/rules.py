"""Everything but payments: duties, permissions, standards, controls, adjustments, cash and taxes."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.schema.common import Block, DatedBy, Scope
from legalaid_sim.contracts.vocabulary.values import (
    Comparison,
    Condition,
    Conditions,
    Count,
    CountValue,
    Day,
    Money,
    MoneyValue,
    Number,
    Percent,
    PercentValue,
    Share,
    ShareValue,
    Terms,
    YesNo,
)

ALL = Decimal(100)
NIL = Decimal(0)

FallsOn = Literal[
    "matter_opened", "matter_closed", "month_ended", "quarter_ended", "year_ended",
    "stage_reached", "event_happened", "outcome_recorded", "work_done", "first_contact",
]  # fmt: skip


class DutyMinutes(Terms):
    """Minutes of a duty: the adviser's and the administrator's."""

    adviser: CountValue = 0
    admin: CountValue = 0


class IfMissed(Terms):
    """What follows when a duty is not done, and what finds it."""

    does: Literal["nil_the_claim", "reduce_to_nothing", "delay_cash", "notice", "nothing"] = "nothing"
    found_by: Literal["audit", "return", "at_once"] = "audit"


class Duty(Block):
    """A form or other admin that falls on an event: its minutes, and whether they are paid."""

    kind: Literal["duty"]
    falls_on: FallsOn
    minutes: DutyMinutes
    due_days: Count = Field(default=0, description="days after the event by which it is in time")
    paid: YesNo | Literal["counts_as_profit"] = False
    if_missed: IfMissed = IfMissed()


class ReturnDue(Terms):
    """The day of a month by which a return is in time."""

    day: Count = Field(ge=1, le=31)
    months_after: Count = 1


class ReturnMinutes(Terms):
    """Minutes of a return: each one, and each claim line in it."""

    per_return: CountValue = 0
    per_claim_line: CountValue = 0


class IfLate(Terms):
    """What a late return does."""

    does: Literal["delay_cash", "notice", "nothing"] = "nothing"
    months: Count = 1
    then: Literal["notice", "nothing"] = "nothing"


class Return(Block):
    """A regular report, with its minutes, due day and what lateness does."""

    kind: Literal["return"]
    falls_on: Literal["month_ended", "quarter_ended", "year_ended"] = "month_ended"
    due: ReturnDue
    minutes: ReturnMinutes
    done_by: Literal["admin", "adviser"] = "admin"
    if_late: IfLate = IfLate()
    nil_return: Literal["required", "not_required"] = "required"


AnyDuty: TypeAlias = Annotated[Duty | Return, Field(discriminator="kind")]


class Phasing(Terms):
    """How allowed matters spread over the year."""

    any_month_at_most_percent: ShareValue


class NextYear(Terms):
    """How the next year's allowance follows from this one's use."""

    same_as: Literal["matters_reported", "this_year_allowed"] = "matters_reported"
    plus_percent: PercentValue = Field(default=NIL, description="growth added to the matters reported")
    but_at_least_percent: PercentValue = NIL
    of: Literal["this_year_allowed"] = "this_year_allowed"


class MatterStarts(Block):
    """How many new matters may be opened in a period."""

    kind: Literal["matter_starts"]
    allowed: CountValue
    for_each: Literal["contract", "adviser"] = "contract"
    per: Scope = "contract_year"
    phasing: Phasing | None = None
    self_grant_percent: ShareValue = NIL
    when_used_up: Literal["refuse", "queue", "seek_authority"] = "refuse"
    next_year: NextYear | None = None


class Asked(Terms):
    """What asking costs the provider."""

    minutes: Count = 0
    form: str | None = None
    before: str | None = None


class DecisionDays(Terms):
    """How long the payer takes: the usual, and the slow share."""

    typical: Count
    slow_percent: Share = NIL
    slow_days: Count = 0


class Decided(Terms):
    """The payer's decision: days, and the shares granted in full and granted in part."""

    days: DecisionDays
    granted_percent: Share
    cut_percent: Share = NIL
    cut_to_percent: Share = Field(default=Decimal(50), description="share granted when cut")


class Grants(Terms):
    """What a grant gives."""

    up_to: Literal["requested"] | Money = "requested"
    in_steps_of: MoneyValue | None = None


class Authority(Block):
    """Leave to pass a cost limit."""

    kind: Literal["authority"]
    lifts: tuple[str, ...] = ("profit",)
    asked: Asked = Asked()
    decided: Decided
    grants: Grants = Grants()
    work_while_waiting: Literal["at_risk", "stops"] = "at_risk"


class InScope(Block):
    """Whether help before a problem's crisis point is in scope."""

    kind: Literal["scope"]
    early_help: Literal["in_scope", "out_of_scope"] = "in_scope"
    out_of_scope: tuple[str, ...] = Field(default=(), description="categories that may not be opened at all")


class Priority(Block):
    """Who is taken from a waiting list before others, however long these have waited.

    A list forms where an organisation limits what one adviser may hold; who comes to a free adviser does not wait.
    """

    kind: Literal["priority"]
    order: tuple[Conditions, ...] = Field(
        min_length=1, description="facts of those who come first, second and so on; all others after them"
    )


AnyPermission: TypeAlias = Annotated[
    MatterStarts | Authority | InScope | Priority, Field(discriminator="kind")
]


class NamedAdviser(Block):
    """Each client has an adviser of their own; others step in only after this many days of waiting."""

    kind: Literal["named_adviser"]
    patience_days: Count


class Discretion(Block):
    """Whether advisers may depart from procedure in a contact."""

    kind: Literal["discretion"]
    allowed: YesNo


class Outreach(Block):
    """Going out to people shortens the time before they seek help."""

    kind: Literal["outreach"]
    shortens_delay_percent: Share


AnyStandard: TypeAlias = Annotated[NamedAdviser | Discretion | Outreach, Field(discriminator="kind")]

KpiMeasure = Literal[
    "assessed_reduction_share", "fixed_fee_margin_share", "escape_share", "matters_per_start_share",
    "resolved_share", "days_to_first_contact", "turned_away_share", "known_adviser_share",
    "same_adviser_share", "returns_late_share", "clients_seen_share", "peer_review_score",
    "legal_aid_rejection_share",
]  # fmt: skip

# What watches how people are met, rather than what is produced: effort that moves to it moves to relations.
OF_RELATIONS: frozenset[str] = frozenset({"known_adviser_share", "same_adviser_share"})


class Window(Terms):
    """How far a KPI looks back, and how many cases it needs."""

    months: Count = Field(default=12, ge=1)
    at_least_cases: Count = 0


class Kpi(Block):
    """A target on a measure."""

    kind: Literal["kpi"]
    measure: KpiMeasure
    unit: str = "percent"
    target: Comparison
    over_window: Window = Window()
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


class Held(Terms):
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
    held: Held
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


class PaidOn(Terms):
    """The day cash moves: a working day (or a day) of a later month."""

    working_day: Count | None = Field(default=None, ge=1, le=23)
    day: Count | None = Field(default=None, ge=1, le=31)
    months_after: Count = 1


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


class IndexedOn(Terms):
    """The values that follow an index."""

    values: tuple[str, ...] = Field(min_length=1)


class Collar(Terms):
    """The least and the most that a year's change may be."""

    at_least: Percent | None = None
    at_most: Percent | None = None


class Indexation(Block):
    """Named values follow an index within bounds."""

    kind: Literal["indexation"]
    on: IndexedOn
    index: str
    starts: Day
    every_months: Count = Field(default=12, ge=1)
    collar_percent: Collar = Collar()
    share_percent: Percent = ALL
    rounds_to: Number = Decimal("0.01")


AnyAdjustment: TypeAlias = Annotated[Indexation, Field()]


class Reviewed(Terms):
    """How often a level payment is reviewed."""

    every_months: Count = Field(ge=1)


class Corridor(Terms):
    """The band of claims over payments inside which nothing changes."""

    low_percent: Percent
    high_percent: Percent
    position: Literal["claims_over_payments"] = "claims_over_payments"


class Outside(Terms):
    """How a level payment is reset."""

    new_amount: Literal["mean_of_last_6_claims_plus_sixth_of_balance", "mean_of_last_6_claims"] = (
        "mean_of_last_6_claims_plus_sixth_of_balance"
    )
    aims_at_percent: Percent = ALL


class Cash(Block):
    """The keys of every block under ``cash:``; ``pays_for`` is ``all`` or the ids of payments."""

    pays_for: Literal["all"] | tuple[str, ...] = "all"
    paid_on: PaidOn = PaidOn(working_day=10, months_after=1)


class StandardMonthly(Cash):
    """Level payments on account, reviewed against claims."""

    kind: Literal["standard_monthly"]
    opening_amount: Literal["one_twelfth_of_expected_claims"] | MoneyValue
    expected_claims: MoneyValue | None = Field(
        default=None, description="GBP a year; the scenario's expected_claims go before it"
    )
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    reviewed: Reviewed = Reviewed(every_months=6)
    corridor: Corridor
    inside: Literal["keep"] = "keep"
    outside: Outside = Outside()


class VariableMonthly(Cash):
    """What was claimed last month."""

    kind: Literal["variable_monthly"]


class InAdvance(Cash):
    """The next months' expected claims, before the work; settled against what was earned."""

    kind: Literal["in_advance"]
    months: Count = Field(default=3, ge=1)
    expected_claims: MoneyValue = Field(description="GBP a year")
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    settled: Literal["each_time", "year_end"] = "each_time"


class OnCompletion(Cash):
    """Each matter's pay when it is complete, so many days after."""

    kind: Literal["on_completion"]
    days_after: Count = 30


class QuarterlyInArrears(Cash):
    """What was earned in the quarter, after its end."""

    kind: Literal["quarterly_in_arrears"]


AnyCash: TypeAlias = Annotated[
    StandardMonthly | VariableMonthly | InAdvance | OnCompletion | QuarterlyInArrears,
    Field(discriminator="kind"),
]


class PaidOut(Terms):
    """Tax that the provider paid to others: as claimed, or as claimed up to this tax's rate."""

    disbursements: Literal["claimed", "claimed_up_to_rate", "none"] = "claimed_up_to_rate"


class Tax(Block):
    """Tax on what is paid."""

    kind: Literal["tax"]
    dated_by: DatedBy = "matter_closed"
    on: tuple[str, ...] = Field(
        default=("fees", "bolt_ons", "extras", "hourly"),
        description="kinds of line that bear the tax; sessions: what is charged for sessions",
    )
    not_on: tuple[str, ...] = Field(default=(), description="ids of payments that bear none")
    rate_percent: PercentValue
    paid_out: PaidOut = PaidOut()


AnyTax: TypeAlias = Annotated[Tax, Field()]
