"""Which organisation of an area somebody goes to: by nearness, among those that still exist."""

from legalaid_sim.draws import weighted
from legalaid_sim.engine.agency import House
from legalaid_sim.world import PersonDraw


class Area:
    """The organisations of an area, each with its share of people that it is nearest to."""

    def __init__(self, houses: list[House], shares: list[float]) -> None:
        self.houses = houses
        self._shares = shares

    def nearest(self, person: PersonDraw) -> House:
        """The organisation that a person goes to first: by nearness among those that still exist."""
        houses = self.houses
        if len(houses) == 1:
            return houses[0]
        shares = [0.0 if house.shut else share for house, share in zip(houses, self._shares)]
        return houses[weighted(person.nearness, shares if any(shares) else self._shares)]

    def first_choice(self, person: PersonDraw) -> House:
        """Give the organisation nearest to a person when life begins, and all exist."""
        return self.houses[weighted(person.nearness, self._shares) if len(self._shares) > 1 else 0]

    def other_than(self, *houses: House) -> House | None:
        """Give the nearest organisation that still exists and is none of these."""
        others = [other for other in self.houses if other not in houses and not other.shut]
        return min(others, key=lambda other: (-self._shares[other.index], other.index)) if others else None
