"""The page of published runs, from their manifests and means."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "results" / "published"
WHERE = "../../results/published"
ABOUT = """\
# Published runs

What the shipped scenarios give, in the order of their names. Every agency here is made up. Read what differs between
contracts, not how high a number is, and read it [with its interval](../reading.md). Each folder in `results/published`
holds the report, the means of every measure and what went in. The rest, logs and months, is made by one command that
also holds what is there against what comes out: `legalaid-sim reproduce results/published/NAME --complete`.
To begin from one of them: `legalaid-sim init my-town.yaml --from NAME`.
"""


def gallery_page(made: str) -> str:
    """Give the page, a section a folder; ``made`` is its first line."""
    return "\n".join([made, ABOUT, *(section(folder) for folder in sorted(PUBLISHED.iterdir()))])


def section(folder: Path) -> str:
    """Give title, question and the first answer of a published run, and where its pages are."""
    from legalaid_sim.results.summary import read_summary

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    scenario = manifest["scenario"]["resolved"]
    rows = read_summary(folder / "measures.csv")
    asked = next(iter(scenario["answer_with"]))
    links = [
        f"[{words}]({WHERE}/{folder.name}/{name})"
        for words, name in (
            ("report", "report.html"),
            ("two pages", "summary.html"),
            ("means", "measures.csv"),
        )
        if (folder / name).exists()
    ]
    return (
        f"## {scenario['about']['title']}\n\n*{' '.join(scenario['about']['question'].split())}*\n\n"
        f"{answered(asked, rows, manifest)}\n\n`{folder.name}`: {', '.join(links)}\n"
    )


def answered(measure: str, rows: Iterable[Any], manifest: Mapping[str, Any]) -> str:
    """Say a measure under every contract, lived as the scenario says, in the scenario's order, with its interval."""
    from legalaid_sim.experiments.shared.plans import MECHANICAL
    from legalaid_sim.experiments.shared.statistics import Estimate
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.reports.numbers import spread_shown
    from legalaid_sim.reports.titles import short_titles, titled

    found = {row.regime: row for row in rows if row.measure == measure}
    told = []
    called = titled(manifest["regimes"], short_titles(_contracts(manifest)))
    for regime in (name for name in manifest["regimes"] if not name.endswith(MECHANICAL)):
        row, unit = found[regime], REGISTRY[measure].unit
        level = spread_shown(Estimate(row.mean, row.low, row.high, row.n), unit)
        told.append(f"{level} under {called[regime]}")
    worlds, months = manifest["replications"], manifest["scenario"]["resolved"]["period"]["months"]
    label = REGISTRY[measure].label
    return f"{label[0].upper()}{label[1:]}: {'; '.join(told)}. Means of {worlds} worlds over {months} months."


def _contracts(manifest: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    return {
        name: [each["resolved"] for each in body["contracts"]] for name, body in manifest["regimes"].items()
    }
