"""The plan of the house, held: imports point down, and each heavy library is used in one room only."""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim import errors, rooms
from legalaid_sim.rooms import RANK

PACKAGE = Path(legalaid_sim.__file__).parent

# So much of an entry tells it from all others.
ENTRY_HEAD = 40
ONE_ROOM = {"simpy": {"engine"}, "yaml": {"yamlfile"}, "click": {"cli"}, "holidays": {"calendars"}}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return rooms.room_of(path.relative_to(PACKAGE))


def imports_of(path: Path, files: Collection[str] = ()) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, and whether only for types; one of ``files`` counts rather than its package."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in for_types
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            within = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in {name if name in files else node.module for name in within}:
                yield name, id(node) in for_types
            if node.module == "legalaid_sim":
                for alias in node.names:
                    yield f"legalaid_sim.{alias.name}", id(node) in for_types


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_the_house(path: Path) -> None:
    here = room_of(path)
    if here in ("__init__", "__main__"):
        return
    assert here in RANK, f"{here} has no place in the plan of the house"
    for name, only_types in imports_of(path):
        parts = name.split(".")
        if parts[0] != "legalaid_sim" or len(parts) == 1 or parts[1].startswith("__") or only_types:
            continue
        assert RANK[parts[1]] <= RANK[here], f"{here} looks up to {name}"


def in_districts() -> list[Path]:
    return [path for room in rooms.DISTRICTS for path in sorted((PACKAGE / room).rglob("*.py"))]


@pytest.mark.parametrize("path", in_districts(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_within_a_room_of_districts(path: Path) -> None:
    room, *inner = path.relative_to(PACKAGE).with_suffix("").parts
    plan = rooms.DISTRICTS[room]
    for name, only_types in imports_of(path):
        parts = name.split(".")
        if parts[:2] != ["legalaid_sim", room] or only_types:
            continue
        if inner == ["__init__"]:
            assert parts[2] == plan[0], f"the front of {room} comes at once, and looks up to {name}"
            continue
        assert len(parts) > 2, f"{inner} goes by the front of {room}, which knows every district"
        assert plan.index(parts[2]) <= plan.index(inner[0]), f"{inner} looks up to {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_heavy_library_has_one_room(path: Path) -> None:
    for name, _ in imports_of(path):
        library = name.split(".")[0]
        if library in ONE_ROOM:
            assert room_of(path) in ONE_ROOM[library], f"{room_of(path)} imports {library}"
    if room_of(path) != "draws":
        assert "np.random" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_added_by_the_builtin_whose_last_digit_depends_on_the_python(path: Path) -> None:
    # Floats are added by math.fsum, whole numbers by units.add_up, the one place that may use it.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = [
        node.lineno  # type: ignore[attr-defined]
        for node in ast.walk(tree)
        if "sum" in (getattr(node, "id", ""), getattr(node, "attr", ""))
    ]
    assert len(used) <= (path.name == "units.py"), f"{path}, lines {used}"


def test_contracts_know_nothing_of_people_or_engines() -> None:
    for path in (PACKAGE / "contracts").rglob("*.py"):
        for name, _ in imports_of(path):
            assert name.split(".")[1:2] not in (["world"], ["advisers"], ["clients"], ["engine"]), path


def test_every_error_survives_being_rebuilt_from_its_arguments() -> None:
    import copy
    import pickle

    problem = errors.Problem("CS012", "unknown-key", "error", "no such key", "a.yaml", 3, 5)
    made = [
        errors.ScenarioError((problem,)),
        errors.ContractError((problem,)),
        errors.UnreadableFile((problem,)),
        errors.Refusal("no-version", "fee", "too early"),
        errors.DrawsExhausted("missed", "c1.p1", 3, 3),
        errors.InvariantBroken("pence", 1, 2, "month 3"),
        errors.ResultsError("results/x", "is not there"),
    ]
    for error in made:
        for again in (type(error)(*error.args), pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert str(again) == str(error)
            assert type(again) is type(error)


def test_text_names_what_was_found_and_where() -> None:
    where = "a.yaml:3:5  CS012 unknown-key  error: hourly has no 'rat'"
    for remedy, told in (
        ("", ""),
        ("Drop it.", ". Drop it."),
        ("fix: rates\nhelp: see", "; fix: rates; help: see"),
    ):
        words = "hourly has no 'rat'"
        problem = errors.Problem("CS012", "unknown-key", "error", words, "a.yaml", 3, 5, help=remedy)
        assert str(problem) == where + told
    asks = errors.Problem("CS012", "unknown-key", "error", "Did you mean 'rates'?", "a.yaml", help="Mend it.")
    assert asks.said == "Did you mean 'rates'? Mend it."


@pytest.mark.parametrize("page", ["DESIGN.md", "CHANGELOG.md"])
def test_no_entry_stands_twice(page: str) -> None:
    """Where two changes of one entry are put together line by line, both stay, whole or in part."""
    text = (PACKAGE.parent / page).read_text(encoding="utf-8")
    entries = [" ".join(entry.split()) for entry in re.findall(r"(?ms)^- (.+?)(?=^- |^$|^#)", text)]
    heads = Counter(entry[:ENTRY_HEAD] for entry in entries)
    assert len(entries) > 100
    assert [head for head, number in heads.items() if number > 1] == []
    assert [entry for entry in entries if not entry.endswith((".", ".)", "|", ":"))] == []
