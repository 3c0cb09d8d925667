"""What came of it: problems resolved, people who had to come back, follow-on problems, advisers kept."""

from bisect import bisect_right
from functools import partial
from math import fsum

from legalaid_sim.events import (
    OWN_CHOICE,
    Activated,
    AdviserJoined,
    AdviserLeft,
    Aftermath,
    Asked,
    CompanionOffered,
    Diary,
    MatterClosed,
)
from legalaid_sim.measures.folded import YEAR, Folded
from legalaid_sim.measures.measure import (
    ADVISER_MONTHS,
    COHORT_MATTERS,
    COHORT_PROBLEMS,
    DONE_WITHIN,
    HIGHER,
    LOWER,
    NEITHER,
    SEEN,
    Measure,
)
from legalaid_sim.measures.statistics import mean, ratio

NOT_CLOSED = "no matter closed"
UNASKED = "no problem asked about within the window"


def _resolved(folded: Folded) -> float | None:
    return ratio(
        len({outcome.problem for outcome in folded.outcomes if outcome.resolved}), len(folded.problems)
    )


def _resolved_early(folded: Folded) -> float | None:
    early = {outcome.problem for outcome in folded.outcomes if outcome.resolved and outcome.early}
    return ratio(len(early), len(folded.problems))


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
    # Followed for a year from closing, a length of their own.
    closings = [closing for closing in folded.log.of(MatterClosed) if closing.client in folded.cohort]
    followed = [closing for closing in closings if closing.at + YEAR <= folded.window.ends]
    return mean([_asks_within_a_year(askings.get(closing.problem, []), closing.at) for closing in followed])


def _asks_within_a_year(askings: list[int], closed: int) -> bool:
    later = bisect_right(askings, closed)
    return later < len(askings) and askings[later] <= closed + YEAR


def _activated(folded: Folded) -> float | None:
    followers = {activated.problem for activated in folded.followed(Activated)}
    return ratio(len(followers), len(folded.problems))


def _resigned(folded: Folded) -> float | None:
    gone = [leaving for leaving in folded.within(AdviserLeft) if leaving.reason == OWN_CHOICE]
    return ratio(len([each for each in gone if not folded.is_companion(each.adviser)]), folded.adviser_years)


def _let_go(folded: Folded) -> float | None:
    """Give the share of those who served in the window, if for a minute, whose post or organisation closed."""
    opens, closes, _ = folded.window
    gone = {leaving.adviser: leaving.at for leaving in folded.log.of(AdviserLeft)}
    served = {
        joining.adviser
        for joining in folded.log.of(AdviserJoined)
        if joining.at < closes and gone.get(joining.adviser, closes) >= opens
    }
    closed = {leaving.adviser for leaving in folded.within(AdviserLeft) if leaving.reason != OWN_CHOICE}
    return mean([name in closed for name in sorted(served) if not folded.is_companion(name)])


def _kept(folded: Folded) -> float | None:
    """Give the share of the advisers in post at the opening who were still there at the close."""
    opens, closes, _ = folded.window
    gone = {leaving.adviser: leaving.at for leaving in folded.log.of(AdviserLeft)}
    there = [
        joining.adviser
        for joining in folded.log.of(AdviserJoined)
        if joining.at <= opens < gone.get(joining.adviser, closes)
    ]
    kept = [gone.get(name, closes) >= closes for name in there if not folded.is_companion(name)]
    return mean(kept)


def _strain(folded: Folded) -> float | None:
    return mean([month.strain for month in folded.booked(Diary) if not folded.is_companion(month.adviser)])


def _aftermaths(folded: Folded) -> list[Aftermath]:
    return folded.followed(Aftermath)


def _did(folded: Folded, what: str) -> float | None:
    return mean([getattr(after, what) for after in _aftermaths(folded)])


def _appealed(folded: Folded) -> float | None:
    resolved = {outcome.matter for outcome in folded.outcomes if outcome.resolved}
    return mean([after.appealed for after in _aftermaths(folded) if after.matter not in resolved])


def _capability(folded: Folded) -> float | None:
    """Give what clients can do for themselves in the end; everybody begins with nothing gained."""
    able = {after.client: after.capability for after in _aftermaths(folded)}
    return ratio(fsum(able.values()), len(folded.seen))


def _resolved_where(folded: Folded, offered: bool) -> float | None:
    """Give the share resolved of matters whose clients chance offered a companion, or of those whose it did not."""
    drawn = {each.matter: each.offered for each in folded.log.of(CompanionOffered)}
    return mean([outcome.resolved for outcome in folded.outcomes if drawn.get(outcome.matter) is offered])


MEASURES = (
    Measure(
        "outcomes.resolved_share",
        "The share of problems asked about that were resolved.",
        "share",
        "problems resolved / problems asked about",
        COHORT_PROBLEMS,
        HIGHER,
        _resolved,
        undefined=UNASKED,
        headline=True,
        short="problems resolved",
    ),
    Measure(
        "outcomes.resolved_early_share",
        "The share of problems asked about that were resolved with help asked for before their crisis point.",
        "share",
        "problems resolved early / problems asked about",
        COHORT_PROBLEMS,
        HIGHER,
        _resolved_early,
        undefined=UNASKED,
        short="problems resolved early",
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
        "follow-on problems activated / problems asked about",
        COHORT_PROBLEMS,
        LOWER,
        _activated,
        undefined=UNASKED,
    ),
    Measure(
        "outcomes.advisers_resigned_per_year",
        "How many advisers left of their own choice for each year that an adviser served.",
        "per adviser-year",
        "advisers who left of their own choice / years served by all advisers, companions left out",
        DONE_WITHIN,
        LOWER,
        _resigned,
        undefined="no adviser in post",
    ),
    Measure(
        "outcomes.advisers_let_go",
        "The share of advisers in post at any time who lost it because the post or the organisation closed.",
        "share",
        "advisers whose post or organisation closed / advisers in post at any time, companions left out",
        DONE_WITHIN,
        LOWER,
        _let_go,
        undefined="no adviser in post",
    ),
    Measure(
        "outcomes.advisers_kept",
        "The share of advisers in post when the window opened who were still there when it closed.",
        "share",
        "advisers there at both ends / advisers there at the opening, companions left out",
        DONE_WITHIN,
        HIGHER,
        _kept,
        undefined="no adviser in post at the opening",
        short="advisers kept",
    ),
    Measure(
        "outcomes.strain",
        "How strained advisers were, from 0 to 1, on average over their months.",
        "from 0 to 1",
        "mean over adviser months of strain, companions left out",
        ADVISER_MONTHS,
        LOWER,
        _strain,
        undefined="no adviser month",
        short="strain of advisers",
    ),
    Measure(
        "outcomes.advice_acted_on",
        "The share of matters after which the client did what had been agreed.",
        "share",
        "matters acted on / matters closed",
        COHORT_MATTERS,
        HIGHER,
        partial(_did, what="acted"),
        undefined=NOT_CLOSED,
    ),
    Measure(
        "outcomes.went_elsewhere",
        "The share of matters after which the client went to another agency for further advice.",
        "share",
        "matters followed by advice elsewhere / matters closed",
        COHORT_MATTERS,
        LOWER,
        partial(_did, what="elsewhere"),
        undefined=NOT_CLOSED,
    ),
    Measure(
        "outcomes.appealed",
        "The share of unresolved matters that the client appealed.",
        "share",
        "unresolved matters appealed / unresolved matters closed",
        COHORT_MATTERS,
        NEITHER,
        _appealed,
        undefined="no unresolved matter closed",
    ),
    Measure(
        "outcomes.capability_gained",
        "How much of what full capability means clients had gained in the end, from 0 to 1.",
        "from 0 to 1",
        "sum over clients of capability after their last matter / clients seen",
        SEEN,
        HIGHER,
        _capability,
        undefined="no client seen",
        short="capability gained by clients",
    ),
    *(
        Measure(
            f"outcomes.resolved_{name}_companion",
            f"The share of matters that resolved the problem where chance {word} the client a volunteer or peer"
            " supporter, of clients who want one.",
            "share",
            f"matters resolved / matters closed, of clients whom chance {word} a companion",
            COHORT_MATTERS,
            NEITHER,
            partial(_resolved_where, offered=offered),
            undefined="no such matter closed, or everybody who wants a companion is offered one",
            short=f"resolved, companion {name.replace('_', ' ')}",
        )
        for name, word, offered in (("offered", "offered", True), ("not_offered", "did not offer", False))
    ),
)
