"""The pages that are looked at in a browser."""

import json
from collections.abc import Callable
from pathlib import Path

from legalaid_sim.reports.studies import write_study
from tests.reports.made import compare_folder, home, hostile_folder, lived_once, run_folder
from tests.reports.test_studies import EVERY, SENSITIVITY, SHORT, named_manifest, with_slugs


@lived_once
def study_folder() -> Path:
    place = home() / "study"
    place.mkdir()
    return write_study(place / "report.html", SENSITIVITY).parent


def study_pages(place: Path) -> dict[str, Path]:
    """A page of each kind of study, in a folder of its own."""
    found = {}
    for study in EVERY:
        folder = place / study["kind"]
        folder.mkdir()
        manifest = named_manifest() if study["kind"] in ("sweep", "sensitivity", "search") else None
        if manifest is not None:
            (folder / "sweep.json").write_text(json.dumps(manifest), encoding="utf-8")
        found[study["kind"]] = write_study(
            folder / "report.html", {**with_slugs(study), "short_titles": SHORT}
        )
    return found


FOLDERS: dict[str, Callable[[], Path]] = {
    "run": run_folder,
    "compare": compare_folder,
    "hostile": hostile_folder,
    "study": study_folder,
}
