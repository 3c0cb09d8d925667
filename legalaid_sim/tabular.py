"""Rows of plain data as a notebook shows them: one line, or a table that it can draw."""

from collections.abc import Mapping, Sequence
from html import escape

MOST_ROWS = 24
MOST_LETTERS = 200

PlainRows = Sequence[Mapping[str, object]]


def as_html(title: str, rows: PlainRows, most: int = MOST_ROWS) -> str:
    """Give rows as an HTML table under a title: at most ``most`` of them, and how many more there are.

    >>> as_html("two & more", [{"a": 1.25, "b": None}, {"a": 2, "b": "x"}], most=1)
    '<p>two &amp; more</p><table><tr><th>a</th><th>b</th></tr><tr><td>1.25</td><td></td></tr></table><p>and 1 more</p>'
    """
    if not rows:
        return f"<p>{escape(title)}</p>"
    heads = "".join(f"<th>{escape(str(name))}</th>" for name in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(value))}</td>' for value in row.values())}</tr>"
        for row in rows[:most]
    )
    more = f"<p>and {len(rows) - most:,} more</p>" if len(rows) > most else ""
    return f"<p>{escape(title)}</p><table><tr>{heads}</tr>{body}</table>{more}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def counted(number: int, one: str) -> str:
    """Give a number with its noun.

    >>> counted(1, "world"), counted(41203, "record")
    ('1 world', '41,203 records')
    """
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
