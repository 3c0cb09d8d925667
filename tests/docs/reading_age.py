"""How hard prose is to read: the grade of Flesch and Kincaid (Kincaid et al. 1975), of running text only.

Code, tables, headings, comments and quoted names are no prose. An item of a list counts as a sentence.
"""

import re
from collections.abc import Iterator
from math import fsum
from pathlib import Path

NO_PROSE = re.compile(r"^```.*?^```$|<!--.*?-->|^\|.*?$|^#.*?$|^:?---+$|^> .*?$|^    .*?$", re.M | re.S)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouyscxz]es)$")
END = re.compile(r"[.!?]+(?=\s|$|\")|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )")


def prose_of(markdown: str) -> str:
    """Give what is left of a page when everything that is not running text is taken out; names become one word."""
    text = NO_PROSE.sub("\n\n", markdown)
    return re.sub(r"`[^`]*`", "it", LINK.sub(r"\1", text)).replace("*", "")


def sentences_of(prose: str) -> list[list[str]]:
    """Give the words of each sentence."""
    return [words for part in END.split(prose) if len(words := WORD.findall(part)) > 1]


def syllables(word: str) -> int:
    """Count the syllables of an English word, by its groups of vowels; right for about nine words in ten.

    >>> [syllables(word) for word in ("cat", "advice", "contract", "continuity", "opened", "visited")]
    [1, 2, 2, 4, 2, 3]
    """
    bare = re.sub(r"[^a-z]", "", word.lower())
    return max(1, len(VOWELS.findall(bare)) - (1 if SILENT.search(bare) else 0))


def grade(sentences: list[list[str]]) -> float:
    """The school grade that can read it: 0.39 words a sentence + 11.8 syllables a word - 15.59; add 5 for an age."""
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * fsum(map(syllables, words)) / len(words) - 15.59


def paragraphs_of(path: Path) -> Iterator[str]:
    """Give each paragraph of a page that is long enough to be judged."""
    for part in re.split(r"\n\s*\n", prose_of(path.read_text(encoding="utf-8"))):
        if len(WORD.findall(part)) >= 25:
            yield part
