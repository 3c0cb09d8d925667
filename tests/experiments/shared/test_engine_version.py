"""A row is known by its engine: each file that can move a result changes the version, and no other does."""

import ast
import shutil
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim.experiments.shared.engine_version import digest_of, engine_version
from legalaid_sim.rooms import MODEL, RANK, moves_results

PACKAGE = Path(legalaid_sim.__file__).parent
EDIT = b"\n# a remark\n"
# The steps of a run, and what reads the files that it is made from.
STEPS = (
    "world/__init__.py",
    "engine/__init__.py",
    "invariants/__init__.py",
    "measures/__init__.py",
    "scenario/__init__.py",
)
# What they import that can stop a run or speed it, and moves nothing that it gives.
SILENT = {"errors.py", "extras.py", "files.py", "garbage.py", "rooms.py", "__init__.py"}


def imported(path: Path) -> set[Path]:
    """Files of the package that a file imports, wherever in it, with the rooms on the way to them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
        for parts in (name.split(".")[1:] for name in names if name.startswith("legalaid_sim.")):
            whole = PACKAGE.joinpath(*parts)
            found |= {part for part in (whole.with_suffix(".py"), whole / "__init__.py") if part.is_file()}
    return found


def lived_with() -> set[str]:
    """Every file that living a world imports, by following imports: told apart from the plan of the house."""
    seen: set[Path] = set()
    ahead = {PACKAGE / step for step in STEPS}
    while ahead:
        seen |= ahead
        ahead = {other for path in ahead for other in imported(path)} - seen
    return {path.relative_to(PACKAGE).as_posix() for path in seen}


def test_whatever_a_run_imports_counts_as_the_engine() -> None:
    needed = lived_with() - SILENT
    assert "clients.py" in needed
    assert not {
        name for name in needed if not moves_results(Path(name)) and not name.startswith("diagnostics/")
    }


def test_every_room_that_counts_is_in_the_plan() -> None:
    assert set(RANK) >= MODEL


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path_factory.mktemp("copy") / "legalaid_sim"))


def test_an_edit_of_any_file_changes_the_version_or_leaves_it_as_it_should(
    copy: Path, tmp_path: Path
) -> None:
    whole = digest_of(copy)
    assert engine_version().endswith(whole[:12])
    apart = ("cli/", "reports/", "exports/", "results/", "experiments/", "validation/", "authoring/", "importing/",
             "starting/", "studio/", "api/", "diagnostics/", "contracts/library/", "contracts/language/lint/",
             "contracts/language/english/")  # fmt: skip
    silent, counting = [], []
    for path in sorted(path for path in copy.rglob("*") if path.suffix in (".py", ".yaml")):
        name = path.relative_to(copy).as_posix()
        quiet = name.startswith(apart) or name in SILENT | {"__main__.py", "arguments.py", "glossary.py"}
        (silent if quiet else counting).append(path)
    # Files that move nothing are edited together, and all others a few at a time and beside nothing else.
    for path in silent:
        path.write_bytes(path.read_bytes() + EDIT)
    assert digest_of(copy) == whole
    for at in range(0, len(counting), 12):
        few = [moved_to(tmp_path / str(at), copy, path) for path in counting[at : at + 12]]
        left = digest_of(tmp_path / str(at))
        for path in few:
            path.write_bytes(path.name.encode() + EDIT)
            assert digest_of(tmp_path / str(at)) != left, path
            path.write_bytes(path.name.encode())
        assert digest_of(tmp_path / str(at)) == left


def moved_to(folder: Path, copy: Path, path: Path) -> Path:
    """Give a small file of the name and at the place of another, in a folder with few."""
    place = folder / path.relative_to(copy)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.name.encode())
    return place
