"""Show problems to a reader or a program: text with the line quoted, JSON, SARIF, annotations."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.errors import ERROR, NOTE, WARNING, Problem
from legalaid_sim.units import counted
from legalaid_sim.yamlfile import Document

LINES_BEFORE = 2
LONGEST_LINE = 200
PROBLEMS_FORMAT = "1.0"
SARIF_LEVELS = {ERROR: "error", WARNING: "warning", NOTE: "note"}
LEADS = (
    "fix:",
    "help:",
    "docs:",
    "also allowed here:",
    "silence with:",
    "kinds in this list:",
    "allowed here:",
)

DocumentsByName = Mapping[str, Document]


def render_text(problems: Sequence[Problem], documents: DocumentsByName) -> str:
    """Show each problem under its place, the line quoted and underlined, and what to do about it."""
    lines = {name: document.lines for name, document in documents.items()}
    return "\n\n".join("\n".join(_paragraph(problem, lines.get(problem.file, []))) for problem in problems)


def summary_of(problems: Sequence[Problem]) -> str:
    """Count problems by severity in a sentence.

    >>> summary_of(())
    'No problems.'
    """
    if not problems:
        return "No problems."
    by_severity = Counter(problem.severity for problem in problems)
    counts = [counted(by_severity[s], s) for s in (ERROR, WARNING, NOTE) if by_severity[s]]
    return f"{counted(len(problems), 'problem')}: {', '.join(counts)}."


def render_json(problems: Sequence[Problem], extra: Mapping[str, object] | None = None) -> str:
    """Write problems as one JSON object: ``problems_format``, ``counts``, ``problems`` in file order."""
    by_severity = Counter(problem.severity for problem in problems)
    report = {
        "problems_format": PROBLEMS_FORMAT,
        "counts": {f"{s}s": by_severity[s] for s in (ERROR, WARNING, NOTE)},
        **(extra or {}),
        "problems": [_as_data(problem) for problem in problems],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def render_sarif(problems: Sequence[Problem], version: str) -> str:
    """Write problems as a SARIF 2.1.0 log, the form that code hosts read."""
    first = {problem.code: problem for problem in reversed(problems)}
    used = sorted(first)
    driver = {
        "name": "legalaid-sim",
        "version": version,
        "rules": [_sarif_rule(first[code]) for code in used],
    }
    results = [_sarif_result(problem, used) for problem in problems]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def render_github(problems: Sequence[Problem]) -> str:
    """Write problems as workflow commands, one a line, that a code host turns into annotations."""
    return "\n".join(_annotation(problem) for problem in problems)


def _paragraph(problem: Problem, lines: Sequence[str]) -> Iterator[str]:
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    yield f"{where}  {problem.code} {problem.name}  {problem.severity}"
    if problem.also:
        yield f"   {problem.message}"
        yield from _two_places(problem, lines)
    elif problem.severity == NOTE or not 0 < problem.line <= len(lines):
        yield f"   {problem.message}"
    else:
        yield from _quoted(problem, lines)
    yield from (f"   {line}" for line in _remedy(problem))


def _quoted(problem: Problem, lines: Sequence[str]) -> Iterator[str]:
    last = problem.line
    first = max(1, last - LINES_BEFORE)
    while first < last and not lines[first - 1].strip():
        first += 1
    for number in range(first, last + 1):
        yield f"{number:>5} | {_window(lines[number - 1], problem.column)}".rstrip()
    gap = _gap(lines[last - 1], problem.column)
    yield f"{'':>5} | {gap}{'^' * min(problem.width, 60)} {problem.message}"


def _window(line: str, column: int) -> str:
    """Cut a line that is too long to show down to what stands around a column."""
    if len(line) <= LONGEST_LINE:
        return line
    start = _start_of_window(column)
    return f"{'...' if start else ''}{line[start : start + LONGEST_LINE]}..."


def _start_of_window(column: int) -> int:
    return max(0, column - LONGEST_LINE // 2)


def _gap(line: str, column: int) -> str:
    if len(line) > LONGEST_LINE and _start_of_window(column):
        return " " * (3 + column - 1 - _start_of_window(column))
    return "".join("\t" if sign == "\t" else " " for sign in line[: column - 1])


def _two_places(problem: Problem, lines: Sequence[str]) -> Iterator[str]:
    here = (problem.line, "and here" if problem.also[0][0] < problem.line else "here")
    places = sorted({*problem.also, here})
    quoted = {n: _window(lines[n - 1], 1).rstrip() if 0 < n <= len(lines) else "" for n, _ in places}
    shown = [(n, quoted[n], text) for n, text in places]
    width = max(len(line) for _, line, _ in shown)
    yield from (f"{n:>5} | {line:<{width}}   {text}" for n, line, text in shown)


def _remedy(problem: Problem) -> Iterator[str]:
    # A problem of a sweep, a claims file or a run says all there is; `explain` knows the codes of the register.
    told = problem.code in codes()
    if not problem.help:
        yield from (f"help: explain {problem.code}",) * told
    elif told and problem.help.startswith("explain "):
        yield f"help: explain {problem.code}; {problem.help}"
    elif problem.help.startswith(LEADS):
        yield from problem.help.split("\n")
    else:
        yield f"help: {problem.help}"


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "name": problem.name,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "width": problem.width,
        "path": problem.path,
        "also": [{"line": line, "text": text} for line, text in problem.also],
    }


def _sarif_rule(problem: Problem) -> dict[str, object]:
    known = codes().get(problem.code)
    return {
        "id": problem.code,
        "name": "".join(word.capitalize() for word in problem.name.split("-")),
        "shortDescription": {"text": known.meaning if known else problem.name},
        "defaultConfiguration": {"level": SARIF_LEVELS[known.severity if known else problem.severity]},
    }


def _sarif_result(problem: Problem, used: Sequence[str]) -> dict[str, object]:
    region = {
        "startLine": max(problem.line, 1),
        "startColumn": max(problem.column, 1),
        "endColumn": max(problem.column, 1) + problem.width,
    }
    place = {"artifactLocation": {"uri": problem.file.replace("\\", "/")}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": used.index(problem.code),
        "level": SARIF_LEVELS[problem.severity],
        "message": {"text": problem.said},
        "locations": [{"physicalLocation": place}],
    }


def _annotation(problem: Problem) -> str:
    level = {ERROR: "error", WARNING: "warning", NOTE: "notice"}[problem.severity]
    place = f"file={_escaped(problem.file)},line={max(problem.line, 1)},col={max(problem.column, 1)}"
    title = f"{problem.code} {problem.name}"
    return f"::{level} {place},title={title}::{_escaped(problem.said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
