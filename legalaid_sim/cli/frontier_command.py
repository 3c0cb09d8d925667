"""``legalaid-sim frontier``: what it costs to keep seeing the same adviser, under each contract."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legalaid_sim.arguments import DAYS, DRAWS, WORLDS_OF_EACH
from legalaid_sim.cli import options
from legalaid_sim.cli.telling import warn

if TYPE_CHECKING:
    from legalaid_sim.experiments.frontier.study import FrontierJob


@click.command("frontier")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contracts("Try this contract instead of the scenario's own; repeat it.")
@click.option(
    "--patience",
    "patience",
    multiple=True,
    type=click.FloatRange(DAYS.least, DAYS.most),
    metavar="DAYS",
    help="Wait so many days for the own adviser; repeat it. 0, 2, 5, 14 and 28 where none is named.",
)
@options.replications("Worlds.", WORLDS_OF_EACH, default=4)
@click.option(
    "--draws",
    type=options.within(DRAWS),
    default=4,
    show_default=True,
    metavar="N",
    help="Further worlds that draw what nobody knows.",
)
@click.option("--own-money", is_flag=True, help="Leave each contract its own money.")
@options.seed()
@options.workers()
@options.out("Folder; results/<scenario>/frontier-<hash> where it is left out.")
@options.dry_run("Only say how much would be lived, and how long it may take.")
@options.as_json()
def command(
    scenario: Path,
    contracts: tuple[str, ...],
    patience: tuple[float, ...],
    replications: int,
    draws: int,
    own_money: bool,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim frontier scenarios/canning-town-2008.yaml --dry-run
      legalaid-sim frontier my.yaml --patience 0 --patience 14 -r 2 --draws 2

    Live each contract at several patiences for the own adviser, at equal money. Give continuity, first wait,
    wait for a further meeting and idle time at each, by chance and over what nobody knows, and the days that a
    tenth of continuity costs. The same command goes on where it was stopped.
    """
    from legalaid_sim.experiments.frontier.study import (
        PATIENCE,
        FrontierOptions,
        as_text,
        frontier,
        place_of,
        prepare_frontier,
        seconds_for,
    )
    from legalaid_sim.experiments.run.job import RunOptions
    from legalaid_sim.reports.console import ProgressBar, shown_path
    from legalaid_sim.reports.frontier import render_frontier, render_plan
    from legalaid_sim.reports.sweep import duration
    from legalaid_sim.results.folder import checked_place, written_whole

    days = tuple(sorted(set(patience))) or PATIENCE
    asked = FrontierOptions(days, replications, draws, not own_money)
    held = prepare_frontier(
        scenario,
        asked,
        RunOptions(contracts, replications=replications, seed=seed, workers=workers, out=out),
        tell=warn,
    )
    if dry_run:
        click.echo(render_plan(held.plan, duration(seconds_for(held))))
        return
    place = checked_place(place_of(held))
    with written_whole(place) as folder:
        click.echo(render_plan(held.plan, duration(seconds_for(held))), err=as_json)
        with ProgressBar(as_json, "runs") as bar:
            data = frontier(held, bar.show)
        _write(folder, held, data)
    click.echo(as_text(data) if as_json else f"\n{render_frontier(data)}\n\n{shown_path(place)}")


def _write(folder: Path, held: "FrontierJob", data: dict[str, Any]) -> None:
    """Write the object, its points as a table, the files that went in, and the page."""
    from legalaid_sim.experiments.frontier.study import NAME, as_text
    from legalaid_sim.experiments.run.writing import write_inputs
    from legalaid_sim.reports.frontier import rows_of
    from legalaid_sim.reports.studies import write_study

    text = as_text(data)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    told = io.StringIO()
    csv.writer(told, lineterminator="\n").writerows(rows_of(data))
    (folder / "frontier.csv").write_text(told.getvalue(), encoding="utf-8", newline="\n")
    write_inputs(folder / "inputs", held.job)
    write_study(folder / "report.html", json.loads(text))
