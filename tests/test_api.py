import html
import json
import re
import subprocess
import sys
from inspect import isfunction, signature
from pathlib import Path
from typing import Any

import pytest

import legalaid_sim as la
from tests.cli.shell import ROOT

SHORT = 300
NOTEBOOK = ROOT / "scenarios" / "hours-to-fees.yaml"  # what the notebook lives
DAILY = """\
kind: contract
schema_version: 1
contract: a-fee
title: A fee for each matter
term: {starts: 2008-04-01, months: 36}
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 150.00, source: {title: made up, status: fictional}}
cash: [{id: monthly, kind: variable_monthly}]
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from legalaid_sim.yamlfile import dump, load_document

    data = load_document(NOTEBOOK).data
    data["period"] |= {"months": 1, "run_out_months": 1, "lead_in_months": 0}
    place = tmp_path_factory.mktemp("api") / "short.yaml"
    place.write_text(dump(data))
    return place


def test_tab_offers_what_is_public_and_nothing_else() -> None:
    assert dir(la) == sorted(la.__all__)
    assert set(la.__all__) == {*la.LATER, "__version__", "events"}
    assert all(getattr(la, name) is not None for name in la.__all__)
    assert not hasattr(la, "no_such_thing")


def test_every_error_of_the_package_can_be_caught_by_its_name() -> None:
    import legalaid_sim.experiments.compare.guards
    import legalaid_sim.experiments.shared.cluster

    assert legalaid_sim.experiments.shared.cluster.NoCluster
    assert legalaid_sim.experiments.compare.guards.BadCondition

    def below(kind: type[Exception]) -> set[type[Exception]]:
        return {kind}.union(*(below(each) for each in kind.__subclasses__()))

    # Those of the command line alone, and of the condition that only it takes, come from nothing a notebook calls.
    apart = {"NoShell", "NothingToExplain", "BadCondition"}
    ours = {
        kind.__name__ for kind in below(la.LegalAidSimError) if kind.__module__.startswith("legalaid_sim.")
    }
    assert ours - apart <= set(la.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    words = "import sys, legalaid_sim; print([n for n in ('simpy', 'numpy', 'pydantic', 'click') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True).stdout == "[]\n"


def test_a_run_is_what_the_command_line_writes(scenario: Path, tmp_path: Path) -> None:
    found = la.run(str(scenario), replications=2, workers=1, out=str(tmp_path / "here"), report=False)
    words = ["run", str(scenario), "-r", "2", "-w", "1", "-o", str(tmp_path / "there"), "-q"]
    subprocess.run([sys.executable, "-m", "legalaid_sim", *words], check=True, capture_output=True, cwd=ROOT)
    assert (tmp_path / "here/measures.csv").read_bytes() == (tmp_path / "there/measures.csv").read_bytes()
    assert [row["measure"] for row in found.measures if row["regime"] == found.measures[0]["regime"]]
    kept = la.open_run(tmp_path / "here")
    assert kept.measures == found.measures
    coc = [row for row in found.differences if row["measure"] == "continuity.coc"]
    assert {row["contract"] for row in coc} == {
        name for name in [*found.estimates][1:] if "(mechanical)" not in name
    }
    assert all(row["low"] is None or row["low"] <= row["difference"] <= row["high"] for row in coc)
    contacts = found.log().rows(la.events.Contact)
    assert contacts == kept.log().rows(la.events.Contact)
    assert contacts
    assert all(row["at"] >= row["began"] for row in contacts)
    assert len(repr(found)) < SHORT
    assert found._repr_html_().startswith("<p>Finished(")


def test_a_contract_is_a_name_a_file_or_text(scenario: Path, tmp_path: Path) -> None:
    place = tmp_path / "fee.yaml"
    place.write_text(DAILY)
    as_text, as_file = (
        la.compare(
            scenario,
            contracts=["unified-contract-2007", given],  # type: ignore[list-item]
            measures=["money.earned"],
            replications=2,
            workers=1,
            out=tmp_path / f"c{n}",
            equal_money=False,
            report=False,
        )
        for n, given in enumerate((DAILY, place))
    )
    assert as_text.differences == as_file.differences
    assert [row["contract"] for row in as_text.differences] == ["a-fee"]
    with pytest.raises(la.ContractError, match="there is no contract 'no-such'"):
        la.run(scenario, contracts="no-such", out=tmp_path / "none")
    with pytest.raises(la.ContractError):
        la.load_terms("kind: contract\nschema_version: 1\n")


def test_one_world_is_lived_under_whatever_is_given(scenario: Path) -> None:
    held = la.load_scenario(scenario)
    world = la.sample(held, seed=3)
    terms = la.load_terms("unified-contract-2007")
    by_name, by_terms, by_regime = (
        la.simulate(world, held, given)
        for given in ("unified-contract-2007", terms, la.Regime("unified-contract-2007", (terms,)))
    )
    assert by_name.events == by_terms.events == by_regime.events
    assert la.measure(by_name)["continuity.coc"] == la.measure(by_regime)["continuity.coc"]
    faces = (held, world, terms, by_name, la.Regime("r", (terms,)), la.load_contract(DAILY), la.check(DAILY))
    assert [len(repr(face)) < SHORT for face in faces] == [True] * len(faces)
    assert re.fullmatch(r"Log\([\d,]+ records; of days 0 to [\d,]+, [\d,]+ to [\d,]+ count\)", repr(by_name))


def test_what_is_no_kind_of_record_has_no_rows() -> None:
    """A name gave an empty list, as a kind does of which nothing happened."""
    empty = la.events.Log(la.events.Window(0, 1, 2))
    assert empty.rows(la.events.Contact) == []
    given: Any
    for given in ("Contact", int, None, []):
        with pytest.raises(TypeError, match="is no kind of record; give a class of events"):
            empty.rows(given)


def test_claims_are_priced_from_rows_as_from_a_file(tmp_path: Path) -> None:
    rows = [
        {
            "claim_id": 1,
            "fee_code": "HOUS",
            "in_category": "housing",
            "in_start_date": "2008-05-01",
            "profit_minutes": 300,
        },
        {
            "claim_id": 2,
            "fee_code": "HOUS",
            "in_category": "housing",
            "in_start_date": "2008-05-01",
            "profit_minutes": None,
        },
    ]
    found = la.price(DAILY, rows)
    (tmp_path / "claims.csv").write_text(
        "claim_id,fee_code,in_category,in_start_date,profit_minutes\n1,HOUS,housing,2008-05-01,300\n2,HOUS,housing,2008-05-01,\n"
    )
    assert found == la.price(DAILY, tmp_path / "claims.csv")
    assert [row["total"] for row in found] == ["150.00", "150.00"]


def test_the_page_of_the_front_page_tells_of_every_result() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"(?m)^### (\w+)$", page))
    given = {signature(held).return_annotation for held in map(la.__getattr__, la.LATER) if isfunction(held)}
    assert {"Traced", "Finished"} <= given
    pieces = {"Contract", "CompiledTerms", "Scenario", "World"}
    assert {name for name in given if str(name).isidentifier()} <= told | pieces


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A check of a file that is not there named nothing, and a claims file was told in the machine's words alone."""
    assert repr(la.check("no-such.yaml")).startswith("Checked(no-such.yaml: 1 error;")
    with pytest.raises(la.UnreadableFile, match=r"no-such.csv cannot be opened: .+\. Name a CSV file"):
        la.price(DAILY, tmp_path / "no-such.csv")


def test_what_is_wrong_stands_in_rows() -> None:
    found = la.check(DAILY.replace("150.00", "£150"))
    assert [row["severity"] for row in found.rows if row["severity"] == "error"]
    assert found.rows[0]["message"] in html.unescape(found._repr_html_())


def test_the_notebook_runs_as_it_stands(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell, in order, beside its scenario cut short; what a cell ends with is shown as a notebook shows it."""
    import ast

    from legalaid_sim.experiments.shared import executors

    # A pool of processes would import all of it again; that they move nothing is shown elsewhere.
    monkeypatch.setattr(executors, "available", lambda: 1)
    notebook = json.loads((ROOT / "docs" / "first-study.ipynb").read_text())
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / NOTEBOOK.name).write_bytes(scenario.read_bytes())
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 4
    for source in cells:
        *steps, last = ast.parse(source).body
        exec(compile(ast.Module(steps, []), "cell", "exec"), space)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
            assert len(repr(shown)) < 5_000, source
        else:
            exec(compile(ast.Module([last], []), "cell", "exec"), space)
