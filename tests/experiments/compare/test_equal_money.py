import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.experiments.compare.equal_money import SPEND, apart, equal_money  # type: ignore[attr-defined]
from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of, read_written
from legalaid_sim.scenario import load_scenario
from tests.experiments import small

BASE = [{SPEND: 1000.0}, {SPEND: 1200.0}, {SPEND: 800.0}]


def living(spend, count=None):  # type: ignore[no-untyped-def]
    """Worlds whose payer spends what a function of the factor says, in each the same."""

    def live(plan: RegimePlan):  # type: ignore[no-untyped-def]
        (written,) = plan.contracts
        if count is not None:
            count.append(written.factor)
        return [{SPEND: spend(float(written.factor)), "continuity.coc": float(written.factor)}] * 3

    return live


def found(spend, count=None):  # type: ignore[no-untyped-def]
    written = read_written("relational-pilot")
    plans = [RegimePlan("old", (written,), None), RegimePlan("new", (written,), None)]  # type: ignore[arg-type]
    live = living(spend, count)
    base = [{**world, "continuity.coc": 0.5} for world in BASE]
    measures = {"old": base, "new": live(plans[1])}
    (equal,) = equal_money(plans, measures, "old", ("continuity.coc",), {}, live)
    return equal


def test_where_spend_is_in_proportion_one_life_more_finds_the_factor() -> None:
    equal = found(lambda factor: 2000 * factor)
    assert (equal.factor, equal.lives) == (0.5, 1)
    assert equal.times == pytest.approx(1)
    assert [contrast.measure for contrast in equal.contrasts] == [SPEND, "continuity.coc"]
    assert [contrast.ours.mean for contrast in equal.contrasts] == [1000.0, 0.5]


def test_the_money_that_was_made_equal_stands_first_and_is_no_test_of_the_findings() -> None:
    equal = found(lambda factor: 1500 * factor)
    money, coc = equal.contrasts
    assert (money.baseline.mean, money.ours.mean) == (pytest.approx(1000), pytest.approx(1000, rel=0.01))
    alone = contrasts_of(
        {"old": [{"continuity.coc": 0.5}] * 3, "new": [{"continuity.coc": equal.factor}] * 3},
        {}, "old", ("continuity.coc",),
    )  # fmt: skip
    assert coc.p_value == alone[0].p_value


@given(st.floats(0.2, 5), st.floats(0, 600), st.floats(-0.3, 0.3))
@example(5.0, 451.0, -0.21875)  # the secant leaves the factors that can be before it comes back
def test_the_payer_spends_the_same_within_one_per_cent(slope: float, fixed: float, bend: float) -> None:
    equal = found(lambda factor: fixed + 1000 * slope * factor ** (1 + bend))
    assert equal.factor is not None
    assert equal.times == pytest.approx(1, abs=0.01)


def test_where_money_is_equal_already_nothing_is_lived_again() -> None:
    equal = found(lambda factor: 1005 * factor)
    assert (equal.factor, equal.lives) == (1.0, 0)


@pytest.mark.parametrize("spend", [lambda factor: 3000.0, lambda factor: 1500 + factor, lambda factor: 0.0])
def test_a_sum_that_no_factor_reaches_is_told(spend) -> None:  # type: ignore[no-untyped-def]
    equal = found(spend)
    assert equal.factor is None
    assert equal.why
    assert equal.contrasts == ()


def test_contracts_more_than_five_per_cent_apart_are_named() -> None:
    worlds = {
        "old": BASE,
        "near": [{SPEND: 1040.0}] * 3,
        "dear": [{SPEND: 1060.0}] * 3,
        "cheap": [{SPEND: 940.0}] * 3,
    }
    assert apart(worlds, "old") == ("dear", "cheap")


def test_every_amount_is_multiplied_and_rounded_once() -> None:
    written = read_written("relational-pilot")
    usual, half = (
        Library(written.contract, written.folder),
        Library(written.contract, written.folder, Fraction(1, 2)),
    )

    class Case:
        facts, provider = (
            MatterFacts("c", "debt", "DEBT", "london"),
            ProviderFacts("agency", "london", False, 0, {}),
        )

    def of(library: Library) -> int | None:
        return library.lookup(Decimal("157.01"), pence_of, "a").on(date(2008, 4, 1), Case())

    assert (of(usual), of(half)) == (15701, 7851)
    assert usual.lookup(7, int, "b").on(date(2008, 4, 1), Case()) == half.lookup(7, int, "b").on(
        date(2008, 4, 1), Case()
    )


def test_what_was_lived_before_stays_as_it_was(tmp_path: Path) -> None:
    path = small.scenario(tmp_path)
    plan = plans_of(load_scenario(path), tmp_path)[1]
    scaled = plan.scaled(Fraction(1, 3))
    assert {each.factor for each in scaled.contracts} == {Fraction(1, 3)}
    assert scaled.before == plan.before
    assert {each.factor for each in plan.contracts} == {Fraction(1)}


def unequal(folder: Path) -> Path:
    """A pair whose payers spend far more than a twentieth apart."""
    return small.scenario(folder, contracts=("unified-contract-2007", "relational-pilot"))


def test_a_comparison_at_equal_money_says_so_everywhere(tmp_path: Path) -> None:
    path, out = unequal(tmp_path), tmp_path / "out"
    call = ["compare", str(path), "-r", "3", "-w", "1", "-o", str(out), "-m", "money.payer_spend"]
    said = CliRunner().invoke(group, call)
    assert said.exit_code == 0, said.output
    assert "relational-pilot at equal money, with its amounts times" in said.output
    told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    (equal,) = told["equal_money"]
    assert equal["times_baseline"] == pytest.approx(1, abs=0.01)
    spend = next(each for each in equal["differences"] if each["measure"] == "money.earned")
    assert abs(spend["mean"]) < 0.011 * told["prices"][0]["payer_owes"]["mean"]
    table = said.output.partition("at equal money, with its amounts times")[2].splitlines()
    (row,) = (line.split() for line in table if line.split()[:1] == ["money.earned"])
    ours, theirs = (float(cell.replace(",", "")) for cell in row[2:4])
    assert ours == pytest.approx(theirs, rel=0.011)
    assert "made equal" in " ".join(row)
    assert "made equal" in (out / "report.html").read_text(encoding="utf-8").partition('id="equal_money"')[2]
    assert '<section id="equal_money"' in (out / "report.html").read_text(encoding="utf-8")
    again = CliRunner().invoke(group, ["reproduce", str(out), "-w", "1"])
    assert again.exit_code == 0, again.output


def test_a_comparison_of_unequal_money_says_how_to_ask(tmp_path: Path) -> None:
    call = ["compare", str(unequal(tmp_path)), "-r", "2", "-w", "1", "--no-equal-money"]
    call += ["-o", str(tmp_path / "out")]
    said = CliRunner().invoke(group, call)
    assert said.exit_code == 0, said.output
    assert "--equal-money lives it again" in " ".join(said.output.split())
    assert (
        json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["equal_money"] is None
    )
