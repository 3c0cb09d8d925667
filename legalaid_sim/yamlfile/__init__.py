"""Read YAML as plain data that remembers where each key and value stood; write plain data as YAML.

The files are written by people who are not programmers, so this reads less than YAML allows and says so: no
anchors, no merge keys, no tags, one document, no tabs for indentation, no key twice. ``yes`` and ``no`` stay
text, a date stays text, a number with a decimal point is a ``Decimal`` read from its digits; the type of the
field decides the rest.
"""

from legalaid_sim.yamlfile.marks import Document, Mark, Marks, Path, dotted, held_at, held_or_none
from legalaid_sim.yamlfile.numbers import PlacedNumber, is_number, numbers_of, with_number
from legalaid_sim.yamlfile.reading import LARGEST_FILE, load_document, parse, plain_scalar
from legalaid_sim.yamlfile.writing import dump, quoted, substituted

__all__ = [
    "LARGEST_FILE",
    "Document",
    "Mark",
    "Marks",
    "Path",
    "PlacedNumber",
    "dotted",
    "dump",
    "held_at",
    "held_or_none",
    "is_number",
    "load_document",
    "numbers_of",
    "parse",
    "plain_scalar",
    "quoted",
    "substituted",
    "with_number",
]
