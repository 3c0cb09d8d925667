"""``legalaid-sim check``: everything that is wrong with, or worth knowing about, files and contracts."""

import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from pathlib import Path
from time import perf_counter, sleep
from typing import TypeAlias

import click

from legalaid_sim.arguments import PROFILE
from legalaid_sim.cli import options
from legalaid_sim.cli.completing import contracts

PAUSE = 0.1
Stamp: TypeAlias = tuple[int, int] | None


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
    type=click.Choice(PROFILE.words),
    default="working",
    show_default=True,
    help="How strict to be: draft (shape and references), working (also values, payments, incentives), "
    "publish (everything).",
)
@click.option("--watch", is_flag=True, help="Look again at every save of FILE, until Ctrl-C.")
@click.option(
    "--matter",
    metavar="NAME=VALUE,...",
    help="With --watch: show this matter's receipt, such as hours=6,category=housing,region=london.",
)
@options.lived_in("With --watch: show what of the contract nothing in this scenario reaches.")
def command(
    files: tuple[str, ...], form: str, profile: str, watch: bool, matter: str | None, scenario: Path | None
) -> None:
    """\b
    Examples:
      legalaid-sim check scenarios/canning-town-2008.yaml
      legalaid-sim check my-contract.yaml civil-scheme --profile publish
      legalaid-sim check --watch my-contract.yaml --matter hours=6,category=housing

    Check scenario and contract files, or contracts of the library by name.

    Prints every problem in file order, runs the worked examples of contracts and counts the numbers that are
    only assumed. Exit status: 0 without errors, 1 with errors, 2 when a file cannot be read.
    """
    if watch:
        _watch(files, matter, scenario)
        return
    if matter is not None or scenario is not None:
        raise click.UsageError("--matter and --in show something beside --watch: add it")
    from legalaid_sim.authoring.checking import Checked, check_file

    checked = reduce(add, (check_file(name, profile) for name in dict.fromkeys(files)), Checked())
    shown = _shown(checked, form)
    if shown:
        click.echo(shown)
    sys.exit(checked.exit_status)


def _watch(files: tuple[str, ...], matter: str | None, scenario: Path | None) -> None:
    """Show a screen at every save, until the reader interrupts."""
    from legalaid_sim.authoring.watching import Look, Watched, look_at, screen
    from legalaid_sim.contracts.language.exampletable import told_in
    from legalaid_sim.errors import Refusal
    from legalaid_sim.scenario import load_scenario

    if len(files) != 1:
        raise click.UsageError("--watch looks at one file")
    try:
        told = told_in(matter) if matter is not None else None
    except Refusal as refusal:
        raise click.BadParameter(refusal.why, param_hint="'--matter'") from None
    asked = Watched(told, load_scenario(scenario) if scenario is not None else None)
    before: Look | None = None
    seen: Mapping[Path, Stamp] = _stamps((Path(files[0]),))
    while True:
        started = perf_counter()
        look = look_at(files[0], before)
        size = shutil.get_terminal_size((100, 40))
        text = screen(look, before, asked, size.lines - 2, size.columns)
        took = round(1000 * (perf_counter() - started))
        click.clear()
        click.echo(f"{files[0]}, looked at in {took} ms; Ctrl-C ends\n{text}", nl=False)
        before = look
        # What was saved while this was being looked at has another stamp than the one taken before.
        seen = _after_a_save({**_stamps(look.files), **seen})


def _after_a_save(seen: Mapping[Path, Stamp]) -> Mapping[Path, Stamp]:
    while (now := _stamps(seen)) == seen:
        sleep(PAUSE)
    return now


def _stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    """Tell versions of files apart by when they were written and how long they are; None for one that is away."""
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


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
