"""Draw the picture of the README: one client lives the same months under two contracts. A made-up example.

``python docs/picture.py`` writes ``picture.svg``, with the code that draws the lives of a report. What a matter
earns is the mean of the published results of Canning Town.
"""

import csv
from pathlib import Path

from legalaid_sim.reports.draw import Drawing, as_file
from legalaid_sim.reports.lanes import FORM, KEY, PAY, Lane, Meeting, lanes

PLACE = Path(__file__).with_name("picture.svg")
TOLD = "The same client, the same problem, the same days; two contracts"
SAID = f"A made-up example of what the simulation writes down for everybody. {KEY}"
DAYS = 120
PUBLISHED = PLACE.parents[1] / "results" / "published" / "canning-town-2008" / "measures.csv"


def earned(contract: str) -> str:
    """Say what a matter earns the agency on average, in the published results."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        means = {(row["measure"], row["regime"]): row["mean"] for row in csv.DictReader(file)}
    return f"a matter earns £{float(means['money.earned_per_matter', contract]):,.0f} on average"


LANES = (
    Lane(
        "One fee a case: a form to open, a line to claim",
        [Meeting(6, "A", True), Meeting(38, "B", True), Meeting(72, "C", True), Meeting(106, "B", False)],
        [(8, FORM), (14, FORM), (76, FORM), (110, FORM), (112, PAY)],
        ["4 meetings, 3 advisers", "told the story again for 30 minutes", earned("unified-contract-2007")],
    ),
    Lane(
        "An adviser of one's own: a premium for seeing it through",
        [Meeting(day, "A", day == 6) for day in (6, 36, 66, 96)],
        [(8, FORM), (98, FORM), (100, PAY)],
        ["4 meetings, 1 adviser", "told the story again for 0 minutes", earned("relational-pilot")],
    ),
)


def drawn() -> str:
    """Give the picture as SVG."""
    picture: Drawing = lanes(LANES, DAYS, None, 828)
    return as_file(TOLD, SAID, [("", picture)], "legalaid-sim: synthetic people", across=860)


if __name__ == "__main__":
    PLACE.write_text(drawn(), encoding="utf-8")
