"""What problems bring with them beyond their needs: facts of the matter, time out, money laid out.

Part of the world: the same for every contract, and the same again where a problem is brought back. Each fact, heading
and kind has a stream of its own, keyed by its name, so that a further one moves no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from legalaid_sim import draws
from legalaid_sim.scenario.brings import FixedDate, Outlay, meant
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, round_half_up

SLOTS = 32
COLUMNS = 4
# The column of what needs one uniform alone: a fact, an errand, whether a client goes elsewhere.
ONLY = 0


class LaidOut(NamedTuple):
    """Money to be laid out: what it is for, whole pence before VAT, its VAT, and units (-1: not counted).

    ``cost`` says that it is a cost with a heading of its own, such as counsel, and no disbursement.
    """

    kind: str
    net: int
    vat: int
    units: int
    cost: bool


class DateDraw(NamedTuple):
    """A day that waits for nobody: minutes from onset to it, the minute of the day, at which desk ("": none)."""

    after: int
    opens: int
    desk: str


class Brought(NamedTuple):
    """What one problem brings: facts by name, whole minutes by heading, money to be laid out.

    ``u_leaves`` is compared with the chance of having left by now, in a scenario in which clients may switch.
    """

    facts: tuple[tuple[str, str | bool], ...] = ()
    minutes: tuple[tuple[str, int], ...] = ()
    outlays: tuple[LaidOut, ...] = ()
    u_leaves: float = 1.0
    date: DateDraw | None = None


class _OutlayDraws(NamedTuple):
    """Uniforms of one outlay: whether it is needed, how much it costs, in how many units."""

    needed: float
    net: float
    units: float


class _DateDraws(NamedTuple):
    """Uniforms of a date: whether there is one, and when."""

    given: float
    days: float


_of_date = draws.layout(_DateDraws, COLUMNS, given=0, days=1)
_of_outlay = draws.layout(_OutlayDraws, COLUMNS, needed=0, net=1, units=2)

NOTHING = Brought()
RowsOfDraws = Mapping[tuple[str, str], Sequence[float]]


class Bringing:
    """Draws what the problems of a crowd bring with them, and writes it down by the id of the problem."""

    def __init__(self, scenario: Scenario, seed: int, family: str, found: dict[str, Brought]) -> None:
        kinds = scenario.clients.problems
        leaves = [("switch", "")] if scenario.clients.switching else []
        self._streams = {name: (*_streams(kind), *leaves) for name, kind in kinds.items()}
        self._kinds, self._seed, self._family, self._found = kinds, seed, family, found
        self._all = dict.fromkeys(key for keys in self._streams.values() for key in keys)
        self._tables: dict[tuple[str, str, int], draws.DrawTable] = {}

    @property
    def brings(self) -> bool:
        """Whether anything is drawn at all."""
        return bool(self._all)

    def draw(self, slot: int, first: int, wanted: Sequence[int], plans: Sequence[Any]) -> None:
        """Draw for the problems of one slot: ``plans[n]`` is that of the person ``first + wanted[n]``."""
        rows: list[dict[tuple[str, str], Sequence[float]]] = [{} for _ in plans]
        for key in self._all:
            about = [n for n, plan in enumerate(plans) if key in self._streams[plan.category]]
            table = self._table(*key, slot)
            for n, row in zip(about, table.picked(first, [wanted[n] for n in about]) if about else ()):
                rows[n][key] = row
        for plan, drawn in zip(plans, rows):
            if drawn:
                self._found[plan.id] = _brought(self._kinds[plan.category], drawn)

    def _table(self, purpose: str, name: str, slot: int) -> draws.DrawTable:
        found = self._tables.get((purpose, name, slot))
        if found is None:
            # By name: ``hash`` differs between processes, and a place in the file would move what was there before.
            number = crc32(name.encode()) * SLOTS + slot
            found = self._tables[purpose, name, slot] = draws.DrawTable(
                self._seed, purpose, number, COLUMNS, self._family
            )
        return found


def _streams(kind: ProblemKind) -> Iterator[tuple[str, str]]:
    """Name the streams that a kind of problem needs: purpose and name."""
    yield from (("fact", name) for name in kind.facts)
    yield from (("errand", name) for name in type(kind.work).model_fields if getattr(kind.work, name))
    yield from (("outlay", name) for name in (*kind.costs, *kind.disbursements))
    if kind.date is not None:
        yield "date", ""


def _brought(kind: ProblemKind, rows: RowsOfDraws) -> Brought:
    facts = ((name, _value(shares, rows["fact", name][ONLY])) for name, shares in kind.facts.items())
    minutes = (
        (name, given.whole()((rows["errand", name][ONLY],))[0])
        for name in type(kind.work).model_fields
        if (given := getattr(kind.work, name))
    )
    outlays = (
        _outlay(name, outlay, _of_outlay(rows["outlay", name]), name in kind.costs)
        for name, outlay in (*kind.costs.items(), *kind.disbursements.items())
    )
    return Brought(
        tuple((name, value) for name, value in facts if value is not None),
        tuple((name, length) for name, length in minutes if length),
        tuple(paid for paid in outlays if paid is not None),
        rows["switch", ""][ONLY] if ("switch", "") in rows else 1.0,
        None if kind.date is None else _date(kind.date, _of_date(rows["date", ""])),
    )


def _date(date: FixedDate, row: _DateDraws) -> DateDraw | None:
    if row.given >= date.share:
        return None
    after = date.days.whole(MINUTES_PER_DAY)((row.days,))[0]
    return DateDraw(after, round_half_up(date.opens * MINUTES_PER_HOUR), date.at or "")


def _value(shares: Mapping[str, float], u: float) -> str | bool | None:
    """Give the value whose part of the unit interval holds ``u``, or none."""
    reached = 0.0
    for value, share in shares.items():
        reached += share
        if u < reached:
            return meant(value)
    return None


def _outlay(name: str, outlay: Outlay, row: _OutlayDraws, cost: bool) -> LaidOut | None:
    if row.needed >= outlay.chance:
        return None
    net = outlay.pounds.whole(100.0)((row.net,))[0]
    vat = round_half_up(net * outlay.vat_percent / 100)
    units = -1 if outlay.units is None else outlay.units.whole()((row.units,))[0]
    return LaidOut(name, net, vat, units, cost)
