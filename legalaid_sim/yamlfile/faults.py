"""What is wrong with the form of a YAML file, in words: before it is parsed, and where the parser gives up."""

import re

import yaml

from legalaid_sim.errors import ERROR, Problem

MOST_OF_ONE_FAULT = 20
INDENTED_BY_OTHER_THAN_SPACES = re.compile(r"^[ ]*([\t\u00a0]+)")
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
LINE_BREAKS_AND_DIRECTIONS = "\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff"
UNPRINTABLE = re.compile(f"[{CONTROL}{LINE_BREAKS_AND_DIRECTIONS}]")


def bad_indentation(text: str, path: str) -> list[Problem]:
    """Name the lines that are indented with something other than spaces."""
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


def unprintable(text: str, path: str) -> list[Problem]:
    """Name the characters that nobody can see."""
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


def plain_words(error: yaml.MarkedYAMLError) -> tuple[str, str, bool]:
    """Say what the parser complains of, what to do, and whether the place is where something was opened."""
    said = str(error.problem or error.context or "")
    opened = any(sign in said for sign in _REPORTED_WHERE_IT_OPENED)
    for sign, message, remedy in _WORDS_FOR:
        if sign in said:
            return message, remedy, opened
    return f"this is not YAML: {said}", "Check the lines around it.", opened
