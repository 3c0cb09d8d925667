"""Whatever lives worlds of a scenario reads its file once and carries it: what is kept beside a result is what ran."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from legalaid_sim.authoring.checking import check_file
from legalaid_sim.experiments.attribution.attributing import AttributionOptions, attribute
from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.run.steadiness import steadiness
from legalaid_sim.experiments.search.pareto import read_axis, read_goal
from legalaid_sim.experiments.search.proposals import Hunt
from legalaid_sim.experiments.search.searching import search
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry, sensitivity
from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.sweeping import carry_out
from legalaid_sim.results import open_run
from legalaid_sim.starting.copying import copied
from legalaid_sim.yamlfile import reading
from tests.experiments import small, sweepers

OLD, NEW = small.CONTRACTS
TABLED = """\
kind: contract
schema_version: 1
contract: tabled
title: Fees in a file
term: {starts: 2007-10-01, months: 36}
categories: [debt, housing]
tables:
  fees: {file: fees.csv, key: [category]}
payments:
  - {id: fee, kind: fixed_fee, table: fees, amount: {column: amount}}
"""


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Name what has been read of the reader's folder; each file is gone as soon as it has been."""
    read, names = reading._read, list[str]()

    def once(path: Path) -> str:
        text = read(path)
        if path.parent == tmp_path:
            path.unlink()
            names.append(path.name)
        return text

    monkeypatch.setattr(reading, "_read", once)
    return names


def ran(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    job = prepare(path, RunOptions(replications=2, workers=1, out=path.parent / "run"))
    with open_run(run(job).folder) as kept:
        assert (kept.folder / "inputs" / path.name).read_text(encoding="utf-8") == text


def compared(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = compare(prepare(path, RunOptions(replications=2, workers=1, out=path.parent / "compared")))
    assert (found.folder / "inputs" / path.name).read_text(encoding="utf-8") == text


def moved(path: Path) -> None:
    asked = Inquiry(("money.payer_spend",), "oat", ("trust.memory_days",))
    sensitivity(path, asked, SweepOptions(1, path.parent / "moved"), pipeline=sweepers.light)


def searched(path: Path) -> None:
    pytest.importorskip("optuna")
    axes, goals = (
        (read_axis("duties.short_form.minutes.adviser=2..40:0"),),
        (read_goal("min:money.payer_spend"),),
    )
    hunt = Hunt(NEW, axes, goals, points=4, replications=1, fresh=2)
    search(path, hunt, SweepOptions(1, path.parent / "searched"), pipeline=sweepers.light)


def attributed(path: Path) -> None:
    attribute(
        path, AttributionOptions(OLD, NEW, ("money.payer_spend",), 2, workers=1), pipeline=sweepers.light
    )


def steadied(path: Path) -> None:
    steadiness(path, 1, workers=1)


def copied_from(path: Path) -> None:
    copied(path, path.with_name("copy.yaml"))


def checked(path: Path) -> None:
    assert check_file(str(path)).exit_status == 0


@pytest.mark.parametrize(
    "work",
    [ran, compared, moved, searched, attributed, steadied, copied_from, checked],
    ids=lambda work: work.__name__,
)
def test_a_scenario_file_is_read_once(tmp_path: Path, gone: list[str], work: Callable[[Path], None]) -> None:
    work(small.scenario(tmp_path))
    assert gone == ["small.yaml"]


def test_a_sweep_and_its_scenario_are_each_read_once(tmp_path: Path, gone: list[str]) -> None:
    done = carry_out(
        prepare_sweep(sweepers.written(tmp_path), sweepers.light), SweepOptions(1, tmp_path / "swept")
    )
    assert done.now > 0
    assert gone == ["sweep.yaml", "small.yaml"]


def test_a_sweep_that_is_checked_is_read_once(tmp_path: Path, gone: list[str]) -> None:
    assert check_file(str(sweepers.written(tmp_path))).exit_status == 0
    assert gone == ["sweep.yaml"]


def test_what_runs_is_what_was_read_even_where_the_file_changes_before(tmp_path: Path) -> None:
    path = small.scenario(tmp_path)
    text = path.read_text(encoding="utf-8")
    job = prepare(path, RunOptions(replications=1, workers=1, out=tmp_path / "out"))
    path.write_text(text.replace("seed: 11", "seed: 12"), encoding="utf-8")
    folder = run(job).folder
    assert (folder / "inputs" / path.name).read_text(encoding="utf-8") == text
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seed"] == 11


def test_a_table_of_a_contract_is_kept_and_lived_as_it_was_when_the_contract_was_read(tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text("category,amount\r\ndebt,100.00\r\nhousing,200.00\r\n", newline="")
    (tmp_path / "tabled.yaml").write_text(TABLED, encoding="utf-8")
    path = small.scenario(tmp_path, contracts=("tabled.yaml",))
    text = (tmp_path / "fees.csv").read_bytes()
    job = prepare(path, RunOptions(replications=1, workers=2, out=tmp_path / "out"))
    (tmp_path / "fees.csv").unlink()
    # What travels to workers holds the table too.
    terms = pickle.loads(pickle.dumps(job.plans[0])).contracts[0].compiled()
    assert terms.library.tables["fees"].name == "fees"
    folder = run(job).folder
    assert (folder / "inputs" / "resolved" / "fees.csv").read_bytes() == text
