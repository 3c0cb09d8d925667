"""Colour for what stands on a terminal. Nothing depends on it: without colour the words are the same."""

import re

import click

ROW = re.compile(r"^([↑↓] )(\S+)")
WORDS = {
    "  better": {"fg": "green"},
    "  worse": {"fg": "red"},
    " ok": {"fg": "green"},
    "FAILS": {"fg": "red", "bold": True},
}


def inked(text: str) -> str:
    """Set off the first line, the names of measures, verdicts and the next step.

    click leaves colour out where standard output is no terminal or ``NO_COLOR`` is set.

    >>> click.unstyle(inked("A title\\nnext: legalaid-sim list")) == "A title\\nnext: legalaid-sim list"
    True
    """
    first, *rest = text.split("\n")
    return "\n".join((click.style(first, bold=True), *map(_line, rest)))


def _line(line: str) -> str:
    if line.startswith("next: "):
        return f"{click.style('next:', dim=True)} {click.style(line[6:], fg='cyan')}"
    if line.startswith("results in "):
        return f"{click.style('results in', dim=True)} {line[11:]}"
    return _verdicts(ROW.sub(lambda found: found[1] + click.style(found[2], bold=True), line))


def _verdicts(line: str) -> str:
    for words, style in WORDS.items():
        if line.endswith(words) or f"{words}  " in line:
            line = line.replace(words, click.style(words, **style))  # type: ignore[arg-type]
    return line
