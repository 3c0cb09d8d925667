"""Worlds drawn before, given again where nothing that they were drawn from has changed.

Of the scenario only what a world may read is handed to the drawing at all (``reaching``), so that two scenarios which
agree in it cannot be told apart there. Of the evidence, what was read while drawing is noted, and a world is given
again only where all of it still has the same value.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.scenario.agencies import Organisation
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.parts import About
from legalaid_sim.world import drawn
from legalaid_sim.world.frozen import World

MOST_KEPT = 8
_REACHING = frozenset({"kind", "schema_version", "period", "start", "clients", "advisers", "agencies"})
_OF_ORGANISATION = ("name", "may_shrink", "supervision_minutes_per_week", "sessions", "appointments")
_ABOUT: Final = About(title="a world", question="what is drawn?")


def reaching(scenario: Scenario) -> Scenario:
    """Give the scenario with nothing left in it that a world may not read."""
    usual = {
        name: field.get_default(call_default_factory=True)
        for name, field in Scenario.model_fields.items()
        if name not in _REACHING and not field.is_required()
    }
    agencies = [
        agency.model_copy(update={"organisation": _of_organisation(agency.organisation)})
        for agency in scenario.agencies
    ]
    own = {
        "about": _ABOUT,
        "agencies": agencies,
        "organisation": _of_organisation(scenario.organisation),
    }
    return scenario.model_copy(update={**usual, **own})


def _of_organisation(organisation: Organisation) -> Organisation:
    return Organisation().model_copy(update={name: getattr(organisation, name) for name in _OF_ORGANISATION})


class _Noted(Assumptions):
    """Parameters that remember which of them were read."""

    def __init__(self, assumptions: Assumptions) -> None:
        super().__init__(dict(assumptions), assumptions.overridden)
        self.read: dict[str, Distribution] = {}

    def __getitem__(self, path: str) -> Distribution:
        value = self.read[path] = super().__getitem__(path)
        return value

    def __iter__(self) -> Iterator[str]:
        # Whoever goes through all of them may have read any.
        self.read.update(self._values)
        return iter(self._values)

    def number(self, path: str) -> float:
        """The value of a fixed parameter, or the mean of one given as a distribution."""
        self.read[path] = self._values[path]
        return super().number(path)


class _Kept(NamedTuple):
    """A world with all that it was drawn from."""

    seed: int
    scenario: str
    read: dict[str, Distribution]
    world: World


class Worlds:
    """Worlds drawn before, those last asked for first."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []

    def sample(self, scenario: Scenario, seed: int, most: int) -> World:
        """Give the world that ``world.sample`` gives; so many of those drawn are kept, ``MOST_KEPT`` at most."""
        part, assumptions = reaching(scenario), resolve(scenario.assumptions)
        text = part.model_dump_json()
        for kept in self._kept:
            if kept.seed == seed and kept.scenario == text and _same(kept.read, assumptions):
                self._kept.remove(kept)
                break
        else:
            noted = _Noted(assumptions)
            kept = _Kept(seed, text, noted.read, drawn(part, noted, seed))
        self._kept[:] = [kept, *self._kept][: min(most, MOST_KEPT)]
        return kept.world


def _same(read: dict[str, Distribution], assumptions: Assumptions) -> bool:
    return all(assumptions[path] == value for path, value in read.items())


_HERE = Worlds()


def sample_again(scenario: Scenario, seed: int, most: int) -> Any:
    """Give the world of ``world.sample`` from those that this process keeps, or draw and keep it."""
    return _HERE.sample(scenario, seed, most)
