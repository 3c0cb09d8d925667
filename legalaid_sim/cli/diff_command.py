"""``legalaid-sim diff``: what differs between two contracts, and what the difference does to matters."""

import click

from legalaid_sim.cli.completing import contracts


@click.command()
@click.argument("before", shell_complete=contracts)
@click.argument("after", shell_complete=contracts)
@click.option(
    "--matters",
    type=click.IntRange(2, 100_000),
    default=1000,
    show_default=True,
    help="Seeded matters to price.",
)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="Seed of the matters.")
def command(before: str, after: str, matters: int, seed: int) -> None:
    """\b
    Examples:
      legalaid-sim diff unified-contract-2007 standard-civil-contract-2010
      legalaid-sim diff relational-pilot my-contract.yaml

    Compare two contracts: terms, worked examples, pay on the same seeded matters, incentives, duties.
    """
    from legalaid_sim.authoring.comparing import comparison_in_text

    click.echo(comparison_in_text(before, after, matters, seed), nl=False)
