"""Texts to texts: what a page shows of a file, what goes back into it, and the edits that are made by a click."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher, unified_diff
from typing import Any, NamedTuple

from legalaid_sim.authoring.setting import number_at
from legalaid_sim.errors import ContractError
from legalaid_sim.yamlfile import Mark, dump, is_number, parse, with_number

BYTE_ORDER_MARK = "\ufeff"
ENDS = re.compile("\r\n|\r|\n")
MEANT = re.compile(r"Did you mean '([A-Za-z0-9_. -]{1,60})'\?")


class NotEdited(Exception):
    """An edit that cannot be made in this text; the words say why."""


def as_shown(raw: str) -> str:
    """Give a file's text as a page shows it: without byte order mark, each line ended alike."""
    return ENDS.sub("\n", raw.removeprefix(BYTE_ORDER_MARK))


def as_filed(raw: str, shown: str) -> str:
    """Put an edited text back into the form of its file: lines that stayed keep their own ends, new ones the usual.

    >>> as_filed("\\ufeffa: 1\\r\\nb: 2\\n", "a: 1\\nb: 3\\n")
    '\\ufeffa: 1\\r\\nb: 3\\n'
    """
    shown = ENDS.sub("\n", shown)
    mark = BYTE_ORDER_MARK if raw.startswith(BYTE_ORDER_MARK) else ""
    held = ENDS.findall(raw)
    usual = max(dict.fromkeys(held), key=held.count, default="\n")
    if set(held) <= {usual}:
        return mark + shown.replace("\n", usual)
    old, new = as_shown(raw).split("\n"), shown.split("\n")
    ends = [usual] * len(new)
    for _, was, until, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        # A line that was edited keeps its end as well.
        for at in range(min(until - was, stop - start)):
            ends[start + at] = held[was + at] if was + at < len(held) else usual
    return mark + "".join(f"{line}{end}" for line, end in zip(new, [*ends[:-1], ""]))


def turned(text: str, numbers: Mapping[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """Set numbers in a text by their places, and give those that moved with what stood there before.

    Raises ``NotEdited`` for a place that is not there, or what is no number.
    """
    moved = []
    for place, number in numbers.items():
        written = number.strip()
        try:
            found = number_at(parse(text), place)
        except ContractError as error:
            raise NotEdited(error.problems[0].message) from None
        if not is_number(written):
            raise NotEdited(f"'{written[:40]}' is not a plain number, as {place} takes")
        changed = with_number(text, found.mark, written)
        if changed != text:
            moved.append((place, str(found.value)))
        text = changed
    return text, moved


def meant(message: str) -> str:
    """Give the word that a message supposes was meant; empty for none.

    >>> meant("no such key. Did you mean 'rates'?")
    'rates'
    """
    found = MEANT.search(message)
    return found[1] if found else ""


def put_right(text: str, mark: Mark, word: str) -> str:
    """Put a word in place of the one that stands at a mark; raises ``NotEdited`` where nothing like it does."""
    lines = text.split("\n")
    if not 0 < mark.line <= len(lines) or not MEANT.fullmatch(f"Did you mean '{word}'?"):
        raise NotEdited("the text has changed: look again")
    line, start = lines[mark.line - 1], mark.column - 1
    old = line[start : start + mark.width]
    if not re.fullmatch(r"['\"]?[\w. -]+['\"]?", old):
        raise NotEdited("the text has changed: look again")
    lines[mark.line - 1] = f"{line[:start]}{word}{line[start + mark.width :]}"
    return "\n".join(lines)


def with_example(text: str, example: Mapping[str, Any]) -> str:
    """Add a worked example to a contract's text, below those that are there; all else stays as it is.

    Raises ``NotEdited`` where the examples are written so that none can be added by itself.
    """
    document = parse(text)
    data = document.data if isinstance(document.data, dict) else {}
    held = data.get("examples")
    if held is None and "examples" in data:
        raise NotEdited("'examples:' holds nothing: delete that line first")
    body = dump([dict(example)]).rstrip("\n").split("\n")
    lines = text.rstrip("\n").split("\n")
    if not held:
        if "examples" in data:
            raise NotEdited("'examples: []' holds nothing: delete that line first")
        lines += ["", "examples:", *(f"  {line}" for line in body)]
    else:
        last = document.marks.values[("examples", len(held) - 1)]
        indent = last.column - 3
        if lines[last.line - 1][: last.column - 1].strip() != "-" or indent < 0:
            raise NotEdited("the examples stand in brackets: write one a line, each begun with '- '")
        end = _end_of(lines, last.line, indent)
        lines[end:end] = ["", *(f"{' ' * indent}{line}" for line in body)]
    made = "\n".join(lines) + "\n"
    wanted = {**data, "examples": [*(held or []), parse(dump(dict(example))).data]}
    if parse(made).data != wanted:
        raise NotEdited("an example cannot be added here without changing something else; write it by hand")
    return made


def _end_of(lines: list[str], start: int, indent: int) -> int:
    """Give the line before which what begins at ``start`` has ended; blank lines and comments below it stay below."""
    end = start
    for at in range(start, len(lines)):
        line = lines[at]
        if line.strip() and not line.lstrip().startswith("#"):
            if len(line) - len(line.lstrip(" ")) <= indent:
                break
            end = at + 1
    return max(end, start)


class DiffRow(NamedTuple):
    """A line of a comparison: its sign and its words."""

    sign: str
    words: str


def differences(one: str, other: str, of: str, to: str) -> list[DiffRow]:
    """Compare two texts line by line."""
    lines = unified_diff(as_shown(one).split("\n"), as_shown(other).split("\n"), of, to, n=2, lineterm="")
    return [DiffRow(line[:1], line) for line in lines]
