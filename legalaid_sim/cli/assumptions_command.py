"""``legalaid-sim assumptions``: every number that a scenario rests on, with its basis, range and rating."""

from pathlib import Path

import click


@click.command("assumptions")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="How to write the register.",
)
@click.option(
    "--sensitivity",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Results of `legalaid-sim sensitivity`: adds how measures change from low to high.",
)
def command(scenario: Path, form: str, folder: Path | None) -> None:
    """\b
    Examples:
      legalaid-sim assumptions scenarios/canning-town-2008.yaml
      legalaid-sim assumptions my-scenario.yaml --format csv > register.csv

    Print the assumptions register of SCENARIO: id, description, basis, value, range, unit, confidence,
    quality rating, what it drives, where it is used, what the scenario sets otherwise.
    """
    from legalaid_sim.evidence.report import changes_in, entries
    from legalaid_sim.reports.columns import terminal_width
    from legalaid_sim.reports.register import register_csv, register_json, register_text
    from legalaid_sim.scenario import load_scenario

    found = entries(load_scenario(scenario), changes_in(folder) if folder else None)
    if form == "csv":
        click.echo(register_csv(found), nl=False)
    elif form == "json":
        click.echo(register_json(found))
    else:
        click.echo(register_text(found, terminal_width()))
