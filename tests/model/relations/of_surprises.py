"""What one would expect and what need not come: each with the reason, and told of as it is now."""

from tests.model.relations.of_money import DOUBLED, FLAT
from tests.model.relations.pairs import MORE, NO_LESS, RISES, SAME, Relation

# The way given is the one expected; it does not hold, and why not is beside it.
RELATIONS = [
    Relation(
        "twice all money, by the old price of an hour", FLAT, DOUBLED, {"life": SAME},
        "the benefit is solved at the register's price of an hour, which stays as it was when all else doubles; "
        "where slack is free it is solved at the usual pay and all is the same",
        {"respond": "effort", "per_week": 9, "effort.slack_is_free": 0},
    ),
    Relation(
        "great reserves and little income", {"effort.pressure_weight": 0}, {"effort.pressure_weight": 0.9},
        {"life": SAME},
        "half of pressure is income short of cost, which no reserve takes away",
        {**FLAT, "respond": "effort", "per_week": 9, "organisation": {"opening_reserves": 5_000_000}},
    ),
    Relation(
        "volunteers, and the number of different people met", {}, {"advisers": [
            {"role": "caseworker", "number": 2}, {"role": "volunteer", "number": 3}]},
        {"continuity.coc": NO_LESS},
        "a volunteer is one more person met: continuity counts all of them, adviser or not",
        {"companion.need": 0},
    ),
    Relation(
        "juggling and casework", {"adviser.juggling": 0}, {"adviser.juggling": 0.3},
        {"time.casework_share": NO_LESS},
        "what juggling adds is told as admin, and it takes the time of casework where there is no slack",
        {"per_week": 14, "adviser.usual_caseload": 20},
    ),
    Relation(
        "brought back more often where time is short",
        {"outcome.return_chance": 0.1}, {"outcome.return_chance": 0.7}, {"outcomes.resolved_share": RISES},
        "a further try adds to what is resolved and takes hours from first tries", worlds=4,
    ),
    Relation(
        "more altruism where time is short", {"adviser.altruism": 0.2}, {"adviser.altruism": 1.2},
        {"outcomes.resolved_share": RISES},
        "longer matters are better ones and fewer: whom there is no time for is not helped",
        {**FLAT, "respond": "effort", "per_week": 14, "effort.slack_is_free": 0}, worlds=4,
    ),
    Relation(
        "an outcome that comes undone", {"outcome.undone_per_month": 0}, {"outcome.undone_per_month": 0.05},
        {"came back": MORE},
        "only contracts that pay for what lasts look again; nobody comes back with what came undone",
    ),
]  # fmt: skip
