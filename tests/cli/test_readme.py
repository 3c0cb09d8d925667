import os
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.shell import ROOT, run

README = (ROOT / "README.md").read_text()
COMMANDS = [line.strip() for line in README.splitlines() if line.startswith("    python3.11 -m venv")]


def test_the_readme_has_two_commands_and_the_second_is_what_is_run_for_every_change() -> None:
    first, second = COMMANDS
    assert first.endswith("legalaid-sim run scenarios/canning-town-2008.yaml")
    assert second.endswith("python -m pytest")
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert second in script.read_text().splitlines()


def test_every_file_of_requirements_that_is_installed_from_is_there() -> None:
    pages = (ROOT / name for name in ("README.md", "CONTRIBUTING.md", ".ci/run", "docs/analyst.md"))
    named = {name for page in pages for name in re.findall(r"--require-hashes -r (\S+)", page.read_text())}
    assert named == {"requirements/run.txt", "requirements/test.txt"}
    assert all((ROOT / name).is_file() for name in named)


def test_everything_the_readme_points_to_is_there() -> None:
    for name in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / name).exists(), name
    assert (ROOT / "scenarios/canning-town-2008.yaml").exists()


def test_every_command_that_the_readme_types_exists() -> None:
    from legalaid_sim.cli import COMMANDS as KNOWN

    typed = [shlex.split(line)[1] for line in README.splitlines() if line.strip().startswith("legalaid-sim ")]
    assert typed
    assert set(typed) <= set(KNOWN)


def test_the_studio_opens_as_the_readme_types_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from legalaid_sim.studio import serving

    served: list[Path] = []
    monkeypatch.setattr(serving, "serve", lambda folder, tell: served.append(folder))
    typed = next(shlex.split(line)[1:] for line in README.splitlines() if "legalaid-sim studio" in line)
    first, again = (run(*typed, cwd=tmp_path) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0)
    assert (first.stderr, again.stderr) == ("There was no folder my-contracts; it is made, and empty.\n", "")
    assert served == [Path("my-contracts")] * 2
    assert (tmp_path / "my-contracts").is_dir()
    deep = run("studio", "not/there", cwd=tmp_path)
    assert deep.returncode == 1
    assert "there is no folder not/there, and it cannot be made" in deep.stderr
    (tmp_path / "file.yaml").touch()
    assert "is a file" in run("studio", "file.yaml", cwd=tmp_path).stderr


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/test.txt"])
def test_requirements_are_pinned_with_hashes_and_hold_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    found = pins(name)
    assert len(found) > 15
    assert all(re.match(r"[a-z0-9-]+==\S+ (; .*)?\\$", pin) for pin in found)
    assert text.count("--hash=sha256:") >= len(found)


def test_tests_run_on_the_versions_that_results_are_made_with() -> None:
    assert set(pins("requirements/run.txt")) <= set(pins("requirements/test.txt"))


def pins(name: str) -> list[str]:
    return [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in " #"]
