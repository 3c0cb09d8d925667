"""A whole contract file: header, values, tables, series, then lists of blocks, then worked examples."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.named import NamedAmount, Rounding, Series, Table, Term
from legalaid_sim.contracts.kinds.registry import LISTS, any_of
from legalaid_sim.contracts.vocabulary.values import (
    AnyNumber,
    Count,
    Currency,
    Day,
    Money,
    Number,
    Plain,
    Source,
    Terms,
    YesNo,
)
from legalaid_sim.contracts.vocabulary.words import of_sort

# A block of any kind that is registered, by the list that it stands in.
if TYPE_CHECKING:
    AnyPayment: TypeAlias = PaymentBlock
    AnyTax: TypeAlias = Any
    AnyDuty: TypeAlias = Any
    AnyPermission: TypeAlias = Any
    AnyStandard: TypeAlias = Any
    AnyControl: TypeAlias = Any
    AnyAdjustment: TypeAlias = Any
    AnyCash: TypeAlias = Any
else:
    AnyPayment, AnyTax, AnyDuty, AnyPermission, AnyStandard, AnyControl, AnyAdjustment, AnyCash = map(
        any_of, LISTS.values()
    )


def whole_version(found: Any) -> Any:
    """Keep ``true`` from passing as version 1."""
    return None if isinstance(found, bool) else found


class ExampleMatter(Terms):
    """A matter given in an example."""

    ref: str = Field(default="A", description="name of the matter, by which events and expectations call it")
    category: str = Field(default="", description="category of law")
    fee_code: str = Field(default="", description="code that it is claimed under")
    region: str = Field(default="", description="region; left out, the provider's")
    channel: str = Field(default="face_to_face", description="face_to_face, phone or online")
    type: str | None = Field(default=None, description="kind of case, where a contract asks for matter.type")
    opened: Day | None = Field(default=None, description="day on which it is opened; left out, the first day")
    client: str = Field(default="", description="whose it is; two matters of one client share budgets")
    reopened: bool = Field(default=False, description="true where it was closed before")
    facts: dict[str, Any] = Field(
        default_factory=dict, description="any other fact that conditions ask about, by its name"
    )


class ExampleBid(Terms):
    """A bid in a tender."""

    name: str = Field(description="who bids; provider for the one whom the example is about")
    price: Money = Field(description="pounds for a matter or an hour")
    quality: Number = Field(default=Decimal(0), description="quality as the payer scores it, of 100")
    region: str = Field(default="elsewhere", description="where it works")


class Given(Terms):
    """What an example starts from."""

    provider: dict[str, Plain] = Field(
        default_factory=dict,
        description="name, region, vat_registered, heads; and any fact that a condition asks of the provider",
    )
    matters: tuple[ExampleMatter, ...] = Field(
        default=(), description="matters, opened before the first event"
    )
    bids: tuple[ExampleBid, ...] = Field(
        default=(), description="bids of all in the area, where there is a tender"
    )
    cash: dict[str, AnyNumber] = Field(
        default_factory=dict, description="monthly payment before a review, by the id of its cash rule"
    )
    months: dict[str, tuple[AnyNumber, ...]] = Field(
        default_factory=dict,
        description="claims, and payments where they were not level, month by month, for a review",
    )


EventDetails = dict[str, Plain]


_MEANING = {word.name: word.meaning for word in of_sort("event")}


# The keys that events of an example take, where that is a closed list.
TAKES: Mapping[str, tuple[str, ...]] = {
    "first_contact": ("ref",),
    "disbursement": ("ref", "kind", "net", "vat", "units"),
    "disbursements_claimed": ("ref",),
    "stage_reached": ("ref", "stage"),
    "event_happened": ("ref", "event", "times"),
    "outcome_recorded": ("ref", "outcome", "lasted_months"),
    "return_late": ("ref", "clause"),
    "client_switched": ("ref",),
    "duty_missed": ("ref", "clause"),
}


def event(name: str, takes: str = "") -> Any:
    """Describe an event of an example, and the keys that it takes."""
    takes = takes or ", ".join(TAKES.get(name, ()))
    return Field(default=None, description=f"{_MEANING[name]}; takes {takes}" if takes else _MEANING[name])


class Chances(Terms):
    """An event that the payer decides by chance; ``u`` gives the numbers between 0 and 1 that decide it."""

    ref: str | None = Field(default=None, description="the matter; may be left out where there is one")
    authority: str | None = Field(default=None, description="id of the authority that is asked for")
    audit: str | None = Field(default=None, description="id of the audit that is held")
    requested: Money | None = Field(default=None, description="limit that is asked for, in pounds")
    appeals: YesNo = Field(default=False, description="whether the provider appeals against an audit")
    u: tuple[Number, ...] = Field(default=(), description="numbers between 0 and 1, in the order of use")


class MonthEnd(Terms):
    """The sums of a month that ends."""

    closed: Count = Field(default=0, description="matters closed in the month, for returns by claim line")
    clients_seen: Count = Field(default=0, description="people seen in the month, for access floors")
    sessions: Count = Field(default=0, description="sessions held in the month, for standing charges")
    seen: dict[str, tuple[Count, ...]] = Field(
        default_factory=dict,
        description="clients seen at each session held, by desk, such as {court: [3, 1]}; in place of sessions",
    )
    spent: Money = Field(
        default=Decimal(0), description="pounds that the provider spent in the month, for what is unspent"
    )
    heads: Count | None = Field(
        default=None,
        description="eligible population as it stands, for a price by head that is counted again",
    )
    minutes: dict[str, Count] = Field(
        default_factory=dict, description="minutes given in the month by heading, such as {profit: 8400}"
    )
    measures: dict[str, Number] = Field(
        default_factory=dict, description="what targets look at, by the name of the measure"
    )


class When(Terms):
    """One event of an example."""

    on: Day = Field(description="day of the event; events stand in order of day")
    matter_opened: EventDetails | None = event("matter_opened", "ref and the keys of given.matters")
    first_contact: EventDetails | None = event("first_contact")
    work_done: EventDetails | None = event(
        "work_done",
        "ref; <heading>_minutes, <heading>_hours or <heading>_costs, such as profit_minutes; adviser",
    )
    disbursement: EventDetails | None = event("disbursement")
    disbursements_claimed: EventDetails | None = event("disbursements_claimed")
    stage_reached: EventDetails | None = event("stage_reached")
    event_happened: EventDetails | None = event("event_happened")
    outcome_recorded: EventDetails | None = event("outcome_recorded")
    matter_closed: EventDetails | None = event("matter_closed", "ref, outcome, and facts known at the end")
    month_ended: MonthEnd | None = event("month_ended")
    authority_asked: Chances | None = event("authority_asked")
    audit_held: Chances | None = event("audit_held")
    claim_assessed: Chances | None = event("claim_assessed")
    return_late: EventDetails | None = event("return_late")
    call_answered: EventDetails | None = event("call_answered", "ref, answered_after (minutes), result")
    client_switched: EventDetails | None = event("client_switched")
    duty_missed: EventDetails | None = event("duty_missed")
    review: str | None = event("review", "the id of the standard_monthly rule")


class Then(Terms):
    """What an example expects at its end; money is exact."""

    earned: dict[str, AnyNumber] | AnyNumber | None = Field(
        default=None, description="pounds earned: by all matters and months, or by ref; with tax"
    )
    lines: dict[str, AnyNumber] | None = Field(
        default=None, description="pounds earned by payments and taxes, by the id of the block"
    )
    flags: tuple[str, ...] | None = Field(
        default=None, description="all flags that were raised, such as escape; [] for none"
    )
    margin: dict[str, AnyNumber] | None = Field(
        default=None, description="pounds over a threshold (under: negative), by escape or the limit's name"
    )
    scheme: str | None = Field(default=None, description="version of the table or value that priced it")
    refused: str | None = Field(default=None, description="code of the refusal that is expected")
    position_percent: dict[str, AnyNumber] | None = Field(
        default=None, description="claims over payments at a review, in percent, by the id of the cash rule"
    )
    cash: dict[str, AnyNumber] | None = Field(
        default=None,
        description="pounds of the last month in which a cash rule paid, by its id; a sum: cash_by",
    )
    cash_by: dict[Day, AnyNumber] | None = Field(
        default=None,
        description="pounds paid in all by the end of a day, less what was taken back, whatever the cash rule",
    )
    burden_minutes: dict[str, AnyNumber] | None = Field(
        default=None, description="minutes of admin asked for in all, by the id of the duty or return"
    )
    client_pays: dict[str, AnyNumber] | None = Field(
        default=None, description="pounds that clients add to budgets of their own, by ref"
    )
    taken_first: tuple[str, ...] | None = Field(
        default=None, description="in which order matters that wait in the given order would be taken, by ref"
    )
    permission: dict[str, str] | None = Field(
        default=None, description="whether a matter may be opened, by ref: yes, refuse, queue, seek_authority"
    )


class ExampleTable(Terms):
    """Rows of inputs and expected results; here, or in a CSV file beside the contract."""

    columns: tuple[str, ...] | None = Field(
        default=None,
        description="ref, category, fee_code, region, channel, outcome, opened, closed; <heading>_costs, _minutes or "
        "_hours; net_disbursements, disbursement_vat; n_<event>; vat_registered and other facts; expected: earned, "
        "scheme, escape, flag.<name>, line.<block>, margin.<name>, refused; and the columns of a claims file",
    )
    rows: tuple[tuple[Plain | None, ...], ...] = Field(
        default=(), description="one list of cells for each case"
    )
    file: str | None = Field(
        default=None, description="CSV file beside the contract; its first line names columns"
    )


class Example(Terms):
    """A worked example: given, when, then; or a table of them."""

    name: str = Field(description="what it shows, in a few words")
    given: Given | None = Field(default=None, description="the provider and matters that it starts from")
    given_each: Given | None = Field(default=None, description="the provider of every row of its table")
    when: tuple[When, ...] = Field(default=(), description="events in order of day, each on: a day")
    then: Then | None = Field(default=None, description="what is expected at the end, to the penny")
    table: ExampleTable | None = Field(default=None, description="many short cases as rows")
    source: Source | None = Field(default=None, description="where the figures of the example come from")


class Contract(Terms):
    """A contract for legal advice, as its designer writes it."""

    def __repr__(self) -> str:
        return f"Contract({self.contract}: {self.term.months} months from {self.term.starts})"

    kind: Literal["contract"]
    schema_version: Annotated[Literal[1], BeforeValidator(whole_version)]
    contract: str = Field(min_length=1)
    title: str | None = None
    short_title: Annotated[str, Field(min_length=1, max_length=28)] | None = Field(
        default=None, description="what reports call the contract, at most 28 characters; else its name"
    )
    summary: str | None = None
    term: Term
    currency: Currency = "GBP"
    rounding: Rounding = Rounding()
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    values: dict[str, NamedAmount] = Field(default_factory=dict)
    tables: dict[str, Table] = Field(default_factory=dict)
    series: dict[str, Series] = Field(default_factory=dict)
    payments: tuple[AnyPayment, ...] = ()
    taxes: tuple[AnyTax, ...] = ()
    duties: tuple[AnyDuty, ...] = ()
    permissions: tuple[AnyPermission, ...] = ()
    standards: tuple[AnyStandard, ...] = ()
    controls: tuple[AnyControl, ...] = ()
    adjustments: tuple[AnyAdjustment, ...] = ()
    cash: tuple[AnyCash, ...] = ()
    examples: tuple[Example, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # The value forms are generic models, and pickle cannot find those by name: carry plain data instead.
        return (Contract.model_validate, (self.model_dump(by_alias=True, exclude_unset=True),))
