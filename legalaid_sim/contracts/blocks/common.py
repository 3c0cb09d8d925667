"""Keys that blocks share: how one starts, its limits, when it is earned, which date picks a version."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from legalaid_sim.contracts.vocabulary.values import Conditions, MoneyValue, Source, Terms

Earned = Literal["on_open", "on_close", "on_stage", "on_event", "on_outcome", "monthly"]
DatedBy = Literal["matter_opened", "matter_closed", "event", "month_ended", "contract_started"]
CountedOver = Literal[
    "month", "quarter", "year", "contract", "contract_year", "calendar_year", "financial_year"
]
# A period, or what one client is given: in all, or in a year of the contract.
Ceiling = Literal[
    "month",
    "quarter",
    "year",
    "contract",
    "contract_year",
    "calendar_year",
    "financial_year",
    "client",
    "client_year",
]
Breach = Literal["cap", "warn", "refuse", "stop_paying", "seek_authority"]


class InOldWords(Terms):
    """Terms of which some keys were called otherwise: ``OLD`` gives the word that is meant by each old one."""

    OLD: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _in_new_words(cls, found: Any) -> Any:
        """Read an old word as the new one; both at once stay, and the old one is refused as unknown."""
        if not isinstance(found, Mapping):
            return found
        return {
            new if (new := cls.OLD.get(key, key)) == key or new not in found else key: found[key]
            for key in found
        }


class Block(Terms):
    """The keys every block starts with: ``id``, ``kind``, ``title``, ``applies_to``."""

    id: str = Field(min_length=1, description="name used in receipts, changes and messages")
    kind: str
    title: str | None = None
    applies_to: Conditions = Field(default_factory=dict, description="facts that must all hold")
    not_if: Conditions = Field(default_factory=dict, description="does not apply when all of these hold")
    source: Source | None = None


class HeadingLimit(Terms):
    """A limit on one heading of the costs of one matter, or on ``total``.

    ``on_breach`` says what happens above it; ``unless`` names the fact or authority that lifts it.
    """

    at_most: MoneyValue
    per: Literal["matter"] = "matter"
    on_breach: Breach = "cap"
    unless: str | None = None
    flag: str | None = Field(default=None, description="flag raised when the limit is passed")
    on: tuple[str, ...] | None = Field(
        default=None, description="headings that count; default: the key itself"
    )


class PaymentBlock(Block):
    """The keys of every block under ``payments:``."""

    earned: Earned = "on_close"
    dated_by: DatedBy = "matter_opened"
    exception_to: str | tuple[str, ...] | None = None
    hit: Literal["one", "sum"] = "one"
    table: str | None = Field(default=None, description="table whose row gives {column: ...} values")
    limits: dict[str, HeadingLimit] = Field(default_factory=dict)
    tax_on: Literal["allowed", "claimed"] = Field(
        default="allowed", description="tax follows what is allowed after limits, or what was claimed"
    )
    tax_before: Literal["total_limit", "heading_limits"] | None = Field(
        default=None, description="tax on fees is worked out before this limit bites"
    )
