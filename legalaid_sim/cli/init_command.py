"""``legalaid-sim init``: a commented scenario to start from."""

from pathlib import Path

import click

NAME = "scenario.yaml"
PREFERRED = ("unified-contract-2007", "relational-pilot")


@click.command("init", short_help="Write a commented scenario to start from.")
@click.argument("place", type=click.Path(path_type=Path), default=NAME, metavar="[FILE|DIR]")
def command(place: Path) -> None:
    """\b
    Examples:
      legalaid-sim init my-agency.yaml
      legalaid-sim init studies/

    Write a scenario that runs in seconds, with a comment on every line. A file that is there already is never
    overwritten.
    """
    from legalaid_sim.files import write_new

    path = place if place.suffix in (".yaml", ".yml") else place / NAME
    write_new(path, starter())
    click.echo(f"{path} written\nnext: legalaid-sim run {path}")


def starter() -> str:
    """Give the text of the starter scenario, with contracts of the library in it."""
    from legalaid_sim.contracts.load import library_names

    known = library_names()
    names = [name for name in PREFERRED if name in known] or list(known[:1])
    starter = Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8")
    return starter.replace("CONTRACTS", f"[{', '.join(names)}]")
