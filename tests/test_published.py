"""Published results are those of the scenarios as they stand, and running them again gives the same bytes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEPT = frozenset({"inputs", "manifest.json", "measures.csv", "report.html"})
PUBLISHED = sorted((ROOT / "results" / "published").iterdir())


def test_every_scenario_has_a_published_result() -> None:
    assert [folder.name for folder in PUBLISHED] == sorted(
        path.stem for path in (ROOT / "scenarios").glob("*.yaml")
    )


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_it_was_made_from_the_scenario_as_it_stands(folder: Path) -> None:
    scenario = ROOT / "scenarios" / f"{folder.name}.yaml"
    assert (folder / "inputs" / scenario.name).read_text(encoding="utf-8") == scenario.read_text(
        encoding="utf-8"
    )
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["kind"] == "run"


def test_what_is_kept_of_a_result_is_what_a_reader_opens() -> None:
    """Logs and months are made again by ``reproduce --complete``, so that no measure that is added rewrites them."""
    listed = subprocess.run(
        ["git", "ls-files", PUBLISHED[0].parent], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("no repository")
    kept = {parts[3] for line in listed.stdout.splitlines() if (parts := line.split("/"))}
    assert kept == KEPT


def reproduced(folder: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "legalaid_sim", "reproduce", str(folder), "--complete"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=1200)


@pytest.mark.long
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_the_same_bytes_come_out_again_and_the_rest_with_them(folder: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(folder, tmp_path / folder.name))
    done = reproduced(place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place / "run.sqlite").is_file()
    assert (place / "months.csv").is_file()
