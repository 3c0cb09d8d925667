"""SimPy's clock with light callbacks: one call when due, instead of a process and its events.

No process runs on it: a generator can be neither copied nor laid down, a call can.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any, Protocol

from simpy import Environment
from simpy.core import SimTime
from simpy.events import NORMAL as NORMAL
from simpy.events import EventPriority


class Clock(Environment):
    """SimPy's environment, which numbers what is scheduled itself, so that it can be copied and pickled.

    Its ``now`` is a plain attribute, since it is asked several times an event.
    """

    now: Any = 0

    def __init__(self) -> None:
        super().__init__()
        self._scheduled = 0

    @property
    def _now(self) -> Any:
        """What SimPy itself calls the minute that it is."""
        return self.now

    @_now.setter
    def _now(self, minute: Any) -> None:
        self.now = minute

    def schedule(self, event: Any, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Let an event be due after a delay; of those due at one minute the first scheduled is first."""
        self._scheduled = number = self._scheduled + 1
        heappush(self._queue, (self.now + delay, priority, number, event))

    def at(self, when: int, event: Any) -> None:
        """Let an event be due at a minute, as ``schedule`` does: desks, matters and calls, which are most of all."""
        self._scheduled = number = self._scheduled + 1
        heappush(self._queue, (when, NORMAL, number, event))

    def put_off(self, event: Any, when: int) -> None:
        """Let an event that is due be due at another minute, as if that had been its minute when it was scheduled."""
        queue: list[Any] = self._queue
        at = next(n for n, entry in enumerate(queue) if entry[3] is event)
        queue[at] = (when, *queue[at][1:])
        heapify(queue)

    def clear(self) -> None:
        """Let nothing be due any more."""
        self._queue.clear()

    def __getstate__(self) -> tuple[Any, Any, int]:
        return self.now, self._queue, self._scheduled

    def __setstate__(self, state: tuple[Any, Any, int]) -> None:
        super().__init__()
        self.now, self._queue, self._scheduled = state


class Call:
    """An event that calls one function with itself when due; ``arg`` carries what the function needs.

    It is all that SimPy's queue asks of an event. One that has been called may be scheduled again, with its
    ``callbacks`` set anew. Desks and matters stand in the queue themselves in the same way, which saves making a call
    for each meeting.
    """

    __slots__ = ("arg", "callbacks")
    # SimPy raises what an event failed with; a call never fails.
    _ok = True

    def __init__(self, act: Callable[["Call"], None], arg: Any) -> None:
        self.callbacks: Any = (act,)
        self.arg = arg


def call_at(clock: Clock, when: int, act: Callable[[Call], None], arg: Any = None) -> Call:
    """Let ``act`` be called at minute ``when`` (not before now)."""
    call = Call(act, arg)
    clock.at(when, call)
    return call


class Decider(Protocol):
    """Whoever decides once a minute is over."""

    def decide(self, now: int) -> None:
        """Decide whatever there is to decide."""


def live(env: Clock, until: int, decider: Decider) -> None:
    """Step through all events before minute ``until``; when the last event of a minute is done, let decisions be taken.

    What a decision schedules for the same minute happens in it, and is followed by another round of decisions. The
    loop is that of ``Environment.step``, written out: the tests hold it to `live_by_steps`.
    Nothing here defuses a failure or stops the simulation from within.
    """
    decide = decider.decide
    # What `peek` looks at; asking for it once an event costs as much as a tenth of all else.
    queue = env._queue
    end = _ending(env, until)
    due = queue[0][0]
    while due < until:
        env.now = due
        while queue[0][0] == due:
            event: Any = heappop(queue)[3]
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value
        decide(due)  # type: ignore[arg-type]
        due = queue[0][0]
    _take_away(env, end)


def live_by_steps(env: Clock, until: int, decider: Decider) -> None:
    """Do what ``live`` does, event by event through SimPy's own ``step``: the reference that it is held against."""
    end = _ending(env, until)
    while (due := env.peek()) < until:
        env.step()
        if env.peek() > due:
            decider.decide(due)  # type: ignore[arg-type]

    _take_away(env, end)


def _ending(env: Clock, until: int) -> Call:
    """Let something stand at the end of what is lived, so that SimPy's queue never runs empty before it."""
    return call_at(env, until, _nothing)


def _take_away(env: Clock, end: Call) -> None:
    """Leave the queue as if no end had stood in it: whoever lives on decides at no minute more for it."""
    queue: list[Any] = env._queue
    queue[:] = [entry for entry in queue if entry[3] is not end]
    heapify(queue)


def _nothing(_: Call) -> None:
    """Nothing happens."""
