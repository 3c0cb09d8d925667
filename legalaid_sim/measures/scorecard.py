"""The one-to-one scorecard: features of relationships that change lives, and the measures that speak of each.

The fourteen features are those of the Council on Social Action's paper no. 3 (2008): six of the relationships
and eight of how they are organised. Contracts are set side by side feature by feature. There is no sum over
features: what to make of a contract that listens well and costs much admin is the reader's to say.
"""

from collections.abc import Collection, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from legalaid_sim.measures.measure import HIGHER, NEITHER
from legalaid_sim.measures.registry import REGISTRY
from legalaid_sim.measures.words import RED

SOURCE = "Council on Social Action, paper no. 3, 2008"

MeasureValues = Mapping[str, float | None]


class Feature(NamedTuple):
    """One feature in the paper's terms, and the measures that speak of it.

    ``even`` says that the best value is 0, as for a gap between groups of clients, whatever its sign.
    """

    key: str
    title: str
    measures: tuple[str, ...]
    even: bool = False

    def weights(self, given: Mapping[str, float] | None = None) -> dict[str, float]:
        """Give each measure's weight: 1 where the reader gives none.

        Raises:
            ValueError: for a weight below 0.
        """
        weights = {name: (given or {}).get(name, 1.0) for name in self.measures}
        below = [name for name, weight in weights.items() if weight < 0]
        if below:
            raise ValueError(f"the weight of {below[0]} is {weights[below[0]]:g}; a weight is 0 or more")
        return weights


FEATURES = (
    Feature(
        "listening",
        "someone to talk to, someone to listen",
        ("time.listening_minutes_per_client", "time.face_to_face_share", "time.with_clients_share"),
    ),
    Feature(
        "valued",
        "feeling special and valued, not just a file",
        (
            "continuity.known_adviser",
            "continuity.retelling_minutes_per_matter",
            "continuity.broken_promises_per_matter",
        ),
    ),
    Feature(
        "long_term",
        "a relationship over the long term",
        (
            "continuity.coc",
            "continuity.secon",
            "continuity.longest_spell_share",
            "continuity.trust_at_closing",
        ),
    ),
    Feature(
        "options_together",
        "considering resources and options together",
        ("goals.set_per_matter", "outcomes.advice_acted_on"),
    ),
    Feature(
        "mutual_value",
        "each gets something of value",
        (
            "outcomes.capability_gained",
            "outcomes.resolved_share",
            "outcomes.strain",
            "outcomes.advisers_kept",
        ),
    ),
    Feature(
        "push",
        "push and challenge to change and progress",
        ("goals.reviewed_share", "goals.reached_in_time_share"),
    ),
    Feature(
        "early",
        "early intervention",
        ("access.helped_before_crisis", "access.disclosed_early"),
    ),
    Feature(
        "time_frame",
        "goals and a time frame",
        ("goals.reached_in_time_share", "goals.lapsed_share"),
    ),
    Feature(
        "least_admin",
        "minimum administration",
        ("admin.share", "admin.unpaid_duty_minutes_per_matter"),
    ),
    Feature(
        "technology",
        "technology where it helps",
        ("time.remote_contacts_wanted", "time.remote_contacts_unwanted"),
    ),
    Feature(
        "diversity",
        "small scale and diversity",
        ("diversity.organisations_surviving", "diversity.spend_share_of_smaller"),
    ),
    Feature(
        "volunteers",
        "volunteers humanise but are not the whole solution",
        (
            "time.listening_by_companions_share",
            "outcomes.resolved_offered_companion",
            "outcomes.resolved_not_offered_companion",
        ),
    ),
    Feature(
        "discretion",
        "discretion rather than formalised flexibility",
        ("time.discretion_share", "time.departures_share"),
    ),
    Feature(
        "equality",
        f"equality: the most less the least vulnerable ({RED})",
        (
            "access.days_to_first_contact_gap",
            "access.turned_away_gap",
            "access.left_before_seen_gap",
            "access.lost_at_referral_gap",
            "access.helped_before_crisis_gap",
            "access.disclosed_early_gap",
        ),
        even=True,
    ),
)


def places(
    feature: Feature,
    means: Mapping[str, MeasureValues],
    weights: Mapping[str, float] | None = None,
    telling: Collection[str] | None = None,
) -> dict[str, float | None]:
    """Give, by contract, the place between the worst (0) and the best (1) of those compared, in one feature.

    The weighted mean over the feature's measures of ``(value - worst) / (best - worst)``. A measure counts
    that has a better direction, is defined everywhere, differs between contracts, and is among ``telling``
    where that is given; None where none counts. A place says nothing of contracts that are not compared.

    Raises:
        ValueError: for a weight below 0.
    """
    given = feature.weights(weights)
    counted = {name: weight for name, weight in given.items() if _tells(name, telling)}
    scaled = {name: _scaled(feature, name, [means[regime][name] for regime in means]) for name in counted}
    held = {name: scale for name, scale in scaled.items() if scale}
    whole = fsum(counted[name] for name in held)
    return {
        regime: fsum(counted[name] * scale[n] for name, scale in held.items()) / whole if whole else None
        for n, regime in enumerate(means)
    }


def _tells(name: str, telling: Collection[str] | None) -> bool:
    return telling is None or name in telling


def _scaled(feature: Feature, name: str, values: Sequence[float | None]) -> list[float]:
    """Set values on a scale from worst (0) to best (1); nothing where that cannot be said."""
    known = [value for value in values if value is not None]
    better = REGISTRY[name].better
    if len(known) < len(values) or (better == NEITHER and not feature.even):
        return []
    good = [-abs(value) if feature.even else value if better == HIGHER else -value for value in known]
    worst, best = min(good), max(good)
    return [(value - worst) / (best - worst) for value in good] if best > worst else []


class ScorecardRow(NamedTuple):
    """One line of the scorecard as data: a measure under one contract, and that contract's place."""

    feature: str
    measure: str
    weight: float
    regime: str
    mean: float | None
    place: float | None


def rows(
    means: Mapping[str, MeasureValues], weights: Mapping[str, float] | None = None
) -> list[ScorecardRow]:
    """Give the whole scorecard as data, feature by feature, in the paper's order."""
    return [
        ScorecardRow(feature.key, name, weight, regime, values[name], found[regime])
        for feature in FEATURES
        for found in [places(feature, means, weights)]
        for name, weight in feature.weights(weights).items()
        for regime, values in means.items()
    ]
