"""Processes of our own, started afresh, that never run the module the caller began with.

Python starts such a process by running the caller's ``__main__`` in it once more: a script that is not written for that
would do all of its work again in every worker, and one that was typed in has no file to run. What we do in a process
needs nothing of it. As loky does with ``init_main_module=False``, a blank module stands in its place while a process
is started.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock
from types import ModuleType
from typing import Any

# Two threads that start processes at once would put each other's blank module back.
_starting = Lock()


class _Blank(ModuleType):
    """A main module without a file, so that there is nothing to run; other threads find all else in it meanwhile."""

    def __init__(self, main: ModuleType) -> None:
        super().__init__("__main__")
        self._main = main

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":
            raise AttributeError(name)
        return getattr(self._main, name)


@contextmanager
def _without_main() -> Iterator[None]:
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = _Blank(main)
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class OwnProcess(SpawnProcess):
    """A process that starts without the caller's main module."""

    def start(self) -> None:
        """Start it."""
        with _without_main():
            super().start()


class OwnContext(SpawnContext):
    """What pools and pipes are made of: as ``spawn``, on every system."""

    Process = OwnProcess


CONTEXT = OwnContext()
