"""``legalaid-sim compare``: contracts on the same worlds, with how sure each difference is."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.ink import inked
from legalaid_sim.cli.telling import tell_scorecard, warn

if TYPE_CHECKING:
    from legalaid_sim.experiments.compare.comparison import ComparisonResult
    from legalaid_sim.experiments.compare.guards import GuardConditions

FAILED = 1


def _pair(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, float] | None:
    """Read a measure and a number, written ``continuity.coc=0.01``."""
    if value is None:
        return None
    measure, _, number = value.partition("=")
    try:
        size = float(number)
    except ValueError:
        size = 0.0
    if measure.strip() and size > 0:
        return measure.strip(), size
    words = f"'{value}' is not a measure and a number above 0, such as continuity.coc=0.01"
    raise click.BadParameter(words, ctx, param)


@click.command("compare")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contracts("Compare this contract; repeat it. The scenario's own where none is named.")
@click.option(
    "-b", "--baseline", metavar="NAME", help="Compare with this one; the first where it is left out."
)
@options.measures("Look at this measure; repeat it. The headline measures where none is named.")
@options.replications()
@click.option(
    "--until",
    callback=_pair,
    metavar="MEASURE=HALF",
    help="Stop when every difference of MEASURE is known to ± HALF (95 %).",
)
@click.option(
    "--best",
    callback=_pair,
    metavar="MEASURE=DELTA",
    help="Find the best contract by MEASURE (95 %); differences under DELTA do not matter.",
)
@options.seed()
@options.workers()
@options.out()
@click.option(
    "--fail-if",
    metavar="CONDITION",
    help="End with status 1 when this holds of a difference, such as 'continuity.coc < -0.05'.",
)
@click.option(
    "--ignorance",
    is_flag=True,
    help="Let each world draw what is only assumed or guessed, and tell both ranges.",
)
@click.option(
    "--equal-money/--no-equal-money",
    default=None,
    help="Live contracts again with their amounts times a factor, so that the payer comes to owe the same: all, or "
    "none; where it is not said, those more than 5 % apart.",
)
@options.scorecard()
@options.as_json()
@options.quiet()
def command(
    scenario: Path,
    contracts: tuple[str, ...],
    baseline: str | None,
    measures: tuple[str, ...],
    replications: int | None,
    until: tuple[str, float] | None,
    best: tuple[str, float] | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    fail_if: str | None,
    ignorance: bool,
    equal_money: bool | None,
    scorecard: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim compare scenarios/canning-town-2008.yaml
      legalaid-sim compare my.yaml -c unified-contract-2007 -c relational-pilot --until continuity.coc=0.01
      legalaid-sim compare my.yaml -c old.yaml -c new.yaml --fail-if "high(continuity.coc) < 0"

    Live SCENARIO in the same worlds under two contracts or more. Print the paired differences from the
    baseline, which matter and how many more worlds would settle the rest, which clients gained and lost.

    Exit status: 0, or 1 when the condition of --fail-if holds.
    """
    from legalaid_sim.experiments.compare.comparing import compare
    from legalaid_sim.experiments.compare.question import ComparisonOptions
    from legalaid_sim.experiments.run.job import RunOptions, prepare
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.headline import last_line
    from legalaid_sim.reports.html import write_report

    condition = _condition(fail_if)
    question = ComparisonOptions(baseline, _family(measures, condition), until, best, equal_money)
    chosen = RunOptions(
        contracts, replications=replications, seed=seed, workers=workers, out=out, ignorance=ignorance
    )
    job = prepare(scenario, chosen, warn)
    with ProgressBar(quiet) as bar:
        found = compare(job, question, bar.show, finish=write_report)
    click.echo(_shown(found, as_json, quiet))
    if scorecard and not (as_json or quiet):
        tell_scorecard(found.estimates)
    if not (as_json or quiet):
        click.echo(last_line(found.folder))
    if condition and _fails(condition, found, str(fail_if)):
        sys.exit(FAILED)


def _condition(text: str | None) -> "GuardConditions":
    if text is None:
        return ()
    from legalaid_sim.experiments.compare.guards import read_condition
    from legalaid_sim.measures import REGISTRY

    return read_condition(text, tuple(REGISTRY))


def _family(measures: tuple[str, ...], condition: "GuardConditions") -> tuple[str, ...]:
    # What a condition looks at is one of the things tested, so it has its part in the family.
    from legalaid_sim.experiments.compare.guards import measures_in
    from legalaid_sim.measures import HEADLINES

    if not condition:
        return measures
    named = measures or tuple(measure.name for measure in HEADLINES)
    return tuple(dict.fromkeys((*named, *measures_in(condition))))


def _shown(found: "ComparisonResult", as_json: bool, quiet: bool) -> str:
    from legalaid_sim.experiments.compare.differences import comparison_as_text
    from legalaid_sim.reports.comparison import answer_of, render_comparison
    from legalaid_sim.reports.console import shown_path

    if as_json:
        return comparison_as_text(found, answer_of(found)).rstrip()
    return shown_path(found.folder) if quiet else inked(render_comparison(found))


def _fails(condition: "GuardConditions", found: "ComparisonResult", text: str) -> bool:
    from legalaid_sim.experiments.compare.guards import fails
    from legalaid_sim.reports.comparison import quantities

    guilty = [
        name
        for name, held in quantities(found.contrasts).items()
        if fails(condition, lambda part, measure, held=held: held.get((part, measure)))  # type: ignore[misc]
    ]
    if guilty:
        click.echo(f"--fail-if '{text}' holds of {', '.join(guilty)}", err=True)
    return bool(guilty)
