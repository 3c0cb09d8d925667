"""CP: payment logic that contradicts itself: thresholds, caps and floors, orders, shares, cash."""

from collections.abc import Iterator

from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.tools.checking import not_below, rising
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
        for rule in _RULES.get(placed.kind, ()):
            yield from rule(page, placed)
        if placed.path[0] == "payments":
            for check_of_kind in KINDS[placed.kind].checks:
                yield from check_of_kind(page, placed)
            yield from _limits(page, placed)
            yield from _headings_of_time(page, placed)
    yield from _cash(page)
    if not page.contract.payments:
        message = "this contract pays nothing: it has no payments"
        yield page.problem("CP308", message, ("contract",))


def sound(page: Page) -> Iterator[Problem]:
    """Find what keeps payments of a kind from answering."""
    for placed in page.blocks("payments"):
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


def _steps(page: Page, placed: Placed) -> Iterator[Problem]:
    yield from rising(page, (*placed.path, "steps"), [step.at for step in placed.block.steps], "at")


def _corridor(page: Page, placed: Placed) -> Iterator[Problem]:
    corridor = placed.block.corridor
    yield from not_below(page, (*placed.path, "corridor"), corridor.low_percent, corridor.high_percent)


def _collar(page: Page, placed: Placed) -> Iterator[Problem]:
    collar = placed.block.collar_percent
    yield from not_below(page, (*placed.path, "collar_percent"), collar.at_least, collar.at_most)


def _decided(page: Page, placed: Placed) -> Iterator[Problem]:
    decided, path = placed.block.decided, (*placed.path, "decided")
    if decided.granted_percent + decided.cut_percent > 100:
        total = decided.granted_percent + decided.cut_percent
        yield page.problem("CP304", f"granted and cut sum to {total}, which is over 100", path, at_key=True)


def _audit_classes(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [audit_class.class_ for audit_class in placed.block.classes]
    yield from rising(page, (*placed.path, "classes"), ends, "class")


def _limits(page: Page, placed: Placed) -> Iterator[Problem]:
    earned = frozenset(KINDS[placed.kind].headings(placed))
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
        if KINDS[placed.kind].holds:
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


_RULES = {
    "sanction_ladder": (_steps,),
    "standard_monthly": (_corridor,),
    "indexation": (_collar,),
    "authority": (_decided,),
    "audit": (_audit_classes,),
}
