import json
import sqlite3
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from legalaid_sim.cli import group
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics.shape import kinds_of
from legalaid_sim.errors import ResultsError
from legalaid_sim.experiments.attribution.attributing import TAKEN_UP
from legalaid_sim.experiments.attribution.clauses import BLOCKS, CannotAttribute
from legalaid_sim.experiments.attribution.typed import SETS
from legalaid_sim.experiments.attribution.why import as_data, planned, why
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.shared.replicate import Pipeline, Trial
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.finding import label_of
from legalaid_sim.reports.numbers import signed
from legalaid_sim.reports.studies import figures_of
from legalaid_sim.reports.titles import clause_in_short
from legalaid_sim.reports.why import NOTHING_FOUND, render_why
from legalaid_sim.results import open_run
from legalaid_sim.scenario.regimes import Practice
from tests.experiments import fakes, small, sweepers

OLD = "relational-pilot"
# A named adviser who is not waited for, and categories that no problem of the scenario has.
CHILD = """\
kind: contract
schema_version: 1
contract: child
extends: relational-pilot
changes:
  - {set: standards.own_adviser.patience_days, to: 0}
  - {set: categories, to: [debt, housing]}
"""
PARTS = ("typed", "followed", "found")


def folder(place: Path, respond: str, child: str = CHILD, **more: Any) -> Path:
    (place / "child.yaml").write_text(child)
    path = small.scenario(place, respond, (OLD, "child.yaml"))
    return run(prepare(path, RunOptions(workers=1, out=place / "run", replications=2)), **more).folder


@cache
def lived(respond: str) -> Path:
    return folder(Path(mkdtemp(prefix="why-")), respond)


@cache
def told(respond: str) -> Any:
    with open_run(lived(respond)) as held:
        return json.loads(json.dumps(as_data(why(planned(held, workers=1), 1))))


def splits(respond: str) -> dict[str, Any]:
    return dict(told(respond)["contracts"]["child"]["measures"])


def test_every_kind_of_clause_says_what_it_sets_and_every_measure_is_one() -> None:
    kinds = {
        kind for room in BLOCKS for kind in kinds_of(get_args(Contract.model_fields[room].annotation)[0])
    }
    assert len(kinds) > 20
    practice = {f"practice.{name}" for name in Practice.model_fields}
    header = {"term", "rounding", "categories", "regions"}
    assert set(SETS) == kinds | practice | header
    assert {measure for held in SETS.values() for measure in held} <= set(REGISTRY)


@pytest.mark.parametrize("respond", ["none", "effort"])
def test_the_parts_and_the_clauses_sum_to_the_difference_that_the_run_itself_has(respond: str) -> None:
    with open_run(lived(respond)) as held:
        ours, theirs = held.replications("child"), held.replications(OLD)
    for name, split in splits(respond).items():
        gaps = [a[name] - b[name] for a, b in zip(ours, theirs, strict=True)]  # type: ignore[operator]
        total = sum(gaps) / len(gaps)
        assert split["total"]["mean"] == pytest.approx(total, abs=1e-9)
        assert split["rest"] < 1e-6
        assert sum(split[part]["mean"] for part in PARTS) == pytest.approx(total, abs=1e-6)
        causes = split["causes"].values()
        by_clause = sum(cause[part]["mean"] for cause in causes for part in ("share", "found"))
        assert by_clause == pytest.approx(total, abs=1e-6)


def test_a_clause_that_names_an_adviser_is_typed_and_one_that_does_nothing_has_no_share() -> None:
    split = splits("none")["continuity.coc"]
    causes = split["causes"]
    assert set(causes) == {"standards.own_adviser", "categories", TAKEN_UP}
    assert split["typed"]["mean"] == causes["standards.own_adviser"]["share"]["mean"] < -0.02
    for held in splits("none").values():
        null = held["causes"]["categories"]
        assert null["share"]["mean"] == null["found"]["mean"] == 0


def test_where_nobody_responds_nothing_is_found_and_that_is_said() -> None:
    data = told("none")
    assert all(split["found"]["mean"] == 0 for split in splits("none").values())
    (figure,) = figures_of(data)
    assert figure.finding.startswith(NOTHING_FOUND)
    assert "nothing is found by construction" in " ".join(render_why(data).split())
    (other,) = figures_of(told("effort"))
    assert "by construction" not in other.finding + render_why(told("effort"))


def with_total(*total: float | None) -> dict[str, Any]:
    data = json.loads(json.dumps(told("none")))
    held = data["contracts"]["child"]["measures"]
    data["contracts"]["child"]["measures"] = {"continuity.coc": held["continuity.coc"]}
    held["continuity.coc"]["total"] |= dict(zip(("mean", "low", "high"), total))
    return dict(data)


def test_nothing_is_said_to_make_a_difference_that_cannot_be_told() -> None:
    known, unknown = with_total(-0.2, -0.3, -0.1), with_total(-0.2, -0.6, 0.2)
    assert "standards.own_adviser" in render_why(known)
    assert "standards.own_adviser" not in render_why(unknown)
    (sure,), (unsure,) = figures_of(known), figures_of(unknown)
    assert "cannot be told" not in sure.finding
    assert "cannot be told in" in unsure.finding
    assert "(most by" not in unsure.finding


def test_worlds_that_agree_but_for_the_last_digit_have_no_interval() -> None:
    said = render_why(with_total(-0.2, -0.2 - 1e-15, -0.2 + 1e-15))
    assert "±" not in said.partition("typed: ")[0]
    assert "standards.own_adviser" in said


RICHER = CHILD + "  - {remove: payments.seen_through}\n"


def responding(world: Any, scenario: Any, regime: Any) -> Any:
    """Pay moves what is spent only where somebody responds, by ten pounds a payment."""
    responds = (regime.respond or scenario.respond) != "none"
    return sweepers.richer(
        fakes.simulate(world, scenario, regime), responds * len(regime.terms[0].contract.payments) * 1000
    )


def pipeline() -> Pipeline:
    return Pipeline(fakes.sample, responding, fakes.hold, sweepers.measure)


def test_what_only_responding_brings_is_found_and_not_typed(tmp_path: Path) -> None:
    place = folder(tmp_path, "effort", RICHER, trial=partial(Trial, pipeline=pipeline))
    with open_run(place) as held:
        data = as_data(why(planned(held, ["money.payer_spend"], workers=1, pipeline=pipeline), 1))
    split = data["contracts"]["child"]["measures"]["money.payer_spend"]
    assert [split[part]["mean"] for part in ("total", *PARTS)] == [-10, 0, 0, -10]
    assert split["causes"]["payments.seen_through"]["found"]["mean"] == -10


def test_every_cell_of_the_page_is_what_the_file_says() -> None:
    data = told("effort")
    (figure,) = figures_of(data)
    held = {label_of(name): (name, split) for name, split in splits("effort").items()}
    assert len(figure.table.rows) == len(held)
    for contract, label, _, *parts, most, turned in figure.table.rows:
        name, split = held[label]
        total = split["total"]
        half = (total["high"] - total["low"]) / 2 if total["low"] is not None else None
        assert (contract, turned) == ("child", "–")
        assert parts == [signed(split[part]["mean"], REGISTRY[name].unit, half) for part in PARTS]
        assert most in (*map(clause_in_short, split["causes"]), "–")


def call(*words: object) -> Any:
    return CliRunner().invoke(group, ["why", *map(str, words), "-w", "1"])


def test_the_command_says_first_what_it_takes_and_writes_its_file_and_the_report(tmp_path: Path) -> None:
    place = folder(tmp_path, "none")
    said = call(place, "--dry-run")
    assert said.exit_code == 0, said.output
    assert said.output.startswith("10 runs in 2 worlds, 1 contract against relational-pilot, about ")
    assert not (place / "why.json").exists()
    said = call(place, "-m", "continuity.coc")
    assert said.exit_code == 0, said.output
    assert said.output.startswith("10 runs in 2 worlds")
    first = (place / "why.json").read_bytes()
    assert json.loads(first)["schema_version"] == 1
    page = (place / "report.html").read_text(encoding="utf-8")
    assert '<section id="why"' in page
    assert "nothing is found by construction" in page
    assert call(place, "-m", "continuity.coc", "--json").exit_code == 0
    assert (place / "why.json").read_bytes() == first


def test_what_turns_a_difference_stands_beside_it_where_the_run_drew_what_is_unknown(tmp_path: Path) -> None:
    place = folder(tmp_path, "none")
    doubt = {
        "contract": "child", "measure": "continuity.coc", "mean": 0.1, "chance": 0.1, "low": 0.0, "high": 0.2,
        "ahead": 12, "worlds": 12, "branches": [],
        "turns": [{"name": "outcome.base", "correlation": 0.9, "p_value": 0.01}],
    }  # fmt: skip
    (place / "ignorance.json").write_text(json.dumps({"kind": "ignorance", "differences": [doubt]}))
    said = call(place, "-m", "continuity.coc")
    assert "turned by" in said.output
    assert "Log-odds of resolving a problem met" in (place / "report.html").read_text(encoding="utf-8")
    # A sentence says it only of a difference that is beyond chance, which that of two worlds is made here.
    data = json.loads((place / "why.json").read_text(encoding="utf-8"))
    turned = "most of what is not known: Log-odds of resolving a problem met"
    total = data["contracts"]["child"]["measures"]["continuity.coc"]["total"]
    for low, high, says in ((-2.0, 1.0, False), (-0.5, -0.4, True)):
        total.update(mean=-0.45, low=low, high=high)
        (figure,) = figures_of(data)
        assert (turned in figure.finding) == says


def test_a_folder_whose_lives_do_not_come_out_again_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, "none")
    with sqlite3.connect(place / "run.sqlite") as database:
        database.execute("UPDATE measures SET value = value + 0.001 WHERE measure = 'continuity.coc'")
    database.close()
    with open_run(place) as held, pytest.raises(ResultsError, match="run the scenario again"):
        why(planned(held, workers=1), 1)


def test_one_contract_has_nothing_to_differ_from(tmp_path: Path) -> None:
    path = small.scenario(tmp_path, "none", (OLD,))
    place = run(prepare(path, RunOptions(workers=1, out=tmp_path / "run", replications=2))).folder
    with open_run(place) as held, pytest.raises(CannotAttribute, match="one contract only"):
        planned(held)
