"""Figures over time: what flows is summed, never read at single months."""

from collections.abc import Iterator

import pytest

from legalaid_sim.measures.monthly import CURVES
from legalaid_sim.reports import overtime
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import shown
from legalaid_sim.reports.overtime import FLOWS, so_far
from legalaid_sim.results import open_run
from legalaid_sim.results.summary import MonthRow
from tests.reports.made import rich_folder

# Of every other curve one month says all: how much there is at its end, or a rate within it.
STANDS = {"matters.open", "money.reserves", "access.days_to_first_contact"}


@pytest.fixture(scope="module")
def material() -> Iterator[Material]:
    with open_run(rich_folder()) as run:
        yield Material(run)


def test_every_curve_is_a_rate_or_stands_or_is_summed() -> None:
    rates = {curve.name for curve in CURVES if curve.unit == "share"}
    assert rates | STANDS | set(FLOWS) == {curve.name for curve in CURVES}, (
        "is it summed where months are left out?"
    )
    assert not FLOWS.keys() & (rates | STANDS)


def row(month: int, mean: float) -> MonthRow:
    return MonthRow("money.payer_spend", "any", month, mean, None, None, 2, "GBP", mean, mean, mean)


def test_a_payer_each_quarter_pays_what_one_each_month_does() -> None:
    monthly = so_far([row(month, 10.0) for month in range(-2, 13)])
    quarterly = so_far([row(month, 30.0 if month % 3 == 2 else 0.0) for month in range(-2, 13)])
    assert [each.month for each in monthly] == list(range(13))
    assert monthly[0].mean == quarterly[0].mean == 0.0
    assert monthly[-1].mean == quarterly[-1].mean == 120.0
    assert [each.mean for each in quarterly[::3]] == [0.0, 30.0, 60.0, 90.0, 120.0]


def test_what_is_paid_by_the_last_month_is_what_the_scorecard_says(material: Material) -> None:
    figure = overtime.money(material)
    assert figure is not None
    paid = [cells for cells in figure.table.rows if cells[0].startswith(FLOWS["money.payer_spend"])]
    for regime, cells in zip(material.ordered, paid, strict=True):
        assert cells[1] == "£0"
        assert cells[-1] == shown(material.means[regime]["money.payer_spend"].mean, "GBP")
        assert figure.panels[0].label.count(cells[-1]) >= 1
