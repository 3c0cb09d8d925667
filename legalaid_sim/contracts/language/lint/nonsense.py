"""What reads well and can hardly be meant: contradictions, amounts of nothing, more work than there are hours.

What can never be meant is an error. What could be meant is a warning, and says what follows in pounds or minutes.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from legalaid_sim.contracts.kinds.registry import CONTROLS, KINDS, PAYMENTS
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.language.lint.reach import can_hold, everything_fits, nothing_fits
from legalaid_sim.contracts.tools.checking import under_one
from legalaid_sim.contracts.tools.page import Page, Placed, Point
from legalaid_sim.contracts.vocabulary.values import NamedValue
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

SHARES = frozenset(
    {
        "tolerance_percent", "carry_forward_percent", "floor_is_percent", "any_month_at_most_percent",
        "self_grant_percent", "reduce_percent",
    }
)  # fmt: skip


def check(page: Page) -> Iterator[Problem]:
    """Find words said twice or against each other, targets out of reach, fees of nothing, caps under one fee."""
    yield from _twice(page)
    yield from _regions(page)
    yield from _contradictions(page)
    yield from _targets(page)
    yield from _ladders(page)
    for placed in page.blocks("payments"):
        yield from _nothing(page, placed)
        yield from _owed(page, placed)
        yield from _shares(page, placed)
        yield from _held(page, placed)


def _twice(page: Page) -> Iterator[Problem]:
    for key in ("categories", "regions"):
        named: Sequence[str] = getattr(page.contract, key)
        for at, name in enumerate(named):
            if name in named[:at]:
                yield page.problem(
                    "CV116", f"'{name}' stands in {key} already", (key, at), help="take it out"
                )


def _regions(page: Page) -> Iterator[Problem]:
    """Find values by region that leave out a region of the contract, or name one that it does not have."""
    regions = page.contract.regions
    told: set[Path] = set()
    for placed in page.blocks() if regions else ():
        wanted = [name for name in regions if _applies_in(placed, name)]
        for path, written in _by_region(page, placed):
            missing = [name for name in wanted if name not in written]
            unknown = [name for name in written if name not in regions]
            if path in told:
                continue
            told.add(path)
            if missing:
                message = f"there is no value for {' and '.join(missing)}, where '{placed.id}' is refused"
                yield page.problem("CV121", message, path, at_key=True, help=f"regions: {', '.join(regions)}")
            for name in unknown:
                message = f"there is no '{name}' in regions.{did_you_mean(name, regions)}"
                yield page.problem("CR030", message, (*path, name), at_key=True)


def _applies_in(placed: Placed, region: str) -> bool:
    written = placed.block.applies_to
    asked = [written[name] for name in ("region", "matter.region", "provider.region") if name in written]
    return all(can_hold(condition, (region,)) for condition in asked)


def _by_region(page: Page, placed: Placed) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path, found in walk(placed.written, placed.path):
        if not isinstance(found, dict):
            continue
        named = page.data.get("values", {}).get(found.get("value")) if set(found) == {"value"} else None
        if isinstance(found.get("by_region"), dict):
            yield (*path, "by_region"), found["by_region"]
        elif isinstance(named, dict) and isinstance(named.get("by_region"), dict):
            yield ("values", str(found["value"]), "by_region"), named["by_region"]


def _contradictions(page: Page) -> Iterator[Problem]:
    """Find blocks of a kind that a contract can have but one of, and that say different things."""
    for one, other in combinations(page.blocks("standards", "permissions"), 2):
        once = KINDS[one.kind].says_once
        if one.kind != other.kind or once is None:
            continue
        key, says = once
        values = [getattr(placed.block, key) for placed in (one, other)]
        if values[0] != values[1]:
            said = [says.format(str(value).lower().replace("_", " ")) for value in values]
            message = f"'{one.id}' says: {said[0]}; '{other.id}' says: {said[1]}; a contract has one"
            yield _against(page, message, one, other, "keep one of them")


def _against(page: Page, message: str, one: Placed, other: Placed, remedy: str) -> Problem:
    also = ((page.mark((*one.path, "id")).line, "the other one"),)
    return page.problem("CP321", message, (*other.path, "id"), also=also, help=remedy)


def _targets(page: Page) -> Iterator[Problem]:
    """Find targets that no service can miss or meet, by themselves or with another on the same measure."""
    kpis = [placed for placed in page.blocks("controls") if CONTROLS[placed.kind].target]
    for placed in kpis:
        measure, path = placed.block.measure, (*placed.path, "target")
        most = 100 if measure.endswith("_share") and placed.block.unit == "percent" else None
        if nothing_fits(placed.block.target, least=0, most=most):
            bounds = f"from 0 to {most}" if most else "0 or more"
            yield page.problem("CP322", f"{measure} is {bounds}, so this target can never be met", path)
        elif everything_fits(placed.block.target, least=0, most=most):
            bounds = f"from 0 to {most}" if most else "0 or more"
            yield page.problem("CP322", f"{measure} is {bounds}, so this target is always met", path)
    for one, other in combinations(kpis, 2):
        same = one.block.measure == other.block.measure and one.block.applies_to == other.block.applies_to
        if same and nothing_fits(one.block.target, other.block.target):
            message = f"'{one.id}' and '{other.id}' can never both be met: both are about {one.block.measure}"
            yield _against(page, message, one, other, "keep one of them, or move its target")


def _ladders(page: Page) -> Iterator[Problem]:
    """Find ladders that count what no block of the contract brings."""
    raised = {what for other in page.blocks() for what in KINDS[other.kind].raises(other.block)}
    for placed in page.blocks("controls"):
        counts = CONTROLS[placed.kind].counts
        what, needed = counts(placed.block) if counts else ("", "")
        if what and what not in raised:
            said = what.replace("_", " ")
            message = f"'{placed.id}' counts {said}, and this contract does not have {needed}"
            yield page.problem("CR047", message, (*placed.path, "counts"))


def _nothing(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find amounts and rates of 0 by which a block pays."""
    for keys, form in PAYMENTS[placed.kind].amounts(placed.block):
        noughts = [point for point, number in page.points(form).items() if number == 0]
        if noughts:
            message = f"'{placed.id}' pays 0.00{_where(noughts[0])}: what it is for is unpaid there"
            yield page.problem(
                "CV117", message, (*placed.path, *keys), help="leave it out, or write what it pays"
            )


def _where(at: Point) -> str:
    when = "" if at.day.year == 1 else f" from {at.day}"
    return when + ("" if at.region == "any region" else f" in {at.region}")


def _owed(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find cells below 0 in columns that a block reads as money."""
    name = placed.block.table or ""
    table = page.contract.tables.get(name)
    columns = list((table.columns if table else None) or ())
    for path, found in walk(placed.written, placed.path):
        column = found.get("column") if isinstance(found, dict) else None
        if table is None or column not in columns or str(path[-1]).endswith("percent"):
            continue
        at = columns.index(column)
        for number, row in enumerate(table.rows):
            cell = row[at] if at < len(row) else None
            if isinstance(cell, int | Decimal) and cell < 0:
                message = f"{cell} is below 0: whoever should be paid by '{placed.id}' would owe {-cell}"
                yield page.problem(
                    "CV115", message, ("tables", name, "rows", number, at), help=f"write {-cell}"
                )


def _shares(page: Page, placed: Placed) -> Iterator[Problem]:
    """Hold named values to what a plain number there is held to: shares from 0 to 100 percent."""
    for path, found in walk(placed.written, placed.path):
        if path[-1] in SHARES and isinstance(found, dict) and isinstance(found.get("value"), str):
            for number in page.points(NamedValue(value=found["value"])).values():
                if not 0 <= number <= 100:
                    message = f"'{number}' is out of range: a share of a whole is from 0 to 100 percent"
                    yield page.problem("CV105", message, (*path, "value"))


def _held(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find a cap on what others earn that is less than one of their fees."""
    holds = PAYMENTS[placed.kind].holds
    if holds is None or placed.block.at_most is None:
        return
    counted = [other for other in page.blocks("payments") if other.id in holds(placed.block)]
    for other in (other for other in counted if PAYMENTS[other.kind].for_a_matter):
        cap = placed.block.at_most.amount
        yield from under_one(page, (*placed.path, "at_most", "amount"), cap, other, placed.block.per)
