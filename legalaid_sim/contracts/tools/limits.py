"""Phases 6 to 8: limits on headings and on the total, and the test for escape from a fixed fee."""

from collections.abc import Iterator
from datetime import date

from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import HeadingLimit, Payment
from legalaid_sim.contracts.tools.amounts import millionths_of
from legalaid_sim.contracts.tools.case import ESCAPE, HEADING_LIMITS, TOTAL_LIMIT, Case, Entry, money
from legalaid_sim.contracts.tools.workshop import Run, Step, Workshop, share
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, add_up


def limits(block: Payment, shop: Workshop) -> Iterator[Step]:
    """Hold headings, or the total, to what the contract allows."""
    for key, limit in block.limits.items():
        rule = LimitRule(block, key, limit, shop)
        yield Step(rule.phase, rule.hold)


class LimitRule:
    """One limit of a block: what counts toward it, what lifts it, what happens above it."""

    def __init__(self, block: Payment, key: str, limit: HeadingLimit, shop: Workshop) -> None:
        self.name, self.key, self.limit, self.dated_by = block.id, key, limit, block.dated_by
        self.phase = TOTAL_LIMIT if key == "total" else HEADING_LIMITS
        self.most = shop.money(limit.at_most, block, f"limits.{key}")
        self.headings = frozenset(limit.on or (key,))
        self.lifts = shop.library.lifts
        self.everything = self.headings == {"total"}
        self.fees = "fees" in self.headings

    def counts(self, entry: Entry) -> bool:
        """Tell whether an entry counts: by its heading, its kind, or as one of the fees."""
        if entry.phase > HEADING_LIMITS:
            return False
        if self.everything or entry.heading in self.headings or entry.kind in self.headings:
            return True
        return self.fees and entry.kind != "disbursements"

    def hold(self, case: Case) -> None:
        """Compare what counts with the limit, and take off what is above it."""
        ceiling = self.most.on(case.day(self.dated_by, self.name), case)
        if ceiling is None:
            return
        counted = [entry for entry in case.entries if self.counts(entry)]
        claimed = add_up(entry.pence for entry in counted)
        lifted, ceiling = self.lifted(case, ceiling)
        case.margins[self.key] = claimed - ceiling
        if claimed <= ceiling or lifted:
            self._tell_kept(case, claimed, ceiling)
            return
        self.breach(case, claimed, ceiling)
        if self.limit.on_breach != "warn":
            self._tell_cut(case, claimed, ceiling, self._take_off(case, counted, claimed - ceiling))

    def lifted(self, case: Case, ceiling: int) -> tuple[bool, int]:
        """Tell whether authority lifts the limit; one that was granted up to a sum only raises it."""
        unless = self.limit.unless
        if unless is None:
            return False, ceiling
        if self.key not in self.lifts.get(unless, (self.key,)):
            return False, ceiling
        granted = case.facts.facts.get(f"{unless}.limit")
        if isinstance(granted, int):
            return False, max(granted, ceiling)
        return bool(case.facts.facts.get(unless)), ceiling

    def breach(self, case: Case, claimed: int, ceiling: int) -> None:
        """Refuse, or raise the flag that goes with the way this limit is kept."""
        how = self.limit.on_breach
        if how == "refuse":
            why = f"{money(claimed)} is over the limit of {money(ceiling)}"
            raise Refusal("over-limit", f"{self.name}.limits.{self.key}", why)
        flag = self.limit.flag or {"warn": "over_limit", "seek_authority": "authority_needed"}.get(how)
        if flag:
            case.flags.append(flag)

    def _take_off(self, case: Case, counted: list[Entry], excess: int) -> int:
        """Take an excess off fees first and disbursements last, so that taxes follow; give what came off."""
        kinds: dict[str, int] = {}
        left = excess
        for entry in counted:
            kinds[entry.kind] = kinds.get(entry.kind, 0) + entry.pence
        for kind in sorted(kinds, key=lambda kind: kind == "disbursements"):
            off = min(left, kinds[kind])
            heading = kind if kind == "disbursements" else self.key
            case.pay(self.phase, self.name, -off, kind, heading)
            left -= off
        return excess - left

    def _tell_kept(self, case: Case, claimed: int, ceiling: int) -> None:
        if case.trace is not None and claimed:
            kept = f"lifted by {self.limit.unless}" if claimed > ceiling else "kept"
            how = f"limit {self.key}: {money(claimed)} of {money(ceiling)}, {kept}"
            case.tell(self.phase, self.name, None, how)

    def _tell_cut(self, case: Case, claimed: int, ceiling: int, off: int) -> None:
        if case.trace is not None:
            how = f"limit {self.key}: {money(claimed)} claimed, at most {money(ceiling)}"
            inputs = {"claimed": money(claimed), "at_most": money(ceiling)}
            case.tell(self.phase, self.name, -off, how, inputs)


def escape_test(block: written.FixedFee, escape: written.Escape, shop: Workshop) -> Run:
    """Compare the work at hourly rates with the threshold, strictly over; then pay as the block says."""
    return EscapeTest(block, escape, shop).run


class EscapeTest:
    """The escape of a fixed fee: what is measured, what comes off it, what an escaped matter is paid."""

    def __init__(self, block: written.FixedFee, escape: written.Escape, shop: Workshop) -> None:
        self.name, self.dated_by, self.escape, self.rounded = block.id, block.dated_by, escape, shop.rounded
        self.over = shop.money(escape.over, block, "escape.over")
        self.part = shop.percent(escape.share_percent, block, "escape.share_percent")
        self.rates = {
            heading: shop.money(form, block, f"escape.rates.{heading}")
            for heading, form in escape.rates.items()
        }
        self.less = frozenset(escape.less)
        self.bundled = [
            shop.money(block.bundled[item], block, f"bundled.{item}")
            for item in escape.less
            if item in block.bundled
        ]

    def run(self, case: Case) -> None:
        """Test a case, flag it where it escapes, and pay what an escape adds to the fee."""
        day = case.day(self.dated_by, self.name)
        threshold = self.over.on(day, case)
        if threshold is None:
            return
        measured = self.measured(case, day)
        margin = case.margins[self.escape.flag] = measured - threshold
        if margin <= 0:
            self._tell_within(case, measured, threshold)
            return
        case.flags.append(self.escape.flag)
        extra = self.extra(case, measured, margin, day)
        case.pay(ESCAPE, self.name, extra, "fees", "escape")
        self._tell_escaped(case, measured, threshold, extra, day)
        if self.name in case.assessed:
            self.assess(case, case.assessed[self.name], extra)

    def measured(self, case: Case, day: date) -> int:
        """Sum the headings as claimed, or their time at the rates; take off what ``less`` names."""
        total = add_up(self._heading(case, heading, day) for heading in self.escape.measured_on)
        if self.less:
            total -= add_up(entry.pence for entry in case.entries if self._comes_off(entry))
            total -= add_up(item.on(day, case) or 0 for item in self.bundled)
        return total

    def _heading(self, case: Case, heading: str, day: date) -> int:
        stated = case.facts.costs.get(heading)
        if stated is not None:
            return stated
        minutes = case.facts.minutes.get(heading)
        if not minutes or heading not in self.rates:
            return 0
        return self.rounded(minutes * (self.rates[heading].on(day, case) or 0), MINUTES_PER_HOUR)

    def _comes_off(self, entry: Entry) -> bool:
        return entry.block == self.name and (entry.heading in self.less or entry.kind in self.less)

    def extra(self, case: Case, measured: int, margin: int, day: date) -> int:
        """Give what an escaped matter is paid beyond its fee: all at hourly rates, a share, or nothing."""
        if self.escape.pays == "excess":
            return share(margin, self.part.on(day, case) or 0, self.rounded)
        known = case.forecast or self.name in case.assessed
        if self.escape.pays == "all_at_hourly" or (self.escape.pays == "on_assessment" and known):
            return measured - case.sum_of(lambda entry: entry.block == self.name and entry.heading == "fee")
        return 0

    def assess(self, case: Case, result: str, extra: int) -> None:
        """Take off what the assessor disallows, before tax; what is nilled goes kind by kind, to the last penny."""
        mine = [entry for entry in case.entries if entry.block == self.name]
        if result == "nilled":
            for entry in mine:
                case.pay(ESCAPE, self.name, -entry.pence, entry.kind, "assessed")
        elif result != "paid_in_full":
            percent = self.escape.assessment.reduced_by_percent if self.escape.assessment else 0
            cut = share(add_up(entry.pence for entry in mine), millionths_of(percent), self.rounded)
            off = extra if result == "reduced_to_fixed_fee" else min(extra, cut)
            case.pay(ESCAPE, self.name, -off, "fees", "assessed")

    def _tell_within(self, case: Case, measured: int, threshold: int) -> None:
        if case.trace is not None:
            words = f"{money(threshold - measured)} under" if measured < threshold else "at"
            case.tell(ESCAPE, self.name, None, f"{money(measured)} measured is {words} {money(threshold)}")

    def _tell_escaped(self, case: Case, measured: int, threshold: int, extra: int, day: date) -> None:
        if case.trace is not None:
            how = f"{money(measured)} measured is {money(measured - threshold)} over {money(threshold)}: "
            inputs = {"measured": money(measured), "threshold": money(threshold)}
            version = self.over.version(day, case)
            case.tell(
                ESCAPE,
                self.name,
                extra if extra else None,
                how + self.escape.pays,
                inputs,
                version,
                self.dated_by,
            )
