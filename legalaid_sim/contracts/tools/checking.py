"""What checks of several kinds of block look for: shares, orders, gaps, names that are not there."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.conditions import compile_test
from legalaid_sim.contracts.vocabulary.values import Comparison
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_months
from legalaid_sim.yamlfile import Path

HUNDRED = Decimal(100)
SILENCING = "silence with: # allow {code}: why it is right"

BlockCheck = Callable[[Page, Placed], Iterator[Problem]]
# Where something starts and ends; None where it is open.
Span = tuple[Any, Any]


def sums_to_100(page: Page, path: Path, shares: Sequence[Any]) -> Iterator[Problem]:
    """Find shares of a whole that do not come to 100."""
    total = reduce(add, map(Decimal, shares), Decimal(0))
    if total != HUNDRED:
        yield page.problem("CP304", f"these shares sum to {total}, and must sum to 100", path, at_key=True)


def not_below(page: Page, path: Path, least: Any, most: Any) -> Iterator[Problem]:
    """Find a most that is less than its least."""
    if least is not None and most is not None and most < least:
        yield page.problem("CP302", f"the most ({most}) is less than the least ({least})", path)


def rising(page: Page, path: Path, ends: Sequence[Any], key: str) -> Iterator[Problem]:
    """Find ends that do not rise, each by the key that it is written under."""
    for position, (one, other) in enumerate(pairwise(ends), 1):
        if one is None or (other is not None and other <= one):
            found = f"{other} follows {one}" if one is not None else f"{other or 'this'} follows an open end"
            message = f"these must rise, and {found}"
            yield page.problem("CP303", message, page.as_written((*path, position, key)))


def gaps(page: Page, path: Path, spans: Sequence[Span], step: int | Decimal) -> Iterator[Problem]:
    """Find what no span covers, where the next one starts more than ``step`` beyond the end of the last."""
    for position, ((_, end), (start, _)) in enumerate(pairwise(spans), 1):
        if start is not None and end is not None and start > end + step:
            message = f"nothing covers what lies between {end} and {start}"
            yield page.problem("CR032", message, (*path, position), help=f"fix: start here at {end + step}")


def overlaps(
    page: Page, path: Path, spans: Sequence[Span], key: str, step: int | Decimal, open_start: bool
) -> Iterator[Problem]:
    """Find what two spans cover, and a span that ends before it starts.

    ``key`` is that of a start; ``step`` leads from an end to the least start that is free, and with ``open_start`` a
    span does not hold its own start.
    """
    for position, (start, end) in enumerate(spans):
        if start is not None and end is not None and (end < start or (open_start and end == start)):
            message = f"nothing lies in it: it starts at {start} and ends at {end}"
            yield page.problem(
                "CP325", message, (*path, position), help="fix: let the end lie above the start"
            )
    for position, ((_, end), (start, after)) in enumerate(pairwise(spans), 1):
        if start is None or end is None or start > end or (open_start and start == end):
            continue
        until = end if after is None else min(end, after)
        both = f"{start} to {until} lie" if start < until else f"{start} lies"
        message = f"{both} in two of these, and the first of them decides"
        remedy = f"fix: start here at {end + step}, or leave {key} out to start where the one before ends"
        yield page.problem("CP325", message, page.as_written((*path, position, key)), help=remedy)


def _edges(condition: Any) -> Iterator[Any]:
    if not isinstance(condition, Comparison):
        yield from condition if isinstance(condition, list | tuple) else (condition,)
        return
    yield from (condition.over, condition.at_least, condition.under, condition.at_most, condition.is_)
    yield from (*(condition.between or ()), *(condition.one_of or ()))


def both_hold(page: Page, path: Path, found: Sequence[Any], key: str) -> Iterator[Problem]:
    """Find numbers for which two comparisons hold, each by the key that it is written under."""
    edges = sorted(
        {Decimal(edge) for one in found for edge in _edges(one) if isinstance(edge, int | Decimal)}
    )
    between = [
        (low + high) / 2 for low, high in pairwise((Decimal(0), *edges, *(edge + 1 for edge in edges[-1:])))
    ]
    tests = [compile_test(one) for one in found]
    for position, (test, _) in enumerate(tests):
        for number in sorted({*edges, *between}):
            first = next(
                (at for at, (earlier, _) in enumerate(tests[:position]) if earlier(float(number))), None
            )
            if first is not None and test(float(number)):
                message = (
                    f"{number.normalize():f} is both {tests[first][1]} and {tests[position][1]}, "
                    "and the first of them decides"
                )
                remedy = "fix: let this one start where the one before ends, as in between: [10, 20]"
                yield page.problem("CP325", message, (*path, position, key), help=remedy)
                break


def under_one(page: Page, path: Path, cap: Any, fee: Placed, per: str) -> Iterator[Problem]:
    """Find a cap that is less than one fee of a block."""
    for where, most, one in page.pairs(cap, fee.block.amount, fee.block.table):
        if most < one:
            when = "" if where == "always" else f" ({where})"
            message = (
                f"{most} a {per.replace('_', ' ')} is less than one fee of '{fee.id}', {one}{when}: "
                f"the first matter loses {one - most}, and every further one earns nothing"
            )
            yield page.problem("CP323", message, path)
            break


def last_day(page: Page) -> date:
    """Give the last day of the contract."""
    term = page.contract.term
    return add_months(term.starts, term.months) - timedelta(days=1)


def each_known(page: Page, path: Path, found: Any, known: Sequence[str], where: str) -> Iterator[Problem]:
    """Find names, in a list or alone, that are not among those known."""
    if isinstance(found, str):
        yield from known_as(page, path, found, known, where)
    for position, name in enumerate(found if isinstance(found, list) else ()):
        yield from known_as(page, (*path, position), name, known, where)


def known_as(page: Page, path: Path, name: Any, known: Sequence[str], where: str) -> Iterator[Problem]:
    """Find a name that is not among those known."""
    if name not in known:
        message = f"there is no '{name}' in {where}.{did_you_mean(str(name), known)}"
        yield page.problem("CR030", message, path, help=f"there is: {', '.join(known[:12])}" if known else "")


def note(page: Page, code: str, message: str, path: Path) -> Problem:
    """Say what invites people to something, and how to silence it."""
    at_key = isinstance(path[-1], str) and path[-1] != "id"
    return page.problem(code, message, path, at_key, help=SILENCING.format(code=code))
