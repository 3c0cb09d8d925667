"""What a sweep is, beside its rows: everything that went in, so that the folder explains itself."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.sweep.job import SweepJob
from legalaid_sim.files import write_whole
from legalaid_sim.results import manifest as manifests

NAME = "sweep.json"


def write_manifest(folder: Path, job: SweepJob) -> None:
    """Write the manifest into the folder of a sweep, where it does not stand there already.

    Versions that made rows there before, and are others than these, stay named under ``also_made_with``.
    """
    others = list(other_makers(folder))
    manifest = {**sweep_manifest(job), **({"also_made_with": others} if others else {})}
    text, place = manifests.to_text(manifest), folder / NAME
    if not place.is_file() or place.read_text(encoding="utf-8") != text:
        write_whole(place, text)


def other_makers(folder: Path) -> Iterator[Mapping[str, str | None]]:
    """Give the versions, other than those at work, that the manifest of a folder names as its makers."""
    place = folder / NAME
    if not place.is_file():
        return
    try:
        before = json.loads(place.read_text(encoding="utf-8"))
    except ValueError:
        return
    ours = manifests.versions()
    for versions in (*before.get("also_made_with", ()), before.get("versions", ours)):
        if versions != ours:
            yield versions


def told(folder: Path) -> Iterator[str]:
    """Say, for each other maker of the rows of a folder, in which versions it differs from this one."""
    ours = manifests.versions()
    for versions in other_makers(folder):
        theirs = [name for name in ours if versions.get(name) != ours[name]]
        made, here = (" and ".join(f"{name} {of.get(name)}" for name in theirs) for of in (versions, ours))
        yield f"rows in {folder} were made with {made}, and this is {here}; {NAME} names both"


def sweep_manifest(job: SweepJob) -> dict[str, Any]:
    """Give the manifest: the same for the same sweep, wherever and whenever it is carried out."""
    from legalaid_sim.measures import REGISTRY

    swept = job.sweep
    return {
        "schema_version": manifests.SCHEMA_VERSION,
        "kind": "sweep",
        "name": job.path.stem,
        "title": swept.title,
        "reading": swept.reading,
        "scenario": {"file": swept.scenario, "resolved": job.scenario.model_dump(mode="json")},
        "contracts": {plan.name: [_plain(written.data) for written in plan.contracts] for plan in job.plans},
        "vary": [axis.model_dump(mode="json", exclude_defaults=True) for axis in swept.vary],
        "axes": [target.name for target in job.targets],
        "method": swept.method,
        "points": job.points,
        "replications": swept.replications,
        **({"first_worlds": list(job.first_worlds)} if job.first_worlds else {}),
        "seed": swept.seed,
        "runs": job.runs,
        "measures": {name: REGISTRY[name].unit for name in job.task.measures},
        "engine": engine_version(),
        "versions": manifests.versions(),
    }


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)
