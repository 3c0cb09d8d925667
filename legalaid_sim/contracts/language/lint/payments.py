"""CP: payment logic that contradicts itself: thresholds, caps and floors, orders, shares, cash."""

from collections.abc import Iterator

from legalaid_sim.contracts.kinds.registry import KINDS, PAYMENTS
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem

PAID_OUT = frozenset({"disbursements", "disbursement_vat"})
TIMED = frozenset(TIME_HEADINGS)
ANY_HEADING = frozenset({"total", "fees", "upper"})


def check(page: Page) -> Iterator[Problem]:
    """Find escapes below the fee, caps below floors, broken orders, shares off 100, cash not once."""
    for placed in page.blocks():
        for check_of_kind in KINDS[placed.kind].checks:
            yield from check_of_kind(page, placed)
        if placed.path[0] == "payments":
            yield from _limits(page, placed)
            yield from _headings_of_time(page, placed)
    yield from _cash(page)
    if not page.contract.payments:
        message = "this contract pays nothing: it has no payments"
        yield page.problem("CP308", message, ("contract",))


def sound(page: Page) -> Iterator[Problem]:
    """Find what keeps blocks of a kind from answering."""
    for placed in page.blocks():
        for rule in KINDS[placed.kind].sound:
            yield from rule(page, placed)


def _headings_of_time(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find rates for a kind of time that no matter can state."""
    for path, found in walk(placed.written, placed.path):
        if path[-1] == "rates" and isinstance(found, dict):
            for heading in (name for name in found if name not in TIMED):
                message = f"no time is spent under '{heading}', so this rate never earns anything."
                hint = did_you_mean(heading, TIME_HEADINGS)
                known = f"headings of time: {', '.join(TIME_HEADINGS)}"
                yield page.problem("CP320", message + hint, (*path, heading), at_key=True, help=known)


def _limits(page: Page, placed: Placed) -> Iterator[Problem]:
    earned = frozenset(PAYMENTS[placed.kind].headings(placed))
    earned |= PAID_OUT if earned else frozenset()
    for key, limit in placed.block.limits.items():
        for heading in limit.on or (key,):
            if earned and heading not in earned | ANY_HEADING:
                message = f"'{placed.id}' never earns under the heading '{heading}'."
                hint = did_you_mean(heading, sorted(earned))
                path = (*placed.path, "limits", key)
                yield page.problem("CP306", message + hint, path, at_key=True)


def _cash(page: Page) -> Iterator[Problem]:
    rules = list(page.blocks("cash"))
    if not rules:
        return
    for placed in page.blocks("payments"):
        if PAYMENTS[placed.kind].holds:
            continue
        paid_by = [rule for rule in rules if rule.block.pays_for == "all" or placed.id in rule.block.pays_for]
        if not paid_by:
            message = f"no cash rule pays for '{placed.id}'"
            yield page.problem("CP305", message, (*placed.path, "id"), help="fix: name it in a pays_for")
        elif len(paid_by) > 1:
            yield _paid_twice(page, placed, paid_by[0], paid_by[1])


def _paid_twice(page: Page, placed: Placed, one: Placed, other: Placed) -> Problem:
    message = f"'{one.id}' and '{other.id}' both pay for '{placed.id}'"
    also = ((page.mark((*one.path, "id")).line, "first here"),)
    return page.problem(
        "CP305", message, (*other.path, "id"), also=also, help="fix: split them with pays_for"
    )
