"""The evidence trail: what a reviewer needs to check a result, to break it, or to get its bytes again."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import join
from typing import NamedTuple

from legalaid_sim.reports import quality, stress
from legalaid_sim.reports.figure import FigureTable
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.stress import StressItem

CHANGELOGS = (Path(__file__).parents[1] / "CHANGELOG.md", Path(__file__).parents[2] / "CHANGELOG.md")
TAG = "**moves results**"
DIGESTS_SHOWN = 20


class Moved(NamedTuple):
    """A change that moves what a run gives: the version that brought it, and what it was."""

    version: str
    text: str


class Trail(NamedTuple):
    """The whole appendix; ``said`` is its short account, which stands where it is folded."""

    said: str
    checklist: list[StressItem]
    quality: list[StressItem]
    tables: list[FigureTable]
    invariants: list[str]
    moved: list[Moved] | None
    commands: list[str]
    digests: FigureTable


def trail(material: Material) -> Trail:
    """Give the evidence trail of a run."""
    happened = quality.happenings(material)
    tables = [quality.validation_table(), quality.assumptions(material), quality.sources(material)]
    checklist, log = stress.checklist(material), quality.log_of(material)
    return Trail(
        account([*checklist, *log]),
        checklist,
        log,
        [*tables, *([happened] if happened else [])],
        quality.invariants(),
        moved_results(),
        commands(material),
        digests(material),
    )


def account(items: Sequence[StressItem]) -> str:
    """Say in a line what can be trusted: what held, what was checked, what only people could say and did not."""
    left = stress.undone(items)
    said = f"{left} of {len(items)} items nobody has said yet" if left else f"all {len(items)} items said"
    return f"{len(quality.invariants())} equalities held in every run; {quality.checks_in_words()}; {said}"


def commands(material: Material) -> list[str]:
    """Give the command that was typed, what parting typed from found would cost, and how to run the inputs again."""
    typed = [str(word) for word in material.manifest["made"]["command_line"]]
    return [plain(join(typed), 2000), "legalaid-sim why RUN_DIR --dry-run", "legalaid-sim reproduce RUN_DIR"]


def digests(material: Material) -> FigureTable:
    """Lay out the SHA-256 of what went in and of the first worlds."""
    told = material.manifest["digests"]
    rows = [[name, told[name]] for name in ("inputs", "scenario", "evidence")]
    rows += [[f"contract {plain(name)}", ", ".join(held)] for name, held in told["contracts"].items()]
    worlds = material.manifest["worlds"]
    rows += [
        [f"world {each['replication']}, seed {each['seed']}", each["digest"]]
        for each in worlds[:DIGESTS_SHOWN]
    ]
    more = len(worlds) - DIGESTS_SHOWN
    rows += [["further worlds", f"{more} more in manifest.json"]] if more > 0 else []
    return FigureTable("SHA-256 of what went in", ["what", "digest"], rows)


def moved_results() -> list[Moved] | None:
    """Give the changes marked as moving results, newest first; None where no changelog is at hand."""
    path = next((path for path in CHANGELOGS if path.is_file()), None)
    return list(_entries(path.read_text(encoding="utf-8"))) if path else None


def _entries(text: str) -> Iterator[Moved]:
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        version, _, body = section.partition("\n")
        for entry in re.split(r"^- ", body, flags=re.MULTILINE)[1:]:
            if TAG in entry:
                yield Moved(version.strip(), " ".join(entry.replace(TAG, "").split()))
