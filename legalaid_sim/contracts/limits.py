"""Phases 6 to 8: limits on headings and on the total, and the test for escape from a fixed fee."""

from collections.abc import Iterator
from datetime import date

from legalaid_sim.contracts.case import (
    ESCAPE,
    HEADING_LIMITS,
    TOTAL_LIMIT,
    Case,
    money,
)
from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import HeadingLimit, Payment
from legalaid_sim.contracts.workshop import Run, Step, Workshop, share
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR

EVERYTHING = frozenset({"total"})


def limits(block: Payment, shop: Workshop) -> Iterator[Step]:
    """Hold headings, or the total, to what the contract allows."""
    for key, limit in block.limits.items():
        phase = TOTAL_LIMIT if key == "total" else HEADING_LIMITS
        yield Step(phase, _limit(block, key, limit, phase, shop))


def _limit(block: Payment, key: str, limit: HeadingLimit, phase: int, shop: Workshop) -> Run:
    most = shop.money(limit.at_most, block, f"limits.{key}")
    headings = frozenset(limit.on or (key,))
    where, name = f"{block.id}.limits.{key}", block.id

    def counts(heading: str, kind: str) -> bool:
        if headings == EVERYTHING:
            return True
        return heading in headings or kind in headings or ("fees" in headings and kind != "disbursements")

    def hold_to(case: Case) -> None:
        ceiling = most.on(case.day(block.dated_by, name), case)
        if ceiling is None:
            return
        claimed = 0
        kinds: dict[str, int] = {}
        for entry in case.entries:
            if entry.phase <= HEADING_LIMITS and counts(entry.heading, entry.kind):
                claimed += entry.pence
                kinds[entry.kind] = kinds.get(entry.kind, 0) + entry.pence
        lifted, ceiling = _lifted(case, limit.unless, ceiling)
        case.margins[key] = claimed - ceiling
        if claimed <= ceiling or lifted:
            if case.trace is not None and claimed:
                kept = f"lifted by {limit.unless}" if claimed > ceiling else "kept"
                case.tell(phase, name, None, f"limit {key}: {money(claimed)} of {money(ceiling)}, {kept}")
            return
        _breach(case, limit, where, claimed, ceiling)
        if limit.on_breach != "warn":
            _take_off(case, phase, name, key, claimed - ceiling, kinds)
            if case.trace is not None:
                case.tell(
                    phase, name, ceiling - claimed,
                    f"limit {key}: {money(claimed)} claimed, at most {money(ceiling)}",
                    {"claimed": money(claimed), "at_most": money(ceiling)},
                )  # fmt: skip

    return hold_to


def _lifted(case: Case, unless: str | None, ceiling: int) -> tuple[bool, int]:
    if unless is None:
        return False, ceiling
    granted = case.facts.facts.get(f"{unless}.limit")
    if isinstance(granted, int):
        return False, max(granted, ceiling)
    return bool(case.facts.facts.get(unless)), ceiling


def _breach(case: Case, limit: HeadingLimit, where: str, claimed: int, ceiling: int) -> None:
    if limit.on_breach == "refuse":
        raise Refusal("over-limit", where, f"{money(claimed)} is over the limit of {money(ceiling)}")
    if limit.flag:
        case.flags.append(limit.flag)
    elif limit.on_breach in ("warn", "seek_authority"):
        case.flags.append("over_limit" if limit.on_breach == "warn" else "authority_needed")


def _take_off(case: Case, phase: int, name: str, key: str, excess: int, kinds: dict[str, int]) -> None:
    """Take an excess off, from fees first and from disbursements last, so that taxes follow."""
    for kind in sorted(kinds, key=lambda kind: kind == "disbursements"):
        off = min(excess, kinds[kind])
        case.pay(phase, name, -off, kind, "disbursements" if kind == "disbursements" else key)
        excess -= off


def escape_test(block: written.FixedFee, escape: written.Escape, shop: Workshop) -> Run:
    """Compare the work at hourly rates with the threshold, strictly over; then pay as the block says."""
    over, name, dated_by = shop.money(escape.over, block, "escape.over"), block.id, block.dated_by
    rates = {
        heading: shop.money(form, block, f"escape.rates.{heading}") for heading, form in escape.rates.items()
    }
    part = shop.percent(escape.share_percent, block, "escape.share_percent")
    bundled = {
        item: shop.money(block.bundled[item], block, f"bundled.{item}")
        for item in escape.less
        if item in block.bundled
    }
    less = frozenset(escape.less)
    rounded = shop.rounded

    def measured(case: Case, day: date) -> int:
        total = 0
        for heading in escape.measured_on:
            stated = case.facts.costs.get(heading)
            if stated is not None:
                total += stated
            elif heading in rates and heading in case.facts.minutes:
                rate = rates[heading].on(day, case) or 0
                total += rounded(case.facts.minutes[heading] * rate, MINUTES_PER_HOUR)
        if less:
            for entry in case.entries:
                if entry.block == name and (entry.heading in less or entry.kind in less):
                    total -= entry.pence
            for item in bundled.values():
                total -= item.on(day, case) or 0
        return total

    def test(case: Case) -> None:
        day = case.day(dated_by, name)
        threshold = over.on(day, case)
        if threshold is None:
            return
        total = measured(case, day)
        margin = total - threshold
        case.margins[escape.flag] = margin
        if margin <= 0:
            if case.trace is not None:
                words = "at" if not margin else f"{money(-margin)} under"
                case.tell(ESCAPE, name, None, f"{money(total)} measured is {words} {money(threshold)}")
            return
        case.flags.append(escape.flag)
        extra = _escape_pay(case, total, margin, day)
        case.pay(ESCAPE, name, extra, "fees", "escape")
        if case.trace is not None:
            case.tell(
                ESCAPE, name, extra or None,
                f"{money(total)} measured is {money(margin)} over {money(threshold)}: {escape.pays}",
                {"measured": money(total), "threshold": money(threshold)}, over.version(day, case), dated_by,
            )  # fmt: skip

    def _escape_pay(case: Case, total: int, margin: int, day: date) -> int:
        if escape.pays == "excess":
            return share(margin, part.on(day, case) or 0, rounded)
        if escape.pays == "all_at_hourly":
            return total - case.sum_of(lambda entry: entry.block == name and entry.heading == "fee")
        return 0

    return test
