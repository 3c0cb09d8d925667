"""Words that real regimes need: each in a contract whose examples pass, told in English, and paid in a run.

What a run pays is worked out again here from its log and its world, and never by the contract's own code.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from legalaid_sim import events as e
from legalaid_sim.authoring.checking import check_file
from legalaid_sim.contracts.english import in_english
from legalaid_sim.experiments.plans import read_written
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_up
from tests.model.making import PROBLEM, live, scenario

WORDS = Path(__file__).parents[1] / "words"
FILES = sorted(WORDS.glob("*.yaml"))
SAYS = "# says: "


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_examples_pass_and_nothing_is_left_to_be_said(path):
    checked = check_file(str(path), "publish")
    assert [f"{problem.code} {problem.message}" for problem in checked.problems] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_english_says_what_it_does(path):
    english = " ".join(in_english(read_written(str(path)).contract).split())
    said = [line.removeprefix(SAYS) for line in path.read_text(encoding="utf-8").splitlines() if SAYS in line]
    assert said
    assert [words for words in said if words not in english] == []


@cache
def terms_of(name):
    return read_written(str(WORDS / f"{name}.yaml")).compiled()


def lived(made, name):
    log = live(made, terms_of(name))
    hold(log)
    return log


def pence_of(log, block):
    """Add the pence of a block up by matter."""
    found = Counter()
    for line in log.of(e.Entitled):
        if line.block == block:
            found[line.matter] += line.pence
    return found


def test_one_persons_ceiling_holds_before_that_of_the_contract():
    made = scenario(clients={"several_problems": 0.6}, problems={"housing": PROBLEM}, per_week=0.3)
    log = lived(made, "client-ceiling")
    given, left, cut = Counter(), 30000_00, 0
    for closed in log.of(e.MatterClosed):
        net = min(9000_00, 17000_00 - given[closed.client])
        given[closed.client] += net
        cut += 9000_00 - net
        left -= min(left, net)
    assert add_up(pence_of(log, "one_person").values()) == -cut < 0
    assert add_up(line.pence for line in log.of(e.Entitled)) == 30000_00
    assert left == 0
