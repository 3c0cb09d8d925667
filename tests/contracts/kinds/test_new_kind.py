"""Kinds of block are added as the guide says, in a copy of the package: a new file each and two lines."""

import shutil
from difflib import ndiff
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


# The files of the guide, and the lines beside which theirs are put, in the order of the guide.
FILES = {
    "payments/opening_fee.py": ("    outcome_payment,\n", "        limit.KIND,\n"),
    "cash/half_yearly.py": ("    in_advance,\n", "        on_completion.KIND,\n"),
}
REGISTRY = f"{KINDS}/registry.py"


def with_the_new_kinds(folder: Path) -> Path:
    """Copy the package and add what the guide shows."""
    copy = folder / "legalaid_sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    python = [block.body for block in blocks_of(GUIDE) if block.language == "python"]
    registry = copy / REGISTRY
    text = registry.read_text(encoding="utf-8")
    for (name, places), new, lines in zip(FILES.items(), python[::2], python[1::2], strict=True):
        (copy / KINDS / name).write_text(new, encoding="utf-8")
        for beside, line in zip(places, lines.splitlines(keepends=True), strict=True):
            assert text.count(beside) == 1
            text = text.replace(beside, line + beside)
    registry.write_text(text, encoding="utf-8")
    return copy


def stat(copy: Path) -> list[tuple[str, int]]:
    """Give the files of a copy that are not as they were, with the lines added to each."""
    found = []
    for path in sorted(path for path in copy.rglob("*") if path.is_file()):
        name = path.relative_to(copy)
        before, after = _lines(PACKAGE / name), _lines(path)
        if before != after:
            added = [line for line in ndiff(before, after) if line[:1] in "+-"]
            assert not [line for line in added if line[0] == "-"]
            found.append((f"legalaid_sim/{name.as_posix()}", len(added)))
    return found


def test_kinds_added_as_the_guide_says_are_read_told_checked_priced_and_lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    copy = with_the_new_kinds(folder)
    (told,) = (block.body for block in blocks_of(GUIDE) if block.language == "text")
    shown = [line.replace("|", " ").split() for line in told.splitlines()]
    assert [(name, int(count)) for name, count, _ in shown] == stat(copy)
    (folder / "agency.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "closed.csv").write_text(CLAIMS, encoding="utf-8")
    around = surroundings(folder)
    for block in blocks_of(GUIDE):
        if block.language in ("yaml", "console"):
            DOERS[block.language](block, folder, around, f"new-kind.md:{block.line}")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
