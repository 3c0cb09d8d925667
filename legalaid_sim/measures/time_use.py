"""What advisers' time went on, by their own diaries."""

from functools import partial

from legalaid_sim.events import ACTIVITIES, Contact
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import ADVISER_MONTHS, DONE_WITHIN, HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.statistics import share

FACE_TO_FACE = "face_to_face"
NO_TIME = "no adviser time available"

_MEANING = {
    "contact": "advising clients, retelling included",
    "listening": "listening to clients beyond what the advice itself needs",
    "casework": "work on matters without the client",
    "duty": "admin that a contract demands",
    "admin": "admin that no contract demands",
    "handover": "reading up and passing on matters of others",
    "supervision": "supervising or being supervised",
    "travel": "travel",
    "missed": "waiting for clients who did not come",
    "idle": "nothing, for want of clients or of permission to help them",
}
_BETTER = {
    "contact": HIGHER,
    "listening": HIGHER,
    "duty": LOWER,
    "admin": LOWER,
    "handover": LOWER,
    "missed": LOWER,
}


def share_of_time(folded: Folded, *activities: str) -> float | None:
    """Give the share of available adviser minutes that went on these activities."""
    return share(sum(folded.time[activity] for activity in activities), folded.time["available"])


def _share_of(activity: str) -> Measure:
    return Measure(
        f"time.{activity}_share",
        f"The share of advisers' time at work that went on {_MEANING[activity]}.",
        "share",
        f"{activity} minutes / minutes available, by the diaries",
        ADVISER_MONTHS,
        _BETTER.get(activity, NEITHER),
        lambda folded: share_of_time(folded, activity),
        undefined=NO_TIME,
        headline=activity in ("contact", "listening"),
    )


def _with_clients(folded: Folded) -> float | None:
    return share_of_time(folded, "contact", "listening")


def _face_to_face(folded: Folded) -> float | None:
    contacts = folded.within(Contact)
    minutes = [
        (contact.core + contact.listening + contact.retelling, contact.channel) for contact in contacts
    ]
    return share(
        sum(spent for spent, channel in minutes if channel == FACE_TO_FACE),
        sum(spent for spent, _ in minutes),
    )


def _minutes_per_client(folded: Folded, what: str) -> float | None:
    minutes = sum(getattr(contact, what) for contacts in folded.seen.values() for contact in contacts)
    return share(minutes, len(folded.seen))


MEASURES = (
    *(_share_of(activity) for activity in ACTIVITIES),
    Measure(
        "time.with_clients_share",
        "The share of advisers' time at work spent with clients.",
        "share",
        "(contact + listening minutes) / minutes available, by the diaries",
        ADVISER_MONTHS,
        HIGHER,
        _with_clients,
        undefined=NO_TIME,
    ),
    Measure(
        "time.face_to_face_share",
        "The share of time with clients that was face to face.",
        "share",
        "minutes of face-to-face contacts / minutes of contacts, reading left out",
        DONE_WITHIN,
        NEITHER,
        _face_to_face,
        undefined="no contact",
    ),
    Measure(
        "time.listening_minutes_per_client",
        "How long a client who was seen was listened to, beyond what the advice itself needed.",
        "minutes per client",
        "listening minutes / clients seen",
        "clients who first asked within the window and were seen, followed to the end of the log",
        HIGHER,
        partial(_minutes_per_client, what="listening"),
        undefined="no client seen",
    ),
)
