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
    path = place if place.suffix in (".yaml", ".yml") else place / NAME
    _write_new(path, starter())
    click.echo(f"{path} written\nnext: legalaid-sim run {path}")


def starter() -> str:
    """Give the text of the starter scenario, with contracts of the library in it."""
    from legalaid_sim.contracts.load import library_names

    known = library_names()
    names = [name for name in PREFERRED if name in known] or list(known[:1])
    starter = Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8")
    return starter.replace("CONTRACTS", f"[{', '.join(names)}]")


def _write_new(path: Path, text: str) -> None:
    from legalaid_sim.errors import ResultsError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ResultsError(str(path), "is there already and is left as it is; give another name") from None
    except OSError as error:
        raise ResultsError(str(path), f"cannot be written: {error.strerror}") from error
