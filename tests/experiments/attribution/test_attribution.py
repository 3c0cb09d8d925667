import json
from copy import deepcopy
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.experiments.attribution.attributing import TAKEN_UP, AttributionOptions, attribute
from legalaid_sim.experiments.attribution.clauses import (
    BLOCKS,
    CannotAttribute,
    ClauseSwitch,
    clauses_between,
    hybrid,
)
from legalaid_sim.experiments.attribution.shapley import exact, orders_for, sampled, sets_of
from legalaid_sim.experiments.compare.question import BadQuestion
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.shared.plans import RegimePlan, read_written
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline
from legalaid_sim.experiments.shared.statistics import estimate
from legalaid_sim.reports.attribution import render_attribution
from legalaid_sim.results import open_run
from legalaid_sim.scenario.regimes import Practice
from tests.experiments import fakes, small, sweepers

WORTHS = st.integers(1, 5).flatmap(lambda n: st.lists(st.floats(-9, 9), min_size=2**n, max_size=2**n))
OLD, NEW = "not-for-profit-hours-2004", "relational-pilot"


def changes_in(worths: list[float]) -> int:
    return len(worths).bit_length() - 1


@given(WORTHS)
def test_shares_sum_to_the_whole(worths: list[float]) -> None:
    shares = exact(changes_in(worths), worths.__getitem__)
    assert sum(shares) == pytest.approx(worths[-1] - worths[0], abs=1e-9)


@given(WORTHS)
def test_shares_over_all_orders_are_the_exact_ones(worths: list[float]) -> None:
    count = changes_in(worths)
    orders = list(permutations(range(count)))
    assert sampled(orders, worths.__getitem__) == pytest.approx(exact(count, worths.__getitem__), abs=1e-9)


@given(WORTHS, st.integers(0, 100))
def test_shares_over_drawn_orders_sum_to_the_whole_too(worths: list[float], seed: int) -> None:
    orders = orders_for(changes_in(worths), 3, seed, 1)
    assert len(orders) == 6
    assert sum(sampled(orders, worths.__getitem__)) == pytest.approx(worths[-1] - worths[0], abs=1e-9)
    assert set(sets_of(orders)) >= {0, len(worths) - 1}


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6))
def test_changes_that_only_add_up_get_what_they_add(parts: list[float]) -> None:
    def worth(made: int) -> float:
        return sum(part for at, part in enumerate(parts) if made >> at & 1)

    assert exact(len(parts), worth) == pytest.approx(parts, abs=1e-9)


def test_two_that_only_work_together_share_alike() -> None:
    assert exact(3, lambda made: float(made & 3 == 3)) == pytest.approx([0.5, 0.5, 0.0])


def plan(name: str) -> RegimePlan:
    return RegimePlan(name, (read_written(name),), Practice())


def test_the_clauses_between_two_contracts_are_named_for_readers() -> None:
    names = [clause.name for clause in clauses_between(plan(OLD), plan(NEW))]
    assert "payments: adviser_grant for hours_grant" in names
    assert "payments.seen_through" in names
    assert "standards.own_adviser" in names
    assert "cash: quarterly_in_advance for monthly_in_advance" in names


def test_all_clauses_turned_give_the_other_contract() -> None:
    before, after = plan(OLD), plan(NEW)
    clauses = clauses_between(before, after)
    whole = hybrid(before, after, clauses).contracts[0].data
    for room in ("payments", "duties", "permissions", "standards", "controls", "cash"):
        assert sorted(b["id"] for b in whole.get(room, [])) == sorted(
            b["id"] for b in after.contracts[0].data.get(room, [])
        )
    none = hybrid(before, after, ()).contracts[0].data
    assert none["payments"] == before.contracts[0].data["payments"]


@pytest.mark.parametrize("name", [NEW, "unified-contract-2007", "tailored-fixed-fees-2005"])
def test_every_clause_can_be_turned_alone(name: str) -> None:
    before, after = plan(OLD), plan(name)
    clauses = clauses_between(before, after)
    assert clauses
    for clause in clauses:
        hybrid(before, after, [clause]).compiled()


def test_a_named_value_is_a_clause_and_words_are_none() -> None:
    before = plan(OLD)
    written = before.contracts[0]
    data = deepcopy(dict(written.data))
    data["title"] = "Other words"
    data["values"]["hour_value"] = {**data["values"]["hour_value"], "title": "Other words"}
    worded = replace(before, contracts=(replace(written, data=data),))
    with pytest.raises(CannotAttribute, match="do not differ in anything that counts"):
        clauses_between(before, worded)
    data["values"]["hours_bought"] = {**data["values"]["hours_bought"], "amount": 1000}
    assert [clause.name for clause in clauses_between(before, worded)] == ["values.hours_bought"]


@pytest.mark.parametrize("name", [NEW, "tailored-fixed-fees-2005", "unified-contract-2007"])
def test_all_clauses_turned_leave_the_blocks_in_the_order_of_the_second_contract(name: str) -> None:
    before, after = plan(OLD), plan(name)
    data = hybrid(before, after, clauses_between(before, after)).contracts[0].data
    for room in BLOCKS:
        named, wanted = (
            [block["id"] for block in held.get(room, ())] for held in (data, after.contracts[0].data)
        )
        assert named == wanted, room


def test_practice_is_a_clause_of_its_own() -> None:
    before = plan(OLD)
    after = replace(before, practice=Practice(caseload_limit=9))
    assert clauses_between(before, after) == (ClauseSwitch("practice", (("practice", ""),)),)
    assert hybrid(before, after, clauses_between(before, after)).practice.caseload_limit == 9


def test_both_ends_are_the_lives_of_a_run_and_taking_up_a_contract_is_no_clause(tmp_path: Path) -> None:
    # The first contract is the past too, and goes on; what the second changes moves no pound.
    child = tmp_path / "child.yaml"
    child.write_text(
        "kind: contract\nschema_version: 1\ncontract: child\nextends: not-for-profit-hours-2004\nchanges:\n"
        "  - {set: duties.costs_sheet.minutes.adviser, to: 0}\n  - {set: categories, to: [debt, housing]}\n"
    )
    path = small.scenario(tmp_path, "none", (OLD, str(child)))
    names = ("money.payer_spend", "admin.share", "continuity.coc")
    found = attribute(path, AttributionOptions(OLD, str(child), names, 2, workers=1))
    with open_run(
        run(prepare(path, RunOptions(workers=1, out=tmp_path / "run", replications=2))).folder
    ) as lived:
        worlds = {name: lived.replications(name) for name in (OLD, "child")}
    for shared in found.measures:
        for end, name in ((shared.before, OLD), (shared.after, "child")):
            assert end == estimate(world[shared.measure] for world in worlds[name])
        assert shared.rest < 1e-9
    spend = {share.clause: share.share.mean for share in found.measures[0].shares}
    assert spend[TAKEN_UP] == found.measures[0].total.mean != 0
    assert [value for clause, value in spend.items() if clause != TAKEN_UP] == [0, 0]


def test_what_follows_later_must_be_the_same_for_both() -> None:
    before, after = plan(OLD), plan(NEW)
    clauses_between(replace(before, after=(plan(NEW),)), replace(after, after=(plan(NEW),)))
    with pytest.raises(CannotAttribute, match="what comes into force later differs"):
        clauses_between(replace(before, after=(plan(OLD),)), replace(after, after=(plan(NEW),)))


def test_what_cannot_be_taken_apart_says_why() -> None:
    bare = RegimePlan("bare", (), Practice())
    with pytest.raises(CannotAttribute, match="'bare' holds no contract, so it has no clauses"):
        clauses_between(bare, plan(OLD))
    beside = replace(plan(OLD), contracts=(read_written(OLD), read_written(NEW)))
    with pytest.raises(CannotAttribute, match="the contracts held beside the two differ"):
        clauses_between(plan(OLD), beside)


def paying(world, scenario, regime):  # type: ignore[no-untyped-def]
    blocks = len(regime.terms[0].contract.payments) if regime.terms else 0
    return sweepers.richer(fakes.simulate(world, scenario, regime), blocks * 1000)


def pipeline() -> Pipeline:
    return Pipeline(fakes.sample, paying, fakes.hold, sweepers.measure)


def asked(**more: object) -> AttributionOptions:
    return AttributionOptions(OLD, NEW, ("money.payer_spend",), **{"replications": 3, "workers": 1, **more})  # type: ignore[arg-type]


CHILD = """\
kind: contract
schema_version: 1
contract: child
extends: relational-pilot
changes:
  - {remove: payments.seen_through}
  - {remove: payments.disbursements}
  - {remove: duties.goals}
"""


@pytest.mark.parametrize("exact_up_to", [0, 8])
def test_the_clauses_that_cause_a_difference_are_found(tmp_path: Path, exact_up_to: int) -> None:
    child = tmp_path / "child.yaml"
    child.write_text(CHILD)
    question = AttributionOptions(NEW, str(child), ("money.payer_spend",), 2, exact_up_to, 2, workers=1)
    found = attribute(small.scenario(tmp_path), question, pipeline=pipeline)
    (shared,) = found.measures
    shares = {share.clause: share.share.mean for share in shared.shares}
    assert found.exact is (exact_up_to == 8)
    assert shared.rest < 1e-9
    assert sum(value or 0 for value in shares.values()) == pytest.approx(shared.total.mean)
    # Two payments less than before, ten pounds each; the duty pays nothing.
    assert shares == pytest.approx(
        {"payments.seen_through": -10.0, "payments.disbursements": -10.0, "duties.goals": 0.0, TAKEN_UP: 0.0}
    )
    text = render_attribution(found)
    assert "together" in text
    assert "1 other clause without any effect on it" in text


def test_workers_move_nothing(tmp_path: Path) -> None:
    path = small.scenario(tmp_path)
    limit = {"exact_up_to": 0, "pairs": 1}
    assert attribute(path, asked(workers=1, **limit), pipeline=pipeline) == attribute(
        path, asked(workers=2, **limit), pipeline=pipeline
    )


def test_one_world_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match="needs two worlds or more"):
        attribute(small.scenario(tmp_path), asked(replications=1))


def test_the_command_shares_a_real_difference_out(tmp_path: Path) -> None:
    child = tmp_path / "child.yaml"
    child.write_text(
        "kind: contract\nschema_version: 1\ncontract: child\nextends: not-for-profit-hours-2004\nchanges:\n"
        "  - {remove: duties.costs_sheet}\n  - {set: values.hours_bought, to: 1000}\n"
    )
    path = small.scenario(tmp_path)
    call = [
        "attribute",
        str(path),
        "--from",
        OLD,
        "--to",
        str(child),
        "-m",
        "admin.share",
        "-r",
        "2",
        "-w",
        "1",
    ]
    said = CliRunner().invoke(group, [*call, "-o", str(tmp_path / "out.json")])
    assert said.exit_code == 0, said.output
    assert "2 clauses, 2 worlds, 10 runs, shared out exactly" in said.output
    told = json.loads((tmp_path / "out.json").read_text())
    shares = told["measures"]["admin.share"]["shares"]
    assert set(shares) == {"duties.costs_sheet", "values.hours_bought", TAKEN_UP}
    assert shares["duties.costs_sheet"]["share"]["mean"] < 0
    assert told["measures"]["admin.share"]["rest"] < 1e-9


def test_an_interrupted_one_goes_on_and_finds_the_same(tmp_path: Path) -> None:
    child = tmp_path / "child.yaml"
    child.write_text(CHILD)
    path = small.scenario(tmp_path, contracts=(NEW, str(child)))
    asked = AttributionOptions(NEW, str(child), ("continuity.coc",), 2, exact_up_to=0, pairs=1, workers=1)
    whole = attribute(path, asked, pipeline=counting)
    runs = len(LIVED)
    assert runs == whole.runs
    LIVED.clear()

    def stop(done: int, most: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    placed = asked._replace(beside=tmp_path / "found.json")
    with pytest.raises(KeyboardInterrupt) as interrupted:
        attribute(path, placed, stop, counting)
    assert interrupted.value.__notes__ == ["5 runs are kept; the same command goes on from there"]
    # Another question takes nothing over; this one goes on, even after the last line was cut by a kill.
    (kept,) = tmp_path.glob(".attribute-*.worlds")
    kept.write_bytes(kept.read_bytes()[:-5])
    LIVED.clear()
    attribute(path, placed._replace(measures=("admin.share",)), pipeline=counting)
    assert len(LIVED) == runs
    LIVED.clear()
    assert attribute(path, placed, pipeline=counting) == whole
    assert len(LIVED) == runs - 4
    assert not list(tmp_path.glob(".attribute-*"))


LIVED: list[object] = []


def counting() -> Pipeline:
    """The pipeline of a run, that counts."""
    steps = the_pipeline()

    def simulate(world, scenario, regime):  # type: ignore[no-untyped-def]
        LIVED.append(regime)
        return steps.simulate(world, scenario, regime)

    return steps._replace(simulate=simulate)
