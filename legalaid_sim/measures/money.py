"""What was earned, paid and spent, and what was not. Pence become pounds here, at the edge, not before."""

from collections import defaultdict

from legalaid_sim.events import (
    CASEWORK,
    BudgetMoved,
    Contact,
    Entitled,
    Flagged,
    MatterClosed,
    MatterOpened,
    Outcome,
    Received,
    Spent,
    Work,
)
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import DONE_WITHIN, HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.statistics import Ratio, ratio, share
from legalaid_sim.units import MINUTES_PER_HOUR, add_up

PENCE_PER_POUND = 100
MONTH_ENDS = "month-ends of all organisations within the window, that at its close included"
AT_CLOSE = "all organisations, at the close of the window"
NO_BOOKS = "no month-end within the window"
NOT_CLOSED = "no matter closed within the window"


def pounds(pence: float | None) -> float | None:
    """Turn pence into pounds; None stays None, and a sum over cases keeps them."""
    if isinstance(pence, Ratio):
        return Ratio(pence / PENCE_PER_POUND, pence.part / PENCE_PER_POUND, pence.whole)
    return None if pence is None else pence / PENCE_PER_POUND


def _pence(folded: Folded, kind: type[Entitled] | type[Received] | type[Spent]) -> int:
    return add_up(record.pence for record in folded.booked(kind))


def _earned(folded: Folded) -> float | None:
    return pounds(_pence(folded, Entitled))


def _paid(folded: Folded) -> float | None:
    return pounds(_payments(folded))


def _payments(folded: Folded) -> int:
    return add_up(payment.pence for payment in folded.payments)


def _cost(folded: Folded) -> float | None:
    return pounds(_pence(folded, Spent))


def _other_income(folded: Folded) -> float | None:
    return pounds(_pence(folded, Received))


def _margin(folded: Folded) -> float | None:
    return pounds(_pence(folded, Entitled) - _pence(folded, Spent))


def _taken_back(folded: Folded) -> float | None:
    return pounds(-add_up(line.pence for line in folded.booked(Entitled) if line.pence < 0))


def _low_point(folded: Folded) -> float | None:
    return pounds(min((month.reserves for month in folded.books), default=None))


def _below_zero(folded: Folded) -> float | None:
    return float(add_up(month.reserves < 0 for month in folded.books)) if folded.books else None


def _unpaid(folded: Folded) -> float | None:
    last = {month.organisation: month.unpaid for month in folded.books}
    return pounds(add_up(last.values())) if last else None


def _open_at_close(folded: Folded) -> set[str]:
    """Give the matters that are open as the window closes."""
    closes = folded.window.closes
    opened = {matter.matter for matter in folded.log.of(MatterOpened) if matter.at < closes}
    return opened - {closing.matter for closing in folded.log.of(MatterClosed) if closing.at < closes}


def _in_progress(folded: Folded) -> float | None:
    unfinished, closes = _open_at_close(folded), folded.window.closes
    contacts = (
        contact.core
        for contact in folded.log.of(Contact)
        if contact.at < closes and contact.matter in unfinished
    )
    casework = (
        work.minutes
        for work in folded.log.of(Work)
        if work.activity == CASEWORK and work.at < closes and work.matter in unfinished
    )
    return float(add_up(contacts) + add_up(casework))


def _matters_open(folded: Folded) -> float | None:
    return float(len(_open_at_close(folded)))


def _per_resolved(folded: Folded) -> float | None:
    resolved = {outcome.problem for outcome in folded.within(Outcome) if outcome.resolved}
    return pounds(ratio(_payments(folded), len(resolved)))


def _cost_per_matter(folded: Folded) -> float | None:
    return pounds(ratio(_pence(folded, Spent), folded.closed_within))


def _earned_per_matter(folded: Folded) -> float | None:
    return pounds(ratio(_pence(folded, Entitled), folded.closed_within))


def _escapes(folded: Folded) -> float | None:
    escaped = {flagged.matter for flagged in folded.log.of(Flagged) if flagged.flag == "escape"}
    closed = folded.within(MatterClosed)
    return ratio(add_up(closing.matter in escaped for closing in closed), len(closed))


def _hours(folded: Folded) -> float | None:
    minutes = add_up(closing.given + closing.listened for closing in folded.within(MatterClosed))
    return ratio(minutes / MINUTES_PER_HOUR, folded.closed_within)


def _budgets_unspent(folded: Folded) -> float | None:
    """Give the share unspent of budgets granted within the window whose time was over before the log ends."""
    waiting = defaultdict[tuple[str, str, str], list[BudgetMoved]](list)
    granted = back = 0
    for move in folded.log.of(BudgetMoved):
        held = waiting[move.contract, move.block, move.client]
        if move.what == "granted":
            held.append(move)
        elif folded.opens_to_closes((first := held.pop(0)).at):
            granted += first.pence
            back += move.pence
    return share(back, granted)


MEASURES = (
    Measure(
        "money.earned",
        "What the work done entitled organisations to, whether or not yet paid.",
        "GBP",
        "sum of entitlement lines, those that take back included",
        DONE_WITHIN,
        NEITHER,
        _earned,
        undefined="never: nothing earned is 0",
    ),
    Measure(
        "money.payer_spend",
        "What the payer paid for the time of the study.",
        "GBP",
        "sum of payments, those back to the payer taken off; an advance counts in the months that it is for",
        DONE_WITHIN,
        NEITHER,
        _paid,
        undefined="never: nothing paid is 0",
        headline=True,
        short="payer's spending",
    ),
    Measure(
        "money.other_income",
        "What came in from elsewhere than the contract's payer.",
        "GBP",
        "sum of other receipts",
        DONE_WITHIN,
        NEITHER,
        _other_income,
        undefined="never: nothing received is 0",
    ),
    Measure(
        "money.cost",
        "What organisations spent.",
        "GBP",
        "sum of salaries, admin staff, overheads and disbursements",
        DONE_WITHIN,
        NEITHER,
        _cost,
        undefined="never: nothing spent is 0",
    ),
    Measure(
        "money.margin",
        "What organisations earned under contracts beyond what they spent, other income left out.",
        "GBP",
        "entitlement - spending",
        DONE_WITHIN,
        HIGHER,
        _margin,
        undefined="never: no money is 0",
    ),
    Measure(
        "money.taken_back",
        "What lines that take back took: reductions at assessment, recoveries, reconciliations.",
        "GBP",
        "- sum of negative entitlement lines",
        DONE_WITHIN,
        LOWER,
        _taken_back,
        undefined="never: nothing taken back is 0",
    ),
    Measure(
        "money.cash_low_point",
        "The lowest that the reserves of any organisation stood at the end of a month.",
        "GBP",
        "min of month-end reserves",
        MONTH_ENDS,
        HIGHER,
        _low_point,
        undefined=NO_BOOKS,
        short="lowest reserves",
    ),
    Measure(
        "money.months_below_zero",
        "How many month-ends found an organisation with negative reserves.",
        "organisation-months",
        "count of month-ends with reserves below 0",
        MONTH_ENDS,
        LOWER,
        _below_zero,
        undefined=NO_BOOKS,
        short="months below nothing",
    ),
    Measure(
        "money.unpaid_at_end",
        "What had been earned and not yet been paid.",
        "GBP",
        "sum over organisations of entitlement not yet paid at the last month-end",
        AT_CLOSE,
        LOWER,
        _unpaid,
        undefined=NO_BOOKS,
    ),
    Measure(
        "money.work_in_progress",
        "Minutes already given to matters that were still open; what they are worth is not yet known.",
        "minutes",
        "core contact and casework minutes before the close, on matters open at the close",
        "all matters open at the close of the window",
        NEITHER,
        _in_progress,
        undefined="never: no matter open is 0",
    ),
    Measure(
        "money.matters_open",
        "How many matters were still open.",
        "matters",
        "matters opened and not closed before the close",
        "all matters open at the close of the window",
        NEITHER,
        _matters_open,
        undefined="never: no matter open is 0",
    ),
    Measure(
        "money.payer_spend_per_resolved",
        "What the payer paid for each problem resolved.",
        "GBP per problem",
        "payments / problems resolved",
        DONE_WITHIN,
        LOWER,
        _per_resolved,
        undefined="no problem resolved within the window",
        headline=True,
        short="spending per resolved",
    ),
    Measure(
        "money.cost_per_matter",
        "What organisations spent for each matter closed.",
        "GBP per matter",
        "spending / matters closed",
        DONE_WITHIN,
        LOWER,
        _cost_per_matter,
        undefined=NOT_CLOSED,
    ),
    Measure(
        "money.earned_per_matter",
        "What organisations earned for each matter closed.",
        "GBP per matter",
        "entitlement / matters closed",
        DONE_WITHIN,
        NEITHER,
        _earned_per_matter,
        undefined=NOT_CLOSED,
    ),
    Measure(
        "money.escape_share",
        "The share of closed matters that escaped a fixed fee.",
        "share",
        "matters closed that a contract flagged as escape / matters closed",
        DONE_WITHIN,
        NEITHER,
        _escapes,
        undefined=NOT_CLOSED,
    ),
    Measure(
        "money.hours_worked_per_matter",
        "How many hours with and for the client went into each matter closed, duties left out.",
        "hours per matter",
        "(core contact + casework + listening minutes) / 60 / matters closed",
        DONE_WITHIN,
        NEITHER,
        _hours,
        undefined=NOT_CLOSED,
    ),
    Measure(
        "money.budget_unspent_share",
        "The share of budgets that clients held which they did not spend before it went back to the payer.",
        "share",
        "pence that went back / pence that had been granted, both of budgets whose time was over",
        "budgets granted within the window that ran out of time before the run did; on none that clients may keep",
        NEITHER,
        _budgets_unspent,
        undefined="no client's budget ran out of time",
    ),
)
