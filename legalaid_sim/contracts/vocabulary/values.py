"""The value grammar: wherever an amount, rate, count or percent stands, the same five forms may be written.

A number; ``{dated: {day: number}}``; ``{by_region: {region: form}}``; ``{value: name}`` (an entry under
``values:``); ``{column: name}`` (a cell of the row that the block's ``table`` picks). The annotated types
refuse what YAML and pydantic would let slip: text for money, ``true`` for the number 1, a third decimal.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from legalaid_sim.units import FIRST_DAY, LAST_DAY

MOST_POUNDS = Decimal(1_000_000_000)
MOST_PERCENT = Decimal(100_000)
ALL = Decimal(100)
MOST_COUNT = 1_000_000_000


# ISO 4217, as in use in 2024, with the euro's forerunners that a contract of the past may be written in.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
ATS BEF DEM ESP FIM FRF GRD IEP ITL NLG PTE
"""
CURRENCIES = frozenset(_CODES.split())


class Terms(BaseModel):
    """Anything written in a contract: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


def _number(found: Any, code: str, wanted: str) -> Decimal:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise PydanticCustomError(code, "{wanted}, found {found}", {"wanted": wanted, "found": repr(found)})
    number = Decimal(found)
    if not number.is_finite():
        raise PydanticCustomError(code, "{wanted}, found {found}", {"wanted": wanted, "found": str(found)})
    return number


def _refuse_beyond(number: Decimal, most: Decimal, code: str) -> Decimal:
    if abs(number) > most:
        raise PydanticCustomError(
            code, "{found} is beyond {most}, the most allowed here", {"found": str(number), "most": str(most)}
        )
    return number


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def read_money(found: Any) -> Decimal:
    """Accept a whole or decimal number of pounds, 0 or more, with at most two places, nothing else."""
    number = _refuse_beyond(_number(found, "bad_money", "money is written 157.00"), MOST_POUNDS, "money_size")
    if _places(number) > 2:
        raise PydanticCustomError(
            "money_places", "money has at most two decimals, found {found}", {"found": str(found)}
        )
    if number < 0:
        raise PydanticCustomError("money_sign", "money is 0 or more, found {found}", {"found": str(found)})
    return number


def read_currency(found: Any) -> str:
    """Accept the three letters of a currency that is in use."""
    if not isinstance(found, str) or found not in CURRENCIES:
        context = {"found": repr(found), "known": " ".join(sorted(CURRENCIES))}
        raise PydanticCustomError("bad_currency", "no currency: {found}", context)
    return found


def read_percent(found: Any) -> Decimal:
    """Accept a number in hundredths (``20`` is twenty percent)."""
    number = _number(found, "bad_percent", "a percent is written as a number of hundredths, such as 20")
    return _refuse_beyond(number, MOST_PERCENT, "percent_size")


def read_share(found: Any) -> Decimal:
    """Accept hundredths of a whole: from 0 to 100."""
    number = read_percent(found)
    if not 0 <= number <= ALL:
        raise PydanticCustomError("share_size", "{found} is no share", {"found": str(found)})
    return number


def read_number(found: Any) -> Decimal:
    """Accept any plain number, whole or decimal."""
    return _refuse_beyond(
        _number(found, "bad_number", "a plain number is needed"), MOST_POUNDS, "number_size"
    )


def read_count(found: Any) -> int:
    """Accept a whole number that is not negative and not true or false."""
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise PydanticCustomError(
            "bad_count", "a whole number, 0 or more, is needed; found {found}", {"found": repr(found)}
        )
    if found > MOST_COUNT:
        raise PydanticCustomError("count_size", "{found} is absurdly large", {"found": str(found)})
    return found


def read_yes_no(found: Any) -> bool:
    """Accept true or false, never yes, no, 1 or 0."""
    if not isinstance(found, bool):
        raise PydanticCustomError("bad_yes_no", "write true or false; found {found}", {"found": repr(found)})
    return found


def read_day(found: Any) -> Any:
    """Accept a day from 1900 to 2200 written 2025-12-22 (or a date object)."""
    if isinstance(found, date):
        return _refuse_far(found)
    try:
        day = date.fromisoformat(found) if isinstance(found, str) and len(found) == 10 else _no_day(found)
    except ValueError:
        return _no_day(found)
    return _refuse_far(day)


def _refuse_far(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    bounds = {"first": str(FIRST_DAY), "last": str(LAST_DAY)}
    raise PydanticCustomError("far_day", "a day is from {first} to {last}", bounds)


def _no_day(found: Any) -> date:
    raise PydanticCustomError("bad_day", "a day is written 2025-12-22; found {found}", {"found": repr(found)})


NUMBER_SCHEMA = {"type": "number"}
Money: TypeAlias = Annotated[Decimal, BeforeValidator(read_money), WithJsonSchema(NUMBER_SCHEMA)]
Percent: TypeAlias = Annotated[Decimal, BeforeValidator(read_percent), WithJsonSchema(NUMBER_SCHEMA)]
Share: TypeAlias = Annotated[
    Decimal,
    BeforeValidator(read_share),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]
Number: TypeAlias = Annotated[Decimal, BeforeValidator(read_number), WithJsonSchema(NUMBER_SCHEMA)]
Count: TypeAlias = Annotated[
    int, BeforeValidator(read_count), WithJsonSchema({"type": "integer", "minimum": 0})
]
YesNo: TypeAlias = Annotated[bool, BeforeValidator(read_yes_no), WithJsonSchema({"type": "boolean"})]
Day: TypeAlias = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})
]

Currency: TypeAlias = Annotated[
    str, BeforeValidator(read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
]

T = TypeVar("T")


class Dated(Terms, Generic[T]):
    """A history: each entry holds from its day until the next one."""

    dated: dict[Day, T] = Field(min_length=1)


class NamedValue(Terms):
    """The entry of that name under ``values:``."""

    value: str


class Column(Terms):
    """The cell in that column of the row picked from the block's ``table``."""

    column: str


FORMS = ("dated", "by_region", "value", "column")


def form_of(found: Any) -> str:
    """Say which of the value forms this is; what is no form counts as a number, and is refused as one."""
    keys = found if isinstance(found, Mapping) else getattr(type(found), "model_fields", ())
    return next((form for form in FORMS if form in keys), "number")


class ByRegion(Terms, Generic[T]):
    """One form for each region of the contract."""

    by_region: dict[str, "RegionForm[T]"] = Field(min_length=1)


RegionForm: TypeAlias = Annotated[
    Annotated[T, Tag("number")]
    | Annotated[Dated[T], Tag("dated")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
# Written out for each: typing's own substitution stops at a pydantic generic and would leave its T unchecked.
RegionNumber: TypeAlias = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Dated[Number], Tag("dated")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
MoneyValue: TypeAlias = Annotated[
    Annotated[Money, Tag("number")]
    | Annotated[Dated[Money], Tag("dated")]
    | Annotated[ByRegion[Money], Tag("by_region")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
PercentValue: TypeAlias = Annotated[
    Annotated[Percent, Tag("number")]
    | Annotated[Dated[Percent], Tag("dated")]
    | Annotated[ByRegion[Percent], Tag("by_region")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
ShareValue: TypeAlias = Annotated[
    Annotated[Share, Tag("number")]
    | Annotated[Dated[Share], Tag("dated")]
    | Annotated[ByRegion[Share], Tag("by_region")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
CountValue: TypeAlias = Annotated[
    Annotated[Count, Tag("number")]
    | Annotated[Dated[Count], Tag("dated")]
    | Annotated[ByRegion[Count], Tag("by_region")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
NumberValue: TypeAlias = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Dated[Number], Tag("dated")]
    | Annotated[ByRegion[Number], Tag("by_region")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Column, Tag("column")],
    Discriminator(form_of),
]
AnyNumber: TypeAlias = NumberValue


def newest(form: Any) -> Any:
    """Give a number as it is written, or the newest of its dated versions."""
    return form if not hasattr(form, "dated") else max(form.dated.items())[1]


def expected_or_number(found: Any) -> Any:
    """Accept a number, or the word ``expected`` for a figure that is not known yet."""
    return found if found == "expected" else read_number(found)


NumberOrExpected: TypeAlias = Annotated[
    Any, BeforeValidator(expected_or_number), WithJsonSchema({"type": ["number", "string"]})
]


def scalar_of(found: Any) -> Any:
    """Accept text, a number, true or false; refuse lists, mappings and nothing."""
    if isinstance(found, str | bool | int | Decimal | date):
        return found
    raise PydanticCustomError(
        "bad_scalar", "text, a number, true or false is needed; found {found}", {"found": repr(found)}
    )


Plain: TypeAlias = Annotated[
    Any, BeforeValidator(scalar_of), WithJsonSchema({"type": ["string", "number", "boolean"]})
]


class Comparison(Terms):
    """A comparison with a fact; several in one map must all hold. ``between`` includes both ends."""

    over: Plain | None = None
    at_least: Plain | None = None
    under: Plain | None = None
    at_most: Plain | None = None
    between: tuple[Plain, Plain] | None = None
    is_: Plain | None = Field(default=None, alias="is")
    one_of: tuple[Plain, ...] | None = None


def condition_form(found: Any) -> str:
    """A scalar means ``is``, a list means ``one_of``, a map is a comparison."""
    if isinstance(found, Mapping | Comparison):
        return "comparison"
    return "list" if isinstance(found, list | tuple) else "scalar"


Condition: TypeAlias = Annotated[
    Annotated[Plain, Tag("scalar")]
    | Annotated[tuple[Plain, ...], Tag("list")]
    | Annotated[Comparison, Tag("comparison")],
    Discriminator(condition_form),
]
Conditions: TypeAlias = dict[str, Condition]

Status = Literal["enacted", "published", "derived", "assumed", "fictional"]


class Source(Terms):
    """Where a number comes from, and how far it may be trusted."""

    title: str
    status: Status
    note: str | None = None
    link: str | None = None
    retrieved: Day | None = None
