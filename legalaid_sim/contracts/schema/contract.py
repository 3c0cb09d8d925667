"""A whole contract file: header, values, tables, series, then lists of blocks, then worked examples."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from legalaid_sim.contracts.schema.payments import AnyPayment
from legalaid_sim.contracts.schema.rules import (
    AnyAdjustment,
    AnyCash,
    AnyControl,
    AnyDuty,
    AnyPermission,
    AnyStandard,
    AnyTax,
)
from legalaid_sim.contracts.values import (
    AnyNumber,
    Count,
    Currency,
    Day,
    Money,
    Number,
    NumberOrExpected,
    Plain,
    RegionNumber,
    Source,
    Terms,
    YesNo,
)


def whole_version(found: Any) -> Any:
    """Keep ``true`` from passing as version 1."""
    return None if isinstance(found, bool) else found


class Term(Terms):
    """When the contract starts and how many months it runs."""

    starts: Day
    months: Count = Field(ge=1, le=600)


class Rounding(Terms):
    """How every line is rounded."""

    to: Number = Field(default=Decimal("0.01"), gt=0)
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"
    at: Literal["every_line"] = "every_line"


class NamedAmount(Terms):
    """An entry under ``values:``: a title, a unit, one value form, a source."""

    title: str | None = None
    unit: str | None = None
    amount: AnyNumber | None = None
    dated: dict[Day, NumberOrExpected] | None = None
    by_region: dict[str, RegionNumber] | None = None
    source: Source | None = None


class Table(Terms):
    """Rows of values, one for each key; ``rows`` here, or a CSV ``file`` beside the contract.

    ``key`` names the columns that pick a row by facts of the same name (an empty cell fits anything).
    ``starts`` and ``ends`` name the columns of its first and last day; of rows that are in force, the one
    that started last is used. ``version`` names the column that says which scheme a row belongs to.
    """

    title: str | None = None
    key: tuple[str, ...] = ("fee_code",)
    starts: str | None = None
    ends: str | None = None
    version: str | None = None
    columns: tuple[str, ...] | None = Field(
        default=None, description="column names of rows; a CSV file has its own"
    )
    rows: tuple[tuple[Plain | None, ...], ...] = ()
    file: str | None = None
    source: Source | None = None


class Series(Terms):
    """A path over time that an indexation follows; ``expected`` must be filled in before a run needs it."""

    title: str | None = None
    unit: str | None = None
    dated: dict[Day, NumberOrExpected] = Field(min_length=1)
    source: Source | None = None


class ExampleMatter(Terms):
    """A matter given in an example."""

    ref: str = "A"
    category: str = ""
    fee_code: str = ""
    region: str = ""
    channel: str = "face_to_face"
    type: str | None = None
    opened: Day | None = None
    client: str = ""
    reopened: bool = False
    facts: dict[str, Any] = Field(default_factory=dict)


class Given(Terms):
    """What an example starts from."""

    provider: dict[str, Plain] = Field(default_factory=dict)
    matters: tuple[ExampleMatter, ...] = ()
    cash: dict[str, AnyNumber] = Field(default_factory=dict)
    months: dict[str, tuple[AnyNumber, ...]] = Field(default_factory=dict)


Details = dict[str, Plain]


class Chances(Terms):
    """An event that the payer decides by chance; ``u`` gives the numbers between 0 and 1 that decide it."""

    ref: str | None = None
    authority: str | None = None
    audit: str | None = None
    requested: Money | None = None
    appeals: YesNo = False
    u: tuple[Number, ...] = ()


class MonthEnd(Terms):
    """The sums of a month that ends."""

    closed: Count = 0
    clients_seen: Count = 0
    sessions: Count = 0
    minutes: dict[str, Count] = Field(default_factory=dict)
    measures: dict[str, Number] = Field(default_factory=dict)


class When(Terms):
    """One event of an example."""

    on: Day
    matter_opened: Details | None = None
    work_done: Details | None = None
    disbursement: Details | None = None
    disbursements_claimed: Details | None = None
    stage_reached: Details | None = None
    event_happened: Details | None = None
    outcome_recorded: Details | None = None
    matter_closed: Details | None = None
    month_ended: MonthEnd | None = None
    authority_asked: Chances | None = None
    audit_held: Chances | None = None
    claim_assessed: Chances | None = None
    return_late: Details | None = None
    call_answered: Details | None = None
    client_switched: Details | None = None
    duty_missed: Details | None = None
    review: str | None = None


class Then(Terms):
    """What an example expects; money is exact."""

    earned: dict[str, AnyNumber] | AnyNumber | None = None
    lines: dict[str, AnyNumber] | None = None
    flags: tuple[str, ...] | None = None
    margin: dict[str, AnyNumber] | None = None
    scheme: str | None = None
    refused: str | None = Field(default=None, description="code of the refusal that is expected")
    position_percent: dict[str, AnyNumber] | None = None
    cash: dict[str, AnyNumber] | None = None
    burden_minutes: dict[str, AnyNumber] | None = None
    permission: dict[str, str] | None = None


class ExampleTable(Terms):
    """Rows of inputs and expected results; here, or in a CSV file beside the contract."""

    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[Plain | None, ...], ...] = ()
    file: str | None = None


class Example(Terms):
    """A worked example: given, when, then; or a table of them."""

    name: str
    given: Given | None = None
    given_each: Given | None = None
    when: tuple[When, ...] = ()
    then: Then | None = None
    table: ExampleTable | None = None
    source: Source | None = None


class Contract(Terms):
    """A contract for legal advice, as its designer writes it."""

    kind: Literal["contract"]
    schema_version: Annotated[Literal[1], BeforeValidator(whole_version)]
    contract: str = Field(min_length=1)
    title: str | None = None
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
