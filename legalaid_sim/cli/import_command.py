"""``legalaid-sim import``: an agency's own cases as claims to price and cases to fit, without anybody's name."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.completing import contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from legalaid_sim.contracts.claimsfile.cells import Forms
    from legalaid_sim.importing.hiding import SecretKey
    from legalaid_sim.importing.known import Known
    from legalaid_sim.importing.mapping import Mapped
    from legalaid_sim.importing.reading import ImportedCase, Read
    from legalaid_sim.importing.sources import SourceFile
    from legalaid_sim.scenario import ScenarioFile

SOME_LEFT = 1
PATH: Any = click.Path(path_type=Path)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--out", type=PATH, help="Folder to make for claims.csv and cases.csv.")
@click.option("--mapping", type=PATH, help="YAML file that says which column is which.")
@click.option("--suggest", is_flag=True, help="Print a mapping to start from, and why; read nothing else.")
@options.dates(None, "; dmy in the payer's own layouts")
@options.amounts(None)
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
@click.option(
    "--fit",
    "scenario",
    type=PATH,
    help="Scenario to set from the cases, in a copy.",
)
@click.option("--to", type=PATH, help="Copy to write; SCENARIO-fitted.yaml beside it where left out.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="First day that the fit looks at."
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Last day on which the cases were known as they are.",
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
    scenario: Path | None,
    to: Path | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """\b
    Examples:
      legalaid-sim import bulk.csv --out imported
      legalaid-sim import cases.xlsx --suggest > cases.yaml
      legalaid-sim import cases.xlsx --mapping cases.yaml --out imported --fit my-agency.yaml

    Read FILE (- for standard input): claims as they are sent to the Legal Aid Agency in bulk, its export of claims,
    or any other table by a mapping; CSV, gz, or a workbook. What was read and left is told, by line.

    claims.csv is for `price`; cases.csv has days, categories, minutes, advisers and outcomes. Names, days of birth,
    addresses and notes are never read. Numbers of cases, clients and advisers become pseudonyms under a key that
    stays with you, days are moved. It is still personal data: see docs/data-protection.md.

    --fit sets arrivals, the mix, minutes and days between meetings in a copy of a scenario, from days as they were,
    each value with its interval in a comment, and says what it did not set. It needs no --out.

    Exit status: 0 when every row was read, 1 when some were left, 2 when the file cannot be used.
    """
    from legalaid_sim.importing.hiding import usual_key
    from legalaid_sim.importing.known import known_to
    from legalaid_sim.importing.mapping import load_mapping
    from legalaid_sim.importing.sources import open_source
    from legalaid_sim.scenario import read_scenario

    mapped = load_mapping(mapping) if mapping else None
    source = open_source(file, mapped.delimiter if mapped else "", mapped.encoding if mapped else "")
    known = known_to(known_by, mapped)
    if suggest:
        from legalaid_sim.importing.suggesting import suggestion

        click.echo(suggestion(source, known), nl=False)
        return
    _refuse_halves(out, scenario, bool(to or since or until))
    folder = None if out is None else _Folder(out, key or usual_key(), shift_days)
    fitted = None if scenario is None else read_scenario(scenario)
    copy = None if fitted is None else _copy_of(fitted, to)
    read = _read(source, mapped, _forms(mapped, dates, amounts), known, folder)
    if fitted is not None and copy is not None:
        _fit(read.cases, fitted, copy, since.date() if since else None, until.date() if until else None)
    if folder is not None:
        folder.write(read.cases, known)
    if read.left:
        context.exit(SOME_LEFT)


def _refuse_halves(out: Path | None, scenario: Path | None, of_a_fit: bool) -> None:
    if out is None and scenario is None:
        raise click.UsageError(
            "Missing option '--out' (the folder to make), '--fit' (a scenario) or '--suggest'."
        )
    if scenario is None and of_a_fit:
        raise click.UsageError(
            "'--to', '--since' and '--until' are of a fit: name its scenario with '--fit'."
        )


def _forms(mapped: "Mapped | None", dates: str | None, amounts: str | None) -> "Forms":
    from legalaid_sim.contracts.claimsfile.cells import Forms

    said = mapped.model_fields_set if mapped else set()
    days = mapped.dates if mapped and (mapped.columns or "dates" in said) else "dmy"
    return Forms(dates or days, amounts or (mapped.amounts if mapped else "plain"))


def _read(
    source: "SourceFile", mapped: "Mapped | None", forms: "Forms", known: "Known", folder: "_Folder | None"
) -> "Read":
    """Read all rows, and tell what was read and what was left."""
    from legalaid_sim.importing.hiding import passing_key
    from legalaid_sim.importing.layouts import recognise
    from legalaid_sim.importing.reading import LayoutReader
    from legalaid_sim.importing.telling import in_words

    layout, records = recognise(source, mapped)
    secret = folder.opened() if folder else passing_key()
    reader = LayoutReader(
        layout, forms, known, secret, mapped.values if mapped else {}, source.sheet is not None
    )
    read = reader.read(records)
    for line in in_words(layout, read, forms, source.how):
        click.echo(line)
    return read


class _Folder:
    """The folder to make, tried before the work, and the key of what goes into it."""

    def __init__(self, out: Path, key: Path, most: int) -> None:
        from legalaid_sim.importing.writing import checked_folder
        from legalaid_sim.results.folder import refuse_results

        self.out, self.key, self.most = out, key, most
        self.place = checked_folder(out)
        refuse_results(key)
        if key.resolve().is_relative_to(self.place.resolve()):
            raise click.UsageError(
                f"the key {key} would stand with what it made: give --key another place than --out."
            )

    def opened(self) -> "SecretKey":
        """Give the key, made if it is not there."""
        from legalaid_sim.importing.hiding import open_key

        self.secret, self.is_new = open_key(self.key)
        return self.secret

    def write(self, cases: "Sequence[ImportedCase]", known: "Known") -> None:
        """Write claims and cases, and tell where, under which key, and what became of days."""
        from legalaid_sim.importing.writing import moved_by, write_folder

        write_folder(self.place, cases, moved_by(cases, self.secret, self.most, known.edges))
        moved = (
            f"Days are moved up to {self.most} days either way, a client at a time: durations are kept, and the side "
            "of every day on which a known contract changes; months and weekdays are not"
        )
        click.echo(moved if self.most else "Days are as they were (--shift-days 0)")
        made = "A key was made" if self.is_new else "The key is"
        click.echo(f"{made}: {self.key}; keep it to yourself, apart from what it made")
        click.echo(
            f"Written: {self.out}/claims.csv, {self.out}/cases.csv. Pseudonymised data are personal data: keep them so."
        )


def _copy_of(scenario: "ScenarioFile", to: Path | None) -> Path:
    """Give where the copy of a scenario goes; raises where something is there."""
    from legalaid_sim.exports.place import checked_file

    return checked_file(to or scenario.path.with_name(f"{scenario.path.stem}-fitted.yaml"))


def _fit(
    cases: "Sequence[ImportedCase]",
    scenario: "ScenarioFile",
    copy: Path,
    since: date | None,
    until: date | None,
) -> None:
    """Write a copy of a scenario with what the cases say, and tell what was set and what was not."""
    from legalaid_sim.files import write_new
    from legalaid_sim.importing.fitting import SIGN, fit
    from legalaid_sim.importing.splicing import spliced

    found = fit(cases, scenario.scenario, since, until)
    if found.settings:
        write_new(copy, spliced(scenario.document, found.settings, SIGN))
        click.echo(f"Fitted: {copy}")
    for setting in found.settings:
        click.echo(f"  {'.'.join(setting.path)}: {setting.note}")
    for doubt in found.doubts:
        click.echo(f"Doubtful: {doubt}")
    for name in found.unset:
        click.echo(f"Not set: {name}")
