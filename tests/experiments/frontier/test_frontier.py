"""The price of the same person: what is said of the curves, and that they go on where they were stopped."""

import html
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import legalaid_sim as la
from legalaid_sim.experiments.frontier import study
from legalaid_sim.experiments.frontier.study import FrontierJob, FrontierOptions, at_patience, frontier
from legalaid_sim.experiments.run.job import RunOptions
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.reports.frontier import render_frontier
from legalaid_sim.reports.studies import rewrite_study
from legalaid_sim.scenario.regimes import Practice

TEXT = """\
kind: scenario
schema_version: 1
about: {title: A small agency, question: What does the same person cost here?}
period: {starts: 2008-04-01, months: 4, lead_in_months: 0, run_out_months: 2}
start: empty
clients:
  arrivals: {per_week: 8}
  problems: {debt: {fee_code: DEBT}}
advisers: [{role: supervisor}, {number: 2}]
organisation: {appointments: booked}
contracts: [unified-contract-2007, relational-pilot]
"""
ASKED = FrontierOptions((0.0, 30.0), 2, 1)


def ready(folder: Path, asked: FrontierOptions = ASKED) -> FrontierJob:
    path = folder / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return study.prepare_frontier(path, asked, RunOptions(workers=1, out=folder / "out"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return frontier(ready(tmp_path_factory.mktemp("frontier")))


def means(data: Mapping[str, Any], measure: str) -> dict[tuple[str, float], float]:
    return {
        (point["contract"], point["patience"]): point["measures"][measure]["mean"] for point in data["points"]
    }


def test_patience_buys_continuity_with_waiting_under_every_contract(data: dict[str, Any]) -> None:
    same, waited = means(data, "continuity.coc"), means(data, "continuity.days_waited_for_own_adviser")
    for contract in data["contracts"]:
        assert same[contract, 0] < same[contract, 30]
        assert waited[contract, 0] < waited[contract, 30]


def test_a_contract_is_paid_as_the_first_one_is(data: dict[str, Any], tmp_path: Path) -> None:
    first, other = data["contracts"]
    assert data["money"][first] == 1.0 != data["money"][other]
    asked = FrontierOptions((0.0,), 1, 0, equal_money=False)
    assert set(frontier(ready(tmp_path, asked))["money"].values()) == {1.0}


def test_a_notebook_is_given_what_the_command_writes(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    asked = FrontierOptions((0.0, 30.0), 1, 0, equal_money=False)
    found = la.frontier(
        path, patience=(30, 0), replications=1, draws=0, equal_money=False, workers=1, out=tmp_path / "out"
    )
    assert json.dumps(found.data) == json.dumps(frontier(ready(tmp_path, asked)))
    assert {(row["contract"], row["patience_days"]) for row in found.rows} == {
        *means(found.data, study.CONTINUITY)
    }
    assert [price["measure"] for price in found.prices] == [*study.WAITS] * 2
    assert repr(found) in html.unescape(found._repr_html_())
    assert not (tmp_path / "out").exists()


def test_the_command_that_a_study_tells_asks_for_its_contracts_and_seed() -> None:
    options = RunOptions(("fees.yaml", "relational-pilot"), seed=7, workers=1)
    assert [*study._of_the_run(options)] == ["-c", "fees.yaml", "-c", "relational-pilot", "--seed", "7"]
    assert not [*study._of_the_run(RunOptions(workers=1))]


def test_a_study_that_was_stopped_goes_on_and_finds_the_same(data: dict[str, Any], tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        frontier(ready(tmp_path), stop)
    told: list[int] = []
    again = frontier(ready(tmp_path), lambda done, _: told.append(done))
    assert json.dumps(again) == json.dumps(data)
    assert told == [4, 8, 12]
    assert not list(tmp_path.glob(".frontier-*"))


def test_what_was_lived_before_keeps_its_patience() -> None:
    plan = RegimePlan(
        "b", (), Practice(), starts=date(2008, 4, 1), before=(RegimePlan("a", (), Practice()),),
        after=(RegimePlan("c", (), Practice(own_adviser_patience_days=3)),),
    )  # fmt: skip
    held = at_patience(plan, 9)
    days = [part.practice.own_adviser_patience_days for part in held.parts]
    assert (held.name, days) == ("b at 9 days", [None, 9, 9])


def test_the_price_is_the_slope_between_the_ends_world_by_world() -> None:
    def at(same: float, wait: float) -> dict[str, float]:
        return dict.fromkeys(study.WAITS, wait) | {study.CONTINUITY: same}

    worlds = {
        1: {"c at 0 days": at(0.2, 1.0), "c at 9 days": at(0.7, 2.0)},  # 0.2 days a tenth
        2: {"c at 0 days": at(0.2, 1.0), "c at 9 days": at(0.6, 2.6)},  # 0.4
        3: {"c at 0 days": at(0.5, 1.0), "c at 9 days": at(0.52, 9.0)},  # moves too little for a price
        -1: {"c at 0 days": at(0.1, 1.0), "c at 9 days": at(0.9, 0.2)},  # −0.1
    }
    price = study._price("c", study.WAITS[1], (0.0, 9.0), worlds)
    assert price["mean"] == pytest.approx(0.3)
    assert (price["n"], price["unknown_low"]) == (2, pytest.approx(-0.1))


def test_the_table_and_the_page_say_every_price(data: dict[str, Any], tmp_path: Path) -> None:
    table = render_frontier(data)
    assert all(contract in table for contract in data["contracts"])
    assert table.count("a tenth more of continuity costs") == 4
    (tmp_path / "frontier.json").write_text(json.dumps(data), encoding="utf-8")
    page = rewrite_study(tmp_path)
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert "What it takes to keep seeing the same person" in text
    assert text.count("<svg") >= 4
