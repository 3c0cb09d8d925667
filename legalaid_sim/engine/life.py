"""A life: a world lived under a regime so far. It can be lived on, parted between regimes, laid down and taken up."""

from collections.abc import Iterator, Sequence

from legalaid_sim.engine.clock import live
from legalaid_sim.engine.copies import Copies, laid_down, parts_of, taken_up
from legalaid_sim.engine.regime import Regime, outreach
from legalaid_sim.engine.setup import begun, changes_of, window_of
from legalaid_sim.events import Log
from legalaid_sim.garbage import collected_later
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import World


class Life:
    """One world lived under one regime, up to a minute."""

    def __init__(self, world: World, scenario: Scenario, regime: Regime) -> None:
        self.world, self.scenario, self.regime = world, scenario, regime
        self.log = Log(window_of(scenario))
        with collected_later():
            self._run = begun(world, scenario, regime, self.log.events.append)

    @property
    def now(self) -> int:
        """The last minute at which something happened."""
        return int(self._run.env.now)

    def live_to(self, minute: int) -> None:
        """Live all that comes before a minute, and nothing beyond the end."""
        with collected_later():
            live(self._run.env, min(minute, self.log.window.ends), self._run.intake)

    def to_its_end(self) -> Log:
        """Live the rest and give the log; nothing is left to be lived afterwards."""
        with collected_later():
            live(self._run.env, self.log.window.ends, self._run.intake)
            self._run.intake.leave_open(self.log.window.ends)
            self._run.end()
        return self.log

    # ---- copies --------------------------------------------------------------------------------------------------

    def parted(self, regimes: Sequence[Regime]) -> "Iterator[Life]":
        """Give a life for each regime that goes on from here; the last of them is this one itself.

        The regimes must agree in all that has been in force so far: see ``agree_until``.
        """
        *others, own = regimes
        if others:
            kept = Copies(self._run, self._given())
            told = tuple(self.log.events)
        for regime in others:
            life = self._bare()
            life.log.events.extend(told)
            life._run = kept.another((life.log.events.append, []))
            life._turn_to(regime)
            yield life
        self._turn_to(own)
        yield self

    def laid_down(self) -> bytes:
        """Write what has become of the run so far, to be taken up with the same world, scenario and regime."""
        told = [tuple(self.log.events), self._run]
        return laid_down(told, [*self._given(), *_shared(self.world, self.scenario, self.regime)])

    @classmethod
    def taken_up(cls, text: bytes, world: World, scenario: Scenario, regime: Regime) -> "Life":
        """Go on with a life that was laid down."""
        life = cls.__new__(cls)
        life.world, life.scenario, life.regime = world, scenario, regime
        life.log = Log(window_of(scenario))
        told, life._run = taken_up(text, [life.log.events.append, [], *_shared(world, scenario, regime)])
        life.log.events.extend(told)
        life._turn_to(regime)
        return life

    def _bare(self) -> "Life":
        life = type(self).__new__(type(self))
        life.world, life.scenario, life.regime = self.world, self.scenario, self.regime
        life.log = Log(self.log.window)
        return life

    def _given(self) -> tuple[object, object]:
        """What every copy has others of: where it tells what happens, and what is still to come into force."""
        return self._run.tell, self._run.months.changes

    def _turn_to(self, regime: Regime) -> None:
        """Let another regime's later phases come into force instead."""
        self.regime, run = regime, self._run
        phases = regime.phases(run.begins)
        run.months.changes = changes_of(phases, self.scenario, run.settings)
        before = [house.outreach for house in run.houses]
        for house in run.houses:
            house.outreach = outreach(phases, house.name, run.begins)
        if [house.outreach for house in run.houses] != before:
            run.intake.expect_anew()


def _shared(world: World, scenario: Scenario, regime: Regime) -> list[object]:
    """What a life that was laid down is given again: the world and all in it, and compiled contracts."""
    found = [*parts_of(world)]
    for phase in regime.phases(scenario.period.begins):
        for terms in (*phase.terms, *(each for held in phase.own.values() for each in held)):
            found += [terms, terms.library, terms.shop, terms.rounded]
    return found
