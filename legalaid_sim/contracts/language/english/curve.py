"""Pay against hours of one matter, as a table and as a chart of characters."""

from collections.abc import Iterator, Sequence

from legalaid_sim.contracts.analysis.paycurve import (
    Reading,
    SampleMatter,
    Stretch,
    dead_zones,
    hourly_rate,
    jumps,
    past_the_fee,
    pay_curve,
    sample_matters,
    samples_of,
)
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import money

TABLE_STEP = 60
CHART_WIDTH = 64
CHART_HEIGHT = 16
PAY, COST, BOTH, DEAD = "*", ".", "+", "="


def blocks_with_curves(terms: CompiledTerms) -> tuple[str, ...]:
    """Name the payments that price a matter by themselves, in the order of the contract."""
    return tuple(dict.fromkeys(sample.block for sample in sample_matters(terms)))


def curves_in_text(terms: CompiledTerms, block: str = "", hours: int = 20) -> str:
    """Show pay against hours for a matter of each block that prices matters, or of one block."""
    samples = [sample for sample, _ in samples_of(terms) if block in ("", sample.block)]
    shown = ("\n".join(_curve(terms, sample, hours)) for sample in samples)
    return (
        "\n\n".join(shown) + "\n" if samples else "No payment of this contract prices a matter by itself.\n"
    )


def _curve(terms: CompiledTerms, sample: SampleMatter, hours: int) -> Iterator[str]:
    opened = sample.facts.opened
    yield f"{sample.block}: pay for {sample} against hours (opened {opened}, before tax)"
    curve = pay_curve(terms, sample, longest=hours * 60)
    if not curve:
        yield "  the contract refuses this matter"
        return
    rate = hourly_rate(terms.contract, terms, sample.block, sample)
    zones, steps = past_the_fee(dead_zones(curve), rate), jumps(terms, sample, curve)
    yield from _table(curve, rate, zones)
    yield ""
    yield from _chart(curve, rate, zones)
    for zone in zones:
        until = "to the end" if zone.open else f"to {zone.end / 60:.1f} h"
        yield f"  {DEAD} dead zone from {zone.start / 60:.1f} h {until} at {money(zone.pence)}"
    for jump in steps:
        yield f"  jump at {jump.minutes / 60:.1f} h from {money(jump.before)} to {money(jump.after)}"


def _table(curve: Sequence[Reading], rate: int | None, zones: Sequence[Stretch]) -> Iterator[str]:
    yield f"  {'hours':>6}{'pay':>10}{'next hour':>11}" + (f"{'cost':>10}{'pay - cost':>12}" if rate else "")
    by_minute = dict(curve)
    for minutes in range(0, curve[-1].minutes + 1, TABLE_STEP):
        pay, later = by_minute[minutes], by_minute.get(minutes + TABLE_STEP)
        further = money(later - pay) if later is not None else ""
        row = f"  {minutes // 60:>6}{money(pay):>10}{further:>11}"
        if rate:
            cost = minutes * rate // 60
            row += f"{money(cost):>10}{money(pay - cost):>12}"
        yield row + ("  dead zone" if _inside(minutes, zones) else "")


def _inside(minutes: int, zones: Sequence[Stretch]) -> bool:
    return any(zone.start <= minutes < zone.end for zone in zones)


def _chart(curve: Sequence[Reading], rate: int | None, zones: Sequence[Stretch]) -> Iterator[str]:
    longest = curve[-1].minutes
    costs = [round(reading.minutes * (rate or 0) / 60) for reading in curve]
    top = max(max(reading.pence for reading in curve), 1)
    rows = [[" "] * (CHART_WIDTH + 1) for _ in range(CHART_HEIGHT + 1)]
    for reading, cost in zip(curve, costs):
        column = reading.minutes * CHART_WIDTH // longest
        _mark(rows, column, cost, top, COST if rate else " ")
        _mark(rows, column, reading.pence, top, DEAD if _inside(reading.minutes, zones) else PAY)
    for height, row in enumerate(reversed(rows)):
        label = money(top) if height == 0 else "0.00" if height == CHART_HEIGHT else ""
        yield f"  {label:>9} |{''.join(row).rstrip()}"
    yield f"  {'':>9} +{'-' * CHART_WIDTH}"
    yield f"  {'':>9}  0{f'{longest // 60} h':>{CHART_WIDTH - 1}}"
    yield f"  {PAY} pay, {DEAD} pay in a dead zone" + (
        f", {COST} cost at {money(rate)} an hour" if rate else ""
    )


def _mark(rows: list[list[str]], column: int, pence: int, top: int, sign: str) -> None:
    height = pence * CHART_HEIGHT // top
    if 0 <= height <= CHART_HEIGHT:
        taken = rows[height][column]
        rows[height][column] = BOTH if {taken, sign} == {COST, PAY} else sign
