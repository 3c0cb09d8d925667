"""Which organisation of an area somebody goes to: by nearness, among those that still exist."""

from collections.abc import Mapping

from legalaid_sim.draws import weighted
from legalaid_sim.engine.agency import House
from legalaid_sim.world import PersonDraw


class Area:
    """The organisations of an area, each with its share of people that it is nearest to."""

    def __init__(self, houses: list[House], shares: list[float], choosing: str = "nearest") -> None:
        self.houses = houses
        self._shares = shares
        self._choosing = choosing

    def nearest(self, person: PersonDraw) -> House:
        """The organisation that a person goes to first: by nearness among those that still exist."""
        houses = self.houses
        if len(houses) == 1:
            return houses[0]
        if person.only_own:
            return self.first_choice(person)
        shares = [0.0 if house.shut else share for house, share in zip(houses, self._shares)]
        return houses[weighted(person.nearness, shares if any(shares) else self._shares)]

    def asked_first(self, person: PersonDraw, met: Mapping[str, tuple[float, int]]) -> House:
        """Give the organisation that a person asks first: the nearest, or the one that a budget is taken to.

        Whoever has met advisers (``met`` says when) takes it to the one whom they met last of those still at work.
        """
        if self._choosing == "nearest" or person.only_own:
            return self.nearest(person)
        return self._known_at(met) or self._chosen(self.houses) or self.nearest(person)

    def _known_at(self, met: Mapping[str, tuple[float, int]]) -> House | None:
        """Give the organisation of the adviser whom somebody met last, of those with whom a budget may be spent."""
        known = [
            (met[desk.adviser][1], -house.index)
            for house in self.houses
            if not house.shut and house.takes_budgets
            for desk in house.desks
            if desk.adviser in met
        ]
        return self.houses[-max(known)[1]] if known else None

    def turned_to(self, left: House) -> House | None:
        """Give the organisation that a client turns to who takes a budget away from one."""
        if self._choosing != "nearest":
            return self._chosen([house for house in self.houses if house is not left])
        return self.other_than(left)

    def _chosen(self, houses: list[House]) -> House | None:
        """Give the organisation of those where a budget may be spent that has the shortest queue for its hours."""
        open_to = [house for house in houses if not house.shut and house.takes_budgets]
        return min(
            open_to, key=lambda house: (house.queue, -self._shares[house.index], house.index), default=None
        )

    def first_choice(self, person: PersonDraw) -> House:
        """Give the organisation nearest to a person when life begins, and all exist."""
        return self.houses[weighted(person.nearness, self._shares) if len(self._shares) > 1 else 0]

    def has_other_for(self, category: str, house: House) -> bool:
        """Say whether another organisation has posts for a kind of problem, and this one has none."""
        if len(self.houses) == 1 or not house.lacks(category):
            return False
        return any(other is not house and not other.lacks(category) for other in self.houses)

    def other_than(self, *houses: House) -> House | None:
        """Give the nearest organisation that still exists and is none of these."""
        others = [other for other in self.houses if other not in houses and not other.shut]
        return min(others, key=lambda other: (-self._shares[other.index], other.index)) if others else None
