"""What must hold exactly in every run: two routes to one whole number, equal to the last minute and penny.

None of these is a tolerance. Where one does not hold there is a fault in the simulator, never in what an
analyst wrote, and no result of that run may be shown. Each check gives one ``Residual``: the two totals where
they agree, the first place at which they do not otherwise.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from operator import gt

from legalaid_sim.errors import InvariantBroken
from legalaid_sim.events import (
    CASEWORK,
    DUTY,
    HANDOVER,
    Activated,
    AdviserJoined,
    AdviserLeft,
    Asked,
    Contact,
    Diary,
    DutyDone,
    DutyFell,
    Entitled,
    Event,
    Left,
    Log,
    MatterClosed,
    MatterOpened,
    Missed,
    MonthClosed,
    Outcome,
    Paid,
    Received,
    Spent,
    StillOpen,
    TurnedAway,
    Work,
)
from legalaid_sim.invariants.residual import Residual, compare, none_of
from legalaid_sim.invariants.succession import succession
from legalaid_sim.units import add_up

__all__ = ["Residual", "check", "hold", "littles_law"]


def check(log: Log, *, allowed_starts: Mapping[str, int] | None = None) -> tuple[Residual, ...]:
    """Give every equality that must hold, whether it does or not.

    ``allowed_starts`` are the matters that each contract permits over the whole log; contracts that it does
    not name are not limited.
    """
    residuals = (
        _time_runs_forward(log),
        *_everyone_accounted_for(log),
        _nothing_after_leaving(log),
        *_diaries(log),
        *_books(log),
        *_advisers_present(log),
        *_matters(log),
        *_duties(log),
        *_waiting(log),
        *succession(log),
    )
    return residuals if allowed_starts is None else (*residuals, _starts(log, allowed_starts))


def hold(log: Log, *, allowed_starts: Mapping[str, int] | None = None) -> None:
    """Do nothing where everything holds.

    Raises:
        InvariantBroken: for the first equality that does not hold.
    """
    for residual in check(log, allowed_starts=allowed_starts):
        if not residual.holds:
            raise InvariantBroken(*residual)


def littles_law(log: Log) -> tuple[int, int]:
    """Give the time integral of the number waiting for a contact, and the sum of the waits.

    In sample-path form (Little 1961) the two are equal over any stretch that begins and ends with nobody
    waiting, as the waits of contacts that took place do. The first is counted by sweeping over the ends of
    waits in order.
    """
    waits = [(contact.began - contact.waited, contact.began) for contact in log.of(Contact) if contact.waited]
    changes = Counter(due for due, _ in waits)
    changes.subtract(Counter(began for _, began in waits))
    area = waiting = before = 0
    for minute in sorted(changes):
        area += waiting * (minute - before)
        waiting, before = waiting + changes[minute], minute
    return area, add_up(contact.waited for contact in log.of(Contact))


def _ordered(log: Log, kinds: Iterable[type[Event]]) -> list[Event]:
    wanted = frozenset(kinds)
    return [event for event in log.events if type(event) in wanted]


# Time and people


def _time_runs_forward(log: Log) -> Residual:
    minutes = [event[0] for event in log.events]
    if not any(map(gt, minutes, islice(minutes, 1, None))):
        return Residual("time never runs backwards", 0, 0)
    back = [after for after in range(1, len(minutes)) if minutes[after - 1] > minutes[after]]
    where = [f"event {index} at minute {minutes[index]}" for index in back]
    return none_of("time never runs backwards", where)


LIVE, RESOLVED, CLOSED, LEFT, TURNED_AWAY, OPEN = "live", "resolved", "closed", "left", "turned away", "open"
_FATES: dict[type[Event], str] = {
    Asked: LIVE,
    Activated: LIVE,
    MatterOpened: LIVE,
    TurnedAway: TURNED_AWAY,
    Left: LEFT,
    MatterClosed: CLOSED,
    StillOpen: OPEN,
}
_ENDED = (RESOLVED, LEFT)


def _fate(event: Event, before: str) -> str:
    """Give the state of a problem after an event; closing a matter does not undo what was already its end."""
    if isinstance(event, Outcome):
        return RESOLVED if event.resolved else (before if before in _ENDED else CLOSED)
    if isinstance(event, MatterClosed) and before in _ENDED:
        return before
    return _FATES[type(event)]


def _everyone_accounted_for(log: Log) -> tuple[Residual, Residual]:
    """Compare all clients and problems that came alive with what each came to, exactly once."""
    clients: dict[str, str] = {}
    problems: dict[str, str] = {}
    twice: Counter[object] = Counter()
    for event in _ordered(log, (*_FATES, Outcome)):
        client, problem = event.client, event.problem  # type: ignore[union-attr]
        before = problems.get(problem, "")
        if type(event) is StillOpen and before in (*_ENDED, OPEN):
            twice[problem] += 1
        clients[client] = problems[problem] = _fate(event, before)
    born = [(event.client, event.problem) for event in _ordered(log, (Asked, Activated))]  # type: ignore[union-attr]
    living: dict[object, int] = dict.fromkeys((client for client, _ in born), 1)
    alive: dict[object, int] = dict.fromkeys((problem for _, problem in born), 1)
    ended = Counter[object](problem for problem, fate in problems.items() if fate != LIVE) + twice
    return (
        compare(
            "clients with a problem = resolved, closed, left, turned away or still open",
            living,
            {client: 1 for client, fate in clients.items() if fate != LIVE},
        ),
        compare("problems alive = problems accounted for once", alive, ended),
    )


def _nothing_after_leaving(log: Log) -> Residual:
    """Look for help on a problem that its client left, that was turned away, or whose matter is closed."""
    problem_of = {matter.matter: matter.problem for matter in log.of(MatterOpened)}
    gone: set[str] = set()
    offenders = []
    for event in _ordered(log, (Asked, Left, TurnedAway, MatterOpened, MatterClosed, Contact, Missed)):
        kind = type(event)
        if kind is Contact or kind is Missed:
            matter: str = event.matter  # type: ignore[union-attr]
            if matter in gone or problem_of.get(matter) in gone:
                offenders.append(f"{kind.__name__} of {matter} at minute {event.at}")
        elif kind is MatterClosed:
            gone.add(event.matter)  # type: ignore[union-attr]
        elif kind is Asked:
            gone.discard(event.problem)  # type: ignore[union-attr]
        elif kind is not MatterOpened:
            gone.add(event.problem)  # type: ignore[union-attr]
        elif event.problem in gone:  # type: ignore[union-attr]
            offenders.append(f"MatterOpened for {event.problem} at minute {event.at}")  # type: ignore[union-attr]
    return none_of("no help after leaving, being turned away or closing, unless asked again", offenders)


# Advisers' time


_COLUMNS = ("contact", "listening", "casework", "duty", "handover", "missed")
_COLUMN_OF = {CASEWORK: 2, DUTY: 3, HANDOVER: 4}


class _Year:
    """The months of one adviser: when each diary was closed, what it says, and what the events say."""

    def __init__(self, diaries: list[Diary]) -> None:
        self.ends = [diary.at for diary in diaries]
        self.names = [*(f"month {diary.month}" for diary in diaries), "after the last diary"]
        self.written = [[getattr(diary, column) for column in _COLUMNS] for diary in diaries] + [
            [0] * len(_COLUMNS)
        ]
        self.done = [[0] * len(_COLUMNS) for _ in self.written]
        self.runs_on: set[int] = set()

    def sums(self, began: int, ended: int) -> list[int]:
        """Give the sums of the month that something ended in.

        What runs over a month-end, or ends on its very minute, makes two months one: it may be in either.
        """
        month = bisect_left(self.ends, ended)
        if month and began < self.ends[month - 1]:
            self.runs_on.update(range(bisect_right(self.ends, began), month))
        if month < len(self.ends) and ended == self.ends[month]:
            self.runs_on.add(month)
        return self.done[month]

    def first_difference(self, column: int) -> tuple[int, int, str] | None:
        """Give diary, events and month where they first differ, months that run on taken together."""
        written = done = 0
        for month, name in enumerate(self.names):
            written += self.written[month][column]
            done += self.done[month][column]
            if month not in self.runs_on:
                if written != done:
                    return written, done, name
                written = done = 0
        return None


def _years(log: Log) -> dict[str, _Year]:
    """Give diaries beside contacts, work and missed appointments, by adviser and month."""
    diaries = defaultdict[str, list[Diary]](list)
    for diary in log.of(Diary):
        diaries[diary.adviser].append(diary)
    years = {adviser: _Year(kept) for adviser, kept in diaries.items()}
    for contact in log.of(Contact):
        sums = _year(years, contact.adviser).sums(contact.began, contact.at)
        sums[0] += contact.core + contact.retelling
        sums[1] += contact.listening
        sums[4] += contact.reading
    for work in log.of(Work):
        column = _COLUMN_OF.get(work.activity)
        if column is not None:
            _year(years, work.adviser).sums(work.began, work.at)[column] += work.minutes
    for missed in log.of(Missed):
        _year(years, missed.adviser).sums(missed.at - missed.minutes, missed.at)[5] += missed.minutes
    return years


def _year(years: dict[str, _Year], adviser: str) -> _Year:
    year = years.get(adviser)
    if year is None:
        year = years[adviser] = _Year([])
    return year


def _diaries(log: Log) -> tuple[Residual, ...]:
    years = _years(log)
    return (_available(log), *(_column(years, place, name) for place, name in enumerate(_COLUMNS)))


def _available(log: Log) -> Residual:
    """Compare the minutes that the calendar makes available with all that the diary says they went on."""
    available = {
        (diary.adviser, f"month {diary.month}", diary.at): diary.available for diary in log.of(Diary)
    }
    spent = {
        (diary.adviser, f"month {diary.month}", diary.at): add_up(diary[4:-1]) for diary in log.of(Diary)
    }
    return compare("adviser minutes available = minutes by activity", available, spent)  # type: ignore[arg-type]


def _column(years: Mapping[str, _Year], column: int, activity: str) -> Residual:
    name = f"{activity} minutes by diary = by event"
    for adviser in sorted(years):
        difference = years[adviser].first_difference(column)
        if difference:
            written, done, month = difference
            return Residual(name, written, done, f"{adviser}, {month}")
    total = add_up(sums[column] for year in years.values() for sums in year.written)
    return Residual(name, total, add_up(sums[column] for year in years.values() for sums in year.done))


def _advisers_present(log: Log) -> tuple[Residual, Residual]:
    """Look for contacts with an adviser not in post, and for an adviser in two contacts at once."""
    joined = {joining.adviser: joining.at for joining in log.of(AdviserJoined)}
    gone = {leaving.adviser: leaving.at for leaving in log.of(AdviserLeft)}
    ever = log.events[-1].at if log.events else 0
    busy: dict[str, int] = {}
    absent, doubled = [], []
    for contact in log.of(Contact):
        adviser, began = contact.adviser, contact.began
        if began < joined.get(adviser, ever + 1) or contact.at > gone.get(adviser, ever):
            absent.append(f"{adviser} with {contact.client} at minute {began}")
        if began < busy.get(adviser, 0):
            doubled.append(f"{adviser} with {contact.client} at minute {began}")
        busy[adviser] = contact.at
    return (
        none_of("no contact with an adviser who is not in post", absent),
        none_of("no adviser in two contacts at once", doubled),
    )


# Matters and duties


def _matters(log: Log) -> tuple[Residual, ...]:
    """Compare what a matter is closed with against the contacts and casework that went into it."""
    given, listened, contacts = Counter[object](), Counter[object](), Counter[object]()
    for contact in log.of(Contact):
        given[contact.matter] += contact.core
        listened[contact.matter] += contact.listening
        contacts[contact.matter] += 1
    for work in log.of(Work):
        if work.activity == CASEWORK:
            given[work.matter] += work.minutes
    closings = log.of(MatterClosed)
    return (
        _closing("matter minutes given", {closing.matter: closing.given for closing in closings}, given),
        _closing(
            "matter minutes listened", {closing.matter: closing.listened for closing in closings}, listened
        ),
        _closing("matter contacts", {closing.matter: closing.contacts for closing in closings}, contacts),
    )


def _closing(what: str, told: dict[object, int], summed: Mapping[object, int]) -> Residual:
    return compare(f"{what} at closing = by event", told, {matter: summed.get(matter, 0) for matter in told})


def _duties(log: Log) -> tuple[Residual, Residual]:
    """Compare what each duty done demanded of advisers with the work done on it."""
    fell = {duty.duty: duty.adviser_minutes for duty in log.of(DutyFell)}
    done = Counter(duty.duty for duty in log.of(DutyDone))
    worked = Counter[object]()
    for work in log.of(Work):
        if work.activity == DUTY:
            worked[work.duty] += work.minutes
    strange = (done - Counter(fell.keys())) + Counter(str(duty) for duty in worked if duty not in fell)
    demanded: dict[object, int] = {duty: fell[duty] for duty in done if duty in fell}
    return (
        none_of("no duty done twice, or done or worked on that did not fall", sorted(strange.elements())),
        compare("adviser minutes of each duty done = work on it", demanded, {d: worked[d] for d in demanded}),
    )


def _starts(log: Log, allowed: Mapping[str, int]) -> Residual:
    used = Counter(matter.contract for matter in log.of(MatterOpened))
    over = [
        f"{contract}: {used[contract]} used of {limit}"
        for contract, limit in sorted(allowed.items())
        if used[contract] > limit
    ]
    return none_of("matter starts used are no more than allowed", over)


def _waiting(log: Log) -> tuple[Residual, Residual]:
    early = [
        f"{contact.matter} at minute {contact.began}" for contact in log.of(Contact) if contact.waited < 0
    ]
    return (
        none_of("no contact before it was due", early),
        Residual("time integral of the number waiting = sum of waits", *littles_law(log)),
    )


# Money


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


def _books(log: Log) -> tuple[Residual, ...]:
    accounts = defaultdict[str, _Account](_Account)
    ledger: dict[str, Tally] = {name: {} for name in _LEDGER}
    books: dict[str, Tally] = {name: {} for name in _LEDGER}
    for event in _ordered(log, (*_POST, MonthClosed)):
        if isinstance(event, MonthClosed):
            _close_month(accounts[event.organisation], event, ledger, books)
        else:
            _POST[type(event)](accounts[event.organisation], event)  # type: ignore[union-attr]
    _close_run(accounts, ledger, books)
    return tuple(compare(meaning, ledger[name], books[name]) for name, meaning in _LEDGER.items())


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
