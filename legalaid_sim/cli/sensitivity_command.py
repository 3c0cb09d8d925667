"""``legalaid-sim sensitivity``: which assumptions move the result, and does the ranking of contracts hold."""

import json
import sys
from pathlib import Path

import click

from legalaid_sim.arguments import METHOD, SAMPLES, WORLDS_OF_EACH
from legalaid_sim.cli import options
from legalaid_sim.cli.telling import warn

FAILED = 3
INTERRUPTED = 130


@click.command("sensitivity")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contracts("Try this contract instead of the scenario's own; repeat it.")
@options.measures("Look at this measure; repeat it. Continuity, admin and outcomes where none is named.")
@click.option(
    "--method",
    type=click.Choice(METHOD.words),
    default="morris",
    show_default=True,
    help="morris: random walks; sobol: shares of variance; oat: low against high.",
)
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="PATTERN",
    help="Move only these, such as 'trust.*'; repeat it. All where none is named.",
)
@click.option(
    "-n",
    "--samples",
    type=options.within(SAMPLES),
    metavar="N",
    help="Walks (morris) or base points (sobol).",
)
@options.replications(
    "Worlds a walk; each walk has its own. 3 where it is not said, 10 with oat.", WORLDS_OF_EACH
)
@options.seed_of_points()
@options.workers()
@options.cluster()
@options.out("Folder; taken up where it stood.")
@options.as_json()
def command(
    scenario: Path,
    contracts: tuple[str, ...],
    measures: tuple[str, ...],
    method: str,
    parameters: tuple[str, ...],
    samples: int | None,
    replications: int | None,
    seed: int,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim sensitivity scenarios/canning-town-2008.yaml --method oat
      legalaid-sim sensitivity my.yaml -m continuity.coc -p 'trust.*' -p 'effort.*' -n 10

    Move the parameters of the evidence through their plausible ranges, in the same worlds. Say in how much of
    the space one contract has more than another, in how much the worlds cannot tell, and which parameters turn
    that; then what moves each measure most.
    """
    from legalaid_sim.experiments.sensitivity.inquiry import USUAL_MEASURES, Inquiry, sensitivity
    from legalaid_sim.experiments.sweep.job import SweepOptions
    from legalaid_sim.experiments.sweep.sweeping import Interrupted
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.sensitivity import render_sensitivity
    from legalaid_sim.reports.studies import write_study

    inquiry = Inquiry(
        measures or USUAL_MEASURES,
        method,  # type: ignore[arg-type]
        parameters,
        samples,
        replications,
        seed,
        contracts,
    )
    try:
        with ProgressBar(as_json, "runs") as bar:
            found = sensitivity(
                scenario, inquiry, SweepOptions(workers, out, cluster=cluster), bar.show, tell=warn
            )
    except Interrupted as interrupted:
        click.echo(f"Interrupted: {interrupted}", err=True)
        sys.exit(INTERRUPTED)
    told = (found.folder / "sensitivity.json").read_text(encoding="utf-8")
    write_study(found.folder / "report.html", json.loads(told))
    if as_json:
        click.echo(told.rstrip())
    else:
        click.echo(render_sensitivity(found))
    if found.swept.failed:
        sys.exit(FAILED)
