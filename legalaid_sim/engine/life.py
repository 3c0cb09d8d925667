"""A life: a world lived under a regime so far. It can be lived on, parted between regimes, laid down and taken up."""

from collections.abc import Iterator, Sequence

from legalaid_sim.engine.clock import live
from legalaid_sim.engine.copies import Copies, laid_down, parts_of, taken_up
from legalaid_sim.engine.regime import Regime
from legalaid_sim.engine.setup import Engine, begun, window_of
from legalaid_sim.events import Log
from legalaid_sim.garbage import collected_later
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import World


class Simulation:
    """One world lived under one regime, up to a minute."""

    def __init__(self, world: World, scenario: Scenario, regime: Regime, log: Log, engine: Engine) -> None:
        self.world, self.scenario, self.regime = world, scenario, regime
        self.log = log
        self._engine = engine

    @classmethod
    def begun(cls, world: World, scenario: Scenario, regime: Regime) -> "Simulation":
        """Begin a life on its first day."""
        log = Log(window_of(scenario))
        with collected_later():
            engine = begun(world, scenario, regime, log.events.append)
        return cls(world, scenario, regime, log, engine)

    @property
    def now(self) -> int:
        """The last minute at which something happened."""
        return int(self._engine.common.clock.now)

    def live_to(self, minute: int) -> None:
        """Live all that comes before a minute, and nothing beyond the end."""
        with collected_later():
            self._live(min(minute, self.log.window.ends))

    def to_its_end(self) -> Log:
        """Live the rest and give the log; nothing is left to be lived afterwards."""
        with collected_later():
            self._live(self.log.window.ends)
            self._engine.agenda.leave_open(self.log.window.ends)
            self._engine.end()
        return self.log

    def _live(self, until: int) -> None:
        live(self._engine.common.clock, until, self._engine)

    # ---- copies --------------------------------------------------------------------------------------------------

    def parted(self, regimes: Sequence[Regime]) -> "Iterator[Simulation]":
        """Give a life for each regime that goes on from here; the last of them is this one itself.

        The regimes must agree in all that has been in force so far: see ``simulate.differ_on``.
        """
        *others, own = regimes
        if others:
            kept = Copies(self._engine, self._given())
            told = tuple(self.log.events)
        for regime in others:
            log = Log(self.log.window, told)
            # In the order of ``_given``: another log to tell, and no changes until it turns to its regime.
            engine = kept.another((log.events.append, []))
            life = Simulation(self.world, self.scenario, regime, log, engine)
            life._turn_to(regime)
            yield life
        self._turn_to(own)
        yield self

    def laid_down(self) -> bytes:
        """Write what has become of the run so far, to be taken up with the same world, scenario and regime."""
        told = [tuple(self.log.events), self._engine]
        return laid_down(told, [*self._given(), *_shared(self.world, self.scenario, self.regime)])

    @classmethod
    def taken_up(cls, text: bytes, world: World, scenario: Scenario, regime: Regime) -> "Simulation":
        """Go on with a life that was laid down."""
        log = Log(window_of(scenario))
        told, engine = taken_up(text, [log.events.append, [], *_shared(world, scenario, regime)])
        log.events.extend(told)
        life = cls(world, scenario, regime, log, engine)
        life._turn_to(regime)
        return life

    def _given(self) -> tuple[object, object]:
        """What every copy has others of: where it tells what happens, and what is still to come into force."""
        return self._engine.common.tell, self._engine.month_end.changes

    def _turn_to(self, regime: Regime) -> None:
        """Let another regime's later phases come into force instead."""
        self.regime = regime
        self._engine.turn_to(regime, self.scenario)


def _shared(world: World, scenario: Scenario, regime: Regime) -> list[object]:
    """What a life that was laid down is given again: the world and all in it, and compiled contracts."""
    found = [*parts_of(world)]
    for phase in regime.phases(scenario.period.begins):
        for terms in (*phase.terms, *(each for held in phase.own.values() for each in held)):
            found += [terms, terms.library, terms.context, terms.rounded]
    return found
