"""The append-only log of one run, and the window that it speaks of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from legalaid_sim.events.records import KINDS, Event
from legalaid_sim.tabular import as_html, counted
from legalaid_sim.units import MINUTES_PER_DAY

E = TypeVar("E", bound=tuple)  # type: ignore[type-arg]


class Window(NamedTuple):
    """The minutes that a log speaks of: lead-in before ``opens``, run-out after ``closes``, over at ``ends``."""

    opens: int
    closes: int
    ends: int


class Log:
    """All that happened in one run, in the order it happened; ``of(kind)`` gives one kind, in order."""

    def __init__(self, window: Window, events: Iterable[Event] = ()) -> None:
        self.window = window
        self.events: list[Event] = list(events)
        self._by_kind: dict[type, list[Event]] | None = None
        self._counted = -1

    def append(self, event: Event) -> None:
        """Add what just happened."""
        self.events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        """Give all records of one kind, in order; an empty list where there are none."""
        if self._by_kind is None or self._counted != len(self.events):
            by_kind: dict[type, list[Event]] = defaultdict(list)
            for event in self.events:
                by_kind[type(event)].append(event)
            self._by_kind = by_kind
            self._counted = len(self.events)
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

    def rows(self, kind: type[Event]) -> list[dict[str, Any]]:
        """Give all records of one kind as plain rows, in order; times are whole minutes, money whole pence.

        Raises ``TypeError`` for what is no class of records, such as a name.
        """
        if kind not in KINDS:
            raise TypeError(f"{kind!r} is no kind of record; give a class of events, such as events.Contact")
        return [event._asdict() for event in self.of(kind)]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __repr__(self) -> str:
        opens, closes, ends = (f"{minute // MINUTES_PER_DAY:,}" for minute in self.window)
        return f"Log({counted(len(self), 'record')}; of days 0 to {ends}, {opens} to {closes} count)"

    def _repr_html_(self) -> str:
        kinds = sorted({type(event) for event in self.events}, key=lambda kind: kind.__name__)
        return as_html(
            repr(self),
            [{"record": kind.__name__, "number": len(self.of(kind))} for kind in kinds],
            len(kinds),
        )
