"""Leave to depart from procedure: given, withheld, or given by a procedure of its own."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.kinds.standards.shared import UNHEARD
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import at_percent
from legalaid_sim.contracts.vocabulary.service import ExceptionRule, Service
from legalaid_sim.contracts.vocabulary.values import Count, Share, Terms, YesNo
from legalaid_sim.errors import Problem


class AskedException(Terms):
    """An exception for one matter that is asked for: what asking takes, how long it waits, how often it is granted."""

    minutes: Count = Field(description="minutes of an adviser that asking takes")
    days: Count = Field(default=0, description="days until it is decided; until then procedure is kept to")
    granted_percent: Share = Field(description="how many of 100 are granted")


class Discretion(Block):
    """Whether advisers may depart from procedure in a contact."""

    kind: Literal["discretion"]
    allowed: YesNo
    exceptions: AskedException | None = Field(
        default=None, description="where not allowed: how leave for one matter is asked for"
    )


def serves(block: Discretion, service: Service) -> Service:
    """Allow or forbid departures, or let them be asked for."""
    asked = None if block.allowed else block.exceptions
    rule = None
    if asked is not None:
        rule = ExceptionRule(block.id, asked.minutes, asked.days, float(asked.granted_percent) / 100)
    return service._replace(discretion=block.allowed, exceptions=rule)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say whether advisers may depart from procedure, and how leave is asked for."""
    yield "advisers may depart from procedure" if block.allowed else "advisers keep to procedure"
    if block.exceptions is not None:
        days = f" after {block.exceptions.days} days" if block.exceptions.days else " at once"
        granted = at_percent(block.exceptions.granted_percent)
        yield f"an exception for one matter takes {block.exceptions.minutes} minutes to ask for"
        yield f"it is decided{days}, and {granted} are granted"


def _needless(page: Page, placed: Placed) -> Iterator[Problem]:
    if placed.block.allowed and placed.block.exceptions is not None:
        message = f"'{placed.id}' allows what its exceptions would ask for, so nobody asks"
        yield page.problem(
            "CP321",
            message,
            (*placed.path, "exceptions"),
            at_key=True,
            help="write allowed: false, or leave exceptions out",
        )


KIND = Kind(
    model=Discretion,
    say=say,
    marks={
        "Discretion": {ACTED: "allowed exceptions"},
        "AskedException": {ASKED: "minutes", ACTED: "days granted_percent"},
    },
    unheard={"Discretion": UNHEARD},
    sets=("departures",),
    serves=serves,
    says_once=("allowed", "leave to depart from procedure is {}"),
    checks=(_needless,),
)
