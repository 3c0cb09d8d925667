"""A kind of payment is added as the guide says, in a copy of the package: one new file and two lines."""

import shutil
from pathlib import Path

import pytest

import legalaid_sim
from tests.cli.shell import ROOT
from tests.docs.guide import DOERS, blocks_of, surroundings

PACKAGE = Path(legalaid_sim.__file__).parent
GUIDE = ROOT / "docs" / "new-kind.md"
KINDS = "contracts/kinds"
SCENARIO = """\
kind: scenario
schema_version: 1
about: {title: A small agency, question: What does the new kind do?}
period: {starts: 2008-04-01, months: 2, lead_in_months: 1}
seed: 3
replications: {at_least: 1, at_most: 1}
respond: all
clients:
  arrivals: {per_week: 4}
  problems: {debt: {share: 1, fee_code: DEBT}}
advisers: [{role: caseworker, number: 1, hours_per_week: 35}]
contracts: [opening.yaml]
"""
CLAIMS = (
    "claim_id,fee_code,in_start_date,in_concluded_date,in_profit_minutes\n1,DEBT,2008-05-01,2008-06-01,300\n"
)


def with_the_new_kind(folder: Path) -> tuple[Path, int]:
    """Copy the package and add what the guide shows; give the copy and how many lines were put into old files."""
    copy = folder / "legalaid_sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    new, lines = (block.body for block in blocks_of(GUIDE) if block.language == "python")
    (copy / KINDS / "opening_fee.py").write_text(new, encoding="utf-8")
    imported, listed = lines.splitlines(keepends=True)
    registry = copy / KINDS / "registry.py"
    text = registry.read_text(encoding="utf-8")
    for beside, line in (("    outcome_payment,\n", imported), ("        limit.KIND,\n", listed)):
        assert text.count(beside) == 1
        text = text.replace(beside, line + beside)
    registry.write_text(text, encoding="utf-8")
    return copy, len(lines.splitlines())


def test_a_kind_added_as_the_guide_says_is_read_told_checked_priced_and_lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    copy, put = with_the_new_kind(folder)
    changed = {
        path.relative_to(copy).as_posix()
        for path in copy.rglob("*")
        if path.is_file() and path.read_bytes() != _bytes(PACKAGE / path.relative_to(copy))
    }
    assert (changed, put) == ({f"{KINDS}/opening_fee.py", f"{KINDS}/registry.py"}, 2)
    (folder / "agency.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "closed.csv").write_text(CLAIMS, encoding="utf-8")
    around = surroundings(folder)
    for block in blocks_of(GUIDE):
        if block.language in ("yaml", "console"):
            DOERS[block.language](block, folder, around, f"new-kind.md:{block.line}")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
