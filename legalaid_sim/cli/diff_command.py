"""``legalaid-sim diff``: what differs between two contracts, and what the difference does to matters."""

from pathlib import Path

import click

from legalaid_sim.cli import options
from legalaid_sim.cli.completing import contracts


@click.command()
@click.argument("before", shell_complete=contracts)
@click.argument("after", shell_complete=contracts)
@click.option("--all", "all_rows", is_flag=True, help="Show every line, group and example, however many.")
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="Also price the matters that this scenario closes under BEFORE: mean, gain and lose.",
)
@options.seed("Seed of the scenario's world, instead of the scenario's own.")
def command(before: str, after: str, all_rows: bool, scenario: Path | None, seed: int | None) -> None:
    """\b
    Examples:
      legalaid-sim diff unified-contract-2007 standard-civil-contract-2010
      legalaid-sim diff relational-pilot my-contract.yaml --scenario my-scenario.yaml

    Compare two contracts: what is written, what changes for which cases, which lines touch no case.

    Cases are every kind of matter that either contract can tell apart: regions, categories, fee codes, VAT,
    what blocks ask about, opening days. How many gain or lose depends on who comes: ask with --scenario.
    """
    from legalaid_sim.authoring.comparing import comparison_in_text

    click.echo(comparison_in_text(before, after, all_rows), nl=False)
    if scenario is not None:
        from legalaid_sim.authoring.lived import lived_in_text

        click.echo(lived_in_text(before, after, scenario, seed), nl=False)
