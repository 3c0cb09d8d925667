"""``legalaid-sim init``: a commented scenario to start from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from legalaid_sim.starting.asking import Question

NAME = "scenario.yaml"


@click.command("init")
@click.argument("place", type=click.Path(path_type=Path), default=NAME, metavar="[FILE|DIR]")
@click.option(
    "--from",
    "source",
    metavar="SCENARIO",
    help="Copy this scenario: a file, or a name in ./scenarios, here, or in the folder that this comes from.",
)
@click.option("--ask", is_flag=True, help="Put six questions, each with an answer on Enter.")
def command(place: Path, source: str | None, ask: bool) -> None:
    """\b
    Examples:
      legalaid-sim init my-agency.yaml
      legalaid-sim init my-agency.yaml --ask
      legalaid-sim init my-town.yaml --from canning-town-2008

    Write a scenario that runs in seconds, with a comment on every line. A file that is there already is never
    overwritten.
    """
    from legalaid_sim.files import write_new

    if source and ask:
        raise click.UsageError("give either --from or --ask: one copies a scenario, the other makes one")
    path = place if place.suffix in (".yaml", ".yml") else place / NAME
    if path.exists():
        write_new(path, "")  # says so before anything is asked
    text, said = _made(path, source, ask)
    write_new(path, text)
    click.echo("\n".join([f"{path} written", *said, f"next: legalaid-sim run {path}"]))


def _made(path: Path, source: str | None, ask: bool) -> tuple[str, list[str]]:
    """Give the text of the scenario, and what is to be said of it."""
    if source:
        from legalaid_sim.starting.copying import copied, find_scenario

        return copied(find_scenario(source), path), []
    if ask:
        return _asked(path)
    from legalaid_sim.starting import starter

    return starter(), []


def _asked(path: Path) -> tuple[str, list[str]]:
    from legalaid_sim.starting.asking import interviewed, notes, outcome, scenario_of

    click.echo("Six questions; Enter takes what stands in brackets.")
    made = scenario_of(interviewed(_ask, click.echo, path), path)
    return made.text, [outcome(made), *notes(made.text, path)]


def _ask(question: "Question", default: str) -> str:
    shown = question.default or default
    answer: str = click.prompt(f"{question.words} [{shown}]", default=default, show_default=False)
    if not sys.stdin.isatty():
        click.echo(answer)  # where nobody types, what was answered stands beside its question
    return answer
