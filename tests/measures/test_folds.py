"""The tables that reports draw, of the small story."""

from legalaid_sim import events as e
from legalaid_sim.measures import admin_by_clause, contacts_of, money_by_month, time_by_activity
from legalaid_sim.measures.statistics import difference, mean, quantile
from tests.builders import logs
from tests.builders.logs import ANN, BOB


def test_admin_by_clause_puts_the_costliest_first():
    clauses = admin_by_clause(logs.story())
    assert list(clauses) == ["claim", "report"]
    claim, report = clauses.values()
    assert (claim.falls, claim.done, claim.adviser_minutes, claim.staff_minutes, claim.paid) == (
        1,
        1,
        25,
        15,
        False,
    )
    assert (report.falls, report.done, report.adviser_minutes, report.staff_minutes, report.paid) == (
        1,
        1,
        30,
        0,
        True,
    )
    assert (claim.late_share, report.late_share) == (0, 1)


def test_a_clause_that_fell_outside_the_window_is_not_told():
    early = e.DutyFell(logs.minute(3), "d", "c", "claim", "agency", ANN, "", 5, 5, logs.minute(9), False)
    assert admin_by_clause(logs.log(early)) == {}


def test_time_by_activity_adds_up_to_the_time_available():
    spent = time_by_activity(logs.story())
    assert (spent["available"], spent["contact"], spent["idle"]) == (2000, 252, 1400)
    assert spent["available"] == sum(
        minutes for activity, minutes in spent.items() if activity != "available"
    )


def test_money_by_month_books_the_minute_of_a_month_end_to_the_month_that_ends():
    months = money_by_month(logs.story())
    assert [month.month for month in months] == [0, 1, 2]
    assert [month.spent for month in months] == [5_000, 8_000, 0]
    assert [month.paid for month in months] == [0, 15_000, 13_000]
    assert [month.reserves for month in months] == [1_000, 8_000, 21_000]
    assert [month.unpaid for month in months] == [0, 13_000, 0]
    assert dict(months[1].entitled) == {"fee": 30_000, "audit": -2_000}


def test_money_after_the_last_month_end_is_in_no_month():
    late = e.Paid(logs.minute(95), "agency", "c", "fee", 100)
    assert sum(month.paid for month in money_by_month(logs.log(logs.books(90, 2, 0, 0, 0, 0), late))) == 0


def test_contacts_of_one_client_in_order():
    assert [contact.adviser for contact in contacts_of(logs.story(), "c1")] == [ANN, ANN, BOB, BOB]
    assert contacts_of(logs.story(), "nobody") == []


def test_statistics_of_nothing_are_undefined():
    assert mean([]) is None
    assert quantile([], 0.5) is None
    assert difference(None, 1) is None
    assert difference(1, None) is None


def test_quantiles_run_in_straight_lines_between_values():
    assert [quantile([4, 0, 2], part) for part in (0, 0.25, 0.5, 1)] == [0, 1, 2, 4]
