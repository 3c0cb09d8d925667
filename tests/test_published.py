"""Published results are those of the scenarios as they stand, and running them again gives the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
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


def reproduced(folder: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "legalaid_sim", "reproduce", str(folder)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=1200)


@pytest.mark.long
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_the_same_bytes_come_out_again(folder: Path) -> None:
    done = reproduced(folder)
    assert done.returncode == 0, done.stdout + done.stderr
