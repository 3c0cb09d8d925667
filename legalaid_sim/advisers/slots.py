"""The bookable time of one desk: which minutes of which shift are promised to somebody, as whole numbers.

A meeting of so many minutes takes up a ``room`` of at least as many: the rest is for the desk work that goes with it,
and the first to give way where a meeting overruns. Rooms are laid into a shift one after another, so a shift needs one
number, and a hole only where a slot was given up.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence

from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.units import round_half_up

NEVER = -1


class DeskSlots:
    """What can still be booked of the shifts that are foreseen.

    ``minutes`` and ``room`` are the least that anybody asks for: what has not even that left is not looked at again.
    The share ``held`` of each shift, its end, is for emergencies alone.
    """

    __slots__ = ("_ends", "_front", "_holes", "_least", "_open", "_starts", "_taken", "_wants")

    def __init__(self, shifts: Sequence[MinuteSpan], minutes: int, room: int, held: float = 0.0) -> None:
        self._starts = [start for start, _ in shifts]
        self._ends = [end for _, end in shifts]
        # Until when whoever is no emergency may be promised a slot.
        self._open = [end - round_half_up(held * (end - start)) for start, end in shifts]
        self._taken = [0] * len(shifts)
        self._holes: dict[int, list[tuple[int, int]]] = {}
        self._least = max(1, room)
        self._wants = max(1, minutes, room // 2)
        # No shift before this one has room for anybody.
        self._front = 0

    def first(self, earliest: int, minutes: int, room: int, emergency: bool = False) -> int:
        """Give the first minute, not before ``earliest``, at which a meeting of so many minutes fits (-1: none)."""
        starts, taken, holes = self._starts, self._taken, self._holes
        ends = self._ends if emergency else self._open
        while self._front < len(starts) and self._is_full(self._front):
            self._front += 1
        wants = max(minutes, room // 2)
        for at in range(max(self._front, bisect_right(ends, earliest)), len(starts)):
            start = starts[at]
            low = earliest - start
            if holes:
                for begins, size in holes.get(at, ()):
                    if size >= room and begins >= low and start + begins + wants <= ends[at]:
                        return start + begins
            begins = max(taken[at], low)
            # The last room of a shift may lack half of what goes with it, so that rounding takes as often as it gives.
            if begins + wants <= ends[at] - start:
                return start + begins
        return NEVER

    def take(self, slot: int, room: int) -> None:
        """Promise a slot that ``first`` gave."""
        at = bisect_right(self._starts, slot) - 1
        begins = slot - self._starts[at]
        if begins >= self._taken[at]:
            self._taken[at] = begins + room
            return
        holes = self._holes[at]
        hole = next(hole for hole in holes if hole[0] == begins)
        holes.remove(hole)
        if hole[1] - room >= self._least:
            insort(holes, (begins + room, hole[1] - room))
        if not holes:
            del self._holes[at]

    def give_up(self, slot: int, room: int) -> None:
        """Let a slot be promised to somebody else."""
        at = bisect_right(self._starts, slot) - 1
        begins = slot - self._starts[at]
        if begins + room == self._taken[at]:
            self._taken[at] = begins
        else:
            insort(self._holes.setdefault(at, []), (begins, room))
        self._front = min(self._front, at)

    def close(self, slot: int) -> None:
        """Promise nothing more of the shift in which a minute lies."""
        at = bisect_right(self._starts, slot) - 1
        self._holes.pop(at, None)
        self._taken[at] = self._ends[at] - self._starts[at]

    def _is_full(self, at: int) -> bool:
        return at not in self._holes and self._taken[at] + self._wants > self._ends[at] - self._starts[at]
