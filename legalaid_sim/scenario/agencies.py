"""Who gives help: posts, how clients come to them, the organisation around them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from legalaid_sim.events import Channel, Role
from legalaid_sim.scenario.distribution import Amount, Distribution
from legalaid_sim.scenario.parts import Days, FirstChoice, Minutes, Part, Positive, Slug, UnitShare, Weekday
from legalaid_sim.scenario.regimes import FirstOfMonth, OwnLater
from legalaid_sim.units import round_half_up


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

    first: FirstChoice = Field("least_loaded", description="who takes a new client")
    own_adviser_patience_days: Days | Literal["for_ever"] | None = Field(
        None,
        description="days the own adviser is waited for before the next free one; 0 = pooled; for_ever = strict;"
        " left out = organisation.own_adviser_days",
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
    reserved_share: UnitShare = Field(
        0.0, description="share of the caseload limit kept for existing clients"
    )


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
    appointments: Literal["drop_in", "booked"] = Field(
        "drop_in",
        description="drop_in: whoever is due waits for a free adviser; booked: each meeting has a slot in a diary",
    )
    held_for_emergencies: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.0,
        description="share of each shift in a diary kept for first meetings of those past their crisis or close to a"
        " date; 0 = whoever asks first may book all of it",
    )
    channel: Literal["as_preferred", Channel] = "as_preferred"
    asks_no_name: bool = Field(
        False, description="advises on a screen, without a name, who would else keep back what shames"
    )
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
    companions_offered: UnitShare = Field(
        1.0,
        description="share of those who want to be accompanied by a volunteer or peer supporter who are offered it,"
        " drawn a person, so that who is and who is not can be compared; 1 = everybody",
    )
    sessions: dict[Slug, SessionDesk] = Field(
        default_factory=dict, description="desks elsewhere, by name, where an adviser sits on given days"
    )

    def foreseen(self, contract: str) -> dict[str, int]:
        """Give what it is expected to claim under a contract in a year, in pence, as a fact; none where unsaid."""
        said = self.expected_claims
        pounds = said.get(contract) if isinstance(said, dict) else said
        return {} if pounds is None else {"expected_claims": round_half_up(pounds * 100)}

    @model_validator(mode="after")
    def _holds_what_is_booked(self) -> Self:
        if self.held_for_emergencies and self.appointments != "booked":
            raise ValueError(
                f"held_for_emergencies ({self.held_for_emergencies:g}) is a share of diaries, and there are none where"
                " people drop in: set appointments to booked, or leave it out"
            )
        return self


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
