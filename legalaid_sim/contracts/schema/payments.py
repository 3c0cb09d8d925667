"""What is paid for: one model for each ``kind`` under ``payments:``, in the words of a contract file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from legalaid_sim.contracts.schema.common import Breach, Ceiling, InOldWords, Payment, Scope
from legalaid_sim.contracts.vocabulary.values import (
    Condition,
    Conditions,
    Count,
    CountValue,
    Money,
    MoneyValue,
    Number,
    NumberValue,
    Percent,
    PercentValue,
    Share,
    ShareValue,
    Terms,
    YesNo,
)

ALL = Decimal(100)
NIL = Decimal(0)
BY_CLIENT = frozenset({"client", "client_year"})


class TimeUnit(Terms):
    """Time is billed in whole units; a part of one counts up, down or to the nearest."""

    minutes: Count = Field(default=6, ge=1)
    part_unit: Literal["up", "down", "nearest"] = "up"


class BoltOn(Terms):
    """An amount, or the ``column`` that holds it, for each event of a kind or once for the matter."""

    amount: MoneyValue | None = None
    column: str | None = None
    per: Literal["event", "matter"] = "event"
    at_most: CountValue | None = Field(default=None, description="most events that are paid")
    counts: str | None = Field(default=None, description="the count it follows; default: its own name")


class Hourly(Payment):
    """Time by heading at hourly rates; where a claim states costs instead of time, those costs."""

    kind: Literal["hourly"]
    rates: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP an hour, by heading")
    time_unit: TimeUnit = TimeUnit()
    headings: tuple[str, ...] = Field(
        default=("profit", "travel", "waiting", "advocacy", "counsel"),
        description="headings of costs that are paid as claimed",
    )
    items: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP for each counted event")
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()
    uplift_percent: PercentValue | None = None


class Assessment(Terms):
    """How the payer's assessor treats an escaped claim: minutes, days, the chance of each result."""

    minutes: Count = 0
    days: Count = Field(default=30, description="days until the result")
    outcomes_percent: dict[Literal["paid_in_full", "reduced", "reduced_to_fixed_fee", "nilled"], Share] = (
        Field(default_factory=dict)
    )
    reduced_by_percent: Share = Field(default=Decimal(15), description="cut when reduced but still escaped")


class Escape(Terms):
    """When a matter leaves its fixed fee: strictly over a threshold, on named headings.

    ``rates`` turns minutes into costs where only time is known. ``less`` names bolt-ons, bundled items or
    ``bolt_ons`` (all of them) that come off what is measured. With ``on_assessment`` the matter earns its
    fee; what it comes to at hourly rates is paid once the payer has assessed the claim.
    """

    over: MoneyValue
    measured_on: tuple[str, ...] = ("profit",)
    less: tuple[str, ...] = ()
    pays: Literal["all_at_hourly", "excess", "on_assessment", "flag_only"] = "flag_only"
    share_percent: PercentValue = ALL
    rates: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP an hour, by heading")
    flag: str = "escape"
    assessment: Assessment | None = None


class FixedFee(Payment):
    """One fee for a matter, with bundled items, bolt-ons, extras and an escape to hourly pay."""

    kind: Literal["fixed_fee"]
    amount: MoneyValue
    bundled: dict[str, MoneyValue] = Field(default_factory=dict)
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()
    escape: Escape | None = None
    uplift_percent: PercentValue | None = None


class Band(InOldWords):
    """A band: a flat amount, or hourly pay, from ``at_least`` (or after the band before) to ``at_most``."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least", "up_to": "at_most"}
    at_least: Number | None = None
    at_most: Number | None = None
    amount: MoneyValue | None = None
    hourly: MoneyValue | None = None


class BandedFee(Payment):
    """The fee follows the band that a count or the minutes of the matter fall into."""

    kind: Literal["banded_fee"]
    band_by: str = Field(description="a fact such as work.minutes, or event.<kind> for a count")
    bands: tuple[Band, ...] = Field(min_length=1)
    otherwise: MoneyValue | None = Field(default=None, description="fee in no band; without it: refused")
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()


class Answer(Terms):
    """How fast a call must be answered to earn its fee."""

    within_minutes: Count
    else_no_fee: YesNo = True


class Determination(Terms):
    """The most that is paid where the first contact finds the caller out of scope."""

    at_most: MoneyValue
    when: str = "out_of_scope"


class PassesOn(Terms):
    """What a call earns by its result."""

    amount: MoneyValue
    only_if: str | None = None


class Triage(Payment):
    """A fee for each first contact by telephone, by result."""

    kind: Literal["triage"]
    amount: MoneyValue
    per: Literal["call"] = "call"
    answer: Answer | None = None
    determination: Determination | None = None
    passes_on: dict[str, PassesOn] = Field(default_factory=dict)
    exempt: tuple[str, ...] = ()


class Stage(Terms):
    """One rung of a stage ladder."""

    stage: str
    amount: MoneyValue


class EndsEarly(Terms):
    """What a matter that ends early for this reason earns."""

    stage: str
    pays_percent: ShareValue = ALL


class StagedFee(Payment):
    """An amount for each stage reached."""

    kind: Literal["staged_fee"]
    stages: tuple[Stage, ...] = Field(min_length=1)
    ends_early: dict[str, EndsEarly] = Field(default_factory=dict)
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)


class DriverBase(InOldWords):
    """The fixed part of a driver, from this many units."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least"}
    at_least: Number = NIL
    amount: MoneyValue


class DriverThen(InOldWords):
    """The part for each unit from this one on."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least", "up_to": "at_most"}
    at_least: Number
    each: MoneyValue
    at_most: Number | None = None


class Driver(Terms):
    """A price that rises with a count: a fixed part, then so much for each unit."""

    by: str
    base: DriverBase
    then: DriverThen | None = None


class Uplift(Terms):
    """A percentage added when facts hold."""

    when: dict[str, Condition] = Field(min_length=1)
    add_percent: PercentValue


class GraduatedFee(Payment):
    """A fee worked out from one or more drivers, by their largest or their sum, with uplifts."""

    kind: Literal["graduated_fee"]
    combine: Literal["max", "sum"] = "max"
    drivers: tuple[Driver, ...] = Field(min_length=1)
    uplifts: tuple[Uplift, ...] = ()


class Buys(Terms):
    """What a grant buys: hours of a heading, or matters."""

    hours: NumberValue
    counted_on: str = "work.hours.profit"


class Shortfall(Terms):
    """What is paid back when fewer hours are given than were bought, beyond a tolerance."""

    tolerance_percent: ShareValue = NIL
    recover_at: MoneyValue
    per: Literal["hour"] = "hour"
    settle: Literal["year_end"] = "year_end"


class Surplus(Terms):
    """What is paid for hours beyond those bought, and how many may count next year."""

    pay_at: MoneyValue = NIL
    carry_forward_percent: ShareValue = NIL


class UnspentMoney(Terms):
    """Money of the year that the provider has not spent on anything goes back at its end, beyond a tolerance."""

    tolerance_percent: PercentValue = Field(default=NIL, description="of the year's money, that may be kept")


class PassedOn(Terms):
    """A share that the provider must pay to others, month by month."""

    percent: PercentValue
    to: str = Field(description="to whom, such as private_lawyers")


class BlockGrant(Payment):
    """A grant for a year, paid in monthly parts, that may buy hours."""

    kind: Literal["block_grant"]
    amount: MoneyValue
    per: Literal["contract_year", "calendar_year", "financial_year", "month"] = "contract_year"
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: amount and hours are for one full-time adviser"
    )
    buys: Buys | None = None
    profile: Literal["equal_months"] | Annotated[tuple[Share, ...], Field(min_length=12, max_length=12)] = (
        "equal_months"
    )
    shortfall: Shortfall | None = None
    surplus: Surplus | None = None
    unspent: UnspentMoney | None = None
    passed_on: PassedOn | None = None


class Heads(Terms):
    """Who is counted, and how heads weigh by region."""

    source: str = "area.eligible_population"
    weights: dict[str, Number] = Field(default_factory=dict)
    counted_every_years: Count | None = Field(
        default=None, ge=1, description="counted again after so many contract years; left out: once"
    )


class MustAccept(Terms):
    """Whom the provider may not turn away."""

    applies_to: Conditions = Field(default_factory=dict)
    unless: str | None = None


class Below(Terms):
    """How much comes off for each point below the floor."""

    reduce_percent: ShareValue
    per: Literal["point_below"] = "point_below"


class AccessFloor(Terms):
    """Clients seen per thousand heads a year, below which pay falls."""

    clients_seen_per_1000: NumberValue
    below: Below


class Capitation(Payment):
    """A price for each eligible head in the area, whoever comes."""

    kind: Literal["capitation"]
    amount: MoneyValue
    per: Literal["head_year", "head_month"] = "head_year"
    heads: Heads = Heads()
    must_accept: MustAccept | None = None
    access_floor: AccessFloor | None = None
    unspent: UnspentMoney | None = None
    passed_on: PassedOn | None = None


class OutcomeTest(Terms):
    """The result that is paid for, how long it must last, and what proves it."""

    is_: str | tuple[str, ...] = Field(alias="is")
    lasts_months: Count = Field(default=0, le=600, description="months after closing when proof is due")
    evidence: str | None = None


class ShareAt(Terms):
    """How the amount is split between closing and proof that the result has lasted."""

    closing_percent: Share
    proof_percent: Share


class MostPer(Terms):
    """A ceiling on the block for a period, or for one client."""

    amount: MoneyValue
    per: Ceiling


class MostPerMatter(Terms):
    """A ceiling for one matter."""

    amount: MoneyValue
    per: Literal["matter"] = "matter"


class CaseMix(Terms):
    """Pay by how hard the case is, by a fact that says easy, usual or hard."""

    index: str
    easy_percent: Percent = ALL
    usual_percent: Percent = ALL
    hard_percent: Percent = ALL


class OutcomePayment(Payment):
    """Pay for a result, part at closing and part on proof that it lasted."""

    kind: Literal["outcome_payment"]
    outcome: OutcomeTest
    amount: MoneyValue
    share_at: ShareAt = ShareAt(closing_percent=ALL, proof_percent=NIL)
    at_most: MostPer | None = None
    case_mix: CaseMix | None = None

    @property
    def results(self) -> tuple[str, ...]:
        """The outcomes that are paid for."""
        return (self.outcome.is_,) if isinstance(self.outcome.is_, str) else self.outcome.is_


class ContinuityStep(Terms):
    """At this share or more: a percentage of another block's fee, or an amount."""

    at_least_percent: Percent = Field(ge=0, le=100)
    add_percent: PercentValue | None = None
    of: str | None = None
    amount: MoneyValue | None = None


class ReturningClient(Terms):
    """An amount where the client was seen before by this provider within so many months."""

    within_months: Count
    amount: MoneyValue


class ContinuityPremium(Payment):
    """A premium where the same adviser leads throughout, or a client comes back to the same provider.

    Only the highest step reached is paid.
    """

    kind: Literal["continuity_premium"]
    measure: Literal["share_of_hours_by_lead", "share_of_contacts_by_lead", "same_provider_within_months"] = (
        "share_of_hours_by_lead"
    )
    steps: tuple[ContinuityStep, ...] = ()
    returning_client: ReturningClient | None = None


class BudgetGrant(Terms):
    """How much a client holds, for how long, and from which event."""

    amount: MoneyValue
    per: Literal["client_year", "client", "matter"] = "client_year"
    on: str = "assessment_passed"


class SpendsOn(Terms):
    """Where a budget may be spent, and the posted price of an hour."""

    any_provider_on: str | None = None
    price: MoneyValue
    per: Literal["hour", "matter"] = "hour"
    client_may_top_up: YesNo = False


class Switch(Terms):
    """Terms of going to another provider."""

    notice_days: Count = 0
    fee: MoneyValue = NIL


class Unspent(Terms):
    """What becomes of money not spent."""

    returns_to: Literal["payer", "client"] = "payer"
    after_months: Count = 12


class Broker(Terms):
    """Help with choosing: minutes and pay for each client."""

    minutes: Count = 0
    amount: MoneyValue = NIL


class PersonalBudget(Payment):
    """The client holds the money and the work draws on it at a posted price."""

    kind: Literal["personal_budget"]
    grants: BudgetGrant
    spends_on: SpendsOn
    switch: Switch = Switch()
    unspent: Unspent = Unspent()
    broker: Broker | None = None


class Award(Terms):
    """How bids are turned into the price."""

    method: Literal["pay_as_bid", "uniform_price", "quality_weighted"]
    price_weight_percent: Share = Field(
        default=ALL, description="weight of the lowest price over a bid's own, where quality is weighed"
    )
    quality_weight_percent: Share = Field(default=NIL, description="weight of a bid's quality, of 100")
    lots: tuple[str, ...] = Field(default=(), description="regions that are let; left out: all")
    bid_between: tuple[Money, Money] | None = Field(
        default=None, description="reserve prices: a bid outside them is not considered"
    )
    winners: Count | None = Field(
        default=None, ge=1, description="how many bids of a lot win; left out: all that are considered"
    )
    volume_guarantee_percent: Share | None = None
    guaranteed_matters: Count | None = Field(
        default=None, description="matters a contract year at 100 percent"
    )


class TenderedPrice(Payment):
    """A price for each matter or hour as bid and awarded, with a volume guarantee where one is given."""

    kind: Literal["tendered_price"]
    unit_of_work: Literal["matter", "hour"] = "matter"
    award: Award
    amount: MoneyValue


class DisbursementKind(Terms):
    """Terms of one kind of disbursement."""

    rate: MoneyValue | None = None
    per: Literal["hour", "item", "mile"] = "hour"
    at_most: MostPerMatter | None = None
    rates_table: str | None = Field(
        default=None, description="table whose column of the kind's name gives the rate; instead of rate"
    )
    needs: str | None = Field(
        default=None,
        pattern=r"^authority_over_[0-9]+(\.[0-9]{2})?$",
        description="without authority, the most that is paid: authority_over_250",
    )


class StageClaims(Terms):
    """When disbursements may be claimed before the matter ends."""

    not_before_months: Count
    then_every_months: Count


class Disbursements(Payment):
    """Money paid out for the client comes back, within limits."""

    kind: Literal["disbursements"]
    pays_percent: PercentValue = ALL
    kinds: dict[str, DisbursementKind] = Field(default_factory=dict)
    stage_claims: StageClaims | None = None


class Tier(InOldWords):
    """A price for the matters of this part of the year's volume."""

    OLD: ClassVar[Mapping[str, str]] = {"up_to": "at_most"}
    at_most: Count | None = None
    over: Count | None = None
    amount: MoneyValue


class Tiers(Payment):
    """The price of a matter follows how many came before it in the period."""

    kind: Literal["tiers"]
    counts: Literal["matters_closed", "matters_opened"] = "matters_closed"
    per: Scope = "contract_year"
    style: Literal["marginal", "slab"] = "marginal"
    tiers: tuple[Tier, ...] = Field(min_length=1)


class LimitOn(Terms):
    """The blocks whose earnings a limit counts."""

    payments: tuple[str, ...]


class PeriodCap(Terms):
    """A ceiling for the period."""

    amount: MoneyValue
    on_breach: Breach = "cap"


class PeriodFloor(Terms):
    """A floor for the period; the difference is paid at its end."""

    amount: MoneyValue
    pays_difference: Literal["year_end", "quarter_end", "month_end", "period_end"] = "period_end"


class Ratchet(Terms):
    """The floor is a share of the best month of those looked back on."""

    floor_is_percent: ShareValue
    of: Literal["highest_month"] = "highest_month"
    looking_back_months: Count = Field(default=11, ge=1)


class Limit(Payment):
    """A cap and a floor on what named blocks earn in a period; a cap also on what they earn for one client."""

    kind: Literal["limit"]
    on: LimitOn
    per: Ceiling = "contract_year"
    at_most: PeriodCap | None = None
    at_least: PeriodFloor | None = None
    ratchet: Ratchet | None = None

    @model_validator(mode="after")
    def _floors_are_of_periods(self) -> Self:
        if self.per in BY_CLIENT and (self.at_least is not None or self.ratchet is not None):
            raise ValueError(
                f"a floor is made up at the end of a period, and per is '{self.per}': leave at_least and ratchet out, "
                "or give a period such as contract_year"
            )
        return self


class Sessions(Terms):
    """How many sessions a month are staffed, at which desk, and for how many clients each is paid at least."""

    per_month: NumberValue | None = Field(default=None, description="sessions a month that are paid at most")
    attended_needed: YesNo = Field(default=False, description="false: planned sessions are paid, held or not")
    desk: str | None = Field(default=None, description="the scenario's desk; left out: all of them")
    least_clients: CountValue | None = Field(
        default=None, description="per client: a session at which fewer are seen is paid as this many"
    )


class StandingCharge(Payment):
    """Pay for being there: an amount for each session, for each client seen at one, or for each month."""

    kind: Literal["standing_charge"]
    amount: MoneyValue
    per: Literal["session", "client", "month"] = "month"
    sessions: Sessions | None = None

    @model_validator(mode="after")
    def _sessions_are_heard(self) -> Self:
        terms = self.sessions
        if terms is None:
            return self
        if self.per == "month":
            raise ValueError(
                "a charge for the month does not look at sessions: write per: session or per: client"
            )
        if self.per == "session" and terms.least_clients is not None:
            raise ValueError("a charge for the session does not look at who was seen: write per: client")
        if self.per == "client" and terms.attended_needed:
            raise ValueError("who was seen was at a session that was held: leave attended_needed out")
        return self


AnyPayment: TypeAlias = Annotated[
    Hourly
    | FixedFee
    | BandedFee
    | Triage
    | StagedFee
    | GraduatedFee
    | BlockGrant
    | Capitation
    | OutcomePayment
    | ContinuityPremium
    | PersonalBudget
    | TenderedPrice
    | Disbursements
    | Tiers
    | Limit
    | StandingCharge,
    Field(discriminator="kind"),
]
