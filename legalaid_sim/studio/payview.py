"""What one matter pays against the hours spent on it: as the text stands now, and as it was saved."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from legalaid_sim.contracts.analysis.paycurve import (
    Jump,
    Reading,
    SampleMatter,
    Stretch,
    dead_zones,
    earned,
    jumps,
    pay_curve,
    sample_matters,
    year_earned,
)
from legalaid_sim.contracts.analysis.population import regions_of
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.tools.working_time import hour_costs
from legalaid_sim.errors import Refusal
from legalaid_sim.reports import draw
from legalaid_sim.reports.charts import thousands
from legalaid_sim.reports.curves import corners
from legalaid_sim.units import MINUTES_PER_HOUR, round_half_up

SHOWN_HOURS = (1, 2, 5, 10, 20, 40)
LONGEST = 40 * MINUTES_PER_HOUR
WIDE, HIGH, LEFT, FOOT = draw.WIDEST, 200.0, 42.0, 36.0
MOST_SAMPLES, MOST_STRETCHES = 60, 14


class PayRow(NamedTuple):
    """What one kind of matter pays after the shown hours, now and as saved; words, ``moved`` where they differ."""

    name: str
    now: tuple[str, ...]
    saved: tuple[str, ...]
    moved: bool


class PayPanel(NamedTuple):
    """Everything about pay: the drawing, what it says in words, and what to look out for."""

    names: tuple[str, ...]
    chosen: int
    drawing: str
    said: str
    dead: tuple[str, ...]
    cliffs: tuple[str, ...]
    marginal: tuple[tuple[str, str], ...]
    rows: tuple[PayRow, ...]
    year: str


def pay_panel(now: CompiledTerms, saved: CompiledTerms | None, chosen: int, hours: float) -> PayPanel:
    """Draw what the chosen kind of matter pays, and tell what all of them pay."""
    samples = [sample for _, sample in zip(range(MOST_SAMPLES), sample_matters(now))]
    names = tuple(str(sample) for sample in samples)
    rows = tuple(_rows(now, saved, samples))
    if not samples:
        return PayPanel((), 0, "", "No payment is for a single matter.", (), (), (), (), _year(now))
    chosen = chosen if 0 <= chosen < len(samples) else 0
    sample = samples[chosen]
    curve, before = pay_curve(now, sample), _saved_curve(saved, sample)
    if not curve:
        return PayPanel(names, chosen, "", f"{sample} cannot be priced.", (), (), (), rows, _year(now))
    zones, edges = dead_zones(curve), jumps(now, sample, curve)
    said = _said(now, saved, sample, round(hours * MINUTES_PER_HOUR))
    return PayPanel(
        names,
        chosen,
        _drawn(curve, before, zones, edges, said),
        said,
        tuple(_zone(zone) for zone in zones),
        tuple(_cliff(edge) for edge in edges),
        tuple(_marginal(curve)),
        rows,
        "",
    )


def _saved_curve(saved: CompiledTerms | None, sample: SampleMatter) -> tuple[Reading, ...]:
    """Price the same matter under the file as it was saved; nothing where it could not be priced."""
    return () if saved is None else pay_curve(saved, sample)


def _pay(terms: CompiledTerms | None, sample: SampleMatter, minutes: int) -> str:
    try:
        return "–" if terms is None else money(earned(terms, sample, minutes))
    except Refusal:
        return "refused"


def _rows(
    now: CompiledTerms, saved: CompiledTerms | None, samples: Sequence[SampleMatter]
) -> Iterator[PayRow]:
    for sample in samples:
        each, before = (
            tuple(_pay(terms, sample, hours * MINUTES_PER_HOUR) for hours in SHOWN_HOURS)
            for terms in (now, saved)
        )
        yield PayRow(f"{sample.block}: {sample}", each, before, saved is not None and each != before)


def _said(now: CompiledTerms, saved: CompiledTerms | None, sample: SampleMatter, minutes: int) -> str:
    pay, before = _pay(now, sample, minutes), _pay(saved, sample, minutes)
    hours = f"{minutes / MINUTES_PER_HOUR:g} hours"
    was = "as saved" if pay == before else f"saved: {before}" if saved is not None else "not saved yet"
    return f"{str(sample).capitalize()} of {hours} pays {pay} before tax ({was})"


def _zone(zone: Stretch) -> str:
    start, end = (minutes / MINUTES_PER_HOUR for minutes in (zone.start, zone.end))
    where = f"from {start:.1f} hours on" if zone.open else f"from {start:.1f} to {end:.1f} hours"
    return f"{where}: {money(zone.pence)} whatever is done"


def _cliff(edge: Jump) -> str:
    hours = edge.minutes / MINUTES_PER_HOUR
    return f"at {hours:.2f} hours one minute moves {money(edge.before)} to {money(edge.after)}"


def _marginal(curve: Sequence[Reading]) -> Iterator[tuple[str, str]]:
    """Say what a further hour pays, stretch by stretch."""
    held = list(pairwise(corners(curve)))
    for one, other in held[:MOST_STRETCHES]:
        pence = round_half_up((other.pence - one.pence) * MINUTES_PER_HOUR / (other.minutes - one.minutes))
        start, end = (each.minutes / MINUTES_PER_HOUR for each in (one, other))
        yield f"{start:.1f} to {end:.1f} hours", money(pence)
    if len(held) > MOST_STRETCHES:
        yield f"and {len(held) - MOST_STRETCHES} further stretches", ""


def _year(terms: CompiledTerms) -> str:
    """Say what a first year pays by itself, where no single matter is paid."""
    try:
        region = next(iter(regions_of(terms)), "elsewhere")
        none, some = year_earned(terms, region), year_earned(terms, region, hours=1000, clients=200)
    except Refusal as refusal:
        return f"What a year pays cannot be said: {refusal.why}"
    worked = "where 1,000 hours are given and 200 people seen"
    return f"A first year pays {money(none)} by itself, and {money(some)} {worked}."


def _drawn(
    now: Sequence[Reading],
    saved: Sequence[Reading],
    zones: Sequence[Stretch],
    edges: Sequence[Jump],
    said: str,
) -> str:
    costs = float(hour_costs())
    most = max(*(each.pence for each in (*now, *saved)), 1) / 100
    across = draw.Scale(0, LONGEST / MINUTES_PER_HOUR, LEFT, WIDE - 8)
    up = draw.Scale(min(0.0, *(each.pence / 100 for each in now)), most * 1.06, HIGH - FOOT, 8)
    parts = [draw.box(*_band(zone, across), HIGH - FOOT - 8, "shade") for zone in zones]
    parts += [draw.level_axis(across, 8, HIGH - FOOT, lambda value: f"{value:g} h", "hours of work")]
    parts += [draw.upright_axis(up, LEFT, WIDE - 8, thousands)]
    top = min(LONGEST / MINUTES_PER_HOUR, most * 1.06 / costs)
    parts.append(
        draw.path([(across.at(0), up.at(0)), (across.at(top), up.at(top * costs))], "muted", "2 3", 1.5)
    )
    parts += [
        draw.line(across.at(edge.minutes / MINUTES_PER_HOUR), 8, across.at(edge.minutes / MINUTES_PER_HOUR),
                  HIGH - FOOT, "worse", 1.5, "4 2")
        for edge in edges
    ]  # fmt: skip
    for curve, colour, dash in ((saved, "s2", "6 4"), (now, "s1", "")):
        places = [(across.at(m / MINUTES_PER_HOUR), up.at(pence / 100)) for m, pence in corners(curve)]
        parts.append(draw.path(places, colour, dash, 2.4))
    return (
        f'<svg role="img" aria-label="{escape(said)}" viewBox="0 0 {WIDE:g} {HIGH:g}" width="{WIDE:g}" '
        f'height="{HIGH:g}">{"".join(parts)}</svg>'
    )


def _band(zone: Stretch, across: draw.Scale) -> tuple[float, float, float]:
    start, end = (across.at(minutes / MINUTES_PER_HOUR) for minutes in (zone.start, zone.end))
    return start, 8.0, end - start
