"""Looking at a text in a process of its own: what takes too long is ended, and the page lives on."""

import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from legalaid_sim.errors import LegalAidSimError
from legalaid_sim.experiments.shared.processes import CONTEXT

LIMIT_SECONDS = 2.0
# The first look imports the library, which the clock of a look is not about.
START_SECONDS = 60.0
READY = "ready"


class NotLookedAt(Exception):
    """A text that could not be looked at, for a reason that is a fault of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return (
            f"this text could not be looked at, which is a fault of the studio; please report it: {self.why}"
        )


class TooLong(Exception):
    """A text that could not be looked at within the time there is."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"looking at this text took longer than {self.seconds:g} seconds and was ended; make it smaller"
        )


class Worker:
    """A child that answers one question after another; started at once, and again after it had to be ended."""

    def __init__(self, root: str, seconds: float = LIMIT_SECONDS) -> None:
        self.root, self.seconds = root, seconds
        self._lock = threading.Lock()
        self._start()

    def ask(self, task: Callable[[Any], Any], question: Any) -> Any:
        """Give what ``task`` makes of a question.

        Raises:
            TooLong: it took longer than the limit. The child was ended, and a new one answers what is asked next.
        """
        with self._lock:
            if not self._ready and not self._wait(START_SECONDS):
                self._again()
                raise TooLong(START_SECONDS)
            try:
                self._line.send((task, question))
                if not self._line.poll(self.seconds):
                    self._again()
                    raise TooLong(self.seconds)
                found, failed = self._line.recv()
            except (EOFError, OSError):
                self._again()
                raise TooLong(self.seconds) from None
        if failed is not None:
            raise failed
        return found

    def stop(self) -> None:
        """End the child."""
        self._process.kill()
        self._process.join()
        self._line.close()

    def _wait(self, seconds: float) -> bool:
        try:
            self._ready = self._line.poll(seconds) and self._line.recv() == READY
        except (EOFError, OSError):
            self._ready = False
        return self._ready

    def _start(self) -> None:
        self._line, other = CONTEXT.Pipe()
        self._ready = False
        self._process = CONTEXT.Process(target=_answer, args=(other, self.root), daemon=True)
        self._process.start()
        other.close()

    def _again(self) -> None:
        self.stop()
        self._start()


def _answer(line: "Connection[Any, Any]", root: str) -> None:
    """Answer until the line is closed; what goes wrong is sent back and not told here."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(root)  # a contract names its neighbours from here
    # Before the clock of the first look runs.
    import legalaid_sim.studio.looking  # noqa: F401

    line.send(READY)
    while True:
        try:
            task, question = line.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[Any, Exception | None] = (task(question), None)
        except Exception as error:  # whatever it is, the page says it and goes on
            answer = (None, error if isinstance(error, LegalAidSimError) else NotLookedAt(repr(error)[:300]))
        line.send(answer)
