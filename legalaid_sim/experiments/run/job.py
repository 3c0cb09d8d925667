"""A run that is ready to begin: what was asked for, the scenario file read once, its contracts, when to stop."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import ERROR, ContractError, Problem, Refusal, ScenarioError
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.plans import RegimePlan, Written, plans_of, with_mechanical
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Keep
from legalaid_sim.experiments.shared.stopping import Rule, exactly
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import place_for
from legalaid_sim.scenario import Scenario, read_scenario


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the caller asked for beside the scenario; None and empty leave it to the scenario.

    ``ignorance`` draws what is unknown even where the scenario takes its assumptions as known.
    """

    contracts: tuple[str, ...] = ()
    # Three numbers by place could be swapped in silence.
    _: KW_ONLY
    replications: int | None = None
    seed: int | None = None
    workers: int | None = None
    out: Path | None = None
    root: Path = Path("results")
    keep: Keep = "first"
    ignorance: bool = False


class Job(NamedTuple):
    """A run that is ready to begin: everything read, compiled once and found to be in order.

    ``options`` are what it was made for, so that a job and what is asked of it are one thing.
    """

    path: Path
    text: str
    scenario: Scenario
    plans: tuple[RegimePlan, ...]
    rule: Rule
    watched: str | None
    digests: Mapping[str, Any]
    options: RunOptions = RunOptions()
    warnings: tuple[Problem, ...] = ()


def prepare(path: Path, options: RunOptions, tell: Tell = untold) -> Job:
    """Read and check everything that a run needs, before anything is written or started; ``tell`` what is doubtful."""
    file = read_scenario(path)
    if options.seed is not None:
        file = file.but(seed=options.seed)
    if options.ignorance:
        file = file.but(ignorance=True)
    scenario = file.scenario
    tried = plans_of(scenario, file.folder, options.contracts)
    warnings = ready(file, tried, tell)
    plans = with_mechanical(tried, scenario)
    watched = scenario.replications.until.measure if scenario.replications.until else None
    named = {"replications.until.measure": watched, **{f"answer_with.{n}": n for n in scenario.answer_with}}
    unknown = [
        (place, name) for place, name in named.items() if name is not None and name not in measure_names()
    ]
    if unknown:
        raise ScenarioError(tuple(_unknown_measure(path, name, place) for place, name in unknown))
    digests = digests_of(scenario, plans, options.replications)
    rule = rule_of(scenario, options)
    return Job(file.path, file.text, scenario, plans, rule, watched, digests, options, warnings)


def rule_of(scenario: Scenario, options: RunOptions) -> Rule:
    """Say when to stop: at the number asked for on the command line, else as the scenario says."""
    asked, until = scenario.replications, scenario.replications.until
    if options.replications is not None:
        return exactly(options.replications)
    if until is None:
        return exactly(asked.at_least)
    return Rule(asked.at_least, asked.at_most, until.half_width, scenario.ignorance)


def place_of(job: Job, stamp: str) -> Path:
    """Give the folder to write: the one asked for, or one named by the scenario, the moment and what went in."""
    options = job.options
    return (
        options.out
        if options.out is not None
        else place_for(options.root, job.path.stem, stamp, job.digests["inputs"])
    )


def resumed_by(kind: str, job: Job, *more: str) -> str:
    """Give the digest of all that must be equal for worlds to be taken over from a run that was interrupted."""
    return manifests.digest(
        [kind, job.digests["inputs"], engine_version(), manifests.versions(), job.options.keep, *more]
    )


def measure_names() -> tuple[str, ...]:
    """Name every measure, in the order of the registry."""
    from legalaid_sim.measures import REGISTRY

    return tuple(REGISTRY)


def digests_of(scenario: Scenario, plans: Sequence[RegimePlan], replications: int | None) -> dict[str, Any]:
    """Give the SHA-256 of everything that goes into a run, as the manifest keeps them."""
    contracts = {plan.name: [_digest_of(written) for written in plan.written()] for plan in plans}
    practices = {plan.name: [phase_of(part) for part in plan.parts] for plan in plans}
    said = manifests.digest(scenario.model_dump(mode="json"))
    evidence = manifests.digest(evidence_of(scenario))
    whole = [said, evidence, contracts, practices, replications, manifests.versions()["legalaid-sim"]]
    return {"inputs": manifests.digest(whole), "scenario": said, "evidence": evidence, "contracts": contracts}


def _digest_of(written: Written) -> str:
    try:
        return written.compiled().digest
    except Refusal as refusal:
        file = next(iter(written.files), written.name)
        words = f"the contract cannot be worked out: {refusal}"
        raise ContractError((Problem("CR030", "unknown-id", ERROR, words, file=file),)) from refusal


def evidence_of(scenario: Scenario) -> dict[str, Any]:
    """Give every parameter of the register as the scenario has it."""
    from legalaid_sim.evidence import resolve

    resolved = resolve(scenario.assumptions)
    return {path: resolved[path].model_dump(mode="json", exclude_none=True) for path in resolved}


def _unknown_measure(path: Path, name: str, where: str) -> Problem:
    from difflib import get_close_matches

    near = get_close_matches(name, measure_names(), 1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    words = f"{where} is '{name}', which is no measure.{hint}"
    remedy = "`legalaid-sim list measures` gives them all"
    return Problem("SR002", "unknown-measure", ERROR, words, file=str(path), path=where, help=remedy)


def phase_of(part: RegimePlan) -> dict[str, Any]:
    """Give what is in force from a day on by the names of its contracts."""
    return {
        "starts": part.starts.isoformat() if part.starts else None,
        "contracts": [written.name for written in part.contracts],
        "practice": part.practice.model_dump(mode="json", exclude_none=True),
        "own": {name: written.name for name, written in part.own},
        "respond": part.respond,
    }
