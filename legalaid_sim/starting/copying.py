"""Copy a scenario to another place: its comments stay, what it names is still found, its title is new."""

import os
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import ERROR, Problem, UnreadableFile
from legalaid_sim.yamlfile import Path, substituted

# The scenarios that come with the source; an installed package has none.
SHIPPED = FilePath(__file__).parents[2] / "scenarios"
TRIED, SINGLE, LISTED = ("contracts", "before", "agencies"), ("contract", "before"), ("contracts", "beside")


def find_scenario(name: str) -> FilePath:
    """Find a scenario by its path, or by its name in ./scenarios, here, or beside the source of this package.

    Raises:
        UnreadableFile: there is none; the message gives the nearest name and says where it was looked for.
    """
    places = [place for place in (FilePath("scenarios"), FilePath(), SHIPPED) if place.is_dir()]
    near = (place / f"{name}{ending}" for place in places for ending in ("", ".yaml"))
    found = next((path for path in (FilePath(name), *near) if path.is_file()), None)
    if found is not None:
        return found
    known = sorted({path.stem for place in places for path in place.glob("*.yaml")})
    looked = ", ".join(f"'{place}'" for place in dict.fromkeys(places))
    help_text = (
        f"It was looked for in {looked}; an installed package has no scenarios with it: "
        "give the path of a file."
    )
    message = f"there is no scenario '{name}'.{did_you_mean(name, known)}"
    raise UnreadableFile((Problem("CS000", "unreadable", ERROR, message, name, help=help_text),))


def copied(source: FilePath, place: FilePath) -> str:
    """Give the text of a scenario as it should stand at ``place``: contracts found from there, and a title of its own.

    Raises:
        ScenarioError: the source has errors; all of them.
        UnreadableFile: it cannot be read.
    """
    from legalaid_sim.scenario import read_scenario

    file = read_scenario(source)
    texts = {path: seen_from(place, found) for path, found in _files(file.document.data, source.parent)}
    texts["about", "title"] = f"{_words(place.stem)}, after: {file.scenario.about.title}"
    return f"# A copy of {source.name}: change what you know.\n{substituted(file.text, texts)}"


def _words(stem: str) -> str:
    return stem.replace("-", " ").replace("_", " ").strip().capitalize() or "A copy"


def _files(data: Any, folder: FilePath, path: Path = ()) -> Iterator[tuple[Path, FilePath]]:
    """Give the place of every contract that is named by a file beside the scenario, with the file."""
    from legalaid_sim.contracts.language.load import library_names

    if isinstance(data, str):
        named = path[-1] in SINGLE or (path[-2:-1] and path[-2] in LISTED)
        if named and data not in library_names():
            near = (folder / f"{data}{ending}" for ending in ("", ".yaml"))
            yield from ((path, file) for file in near if file.is_file())
        return
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        if path or key in TRIED:
            yield from _files(value, folder, (*path, key))


def seen_from(place: FilePath, file: FilePath) -> str:
    """Write where a file stands as seen from the folder of ``place``; in full where there is no way."""
    try:
        return FilePath(os.path.relpath(file.resolve(), place.parent.resolve())).as_posix()
    except ValueError:  # another drive
        return file.resolve().as_posix()
