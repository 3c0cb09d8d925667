"""``legalaid-sim set``: one number of a file, and not a character beside it."""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.saving import safe

if TYPE_CHECKING:
    from legalaid_sim.authoring.setting import NumberSet


@click.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("place", metavar="PLACE")
@click.argument("number", metavar="NUMBER")
@options.dry_run("Show what would change and write nothing.")
def command(file: Path, place: str, number: str, dry_run: bool) -> None:
    """\b
    Examples:
      legalaid-sim set my-contract.yaml payments.fee.amount 250
      legalaid-sim set my-contract.yaml payments.fee.amount 250 --dry-run
      legalaid-sim set my-agency.yaml clients.arrivals.per_week 7

    Set one number of a contract or scenario. Comments, order, blanks and line ends stay as they are.

    PLACE names keys, and blocks by their id, as changes of a contract do. Says which worked examples come out
    otherwise. Nothing is written where the file could not be read any more, or where it changed meanwhile.
    """
    from legalaid_sim.authoring.setting import examples_moved, set_number
    from legalaid_sim.files import replace_unchanged
    from legalaid_sim.yamlfile import parse

    found = set_number(file, place, number)
    before, after = (text.decode("utf-8") for text in (found.before, found.after))
    if dry_run:
        click.echo("".join(_diff(found, file)), nl=False)
    else:
        replace_unchanged(safe(file), found.before, found.after)
    click.echo(
        f"{file}:{found.line}: {place} {found.old} -> {found.new}{' (not written)' if dry_run else ''}"
    )
    for moved in examples_moved(parse(before, str(file)), parse(after, str(file)), file):
        verdict = "as it says" if moved.now == moved.expected else f"it says {moved.expected}"
        click.echo(f"  example '{moved.example}': {moved.what} {moved.before} -> {moved.now}; {verdict}")


def _diff(found: "NumberSet", file: Path) -> Iterator[str]:
    before, after = (text.decode("utf-8").splitlines(keepends=True) for text in (found.before, found.after))
    for line in unified_diff(before, after, str(file), str(file), n=1):
        yield line if line.endswith("\n") else f"{line}\n"
