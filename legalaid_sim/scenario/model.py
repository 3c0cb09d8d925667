"""The scenario file: pydantic models of what an analyst writes, with defaults that say so."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from legalaid_sim.events import Channel, Role
from legalaid_sim.scenario.brings import Costs, Facts, Outlay, Switching, Work
from legalaid_sim.scenario.distribution import Amount, Distribution
from legalaid_sim.units import FIRST_DAY, LAST_DAY, add_months, round_half_up

NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Days = Annotated[float, Field(ge=0, le=3660)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,79}$")]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
First = Literal["least_loaded", "pool", "duty_rota", "telephone_hub", "specialist", "clients_choice"]


class Part(BaseModel):
    """A piece of a scenario: closed (unknown keys are errors) and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class About(Part):
    """What the scenario is for; the report's reporting checklist is filled from here."""

    title: Annotated[str, Field(min_length=3, max_length=10_000)]
    question: Annotated[str, Field(min_length=10)] = Field(
        description="the question that the run is to answer"
    )
    purpose: str = Field("", description="who asks, and what will be decided with the answer")
    sources: list[str] = Field(default_factory=list, description="where the figures come from")
    reading: str = Field("", description="one paragraph: how to read the result")
    limitations: str = ""
    stakeholders: str = ""
    funding: str = ""
    validation: dict[str, str] = Field(default_factory=dict, description="face, cross, external, predictive")
    roles: dict[str, str] = Field(
        default_factory=dict, description="commissioner, analyst, assurer, approver"
    )


class Period(Part):
    """The dates that count, with a lead-in before and a run-out (no new clients) after."""

    starts: date = Field(description="first day that counts", ge=FIRST_DAY, le=LAST_DAY)
    months: Annotated[int, Field(ge=1, le=240)] = Field(description="how many months count")
    lead_in_months: Annotated[int, Field(ge=0, le=60)] = Field(
        6, description="months lived before, not counted"
    )
    run_out_months: Annotated[int, Field(ge=0, le=60)] = Field(
        6, description="months after, without new clients; each is followed so long from first asking"
    )

    @property
    def begins(self) -> date:
        """The first day that is lived."""
        return add_months(self.starts, -self.lead_in_months)

    @property
    def closes(self) -> date:
        """The first day after those that count."""
        return add_months(self.starts, self.months)

    @property
    def ends(self) -> date:
        """The first day that is no longer lived."""
        return add_months(self.starts, self.months + self.run_out_months)


class Until(Part):
    """Stop when the 95 % interval of a measure is this narrow."""

    measure: str = Field(description="name of a measure, as `list measures` gives it")
    half_width: Annotated[float, Field(gt=0)] = Field(description="absolute half-width of the 95 % interval")


class Replications(Part):
    """How many independent worlds to live."""

    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    at_most: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    until: Until | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most ({self.at_most}) is below at_least ({self.at_least})")
        return self


class ProblemKind(Part):
    """One kind of problem: how common it is among problems, and what it needs. Left out: the evidence's values."""

    share: Annotated[float, Field(ge=0)] = Field(1.0, description="relative frequency among problems")
    contacts: Amount | None = Field(None, description="meetings needed")
    contact_minutes: Amount | None = Field(None, description="minutes of facts and advice in one meeting")
    casework_minutes: Amount | None = Field(
        None, description="minutes of work without the client, whole matter"
    )
    days_between: Amount | None = Field(None, description="days from the end of one meeting to the next")
    days_to_crisis: Amount | None = Field(None, description="days from onset to the crisis point")
    fee_code: str = Field("", description="the code that a contract may pay by")
    cluster: str = Field(
        "", description="problems of one cluster come together: economic, homelessness, family, health"
    )
    stages: dict[str, Share] = Field(
        default_factory=dict,
        description="stages a contract may pay by: share of the meetings after which each is reached",
    )
    happenings: dict[str, Share] = Field(
        default_factory=dict,
        description="things that may happen (hearing, interview): chance, at most three kinds",
    )
    outcome: Slug = Field(
        "resolved", description="what a good end is called by contracts that pay for outcomes"
    )
    follow_ons: dict[str, Share] = Field(
        default_factory=dict, description="kind of follow-on problem: chance if this one stays unresolved"
    )
    facts: Facts = Field(
        default_factory=dict,
        description="facts that a contract may ask about: by name, the share of problems with each value",
    )
    work: Work = Field(default_factory=Work, description="minutes beyond meetings and casework, whole matter")
    costs: Costs = Field(default_factory=dict, description="costs that are claimed as such, by heading")
    disbursements: dict[Slug, Outlay] = Field(
        default_factory=dict, description="money laid out for the client, by kind"
    )


class Rate(Part):
    """People who come for help: exactly one of the three."""

    per_week: Annotated[float, Field(gt=0)] | None = None
    per_hour: Annotated[float, Field(gt=0)] | None = None
    per_year: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"give exactly one of per_week, per_hour, per_year; found {' and '.join(given) or 'none'}"
            )
        return self

    @property
    def per_day(self) -> float:
        """Mean number of people a calendar day."""
        if self.per_hour is not None:
            return self.per_hour * 24
        if self.per_week is not None:
            return self.per_week / 7
        return (self.per_year or 0.0) / 365.25


def _face_to_face() -> dict[Channel, float]:
    return {"face_to_face": 1.0}


class Clients(Part):
    """Who seeks help."""

    arrivals: Rate = Field(description="people whose first problem begins, per week, hour or year")
    arrivals_until: Annotated[int, Field(ge=1)] | None = Field(
        None, description="stop after this many people"
    )
    asks: Literal["office_hours", "any_time"] = Field("office_hours", description="when people can ask")
    problems: Annotated[dict[str, ProblemKind], Field(min_length=1)] = Field(description="kinds of problem")
    several_problems: Share | None = Field(None, description="share of people with more than one problem")
    days_before_asking: Amount | None = Field(None, description="days from onset to asking for help")
    relational_need: Amount | None = Field(None, description="0 = transactional, 1 = long-term relationship")
    vulnerability: Amount | None = Field(None, description="0 = least, 1 = most vulnerable")
    channels: dict[Channel, NotNegative] = Field(
        default_factory=_face_to_face,
        description="relative frequency of the way people prefer",
    )
    patience_days: Amount | None = Field(
        None, description="days a person waits for the first meeting; none = for ever"
    )
    switching: Switching | None = Field(
        None, description="why clients with a budget of their own go to another provider; none = they stay"
    )


class Post(Part):
    """Some posts of one kind."""

    role: Role = "caseworker"
    name: Slug | None = Field(None, description="stem of the ids; the role where it is left out")
    number: Annotated[int, Field(ge=1, le=5000)] = 1
    hours_per_week: Annotated[float, Field(gt=0, le=60)] = 35.0
    days: Annotated[list[Weekday], Field(min_length=1)] = Field(
        default_factory=lambda: ["mon", "tue", "wed", "thu", "fri"]  # type: ignore[arg-type]
    )
    always_on: bool = Field(False, description="works day and night: for queueing cases")
    categories: list[str] = Field(default_factory=list, description="kinds of problem taken; empty = all")
    skill: Annotated[float, Field(gt=0, le=3)] | dict[str, Annotated[float, Field(gt=0, le=3)]] = Field(
        1.0, description="1 = the usual; by category where it differs"
    )
    annual_pay: Annotated[float, Field(ge=0, le=1_000_000)] | None = Field(
        None, description="GBP a year with on-costs"
    )


class Allocation(Part):
    """Who takes a client, and how long the own adviser is waited for."""

    first: First = Field("least_loaded", description="who takes a new client")
    own_adviser_patience_days: Days | Literal["for_ever"] = Field(
        5.0,
        description="days the own adviser is waited for before the next free one; 0 = pooled; for_ever = strict."
        " No figure for advice; 59 to 68 % of patients would wait 3 to 4 weeks for their own doctor with something"
        " sensitive or lasting, 7 % with something urgent (Shumer et al. 2025)",
    )
    caseload_limit: Annotated[int, Field(ge=1)] | None = Field(
        None, description="open matters one adviser may hold"
    )
    caseload_limit_hours: Annotated[float, Field(gt=0, le=2000)] | None = Field(
        None, description="hours of work, by the usual of their kinds, that one whole post may have in hand"
    )
    waiting_list_limit: Annotated[int, Field(ge=0)] | None = Field(
        None, description="people waiting; more are turned away"
    )
    reserved_share: Share = Field(0.0, description="share of the caseload limit kept for existing clients")


class SessionDesk(Part):
    """A desk elsewhere, such as a court's, where an adviser sits on given days."""

    days: Annotated[list[Weekday], Field(min_length=1)] = Field(
        description="days of the week; not on bank holidays"
    )
    opens: Annotated[float, Field(ge=0, lt=24)] = Field(10.0, description="hour of the day")
    minutes: Annotated[int, Field(ge=1, le=1440)] = Field(180, description="minutes of an adviser")
    clients: Amount = Field(
        default_factory=lambda: Distribution(fixed=0),
        description="people seen at one session and helped there; they are no clients of the model",
    )


def _first_of_month(day: date) -> date:
    if day.day != 1:
        raise ValueError(f"contracts change on the first day of a month; found {day}")
    return day


FirstOfMonth = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), AfterValidator(_first_of_month)]


class Organisation(Part):
    """The agency: allocation, money, admin staff."""

    name: Slug = "agency"
    region: Literal["london", "elsewhere"] = "elsewhere"
    vat_registered: bool = False
    heads: Annotated[int, Field(ge=0)] = Field(
        0, description="eligible population of its area, for capitation"
    )
    heads_later: dict[FirstOfMonth, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict,
        description="eligible population from later days on, for contracts that count it again",
    )
    expected_claims: Positive | dict[str, Positive] | None = Field(
        None,
        description="GBP a year that a payer expects it to claim, or by contract: what level payments open at",
    )
    allocation: Allocation = Field(default_factory=Allocation)
    bid: Positive | None = Field(None, description="GBP for a matter or an hour that it bids in a tender")
    quality: Annotated[float, Field(ge=0, le=100)] = Field(
        0.0, description="quality of its bid as the payer scores it, of 100"
    )
    door: Literal["walk_in", "appointment", "telephone_gateway", "referral"] = Field(
        "walk_in", description="how people get in; every hand-on loses some"
    )
    channel: Literal["as_preferred", Channel] = "as_preferred"
    may_shrink: bool = Field(
        False, description="freezes vacancies, closes posts and at the end itself for want of money"
    )
    overheads_per_adviser: Annotated[float, Field(ge=0)] | None = Field(None, description="GBP a year")
    opening_reserves: Annotated[float, Field()] = Field(0.0, description="GBP at the first day lived")
    other_income: Annotated[float, Field(ge=0)] = Field(0.0, description="unrestricted GBP a year")
    admin_staff_hours_per_week: Annotated[float, Field(ge=0)] = Field(
        0.0, description="hours a week that admin staff can take of contract admin"
    )
    admin_staff_pay: Annotated[float, Field(ge=0)] = Field(0.0, description="GBP an hour")
    supervision_minutes_per_week: Minutes | None = None
    sessions: dict[Slug, SessionDesk] = Field(
        default_factory=dict, description="desks elsewhere, by name, where an adviser sits on given days"
    )

    def foreseen(self, contract: str) -> dict[str, int]:
        """Give what it is expected to claim under a contract in a year, in pence, as a fact; none where unsaid."""
        said = self.expected_claims
        pounds = said.get(contract) if isinstance(said, dict) else said
        return {} if pounds is None else {"expected_claims": round_half_up(pounds * 100)}


class Practice(Part):
    """What an organisation does differently under one contract; only what is named changes."""

    own_adviser_patience_days: Days | Literal["for_ever"] | None = None
    first: First | None = None
    channel: Channel | None = Field(None, description="the only channel offered")
    door: Literal["walk_in", "appointment", "telephone_gateway", "referral"] | None = None
    caseload_limit: Annotated[int, Field(ge=1)] | None = None


def within_a_month(starts: date) -> str:
    """Say why contracts cannot be switched on a day, and what to do."""
    return (
        f"contracts change on the first day of a month, and period.starts is {starts}: begin with a month, "
        "or write 'start: own' to let every contract be lived from the first day"
    )


class Later(Part):
    """What comes into force within the months that count, in place of what was in force before."""

    starts: FirstOfMonth = Field(description="the day from which it holds, the first of a month")
    contract: str = Field(description="library name or path of a contract file")
    beside: list[str] = Field(default_factory=list, description="further contracts held at the same time")
    practice: Practice = Field(default_factory=Practice)


class OwnLater(Part):
    """Another contract that one organisation comes to hold."""

    starts: FirstOfMonth = Field(description="the day from which it holds, the first of a month")
    contract: str = Field(description="library name or path of a contract file")


class Regime(Part):
    """A contract to be tried, perhaps with others held beside it, and the practice that goes with it."""

    contract: str = Field(description="library name or path of a contract file")
    beside: list[str] = Field(default_factory=list, description="further contracts held at the same time")
    name: Slug | None = None
    practice: Practice = Field(default_factory=Practice)
    later: list[Later] = Field(
        default_factory=list, description="contracts that follow it within the months that count, by day"
    )


class Agency(Part):
    """One of several organisations in an area."""

    organisation: Organisation
    advisers: Annotated[list[Post], Field(min_length=1)]
    contract: str | None = Field(None, description="its own contract where it differs from the one tried")
    later: list[OwnLater] = Field(
        default_factory=list, description="own contracts that follow, by day; only with a contract of its own"
    )
    share_of_area: Annotated[float, Field(gt=0)] = Field(
        1.0, description="relative nearness for people in the area"
    )


class Guess(Part):
    """A field that is guessed: the range it may lie in, most likely where it stands, or what else it might be."""

    between: tuple[float, float] | None = None
    one_of: list[str | bool | int | float] = Field(
        default_factory=list, description="for what is no number, such as a door or how providers respond"
    )
    weights: list[Positive] = Field(
        default_factory=list, description="how likely each is; all alike where it is left out"
    )

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.between is None) == (not self.one_of):
            raise ValueError("give either 'between' (a lowest and a highest number) or 'one_of' (a list)")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError(f"the range must rise; found {self.between[0]:g} to {self.between[1]:g}")
        if self.weights and len(self.weights) != len(self.one_of):
            raise ValueError(
                f"give a weight for each of 'one_of'; found {len(self.weights)} for {len(self.one_of)}"
            )
        return self

    @property
    def shares(self) -> list[float]:
        """The weight of each of ``one_of``."""
        return self.weights or [1.0] * len(self.one_of)


def _coc_and_admin() -> dict[str, float]:
    return {"continuity.coc": 0.05, "admin.share": 0.01}


class Scenario(Part):
    """A whole scenario file."""

    def __repr__(self) -> str:
        period = f"{self.period.months} months from {self.period.starts}"
        return f"Scenario({self.about.title!r}, {period}, seed={self.seed})"

    kind: Literal["scenario"]
    schema_version: Literal[1]
    about: About
    period: Period
    start: Literal["switch", "own", "empty"] = Field(
        "switch",
        description="the months before those that count: lived by all under one contract (switch), by each "
        "under its own (own), or begun with nobody there and nobody waiting (empty)",
    )
    before: str | None = Field(
        None, description="the contract lived before the switch; the first of 'contracts' where left out"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    replications: Replications = Field(default_factory=Replications)
    answer_with: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=_coc_and_admin,
        min_length=1,
        max_length=5,
        description="the measures that answer the question, each with the smallest difference that matters",
    )
    respond: Literal["none", "effort", "all"] = Field("none", description="how providers respond to pay")
    clients: Clients
    advisers: list[Post] = Field(default_factory=list)
    organisation: Organisation = Field(default_factory=Organisation)
    agencies: list[Agency] = Field(
        default_factory=list, description="several organisations; instead of the two above"
    )
    contracts: list[str | Regime] = Field(
        default_factory=list, description="contracts to try, one after another"
    )
    assumptions: dict[str, float | Distribution] = Field(
        default_factory=dict,
        description="evidence parameters by dotted path, overridden; or 'drawn', the same as ignorance: true",
        json_schema_extra=lambda schema: schema.update(
            anyOf=[{"const": "drawn"}, {key: schema.pop(key) for key in ("type", "additionalProperties")}]
        ),
    )
    ignorance: bool = Field(
        False, description="each world draws what is only assumed: the register's values and the guesses"
    )
    guesses: dict[str, Guess] = Field(
        default_factory=dict, description="fields of this file, by dotted path, that nobody knows"
    )

    @model_validator(mode="before")
    @classmethod
    def _draws(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("assumptions") == "drawn":
            return {**data, "assumptions": {}, "ignorance": True}
        return data

    @model_validator(mode="after")
    def _has_people(self) -> Self:
        if not self.agencies and not self.advisers:
            raise ValueError(
                "there are no advisers: list at least one post under 'advisers' (role, number, hours_per_week)"
            )
        if self.agencies and self.advisers:
            raise ValueError("give either 'advisers' and 'organisation', or 'agencies', not both")
        return self

    @model_validator(mode="after")
    def _switches_with_a_month(self) -> Self:
        if len(self.contracts) > 1 and self.switches and self.period.starts.day != 1:
            raise ValueError(within_a_month(self.period.starts))
        if self.before and self.start != "switch":
            raise ValueError(
                f"'before' names what is lived before a switch, and start is '{self.start}': leave one out"
            )
        return self

    @property
    def switches(self) -> bool:
        """Whether contracts part a life that was lived before."""
        return self.start == "switch" and self.period.lead_in_months > 0

    @property
    def houses(self) -> list[Agency]:
        """The organisations, whichever way they were written."""
        return self.agencies or [Agency(organisation=self.organisation, advisers=self.advisers)]

    @property
    def regimes(self) -> list[Regime]:
        """The contracts to try, each as a regime."""
        return [item if isinstance(item, Regime) else Regime(contract=item) for item in self.contracts]
