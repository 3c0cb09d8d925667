"""``legalaid-sim export``: a results folder in a form that other tools read."""

from pathlib import Path

import click

from legalaid_sim.cli import options


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "-f",
    "--format",
    "form",
    required=True,
    type=click.Choice(["csv", "xlsx", "parquet", "xes", "ocel", "json"]),
    help="csv and parquet: a folder, one file a table; xlsx: one workbook; json: one file; "
    "xes and ocel: the logs, for process mining.",
)
@options.out("What to write, not there yet; beside DIR where it is left out.", "PATH")
@options.regime("With xes and ocel: only this contract of the run.")
@click.option(
    "--case",
    type=click.Choice(["client", "matter"]),
    default="client",
    show_default=True,
    help="With xes: what a trace is.",
)
def command(folder: Path, form: str, out: Path | None, regime: str | None, case: str) -> None:
    """\b
    Examples:
      legalaid-sim export results/my-agency/20260102T030405Z-5ed6506a --format xlsx
      legalaid-sim export DIR --format csv --out tables
      legalaid-sim export DIR --format xes --case matter --out matters.xes

    Write the results in DIR in another form. People in them are synthetic. Texts that a spreadsheet would run
    are made inert. docs/exports.md has a line each for pandas, polars, R and DuckDB.
    """
    from legalaid_sim.exports import export
    from legalaid_sim.reports.console import shown_path

    click.echo(shown_path(export(folder, form, out, regime, case)))
