"""How much admin a contract causes, who does it, and at whose cost."""

from legalaid_sim.events import DUTY, AdminWork, Entitled, Work
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import ADVISER_MONTHS, DONE_WITHIN, LOWER, NEITHER, Measure
from legalaid_sim.measures.statistics import ratio, share
from legalaid_sim.measures.time_use import NO_TIME, share_of_time
from legalaid_sim.units import add_up

PENCE_PER_100_POUNDS = 10_000
NOT_CLOSED = "no matter closed within the window"


def _share(folded: Folded) -> float | None:
    return share_of_time(folded, "duty", "admin")


def _contract_share(folded: Folded) -> float | None:
    return share_of_time(folded, "duty")


def _adviser_minutes(folded: Folded) -> int:
    return folded.time["duty"] + folded.time["admin"]


def _staff_minutes(folded: Folded) -> int:
    return add_up(work.minutes for work in folded.within(AdminWork))


def _duty_minutes(folded: Folded) -> int:
    return add_up(work.minutes for work in folded.within(Work) if work.activity == DUTY)


def _per_matter(folded: Folded) -> float | None:
    return ratio(_adviser_minutes(folded), folded.closed_within)


def _staff_per_matter(folded: Folded) -> float | None:
    return ratio(_staff_minutes(folded), folded.closed_within)


def _per_100_pounds(folded: Folded) -> float | None:
    earned = add_up(line.pence for line in folded.booked(Entitled))
    return share(_adviser_minutes(folded) * PENCE_PER_100_POUNDS, max(earned, 0))


def _unpaid_per_matter(folded: Folded) -> float | None:
    unpaid = add_up(fell.adviser_minutes for fell, _ in folded.duties_done if not fell.paid)
    return ratio(unpaid, folded.closed_within)


def _adviser_part(folded: Folded) -> float | None:
    advisers = _duty_minutes(folded)
    return share(advisers, advisers + _staff_minutes(folded))


def _late(folded: Folded) -> float | None:
    return ratio(add_up(done.late > 0 for _, done in folded.duties_done), len(folded.duties_done))


MEASURES = (
    Measure(
        "admin.share",
        "The share of advisers' time at work that went on admin, whether a contract demanded it or not.",
        "share",
        "(duty + other admin minutes) / minutes available, by the diaries",
        ADVISER_MONTHS,
        LOWER,
        _share,
        undefined=NO_TIME,
        headline=True,
        short="time on admin",
    ),
    Measure(
        "admin.contract_duty_share",
        "The share of advisers' time at work that went on admin that a contract demanded.",
        "share",
        "duty minutes / minutes available, by the diaries",
        ADVISER_MONTHS,
        LOWER,
        _contract_share,
        undefined=NO_TIME,
    ),
    Measure(
        "admin.minutes_per_matter",
        "The adviser minutes of admin that went with each matter closed, on average.",
        "minutes per matter",
        "(duty + other admin minutes of advisers, by the diaries) / matters closed",
        DONE_WITHIN,
        LOWER,
        _per_matter,
        undefined=NOT_CLOSED,
        headline=True,
        short="admin per matter",
    ),
    Measure(
        "admin.staff_minutes_per_matter",
        "How many minutes of admin staff the contract's duties took with each matter closed.",
        "minutes per matter",
        "admin-staff minutes on duties / matters closed",
        DONE_WITHIN,
        LOWER,
        _staff_per_matter,
        undefined=NOT_CLOSED,
    ),
    Measure(
        "admin.minutes_per_100_pounds_earned",
        "How many adviser minutes of admin went with each 100 pounds earned.",
        "minutes per GBP 100",
        "(duty + other admin minutes of advisers, by the diaries) / (entitlement in GBP / 100)",
        DONE_WITHIN,
        LOWER,
        _per_100_pounds,
        undefined="nothing earned within the window",
    ),
    Measure(
        "admin.unpaid_duty_minutes_per_matter",
        "How many adviser minutes of contract duties that no block pays for went with each matter closed.",
        "minutes per matter",
        "adviser minutes of unpaid duties done / matters closed",
        DONE_WITHIN,
        LOWER,
        _unpaid_per_matter,
        undefined=NOT_CLOSED,
        short="unpaid duties per matter",
    ),
    Measure(
        "admin.adviser_part",
        "The part of contract duties that advisers did themselves rather than admin staff.",
        "share",
        "adviser duty minutes / (adviser duty minutes + admin-staff minutes)",
        DONE_WITHIN,
        NEITHER,
        _adviser_part,
        undefined="no duty worked on",
    ),
    Measure(
        "admin.late_share",
        "The share of contract duties that were done after they were due.",
        "share",
        "duties done late / duties done",
        DONE_WITHIN,
        LOWER,
        _late,
        undefined="no duty done",
    ),
)
