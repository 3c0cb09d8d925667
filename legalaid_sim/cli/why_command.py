"""``legalaid-sim why``: what of each difference in a results folder is typed into the contracts, what was found."""

import json
from pathlib import Path

import click

from legalaid_sim.arguments import WORLDS_OF_PAIRS
from legalaid_sim.cli import options
from legalaid_sim.cli.saving import save


@click.command("why")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN_DIR")
@options.measures(
    "Part this measure; repeat it. Those of the question and the headlines where none is named."
)
@options.replications("Worlds: so many of the run's first.", WORLDS_OF_PAIRS, default=2)
@options.workers()
@options.dry_run("Only say how much would be lived, and how long it may take.")
@options.as_json()
def command(
    folder: Path,
    measures: tuple[str, ...],
    replications: int,
    workers: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim why results/canning-town-2008/20260102T030405Z-1a2b3c4d
      legalaid-sim why results/my-agency/20260102T030405Z-5ed6506a -m continuity.coc -r 5

    Part each difference between the contracts of RUN_DIR into what is typed into a contract (a clause sets that
    measure directly), what follows from it by hours and queues, and what was found (what responding to pay adds).
    Writes why.json into RUN_DIR, and its report again.
    """
    from legalaid_sim.experiments.attribution.why import NAME, as_data, planned, why
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.html import rewrite_report
    from legalaid_sim.reports.why import render_outlook, render_why
    from legalaid_sim.results import open_run

    with open_run(folder) as run:
        plans = planned(run, measures, replications, workers)
        click.echo(render_outlook(plans), err=as_json)
        if dry_run:
            return
        with ProgressBar(as_json, "runs") as bar:
            data = as_data(why(plans, workers, bar.show))
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    save(folder / NAME, f"{text}\n")
    rewrite_report(folder)
    click.echo(text if as_json else f"\n{render_why(data)}")
