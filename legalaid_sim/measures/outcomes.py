"""What came of it: problems resolved, people who had to come back, follow-on problems, advisers kept."""

from bisect import bisect_right

from legalaid_sim.events import Activated, AdviserJoined, AdviserLeft, Asked
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import COHORT_PROBLEMS, DONE_WITHIN, HIGHER, LOWER, Measure
from legalaid_sim.measures.statistics import mean, share
from legalaid_sim.units import DAYS_PER_YEAR, MINUTES_PER_DAY

YEAR = round(DAYS_PER_YEAR * MINUTES_PER_DAY)
UNASKED = "no problem asked about within the window"


def _resolved(folded: Folded) -> float | None:
    return share(
        len({outcome.problem for outcome in folded.outcomes if outcome.resolved}), len(folded.problems)
    )


def _resolved_early(folded: Folded) -> float | None:
    early = {outcome.problem for outcome in folded.outcomes if outcome.resolved and outcome.early}
    return share(len(early), len(folded.problems))


def _roots(problem: str) -> list[str]:
    """Give a problem and all that it grew from, by its path.

    >>> _roots("c1.p2.f1")
    ['c1.p2.f1', 'c1.p2']
    """
    parts = problem.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 1, -1)]


def _askings(folded: Folded) -> dict[str, list[int]]:
    """Give, for each problem, when its client asked about it or about one that grew from it."""
    askings: dict[str, list[int]] = {}
    for asked in folded.log.of(Asked):
        for root in _roots(asked.problem):
            askings.setdefault(root, []).append(asked.at)
    return askings


def _returned(folded: Folded) -> float | None:
    askings = _askings(folded)
    followed = [closing for closing in folded.closings if closing.at + YEAR <= folded.window.ends]
    return mean([_asks_within_a_year(askings.get(closing.problem, []), closing.at) for closing in followed])


def _asks_within_a_year(askings: list[int], closed: int) -> bool:
    later = bisect_right(askings, closed)
    return later < len(askings) and askings[later] <= closed + YEAR


def _activated(folded: Folded) -> float | None:
    followers = {
        activated.problem for activated in folded.log.of(Activated) if activated.client in folded.cohort
    }
    return share(len(followers), len(folded.problems))


def _leaving(folded: Folded) -> float | None:
    return share(len(folded.within(AdviserLeft)), _adviser_years(folded))


def _adviser_years(folded: Folded) -> float:
    opens, closes, _ = folded.window
    gone = {leaving.adviser: leaving.at for leaving in folded.log.of(AdviserLeft)}
    served = (
        min(gone.get(joining.adviser, closes), closes) - max(joining.at, opens)
        for joining in folded.log.of(AdviserJoined)
    )
    return sum(minutes for minutes in served if minutes > 0) / YEAR


MEASURES = (
    Measure(
        "outcomes.resolved_share",
        "The share of problems asked about that were resolved.",
        "share",
        "problems resolved by the end of the log / problems asked about",
        COHORT_PROBLEMS,
        HIGHER,
        _resolved,
        undefined=UNASKED,
        headline=True,
    ),
    Measure(
        "outcomes.resolved_early_share",
        "The share of problems asked about that were resolved with help asked for before their crisis point.",
        "share",
        "problems resolved early by the end of the log / problems asked about",
        COHORT_PROBLEMS,
        HIGHER,
        _resolved_early,
        undefined=UNASKED,
    ),
    Measure(
        "outcomes.returned_12_months",
        "How often a client asked again, about the same problem or one grown from it, within a year.",
        "share",
        "closings followed by asking within 12 months / closings followed for 12 months",
        "matters of clients who first asked within the window, closed 12 months before the log ends",
        LOWER,
        _returned,
        undefined="no matter closed 12 months before the end of the log",
    ),
    Measure(
        "outcomes.follow_on_activated",
        "How many follow-on problems came alive, for want of an earlier answer, per problem asked about.",
        "follow-ons per problem",
        "follow-on problems activated by the end of the log / problems asked about",
        COHORT_PROBLEMS,
        LOWER,
        _activated,
        undefined=UNASKED,
    ),
    Measure(
        "outcomes.advisers_left_per_year",
        "How many advisers left for each year that an adviser served.",
        "per adviser-year",
        "advisers who left / years served by all advisers",
        DONE_WITHIN,
        LOWER,
        _leaving,
        undefined="no adviser in post",
    ),
)
