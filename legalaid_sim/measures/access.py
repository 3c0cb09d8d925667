"""Who got in, how soon, who gave up, who was turned away; and the gap by vulnerability."""

from collections.abc import Callable, Collection
from functools import partial

from legalaid_sim.events import Disclosed, Left, TurnedAway
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import COHORT, COHORT_PROBLEMS, HIGHER, LOWER, SEEN, Measure
from legalaid_sim.measures.statistics import difference, mean, quantile, share

REASONS = {
    "matter_starts": "the contract allowed no more matters",
    "capacity": "no adviser could take them",
    "scope": "their problem was out of scope",
    "evidence": "they could not show the evidence asked for",
    "suspended": "the contract was suspended",
    "closed": "the organisation had closed",
}
UNASKED = "nobody asked within the window"
NO_GROUP = "either fifth is empty, or the log does not say who clients are"

Fold = Callable[..., float | None]


def _days(folded: Folded, group: str = "everyone", part: float = 0.5) -> float | None:
    members = folded.groups[group]
    return quantile(
        [days for client, days in folded.days_to_first_contact.items() if client in members], part
    )


def _mean_days(folded: Folded) -> float | None:
    return mean(list(folded.days_to_first_contact.values()))


def _among(folded: Folded, clients: Collection[str], group: str) -> float | None:
    """Give the share of a group of the cohort that is among these clients."""
    members = folded.groups[group]
    return share(sum(client in clients for client in members), len(members))


def _turned_away(folded: Folded, group: str = "everyone", reason: str = "") -> float | None:
    refused = {
        refusal.client
        for refusal in folded.log.of(TurnedAway)
        if refusal.problem in folded.problems and reason in ("", refusal.reason)
    }
    return _among(folded, refused, group)


def _left_before_seen(folded: Folded, group: str = "everyone", reason: str = "") -> float | None:
    left = {
        leaving.client
        for leaving in folded.log.of(Left)
        if leaving.client not in folded.seen and reason in ("", leaving.reason)
    }
    return _among(folded, left, group)


def _never_seen(folded: Folded, group: str = "everyone") -> float | None:
    return difference(1, _among(folded, folded.seen, group)) if folded.groups[group] else None


def _lost_at_referral(folded: Folded) -> float | None:
    return _among(
        folded,
        {leaving.client for leaving in folded.log.of(Left) if leaving.reason == "referral"},
        "everyone",
    )


def _before_crisis(folded: Folded, group: str = "everyone") -> float | None:
    members = folded.groups[group]
    problems = {problem for problem, client in folded.problems.items() if client in members}
    early = {outcome.problem for outcome in folded.outcomes if outcome.early}
    return share(len(problems & early), len(problems))


def _disclosed(folded: Folded) -> float | None:
    told = sum(told.early and told.client in folded.seen for told in folded.log.of(Disclosed))
    return share(told, len(folded.seen))


def _gap(folded: Folded, fold: Fold) -> float | None:
    return difference(fold(folded, group="most"), fold(folded, group="least"))


def _fifths(stem: str, what: str, unit: str, better: str, fold: Fold) -> Measure:
    return Measure(
        f"access.{stem}_gap",
        f"{what}: the most vulnerable fifth less the least vulnerable fifth.",
        unit,
        f"access.{stem} of the most vulnerable fifth - the same of the least vulnerable fifth",
        f"{COHORT}; the fifths include all who tie at their border",
        better,
        partial(_gap, fold=fold),
        undefined=NO_GROUP,
    )


def _halves(stem: str, what: str, unit: str, better: str, fold: Fold) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            f"access.{stem}_{half}_need",
            f"{what}, among clients whose relational need is {place} the median.",
            unit,
            f"access.{stem} of these clients",
            f"{COHORT}; {half} relational need",
            better,
            partial(fold, group=f"{half}_need"),
            undefined="no such client, or the log does not say who clients are",
        )
        for half, place in (("low", "below"), ("high", "at or above"))
    )


MEASURES = (
    Measure(
        "access.days_to_first_contact",
        "Days from first asking to first meeting an adviser, for the client in the middle.",
        "days",
        "median over clients of (first contact - first asking)",
        SEEN,
        LOWER,
        _days,
        undefined="no client seen",
        headline=True,
    ),
    Measure(
        "access.days_to_first_contact_mean",
        "Days from first asking to first meeting an adviser, on average.",
        "days",
        "mean over clients of (first contact - first asking)",
        SEEN,
        LOWER,
        _mean_days,
        undefined="no client seen",
    ),
    Measure(
        "access.days_to_first_contact_p90",
        "Days from first asking to first meeting an adviser that nine in ten do not exceed.",
        "days",
        "90th percentile over clients of (first contact - first asking)",
        SEEN,
        LOWER,
        partial(_days, part=0.9),
        undefined="no client seen",
    ),
    Measure(
        "access.left_before_seen",
        "The share of those who asked who gave up without ever having met an adviser.",
        "share",
        "clients who left and were never seen / clients who asked",
        COHORT,
        LOWER,
        _left_before_seen,
        undefined=UNASKED,
        headline=True,
    ),
    Measure(
        "access.lost_at_referral",
        "The share of those who asked who were lost on the way from one organisation to another.",
        "share",
        "clients who left at a referral / clients who asked",
        COHORT,
        LOWER,
        _lost_at_referral,
        undefined=UNASKED,
    ),
    Measure(
        "access.never_seen",
        "The share of those who asked who had not met an adviser by the end of the log, for whatever reason.",
        "share",
        "clients without a contact / clients who asked",
        COHORT,
        LOWER,
        _never_seen,
        undefined=UNASKED,
    ),
    Measure(
        "access.turned_away",
        "The share of those who asked who were turned away at least once.",
        "share",
        "clients turned away about a problem they asked about within the window / clients who asked",
        COHORT,
        LOWER,
        _turned_away,
        undefined=UNASKED,
        headline=True,
    ),
    *(
        Measure(
            f"access.turned_away_{reason}",
            f"The share of those who asked who were turned away at least once because {because}.",
            "share",
            f"clients turned away for {reason} / clients who asked",
            COHORT,
            LOWER,
            partial(_turned_away, reason=reason),
            undefined=UNASKED,
        )
        for reason, because in REASONS.items()
    ),
    Measure(
        "access.helped_before_crisis",
        "The share of problems asked about that were brought before their crisis point and then helped.",
        "share",
        "problems with an outcome of help asked for before crisis / problems asked about",
        COHORT_PROBLEMS,
        HIGHER,
        _before_crisis,
        undefined=UNASKED,
    ),
    Measure(
        "access.disclosed_early",
        "How many problems kept back at first a client told an adviser of before their crisis point.",
        "problems per client",
        "problems disclosed before crisis / clients seen",
        SEEN,
        HIGHER,
        _disclosed,
        undefined="no client seen",
    ),
    *_halves("days_to_first_contact", "Median days from first asking to first contact", "days", LOWER, _days),
    *_halves("turned_away", "The share turned away", "share", LOWER, _turned_away),
    *_halves("left_before_seen", "The share who gave up unseen", "share", LOWER, _left_before_seen),
    _fifths("days_to_first_contact", "Median days from first asking to first contact", "days", LOWER, _days),
    _fifths("turned_away", "The share turned away", "share", LOWER, _turned_away),
    _fifths("left_before_seen", "The share who gave up unseen", "share", LOWER, _left_before_seen),
    _fifths("never_seen", "The share never seen", "share", LOWER, _never_seen),
    _fifths(
        "helped_before_crisis", "The share of problems helped before crisis", "share", HIGHER, _before_crisis
    ),
)
