"""A table for reports: admin by clause."""

from dataclasses import dataclass

from legalaid_sim.events import AdminWork, Log
from legalaid_sim.measures.folded import Folded


@dataclass(slots=True)
class ClauseAdmin:
    """What one clause of a contract cost in admin within the window.

    ``falls`` counts how often it demanded something; minutes are those of duties done; ``paid`` whether a
    block pays for them; ``done`` and ``late`` count duties finished and those finished after they were due.
    """

    clause: str
    contract: str = ""
    falls: int = 0
    done: int = 0
    late: int = 0
    adviser_minutes: int = 0
    staff_minutes: int = 0
    paid: bool = False


def admin_by_clause(log: Log) -> dict[str, ClauseAdmin]:
    """Give what each clause cost in admin within the window, the costliest in minutes first."""
    folded = Folded(log)
    clauses: dict[str, ClauseAdmin] = {}
    for fell in folded.fell.values():
        clauses.setdefault(fell.clause, ClauseAdmin(fell.clause, fell.contract, paid=fell.paid))
        clauses[fell.clause].falls += folded.opens_to_closes(fell.at)
    for fell, done in folded.duties_done:
        _add_done(clauses[fell.clause], fell.adviser_minutes, done.late)
    for work in folded.within(AdminWork):
        clauses.setdefault(work.clause, ClauseAdmin(work.clause)).staff_minutes += work.minutes
    busy = [row for row in clauses.values() if row.falls or row.done or row.staff_minutes]
    return {
        row.clause: row
        for row in sorted(busy, key=lambda row: (-row.adviser_minutes - row.staff_minutes, row.clause))
    }


def _add_done(row: ClauseAdmin, minutes: int, late: int) -> None:
    row.done += 1
    row.late += late > 0
    row.adviser_minutes += minutes
