"""``legalaid-sim resolve``: a contract as one flat file, with the origin of every line."""

from pathlib import Path

import click

from legalaid_sim.cli.completing import contracts
from legalaid_sim.cli.saving import save


@click.command()
@click.argument("contract", shell_complete=contracts)
@click.option("--plain", is_flag=True, help="Leave out the origins.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead.")
def command(contract: str, plain: bool, out: Path | None) -> None:
    """\b
    Examples:
      legalaid-sim resolve standard-civil-contract-2010
      legalaid-sim resolve my-reform.yaml --out flat.yaml

    Write a contract with its parents and changes worked in, each line with where it came from.
    """
    from legalaid_sim.contracts.language.flat import flat_text
    from legalaid_sim.contracts.language.load import read_sound, resolve

    resolved = resolve(contract)
    read_sound(resolved)
    text = flat_text(resolved, with_origins=not plain)
    if out is None:
        click.echo(text, nl=False)
    else:
        save(out, text)
        click.echo(f"Wrote {out}.")
