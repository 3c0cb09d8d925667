"""What happened, one typed, frozen record each, in an append-only log.

Everything a reader is told is a fold over these records. The first field, ``at``, is the whole minute since midnight
at the start of the lead-in at which the thing was done (for work: when it ended). Money is in whole pence. Ids read as
paths: client ``c00041``, its problem ``c00041.p2``, a follow-on of that ``c00041.p2.f1``, the first matter opened for
the problem ``c00041.p2.m1``, the second person in a post ``caseworker-03.v2``.
"""

from legalaid_sim.events.clients import (
    Activated,
    Aftermath,
    Asked,
    DateCame,
    Disclosed,
    Left,
    Outcome,
    Person,
    Referred,
    StillOpen,
    TurnedAway,
)  # fmt: skip
from legalaid_sim.events.log import Log, Window
from legalaid_sim.events.matters import (
    Booked,
    CompanionOffered,
    Contact,
    DocumentsMissing,
    Freed,
    GoalReviewed,
    GoalSet,
    HandOver,
    MatterClosed,
    MatterOpened,
    Missed,
)  # fmt: skip
from legalaid_sim.events.money import (
    Audited,
    AuthorityAsked,
    BudgetMoved,
    ContractChanged,
    Entitled,
    ExceptionAsked,
    Flagged,
    MonthClosed,
    OrganisationClosed,
    Paid,
    PostClosed,
    Received,
    Spent,
    Told,
)  # fmt: skip
from legalaid_sim.events.records import (
    KINDS,
    Event,
    plain_types,
)  # fmt: skip
from legalaid_sim.events.words import (
    ACTIVITIES,
    ADMIN,
    CASEWORK,
    COMPANIONS,
    CONTACT,
    DUTY,
    FACE_TO_FACE,
    HANDOVER,
    IDLE,
    IN_TIME,
    LISTENING,
    MISSED,
    OFFICE,
    OPERATORS,
    OWN_CHOICE,
    SUPERVISION,
    TRAVEL,
    Activity,
    Channel,
    DateFate,
    Ending,
    Expense,
    Freeing,
    GoalState,
    Income,
    Labour,
    Loss,
    Parting,
    Passing,
    Refusal,
    Role,
    Stage,
    Standing,
    TaskActivity,
)  # fmt: skip
from legalaid_sim.events.work import (
    AdminWork,
    AdviserJoined,
    AdviserLeft,
    Diary,
    DutyDone,
    DutyFell,
    SessionHeld,
    Work,
)  # fmt: skip

__all__ = [
    "ACTIVITIES", "ADMIN", "CASEWORK", "COMPANIONS", "CONTACT", "DUTY", "FACE_TO_FACE", "HANDOVER", "IDLE",
    "IN_TIME", "KINDS", "LISTENING", "MISSED", "OFFICE", "OPERATORS",
    "OWN_CHOICE", "SUPERVISION", "TRAVEL", "Activated", "Activity", "AdminWork", "AdviserJoined", "AdviserLeft",
    "Aftermath", "Asked", "Audited", "AuthorityAsked", "Booked", "BudgetMoved", "Channel", "CompanionOffered",
    "Contact",
    "ContractChanged", "DateCame",
    "DateFate", "Diary",
    "Disclosed", "DocumentsMissing", "DutyDone", "DutyFell", "Ending", "Entitled", "Event",
    "ExceptionAsked", "Expense", "Flagged",
    "Freed", "Freeing",
    "GoalReviewed", "GoalSet", "GoalState", "HandOver", "Income", "Labour", "Left", "Log", "Loss", "MatterClosed",
    "MatterOpened", "Missed", "MonthClosed", "OrganisationClosed", "Outcome", "Paid", "Parting", "Passing",
    "Person", "PostClosed", "Received", "Referred", "Refusal", "Role", "SessionHeld", "Spent", "Stage",
    "Standing", "StillOpen", "TaskActivity", "Told", "TurnedAway", "Window", "Work", "plain_types",
]  # fmt: skip
