"""Texts that a spreadsheet, an XML file or a terminal takes for texts and for nothing else."""

import re

# What a spreadsheet takes for the beginning of a formula, also in full-width form, and what it skips before.
FORMULA = re.compile(
    "[\\s\x00-\x1f\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]*[=+\\-@\uff1d\uff0b\uff0d\uff20]"
)
# XML 1.0 has no place for these, not even escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet might run a text.

    >>> [is_formula(text) for text in ("=1+1", " @SUM(A1)", "c00041.p2", "a=b")]
    [True, True, False, False]
    """
    return FORMULA.match(text) is not None or text[:1] in ("\t", "\r", "\n")


def inert(text: str) -> str:
    """Give a text that a spreadsheet shows and never runs: an apostrophe goes before what begins a formula.

    >>> inert("=HYPERLINK(1)"), inert("housing")
    ("'=HYPERLINK(1)", 'housing')
    """
    return f"'{text}" if is_formula(text) else text


def in_xml(text: str) -> str:
    """Give a text that XML can hold: a character that it cannot is replaced by U+FFFD.

    >>> in_xml("a\\x00b") == "a\\ufffdb"
    True
    """
    return NOT_XML.sub("\ufffd", text)
