"""Set values in a YAML file and leave every other character as it is: comments, order, the way it is laid out."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.yamlfile import Document, Path, held_at, parse

OPENING, CLOSING = "{[", "}]"
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_ .-]*")
COMMENT = re.compile(r"\s*#")


class SplicedValue(NamedTuple):
    """A value for a place in a file, and what to say above it."""

    path: tuple[str, ...]
    value: Any
    note: str = ""


def spliced(document: Document, settings: Sequence[SplicedValue], sign: str) -> str:
    """Give the text of a file with values set, and the notes in comments above them that begin with ``sign``.

    Comments with that sign from an earlier time are taken out.

    Raises:
        ResultsError: the text cannot be changed in place so that it says just what is wanted.
    """
    lines = [line for line in document.lines if not line.lstrip().startswith(f"# {sign}")]
    text = "\n".join(lines)
    wanted = parse(text).data
    for setting in reversed(settings):  # what is new goes to the top of its map
        text = _set(text, setting.path, setting.value)
        wanted = with_value(wanted, setting.path, setting.value)
    text = _noted(text, settings, sign)
    if not _same(parse(text).data, wanted):
        raise ResultsError(document.path, "cannot be changed in place; write its maps and lists more simply")
    return text


def with_value(data: Any, path: Sequence[str], value: Any) -> Any:
    """Give plain data with a value at a place, maps made on the way."""
    if not path:
        return value
    known = dict(data) if isinstance(data, Mapping) else {}
    return known | {path[0]: with_value(known.get(path[0]), path[1:], value)}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    # A number that was set is a float here and is read as a decimal.
    return bool(one == other) or str(one) == str(other)


def _set(text: str, path: tuple[str, ...], value: Any) -> str:
    document = parse(text)
    length = next(n for n in range(len(path), -1, -1) if path[:n] in document.marks.values)
    if length < len(path) and held_at(document.data, path[:length]) is None:
        length -= 1  # a key with nothing behind it
        for part in reversed(path[length + 1 :]):
            value = {part: value}
        return _replaced(document, path[: length + 1], value)
    if length == len(path):
        return _replaced(document, path, value)
    for part in reversed(path[length + 1 :]):
        value = {part: value}
    return _added(document, path[:length], path[length], value)


def _replaced(document: Document, path: Path, value: Any) -> str:
    text, key = document.text, document.marks.keys[path]
    mark = document.marks.values[path]
    start = _offset(text, mark.line, mark.column)
    old = held_at(document.data, path)
    if isinstance(old, dict | list) and text[start : start + 1] not in tuple(OPENING):
        return _block_replaced(text, key.line, key.column, _flow(value))
    if old is None and text[start : start + 4].strip().lower() not in ("null", "~"):
        colon = text.index(":", _offset(text, key.line, key.column) + key.width)
        return f"{text[: colon + 1]} {_flow(value)}{text[colon + 1 :]}"
    end = _flow_end(text, start) if isinstance(old, dict | list) else start + mark.width
    return text[:start] + _flow(value) + text[end:]


def _block_replaced(text: str, line: int, column: int, value: str) -> str:
    """Put a value in place of an indented block; comments that stood in it stay, below the value."""
    lines = text.split("\n")
    end = line
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) >= column):
        end += 1
    while end > line and not lines[end - 1].strip():
        end -= 1
    head = lines[line - 1]
    colon = head.index(":", column - 1)
    comment = head[head.index("#", colon) :] if "#" in head[colon:] else ""
    kept = [one for one in lines[line:end] if COMMENT.match(one)]
    inner = [one[one.index(" #") + 1 :] for one in lines[line:end] if " #" in one and not COMMENT.match(one)]
    kept += [" " * (column - 1) + one for one in inner]
    new = f"{head[: colon + 1]} {value}" + (f"  {comment}" if comment else "")
    return "\n".join((*lines[: line - 1], new, *kept, *lines[end:]))


def _added(document: Document, parent: Path, key: str, value: Any) -> str:
    text, mark = document.text, document.marks.values[parent]
    said = f"{_key(key)}: {_flow(value)}"
    start = _offset(text, mark.line, mark.column)
    if text[start : start + 1] == "{":
        empty = not held_at(document.data, parent)
        return f"{text[: start + 1]}{said}{'' if empty else ', '}{text[start + 1 :]}"
    lines = text.split("\n")
    return "\n".join((*lines[: mark.line - 1], " " * (mark.column - 1) + said, *lines[mark.line - 1 :]))


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _flow_end(text: str, start: int) -> int:
    """Give where a map or list in brackets ends, over quotes and comments."""
    depth, place, quote = 0, start, ""
    while place < len(text):
        mark = text[place]
        if quote:
            if mark == "\\" and quote == '"':
                place += 1
            elif mark == quote:
                quote = ""
        elif mark in "'\"" and text[place - 1] in " {[,:\n":
            quote = mark
        elif mark == "#" and text[place - 1] in " \n":
            place = text.find("\n", place)
        elif mark in OPENING:
            depth += 1
        elif mark in CLOSING:
            depth -= 1
            if not depth:
                return place + 1
        place += 1
    return place


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key(key: str) -> str:
    return key if PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))}: {_flow(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _noted(text: str, settings: Sequence[SplicedValue], sign: str) -> str:
    marks, lines = parse(text).marks, text.split("\n")
    notes: dict[int, list[str]] = {}
    for setting in settings:
        if setting.note:
            line = marks.keys[setting.path].line
            indent = " " * _indent(lines[line - 1])
            notes.setdefault(line, []).append(f"{indent}# {sign}{'.'.join(setting.path[1:])} {setting.note}")
    for line in sorted(notes, reverse=True):
        lines[line - 1 : line - 1] = notes[line]
    return "\n".join(lines)
