"""What each block and key of a contract needs to happen, and which of them nothing in a setting reaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.common import HeadingLimit, PaymentBlock
from legalaid_sim.contracts.kinds.registry import CONTROLS, KINDS, PAYMENTS, PERMISSIONS, grants
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.settings import LivedSetting
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted, either, wanted

SUMS = ("total", "fees", "hourly")


class Need(NamedTuple):
    """A block or a key by its path, and all that it needs, of each one or another; ``never`` shuts it out."""

    path: str
    block: str
    all_of: tuple[AnyOf, ...]
    never: tuple[Wanted, ...] = ()

    def missing(self, settings: Sequence[LivedSetting]) -> AnyOf | None:
        """Give what no setting brings about; nothing where one brings about all of it."""
        if any(self.met(setting) for setting in settings):
            return None
        for any_of in self.all_of:
            if not any(wanted.here(setting) for wanted in any_of for setting in settings):
                return any_of
        return next((any_of for any_of in reversed(self.all_of)), self.never)

    def met(self, setting: LivedSetting) -> bool:
        """Tell whether one setting brings about all of it."""
        shut_out = bool(self.never) and all(wanted.always(setting) for wanted in self.never)
        return not shut_out and all(any(w.here(setting) for w in any_of) for any_of in self.all_of)


class Unreached(NamedTuple):
    """What nothing reaches: the path, the block it belongs to, and what would have to happen."""

    path: str
    block: str
    missing: AnyOf

    @property
    def whole(self) -> bool:
        """Whether it is a whole block, and not one of its keys."""
        return self.path.count(".") == 1

    @property
    def because(self) -> str:
        """Say what does not happen."""
        return " or ".join(map(str, self.missing))

    @property
    def remedy(self) -> str:
        """Say what in a scenario would bring it about, or why no run does."""
        words = [word for wanted in self.missing if (word := wanted.word) and word.needs]
        said = [f"it needs {word.needs}" if word.raised else word.needs for word in words]
        return "; ".join(dict.fromkeys(said))


def unreached(contract: Contract, settings: Sequence[LivedSetting]) -> tuple[Unreached, ...]:
    """Give every block and key of a contract that no run can reach in any of these settings, in the contract's order.

    What hangs on other blocks (a limit on payments, a ladder that counts targets) is lost with the last of them. Keys
    of a block that is not reached itself are not given.
    """
    # Whoever is turned away because no payment is for them reaches nothing.
    taken_on = [setting for setting in settings if covered(contract, setting)] or settings
    lost: dict[str, Unreached] = {}
    parts: list[Unreached] = []
    for need in needs_of(contract):
        if need.block in lost:
            continue
        missing = need.missing(taken_on)
        if missing is not None:
            found = Unreached(need.path, need.block, missing)
            if found.whole:
                lost[need.block] = found
            else:
                parts.append(found)
    for found in _hanging(contract, lost):
        lost.setdefault(found.block, found)
    order = {block.id: n for n, (_, block) in enumerate(blocks_of(contract))}
    return tuple(sorted((*lost.values(), *parts), key=lambda one: order[one.block]))


def covered(contract: Contract, setting: LivedSetting) -> bool:
    """Tell whether matters of a setting are taken on: of a category named, and with a payment for them."""
    if contract.categories and setting.kind not in contract.categories:
        return False
    base = [block for block in contract.payments if PAYMENTS[block.kind].is_base]
    granted = any(map(grants, contract.payments))
    return granted or not base or any(_for_them(block).met(setting) for block in base)


def _for_them(block: Any) -> Need:
    asked = tuple(wanted(name, condition) for name, condition in block.applies_to.items())
    payment = PAYMENTS.get(block.kind)
    asked += tuple(payment.asks(block)) if payment else ()
    never = tuple(wanted(name, condition)[0] for name, condition in block.not_if.items())
    return Need(f"payments.{block.id}", block.id, asked, never)


def blocks_of(contract: Contract) -> Iterator[tuple[str, Any]]:
    """Go through the blocks of a contract with the list that each stands in."""
    for room in ("payments", "taxes", "duties", "permissions", "standards", "controls"):
        yield from ((room, block) for block in getattr(contract, room))


def needs_of(contract: Contract) -> Iterator[Need]:
    """Give what the blocks of a contract need, each block before its keys."""
    authorities = {block.id for block in contract.permissions if PERMISSIONS[block.kind].decide}
    for room, block in blocks_of(contract):
        path = f"{room}.{block.id}"
        _, _, conditions, never = _for_them(block)
        yield Need(path, block.id, (*conditions, *_whole(block)), never)
        for part, any_of in _parts(block, authorities):
            yield Need(f"{path}.{part}", block.id, (*conditions, any_of), never)


def _hanging(contract: Contract, lost: Mapping[str, Unreached]) -> Iterator[Unreached]:
    for block in contract.payments:
        holds = PAYMENTS[block.kind].holds
        held = holds(block) if holds else ()
        if held and all(name in lost for name in held):
            yield Unreached(f"payments.{block.id}", block.id, lost[held[0]].missing)
    for control in contract.controls:
        what = CONTROLS[control.kind].hangs_on(control)
        raised = [other.id for other in contract.controls if what and what in KINDS[other.kind].raises(other)]
        if raised and all(name in lost for name in raised):
            yield Unreached(f"controls.{control.id}", control.id, lost[raised[0]].missing)


# what a block cannot do without ---------------------------------------------------------------------------------


EARNED_AT = {"on_stage": "stage_reached", "on_event": "event_happened"}


def _whole(block: Any) -> Iterator[AnyOf]:
    payment = PAYMENTS.get(block.kind)
    earned = EARNED_AT.get(getattr(block, "earned", ""))
    if earned is not None and not (payment and payment.own_moment):
        yield (Wanted("event", earned),)
    yield from KINDS[block.kind].needs(block)


# what its keys need ---------------------------------------------------------------------------------------------


def _parts(block: Any, authorities: Iterable[str]) -> Iterator[NeededKey]:
    if isinstance(block, PaymentBlock):
        for key, limit in block.limits.items():
            yield from _limit(key, limit, set(authorities))
        for name, terms in getattr(block, "bolt_ons", {}).items():
            yield f"bolt_ons.{name}", (Wanted("count", terms.counts or name),)
        yield from ((f"extras.{name}", (Wanted("costs", name),)) for name in getattr(block, "extras", ()))
    yield from KINDS[block.kind].parts(block)


def _limit(key: str, limit: HeadingLimit, authorities: set[str]) -> Iterator[NeededKey]:
    headings = limit.on or (key,)
    if not any(heading in SUMS for heading in headings):
        yield f"limits.{key}", tuple(wanted for heading in headings for wanted in either(heading))
    if limit.unless and limit.unless not in authorities:
        yield f"limits.{key}.unless", wanted(limit.unless)
