"""How the payer checks: targets on measures, sanctions that follow, audits of sampled files with recovery."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from math import fsum, sqrt
from operator import add
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.controls import Audit, AuditClass, Kpi, SanctionLadder, SanctionStep
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, ends_period, millionths_of, pence_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import PERIOD, PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_test
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.errors import DrawsExhausted
from legalaid_sim.units import add_up, months_between

QUARTER = "quarter"
ONE_SIDED_95 = 1.645


class KpiWatch:
    """One target, and the months it looks back on."""

    def __init__(self, block: Kpi, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.starts = block, starts
        self.test, self.words = compile_test(block.target)
        self.bonus = library.maybe(block.bonus, pence_of, f"{block.id}.bonus")
        self.case = PricingState(MatterFacts("-"), provider, starts)
        self.months: list[tuple[float | Fraction | None, int]] = []
        self.missed: bool | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "test"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state
        self.test, _ = compile_test(self.block.target)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Note the month; at each quarter's end judge the window, and pay a bonus where there is one."""
        self.months.append((period.measures.get(self.block.measure), period.closed))
        self.missed = None
        if not ends_period(QUARTER, period.last, self.starts):
            return
        value = self.value()
        if value is None:
            return
        self.missed = not self.test(value)
        pence = self.bonus.on(period.last, self.case) if self.bonus and not self.missed else None
        if pence:
            yield Line(PERIOD, self.block.id, pence)

    def value(self) -> float | None:
        """Give the measure over the window, months weighed by cases; nothing where the cases are too few.

        Worked out in fractions, so that what comes to exactly the target is not told from it by a last digit.
        """
        window = self.months[-max(1, self.block.over_window.months) :]
        cases = add_up(count for _, count in window)
        if cases < self.block.over_window.at_least_cases:
            return None
        known = [(value, max(count, 1)) for value, count in window if value is not None]
        weight = add_up(count for _, count in known)
        total = reduce(add, (Fraction(value) * count for value, count in known), Fraction(0))
        return float(total / weight) if weight else None


class Ladder:
    """A sanction ladder: counts in its period, and the step that a count reaches."""

    def __init__(self, block: SanctionLadder, starts: date) -> None:
        self.block, self.starts, self.count = block, starts, 0

    def note(self, what: str, times: int = 1) -> None:
        """Count what the ladder counts."""
        if what == self.block.counts:
            self.count += times

    def ended(self, day: date) -> SanctionStep | None:
        """At the end of the period give the highest step reached, and start counting again."""
        if not ends_period(self.block.per, day, self.starts):
            return None
        count, self.count = self.count, 0
        reached = [step for step in self.block.steps if step.at <= count]
        return max(reached, key=lambda step: step.at) if reached else None


class AuditFinding(NamedTuple):
    """What an audit found: the files, the reduction in percent, the class, what comes back."""

    files: int
    reduction_percent: float
    audit_class: int
    recovered: int
    appealed: bool


class AuditChances(NamedTuple):
    """What decides an audit: which files are taken, which of them are found wanting, how an appeal goes.

    Given as one row: two for each file, by turns, and the last for an appeal. Of a row that is drawn longer than its
    files need, the one before the last decides whether there is an appeal.
    """

    picks: tuple[float, ...]
    findings: tuple[float, ...]
    contested: float
    won: float

    @classmethod
    def of(cls, u: tuple[float, ...]) -> "AuditChances":
        """Name the parts of a row of chances."""
        *files, won = u
        return cls(tuple(files[::2]), tuple(files[1::2]), files[-1] if files else 1.0, won)


class AuditWatch:
    """One audit block: the claims since the last audit, and when the next is due."""

    def __init__(self, block: Audit, starts: date, rounded: Rounded) -> None:
        self.block, self.starts, self.rounded = block, starts, rounded
        self.claims: list[tuple[str, int]] = []
        self.missed_duties: set[str] = set()
        self.last = starts

    def claimed(self, ref: str, pence: int) -> None:
        """Note a claim."""
        self.claims.append((ref, pence))

    def amended(self, ref: str, pence: int) -> None:
        """Change what a claim came to, where it has not been looked at yet."""
        self.claims = [(one, was + pence if one == ref else was) for one, was in self.claims]

    def due(self, day: date, missed: Mapping[str, bool]) -> bool:
        """Tell whether an audit is due: its months have passed, or a target it follows is missed."""
        held = self.block.held
        return months_between(self.last.replace(day=1), day.replace(day=1)) + 1 >= held.every_months or any(
            missed.get(kpi, False) for kpi in held.or_if
        )

    def draws_needed(self) -> int:
        """Give how many chances an audit uses now: two a file and one for an appeal."""
        return 2 * min(self.block.sample.files, len(self.claims)) + 1

    def hold(self, u: tuple[float, ...], on: date, appeals: bool = False) -> AuditFinding:
        """Sample files and find what comes back, by given chances: two a file, one for an appeal."""
        if len(u) < self.draws_needed():
            raise DrawsExhausted("audit", self.block.id, self.draws_needed(), len(u))
        chances = AuditChances.of(u)
        files = self._sample(chances.picks)
        found = [self._reduction(*file, chance) for file, chance in zip(files, chances.findings)]
        paid, off = add_up(pence for _, pence in files), add_up(found)
        percent = 100 * off / paid if paid else 0.0
        chosen = next(
            (one for one in self.block.classes if compile_test(one.reduction_percent)[0](percent)), None
        )
        won = (
            appeals
            and self.block.appeal is not None
            and chances.won * 100 < float(self.block.appeal.success_percent)
        )
        back = 0 if chosen is None or won else self._recovery(chosen, files, found, appeals)
        self.claims, self.last = [], on
        return AuditFinding(len(files), percent, chosen.class_ if chosen else 0, back, appeals)

    def _sample(self, picks: tuple[float, ...]) -> list[tuple[str, int]]:
        left = list(self.claims)
        if self.block.sample.chosen == "riskiest":
            return sorted(left, key=lambda claim: (-claim[1], claim[0]))[: self.block.sample.files]
        return [left.pop(int(pick * len(left))) for pick in picks[: min(self.block.sample.files, len(left))]]

    def _reduction(self, ref: str, pence: int, u: float) -> int:
        if ref in self.missed_duties:
            return pence
        if u * 100 >= float(self.block.error_percent):
            return 0
        return self.rounded(pence * millionths_of(self.block.reduced_by_percent), WHOLE)

    def _recovery(
        self, chosen: AuditClass, files: list[tuple[str, int]], found: list[int], appeals: bool
    ) -> int:
        if chosen.recover == "nothing":
            return 0
        if chosen.recover == "sample_only":
            return add_up(found)
        terms = self.block.extrapolation
        percent = self._estimate(files, found, terms.use)
        if not appeals:
            percent = max(0, percent - millionths_of(terms.less_points_if_no_appeal))
        return self.rounded(add_up(pence for _, pence in self.claims) * percent, WHOLE)

    def _estimate(self, files: list[tuple[str, int]], found: list[int], use: str) -> int:
        paid = add_up(pence for _, pence in files)
        if not paid:
            return 0
        point = Fraction(add_up(found), paid)
        if use == "point_estimate" or len(files) < 2:
            return add_up(found) * WHOLE // paid
        spread = fsum((off - point * pence) ** 2 for (_, pence), off in zip(files, found)) / (len(files) - 1)
        off_at_most = ONE_SIDED_95 * sqrt(spread / len(files)) * len(files) / paid
        return max(0, int((point - Fraction(off_at_most)) * WHOLE))


def missed_by_kpi(watches: list[KpiWatch]) -> dict[str, bool]:
    """Give which targets were judged missed at this month's end."""
    return {watch.block.id: bool(watch.missed) for watch in watches}
