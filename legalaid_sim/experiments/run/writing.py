"""What is written of a run: its manifest, the files that went in, its curves, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.experiments.run.job import Job, evidence_of, phase_of
from legalaid_sim.experiments.run.recording import RunTally
from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.plans import MECHANICAL, RegimePlan, Written
from legalaid_sim.experiments.shared.replicate import Clauses, Curves
from legalaid_sim.experiments.shared.statistics import Estimate, Value
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import slug
from legalaid_sim.results.summary import ClauseRow, MonthRow, SummaryRow, write_clause_rows, write_monthly

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario


def write_months(
    folder: Path, scenario: "Scenario", curves: Mapping[str, Sequence[Curves]], drawn: bool = False
) -> None:
    """Write ``months.csv``: every curve under every regime, by month since the first that counts."""
    from legalaid_sim.measures.monthly import CURVES

    opens = scenario.period.lead_in_months
    rows = [
        MonthRow(
            curve.name,
            regime,
            month + 1 - opens,
            *estimate_of(values := [world[curve.name][month] for world in worlds], drawn)[:4],
            curve.unit,
            # Where worlds lie, each as much as another, and no interval.
            *_spread(values),
        )
        for curve in CURVES
        for regime, worlds in curves.items()
        if worlds and curve.name in worlds[0]
        for month in range(len(worlds[0][curve.name]))
    ]
    write_monthly(folder / "months.csv", rows)


def write_clauses(folder: Path, clauses: Mapping[str, Sequence[Clauses]], drawn: bool = False) -> None:
    """Write ``clauses.csv``: what each clause of a regime asked for in the window, over all worlds, the most first."""
    rows = [
        row
        for regime, worlds in clauses.items()
        if not regime.endswith(MECHANICAL)
        for row in _clauses_of(regime, worlds, drawn)
    ]
    write_clause_rows(folder / "clauses.csv", rows)


def _clauses_of(regime: str, worlds: Sequence[Clauses], drawn: bool) -> list[ClauseRow]:
    names = dict.fromkeys(name for world in worlds for name in world)
    nothing = (0,) * 6
    found = []
    for name in names:
        held = [world.get(name, nothing) for world in worlds]
        falls, done, late = (
            estimate_of([float(counts[at]) for counts in held], drawn).mean for at in range(3)
        )
        advisers, staff = (_from_nothing([counts[at] for counts in held], drawn) for at in (3, 4))
        both = _from_nothing([counts[3] + counts[4] for counts in held], drawn)
        paid = max(counts[5] for counts in held)
        numbers = (falls or 0.0, done or 0.0, late or 0.0)
        found.append(ClauseRow(regime, name, paid, len(worlds), *numbers, *advisers, *staff, *both))
    return sorted(found, key=lambda row: (-(row.minutes or 0.0), row.clause))


def _from_nothing(minutes: Sequence[int], drawn: bool) -> tuple[Value, Value, Value]:
    """Give mean and interval of what cannot be below 0."""
    mean, low, high, *_ = estimate_of([float(each) for each in minutes], drawn)
    return mean, None if low is None else max(low, 0.0), high


def _spread(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Give the tenth, the middle and the ninetieth of a hundred replications."""
    from legalaid_sim.measures.statistics import quantile

    held = [value for value in values if value is not None]
    return tuple(quantile(held, part) for part in (0.1, 0.5, 0.9))


def rows_of(found: Mapping[str, Mapping[str, Estimate]]) -> Iterator[SummaryRow]:
    """Lay out means by regime and measure as the rows of ``measures.csv``."""
    from legalaid_sim.measures import REGISTRY

    for name, measure in REGISTRY.items():
        for regime, means in found.items():
            told = means[name]
            yield SummaryRow(name, regime, *told[:4], measure.unit, told.pooled_of)


def manifest_of(job: Job, tally: RunTally, made: Mapping[str, Any]) -> dict[str, Any]:
    """Say what went in, what it was run with and what it gave."""
    return {
        "schema_version": manifests.SCHEMA_VERSION,
        "kind": "run",
        "scenario": {
            "name": job.path.stem,
            "title": job.scenario.about.title,
            "file": f"inputs/{job.path.name}",
            "resolved": job.scenario.model_dump(mode="json"),
        },
        "regimes": {plan.name: _regime(plan) for plan in job.plans},
        "evidence": evidence_of(job.scenario),
        "warnings": [warning.message for warning in job.warnings],
        "digests": job.digests,
        "seed": job.scenario.seed,
        "replications": len(tally.worlds),
        "stopping": {
            "at_least": job.rule.at_least,
            "at_most": job.rule.at_most,
            "measure": job.watched if job.rule.half_width is not None else None,
            "half_width": job.rule.half_width,
        },
        "logs": job.options.keep,
        "worlds": tally.worlds,
        "versions": manifests.versions(),
        "made": dict(made),
    }


def _regime(plan: RegimePlan) -> dict[str, Any]:
    return {
        "contracts": [
            {"name": written.name, "file": _resolved_name(written), "resolved": _as_json(written.data)}
            for written in plan.written()
        ],
        "practice": plan.practice.model_dump(mode="json", exclude_none=True),
        "respond": plan.respond,
        "phases": [phase_of(part) for part in plan.parts],
        "itself": len(plan.before),
    }


def _as_json(data: Any) -> Any:
    # Amounts stay the text they were written as: a JSON number would be read back as a binary fraction.
    if isinstance(data, Mapping):
        return {str(key): _as_json(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_as_json(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def _resolved_name(written: Written) -> str:
    return f"inputs/resolved/{slug(written.name)}.yaml"


def write_inputs(folder: Path, job: Job) -> None:
    """Write the files that went in as they were read, and every contract in its flat form."""
    from legalaid_sim.yamlfile import dump

    (folder / "resolved").mkdir(parents=True)
    (folder / job.path.name).write_text(job.text, encoding="utf-8", newline="\n")
    for written in (written for plan in job.plans for written in plan.written()):
        for name, text in written.files.items():
            (folder / Path(name).name).write_text(text, encoding="utf-8", newline="\n")
        (folder.parent / _resolved_name(written)).write_text(
            dump(dict(written.data)), encoding="utf-8", newline="\n"
        )
        for name, text in written.tables.items():
            (folder / "resolved" / Path(name).name).write_text(text, encoding="utf-8", newline="\n")
