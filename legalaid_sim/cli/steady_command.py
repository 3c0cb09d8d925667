"""``legalaid-sim steady``: whether life under one contract is steady, before anything is switched."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from legalaid_sim.arguments import WORLDS_OF_PAIRS
from legalaid_sim.cli import options
from legalaid_sim.cli.ink import inked
from legalaid_sim.cli.telling import warn
from legalaid_sim.units import brief, counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.run.steadiness import Drift, Steadiness


@click.command("steady")
@click.argument("scenario", type=click.Path(path_type=Path))
@options.contract(
    "The contract that is lived throughout; what is lived before the switch where it is left out."
)
@options.replications("How many worlds.", WORLDS_OF_PAIRS, default=8)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.05,
    show_default=True,
    metavar="SHARE",
    help="The share of a curve's level from which on a drift matters.",
)
@options.workers()
@options.as_json("Print one JSON object instead of the table.")
def command(
    scenario: Path,
    contract: str | None,
    replications: int,
    margin: float,
    workers: int | None,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim steady my-agency.yaml
      legalaid-sim steady my-agency.yaml --contract relational-pilot

    Live one contract throughout the months of a scenario, and say of each monthly curve when it settles, and whether
    its last year differs from the year before. A result of a switch is what follows in the months after it; it needs
    a past that is steady, which is asked here.
    """
    from legalaid_sim.experiments.run.steadiness import steadiness

    began = perf_counter()

    def progress(done: int, most: int) -> None:
        if done == 1 and sys.stderr.isatty():
            left = (perf_counter() - began) * (most - 1)
            click.echo(f"{most} worlds: about {left:.0f} seconds at the most", err=True)

    found = steadiness(scenario, replications, workers, contract, progress, margin, warn)
    click.echo(_as_json(found) if as_json else inked("\n".join(_lines(found))))


def _lines(found: "Steadiness") -> list[str]:
    rows = [("", "settles", "level", "last year less the year before", "")]
    rows += [_row(curve) for curve in found.curves]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        f"'{found.contract}' throughout, {counted(found.months, 'month')}, {counted(found.worlds, 'world')}",
        f"steady: surely less than {100 * found.margin:g} % of its level from one year to the next (--margin)",
        "",
    ]
    lines += [
        "  ".join(
            (row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:])))
        ).rstrip()
        for row in rows
    ]
    return [*lines, "", *_closing(found)]


def _row(curve: "Drift") -> tuple[str, str, str, str, str]:
    level = "-" if curve.mean is None else brief(curve.mean)
    drift = [brief(each, 2, sign=True) for each in curve.drift[:3] if each is not None]
    change = f"{drift[0]} ({drift[1]} to {drift[2]})" if len(drift) == 3 else "-"
    return curve.name, f"month {curve.settles}", level, change, curve.verdict


def _closing(found: "Steadiness") -> list[str]:
    late = [curve.name for curve in found.curves if curve.settles > found.lead_in]
    drifting = [curve.name for curve in found.curves if curve.verdict == "drifts"]
    lines = []
    if late:
        lines.append(
            f"The lead-in of {counted(found.lead_in, 'month')} is too short for {', '.join(late)}: "
            f"write lead_in_months: {found.settles}."
        )
    if drifting:
        lines.append(
            f"Still drifting in the last year: {', '.join(drifting)}. The agency does not hold its load, or its money: "
            "what is said of a switch holds for the months counted, and not for ever."
        )
    return lines or [
        f"The lead-in of {counted(found.lead_in, 'month')} is long enough, and nothing is seen to drift."
    ]


def _as_json(found: "Steadiness") -> str:
    import json

    curves = [{**curve._asdict(), "drift": curve.drift.as_data()} for curve in found.curves]
    whole = {**found._asdict(), "curves": curves, "settles": found.settles}
    return json.dumps({"schema_version": 1, "kind": "steadiness", **whole}, indent=2)
