"""Whatever becomes of a contract's text, checking it ends with known problems, never with a crash."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legalaid_sim.authoring.checking import check_file, check_text
from legalaid_sim.contracts.language.load import LIBRARY, library_names
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.render import render_json, render_text
from legalaid_sim.yamlfile import dump, parse

SMALL = 12_000
TEXTS = [
    text
    for name in library_names()
    if len(text := (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")) < SMALL
]
YAML_SIGNS = [
    "",
    " ",
    "  ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "#",
    "&a",
    "*a",
    "!t ",
    "\t",
    "\n",
    "~",
]
WORDS = ["null", "true", "yes", "-1", "0", "99999999999", "1.005", "2026-02-30", "£", "%", "...", "---", "O"]
FORMS = [
    "{value: nothing}",
    "{column: nothing}",
    "{dated: {}}",
    "{by_region: {}}",
    "kind: limit",
    "kind: audit",
]
SCRAPS = st.sampled_from([*YAML_SIGNS, *WORDS, *FORMS])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["cut", "twice", "swap", "indent", "insert", "value"]))
        if how == "cut" and len(lines) > 1:
            del lines[at]
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "indent":
            lines[at] = draw(st.sampled_from([" ", "  ", "\t", ""])) + lines[at].lstrip()
        elif how == "insert":
            column = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:column] + draw(SCRAPS) + lines[at][column:]
        elif ":" in lines[at]:
            lines[at] = lines[at].rsplit(":", 1)[0] + ": " + draw(SCRAPS)
    return "\n".join(lines)


def holds(text: str) -> None:
    checked = check_text(text, "f.yaml", "publish")
    assert {problem.code for problem in checked.problems} <= set(codes())
    assert checked.exit_status in (0, 1)
    for problem in checked.problems:
        assert problem.message
        assert 0 <= problem.line <= text.count("\n") + 1
    assert "Traceback" not in render_text(checked.problems, checked.documents)
    assert render_json(checked.problems)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_mutated_library_file_is_checked_without_a_crash(text: str) -> None:
    holds(text)


ODD = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**12)
    | st.sampled_from(["x", "2026-04-01", "£5", "", "all"])
)
VALUES = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@st.composite
def replanted(draw: st.DrawFn) -> str:
    """A library file with one part of its tree replaced by something odd."""
    data = parse(draw(st.sampled_from(TEXTS))).data
    here, key = data, draw(st.sampled_from(sorted(data)))
    while isinstance(here[key], dict | list) and here[key] and draw(st.integers(0, 4)):
        here = here[key]
        key = (
            draw(st.sampled_from(sorted(here)))
            if isinstance(here, dict)
            else draw(st.integers(0, len(here) - 1))
        )
    here[key] = draw(VALUES)
    return dump(data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(replanted())
def test_a_library_file_with_an_odd_part_is_checked_without_a_crash(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("name", library_names())
def test_a_library_contract_may_be_published(name: str) -> None:
    checked = check_file(name, "publish")
    assert not [str(p) for p in checked.problems if p.severity == "error"]
    assert checked.passed == checked.examples > 0


def test_the_fuzzed_files_are_there() -> None:
    assert len(TEXTS) >= 2
    assert Path(LIBRARY).is_dir()
