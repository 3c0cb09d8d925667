"""The same bytes as ever: a result moves only when somebody says so (see golden.py)."""

import json

import pytest

from tests.engine.golden import GOLDEN, digests, made


@pytest.mark.parametrize("name", sorted(made()))
def test_worlds_and_logs_are_what_they_were(name):
    assert digests(made()[name]) == json.loads(GOLDEN.read_text(encoding="utf-8"))[name]


def test_every_golden_scenario_is_kept():
    assert set(json.loads(GOLDEN.read_text(encoding="utf-8"))) == set(made())
