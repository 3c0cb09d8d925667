"""``legalaid-sim show``: print a finished run again."""

from pathlib import Path

import click

from legalaid_sim.cli.ink import inked


@click.command("show")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN_DIR")
def command(folder: Path) -> None:
    """\b
    Examples:
      legalaid-sim show results/canning-town-2008/20260102T030405Z-1a2b3c4d

    Print the answer and the headline measures of a results folder, of run or compare, as run printed them, and
    the answer in one line at the end. Nothing is lived and nothing is written.
    """
    from legalaid_sim.reports.again import finished_again
    from legalaid_sim.reports.console import render_run
    from legalaid_sim.reports.headline import last_line

    click.echo(inked(render_run(finished_again(folder))))
    click.echo(last_line(folder))
