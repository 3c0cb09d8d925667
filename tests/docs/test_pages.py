import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.shell import ROOT

DOCS = ROOT / "docs"


def script(name: str) -> ModuleType:
    """Load a script of the docs; where it looks for its neighbours is forgotten again."""
    was = list(sys.path)
    spec = spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path[:] = was
    return module


def test_pages_made_from_the_code_are_fresh() -> None:
    asked = [sys.executable, str(DOCS / "generate.py"), "--check"]
    told = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", ""), "run: python docs/generate.py"


def test_the_picture_is_what_its_script_draws() -> None:
    picture = script("picture")
    assert (DOCS / "picture.svg").read_text(encoding="utf-8") == picture.drawn()


def test_every_measure_command_and_assumption_has_its_place() -> None:
    from legalaid_sim.cli import group
    from legalaid_sim.evidence import register
    from legalaid_sim.measures import REGISTRY

    index, line, assumptions = (
        (DOCS / "reference" / f"{name}.md").read_text()
        for name in ("measures", "command-line", "assumptions")
    )
    themes = list(dict.fromkeys(m.theme for m in REGISTRY.values()))
    in_order = sorted(REGISTRY, key=lambda name: themes.index(REGISTRY[name].theme))
    measures = "".join((DOCS / "reference" / "measures" / f"{theme}.md").read_text() for theme in themes)
    assert re.findall(r"^`(\S+)` \(", measures, re.M) == in_order
    assert re.findall(r"^\| `(\S+)` \|", index, re.M) == in_order
    assert set(re.findall(r"^`(\S+)` = ", assumptions, re.M)) == set(register())
    for name in group.list_commands(None):  # type: ignore[arg-type]
        assert f"## legalaid-sim {name}\n" in line


def test_links_lead_somewhere() -> None:
    for path in (*pages(), ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_page_has_its_place_in_the_contents() -> None:
    index = DOCS / "index.md"
    listed = {index, *(page for start in pages() for page in contents_of(start))}
    assert set(pages()) == listed


def pages() -> list[Path]:
    return [path for path in sorted(DOCS.rglob("*.md")) if "_build" not in path.parts]


def contents_of(page: Path) -> Iterator[Path]:
    for block in re.findall(r"```{toctree}\n(.*?)```", page.read_text(), re.S):
        yield from (page.parent / f"{line}.md" for line in block.split("\n") if line and line[0] != ":")


def test_what_the_guides_cite_of_the_model_is_in_the_code() -> None:
    """A function or parameter that the page on the model names must be there under that name."""
    from legalaid_sim.evidence import register

    text = (DOCS / "model.md").read_text()
    themes = {name.partition(".")[0] for name in register()}
    named = {name for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", text) if name.partition(".")[0] in themes}
    assert len(named) > 20
    assert named <= set(register())
    functions = set(re.findall(r"`([a-z_]+)\(\)`", text))
    assert len(functions) > 5
    code = "\n".join(path.read_text() for path in (ROOT / "legalaid_sim").rglob("*.py"))
    assert all(f"def {name}(" in code for name in functions)


def test_the_guides_build_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("myst_parser", reason="needs the extra docs")
    words = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        DOCS,
        tmp_path / "html",
    ]
    done = subprocess.run(
        [*map(str, words), "-d", str(tmp_path / "trees")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "html/index.html").exists()
    assert 'src="http' not in (tmp_path / "html/index.html").read_text()
