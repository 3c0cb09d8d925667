"""What advisers' time went on, by their own diaries."""

from functools import partial

from legalaid_sim.events import ACTIVITIES, FACE_TO_FACE, Contact
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import ADVISER_MONTHS, DONE_WITHIN, HIGHER, LOWER, NEITHER, SEEN, Measure
from legalaid_sim.measures.statistics import mean, ratio, share
from legalaid_sim.units import add_up

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
_SHORT = {"contact": "time advising clients", "listening": "time listening"}
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
    return share(add_up(folded.time[activity] for activity in activities), folded.time["available"])


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
        short=_SHORT.get(activity, ""),
    )


def _with_clients(folded: Folded) -> float | None:
    return share_of_time(folded, "contact", "listening")


def _face_to_face(folded: Folded) -> float | None:
    contacts = folded.within(Contact)
    minutes = [
        (contact.core + contact.listening + contact.retelling, contact.channel) for contact in contacts
    ]
    return share(
        add_up(spent for spent, channel in minutes if channel == FACE_TO_FACE),
        add_up(spent for spent, _ in minutes),
    )


def _minutes_per_client(folded: Folded, what: str) -> float | None:
    minutes = add_up(getattr(contact, what) for contacts in folded.seen.values() for contact in contacts)
    return ratio(minutes, len(folded.seen))


def _remote(folded: Folded, group: str) -> float | None:
    """Give the share of the contacts of a group that were not face to face."""
    members = folded.groups[group]
    contacts = [contact for client in members for contact in folded.contacts[client]]
    return mean([contact.channel != FACE_TO_FACE for contact in contacts])


def _listening_by_companions(folded: Folded) -> float | None:
    contacts = folded.within(Contact)
    volunteered = add_up(contact.listening for contact in contacts if folded.is_companion(contact.adviser))
    return share(volunteered, add_up(contact.listening for contact in contacts))


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
        short="time with clients",
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
        short="time with clients face to face",
    ),
    Measure(
        "time.listening_minutes_per_client",
        "How long a client who was seen was listened to, beyond what the advice itself needed.",
        "minutes per client",
        "listening minutes / clients seen",
        SEEN,
        HIGHER,
        partial(_minutes_per_client, what="listening"),
        undefined="no client seen",
        short="listening per client",
    ),
    *(
        Measure(
            f"time.remote_contacts_{who}",
            f"The share of contacts not face to face, among clients who {prefer}.",
            "share",
            f"contacts by telephone or on a screen / contacts, of clients who {prefer}",
            SEEN,
            better,
            partial(_remote, group=group),
            undefined="no contact with such a client, or the log does not say who clients are",
            short=f"contacts at a distance, {who}",
        )
        for who, prefer, group, better in (
            ("wanted", "prefer the telephone or a screen", "remote", HIGHER),
            ("unwanted", "prefer to be seen", "face_to_face", LOWER),
        )
    ),
    Measure(
        "time.listening_by_companions_share",
        "The share of listening that volunteers and peer supporters did.",
        "share",
        "listening minutes of volunteers and peer supporters / listening minutes",
        DONE_WITHIN,
        NEITHER,
        _listening_by_companions,
        undefined="nobody was listened to",
        short="listening by volunteers",
    ),
)
