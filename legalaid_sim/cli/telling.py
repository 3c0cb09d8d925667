"""Say on standard error what is doubtful of a scenario, before its first world is lived."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from legalaid_sim.errors import Problem


def warn(problem: "Problem") -> None:
    """Tell one warning in a line of its own."""
    click.echo(str(problem), err=True)
