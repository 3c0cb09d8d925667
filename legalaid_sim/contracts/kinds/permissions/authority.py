"""Leave to pass a cost limit."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PERMITTED, TOLD, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.permissions.kind import Decision, PermissionKind
from legalaid_sim.contracts.tools.amounts import WHOLE, millionths_of, pence_of
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import at_percent, listed, words
from legalaid_sim.contracts.vocabulary.values import Count, Money, MoneyValue, Share, Terms, newest
from legalaid_sim.errors import Problem

NIL = Decimal(0)
BY_UNLESS = "a payment's limit says by unless which authority lifts it"


class AskingCost(Terms):
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
    asked: AskingCost = AskingCost()
    decided: Decided
    grants: Grants = Grants()
    work_while_waiting: Literal["at_risk", "stops"] = "at_risk"


def decide(
    block: Authority, requested: int, asked_on: date, u: tuple[float, float], standing: int = 0
) -> Decision:
    """Decide a request by two given chances: whether it is granted, and whether the decision is slow.

    ``standing`` is the limit that stands; a cut grants a share of what was asked above it.
    """
    terms = block.decided
    slow = u[1] * 100 < float(terms.days.slow_percent)
    day = asked_on + timedelta(days=terms.days.slow_days if slow else terms.days.typical)
    roll, granted = u[0] * 100, float(terms.granted_percent)
    if roll < granted:
        return Decision("granted", _stepped(block, requested), day)
    if roll < granted + float(terms.cut_percent):
        more = (requested - standing) * millionths_of(terms.cut_to_percent) // WHOLE
        return Decision("cut", _stepped(block, standing + more), day)
    return Decision("refused", standing, day)


def _stepped(block: Authority, pence: int) -> int:
    most = None if block.grants.up_to == "requested" else pence_of(block.grants.up_to)
    pence = pence if most is None else min(pence, most)
    step = pence_of(newest(block.grants.in_steps_of)) if block.grants.in_steps_of is not None else 1
    return -(-pence // step) * step


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what asking takes and how it is decided."""
    lifts = listed(map(words, block.lifts))
    yield f"asking takes {block.asked.minutes} minutes and lifts the limits on {lifts}"
    decided = block.decided
    granted = at_percent(decided.granted_percent)
    yield f"the payer usually takes {decided.days.typical} days and grants {granted}"
    yield f"work meanwhile: {words(block.work_while_waiting)}"


def _decided(page: Page, placed: Placed) -> Iterator[Problem]:
    decided, path = placed.block.decided, (*placed.path, "decided")
    if decided.granted_percent + decided.cut_percent > 100:
        total = decided.granted_percent + decided.cut_percent
        yield page.problem("CP304", f"granted and cut sum to {total}, which is over 100", path, at_key=True)


KIND = PermissionKind(
    model=Authority,
    say=say,
    marks={
        "Authority": {PERMITTED: "lifts decided grants", ASKED: "asked", ACTED: "work_while_waiting"},
        "AskingCost": {ASKED: "minutes", TOLD: "form before"},
        "Decided": {PERMITTED: "days granted_percent cut_percent cut_to_percent"},
        "DecisionDays": {PERMITTED: "typical slow_percent slow_days"},
        "Grants": {PERMITTED: "up_to in_steps_of"},
    },
    unheard={"Authority": (Unheard("applies_to", BY_UNLESS), Unheard("not_if", BY_UNLESS))},
    sets=("admin", "pay"),
    decide=decide,
    checks=(_decided,),
)
