"""``legalaid-sim run``: live a scenario under its contracts and write the results folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from legalaid_sim.cli import completing
from legalaid_sim.cli.ink import inked
from legalaid_sim.cli.telling import warn

if TYPE_CHECKING:
    from legalaid_sim.experiments.run.running import Finished


@click.command("run", short_help="Run a scenario under its contracts and write the results.")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "-c",
    "--contract",
    "contracts",
    multiple=True,
    shell_complete=completing.contracts,
    metavar="NAME|FILE",
    help="Try this contract instead of the scenario's own; may be repeated.",
)
@click.option(
    "-r", "--replications", type=click.IntRange(1, 1_000_000), metavar="N", help="Live exactly N worlds."
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="N",
    help="Seed of the worlds, instead of the scenario's.",
)
@click.option(
    "-w",
    "--workers",
    type=click.IntRange(1, 512),
    metavar="N",
    help="Processes to use; all processors where it is left out. The result is the same.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write, still empty; results/<scenario>/<time>-<hash> where it is left out.",
)
@click.option(
    "--log",
    "keep",
    type=click.Choice(["first", "all", "none"]),
    default="first",
    show_default=True,
    help="Which replications keep their full log.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of the table; see docs/json.md."
)
@click.option(
    "--scorecard",
    is_flag=True,
    help="Print the one-to-one scorecard below the table: each feature of a good relationship, by contract.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only the name of the results folder.")
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
    from legalaid_sim.experiments.run.running import Wish, prepare, run
    from legalaid_sim.reports.console import Bar, as_object, render_run, shown_path
    from legalaid_sim.reports.headline import last_line
    from legalaid_sim.reports.html import write_report

    wish = Wish(contracts, replications, seed, workers, out, keep=keep)  # type: ignore[arg-type]
    job = prepare(scenario, wish, warn)
    with Bar(quiet) as bar:
        finished = run(scenario, wish, bar.show, finish=write_report, job=job)
    if as_json:
        click.echo(as_object(finished))
    elif quiet:
        click.echo(shown_path(finished.folder))
    else:
        click.echo(inked(render_run(finished)))
        if scorecard:
            click.echo(f"\n{_scorecard(finished)}")
        click.echo(last_line(finished.folder))


def _scorecard(finished: "Finished") -> str:
    from legalaid_sim.reports.console import terminal_width
    from legalaid_sim.reports.scorecard import scorecard_table

    return scorecard_table(finished.estimates, terminal_width())
