"""The commands of the language: what they print and how they end."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli import shell

ROOT = Path(__file__).parents[3]
GOOD = "kind: contract\nschema_version: 1\ncontract: x\nterm: {starts: 2026-04-01, months: 36}\n"
FEE = (
    "# allow CI201: flat\n"
    + GOOD.replace(": x\n", ": x   # allow CX505: a test\n")
    + "payments:\n  - {id: fee, kind: fixed_fee, amount: 157.00}\n"
)


def run(*arguments: object) -> tuple[int, str, str]:
    """Type a command and give its exit status, output and error output."""
    done = shell.run(*arguments, cwd=ROOT)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fee.yaml"
    path.write_text(FEE)
    return path


def test_check_of_a_clean_file_ends_with_0(file: Path) -> None:
    assert run("check", str(file)) == (0, "No problems.\n", "")


def test_check_with_notes_only_ends_with_0(file: Path) -> None:
    file.write_text(FEE.replace("# allow CI201: flat\n", ""))
    status, out, _ = run("check", str(file))
    assert status == 0
    assert "CI201 dead-zone  note" in out


def test_check_with_errors_ends_with_1(file: Path) -> None:
    file.write_text(FEE.replace("157.00", "157.OO"))
    status, out, _ = run("check", str(file))
    assert status == 1
    assert out.rstrip().endswith("1 problem: 1 error.")


def test_check_of_a_missing_file_ends_with_2_and_still_checks_the_others(file: Path) -> None:
    file.write_text(FEE.replace("157.00", "157.OO"))
    status, out, _ = run("check", "nowhere.yaml", str(file))
    assert status == 2
    assert "nowhere.yaml does not exist." in out
    assert "CV103" in out


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_check_prints_one_json_object(file: Path, form: str) -> None:
    file.write_text(FEE.replace("157.00", "157.OO"))
    status, out, _ = run("check", str(file), "--format", form)
    assert status == 1
    assert isinstance(json.loads(out), dict)


def test_check_of_a_library_name_counts_examples() -> None:
    status, out, _ = run("check", "tailored-fixed-fees-2005", "--profile", "publish")
    assert status == 0
    assert "examples pass." in out


def test_schema_prints_json() -> None:
    for what in ("scenario", "contract"):
        status, out, _ = run("schema", what)
        assert status == 0
        assert json.loads(out)["title"] == f"legalaid-sim {what}"


def test_resolve_prints_or_writes_the_flat_contract(file: Path, tmp_path: Path) -> None:
    status, out, _ = run("resolve", str(file))
    assert status == 0
    assert out.startswith("kind: contract")
    assert "# fee.yaml:2" in out
    flat = tmp_path / "flat.yaml"
    assert run("resolve", str(file), "--plain", "--out", str(flat))[1] == f"Wrote {flat}.\n"
    assert "#" not in flat.read_text()


@pytest.mark.parametrize("command", [["resolve"], ["explain"], ["diff", "civil-scheme"]])
def test_a_bad_contract_ends_other_commands_with_2(file: Path, command: list[str]) -> None:
    file.write_text(FEE.replace("157.00", "157.OO"))
    status, out, err = run(*command, str(file))
    assert status == 2
    assert "this looks like the letter O" in out + err
    assert "Traceback" not in out + err


def test_explain_of_nothing_ends_with_2_and_a_suggestion() -> None:
    status, _, err = run("explain", "civil-scem")
    assert status == 2
    assert "Did you mean 'civil-scheme'?" in err


def test_the_curve_of_a_block_that_prices_nothing_is_refused(file: Path) -> None:
    status, _, told = run("explain", str(file), "--curve", "--block", "nope")
    assert status == 2
    assert "'nope' prices no matter by itself; these do: fee" in told


def test_explain_of_a_code_and_a_curve(file: Path) -> None:
    assert "dead-zone" in run("explain", "CI201")[1]
    assert "fee: pay for a matter against hours" in run("explain", str(file), "--curve")[1]


def test_diff_of_two_library_contracts() -> None:
    status, out, _ = run("diff", "outcome-payments", "outcome-payments-guarded")
    assert status == 0
    assert "Plan: " in out
    assert "kinds of matter (" in out


def test_diff_prices_the_matters_of_a_scenario_when_asked(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    asked = (
        "diff",
        "outcome-payments",
        "outcome-payments-guarded",
        "--scenario",
        str(tmp_path / "small.yaml"),
    )
    status, out, told = run(*asked, "--seed", "3")
    assert status == 0, told
    assert (
        "matters closed under outcome-payments in small.yaml (seed 3, its first world):\n  mean pay " in out
    )


SMALL = """kind: scenario
schema_version: 1
about: {title: A small agency, question: Is every pound explained?}
period: {starts: 2011-04-01, months: 1, lead_in_months: 1, run_out_months: 2}
replications: {at_least: 1, at_most: 1}
clients:
  arrivals: {per_week: 5}
  problems: {debt: {}, housing: {}}
advisers: [{number: 2}]
contracts: [standard-civil-contract-2010]
"""


def test_explain_gives_the_receipt_of_a_matter_as_text_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    folder = tmp_path / "out"
    assert run("run", tmp_path / "small.yaml", "--out", folder, "--quiet")[0] == 0
    example = run("explain", folder, "--matter", "nobody")[2].split("for example, ")[1].split(".")
    matter = ".".join(example[:3]).split(". ")[0]
    assert f"matter {matter}" in run("explain", folder, "--matter", matter)[1]
    report = json.loads(run("explain", folder, "--matter", matter, "--json")[1])
    receipt = report["receipts"]["standard-civil-contract-2010"]
    amounts = [Decimal(line["amount"]) for line in receipt["lines"] if line["amount"] is not None]
    assert sum(amounts) == Decimal(receipt["earned"])
    status, _, err = run("explain", folder)
    assert status == 2
    assert "name the matter of the run to explain with --matter" in err


def test_explain_tells_what_of_a_contract_nothing_in_a_scenario_reaches() -> None:
    status, told, _ = run("explain", "telephone-gateway", "--in", "scenarios/city-bureau-hub.yaml")
    assert status == 0
    _, heading, unreached = told.partition("What nothing in 'A city bureau with a telephone hub")
    said = " ".join(unreached.split())
    assert heading
    assert (
        "duties.stage_record waits for the event stage_reached: it needs clients.problems.<kind>.stages"
        in said
    )
    assert "payments.first_call waits" not in said


def test_what_is_no_contract_cannot_be_explained_in_a_scenario() -> None:
    status, _, told = run("explain", "facts", "--in", "scenarios/city-bureau-hub.yaml")
    assert status == 2
    assert "--in goes with a contract, and 'facts' is none" in told
