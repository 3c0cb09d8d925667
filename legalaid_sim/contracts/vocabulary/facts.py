"""What the simulator tells a contract, and what a contract answers.

Four answers are kept apart: money (``Line``), burden (``Burden``), permission (``Permission``) and flags. Entitlement
(what work earns) is a ``Line``; cash (when it is paid) is a ``Payment``. None of these knows who is simulating: a
claims file, a worked example and a simulated agency all send the same facts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from itertools import compress
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from legalaid_sim.contracts.vocabulary.words import of_sort

NOTHING: Mapping[str, int] = MappingProxyType({})
TIME_HEADINGS = tuple(word.name for word in of_sort("minutes"))


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Who holds the contract. ``heads`` is the eligible population of its area, for capitation."""

    name: str = "provider"
    region: str = "elsewhere"
    vat_registered: bool = False
    heads: int = 0
    facts: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(slots=True)
class MatterFacts:
    """One matter as the contract sees it; filled in as the matter goes on.

    ``minutes`` are by heading (profit, travel, waiting, advocacy). ``by_adviser`` gives minutes per adviser, for
    measures of who led. ``costs`` are whole pence by heading where a claim states costs rather than time (profit,
    counsel, travel, waiting, disbursements, disbursement_vat, ...). ``counts`` are events (hearings, interviews,
    sessions). ``facts`` holds anything else that ``applies_to`` may ask (yes/no, text, numbers).
    """

    ref: str
    category: str = ""
    fee_code: str = ""
    region: str = ""
    channel: str = "face_to_face"
    opened: date | None = None
    closed: date | None = None
    outcome: str = ""
    reopened: bool = False
    client: str = ""
    minutes: dict[str, int] = field(default_factory=dict)
    by_adviser: dict[str, int] = field(default_factory=dict)
    contacts_by_adviser: dict[str, int] = field(default_factory=dict)
    costs: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)


def whose(facts: MatterFacts) -> str:
    """Name the client of a matter; a matter that names none is a client of its own."""
    return facts.client or facts.ref


class Line(NamedTuple):
    """One line of entitlement: which phase and block of the contract gives (or takes) how many whole pence."""

    phase: int
    block: str
    pence: int


class Burden(NamedTuple):
    """Admin that the contract demands now: whose minutes, by when, paid or not, and what follows if it is missed.

    ``due`` is the last day on which it is in time. ``clause`` is the id of the block that asks for it.
    """

    clause: str
    adviser_minutes: int
    admin_minutes: int
    due: date
    paid: bool = False


class Permission(NamedTuple):
    """May this matter be opened? When not, ``clause`` and ``reason`` say which rule stands in the way.

    ``manner`` is ``yes``, ``refuse``, ``queue`` or ``seek_authority``; ``until`` is when a queue next moves.
    """

    manner: str
    clause: str = ""
    reason: str = ""
    until: date | None = None


class Settlement(NamedTuple):
    """The answer to one event: entitlement lines, burdens, flags; empty where the contract has nothing to say.

    ``client_pays`` is what a client adds to a budget, in pence: the provider's income, and no money of the contract's.
    ``passed_on`` is what the provider must pay to others: whom, and whole pence.
    """

    lines: tuple[Line, ...] = ()
    burdens: tuple[Burden, ...] = ()
    flags: tuple[str, ...] = ()
    client_pays: int = 0
    passed_on: tuple[tuple[str, int], ...] = ()


class CashPayment(NamedTuple):
    """Cash that moves from payer to provider (negative: back) on a day, under a cash rule.

    ``since`` is the first day of the time that it pays for where that is still to come, ``None`` where it is past.
    """

    on: date
    block: str
    pence: int
    since: date | None = None


class Segment(NamedTuple):
    """A straight piece of a pay curve: from ``start`` minutes the pay is ``base`` pence plus ``slope`` a minute.

    The piece ends where the next one starts; the last one has no end. A jump shows as a ``base`` above where the
    piece before it arrives.
    """

    start: int
    base: float
    slope: float


@dataclass(slots=True)
class PeriodFacts:
    """Sums of one calendar month that ends, as seen by the contract (minutes, counts; ``measures`` for KPIs).

    ``sittings`` are the sessions one by one, where that is known: at which desk, and how many were seen. ``people`` are
    those seen, where they are known, so that nobody is counted twice in a year. ``part`` is how much of the month was
    lived. ``spent`` is what the provider spent, in pence; ``heads`` the eligible population as it stands, where that is
    counted anew.
    """

    first: date
    last: date
    minutes: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    closed: int = 0
    clients_seen: int = 0
    sessions: int = 0
    measures: Mapping[str, float | Fraction] = field(default_factory=dict)
    sittings: tuple[tuple[str, int], ...] = ()
    people: frozenset[str] = frozenset()
    part: Fraction = Fraction(1)
    spent: int = 0
    heads: int | None = None


def told_text(facts: MatterFacts, ranks: Mapping[str, int]) -> str:
    """Write what a contract was told about a matter as one line of JSON; what was left out stays left out.

    ``ranks`` are what the account knew beside it: its place among the matters of a period, and budgets spent.
    """
    values = _TOLD_OF(facts)
    told = dict(compress(zip(TOLD, values), values))
    # The encoder is slow at whatever it must first ask about.
    for name in _DAYS:
        if name in told:
            told[name] = told[name].isoformat()
    told["ranks"] = dict(ranks)
    return _LINE.encode(told)


def read_told(text: str) -> tuple[MatterFacts, dict[str, int]]:
    """Read back what ``told_text`` wrote.

    >>> read_told(told_text(MatterFacts("a", closed=date(2008, 4, 1)), {"grant": 2}))[0].closed
    datetime.date(2008, 4, 1)
    """
    told = json.loads(text)
    ranks = told.pop("ranks")
    days = {name: date.fromisoformat(told[name]) for name in _DAYS if name in told}
    return MatterFacts(**{**told, **days}), ranks


TOLD = tuple(entry.name for entry in fields(MatterFacts))
_TOLD_OF = attrgetter(*TOLD)
_DAYS = ("opened", "closed")

# ``json.dumps`` would make a new one for every matter.
_LINE = json.JSONEncoder(default=str, separators=(",", ":"), check_circular=False)

EMPTY = Settlement()
