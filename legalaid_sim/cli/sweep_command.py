"""``legalaid-sim sweep``: vary anything, over many runs, and go on where it stood."""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.telling import warn

if TYPE_CHECKING:
    from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions

FAILED = 3
INTERRUPTED = 130


def _shard(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Read a shard, written ``3/200``."""
    if value is None:
        return None
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", value)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return int(found[1]), int(found[2])
    raise click.BadParameter(f"'{value}' is not a shard such as 3/200, from 1/200 to 200/200", ctx, param)


@click.command("sweep")
@click.argument("file", metavar="SWEEP", type=click.Path(path_type=Path))
@options.workers()
@options.out("Folder of the sweep; results/<sweep>/sweep-<hash> where it is left out.")
@click.option(
    "--shard", callback=_shard, metavar="I/N", help="Do every N-th piece, from the I-th, in an own file."
)
@options.cluster()
@click.option(
    "--merge",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take in this shard; repeat it. Those in the folder are taken in by themselves.",
)
@click.option("--again", is_flag=True, help="Try runs again that did not end well.")
@options.dry_run("Say what would be done and how long it would take.")
@options.as_json()
@options.quiet("Print only the name of the database.")
def command(
    file: Path,
    workers: int | None,
    out: Path | None,
    shard: tuple[int, int] | None,
    cluster: str | None,
    merge: tuple[Path, ...],
    again: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim sweep scenarios/sweeps/agencies-2006.yaml --dry-run
      legalaid-sim sweep my-sweep.yaml --workers 2
      legalaid-sim sweep my-sweep.yaml --out shared/my-sweep --shard $SLURM_ARRAY_TASK_ID/200

    Do every run of SWEEP that is not done yet. Rows go to one SQLite file, which the same command goes on
    with; shards in the folder are merged when it is called without --shard.

    Exit status: 0; 2 for a mistake in a file; 3 when runs did not end well; 130 when interrupted.
    """
    from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
    from legalaid_sim.experiments.sweep.manifest import told
    from legalaid_sim.experiments.sweep.sweeping import folder_of, outlook
    from legalaid_sim.reports.sweep import outlook_object, render_outlook

    chosen = SweepOptions(workers, out, shard=shard, cluster=cluster, merge=merge, again=again)
    job = prepare_sweep(file, tell=warn)
    for words in told(folder_of(job, chosen)):
        click.echo(f"Note: {words}.", err=True)
    if dry_run:
        seen = outlook(job, chosen)
        click.echo(json.dumps(outlook_object(job, seen), indent=2) if as_json else render_outlook(job, seen))
        return
    _carry_out(job, chosen, as_json, quiet)


def _carry_out(job: "SweepJob", chosen: "SweepOptions", as_json: bool, quiet: bool) -> None:
    """Do what is left of a sweep, and print where it stands; ends with 3 or 130 as the command says."""
    from legalaid_sim.experiments.sweep.sweeping import Interrupted, carry_out, done_before
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.studies import write_study
    from legalaid_sim.reports.sweep import render_swept, swept_along, swept_object

    try:
        with ProgressBar(quiet, "runs", done_before(job, chosen)) as bar:
            done = carry_out(job, chosen, bar.show)
    except Interrupted as interrupted:
        click.echo(f"Interrupted: {interrupted}", err=True)
        sys.exit(INTERRUPTED)
    if chosen.shard is None:
        write_study(
            done.database.with_name("report.html"), {**swept_object(job, done), **swept_along(job, done)}
        )
    if as_json:
        click.echo(json.dumps(swept_object(job, done), indent=2, ensure_ascii=False))
    else:
        click.echo(str(done.database) if quiet else render_swept(job, done))
    if done.failed:
        sys.exit(FAILED)
