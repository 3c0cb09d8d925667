"""The command line: parse, call the library, print.

A command is a module ``<name>_command.py`` that exports ``command``. It is imported when it is used, so that
asking for help costs next to nothing.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from legalaid_sim import __version__
from legalaid_sim.errors import InputError, LegalAidSimError

if TYPE_CHECKING:
    from legalaid_sim.yamlfile import Document

BAD_INPUT = 2
INTERRUPTED = 130
TERMINATED = 143
STDERR = 2

COMMANDS = {
    "run": "Run a scenario under its contracts and write the results.",
    "init": "Write a commented scenario to start from.",
    "studio": "Edit contracts in the browser and see at once what they pay.",
    "set": "Set one number of a file, and nothing beside it.",
    "check": "Check scenario and contract files, and run the examples in them.",
    "list": "List contracts, scenarios or measures.",
    "explain": "Explain a contract, a key, a code, or what became of a matter.",
    "compare": "Compare contracts on the same worlds.",
    "sweep": "Vary anything, over many runs.",
    "frontier": "Say what it costs to keep seeing the same adviser.",
    "steady": "Say whether life before a switch is steady.",
    "sensitivity": "Say which assumptions move the result.",
    "search": "Search for better terms.",
    "attribute": "Say which clauses cause a difference.",
    "why": "Say what of a difference is typed and what was found.",
    "journey": "Tell what happened to one client.",
    "show": "Print a finished run again.",
    "report": "Write the report of a results folder.",
    "reproduce": "Run a results folder again and compare the bytes.",
    "export": "Write results in a form that other tools read.",
    "price": "Price a file of closed claims under a contract.",
    "import": "Read an agency's own cases, and leave people out.",
    "diff": "Show how two contracts differ.",
    "resolve": "Write a contract as one flat file, with the origin of every line.",
    "schema": "Print the JSON Schema of scenarios or contracts.",
    "assumptions": "List every assumption, with its source and range.",
    "validate": "Check the engine against queueing theory and other known answers.",
    "completion": "Print the script that completes commands in your shell.",
}


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is no such name."""
        from importlib import import_module

        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"legalaid_sim.cli.{cmd_name}_command").command
        assert isinstance(found, click.Command)
        # What a shell completes shows it: said here, where help has it without importing the command.
        found.short_help = COMMANDS[cmd_name]
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the line, or say which one may have been meant."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(_unknown(args[0], list(COMMANDS)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


EXAMPLES = """\b
Examples:
  legalaid-sim run scenarios/canning-town-2008.yaml
  legalaid-sim init my-scenario.yaml
  legalaid-sim check my-scenario.yaml my-contract.yaml

What does a contract for legal advice do to the relationship between client and adviser, and to the time that
goes on admin? Simulate clients, advisers and payment rules, and read why each pound was paid.
"""


@click.group(
    cls=Commands,
    help=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="legalaid-sim")
@click.option(
    "--install-completion",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, asked: _install(ctx) if asked else None,
    help="Let your shell complete commands, options and names; then exit.",
)
def group() -> None:
    """Stand for the whole command line; what is done is in the commands."""


def _install(ctx: click.Context) -> None:
    from legalaid_sim.cli.completion_command import install

    click.echo(install(ctx.command))
    ctx.exit()


def main() -> None:
    """Run the command line and end the process with its exit code.

    0 when it went well, 2 when something given was wrong, 130 when interrupted, 143 when ended
    from outside; a command may have codes of its own. A traceback is a bug.
    """
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_named_in_text(sys.argv[1:]) or _guarded())


def _open_what_is_closed() -> None:
    """Open what a service or cron has closed, to nowhere: the work is done all the same.

    First the numbers themselves, lest a results file be opened as the standard output and be written into.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        pass
    os.close(handle)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8", newline="\n"))  # noqa: SIM115


def _named_in_text(words: list[str]) -> int:
    """Refuse a name that is not text: everything that is written would have to bear it."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(word).decode("utf-8", "backslashreplace")
            return _say(
                f"{click.style('Error:', fg='red')} '{shown}' is not UTF-8 text; give the file another name"
            )
    return 0


def _guarded() -> int:
    try:
        code = group.main(prog_name="legalaid-sim", standalone_mode=False, color=_colour())
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as interruption:
        return _interrupted(INTERRUPTED, interruption)
    except _Terminated as interruption:
        return _interrupted(TERMINATED, interruption)
    except InputError as error:
        return _say(_problems(error))
    except LegalAidSimError as error:
        return _say(f"{click.style('Error:', fg='red')} {error}")
    except Exception as error:
        words = _refused(error)
        if words is None:
            raise
        return _say(f"{click.style('Error:', fg='red')} {words}")


def _refused(error: Exception) -> str | None:
    """Say what the machine has refused, whatever was writing; None for an error of another kind, which is a bug."""
    import sqlite3

    from legalaid_sim.files import reason_of

    if isinstance(error, sqlite3.OperationalError):
        return f"a database cannot be written or read: {error}; is there room, and may it be written?"
    if not isinstance(error, OSError):
        return None
    if error.filename is None:
        _give_up_output()
        return (
            f"what was to be told or kept cannot be written: {reason_of(error)}; is there room where it goes?"
        )
    return f"{error.filename}: {reason_of(error)}; give another place, or make room"


def _give_up_output() -> None:
    """Let the end of the process not fail on what the standard output would not take."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(words: str) -> int:
    click.echo(words, err=True, color=_colour())
    return BAD_INPUT


class _Terminated(BaseException):
    """Asked to end from outside: everything on the way out is cleaned up, as after Ctrl-C."""


def _terminate(*_: object) -> None:
    raise _Terminated


def _interrupted(code: int, interruption: BaseException) -> int:
    # Whoever keeps something on the way out notes it on the interruption; click wraps that of Ctrl-C.
    ends = (interruption, interruption.__cause__)
    notes = [note for end in ends if end is not None for note in getattr(end, "__notes__", ())]
    click.echo(f"Interrupted: {'; '.join(notes) or 'nothing was written'}.", err=True)
    return code


def _problems(error: InputError) -> str:
    from legalaid_sim.diagnostics.render import render_text, summary_of

    files = dict.fromkeys(problem.file for problem in error.problems if problem.file)
    documents = {file: document for file in files if (document := _document(file)) is not None}
    return f"{render_text(error.problems, documents)}\n\n{summary_of(error.problems)}"


def _document(file: str) -> "Document | None":
    from legalaid_sim.errors import UnreadableFile
    from legalaid_sim.yamlfile import load_document

    try:
        return load_document(file)
    except UnreadableFile:
        return None


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"There is no command '{name}'.{hint} There is: {', '.join(known)}."


def _colour() -> bool | None:
    # https://no-color.org: any value that is not empty. click itself does not look.
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return False if plain else None
