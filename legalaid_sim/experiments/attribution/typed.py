"""What each kind of clause sets directly: the measures that read its own terms back.

A clause sets a measure where its own number or rule is part of what the measure counts, with no queue and no
choice between: the minutes of a form are admin, however busy the agency is. The table is a judgement of ours, not
a finding; what a clause moves beyond it comes by way of the model.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from legalaid_sim.contracts.kinds.kind import Sets
from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.experiments.attribution.clauses import BLOCKS, NAMED, PRACTICE, ClausePlace, ClauseSwitch
from legalaid_sim.experiments.shared.plans import RegimePlan

_GROUPS = (
    "low_need", "high_need", "least_vulnerable", "most_vulnerable", "face_to_face", "remote", "gap", "need_gap",
    "channel_gap",
)  # fmt: skip


def _by_group(name: str) -> tuple[str, ...]:
    return (name, *(f"{name}_{group}" for group in _GROUPS))


_PAY = (
    "money.earned", "money.payer_spend", "money.margin", "money.payer_spend_per_resolved",
    "money.earned_per_matter", "money.earned_per_adviser_year", "money.escape_share", "money.margin_worst_category",
    "money.margin_best_category", "money.unpaid_hours_per_matter", "money.taken_back", "money.cash_low_point",
    "money.months_below_zero", "money.unpaid_at_end", "admin.minutes_per_100_pounds_earned",
    "diversity.spend_share_of_smaller",
)  # fmt: skip
_CASH = (
    "money.payer_spend", "money.payer_spend_per_resolved", "money.taken_back", "money.cash_low_point",
    "money.months_below_zero", "money.unpaid_at_end", "diversity.spend_share_of_smaller",
)  # fmt: skip
_ADMIN = (
    "admin.share", "admin.contract_duty_share", "admin.minutes_per_matter", "admin.staff_minutes_per_matter",
    "admin.minutes_per_100_pounds_earned", "admin.unpaid_duty_minutes_per_matter", "admin.adviser_part",
    "admin.late_share", "time.duty_share", "time.admin_share",
)  # fmt: skip
_SAME_ADVISER = (
    "continuity.coc", "continuity.secon", "continuity.known_adviser", "continuity.upc", "continuity.herfindahl",
    "continuity.mmci", "continuity.coc_low_need", "continuity.coc_high_need", "continuity.secon_low_need",
    "continuity.secon_high_need", "continuity.known_low_need", "continuity.known_high_need",
    "continuity.handovers_per_matter", "continuity.broken_promises_per_matter", "continuity.longest_spell_share",
    "continuity.second_need_same_adviser",
)  # fmt: skip
_REFUSED = _by_group("access.turned_away")
_EARLY = (*_by_group("access.helped_before_crisis"), *_by_group("access.disclosed_early"))
_CHANNEL = ("time.face_to_face_share", "time.remote_contacts_wanted", "time.remote_contacts_unwanted")

# The measures of each family that a kind of block says it sets.
FAMILIES: Mapping[Sets, tuple[str, ...]] = {
    "pay": _PAY,
    "cash": _CASH,
    "admin": _ADMIN,
    "refused": _REFUSED,
    "refused for starts": ("access.turned_away_matter_starts",),
    "refused for scope": ("access.turned_away_scope",),
    "refused when suspended": ("access.turned_away_suspended",),
    "found before a crisis": _EARLY,
    "the same adviser": _SAME_ADVISER,
    "departures": (
        "time.discretion_share",
        "time.departures_share",
        "time.exceptions_asked_share",
        "time.exceptions_granted_share",
        "time.exception_minutes_per_matter",
    ),
    "taken back": ("money.assessed_off", "money.recovered_at_audit"),
}

SETS: Mapping[str, tuple[str, ...]] = {
    **{
        name: tuple(measure for family in kind.sets for measure in FAMILIES[family])
        for name, kind in KINDS.items()
    },
    "rounding": _PAY,
    # what stands at the head of a contract
    "categories": (*_REFUSED, "access.turned_away_scope"),
    "term": (),
    "regions": (),
    # what an organisation does differently under it
    "practice.own_adviser_patience_days": _SAME_ADVISER,
    "practice.first": (),
    "practice.channel": _CHANNEL,
    "practice.door": _CHANNEL,
    "practice.asks_no_name": _CHANNEL,
    "practice.companions_offered": ("time.listening_by_companions_share",),
    "practice.caseload_limit": (*_REFUSED, "access.turned_away_capacity"),
}  # fmt: skip


def set_by(clause: ClauseSwitch, before: RegimePlan, after: RegimePlan) -> frozenset[str]:
    """Name the measures that a clause between two contracts sets directly.

    A clause of several parts sets what any of them does; a named value, table or series what the blocks set that
    name it.
    """
    sorts = {sort for place in clause.places for sort in _sorts(place, before, after)}
    return frozenset(measure for sort in sorts for measure in SETS.get(sort, ()))


def _sorts(place: ClausePlace, before: RegimePlan, after: RegimePlan) -> Iterator[str]:
    room, name = place
    if room == PRACTICE:
        old, new = before.practice.model_dump(), after.practice.model_dump()
        yield from (f"{PRACTICE}.{key}" for key in old if old[key] != new[key])
        return
    if room not in (*BLOCKS, *NAMED):
        yield room
        return
    for block in _blocks(before, after):
        if block.get("id") == name if room in BLOCKS else _names(block, name):
            yield str(block.get("kind"))


def _blocks(*plans: RegimePlan) -> Iterator[Mapping[str, Any]]:
    for plan in plans:
        for room in BLOCKS:
            yield from plan.contracts[0].data.get(room, ())


def _names(found: Any, name: str) -> bool:
    """Say whether a name stands anywhere in a piece of a contract, alone or as the end of a path."""
    if isinstance(found, Mapping):
        return any(_names(value, name) for value in found.values())
    if isinstance(found, list | tuple):
        return any(_names(value, name) for value in found)
    return isinstance(found, str) and found.rpartition(".")[2] == name
