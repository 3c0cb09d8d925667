"""What a problem brings with it that a contract may ask about or pay by: facts, time out, money laid out."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import fsum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from legalaid_sim.scenario.distribution import Amount

UnitShare = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
# What the model itself tells of every matter; a scenario's facts must not say otherwise.
TOLD_ANYWAY = (
    "category", "channel", "client", "closed", "difficulty_band", "early", "fee_code", "lasted_months",
    "months_open", "months_since_last_matter", "opened", "outcome", "ref", "region", "reopened", "stages",
)  # fmt: skip


# Shares that are written as decimals may miss 1 by so much.
SURE = 1e-9


class BroughtPart(BaseModel):
    """A piece of what a problem brings: closed (unknown keys are errors) and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WholeMatterWork(BroughtPart):
    """Minutes of a whole matter beyond meetings and casework, given after its last meeting; a contract may pay them."""

    travel: Amount | None = Field(None, description="minutes on the way")
    waiting: Amount | None = Field(None, description="minutes of waiting, at court or elsewhere")
    advocacy: Amount | None = Field(None, description="minutes of speaking for the client")


class Outlay(BroughtPart):
    """Money that an agency lays out for a client after the first meeting: how often, and how much."""

    chance: UnitShare = Field(1.0, description="share of problems that need it")
    pounds: Amount = Field(description="GBP in all, before VAT")
    vat_percent: Annotated[float, Field(ge=0, le=100)] = Field(0.0, description="VAT on it, in percent")
    units: Amount | None = Field(
        None, description="hours, items or miles, where a contract pays so much for each"
    )


class FixedDate(BroughtPart):
    """A day that waits for nobody: a hearing, an eviction, the end of a limit. Help after it comes too late."""

    share: UnitShare = Field(1.0, description="share of problems that have such a day")
    days: Amount = Field(description="days from the onset of the problem to the day")
    at: Name | None = Field(
        None,
        description="desk elsewhere, such as court, where an adviser stands by the client; none = nowhere",
    )
    opens: Annotated[float, Field(ge=0, lt=24)] = Field(10.0, description="hour of the day")


class Switching(BroughtPart):
    """Why clients who hold the money for advice take it to another provider, where a contract lets them."""

    chance: UnitShare = Field(
        description="chance each time that there is a reason, while meetings are still to come"
    )
    why: Literal["another_adviser", "any_meeting"] = Field(
        "another_adviser", description="after a meeting with somebody new to them, or after any meeting"
    )


def _worded(value: object) -> object:
    """Read the keys true and false as words."""
    words = {True: "true", False: "false"}
    if not isinstance(value, dict):
        return value
    return {words[key] if isinstance(key, bool) else key: share for key, share in value.items()}


def _shares(value: dict[str, float]) -> dict[str, float]:
    if fsum(value.values()) > 1.0 + SURE:
        raise ValueError(
            f"a problem has one of these or none, so their shares come to at most 1; found {fsum(value.values()):g}"
        )
    return value


def _names(value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    taken = next((name for name in value if name in TOLD_ANYWAY), None)
    if taken is not None:
        raise ValueError(f"'{taken}' is told of every matter anyway; give the fact another name")
    return value


def meant(word: str) -> str | bool:
    """Read a value of a fact: yes and no are no words.

    >>> meant("true"), meant("in_court")
    (True, 'in_court')
    """
    return {"true": True, "false": False}.get(word, word)


def possible(facts: Mapping[str, Mapping[str, float]]) -> Iterator[dict[str, str | bool]]:
    """Give every combination of facts that a problem may bring.

    >>> list(possible({"complex": {"true": 0.2}, "service": {"in_court": 0.7, "by_post": 0.3}}))[0]
    {'complex': True, 'service': 'in_court'}
    """
    ways: list[list[tuple[str, str | bool] | None]] = [
        [
            *((name, meant(word)) for word, share in shares.items() if share > 0.0),
            *([] if fsum(shares.values()) > 1.0 - SURE else [None]),
        ]
        for name, shares in facts.items()
    ]
    for chosen in product(*ways):
        yield dict(each for each in chosen if each is not None)


NamedShares = Annotated[
    dict[Name, UnitShare], BeforeValidator(_worded), AfterValidator(_shares), Field(min_length=1)
]
SharesOfFacts = Annotated[dict[Name, NamedShares], AfterValidator(_names)]
Costs = dict[Literal["counsel"], Outlay]
