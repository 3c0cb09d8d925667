"""The figure of pay curves: what one matter earns against the hours spent on it, all contracts side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.paycurve import (
    Reading,
    SampleMatter,
    Stretch,
    costed,
    dead_zones,
    earned,
    pay_curve,
)
from legalaid_sim.contracts.analysis.population import DAYS_OPEN
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.experiments.shared.readiness import whole_matter
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import CurveLine
from legalaid_sim.reports.draw import Drawing
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import plain, upper
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import shown, spread_shown
from legalaid_sim.scenario.brings import possible
from legalaid_sim.units import MINUTES_PER_HOUR, counted

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.scenario.agencies import Agency

LONGEST_HOURS, STEP = 20, 6
SHOWN_HOURS = (1, 2, 5, 10, 20)
MOST_PANELS = 3
HOURS = "money.hours_worked_per_matter"
NOT_PAID = "not covered"


class MatterCurve(NamedTuple):
    """What a matter of one kind earns under one contract, in pence by minutes of work; ``pays`` asks it for any.

    ``bought`` is what a minute counts for in pence where hours are bought, and part of every reading. No readings
    where the contract is not about such matters or cannot price them.
    """

    readings: tuple[Reading, ...]
    bought: float
    pays: Callable[[int], float]


Kinds = Mapping[tuple[str, ...], Mapping[str, MatterCurve]]
NONE = MatterCurve((), 0.0, float)


def curves_of(material: Material) -> Kinds:
    """Give the curves of every contract by kind of matter; kinds that all contracts pay alike are told as one."""
    agency, problems = material.scenario.houses[0], material.scenario.clients.problems
    found: dict[tuple[object, ...], tuple[list[str], dict[str, MatterCurve]]] = {}
    for kind in sorted(problems, key=lambda name: -problems[name].share):
        held = {name: _curve(material, name, kind, agency) for name in material.ordered}
        alike = tuple((curve.readings, curve.bought) for curve in held.values())
        found.setdefault(alike, ([], held))[0].append(kind)
    return {tuple(kinds): held for kinds, held in found.values() if any(c.readings for c in held.values())}


def supposed(material: Material, kind: str, agency: "Agency") -> MatterFacts:
    """Give the matter that is priced: opened on the first day that counts, and come to a good end that lasted."""
    problem, day = material.scenario.clients.problems[kind], material.scenario.period.starts
    brought = next(possible(problem.facts), {})
    facts = whole_matter(kind, problem, agency.organisation.region, day, brought)
    return replace(facts, closed=day + timedelta(days=DAYS_OPEN))


def _curve(material: Material, regime: str, kind: str, agency: "Agency") -> MatterCurve:
    facts = supposed(material, kind, agency)
    for terms in _terms_of(material, regime):
        house = agency.organisation
        foreseen = {"advisers": 1, **house.foreseen(terms.name)}
        provider = ProviderFacts(house.name, house.region, house.vat_registered, house.heads, foreseen)
        account = Account(terms, provider, material.scenario.period.starts)
        if account.covers(facts):
            return _of_terms(terms, account, SampleMatter("", kind, facts, provider))
    return NONE


def _terms_of(material: Material, regime: str) -> "Iterator[CompiledTerms]":
    """Give the contracts of a regime itself, not of what was held before."""
    held = material.manifest["regimes"][regime]
    names = [each["name"] for each in held["contracts"]]
    if held.get("phases"):
        names = held["phases"][held["itself"]]["contracts"]
    for name in names:
        terms = material.terms(regime, name)
        if terms is not None:
            yield terms


def _of_terms(terms: "CompiledTerms", account: Account, sample: SampleMatter) -> MatterCurve:
    day = sample.facts.opened or terms.starts
    bought = fsum(block.marginal(day) for block in account.monthly)
    try:
        sample = costed(terms, replace(sample, block=_base_of(terms, sample)))
    except Refusal:
        return NONE

    def pays(minutes: int) -> float:
        return earned(terms, sample, minutes) + bought * minutes

    longest = LONGEST_HOURS * MINUTES_PER_HOUR
    readings = pay_curve(terms, sample, STEP, longest)
    return MatterCurve(tuple(Reading(m, round(pence + bought * m)) for m, pence in readings), bought, pays)


def _base_of(terms: "CompiledTerms", sample: SampleMatter) -> str:
    """Name the block that prices the whole matter; empty where none does."""
    bases = {block.id for block in terms.contract.payments if PAYMENTS[block.kind].is_base}
    worked = replace(sample.facts, minutes={"profit": MINUTES_PER_HOUR})
    entries = terms.price(worked, sample.provider, forecast=True).entries
    return next((entry.block for entry in entries if entry.block in bases), "")


def curves(material: Material) -> Figure | None:
    """Draw what a matter earns against the hours spent on it, a panel a kind of matter, a line a contract."""
    held = curves_of(material)
    if not held:
        return None
    usual = _usual_minutes(material)
    panels = [
        Panel(upper(_named(kinds)), _drawn(material, each, usual), _told(material, kinds, each, usual))
        for kinds, each in list(held.items())[:MOST_PANELS]
    ]
    return Figure(
        "curves",
        "What a matter pays, by the hours spent on it",
        _said(material, held, usual),
        panels,
        FigureTable(
            "Pay for one matter after so many hours, before tax",
            ["matter and contract", *(counted(hours, "hour") for hours in SHOWN_HOURS), "no more pay"],
            [
                [f"{_named(kinds)}: {material.called[name]}", *_cells(curve)]
                for kinds, each in held.items()
                for name, curve in each.items()
            ],
        ),
        [
            ("matters", "contract", "minutes", "pence", "pence_a_minute_counted_towards_hours_bought"),
            *(
                (" ".join(kinds), name, minutes, pence, curve.bought)
                for kinds, each in held.items()
                for name, curve in each.items()
                for minutes, pence in corners(curve.readings)
            ),
        ],
        [HOURS],
        _note(material, held),
    )


def _usual_minutes(material: Material) -> int | None:
    """Give the mean minutes that go into a matter under the first contract; None where nothing was closed."""
    hours = material.means[material.baseline][HOURS].mean
    return None if hours is None else min(round(hours * MINUTES_PER_HOUR), LONGEST_HOURS * MINUTES_PER_HOUR)


def _named(kinds: Sequence[str]) -> str:
    words = [plain(kind).replace("_", " ") for kind in kinds]
    return (
        " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
        if len(words) <= 3
        else (f"{', '.join(words[:3])} and {len(words) - 3} more")
    )


def _drawn(material: Material, held: Mapping[str, MatterCurve], usual: int | None) -> Drawing:
    series = [
        CurveLine(
            material.called[name], [(m / MINUTES_PER_HOUR, p / 100) for m, p in corners(curve.readings)]
        )
        for name, curve in held.items()
    ]
    lows = [pence for curve in held.values() for _, pence in curve.readings]
    low = 0.0 if min(lows, default=0) >= 0 else None
    marks = [] if usual is None else [usual / MINUTES_PER_HOUR]
    return charts.lines(series, "hours of work", charts.thousands, low=low, marks=marks, tall=92)


def corners(readings: Sequence[Reading]) -> list[Reading]:
    """Leave out the readings that a straight line between those kept gives to the penny.

    >>> corners([Reading(0, 0), Reading(6, 60), Reading(12, 120), Reading(18, 120)])
    [Reading(minutes=0, pence=0), Reading(minutes=12, pence=120), Reading(minutes=18, pence=120)]
    """
    kept: list[Reading] = []
    for at, reading in enumerate(readings):
        last = at + 1 == len(readings)
        if (
            last
            or not kept
            or not _straight(kept[-1], readings[at + 1], readings[_after(readings, kept[-1]) : at + 1])
        ):
            kept.append(reading)
    return kept


def _after(readings: Sequence[Reading], reading: Reading) -> int:
    return (reading.minutes - readings[0].minutes) // (readings[1].minutes - readings[0].minutes) + 1


def _straight(one: Reading, other: Reading, between: Sequence[Reading]) -> bool:
    slope = (other.pence - one.pence) / (other.minutes - one.minutes)
    return all(abs(one.pence + slope * (m - one.minutes) - pence) <= 1 for m, pence in between)


def _told(
    material: Material, kinds: Sequence[str], held: Mapping[str, MatterCurve], usual: int | None
) -> str:
    ends = LONGEST_HOURS * MINUTES_PER_HOUR
    at = [*([usual] if usual is not None else []), ends]
    said = "; ".join(f"{material.called[name]} {_ends(curve, at)}" for name, curve in held.items())
    return f"Pay for one matter of {_named(kinds)}: {said}"


def _ends(curve: MatterCurve, at: Sequence[int]) -> str:
    if not curve.readings:
        return NOT_PAID
    return ", ".join(f"{_pounds(curve.pays(m))} after {m / MINUTES_PER_HOUR:.1f} hours" for m in at)


def _pounds(pence: float) -> str:
    return shown(pence / 100, "GBP")


def _cells(curve: MatterCurve) -> Iterator[str]:
    if not curve.readings:
        yield from (NOT_PAID, *["–"] * len(SHOWN_HOURS))
        return
    yield from (_pounds(curve.pays(hours * MINUTES_PER_HOUR)) for hours in SHOWN_HOURS)
    flat = "; ".join(map(_stretch, dead_zones(curve.readings)))
    yield flat or ("never" if any(pence for _, pence in curve.readings) else "nothing is paid for a matter")


def _stretch(zone: Stretch) -> str:
    start, end = (minutes / MINUTES_PER_HOUR for minutes in (zone.start, zone.end))
    if zone.open:
        return f"from {start:.1f} hours on" if start else "at any hour"
    return f"{start:.1f} to {end:.1f} hours"


def _said(material: Material, held: Kinds, usual: int | None) -> str:
    """Say, in at most twenty words, who pays most and least for the mean matter of the commonest kind."""
    kinds, each = next(iter(held.items()))
    paying = {name: curve for name, curve in each.items() if curve.readings}
    minutes = LONGEST_HOURS * MINUTES_PER_HOUR // 4 if usual is None else usual
    pay = {name: curve.pays(minutes) for name, curve in paying.items()}
    most, least = max(pay, key=lambda name: pay[name]), min(pay, key=lambda name: pay[name])
    head = f"One {plain(kinds[0]).replace('_', ' ')} matter of {minutes / MINUTES_PER_HOUR:.1f} hours earns"
    if pay[most] == pay[least]:
        return f"{head} {_pounds(pay[most])} whatever the contract."
    return (
        f"{head} {_pounds(pay[most])} under {material.called[most]}, {_pounds(pay[least])} under "
        f"{material.called[least]}."
    )


def _note(material: Material, held: Kinds) -> str:
    usual = material.means[material.baseline][HOURS]
    further = len(held) - MOST_PANELS
    buying = {name: c.bought for each in held.values() for name, c in each.items() if c.bought}
    return " ".join(
        [
            f"Worked out from each contract, not from the worlds: before tax, opened on "
            f"{material.scenario.period.starts}, all its work by one adviser, at a good end that lasts.",
            "What is paid by the year or the head whatever the matter is no part of it.",
            *([f"{counted(further, 'further kind')} of matter in the table."] if further > 0 else []),
            *(
                f"{material.called[name]} buys hours: each counts {_pounds(bought * MINUTES_PER_HOUR)}."
                for name, bought in buying.items()
            ),
            *(
                [f"The dotted line is the mean matter under {material.called[material.baseline]}, "
                 f"{spread_shown(usual, 'hours')}."]
                if usual.mean is not None
                else []
            ),
        ]
    )  # fmt: skip
