"""Small logs made by hand, each balanced, with values that can be worked out on paper.

Minutes are given as days and minutes of the day. The window opens on day 30 and closes on day 60; the log
ends on day 500, so that closings within the window are followed for more than a year.
"""

from typing import Any, Literal, get_args, get_origin, get_type_hints

from legalaid_sim import events as e
from legalaid_sim.events import Event, Log, Window

DAY = 1440
OPENS, CLOSES, ENDS = 30 * DAY, 60 * DAY, 500 * DAY
WINDOW = Window(OPENS, CLOSES, ENDS)
ANN, BOB = "caseworker-01.v1", "caseworker-02.v1"
AGENCY = "agency"


# Of each kind of record, its fields that hold a word of a vocabulary, with the words.
WORDS = {
    kind: {
        name: get_args(words) for name, words in get_type_hints(kind).items() if get_origin(words) is Literal
    }
    for kind in e.KINDS
}


def minute(day: int, of_day: int = 0) -> int:
    return day * DAY + of_day


def asked(
    day: int, client: str, problem: str, early: bool = True, returning: bool = False, of_day: int = 0
) -> e.Asked:
    name = f"{client}.{problem}"
    return e.Asked(minute(day, of_day), client, name, AGENCY, "debt", "face_to_face", early, returning)


def opened(
    day: int,
    client: str,
    problem: str,
    adviser: str = ANN,
    matter: str = "m1",
    contract: str = "c",
    of_day: int = 0,
) -> e.MatterOpened:
    name = f"{client}.{problem}"
    at = minute(day, of_day)
    return e.MatterOpened(at, f"{name}.{matter}", client, name, AGENCY, "debt", contract, adviser, 100, 100)


def contact(
    day: int,
    client: str,
    problem: str,
    adviser: str = ANN,
    of_day: int = 600,
    core: int = 40,
    listening: int = 20,
    retelling: int = 0,
    reading: int = 0,
    ordinal: int = 1,
    matter: str = "m1",
    organisation: str = AGENCY,
    channel: e.Channel = "face_to_face",
    known: bool = False,
    waited: int = 0,
) -> e.Contact:
    began = minute(day, of_day)
    at = began + core + listening + retelling + reading
    name = f"{client}.{problem}.{matter}"
    return e.Contact(
        at, began, client, name, adviser, organisation, ordinal, channel, core, listening, retelling, reading, known,
        waited, 0.0, 0.1,
    )  # fmt: skip


def work(
    day: int,
    adviser: str,
    activity: e.Labour,
    minutes: int,
    matter: str = "",
    clause: str = "",
    duty: str = "",
    of_day: int = 900,
) -> e.Work:
    began = minute(day, of_day)
    return e.Work(began + minutes, began, adviser, activity, minutes, matter, clause, duty)


def closed(
    day: int,
    client: str,
    problem: str,
    given: int,
    listened: int,
    contacts: int,
    adviser: str = ANN,
    matter: str = "m1",
    trust: float = 0.5,
    of_day: int = 1000,
    reason: e.Ending = "completed",
) -> e.MatterClosed:
    name = f"{client}.{problem}"
    return e.MatterClosed(
        minute(day, of_day), f"{name}.{matter}", client, name, AGENCY, adviser, reason, 100, 100, given, listened,
        contacts, trust,
    )  # fmt: skip


def outcome(
    day: int,
    client: str,
    problem: str,
    resolved: bool = True,
    early: bool = True,
    matter: str = "m1",
    of_day: int = 1000,
) -> e.Outcome:
    name = f"{client}.{problem}"
    return e.Outcome(minute(day, of_day), client, name, f"{name}.{matter}", resolved, early, 0.5)


def diary(
    day: int,
    adviser: str,
    month: int,
    idle: int = 0,
    *,
    contact: int = 0,
    listening: int = 0,
    casework: int = 0,
    duty: int = 0,
    admin: int = 0,
    handover: int = 0,
    supervision: int = 0,
    travel: int = 0,
    missed: int = 0,
) -> e.Diary:
    spent = (contact, listening, casework, duty, admin, handover, supervision, travel, missed, idle)
    return e.Diary(minute(day), adviser, month, sum(spent), *spent, 0.0)


def books(
    day: int, month: int, income: int, spending: int, reserves: int, unpaid: int, open_matters: int = 0
) -> e.MonthClosed:
    return e.MonthClosed(minute(day), AGENCY, month, income, spending, reserves, unpaid, open_matters, 0.0)


def log(*events: Any, window: Window = WINDOW) -> Log:
    """Put events in order of time, those of one minute as given; a word that the engine never writes is refused."""
    for event in events:
        for name, words in WORDS[type(event)].items():
            assert getattr(event, name) in words, f"the engine writes no such {name}: {event}"
    return Log(window, sorted(events, key=lambda event: event.at))


def joined(adviser: str, day: int = 0) -> e.AdviserJoined:
    return e.AdviserJoined(minute(day), adviser, adviser[:-3], 1, "caseworker", AGENCY)


def story() -> Log:
    """Tell a whole small story that balances: two advisers, six clients, two months within the window.

    ``c0`` asked in the lead-in and is not of the cohort. ``c1`` sees Ann, Ann, Bob about one debt and comes
    back in a month, to Bob. ``c2`` sees Ann once and stays open. ``c3`` gives up unseen. ``c4`` is turned
    away. ``c5`` sees Ann twice by telephone and is not helped; a follow-on comes alive.
    """
    people = [
        e.Person(minute(10), "c0", 0.9, 0.9, "face_to_face"),
        e.Person(minute(31), "c1", 0.9, 0.1, "face_to_face"),
        e.Person(minute(32), "c2", 0.2, 0.2, "face_to_face"),
        e.Person(minute(33), "c3", 0.5, 1.0, "face_to_face"),
        e.Person(minute(34), "c4", 0.1, 0.9, "face_to_face"),
        e.Person(minute(35), "c5", 0.8, 0.3, "telephone"),
    ]
    return log(
        joined(ANN),
        joined(BOB),
        *people,
        *lead_in(),
        *first_client(),
        asked(32, "c2", "p1"),
        opened(42, "c2", "p1", of_day=600),
        contact(42, "c2", "p1", waited=300),
        e.StillOpen(ENDS, "c2", "c2.p1", "c2.p1.m1", "open"),
        asked(33, "c3", "p1", early=False),
        e.Left(minute(50), "c3", "c3.p1", "c3.p1.m1", "waiting"),
        asked(34, "c4", "p1"),
        e.TurnedAway(minute(34, 10), "c4", "c4.p1", AGENCY, "matter_starts", "starts"),
        *fifth_client(),
        *bookkeeping(),
    )


def lead_in() -> list[Event]:
    return [
        asked(10, "c0", "p1"),
        opened(11, "c0", "p1"),
        contact(11, "c0", "p1"),
        closed(12, "c0", "p1", 40, 20, 1),
        outcome(12, "c0", "p1"),
    ]


def first_client() -> list[Event]:
    return [
        asked(31, "c1", "p1"),
        opened(33, "c1", "p1", of_day=600),
        contact(33, "c1", "p1"),
        contact(36, "c1", "p1", core=50, listening=10, ordinal=2, known=True),
        e.HandOver(minute(37), "c1.p1.m1", "c1", ANN, BOB, "stage"),
        contact(40, "c1", "p1", adviser=BOB, core=30, listening=0, retelling=12, reading=18, ordinal=3),
        work(41, BOB, e.CASEWORK, 80, "c1.p1.m1"),
        closed(43, "c1", "p1", 200, 30, 3, adviser=BOB, trust=0.6),
        outcome(43, "c1", "p1", resolved=False, early=True),
        e.DutyFell(minute(43, 1000), "d1", "c", "claim", AGENCY, BOB, "c1.p1.m1", 25, 15, minute(50), False),
        e.AdminWork(minute(44, 600), AGENCY, 15, "c1.p1.m1", "claim"),
        work(44, BOB, e.DUTY, 25, "c1.p1.m1", "claim", "d1"),
        e.DutyDone(minute(44, 925), "d1", "claim", BOB, 0),
        e.Entitled(minute(43, 1000), AGENCY, "c", "c1.p1.m1", 1, "fee", 20_000),
        e.Flagged(minute(43, 1000), "c", "c1.p1.m1", "escape"),
        asked(70, "c1", "p1", early=False, returning=True),
        opened(71, "c1", "p1", adviser=BOB, matter="m2"),
        contact(71, "c1", "p1", adviser=BOB, matter="m2", known=True, core=60, listening=0),
        closed(72, "c1", "p1", 60, 0, 1, adviser=BOB, matter="m2", trust=0.8),
        outcome(72, "c1", "p1", resolved=True, early=False, matter="m2"),
    ]


def fifth_client() -> list[Event]:
    return [
        asked(35, "c5", "p1", early=False),
        asked(35, "c5", "p2", early=False),
        opened(38, "c5", "p1", of_day=600),
        contact(38, "c5", "p1", channel="telephone"),
        opened(39, "c5", "p2", of_day=600),
        contact(39, "c5", "p2", channel="telephone", known=True),
        e.Missed(minute(45, 615), "c5", "c5.p2.m1", ANN, 15),
        closed(46, "c5", "p1", 40, 20, 1, trust=0.4),
        outcome(46, "c5", "p1", resolved=False, early=False),
        e.DutyFell(
            minute(46, 1000), "d2", "c", "report", AGENCY, ANN, "c5.p1.m1", 30, 0, minute(46, 1100), True
        ),
        work(47, ANN, e.DUTY, 30, "c5.p1.m1", "report", "d2"),
        e.DutyDone(minute(47, 930), "d2", "report", ANN, 1270),
        e.Entitled(minute(46, 1000), AGENCY, "c", "c5.p1.m1", 1, "fee", 10_000),
        closed(47, "c5", "p2", 40, 20, 1, trust=0.6),
        outcome(47, "c5", "p2", resolved=True, early=True),
        e.Entitled(minute(47, 1000), AGENCY, "c", "c5.p2.m1", 1, "audit", -2_000),
        e.Activated(minute(48), "c5", "c5.p1.f1", "c5.p1"),
        e.StillOpen(ENDS, "c5", "c5.p1.f1", "", "unasked"),
    ]


def bookkeeping() -> list[Event]:
    """Give diaries and books. Ann and Bob have 1000 minutes each in every month that tells."""
    return [
        diary(30, ANN, 0, contact=40, listening=20, idle=940),
        diary(60, ANN, 1, contact=210, listening=90, duty=30, missed=15, admin=55, idle=600),
        diary(60, BOB, 1, contact=42, casework=80, duty=25, handover=18, admin=35, idle=800),
        diary(90, BOB, 2, contact=60, idle=940),
        e.Paid(minute(55), AGENCY, "c", "fee", 15_000),
        e.Spent(minute(30), AGENCY, "salaries", 5_000),
        e.Spent(minute(59), AGENCY, "salaries", 8_000),
        books(30, 0, 0, 5_000, 1_000, 0, 0),
        books(60, 1, 15_000, 8_000, 8_000, 13_000, 1),
        e.Paid(minute(80), AGENCY, "c", "fee", 13_000),
        books(90, 2, 13_000, 0, 21_000, 0, 1),
    ]
