"""What a minute costs those who are paid by the year: nothing in slack, their own pay where time is scarce."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import add

from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.effort import solved_benefit, tightness
from legalaid_sim.advisers.load import planned
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.settings import Settings
from legalaid_sim.evidence import register
from legalaid_sim.units import MINUTES_PER_HOUR, add_up

WEEKS_A_YEAR = 52


class Scarcity:
    """The price of a minute, read once when a matter is planned, and the benefit that goes with it.

    A salary is paid whether or not a minute is given, so with slack a minute saves nobody anything; where more is
    promised than there are hours, it is taken from somebody else. ``benefit`` is solved at the usual pay, so that flat
    pay cuts minutes by ``effort.flat_cut`` where time is fully scarce.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._year = settings.full_time_hours * MINUTES_PER_HOUR * WEEKS_A_YEAR
        # At the altruism and the cost that the observed cut was read with, whatever this scenario has.
        known = register()
        cost = known["effort.cost_pence_per_minute"].value.mean
        usual = settings.adviser_pay * 100 / self._year if settings.slack_is_free else cost
        self.benefit = solved_benefit(usual, known["adviser.altruism"].value.mean, settings.flat_cut)

    def price(self, desks: Sequence[Desk], house: House) -> float:
        """Pence that a further minute of these desks costs, by what they have in hand now."""
        settings = self.settings
        if not settings.slack_is_free:
            return settings.cost
        held = [desk for desk in desks if not desk.vacant]
        in_hand = add_up(desk.promised(house.usual) for desk in held)
        posts = reduce(add, (desk.plan.full_time for desk in held), Fraction(0))
        at_work = planned(posts, settings.full_time_hours, settings.horizon)
        scarce = tightness(in_hand, at_work, settings.load_slack, settings.load_full)
        if not scarce or not posts:
            return 0.0
        own = add_up(desk.plan.annual_pay for desk in held) / (float(posts) * self._year)
        return scarce * settings.shadow * own
