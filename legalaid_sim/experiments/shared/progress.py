"""What is told while worlds are lived."""

from collections.abc import Callable

Progress = Callable[[int, int], None]


def silent(done: int, most: int) -> None:
    """Tell nobody that ``done`` of ``most`` are done."""
