"""``legalaid-sim journey``: what happened to one client, under each contract."""

from pathlib import Path

import click


@click.command("journey")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option(
    "--client", metavar="ID", help="The client to tell of, such as c00041; telling ones where it is left out."
)
@click.option(
    "-c",
    "--contract",
    "regimes",
    multiple=True,
    metavar="NAME",
    help="With --client: only under this contract.",
)
def command(folder: Path, client: str | None, regimes: tuple[str, ...]) -> None:
    """\b
    Examples:
      legalaid-sim journey results/canning-town-2008/20260102T030405Z-1a2b3c4d
      legalaid-sim journey results/canning-town-2008/20260102T030405Z-1a2b3c4d --client c00041

    Tell one client's life in the first world under each contract, side by side: who they saw, when and for
    how long, how often they told their story, what was decided, what was paid and why, how trust moved. All
    of it is read from the log.
    """
    from legalaid_sim.reports.columns import terminal_width
    from legalaid_sim.reports.journeys import all_stories, as_text, tellings
    from legalaid_sim.reports.material import Material
    from legalaid_sim.reports.touched import RULE
    from legalaid_sim.results import open_run

    if regimes and client is None:
        raise click.UsageError("--contract needs --client: telling clients are told under two contracts")
    with open_run(folder) as run:
        material = Material(run)
        if client is not None:
            click.echo(as_text(all_stories(material, client, regimes), terminal_width()))
            return
        for told in tellings(material):
            click.echo(f"{told.why}: client {told.client}\n")
            click.echo(as_text(told.stories, terminal_width()) + "\n")
        click.echo(RULE)
