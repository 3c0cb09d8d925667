"""What is in the folder: contracts with the state of their check, scenarios, runs; and new contracts to begin with."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from legalaid_sim.contracts.language.load import LIBRARY, library_names
from legalaid_sim.errors import ResultsError
from legalaid_sim.results.folder import slug
from legalaid_sim.studio.editing import as_shown
from legalaid_sim.studio.folder import Folder
from legalaid_sim.studio.looking import LookBeside, TextAsked, look_at_text
from legalaid_sim.studio.shapes import begun, read_answers, shapes
from legalaid_sim.studio.worker import NotLookedAt, TooLong, Worker
from legalaid_sim.yamlfile import parse, substituted

KIND = re.compile(r"^kind:[ \t]*['\"]?([a-z_]+)", re.M)


class Card(NamedTuple):
    """A contract on the shelf; ``look`` is None until it was looked at."""

    name: str
    look: LookBeside | None = None
    wrong: str = ""


class Shelf(NamedTuple):
    """What is in the folder, and what new contracts can be begun from."""

    cards: tuple[Card, ...]
    scenarios: tuple[str, ...]
    runs: tuple[str, ...]
    library: tuple[str, ...]
    shapes: tuple[tuple[str, str], ...]


def kind_of_file(folder: Folder, name: str) -> str:
    """Say what a YAML file says it is; empty where it does not say, or cannot be read."""
    try:
        found = KIND.search(as_shown(folder.read(name).text))
    except ResultsError:
        return ""
    return found[1] if found else ""


def shelf_of(folder: Folder, worker: Worker | None = None) -> Shelf:
    """Give what is in the folder; contracts are looked at where a worker is given."""
    kinds = {name: kind_of_file(folder, name) for name in folder.names()}
    cards = [name for name, kind in kinds.items() if kind in ("contract", "change", "")]
    return Shelf(
        tuple(Card(name) if worker is None else card_of(folder, worker, name) for name in cards),
        tuple(name for name, kind in kinds.items() if kind == "scenario"),
        tuple(folder.runs()),
        library_names(),
        tuple((name, shape.title) for name, shape in shapes().items()),
    )


def card_of(folder: Folder, worker: Worker, name: str) -> Card:
    """Look at one contract."""
    try:
        text = as_shown(folder.read(name).text)
        look: LookBeside = worker.ask(look_at_text, TextAsked(str(folder.root), name, text, text))
    except (ResultsError, TooLong, NotLookedAt) as error:
        return Card(name, None, str(error))
    return Card(name, look)


def made_new(folder: Folder, sent: Mapping[str, str]) -> str:
    """Write a new contract, of a shape, built on another or a copy of it, and give its name.

    Raises ``ResultsError`` where there is such a file already, or nothing to begin from.
    """
    shape = sent.get("shape", "")
    if shape:
        answers = read_answers(sent)
        folder.add(f"{answers.name}.yaml", begun(shape, answers))
        return f"{answers.name}.yaml"
    parent, called = sent.get("library", ""), sent.get("called", "").strip()
    if not called or not (parent in library_names() or parent in folder.names()):
        raise ResultsError("a new contract", "needs a name, and a contract to begin from")
    name = f"{slug(PurePosixPath(called).name)}.yaml"
    stem = name.removesuffix(".yaml")
    if sent.get("how") == "copy":
        folder.add(name, _copied(folder, parent, stem))
    else:
        built_on = parent.removesuffix(".yaml")
        folder.add(name, f"kind: contract\nschema_version: 1\ncontract: {stem}\nextends: {built_on}\n")
    return name


def _copied(folder: Folder, source: str, stem: str) -> str:
    """Give the text of a contract under another name, with every comment where it was."""
    library = LIBRARY / f"{source}.yaml"
    text = as_shown(
        library.read_text(encoding="utf-8") if source in library_names() else folder.read(source).text
    )
    if parse(text).problems:
        raise ResultsError(source, "cannot be read as it stands, so it is not copied")
    return substituted(text, {("contract",): stem})
