"""The table of admin that reports draw, of the small story, and statistics."""

from legalaid_sim import events as e
from legalaid_sim.measures import admin_by_clause
from legalaid_sim.measures.statistics import difference, mean, quantile
from tests.builders import logs
from tests.builders.logs import ANN


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
    assert (claim.late, report.late) == (0, 1)


def test_a_clause_that_fell_outside_the_window_is_not_told():
    early = e.DutyFell(logs.minute(3), "d", "c", "claim", "agency", ANN, "", 5, 5, logs.minute(9), False)
    assert admin_by_clause(logs.log(early)) == {}


def test_statistics_of_nothing_are_undefined():
    assert mean([]) is None
    assert quantile([], 0.5) is None
    assert difference(None, 1) is None
    assert difference(1, None) is None


def test_quantiles_run_in_straight_lines_between_values():
    assert [quantile([4, 0, 2], part) for part in (0, 0.25, 0.5, 1)] == [0, 1, 2, 4]
