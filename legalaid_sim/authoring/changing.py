"""What a matter of one kind gets under a second contract instead of a first, in words."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from legalaid_sim.contracts.analysis.population import HOURS, MatterKind, Reply, answer
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.units import MINUTES_PER_HOUR

LAST = HOURS * MINUTES_PER_HOUR
AskPay = Callable[[int], Reply]
ReplyPair = tuple[Reply, Reply]


def changed(
    before: CompiledTerms, after: CompiledTerms, kind: MatterKind, points: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Say what changes for a kind of matter, part by part: who pays for it, its pay with its flags, its duties.

    ``points`` are minutes of work to look at beside whole hours.
    """
    pair = _asking(before, kind), _asking(after, kind)
    first = answer(before, kind, 0, duties=True), answer(after, kind, 0, duties=True)
    hours = [(pair[0](minutes), pair[1](minutes)) for minutes in range(0, LAST + 1, MINUTES_PER_HOUR)]
    paid = (*_pay(hours), *_flags(pair, hours)) if any(_both_pay(both) for both in hours) else ()
    parts = (tuple(_covered(hours)), paid or tuple(_between(pair, hours, points)), tuple(_duties(first)))
    return tuple(part for part in parts if part)


def _both_pay(both: ReplyPair) -> bool:
    return not (both[0].refused or both[1].refused)


def _asking(terms: CompiledTerms, kind: MatterKind) -> AskPay:
    known: dict[int, Reply] = {}

    def ask(minutes: int) -> Reply:
        if minutes not in known:
            known[minutes] = answer(terms, kind, minutes)
        return known[minutes]

    return ask


def _covered(hours: Sequence[ReplyPair]) -> Iterator[str]:
    """Tell where one side refuses what the other pays for."""
    for one, other, words in ((0, 1, "second"), (1, 0, "first")):
        codes = dict.fromkeys(
            both[one].refused for both in hours if both[one].refused and not both[other].refused
        )
        if codes:
            yield f"paid for by the {words} only (refused by the other: {', '.join(codes)})"


def _pay(hours: Sequence[ReplyPair]) -> Iterator[str]:
    gains = [both[1].pence - both[0].pence if _both_pay(both) else None for both in hours]
    if not any(gains):
        return
    runs = [(gain, len(list(same))) for gain, same in groupby(gains)]
    if len(runs) == 1:
        yield f"pay {_signed(gains[0])} whatever the hours"
        return
    yield "pay " + ", ".join(_stretches(_joined(runs)))


def _joined(runs: Sequence[tuple[int | None, int]]) -> Iterator[list[int | None]]:
    """Put single hours that each differ from the next together as one slope."""
    for single, group in groupby(runs, key=lambda run: run[1] == 1 and run[0] is not None):
        if single:
            yield [gain for gain, _ in group]
        else:
            yield from ([gain] * length for gain, length in group)


def _stretches(stretches: Iterator[list[int | None]]) -> Iterator[str]:
    hour = 0
    for gains in stretches:
        last = hour + len(gains) - 1
        span = (
            f"at {hour} h"
            if last == hour
            else f"from {hour} h on"
            if last == HOURS
            else f"{hour} to {last} h"
        )
        if gains[0] is not None and any(gains):
            pay = (
                _signed(gains[0]) if gains[0] == gains[-1] else f"{_signed(gains[0])} to {_signed(gains[-1])}"
            )
            yield f"{pay} {span}"
        elif gains[0] == 0:
            yield f"unchanged {span}"
        hour = last + 1


def _signed(pence: int | None) -> str:
    return f"{'-' if (pence or 0) < 0 else '+'}{money(abs(pence or 0))}"


def _flags(pair: tuple[AskPay, AskPay], hours: Sequence[ReplyPair]) -> Iterator[str]:
    named = dict.fromkeys(flag for both in hours for answered in both for flag in answered.flags)
    for flag in named:
        one, other = (_raised(ask, flag, [both[side] for both in hours]) for side, ask in enumerate(pair))
        if one != other:
            yield f"{flag.replace('_', ' ')} {one} -> {other}"


def _raised(ask: AskPay, flag: str, hours: Sequence[Reply]) -> str:
    """Say from how many hours on a flag is raised, to a tenth of an hour."""
    first = next((hour for hour, answered in enumerate(hours) if flag in answered.flags), None)
    if not first:
        return "never" if first is None else "always"
    low, high = (first - 1) * MINUTES_PER_HOUR, first * MINUTES_PER_HOUR
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if flag in ask(middle).flags else (middle, high)
    return f"from {high / MINUTES_PER_HOUR:.1f} h"


def _duties(pair: ReplyPair) -> Iterator[str]:
    if not _both_pay(pair):
        return
    one, other = (dict(answered.duties) for answered in pair)
    for name in dict.fromkeys((*one, *other)):
        if one.get(name, 0) != other.get(name, 0):
            yield f"{name} {one.get(name, 0)} -> {other.get(name, 0)} minutes"


def _between(pair: tuple[AskPay, AskPay], hours: Sequence[ReplyPair], points: Sequence[int]) -> Iterator[str]:
    """Look at single minutes where whole hours show nothing, though a threshold is passed between two of them."""
    passing = (
        hour * MINUTES_PER_HOUR + minute
        for hour, (here, there) in enumerate(pairwise(hours))
        if _passed(here[0], there[0]) != _passed(here[1], there[1]) or _passed(here[0], there[0])
        for minute in range(MINUTES_PER_HOUR)
        if here[0].margins != here[1].margins and _both_pay(here) and _both_pay(there)
    )
    found = [
        minute
        for minute in sorted({*points, *passing})
        if _both_pay((pair[0](minute), pair[1](minute))) and _told(pair[0](minute)) != _told(pair[1](minute))
    ]
    if found:
        most = max((pair[1](minute).pence - pair[0](minute).pence for minute in found), key=abs)
        ends = dict.fromkeys(f"{minute / MINUTES_PER_HOUR:.2f}" for minute in (found[0], found[-1]))
        yield f"pay {_signed(most)} at {' to '.join(ends)} h only"


def _passed(here: Reply, there: Reply) -> tuple[str, ...]:
    """Name the thresholds that lie between two answers."""
    later = dict(there.margins)
    return tuple(name for name, margin in here.margins if (margin > 0) != (later.get(name, margin) > 0))


def _told(answered: Reply) -> tuple[int, str, tuple[str, ...]]:
    return answered.pence, answered.refused, answered.flags


def differ(
    one: Sequence[Reply], other: Sequence[Reply], more: Callable[[], tuple[tuple[str, ...], ...]]
) -> bool:
    """Tell whether anything that a reader would be told differs, given what was seen of a matter.

    ``more`` says what changes where only something that pays nothing by itself was seen to differ.
    """
    if one == other or all(a.refused and b.refused for a, b in zip(one, other)):
        return False
    plain = any(_told(a) != _told(b) for a, b in zip(one, other))
    return plain or bool(more())


def seen(terms: CompiledTerms, kind: MatterKind, points: Sequence[int]) -> tuple[Reply, ...]:
    """Give the answers at the minutes that are looked at."""
    return tuple(answer(terms, kind, minutes, place == 0) for place, minutes in enumerate(points))
