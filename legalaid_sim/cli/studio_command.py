"""``legalaid-sim studio``: a designer's desk in the browser."""

from importlib.util import find_spec
from pathlib import Path

import click


@click.command("studio", short_help="Edit contracts in the browser and see at once what they pay.")
@click.argument(
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="[DIR]",
)
@click.option("--no-open", is_flag=True, help="Print the address and open no browser.")
def command(folder: Path, no_open: bool) -> None:
    """\b
    Examples:
      legalaid-sim studio
      legalaid-sim studio my-contracts --no-open

    Edit the contracts of a folder: problems at their lines, every number to turn, what a matter pays and why.

    A folder that is not there is made. Files stay plain YAML and are written only when you save. The first line printed
    is the address; it opens once, on this machine alone. Ctrl-C ends it.
    """
    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        from legalaid_sim.extras import install_line

        raise click.ClickException(f"the studio needs libraries that are not there: {install_line('studio')}")
    from legalaid_sim.studio.serving import serve

    _there(folder)
    serve(folder, lambda address: _told(address, no_open))


def _there(folder: Path) -> None:
    if folder.exists():
        return
    try:
        folder.mkdir()
    except OSError as error:
        why = f"there is no folder {folder}, and it cannot be made ({error.strerror}); give one that can"
        raise click.ClickException(why) from None
    click.echo(f"There was no folder {folder}; it is made, and empty.", err=True)


def _told(address: str, no_open: bool) -> None:
    click.echo(address)
    if not no_open:
        import webbrowser

        webbrowser.open_new_tab(address)
