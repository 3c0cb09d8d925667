"""The pages that are looked at in a browser."""

from pathlib import Path

from legalaid_sim.reports.studies import write_study
from tests.reports.made import compare_folder, home, hostile_folder, run_folder
from tests.reports.test_studies import SENSITIVITY


def study_folder() -> Path:
    place = home() / "study"
    place.mkdir(exist_ok=True)
    return write_study(place / "report.html", SENSITIVITY).parent


FOLDERS = {"run": run_folder, "compare": compare_folder, "hostile": hostile_folder, "study": study_folder}
