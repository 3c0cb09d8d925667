"""Paragraphs of explanations, filled to the width of a page of text."""

import textwrap

WIDTH = 100


def filled(text: str, then: str = "  ") -> str:
    """Fill a paragraph, indented by two, its later lines by ``then``; words with hyphens, as ids are, stay whole.

    >>> filled("a word")
    '  a word'
    """
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent=then, break_on_hyphens=False)
