"""check --watch: what one save came to, on one screen, and what changed since the one before."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from legalaid_sim.authoring.watching import Watched, look_at, screen
from legalaid_sim.contracts.language.exampletable import told_in
from legalaid_sim.contracts.language.load import find_contract
from legalaid_sim.errors import Refusal
from legalaid_sim.scenario import load_scenario

ROOT = Path(__file__).parents[3]
TEXT = """\
kind: contract
schema_version: 1
contract: watched
title: Watched
term: {starts: 2008-04-01, months: 36}
categories: [housing, debt]
regions: [london, elsewhere]
payments:
  - id: fee   # allow CI201: flat
    kind: fixed_fee
    amount: {by_region: {london: 200.00, elsewhere: 157.00}}
    source: {title: x, status: fictional}
  - id: court   # allow CI201: flat
    kind: fixed_fee
    applies_to: {matter.service: in_court}
    exception_to: fee
    amount: 90.00
    source: {title: x, status: fictional}
examples:
  - name: A matter
    given: {matters: [{ref: A, category: housing, opened: 2008-05-01, facts: {service: in_court}}]}
    when: [{on: 2008-06-01, matter_closed: {ref: A}}]
    then: {earned: {A: 90.00}}
    source: {title: x, status: fictional}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "watched.yaml"
    path.write_text(TEXT)
    return path


def test_the_first_look_tells_everything(file: Path) -> None:
    asked = Watched(
        told_in("hours=6,category=housing,region=london"),
        load_scenario(ROOT / "scenarios" / "canning-town-2008.yaml"),
    )
    text = screen(look_at(str(file)), None, asked)
    assert "No problems." in text
    assert "1 of 1 examples pass." in text
    assert "fee, any matter in london" in text
    assert "200.00" in text
    assert text.count("Matter A   housing") == 1
    assert "court waits for" in text or "payments.court waits for" in text


def test_a_save_tells_what_changed_in_pay_and_which_example_fails(file: Path) -> None:
    first = look_at(str(file))
    file.write_text(TEXT.replace("london: 200.00", "london: 250.00").replace("{A: 90.00}", "{A: 91.00}"))
    text = screen(look_at(str(file), first), first, Watched())
    assert "CT400  earned.A should be 91.00 and comes to 90.00" in text
    assert "fee, any matter in london:\n    1 h 200.00 -> 250.00, 2 h 200.00 -> 250.00" in text
    assert "in elsewhere" not in text
    again = look_at(str(file), first)
    assert "Pay is as it was" in screen(look_at(str(file), again), again, Watched())


def test_a_save_that_cannot_be_read_keeps_what_stood(file: Path) -> None:
    first = look_at(str(file))
    file.write_text(TEXT.replace("amount: 90.00", "amount: 90.OO"))
    broken = look_at(str(file), first)
    text = screen(broken, first, Watched(told_in("hours=6")))
    assert "CV103" in text
    assert "what stood before is kept" in text
    file.write_text(TEXT.replace("amount: 90.00", "amount: 95.00"))
    assert "90.00 -> 95.00" in screen(look_at(str(file), broken), broken, Watched())
    file.unlink()
    assert "CS000" in screen(look_at(str(file), broken), broken, Watched())


@pytest.mark.parametrize("rows", [12, 24, 40])
@pytest.mark.parametrize("name", ["civil-legal-advice-2018", "unified-contract-2007", "watched"])
def test_a_screen_is_one_screen(file: Path, name: str, rows: int) -> None:
    look = look_at(str(file if name == "watched" else find_contract(name)))
    lines = screen(look, None, Watched(told_in("hours=6,category=housing")), rows, 80).splitlines()
    assert len(lines) <= rows
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("told", ["hours", "hours=", "=6", "hours=six"])
def test_a_matter_that_cannot_be_read_is_refused(told: str) -> None:
    with pytest.raises(Refusal):
        told_in(told)


def test_it_looks_again_at_a_save(file: Path) -> None:
    line = [sys.executable, "-m", "legalaid_sim", "check", "--watch", str(file), "--matter", "hours=6"]
    with subprocess.Popen(
        line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        late = threading.Timer(60, running.kill)
        late.start()
        try:
            _read_until(running, "Matter A")
            file.write_text(TEXT.replace("elsewhere: 157.00", "elsewhere: 175.00"))
            _read_until(running, "157.00 -> 175.00")
        finally:
            late.cancel()
            running.kill()


def _read_until(running: "subprocess.Popen[str]", words: str) -> None:
    assert running.stdout is not None
    for line in running.stdout:
        if words in line:
            return
    raise AssertionError(words)


@pytest.mark.parametrize(
    "words",
    [
        ("--watch", "a.yaml", "b.yaml"),
        ("a.yaml", "--matter", "hours=6"),
        ("--watch", "a.yaml", "--matter", "six"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(words: tuple[str, ...]) -> None:
    line = [sys.executable, "-m", "legalaid_sim", "check", *words]
    ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
