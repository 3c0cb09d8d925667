"""What the terminal shows of a sweep: what it would do, what it did, what it found."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.experiments.sweep.reading import PointSpread, means_of, spreads
from legalaid_sim.reports.columns import wrapped
from legalaid_sim.reports.comparison import set_out
from legalaid_sim.reports.console import shown_path
from legalaid_sim.reports.numbers import number, signed
from legalaid_sim.units import add_up, counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.sweep.job import SweepJob
    from legalaid_sim.experiments.sweep.sweeping import Outlook, Swept

MINUTE, HOUR, DAY = 60, 3600, 86_400
MOST_ALONG = 3
JSON_VERSION = 2
TOLD = ("more", "less", "no matter", "not told")
LEGEND = (
    "5 % to 95 %: over points; noise: the standard error that the worlds leave to a point; more, less: the "
    "points at which a 95 % interval over the worlds tells it (one in twenty by chance); no matter: it lies within the "
    "smallest difference that matters"
)


def render_outlook(job: "SweepJob", seen: "Outlook") -> str:
    """Show what a sweep would do."""
    swept = job.sweep
    lines = [
        f"{swept.title or job.path.stem}: {counted(seen.points, 'point')} by {swept.method}, "
        f"{len(swept.vary)} varied, {counted(seen.worlds, 'world')} each, "
        f"{counted(len(seen.contracts), 'contract')} ({', '.join(seen.contracts)})",
        *(f"  {target.name}" for target in job.targets),
        f"{counted(seen.runs, 'run')}; {seen.done:,} done already, {seen.runs - seen.done:,} to do",
    ]
    if seen.seconds is not None:
        places = "1 process" if seen.workers == 1 else f"{seen.workers} processes"
        lines.append(f"about {duration(seen.seconds)} on {places}, by the time of the first")
    return "\n".join(lines)


def outlook_object(job: "SweepJob", seen: "Outlook") -> dict[str, Any]:
    """Give what a sweep would do as plain data."""
    return {"schema_version": JSON_VERSION, "kind": "sweep-plan", "sweep": job.path.stem, **seen._asdict()}


def render_swept(job: "SweepJob", done: "Swept") -> str:
    """Show what a sweep did, what it found, and where it is."""
    saved = add_up(done.counts.values())
    merged = f", {done.merged:,} merged from shards" if done.merged else ""
    there = f"{saved:,} of {counted(done.runs, 'run')} there; {done.now:,} done now{merged}"
    head = f"{job.sweep.title or job.path.stem}\n{there}"
    parts = [
        head,
        _failures(done),
        _found(job, done),
        f"rows in {shown_path(done.database)}, table runs",
    ]
    return "\n\n".join(part for part in parts if part)


def swept_object(job: "SweepJob", done: "Swept") -> dict[str, Any]:
    """Give what a sweep did as plain data, as docs/json.md describes it."""
    names = [plan.name for plan in job.plans]
    return {
        "schema_version": JSON_VERSION,
        "kind": "sweep",
        "sweep": job.path.stem,
        "warnings": [problem.message for problem in job.warnings],
        "database": str(done.database),
        "runs": done.runs,
        "counts": dict(done.counts),
        "done_now": done.now,
        "merged": done.merged,
        "seconds": round(done.seconds, 3),
        "differences": [
            _as_data(spread)
            for spread in spreads(
                done.database,
                names,
                headlines(job),
                job.scenario.answer_with,
                done.keys,
                job.scenario.ignorance,
            )
        ],
    }


def swept_along(job: "SweepJob", done: "Swept") -> dict[str, Any]:
    """Give what was asked along every axis, for the page; nothing that another object needs."""
    from legalaid_sim.experiments.sweep.reading import along, maps

    names = [plan.name for plan in job.plans]
    asked = [name for name in headlines(job) if name in job.scenario.answer_with] or headlines(job)
    held = (done.database, asked[:MOST_ALONG], names, done.keys, job.scenario.ignorance)
    return {
        "along": [each._asdict() for each in along(*held)],
        "maps": [each._asdict() for each in maps(*held)],
    }


def headlines(job: "SweepJob") -> list[str]:
    """Name the measures to show: those that the sweep names, the headline ones where it keeps all."""
    from legalaid_sim.measures import HEADLINES

    return list(job.task.measures) if job.sweep.measures else [measure.name for measure in HEADLINES]


def duration(seconds: float) -> str:
    """Say a length of time in words.

    >>> duration(40), duration(600), duration(7200), duration(200_000)
    ('40 s', '10 min', '2.0 h', '2.3 days')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * MINUTE:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} days"


def _failures(done: "Swept") -> str:
    from contextlib import closing

    from legalaid_sim.experiments.sweep.store import read_only

    if not done.failed:
        return ""
    query = (
        "SELECT status, contract, reason, COUNT(*) FROM runs WHERE status != 'ok' "
        "GROUP BY status, contract, reason ORDER BY COUNT(*) DESC LIMIT 5"
    )
    with closing(read_only(done.database, done.keys)) as database:
        lines = [
            f"  {count:,} {status} ({name}): {why}" for status, name, why, count in database.execute(query)
        ]
    return "\n".join([f"{counted(done.failed, 'run')} did not end well; --again tries once more", *lines])


def _found(job: "SweepJob", done: "Swept") -> str:
    names = [plan.name for plan in job.plans]
    measures = headlines(job)
    if len(names) == 1:
        return _means(done.database, measures, names, done.keys)
    asked, drawn = job.scenario.answer_with, job.scenario.ignorance
    held = list(spreads(done.database, names, measures, asked, done.keys, drawn))
    return "\n\n".join(
        _difference(name, names[0], [s for s in held if s.contract == name]) for name in names[1:]
    )


def _means(database: Path, measures: Sequence[str], names: Sequence[str], keys: Collection[str]) -> str:
    from legalaid_sim.measures import REGISTRY

    rows = [["", "", *names]]
    for measure in measures:
        means = means_of(database, measure, keys)
        unit = REGISTRY[measure].unit
        rows.append([measure, unit, *(number(means.get(n), unit) for n in names)])
    return f"mean over all points and worlds\n{set_out(rows)}"


def _difference(name: str, baseline: str, held: Sequence[PointSpread]) -> str:
    from legalaid_sim.measures import REGISTRY

    head = ["", "", "5 %", "median", "95 %", "noise", "median change", "change in all", *TOLD]
    rows = [head]
    for spread in held:
        unit = REGISTRY[spread.measure].unit
        low, _, middle, _, high = spread.quantiles or (None,) * 5
        relative = f"{spread.relative[2]:+.0%}" if spread.relative else "–"
        total = f"{spread.total:+.0%}" if spread.total is not None else "–"
        told = (spread.more, spread.less, spread.no_matter, spread.untold)
        rows.append(
            [
                spread.measure,
                unit,
                signed(low, unit),
                signed(middle, unit),
                signed(high, unit),
                number(spread.noise, unit),
                relative,
                total,
                *("–" if share is None else f"{share:.0%}" for share in told),
            ]
        )
    points = max((spread.points for spread in held), default=0)
    return f"{name} less {baseline}, over {counted(points, 'point')}\n{set_out(rows)}\n{wrapped(LEGEND)}"


def _as_data(spread: PointSpread) -> dict[str, Any]:
    return {**spread._asdict(), "mean": spread.mean.as_data()}
