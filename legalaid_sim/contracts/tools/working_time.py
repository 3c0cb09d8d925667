"""The time that an adviser has in a year, and what an hour of it costs, by the register."""

from decimal import Decimal
from functools import cache

from legalaid_sim.units import DAYS_PER_YEAR

WORKING_DAYS = 5
WEEKS = Decimal(str(DAYS_PER_YEAR)) / 7


@cache
def working_year() -> Decimal:
    """Give the hours that a full-time post works in a year, by the register: a week's, less leave and sickness."""
    off = known("adviser.leave_days_per_year") + known("adviser.sickness_days_per_year")
    return known("adviser.full_time_hours") * (WEEKS - off / WORKING_DAYS)


def hour_costs() -> Decimal:
    """Give what an hour of an adviser costs, pay and overheads, in pounds."""
    pay, overheads = (known(name) for name in ("money.adviser_pay", "money.overheads_per_adviser"))
    return (pay + overheads) / working_year()


def known(name: str) -> Decimal:
    """Give the mean of a parameter of the register, exactly."""
    # Contracts are read without the register; only what they are held against needs it.
    from legalaid_sim.evidence import register

    return Decimal(str(register()[name].value.mean))
