"""Who got in, how soon, who gave up, who was turned away or lost between doors; and for whom it differed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import NamedTuple

from legalaid_sim.events import Contact, Left, Referred
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import (
    COHORT,
    COHORT_PROBLEMS,
    DONE_WITHIN,
    HIGHER,
    LOWER,
    NEITHER,
    SEEN,
    Measure,
)
from legalaid_sim.measures.statistics import Ratio, difference, mean, quantile, ratio, rest
from legalaid_sim.measures.words import RED, VULNERABLE
from legalaid_sim.units import MINUTES_PER_DAY, add_up

REASONS = {
    "matter_starts": "the contract allowed no more matters",
    "capacity": "no adviser could take them",
    "scope": "their problem was out of scope",
    "evidence": "they could not show the evidence asked for",
    "suspended": "the contract was suspended",
    "selection": "the provider chose not to take them on",
    "closed": "the organisation had closed",
    "budget": "nothing was left of their budget that could be spent there",
    "channel": "they could use none of the channels on offer",
}
ORDINALS = {1: "first", 2: "second", 3: "third"}
UNASKED = "nobody asked within the window"
NO_GROUP = "nobody is in the group, or the log does not say who clients are"

Fold = Callable[..., float | None]


def _days(folded: Folded, group: str = "everyone", part: float = 0.5) -> float | None:
    members = folded.groups[group]
    return quantile(
        [days for client, days in folded.days_to_first_contact.items() if client in members], part
    )


def _mean_days(folded: Folded) -> float | None:
    return mean(list(folded.days_to_first_contact.values()))


def _follow_up(folded: Folded) -> float | None:
    """Give the mean wait for a further meeting; a companion's listening is none, and has no core minutes."""
    waits = [
        each.waited / MINUTES_PER_DAY for each in folded.followed(Contact) if each.ordinal > 1 and each.core
    ]
    return mean(waits)


def _among(folded: Folded, clients: Collection[str], group: str) -> Ratio | None:
    """Give the share of a group of the cohort that is among these clients."""
    members = folded.groups[group]
    return ratio(add_up(client in clients for client in members), len(members))


def _turned_away(folded: Folded, group: str = "everyone") -> float | None:
    return _among(folded, set[str]().union(*folded.refused.values()), group)


def _turned_away_for(folded: Folded, reason: str) -> float | None:
    return _among(folded, folded.refused.get(reason, ()), "everyone")


def _left_before_seen(folded: Folded, group: str = "everyone") -> float | None:
    return _among(folded, folded.gave_up_unseen, group)


def _never_seen(folded: Folded, group: str = "everyone") -> float | None:
    return rest(_among(folded, folded.seen, group))


def _lost_at_referral(folded: Folded, group: str = "everyone") -> float | None:
    return _among(folded, folded.lost_at_hand_on, group)


def _before_crisis(folded: Folded, group: str = "everyone") -> float | None:
    members = folded.groups[group]
    problems = {problem for problem, client in folded.problems.items() if client in members}
    return ratio(len(problems & folded.early_help), len(problems))


def _disclosed(folded: Folded, group: str = "everyone") -> float | None:
    members = folded.groups[group]
    told = add_up(client in members for client in folded.disclosed_early)
    return ratio(told, add_up(client in members for client in folded.seen))


def _lost_at_hand_on(folded: Folded, number: int) -> float | None:
    """Give the share lost at the hand-on of this number, of those that one asking led to."""
    steps = Counter[tuple[str, int]]()
    reached = []
    for hand_on in folded.within(Referred):
        steps[hand_on.problem, hand_on.at] += 1
        if steps[hand_on.problem, hand_on.at] == number:
            reached.append(hand_on.reached)
    return rest(mean(reached))


def _lost_at_door(folded: Folded) -> float | None:
    """Count those lost between a gateway or a referring agency and an adviser: such a loss names a matter."""
    lost = {
        leaving.client for leaving in folded.followed(Left) if leaving.reason == "referral" and leaving.matter
    }
    return _among(folded, lost, "everyone")


class _Stem(NamedTuple):
    """A measure that is also taken of groups of clients."""

    name: str
    short: str
    what: str
    unit: str
    better: str
    fold: Fold


STEMS = (
    _Stem(
        "days_to_first_contact",
        "median days until seen",
        "The median days from first asking to first meeting an adviser",
        "days",
        LOWER,
        _days,
    ),
    _Stem("turned_away", "turned away", "The share turned away", "share", LOWER, _turned_away),
    _Stem(
        "left_before_seen",
        "left before being seen",
        "The share who gave up or were lost unseen",
        "share",
        LOWER,
        _left_before_seen,
    ),
    _Stem("never_seen", "never seen", "The share never seen", "share", LOWER, _never_seen),
    _Stem(
        "lost_at_referral",
        "lost at referral",
        "The share lost between two doors",
        "share",
        LOWER,
        _lost_at_referral,
    ),
    _Stem(
        "helped_before_crisis",
        "helped before crisis",
        "The share of problems helped before crisis",
        "share",
        HIGHER,
        _before_crisis,
    ),
    _Stem(
        "disclosed_early",
        "disclosed before crisis",
        "Problems told of before crisis that were kept back at first",
        "problems per client",
        HIGHER,
        _disclosed,
    ),
)
GROUPS = {
    "low_need": "clients whose relational need is below the median",
    "high_need": "clients whose relational need is at or above the median",
    "least_vulnerable": "the least vulnerable fifth of clients",
    "most_vulnerable": "the most vulnerable fifth of clients",
    "face_to_face": "clients who prefer to be seen",
    "remote": "clients who prefer the telephone or a screen",
}
GAPS = {
    "gap": ("most_vulnerable", "least_vulnerable"),
    "need_gap": ("high_need", "low_need"),
    "channel_gap": ("remote", "face_to_face"),
}


def _red(*groups: str) -> tuple[str, str]:
    """What the words and the label of a measure end with, where it rests on vulnerability, for which no source is."""
    return (f": {RED}", " (red)") if set(groups) & set(VULNERABLE) else ("", "")


def _gap(folded: Folded, fold: Fold, one: str, other: str) -> float | None:
    return difference(fold(folded, group=one), fold(folded, group=other))


def _of_groups(stem: _Stem) -> Iterator[Measure]:
    for group, members in GROUPS.items():
        red, mark = _red(group)
        yield Measure(
            f"access.{stem.name}_{group}",
            f"{stem.what}, among {members}{red}.",
            stem.unit,
            f"access.{stem.name} of these clients",
            f"{COHORT}; {members}, all who tie at a border included",
            stem.better,
            partial(stem.fold, group=group),
            undefined=NO_GROUP,
            short=f"{stem.short}, {group.replace('_', ' ')}{mark}",
        )
    for gap, (one, other) in GAPS.items():
        red, mark = _red(one, other)
        yield Measure(
            f"access.{stem.name}_{gap}",
            f"{stem.what} among {GROUPS[one]}, less the same among {GROUPS[other]}{red}.",
            stem.unit,
            f"access.{stem.name}_{one} - access.{stem.name}_{other}",
            f"{COHORT}; all who tie at a border included",
            stem.better if gap == "gap" else NEITHER,
            partial(_gap, fold=stem.fold, one=one, other=other),
            undefined=NO_GROUP,
            short=f"{stem.short}, {gap.replace('_', ' ')}{mark}",
        )


MEASURES = (
    Measure(
        "access.days_to_first_contact",
        "The median time from first asking to first meeting an adviser: half of those seen waited longer.",
        "days",
        "median over clients of (first meeting an adviser - first asking)",
        SEEN,
        LOWER,
        _days,
        undefined="no client seen",
        headline=True,
        short="median days until seen",
    ),
    Measure(
        "access.days_to_first_contact_mean",
        "The mean time from first asking to first meeting an adviser.",
        "days",
        "mean over clients of (first meeting an adviser - first asking)",
        SEEN,
        LOWER,
        _mean_days,
        undefined="no client seen",
        short="mean days until seen",
    ),
    Measure(
        "access.days_to_first_contact_p90",
        "The time from first asking to first meeting an adviser that nine in ten do not exceed.",
        "days",
        "90th percentile over clients of (first meeting an adviser - first asking)",
        SEEN,
        LOWER,
        partial(_days, part=0.9),
        undefined="no client seen",
        short="days until nine in ten are seen",
    ),
    Measure(
        "access.days_to_follow_up",
        "The mean days from when a further meeting was due to when it was held.",
        "days",
        "mean over meetings after the first of a matter of the days from due to begun",
        SEEN,
        LOWER,
        _follow_up,
        undefined="no matter with a second meeting",
        short="days waited for a further meeting",
    ),
    Measure(
        "access.left_before_seen",
        "The share of those who asked who gave up, or were lost on the way, without having met an adviser.",
        "share",
        "clients who left and were never seen / clients who asked",
        COHORT,
        LOWER,
        _left_before_seen,
        undefined=UNASKED,
        headline=True,
        short="left before being seen",
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
        short="lost at referral",
    ),
    Measure(
        "access.never_seen",
        "The share of those who asked who had not met an adviser while they were followed, for whatever reason.",
        "share",
        "clients who met no adviser / clients who asked",
        COHORT,
        LOWER,
        _never_seen,
        undefined=UNASKED,
    ),
    Measure(
        "access.turned_away",
        "The share of those who asked who were turned away at least once.",
        "share",
        "clients turned away / clients who asked",
        COHORT,
        LOWER,
        _turned_away,
        undefined=UNASKED,
        headline=True,
        short="turned away",
    ),
    *(
        Measure(
            f"access.turned_away_{reason}",
            f"The share of those who asked who were turned away at least once because {because}.",
            "share",
            f"clients turned away for {reason} / clients who asked",
            COHORT,
            LOWER,
            partial(_turned_away_for, reason=reason),
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
        short="helped before crisis",
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
        short="disclosed before crisis, per client",
    ),
    *(
        Measure(
            f"access.lost_at_{nth}_hand_on",
            f"The share of people sent on to another organisation who were lost at the {nth} such step.",
            "share",
            f"hand-ons of this number that did not reach the other organisation / {nth} hand-ons",
            f"{DONE_WITHIN}; hand-ons that follow one asking are numbered from 1",
            LOWER,
            partial(_lost_at_hand_on, number=number),
            undefined="nobody handed on so often within the window",
        )
        for number, nth in ORDINALS.items()
    ),
    Measure(
        "access.lost_at_door",
        "The share of those who asked who were lost between a gateway or referring agency and an adviser.",
        "share",
        "clients who left at a hand-on within one organisation / clients who asked",
        COHORT,
        LOWER,
        _lost_at_door,
        undefined=UNASKED,
    ),
    *(measure for stem in STEMS for measure in _of_groups(stem)),
)
