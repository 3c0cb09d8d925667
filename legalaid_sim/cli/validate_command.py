"""``legalaid-sim validate``: the engine held against answers that are known."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.ink import inked
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.validation.verdict import Verdict


@click.command("validate")
@click.option(
    "-s",
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check this queueing scenario instead; what is expected follows from its numbers. May be repeated.",
)
@click.option("--quick", is_flag=True, help="Live fewer worlds: wider intervals, in a quarter of the time.")
@options.as_json("Print one JSON object instead of the table.")
@click.option(
    "--copy",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Only write the queueing scenarios to DIR, to change a load and check again.",
)
def command(scenarios: tuple[Path, ...], quick: bool, as_json: bool, folder: Path | None) -> None:
    """\b
    Examples:
      legalaid-sim validate
      legalaid-sim validate --copy queues
      legalaid-sim validate --scenario queues/erlang-c-4.yaml

    Check the engine against queueing theory, the published choice of effort, and laws that hold exactly. A
    value that depends on chance may be 4 standard errors from what is expected; everything else must be
    equal. Exit status: 0 when all hold, 1 when one does not, 2 when a scenario cannot be used.
    """
    if folder is not None:
        _copy(folder)
        return
    found = list(_verdicts(scenarios, quick))
    click.echo(_as_json(found) if as_json else inked(_table(found)))
    sys.exit(0 if all(verdict.holds for verdict in found) else 1)


def _verdicts(scenarios: tuple[Path, ...], quick: bool) -> "Iterator[Verdict]":
    from legalaid_sim.validation.checks import queueing, validate

    if not scenarios:
        yield from validate(quick, _progress)
    for path in scenarios:
        _progress(path.stem)
        yield from queueing(path, quick)
    _progress("")


def _progress(name: str) -> None:
    """Say what is being lived, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[2K{name.replace('_', ' ')}", err=True, nl=False)


def _copy(folder: Path) -> None:
    from legalaid_sim.files import write_new
    from legalaid_sim.validation.checks import QUEUES, SCENARIOS

    for name in QUEUES:
        place = folder / f"{name}.yaml"
        if place.exists():
            raise click.ClickException(f"{place} is there already: name another folder.")
    for name in QUEUES:
        text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")
        write_new(folder / f"{name}.yaml", text)
    click.echo(f"Wrote {len(QUEUES)} scenarios. Next:")
    click.echo(f"  legalaid-sim validate --scenario {folder / QUEUES[0]}.yaml")


def _table(found: "list[Verdict]") -> str:
    rows: list[tuple[str, ...]] = [("", "expected", "simulated", "95 % interval", "z", "")]
    name = ""
    for verdict in found:
        if verdict.name != name:
            name = verdict.name
            rows.append((name, "", "", "", "", ""))
        rows.append(_row(verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join((*lines, "", *_differences(found), _closing(found)))


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
    return "  ".join((row[0].ljust(widths[0]), *numbers)).rstrip()


def _row(verdict: "Verdict") -> tuple[str, ...]:
    interval = "" if verdict.low is None else f"{_number(verdict.low)} to {_number(verdict.high)}"
    z = "exact" if verdict.z is None else f"{verdict.z:+.2f}"
    held = "ok" if verdict.holds else "FAILS"
    return f"  {verdict.what}", _number(verdict.expected), _number(verdict.simulated), interval, z, held


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.4f}"


def _differences(found: "list[Verdict]") -> Iterator[str]:
    for verdict in found:
        if verdict.where and not verdict.holds:
            yield f"{verdict.name}: {verdict.what}: first at {verdict.where[:400]}"


def _closing(found: "list[Verdict]") -> str:
    from legalaid_sim.validation.verdict import BOUND

    held = add_up(verdict.holds for verdict in found)
    return (
        f"{held} of {len(found)} checks hold (bound: {BOUND:g} standard errors; exact where no chance plays)."
    )


def _as_json(found: "list[Verdict]") -> str:
    import json

    from legalaid_sim import __version__
    from legalaid_sim.validation.verdict import BOUND

    checks = [{**verdict._asdict(), "holds": verdict.holds} for verdict in found]
    whole = {
        "schema_version": 1,
        "kind": "validation",
        "version": __version__,
        "bound": BOUND,
        "holds": all(verdict.holds for verdict in found),
        "checks": checks,
    }
    return json.dumps(whole, indent=2)
