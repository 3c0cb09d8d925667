"""The digest of a world: the bytes of its values, in order and without a name."""

import sys
from array import array
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeVar

from legalaid_sim.brought import Brought, DateDraw, LaidOut
from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.world.records import (
    BookedDraws,
    Holder,
    PersonDraw,
    PostPlan,
    ProblemPlan,
    Session,
    Thresholds,
)

Some = TypeVar("Some")


class Drawn:
    """What chance decided, gathered by sort: texts, whole numbers of 64 bits, floating-point numbers of 64 bits.

    Whatever comes in any number is preceded by how many there are, so that no two worlds gather the same.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._whole = array("q")
        self._real = array("d")

    def digest(self) -> str:
        """SHA-256 of what was gathered, the same on every machine."""
        lengths = array("q", map(len, self._texts))
        counts = array("q", (len(lengths), len(self._whole), len(self._real)))
        told = sha256()
        for numbers in (counts, lengths, self._whole, self._real):
            # Little-endian everywhere: the digest is compared between machines.
            if sys.byteorder == "big":
                numbers = numbers[:]
                numbers.byteswap()
            told.update(numbers.tobytes())
        told.update("".join(self._texts).encode())
        return told.hexdigest()

    def many(self, values: Sequence[Some], gather: Callable[[Some], None]) -> None:
        """Gather any number of one kind."""
        self._whole.append(len(values))
        for value in values:
            gather(value)

    def frame(
        self, seed: int, days: int, opening: Sequence[MinuteSpan], payer: Sequence[Sequence[float]]
    ) -> None:
        """Gather what frames a world: its seed, how long it lasts, when it is open, what the payer's checks draw."""
        self._texts.append(str(seed))
        self._whole.append(days)
        self._intervals(opening)
        self.many(payer, self._reals)

    def person(self, person: PersonDraw) -> None:
        """Gather a person with all problems."""
        self._texts.extend((person.id, person.channel))
        self._whole.extend((person.number, person.patience, person.in_person, person.only_own))
        self._real.extend(
            (person.relational_need, person.vulnerability, person.nearness, person.prone, person.offered)
        )
        self.many(person.problems, self._problem)

    def post(self, post: PostPlan) -> None:
        """Gather a post with its calendar and all who may hold it."""
        self._texts.extend((post.id, post.role))
        # A set has another order in another process.
        self.many(sorted(post.categories), self._texts.append)
        share = post.full_time
        self._whole.extend((post.house, share.numerator, share.denominator, post.annual_pay, post.supervised))
        self._intervals(post.intervals)
        self._texts.extend(name for name, _ in post.skills)
        self._reals([skill for _, skill in post.skills])
        self.many(post.holders, self._holder)

    def brought(self, entry: tuple[str, Brought]) -> None:
        """Gather what one problem, given by its id, brings."""
        problem, brought = entry
        self._texts.append(problem)
        self.many(brought.facts, self._fact)
        self.many(brought.minutes, self._heading)
        self.many(brought.outlays, self._outlay)
        self._real.append(brought.u_leaves)

    def session(self, session: Session) -> None:
        """Gather a session at a desk elsewhere."""
        self._texts.append(session.desk)
        self._whole.extend((session.at, session.house, session.minutes, session.clients))

    def sick(self, entry: tuple[str, tuple[MinuteSpan, ...]]) -> None:
        """Gather the shifts that sickness takes from a diary."""
        post, shifts = entry
        self._texts.append(post)
        self._intervals(shifts)

    def booked(self, entry: tuple[str, BookedDraws]) -> None:
        """Gather what decides about the booked meetings of a problem."""
        problem, drawn = entry
        self._texts.append(problem)
        self._reals(drawn.between)
        self._reals(drawn.refill)

    def date(self, entry: tuple[str, DateDraw]) -> None:
        """Gather the date of a problem, given by its id."""
        problem, date = entry
        self._texts.extend((problem, date.desk))
        self._whole.extend((date.after, date.opens))

    # ---- what they are made of -----------------------------------------------------------------------------------

    def _problem(self, plan: ProblemPlan) -> None:
        self._texts.extend((plan.id, plan.category, plan.fee_code, plan.difficulty))
        self._whole.extend(
            (plan.key, plan.client, plan.onset, plan.delay, plan.crisis, plan.casework, plan.hidden)
        )
        for numbers in (plan.contacts, plan.gaps, plan.return_gaps):
            self._wholes(numbers)
        self._real.extend((plan.u_nameless, plan.stubborn, plan.u_lasts))
        for uniforms in (plan.u_stage, plan.u_returns, plan.u_missed, plan.u_disclose, plan.u_documents):
            self._reals(uniforms)
        self.many(plan.tries, self._try)
        self.many(plan.follow_ons, self._follow_on)

    def _try(self, one: Thresholds) -> None:
        self._real.extend(
            (
                one.select, one.noise, one.assess, one.authority, one.slow, *one.refer, one.acted, one.elsewhere,
                one.appeal, one.gate, one.door, *one.happen, one.resolve, one.evidence,
            )
        )  # fmt: skip

    def _follow_on(self, entry: tuple[ProblemPlan, float, float, int]) -> None:
        child, u, chance, at = entry
        self._problem(child)
        self._real.extend((u, chance))
        self._whole.append(at)

    def _holder(self, holder: Holder) -> None:
        self._real.extend((holder.skill, holder.altruism))
        self._reals(holder.u_leave)

    def _fact(self, fact: tuple[str, str | bool]) -> None:
        name, value = fact
        self._whole.append(isinstance(value, bool))
        self._texts.extend((name, str(value)))

    def _heading(self, heading: tuple[str, int]) -> None:
        self._texts.append(heading[0])
        self._whole.append(heading[1])

    def _outlay(self, paid: LaidOut) -> None:
        self._texts.append(paid.kind)
        self._whole.extend((paid.net, paid.vat, paid.units, paid.cost))

    def _intervals(self, intervals: Sequence[MinuteSpan]) -> None:
        self._wholes([minute for interval in intervals for minute in interval])

    def _wholes(self, numbers: Sequence[int]) -> None:
        self._whole.append(len(numbers))
        self._whole.extend(numbers)

    def _reals(self, numbers: Sequence[float]) -> None:
        self._whole.append(len(numbers))
        self._real.extend(numbers)
