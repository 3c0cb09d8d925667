"""What several commands print alike."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from legalaid_sim.errors import Problem
    from legalaid_sim.experiments.shared.statistics import Estimate


def warn(problem: "Problem") -> None:
    """Say on standard error what is doubtful of a scenario, before its first world is lived."""
    click.echo(str(problem), err=True)


def tell_scorecard(estimates: "Mapping[str, Mapping[str, Estimate]]") -> None:
    """Print the scorecard of all contracts, as wide as the terminal."""
    from legalaid_sim.reports.columns import terminal_width
    from legalaid_sim.reports.scorecard import scorecard_table

    click.echo(f"\n{scorecard_table(estimates, terminal_width())}")
