"""Options that several commands have, each declared once: the same flag, name, range and words wherever it stands.

A command adds its own words where the option means more there than elsewhere.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from legalaid_sim.arguments import SEED, SEED_OF_POINTS, WORKERS, WORLDS, Whole
from legalaid_sim.cli import completing

F = TypeVar("F", bound=Callable[..., Any])


class Option(Protocol):
    """What is written above a command to give it an option."""

    def __call__(self, command: F, /) -> F:
        """Give the command with the option."""
        ...


DATES = "How the file writes days: 2025-12-22, 22/12/2025 or 22-DEC-2025, 12/22/2025, 46013"
AMOUNTS = "How the file writes money: 1500.00, or £1,500.00"


def within(numbers: Whole) -> click.IntRange:
    """Give the range that the same question from Python has."""
    return click.IntRange(numbers.least, numbers.most)


def contracts(help: str, name: str = "contracts") -> Option:
    """Give ``--contract``, as often as one likes."""
    return click.option(
        "-c",
        "--contract",
        name,
        multiple=True,
        shell_complete=completing.contracts,
        metavar="NAME|FILE",
        help=help,
    )


def contract(help: str, required: bool = False) -> Option:
    """Give ``--contract``, once."""
    return click.option(
        "-c",
        "--contract",
        required=required,
        shell_complete=completing.contracts,
        metavar="NAME|FILE",
        help=help,
    )


def measures(help: str) -> Option:
    """Give ``--measure``, as often as one likes."""
    return click.option(
        "-m",
        "--measure",
        "measures",
        multiple=True,
        shell_complete=completing.measures,
        metavar="NAME",
        help=help,
    )


def replications(
    help: str = "Live exactly N worlds.", worlds: Whole = WORLDS, default: int | None = None
) -> Option:
    """Give ``--replications``: how many worlds."""
    return click.option(
        "-r",
        "--replications",
        type=within(worlds),
        default=default,
        show_default=default is not None,
        metavar="N",
        help=help,
    )


def seed(help: str = "Seed of the worlds, instead of the scenario's.") -> Option:
    """Give ``--seed`` of worlds."""
    return click.option("--seed", type=within(SEED), metavar="N", help=help)


def seed_of_points() -> Option:
    """Give ``--seed`` of points that are drawn; the worlds are those of the scenario's seed."""
    return click.option(
        "--seed",
        type=within(SEED_OF_POINTS),
        default=1,
        show_default=True,
        metavar="N",
        help="Seed of the points.",
    )


def workers() -> Option:
    """Give ``--workers``."""
    return click.option(
        "-w",
        "--workers",
        type=within(WORKERS),
        metavar="N",
        help="Processes to use; all processors where it is left out. The result is the same.",
    )


def cluster() -> Option:
    """Give ``--cluster``."""
    return click.option(
        "--cluster", metavar="ADDRESS", help="Work on this Dask scheduler, such as tcp://10.0.0.1:8786."
    )


def out(
    help: str = "Folder to write, still empty; results/<scenario>/<time>-<hash> where it is left out.",
    metavar: str = "DIR",
) -> Option:
    """Give ``--out``: what to write."""
    return click.option("-o", "--out", type=click.Path(path_type=Path), metavar=metavar, help=help)


def as_json(help: str = "Print one JSON object instead of the table; see docs/json.md.") -> Option:
    """Give ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=help)


def quiet(help: str = "Print only the name of the results folder.") -> Option:
    """Give ``--quiet``."""
    return click.option("-q", "--quiet", is_flag=True, help=help)


def dry_run(help: str) -> Option:
    """Give ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help=help)


def scorecard() -> Option:
    """Give ``--scorecard``."""
    return click.option(
        "--scorecard",
        is_flag=True,
        help="Print the one-to-one scorecard below: each feature of a good relationship, by contract.",
    )


def lived_in(help: str) -> Option:
    """Give ``--in``: the scenario that a contract is looked at in."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--in", "scenario", type=file, metavar="SCENARIO", help=help)


def regime(help: str) -> Option:
    """Give ``--regime``: one contract of a run."""
    return click.option("--regime", metavar="NAME", help=help)


def dates(default: str | None, more: str = "") -> Option:
    """Give ``--dates``: how a file of cases writes days."""
    kinds = click.Choice(["iso", "dmy", "mdy", "excel"])
    return click.option(
        "--dates", type=kinds, default=default, show_default=default is not None, help=f"{DATES}{more}."
    )


def amounts(default: str | None) -> Option:
    """Give ``--amounts``: how a file of cases writes money."""
    kinds = click.Choice(["plain", "printed"])
    return click.option(
        "--amounts", type=kinds, default=default, show_default=default is not None, help=f"{AMOUNTS}."
    )
