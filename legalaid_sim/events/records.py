"""All kinds of record, and the plain type of each of their fields."""

from typing import Any, Literal, get_args, get_origin

from legalaid_sim.events.clients import (
    Activated,
    Aftermath,
    Asked,
    DateCame,
    Disclosed,
    Left,
    Outcome,
    Person,
    Referred,
    StillOpen,
    TurnedAway,
)
from legalaid_sim.events.matters import (
    Booked,
    CompanionOffered,
    Contact,
    DocumentsMissing,
    Freed,
    GoalReviewed,
    GoalSet,
    HandOver,
    MatterClosed,
    MatterOpened,
    Missed,
)
from legalaid_sim.events.money import (
    Audited,
    AuthorityAsked,
    BudgetMoved,
    ContractChanged,
    Entitled,
    ExceptionAsked,
    Flagged,
    MonthClosed,
    OrganisationClosed,
    Paid,
    PostClosed,
    Received,
    Spent,
    Told,
)
from legalaid_sim.events.work import (
    AdminWork,
    AdviserJoined,
    AdviserLeft,
    Diary,
    DutyDone,
    DutyFell,
    SessionHeld,
    Work,
)

Event = (
    Asked | Person | TurnedAway | Left | MatterOpened | Contact | Missed | Work | AdminWork | DutyFell
    | DutyDone | HandOver | MatterClosed | Outcome | Activated | Disclosed | Entitled | Told | Flagged
    | Referred | GoalSet | GoalReviewed | Aftermath | AuthorityAsked | Audited | PostClosed | OrganisationClosed
    | Paid | Spent | Received | MonthClosed | AdviserJoined | AdviserLeft | Diary | StillOpen | ContractChanged
    | SessionHeld | DocumentsMissing | BudgetMoved | Booked | Freed | ExceptionAsked
    | DateCame
    | CompanionOffered
)  # fmt: skip

KINDS: tuple[type[Event], ...] = get_args(Event)


def plain_types(kind: type[Event]) -> dict[str, type]:
    """Give the plain type of every field of a kind, in order: a word of a vocabulary is text.

    >>> plain_types(Spent)
    {'at': <class 'int'>, 'organisation': <class 'str'>, 'item': <class 'str'>, 'pence': <class 'int'>}
    """
    given: dict[str, Any] = kind.__annotations__
    return {name: str if get_origin(type_) is Literal else type_ for name, type_ in given.items()}
