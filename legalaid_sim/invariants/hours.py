"""What must hold of advisers' time: diaries, matters and duties beside the meetings and work that went into them."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from legalaid_sim.events import (
    CASEWORK,
    DUTY,
    AdviserJoined,
    AdviserLeft,
    Contact,
    Diary,
    DocumentsMissing,
    DutyDone,
    DutyFell,
    Labour,
    Log,
    MatterClosed,
    Missed,
    Work,
)
from legalaid_sim.invariants.residual import Residual, compare, none_of
from legalaid_sim.units import add_up

_COLUMNS = ("contact", "listening", "casework", "duty", "handover", "missed")
_CASEWORK, _DUTY = 2, 3
_COLUMN_OF: dict[Labour, int] = {CASEWORK: _CASEWORK, DUTY: _DUTY}


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
        # The month last asked for: what lies wholly within it is added without a search.
        self.opened = self.closed = 0.0
        self.month = self.done[0]

    def sums(self, began: int, ended: int) -> list[int]:
        """Give the sums of the month that something ended in.

        What runs over a month-end, or ends on its very minute, makes two months one: it may be in either.
        """
        if self.opened < ended < self.closed and self.opened <= began:
            return self.month
        month = bisect_left(self.ends, ended)
        if month and began < self.ends[month - 1]:
            self.runs_on.update(range(bisect_right(self.ends, began), month))
        if month < len(self.ends) and ended == self.ends[month]:
            self.runs_on.add(month)
        self.opened = self.ends[month - 1] if month else -inf
        self.closed = self.ends[month] if month < len(self.ends) else inf
        self.month = self.done[month]
        return self.month

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


class RecordedWork(NamedTuple):
    """What advisers did by its records: by adviser and month, by matter (minutes, listening, meetings), by duty."""

    years: dict[str, _Year]
    given: dict[str, int]
    listened: dict[str, int]
    contacts: dict[str, int]
    on_duty: dict[str, int]


def done_by_advisers(log: Log) -> RecordedWork:
    """Go once through contacts, work and missed appointments, beside the diaries."""
    kept = defaultdict[str, list[Diary]](list)
    for diary in log.of(Diary):
        kept[diary.adviser].append(diary)
    # Of whom there is no diary has a year without months.
    years = defaultdict[str, _Year](lambda: _Year([]))
    years.update((adviser, _Year(each)) for adviser, each in kept.items())
    given: dict[str, int] = {}
    listened: dict[str, int] = {}
    contacts: dict[str, int] = {}
    on_duty: dict[str, int] = {}
    for contact in log.of(Contact):
        matter, core, listening = contact.matter, contact.core, contact.listening
        given[matter] = given.get(matter, 0) + core
        listened[matter] = listened.get(matter, 0) + listening
        contacts[matter] = contacts.get(matter, 0) + 1
        sums = years[contact.adviser].sums(contact.began, contact.at)
        sums[0] += core + contact.retelling
        sums[1] += listening
        sums[4] += contact.reading
    for at, began, adviser, activity, minutes, matter, _, duty in log.of(Work):
        column = _COLUMN_OF.get(activity)
        if column is None:
            continue
        if column == _CASEWORK:
            given[matter] = given.get(matter, 0) + minutes
        elif column == _DUTY:
            on_duty[duty] = on_duty.get(duty, 0) + minutes
        years[adviser].sums(began, at)[column] += minutes
    for missed in log.of(Missed):
        years[missed.adviser].sums(missed.at - missed.minutes, missed.at)[5] += missed.minutes
    return RecordedWork(years, given, listened, contacts, on_duty)


def diaries(log: Log, done: RecordedWork) -> tuple[Residual, ...]:
    """Compare what diaries say with the calendar, and with the records of what was done."""
    return (_available(log), *(_column(done.years, place, name) for place, name in enumerate(_COLUMNS)))


def _available(log: Log) -> Residual:
    """Compare the minutes that the calendar makes available with all that the diary says they went on."""
    available = {
        (diary.adviser, f"month {diary.month}", diary.at): diary.available for diary in log.of(Diary)
    }
    spent = {
        (diary.adviser, f"month {diary.month}", diary.at): add_up(diary[4:-1]) for diary in log.of(Diary)
    }
    return compare("adviser minutes available = minutes by activity", available, spent)


def _column(years: Mapping[str, _Year], column: int, activity: str) -> Residual:
    name = f"{activity} minutes by diary = by event"
    for adviser in sorted(years):
        difference = years[adviser].first_difference(column)
        if difference:
            written, done, month = difference
            return Residual(name, written, done, f"{adviser}, {month}")
    total = add_up(sums[column] for year in years.values() for sums in year.written)
    return Residual(name, total, add_up(sums[column] for year in years.values() for sums in year.done))


def advisers_present(log: Log) -> tuple[Residual, Residual]:
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


def matters(log: Log, done: RecordedWork) -> tuple[Residual, ...]:
    """Compare what a matter is closed with against the contacts and casework that went into it."""
    closings = log.of(MatterClosed)
    return (
        _closing("matter minutes given", {closing.matter: closing.given for closing in closings}, done.given),
        _closing(
            "matter minutes listened",
            {closing.matter: closing.listened for closing in closings},
            done.listened,
        ),
        _closing(
            "matter contacts", {closing.matter: closing.contacts for closing in closings}, done.contacts
        ),
        _without_documents(log),
    )


def _without_documents(log: Log) -> Residual:
    """Look for casework that rests on documents which have not come; what a contract names apart does not."""
    lacking = {each.matter for each in log.of(DocumentsMissing)}
    done = [work for work in log.of(Work) if work.matter in lacking] if lacking else []
    return none_of(
        "no casework on a matter whose documents have not come",
        [
            f"{work.matter} at minute {work.at}"
            for work in done
            if work.activity == CASEWORK and not work.clause
        ],
    )


def _closing(what: str, told: dict[str, int], summed: Mapping[str, int]) -> Residual:
    return compare(f"{what} at closing = by event", told, {matter: summed.get(matter, 0) for matter in told})


def duties(log: Log, done: RecordedWork) -> tuple[Residual, Residual]:
    """Compare what each duty done demanded of advisers with the work done on it."""
    fell = {duty.duty: duty.adviser_minutes for duty in log.of(DutyFell)}
    times = Counter([duty.duty for duty in log.of(DutyDone)])
    strange = [duty for duty in done.on_duty if duty not in fell]
    for duty, number in times.items():
        if number > 1 or duty not in fell:
            strange += [duty] * (number - (duty in fell))
    demanded = {duty: fell[duty] for duty in times if duty in fell}
    return (
        none_of("no duty done twice, or done or worked on that did not fall", sorted(strange)),
        compare(
            "adviser minutes of each duty done = work on it",
            demanded,
            {duty: done.on_duty.get(duty, 0) for duty in demanded},
        ),
    )
