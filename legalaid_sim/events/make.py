"""One maker a record: ``make.contact(now, began=…)``, typed as the record itself; what follows the minute goes by name.

The constructor of a NamedTuple is reached through that of all classes, which a function written for its class passes
by. So a call by name takes the time of the record's own by place: 0.1 microseconds more than by place here.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from legalaid_sim import events

Fields = ParamSpec("Fields")
RecordKind = TypeVar("RecordKind")


def _maker(kind: Callable[Fields, RecordKind]) -> Callable[Fields, RecordKind]:
    """Write the constructor that a NamedTuple has, its kind a constant; a type checker sees the parameters."""
    record: Any = kind
    fields, usual = record._fields, record._field_defaults
    given = ", ".join(f"{name}=usual[{name!r}]" if name in usual else name for name in fields)
    scope: dict[str, Any] = {"new": tuple.__new__, "kind": kind, "usual": usual}
    # As the standard library makes the constructor itself: of names of fields, which are identifiers.
    exec(f"def made({given}): return new(kind, ({', '.join(fields)},))", scope)
    return scope["made"]  # type: ignore[no-any-return]


asked = _maker(events.Asked)
person = _maker(events.Person)
turned_away = _maker(events.TurnedAway)
referred = _maker(events.Referred)
left = _maker(events.Left)
disclosed = _maker(events.Disclosed)
activated = _maker(events.Activated)
outcome = _maker(events.Outcome)
aftermath = _maker(events.Aftermath)
still_open = _maker(events.StillOpen)
matter_opened = _maker(events.MatterOpened)
contact = _maker(events.Contact)
booked = _maker(events.Booked)
freed = _maker(events.Freed)
missed = _maker(events.Missed)
documents_missing = _maker(events.DocumentsMissing)
goal_set = _maker(events.GoalSet)
goal_reviewed = _maker(events.GoalReviewed)
companion_offered = _maker(events.CompanionOffered)
hand_over = _maker(events.HandOver)
matter_closed = _maker(events.MatterClosed)
work = _maker(events.Work)
admin_work = _maker(events.AdminWork)
duty_fell = _maker(events.DutyFell)
duty_done = _maker(events.DutyDone)
session_held = _maker(events.SessionHeld)
date_came = _maker(events.DateCame)
adviser_joined = _maker(events.AdviserJoined)
adviser_left = _maker(events.AdviserLeft)
diary = _maker(events.Diary)
entitled = _maker(events.Entitled)
told = _maker(events.Told)
flagged = _maker(events.Flagged)
authority_asked = _maker(events.AuthorityAsked)
exception_asked = _maker(events.ExceptionAsked)
audited = _maker(events.Audited)
paid = _maker(events.Paid)
spent = _maker(events.Spent)
received = _maker(events.Received)
budget_moved = _maker(events.BudgetMoved)
month_closed = _maker(events.MonthClosed)
contract_changed = _maker(events.ContractChanged)
post_closed = _maker(events.PostClosed)
organisation_closed = _maker(events.OrganisationClosed)
