"""Tasks that worker processes can import by name."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Squares:
    """Square, the first items slowest, so that they finish last."""

    slow: int = 0

    def __call__(self, item: int) -> int:
        time.sleep(0.05 if item < self.slow else 0)
        return item * item


@dataclass(frozen=True)
class DiesOnce:
    """Die on one item unless a mark on disk says that it died before."""

    mark: Path
    deadly: int

    def __call__(self, item: int) -> int:
        if item == self.deadly and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item * item


@dataclass(frozen=True)
class AlwaysDies:
    deadly: int

    def __call__(self, item: int) -> int:
        if item == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return item * item


@dataclass(frozen=True)
class Fails:
    def __call__(self, item: int) -> int:
        raise ArithmeticError(f"no answer for {item}")


@dataclass(frozen=True)
class Sleeps:
    """Write the process id, then sleep for a long time."""

    where: Path

    def __call__(self, item: int) -> int:
        (self.where / str(os.getpid())).touch()
        time.sleep(120)
        return item
