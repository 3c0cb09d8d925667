"""What a contract demands of the service itself, apart from money."""

from typing import NamedTuple


class ExceptionRule(NamedTuple):
    """How leave to depart from procedure in one matter is asked for: the clause, the minutes of an adviser.

    It is decided after so many days, and this share is granted.
    """

    clause: str
    minutes: int
    days: int
    granted: float


class Service(NamedTuple):
    """What the contract demands of the service itself, apart from money.

    ``patience_days`` is how long the own adviser is waited for (``None``: not said); ``discretion`` whether
    advisers may depart from procedure (``None``: not said), and ``exceptions`` how leave is asked for where they
    may not; ``outreach_percent`` by how much outreach shortens the delay before people seek help.
    """

    patience_days: int | None = None
    discretion: bool | None = None
    outreach_percent: float = 0.0
    exceptions: ExceptionRule | None = None
