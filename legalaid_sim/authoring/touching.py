"""Which changed lines no case touches: each is worked in alone, and left out alone, and every case asked again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.authoring.changing import changed, differ, seen
from legalaid_sim.authoring.years import Month, Year, lived
from legalaid_sim.contracts.analysis.population import MatterKind, Reply, Subject
from legalaid_sim.contracts.language.diff import Difference, unlike
from legalaid_sim.contracts.language.lines import compiled, with_lines
from legalaid_sim.contracts.pricing.terms import CompiledTerms


class Side(NamedTuple):
    """One of the two contracts: its flat data, the folder of its tables, and itself compiled."""

    data: Mapping[str, Any]
    folder: Path
    terms: CompiledTerms


class Cases(NamedTuple):
    """All that is asked of both contracts: kinds of matter at so many minutes of work, and years."""

    kinds: tuple[MatterKind, ...]
    points: tuple[int, ...]
    years: tuple[Year, ...]
    abouts: tuple[Subject, ...]
    starts: date

    def year(self, terms: CompiledTerms, year: Year) -> tuple[Month, ...]:
        """Give what a contract answers to a year."""
        return lived(terms, year, self.abouts, self.starts)


class Answered:
    """What one of the two contracts answers to every case, asked once and remembered."""

    def __init__(self, terms: CompiledTerms, cases: Cases) -> None:
        self.terms, self.cases = terms, cases
        self.kinds: dict[MatterKind, tuple[Reply, ...]] = {}
        self.years: dict[Year, tuple[Month, ...]] = {}

    def kind(self, kind: MatterKind) -> tuple[Reply, ...]:
        """Give its answers to a kind of matter, at the minutes that are looked at."""
        found = self.kinds.get(kind)
        if found is None:
            found = self.kinds[kind] = seen(self.terms, kind, self.cases.points)
        return found

    def year(self, year: Year) -> tuple[Month, ...]:
        """Give its answers to a year."""
        if year not in self.years:
            self.years[year] = self.cases.year(self.terms, year)
        return self.years[year]

    def differs(self, other: CompiledTerms, first: Iterable[MatterKind], matters: bool) -> bool:
        """Tell whether another contract answers any case otherwise; ``first`` are the kinds to ask about first."""
        for kind in dict.fromkeys((*first, *self.cases.kinds)) if matters else ():
            more = partial(changed, self.terms, other, kind, self.cases.points)
            if differ(self.kind(kind), seen(other, kind, self.cases.points), more):
                return True
        return any(self.year(year) != self.cases.year(other, year) for year in self.cases.years)


# No matter is asked anything by these: they are looked at in years only.
OF_MONTHS = frozenset({"controls", "standards", "cash"})


def untouched(
    before: Side, after: Side, lines: Sequence[Difference], cases: Cases, first: Sequence[MatterKind]
) -> tuple[Difference, ...]:
    """Give the changed lines that change no case: not alone in the first contract, nor left out of the second.

    A line that makes no contract alone, such as a value that another line names, is tried with the untouched ones.
    """
    sides = [(before, after, Answered(before.terms, cases)), (after, before, Answered(after.terms, cases))]
    verdicts = {line: _touches(sides, line, first) for line in lines}
    none = [line for line in lines if verdicts[line] is False]
    unknown = [line for line in lines if verdicts[line] is None]
    if unknown:
        without = compiled(with_lines(after.data, before.data, (*none, *unknown)), after.folder)
        if without is not None and not sides[1][2].differs(without, first, True):
            none += unknown
    return tuple(line for line in lines if line in none)


def _touches(
    sides: Sequence[tuple[Side, Side, Answered]], line: Difference, first: Sequence[MatterKind]
) -> bool | None:
    """Tell whether a line by itself changes a case; None where it cannot be left out of the second alone."""
    without = False
    for number, (whole, other, answered) in enumerate(sides):
        made = compiled(with_lines(whole.data, other.data, [line]), whole.folder)
        without = without or (made is not None and number == 1)
        if made is not None and answered.differs(made, first, line.keys[0] not in OF_MONTHS):
            return True
    return False if without else None


def example_of(before: Side, after: Side, line: Difference) -> str:
    """Name a worked example of either contract that a line by itself changes; empty where there is none."""
    without = compiled(with_lines(after.data, before.data, [line]), after.folder)
    if without is None:
        return ""
    examples = (*before.terms.contract.examples, *after.terms.contract.examples)
    return next((name for name, said in unlike(examples, without, after.terms).items() if said), "")


def changed_years(
    before: CompiledTerms, after: CompiledTerms, cases: Cases
) -> Iterator[tuple[Year, tuple[Month, ...], tuple[Month, ...]]]:
    """Give the years that come out otherwise, with both answers."""
    for year in cases.years:
        one, other = cases.year(before, year), cases.year(after, year)
        if one != other:
            yield year, one, other
