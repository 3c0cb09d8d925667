"""Money by the month in a run: a grant is what it is a year, whenever it is paid and wherever a study begins."""

from datetime import timedelta
from itertools import product

import pytest

from legalaid_sim import events as e
from legalaid_sim.contracts.tools.amounts import working_day
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from legalaid_sim.scenario.parts import Period
from legalaid_sim.units import add_months
from tests.builders.contracts import library
from tests.builders.lives import live
from tests.builders.scenarios import scenario

# A year's grant for one full-time adviser outside London, in pounds, read off each contract that pays nothing else.
YEARLY = {
    "not-for-profit-hours-2004": 55_000,
    "community-legal-advice-centre-2008": 866_666.67,
    "ontario-clinic": 105_000,
    "australian-centre-grant": 120_000,
}


def studied(name: str, offset: int, lead_in: int, months: int) -> tuple[Period, e.Log]:
    first = add_months(library(name).starts, offset)
    period = Period(
        starts=add_months(first, lead_in), months=months, lead_in_months=lead_in, run_out_months=1
    )
    quiet = scenario(advisers=[{"role": "caseworker"}], per_week=0.5)
    log = live(quiet.model_copy(update={"period": period}), name)
    hold(log)
    return period, log


@pytest.mark.parametrize("name", YEARLY)
def test_a_study_is_charged_with_its_own_months_of_a_grant(name: str) -> None:
    for offset, lead_in, months in product((0, 1), (0, 1, 2, 4), (4, 6)):
        _, log = studied(name, offset, lead_in, months)
        found = measure(log)["money.payer_spend"]
        assert found == pytest.approx(YEARLY[name] * months / 12, abs=0.03), (offset, lead_in, months)


@pytest.mark.parametrize("name", YEARLY)
def test_every_month_of_a_grant_is_there_on_its_first_working_day(name: str) -> None:
    period, log = studied(name, 1, 1, 4)
    ahead = {payment.since: payment for payment in log.of(e.Paid) if payment.since >= 0}
    lived = [add_months(period.begins, n) for n in range(6)]
    for first in lived:
        payment = ahead[(first - period.begins).days * 1440]
        assert period.begins + timedelta(minutes=payment.at) <= working_day(first, 1)
    assert all(month.unpaid <= 1 for month in log.of(e.MonthClosed))


@pytest.mark.parametrize(
    ("said", "pence"),
    [
        (None, 2 * 57_100_00 // 12),
        (30_000, 2_500_00),
        ({"unified-contract-2007": 12_000, "other": 60_000}, 1_000_00),
        ({"other": 60_000}, 2 * 57_100_00 // 12),
    ],
)
def test_level_payments_open_at_a_twelfth_of_what_is_expected(said: object, pence: int) -> None:
    organisation = {"expected_claims": said} if said else {}
    log = live(
        scenario(advisers=[{"role": "caseworker", "number": 2}], organisation=organisation),
        "unified-contract-2007",
    )
    hold(log)
    paid = [payment.pence for payment in log.of(e.Paid)]
    assert paid[:5] == pytest.approx([pence] * 5, abs=1)
    assert measure(log)["money.payer_spend"] > 0


@pytest.mark.parametrize("name", ["not-for-profit-hours-2004", "relational-pilot", "unified-contract-2007"])
def test_an_organisation_that_has_closed_is_paid_what_it_earned_and_no_more(name: str) -> None:
    log = live(scenario(organisation={"may_shrink": True, "opening_reserves": -2_000_000}, run_out=6), name)
    hold(log)
    shut = log.of(e.OrganisationClosed)[0].at
    assert not [line for line in log.of(e.Entitled) if line.at > shut and not line.matter]
    earned = sum(line.pence for line in log.of(e.Entitled))
    ahead = max(0, -next(month.unpaid for month in log.of(e.MonthClosed) if month.at == shut))
    # A level payment for the month that ended is on its way when the organisation closes.
    on_its_way = sum(payment.pence for payment in log.of(e.Paid) if shut < payment.at <= shut + 31 * 1440)
    assert sum(payment.pence for payment in log.of(e.Paid)) <= earned + ahead + on_its_way
    assert not [payment for payment in log.of(e.Paid) if payment.at > shut and payment.since >= 0]
    assert log.of(e.MonthClosed)[-1].unpaid <= 1
