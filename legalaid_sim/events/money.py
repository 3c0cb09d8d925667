"""Contracts and money: what is earned, told, asked, checked and paid; the books of organisations."""

from typing import NamedTuple

from legalaid_sim.events.words import BudgetMove, Expense, Income


class Entitled(NamedTuple):
    """A ledger line: a block of a contract makes ``pence`` earned (negative: taken back). ``matter`` may be empty."""

    at: int
    organisation: str
    contract: str
    matter: str
    phase: int
    block: str
    pence: int


class Told(NamedTuple):
    """What a contract was told when a matter was claimed, as one line of JSON; enough to price it again."""

    at: int
    organisation: str
    contract: str
    matter: str
    facts: str


class Flagged(NamedTuple):
    """A contract raised a flag on a matter, such as ``escape``."""

    at: int
    contract: str
    matter: str
    flag: str


class AuthorityAsked(NamedTuple):
    """Leave to pass a limit was asked for; ``decided`` is the minute of the answer."""

    at: int
    organisation: str
    matter: str
    contract: str
    clause: str
    requested: int
    decided: int
    result: str


class ExceptionAsked(NamedTuple):
    """Leave to depart from a contract's procedure in one matter was asked for; ``decided`` is the minute of the answer.

    What asking took of an adviser's time is the duty that fell for the matter by the same clause in the same minute.
    """

    at: int
    organisation: str
    matter: str
    contract: str
    clause: str
    adviser: str
    decided: int
    granted: bool


class Audited(NamedTuple):
    """The payer looked at files: how many, and what was taken back in pence."""

    at: int
    organisation: str
    contract: str
    clause: str
    files: int
    pence: int
    result: str


class Paid(NamedTuple):
    """Cash moved from payer to organisation under a cash rule (negative: back).

    ``since`` is where the time begins that it pays for in advance; -1: it pays for what is past.
    """

    at: int
    organisation: str
    contract: str
    block: str
    pence: int
    since: int = -1


class Spent(NamedTuple):
    """Cash left the organisation: ``salaries``, ``admin_staff``, ``overheads``, ``disbursements``, ``passed_on``."""

    at: int
    organisation: str
    item: Expense
    pence: int


class Received(NamedTuple):
    """Cash came to the organisation from elsewhere than the contract's payer: ``other_income`` or ``clients``."""

    at: int
    organisation: str
    item: Income
    pence: int


class BudgetMoved(NamedTuple):
    """A client was granted ``pence`` to spend on advice under a block of a contract, or so much went back unspent."""

    at: int
    contract: str
    block: str
    client: str
    what: BudgetMove
    pence: int


class MonthClosed(NamedTuple):
    """An organisation's books at the end of a month, in pence; ``unpaid`` is entitlement not yet paid."""

    at: int
    organisation: str
    month: int
    income: int
    spending: int
    reserves: int
    unpaid: int
    open_matters: int
    pressure: float


class ContractChanged(NamedTuple):
    """An organisation holds other contracts from now on (names joined by +); what it held before runs out."""

    at: int
    organisation: str
    before: str
    after: str


class PostClosed(NamedTuple):
    """An organisation gave a post up to save money."""

    at: int
    organisation: str
    post: str


class OrganisationClosed(NamedTuple):
    """An organisation shut for want of money."""

    at: int
    organisation: str
    reserves: int
    open_matters: int
