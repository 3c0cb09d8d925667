"""What every page is made with: the templates, and how much of a text a page takes."""

from pathlib import Path
from typing import TYPE_CHECKING

from legalaid_sim.reports.figure import abreast, picture_link
from legalaid_sim.reports.finding import plain
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
TITLE_LIMIT, TEXT_LIMIT = 200, 4000


def environment() -> "Environment":
    """Give the templates, in which every text is escaped unless the code says that it is markup."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.filters["counted"] = counted
    made.globals["abreast"] = abreast
    made.globals["picture"] = picture_link
    return made
