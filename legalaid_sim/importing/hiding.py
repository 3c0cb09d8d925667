"""What stands for a person outside: pseudonyms and moved days under a key, and no count of under ten.

Ids are replaced by HMAC-SHA256 (RFC 2104) under a key of 32 random bytes: whoever has the key can say which pseudonym
an id has, nobody else can, and the same id has the same pseudonym in every import under that key. What is left is
still personal data in law: others may know a case by its days and its minutes.
"""

import hmac
import os
import secrets
import stat
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import reason_of
from legalaid_sim.units import add_up

KEY_BYTES = 32
SHOWN_DIGITS = 16
FEWEST = 10


class SecretKey:
    """A secret key. It is never shown: neither ``str`` nor ``repr`` tells it."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "Key(…)"

    def pseudonym(self, kind: str, *parts: str) -> str:
        """Give the pseudonym of an id: the first letter of its kind and 16 hexadecimal digits; empty for no id.

        Case and blanks make no difference.
        """
        if not any(part.strip() for part in parts):
            return ""
        return f"{kind[0]}-{self._digest(kind, *parts).hex()[:SHOWN_DIGITS]}"

    def days_moved(
        self, client: str, days: Sequence[date], most: int, edges: Sequence[date] = ()
    ) -> timedelta:
        """Give by how much all days of a client are moved: up to ``most`` either way, none over an edge.

        Among the moves that keep every day on its side of every edge (sorted) each is as likely. So what hangs on
        sides, as a fee does, stays as it is.
        """
        possible = [
            move for move in range(-most, most + 1) if all(_same_side(day, move, edges) for day in days)
        ]
        drawn = int.from_bytes(self._digest("move", client)[:8], "big")
        return timedelta(days=possible[drawn % len(possible)] if possible else 0)

    def _digest(self, *parts: str) -> bytes:
        told = "\x1f".join(" ".join(part.upper().split()) for part in parts)
        return hmac.digest(self._secret, told.encode("utf-8", "surrogateescape"), "sha256")


def _same_side(day: date, move: int, edges: Sequence[date]) -> bool:
    try:
        moved = day + timedelta(days=move)
    except OverflowError:
        return False
    return bisect_right(edges, day) == bisect_right(edges, moved)


def usual_key() -> Path:
    """Give where a key is kept when nobody says: in the user's own settings, away from what is written."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "legalaid-sim" / "import.key"


def passing_key() -> SecretKey:
    """Give a key that is kept nowhere, for what is not written."""
    return SecretKey(secrets.token_bytes(KEY_BYTES))


def open_key(path: Path) -> tuple[SecretKey, bool]:
    """Give the key of a file, and whether it was made now: readable by its owner alone.

    Raises:
        ResultsError: it cannot be read or made, others may read it, or it holds no key.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _new_key(path), True
    except FileExistsError:
        return _old_key(path), False
    except OSError as error:
        raise ResultsError(str(path), f"no key can be kept there: {reason_of(error)}") from None


def _new_key(path: Path) -> SecretKey:
    secret = secrets.token_bytes(KEY_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
            file.write(secret.hex() + "\n")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return SecretKey(secret)


def _old_key(path: Path) -> SecretKey:
    try:
        if os.name != "nt" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ResultsError(
                str(path), f"the key can be read by others; let only you read it: chmod 600 {path}"
            )
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ResultsError(
            str(path), "holds no key of an import; name another file with --key, it will be made"
        )
    return SecretKey(secret)


class DisclosedCounts(NamedTuple):
    """Counts that may be printed: by name, how many names are withheld, and the total where it gives nothing away."""

    counts: Mapping[str, int]
    withheld: int
    total: int | None


def without_small(counts: Mapping[str, int], fewest: int = FEWEST) -> DisclosedCounts:
    """Withhold every count of under ten, and the next larger ones until what is withheld is ten or more in all.

    Names of what is withheld are not told either. A single cell is never withheld alone where the total is told,
    since the difference would tell it.

    >>> without_small({"debt": 40, "housing": 12, "family": 3})
    DisclosedCounts(counts={'debt': 40}, withheld=2, total=55)
    >>> without_small({"debt": 4})
    DisclosedCounts(counts={}, withheld=1, total=None)
    """
    known = sorted(((count, name) for name, count in counts.items() if count > 0), reverse=True)
    hidden = [count for count, _ in known if count < fewest]
    kept = known[: len(known) - len(hidden)]
    while hidden and kept and (len(hidden) < 2 or add_up(hidden) < fewest):
        hidden.append(kept.pop()[0])
    whole = add_up(count for count, _ in known)
    safe = not hidden or (len(hidden) > 1 and add_up(hidden) >= fewest)
    told = {name: count for count, name in kept}
    return DisclosedCounts(
        {name: told[name] for name in counts if name in told}, len(hidden), whole if safe else None
    )
