"""Where a study comes from: what was varied, in which worlds, by which command; read from the folder of its rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import join
from typing import Any, NamedTuple

from legalaid_sim.reports.figure import FigureTable
from legalaid_sim.reports.finding import listed, plain
from legalaid_sim.reports.titles import clause_in_short, places_of, titles_of
from legalaid_sim.results.manifest import digest
from legalaid_sim.units import counted

MANIFEST = "sweep.json"
LONG = 4000
Data = Mapping[str, Any]


class Provenance(NamedTuple):
    """What stands at the head of a study's page, and the evidence trail at its foot."""

    title: str
    varied: str
    worlds: str
    command: str
    trail: FigureTable
    manifest: Data


def provenance(folder: Path, data: Data) -> Provenance:
    """Tell where a study comes from, by its own object and by the manifest of its rows where one lies beside it."""
    path = folder / MANIFEST
    held: Data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    about = held.get("scenario", {}).get("resolved", {}).get("about", {})
    name = data.get("scenario") or data.get("sweep") or data.get("contract") or ""
    own = held.get("title") if data["kind"] == "sweep" else None
    title = data.get("title") or own or about.get("title") or held.get("title") or name
    axes = list(held.get("axes") or data.get("parameters") or data.get("clauses") or ())
    places = places_of(held, titles_of(data, held))
    words = [places.get(axis) or clause_in_short(axis) for axis in axes]
    varied = f"Varied: {listed(words)}." if axes else ""
    seed = held.get("seed") if held.get("seed") is not None else data.get("seed")
    command = plain(join(_command(data, held)), LONG)
    rows = list(_rows(data, held, axes, seed, command))
    return Provenance(
        plain(title, 200),
        varied,
        _worlds(data, held, seed),
        command,
        FigureTable("Evidence trail", ["what", "which"], rows),
        held,
    )


def _worlds(data: Data, held: Data, seed: int | None) -> str:
    fresh, worlds = data.get("fresh_worlds"), held.get("replications") or data.get("worlds")
    parts = [
        *([f"{counted(fresh, 'fresh world')} for the best"] if fresh else []),
        *([f"{counted(worlds, 'world')} at every point"] if worlds and not fresh else []),
        *([f"seed {seed}"] if seed is not None else []),
    ]
    return ", ".join(parts)


def _command(data: Data, held: Data) -> Iterator[str]:
    """Give the command that makes the study again; objects of older versions do not say with which options."""
    kind = str(data["kind"])
    scenario = held.get("scenario", {}).get("file") or f"{data.get('scenario', 'SCENARIO')}.yaml"
    verb = "attribute" if kind == "attribution" else kind
    yield from ("legalaid-sim", verb, f"{data['sweep']}.yaml" if kind == "sweep" else str(scenario))
    yield from data.get("asked", ())


def _rows(data: Data, held: Data, axes: Sequence[str], seed: int | None, command: str) -> Iterator[list[str]]:
    yield ["command", command]
    if seed is not None:
        yield ["seed", str(seed)]
    for key in ("method", "points", "replications", "runs"):
        if (value := held.get(key) or data.get(key)) is not None:
            yield [key, f"{value:,}" if isinstance(value, int) else plain(value)]
    for place, axis in enumerate(axes):
        vary = held.get("vary", ())
        how = json.dumps(vary[place], ensure_ascii=False) if len(vary) == len(axes) else "varied"
        yield [f"varied: {plain(axis)}", plain(how, LONG)]
    if held:
        yield [
            "scenario",
            f"{plain(held['scenario']['file'])}, SHA-256 {digest(held['scenario']['resolved'])}",
        ]
        for name, body in held["contracts"].items():
            yield [f"contract {plain(name)}", f"SHA-256 {digest(body)}"]
        yield ["engine", str(held["engine"])]
        for name, version in held["versions"].items():
            yield [f"version of {name}", str(version)]
