import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.lasting import Price, prices
from legalaid_sim.experiments.shared.statistics import estimate
from legalaid_sim.measures import HEADLINES
from legalaid_sim.reports.answer import AnswerScope, answer, pounds, times_in_words, what_it_costs
from legalaid_sim.results import open_run
from tests.reports import made

YEAR = AnswerScope(12, 1, False)


def lived(spend: float, below: float, low: float) -> dict[str, float | None]:
    return {
        "money.earned": spend,
        "money.months_below_zero": below,
        "money.cash_low_point": low,
    }


def found(**worlds: list[dict[str, float | None]]) -> tuple[Price, ...]:
    return prices(worlds, next(iter(worlds)))


def test_the_last_sentence_says_what_it_costs_and_who_could_not_have_lasted() -> None:
    said = what_it_costs(
        found(old=[lived(100, 12, -900), lived(100, 0, 40)], new=[lived(210, 0, 5), lived(210, 0, 9)]), YEAR
    )
    assert said == (
        "In 12 months the payer comes to owe £100 under old, £210 under new (2.1 times that); the agency runs out "
        "of money under old in 1 of 2 worlds (reserves below nothing at 6.0 of 12 month-ends on average, down to "
        "−£900); "
        "never under new; it lives on in the model, where in truth it could not have paid."
    )


def test_of_an_agency_that_may_close_it_is_not_said_to_live_on() -> None:
    said = what_it_costs(found(old=[lived(100, 1, -9)]), AnswerScope(12, 3, True))
    assert "1.0 of 36 month-ends of organisations" in said
    assert "lives on" not in said


def test_one_world_of_one_month_is_told_as_one() -> None:
    said = what_it_costs(found(old=[lived(100, 1, -9)]), AnswerScope(1, 1, True))
    assert "in 1 of 1 world (reserves below nothing at 1.0 of 1 month-end on average" in said


def test_who_never_runs_out_of_money_is_told_so() -> None:
    assert what_it_costs(found(old=[lived(100, 0, 9)]), YEAR).endswith(
        "; the agency never runs out of money."
    )


def test_without_month_ends_nothing_is_said_of_reserves() -> None:
    none = {"money.earned": 0.0, "money.months_below_zero": None, "money.cash_low_point": None}
    assert what_it_costs(found(old=[none]), YEAR).endswith("nothing is known of reserves.")


@given(st.floats(1, 1e7), st.floats(0, 1e7))
def test_the_level_of_money_stands_beside_every_claim_and_is_the_ratio_of_means(
    old: float, new: float
) -> None:
    (_, price) = found(old=[lived(old, 0, 0)], new=[lived(new, 0, 0)])
    assert price.times == pytest.approx(new / old)
    assert times_in_words(price.times) in (
        "for about the baseline's money",
        f"for {new / old:.1f} times the baseline's money",
    )


def test_a_baseline_that_costs_nothing_has_no_multiple() -> None:
    (_, price) = found(old=[lived(0, 0, 0)], new=[lived(5, 0, 0)])
    assert price.times is None
    assert times_in_words(price.times) == ""
    assert "times" not in what_it_costs(found(old=[lived(0, 0, 0)], new=[lived(5, 0, 0)]), YEAR)


def test_one_contract_alone_has_levels_with_intervals_and_its_price() -> None:
    means = {measure.name: estimate([0.1, 0.2, 0.3]) for measure in HEADLINES}
    first, second, third = answer((), "only", means, found(only=[lived(100, 0, 9)]), YEAR)
    assert first.startswith("Under only, the chance that two different contacts")
    assert "95 % interval" in first
    assert "admin" in second
    assert third.startswith("In 12 months the payer comes to owe £100 under only; ")


def test_money_is_shown_as_people_read_it() -> None:
    assert [pounds(each) for each in (1234567.4, -0.2, None)] == ["£1,234,567", "£0", "nothing known"]


def test_the_sentence_agrees_with_the_log_by_another_route() -> None:
    folder = made.run_folder()
    database = sqlite3.connect(folder / "run.sqlite")
    with open_run(folder) as run:
        names = [name for name in run.regimes if "mechanical" not in name]
        for name in names:
            (price,) = prices({name: run.replications(name)[:1]}, name)
            number, opens, closes = database.execute(
                "SELECT run, opens, closes FROM runs WHERE regime = ? AND replication = 1", (name,)
            ).fetchone()
            (owed,) = database.execute(
                "SELECT SUM(pence) FROM entitled WHERE run = ? AND at > ? AND at <= ?",
                (number, opens, closes),
            ).fetchone()
            ends = database.execute(
                "SELECT reserves FROM month_closed WHERE run = ? AND at > ? AND at <= ?",
                (number, opens, closes),
            ).fetchall()
            assert price.spend.mean == pytest.approx((owed or 0) / 100)
            assert price.months_below.mean == len([1 for (reserves,) in ends if reserves < 0])
            assert price.low_point == min(reserves for (reserves,) in ends) / 100
    database.close()


def test_the_page_and_the_terminal_give_the_same_three_sentences() -> None:
    from legalaid_sim.reports.material import Material

    with open_run(made.run_folder()) as run:
        said = Material(run).answer
    assert len(said) == 3
    page = (made.run_folder() / "report.html").read_text(encoding="utf-8")
    assert page.count('<div class="answer"') == 1
    assert said[2].split(";")[0] in page
    told = json.loads((made.compare_folder() / "comparison.json").read_text(encoding="utf-8"))
    assert [price["contract"] for price in told["prices"]] == list(told["contracts"])
