"""How wide a text is meant to be: the reader's machine may have none of the fonts that a chart was laid out with.

A chart is laid out with the advance widths of Liberation Sans, which are those of Arial and Helvetica. Every text
of it says its width, so that a browser fits whatever font it has into the place that was kept.
"""

import re
import unicodedata
from functools import cache
from html import unescape
from math import fsum

# Thousandths of the font size, from the font's table of horizontal metrics; bold ones differ by a few per cent.
ADVANCES = {
    191: "'", 222: "ijl‘’", 260: "|", 278: " !,./:;I[\\]ft·", 333: "()-`r“”²³", 334: "{}", 350: "•", 355: '"',
    389: "*", 400: "°", 469: "^", 500: "Jcksvxyz↑↓", 549: "±÷≤≥≈", 556: "#$0123456789?L_abdeghnopqu£§–†€",
    584: "+<=>~×−", 611: "FTZøß", 667: "&ABEKPSVXY", 668: "Δ", 722: "CDHNRUw", 778: "GOQØ", 833: "Mm",
    834: "½¼¾", 889: "%æ", 944: "Wœ", 1000: "—…→←ÆŒ", 1015: "@",
}  # fmt: skip
_WIDTH = {letter: width for width, letters in ADVANCES.items() for letter in letters}
_ELSEWHERE = 600
_TEXT = re.compile(r'<text ((?:[^>]* )?font-size="([\d.]+)(?:px)?"[^>]*)>([^<]+)</text>')


@cache
def advance(letter: str) -> int:
    """Give the advance of one letter in thousandths of the font size.

    Accents add nothing, marks without a place of their own are 0 wide, ideographs a full square; what the table does
    not have is taken for a middling letter.

    >>> advance("é") == advance("e"), advance("\\u202e"), advance("語")
    (True, 0, 1000)
    """
    plain = letter if letter in _WIDTH else unicodedata.normalize("NFKD", letter)[0]
    if plain in _WIDTH:
        return _WIDTH[plain]
    if unicodedata.category(plain) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 1000 if unicodedata.east_asian_width(plain) in "WF" else _ELSEWHERE


def width(text: str, size: float) -> float:
    """Give the width of a text in the unit of ``size``, the font size.

    >>> width("per cent", 10)
    36.13
    """
    return fsum(advance(letter) for letter in text) * size / 1000


def fitted(svg: str) -> str:
    """Give every text of a drawing the width that it is meant to have, whatever font the reader's machine draws it in.

    >>> fitted('<text font-size="10px" fill="red">+5 %</text>')
    '<text font-size="10px" fill="red" textLength="23.1" lengthAdjust="spacingAndGlyphs">+5 %</text>'
    """
    return _TEXT.sub(_held, svg)


def _held(found: "re.Match[str]") -> str:
    held = width(unescape(found[3]), float(found[2]))
    if not held:
        return found[0]
    return f'<text {found[1]} textLength="{held:.1f}" lengthAdjust="spacingAndGlyphs">{found[3]}</text>'
