"""Run a results folder again from its own inputs, and hold the new bytes against the old.

The scenario and the seed are read as the folder's manifest keeps them, the contracts as it keeps them in their
flat form, so that a library that has changed since moves nothing. The model and its register of evidence are
those of this version; where they have changed since, that is said.
"""

import json
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.compare.question import ComparisonOptions
from legalaid_sim.experiments.run.job import Job, RunOptions
from legalaid_sim.experiments.run.of_folder import job_of
from legalaid_sim.experiments.run.running import Finish, nothing_more, run
from legalaid_sim.experiments.shared.progress import Progress
from legalaid_sim.files import written_whole
from legalaid_sim.results import ResultsFolder, open_folder, open_run
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.database import DATABASE
from legalaid_sim.units import counted

MOST_NAMED = 5
TABLES = ("measures.csv", "months.csv", "clauses.csv", "differences.csv", "clients.csv")
# What of a comparison says where it was written, and nothing of what it found.
PLACED = ("results", "digests")


class TwinCheck(NamedTuple):
    """One thing held against its twin: what, whether they are the same, and where they first differ."""

    what: str
    same: bool
    where: str = ""


def reproduce(
    folder: Path,
    workers: int | None,
    progress: Progress,
    finish: Finish = nothing_more,
    complete: bool = False,
) -> Iterator[TwinCheck]:
    """Run a folder of ``run`` or ``compare`` again and say, thing by thing, whether it comes out the same.

    ``complete`` puts what the folder lacks into it, where all that it has comes out the same.

    Raises ``ResultsError`` for a folder that cannot be read, holds another kind of results, or lacks its database
    where it is not to be completed.
    """
    old = open_folder(folder)
    job, kind = job_of(old), old.manifest["kind"]
    if not complete:
        open_run(folder).reader.close()
    found = [*_inputs(old, job)]
    with TemporaryDirectory(prefix="reproduce-") as place:
        again = Path(place) / "again"
        options = RunOptions(
            replications=_worlds_asked(old), workers=workers, out=again, keep=old.manifest["logs"]
        )
        _again(old, job._replace(options=options), kind, progress, finish)
        found += _compared(old.folder, again)
        yield from found
        if complete and all(each.same for each in found):
            yield from _completed(old.folder, again)


def _completed(old: Path, again: Path) -> Iterator[TwinCheck]:
    """Put into a folder each file that it lacks."""
    for path in sorted(again.iterdir()):
        if path.is_file() and not (old / path.name).exists():
            with written_whole(old / path.name) as partial:
                shutil.copyfile(path, partial)
            yield TwinCheck(f"{path.name}, which was not there", True, "made again")


def _worlds_asked(old: ResultsFolder) -> int | None:
    # A comparison that stopped early stopped for a reason that its own worlds give again; a run by its rule.
    return int(old.manifest["replications"]) if old.manifest["kind"] == "compare" else None


def _again(old: ResultsFolder, job: Job, kind: str, progress: Progress, finish: Finish) -> None:
    if kind == "run":
        run(job, progress, finish=finish)
        return
    told = json.loads((old.folder / "comparison.json").read_text(encoding="utf-8"))
    measures = tuple(dict.fromkeys(row["measure"] for row in told["differences"]))
    best = (told["best"]["measure"], told["best"]["indifference"]) if told["best"] else None
    equal = told["equal_money"]
    # Where only those apart were lived again, or all were, the same are now.
    whole = False if equal is None else True if len(equal) == len(told["contracts"]) - 1 else None
    question = ComparisonOptions(told["baseline"], measures, None, best, whole)
    compare(job, question, progress, finish=finish)


def _inputs(old: ResultsFolder, job: Job) -> Iterator[TwinCheck]:
    told = old.manifest["digests"]
    for name in ("scenario", "evidence", "contracts"):
        same = told[name] == job.digests[name]
        yield TwinCheck(f"digest of {name}", same, "" if same else _moved(old, job, name))


def _moved(old: ResultsFolder, job: Job, name: str) -> str:
    """Say what has moved: the evidence is the one input that comes with the package and not with the folder."""
    from legalaid_sim.evidence import resolve

    if name != "evidence":
        return "the digest in the manifest is another"
    then = old.manifest["evidence"]
    resolved = resolve(job.scenario.assumptions)
    now = {path: resolved[path].model_dump(mode="json", exclude_none=True) for path in resolved}
    moved = sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))
    return f"{len(moved)} parameters of the register have changed since: {', '.join(moved[:MOST_NAMED])}"


def _compared(old: Path, new: Path) -> Iterator[TwinCheck]:
    theirs, ours = (json.loads((place / "manifest.json").read_text(encoding="utf-8")) for place in (old, new))
    yield _worlds(theirs["worlds"], ours["worlds"])
    for name in TABLES:
        if (old / name).is_file():
            yield same_text(
                name, (old / name).read_text(encoding="utf-8"), (new / name).read_text(encoding="utf-8")
            )
    if (old / "comparison.json").is_file():
        yield _same_comparison(old / "comparison.json", new / "comparison.json")
    if (old / DATABASE).is_file():
        yield same_database(old / DATABASE, new / DATABASE)


def _worlds(theirs: list[Any], ours: list[Any]) -> TwinCheck:
    apart = next((a["replication"] for a, b in zip(theirs, ours) if a != b), None)
    same = theirs == ours
    where = (
        ""
        if same
        else f"world {apart}"
        if apart
        else f"{counted(len(theirs), 'world')} then, {len(ours)} now"
    )
    worlds = counted(len(theirs), "world")
    return TwinCheck(f"digests of {worlds}", same, where)


def same_text(name: str, old: str, new: str) -> TwinCheck:
    """Hold two texts against each other, line by line.

    >>> same_text("a.csv", "1\\n2\\n", "1\\n3\\n")
    TwinCheck(what='a.csv', same=False, where="line 2: '2' then, '3' now")
    """
    if old == new:
        return TwinCheck(name, True)
    theirs, ours = old.splitlines(), new.splitlines()
    for number, (a, b) in enumerate(zip(theirs, ours), start=1):
        if a != b:
            return TwinCheck(name, False, f"line {number}: {a[:120]!r} then, {b[:120]!r} now")
    return TwinCheck(name, False, f"{len(theirs)} lines then, {len(ours)} now")


def _same_comparison(old: Path, new: Path) -> TwinCheck:
    def found(path: Path) -> str:
        told = json.loads(path.read_text(encoding="utf-8"))
        return json.dumps({key: value for key, value in told.items() if key not in PLACED}, indent=1)

    return same_text("comparison.json", found(old), found(new))


def same_database(old: Path, new: Path) -> TwinCheck:
    """Hold two databases against each other: their bytes, and where these differ, every row."""
    name = old.name
    if old.read_bytes() == new.read_bytes():
        return TwinCheck(f"{name}, every byte", True)
    with closing(_read_only(old)) as theirs, closing(_read_only(new)) as ours:
        for a, b in zip(theirs.iterdump(), ours.iterdump()):
            if a != b:
                return TwinCheck(name, False, f"{a[:120]!r} then, {b[:120]!r} now")
    return TwinCheck(f"{name}, every row (the files differ in how SQLite lays them out)", True)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def versions_apart(old: ResultsFolder) -> list[str]:
    """Name what is not at the version the folder was made with."""
    now = manifests.versions()
    return [
        f"{name} {then} then, {now.get(name)} now"
        for name, then in old.manifest["versions"].items()
        if now.get(name) != then
    ]


def machines_apart(old: ResultsFolder) -> str | None:
    """Say on which kind of machine the folder was made, where it is not of the kind of this one."""
    made = old.manifest["made"]
    then, now = machine(made["platform"], made["processor"]), machine(platform.platform(), platform.machine())
    return None if then == now else f"{then} then, {now} now; the last digits of a number may differ"


def machine(system: str, processor: str) -> str:
    """Name what of a machine can move a last digit: system, mathematical library and processor, not its kernel.

    >>> machine("Linux-6.1.0-amd64-x86_64-with-glibc2.36", "x86_64"), machine("macOS-15.1-arm64-arm-64bit", "arm64")
    ('Linux with glibc2.36 on x86_64', 'macOS on arm64')
    """
    name, _, library = system.partition("-with-")
    return f"{name.partition('-')[0]}{f' with {library}' if library else ''} on {processor}"
