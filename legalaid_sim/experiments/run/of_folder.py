"""What a results folder was run with, read from the folder alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from legalaid_sim.errors import ResultsError
from legalaid_sim.experiments.run.job import Job, digests_of
from legalaid_sim.experiments.shared.plans import RegimePlan, read_written
from legalaid_sim.experiments.shared.stopping import Rule, exactly
from legalaid_sim.results import ResultsFolder

NEEDED = ("kind", "scenario", "regimes", "digests", "replications", "stopping", "logs", "worlds", "versions")


def job_of(old: ResultsFolder) -> Job:
    """Give what a folder was run with, from the folder alone."""
    from legalaid_sim.scenario.model import Scenario

    told = old.manifest
    missing = [name for name in NEEDED if name not in told]
    if missing:
        words = f"holds no '{missing[0]}' in its manifest: it is damaged or was made by another version"
        raise ResultsError(str(old.folder), words)
    if told["kind"] not in ("run", "compare"):
        raise ResultsError(
            str(old.folder), f"holds a {told['kind']}; only a run or a comparison is run again"
        )
    try:
        scenario = Scenario.model_validate(told["scenario"]["resolved"])
    except ValueError as error:
        words = f"holds a scenario that this version cannot read; version {told['versions']['legalaid-sim']} made it"
        raise ResultsError(str(old.folder), words) from error
    plans = tuple(_plan(old, name) for name in old.regimes)
    path = old.folder / told["scenario"]["file"]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ResultsError(str(path), "is missing: the folder is not complete") from error
    digests = digests_of(scenario, plans, None)
    return Job(path, text, scenario, plans, _rule(told), told["stopping"]["measure"], digests)


def _plan(old: ResultsFolder, name: str) -> RegimePlan:
    from legalaid_sim.scenario.regimes import Practice

    told = old.manifest["regimes"][name]
    if "phases" not in told:
        raise ResultsError(
            str(old.folder), "was made by a version that knew no switch of contracts: run it again"
        )
    held = {each["name"]: read_written(old.folder / each["file"]) for each in told["contracts"]}
    parts = [
        RegimePlan(
            name,
            tuple(held[contract] for contract in phase["contracts"]),
            Practice.model_validate(phase["practice"]),
            tuple((owner, held[contract]) for owner, contract in phase["own"].items()),
            phase["respond"],
            date.fromisoformat(phase["starts"]) if phase["starts"] else None,
        )
        for phase in told["phases"]
    ]
    at = int(told["itself"])
    return replace(parts[at], before=tuple(parts[:at]), after=tuple(parts[at + 1 :]))


def _rule(told: Mapping[str, Any]) -> Rule:
    stopping = told["stopping"]
    if told["kind"] == "compare" or stopping["half_width"] is None:
        return exactly(told["replications"])
    drawn = bool(told["scenario"]["resolved"].get("ignorance"))
    return Rule(stopping["at_least"], stopping["at_most"], stopping["half_width"], drawn)
