"""``legalaid-sim search``: look for better terms of a contract, towards several goals at once."""

import sys
from pathlib import Path

import click

from legalaid_sim.arguments import POINTS, WORLDS_OF_PAIRS
from legalaid_sim.cli import options
from legalaid_sim.cli.telling import warn

INTERRUPTED = 130


@click.command("search")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contract("The contract to better.", required=True)
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="What may change: PATH=LOW..HIGH, PATH=LOW..HIGH:PLACES or PATH=a,b,c; repeat it.",
)
@click.option(
    "-g",
    "--goal",
    "goals",
    multiple=True,
    required=True,
    metavar="GOAL",
    help="max:MEASURE or min:MEASURE; repeat it.",
)
@click.option(
    "-n", "--points", type=options.within(POINTS), default=48, show_default=True, help="Points to try."
)
@options.replications("Worlds a point.", WORLDS_OF_PAIRS, default=5)
@click.option(
    "--fresh",
    type=options.within(WORLDS_OF_PAIRS),
    default=20,
    show_default=True,
    help="Further worlds to live the best points again in.",
)
@options.seed_of_points()
@options.workers()
@options.out("Folder; taken up where it stood.")
@options.as_json()
def command(
    scenario: Path,
    contract: str,
    vary: tuple[str, ...],
    goals: tuple[str, ...],
    points: int,
    replications: int,
    fresh: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim search my.yaml -c unified-contract-2007 --vary values.fee=150..250 -g max:continuity.coc
      legalaid-sim search my.yaml -c mine.yaml --vary duties.form.minutes.adviser=5..40:0 \\
          -g max:outcomes.resolved_share -g min:admin.share -g min:money.payer_spend

    Try terms of a contract in the worlds of SCENARIO, live those that no others beat in all goals at once again
    in fresh worlds beside the contract as it is, and drop what does not hold there. Each that holds is written
    as a contract file that extends the one searched.
    """
    from legalaid_sim.experiments.search.pareto import read_axis, read_goal
    from legalaid_sim.experiments.search.proposals import Hunt
    from legalaid_sim.experiments.search.searching import as_data, as_text, search
    from legalaid_sim.experiments.sweep.job import SweepOptions
    from legalaid_sim.experiments.sweep.sweeping import Interrupted
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.search import render_search
    from legalaid_sim.reports.studies import write_study

    axes, wanted = tuple(map(read_axis, vary)), tuple(map(read_goal, goals))
    hunt = Hunt(contract, axes, wanted, points, replications, seed, fresh)
    try:
        with ProgressBar(as_json, "runs") as bar:
            found = search(scenario, hunt, SweepOptions(workers, out), bar.show, tell=warn)
    except Interrupted as interrupted:
        click.echo(f"Interrupted: {interrupted}", err=True)
        sys.exit(INTERRUPTED)
    write_study(found.folder / "report.html", as_data(found))
    click.echo(as_text(found) if as_json else render_search(found))
