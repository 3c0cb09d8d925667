"""The pages of the studio, made from plain data by templates in which every text is escaped."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.reports.finding import plain

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
STATIC = HERE / "static"
HTMX = "htmx.min.js"
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
KINDS = {".js": "text/javascript", ".css": "text/css"}


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.filters["drawn"] = Markup  # a drawing of our own, whose texts were escaped as they were drawn
    return made


def page(template: str, **told: Any) -> str:
    """Give a page."""
    return _environment().get_template(template).render(told)


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """Give a file that pages are made with, and its type; None for any other name.

    Raises ``RuntimeError`` where the library that came with the package is not the one that was put there.
    """
    place = next((path for path in STATIC.iterdir() if path.name == name and path.suffix in KINDS), None)
    if place is None:
        return None
    held = place.read_bytes()
    if name == HTMX and sha256(held).hexdigest() != HTMX_SHA256:
        raise RuntimeError(f"{HTMX} is not the file that came with this package")
    return held, KINDS[place.suffix]
