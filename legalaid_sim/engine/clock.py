"""SimPy's clock with light callbacks: one call when due, instead of a process and its events."""

from collections.abc import Callable
from typing import Any

from simpy import Environment
from simpy.events import NORMAL, Event

# After everything else of the same minute: decisions are taken when all that happens then is known.
DISPATCH = 2


class Call(Event):
    """An event that calls one function with itself when due; ``arg`` carries what the function needs."""

    __slots__ = ("arg",)
    _ok = True

    def __init__(self, act: Callable[["Call"], None], arg: Any) -> None:
        # Event.__init__ would make an environment reference and a list that nobody here reads.
        self.callbacks = (act,)  # type: ignore[assignment]
        self.arg = arg


def call_at(env: Environment, when: int, act: Callable[[Call], None], arg: Any = None) -> None:
    """Let ``act`` be called at minute ``when`` (not before now)."""
    env.schedule(Call(act, arg), NORMAL, when - env.now)
