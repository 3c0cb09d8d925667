"""What must hold exactly in every run: two routes to one whole number, equal to the last minute and penny.

None of these is a tolerance. Where one does not hold there is a fault in the simulator, never in what an
analyst wrote, and no result of that run may be shown. Each check gives one ``Residual``: the two totals where
they agree, the first place at which they do not otherwise. Every kind of record is gone through once, and those
whose order among each other counts once more together.
"""

from collections.abc import Mapping

from legalaid_sim.errors import InvariantBroken
from legalaid_sim.events import Log
from legalaid_sim.invariants.appointments import appointments
from legalaid_sim.invariants.books import books
from legalaid_sim.invariants.dates import dates
from legalaid_sim.invariants.hours import advisers_present, diaries, done_by_advisers, duties, matters
from legalaid_sim.invariants.people import littles_law, people, time_runs_forward, waiting
from legalaid_sim.invariants.purses import purses
from legalaid_sim.invariants.residual import Residual
from legalaid_sim.invariants.succession import starts, succession

__all__ = ["Residual", "check", "hold", "littles_law"]


def check(log: Log, *, allowed_starts: Mapping[str, int] | None = None) -> tuple[Residual, ...]:
    """Give every equality that must hold, whether it does or not.

    ``allowed_starts`` are the matters that each contract permits over the whole log; contracts that it does
    not name are not limited.
    """
    done = done_by_advisers(log)
    residuals = (
        time_runs_forward(log),
        *people(log),
        *diaries(log, done),
        *books(log),
        *advisers_present(log),
        *matters(log, done),
        *duties(log, done),
        *waiting(log),
        *dates(log),
        *succession(log),
        *purses(log),
        *appointments(log),
    )
    return residuals if allowed_starts is None else (*residuals, starts(log, allowed_starts))


def hold(log: Log, *, allowed_starts: Mapping[str, int] | None = None) -> None:
    """Do nothing where everything holds.

    Raises:
        InvariantBroken: for the first equality that does not hold.
    """
    for residual in check(log, allowed_starts=allowed_starts):
        if not residual.holds:
            raise InvariantBroken(*residual)
