"""Faults that no test sees are answered: nothing can tell them from the code, and a reader is told why."""

import subprocess
import sys

import pytest

from tests.mutation import GROUPS, ROOT, answered, modules_of


@pytest.mark.parametrize("name", GROUPS)
def test_what_a_group_names_is_there(name: str) -> None:
    group = GROUPS[name]
    assert all(list(ROOT.glob(pattern)) for pattern in group.modules)
    assert all((ROOT / test.partition("::")[0].removeprefix("--deselect=")).exists() for test in group.tests)
    known = {module for each in GROUPS.values() for module in modules_of(each)}
    assert {module for module, *_ in answered()} <= known
    assert all(len(why) > 10 for why in answered().values())


@pytest.mark.long
@pytest.mark.parametrize("name", GROUPS)
def test_no_survivor_is_left_unanswered(name: str) -> None:
    pytest.importorskip("cosmic_ray")
    asked = [sys.executable, "-m", "tests.mutation", name, "--share", "0.1"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
