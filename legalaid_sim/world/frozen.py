"""The world as it is held: frozen, with a digest of all that is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from legalaid_sim.brought import Brought
from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.world.digest import Drawn
from legalaid_sim.world.records import BookedDraws, PersonDraw, PostPlan, Session


@dataclass(frozen=True, slots=True)
class World:
    """Everything that chance decides, with a digest that is equal for equal worlds.

    ``brought`` says, by the id of a problem, what it brings with it; ``sessions`` are those at desks elsewhere, in
    order. Both hold nothing where the scenario says nothing. Where appointments are booked, ``booked`` says by problem
    what decides about its meetings, ``sick`` by post which of the shifts that diaries foresee sickness takes.
    """

    seed: int
    people: tuple[PersonDraw, ...]
    posts: tuple[PostPlan, ...]
    opening: tuple[MinuteSpan, ...]
    days: int
    payer: tuple[tuple[float, ...], ...]
    brought: Mapping[str, Brought] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    booked: Mapping[str, BookedDraws] = field(default_factory=dict)
    sick: Mapping[str, tuple[MinuteSpan, ...]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the world, in order; of values, whatever they are called."""
        drawn = Drawn()
        drawn.frame(self.seed, self.days, self.opening, self.payer)
        drawn.many(self.people, drawn.person)
        drawn.many(self.posts, drawn.post)
        drawn.many(tuple(self.brought.items()), drawn.brought)
        drawn.many(self.sessions, drawn.session)
        # Where no appointment is booked a world has the digest that it had before any could be.
        if self.booked or self.sick:
            drawn.many(tuple(self.booked.items()), drawn.booked)
            drawn.many(tuple(self.sick.items()), drawn.sick)
        dates = [(problem, each.date) for problem, each in self.brought.items() if each.date is not None]
        if dates:
            drawn.many(dates, drawn.date)
        return drawn.digest()

    def __repr__(self) -> str:
        people = f"people={len(self.people):,}, posts={len(self.posts)}, days={self.days}"
        return f"World(seed={self.seed}, {people}, digest={self.digest[:8]}…)"
