"""The consultation sheet: a contract in words, its examples, what changes, because of what, and for whom."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from legalaid_sim.contracts.language.english import block_in_english
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.reports.sheet import sheet

ROOT = Path(__file__).parents[2]
BASE = """\
kind: contract
schema_version: 1
contract: base
title: A fee <b>and</b> a form
term: {starts: 2008-04-01, months: 36}
payments:
  - id: fee
    kind: fixed_fee
    title: The fee of a matter
    amount: 157.00
    source: {title: x, status: fictional}
  - {id: extra, kind: fixed_fee, applies_to: {category: debt}, exception_to: fee, amount: 90.00}
duties:
  - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 6}}
examples:
  - name: A matter earns its fee
    given: {provider: {region: london}, matters: [{ref: A, category: housing, opened: 2008-05-01}]}
    when: [{on: 2008-06-01, matter_closed: {ref: A, outcome: resolved}}]
    then: {earned: {A: 157.00}, burden_minutes: {form: 6}}
    source: {title: x, status: fictional}
"""
REFORM = """\
kind: contract
schema_version: 1
contract: reform
title: A higher fee
extends: base
changes:
  - {set: payments.fee.amount, to: 200.00, because: costs rose by a quarter}
  - {remove: payments.extra}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "reform.yaml").write_text(REFORM)
    return tmp_path


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<body>") :])).split())


def test_it_tells_every_block_and_every_example(folder: Path) -> None:
    page = sheet(str(folder / "base.yaml"))
    told, contract = words(page), load_terms(str(folder / "base.yaml")).contract
    for block in (*contract.payments, *contract.duties):
        assert " ".join(block_in_english(block, contract).split()) in told
    assert "Given: the provider (region london); matter A (category housing, opened 2008-05-01) ." in told
    assert "What comes out: earned of A: 157.00 ; burden minutes of form: 6 ." in told
    assert "What changes" not in told
    assert "<script" not in page
    assert "<b>and</b>" not in page


def test_against_another_it_tells_what_changes_why_and_for_whom(folder: Path) -> None:
    told = words(sheet(str(folder / "reform.yaml"), str(folder / "base.yaml")))
    assert "payments.fee.amount 157.00 to 200.00 costs rose by a quarter" in told
    assert "The fee of a matter – changed 200.00 a matter" in told
    assert "Before: 157.00 a matter" in told
    assert "What is no longer there" in told
    assert "pay +43.00 whatever the hours" in told


def test_an_example_that_fails_says_so(folder: Path) -> None:
    (folder / "wrong.yaml").write_text(BASE.replace("{A: 157.00}", "{A: 200.00}"))
    told = words(sheet(str(folder / "wrong.yaml")))
    assert "What should come out, and does not in all: earned of A: 200.00, and comes to 157.00" in told


def test_the_command_writes_it_and_says_who_gains_in_a_scenario(folder: Path) -> None:
    scenario = folder / "small.yaml"
    text = (ROOT / "tests" / "bad_files" / "CR064-not-in-force.yaml").read_text()
    scenario.write_text(
        text.replace("[unified-contract-2007, civil-scheme]", "[base.yaml]").replace(
            "{share: 1, fee_code: DEBT}", "{share: 1}"
        )
    )
    line = ["explain", str(folder / "reform.yaml"), "--html", str(folder / "sheet.html")]
    more = ["--against", str(folder / "base.yaml"), "--in", str(scenario)]
    ended = subprocess.run(
        [sys.executable, "-m", "legalaid_sim", *line, *more],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    told = words((folder / "sheet.html").read_text(encoding="utf-8"))
    assert re.search(r"mean pay \+[\d.]+ a matter, with tax; \d+ gain, 0 lose", told), told
    assert "Everything in it can happen" in told


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    one, other = (sheet(str(folder / "reform.yaml"), str(folder / "base.yaml")) for _ in range(2))
    assert one == other
