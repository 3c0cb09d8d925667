"""``legalaid-sim reproduce``: run a results folder again and hold the new bytes against the old."""

import sys
from pathlib import Path

import click

from legalaid_sim.cli import options


@click.command("reproduce")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN_DIR")
@options.workers()
@click.option(
    "--complete", is_flag=True, help="Put what RUN_DIR lacks into it, where all that it has is the same."
)
@options.quiet("Print only what differs.")
def command(folder: Path, workers: int | None, complete: bool, quiet: bool) -> None:
    """\b
    Examples:
      legalaid-sim reproduce results/canning-town-2008/20260102T030405Z-1a2b3c4d
      legalaid-sim reproduce results/published/canning-town-2008 --complete

    Run RUN_DIR again from its own inputs, in a place that is thrown away, and say whether every number, every
    event and the report come out the same. Exit status: 0 when all is the same, 1 when something differs, 2
    when RUN_DIR cannot be used.
    """
    from legalaid_sim.experiments.reproducing import machines_apart, reproduce, same_text, versions_apart
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.html import NAME, rendered
    from legalaid_sim.results import open_folder
    from legalaid_sim.results.database import DATABASE

    old = open_folder(folder)
    for line in versions_apart(old):
        click.echo(f"not the same version: {line}")
    if words := machines_apart(old):
        click.echo(f"not the same kind of machine: {words}")
    with ProgressBar(quiet) as bar:
        held = list(reproduce(folder, workers, bar.show, complete=complete))
    if (folder / NAME).is_file() and (folder / DATABASE).is_file():
        held.append(same_text(NAME, (folder / NAME).read_text(encoding="utf-8"), rendered(folder)))
    for each in held:
        if not (quiet and each.same):
            click.echo(
                f"{'same   ' if each.same else 'differs'}  "
                f"{each.what}{f': {each.where}' if each.where else ''}"
            )
    sys.exit(0 if all(each.same for each in held) else 1)
