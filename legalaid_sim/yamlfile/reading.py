"""Read YAML as plain data that remembers where each key and value stood."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

import yaml

from legalaid_sim.errors import ERROR, Problem, UnreadableFile
from legalaid_sim.units import add_up
from legalaid_sim.yamlfile.faults import (
    MOST_OF_ONE_FAULT,
    UNPRINTABLE,
    bad_indentation,
    plain_words,
    unprintable,
)
from legalaid_sim.yamlfile.marks import Document, Mark, Marks, Path, dotted

LARGEST_FILE = 2_000_000
DEEPEST_NESTING = 40
MOST_DIGITS = 30
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
WITH_POINT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
DIGITS_ONLY = re.compile(r"[-+0-9.,_eE]+")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_document(path: str | FilePath) -> Document:
    """Read one YAML file; faults of form are in ``problems``, with as much of the data as could be read.

    Raises:
        UnreadableFile: the file is missing, a folder, not UTF-8 text or larger than two million bytes.
    """
    return parse(_read(FilePath(path)), str(path))


def parse(text: str, path: str = "<text>") -> Document:
    """Read YAML from text, as ``load_document`` does from a file. Never raises.

    >>> parse("fee: 157.00").data
    {'fee': Decimal('157.00')}
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    faults = [*bad_indentation(text, path), *unprintable(text, path)]
    reader = _Reader(path, text)
    data = None if any(fault.code == "CS009" for fault in faults) else reader.document()
    seen = {fault.line for fault in faults}
    faults += [fault for fault in reader.problems if fault.code != "CS001" or fault.line not in seen]
    return Document(data, reader.marks, text, path, tuple(sorted(faults, key=lambda p: (p.line, p.column))))


def plain_scalar(text: str) -> object:
    """Read an unquoted scalar: true/false, null, a whole number, a ``Decimal``; anything else stays text.

    >>> plain_scalar("157.00"), plain_scalar("12"), plain_scalar("yes"), plain_scalar("007")
    (Decimal('157.00'), 12, 'yes', '007')
    """
    if text in WORDS:
        return WORDS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if WITH_POINT.fullmatch(text) else text


def _read(path: FilePath) -> str:
    if path.is_dir():
        raise _unreadable(path, "is a folder, not a file", "Name the YAML file inside it.")
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _unreadable(path, "does not exist", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, f"cannot be read: {error}", "Check the name and its permissions.") from None
    if len(raw) > LARGEST_FILE:
        raise _unreadable(path, "is larger than 2 MB", "Is this the right file?")
    return _decode(path, raw)


def _decode(path: FilePath, raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, "is saved as UTF-16", "Save it as UTF-8 text.")
    if b"\0" in raw:
        raise _unreadable(path, "is not a text file", "A contract or scenario is plain UTF-8 text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, f"is not UTF-8 text (line {line})", "Save it as UTF-8 text.") from None


def _unreadable(path: FilePath, found: str, remedy: str) -> UnreadableFile:
    problem = Problem("CS000", "unreadable", ERROR, f"{path} {found}.", str(path), help=remedy)
    return UnreadableFile((problem,))


class _CannotGoOnError(Exception):
    """The rest of the file cannot be read; what was found so far stands."""


class _Reader:
    """Turns the parser's events into plain data and marks, collecting faults of form."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.marks, self.problems = Marks(), list[Problem]()

    def document(self) -> Any:
        """Read the one document; None when there is none or it cannot be read."""
        events = iter(yaml.parse(self.text, Loader=LOADER))
        try:
            return self._document(events)
        except yaml.MarkedYAMLError as error:
            self._not_yaml(error)
        except yaml.YAMLError as error:
            self._fault("CS001", "not-yaml", Mark(1, 1), f"this is not YAML: {error}", "")
        except _CannotGoOnError:
            pass
        return None

    def _document(self, events: Iterator[Any]) -> Any:
        data, documents = None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(
                        "CS006",
                        "several-documents",
                        self._mark(event),
                        "a second document starts here",
                        "Keep one document in a file; delete the line '---'.",
                    )
                    raise _CannotGoOnError
                data = self._value(next(events), events, ())
        if data is None:
            self._fault("CS011", "empty-file", Mark(1, 1), "the file holds nothing", "Start from init.")
        return data

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self._refuse_tricks(event)
        if isinstance(event, yaml.ScalarEvent):
            self.marks.values[path] = mark = self._mark(event)
            return self._scalar(event, mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._collection(self._mapping, event, events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._collection(self._sequence, event, events, path)
        self.marks.values[path] = self._mark(event)
        return None

    def _collection(self, read: Any, event: Any, events: Iterator[Any], path: Path) -> Any:
        if len(path) > DEEPEST_NESTING:
            self._fault(
                "CS007",
                "too-deep",
                self._mark(event),
                f"this is nested more than {DEEPEST_NESTING} levels deep",
                "Nothing in a contract or scenario needs that; is a bracket missing?",
            )
            raise _CannotGoOnError
        self.marks.values[path] = start = self._mark(event)._replace(width=1)
        data, end = read(events, path)
        if event.flow_style and end.line + 1 == start.line:
            self.marks.values[path] = start._replace(width=end.column + 1 - start.column)
        return data

    def _mapping(self, events: Iterator[Any], path: Path) -> tuple[dict[str, Any], Any]:
        data: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return data, event.end_mark
            key, mark = self._key(event, events, path), self._mark(event)
            here = (*path, key or "")
            if key is None:
                self._aside(events, here)
            elif key in data:
                self._duplicate(key, mark, here)
                self._aside(events, here)
            else:
                self.marks.keys[here] = mark
                data[key] = self._value(next(events), events, here)
        raise _CannotGoOnError

    def _sequence(self, events: Iterator[Any], path: Path) -> tuple[list[Any], Any]:
        data: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return data, event.end_mark
            data.append(self._value(event, events, (*path, len(data))))
        raise _CannotGoOnError

    def _key(self, event: Any, events: Iterator[Any], path: Path) -> str | None:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_tricks(event)
            if event.value == "<<" and not event.style:
                self._fault(
                    "CS004",
                    "anchor",
                    self._mark(event),
                    "merge keys (<<) are not read here",
                    "Write the keys out, or use extends.",
                )
            return None if event.value == "<<" and not event.style else str(event.value)
        self._fault(
            "CS015",
            "key-not-a-word",
            self._mark(event),
            "a list or a map stands where a key should be",
            "Keys are single words; quote text that contains brackets.",
        )
        self._value(event, events, path)
        return None

    def _aside(self, events: Iterator[Any], path: Path) -> None:
        kept = self.marks
        self.marks = Marks()
        self._value(next(events), events, path)
        self.marks = kept

    def _duplicate(self, key: str, mark: Mark, path: Path) -> None:
        first = self.marks.keys[path]
        self.problems.append(
            Problem(
                "CS002",
                "duplicate-key",
                ERROR,
                f"'{key}' is written twice in the same block",
                self.path,
                *mark[:3],
                path=dotted(path),
                help="Keep one of the two.",
                also=((first.line, "first here"),),
            )
        )

    def _scalar(self, event: Any, mark: Mark) -> object:
        text: str = event.value
        if event.style:
            if event.style == '"' and UNPRINTABLE.search(text):
                self._fault(
                    "CS009",
                    "control-character",
                    mark,
                    "this text contains an invisible control character",
                    "Delete the escape that makes it.",
                )
            return text
        if len(text) > MOST_DIGITS and DIGITS_ONLY.fullmatch(text):
            self._fault(
                "CS008",
                "number-too-long",
                mark,
                f"this number has more than {MOST_DIGITS} digits",
                "No amount here needs them; is it a slip?",
            )
            return text
        return plain_scalar(text)

    def _mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Mark(start.line + 1, start.column + 1, max(width, 1), self.path)

    def _refuse_tricks(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._fault(
                "CS004",
                "anchor",
                self._mark(event),
                f"anchors and aliases ({sign}{event.anchor}) are not read",
                f"Write the value out, name it under values, or quote text that starts with {sign}.",
            )
        elif event.tag:
            self._fault(
                "CS005",
                "tag",
                self._mark(event),
                f"tags ({_short_tag(event.tag)}) are not read",
                "Delete the tag, or quote text that starts with !.",
            )

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> None:
        message, remedy, opened = plain_words(error)
        at = error.context_mark if opened and error.context_mark else error.problem_mark
        self._fault("CS001", "not-yaml", self._within(at), message, remedy)

    def _within(self, at: Any) -> Mark:
        mark = Mark(at.line + 1, at.column + 1) if at else Mark(1, 1)
        last = self.text.count("\n") + 1
        return mark if mark.line <= last else Mark(last, 1)

    def _fault(self, code: str, name: str, mark: Mark, message: str, remedy: str) -> None:
        if add_up(problem.code == code for problem in self.problems) < MOST_OF_ONE_FAULT:
            self.problems.append(Problem(code, name, ERROR, message, self.path, *mark[:3], help=remedy))


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
