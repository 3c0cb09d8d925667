"""The same bytes as ever: a result moves only when somebody says so (see tests/oracle)."""

import pytest

from legalaid_sim.events import KINDS, plain_types
from legalaid_sim.evidence import register
from legalaid_sim.scenario.distribution import Distribution
from tests.oracle import FIRST, KEPT, MADE, REPLICATIONS, WITHOUT, begun, digests, kept, moved, names

REMEDY = "Were results meant to move? Then `python -m tests.oracle`, and say in CHANGELOG what moved and why."


def held(name: str, replication: int, whole: bool) -> None:
    before = {
        entry: digest for entry, digest in kept(name).items() if entry.startswith(f"world {replication}")
    }
    before = before if whole else begun(name, before)
    found = moved(before, digests(name, replication, whole))
    assert before, f"{name} has no digests. {REMEDY}"
    assert not found, "\n".join([REMEDY, *(f"{name}, {words}" for words in found)])


@pytest.mark.parametrize("name", names())
def test_a_world_under_each_contract_is_what_it_was(name: str) -> None:
    held(name, REPLICATIONS[0], whole=False)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in names() if name not in MADE])
def test_a_scenario_that_is_shipped_ends_as_it_did(name: str) -> None:
    held(name, REPLICATIONS[0], whole=True)


@pytest.mark.parametrize("name", WITHOUT)
def test_what_a_scenario_is_for_moves_it(name: str) -> None:
    held = kept(name)
    without = [entry for entry in held if ", without, " in entry]
    assert without
    assert all(held[entry] != held[entry.replace(", without", "")] for entry in without)


@pytest.mark.long
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("replication", REPLICATIONS[1:])
def test_further_worlds_are_what_they_were(name: str, replication: int) -> None:
    held(name, replication, whole=True)


@pytest.mark.parametrize("name", FIRST)
def test_what_the_first_model_said_is_not_what_the_register_says(name: str) -> None:
    held = FIRST[name]
    assert register()[name].value != (held if isinstance(held, Distribution) else Distribution(fixed=held))


def test_no_digest_is_kept_of_a_scenario_that_is_no_more() -> None:
    assert {path.stem for path in KEPT.glob("*.json")} == set(names())


def test_what_moved_is_told_by_world_contract_and_kind() -> None:
    before = {"world 1": "a", "world 1, flat, log": "b", "world 1, hourly, log": "c"}
    after = {"world 1": "a", "world 1, flat, log": "x", "world 1, grant, log": "d"}
    assert moved(before, after) == [
        "world 1, flat, log: moved",
        "world 1, grant, log: is new",
        "world 1, hourly, log: is no more",
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_record_holds_single_values_so_that_its_text_tells_no_name(kind: type) -> None:
    assert set(plain_types(kind).values()) <= {int, float, str, bool}
