"""Read YAML as plain data that remembers where each key and value stood; write plain data as YAML.

The files are written by people who are not programmers, so this reads less than YAML allows and says so: no
anchors, no merge keys, no tags, one document, no tabs for indentation, no key twice. ``yes`` and ``no`` stay
text, a date stays text, a number with a decimal point is a ``Decimal`` read from its digits; the type of the
field decides the rest.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, NamedTuple, TypeAlias

import yaml

from legalaid_sim.errors import ERROR, Problem, UnreadableFile
from legalaid_sim.units import add_up

Path: TypeAlias = tuple[str | int, ...]

LARGEST_FILE = 2_000_000
DEEPEST_NESTING = 40
MOST_DIGITS = 30
MOST_OF_ONE_FAULT = 20

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
WITH_POINT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
DIGITS_ONLY = re.compile(r"[-+0-9.,_eE]+")
INDENTED_BY_OTHER_THAN_SPACES = re.compile(r"^[ ]*([\t\u00a0]+)")
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
LINE_BREAKS_AND_DIRECTIONS = "\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff"
UNPRINTABLE = re.compile(f"[{CONTROL}{LINE_BREAKS_AND_DIRECTIONS}]")
PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 ()./_-]*[A-Za-z0-9).])?")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mark(NamedTuple):
    """Where something stands: line and column from 1, how many characters it is wide, and in which file."""

    line: int
    column: int
    width: int = 1
    file: str = ""


@dataclass(slots=True)
class Marks:
    """The places of all keys and values by their path, of one file or of a contract resolved from several."""

    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)

    def key(self, path: Path) -> Mark:
        """Give the place of the key at the end of ``path``, or of the nearest thing that holds it."""
        return self._nearest(path, self.keys, self.values)

    def value(self, path: Path) -> Mark:
        """Give the place of the value at ``path``, or of the nearest thing that holds it."""
        return self._nearest(path, self.values, self.keys)

    def without(self, path: Path) -> "Marks":
        """Forget the places of everything at and under ``path``; later items of a list move up."""
        return self._moved(lambda place: _after_removal(place, path))

    def grafted(self, path: Path, source: "Marks", origin: Path) -> "Marks":
        """Give what is at and under ``path`` the places that ``source`` knows for ``origin``."""
        kept, size = self.without_under(path), len(origin)
        for mine, theirs in ((kept.keys, source.keys), (kept.values, source.values)):
            mine.update({path + at[size:]: mark for at, mark in theirs.items() if at[:size] == origin})
        return kept

    def without_under(self, path: Path) -> "Marks":
        """Forget the places of everything at and under ``path``, moving nothing."""
        return self._moved(lambda place: None if place[: len(path)] == path else place)

    def renamed(self, path: Path, key: str) -> "Marks":
        """Move everything at and under ``path`` to another last key."""
        size, target = len(path), (*path[:-1], key)
        return self._moved(lambda place: target + place[size:] if place[:size] == path else place)

    def _moved(self, move: Callable[[Path], Path | None]) -> "Marks":
        keys = {new: mark for old, mark in self.keys.items() if (new := move(old)) is not None}
        values = {new: mark for old, mark in self.values.items() if (new := move(old)) is not None}
        return Marks(keys, values)

    def _nearest(self, path: Path, first: dict[Path, Mark], then: dict[Path, Mark]) -> Mark:
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or then.get(path[:length])
            if found:
                return found
        return Mark(1, 1)


@dataclass(slots=True)
class Document:
    """One file: its plain data, the place of everything in it, its text, and what was wrong with its form."""

    data: Any
    marks: Marks
    text: str
    path: str
    problems: tuple[Problem, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The lines of the file without their ends."""
        return self.text.split("\n")


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
    faults = [*_bad_indentation(text, path), *_unprintable(text, path)]
    reader = _Reader(path, text)
    data = None if any(fault.code == "CS009" for fault in faults) else reader.document()
    seen = {fault.line for fault in faults}
    faults += [fault for fault in reader.problems if fault.code != "CS001" or fault.line not in seen]
    return Document(data, reader.marks, text, path, tuple(sorted(faults, key=lambda p: (p.line, p.column))))


def dump(data: object, width: int = 100) -> str:
    """Write plain data (mappings, lists, text, numbers, dates) as YAML, keys in their order.

    Reading the text back with ``parse`` gives equal data, save that dates come back as text.
    """
    text: str = yaml.dump(
        data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=width, default_flow_style=None
    )
    return text


def substituted(text: str, texts: Mapping[Path, str]) -> str:
    """Give a file's text with other texts as its values at these paths, and everything else as it stands.

    A path that is not there changes nothing. The text must be YAML, as what ``parse`` found no fault with is.

    >>> substituted("a: {b: one}  # kept", {("a", "b"): "two, three"})
    'a: {b: "two, three"}  # kept'
    """
    spans = sorted(_spans(yaml.compose(text, Loader=_LOADER), ()), reverse=True)
    for start, end, path in spans:
        if path in texts:
            line_end = "\n" if text[start:end].endswith("\n") else ""
            text = f"{text[:start]}{quoted(texts[path])}{line_end}{text[end:]}"
    return text


def quoted(text: str) -> str:
    """Write a text as a value that is read back as that text wherever it stands.

    >>> quoted("my contract"), quoted("12"), quoted("a: b")
    ('my contract', '"12"', '"a: b"')
    """
    return text if PLAIN.fullmatch(text) and text not in WORDS else json.dumps(text, ensure_ascii=False)


def _spans(node: Any, path: Path) -> Iterator[tuple[int, int, Path]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.start_mark.index, node.end_mark.index, path
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _spans(value, (*path, key.value))
    elif node is not None:
        for n, value in enumerate(node.value):
            yield from _spans(value, (*path, n))


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


def _after_removal(place: Path, gone: Path) -> Path | None:
    size, last = len(gone), gone[-1]
    if place[:size] == gone:
        return None
    follows = len(place) >= size and place[: size - 1] == gone[:-1]
    if follows and isinstance(last, int) and isinstance(there := place[size - 1], int) and there > last:
        return (*place[: size - 1], there - 1, *place[size:])
    return place


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


def _bad_indentation(text: str, path: str) -> list[Problem]:
    if "\t" not in text and "\u00a0" not in text:
        return []
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = INDENTED_BY_OTHER_THAN_SPACES.match(line)
        if match and line.strip():
            kind = "a tab" if "\t" in match[1] else "a non-breaking space"
            message = f"this line is indented with {kind}"
            place = (number, match.start(1) + 1, len(match[1]))
            found.append(Problem("CS003", "tab", ERROR, message, path, *place, help="Indent with spaces."))
    return found[:MOST_OF_ONE_FAULT]


def _unprintable(text: str, path: str) -> list[Problem]:
    found = []
    for match in UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        message = f"an invisible control character (U+{ord(match[0]):04X}) stands here"
        found.append(
            Problem("CS009", "control-character", ERROR, message, path, line, column, help="Delete it.")
        )
        if len(found) == MOST_OF_ONE_FAULT:
            break
    return found


class _CannotGoOnError(Exception):
    """The rest of the file cannot be read; what was found so far stands."""


class _Reader:
    """Turns the parser's events into plain data and marks, collecting faults of form."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.marks, self.problems = Marks(), list[Problem]()

    def document(self) -> Any:
        """Read the one document; None when there is none or it cannot be read."""
        events = iter(yaml.parse(self.text, Loader=_LOADER))
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
        message, remedy, opened = _plain_words(error)
        at = error.context_mark if opened and error.context_mark else error.problem_mark
        self._fault("CS001", "not-yaml", self._within(at), message, remedy)

    def _within(self, at: Any) -> Mark:
        mark = Mark(at.line + 1, at.column + 1) if at else Mark(1, 1)
        last = self.text.count("\n") + 1
        return mark if mark.line <= last else Mark(last, 1)

    def _fault(self, code: str, name: str, mark: Mark, message: str, remedy: str) -> None:
        if add_up(problem.code == code for problem in self.problems) < MOST_OF_ONE_FAULT:
            self.problems.append(Problem(code, name, ERROR, message, self.path, *mark[:3], help=remedy))


def dotted(path: Path) -> str:
    """Write a path the way a reader says it: ``payments[0].escape.over``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


_WORDS_FOR = (
    (
        "mapping values are not allowed",
        "a ': ' stands where none is expected",
        "Check the indentation of this line and the one above, or quote text that contains ': '.",
    ),
    (
        "could not find expected ':'",
        "a key without its ': '",
        "Write 'key: value', with a space after the colon.",
    ),
    (
        "did not find expected ',' or",
        "a bracket or brace is not closed, or a comma is missing",
        "Close it before this place.",
    ),
    (
        "did not find expected '-' indicator",
        "this line is not an item of the list above",
        "Start it with '- ' at the same column.",
    ),
    (
        "did not find expected key",
        "the indentation does not match the lines above",
        "Line it up with its neighbours.",
    ),
    (
        "expected <block end>",
        "the indentation does not match the lines above",
        "Line it up with its neighbours.",
    ),
    ("unexpected end of stream", "a quote that was opened is never closed", "Close the quote."),
    (
        "unknown escape",
        "a backslash in double quotes makes no known character",
        "Use single quotes for such text.",
    ),
    ("cannot start any token", "text may not start with this character", "Put the text in quotes."),
    ("tag", "tags (!) are not read here", "Quote text that starts with !."),
    (
        "alphabetic or numeric character",
        "anchors (& and *) are not read here",
        "Quote text that starts with & or *.",
    ),
    (
        "block sequence entries are not allowed",
        "a list may not start here",
        "Put the '- ' on a line of its own.",
    ),
    (
        "did not find expected <document start>",
        "the file goes on where it should have ended",
        "Check the indentation, and that nothing stands before the first key.",
    ),
)


_REPORTED_WHERE_IT_OPENED = ("expected ',' or", "expected ':'", "end of stream")


def _plain_words(error: yaml.MarkedYAMLError) -> tuple[str, str, bool]:
    said = str(error.problem or error.context or "")
    opened = any(sign in said for sign in _REPORTED_WHERE_IT_OPENED)
    for sign, message, remedy in _WORDS_FOR:
        if sign in said:
            return message, remedy, opened
    return f"this is not YAML: {said}", "Check the lines around it.", opened


class _Writer(yaml.SafeDumper):
    """Writes decimals as plain numbers and keeps dates unquoted."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent(self, data: object) -> None:
        """Write the outermost map or list as a block, and only what fits a line inside it in brackets."""
        node = self.represent_data(data)
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = False
        self.serialize(node)


_Writer.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _write_decimal(writer: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:float", format(number, "f"))


def _write_date(writer: yaml.SafeDumper, day: date) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", day.isoformat())


def _write_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "\n" in text else None)


def _write_mapping(writer: yaml.SafeDumper, data: Mapping[str, object]) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", list(data.items()))


_Writer.add_representer(Decimal, _write_decimal)
_Writer.add_representer(date, _write_date)
_Writer.add_representer(dict, _write_mapping)
_Writer.add_representer(str, _write_text)
