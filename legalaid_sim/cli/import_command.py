"""``legalaid-sim import``: an agency's own cases as claims to price and cases to fit, without anybody's name."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legalaid_sim.cli.completing import contracts

if TYPE_CHECKING:
    from legalaid_sim.contracts.cells import Forms
    from legalaid_sim.importing.known import Known
    from legalaid_sim.importing.mapping import Mapped
    from legalaid_sim.importing.sources import Source

SOME_LEFT = 1
PATH: Any = click.Path(path_type=Path)


@click.command("import", short_help="Read an agency's own cases, and leave people out.")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--out", type=PATH, help="Folder to make for claims.csv and cases.csv.")
@click.option("--mapping", type=PATH, help="YAML file that says which column is which.")
@click.option("--suggest", is_flag=True, help="Print a mapping to start from, and why; read nothing else.")
@click.option(
    "--dates",
    type=click.Choice(["iso", "dmy", "mdy", "excel"]),
    help="How the file writes days: 2025-12-22, 22/12/2025, 12/22/2025, 46013; dmy in the payer's own layouts.",
)
@click.option(
    "--amounts", type=click.Choice(["plain", "printed"]), help="How it writes money: 1500.00, or £1,500.00."
)
@click.option(
    "--key", type=PATH, help="File of the key that pseudonyms are made with; made if it is not there."
)
@click.option(
    "--shift-days",
    type=click.IntRange(0, 366),
    default=28,
    show_default=True,
    help="Days by which a client's days are moved at most, either way.",
)
@click.option(
    "--contract",
    "known_by",
    multiple=True,
    shell_complete=contracts,
    help="A contract of yours that you will price under: its codes are known and its days of change kept.",
)
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    out: Path | None,
    mapping: Path | None,
    suggest: bool,
    dates: str | None,
    amounts: str | None,
    key: Path | None,
    shift_days: int,
    known_by: tuple[str, ...],
) -> None:
    """\b
    Examples:
      legalaid-sim import bulk.csv --out imported
      legalaid-sim import cases.xlsx --suggest > cases.yaml
      legalaid-sim import cases.xlsx --mapping cases.yaml --out imported

    Read FILE (- for standard input): claims as they are sent to the Legal Aid Agency in bulk, its export of claims,
    or any other table by a mapping; CSV, gz, or a workbook. What was read and left is told, by line.

    claims.csv is for `price`; cases.csv has days, categories, minutes, advisers and outcomes for a fit. Names, days of
    birth, addresses and notes are never read. Numbers of cases, clients and advisers become pseudonyms under a key
    that stays with you, days are moved. It is still personal data: see docs/data-protection.md.

    Exit status: 0 when every row was read, 1 when some were left, 2 when the file cannot be used.
    """
    from legalaid_sim.importing.known import known_to
    from legalaid_sim.importing.mapping import load_mapping
    from legalaid_sim.importing.sources import open_source

    mapped = load_mapping(mapping) if mapping else None
    source = open_source(file, mapped.delimiter if mapped else "", mapped.encoding if mapped else "")
    known = known_to(known_by, mapped)
    if suggest:
        from legalaid_sim.importing.suggesting import suggestion

        click.echo(suggestion(source, known), nl=False)
        return
    if out is None:
        raise click.UsageError("Missing option '--out': the folder to make, or --suggest for a mapping.")
    left = _import(source, mapped, known, _forms(mapped, dates, amounts), out, key, shift_days)
    if left:
        context.exit(SOME_LEFT)


def _forms(mapped: "Mapped | None", dates: str | None, amounts: str | None) -> "Forms":
    from legalaid_sim.contracts.cells import Forms

    by_file = (mapped.dates, mapped.amounts) if mapped and mapped.columns else ("dmy", "plain")
    return Forms(dates or by_file[0], amounts or by_file[1])


def _import(
    source: "Source",
    mapped: "Mapped | None",
    known: "Known",
    forms: "Forms",
    out: Path,
    key: Path | None,
    shift_days: int,
) -> bool:
    from legalaid_sim.importing.hiding import open_key, usual_key
    from legalaid_sim.importing.layouts import recognise
    from legalaid_sim.importing.reading import Reader
    from legalaid_sim.importing.telling import in_words
    from legalaid_sim.importing.writing import checked_folder, moved_by, write_folder
    from legalaid_sim.results.folder import refuse_results

    place, kept = checked_folder(out), key or usual_key()
    refuse_results(kept)
    if kept.resolve().is_relative_to(place.resolve()):
        raise click.UsageError(
            f"the key {kept} would stand with what it made: give --key another place than --out."
        )
    layout, records = recognise(source, mapped)
    secret, is_new = open_key(kept)
    read = Reader(layout, forms, known, secret, mapped.values if mapped else {}).read(records)
    write_folder(place, read.cases, moved_by(read.cases, secret, shift_days, known.edges))
    for line in in_words(layout, read, forms, source.how):
        click.echo(line)
    click.echo(_of_days(shift_days))
    click.echo(
        f"{'A key was made' if is_new else 'The key is'}: {kept}; keep it to yourself, apart from what it made"
    )
    click.echo(
        f"Written: {out}/claims.csv, {out}/cases.csv. Pseudonymised data are personal data: keep them so."
    )
    return bool(read.left)


def _of_days(most: int) -> str:
    if not most:
        return "Days are as they were (--shift-days 0)"
    return (
        f"Days are moved up to {most} days either way, a client at a time: durations are kept, and the side of every "
        "day on which a known contract changes; months and weekdays are not"
    )
