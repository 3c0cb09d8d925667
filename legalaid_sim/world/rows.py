"""Rows of draws by name: where in a row each uniform stands, and uniforms in any number an entity.

A column keeps its number for ever: a name that comes later takes a number that nobody has had, so no other uniform
is drawn for what was there before.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from legalaid_sim import draws
from legalaid_sim.world.records import Thresholds

BATCH = 2048
FOLLOW_ON_SLOT = 10
TRIES_A_SLOT = 64
RAGGED_COLUMNS = 8
# As many comings back of one problem have draws.
RETURNS = 4
# Columns of the tables that have a row a person, and, but for the first, a slot a problem or a later try of one.
COLUMNS = {"arrival": 1, "person": 16, "problem": 24, "choice": 16, "lasting": 1, "attempt": 18}
# People whose problems began before the window: the family of their streams, and where their running numbers begin.
EARLIER, EARLIER_NUMBERS = "earlier", 1_000_000


class PersonDraws(NamedTuple):
    """Uniforms of a person; ``kind`` is that of the first problem, ``problems`` how many there are."""

    need: float
    vulnerability: float
    channel: float
    patience: float
    problems: float
    nearness: float
    kind: float
    prone: float
    reach: float
    own: float
    offered: float


of_person = draws.layout(
    PersonDraws, COLUMNS["person"],
    need=1, vulnerability=2, channel=3, patience=4, problems=6, nearness=8, kind=9, prone=10, reach=11, own=12,
    offered=13,
)  # fmt: skip


class ProblemDraws(NamedTuple):
    """Uniforms of a problem; ``resolve`` and ``evidence`` are thresholds of its first try.

    ``child_kind``, ``child_lag`` and ``child`` are read of a follow-on: its kind, when it comes, whether it can.
    """

    kind: float
    contacts: float
    casework: float
    crisis: float
    later: float
    delay: float
    resolve: float
    evidence: float
    child_kind: float
    child_lag: float
    child: float
    cluster: float
    hidden: float
    returns: Sequence[float]
    return_gaps: Sequence[float]
    stubborn: float
    shames: float
    nameless: float


of_problem = draws.layout(
    ProblemDraws, COLUMNS["problem"],
    kind=0, contacts=1, casework=2, crisis=3, later=4, delay=5, resolve=6, evidence=7, child_kind=8, child_lag=9,
    child=10, cluster=11, hidden=12, returns=slice(13, 17), return_gaps=slice(17, 21), stubborn=21, shames=22,
    nameless=23,
)  # fmt: skip

# A later try has a table of its own; the first has the columns of a choice and two more of its problem.
_of_try = draws.layout(
    Thresholds, COLUMNS["attempt"],
    select=0, noise=1, assess=2, authority=3, slow=4, refer=slice(5, 8), acted=8, elsewhere=9, appeal=10, gate=11,
    door=12, happen=slice(13, 16), resolve=16, evidence=17,
)  # fmt: skip


def first_try(choice: Sequence[float], problem: ProblemDraws) -> Thresholds:
    """Give the thresholds of the first asking, in the columns where they have always been."""
    return _of_try((*choice, problem.resolve, problem.evidence))


def later_try(row: Sequence[float]) -> Thresholds:
    """Give the thresholds of a later asking."""
    return _of_try(tuple(row))


class Ragged:
    """Uniforms in any number an entity: blocks of columns, each block a stream of its own."""

    def __init__(self, seed: int, purpose: str, slot: int, family: str) -> None:
        self._seed, self._purpose, self._slot, self._family = seed, purpose, slot, family
        self._blocks: list[draws.DrawTable] = []

    def batch(self, first: int, counts: list[int]) -> list[list[float]]:
        """Give ``counts[i]`` uniforms for row ``first + i``; rows beyond earlier batches only."""
        blocks = -(-max(counts, default=0) // RAGGED_COLUMNS)
        tables = [self._block(block).at(first, len(counts)) for block in range(blocks)]
        flat = draws.ragged(tables, counts)
        return [flat[end - count : end] for count, end in zip(counts, accumulate(counts))]

    def _block(self, block: int) -> draws.DrawTable:
        if block == len(self._blocks):
            # No entity comes near a thousand blocks, so that no two slots share a stream.
            slot = self._slot * 1000 + block
            self._blocks.append(
                draws.DrawTable(self._seed, self._purpose, slot, RAGGED_COLUMNS, self._family)
            )
        return self._blocks[block]
