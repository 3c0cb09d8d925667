"""The log, folded once: who belongs to the cohort, whom they met, what the advisers' time went on.

The cohort are the clients who first asked within the window. What becomes of each is followed for as long as the
run-out lasts, from first asking, so that whoever asks late has no shorter story; where no run-out is lived, to
the end of the log. Time and money speak of what was done within the window, whoever for. Each fold is made when first
asked for, then kept.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple, TypeVar

from legalaid_sim.events import (
    ACTIVITIES,
    CASEWORK,
    COMPANIONS,
    DUTY,
    FACE_TO_FACE,
    Activated,
    AdviserJoined,
    AdviserLeft,
    Aftermath,
    Asked,
    Booked,
    Contact,
    DateCame,
    Diary,
    Disclosed,
    DutyDone,
    DutyFell,
    GoalReviewed,
    GoalSet,
    HandOver,
    Left,
    Log,
    MatterClosed,
    MatterOpened,
    MonthClosed,
    Outcome,
    Paid,
    Person,
    TurnedAway,
    Work,
)
from legalaid_sim.events.log import E
from legalaid_sim.measures.continuity import coc, herfindahl, known, longest_spell, mmci, secon, upc
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.units import DAYS_PER_YEAR, MINUTES_PER_DAY, add_up

YEAR = round(DAYS_PER_YEAR * MINUTES_PER_DAY)
LOOK_BACK = round(2 * DAYS_PER_YEAR * MINUTES_PER_DAY)
FIFTH = 0.2
# Every record begins with its minute.
at = itemgetter(0)
NEVER = -1
# Records that say whose they are.
C = TypeVar(
    "C", Activated, Aftermath, Asked, Booked, Contact, DateCame, Disclosed, GoalReviewed, GoalSet, HandOver, Left,
    MatterClosed,
    MatterOpened, Outcome, TurnedAway,
)  # fmt: skip


class ContactSpread(NamedTuple):
    """How the contacts of one client are spread over advisers, by every index."""

    upc: float | None
    coc: float | None
    secon: float | None
    herfindahl: float | None
    mmci: float | None


class Folded:
    """One log and everything that more than one measure needs to know of it."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.window = log.window
        self._spreads: dict[tuple[int, ...], ContactSpread] = {}

    def within(self, kind: type[E]) -> list[E]:
        """Give the records of one kind done within the window: from its opening, before its close."""
        events = self.log.of(kind)
        return events[
            bisect_left(events, self.window.opens, key=at) : bisect_left(events, self.window.closes, key=at)
        ]

    def booked(self, kind: type[E]) -> list[E]:
        """Give the money and month-end records of the months that end within the window.

        What is booked on the minute of a month-end belongs to the month that ends: so, from after the minute
        of opening up to and including that of the close.
        """
        events = self.log.of(kind)
        first = bisect_right(events, self.window.opens, key=at)
        return events[first : bisect_right(events, self.window.closes, key=at)]

    @cached_property
    def payments(self) -> list[Paid]:
        """Give the payments that belong to the window: booked within it, or ahead for a time that begins within it.

        What is paid in advance is paid month by month, so that a study is charged with its own months only.
        """
        past = [payment for payment in self.booked(Paid) if payment.since < 0]
        return past + [payment for payment in self.log.of(Paid) if self.opens_to_closes(payment.since)]

    @cached_property
    def cohort(self) -> dict[str, int]:
        """Give the clients who first asked within the window, and when they did."""
        first: dict[str, int] = {}
        for asked in self.log.of(Asked):
            first.setdefault(asked.client, asked.at)
        return {client: minute for client, minute in first.items() if self.opens_to_closes(minute)}

    @cached_property
    def until(self) -> dict[str, int]:
        """Give the last minute to which each client of the cohort is followed."""
        _, closes, ends = self.window
        return {
            client: asked + ends - closes if ends > closes else ends for client, asked in self.cohort.items()
        }

    def followed(self, kind: type[C]) -> list[C]:
        """Give the records of one kind on clients of the cohort, done while each is followed."""
        until = self.until
        return [event for event in self.log.of(kind) if event.at <= until.get(event.client, NEVER)]

    def opens_to_closes(self, minute: int) -> bool:
        """Say whether a minute lies within the window."""
        return self.window.opens <= minute < self.window.closes

    @cached_property
    def problems(self) -> dict[str, str]:
        """Give the problems that the cohort asked about while followed, and whose each is."""
        return {asked.problem: asked.client for asked in self.followed(Asked)}

    @cached_property
    def contacts(self) -> dict[str, list[Contact]]:
        """Give the contacts of each client of the cohort, in order; an empty list for one never seen."""
        contacts: dict[str, list[Contact]] = {client: [] for client in self.cohort}
        for contact in self.followed(Contact):
            contacts[contact.client].append(contact)
        return contacts

    @cached_property
    def seen(self) -> dict[str, list[Contact]]:
        """Give all contacts of each client of the cohort who met an adviser; an operator's call alone is not that."""
        return {client: contacts for client, contacts in self.contacts.items() if any(map(_met, contacts))}

    @cached_property
    def matters(self) -> list[MatterOpened]:
        """Give the matters opened for the cohort."""
        return self.followed(MatterOpened)

    @cached_property
    def closings(self) -> list[MatterClosed]:
        """Give the closings of matters of the cohort."""
        return self.followed(MatterClosed)

    @cached_property
    def problem_of(self) -> dict[str, str]:
        """Give the problem of every matter of the log."""
        return {matter.matter: matter.problem for matter in self.log.of(MatterOpened)}

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Give what became of the problems that the cohort asked about, while followed."""
        return [outcome for outcome in self.followed(Outcome) if outcome.problem in self.problems]

    @cached_property
    def closed_within(self) -> int:
        """Count the matters closed within the window."""
        return len(self.within(MatterClosed))

    @cached_property
    def fell(self) -> dict[str, DutyFell]:
        """Give every duty that fell, by its id."""
        return {duty.duty: duty for duty in self.log.of(DutyFell)}

    @cached_property
    def duties_done(self) -> list[tuple[DutyFell, DutyDone]]:
        """Give the duties done within the window: how each fell and how it was done."""
        return [(self.fell[done.duty], done) for done in self.within(DutyDone) if done.duty in self.fell]

    @cached_property
    def time(self) -> dict[str, int]:
        """Give adviser minutes by activity from the diaries of the window, and the minutes ``available``."""
        diaries = self.booked(Diary)
        return {
            column: add_up(getattr(diary, column) for diary in diaries)
            for column in ("available", *ACTIVITIES)
        }

    @cached_property
    def books(self) -> list[MonthClosed]:
        """Give the month-ends of every organisation within the window."""
        return self.booked(MonthClosed)

    @cached_property
    def persons(self) -> dict[str, Person]:
        """Give who the clients of the cohort are, where the log says."""
        return {person.client: person for person in self.log.of(Person) if person.client in self.cohort}

    @cached_property
    def groups(self) -> dict[str, Collection[str]]:
        """Give the clients of the cohort by group.

        ``low_need`` and ``high_need`` lie below and not below the median need; ``least_vulnerable``
        and ``most_vulnerable`` are the extreme fifths, with all who tie at the border; ``face_to_face`` and
        ``remote`` are those who prefer to be seen, and those who prefer the telephone or a screen.
        """
        need = {client: person.relational_need for client, person in self.persons.items()}
        frailty = {client: person.vulnerability for client, person in self.persons.items()}
        middle = quantile(list(need.values()), 0.5) or 0.0
        least = quantile(list(frailty.values()), FIFTH) or 0.0
        most = quantile(list(frailty.values()), 1 - FIFTH) or 0.0
        return {
            "everyone": self.cohort.keys(),
            "low_need": {client for client, value in need.items() if value < middle},
            "high_need": {client for client, value in need.items() if value >= middle},
            "least_vulnerable": {client for client, value in frailty.items() if value <= least},
            "most_vulnerable": {client for client, value in frailty.items() if value >= most},
            "face_to_face": {client for client, who in self.persons.items() if who.channel == FACE_TO_FACE},
            "remote": {client for client, who in self.persons.items() if who.channel != FACE_TO_FACE},
        }

    @cached_property
    def refused(self) -> dict[str, set[str]]:
        """Give, by reason, the clients turned away while followed."""
        refused: dict[str, set[str]] = {}
        for refusal in self.followed(TurnedAway):
            refused.setdefault(refusal.reason, set()).add(refusal.client)
        return refused

    @cached_property
    def gave_up_unseen(self) -> set[str]:
        """Give the clients who left and never met anybody."""
        return {leaving.client for leaving in self.followed(Left) if leaving.client not in self.seen}

    @cached_property
    def lost_at_hand_on(self) -> set[str]:
        """Give the clients who were lost on the way from one door to another."""
        return {leaving.client for leaving in self.followed(Left) if leaving.reason == "referral"}

    @cached_property
    def disclosed_early(self) -> list[str]:
        """Give, once for each problem kept back at first and told before its crisis, the client seen."""
        told = self.followed(Disclosed)
        return [each.client for each in told if each.early and each.client in self.seen]

    @cached_property
    def dates_came(self) -> list[DateCame]:
        """Give the dates of problems that the cohort asked about, come while followed."""
        return [came for came in self.followed(DateCame) if came.problem in self.problems]

    @cached_property
    def early_help(self) -> set[str]:
        """Give the problems asked about that were brought before their crisis point and then helped."""
        return {outcome.problem for outcome in self.outcomes if outcome.early}

    @cached_property
    def minutes_within(self) -> Counter[str]:
        """Give adviser minutes of meetings, casework and duties done within the window, by matter."""
        return _minutes(self.within(Contact), self.within(Work))

    @cached_property
    def minutes_ever(self) -> Counter[str]:
        """Give adviser minutes of meetings, casework and duties, whenever done, by matter."""
        return _minutes(self.log.of(Contact), self.log.of(Work))

    @cached_property
    def roles(self) -> dict[str, str]:
        """Give the role of everybody who ever held a post."""
        return {joining.adviser: joining.role for joining in self.log.of(AdviserJoined)}

    def is_companion(self, adviser: str) -> bool:
        """Say whether somebody listens and advises nobody: a volunteer or a peer supporter."""
        return self.roles.get(adviser, "") in COMPANIONS

    @cached_property
    def adviser_years(self) -> float:
        """Give the years that all advisers served within the window, companions left out."""
        opens, closes, _ = self.window
        gone = {leaving.adviser: leaving.at for leaving in self.log.of(AdviserLeft)}
        served = (
            min(gone.get(joining.adviser, closes), closes) - max(joining.at, opens)
            for joining in self.log.of(AdviserJoined)
            if joining.role not in COMPANIONS
        )
        return add_up(minutes for minutes in served if minutes > 0) / YEAR

    @cached_property
    def adviser_spread(self) -> dict[str, ContactSpread]:
        """Give, for each client of the cohort who was seen, how contacts spread over advisers."""
        return {
            client: self._spread([contact.adviser for contact in contacts])
            for client, contacts in self.seen.items()
        }

    @cached_property
    def organisation_spread(self) -> dict[str, ContactSpread]:
        """Give, for each client of the cohort who was seen, how contacts spread over organisations."""
        return {
            client: self._spread([contact.organisation for contact in contacts])
            for client, contacts in self.seen.items()
        }

    def _spread(self, advisers: Iterable[str]) -> ContactSpread:
        # Names do not matter to any index: clients who met advisers in the same pattern share the answer.
        seen: dict[str, int] = {}
        pattern = tuple([seen.setdefault(adviser, len(seen)) for adviser in advisers])
        spread = self._spreads.get(pattern)
        if spread is None:
            spread = ContactSpread(
                upc(pattern), coc(pattern), secon(pattern), herfindahl(pattern), mmci(pattern)
            )
            self._spreads[pattern] = spread
        return spread

    @cached_property
    def familiar(self) -> dict[str, tuple[int, int]]:
        """Give, for each client seen, contacts with an adviser met in the 24 months before, and contacts."""
        return {
            client: known([(contact.began, contact.adviser) for contact in contacts], LOOK_BACK)
            for client, contacts in self.seen.items()
        }

    @cached_property
    def familiar_organisation(self) -> dict[str, tuple[int, int]]:
        """Give, for each client seen, contacts with an organisation met in 24 months before, and contacts."""
        return {
            client: known([(contact.began, contact.organisation) for contact in contacts], LOOK_BACK)
            for client, contacts in self.seen.items()
        }

    @cached_property
    def spells(self) -> list[float]:
        """Give, where defined, each cohort client's longest spell with one adviser over the duration."""
        spells = [
            longest_spell([(contact.began, contact.adviser) for contact in contacts])
            for contacts in self.seen.values()
        ]
        return [spell for spell in spells if spell is not None]

    @cached_property
    def days_to_first_contact(self) -> dict[str, float]:
        """Give the days from first asking to first meeting an adviser, for each client of the cohort who was seen."""
        return {
            client: (began - self.cohort[client]) / MINUTES_PER_DAY
            for client, began in self._first_met.items()
        }

    @cached_property
    def midnights_to_first_contact(self) -> dict[str, int]:
        """Give the midnights between first asking and first meeting, 0 on the same day, for each client seen."""
        return {
            client: began // MINUTES_PER_DAY - self.cohort[client] // MINUTES_PER_DAY
            for client, began in self._first_met.items()
        }

    @cached_property
    def _first_met(self) -> dict[str, int]:
        return {client: next(filter(_met, contacts)).began for client, contacts in self.seen.items()}


def _met(contact: Contact) -> bool:
    """Say whether a contact comes with or after a meeting: an operator's call has no place among them."""
    return contact.ordinal > 0


def _minutes(contacts: Iterable[Contact], work: Iterable[Work]) -> Counter[str]:
    minutes: Counter[str] = Counter()
    for contact in contacts:
        minutes[contact.matter] += contact.at - contact.began
    for done in work:
        if done.matter and done.activity in (CASEWORK, DUTY):
            minutes[done.matter] += done.minutes
    return minutes
