"""The words that records use: a closed vocabulary each, so that a type checker knows a word that nothing writes."""

from typing import Final, Literal, get_args

# What an adviser can spend a minute on. Contact and listening are with the client; the rest is not.
CONTACT: Final = "contact"
LISTENING: Final = "listening"
CASEWORK: Final = "casework"
DUTY: Final = "duty"
ADMIN: Final = "admin"
HANDOVER: Final = "handover"
SUPERVISION: Final = "supervision"
TRAVEL: Final = "travel"
MISSED: Final = "missed"
IDLE: Final = "idle"

# What is written as work; a task may also be to listen, which is written as a contact.
Labour = Literal["casework", "duty", "admin", "supervision", "travel"]
TaskActivity = Literal[Labour, "listening"]
Activity = Literal[
    "contact", "listening", "casework", "duty", "admin", "handover", "supervision", "travel", "missed", "idle"
]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)

Channel = Literal["face_to_face", "telephone", "online"]
FACE_TO_FACE: Final = "face_to_face"
Role = Literal[
    "caseworker", "solicitor", "supervisor", "trainee", "telephone_operator", "admin", "volunteer", "peer_supporter"
]  # fmt: skip

# Who answers the telephone, who listens without being paid, who meets nobody; all others advise.
OPERATORS: Final = ("telephone_operator",)
COMPANIONS: Final = ("volunteer", "peer_supporter")
OFFICE: Final = ("admin",)

# Why help is refused: ``selection`` is a provider that chose not to, ``closed`` an organisation that is no more,
# ``budget`` a client who holds nothing that may be spent there, ``channel`` nothing on offer that the client can use.
RefusalReason = Literal[
    "scope", "evidence", "matter_starts", "capacity", "suspended", "selection", "closed", "budget", "channel"
]
# Why a client is lost: before being seen, on the way to another, to a provider outside the area.
Loss = Literal["waiting", "referral", "switched"]
# Why a matter passes from one adviser to another, and why it ends.
Passing = Literal["leaving", "notice", "duty_rota", "pool", "stage"]
Ending = Literal["completed", "disengaged", "organisation_closed", "switched"]
# Why a booked slot is given up: for the adviser, for an earlier one, since the client tires, or the matter is over.
Freeing = Literal["sickness", "adviser_left", "overrun", "brought_forward", "tired", "over"]
GoalState = Literal["open", "reached", "lapsed"]
# Where a problem stands in the course of a run; a stage is where it has not come to an end.
ProblemStage = Literal["unasked", "asked", "waiting", "open"]
ProblemStanding = Literal[ProblemStage, "turned_away", "left", "resolved", "unresolved"]

# How a date found its problem: too late for it (asked after it, not taken on, waiting to be seen, nobody free to stand
# by), or in time for it (helped, somebody stands by, the matter is closed).
DateFate = Literal[
    "asked_after", "not_taken_on", "waiting", "nobody_free", "helped", "represented", "settled"
]
IN_TIME: Final[tuple[DateFate, ...]] = ("helped", "represented", "settled")

# Why an adviser leaves; of their own accord, or because post or organisation close.
OWN_CHOICE: Final = "own choice"
Parting = Literal["own choice", "post closed", "organisation closed"]

Expense = Literal["salaries", "admin_staff", "overheads", "disbursements", "passed_on"]
Income = Literal["other_income", "clients"]
BudgetMove = Literal["granted", "returned"]
