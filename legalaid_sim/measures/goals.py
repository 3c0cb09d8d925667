"""Push and challenge: goals that client and adviser agreed on, looked at again, and reached in time."""

from functools import partial

from legalaid_sim.events import GoalReviewed, GoalSet, MatterClosed
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import COHORT_MATTERS, HIGHER, LOWER, Measure
from legalaid_sim.measures.statistics import ratio
from legalaid_sim.units import add_up

NO_GOAL = "no goal agreed on"
NOT_OPENED = "no matter opened"


def _set(folded: Folded) -> set[str]:
    return {goal.matter for goal in folded.followed(GoalSet)}


def _reviewed(folded: Folded) -> set[str]:
    """Give the matters whose goal a meeting looked at again; what closing says of a goal is no review."""
    closed = {matter.matter: matter.at for matter in folded.log.of(MatterClosed)}
    return {
        review.matter
        for review in folded.followed(GoalReviewed)
        if (review.state == "open" or review.at < closed.get(review.matter, folded.window.ends))
    }


def _per_matter(folded: Folded) -> float | None:
    return ratio(len(_set(folded)), len(folded.matters))


def _reviewed_share(folded: Folded) -> float | None:
    return ratio(len(_reviewed(folded)), len(_set(folded)))


def _ended(folded: Folded, state: str) -> float | None:
    ended = add_up(review.state == state for review in folded.followed(GoalReviewed))
    return ratio(ended, len(_set(folded)))


MEASURES = (
    Measure(
        "goals.set_per_matter",
        "The share of matters in which client and adviser agreed on a goal and a time frame.",
        "share",
        "matters with a goal / matters opened",
        COHORT_MATTERS,
        HIGHER,
        _per_matter,
        undefined=NOT_OPENED,
        short="matters with a goal",
    ),
    Measure(
        "goals.reviewed_share",
        "The share of goals that client and adviser looked at again.",
        "share",
        "goals reviewed at a later meeting / goals set",
        COHORT_MATTERS,
        HIGHER,
        _reviewed_share,
        undefined=NO_GOAL,
        short="goals looked at again",
    ),
    Measure(
        "goals.reached_in_time_share",
        "The share of goals that were reached within the time frame agreed.",
        "share",
        "goals reached by their due minute / goals set",
        COHORT_MATTERS,
        HIGHER,
        partial(_ended, state="reached"),
        undefined=NO_GOAL,
        headline=True,
        short="goals reached in time",
    ),
    Measure(
        "goals.lapsed_share",
        "The share of goals whose time ran out, or whose matter closed unresolved.",
        "share",
        "goals lapsed / goals set",
        COHORT_MATTERS,
        LOWER,
        partial(_ended, state="lapsed"),
        undefined=NO_GOAL,
        short="goals lapsed",
    ),
)
