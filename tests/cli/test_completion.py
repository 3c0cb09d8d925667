import os
import subprocess
from pathlib import Path

import pytest

from legalaid_sim.cli import group
from legalaid_sim.cli.completion_command import SHELLS, NoShell, install, script
from legalaid_sim.contracts.language.load import library_names
from tests.cli.shell import environment, line, run_apart


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "SHELL"):
        monkeypatch.delenv(name, raising=False)


def offered(*words: str) -> list[str]:
    """What bash is offered when the last word is being typed."""
    asked = {
        "_LEGALAID_SIM_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    typed = line()
    done = subprocess.run(typed, env=environment(**asked), capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(tmp_path: Path, shell: str) -> None:
    done = run_apart("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.rstrip() == script(shell, group).rstrip()
    assert f"_LEGALAID_SIM_COMPLETE={shell}_complete" in done.stdout


def test_bash_accepts_its_script() -> None:
    done = subprocess.run(
        ["bash", "-n"], input=script("bash", group), text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_options_and_contracts_are_offered() -> None:
    assert "plain,compare" in offered("legalaid-sim", "com")
    assert "plain,--replications" in offered("legalaid-sim", "run", "--rep")
    found = offered("legalaid-sim", "run", "x.yaml", "-c", "rel")
    assert found == [f"plain,{name}" for name in library_names() if name.startswith("rel")]
    assert "plain,continuity.coc" in offered("legalaid-sim", "compare", "x.yaml", "-m", "continuity.c")


@pytest.mark.parametrize(
    ("shell", "place", "words"),
    [
        ("bash", ".local/share/bash-completion/completions/legalaid-sim", "add to ~/.bashrc: . "),
        ("zsh", ".zfunc/_legalaid-sim", "add to ~/.zshrc and open a new shell"),
        ("fish", ".config/fish/completions/legalaid-sim.fish", "open a new shell"),
    ],
)
def test_it_is_installed_where_the_shell_looks(tmp_path: Path, shell: str, place: str, words: str) -> None:
    told = install(group, shell, tmp_path)
    assert told.startswith(f"{tmp_path / place} written\nnext: ")
    assert words in told
    assert (tmp_path / place).read_text() == script(shell, group)
    assert sum(len(files) for _, _, files in os.walk(tmp_path)) == 1


def test_the_shell_of_the_user_is_taken(tmp_path: Path) -> None:
    done = run_apart("--install-completion", cwd=tmp_path, HOME=str(tmp_path), SHELL="/usr/bin/fish")
    assert done.returncode == 0
    assert (tmp_path / ".config/fish/completions/legalaid-sim.fish").exists()


def test_another_shell_is_named() -> None:
    with pytest.raises(NoShell, match="'csh' is not a shell that can be set up: it must be bash, zsh, fish"):
        install(group, "csh")
    with pytest.raises(NoShell, match="SHELL names no shell"):
        install(group)


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    from legalaid_sim.errors import ResultsError

    (tmp_path / ".zfunc").write_text("")
    with pytest.raises(ResultsError, match="cannot be written"):
        install(group, "zsh", tmp_path)
