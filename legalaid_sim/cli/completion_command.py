"""``legalaid-sim completion``: the script that lets a shell complete commands, options and names."""

import os
from pathlib import Path

import click

from legalaid_sim.errors import LegalAidSimError

SHELLS = ("bash", "zsh", "fish")
NAME, VARIABLE = "legalaid-sim", "_LEGALAID_SIM_COMPLETE"


class NoShell(LegalAidSimError):
    """A shell that completion is not known for."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        named = f"'{self.found}' is not a shell that can be set up" if self.found else "SHELL names no shell"
        return f"{named}: it must be {', '.join(SHELLS)}. Print a script with '{NAME} completion bash'."


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """\b
    Examples:
      legalaid-sim completion bash > ~/.local/share/bash-completion/completions/legalaid-sim
      legalaid-sim completion fish > ~/.config/fish/completions/legalaid-sim.fish
      legalaid-sim --install-completion

    Print the script that completes commands, options, contracts and measures in SHELL.
    """
    click.echo(script(shell, ctx.find_root().command).rstrip())


def script(shell: str, group: click.Command) -> str:
    """Give the completion script of a shell for all commands of ``group``."""
    from click.shell_completion import get_completion_class

    completes = get_completion_class(shell)
    assert completes is not None
    # click asks the installed bash for its version first; the script does not depend on the answer.
    told = completes(group, {}, NAME, VARIABLE)
    return told.source_template % told.source_vars()


def install(group: click.Command, shell: str | None = None, home: Path | None = None) -> str:
    """Write the script where the shell of the user looks for it and say what else there is to do.

    Nothing but that one file is written; a start-up file of a shell is never changed. Raises ``NoShell``
    where the shell is not known.
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise NoShell(name)
    place = _place(name, home or Path.home())
    _write(place, script(name, group))
    return f"{place} written\nnext: {_next(name, place)}"


def _write(place: Path, text: str) -> None:
    from legalaid_sim.errors import ResultsError
    from legalaid_sim.files import reason_of, write_whole

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(str(place), f"cannot be written: {reason_of(error)}") from error
    write_whole(place, text)


def _place(shell: str, home: Path) -> Path:
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "bash": data / "bash-completion/completions" / NAME,
        "zsh": home / ".zfunc" / f"_{NAME}",
        "fish": settings / "fish/completions" / f"{NAME}.fish",
    }[shell]


def _next(shell: str, place: Path) -> str:
    if shell == "bash":
        return f"open a new shell; where it completes nothing, add to ~/.bashrc: . {place}"
    if shell == "zsh":
        return "add to ~/.zshrc and open a new shell: fpath+=~/.zfunc; autoload -Uz compinit; compinit"
    return "open a new shell"
