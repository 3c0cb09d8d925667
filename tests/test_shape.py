"""What somebody who reads the package relies on: short files, no circle, one name for one thing."""

from functools import cache
from pathlib import Path

import legalaid_sim
from tests.shape import Trees, arrows_of, circular, long_functions, long_modules, trees_of, types_of
from tests.test_house import PACKAGE

LONGEST_TESTS = 500
# What only a checker reads: an account names who answers for it, and these are told for whom they do.
BACK_FOR_TYPES = {"contracts.account.contract_events": {"contracts.account.account"}}


@cache
def trees() -> Trees:
    return trees_of(PACKAGE)


def test_a_circle_is_found_where_there_is_one() -> None:
    assert circular({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circular({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


def test_no_file_comes_back_to_itself_by_what_it_imports() -> None:
    found = {name: others - BACK_FOR_TYPES.get(name, set()) for name, others in arrows_of(PACKAGE).items()}
    assert max(map(len, found.values())) > 1, "imports are not seen at all"
    assert circular(found) == []


def test_no_module_is_longer_than_can_be_read_at_a_sitting() -> None:
    assert long_modules(PACKAGE) == {}


def test_no_file_of_tests_is_of_many_subjects() -> None:
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in Path(__file__).parent.rglob("*.py")
    }
    assert {path: count for path, count in lines.items() if count > LONGEST_TESTS} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert long_functions(trees()) == {}


def test_no_name_of_a_type_means_two_things() -> None:
    found = types_of(trees())
    assert len(found) > 500, "types are not seen at all"
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


def test_what_is_twice_or_too_long_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("class Apple: ...\nPear = int | str\nPlum = list[int]\n" + "\n" * 400)
    (tmp_path / "two.py").write_text(
        "Apple = int\nPear = int | str\nPlum = list[str]\ndef f():\n" + "    f()\n" * 60
    )
    found = trees_of(tmp_path)
    assert {name for name, where in types_of(found).items() if len(where) > 1} == {"Apple", "Plum"}
    assert [Path(name).name for name in long_modules(tmp_path)] == ["one.py"]
    assert long_functions(found) == {"two.f": 61}


def test_nothing_that_a_notebook_shows_is_longer_than_a_line() -> None:
    scenario = legalaid_sim.load_scenario(PACKAGE.parent / "scenarios" / "one-area.yaml")
    world = legalaid_sim.sample(scenario, 1)
    terms = legalaid_sim.load_terms("unified-contract-2007")
    for shown in (scenario, world, terms):
        assert len(repr(shown)) < 200, type(shown)
        assert "\n" not in repr(shown)
