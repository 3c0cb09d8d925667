"""What a sweep is, beside its rows: everything that went in, so that the folder explains itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from legalaid_sim.experiments.engine_version import engine_version
from legalaid_sim.results import manifest as manifests

if TYPE_CHECKING:
    from legalaid_sim.experiments.sweeping import SweepJob


def sweep_manifest(job: "SweepJob") -> dict[str, Any]:
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
