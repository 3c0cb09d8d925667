"""``legalaid-sim run``: live a scenario under its contracts and write the results folder."""

from pathlib import Path

import click

from legalaid_sim.arguments import KEPT
from legalaid_sim.cli import options
from legalaid_sim.cli.ink import inked
from legalaid_sim.cli.telling import tell_scorecard, warn


@click.command("run")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contracts("Try this contract instead of the scenario's own; repeat it.")
@options.replications()
@options.seed()
@options.workers()
@options.out()
@click.option(
    "--log",
    "keep",
    type=click.Choice(KEPT.words),
    default="first",
    show_default=True,
    help="Which replications keep their full log.",
)
@options.as_json()
@options.scorecard()
@options.quiet()
def command(
    scenario: Path,
    contracts: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    keep: str,
    as_json: bool,
    scorecard: bool,
    quiet: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim run scenarios/canning-town-2008.yaml
      legalaid-sim run my-scenario.yaml -c relational-pilot -r 50 --json

    Live SCENARIO in many worlds, the same ones under every contract; print the headline measures with 95 %
    intervals; write everything to a results folder, whole or not at all.
    """
    from legalaid_sim.experiments.run.job import RunOptions, prepare
    from legalaid_sim.experiments.run.running import run
    from legalaid_sim.reports.console import ProgressBar, as_object, render_run, shown_path
    from legalaid_sim.reports.headline import last_line
    from legalaid_sim.reports.html import write_report

    chosen = RunOptions(contracts, replications=replications, seed=seed, workers=workers, out=out, keep=keep)  # type: ignore[arg-type]
    job = prepare(scenario, chosen, warn)
    with ProgressBar(quiet) as bar:
        finished = run(job, bar.show, finish=write_report)
    if as_json:
        click.echo(as_object(finished))
    elif quiet:
        click.echo(shown_path(finished.folder))
    else:
        click.echo(inked(render_run(finished)))
        if scorecard:
            tell_scorecard(finished.estimates)
        click.echo(last_line(finished.folder))
