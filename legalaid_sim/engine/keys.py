"""Keys of what waits in a heap: whole numbers made of the world's keys, so that what is due at one minute has an order
that does not hang on when it was put there.

A problem's key leaves room for its matters, a matter's for the meetings asked for, then its tasks.
"""

MATTERS_A_PROBLEM = 8
KEYS_A_MATTER = 4096
# Within a matter: meetings and casework by number, what is done outside or beside the adviser, duties of its contract.
OUT_KEYS = 1024
HEARING_KEYS = 2000
DUTY_KEYS = 2048
# Work that belongs to no matter stands behind all that does.
ROUTINE_KEY = 1 << 60


def of_matter(problem: int, number: int) -> int:
    """Give the key of a problem's matter of that number, from 1 on."""
    return (problem * MATTERS_A_PROBLEM + number) * KEYS_A_MATTER


def of_casework(matter: int, meeting: int) -> int:
    """Give the key of the casework that follows a meeting."""
    return matter + meeting


def of_outing(matter: int, number: int) -> int:
    """Give the key of work outside, or of listening by somebody beside the adviser."""
    return matter + OUT_KEYS + number


def of_hearing(matter: int) -> int:
    """Give the key of standing by the client on a date."""
    return matter + HEARING_KEYS


def of_duty(matter: int, number: int) -> int:
    """Give the key of a duty; 0 stands for no matter."""
    return matter + DUTY_KEYS + number
