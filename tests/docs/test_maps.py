"""Maps of the house are true: what DESIGN.md and CONTRIBUTING.md name is there, and their walks never turn back."""

import builtins
import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path, PurePath

import numpy
import pytest

import legalaid_sim
from legalaid_sim.evidence import register
from legalaid_sim.rooms import DISTRICTS, RANK, room_of
from tests.cli.shell import ROOT
from tests.shape import arrows_of

PACKAGE = Path(legalaid_sim.__file__).parent
STATIONS = 10
NAMED = re.compile(r"`([\w./-]+(?:/|\.(?:py|yaml|md|json)))`")
DOTTED = re.compile(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)+)`")
# Named within the room that the sentence is about, or not a file of this repository.
WITHIN = {
    "analysis/": PACKAGE / "contracts",
    "shared/": PACKAGE / "experiments",
}
OF_FOLDERS = {"search.json"}
FOREIGN = {"tuple": builtins.tuple, "Generator": numpy.random.Generator}


def maps() -> dict[str, str]:
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in ("DESIGN.md", "CONTRIBUTING.md")}


def is_there(name: str) -> bool:
    return any((place / name).exists() for place in (ROOT, PACKAGE, WITHIN.get(name, ROOT)))


def walks() -> dict[str, list[str]]:
    """Give the stations of each walk of DESIGN.md."""
    text = maps()["DESIGN.md"].partition("## Three walks\n")[2].partition("\n## ")[0]
    parts = re.split(r"(?m)^\*\*(.+?)\*\*", text)[1:]
    return {
        name: re.findall(r"(?m)^\d+\. `([^`]+)`", told)
        for name, told in zip(parts[::2], parts[1::2], strict=True)
    }


def place_of(station: str) -> str:
    """Name the room of a station; in a room with districts that import one way, the district.

    A room whose files lie in districts is a street of rooms to whoever reads it.
    """
    room, parts = room_of(PurePath(station)), PurePath(station).with_suffix("").parts
    return "/".join(parts[:2]) if room in DISTRICTS else room


@pytest.mark.parametrize("page", ["DESIGN.md", "CONTRIBUTING.md"])
def test_what_a_map_names_is_there(page: str) -> None:
    found = NAMED.findall(maps()[page])
    assert len(found) > 10
    assert not [name for name in found if name not in OF_FOLDERS and not is_there(name)]


def test_the_table_of_rooms_has_each_room_once() -> None:
    table = maps()["DESIGN.md"].partition("| room | holds |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    rooms = [room_of(PurePath(name)) for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(rooms) == sorted(RANK)
    assert [RANK[room] for room in rooms] == sorted(RANK[room] for room in rooms)


def test_the_table_of_rooms_has_each_district_in_its_order() -> None:
    table = maps()["DESIGN.md"].partition("| room | holds |")[2].partition("\n\n")[0]
    for room, districts in DISTRICTS.items():
        (line,) = (line for line in table.splitlines() if line.startswith(f"| `{room}/`"))
        assert [name for name in re.findall(r"`([^`]+)`", line) if name in districts] == list(districts)


def test_the_first_drawing_names_what_is_there() -> None:
    drawing = maps()["DESIGN.md"].partition("```\n")[2].partition("```")[0]
    named = [name for name in re.findall(r"\b[a-z_]+\.[a-z_]+\b", drawing) if not name.endswith(".yaml")]
    assert len(named) > 5
    assert not [name for name in named if not resolves(name)]


def test_there_are_three_walks() -> None:
    assert len(walks()) == 3


@pytest.mark.parametrize("walk", walks().values(), ids=walks())
def test_a_walk_is_short_through_what_is_there_and_never_turns_back(walk: list[str]) -> None:
    assert 4 <= len(walk) <= STATIONS
    assert not [station for station in walk if not (PACKAGE / station).is_file()]
    assert returned_to([place_of(station) for station in walk]) == []


def test_a_walk_that_turns_back_is_seen() -> None:
    assert returned_to(["cli", "engine", "engine", "cli"]) == ["cli"]


def returned_to(places: list[str]) -> list[str]:
    """Name the rooms that are left and entered again."""
    entered = [*places[:1], *(now for before, now in pairwise(places) if now != before)]
    return [room for at, room in enumerate(entered) if room in entered[:at]]


def resolves(name: str) -> bool:
    """Say whether a dotted name is something of ours, of the register, or of a package that we stand on."""
    if name in register():
        return True
    room, _, rest = name.partition(".")
    homes = [
        ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts))
        for path in (*PACKAGE.rglob(f"{room}.py"), *PACKAGE.rglob(f"{room}/__init__.py"))
    ]
    homes = [home.removesuffix(".__init__") for home in homes]
    found = [FOREIGN[room]] if room in FOREIGN else [import_module(home) for home in homes or [room]]
    return any(hasattr(each, rest) for each in found)


@pytest.mark.parametrize("page", ["DESIGN.md", "CONTRIBUTING.md"])
def test_every_dotted_name_of_a_map_is_there(page: str) -> None:
    names = {name for name in DOTTED.findall(maps()[page]) if not NAMED.fullmatch(f"`{name}`")}
    assert not [name for name in sorted(names) if not resolves(name)]


def test_a_dotted_name_that_is_gone_is_seen() -> None:
    assert [resolves(name) for name in ("units.add_up", "units.gone", "numpy.random")] == [True, False, True]


def test_the_parts_of_the_engine_are_named_from_the_ground_up() -> None:
    table = maps()["DESIGN.md"].partition("| room | holds |")[2].partition("\n\n")[0]
    (line,) = (line for line in table.splitlines() if line.startswith("| `engine/`"))
    floors = [re.findall(r"`(\w+)`", floor) for floor in line.partition("the ground up: ")[2].split(" < ")]
    rank = {f"engine.{name}": at for at, floor in enumerate(floors) for name in floor}
    found = arrows_of(PACKAGE)
    assert len(rank) > 10
    assert [name for name in rank if name not in found] == []
    up = [(a, b) for a in rank for b in found[a] & rank.keys() if rank[b] > rank[a]]
    assert up == []
