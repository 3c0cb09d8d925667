"""What stands beside the guides: the published runs, whose figures are used, how to cite, whom to tell."""

import json
import re
from pathlib import Path

import pytest

from legalaid_sim import __version__
from legalaid_sim.yamlfile import parse
from tests.cli.shell import ROOT
from tests.docs.test_pages import script

PUBLISHED = sorted((ROOT / "results" / "published").iterdir())


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_every_published_run_stands_in_the_gallery_with_its_question_and_its_first_answer(
    folder: Path,
) -> None:
    page = (ROOT / "docs/reference/gallery.md").read_text(encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    about = manifest["scenario"]["resolved"]["about"]
    start = page.index(f"## {about['title']}\n")
    section = page[start : page.index("\n## ", start) if "\n## " in page[start:] else None]
    assert " ".join(about["question"].split()) in section
    assert f"{manifest['replications']} worlds" in section
    assert f"../../results/published/{folder.name}/report.html" in section
    # A second route to the first answer: the first asked measure, straight from the file of means.
    asked = next(iter(manifest["scenario"]["resolved"]["answer_with"]))
    rows = [line.split(",") for line in (folder / "measures.csv").read_text(encoding="utf-8").splitlines()]
    means = [float(row[2]) for row in rows if row[0] == asked and "mechanical" not in row[1]]
    answer = next(line for line in section.splitlines() if ". Means of " in line)
    parts = answer.partition(": ")[2].partition(". Means of ")[0].split("; ")
    unit = next(row[6] for row in rows if row[0] == asked)
    assert [told_in(part, unit) for part in parts] == pytest.approx(means, rel=0.05)


MINUTES = {"minutes": 1, "hours": 60, "days": 1440}


def told_in(part: str, unit: str) -> float:
    """Read a mean as it is told back in the unit of its measure: times may be told in another one."""
    shown = part.partition(" under ")[0].replace("\u2212", "-").replace(",", "").replace("£", "")
    number = re.match(r"-?[\d.]+", shown)
    assert number, part
    word = next((word for word in MINUTES if f" {word}" in shown), "")
    if unit == "share":
        return float(number[0]) / 100
    return float(number[0]) * MINUTES.get(word, 1) / (MINUTES.get(unit.split()[0], 1) if word else 1)


def test_sections_follow_names_and_not_results() -> None:
    page = (ROOT / "docs/reference/gallery.md").read_text(encoding="utf-8")
    assert re.findall(r"^`([a-z0-9-]+)`: ", page, re.M) == [folder.name for folder in PUBLISHED]


def test_every_package_that_is_installed_states_a_licence_and_none_asks_for_our_source() -> None:
    licences = script("licences")
    stated = {name: licences.licence_of(name) for name, _ in licences.pinned()}
    assert len(stated) > 10
    assert [name for name, licence in stated.items() if licence == "see its own files"] == []
    assert [name for name, licence in stated.items() if re.search(r"\bA?GPL|General Public", licence)] == []


def test_figures_of_the_crown_are_found_where_an_order_is_named() -> None:
    licences = script("licences")
    found = set(licences.of_the_crown())
    library = ROOT / "legalaid_sim/contracts/library"
    named = {
        path.relative_to(ROOT).as_posix()
        for path in library.glob("*.yaml")
        if re.search(r"\bSI \d{4}/\d+", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= found
    assert "legalaid_sim/contracts/library/relational-pilot.yaml" not in found - named
    assert "Open Government Licence v3.0" in (ROOT / "legalaid_sim/NOTICE").read_text(encoding="utf-8")


def test_the_citation_is_of_this_version() -> None:
    read = parse((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert not read.problems
    assert str(read.data["version"]) == __version__
    assert {"cff-version", "message", "title", "authors", "license"} <= set(read.data)
