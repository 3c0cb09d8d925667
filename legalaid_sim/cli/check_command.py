"""``legalaid-sim check``: everything that is wrong with, or worth knowing about, files and contracts."""

import sys
from functools import reduce
from operator import add

import click

from legalaid_sim.cli.completing import contracts


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=contracts)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How to print what is found.",
)
@click.option(
    "--profile",
    type=click.Choice(["draft", "working", "publish"]),
    default="working",
    show_default=True,
    help="How strict to be: draft (shape and references), working (also values, payments, incentives), "
    "publish (everything).",
)
def command(files: tuple[str, ...], form: str, profile: str) -> None:
    """\b
    Examples:
      legalaid-sim check scenarios/canning-town-2008.yaml
      legalaid-sim check my-contract.yaml civil-scheme --profile publish

    Check scenario and contract files, or contracts of the library by name.

    Prints every problem in file order, runs the worked examples of contracts and counts the numbers that are
    only assumed. Exit status: 0 without errors, 1 with errors, 2 when a file cannot be read.
    """
    from legalaid_sim.authoring.checking import Checked, check_file

    checked = reduce(add, (check_file(name, profile) for name in dict.fromkeys(files)), Checked())
    shown = _shown(checked, form)
    if shown:
        click.echo(shown)
    sys.exit(checked.exit_status)


def _shown(checked: "object", form: str) -> str:
    from legalaid_sim import __version__
    from legalaid_sim.authoring.checking import Checked, counts_in_words
    from legalaid_sim.diagnostics.render import (
        render_github,
        render_json,
        render_sarif,
        render_text,
        summary_of,
    )

    assert isinstance(checked, Checked)
    if form == "json":
        extra = {
            "examples": {"passed": checked.passed, "of": checked.examples},
            "numbers_by_status": dict(sorted(checked.statuses.items())),
        }
        return render_json(checked.problems, extra)
    if form == "sarif":
        return render_sarif(checked.problems, __version__)
    if form == "github":
        return render_github(checked.problems)
    closing = f"{summary_of(checked.problems)} {counts_in_words(checked)}".strip()
    return "\n".join(filter(None, (render_text(checked.problems, checked.documents), closing)))
