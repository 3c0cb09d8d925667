"""What must hold of money: every organisation's books beside the ledger, month by month."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from legalaid_sim.events import (
    Entitled,
    Event,
    Log,
    MatterClosed,
    MatterOpened,
    MonthClosed,
    Paid,
    Received,
    Spent,
)
from legalaid_sim.invariants.residual import Residual, compare, in_order


class _Account:
    """One organisation's books as the ledger has them, from month-end to month-end."""

    def __init__(self) -> None:
        self.entitled = self.paid = self.income = self.spending = self.open = self.unpaid = 0
        self.reserves: int | None = None


Tally = dict[object, int]
_LEDGER: dict[str, str] = {
    "income": "payments and other receipts = income in the books",
    "spending": "cash spent = spending in the books",
    "reserves": "reserves = reserves a month before + income - spending",
    "entitled": "entitlement = payments + what is unpaid",
    "open": "matters opened less closed = matters open in the books",
}


def books(log: Log) -> tuple[Residual, ...]:
    """Compare the books of every organisation with its ledger, at every month-end and after the last."""
    accounts = defaultdict[str, _Account](_Account)
    ledger: dict[str, Tally] = {name: {} for name in _LEDGER}
    written: dict[str, Tally] = {name: {} for name in _LEDGER}
    for event in in_order(log, (*_POST, MonthClosed)):
        if isinstance(event, MonthClosed):
            _close_month(accounts[event.organisation], event, ledger, written)
        else:
            _POST[type(event)](accounts[event.organisation], event)  # type: ignore[union-attr]
    _close_run(accounts, ledger, written)
    return tuple(compare(meaning, ledger[name], written[name]) for name, meaning in _LEDGER.items())


def _entitle(account: _Account, line: Entitled) -> None:
    account.entitled += line.pence


def _pay(account: _Account, payment: Paid) -> None:
    account.paid += payment.pence
    account.income += payment.pence


def _receive(account: _Account, receipt: Received) -> None:
    account.income += receipt.pence


def _spend(account: _Account, spending: Spent) -> None:
    account.spending += spending.pence


def _open(account: _Account, _: MatterOpened) -> None:
    account.open += 1


def _shut(account: _Account, _: MatterClosed) -> None:
    account.open -= 1


_POST: dict[type[Event], Callable[..., None]] = {
    Entitled: _entitle,
    Paid: _pay,
    Received: _receive,
    Spent: _spend,
    MatterOpened: _open,
    MatterClosed: _shut,
}


def _close_month(
    account: _Account, month: MonthClosed, ledger: dict[str, Tally], books: dict[str, Tally]
) -> None:
    """Set what the ledger says of a month beside what the books say, and begin a new month."""
    key = (month.organisation, f"month {month.month}")
    change = account.income - account.spending
    opening = month.reserves - change if account.reserves is None else account.reserves
    said = {
        "income": (account.income, month.income),
        "spending": (account.spending, month.spending),
        "reserves": (opening + change, month.reserves),
        "entitled": (account.entitled, account.paid + month.unpaid),
        "open": (account.open, month.open_matters),
    }
    for name, (by_ledger, by_books) in said.items():
        ledger[name][key], books[name][key] = by_ledger, by_books
    account.income = account.spending = 0
    account.reserves, account.unpaid = month.reserves, month.unpaid


def _close_run(accounts: Mapping[str, _Account], ledger: dict[str, Tally], books: dict[str, Tally]) -> None:
    """Let nothing move after the last month-end, and the whole entitlement be paid or unpaid."""
    for organisation, account in accounts.items():
        key = (organisation, "after the last month")
        ledger["income"][key], ledger["spending"][key] = account.income, account.spending
        ledger["entitled"][key], books["entitled"][key] = account.entitled, account.paid + account.unpaid
