"""A corpus of bad files, one mistake each: the last lines say what check must find, word by word."""

from pathlib import Path

import pytest

from legalaid_sim.authoring.checking import check_file, check_text
from legalaid_sim.diagnostics import codes as catalogue
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.render import render_text
from legalaid_sim.errors import ERROR, NOTE, WARNING
from legalaid_sim.yamlfile import load_document

CORPUS = Path(__file__).parents[2] / "bad_files"
FILES = sorted(CORPUS.glob("*.yaml"))
EXPECT, PROFILE = "# expect: ", "# profile: "
CATALOGUE = Path(catalogue.__file__).with_name("codes.yaml")
ELSEWHERE = {"CS000", "CS023", "CL023", *(path.stem[:5] for path in (CORPUS / "imports").iterdir())}


def expectations(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]


def profile(path: Path) -> str:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix(PROFILE) if first.startswith(PROFILE) else "working"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_check_says_exactly_what_the_file_expects(path: Path) -> None:
    found = check_file(str(path), profile(path)).problems
    assert [f"{p.code} {p.line}:{p.column} {p.message}" for p in found] == expectations(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_by_the_code_it_is_about(path: Path) -> None:
    assert any(line.startswith(path.stem[:5]) for line in expectations(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_exit_status_follows_the_gravest_problem(path: Path) -> None:
    checked = check_file(str(path), profile(path))
    assert checked.exit_status == (1 if any(p.severity == ERROR for p in checked.problems) else 0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_shows_its_place_and_code(path: Path) -> None:
    checked = check_file(str(path), profile(path))
    shown = render_text(checked.problems, checked.documents)
    for problem in checked.problems:
        assert f"{problem.file}:{problem.line}:{problem.column}  {problem.code} {problem.name}  " in shown
    assert "pydantic" not in shown
    assert "Traceback" not in shown


def test_a_file_of_endless_problems_is_cut_short_and_says_so() -> None:
    head = "kind: contract\nschema_version: 1\ncontract: x\nterm: {starts: 2026-04-01, months: 36}\n"
    found = check_text(head + "".join(f"key{number}: 1\n" for number in range(700)), "f.yaml").problems
    assert len(found) == 501
    assert found[-1].code == "CS023"
    assert found[-1].message == "there are 200 more problems, which are not shown"


def test_a_line_without_end_is_shown_around_its_problem() -> None:
    line = "kind: contract\nvalues: {" + ", ".join(f"v{n}: {{amount: x}}" for n in range(100)) + "}\n"
    checked = check_text(line, "f.yaml")
    shown = render_text(checked.problems, checked.documents).split("\n")
    assert max(map(len, shown)) < 300
    quoted = next(at for at, text in enumerate(shown) if "^" in text and at > 100)
    caret = shown[quoted].index("^")
    assert shown[quoted - 1][caret] == "x"


def test_every_code_has_a_bad_file() -> None:
    assert {path.stem[:5] for path in FILES} | ELSEWHERE == set(codes())


def test_no_code_is_given_twice() -> None:
    assert load_document(CATALOGUE).problems == ()


def test_every_code_is_explained() -> None:
    for code in codes().values():
        assert code.severity in (ERROR, WARNING, NOTE)
        assert code.meaning.endswith(".")
        assert code.mended


def test_names_of_codes_are_unique() -> None:
    assert len({code.name for code in codes().values()}) == len(codes())
