"""Three ways of managing and five stages of personalisation: each a contract, lived side by side in a scenario."""

from pathlib import Path

import pytest

from legalaid_sim import events as e
from legalaid_sim.contracts.analysis.needs import unreached
from legalaid_sim.contracts.language.load import load_contract
from legalaid_sim.engine import simulate
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.experiments.shared.reaching import settings_of
from legalaid_sim.invariants import hold
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import sample

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FAMILIES = {
    "three-ways-of-managing": ("traditional-administration", "new-public-management", "public-value"),
    "five-stages-of-personalisation": (
        "personalisation-1-friendlier-front",
        "personalisation-2-navigation",
        "direct-payments",
        "personalisation-4-co-production",
        "personalisation-5-self-organisation",
    ),
}
LIVED = [(family, name) for family, names in FAMILIES.items() for name in names]


def read(family: str) -> Scenario:
    return load_scenario(SCENARIOS / f"{family}.yaml")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_lived_whole_and_in_its_order(family: str) -> None:
    assert tuple(regime.contract for regime in read(family).regimes) == FAMILIES[family]


@pytest.mark.parametrize(("family", "name"), LIVED)
def test_every_clause_can_be_raised_where_the_family_is_lived(family: str, name: str) -> None:
    scenario, contract = read(family), load_contract(name)
    regime = next(regime for regime in scenario.regimes if regime.contract == name)
    settings = [one for agency in scenario.houses for one in settings_of(scenario, agency, regime.practice)]
    assert [one.path for one in unreached(contract, settings)] == []


@pytest.mark.parametrize(("family", "name"), LIVED)
def test_the_idea_is_sourced_and_no_number_claims_to_be(family: str, name: str) -> None:
    contract = load_contract(name)
    assert "CoSA paper no. 3" in contract.model_dump_json()
    assert {value.source.status for value in contract.values.values() if value.source} <= {"fictional"}
    assert len(contract.short_title or "") <= 28


@pytest.mark.parametrize("family", FAMILIES)
def test_a_short_life_under_each_balances_and_only_budgets_are_granted(family: str) -> None:
    scenario = read(family)
    period = scenario.period.model_copy(update={"months": 3, "lead_in_months": 1, "run_out_months": 2})
    short = scenario.model_copy(update={"period": period, "respond": "none"})
    world = sample(short, 1)
    for plan in plans_of(short, SCENARIOS):
        log = simulate(world, short, plan.compiled())
        hold(log)
        assert log.of(e.MatterClosed)
        assert bool(log.of(e.BudgetMoved)) == (plan.name == "direct-payments")
