"""The time and cost of an adviser that contracts are held against, by days instead of weeks."""

from decimal import Decimal

from legalaid_sim.contracts.tools.working_time import hour_costs, known, working_year
from legalaid_sim.units import DAYS_PER_YEAR


def test_a_year_has_the_days_of_its_weeks_less_leave_and_sickness_and_an_hour_its_part_of_all_costs() -> None:
    off = known("adviser.leave_days_per_year") + known("adviser.sickness_days_per_year")
    days = Decimal(str(DAYS_PER_YEAR)) * 5 / 7 - off
    hours = days * known("adviser.full_time_hours") / 5
    assert abs(working_year() - hours) < Decimal("1e-9")
    pounds = known("money.adviser_pay") + known("money.overheads_per_adviser")
    assert abs(hour_costs() * hours - pounds) < Decimal("1e-6")
    # A plain year of a full post, and more than its pay.
    assert 1400 < working_year() < 1800
    assert hour_costs() * hours > known("money.adviser_pay")
