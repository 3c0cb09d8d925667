"""``legalaid-sim report``: write the report of a results folder again."""

from pathlib import Path

import click


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option("--summary", is_flag=True, help="Write two sheets of A4, summary.html, in place of the report.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
def command(folder: Path, summary: bool, show: bool) -> None:
    """\b
    Examples:
      legalaid-sim report results/canning-town-2008/20260102T030405Z-1a2b3c4d
      legalaid-sim report results/canning-town-2008/20260102T030405Z-1a2b3c4d --summary --open

    Write report.html into RUN_DIR again: one file, to read, to print and to send, that needs no network; or,
    with --summary, its answer and story on two sheets of A4 that print as they look. The same folder gives the
    same bytes.
    """
    from legalaid_sim.reports.console import shown_path
    from legalaid_sim.reports.html import rewrite_report
    from legalaid_sim.reports.studies import rewrite_study
    from legalaid_sim.reports.summary import write_two_sheets

    study = rewrite_study(folder) if not (folder / "manifest.json").exists() else None
    path = study or (write_two_sheets(folder) if summary else rewrite_report(folder))
    click.echo(f"{'summary' if summary and not study else 'report'} in {shown_path(path)}")
    if show:
        click.launch(str(path.absolute()))
