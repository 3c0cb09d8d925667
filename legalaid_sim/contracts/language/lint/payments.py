"""CP: payment logic that contradicts itself: thresholds, caps and floors, orders, shares, cash."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from legalaid_sim.contracts.language.lint.page import Page, Placed, walk
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

HUNDRED = Decimal(100)
TIMED = frozenset(TIME_HEADINGS)
ANY_HEADING = frozenset({"total", "fees", "upper"})
NOT_MONEY_DUE = frozenset({"limit"})


def check(page: Page) -> Iterator[Problem]:
    """Find escapes below the fee, caps below floors, broken orders, shares off 100, cash not once."""
    for placed in page.blocks():
        for rule in _RULES.get(placed.kind, ()):
            yield from rule(page, placed)
        if placed.path[0] == "payments":
            yield from _limits(page, placed)
            yield from _headings_of_time(page, placed)
    yield from _cash(page)
    if not page.contract.payments:
        message = "this contract pays nothing: it has no payments"
        yield page.problem("CP308", message, ("contract",))


def _headings_of_time(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find rates for a kind of time that no matter can state."""
    for path, found in walk(placed.written, placed.path):
        if path[-1] == "rates" and isinstance(found, dict):
            for heading in (name for name in found if name not in TIMED):
                message = f"no time is spent under '{heading}', so this rate never earns anything."
                hint = did_you_mean(heading, TIME_HEADINGS)
                known = f"headings of time: {', '.join(TIME_HEADINGS)}"
                yield page.problem("CP320", message + hint, (*path, heading), at_key=True, help=known)


def _escape(page: Page, placed: Placed) -> Iterator[Problem]:
    block = placed.block
    if block.escape is None:
        return
    for where, over, fee in page.pairs(block.escape.over, block.amount, block.table):
        if over <= fee:
            message = f"the escape threshold {over} is not above the fee {fee} ({where})"
            yield page.problem("CP301", message, (*placed.path, "escape", "over"))
            break
    yield from _rates(page, placed)
    if block.escape.assessment and block.escape.assessment.outcomes_percent:
        path = (*placed.path, "escape", "assessment", "outcomes_percent")
        yield from _sums_to_100(page, path, list(block.escape.assessment.outcomes_percent.values()))


def _rates(page: Page, placed: Placed) -> Iterator[Problem]:
    escape = placed.block.escape
    missing = [heading for heading in escape.measured_on if heading in TIMED and heading not in escape.rates]
    if missing and escape.pays != "flag_only":
        message = (
            f"a simulated matter states hours, and no rate here turns {missing[0]} into costs to measure"
        )
        remedy = f"write rates: {{{missing[0]}: ...}} in this escape"
        yield page.problem("CP309", message, (*placed.path, "escape"), at_key=True, help=remedy)


def _sums_to_100(page: Page, path: Path, shares: Sequence[Any]) -> Iterator[Problem]:
    total = reduce(add, map(Decimal, shares), Decimal(0))
    if total != HUNDRED:
        yield page.problem("CP304", f"these shares sum to {total}, and must sum to 100", path, at_key=True)


def unproved(page: Page) -> Iterator[Problem]:
    """Find results that must last where no pay waits for the proof, and pay that waits for a proof that never comes."""
    for placed in page.blocks("payments"):
        if placed.kind != "outcome_payment":
            continue
        months, waits = placed.block.outcome.lasts_months, placed.block.share_at.proof_percent
        if months and not waits:
            message = f"the result must last {months} months, and all of it is paid at closing, before that is known"
            remedy = "write share_at: {closing_percent: 0, proof_percent: 100}, or leave lasts_months out"
            yield page.problem("CP310", message, (*placed.path, "outcome", "lasts_months"), help=remedy)
        elif waits and not months:
            message = f"{waits} percent waits for the proof of a result that need not last: it is never paid"
            remedy = "say how long it must last: outcome: {is: ..., lasts_months: 6}"
            yield page.problem("CP310", message, (*placed.path, "share_at", "proof_percent"), help=remedy)


def _outcome_shares(page: Page, placed: Placed) -> Iterator[Problem]:
    if "share_at" in placed.written:
        share = placed.block.share_at
        yield from _sums_to_100(
            page, (*placed.path, "share_at"), (share.closing_percent, share.proof_percent)
        )


def _profile(page: Page, placed: Placed) -> Iterator[Problem]:
    if isinstance(placed.block.profile, tuple):
        yield from _sums_to_100(page, (*placed.path, "profile"), placed.block.profile)


def _award(page: Page, placed: Placed) -> Iterator[Problem]:
    award, path = placed.block.award, (*placed.path, "award")
    if award.method == "quality_weighted":
        yield from _sums_to_100(page, path, (award.price_weight_percent, award.quality_weight_percent))
    if award.bid_between:
        yield from _not_below(page, (*path, "bid_between"), *award.bid_between)


def _not_below(page: Page, path: Path, least: Any, most: Any) -> Iterator[Problem]:
    if least is not None and most is not None and most < least:
        yield page.problem("CP302", f"the most ({most}) is less than the least ({least})", path)


def _period_limit(page: Page, placed: Placed) -> Iterator[Problem]:
    block, path = placed.block, placed.path
    if block.at_least and block.at_most:
        for where, most, least in page.pairs(block.at_most.amount, block.at_least.amount, block.table):
            if most < least:
                message = f"the cap {most} is below the floor {least} ({where})"
                yield page.problem("CP302", message, (*path, "at_most"), at_key=True)
                break
    if block.at_least and block.at_least.pays_difference == "year_end" and block.per in ("month", "quarter"):
        message = f"the difference is paid at the year's end, and the floor is counted per {block.per}"
        yield page.problem("CP307", message, (*path, "per"), help="fix: write per: contract_year")


def _tiers(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [tier.at_most for tier in placed.block.tiers]
    broken = tuple(_rising(page, (*placed.path, "tiers"), ends, "at_most"))
    yield from broken
    if not broken:
        yield from _gaps(page, (*placed.path, "tiers"), [(t.over, t.at_most) for t in placed.block.tiers], 0)
    if placed.block.tiers[-1].at_most is not None:
        message = f"beyond {placed.block.tiers[-1].at_most} no tier applies, and a matter there is refused"
        last = (*placed.path, "tiers", len(ends) - 1)
        yield page.problem("CR032", message, last, help="fix: end with {over: ...}")


def _bands(page: Page, placed: Placed) -> Iterator[Problem]:
    bands, path = placed.block.bands, (*placed.path, "bands")
    yield from _rising(page, path, [band.at_most for band in bands], "at_most")
    if placed.block.otherwise is None:
        yield from _gaps(page, path, [(band.at_least, band.at_most) for band in bands], 1)
        if bands[-1].at_most is not None:
            message = f"beyond {bands[-1].at_most} no band applies, and a matter there is refused"
            yield page.problem(
                "CR032", message, (*path, len(bands) - 1), help="fix: add a band {at_least: ...}"
            )


def _rising(page: Page, path: Path, ends: Sequence[Any], key: str) -> Iterator[Problem]:
    for position, (one, other) in enumerate(pairwise(ends), 1):
        if one is None or (other is not None and other <= one):
            found = f"{other} follows {one}" if one is not None else f"{other or 'this'} follows an open end"
            message = f"these must rise, and {found}"
            yield page.problem("CP303", message, page.as_written((*path, position, key)))


def _gaps(page: Page, path: Path, spans: Sequence[tuple[Any, Any]], step: int) -> Iterator[Problem]:
    for position, ((_, end), (start, _)) in enumerate(pairwise(spans), 1):
        if start is not None and end is not None and start > end + step:
            message = f"nothing covers what lies between {end} and {start}"
            yield page.problem("CR032", message, (*path, position), help=f"fix: start here at {end + step}")


def _drivers(page: Page, placed: Placed) -> Iterator[Problem]:
    for position, driver in enumerate(placed.block.drivers):
        if driver.then and driver.then.at_least < driver.base.at_least:
            start, base = driver.then.at_least, driver.base.at_least
            message = f"the part for each unit starts at {start}, before the base at {base}"
            yield page.problem("CP303", message, (*placed.path, "drivers", position, "then"))


def _steps(page: Page, placed: Placed) -> Iterator[Problem]:
    key = "at" if placed.kind == "sanction_ladder" else "at_least_percent"
    yield from _rising(
        page, (*placed.path, "steps"), [getattr(step, key) for step in placed.block.steps], key
    )


def _corridor(page: Page, placed: Placed) -> Iterator[Problem]:
    corridor = placed.block.corridor
    yield from _not_below(page, (*placed.path, "corridor"), corridor.low_percent, corridor.high_percent)


def _collar(page: Page, placed: Placed) -> Iterator[Problem]:
    collar = placed.block.collar_percent
    yield from _not_below(page, (*placed.path, "collar_percent"), collar.at_least, collar.at_most)


def _decided(page: Page, placed: Placed) -> Iterator[Problem]:
    decided, path = placed.block.decided, (*placed.path, "decided")
    if decided.granted_percent + decided.cut_percent > HUNDRED:
        total = decided.granted_percent + decided.cut_percent
        yield page.problem("CP304", f"granted and cut sum to {total}, which is over 100", path, at_key=True)


def _audit_classes(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [audit_class.class_ for audit_class in placed.block.classes]
    yield from _rising(page, (*placed.path, "classes"), ends, "class")


def _limits(page: Page, placed: Placed) -> Iterator[Problem]:
    earned = _headings(placed)
    for key, limit in placed.block.limits.items():
        for heading in limit.on or (key,):
            if earned and heading not in earned | ANY_HEADING:
                message = f"'{placed.id}' never earns under the heading '{heading}'."
                hint = did_you_mean(heading, sorted(earned))
                path = (*placed.path, "limits", key)
                yield page.problem("CP306", message + hint, path, at_key=True)


def _headings(placed: Placed) -> frozenset[str]:
    """Name the headings that limits of a block may be set on; none where any may."""
    block = placed.block
    shared = frozenset({"disbursements", "disbursement_vat"})
    if placed.kind == "hourly":
        paid = block.headings if "headings" in placed.written or not block.rates else ()
        return shared | {
            *block.rates,
            *paid,
            *block.items,
            *block.bolt_ons,
            *block.extras,
            "counsel",
            "profit",
        }
    if placed.kind == "disbursements":
        return shared | set(block.kinds)
    return frozenset()


def _cash(page: Page) -> Iterator[Problem]:
    rules = list(page.blocks("cash"))
    if not rules:
        return
    for placed in page.blocks("payments"):
        if placed.kind in NOT_MONEY_DUE:
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
    "fixed_fee": (_escape,),
    "outcome_payment": (_outcome_shares,),
    "block_grant": (_profile,),
    "tendered_price": (_award,),
    "limit": (_period_limit,),
    "tiers": (_tiers,),
    "banded_fee": (_bands,),
    "graduated_fee": (_drivers,),
    "continuity_premium": (_steps,),
    "sanction_ladder": (_steps,),
    "standard_monthly": (_corridor,),
    "indexation": (_collar,),
    "authority": (_decided,),
    "audit": (_audit_classes,),
}
