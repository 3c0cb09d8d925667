"""Two contracts on every kind of case they can tell apart: what changes for whom, and which lines touch nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from legalaid_sim.authoring.groups import Group, groups_of, rows_of
from legalaid_sim.authoring.touching import Cases, Side, changed_years, example_of, untouched
from legalaid_sim.authoring.years import HOURS_A_MATTER, MONTHS, Month, Year, years_of
from legalaid_sim.contracts.analysis.paycurve import (
    SampleMatter,
    dead_zones,
    hourly_rate,
    newest_day,
    past_the_fee,
    pay_curve,
    sample_matters,
)
from legalaid_sim.contracts.analysis.population import (
    HOURS,
    days_of,
    minutes_to_look_at,
    population,
)
from legalaid_sim.contracts.language.diff import (
    Difference,
    ExamplesCompared,
    compare_examples,
    dates_in,
    differences,
    summary,
)
from legalaid_sim.contracts.language.load import compile_resolved, folder_of, read_sound, resolve
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.csvfile import read_csv
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.units import add_up

MOST_ROWS = 30
MOST_LINES = 40
MOST_EXAMPLES = 5
SUMS = {
    "earned": "earned", "paid": "paid", "minutes of admin": "minutes", "matters not permitted": "turned_away",
}  # fmt: skip
IN_POUNDS = frozenset({"earned", "paid"})


@dataclass(frozen=True, slots=True)
class Compared:
    """All that is found out about two contracts: lines, groups of cases, years, examples.

    ``untouched`` are the changed lines that no case touches, each with a worked example that it changes, if any.
    """

    lines: tuple[Difference, ...]
    cases: Cases
    groups: tuple[Group, ...]
    years: tuple[tuple[Year, tuple[Month, ...], tuple[Month, ...]], ...]
    untouched: Mapping[Difference, str]
    examples: ExamplesCompared


def side_of(name: str) -> Side:
    """Read and compile one side; raises ``ContractError`` with every problem of its file."""
    resolved = resolve(name)
    terms = compile_resolved(read_sound(resolved), resolved)
    return Side(_with_tables(resolved.data, folder_of(resolved)), folder_of(resolved), terms)


def _with_tables(data: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Put the rows of tables that stand in files of their own where they are compared."""
    read = {
        name: dict(zip(("columns", "rows"), map(list, read_csv(folder / table["file"]))))
        for name, table in data.get("tables", {}).items()
        if table.get("file")
    }
    if not read:
        return data
    tables = {
        name: {**{key: value for key, value in table.items() if key != "file"}, **read[name]}
        if name in read
        else table
        for name, table in data["tables"].items()
    }
    return {**data, "tables": tables}


def compare(before: Side, after: Side) -> Compared:
    """Ask both contracts about every kind of case, and each changed line about every case."""
    lines = differences(before.data, after.data)
    cases = cases_of(before.terms, after.terms, dates_in(before.data, after.data, lines))
    groups = groups_of(before.terms, after.terms, cases.kinds, cases.points)
    first = [group.kinds[0] for group in groups]
    return Compared(
        lines, cases, groups,
        tuple(changed_years(before.terms, after.terms, cases)),
        {line: example_of(before, after, line) for line in untouched(before, after, lines, cases, first)},
        compare_examples(before.terms, after.terms),
    )  # fmt: skip


def cases_of(before: CompiledTerms, after: CompiledTerms, changed: Sequence[date]) -> Cases:
    """Give every case that either contract can tell apart."""
    sides = (before, after)
    newest = max(newest_day(terms.contract) for terms in sides)
    kinds = population(sides, days_of(sides, newest, changed))
    regions = tuple(dict.fromkeys(kind.region for kind in kinds))
    abouts = tuple(dict.fromkeys(kind.about for kind in kinds))
    starts = max(terms.starts for terms in sides)
    return Cases(kinds, minutes_to_look_at(*sides), years_of(regions), abouts, starts)


def comparison_in_text(one: str, other: str, all_rows: bool = False) -> str:
    """Write a whole comparison: what differs, for which cases, which lines touch none, examples, dead zones."""
    before, after = side_of(one), side_of(other)
    found = compare(before, after)
    return "\n".join(_lines(found, before.terms, after.terms, all_rows)) + "\n"


def _lines(found: Compared, before: CompiledTerms, after: CompiledTerms, all_rows: bool) -> Iterator[str]:
    yield from _cut([str(line) for line in found.lines], MOST_LINES, all_rows, "line")
    yield summary(found.lines)
    if not found.lines:
        return
    yield from ("", f"{_of_cases(found.cases)}, 0 to {HOURS} hours of casework:")
    yield from _cut(list(_groups(found)), MOST_ROWS, all_rows, "group")
    if found.years:
        yield from ("", f"{MONTHS} months of the contract, without VAT, {HOURS_A_MATTER} hours a matter:")
        yield from _cut(list(_years(found)), MOST_ROWS, all_rows, "year")
    if found.untouched:
        yield from ("", "No case touches these changed lines:")
        yield from _cut(
            [f"  {line}{_by_example(name)}" for line, name in found.untouched.items()],
            MOST_LINES,
            all_rows,
            "line",
        )
    yield from ("", *_zones_changed(before, after), *_examples(found.examples, all_rows))


def groups_in_text(found: Compared, most: int, most_rows: int) -> Iterator[list[str]]:
    """Give for each group of cases that changes alike who they are and what changes, a list of lines each."""
    for group in found.groups[:most]:
        rows = list(rows_of(group, found.cases.kinds))
        more = [f"and {len(rows) - most_rows:,} more kinds"] if len(rows) > most_rows else []
        yield [*map(str, rows[:most_rows]), *more, *map(str, group.change)]
    if len(found.groups) > most:
        yield [f"and {len(found.groups) - most:,} more groups, which diff --all shows"]


def years_in_text(found: Compared) -> Iterator[str]:
    """Give what a year comes to in each region, where that changes."""
    yield from (line.strip() for line in _years(found))


def _by_example(name: str) -> str:
    return f"   (the worked example '{name}' does)" if name else ""


def _cut(rows: Sequence[str], most: int, all_rows: bool, noun: str) -> Iterator[str]:
    yield from rows if all_rows else rows[:most]
    more = 0 if all_rows else len(rows) - most
    if more > 0:
        yield f"  and {more:,} more {noun}{'s' if more > 1 else ''}: --all shows them"


def _of_cases(cases: Cases) -> str:
    """Say which cases were asked about.

    The axes are named by how many values each has; kinds are fewer than their product, since a circumstance
    belongs to the blocks that ask about it.
    """
    names = (
        ("thing a matter is about", "things a matter is about"), ("region", "regions"),
        ("VAT status", "VAT statuses"), ("circumstance", "circumstances"), ("opening day", "opening days"),
    )  # fmt: skip
    counts = [len({kind[axis] for kind in cases.kinds}) for axis in range(len(names))]
    axes = ", ".join(f"{count} {many if count != 1 else one}" for count, (one, many) in zip(counts, names))
    kinds = len(cases.kinds)
    return f"{kinds:,} kind{'' if kinds == 1 else 's'} of matter ({axes})"


def _groups(found: Compared) -> Iterator[str]:
    for group in found.groups:
        rows = (f"  {row}" for row in rows_of(group, found.cases.kinds))
        yield "\n".join((*rows, *(f"      {change}" for change in group.change)))
    touched = {kind for group in found.groups for kind in group.kinds}
    yield f"  unchanged: {len(found.cases.kinds) - len(touched):,} kinds of matter"


def _years(found: Compared) -> Iterator[str]:
    """Tell the years that come out otherwise, regions that do so alike in one row."""
    alike: dict[tuple[int, str], list[str]] = {}
    for year, one, other in found.years:
        alike.setdefault((year.matters, _year(one, other)), []).append(year.region)
    for (matters, said), regions in alike.items():
        level = f"{matters} matters a month" if matters else "no matters"
        yield f"  {' and '.join(regions)}, {level}: {said}"


def _year(one: tuple[Month, ...], other: tuple[Month, ...]) -> str:
    if not one or not other:
        return "only one of the contracts can answer for it"
    said = [
        f"{name} {_shown(name, first)} -> {_shown(name, second)}"
        for name in SUMS
        if (first := _total(one, name)) != (second := _total(other, name))
    ]
    flags = [{flag for month in months for flag in month.flags} for months in (one, other)]
    for words, only in (("no more", flags[0] - flags[1]), ("now", flags[1] - flags[0])):
        said += [f"{words} {', '.join(sorted(only))}"] if only else []
    return "; ".join(said) or "the same in all, on other days"


def _total(months: tuple[Month, ...], name: str) -> int:
    return add_up(getattr(month, SUMS[name]) for month in months)


def _shown(name: str, number: int) -> str:
    return money(number) if name in IN_POUNDS else f"{number:,}"


def _examples(found: ExamplesCompared, all_rows: bool) -> Iterator[str]:
    failing = (
        f", {len(found.failing)} failing ({', '.join(found.failing)})" if found.failing else ", 0 failing"
    )
    yield f"Worked examples: {found.same} the same under both, {len(found.changed)} changed{failing}"
    told = [f"  {name}: {said}" for name, said in found.changed.items()]
    yield from _cut(told, MOST_EXAMPLES, all_rows, "example")


def _zones_changed(before: CompiledTerms, after: CompiledTerms) -> Iterator[str]:
    """Tell dead zones that move, for a matter of each block in each region, before tax; regions alike at once."""
    sides = (before, after)
    samples = {(str(sample), sample.block): sample for terms in sides for sample in sample_matters(terms)}
    moved: dict[tuple[str, str, str], list[str]] = {}
    for sample in samples.values():
        one, other = (_zones(terms, sample) for terms in sides)
        if one != other:
            moved.setdefault((sample.called, one, other), []).append(sample.where)
    for (called, one, other), where in moved.items():
        places = " and ".join(dict.fromkeys(place for place in where if place))
        yield f"Dead zone of {called}{places and f' in {places}'}, before tax: {one} -> {other}"


def _zones(terms: CompiledTerms, sample: SampleMatter) -> str:
    rate = hourly_rate(terms.contract, terms, sample.block, sample)
    zones = past_the_fee(dead_zones(pay_curve(terms, sample)), rate)
    spans = [
        f"{z.start / 60:.1f} h on" if z.open else f"{z.start / 60:.1f}-{z.end / 60:.1f} h" for z in zones
    ]
    return ", ".join(spans) or "none"
